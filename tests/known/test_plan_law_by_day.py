"""The version of the law that counts is the one of the day; a day no version covers is asked about; worked by hand."""

import io
from copy import deepcopy
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from helhed.plan import statutes as module
from helhed.plan.assembly import assemble_plans
from helhed.plan.deadline_list import deadlines_workbook
from helhed.plan.deadlines import deadline_table, statutory_deadlines
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.family_page import Wording
from helhed.plan.findings import find, words
from helhed.plan.law_by_day import Doubtful, doubts, not_confirmed, versions_used
from helhed.plan.law_in_plan import contents, replacements
from helhed.plan.model import Member
from helhed.plan.statute_words import doubt_in_words
from helhed.plan.statutes import due_date, in_force, on_day, statutes
from helhed.plan.summary_readers import contents_table
from helhed.plan.views import COORDINATOR
from helhed.plan.wording import plan_in_words
from helhed.profile import declared_entries
from helhed.texts import LANGUAGES


class Settings(dict):
    """Settings by key, with the few things a profile has beside them."""

    name, is_synthetic, folder = "Prøve Kommune", True, None


SETTINGS = {key: entry.default for key, entry in declared_entries().items()}
PROFILE = Settings(SETTINGS)
PLAN = assemble_plans(example_tables(), SETTINGS, EXAMPLE_DAY)["eksempel"]
BEFORE, START = date(2023, 6, 1), date(2024, 1, 1)


def with_measure(plan, **changed):
    """Return a plan whose measure of the children's department is changed."""
    return replace(plan, lines=tuple(replace(li, **changed) if li.measure_id == "m1" else li for li in plan.lines))


def asked(plan, lang="en"):
    """Return the questions on the law of the coordinator's edition of the plan, one text."""
    return "\n".join(row["text"] for row in plan_in_words(plan, Wording(PROFILE, lang), COORDINATOR)["law_questions"])


@pytest.mark.parametrize(
    ("rule", "day", "doubt"),
    [
        ("bl_91", date(2023, 12, 31), "before"),
        ("bl_91", START, ""),
        ("bl_91", date(2026, 11, 21), ""),  # the day it was read
        ("bl_91", date(2026, 11, 22), "read_earlier"),
        ("sel_141", date(2025, 1, 1), "since_not_known"),
        ("sel_141", date(2026, 11, 21), ""),
        ("sel_141", date(2027, 1, 1), "read_earlier"),
    ],
)
def test_what_is_known_of_a_rule_on_a_day(rule, day, doubt):
    assert on_day(rule, day).doubt == doubt


def test_a_deadline_counts_by_the_day_of_the_event():
    assert due_date("bl_91", date(2023, 12, 31)) is None
    assert due_date("bl_91", START) == date(2024, 4, 1)
    early = with_measure(PLAN, start_date=date(2023, 12, 31), person_id="barn")
    assert not [one for one in statutory_deadlines(early) if one.event_date < START]
    # What held then is asked, with the day of the measure and the rules that count from it.
    found = next(one for one in doubts(early) if one.doubt == "before")
    assert (found.days, {rule.section for rule in found.statutes} >= {"91", "95"}) == ((date(2023, 12, 31),), True)
    assert "31 December 2023" in asked(early) and "Check the wording in force on that day" in asked(early)
    assert not [one for one in doubts(with_measure(PLAN, start_date=START)) if one.doubt == "before"]


def test_a_plan_of_2023_is_asked_about_and_is_not_measured_by_the_rules_of_2024():
    old = replace(PLAN, as_of=BEFORE)
    assert {row.statute_id for row in contents(old)} == {"sel_141"}
    assert {row.statute_id for row in replacements(old, True)} == {"sel_141", "lab_42"}
    assert {rule.act.id for rule in versions_used(old) if rule.valid_from and rule.valid_from > BEFORE} <= {"bl"}
    before = [one for one in doubts(old) if one.doubt == "before"]
    assert [(one.act.id, BEFORE in one.days) for one in before] == [("bl", True)]
    assert "Before that Act on Social Services (Serviceloven) held" in asked(old)
    assert "Før det gjaldt serviceloven" in asked(old, "da")


def test_the_age_at_which_a_child_is_a_party_is_that_of_the_day():
    members = tuple(Member("barn", "child", 1, 9) if m.person_id == "barn" else m for m in PLAN.members)
    now, then = replace(PLAN, members=members), replace(PLAN, members=members, as_of=BEFORE)
    signers = {plan.as_of: plan_in_words(plan, Wording(PROFILE, "en"))["signers"] for plan in (now, then)}
    told = {plan.as_of: plan_in_words(plan, Wording(PROFILE, "en"))["children_party"] for plan in (now, then)}
    assert "aged 10 or over" in told[EXAMPLE_DAY] and told[BEFORE].startswith("From what age")
    # Nine years old: no signature of their own from 2024; before, the age is not known and nobody is left out.
    assert (len(signers[EXAMPLE_DAY]), len(signers[BEFORE])) == (1, 3)
    rows = {plan.as_of: plan_in_words(plan, Wording(PROFILE, "en"))["consents"] for plan in (now, then)}
    assert not [row for row in rows[EXAMPLE_DAY] if "party" in row["what"] and row["state"] == "yes"]
    assert [row["what"] for row in rows[BEFORE] if "party" in row["what"]][0].startswith("From what age")


def test_what_was_not_read_in_an_act_is_a_question_on_every_day():
    for day in (BEFORE, EXAMPLE_DAY):
        assert {rule.id for rule in not_confirmed(day)} == {"rsl_5", "rsl_11a", "rsl_11b", "rsl_11c"}
        said = plan_in_words(replace(PLAN, as_of=day), Wording(PROFILE, "da"), COORDINATOR)
        assert not [row for row in said["statutes"] if row["name"].startswith("Retssikkerhedsloven")]
    for section in ("§ 11 a", "§ 11 b", "§ 11 c"):
        assert f"Retssikkerhedsloven {section}: Er det rigtigt, at" in asked(PLAN, "da")
    assert "www.nyborg.dk, ikke i loven" in asked(PLAN, "da") and "www.nyborg.dk, not in the act" in asked(PLAN)
    assert all(in_force(f"rsl_11{letter}", EXAMPLE_DAY) is None for letter in "abc")


@pytest.mark.parametrize(
    ("section", "is_asked"),
    [
        ("Serviceloven § 52, stk. 3, nr. 3", True),
        ("SEL § 140", True),
        ("§ 52 i lov om social service", True),
        ("Act on Social Services § 11", True),
        ("Serviceloven § 52 (nu barnets lov § 32)", False),
        ("Barnets lov § 32", False),
        ("Sundhedsloven § 120", False),
        ("§ 52", False),
    ],
)
def test_a_childs_measure_by_a_section_of_the_act_before_is_asked_about(section, is_asked):
    plan = with_measure(PLAN, section=section)
    found = [item for rule, item in find(plan, SETTINGS) if rule.code == "section_of_earlier_act"]
    assert [item.line.measure_id for item in found] == (["m1"] if is_asked else [])
    # Before barnets lov it was the act in force.
    earlier = [rule.code for rule, _ in find(replace(plan, as_of=BEFORE), SETTINGS)]
    assert "section_of_earlier_act" not in earlier


def test_an_adults_measure_by_the_act_on_social_services_is_none():
    assert not [item for rule, item in find(PLAN, SETTINGS) if rule.code == "section_of_earlier_act"]


@pytest.fixture
def two_versions(monkeypatch):
    """Give § 91 a second, invented version from 1 March 2025 with another deadline, as a new year would state it."""
    declared = deepcopy(module._declared())
    versions = declared["bl_91"]["versions"]
    versions[0]["valid_to"] = date(2025, 2, 28)
    deadline = versions[0]["deadline"] | {"months": 2}
    own = {key: versions[0][key] for key in ("read_date", "url")}
    versions.append({"valid_from": date(2025, 3, 1), "deadline": deadline, **own})
    monkeypatch.setattr(module, "_declared", lambda: declared)
    statutes.cache_clear()
    yield statutes()["bl_91"]
    statutes.cache_clear()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_output_names_the_version_that_counts(two_versions, lang):
    old, new = two_versions
    assert due_date("bl_91", date(2025, 2, 28)) == date(2025, 5, 28)
    assert due_date("bl_91", date(2025, 3, 1)) == date(2025, 5, 1)
    until = {
        "da": "i kraft fra 1. januar 2024 til 28. februar 2025",
        "en": "in force from 1 January 2024 to 28 February 2025",
    }
    since = {"da": "i kraft fra 1. marts 2025", "en": "in force from 1 March 2025"}
    for start, version, said in ((date(2025, 2, 20), old, until), (date(2025, 5, 1), new, since)):
        bare = tuple(
            replace(li, source_plan="education_plan") if li.source_plan == "childs_plan" else li for li in PLAN.lines
        )
        plan = with_measure(replace(PLAN, lines=bare, cases=()), start_date=start, measure_group="placement")
        found = next(one for one in statutory_deadlines(plan) if one.statute_id == "bl_91")
        assert found.statute == version
        in_words = plan_in_words(plan, Wording(PROFILE, lang), COORDINATOR)
        shown = [row["name"] for row in in_words["statutes"] if "§ 91" in row["name"]]
        # The plan's own day is in the second version; the measure of February brings the first beside it.
        assert [said[lang] in name for name in shown].count(True) == 1
        assert len(shown) == (2 if version is old else 1)
        wide = Settings(SETTINGS | {"plan.deadline_window_days": 366})
        table = deadline_table({"eksempel": plan}, wide)
        of_child = table[(table["statute_id"] == "bl_91") & (table["person_id"] == "barn")]
        assert set(of_child["statute_from_date"].dt.date) == {version.valid_from}
        book = openpyxl.load_workbook(io.BytesIO(deadlines_workbook(table, {"eksempel": plan}, lang)))
        cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
        assert any("§ 91" in cell and said[lang] in cell for cell in cells)
        if found.state == "passed":
            late = [
                words(plan, rule, item, lang, profile=SETTINGS)
                for rule, item in find(plan, SETTINGS)
                if item.statute == version
            ]
            assert late and all(said[lang] in one["text"] for one in late)


def test_a_public_table_names_the_versions_of_the_days_of_its_plans():
    now = contents_table({"a": PLAN}, "en").frame["rule"]
    then = contents_table({"a": replace(PLAN, as_of=BEFORE)}, "en").frame["rule"]
    assert any("§ 92 (in force from 1 January 2024)" in rule for rule in now)
    assert not [rule for rule in then if "Barnets lov" in rule]
    assert any("since when was not looked up" in rule for rule in then)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("doubt", ["before", "after", "since_not_known", "read_earlier"])
def test_every_doubt_is_a_question_with_its_days_and_what_to_do(doubt, lang):
    rules = statutes()["bl_91"][0].model_copy(update={"valid_to": date(2025, 12, 31)})
    item = Doubtful(rules.act, doubt, (rules, rules), (BEFORE, date(2026, 2, 1)))
    said = doubt_in_words(item, lang)
    assert "?" in said and "§§ 91" in said and "{" not in said
    days = {"da": "1. juni 2023 og 1. februar 2026", "en": "1 June 2023 and 1 February 2026"}[lang]
    assert days in said and {"da": "Kontrollér ordlyden", "en": "Check the wording"}[lang] in said
    if doubt == "after":
        assert {"da": "31. december 2025", "en": "31 December 2025"}[lang] in said
