"""The guard finds what looks like a CPR number in text, Excel and Word files, and leaves sample numbers alone."""

import io

import openpyxl
import pytest
from docx import Document
from docx.oxml import OxmlElement

from helhed.publishing.cpr_guard import main, places_in

#: Put together here so that the guard does not find this file; 30 April, and the same month with 20 added.
REAL, SAMPLE = "3004" + "701234", "3024" + "701234"


def book(*values, title="Ark"):
    workbook, content = openpyxl.Workbook(), io.BytesIO()
    workbook.active.title = title
    workbook.active.append(list(values))
    workbook.save(content)
    return content.getvalue()


def letter(*runs, between=None):
    document, content = Document(), io.BytesIO()
    paragraph = document.add_paragraph()
    for run in runs:
        written = paragraph.add_run(run)
        if between:
            written._r.append(OxmlElement(between))
    document.save(content)
    return content.getvalue()


FOUND = {
    "text.xlsx": book("Navn", REAL),
    "number.xlsx": book(int(REAL), 7),
    "zero_lost.xlsx": book(int("0104" + "701234")),
    "title.xlsx": book("x", title=REAL),
    "one_run.docx": letter("Født ", REAL, "."),
    "split.docx": letter(REAL[:3], REAL[3:8], REAL[8:]),
    "tab.docx": letter(REAL, "Hansen", between="w:tab"),
    "neighbours.docx": letter("Hansen", REAL, "Jensen"),
    "plain.txt": f"x;{REAL}".encode(),
}
CLEAN = {
    "text.xlsx": book("Navn", SAMPLE),
    "number.xlsx": book(int(SAMPLE), 123456789.25),
    "cells.xlsx": book(REAL[:6], REAL[6:]),
    "run.docx": letter(SAMPLE[:4], SAMPLE[4:]),
    "plain.txt": f"x;{SAMPLE}".encode(),
}


@pytest.mark.parametrize("name", FOUND)
def test_finds_a_number_wherever_a_reader_sees_it(tmp_path, name, capsys):
    file = tmp_path / name
    file.write_bytes(FOUND[name])
    assert places_in(file)
    assert main([str(file)]) == 1
    said = capsys.readouterr().out
    assert name in said and REAL not in said and "0104" not in said


@pytest.mark.parametrize("name", CLEAN)
def test_leaves_sample_numbers_and_neighbouring_cells_alone(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(CLEAN[name])
    assert main([str(file)]) == 0


def test_the_hook_gets_every_file(pytestconfig):
    hooks = (pytestconfig.rootpath / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "types" not in hooks.split("id: no-cpr-numbers")[1]
