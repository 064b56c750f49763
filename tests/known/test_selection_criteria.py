"""Criteria on work, education, everyday life, functional level and the shape of the family, worked out by hand.

The reference day is 31 December 2025. A window of three months is October-December, one of six July-December.
"""

import pandas as pd
import pytest

from helhed.profile import read_profile
from helhed.profile.published_rules import published_rules
from helhed.selection import evaluate_criteria, read_rule
from helhed.selection.models import model_statuses
from helhed.selection.variants import with_published_rule
from helhed.tables import tables as contracts

DAY = "2025-12-31"
QUARTER = ("2025-10-01", "2025-11-01", "2025-12-01")


def make_profile(tmp_path, **settings):
    lines = [f"  selection.{key}: {value}" for key, value in settings.items()]
    head = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    (tmp_path / "profile.yml").write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
    return read_profile(tmp_path, "en")


def conformed(name, rows):
    contract = contracts()[name]
    dates = {c.name for c in contract.columns if c.kind in ("date", "month")}
    fill = {"text": "x", "code": "other", "dkk": 0.0, "flag": True, "id": "x", "number": 0.0}
    full = [
        {
            c.name: pd.Timestamp(row[c.name])
            if c.name in dates and row.get(c.name)
            else row.get(c.name, fill.get(c.kind) if c.required else None)
            for c in contract.columns
        }
        for row in rows
    ]
    return contract.conform(pd.DataFrame(full)) if rows else contract.empty()


def town(*births, adults=1, **rows):
    """Return a family F with adults F1, F2 … and children Fc1 …, known for a benefit, and what else is given."""
    people = [(f"F{i}", "adult", "1988-03-01") for i in range(1, adults + 1)]
    people += [(f"Fc{i}", "child", birth) for i, birth in enumerate(births or ("2015-05-01",), start=1)]
    tables = {
        "person": [{"person_id": person, "birth_date": birth} for person, _, birth in people],
        "family_member": [{"family_id": "F", "person_id": person, "role": role} for person, role, _ in people],
        "benefit_spell": [{"person_id": "Fc1", "benefit": "kontanthjaelp", "start_date": "2025-01-01"}],
        "child_case": [],
        "measure": [],
    }
    return {name: conformed(name, found) for name, found in (tables | rows).items()}


def judged(tables, profile, criterion):
    row = evaluate_criteria(tables, profile, DAY, [criterion]).iloc[0]
    return row["status"], None if pd.isna(row["value"]) else row["value"]


def work(person, *hours, in_education=False):
    pairs = zip(QUARTER[-len(hours) :], hours, strict=True)
    return [{"person_id": person, "month": month, "hours": one, "in_education": in_education} for month, one in pairs]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (work("F1", 0.0, 0.0, 39.0), ("met", 1.0)),  # below 40 hours in all three months
        (work("F1", 0.0, 40.0, 0.0), ("not_met", 0.0)),  # one month is enough
        (work("F1", 0.0, 0.0), ("cannot_tell", None)),  # October is missing: it could hold 40 hours
        (work("F1", 160.0), ("not_met", 0.0)),  # what is seen decides whatever is missing
        (work("Fc1", 0.0, 0.0, 0.0), ("cannot_tell", None)),  # nothing known of the adult
    ],
)
def test_no_adult_in_work(tmp_path, rows, expected):
    assert judged(town(employment=rows), make_profile(tmp_path), "no_adult_in_work") == expected


def test_one_of_two_adults_at_work_is_enough_and_one_unknown_leaves_it_open(tmp_path):
    idle, busy = work("F1", 0.0, 0.0, 0.0), work("F2", 0.0, 0.0, 80.0)
    profile = make_profile(tmp_path)
    assert judged(town(adults=2, employment=idle + busy), profile, "no_adult_in_work") == ("not_met", 0.0)
    assert judged(town(adults=2, employment=idle), profile, "no_adult_in_work") == ("cannot_tell", None)


def test_without_the_source_nothing_can_be_told(tmp_path):
    profile = make_profile(tmp_path)
    for name in ("no_adult_in_work", "adult_in_education", "health_course", "housing_problem", "no_daycare"):
        assert judged(town(), profile, name)[0] == "cannot_tell", name


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (work("F1", 0.0, in_education=True), ("met", 1.0)),
        (work("F1", 0.0, 0.0, 0.0), ("not_met", 0.0)),
        (work("F1", 0.0), ("cannot_tell", 0.0)),
    ],
)
def test_an_adult_in_education(tmp_path, rows, expected):
    assert judged(town(employment=rows), make_profile(tmp_path), "adult_in_education") == expected


@pytest.mark.parametrize(("end", "status"), [(None, "met"), (DAY, "met"), ("2025-12-30", "not_met")])
@pytest.mark.parametrize(("table", "criterion"), [("health", "health_course"), ("housing", "housing_problem")])
def test_a_course_or_circumstance_runs_until_and_with_its_last_day(tmp_path, table, criterion, end, status):
    rows = [{"person_id": "F1", "kind": "x", "start_date": "2025-01-01", "end_date": end}]
    assert judged(town(**{table: rows}), make_profile(tmp_path), criterion)[0] == status


def rating(person, day, *levels, item=None):
    domains = ("Sundhed", "Egenomsorg", "Kommunikation", "Mobilitet")
    common = {"family_id": "F", "person_id": person, "registered_date": day, "instrument": "functional_level"}
    pairs = zip([item] if item else domains, levels, strict=False)
    return [common | {"item": domain, "value": float("ABCD".index(level) + 1)} for domain, level in pairs]


def test_functional_level_counts_domains_of_the_latest_rating(tmp_path):
    # March: four domains at D; November: C, D, B and the overall level, which does not count: two domains
    rows = rating("F1", "2025-03-01", *"DDDD") + rating("F1", "2025-11-01", *"CDB")
    rows += rating("F1", "2025-11-01", "D", item="Samlet funktionsniveau")
    tables = town(registration=rows)
    assert judged(tables, make_profile(tmp_path), "adult_functional_level") == ("not_met", 2.0)
    assert judged(tables, make_profile(tmp_path, functional_level="B"), "adult_functional_level") == ("met", 3.0)
    assert judged(tables, make_profile(tmp_path), "child_functional_level") == ("cannot_tell", None)


def test_a_rating_before_the_window_is_none(tmp_path):
    tables = town(registration=rating("F1", "2024-12-31", *"DDDD"))
    assert judged(tables, make_profile(tmp_path), "adult_functional_level") == ("cannot_tell", None)
    longer = make_profile(tmp_path, functional_window_months=13)
    assert judged(tables, longer, "adult_functional_level") == ("met", 4.0)


@pytest.mark.parametrize(("end", "expected"), [("2024-01-01", ("met", 2.0)), ("2023-12-31", ("not_met", 1.0))])
def test_placements_in_the_window(tmp_path, end, expected):
    # 24 months: 1 January 2024 - 31 December 2025
    spans = [("2023-03-01", end), ("2025-02-01", None)]
    rows = [
        {"measure_id": str(i), "person_id": "Fc1", "measure_group": "placement", "department": "children"}
        | {"start_date": start, "end_date": stop}
        for i, (start, stop) in enumerate(spans)
    ]
    assert judged(town(measure=rows), make_profile(tmp_path), "n_placements") == expected
    # 36 months and a day would begin before the data period, which begins on 1 January 2023
    early = make_profile(tmp_path, placement_window_months=37, n_placements=3)
    assert judged(town(measure=rows), early, "n_placements") == ("cannot_tell", 2.0)


@pytest.mark.parametrize(("birth", "status"), [("2010-12-01", "met"), ("2011-01-01", "not_met")])
def test_an_older_child_has_reached_the_age_in_the_month_of_its_birthday(tmp_path, birth, status):
    assert judged(town(birth), make_profile(tmp_path), "older_child")[0] == status


def test_family_size_and_single_parents(tmp_path):
    profile = make_profile(tmp_path)
    assert judged(town("2015-01-01", "2017-01-01", "2020-01-01"), profile, "n_children") == ("met", 3.0)
    assert judged(town("2007-12-01", "2017-01-01", "2020-01-01"), profile, "n_children") == ("not_met", 2.0)
    assert judged(town(adults=1), profile, "one_adult") == ("met", 1.0)
    assert judged(town(adults=2), profile, "one_adult") == ("not_met", 0.0)
    assert judged(town(adults=0), profile, "one_adult") == ("cannot_tell", None)


def everyday(flag, *told, person="Fc1"):
    return [{"person_id": person, "month": month, flag: value} for month, value in told]


@pytest.mark.parametrize(
    ("births", "told", "expected"),
    [
        (("2015-05-01",), [("2025-11-01", False)], ("met", 1.0)),
        (("2015-05-01",), [("2025-07-01", True), ("2025-12-01", False)], ("not_met", 0.0)),
        (("2015-05-01",), [("2025-06-01", False)], ("cannot_tell", 0.0)),  # before the window
        (("2020-05-01",), [("2025-12-01", False)], ("not_met", 0.0)),  # five years old
    ],
)
def test_no_leisure_activity(tmp_path, births, told, expected):
    tables = town(*births, leisure=everyday("has_activity", *told))
    assert judged(tables, make_profile(tmp_path), "no_leisure_activity") == expected


@pytest.mark.parametrize(("birth", "expected"), [("2023-05-01", ("met", 1.0)), ("2025-05-01", ("not_met", 0.0))])
def test_no_daycare_from_one_year_on(tmp_path, birth, expected):
    tables = town(birth, daycare=everyday("is_enrolled", ("2025-12-01", False)))
    assert judged(tables, make_profile(tmp_path), "no_daycare") == expected


@pytest.mark.parametrize(
    ("section", "status"),
    [
        ("Barnets lov § 32", "met"),
        ("Barnets lov § 32, stk. 1, nr. 5", "met"),
        ("Barnets lov § 3", "not_met"),
        ("Barnets lov § 320", "not_met"),
        (None, "cannot_tell"),
    ],
)
def test_a_case_under_a_listed_section(tmp_path, section, status):
    case = {"case_id": "1", "person_id": "Fc1", "case_type": "barnets_plan", "section": section, "status": "open"}
    measure = {"measure_id": "1", "person_id": "F1", "department": "health", "section": "SUL § 141"}
    tables = town(child_case=[case | {"start_date": "2025-01-01"}], measure=[measure | {"start_date": "2025-01-01"}])
    assert judged(tables, make_profile(tmp_path), "case_by_section")[0] == status


def test_published_rules_are_sound_and_find_what_they_say(tmp_path):
    profile = make_profile(tmp_path)
    for name in published_rules():
        assert read_rule(with_published_rule(profile, name))
        assert all(published_rules()[name].title(lang) and published_rules()[name].note(lang) for lang in ("da", "en"))
    # on benefit all year, a disability case, a housing problem: Thisted yes; three of the six needs: no, two of them
    case = {"case_id": "1", "person_id": "Fc1", "case_type": "handicap", "status": "open", "start_date": "2025-01-01"}
    rows = {"benefit_spell": [{"person_id": "F1", "benefit": "kontanthjaelp", "start_date": "2025-01-01"}]}
    rows |= {"housing": [{"person_id": "F1", "kind": "x", "start_date": "2025-01-01"}], "child_case": [case]}
    found = model_statuses(town(**rows), profile, DAY).loc["F"]
    assert found[list(published_rules())].to_dict() == {
        "thisted": "met",
        "morsoe": "met",
        "supporting_families": "cannot_tell",
    }
    notified = [case, case | {"case_id": "2", "case_type": "barnets_plan"}]
    found = model_statuses(town(**rows | {"child_case": notified}), profile, DAY).loc["F"]
    assert found["supporting_families"] == "met"
