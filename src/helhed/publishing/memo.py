"""Two Word files for a decision: two pages for the director, and a memo for the political committee."""

import io
import re
from dataclasses import dataclass, field

import pandas as pd
from docx.shared import Cm, Pt

from helhed import texts
from helhed.outputs import Picture
from helhed.plan.documents import plain_document, word_bytes
from helhed.profile import Profile
from helhed.publishing.decision import UNKNOWN, assumption_sentence
from helhed.publishing.word_file import speak
from helhed.texts import text

#: So many weak assumptions are named; the rest is counted, or the memo would not keep to two pages.
NAMED_ASSUMPTIONS = 6
#: So many things that cannot be decided are named, for the same reason.
NAMED_UNKNOWN = 5


@dataclass(frozen=True)
class Memo:
    """What both files say.

    Parameters
    ----------
    assumptions
        From `helhed.publishing.decision.assumptions`.
    sections
        Sentences by section, from `helhed.publishing.decision.sections`.
    options
        Columns ``option``, ``needs``.
    overview
        The overview figure.
    families
        What the families say themselves, as sentences; empty without interviews.
    """

    assumptions: pd.DataFrame
    sections: dict[str, list[str]]
    options: pd.DataFrame
    overview: Picture
    families: list[str] = field(default_factory=list)


def write_director_pages(memo: Memo, profile: Profile, lang: str) -> bytes:
    """Return the two pages for the director as a Word file; same input, same bytes.

    In order: what was done, for whom, what moved, how sure, what it cost, what is not known, which defaults are in use,
    which decision is asked for.
    """
    document = _empty_document(text("decide.director_title", lang, name=profile.name), lang)
    _opening(document, text("decide.director_question", lang), profile, lang)
    _overview(document, memo.overview)
    for name, sentences in memo.sections.items():
        _section(document, name, _shortened(sentences, lang) if name == UNKNOWN else sentences, lang)
    if memo.families:
        _section(document, "families", memo.families, lang)
    _assumptions(document, memo.assumptions, lang)
    document.add_heading(text("decide.section_decision", lang), 1)
    document.add_paragraph(f"{text('decide.memo_question', lang)} {' · '.join(memo.options['option'])}.")
    document.add_paragraph(text("decide.memo_note", lang, threshold=profile["disclosure.threshold"]))
    return word_bytes(document)


def write_memo(memo: Memo, profile: Profile, lang: str) -> bytes:
    """Return the memo for the committee as a Word file: the decision first, then the case; same input, same bytes."""
    document = _empty_document(text("decide.memo_title", lang, name=profile.name), lang)
    _opening(document, text("decide.memo_question", lang), profile, lang)
    document.add_heading(text("decide.options_title", lang), 1)
    _options(document, memo.options, lang)
    document.add_heading(text("decide.memo_findings", lang), 1)
    for name, sentences in memo.sections.items():
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{text(f'decide.section_{name}', lang)} ").bold = True
        paragraph.add_run(_unbroken(" ".join(_shortened(sentences, lang) if name == UNKNOWN else sentences)))
    for sentence in memo.families:
        document.add_paragraph(sentence)
    _assumptions(document, memo.assumptions, lang)
    document.add_paragraph(text("decide.memo_note", lang, threshold=profile["disclosure.threshold"]))
    return word_bytes(document)


def _unbroken(sentence: str) -> str:
    """Return a sentence in which no line can end between a minus and its number."""
    return re.sub(r"(?<!\w)-(?=\d)", "\N{NON-BREAKING HYPHEN}", sentence)


def _shortened(unknown: list[str], lang: str) -> list[str]:
    """Return the first things that cannot be decided, how many more there are, and what no register shows."""
    named, always = unknown[:-1], unknown[-1]
    rest = len(named) - NAMED_UNKNOWN
    more = [text("decide.unknown_more", lang, n=rest)] if rest > 0 else []
    return [*named[:NAMED_UNKNOWN], *more, always]


def _empty_document(title: str, lang: str):
    document = plain_document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(1.6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    normal.paragraph_format.space_after = Pt(3)
    for name, size in (("Title", 16), ("Heading 1", 11.5)):
        document.styles[name].font.size = Pt(size)
        document.styles[name].paragraph_format.space_before = Pt(6)
        document.styles[name].paragraph_format.space_after = Pt(2)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(1)
    document.core_properties.title = title
    speak(document, lang)
    document.core_properties.author = "Helhed"
    document.add_heading(title, 0)
    return document


def _opening(document, question: str, profile: Profile, lang: str) -> None:
    period = {key: texts.day(profile[f"data.{key}_date"], lang) for key in ("from", "to")}
    covered = text("decide.memo_data", lang, from_day=period["from"], to_day=period["to"])
    document.add_paragraph(f"{question} {covered}")
    if profile.is_synthetic:
        warning = document.add_paragraph()
        warning.add_run(text("outputs.synthetic_banner", lang, name=profile.name)).bold = True


def _section(document, name: str, sentences: list[str], lang: str) -> None:
    document.add_heading(text(f"decide.section_{name}", lang), 1)
    for sentence in sentences:
        document.add_paragraph(_unbroken(sentence), style="List Bullet")


def _assumptions(document, found: pd.DataFrame, lang: str) -> None:
    document.add_heading(text("decide.section_defaults", lang), 1)
    document.add_paragraph(assumption_sentence(found, lang))
    labels = found.loc[found["is_weak"], "label"].tolist()
    if labels:
        rest = len(labels) - NAMED_ASSUMPTIONS
        more = [text("decide.weak_more", lang, n=rest)] if rest > 0 else []
        names = "; ".join(labels[:NAMED_ASSUMPTIONS] + more)
        document.add_paragraph(f"{text('decide.weak_title', lang)}: {names}.")


def _overview(document, overview: Picture) -> None:
    picture = document.add_picture(io.BytesIO(overview.png), width=Cm(14))
    picture._inline.docPr.set("descr", overview.alt)


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
