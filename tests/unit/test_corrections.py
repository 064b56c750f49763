"""Corrections typed into the list of errors: taken in, kept, applied to the right row, and logged."""

import shutil
import subprocess

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhed.errors import DataNeedsWork
from helhed.intake import read_log, read_municipality
from helhed.intake.corrections import Correction, apply_corrections, merge_corrections, row_marks
from helhed.intake.exports.preset import presets
from helhed.intake.pseudonyms import Keyring
from helhed.intake.reading.readers import RawSheet
from helhed.publishing import forms
from helhed.publishing.checking import check_municipality
from helhed.texts import document_name, text
from tests.unit.bad_files.conftest import BOY, GIRL, Municipality

KEYRING = Keyring(b"k" * 32, is_synthetic=True)
HEAD = {"en": {"column": "Column", "action": "Action", "value": "Corrected value", "who": "Who", "row": "Row"}}


@pytest.fixture
def town(tmp_path):
    made = Municipality(tmp_path / "town")
    made.exports["dubu_sager"] = [
        ["S1", GIRL, "Børnefaglig undersøgelse", "BL § 20", "31-02-2024", "", "Åben", "Børn"],
        ["S2", BOY, "Screening", "", "01-03-2024", "", "Åben", "Børn"],
        ["S2", BOY, "Screening", "", "01-03-2024", "", "Åben", "Børn"],
    ]
    made.write()
    return made


def type_in(town, typed, lang="en", sheet="dubu_sager.csv"):
    """Type values into the line of the list of errors that is about a row and a column."""
    file = town.path / "check" / document_name("errors.xlsx", lang)
    book = openpyxl.load_workbook(file)
    page = book[sheet]
    at = {cell.value: cell.column for cell in page[1]}
    for (row, column), cells in typed.items():
        lines = [i for i in range(2, page.max_row + 1)
                 if page.cell(i, at["Row"]).value == str(row)
                 and column in ("", page.cell(i, at["Column"]).value)]  # fmt: skip
        assert lines, (row, column)
        for title, value in cells.items():
            page.cell(lines[0], at[title]).value = value
    book.save(file)


def check(town, lang="en"):
    return check_municipality(town.path, lang)


def cases(town):
    return read_municipality(town.profile, "en").tables["child_case"]


def write(town, rows):
    town.exports["dubu_sager"] = rows
    town.write()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_summary_counts_in_the_words_of_the_list(town, lang):
    said = check(town, lang).summary
    page = openpyxl.load_workbook(town.path / "check" / document_name("errors.xlsx", lang)).worksheets[0]
    rows = [list(row[:4]) for row in page.iter_rows(values_only=True)]
    head = next(at for at, row in enumerate(rows) if row[0] == text("intake.col_file", lang))
    listed = rows[head + 1 : rows.index([None] * 4, head)]
    for at in (1, 2, 3):
        words = rows[head][at].partition(" ")[2].capitalize()
        assert f"{words}: {sum(row[at] for row in listed)}." in said
    assert sum(row[3] for row in listed) > 0


def test_a_typed_value_is_taken_in_kept_and_used(town):
    assert check(town).n_must_fix == 1
    assert len(cases(town)) == 1
    type_in(town, {(2, "Oprettet dato"): {"Corrected value": "28-02-2024", "Who": "Anne"}})
    result = check(town)
    assert result.n_must_fix == 0
    assert any("1" in line and "corrections.xlsx" in line for line in result.lines)
    assert sorted(cases(town)["start_date"].dt.strftime("%d-%m-%Y")) == ["01-03-2024", "28-02-2024"]
    (kept,), problems = read_log(town.path)
    assert not problems
    assert (kept.file, kept.column, kept.value, kept.who, kept.state) == (
        "dubu_sager.csv", "Oprettet dato", "28-02-2024", "Anne", "applied"
    )  # fmt: skip
    # the next list of errors overwrites the typed cells, not the correction
    assert check(town).n_must_fix == 0
    assert len(read_log(town.path)[0]) == 1


def test_a_correction_meets_its_row_in_a_new_export(town):
    check(town)
    type_in(town, {(2, "Oprettet dato"): {"Corrected value": "28-02-2024"}})
    check(town)
    first, *others = town.exports["dubu_sager"]
    write(town, [["S9", BOY, "Afdækning", "", "05-05-2024", "", "Åben", "Børn"], *others, first])
    assert check(town).n_must_fix == 0
    assert "28-02-2024" in set(cases(town)["start_date"].dt.strftime("%d-%m-%Y"))


def test_a_row_that_has_changed_is_left_alone(town):
    check(town)
    type_in(town, {(2, "Oprettet dato"): {"Corrected value": "28-02-2024"}})
    check(town)
    first, *others = town.exports["dubu_sager"]
    write(town, [[*first[:3], "BL § 50", *first[4:]], *others])
    assert check(town).n_must_fix == 1
    found = read_municipality(town.profile, "en")
    assert [p.file for p in found.problems if p.code == "intake.correction_no_longer_fits"] == ["corrections.xlsx"]
    assert [c.state for c in found.corrections] == ["no_longer_fits"]


def test_a_row_mended_in_the_system_needs_its_correction_no_more(town):
    check(town)
    type_in(town, {(2, "Oprettet dato"): {"Corrected value": "28-02-2024"}})
    check(town)
    first, *others = town.exports["dubu_sager"]
    write(town, [[*first[:4], "28-02-2024", *first[5:]], *others])
    found = read_municipality(town.profile, "en")
    assert [c.state for c in found.corrections] == ["mended"]
    assert "intake.correction_not_needed" in {p.code for p in found.problems}


def test_a_deleted_copy_is_not_deleted_twice(town):
    check(town)
    type_in(town, {(4, ""): {"Action": "delete the row"}})
    check(town)
    assert "intake.exact_copy" not in {p.code for p in read_municipality(town.profile, "en").problems}
    assert (cases(town)["case_id"].nunique(), len(cases(town))) == (1, 1)
    # the system's owner has removed the copy: the row that is left stays
    write(town, town.exports["dubu_sager"][:2])
    assert len(cases(town)) == 1
    assert [c.state for c in read_municipality(town.profile, "en").corrections] == ["mended"]


def test_a_wrong_correction_is_said_and_not_used(town):
    check(town)
    type_in(town, {(2, "Oprettet dato"): {"Corrected value": "30-02-2024"}})
    check(town)
    found = read_municipality(town.profile, "en")
    (problem,) = [p for p in found.problems if p.code == "intake.bad_correction"]
    assert (problem.file, problem.column, problem.row, problem.value) == (
        "corrections.xlsx", "Oprettet dato", 2, "30-02-2024"
    )  # fmt: skip
    assert [c.state for c in found.corrections] == ["rejected"]
    # a second try replaces the first, which stays in the log
    type_in(town, {(2, "Oprettet dato"): {"Corrected value": "29-02-2024"}})
    assert check(town).n_must_fix == 0
    assert [c.state for c in read_log(town.path)[0]] == ["replaced", "applied"]


def test_an_open_or_broken_list_stops_before_anything_is_overwritten(town):
    check(town)
    type_in(town, {(2, "Oprettet dato"): {"Corrected value": "28-02-2024"}})
    file = town.path / "check" / "errors.xlsx"
    before = file.read_bytes()
    mark = file.with_name("~$errors.xlsx")
    mark.write_bytes(b"")
    with pytest.raises(DataNeedsWork, match=r"errors\.xlsx"):
        check(town)
    mark.unlink()
    file.write_bytes(before[: len(before) // 2])
    with pytest.raises(DataNeedsWork):
        check(town)
    assert file.read_bytes() == before[: len(before) // 2]


def test_identifying_values_are_not_shown_but_can_be_corrected(town):
    rows = town.exports["dubu_sager"]
    write(town, [[rows[0][0], GIRL[:-1], *rows[0][2:4], "01-02-2024", *rows[0][5:]]])
    check(town)
    book = openpyxl.load_workbook(town.path / "check" / "errors.xlsx")
    shown = [cell.value for line in book["dubu_sager.csv"].iter_rows() for cell in line]
    assert GIRL[:-1] not in shown
    assert "[not shown]" in shown
    type_in(town, {(2, "Barnets CPR nummer"): {"Corrected value": GIRL}})
    assert check(town).n_must_fix == 0
    assert len(cases(town)) == 1


@pytest.mark.documents
def test_a_list_saved_by_another_program_is_read(town, tmp_path):
    check(town)
    type_in(town, {(2, "Oprettet dato"): {"Corrected value": "28-02-2024"}})
    file = town.path / "check" / "errors.xlsx"
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(file)]
    subprocess.run(command, check=True, capture_output=True)
    shutil.move(tmp_path / "saved" / "errors.xlsx", file)
    assert check(town).n_must_fix == 0


PRESET = presets()["skolefravaer"]
HEADINGS = [heading.heading for heading in PRESET.columns]
_ROWS = st.lists(st.lists(st.sampled_from(["", "1", "2", "x;y", "æ"]), min_size=7, max_size=7), min_size=1, max_size=8)


def sheet_of(rows):
    import pandas as pd

    frame = pd.DataFrame(rows, columns=HEADINGS, index=range(2, 2 + len(rows)), dtype="str")
    return RawSheet("skolefravaer.csv", frame)


@given(_ROWS, st.data())
def test_a_corrected_file_is_the_file_edited_by_hand(rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from([h.heading for h in PRESET.columns if h.to and h.kind == "number"]))
    value = data.draw(st.sampled_from(["", "3", "17,5"]))
    shuffled = data.draw(st.permutations(rows))
    mark = row_marks(sheet_of(rows), PRESET, KEYRING).iloc[at]
    correction = Correction("skolefravaer.csv", "", "", column, "", "correct", value, "", "", mark)
    corrected, (outcome,), _ = apply_corrections(sheet_of(shuffled), PRESET, [correction], KEYRING)
    used = [HEADINGS.index(h.heading) for h in PRESET.columns if h.to]
    by_hand = [
        [value if HEADINGS[i] == column and all(row[j] == rows[at][j] for j in used) else cell
         for i, cell in enumerate(row)]
        for row in shuffled
    ]  # fmt: skip
    assert corrected.frame.to_numpy().tolist() == by_hand
    assert outcome.state == "applied"


def test_an_unknown_action_is_told_with_the_known_ones_in_the_language(town):
    check(town)
    type_in(town, {(2, "Oprettet dato"): {"Action": "fjern"}})
    check(town)
    (problem,) = [p for p in read_municipality(town.profile, "en").problems if p.code == "intake.unknown_action"]
    assert "delete the row" in problem.message("en")
    assert "slet rækken" in problem.message("da")


def test_what_was_typed_twice_is_kept_once():
    one = Correction("a.csv", "", "2", "K", "", "correct", "1", "", "", "m")
    assert len(merge_corrections(merge_corrections([], [one], "d"), [one], "d")) == 1


def test_a_cell_of_the_generic_workbook_can_be_corrected(town):
    content = forms.data_workbook("en")
    file = town.path / "exports" / "data_workbook.xlsx"
    file.write_bytes(content)
    book = openpyxl.load_workbook(file)
    page = book["Health and treatment"]
    at = {cell.value: cell.column for cell in page[1]}
    for title, value in {"CPR number": GIRL, "Course": "Samtaler", "Start": "31-02-2024"}.items():
        page.cell(2, at[title]).value = value
    book.save(file)
    check(town)
    type_in(town, {(2, "Start"): {"Corrected value": "28-02-2024"}}, sheet="data_workbook.xlsx")
    check(town)
    health = read_municipality(town.profile, "en").tables["health"]
    assert "28-02-2024" in set(health["start_date"].dt.strftime("%d-%m-%Y"))


def test_the_rules_see_the_address_of_the_day_wherever_its_row_stands(town):
    rows = town.exports["folkeregister"]
    before = [*rows[0][:3], "A9", *rows[0][4:9], "01-01-2010", "31-12-2020", ""]
    now = [*rows[0][:9], "01-01-2021", "", ""]
    found = []
    for history in ([before, now], [now, before]):
        town.exports["folkeregister"] = [*history, *rows[1:]]
        town.write()
        found.append(sorted(p.code for p in read_municipality(town.profile, "en").problems))
    assert found[0] == found[1]
