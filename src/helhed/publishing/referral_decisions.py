"""Carries the referral meeting's decisions from its own sheet into ``decisions.xlsx``, one row per family."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from helhed import intake
from helhed.errors import DataNeedsWork, Problem, WrongCall
from helhed.office_files import DamagedFile, sheet_rows
from helhed.profile import read_profile
from helhed.publishing.forms import DECISIONS
from helhed.publishing.run_folder import replace_file
from helhed.selection.decided_sheet import Decided, decisions_in
from helhed.tables import code_label
from helhed.texts import day, number, text

_SHEET = "Indskrivninger"
_CONTACT, _START = "Kontakt-CPR", "Start"
#: Heading of decisions.xlsx to what the meeting wrote.
_HEADINGS = {
    "Beslutning": "decision",
    "Begrundelse": "decision_reason",
    "Besluttet af": "decided_by",
    "Tilbudt": "decided_date",
}
_DATE_FORM = "dd-mm-yyyy"


@dataclass(frozen=True)
class _Enrolments:
    """The sheet of enrolments: where its columns stand, and the row of each person who is a contact."""

    sheet: Worksheet
    columns: dict[str, int]
    rows: dict[str, int]

    @property
    def next_row(self) -> int:
        """Return the first row below all that is written."""
        last = (row for row in range(self.sheet.max_row, 1, -1) if self.value(row, _CONTACT) is not None)
        return next(last, 1) + 1

    def value(self, row: int, heading: str):
        """Return what a cell holds."""
        return self.sheet.cell(row, self.columns[heading]).value


def take_in_decisions(folder: Path, sheet: Path, lang: str) -> list[str]:
    """Write the decisions of a filled-in referral sheet into the municipality's workbook of decisions.

    A family without a row gets one, under the first adult's CPR number; a family with a row has its decision changed. A
    family whose course has begun is left as it is. The workbook as it was is kept as ``check/decisions_before.xlsx``.

    Returns
    -------
    What was done, in sentences.

    Raises
    ------
    WrongCall
        If the sheet is not there or is no workbook.
    DataNeedsWork
        If a row of the sheet is not complete, a family is not known, or the exports must be mended first.
    """
    decided, problems = decisions_in(_cells(sheet, lang), sheet.name)
    profile = read_profile(folder, lang)
    read = intake.read_municipality(profile, lang)
    intake.raise_if_must_fix(read, lang)
    listed = intake.family_list(read, profile)
    problems += _unknown(decided, listed, sheet.name)
    if problems:
        raise DataNeedsWork(problems, lang)
    file = profile.folder / DECISIONS
    book = openpyxl.load_workbook(file)
    said = list(_written(decided, listed, _enrolments(book[_SHEET]), lang))
    changed = [line for line, is_change in said if is_change]
    if changed:
        kept = profile.folder / "check" / "decisions_before.xlsx"
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(file, kept)
        buffer = io.BytesIO()
        book.save(buffer)
        replace_file(file, buffer.getvalue())
    key = "decisions_taken_in" if changed else "decisions_not_new"
    done = text(f"selection.{key}", lang, n=number(len(changed), lang), file=DECISIONS)
    return [done, *(line for line, _ in said)]


def _cells(sheet: Path, lang: str) -> dict[str, list[list]]:
    try:
        return sheet_rows(sheet.read_bytes())
    except (OSError, DamagedFile) as fault:
        raise WrongCall(Problem("selection.referral_sheet_unreadable", value=str(sheet)), lang) from fault


def _unknown(decided: list[Decided], listed: pd.DataFrame, file: str) -> list[Problem]:
    known = set(listed.loc[listed["role"] == "adult", "family_id"])
    return [
        Problem("selection.decided_unknown_family", file=file, row=one.row, value=one.family_id)
        for one in decided
        if one.family_id not in known
    ]


def _enrolments(sheet: Worksheet) -> _Enrolments:
    columns = {str(cell.value).strip(): cell.column for cell in sheet[1] if cell.value is not None}
    for heading in _HEADINGS:
        if heading not in columns:  # an older workbook has no column for who decided
            columns[heading] = max(columns.values()) + 1
            sheet.cell(1, columns[heading]).value = heading
    contacts = ((row, sheet.cell(row, columns[_CONTACT]).value) for row in range(2, sheet.max_row + 1))
    rows = {intake.normalise_cpr(str(cpr)) or "": row for row, cpr in contacts if cpr is not None}
    return _Enrolments(sheet, columns, rows)


def _written(
    decided: list[Decided], listed: pd.DataFrame, enrolments: _Enrolments, lang: str
) -> Iterator[tuple[str, bool]]:
    """Write each decision; yield what was done with it, and whether anything was changed."""
    # a child with two homes says nothing of which of them a row means
    of_one = listed[(listed["role"] == "adult") | ~listed["person_id"].duplicated(keep=False)]
    numbers = {family: own["cpr"].tolist() for family, own in of_one.groupby("family_id", sort=False)}
    for one in decided:
        # adults stand first in the list of a family
        row = next((enrolments.rows[cpr] for cpr in numbers[one.family_id] if cpr in enrolments.rows), None)
        about = {"family": one.family_id, "decision": code_label("decision", one.decision, lang), "row": row}
        if row is None:
            row = enrolments.next_row
            contact = enrolments.sheet.cell(row, enrolments.columns[_CONTACT])
            contact.value, contact.number_format = numbers[one.family_id][0], "@"
            _fill(enrolments, row, one, lang)
            yield text("selection.decision_added", lang, **about | {"row": row}), True
        elif _START in enrolments.columns and enrolments.value(row, _START) is not None:
            yield text("selection.decision_of_begun", lang, **about), False
        else:
            before = " · ".join(_in_words(enrolments.value(row, heading), lang) for heading in _HEADINGS)
            if _fill(enrolments, row, one, lang):
                yield text("selection.decision_changed", lang, **about, before=before), True


def _fill(enrolments: _Enrolments, row: int, one: Decided, lang: str) -> bool:
    """Write a decision into a row; return whether anything in it is new."""
    is_new = False
    for heading, name in _HEADINGS.items():
        cell, value = enrolments.sheet.cell(row, enrolments.columns[heading]), getattr(one, name)
        written = code_label("decision", value, lang) if name == "decision" else value
        before = cell.value.date() if hasattr(cell.value, "date") else cell.value
        is_same = before == written or (name == "decision" and before in _words_of(value))
        is_new = is_new or not is_same
        if not is_same:
            cell.value = written
            if name == "decided_date":
                cell.number_format = _DATE_FORM
    return is_new


def _in_words(cell, lang: str) -> str:
    if cell is None:
        return "–"
    return day(cell, lang) if hasattr(cell, "date") else str(cell)


def _words_of(decision: str) -> tuple[str, ...]:
    return (decision, code_label("decision", decision, "da"), code_label("decision", decision, "en"))
