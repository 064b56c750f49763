"""Forms that coordinators fill in with the families: no loss on the way into the plans, nothing shared beyond them."""

import io
from dataclasses import replace
from datetime import date, time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.plan.assembly import assemble_plans
from helhed.plan.consent import has_programme_consent
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.forms import (
    SECTOR_PLANS,
    family_form,
    is_family_form,
    read_family_forms,
    sector_form,
    word_form,
    workbook,
)
from helhed.plan.model import Consent
from helhed.plan.versions import VersionFolder, with_kept_consents
from helhed.plan.views import may_see
from helhed.plan.written import with_written, written_plans
from helhed.profile import declared_entries

SETTINGS = {key: entry.default for key, entry in declared_entries().items()}
TABLES = example_tables()
PLANS = assemble_plans(TABLES, SETTINGS, EXAMPLE_DAY)
PLAN = PLANS["eksempel"]
MADE = {"excel": ("a.xlsx", workbook), "word": ("a.docx", word_form)}
ROWS = {
    "family": [{"written_by": "koordinator", "fade_from_date": date(2025, 12, 1), "contact_after": "Skriv til mig"}],
    "meetings": [
        {
            "meeting_id": "m1",
            "held_date": date(2025, 6, 24),
            "meeting_kind": "network",
            "participants": "familien, koordinator",
            "start_time": time(15, 30),
            "end_time": time(16, 30),
            "place": "Familiehuset",
            "repeats_weeks": None,
        }
    ],
    "agreements": [
        {"at_meeting": "m1", "what": "Ringe til skolen", "owner": "koordinator", "due_date": date(2025, 7, 1)}
    ],
    "network": [
        {"who": "mormor", "contact_kind": "private", "network_of": "barn", "what": "henter", "takes_part": True}
    ],
    "consents": [
        {
            "consent_kind": "sharing",
            "given_by": "voksen",
            "about": "voksen",
            "departments": ("health",),
            "life_areas": ("employment",),
            "from_date": date(2025, 5, 1),
        }
    ],
    "fade_out": [
        {"what": "Aftaler selv med skolen", "takes_over": "mor", "due_date": date(2026, 1, 5), "is_done": None}
    ],
    "reviews": [{"review_date": date(2025, 11, 3)}],
    "evaluations": [
        {"evaluated_date": date(2025, 5, 20), "person_id": "barn", "question": "Hvad hjælper?", "score": 4}
    ],
}


def form(lang="da", rows=ROWS, family="eksempel", members=PLAN.members):
    full = {
        sheet: [dict.fromkeys(field.name for field in _sheet(sheet).fields) | row for row in found]
        for sheet, found in rows.items()
    }
    return family_form(lang, family, members, {}, full)


def _sheet(name):
    return next(sheet for sheet in family_form("da").sheets if sheet.name == name)


def read(files, lang="da"):
    return read_family_forms(files, PLANS, lang)


def plan_with(found):
    return assemble_plans(TABLES | {"written": found.written}, SETTINGS, EXAMPLE_DAY)["eksempel"]


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("kind", MADE)
def test_what_the_form_says_stands_in_the_plan(kind, lang):
    name, make = MADE[kind]
    found = read({name: make(form(lang))}, lang)
    assert found.problems == ()
    plan = plan_with(found)
    assert plan.lines == PLAN.lines and plan.members == PLAN.members
    coming = plan.next_meeting
    assert (coming.held_date, coming.start_time, coming.place) == (date(2025, 6, 24), time(15, 30), "Familiehuset")
    assert [one.what for one in coming.agreements] == ["Ringe til skolen"]
    assert [(one.who, one.person_id, one.takes_part) for one in plan.network] == [("mormor", "barn", True)]
    assert [one.kind for one in plan.consents] == ["programme", "sharing"]
    assert (plan.consents[1].given_by, plan.consents[1].departments) == ("voksen", ("health",))
    assert (plan.fade_out.from_date, plan.fade_out.steps[0].takes_over) == (date(2025, 12, 1), "mor")
    assert plan.review_dates == (date(2025, 11, 3),) and plan.evaluations[0].score == 4
    # The consent that was written down decides from now on: it names health and not the children's department.
    job = next(line for line in plan.lines if line.line_id == "l3")
    assert may_see(PLAN, job, "children") and not may_see(plan, job, "children")


def test_a_blank_form_changes_nothing():
    for lang in ("da", "en"):
        for name, make in MADE.values():
            found = read({name: make(form(lang, {}))}, lang)
            assert found.problems == () and plan_with(found) == PLAN


def test_a_meeting_that_the_tables_have_is_filled_in_and_not_doubled():
    held = PLAN.meetings[0]
    rows = {"meetings": [ROWS["meetings"][0] | {"held_date": held.held_date, "meeting_kind": held.kind}]}
    plan = plan_with(read({"a.xlsx": workbook(form(rows=rows))}))
    assert len(plan.meetings) == len(PLAN.meetings)
    assert plan.meetings[0] == replace(held, start_time=time(15, 30), end_time=time(16, 30), place="Familiehuset")


def broken(change):
    book = openpyxl.load_workbook(io.BytesIO(workbook(form())))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


BROKEN = {
    "member": (lambda book: book["Familien"].__setitem__("A2", "Voksen 7"), "other_members"),
    "date": (lambda book: book["Samtykker"].__setitem__("G2", "i morgen"), ""),
    "column": (lambda book: book["Samtykker"].delete_cols(3), "column_missing"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_form_that_cannot_be_read_shares_nothing(case):
    change, code = BROKEN[case]
    found = read({"a.xlsx": broken(change)})
    assert [one for one in found.problems if one.severity == "must_fix"], case
    assert not code or f"plan_forms.{code}" in {one.code for one in found.problems}
    job = next(line for line in PLAN.lines if line.line_id == "l3")
    assert may_see(PLAN, job, "children") and not may_see(plan_with(found), job, "children")


def test_two_forms_of_one_family_are_both_left_out_and_nothing_is_shared():
    found = read({"a.xlsx": workbook(form()), "b.docx": word_form(form())})
    assert [(one.code, one.file) for one in found.problems] == [
        ("plan_forms.family_twice", "a.xlsx"),
        ("plan_forms.family_twice", "b.docx"),
    ]
    plan = plan_with(found)
    assert plan.network == () and not [
        line for line in plan.lines if line.department != "children" and may_see(plan, line, "children")
    ]


def test_a_form_of_a_family_outside_the_programme_is_told():
    found = read({"a.xlsx": workbook(form(family="ukendt"))})
    assert [one.code for one in found.problems] == ["plan_forms.unknown_family"] and found.written.empty


def test_the_forms_of_offices_are_none_of_a_family():
    for name, make in MADE.values():
        assert is_family_form(make(form()), name, "da")
        assert not any(is_family_form(make(sector_form(plan, "da")), name, "da") for plan in SECTOR_PLANS[:2])
    assert not is_family_form(b"no workbook", "a.xlsx", "da")


texts = st.text(max_size=40)


@settings(max_examples=15, deadline=None)
@given(texts, texts, st.dates(date(2024, 1, 1), date(2027, 1, 1)))
def test_anything_typed_in_comes_out_as_text(who, what, day):
    rows = {"network": [ROWS["network"][0] | {"who": f"x{who}", "what": what}], "reviews": [{"review_date": day}]}
    found = read({"a.xlsx": workbook(form(rows=rows))})
    assert not [one for one in found.problems if one.severity == "must_fix"]
    plan = with_written(PLAN, written_plans(found.written)["eksempel"])
    assert plan.network[0].who.startswith("x") and plan.review_dates == (day,)


def test_what_was_taken_back_in_the_form_ends_the_kept_consent(tmp_path):
    given = Consent("ark-s1", "sharing", "voksen", "voksen", ("health",), ("employment",), date(2025, 5, 1))
    VersionFolder(tmp_path / "plans" / "versions").keep(
        replace(PLAN, consents=(*PLAN.consents, given)), "koordinator", EXAMPLE_DAY, "da"
    )

    class Folder(dict):
        folder = tmp_path

    back = replace(given, withdrawn_date=date(2025, 5, 20))
    for sent in (given, back):
        plan = replace(PLAN, consents=(*PLAN.consents, sent))
        kept = with_kept_consents({"eksempel": plan}, Folder())["eksempel"]
        assert [one.withdrawn_date for one in kept.consents if one.kind == "sharing"] == [sent.withdrawn_date]


@pytest.mark.parametrize("withdrawn", [None, date(2025, 5, 20)])
def test_a_yes_to_the_programme_that_stands_in_the_form_alone_counts_until_it_is_taken_back(tmp_path, withdrawn):
    yes = Consent("ark-s1", "programme", "voksen", from_date=date(2025, 5, 1))
    plan = replace(PLAN, consent_date=None, consents=(yes,))
    kept = replace(plan, consents=(replace(yes, withdrawn_date=withdrawn),))
    VersionFolder(tmp_path / "plans" / "versions").keep(kept, "koordinator", EXAMPLE_DAY, "da")

    class Folder(dict):
        folder = tmp_path

    found = with_kept_consents({"eksempel": plan}, Folder())["eksempel"]
    assert has_programme_consent(found) is (withdrawn is None)
