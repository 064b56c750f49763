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
    file, report = folder / "error_report.txt", "\n".join([type(error).__name__, *places]).encode()
    try:
        replace_file(file, report)
    except OSError:
        # The disk is full or the folder read-only: then a new file in the user's temporary folder has to do.
        file = Path(tempfile.mkdtemp(prefix="helhed-"), file.name)
        replace_file(file, report)
    return file
