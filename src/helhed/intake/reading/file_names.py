"""Finds an export by its name, and a file that is most likely meant when there is none of that name."""

import re
import unicodedata
from pathlib import Path

from helhed.errors import Problem
from helhed.intake.reading.file_formats import OTHER_ENDINGS
from helhed.intake.reading.spelling import plain_name


def find_file(folder: Path, stem: str) -> tuple[Path | None, list[Problem]]:
    """Return the file ``stem.csv`` or ``stem.xlsx`` of a folder, whatever the case; None when it is not there.

    A file of nearly that name, or of that name with another ending, is a problem: it is most likely the export.
    """
    try:
        files = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError:
        return None, [Problem("intake.unreadable_folder", file=folder.name)]
    names = {f"{plain_name(stem)}{ending}" for ending in (".csv", ".xlsx")}
    found = [file for file in files if plain_name(file.name) in names]
    if not found:
        return None, _nearly_named(files, stem)
    if len(found) > 1:
        others = ", ".join(unicodedata.normalize("NFC", file.name) for file in found)
        return None, [Problem("intake.two_files", file=stem, details={"files": others})]
    if not found[0].is_file():
        code = "is_folder" if found[0].is_dir() else "not_a_file"
        return None, [Problem(f"intake.{code}", file=found[0].name)]
    return found[0], []


def _nearly_named(files: list[Path], stem: str) -> list[Problem]:
    for file in files:
        name = plain_name(file.name)
        base, ending = Path(name).stem, Path(name).suffix
        if name.startswith((".", "~")) or _bare(base) != _bare(plain_name(stem)):
            continue
        if ending in OTHER_ENDINGS:
            return [Problem(f"intake.is_{OTHER_ENDINGS[ending]}", file=file.name)]
        if ending in (".csv", ".xlsx", ""):
            return [Problem("intake.nearly_named", file=file.name, details={"stem": stem})]
    return []


def _bare(base: str) -> str:
    """Return a file name's letters and digits alone, without what programs add to copies of a file."""
    without = re.sub(r"\(\d+\)|\bkopi\b|\bcopy\b|\.(?:csv|xlsx)$", " ", base)
    return re.sub(r"[\W_]+", "", without)
