"""The adaptation log: what must be kept, what may be changed, and a line for each change; from its declaration.

Declared once in ``adaptation_log.toml``; the page, the Word file and the numbers of the filled example are made here,
the workbook by `helhed.publishing.adaptation_log_sheet`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from docx.enum.section import WD_ORIENT

from helhed.publishing.form_pages import heading_parts, how_lines
from helhed.publishing.markdown_parts import definitions
from helhed.publishing.word_file import add_table, empty_document, word_bytes
from helhed.texts import day, number, text

Words = Mapping[str, str]
#: Answers about the core that ask for a decision; the English words of the declared choices.
TOUCHING = ("yes", "not sure")
_PRINTED_ROWS = 8
_PRINTED_CM = 25.4
_CORE_CM = (3.4, 8.0, 7.6, 6.4)


@dataclass(frozen=True)
class Element:
    """A part of the programme: what is core, what is free, and a sign that the core is lost, by language."""

    id: str
    title: Words
    core: Words
    free: Words
    lost: Words


@dataclass(frozen=True)
class Column:
    """A field of the log; ``kind`` is words, date, element or choice (then with its ``choices`` by language)."""

    id: str
    kind: str
    width: float
    title: Words
    choices: tuple[Words, ...] = ()


@dataclass(frozen=True)
class AdaptationLog:
    """The declared log; ``example`` holds invented lines: column to value."""

    file: str
    example_file: str
    sources: tuple[str, ...]
    empty_rows: int
    words: Mapping[str, Words]
    elements: tuple[Element, ...]
    columns: tuple[Column, ...]
    example: tuple[Mapping, ...]

    def shown(self, line: Mapping, column: Column, lang: str):
        """Return what a line holds in a column, in the language; None when it is empty."""
        value = line.get(column.id)
        if column.kind == "element":
            return next(element.title[lang] for element in self.elements if element.id == value)
        if column.kind == "choice" and value is not None:
            return next(choice[lang] for choice in column.choices if choice["en"] == value)
        return value[lang] if isinstance(value, dict) else value


@dataclass(frozen=True)
class Counts:
    """Lines of a log: all, those that touch the core or may do, those of them undecided, and those without a date."""

    lines: int
    touching: int
    undecided: int
    no_date: int


@cache
def adaptation_log() -> AdaptationLog:
    """Return the declared log."""
    file = resources.files("helhed.publishing").joinpath("adaptation_log.toml")
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    return AdaptationLog(
        file=declared["file"],
        example_file=declared["example_file"],
        sources=tuple(declared["sources"]),
        empty_rows=declared["empty_rows"],
        words={key: declared[key] for key in ("title", "purpose", "who", "time", "how")},
        elements=tuple(Element(**each) for each in declared["elements"]),
        columns=tuple(Column(**{**each, "choices": tuple(each.get("choices", ()))}) for each in declared["columns"]),
        example=tuple(declared["example"]),
    )


def counts(lines: tuple[Mapping, ...]) -> Counts:
    """Return what a log's lines come to."""
    touching = [line for line in lines if line.get("touches") in TOUCHING]
    return Counts(
        lines=len(lines),
        touching=len(touching),
        undecided=sum("outcome" not in line for line in touching),
        no_date=sum("look_again" not in line for line in lines),
    )


def adaptation_log_page(lang: str, sources: Mapping[str, dict]) -> str:
    """Return the page of the guide: purpose, how, the core, the log's fields and the filled example."""
    one = adaptation_log()
    fields = ", ".join(column.title[lang].casefold() for column in one.columns)
    core = definitions((element.title[lang], _told(element, lang)) for element in one.elements)
    found = counts(one.example)
    said = {key: number(getattr(found, key), lang) for key in ("touching", "undecided")}
    parts = [
        *heading_parts(one, lang, sources),
        f"## {_say('core_title', lang)}",
        core,
        f"## {_say('log_title', lang)}",
        _say("log_columns", lang, columns=fields),
        f"## {text('self_assessment.example', lang)}",
        text("self_assessment.example_invented", lang),
        definitions(_line(one, line, lang) for line in one.example),
        _say("log_said", lang, n=number(found.lines, lang), **said),
    ]
    return "\n\n".join(parts) + "\n"


def adaptation_log_word(lang: str) -> bytes:
    """Return the Word file to print and fill in by hand; the same every time."""
    one = adaptation_log()
    document = empty_document(one.words["title"][lang], lang, points=10)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_paragraph(one.words["purpose"][lang])
    for key in ("who", "time"):
        document.add_paragraph().add_run(f"{text(f'self_assessment.{key}', lang)}: ").bold = True
        document.paragraphs[-1].add_run(one.words[key][lang])
    for line in how_lines(one.words, lang):
        document.add_paragraph(line, style="List Number")
    document.add_heading(_say("core_title", lang), 1).paragraph_format.page_break_before = True
    heads = [_say(key, lang) for key in ("part", "core", "free", "lost")]
    rows = [[getattr(each, key)[lang] for key in ("title", "core", "free", "lost")] for each in one.elements]
    add_table(document, heads, rows, _CORE_CM, points=9)
    document.add_heading(_say("log_title", lang), 1).paragraph_format.page_break_before = True
    whole = sum(column.width for column in one.columns)
    widths = [_PRINTED_CM * column.width / whole for column in one.columns]
    heads = [_with_choices(column, lang) for column in one.columns]
    add_table(document, heads, [["\n\n"] * len(heads)] * _PRINTED_ROWS, widths, points=8)
    return word_bytes(document)


def _with_choices(column: Column, lang: str) -> str:
    choices = " / ".join(choice[lang] for choice in column.choices)
    return f"{column.title[lang]}\n({choices})" if choices else column.title[lang]


def _told(element: Element, lang: str) -> list[str]:
    return [f"{_say(key, lang)}: {getattr(element, key)[lang]}" for key in ("core", "free", "lost")]


def _line(one: AdaptationLog, line: Mapping, lang: str) -> tuple[str, list[str]]:
    """Return a line of the example as a term (its date and part) and the other fields that are filled in."""
    first, element, *rest = one.columns
    filled = [(column, one.shown(line, column, lang)) for column in rest]
    told = [f"{c.title[lang]}: {day(v, lang) if c.kind == 'date' else v}" for c, v in filled if v is not None]
    return f"{day(line[first.id], lang)}: {one.shown(line, element, lang)}", told


def _say(key: str, lang: str, **values) -> str:
    return text(f"implementation.{key}", lang, **values)
