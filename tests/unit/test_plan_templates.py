"""A Word template is checked before it is filled: what is wrong is named with its place."""

import io

import pytest
from docx import Document

from helhed import kit_files
from helhed.plan.fields import FIELDS, KINDS
from helhed.plan.template_check import template_problems
from helhed.texts import LANGUAGES


def template(*paragraphs: str, cells: tuple[str, ...] = (), footer: str = "") -> bytes:
    document = Document()
    document.add_heading("Vores mål", 2)
    for words in paragraphs:
        document.add_paragraph(words)
    if cells:
        grid = document.add_table(rows=len(cells), cols=2)
        for row, words in enumerate(cells):
            grid.cell(row, 1).text = words
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def lines(content: bytes, name: str = "egen.docx", lang: str = "da") -> list[str]:
    return [problem.line(lang) for problem in template_problems(content, name)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_the_kits_templates_pass_their_own_check(name, lang):
    file = kit_files.folder("templates") / f"{name}_{lang}.docx"
    assert template_problems(file.read_bytes(), file.name) == []


@pytest.mark.parametrize(
    ("text", "field", "nearest"),
    [
        ("{{ munisipality }}", "munisipality", "municipality"),
        ("{% for row in lines %}{{ row.ownr }}{% endfor %}", "row.ownr", "row.owner"),
        ("{% for row in linez %}{{ row.owner }}{% endfor %}", "linez", "lines"),
        (
            "{% for row in now %}{% for line in row.lines %}{{ line.txt }}{% endfor %}{% endfor %}",
            "line.txt",
            "line.text",
        ),
        ("{% if notise %}x{% endif %}", "notise", "notice"),
        ("{{ family | uper }}", "uper", "upper"),
        ("{% if family is defind %}x{% endif %}", "defind", "defined"),
    ],
)
def test_an_unknown_field_is_named_with_the_nearest_and_its_place(text, field, nearest):
    messages = lines(template("tekst", text))
    assert any(f"»{field}«" in message and f"»{nearest}«" in message for message in messages), messages
    assert all(message.startswith("egen.docx: ") for message in messages)
    assert all("afsnit 3, under »Vores mål«" in message for message in messages)


def test_places_are_paragraphs_cells_and_footers():
    (in_cell,) = lines(template(cells=("x", "{{ familly }}")))
    assert "tabel 1, række 2, kolonne 2, under »Vores mål«" in in_cell
    (in_footer,) = lines(template(footer="{{ familly }}"), lang="en")
    assert "the page footer" in in_footer and "“family”" in in_footer


@pytest.mark.parametrize(
    ("paragraphs", "code", "place"),
    [
        (("{{ municipality",), "template_broken_tag", "afsnit 2"),
        (("a", "{{ municipality }"), "template_broken_tag", "afsnit 3"),
        (("{ { municipality }}",), "template_broken_tag", "afsnit 2"),
        (("{ municipality }",), "template_broken_tag", "afsnit 2"),
        (("{{ muni cipality }}",), "template_broken_tag", "afsnit 2"),
        (("{%p for row lines %}", "{%p endfor %}"), "template_broken_tag", "afsnit 2"),
        (("{%p fro row in lines %}",), "template_broken_tag", "afsnit 2"),
        (("a", "{%p for row in lines %}", "{{ row.goal }}"), "template_not_closed", "afsnit 3"),
        (("{%p if notice %}", "{%p endfor %}"), "template_not_opened", "afsnit 3"),
        (("{%p endif %}",), "template_not_opened", "afsnit 2"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_broken_tag_is_named_with_its_place(paragraphs, code, place, lang):
    problems = template_problems(template(*paragraphs), "egen.docx")
    assert problems[0].code == f"plan_documents.{code}"
    assert place in problems[0].line("da") and problems[0].line(lang)


def test_no_word_file_is_said_and_no_traceback():
    for content in (b"", b"no Word file", template("x")[:500]):
        (problem,) = template_problems(content, "egen.docx")
        assert problem.code == "plan_documents.template_no_word_file" and "zip" not in problem.line("en")


def test_what_a_kind_of_document_cannot_do_without_is_missed_but_does_not_stop_it():
    problems = template_problems(template("{{ municipality }}"), "referat_da.docx")
    assert [problem.value for problem in problems] == list(KINDS["referat"].needs)
    assert {problem.severity for problem in problems} == {"should_fix"}
    assert template_problems(template("{{ municipality }}"), "vores_eget.docx") == []


def test_tags_that_word_cut_in_pieces_and_texts_with_braces_of_other_kinds_pass():
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("{{ muni", "cipality", " }}"):
        paragraph.add_run(piece).bold = piece == "cipality"
    document.add_paragraph("Priser (i kr.) og [navn]")
    buffer = io.BytesIO()
    document.save(buffer)
    assert template_problems(buffer.getvalue(), "egen.docx") == []


def test_template_code_cannot_reach_the_machine():
    for code in ("{{ ''.__class__.__mro__ }}", "{{ municipality.__class__ }}", "{% import 'os' as os %}"):
        content = template(code)
        problems = template_problems(content, "egen.docx")
        if not problems:
            from jinja2.exceptions import SecurityError

            from helhed.plan.template_check import environment

            with pytest.raises(SecurityError):
                environment().from_string(code).render(municipality="x")


def test_every_kind_needs_fields_that_exist():
    for kind in KINDS.values():
        assert set(kind.needs) <= set(FIELDS)
