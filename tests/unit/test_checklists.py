"""Checklists keep their boxes in every language."""

import importlib.util
from types import SimpleNamespace

from docutils import nodes
from docutils.utils import new_document

from helhed.kit_files import folder


def extension():
    spec = importlib.util.spec_from_file_location("kit_i18n", folder("book") / "_ext" / "kit_i18n.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def line(*parts):
    return nodes.list_item("", nodes.paragraph("", "", *parts), classes=["task-list-item"])


def test_a_line_has_one_box_whether_it_was_translated_or_not():
    as_written = line(nodes.raw("", '<input type="checkbox">', format="html"), nodes.Text(" A rule is written."))
    translated = line(nodes.Text("En regel er skrevet."))
    other = nodes.list_item("", nodes.paragraph("", "Not a task"))
    document = new_document("page")
    document += nodes.bullet_list("", as_written, translated, other)
    extension().draw_boxes(SimpleNamespace(), document)
    assert [item.astext() for item in document.findall(nodes.list_item)] == [
        "☐ A rule is written.",
        "☐ En regel er skrevet.",
        "Not a task",
    ]
    assert not list(document.findall(nodes.raw))
