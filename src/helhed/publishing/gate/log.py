"""Logs that only grow: each line holds the fingerprint of the line before, so that a change is noticed."""

import hashlib
import json
import os
from pathlib import Path

from helhed.errors import DataNeedsWork, Problem

_NOTHING_BEFORE = "0" * 64


def read_log(file: Path, lang: str) -> list[dict]:
    """Return the entries of a log, oldest first; empty when there is none.

    Raises
    ------
    DataNeedsWork
        If a line was changed, removed or added by hand.
    """
    if not file.is_file():
        return []
    before, entries = _NOTHING_BEFORE, []
    for row, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        entry = _entry(line)
        if entry is None or entry.pop("before", None) != before:
            raise DataNeedsWork(Problem("release.log_changed", file=file.name, row=row), lang)
        entries.append(entry)
        before = hashlib.sha256(line.encode()).hexdigest()
    return entries


def append(file: Path, entry: dict, lang: str) -> None:
    """Add an entry to a log and make sure that it is on disk; the earlier ones are never written again."""
    read_log(file, lang)
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    before = hashlib.sha256(lines[-1].encode()).hexdigest() if lines else _NOTHING_BEFORE
    line = json.dumps({**entry, "before": before}, ensure_ascii=False, sort_keys=True)
    with file.open("a", encoding="utf-8") as log:
        log.write(line + "\n")
        log.flush()
        os.fsync(log.fileno())


def _entry(line: str) -> dict | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
