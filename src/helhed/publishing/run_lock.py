"""A lock on a folder that dies with its process: two runs never write in the same folder at once."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from helhed.errors import Problem, WrongCall

FILE_NAME = ".helhed.lock"
#: How long a run waits for one that is about to end, and for a municipality's lists being read.
WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.1


@contextlib.contextmanager
def held(folder: Path, lang: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold a folder for this process alone while the block runs; the folder is made if it is not there.

    The system lets go of the lock when the process ends, however it ends. The file is taken away after use; one that a
    killed process has left behind holds nobody up.

    Raises
    ------
    WrongCall
        If another process still holds the folder after ``wait_seconds``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    until = time.monotonic() + wait_seconds
    while (descriptor := _take(file)) is None:
        if time.monotonic() > until:
            raise WrongCall(Problem("publishing.folder_in_use", details={"folder": str(folder)}), lang)
        time.sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        _let_go(file, descriptor)


def _take(file: Path) -> int | None:
    """Return an open lock, or None while another process has it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor)
        # The one before may have taken the file away between our opening and locking it.
        if os.path.samestat(os.fstat(descriptor), file.stat()):
            return descriptor
    except (BlockingIOError, PermissionError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


def _let_go(file: Path, descriptor: int) -> None:
    if sys.platform == "win32":
        # An open file cannot be taken away there.
        os.close(descriptor)
        with contextlib.suppress(OSError):
            file.unlink()
        return
    file.unlink(missing_ok=True)
    os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
