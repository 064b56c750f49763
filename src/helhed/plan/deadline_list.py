"""The list of deadlines as an Excel file, for coordinators: by date, with filters, what is overdue marked."""

import io
import re

import pandas as pd

from helhed.plan.documents import same_bytes
from helhed.plan.findings import who
from helhed.plan.law_words import law_note
from helhed.plan.model import FamilyPlan
from helhed.plan.statute_words import name_and_version
from helhed.plan.statutes import Statute, statutes
from helhed.sheets import STYLES, new_book, print_setup, row_height, set_widths, styles
from helhed.texts import text

#: The columns of the list, with their widths.
_COLUMNS = {
    "due_date": 13,
    "act_by": 18,
    "state": 14,
    "kind": 24,
    "family": 18,
    "person": 24,
    "what": 60,
    "owner": 28,
}


def deadlines_workbook(deadlines: pd.DataFrame, plans: dict[str, FamilyPlan], lang: str) -> bytes:
    """Return the list of deadlines as an Excel file, sorted by date, with filters; overdue ones are marked."""
    buffer = io.BytesIO()
    book = new_book(buffer, text("plan.sheet_deadlines", lang))
    look = styles(book, date={**STYLES["date"], "num_format": "dd-mm-yyyy" if lang == "da" else "dd/mm/yyyy"})
    sheet = book.add_worksheet(text("plan.sheet_deadlines", lang))
    for column, name in enumerate(_COLUMNS):
        sheet.write_string(0, column, text(f"plan.column_{name}", lang), look["head"])
    for position, row in enumerate(deadlines.itertuples(), start=1):
        sheet.write_datetime(position, 0, row.due_date.to_pydatetime(), look["date"])
        sheet.write_datetime(position, 1, row.act_by_date.to_pydatetime(), look["date"])
        told = _deadline_words(row, plans, lang)
        sheet.set_row(position, row_height(told, tuple(_COLUMNS.values())[2:]))
        for column, words in enumerate(told, start=2):
            is_late = column == 2 and row.is_overdue
            sheet.write_string(position, column, words, look["warning" if is_late else "text"])
    set_widths(sheet, tuple(_COLUMNS.values()))
    sheet.autofilter(0, 0, len(deadlines), len(_COLUMNS) - 1)
    sheet.freeze_panes(1, 0)
    print_setup(sheet)
    sheet.write_string(len(deadlines) + 2, 0, text("plan.check_wording", lang))
    sheet.write_string(len(deadlines) + 3, 0, law_note(lang))
    book.close()
    return same_bytes(buffer.getvalue())


def _version(row) -> Statute:
    """Return the version of the rule that sets a deadline, known by its first day."""
    first = row.statute_from_date.date() if pd.notna(row.statute_from_date) else None
    return next(version for version in statutes()[row.statute_id] if version.valid_from == first)


def _deadline_words(row, plans: dict[str, FamilyPlan], lang: str) -> list[str]:
    what = row.what if pd.notna(row.what) else "–"
    if pd.notna(row.statute_id):
        what = name_and_version(_version(row), lang)
    return [
        text("plan.state_overdue" if row.is_overdue else "plan.state_ahead", lang),
        text(f"plan.kind_{row.kind}", lang),
        row.family_id,
        who(plans[row.family_id], row.person_id if pd.notna(row.person_id) else None, lang),
        re.sub(r"\s+", " ", what),
        row.owner if pd.notna(row.owner) else text("plan.not_set", lang),
    ]
