"""Checks a Word template before it is filled: unknown, misspelt and missing fields and broken tags, each by place."""

import difflib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from docx.table import Table
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from helhed.errors import Problem
from helhed.office_files import DamagedFile, word_document
from helhed.plan.fields import FIELDS, KINDS
from helhed.texts import LANGUAGES, text

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\{.*|\{%.*", re.DOTALL)
_LONE_BRACES = re.compile(r"\{\s+[{%]|[%}]\s+\}|(?<!\{)\{(?![{%#])|(?<![}%#])\}(?!\})")
#: The marks that docxtpl puts before a tag: whole paragraph, table row, table cell, run.
_MARK = re.compile(r"^(?:p|tr|tc|r)\s+")
#: Parts of templates that are remembered: body, headers and footers of every kind of document in both languages.
_MOST_SOURCES = 200
_OPENING, _CLOSING = ("for", "if"), {"endfor": "for", "endif": "if"}


@dataclass
class _Scope:
    """What is known at a place of the template: open loops and conditions, and the fields met so far."""

    open: list[tuple[str, str, str, dict]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> dict[str, tuple[str, ...]]:
        """Return the row names of the open loops with the fields their rows have."""
        return {target: parts for kind, target, parts, _ in self.open if kind == "for"}


class _Remembering(SandboxedEnvironment):
    """Remembers what it has compiled: a template is filled for many families."""

    def __init__(self, **options):
        super().__init__(**options)
        self.from_string = lru_cache(_MOST_SOURCES)(super().from_string)


@cache
def environment() -> SandboxedEnvironment:
    """Return the environment in which templates are filled: sandboxed, every value as text, no field left open."""
    return _Remembering(autoescape=True, undefined=StrictUndefined)


def template_problems(content: bytes, file_name: str) -> list[Problem]:
    """Return what is wrong with a Word template, in the order of the document.

    Each problem names its place (paragraph under its heading, cell of a table, header or footer). A field that does
    not exist comes with the nearest one that does. Fields that the kind of document cannot do without (known from the
    name of the file, see `helhed.plan.fields.KINDS`) and that are nowhere are ``should_fix``; all else is ``must_fix``.
    """
    try:
        scope = _read(word_document(content), file_name)
        whole = [environment().parse(source) for source in _sources(content)] if not scope.problems else []
    except TemplateError as error:
        return [Problem("plan.template_broken", file=file_name, value=str(error))]
    except (DamagedFile, SyntaxError, KeyError, ValueError):
        return [Problem("plan_documents.template_no_word_file", file=file_name)]
    names = {name.name for tree in whole for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    rows = {name.name for tree in whole for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    # What stands in a text box or a form field is seen in the whole document only, without its place.
    # No field begins with "_": such a name reaches into the program, where the sandbox would stop the filling.
    inner = {one.attr for tree in whole for one in tree.find_all(nodes.Getattr) if one.attr.startswith("_")}
    hidden = sorted(names - scope.used - set(FIELDS) - rows - {"loop"} | inner)
    nowhere = {lang: text("plan_documents.place_unknown", lang) for lang in LANGUAGES}
    problems = scope.problems + [_unknown(name, FIELDS, file_name, nowhere) for name in hidden]
    return problems + _missing(file_name, scope.used | names)


def fields_used(content: bytes) -> set[str]:
    """Return the names that a template uses anywhere."""
    trees = [environment().parse(source) for source in _sources(content)]
    return {name.name for tree in trees for name in tree.find_all(nodes.Name)}


def _missing(file_name: str, used: set[str]) -> list[Problem]:
    kind = KINDS.get(re.sub(r"_(da|en)\.docx$", "", file_name.rsplit("/", 1)[-1]))
    lacking = [name for name in (kind.needs if kind else ()) if name not in used]
    return [Problem("plan_documents.template_lacks", "should_fix", file=file_name, value=name) for name in lacking]


def _sources(content: bytes) -> Iterator[str]:
    """Return the template text of the body, the headers and the footers."""
    document = DocxTemplate(io.BytesIO(content))
    document.init_docx()
    yield document.patch_xml(document.get_xml())
    for kind in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(kind):
            yield document.patch_xml(document.get_part_xml(part))


def _read(document, file_name: str) -> _Scope:
    scope = _Scope()
    for words, place in _paragraphs(document):
        _check_words(words, place, file_name, scope)
    for kind, _, _, place in scope.open:
        scope.problems.append(_at("plan_documents.template_not_closed", file_name, place, kind))
    return scope


def _paragraphs(document) -> Iterator[tuple[str, dict]]:
    """Return every paragraph's words with its place in both languages."""
    yield from _of_block(document, "")
    for section in document.sections:
        for key, part in (("header", section.header), ("footer", section.footer)):
            if not part.is_linked_to_previous:
                yield from ((paragraph.text, _place(f"place_{key}")) for paragraph in part.paragraphs)


def _of_block(block, heading: str) -> Iterator[tuple[str, dict]]:
    n_paragraphs = n_tables = 0
    for item in block.iter_inner_content():
        if isinstance(item, Table):
            n_tables += 1
            yield from _of_table(item, n_tables, heading)
        else:
            n_paragraphs += 1
            if item.style.name.startswith(("Heading", "Title")) and "{" not in item.text:
                heading = item.text
            yield item.text, _place("place_paragraph", heading, n=n_paragraphs)


def _of_table(table: Table, number: int, heading: str) -> Iterator[tuple[str, dict]]:
    seen = set()
    for row_number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row.cells, start=1):
            if cell._tc not in seen:
                seen.add(cell._tc)
                place = _place("place_cell", heading, n=number, row=row_number, column=column)
                yield from ((paragraph.text, place) for paragraph in cell.paragraphs)
                for inner in cell.tables:
                    yield from _of_table(inner, number, heading)


def _place(key: str, heading: str = "", **values) -> dict:
    under = {lang: text("plan_documents.place_under", lang, heading=heading) if heading else "" for lang in LANGUAGES}
    return {lang: text(f"plan_documents.{key}", lang, **values) + under[lang] for lang in LANGUAGES}


def _check_words(words: str, place: dict, file_name: str, scope: _Scope) -> None:
    bare = _TAG.sub("", words)
    if _LONE_BRACES.search(bare):
        scope.problems.append(_at("plan_documents.template_broken_tag", file_name, place, words.strip()))
        return
    for tag in _TAG.findall(words):
        if not tag.endswith(("}}", "%}")) or _LONE_BRACES.search(tag[2:-2]):
            scope.problems.append(_at("plan_documents.template_broken_tag", file_name, place, tag))
            return
        inside = _MARK.sub("", tag[2:-2].strip(" -\n"))
        if tag.startswith("{%"):
            _check_statement(inside, place, file_name, scope)
        else:
            _check_parts(f"{{{{ {inside} }}}}", place, file_name, scope)


def _check_statement(inside: str, place: dict, file_name: str, scope: _Scope) -> None:
    word = inside.split(" ")[0]
    if word in _CLOSING:
        if scope.open and scope.open[-1][0] == _CLOSING[word]:
            scope.open.pop()
        else:
            scope.problems.append(_at("plan_documents.template_not_opened", file_name, place, inside))
    elif word in _OPENING:
        tree = _check_parts(f"{{% {inside} %}}{{% end{word} %}}", place, file_name, scope)
        loop = next(tree.find_all(nodes.For), None) if tree else None
        scope.open.append((word, loop.target.name if loop else "", _fields_of(loop, scope) if loop else (), place))
    elif word not in ("else", "elif"):
        scope.problems.append(_at("plan_documents.template_broken_tag", file_name, place, f"{{% {inside} %}}"))


def _fields_of(loop: nodes.For, scope: _Scope) -> tuple[str, ...]:
    """Return the fields that the rows of a loop have: those of its list, or of the lines of a person."""
    return FIELDS.get(loop.iter.name) or () if isinstance(loop.iter, nodes.Name) else ("text",)


def _check_parts(source: str, place: dict, file_name: str, scope: _Scope) -> nodes.Template | None:
    """Note the fields a tag uses and which of them do not exist; return the parsed tag, None if it is broken."""
    try:
        tree = environment().parse(source)
    except TemplateError:
        scope.problems.append(_at("plan_documents.template_broken_tag", file_name, place, source))
        return None
    rows = scope.rows()
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    for name in sorted({name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"} - own):
        scope.used.add(name)
        if name not in FIELDS and name not in rows and name != "loop":
            scope.problems.append(_unknown(name, FIELDS, file_name, place))
    scope.problems += [_unknown(name, known, file_name, place) for name, known in _unknown_filters(tree)]
    called = [call.node for call in tree.find_all(nodes.Call)]
    for attribute in tree.find_all(nodes.Getattr):
        row = getattr(attribute.node, "name", "")
        if row in rows and attribute.attr not in rows[row]:
            scope.problems.append(_unknown(f"{row}.{attribute.attr}", rows[row], file_name, place))
        elif row in FIELDS and row not in rows and row not in own and attribute not in called:
            # Only the rows of a list have fields, and only inside its loop.
            scope.problems.append(_unknown(f"{row}.{attribute.attr}", (), file_name, place))
    return tree


def _unknown_filters(tree: nodes.Template) -> Iterator[tuple[str, Iterable[str]]]:
    """Return the filters and tests of a tag that do not exist, each with those that do."""
    for kind, known in ((nodes.Filter, environment().filters), (nodes.Test, environment().tests)):
        yield from ((one.name, known) for one in tree.find_all(kind) if one.name not in known)


def _unknown(name: str, known, file_name: str, place: dict) -> Problem:
    row, _, attribute = name.rpartition(".")
    nearest = difflib.get_close_matches(attribute, list(known), n=1, cutoff=0.0)
    shown = f"{row}.{nearest[0]}" if row and nearest else (nearest or [row or "–"])[0]
    details = {"nearest": shown, "place": place}
    return Problem("plan.template_unknown_field", file=file_name, value=name, details=details)


def _at(code: str, file_name: str, place: dict, value: str) -> Problem:
    return Problem(code, file=file_name, value=value[:80], details={"place": place})
