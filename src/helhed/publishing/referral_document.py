"""The files for the referral meeting; its list as a Word file has a block for each proposed family, to fill in."""

from datetime import datetime

import pandas as pd
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from helhed.outputs import FORMATS
from helhed.plan.documents import plain_document, word_bytes
from helhed.profile import Profile
from helhed.publishing.family_list_file import own_family_list
from helhed.publishing.word_file import speak
from helhed.selection import criteria, referral_workbook, why_workbook
from helhed.selection.criteria import CANNOT_TELL, MET
from helhed.selection.referral_lists import Meeting
from helhed.selection.referral_sheet import about_the_list, on_the_table, reasons_in_words
from helhed.selection.rule_tree import criteria_in
from helhed.texts import day, text

_WIDTH_MM = 265
#: Families with a block of their own; those that wait stand in a list.
_IN_BLOCKS = ("shortlisted", "cannot_tell")
_LINES = ("decision", "decision_reason", "decided_by", "decided_date")


def meeting_files(
    tables: dict[str, pd.DataFrame],
    shortlist: pd.DataFrame,
    family_criterion: pd.DataFrame,
    meeting: Meeting,
    profile: Profile,
    lang: str,
) -> dict[str, bytes]:
    """Return what the referral meeting is given, by file name.

    The sheet in Excel and in Word, each family's answers with the records behind them, and the list of families for the
    guide's page "In your browser".
    """
    told = shortlist, family_criterion
    return {
        "referral_sheet.xlsx": referral_workbook(*told, profile, lang, meeting),
        "referral_sheet.docx": referral_document(*told, meeting, profile, lang),
        "why.xlsx": why_workbook(*told, meeting.records_in_words(lang), profile, lang),
        "family_list.xlsx": own_family_list(tables, family_criterion, profile, lang),
    }


def referral_document(
    shortlist: pd.DataFrame, family_criterion: pd.DataFrame, meeting: Meeting, profile: Profile, lang: str
) -> bytes:
    """Return the list for the referral meeting as a Word file on A4 across the page.

    Parameters
    ----------
    shortlist, family_criterion
        As `helhed.selection.select_families` and `evaluate_criteria` return them.
    meeting
        The records behind the answers.
    profile
        The municipality's profile.
    lang
        ``da`` or ``en``.

    Returns
    -------
    How the list came about; for each proposed family, and each for which it cannot be told, the rule's criteria with
    value, threshold, distance and records, and lines for the decision, its reason, who decided and when; the list of
    those that wait, by rank. The same input gives the same bytes.
    """
    document = _empty(profile, lang)
    for sentence in [*about_the_list(shortlist, profile, lang), text("selection.word_way_back", lang)]:
        document.add_paragraph(sentence, style="List Bullet")
    families = on_the_table(shortlist)
    judged = family_criterion[family_criterion["criterion"].isin(criteria_in(profile["selection.rule"]))]
    by_family = dict(tuple(judged.groupby("family_id")))
    records = meeting.records_in_words(lang)
    for family in families[families["standing"].isin(_IN_BLOCKS)].itertuples():
        _block(document, family, _rows(by_family.get(family.family_id), records, lang), lang)
    _reserve(document, families[families["standing"] == "reserve"], lang)
    return _bytes(document, profile)


def _empty(profile: Profile, lang: str) -> WordDocument:
    document = plain_document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin = section.bottom_margin = Mm(14)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Calibri", Pt(10)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    title = text("selection.word_title", lang, name=profile.name, day=day(profile["data.to_date"], lang))
    document.add_heading(title, 0)
    document.core_properties.title, document.core_properties.author = title, "Helhed"
    speak(document, lang)
    if profile.is_synthetic:
        document.add_paragraph(text("outputs.synthetic_note", lang))
    return document


def _rows(judged: pd.DataFrame | None, records: dict, lang: str) -> list[list[str]]:
    if judged is None:
        return []
    order = {MET: 0, CANNOT_TELL: 1}
    told = judged.assign(order=judged["status"].map(order).fillna(2)).sort_values(["order", "criterion"])
    return [_row(item, records, lang) for item in told.itertuples()]


def _row(item, records: dict, lang: str) -> list[str]:
    criterion = criteria()[item.criterion]
    numbers = [FORMATS[criterion.form](number, lang) for number in (item.value, item.threshold, item.distance)]
    status = text(f"selection.status_{item.status}", lang)
    return [criterion.label(lang), status, *numbers, records.get((item.family_id, item.criterion), "–")]


def _block(document: WordDocument, family, rows: list[list[str]], lang: str) -> None:
    standing = text(f"selection.standing_{family.standing}", lang)
    rank = "" if pd.isna(family.rank) else f"{int(family.rank)}. "
    heading = document.add_heading(f"{rank}{family.family_id} – {standing}", 2)
    heading.paragraph_format.keep_with_next = True
    heads = ["criterion", "column_status", "column_value", "column_threshold", "column_distance", "column_records"]
    shares = (0.29, 0.11, 0.07, 0.07, 0.09, 0.37)
    if rows:
        _grid(document, [text(f"selection.{name}", lang) for name in heads], rows, shares)
    notes = reasons_in_words(",".join(part for part in family.reasons.split(",") if part.startswith("note_")), lang)
    if notes:
        _kept(document.add_paragraph(notes))
    lines = [text(f"selection.column_{name}", lang) for name in _LINES]
    _grid(document, lines, [["\n"] * len(lines)], (0.22, 0.43, 0.21, 0.14))
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _reserve(document: WordDocument, waiting: pd.DataFrame, lang: str) -> None:
    document.add_heading(text("selection.word_reserve", lang), 1)
    if waiting.empty:
        document.add_paragraph(text("selection.word_reserve_empty", lang))
        return
    heads = ("column_rank", "column_family", "column_n_departments", "column_reasons")
    rows = [_waiting(family, lang) for family in waiting.itertuples()]
    _grid(document, [text(f"selection.{name}", lang) for name in heads], rows, (0.06, 0.2, 0.12, 0.62))


def _waiting(family, lang: str) -> list[str]:
    n_departments = FORMATS["number"](family.n_departments, lang)
    return [str(int(family.rank)), family.family_id, n_departments, reasons_in_words(family.reasons, lang)]


def _grid(document: WordDocument, heads: list[str], rows: list[list[str]], shares: tuple[float, ...]) -> None:
    """Add a table whose rows are not split and whose headings repeat; it stays with what follows."""
    grid = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    grid.autofit = False
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = Mm(_WIDTH_MM * share)
    for cells, is_head in [(heads, True), *((row, False) for row in rows)]:
        row = grid.rows[0] if is_head else grid.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader" if is_head else "w:cantSplit"))
        for cell, content, share in zip(row.cells, cells, shares, strict=True):
            cell.width = Mm(_WIDTH_MM * share)
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(content)
            run.font.size, run.font.bold = Pt(9), is_head
            _kept(paragraph)
            if is_head:
                _shaded(cell)


def _kept(paragraph) -> None:
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.keep_with_next = True


def _shaded(cell) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "DCE9F2")):
        shade.set(qn(key), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _bytes(document: WordDocument, profile: Profile) -> bytes:
    stamp = datetime.combine(profile["data.to_date"], datetime.min.time())
    core = document.core_properties
    core.created, core.modified, core.last_modified_by = stamp, stamp, "Helhed"
    return word_bytes(document)
