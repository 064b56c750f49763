"""The files in the folder of exports: which belong to an export, and which nobody reads."""

from collections.abc import Container, Iterable
from dataclasses import replace
from pathlib import Path

from helhed.errors import Problem
from helhed.intake.exports.preset import Preset, presets
from helhed.intake.pseudonyms import without_cpr
from helhed.intake.reading.spelling import plain_name
from helhed.texts import LANGUAGES, text

_ENDINGS = (".csv", ".xlsx")
#: Files that Windows puts into folders without being asked.
_OF_WINDOWS = ("thumbs.db", "desktop.ini")
#: Faults that say that a file is not there.
_NOT_THERE = ("intake.missing_file", "intake.missing_workbook")
#: Tables that other exports may fill instead: benefits by week become spells.
_INSTEAD = {"benefit_week": ("benefit_week", "benefit_spell")}


def data_files(folder: Path) -> list[Path]:
    """Return the CSV and Excel files of a folder by name, without hidden files and those a program has locked."""
    return [file for file in _visible(folder) if file.suffix.casefold() in _ENDINGS and file.is_file()]


def _visible(folder: Path) -> list[Path]:
    """Return what lies in a folder by name, without what is hidden or a program has put there for itself."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(one for one in found if one.name[0] not in ".~" and one.name.casefold() not in _OF_WINDOWS)


def matching_stems(folder: Path, preset: Preset) -> list[str]:
    """Return the names without ending of the files that belong to an export whose name ends in ``*``."""
    return sorted({plain_name(file.stem) for file in data_files(folder) if preset.reads(file.stem)})


def unclaimed_files(folder: Path, presets: Iterable[Preset]) -> list[Path]:
    """Return the files that no preset reads; a year of a yearly export that lies outside the period is read by one."""
    known = list(presets)
    workbooks = {plain_name(Path(preset.workbook).name) for preset in known if preset.workbook}
    return [
        file
        for file in data_files(folder)
        if plain_name(file.name) not in workbooks and not any(preset.reads(file.stem) for preset in known)
    ]


def unread_problems(folder: Path, presets: Iterable[Preset], years: range) -> list[Problem]:
    """Return a note for each file and folder of the exports that is not read, and why."""
    known = list(presets)
    notes = _of_other_kinds(folder)
    notes += [
        Problem("intake.unclaimed_file", "should_fix", file=without_cpr(file.name))
        for file in unclaimed_files(folder, known)
    ]
    yearly = [preset for preset in known if preset.per_year]
    for file in data_files(folder):
        if any(preset.reads(file.stem) for preset in yearly) and int(file.stem[-4:]) not in years:
            details = {"first": years[0], "last": years[-1]}
            notes.append(Problem("intake.year_outside_period", "note", file=without_cpr(file.name), details=details))
    return notes


def _of_other_kinds(folder: Path) -> list[Problem]:
    """Return a problem for each folder that is not empty, and for each file that is no CSV or Excel file."""
    problems = []
    for one in _visible(folder):
        if one.is_dir():
            code = "unread_folder" if _visible(one) else ""
        else:
            code = "" if one.suffix.casefold() in _ENDINGS or _is_our_own(one) else "unread_ending"
        problems += [Problem(f"intake.{code}", "should_fix", file=without_cpr(one.name))] if code else []
    return problems


def _is_our_own(file: Path) -> bool:
    """Return whether a file is the one that `helhed new` writes into the folder, in either language."""
    return file.name in [text("cli.read_me_name", lang) for lang in LANGUAGES]


def is_there_with_faults(problems: Iterable[Problem]) -> bool:
    """Return whether an export was given, but something in it must be mended before it can be read."""
    return any(problem.severity == "must_fix" and problem.code not in _NOT_THERE for problem in problems)


def excused(problem: Problem, known: dict[str, Preset], given: Container[str]) -> Problem:
    """Return the problem; a missing export is only a note when its table is filled in another way.

    Another way is a sheet of the generic workbook or an export that the municipality has declared itself. Whether it
    can be read is another matter: what is wrong there is told there, and nobody looks for the missing file.

    Parameters
    ----------
    problem
        What was found.
    known
        The presets by name.
    given
        Names of the exports that are there: with rows, or with faults for which none could be read.
    """
    if problem.code != "intake.missing_file":
        return problem
    missing = next(preset for preset in known.values() if preset.reads(problem.details["stem"]))
    wanted = _INSTEAD.get(missing.table, (missing.table,))
    others = [
        preset
        for name, preset in known.items()
        if preset.table in wanted and (preset.workbook or name not in presets()) and name in given
    ]
    if not others:
        return problem
    names = ", ".join(f"{preset.workbook} ({preset.sheet})" if preset.workbook else preset.file for preset in others)
    return replace(problem, code="intake.file_replaced", severity="note", details={**problem.details, "others": names})
