"""A report of a fault of ours that a municipality can send: places in the code, no value of the data."""

import tempfile
import traceback
from pathlib import Path

from helhed.publishing.run_folder import replace_file


def write_fault_report(error: BaseException, folder: Path = Path()) -> Path:
    """Write where an error happened to ``error_report.txt`` and return the file.

    Only the error's type and, per frame, file name, line number and function are written: messages and source lines
    may hold values of persons.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno}, in {frame.name}" for frame in frames]
    file = folder / "error_report.txt"
    try:
        replace_file(file, "\n".join([type(error).__name__, *places]).encode())
    except OSError:
        # The disk is full or the folder read-only: then the user's temporary folder has to do.
        file = Path(tempfile.gettempdir(), file.name)
        replace_file(file, "\n".join([type(error).__name__, *places]).encode())
    return file
