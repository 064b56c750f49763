"""The two-page memo for the political committee, as a Word file."""

import io
from dataclasses import dataclass

import pandas as pd
from docx import Document
from docx.shared import Cm, Pt

from helhed import texts
from helhed.plan.documents import same_bytes
from helhed.profile import Profile
from helhed.publishing.decision import assumption_sentence
from helhed.texts import text

#: So many weak assumptions are named; the rest is counted, or the memo would not keep to two pages.
NAMED_ASSUMPTIONS = 6


@dataclass(frozen=True)
class Memo:
    """What the memo says.

    Parameters
    ----------
    assumptions
        From `helhed.publishing.decision.assumptions`.
    findings
        Sentences.
    options
        Columns ``option``, ``needs``.
    overview
        PNG of the overview figure, and its alternative text.
    """

    assumptions: pd.DataFrame
    findings: list[str]
    options: pd.DataFrame
    overview: tuple[bytes, str]


def write_memo(memo: Memo, profile: Profile, lang: str) -> bytes:
    """Return the memo as a Word file; same input, same bytes."""
    document = _empty_document(text("decide.memo_title", lang, name=profile.name), lang)
    _opening(document, profile, lang)
    _assumptions(document, memo.assumptions, lang)
    _overview(document, memo.overview)
    document.add_heading(text("decide.memo_findings", lang), 1)
    for sentence in memo.findings:
        document.add_paragraph(sentence, style="List Bullet")
    document.add_heading(text("decide.options_title", lang), 1)
    _options(document, memo.options, lang)
    document.add_paragraph(text("decide.memo_note", lang, threshold=profile["disclosure.threshold"]))
    return _bytes(document)


def _empty_document(title: str, lang: str):
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    for name, size in (("Title", 17), ("Heading 1", 12)):
        document.styles[name].font.size = Pt(size)
        document.styles[name].paragraph_format.space_before = Pt(8)
        document.styles[name].paragraph_format.space_after = Pt(3)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(2)
    document.core_properties.title = title
    document.core_properties.language = "da-DK" if lang == "da" else "en-GB"
    document.core_properties.author = "Helhed"
    document.add_heading(title, 0)
    return document


def _opening(document, profile: Profile, lang: str) -> None:
    period = {key: texts.day(profile[f"data.{key}_date"], lang) for key in ("from", "to")}
    covered = text("decide.memo_data", lang, from_day=period["from"], to_day=period["to"])
    document.add_paragraph(f"{text('decide.memo_question', lang)} {covered}")
    if profile.is_synthetic:
        warning = document.add_paragraph()
        warning.add_run(text("outputs.synthetic_banner", lang, name=profile.name)).bold = True


def _assumptions(document, found: pd.DataFrame, lang: str) -> None:
    document.add_heading(text("decide.memo_assumptions", lang), 1)
    document.add_paragraph(assumption_sentence(found, lang))
    labels = found.loc[found["is_weak"], "label"].tolist()
    if labels:
        rest = len(labels) - NAMED_ASSUMPTIONS
        more = [text("decide.weak_more", lang, n=rest)] if rest > 0 else []
        names = "; ".join(labels[:NAMED_ASSUMPTIONS] + more)
        document.add_paragraph(f"{text('decide.weak_title', lang)}: {names}.")


def _overview(document, overview: tuple[bytes, str]) -> None:
    image, alt = overview
    picture = document.add_picture(io.BytesIO(image), width=Cm(16.5))
    picture._inline.docPr.set("descr", alt)


def _options(document, options: pd.DataFrame, lang: str) -> None:
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    table.autofit = False
    for cell, name in zip(table.rows[0].cells, ("option", "needs"), strict=True):
        cell.paragraphs[0].add_run(text(f"decide.column_{name}", lang)).bold = True
    for option, needs in options[["option", "needs"]].itertuples(index=False):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = option, needs
    for column, width in zip(table.columns, (3.4, 13.2), strict=True):
        column.width = Cm(width)
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Cm(3.4), Cm(13.2)


def _bytes(document) -> bytes:
    raw = io.BytesIO()
    document.save(raw)
    return same_bytes(raw.getvalue())
