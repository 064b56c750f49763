"""Checks a municipality's files before a run and leaves the list of errors where a case worker finds it."""

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helhed import intake
from helhed.errors import SEVERITIES, Problem
from helhed.profile import Profile, read_profile
from helhed.publishing.run_folder import replace_file
from helhed.publishing.taking_in import error_list, take_in_corrections, write_outcomes
from helhed.selection import rule_problems
from helhed.texts import document_name, number, text

_SHOWN = 20
_AT_ONCE = ("intake.new_key", "intake.unread_ending", "intake.unread_folder")


@dataclass(frozen=True)
class CheckResult:
    """What the check found: lines for the screen, a summary and the number of problems that must be mended."""

    lines: list[str]
    summary: str
    n_must_fix: int


def check_municipality(folder: Path, lang: str) -> CheckResult:
    """Check profile, rule and exports, write the list of errors in the folder and return the result.

    What has been typed into the last list is taken in first.

    Raises
    ------
    ProfileNeedsWork, DataNeedsWork
        If the profile or a file cannot be read at all.
    """
    profile = read_profile(folder, lang)
    of_rule = rule_problems(profile)
    n_taken_in = take_in_corrections(profile, lang)
    read = intake.read_municipality(profile, lang)
    write_outcomes(folder, read, lang)
    workbook = error_list(folder, lang)
    replace_file(workbook, intake.error_workbook(read, lang, intake.correctable_rows(read, profile)))
    must_fix = [problem for problem in read.problems if problem.severity == "must_fix"]
    one_by_one = [problem for problem in must_fix if problem.code != "intake.unknown_code"]
    lines = [problem.line(lang) for problem in (*of_rule, *one_by_one[:_SHOWN], *_said_at_once(read.problems))]
    lines += intake.unknown_code_lines(read, lang)[:_SHOWN]
    if read.corrections:
        n_unused = sum(correction.state == "rejected" for correction in read.corrections)
        counted = {"new": n_taken_in, "all": len(read.corrections), "unused": n_unused}
        facts = {name: number(n, lang) for name, n in counted.items()}
        lines.append(text("cli.corrections", lang, file=intake.LOG_NAME, **facts))
    lines += _proposed(profile, read, lang)
    n_must_fix = len(of_rule) + len(must_fix)
    counts = {**Counter(problem.severity for problem in read.problems), "must_fix": n_must_fix}
    return CheckResult(lines, text("cli.checked", lang, file=workbook, counts=_counted(counts, lang)), n_must_fix)


def _counted(counts: Mapping[str, int], lang: str) -> str:
    """Return how many problems there are of each severity, in the words of the list of errors."""
    said = [f"{text(f'intake.{name}', lang).capitalize()}: {number(counts.get(name, 0), lang)}" for name in SEVERITIES]
    return ". ".join(said)


def _said_at_once(problems: list[Problem]) -> list[Problem]:
    """Return what is said on the screen although nothing must be mended: a new key, and what is not read at all."""
    return [problem for problem in problems if problem.code in _AT_ONCE]


def _proposed(profile: Profile, read: intake.Intake, lang: str) -> list[str]:
    """Write a proposal for each file that no preset reads and for words without a code; return what to do with it."""
    folder, lines = profile.folder / "check" / "proposed_presets", []
    shutil.rmtree(folder, ignore_errors=True)
    of_files = intake.proposed_presets(profile.folder / "exports", profile["data.encoding"], read.presets, lang)
    for proposal in (*of_files, *intake.proposed_words(read, lang)):
        if proposal.content:
            replace_file(folder / f"{proposal.name}.yml", proposal.content.encode())
            lines.append(proposal.says)
        else:
            lines += [proposal.says, *(problem.line(lang) for problem in proposal.problems)]
    return lines


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
    file = folder / "check" / document_name("families.xlsx", lang)
    replace_file(file, intake.family_workbook(intake.family_list(read, profile), lang))
    return file
