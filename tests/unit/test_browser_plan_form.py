"""The check of a plan form finds what the kit could not read in again, and what a coordinator would ask about."""

import io
import json
from datetime import date

import openpyxl
import pytest

from helhed.browser.kit import kit_of
from helhed.browser.page import Page
from helhed.browser.plan_form import Remark, check_form
from helhed.browser.shown_form import remark_in_words
from helhed.browser.table_files import sheets_of
from helhed.plan import EXAMPLE_DAY, example_plan, plan_form, read_family_forms, read_plan_form, workbook
from helhed.profile import declared_entries
from helhed.publishing.browser_kit import browser_kit
from helhed.texts import LANGUAGES, day, text

PLAN = example_plan({key: entry.default for key, entry in declared_entries().items()})
DAY = date(2025, 6, 2)
LINES, MEETINGS = {"da": "Mål og handlinger", "en": "Goals and actions"}, {"da": "Møder", "en": "Meetings"}


def form(lang="da", **cells):
    """Return the example's form with some cells changed: ``sheet!cell`` to value."""
    content = workbook(plan_form(PLAN, lang))
    return changed(content, cells) if cells else content


def changed(content, cells):
    book, buffer = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
    for place, value in cells.items():
        sheet, cell = place.split("!")
        book[sheet][cell] = value
    book.save(buffer)
    return buffer.getvalue()


def check(content, lang="da", today=DAY):
    kit = kit_of(browser_kit(lang))
    return check_form(sheets_of("form.xlsx", content), kit.forms, lang, today)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_as_the_kit_writes_it_has_no_fault(lang):
    found = check(form(lang), lang)
    assert [remark for remark in found.remarks if remark.is_fault] == []
    assert found.n_lines == len(PLAN.lines)
    assert read_plan_form(form(lang), "form.xlsx", PLAN, lang).problems == ()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("I", "i morgen", "not_a_date"),
        ("I", "31-02-2026", "not_a_date"),
        ("L", "mange", "not_a_number"),
        ("L", 90, "not_a_number"),
        ("N", "25:70", "not_a_time"),
        ("J", "måske", "not_a_code"),
        ("M", "mandag; julaften", "not_a_code"),
        ("C", "Naboen", "not_a_member"),
    ],
)
def test_a_fault_is_told_at_the_same_place_in_the_same_words_as_by_the_kit(lang, column, value, code):
    content = form(lang, **{f"{LINES[lang]}!{column}4": value})
    theirs = [problem for problem in read_plan_form(content, "form.xlsx", PLAN, lang).problems if problem.row == 4]
    mine = [remark for remark in check(content, lang).remarks if remark.is_fault]
    assert [problem.code for problem in theirs] == [f"plan_forms.{code}"]
    assert [(remark.code, remark.sheet, remark.row, remark.column) for remark in mine] == [
        (code, theirs[0].sheet, 4, theirs[0].column)
    ]
    if code in ("not_a_date", "not_a_time", "not_a_number"):
        assert remark_in_words(kit_of(browser_kit(lang)).words, mine[0]) == theirs[0].message(lang)


def test_a_cpr_number_in_a_text_is_told_and_never_shown():
    number = "010100" + "3000"
    content = form(**{f"{LINES['da']}!E4": f"Ring til {number}"})
    found = check(content)
    assert [remark.code for remark in found.remarks if remark.is_fault] == ["cpr_removed"]
    page = Page(json.dumps(browser_kit("da")))
    assert number not in page.answer("form", "{}", "form.xlsx", content)


def test_headings_sheets_numbers_and_required_fields_are_looked_at():
    book = openpyxl.load_workbook(io.BytesIO(form()))
    lines = book[LINES["da"]]
    lines["J1"], lines["Q1"] = "Tilstand", "Ekstra"
    found = {remark.code for remark in check(saved(book)).remarks}
    assert {"column_missing", "column_unknown"} <= found
    book = openpyxl.load_workbook(io.BytesIO(form()))
    del book[MEETINGS["da"]]
    assert [remark.code for remark in check(saved(book)).remarks] == ["sheet_missing"]
    lines = openpyxl.load_workbook(io.BytesIO(form()))
    row = lines[LINES["da"]].max_row
    first = lines[LINES["da"]]["A2"].value
    for at in range(2, row + 2):
        if lines[LINES["da"]][f"A{at}"].value is None:
            lines[LINES["da"]][f"E{at}"] = "Et nyt mål"
            break
    lines[LINES["da"]]["A3"] = first
    found = [remark.code for remark in check(saved(lines)).remarks if remark.is_fault]
    assert found.count("row_twice") == 1 and found.count("required") == 3


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_what_is_worth_a_talk_depends_on_the_day():
    early, late = check(form(), today=date(2025, 1, 20)), check(form(), today=date(2030, 1, 1))
    codes = [{remark.code for remark in found.remarks} for found in (early, late)]
    assert "line_overdue" not in codes[0] and "line_overdue" in codes[1]
    assert "no_meeting_ahead" not in codes[0] and "no_meeting_ahead" in codes[1]
    assert "no_consent_sharing" not in codes[0] and "no_consent_sharing" in codes[1]
    assert "line_without" in codes[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_is_checked_as_of_its_own_day_and_says_so(lang):
    page = Page(json.dumps(browser_kit(lang)))
    as_example, as_own = (
        json.loads(page.answer("form", json.dumps(values), "plan.xlsx", form(lang)))["html"]
        for values in ({"is_example": "yes"}, {})
    )
    said = text("browser.says_example_day", lang, day=day(EXAMPLE_DAY, lang))
    assert f"<p>{said}</p>" in as_example.replace("&#x27;", "'") and said not in as_own.replace("&#x27;", "'")
    assert as_example.count("<tr>") < as_own.count("<tr>")


@pytest.mark.parametrize(("lang", "said"), [("da", "mangler ansvarlig og frist."), ("en", "lacks ")])
def test_what_a_line_lacks_stands_as_a_list_in_words(lang, said):
    words = kit_of(browser_kit(lang)).words
    missing = Remark("line_without", details={"missing": "owner,due_date"}, is_fault=False)
    assert said in remark_in_words(words, missing) and (" og " if lang == "da" else " and ") in remark_in_words(
        words, missing
    )
    one = Remark("line_without", details={"missing": "owner"}, is_fault=False)
    assert " og " not in remark_in_words(words, one) and " and " not in remark_in_words(words, one)


def test_a_deadline_before_the_start_and_an_agreement_of_no_meeting_are_told():
    found = check(form(**{f"{LINES['da']}!I4": "01-01-2024", "Aftaler!B2": "møde-99"}))
    assert {"ends_before_start", "meeting_unknown"} <= {remark.code for remark in found.remarks}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_offices_own_form_is_known_too(root, lang):
    content = (root / "templates" / "sector_plans" / f"childs_plan_{lang}.xlsx").read_bytes()
    found = check(content, lang)
    assert [remark.code for remark in found.remarks] == ["no_lines"]


def family_form_of(root, lang, **cells):
    content = (root / "templates" / "sector_plans" / f"family_eksempel_{lang}.xlsx").read_bytes()
    return changed(content, cells) if cells else content


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_familys_own_form_is_checked_as_what_it_is(root, lang):
    content = family_form_of(root, lang)
    found = check(content, lang)
    assert found.is_family_form and found.is_form and [one for one in found.remarks if one.is_fault] == []
    counts = {"meetings": 1, "agreements": 0, "network": 3, "consents": 2, "faults": 0, "thoughts": 1}
    html = json.loads(
        Page(json.dumps(browser_kit(lang))).answer("form", json.dumps({"is_example": "yes"}), "f.xlsx", content)
    )["html"]
    assert text("browser.says_family_form", lang, **counts).replace("'", "&#x27;") in html
    plans = {"eksempel": PLAN}
    assert [one for one in read_family_forms({"f.xlsx": content}, plans, lang).problems if one.severity != "note"] == []


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("Samtykker!C2", "Naboen", "not_a_member"),
        ("Samtykker!G2", "i morgen", "not_a_date"),
        ("Netværk!C2", "ven", "not_a_code"),
    ],
)
def test_a_fault_of_the_familys_form_is_told_in_the_kits_words(root, cell, value, code):
    content = family_form_of(root, "da", **{cell: value})
    theirs = read_family_forms({"f.xlsx": content}, {"eksempel": PLAN}, "da").problems
    mine = [one for one in check(content).remarks if one.is_fault]
    assert [(one.code, one.sheet, one.row) for one in mine] == [(code, cell.split("!")[0], 2)]
    assert [(one.code, one.sheet, one.row) for one in theirs] == [(f"plan_forms.{code}", cell.split("!")[0], 2)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_blank_form_of_a_family_says_whose_it_is_to_be(root, lang):
    content = (root / "templates" / "sector_plans" / f"family_{lang}.xlsx").read_bytes()
    assert [remark.code for remark in check(content, lang).remarks if remark.is_fault] == ["required"]


@pytest.mark.parametrize("gone", ["Om familiens skema", "Møder"])
def test_a_familys_form_that_lost_a_sheet_is_still_known(root, gone):
    book = openpyxl.load_workbook(io.BytesIO(family_form_of(root, "da")))
    del book[gone]
    found = check(saved(book))
    assert found.is_family_form and [(one.code, one.value) for one in found.remarks] == [("sheet_missing", gone)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_faults_before_thoughts_and_refuses_what_is_no_form(lang):
    page = Page(json.dumps(browser_kit(lang)))
    content = form(lang, **{f"{LINES[lang]}!I4": "i morgen"})
    html = json.loads(page.answer("form", "{}", "form.xlsx", content))["html"]
    assert html.index(text("browser.form_faults", lang)) < html.index(text("browser.form_thoughts", lang))
    other = (io.BytesIO(), openpyxl.Workbook())
    other[1].save(other[0])
    for name, strange in (("x.xlsx", other[0].getvalue()), ("x.csv", b"a;b\n1;2")):
        html = json.loads(page.answer("form", "{}", name, strange))["html"]
        assert browser_kit(lang)["texts"]["unreadable_no_form"][:30] in html
