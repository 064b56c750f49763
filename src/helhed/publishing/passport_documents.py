"""The implementation passport as a page of the guide, a picture and a Word file to print, from its declaration."""

from collections.abc import Mapping

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.shared import Cm, Pt

from helhed.figures.timeline import Bar, timeline_figure
from helhed.outputs import Picture
from helhed.publishing.form_pages import heading_parts, how_lines
from helhed.publishing.markdown_parts import definitions
from helhed.publishing.passport import Milestone, Passport, Phase, days_late, due, passport
from helhed.publishing.word_file import add_picture, add_table, empty_document, word_bytes
from helhed.texts import day, month, number, text

#: Widths of the printed table: milestone, months, responsible, evidence, risk, cure, date.
_COLUMNS_CM = (4.1, 2.1, 3.3, 5.2, 4.7, 4.9, 2.4)
_COLUMNS = ("milestone", "months_head", "responsible", "evidence", "risk", "cure", "done")
_SIGNED = ("signed_by", "date", "signed")
#: The first page: words to the left, the timeline to the right.
_WORDS_CM, _PICTURE_CM = 11.7, 14.6
_MARGIN_CM, _UPPER_MARGIN_CM = 1.5, 1.1


def passport_page(lang: str, sources: Mapping[str, dict]) -> str:
    """Return the page of the guide: purpose, how, the timeline as a picture, each phase, and the filled example.

    ``sources`` is the guide's list of references: key to ``label``.
    """
    one, picture = passport(), passport_picture(lang)
    figure = f"```{{figure}} {picture.name}.png\n:name: {picture.name}\n:alt: {picture.alt}\n\n{picture.caption}\n```"
    parts = [*heading_parts(one, lang, sources), f"## {_say('timeline', lang)}", figure]
    for at, phase in enumerate(one.phases, start=1):
        parts += [f"## {_phase_title(at, phase, lang)}", f"**{_say('gate', lang, gate=phase.gate[lang])}**"]
        parts.append(definitions((_linked(each, lang), _told(each, lang)) for each in phase.milestones))
    return "\n\n".join([*parts, f"## {text('self_assessment.example', lang)}", *_example(one, lang)]) + "\n"


def passport_pictures(lang: str) -> dict[str, bytes]:
    """Return the page's picture: file name to PNG."""
    picture = passport_picture(lang)
    return {f"{picture.name}.png": picture.png}


def passport_picture(lang: str) -> Picture:
    """Return the timeline as a Gantt chart, with a caption and an alternative text counted from the declaration."""
    one, bars, phases = passport(), [], []
    for phase in one.phases:
        bars.append(Bar(phase.title[lang], phase.first_month, phase.last_month, is_phase=True))
        bars += [Bar(m.words["title"][lang], m.first_month, m.last_month, is_phase=False) for m in phase.milestones]
        n_of_phase, when = number(len(phase.milestones), lang), months_in_words(phase, lang)
        phases.append(_say("timeline_phase", lang, title=phase.title[lang], months=when, n=n_of_phase))
    busiest, n = max(one.phases, key=lambda phase: len(phase.milestones)), number(len(one.milestones), lang)
    counts = {"n": n, "phases": number(len(one.phases), lang), "months": number(one.months, lang)}
    most = {"busiest": busiest.title[lang], "most": number(len(busiest.milestones), lang)}
    words = {
        "axis": _say("timeline_axis", lang),
        "source": _say("timeline_source", lang),
        "caption": _say("timeline_caption", lang, **counts),
        "alt": _say("timeline_alt", lang, n=n, phases="; ".join(phases), **most),
    }
    return timeline_figure(bars, words)


def passport_word(lang: str) -> bytes:
    """Return the Word file to print and fill in by hand: the 36 months on the first page, then the phases."""
    one = passport()
    document = empty_document(one.words["title"][lang], lang, points=10)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(_MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(_UPPER_MARGIN_CM)
    _word_first_page(document, one, lang)
    for at, phase in enumerate(one.phases, start=1):
        _word_phase(document, at, phase, lang)
    return word_bytes(document)


def _word_first_page(document: WordDocument, one: Passport, lang: str) -> None:
    """Add what the passport is and how it is kept, and beside it the timeline."""
    grid = document.add_table(rows=1, cols=2)
    grid.autofit = False
    words, shown = grid.rows[0].cells
    for column, cell, width in zip(grid.columns, (words, shown), (_WORDS_CM, _PICTURE_CM), strict=True):
        # Word reads the width of the cell, LibreOffice that of the column.
        column.width = cell.width = Cm(width)
    words.paragraphs[0].add_run(one.words["purpose"][lang])
    for key in ("who", "time"):
        line = words.add_paragraph()
        line.add_run(f"{text(f'self_assessment.{key}', lang)}: ").bold = True
        line.add_run(one.words[key][lang])
    for line in how_lines(one.words, lang):
        words.add_paragraph(line, style="List Number")
    words.add_paragraph(f"{_say('start', lang)}: {'_' * 20}")
    picture = passport_picture(lang)
    add_picture(document, picture.png, picture.alt, _PICTURE_CM - 0.4)
    # The picture is made at the end of the document and belongs into the table.
    shown.paragraphs[0]._p.addprevious(document.paragraphs[-1]._p)
    shown.paragraphs[-1].add_run(picture.caption)


def months_in_words(spell: Phase | Milestone, lang: str) -> str:
    """Return the months of a phase or a milestone in words: "months 1-6", or "month 12"."""
    key = "month_one" if spell.first_month == spell.last_month else "months"
    return _say(key, lang, first=number(spell.first_month, lang), last=number(spell.last_month, lang))


def _word_phase(document, at: int, phase: Phase, lang: str) -> None:
    heading = document.add_heading(_phase_title(at, phase, lang), 1)
    heading.paragraph_format.page_break_before = at == 1
    rows = [
        [
            each.words["title"][lang],
            f"{number(each.first_month, lang)}-{number(each.last_month, lang)}",
            *[each.words[key][lang] for key in ("responsible", "evidence", "risk", "cure")],
            "",
        ]
        for each in phase.milestones
    ]
    add_table(document, [_say(key, lang) for key in _COLUMNS], rows, _COLUMNS_CM, points=8.5)
    # A phase stands with its signature on one page, two phases where there is room.
    for cell in (cell for row in document.tables[-1].rows for cell in row.cells):
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    gate = document.add_paragraph()
    gate.paragraph_format.space_before, gate.paragraph_format.keep_with_next = Pt(6), True
    gate.add_run(_say("gate", lang, gate=phase.gate[lang])).bold = True
    choices = "   ".join(f"☐ {choice}" for choice in _say("decisions", lang).split("|"))
    decided = document.add_paragraph(f"{choices}      {_say('conditions', lang)}: {'_' * 60}")
    decided.paragraph_format.space_before, decided.paragraph_format.keep_with_next = Pt(6), True
    signed = document.add_paragraph("   ".join(f"{_say(key, lang)}: {'_' * 28}" for key in _SIGNED))
    signed.paragraph_format.space_before = Pt(8)


def _linked(each: Milestone, lang: str) -> str:
    return f"[{each.words['title'][lang]}](../{each.page}.md), {months_in_words(each, lang)}"


def _told(each: Milestone, lang: str) -> list[str]:
    keys = ("responsible", "evidence", "risk", "cure")
    return [f"{_say(key, lang)}: {each.words[key][lang]}" for key in keys]


def _example(one: Passport, lang: str) -> list[str]:
    """Return what the filled example says, counted from the declared dates."""
    start = one.example_start
    reached = [each for each in one.milestones if each.example_done]
    late = [each for each in reached if days_late(each, start, each.example_done)]
    phase = next(phase for phase in one.phases if any(each.example_done is None for each in phase.milestones))
    missing = [each.words["title"][lang] for each in phase.milestones if each.example_done is None]
    said = _say(
        "example_said",
        lang,
        start=month(start, lang),
        reached=number(len(reached), lang),
        n=number(len(one.milestones), lang),
        late=number(len(late), lang),
        phase=phase.title[lang],
        open=", ".join(f"»{title}«" if lang == "da" else f"“{title}”" for title in missing),
    )
    return [text("self_assessment.example_invented", lang), said, *(f"- {_late(each, start, lang)}" for each in late)]


def _late(each: Milestone, start, lang: str) -> str:
    when = {"done": day(each.example_done, lang), "due": day(due(start, each.last_month), lang)}
    return _say("example_late", lang, title=each.words["title"][lang], note=each.example_note.get(lang, ""), **when)


def _phase_title(at: int, phase: Phase, lang: str) -> str:
    return _say("phase", lang, at=at, title=phase.title[lang], months=months_in_words(phase, lang))


def _say(key: str, lang: str, **values) -> str:
    return text(f"implementation.{key}", lang, **values)
