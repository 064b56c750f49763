"""No rule of law holds twice on one day or leaves days between its versions, and each version has a case of its own."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.plan.statutes import acts, in_force, on_day, read_statutes, statutes, version_faults, version_of
from helhed.profile import known_years
from helhed.texts import LANGUAGES

_START = date(2024, 1, 1)
#: By hand, from what was read of each version: (rule, first day) to months, age, content, what it may stand in for.
CASES = {
    ("bl_3", _START): (None, 10, 0, ()),
    ("bl_20", _START): (4, None, 0, ()),
    ("bl_32", _START): (None, None, 0, ()),
    ("bl_78", _START): (None, None, 0, ("parents_plan",)),
    ("bl_91", _START): (3, None, 0, ()),
    ("bl_92", _START): (None, None, 3, ()),
    ("bl_95", _START): (3, None, 0, ()),
    ("bl_109", _START): (None, None, 4, ()),
    ("bl_110", _START): (None, None, 0, ("youth_plan", "childs_plan")),
    ("sel_141", None): (None, None, 3, ("adult_plan",)),
    ("lab_42", None): (None, None, 0, ("job_plan",)),
    ("rsl_5", None): (None, None, 0, ()),
    ("rsl_11a", None): (None, None, 0, ()),
    ("rsl_11b", None): (None, None, 0, ()),
    ("rsl_11c", _START): (None, None, 0, ()),
}
VERSIONS = [version for versions in statutes().values() for version in versions]


def test_each_version_has_a_case():
    assert {(version.id, version.valid_from) for version in VERSIONS} == set(CASES)
    assert len(VERSIONS) == len(CASES)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.id}@{version.valid_from}")
def test_each_version_says_what_was_read_and_counts_on_its_own_days_alone(version):
    months, age, n_contents, replaces = CASES[version.id, version.valid_from]
    assert (version.deadline.months if version.deadline else None, version.age) == (months, age)
    assert (len(version.content), version.replaces) == (n_contents, replaces)
    assert all(version.rule(lang) for lang in LANGUAGES) and version.url.startswith("https://")
    counts = in_force(version.id, version.valid_from or version.read_date)
    assert counts == (version if version.confirmed else None)
    if version.valid_from:
        assert on_day(version.id, version.valid_from - timedelta(days=1)).version != version
    if version.valid_to:
        assert on_day(version.id, version.valid_to + timedelta(days=1)).version != version


def test_no_rule_has_overlapping_versions_or_gaps():
    for versions in statutes().values():
        assert version_faults(versions) == []


def declared(*days, **more):
    """Return a declared rule with a version for each (first day, last day), the second stating only what changed."""
    first = {
        "da": "En frist.",
        "en": "A deadline.",
        "deadline": {"months": 3, "after": "child_measure_start"},
        "age": 10,
    }
    versions = []
    for number, (valid_from, valid_to) in enumerate(days):
        own = {
            "valid_from": valid_from,
            "valid_to": valid_to,
            "read_date": date(2026, 1, 2),
            "url": f"https://a/{number}",
        }
        versions.append(({} if versions else first) | {key: value for key, value in own.items() if value} | more)
    return {"bl_1": {"act": "bl", "section": "1", "versions": versions}}


JANUARY, JUNE = date(2024, 1, 1), date(2025, 6, 1)


@pytest.mark.parametrize(
    "days",
    [
        [(JANUARY, JUNE), (JUNE, None)],  # both hold on 1 June
        [(JANUARY, date(2025, 7, 1)), (JUNE, None)],  # overlap
        [(JANUARY, date(2025, 5, 30)), (JUNE, None)],  # 31 May lies between
        [(JANUARY, None), (JUNE, None)],  # the first never ends
        [(JANUARY, date(2025, 5, 31)), (None, None)],  # the second has no first day
        [(JUNE, JANUARY)],  # ends before it begins
        [(JUNE, None), (JANUARY, date(2025, 5, 31))],  # not in order
        [],
    ],
)
def test_versions_that_overlap_or_leave_a_gap_are_refused(days):
    with pytest.raises(ValueError, match="bl_1"):
        read_statutes(declared(*days), acts())


def test_a_later_version_states_only_what_changed():
    days = [(JANUARY, date(2025, 5, 31)), (JUNE, None)]
    old, new = read_statutes(declared(*days), acts())["bl_1"]
    assert (new.da, new.deadline, new.age) == (old.da, old.deadline, old.age)
    # Days and address are each version's own.
    assert (old.valid_to, new.valid_to, new.url) == (date(2025, 5, 31), None, "https://a/1")
    rule = declared(*days)
    rule["bl_1"]["versions"][1] |= {"no_longer": ["deadline"], "age": 12}
    old, new = read_statutes(rule, acts())["bl_1"]
    assert (old.deadline.months, old.age, new.deadline, new.age) == (3, 10, None, 12)


def test_a_version_without_its_own_day_read_and_address_is_refused():
    rule = declared((JANUARY, date(2025, 5, 31)), (JUNE, None))
    del rule["bl_1"]["versions"][1]["read_date"]
    with pytest.raises(ValueError, match="read_date"):
        read_statutes(rule, acts())


@settings(max_examples=60)
@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 1, 1)), min_size=2, max_size=5, unique=True), st.booleans())
def test_any_versions_that_follow_each_other_cover_each_day_once(firsts, is_open):
    firsts = sorted(firsts)
    lasts = [day - timedelta(days=1) for day in firsts[1:]]
    days = [*zip(firsts, lasts, strict=False), (firsts[-1], None if is_open else date(2027, 1, 1))]
    versions = read_statutes(declared(*days), acts())["bl_1"]
    for day in [*firsts, *lasts, firsts[0] - timedelta(days=1), date(2027, 1, 2)]:
        n_holding = sum(version.holds(day) for version in versions)
        assert n_holding == (firsts[0] <= day and (is_open or day <= date(2027, 1, 1)))
        assert (version_of(versions, day) is not None) == bool(n_holding)
    # One day more or less anywhere is refused.
    for shift in (-1, 1):
        moved = [(days[0][0], days[0][1] + timedelta(days=shift)), *days[1:]]
        with pytest.raises(ValueError, match="bl_1"):
            read_statutes(declared(*moved), acts())


def test_the_act_of_child_cases_is_the_same_in_the_rules_and_in_the_years():
    for year in (2022, 2023, 2024, 2025, 2026):
        act = acts()["bl"] if date(year, 1, 1) >= acts()["bl"].valid_from else acts()[acts()["bl"].before]
        assert known_years().in_force(year)["plan.children_act"][1].value == act.da
