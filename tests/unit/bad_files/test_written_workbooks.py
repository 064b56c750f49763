"""What someone wrote into an export stays text in every Excel file that is made from it: it never becomes a formula."""

import io

import openpyxl
import pandas as pd
import pytest

from helhed.intake import error_workbook, family_workbook, read_municipality
from helhed.monitoring import registration_workbook, rules_of

FORMULAS = ["=cmd|'/c calc'!A1", "=1+1", "@SUM(A1:A9)", "+1+1", "-1+1", "{=1+1}", '=HYPERLINK("x")', "http://x.dk"]


def cells(content: bytes) -> list:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def written_as_text(content: bytes, written: str) -> bool:
    """Return whether a text is in a workbook as text, and nothing in it is a formula."""
    found = cells(content)
    assert "f" not in {cell.data_type for cell in found}
    return any(written in str(cell.value) and cell.data_type == "s" for cell in found)


def test_the_error_workbook_holds_what_was_found_as_text(town):
    row = town.exports["dubu_sager"][0]
    town.exports["dubu_sager"] = [[f"S{i}", *row[1:4], one, *row[5:]] for i, one in enumerate(FORMULAS)]
    town.write()
    content = error_workbook(read_municipality(town.profile, "da"), "da")
    assert all(written_as_text(content, written) for written in FORMULAS)


@pytest.mark.parametrize("written", FORMULAS)
def test_the_list_of_families_holds_text_alone(written):
    listed = pd.DataFrame([{"family_id": written, "role": "child", "cpr": "0525104002", "person_id": written}])
    assert written_as_text(family_workbook(listed, "da"), written)


@pytest.mark.parametrize("written", FORMULAS)
def test_the_registration_form_holds_what_was_read_as_text(town, written):
    due = {"family_id": written, "person_id": written, "role": "child", "instrument": "leisure", "item": written}
    due |= {"coordinator_id": written, "birth_year": 2015, "status": "due"}
    table = pd.DataFrame([due]).assign(due_date=pd.Timestamp("2024-05-01"))
    assert written_as_text(registration_workbook(table, rules_of(town.profile), "en"), written)
