"""Checks a municipality's files before a run and leaves the list of errors where a case worker finds it."""

from dataclasses import dataclass
from pathlib import Path

from helhed import intake
from helhed.profile import read_profile
from helhed.publishing.run_folder import replace_file
from helhed.texts import number, text

_SHOWN = 20


@dataclass(frozen=True)
class CheckResult:
    """What the check found: lines for the screen, a summary and the number of problems that must be mended."""

    lines: list[str]
    summary: str
    n_must_fix: int


def check_municipality(folder: Path, lang: str) -> CheckResult:
    """Check profile and exports, write ``check/errors.xlsx`` in the municipality's folder and return the result.

    Raises
    ------
    ProfileNeedsWork, DataNeedsWork
        If the profile or a file cannot be read at all.
    """
    read = intake.read_municipality(read_profile(folder, lang), lang)
    workbook = folder / "check" / f"errors_{lang}.xlsx"
    replace_file(workbook, intake.error_workbook(read, lang))
    must_fix = [problem for problem in read.problems if problem.severity == "must_fix"]
    lines = [problem.line(lang) for problem in must_fix[:_SHOWN]]
    counts = {"must_fix": number(len(must_fix), lang), "others": number(len(read.problems) - len(must_fix), lang)}
    return CheckResult(lines, text("cli.checked", lang, file=workbook, **counts), len(must_fix))


def write_family_list(folder: Path, lang: str) -> Path:
    """Write whom the pseudonyms stand for beside the exports, where CPR numbers already are, and return the file.

    Raises
    ------
    ProfileNeedsWork, DataNeedsWork
        If profile or exports must be mended first.
    """
    profile = read_profile(folder, lang)
    read = intake.read_municipality(profile, lang)
    intake.raise_if_must_fix(read, lang)
    file = folder / "check" / f"families_{lang}.xlsx"
    replace_file(file, intake.family_workbook(intake.family_list(read, profile), lang))
    return file
