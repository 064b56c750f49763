"""Turns Word files into PDF with LibreOffice, where it is installed."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 600


def office_program() -> str | None:
    """Return where LibreOffice is; None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def to_pdf(files: Iterable[Path], program: str) -> list[Path]:
    """Write a PDF beside each Word file, in one start of LibreOffice per folder; return the files that gave none."""
    by_folder: dict[Path, list[Path]] = {}
    for file in files:
        by_folder.setdefault(file.parent, []).append(file)
    for folder, group in by_folder.items():
        # A user folder of its own: an open LibreOffice would else take the order and do nothing.
        with tempfile.TemporaryDirectory() as user:
            command = [program, "--headless", f"-env:UserInstallation={Path(user).as_uri()}", "--convert-to", "pdf"]
            command += ["--outdir", str(folder), *map(str, group)]
            subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)
    return [file for group in by_folder.values() for file in group if not file.with_suffix(".pdf").is_file()]
