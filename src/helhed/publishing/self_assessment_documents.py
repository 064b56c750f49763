"""A self-assessment as a page of the guide and as a Word file to print, from its declaration."""

from collections.abc import Mapping

from docx.shared import Pt

from helhed.publishing.markdown_parts import safe, table
from helhed.publishing.self_assessment import Band, SelfAssessment, score, self_assessments
from helhed.publishing.word_file import add_table, empty_document, word_bytes
from helhed.texts import number, percent, text

#: Widths of the printed tables: questions, points, results.
_QUESTION_CM, _POINT_CM, _NOTE_CM = 8.2, 1.0, 4.4
_RESULT_CM = (8.6, 2.6, 2.6, 2.8)
_BOX = "☐"


def self_assessment_page(name: str, lang: str, sources: Mapping[str, dict]) -> str:
    """Return the page of the guide: purpose, levels, questions by part, what the result means, the filled example.

    ``sources`` is the guide's list of references: key to ``label``.
    """
    one = self_assessments()[name]
    cited = ", ".join(f"[{sources[key]['label']}](#ref-{key})" for key in one.sources)
    head = [
        f"# {one.words['title'][lang]}",
        f"{one.words['purpose'][lang]}{_say('cited', lang, sources=cited) if cited else ''}",
        _facts(one, lang),
        _say("files", lang, anchor=f"#template-{one.file.replace('_', '-')}"),
        f"## {_say('how', lang)}",
        "\n".join(f"{at}. {line}" for at, line in enumerate(how_lines(one, lang), start=1)),
        table([_say("points", lang), _say("level", lang)], [[number(at, lang), w] for at, w in _levels(one, lang)]),
        f"## {_say('questions', lang)}",
    ]
    parts = [
        f"### {part.title[lang]}\n\n*{part.meaning[lang]}*\n\n" + "\n".join(f"- {i.words[lang]}" for i in part.items)
        for part in one.parts
    ]
    bands = [f"**{safe(b.title[lang])}** ({_limits(b, lang)}). {b.meaning[lang]}" for b in one.bands]
    meaning = [f"## {_say('result', lang)}", _say("open", lang), *bands, _say("not_total", lang)]
    return "\n\n".join([*head, *parts, *meaning, f"## {_say('example', lang)}", *_example(one, lang)]) + "\n"


def self_assessment_word(name: str, lang: str) -> bytes:
    """Return the Word file to print and fill in by hand; the same every time."""
    one = self_assessments()[name]
    document = empty_document(one.words["title"][lang], lang, points=10.5)
    document.add_paragraph(one.words["purpose"][lang])
    for key in ("who", "time"):
        line = document.add_paragraph()
        line.add_run(f"{_say(key, lang)}: ").bold = True
        line.add_run(one.words[key][lang])
    document.add_heading(_say("how", lang), 1)
    for line in how_lines(one, lang):
        document.add_paragraph(line, style="List Number")
    points = [number(at, lang) for at, _ in _levels(one, lang)]
    add_table(
        document,
        [_say("points", lang), _say("level", lang)],
        [[number(at, lang), words] for at, words in _levels(one, lang)],
        (2, 14.6),
    )
    for part in one.parts:
        heading = document.add_heading(part.title[lang], 1)
        heading.paragraph_format.keep_with_next = True
        document.add_paragraph(part.meaning[lang]).paragraph_format.keep_with_next = True
        rows = [[item.words[lang], *[_BOX] * len(points), ""] for item in part.items]
        widths = (_QUESTION_CM, *[_POINT_CM] * len(points), _NOTE_CM)
        add_table(document, [_say("question", lang), *points, _say("shows", lang)], rows, widths)
    _word_result(document, one, lang)
    return word_bytes(document)


def how_lines(one: SelfAssessment, lang: str) -> list[str]:
    """Return how the self-assessment is filled in, one sentence each."""
    return _say("how_lines", lang, n=number(one.n_items, lang), top=number(one.top, lang)).strip().splitlines()


def _word_result(document, one: SelfAssessment, lang: str) -> None:
    document.add_heading(_say("result", lang), 1).paragraph_format.page_break_before = True
    most = [one.top * len(part.items) for part in one.parts]
    rows = [[part.title[lang], "", number(most[at], lang), ""] for at, part in enumerate(one.parts)]
    total = [_say("total", lang), "", number(sum(most), lang), ""]
    heads = [_say(key, lang) for key in ("part", "points", "most", "share")]
    add_table(document, heads, [*rows, total], _RESULT_CM)
    document.add_paragraph()
    for band in one.bands:
        line = document.add_paragraph(style="List Bullet")
        line.add_run(f"{_BOX} {band.title[lang]} ").bold = True
        line.add_run(f"({_limits(band, lang)}). {band.meaning[lang]}")
    document.add_paragraph(_say("not_total", lang))
    for key in ("first", "by_whom", "date", "signed"):
        line = document.add_paragraph(f"{_say(key, lang)}: {'_' * 52}")
        line.paragraph_format.space_before = Pt(9)


def _example(one: SelfAssessment, lang: str) -> list[str]:
    """Return the filled example: its scores by part and what they mean, counted from the declared answers."""
    found = score(one, one.example())
    rows = [
        [part.title[lang], number(found.parts[part.id].points, lang), number(found.parts[part.id].most, lang),
         percent(found.parts[part.id].share, lang)]
        for part in one.parts
    ]  # fmt: skip
    heads = [_say(key, lang) for key in ("part", "points", "most", "share")]
    weakest = ", ".join(part.title[lang] for part in one.parts if part.id in found.weakest)
    said = _say("example_said", lang, share=percent(found.share, lang), band=found.band.title[lang], weakest=weakest)
    return [_say("example_invented", lang), table(heads, rows), f"{said} {found.band.meaning[lang]}"]


def _facts(one: SelfAssessment, lang: str) -> str:
    rows = [f"* - {_say(key, lang)}\n  - {one.words[key][lang]}" for key in ("who", "time")]
    return "\n".join([":::{list-table}", ":stub-columns: 1", ":class: helhed-facts", *rows, ":::"])


def _levels(one: SelfAssessment, lang: str) -> list[tuple[int, str]]:
    return [(at, level[lang]) for at, level in enumerate(one.levels)]


def _limits(band: Band, lang: str) -> str:
    if not band.least_share:
        return _say("otherwise", lang)
    shares = {"total": percent(band.least_share, lang), "part": percent(band.least_part_share, lang)}
    return _say("limits", lang, **shares)


def _say(key: str, lang: str, **values) -> str:
    return text(f"self_assessment.{key}", lang, **values)
