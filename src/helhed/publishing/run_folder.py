"""The folder of one run: hand-overs between steps (private), what may be shown (public), executed notebooks.

::

    <run>/manifest.json
    <run>/private/<step>/tables/<name>.parquet      persons and families
    <run>/private/<step>/documents/<lang>/…         Word and Excel for case workers, named in the language
    <run>/public/<step>/<lang>/…                    figures, tables and key numbers after disclosure control
    <run>/notebooks/<lang>/<step>.ipynb             executed notebooks

Nothing is ever half-written: files and folders are made under a temporary name and then renamed.
"""

import filecmp
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd

from helhed.errors import Problem, WrongCall
from helhed.profile.reading import FILE_NAME as PROFILE_FILE

_RECORD = "hand_over.json"
#: What a killed process leaves behind: files and folders not yet, or no longer, in their place.
_LEFTOVER = re.compile(r"\..+\.(new|old)-\d+|\.running-\d+-.+")
_ASIDE = re.compile(r"\.(.+)\.old-\d+")
#: What only the families' plans are made from: the step that makes them, and the folders it reads.
PLANS, FOR_PLANS = "3_make_family_plans", ("templates/", "sector_plans/", "plans/")


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

    def read_table(self, step: str, name: str, rests_on: dict, lang: str) -> pd.DataFrame:
        """Return a finished hand-over table of an earlier step.

        Raises
        ------
        WrongCall
            If that step has not handed over, or did so from other files or with another key than the present ones
            (``rests_on``, see `helhed.publishing.inputs.rests_on`).
        """
        file = self.tables_folder(step) / f"{name}.parquet"
        if not self._record(step) or not file.is_file():
            raise WrongCall(Problem("publishing.no_hand_over", details={"step": step, "table": name}), lang)
        self.require_unchanged(step, rests_on, lang)
        return pd.read_parquet(file)

    def require_unchanged(self, step: str, rests_on: dict, lang: str) -> None:
        """Stop if a step has handed over from other files or with another key than the present ones.

        Raises
        ------
        WrongCall
            With one problem per changed thing; the changed files are named.
        """
        record = self._record(step)
        problems = changes(record.get("rests_on", {}), rests_on, step) if record else []
        if problems:
            raise WrongCall(problems, lang)

    def finished_before(self, step: str) -> list[str]:
        """Return the earlier steps that have handed over in this run, in order."""
        records = (self.path / "private").glob("*/tables/hand_over.json")
        return sorted(name for name in (record.parents[1].name for record in records) if name < step)

    def write_tables(
        self, step: str, tables: dict[str, pd.DataFrame], rests_on: dict, facts: dict | None = None
    ) -> None:
        """Write a step's hand-over tables, all or none, with a record of rows, what they rest on and further facts.

        Tables that are already there to the byte stay where they are: a step that reads them may just be running.
        """
        rows = {name: len(frame) for name, frame in tables.items()}
        record = {"rests_on": rests_on, "rows": rows, "facts": facts or {}}

        def fill(folder: Path) -> None:
            for name, frame in tables.items():
                frame.to_parquet(folder / f"{name}.parquet", index=False)
            (folder / _RECORD).write_text(_json(record), encoding="utf-8")

        replace_folder(self.tables_folder(step), fill, is_kept_if_same=True)

    def clear_leftovers(self) -> None:
        """Take away what a killed run left half-written, and put back what it was just about to replace."""
        folders = [self.path, *(path for path in self.path.rglob("*") if path.is_dir() and not _is_leftover(path))]
        clear_leftovers(*folders)

    def write_documents(self, step: str, lang: str, documents: dict[str, bytes]) -> None:
        """Write a step's Word and Excel files in a language, all or none."""
        replace_folder(self.documents_folder(step, lang), lambda folder: _fill_with_files(folder, documents))

    def write_public(self, step: str, lang: str, files: dict[str, bytes]) -> None:
        """Write a step's public files in a language, all or none."""
        replace_folder(self.public_folder(step, lang), lambda folder: _fill_with_files(folder, files))

    def made(self, step: str, lang: str) -> dict[str, str]:
        """Return the files that a step made in a language, as paths in the run, with their SHA-256.

        Documents have no hash: case workers may write in them, and what they wrote is never made anew unasked.
        """
        folders = (self.tables_folder(step), self.public_folder(step, lang), self.documents_folder(step, lang))
        files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
        files += [self.notebook(step, lang)]
        documents = self.documents_folder(step, lang)
        return {
            file.relative_to(self.path).as_posix(): "" if documents in file.parents else _hash(file)
            for file in files
            if file.is_file()
        }

    def is_as_made(self, made: dict[str, str]) -> bool:
        """Return whether files are still there and, but for the documents, unchanged (see `made`)."""
        files = {self.path / name: then for name, then in made.items()}
        return bool(files) and all(file.is_file() and then in ("", _hash(file)) for file, then in files.items())

    def rows(self, step: str) -> dict[str, int]:
        """Return the number of rows of each hand-over table of a step; empty if it has not handed over."""
        return self._record(step).get("rows", {})

    def facts(self, step: str) -> dict:
        """Return what a step wrote down besides its tables, such as how files were read; empty if nothing."""
        return self._record(step).get("facts", {})

    def _record(self, step: str) -> dict:
        # Looked for first, it could be gone when it is opened: another step may just be handing over anew.
        with suppress(FileNotFoundError):
            return json.loads((self.tables_folder(step) / _RECORD).read_text(encoding="utf-8"))
        return {}

    def key_numbers(self, step: str, lang: str) -> dict[str, dict]:
        """Return a step's key numbers in a language: name to ``value``, ``format`` and ``text``."""
        file = self.public_folder(step, lang) / "key_numbers.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def changed_files(then: dict[str, str], now: dict[str, str]) -> list[str]:
    """Return the files that were changed, added or removed between two records of file to hash.

    Examples
    --------
    >>> changed_files({"a": "1", "b": "1"}, {"a": "2", "b": "1", "c": "1"})
    ['a', 'c']
    """
    return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))


def changes(then: dict, now: dict, step: str) -> list[Problem]:
    """Return a problem for each thing that a step's hand-over rests on and that is no longer the same.

    A reworded template or a further form of an office concerns the families' plans alone.
    """
    changed = changed_files(then.get("inputs", {}), now["inputs"])
    files = [name for name in changed if step == PLANS or not name.startswith(FOR_PLANS)]
    exports = [name for name in files if name != PROFILE_FILE]
    problems = []
    if PROFILE_FILE in files:
        problems.append(Problem("publishing.profile_changed", file=PROFILE_FILE, details={"step": step}))
    if exports:
        details = {"step": step, "files": ", ".join(exports)}
        problems.append(Problem("publishing.inputs_changed", details=details))
    if then.get("key") != now["key"]:
        problems.append(Problem("publishing.key_changed", details={"step": step}))
    return problems


def replace_folder(folder: Path, fill: Callable[[Path], None], is_kept_if_same: bool = False) -> None:
    """Make a folder anew: fill it under a temporary name, then put it in the old one's place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh, stale = (folder.with_name(f".{folder.name}.{mark}-{os.getpid()}") for mark in ("new", "old"))
    for leftover in (fresh, stale):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir()
    try:
        fill(fresh)
        if not (is_kept_if_same and _is_same(folder, fresh)):
            _swap(folder, fresh, stale)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(stale, ignore_errors=True)


def _is_same(folder: Path, fresh: Path) -> bool:
    """Return whether two folders of files hold the same, to the byte."""
    names = {file.name for file in fresh.iterdir()}
    if not folder.is_dir() or names != {file.name for file in folder.iterdir()}:
        return False
    return not any(filecmp.cmpfiles(folder, fresh, names, shallow=False)[1:])


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


def clear_leftovers(*folders: Path) -> None:
    """Take away from folders what a killed process left half-written (see `replace_file` and `replace_folder`).

    What it had put aside but not yet replaced is put back. Only to be called while no other process writes there.
    """
    for folder in folders:
        for path in [path for path in folder.glob(".*") if _is_leftover(path)]:
            if path.is_dir() and (aside := _ASIDE.fullmatch(path.name)) and not (folder / aside[1]).exists():
                path.rename(folder / aside[1])
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _is_leftover(path: Path) -> bool:
    return _LEFTOVER.fullmatch(path.name) is not None


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _fill_with_files(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _json(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
