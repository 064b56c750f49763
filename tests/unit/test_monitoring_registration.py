"""Registration workbooks: who is due, the workbook itself, and what comes back filled in, well or badly."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from helhed.monitoring import (
    Rules,
    due_registrations,
    mend_workbook,
    read_registrations,
    registration_status,
    registration_workbook,
    registration_workbooks,
    returned_sentences,
    with_registrations,
)
from helhed.monitoring.registration import quarter
from helhed.monitoring.registration_form import HEADINGS, SHEET, WORDS
from helhed.tables import scales
from helhed.tables import tables as contracts
from helhed.texts import LANGUAGES

RULES = Rules(
    from_date=pd.Timestamp("2024-01-01"),
    to_date=pd.Timestamp("2024-12-31"),
    project_start=pd.Timestamp("2024-01-01"),
    min_families=10,
    confidence=0.95,
    baseline_months=6,
    start_window_days=31,
    kontanthjaelp_benefits=("kontanthjaelp",),
    work_hours_per_month=20,
    lasting_months=1,
    active_case_types=("barnets_plan",),
    registration_interval_months=6,
    fill_up_months=4,
)
ALL = (*RULES.instruments, "motivation", "sdq_total", "ors_total", "srs_total")
COLUMNS = list(HEADINGS)
Edit = Callable[[dict], None]


def town(*registered: tuple) -> tuple[dict, pd.DataFrame]:
    """Return tables and enrolment: F1 (adult A, child C of 15) with K1, F2 (adult B) with K2, F3 (adult L) has left."""
    births = {"A": "1985-01-01", "C": "2009-06-01", "B": "1990-01-01", "L": "1980-01-01"}
    homes = {"A": "F1", "C": "F1", "B": "F2", "L": "F3"}
    member = pd.DataFrame(
        {"family_id": homes.values(), "person_id": homes.keys(), "role": ["adult", "child", "adult", "adult"]}
    )
    enrolled = pd.DataFrame(
        {
            "family_id": ["F1", "F2", "F3"],
            "coordinator_id": ["K1", "K2", "K1"],
            "start_date": pd.to_datetime(["2024-02-01", "2024-12-01", "2024-01-05"]),
            "is_enrolled": [True, True, False],
        }
    )
    columns = ["family_id", "person_id", "registered_date", "instrument", "item", "value"]
    rows = pd.DataFrame(registered, columns=columns).assign(rated_by="self")
    rows["registered_date"] = pd.to_datetime(rows["registered_date"])
    person = pd.DataFrame({"person_id": births.keys(), "birth_date": pd.to_datetime(list(births.values()))})
    registration = contracts()["registration"].conform(rows) if len(rows) else contracts()["registration"].empty()
    tables = {"family_member": member.assign(is_main_home=True), "person": person, "registration": registration}
    return tables, enrolled


def filled(content: bytes, answers: Callable[[dict], object], edit: Edit | None = None) -> bytes:
    """Return a workbook filled in as a coordinator does: ``answers`` gives the answer of a row, or nothing."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cells in book[SHEET].iter_rows(min_row=2):
        row = dict(zip(COLUMNS, cells, strict=True))
        row["value"].value = answers({name: cell.value for name, cell in row.items()})
        row["registered_date"].value = datetime(2025, 1, 15) if row["value"].value is not None else None
        if edit:
            edit(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def plain(row: dict) -> object:
    """Return a plain answer on each scale."""
    words = {"funktionsniveau A-D": "B", "fast fritidsaktivitet": "ja", "fritidsjob": "nej"}
    return words.get(row["instrument"], 3)


def sent(answers=plain, edit: Edit | None = None, *registered: tuple, rules: Rules = RULES):
    """Return what is read of the workbooks of all coordinators, and the tables they were made from."""
    tables, enrolled = town(*registered)
    books = registration_workbooks(due_registrations(tables, enrolled, rules), rules, "da")
    files = {name: filled(content, answers, edit) for name, content in books.items()}
    return read_registrations(files, tables, enrolled, rules), tables, enrolled


def test_due_registrations_know_what_is_recent():
    tables, enrolled = town(("F1", "A", "2024-09-15", "who5", "1", 3.0))
    due = due_registrations(tables, enrolled, RULES)
    # F3 has left. A's WHO-5 of September falls due in March, the others should have been registered at the start.
    assert set(due["family_id"]) == {"F1", "F2"}
    of = due.drop_duplicates(["person_id", "instrument"]).set_index(["person_id", "instrument"])
    assert (of.loc[("A", "who5"), "due_date"], of.loc[("A", "who5"), "status"]) == (pd.Timestamp("2025-03-15"), "due")
    assert (of.loc[("A", "trust"), "due_date"], of.loc[("A", "trust"), "status"]) == (
        pd.Timestamp("2024-02-01"),
        "never",
    )
    assert set(due.loc[due["person_id"] == "C", "instrument"]) == {"functional_level", "leisure", "leisure_job"}
    late = due_registrations(tables, enrolled, replace(RULES, to_date=pd.Timestamp("2025-04-01")))
    assert set(late.loc[(late["person_id"] == "A") & (late["instrument"] == "who5"), "status"]) == {"late"}


def test_instruments_and_ages_decide_what_is_asked():
    tables, enrolled = town()
    due = due_registrations(tables, enrolled, replace(RULES, instruments=ALL))
    asked = due.groupby("role")["instrument"].agg(set)
    assert {"motivation", "ors_total", "srs_total"} <= asked["adult"] and "sdq_total" in asked["child"]
    young = {**tables, "person": tables["person"].assign(birth_date=pd.Timestamp("2012-01-01"))}
    assert "leisure_job" not in set(due_registrations(young, enrolled, RULES)["instrument"])
    assert set(due_registrations(tables, enrolled, replace(RULES, instruments=("who5",)))["instrument"]) == {"who5"}


def test_one_workbook_per_coordinator_and_quarter():
    tables, enrolled = town()
    due = due_registrations(tables, enrolled, RULES)
    books = registration_workbooks(due, RULES, "da")
    assert list(books) == ["registrations_2025K1_K1.xlsx", "registrations_2025K1_K2.xlsx"]
    families = {
        name: {row[0] for row in openpyxl.load_workbook(io.BytesIO(content))[SHEET].iter_rows(2, values_only=True)}
        for name, content in books.items()
    }
    assert list(families.values()) == [{"F1"}, {"F2"}]
    assert quarter(replace(RULES, to_date=pd.Timestamp("2025-03-15"))) == "2025K1"
    without = enrolled.assign(coordinator_id=["K1", None, "K1"])
    assert "registrations_2025K1_ingen.xlsx" in registration_workbooks(
        due_registrations(tables, without, RULES), RULES, "en"
    )


def test_late_and_missing_are_counted_by_coordinator():
    tables, enrolled = town(("F1", "A", "2024-02-15", "trust", "samlet", 3.0))
    status = registration_status(due_registrations(tables, enrolled, RULES)).set_index(["coordinator_id", "instrument"])
    assert status.loc[("K1", "trust")].tolist() == [1, 1, 0]
    assert status.loc[("K1", "functional_level")].tolist() == [2, 0, 2]
    assert status.loc[("K2", "who5")].tolist() == [1, 0, 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_workbook_has_lists_limits_and_the_same_bytes(lang):
    tables, enrolled = town()
    rules = replace(RULES, instruments=ALL)
    due = due_registrations(tables, enrolled, rules)
    content = registration_workbook(due, rules, lang)
    assert content == registration_workbook(due, rules, lang)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
    assert [cell.value for cell in sheet[1]] == list(HEADINGS.values())
    assert sheet.max_row == len(due) + 1 and sheet.protection.sheet
    unlocked = {COLUMNS[cell.column - 1] for cell in sheet[2] if not cell.protection.locked}
    assert unlocked == {"value", "registered_date", "rated_by"}
    rules_of_cells = sheet.data_validations.dataValidation
    limits = {(rule.formula1, rule.formula2) for rule in rules_of_cells if rule.type in ("whole", "decimal")}
    by_number = set(due["instrument"]) - set(WORDS)
    assert limits == {tuple(str(part) for part in scales()[name]) for name in by_number}
    lists = {rule.formula1 for rule in rules_of_cells if rule.type == "list"}
    assert {f'"{",".join(words)}"' for words in WORDS.values()} <= lists


def test_what_is_filled_in_comes_back_whole():
    found, tables, enrolled = sent(rules=replace(RULES, instruments=ALL))
    due = due_registrations(tables, enrolled, replace(RULES, instruments=ALL))
    assert found.problems == () and len(found.rows) == len(due)
    key = ["person_id", "instrument", "item"]
    assert set(map(tuple, found.rows[key].to_numpy())) == set(map(tuple, due[key].to_numpy()))
    values = found.rows.groupby("instrument")["value"].agg(set).to_dict()
    assert (values["functional_level"], values["leisure"], values["leisure_job"], values["who5"]) == (
        {2},
        {1},
        {0},
        {3},
    )
    merged = with_registrations(tables, found)
    assert len(merged["registration"]) == len(due) and tables["registration"].empty
    # Nothing is due again before half a year has passed.
    later = replace(RULES, to_date=pd.Timestamp("2025-03-31"), instruments=ALL)
    assert due_registrations(merged, enrolled, later).empty
    assert str(len(due)) in returned_sentences(found, "da")[0]


def test_sent_twice_counts_once():
    found, tables, enrolled = sent()
    once = with_registrations(tables, found)
    again = with_registrations(once, found)
    pd.testing.assert_frame_equal(once["registration"], again["registration"])


def test_an_empty_answer_is_missing_and_no_problem():
    found, _, _ = sent(lambda row: None)
    assert found.rows.empty and found.problems == ()


def only(instrument: str, item: str = "") -> Callable[[dict], bool]:
    """Return a test of rows of adult A."""
    return lambda row: row["person_id"] == "A" and row["instrument"] == instrument and item in ("", row["item"])


def put(name: str, value) -> Edit:
    """Return an edit of A's trust row that puts a value into a cell."""

    def edit(row: dict) -> None:
        if only("tillid")({key: cell.value for key, cell in row.items()}):
            row[name].value = value

    return edit


@pytest.mark.parametrize(
    ("edit", "code", "column"),
    [
        (put("value", 9), "form_outside_scale", "Svar"),
        (put("value", 2.5), "form_outside_scale", "Svar"),
        (put("value", "måske"), "form_outside_scale", "Svar"),
        (put("registered_date", None), "form_no_date", "Dato"),
        (put("registered_date", "i går"), "form_not_a_date", "Dato"),
        (put("registered_date", datetime(2052, 1, 15)), "form_date_outside", "Dato"),
        (put("registered_date", datetime(2023, 1, 15)), "form_date_outside", "Dato"),
        (put("rated_by", "naboen"), "form_unknown_rated_by", "Vurderet af"),
        (put("instrument", "humør"), "form_unknown_instrument", "Skema"),
        (put("item", "2"), "form_unknown_item", "Punkt"),
        (put("person_id", "Anna Jensen"), "form_unknown_person", "Person"),
        (put("family_id", "F2"), "form_unknown_person", "Person"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_named_and_left_out(edit, code, column):
    found, tables, enrolled = sent(plain, edit)
    (problem,) = found.problems
    assert (problem.code, problem.column, problem.sheet) == (f"monitoring.{code}", column, SHEET)
    assert problem.file == "registrations_2025K1_K1.xlsx" and problem.row > 1
    assert len(found.rows) == len(due_registrations(tables, enrolled, RULES)) - 1
    for lang in LANGUAGES:
        assert "{" not in problem.line(lang) and "Anna Jensen" not in problem.line(lang)


def test_dates_may_be_written_as_people_write_them():
    for written in ("15-01-2025", "15.01.2025", "15/01/2025", "2025-01-15"):
        found, _, _ = sent(lambda row: plain(row) if only("tillid")(row) else None, put("registered_date", written))
        assert found.rows["registered_date"].tolist() == [pd.Timestamp("2025-01-15")]


def test_a_choice_off_the_list_is_named_with_the_choices():
    found, _, _ = sent(lambda row: "E" if row["instrument"].startswith("funktion") else None)
    assert {problem.code for problem in found.problems} == {"monitoring.form_not_a_choice"}
    assert "A, B, C, D" in found.problems[0].message("da")


def test_a_level_may_be_written_in_a_small_letter():
    found, _, _ = sent(lambda row: " b" if row["instrument"].startswith("funktion") else None)
    assert not found.problems and set(found.rows["value"]) == {2.0}


def test_an_incomplete_who5_is_refused_whole():
    found, _, _ = sent(lambda row: 3 if row["instrument"] == "WHO-5" and row["item"] != "4" else None)
    assert found.rows.empty
    # One message for each form: A's and B's.
    assert [problem.code for problem in found.problems] == ["monitoring.form_who5_incomplete"] * 2


def test_two_answers_on_one_day_are_both_refused():
    tables, enrolled = town()
    book = registration_workbook(due_registrations(tables, enrolled, RULES), RULES, "da")
    files = {
        name: filled(book, lambda row, answer=answer: answer if only("tillid")(row) else None)
        for name, answer in (("a.xlsx", 2), ("b.xlsx", 5))
    }
    found = read_registrations(files, tables, enrolled, RULES)
    assert found.rows.empty
    assert [(problem.file, problem.value) for problem in found.problems] == [("a.xlsx", "2"), ("b.xlsx", "5")]
    assert {problem.code for problem in found.problems} == {"monitoring.form_two_on_one_day"}


def test_what_is_registered_already_holds():
    known = ("F1", "A", "2025-01-15", "trust", "samlet", 5.0)
    found, tables, _ = sent(lambda row: 2 if only("tillid")(row) else None, None, known)
    assert [problem.code for problem in found.problems] == ["monitoring.form_registered_otherwise"]
    assert with_registrations(tables, found)["registration"]["value"].tolist() == [5.0]
    same, _, _ = sent(lambda row: 5 if only("tillid")(row) else None, None, known)
    assert same.problems == ()


@pytest.mark.parametrize(
    ("content", "code"), [(b"no workbook", "form_unreadable"), (b"x" * 5_000_001, "form_too_large")]
)
def test_a_file_that_is_no_workbook_is_named(content, code):
    tables, enrolled = town()
    found = read_registrations({"notat.xlsx": content}, tables, enrolled, RULES)
    assert [(problem.file, problem.code) for problem in found.problems] == [("notat.xlsx", f"monitoring.{code}")]


@pytest.mark.parametrize(("heading", "code"), [("Ark", "form_no_sheet"), (SHEET, "form_no_column")])
def test_another_workbook_is_named(heading, code):
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.title = heading
    book.active.append(["Familie", "Svar"])
    book.save(buffer)
    tables, enrolled = town()
    found = read_registrations({"andet.xlsx": buffer.getvalue()}, tables, enrolled, RULES)
    assert [problem.code for problem in found.problems] == [f"monitoring.{code}"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_to_mend_names_place_and_cure(lang):
    found, _, _ = sent(plain, put("value", 9))
    content = mend_workbook(found.problems, lang)
    assert content == mend_workbook(found.problems, lang)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    (problem,) = found.problems
    assert rows == [[problem.file, str(problem.row), "Svar", "9", problem.message(lang)]]


def test_the_folder_is_read_and_is_an_input_of_the_run(tmp_path):
    from helhed.publishing.inputs import input_hashes

    (tmp_path / "registrations").mkdir()
    (tmp_path / "registrations" / "registrations_2025K1_K1.xlsx").write_bytes(b"x")
    (tmp_path / "registrations" / "~$registrations_2025K1_K1.xlsx").write_bytes(b"x")
    assert list(input_hashes(tmp_path)) == ["registrations/registrations_2025K1_K1.xlsx"]
