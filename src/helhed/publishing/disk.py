"""Tells a user in plain words that a disk is full or a folder may not be written in."""

import errno

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
