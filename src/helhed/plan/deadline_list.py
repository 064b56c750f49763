"""The list of deadlines as an Excel file, for coordinators: by date, with filters, what is overdue marked."""

import io
import re
from datetime import datetime

import pandas as pd
import xlsxwriter

from helhed.plan.documents import same_bytes
from helhed.plan.findings import who
from helhed.plan.law_words import law_note
from helhed.plan.model import FamilyPlan
from helhed.plan.statutes import statutes
from helhed.texts import text


def deadlines_workbook(deadlines: pd.DataFrame, plans: dict[str, FamilyPlan], lang: str) -> bytes:
    """Return the list of deadlines as an Excel file, sorted by date, with filters; overdue ones are marked."""
    buffer = io.BytesIO()
    # Nothing a family wrote may become a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2000, 1, 1), "author": "Helhed"})
    sheet = book.add_worksheet(text("plan.sheet_deadlines", lang))
    head = book.add_format({"bold": True, "bg_color": "#DCE9F2", "border": 1, "text_wrap": True})
    date_form = book.add_format({"num_format": "dd-mm-yyyy" if lang == "da" else "dd/mm/yyyy", "align": "left"})
    late = book.add_format({"bold": True, "font_color": "#A33B00"})
    columns = ("due_date", "act_by", "state", "kind", "family", "person", "what", "owner")
    widths = (13, 13, 14, 24, 18, 24, 60, 28)
    for position, (name, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.write_string(0, position, text(f"plan.column_{name}", lang), head)
        sheet.set_column(position, position, width)
    for position, row in enumerate(deadlines.itertuples(), start=1):
        sheet.write_datetime(position, 0, row.due_date.to_pydatetime(), date_form)
        sheet.write_datetime(position, 1, row.act_by_date.to_pydatetime(), date_form)
        for column, words in enumerate(_deadline_words(row, plans, lang), start=2):
            sheet.write_string(position, column, words, late if column == 2 and row.is_overdue else None)
    sheet.autofilter(0, 0, len(deadlines), len(columns) - 1)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.write_string(len(deadlines) + 2, 0, text("plan.check_wording", lang))
    sheet.write_string(len(deadlines) + 3, 0, law_note(lang))
    book.close()
    return same_bytes(buffer.getvalue())


def _deadline_words(row, plans: dict[str, FamilyPlan], lang: str) -> list[str]:
    what = row.what if pd.notna(row.what) else "–"
    if pd.notna(row.statute_id):
        what = statutes()[row.statute_id].name(lang)
    return [
        text("plan.state_overdue" if row.is_overdue else "plan.state_ahead", lang),
        text(f"plan.kind_{row.kind}", lang),
        row.family_id,
        who(plans[row.family_id], row.person_id if pd.notna(row.person_id) else None, lang),
        re.sub(r"\s+", " ", what),
        row.owner if pd.notna(row.owner) else text("plan.not_set", lang),
    ]
