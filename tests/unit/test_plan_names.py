"""The local name list: read, its mistakes told without naming anyone, and never in a plan."""

import io

import openpyxl
import pytest

from helhed.errors import DataNeedsWork
from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.forms.people import People
from helhed.plan.names import read_name_list
from helhed.publishing.plan_name_list import name_workbook, people_of_plans
from helhed.texts import LANGUAGES, text

HEADS = [text(f"intake.families_{name}", "da") for name in ("family_id", "role", "cpr", "person_id")] + ["Navn"]
ANNA, BO = "010120" + "3000", "020220" + "3001"
ROWS = [["eksempel", "voksen", ANNA, "voksen", "Anna Opdigtet"], ["eksempel", "barn", BO, "barn", "Bo Opdigtet"]]


def excel(rows, heads=HEADS, warning="Fortroligt"):
    book = openpyxl.Workbook()
    for row in [[warning], heads, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def csv(rows, encoding):
    return "\r\n".join(";".join(row) for row in [HEADS, *rows]).encode(encoding)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("navne.xlsx", excel(ROWS)),
        ("navne.xlsx", excel([[*row[:2], int(row[2]), *row[3:]] for row in ROWS])),
        ("navne.csv", csv(ROWS, "utf-8-sig")),
        ("navne.csv", csv(ROWS, "cp1252")),
    ],
)
def test_names_and_numbers_are_read_by_person(name, content):
    found = read_name_list(content, name, "da")
    assert found.names == {"voksen": "Anna Opdigtet", "barn": "Bo Opdigtet"}
    assert found.person_of_cpr == {ANNA: "voksen", BO: "barn"}
    assert found.labels()["barn"] == "Bo Opdigtet"
    assert found.labels(with_cpr=True)["barn"] == f"Bo Opdigtet ({BO[:6]}-{BO[6:]})"
    assert "Anna" not in repr(found) and ANNA not in repr(found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_kits_own_list_is_read_back_with_what_was_typed_and_keeps_it(lang):
    plans = assemble_plans(example_tables(), {"plan.duplicate_likeness": 0.9}, EXAMPLE_DAY)
    empty = name_workbook(list(people_of_plans(plans, {"voksen": ANNA}, {}, lang)), lang)
    assert read_name_list(empty, "navne.xlsx", lang, may_be_empty=True).names == {}
    with pytest.raises(DataNeedsWork):
        read_name_list(empty, "navne.xlsx", lang)
    book = openpyxl.load_workbook(io.BytesIO(empty))
    rows = {row[3].value: row for row in book.active.iter_rows(min_row=3)}
    assert set(rows) == {"koordinator 1", "voksen", "barn", "lille"}
    assert [cell.value for cell in rows["voksen"]][:3] == ["eksempel", plans["eksempel"].members[0].label(lang), ANNA]
    for person, name in (("koordinator 1", "Mette, tlf. 12 34"), ("barn", "=1+1")):
        rows[person][4].value, rows[person][4].data_type = name, "s"
    buffer = io.BytesIO()
    book.save(buffer)
    typed = read_name_list(buffer.getvalue(), "navne.xlsx", lang).names
    assert typed == {"koordinator 1": "Mette, tlf. 12 34", "barn": "=1+1"}
    again = name_workbook(list(people_of_plans(plans, {}, typed, lang)), lang)
    assert read_name_list(again, "navne.xlsx", lang).names == typed


def test_english_headings_and_rows_without_names():
    heads = [text(f"intake.families_{name}", "en") for name in ("person_id",)] + ["Name"]
    found = read_name_list(excel([["voksen", "Anna"], ["barn", None], [None, "Ingen"]], heads), "names.xlsx", "en")
    assert found.names == {"voksen": "Anna"}
    plans = assemble_plans(example_tables(), {"plan.duplicate_likeness": 0.9}, EXAMPLE_DAY)
    assert found.missing(plans) == {"eksempel": 2}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("navne.xlsx", b"hej", "unreadable"),
        ("navne.xlsx", excel(ROWS, HEADS[:4]), "column_missing"),
        ("navne.xlsx", excel([]), "empty"),
        ("navne.xlsx", excel([*ROWS, [*ROWS[0][:4], "En anden"]]), "twice"),
        ("navne.xlsx", excel([*ROWS, ["eksempel", "barn", ANNA, "lille", "Cilla"]]), "one_cpr_two_persons"),
    ],
)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_mistake_in_the_list_is_told_without_naming_anyone(name, content, code, lang):
    with pytest.raises(DataNeedsWork) as told:
        read_name_list(content, name, lang)
    assert f"plan_names.{code}" in {problem.code for problem in told.value.problems}
    assert not any(word in str(told.value) for word in ("Anna", "Opdigtet", ANNA, "{"))


def test_a_short_number_is_told_and_not_used():
    found = read_name_list(excel([["f", "barn", "123", "barn", "Bo"]]), "navne.xlsx", "da")
    assert [problem.code for problem in found.problems] == ["plan_names.not_a_cpr"]
    assert found.person_of_cpr == {}


def test_names_in_free_text_give_way_to_the_place_in_the_family():
    plan = assemble_plans(example_tables(), {"plan.duplicate_likeness": 0.9}, EXAMPLE_DAY)["eksempel"]
    people = People(plan.members, "da", {"barn": "Liv Opdigtet"})
    written = "LIV OPDIGTET skal have mere liv: Liv henter. Livline."
    assert people.without_names(written) == "Barn 1 skal have mere liv: Barn 1 henter. Livline."
