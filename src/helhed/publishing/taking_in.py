"""Takes in the corrections that case workers have typed into the list of errors, before anything is written anew."""

from datetime import date
from pathlib import Path

from helhed import intake
from helhed.errors import DataNeedsWork, Problem
from helhed.profile import Profile
from helhed.publishing.run_folder import replace_file
from helhed.texts import LANGUAGES, document_name


def error_list(folder: Path, lang: str) -> Path:
    """Return where the list of errors of a municipality lies."""
    return folder / "check" / document_name("errors.xlsx", lang)


def take_in_corrections(profile: Profile, lang: str) -> int:
    """Move what has been typed into the lists of errors to the log of corrections; return how many were new.

    A list that something was typed into is removed: the next check writes it anew.

    Raises
    ------
    DataNeedsWork
        If a list or the log is open in another program or cannot be read: nothing typed may be lost. If the key is
        not the municipality's: the marks of the rows rest on it.
    """
    folder = profile.folder
    files = [error_list(folder, one) for one in LANGUAGES]
    log_file = folder / intake.LOG_NAME
    problems = [Problem("intake.workbook_open", file=file.name) for file in (*files, log_file) if _is_open(file)]
    log, met = intake.read_log(folder)
    problems += met
    typed, typed_into = [], []
    for file in files:
        found, met = intake.read_typed(file)
        typed += found
        typed_into += [file] if found else []
        problems += met
    if problems:
        raise DataNeedsWork(problems, lang)
    if not typed:
        return 0
    intake.open_key(profile, lang)
    merged = intake.merge_corrections(log, typed, f"{date.today():%d-%m-%Y}")
    if merged != log:
        replace_file(log_file, intake.log_workbook(merged, lang))
    # What was typed stands in the log now. Left in a list, it would come back after someone has taken it out there.
    for file in typed_into:
        file.unlink()
    return len(merged) - len(log)


def write_outcomes(folder: Path, found: intake.Intake, lang: str) -> None:
    """Write into the log what became of each correction at this reading."""
    log, _ = intake.read_log(folder)
    known = intake.with_outcomes(log, found.corrections)
    if known != log:
        replace_file(folder / intake.LOG_NAME, intake.log_workbook(known, lang))


def _is_open(file: Path) -> bool:
    """Return whether Excel or LibreOffice has left the mark of an open file beside it."""
    marks = (f"~${file.name}", f".~lock.{file.name}#")
    return any(file.with_name(mark).exists() for mark in marks)
