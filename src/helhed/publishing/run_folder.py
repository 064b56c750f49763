"""The folder of one run: hand-overs between steps (private), what may be shown (public), executed notebooks.

::

    <run>/manifest.json
    <run>/private/<step>/tables/<name>.parquet      persons and families
    <run>/private/<step>/documents/<lang>/…         Word and Excel for case workers
    <run>/public/<step>/<lang>/…                    figures, tables and key numbers after disclosure control
    <run>/notebooks/<lang>/<step>.ipynb             executed notebooks

Nothing is ever half-written: files and folders are made under a temporary name and then renamed.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from helhed.errors import Problem, WrongCall


class RunFolder:
    """One run's folder; knows where everything lies, reads finished hand-overs and writes whole ones."""

    def __init__(self, path: Path | str):
        self.path = Path(path)

    def tables_folder(self, step: str) -> Path:
        """Return where a step's hand-over tables lie."""
        return self.path / "private" / step / "tables"

    def documents_folder(self, step: str, lang: str) -> Path:
        """Return where a step's Word and Excel files in a language lie."""
        return self.path / "private" / step / "documents" / lang

    def public_folder(self, step: str, lang: str) -> Path:
        """Return where a step's public figures, tables and key numbers in a language lie."""
        return self.path / "public" / step / lang

    def notebook(self, step: str, lang: str) -> Path:
        """Return where a step's executed notebook in a language lies."""
        return self.path / "notebooks" / lang / f"{step}.ipynb"

    def read_table(self, step: str, name: str, profile_hash: str, lang: str) -> pd.DataFrame:
        """Return a finished hand-over table of an earlier step.

        Raises
        ------
        WrongCall
            If that step has not handed over, or did so with another profile than the present one.
        """
        folder = self.tables_folder(step)
        record = folder / "hand_over.json"
        if not record.is_file() or not (folder / f"{name}.parquet").is_file():
            raise WrongCall(Problem("publishing.no_hand_over", details={"step": step, "table": name}), lang)
        if json.loads(record.read_text(encoding="utf-8"))["profile_hash"] != profile_hash:
            raise WrongCall(Problem("publishing.profile_changed", details={"step": step}), lang)
        return pd.read_parquet(folder / f"{name}.parquet")

    def write_tables(self, step: str, tables: dict[str, pd.DataFrame], profile_hash: str) -> None:
        """Write a step's hand-over tables, all or none, with a record of rows and the profile they rest on."""
        record = {"profile_hash": profile_hash, "rows": {name: len(frame) for name, frame in tables.items()}}

        def fill(folder: Path) -> None:
            for name, frame in tables.items():
                frame.to_parquet(folder / f"{name}.parquet", index=False)
            (folder / "hand_over.json").write_text(_json(record), encoding="utf-8")

        replace_folder(self.tables_folder(step), fill)

    def write_documents(self, step: str, lang: str, documents: dict[str, bytes]) -> None:
        """Write a step's Word and Excel files in a language, all or none."""
        replace_folder(self.documents_folder(step, lang), lambda folder: _fill_with_files(folder, documents))

    def write_public(self, step: str, lang: str, files: dict[str, bytes]) -> None:
        """Write a step's public files in a language, all or none."""
        replace_folder(self.public_folder(step, lang), lambda folder: _fill_with_files(folder, files))

    def rows(self, step: str) -> dict[str, int]:
        """Return the number of rows of each hand-over table of a step; empty if it has not handed over."""
        record = self.tables_folder(step) / "hand_over.json"
        return json.loads(record.read_text(encoding="utf-8"))["rows"] if record.is_file() else {}

    def key_numbers(self, step: str, lang: str) -> dict[str, dict]:
        """Return a step's key numbers in a language: name to ``value``, ``format`` and ``text``."""
        file = self.public_folder(step, lang) / "key_numbers.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def replace_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder anew: fill it under a temporary name, then put it in the old one's place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh, stale = (folder.with_name(f".{folder.name}.{mark}-{os.getpid()}") for mark in ("new", "old"))
    for leftover in (fresh, stale):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir()
    try:
        fill(fresh)
        _swap(folder, fresh, stale)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(stale, ignore_errors=True)


def _swap(folder: Path, fresh: Path, stale: Path) -> None:
    """Put the fresh folder in the old one's place; if that fails, the old one is put back."""
    if folder.exists():
        folder.rename(stale)
    try:
        fresh.rename(folder)
    except OSError:
        if stale.exists():
            stale.rename(folder)
        raise


def replace_file(file: Path, content: bytes) -> None:
    """Write a file under a temporary name, then put it in the old one's place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new-{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _fill_with_files(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _json(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
