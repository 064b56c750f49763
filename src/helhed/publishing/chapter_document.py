"""The Word documents of the guide's chapters: to fill in, and filled in for an example, from one declaration.

Each lies in ``chapter_documents/<name>.toml``. What a reader is to fill in stands in [square brackets] and is marked
yellow; the filled example puts the declared, invented answers in their place, in order, and says that it is invented.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.text.paragraph import Paragraph

from helhed.publishing.word_file import add_table, empty_document, word_bytes
from helhed.texts import text

_FOLDER = "chapter_documents"
_TO_FILL_IN = re.compile(r"(\[[^\]]*\])")
_PAGE_CM = 16.6


@dataclass(frozen=True)
class Section:
    """A heading with its rows: paragraphs (``text``), points (``list``) or a table whose cells are split by ``|``."""

    heading: Mapping[str, str]
    kind: str
    rows: tuple[Mapping[str, str], ...]
    head: Mapping[str, str]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class ChapterDocument:
    """One declared document; ``example`` answers each place to fill in, in order."""

    name: str
    file: str
    example_file: str
    title: Mapping[str, str]
    sections: tuple[Section, ...]
    example: tuple[Mapping[str, str], ...]

    def places(self, lang: str) -> list[str]:
        """Return every place to fill in, in the order of the document."""
        return [place for part in self.sections for row in part.rows for place in _TO_FILL_IN.findall(row[lang])]


@cache
def chapter_documents() -> dict[str, ChapterDocument]:
    """Return every declared document by its name."""
    folder = resources.files("helhed.publishing").joinpath(_FOLDER)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {name: _read(name, file) for file in files for name in [file.name.removesuffix(".toml")]}


def chapter_word(name: str, lang: str, is_filled: bool = False) -> bytes:
    """Return the document in Word, the same every time: to fill in, or as the filled example."""
    one = chapter_documents()[name]
    document = empty_document(one.title[lang], lang, points=11)
    note = document.add_paragraph()
    note.add_run(text(f"chapter_documents.{'invented' if is_filled else 'fill_in'}", lang)).italic = True
    answers = iter([answer[lang] for answer in one.example]) if is_filled else None
    filled = (lambda words: _answered(words, answers)) if answers else (lambda words: words)
    for section in one.sections:
        document.add_heading(section.heading[lang], 1).paragraph_format.keep_with_next = True
        _rows(document, section, filled, lang)
    for paragraph in _paragraphs(document):
        _mark(paragraph)
    return word_bytes(document)


def _answered(words: str, answers: Iterator[str]) -> str:
    return _TO_FILL_IN.sub(lambda _place: next(answers), words)


def _rows(document: WordDocument, section: Section, filled: Callable[[str], str], lang: str) -> None:
    rows = [filled(row[lang]) for row in section.rows]
    if section.kind == "table":
        heads = [cell.strip() for cell in section.head[lang].split("|")]
        cells = [[cell.strip() for cell in row.split("|")] for row in rows]
        add_table(document, heads, cells, [share * _PAGE_CM for share in section.shares])
        return
    for row in rows:
        document.add_paragraph(row, style="List Bullet" if section.kind == "list" else None)


def _paragraphs(document: WordDocument) -> Iterator[Paragraph]:
    yield from document.paragraphs
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


def _mark(paragraph: Paragraph) -> None:
    """Mark the places to fill in yellow."""
    words = paragraph.text
    if not _TO_FILL_IN.search(words):
        return
    size = paragraph.runs[0].font.size
    for run in paragraph.runs:
        run._element.getparent().remove(run._element)
    for part in filter(None, _TO_FILL_IN.split(words)):
        run = paragraph.add_run(part)
        run.font.size = size
        if _TO_FILL_IN.fullmatch(part):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _read(name: str, file) -> ChapterDocument:
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    sections = tuple(
        Section(part["heading"], part["kind"], tuple(part["rows"]), part.get("head", {}), tuple(part.get("shares", ())))
        for part in declared["sections"]
    )
    files = (declared["file"], declared["example_file"])
    return ChapterDocument(name, *files, declared["title"], sections, tuple(declared["example"]))
