"""Tells a user in plain words that a disk is full or a folder may not be written in."""

import errno
import os
from pathlib import Path

from helhed.errors import DataNeedsWork, HelhedError, Problem

_KINDS = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
}


def as_disk_problem(number: int | None, place: str, lang: str) -> HelhedError | None:
    """Return what a user can mend about a disk, from the system's error number; None when it is another error."""
    kind = _KINDS.get(number or 0)
    return DataNeedsWork(Problem(f"publishing.{kind}", details={"place": place}), lang) if kind else None


def as_file_problem(error: OSError, lang: str) -> HelhedError | None:
    """Return what a user can mend about the file that the system refused; None when it is another error.

    Unlike a run, most commands have nothing to go on with: the message says what to do before they are given again.
    """
    kind = _KINDS.get(error.errno or 0)
    if kind is None:
        return None
    # Of a file that was to be renamed the new name is the one that the user knows.
    place = Path(error.filename2 or error.filename or Path.cwd())
    is_there = os.access(place, os.F_OK)
    if kind == "read_only" and is_there and not os.access(place, os.R_OK):
        return DataNeedsWork(Problem("publishing.may_not_be_read", details={"place": str(place)}), lang)
    folder = (place if is_there and place.is_dir() else place.parent).resolve()
    return DataNeedsWork(Problem(f"publishing.{kind}_for_files", details={"place": str(folder)}), lang)
