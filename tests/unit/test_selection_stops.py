"""Where an export of cases or measures stops, no answer is given that the missing records could change."""

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest

from helhed.profile import read_profile, sources_with_law
from helhed.selection import (
    criteria,
    criteria_summary,
    department_counts,
    evaluate_criteria,
    evaluate_rule,
    expected_inflow,
    inflow,
    key_numbers,
    say_dark_months,
    say_stops,
    sentences,
    stability,
)
from helhed.selection.days import KnownMonths
from helhed.selection.national import national_of
from helhed.selection.one_family import evaluate_family
from helhed.selection.register import Register as Frames
from helhed.selection.variants import with_value
from helhed.selection.why import question_of, records_of
from tests.known.test_selection import DAY, Register, make_profile
from tests.known.test_selection import frame as of_contract
from tests.unit.test_selection_engines import conformed, register_of

MONTHS = pd.date_range("2025-01-01", "2025-12-01", freq="MS")
SOURCES = ("child_case", "measure.children", "measure.health", "measure.employment", "health", "housing")


def stopped(source, last):
    """Return the months of a source whose export reaches a day."""
    last = pd.Timestamp(last)
    return [
        {"source_table": source, "month": m, "is_covered": m + pd.offsets.MonthEnd() <= last, "is_begun": m <= last}
        for m in MONTHS
    ]


def dark(*stops):
    return {"coverage": conformed("coverage", [row for source, last in stops for row in stopped(source, last)])}


def statuses(tables, profile, *names, day=DAY, family="F"):
    found = evaluate_criteria(tables, profile, day, names).set_index(["family_id", "criterion"])["status"]
    return [found[family, name] for name in names]


def town():
    register = Register().family("F").case("Fc1", "2025-01-01").measure("F1", "health").measure("Fc1", "children")
    return register.family("N").benefit("N1", "2025-01-01").tables()


# ── worked by hand ──


def test_an_export_of_cases_that_stops_says_neither_open_nor_not_open(tmp_path):
    profile, tables = make_profile(tmp_path), town()
    assert statuses(tables, profile, "open_child_case") == ["met"]
    assert statuses(tables, profile, "open_child_case", family="N") == ["not_met"]
    cut = tables | dark(("child_case", "2025-09-14"))
    # the case of F may have been closed since, a child of N may have got one
    assert statuses(cut, profile, "open_child_case") == ["cannot_tell"]
    assert statuses(cut, profile, "open_child_case", "child_disability_case", "notifications", family="N") == [
        "cannot_tell",
        "cannot_tell",
        "cannot_tell",
    ]


def test_a_case_with_a_closing_day_ahead_is_open_whatever_the_export_lacks(tmp_path):
    profile = make_profile(tmp_path)
    tables = Register().family("F").case("Fc1", "2025-01-01", end="2026-03-31").tables()
    assert statuses(tables | dark(("child_case", "2025-09-14")), profile, "open_child_case") == ["met"]


def test_before_the_stop_everything_is_known(tmp_path):
    profile, cut = make_profile(tmp_path), town() | dark(("child_case", "2025-09-30"))
    for day, expected in (("2025-08-31", ["met"]), ("2025-09-30", ["met"]), ("2025-10-01", ["cannot_tell"])):
        assert statuses(cut, profile, "open_child_case", day=pd.Timestamp(day)) == expected
    begun = town() | dark(("child_case", "2025-09-14"))
    assert statuses(begun, profile, "open_child_case", day=pd.Timestamp("2025-09-10")) == ["cannot_tell"]


def test_one_department_that_stops_leaves_the_others_as_they_are(tmp_path):
    profile, tables = make_profile(tmp_path), town()
    cut = tables | dark(("measure.health", "2025-06-30"))
    assert statuses(cut, profile, "adult_health_or_treatment", "open_child_case") == ["cannot_tell", "met"]
    assert statuses(cut, profile, "adult_health_or_treatment", family="N") == ["cannot_tell"]
    assert statuses(cut, profile, "placed_child", "child_in_childrens_department") == ["not_met", "met"]
    assert statuses(tables | dark(("measure.children", "2025-06-30")), profile, "placed_child") == ["cannot_tell"]


def test_departments_that_are_enough_without_the_dark_one_are_enough(tmp_path):
    # F: children (a case) and health (a measure), out of three
    tables, cut = town(), town() | dark(("measure.health", "2025-06-30"))
    for n, before, after in ((1, "met", "met"), (2, "met", "cannot_tell"), (3, "not_met", "not_met")):
        profile = make_profile(tmp_path, n_departments=n, departments="[children, health, employment]")
        assert statuses(tables, profile, "n_departments") == [before]
        assert statuses(cut, profile, "n_departments") == [after], n


def test_placements_in_a_window_may_have_begun_or_ended_behind_the_stop(tmp_path):
    profile = make_profile(tmp_path, n_placements=1, placement_window_months=3)
    row = {"department": "children", "measure_group": "placement", "measure_type": "x", "person_id": "Fc1"}
    tables = Register().family("F").case("Fc1", "2025-01-01").tables()
    tables["measure"] = of_contract("measure", row | {"measure_id": "m", "start_date": "2025-02-01"})
    assert statuses(tables, profile, "n_placements") == ["met"]
    # known to run up to 31 July, asked about October to December
    assert statuses(tables | dark(("measure.children", "2025-07-31")), profile, "n_placements") == ["cannot_tell"]
    # known to run into the window
    assert statuses(tables | dark(("measure.children", "2025-10-31")), profile, "n_placements") == ["met"]


def test_a_rule_that_says_not_does_not_turn_a_stale_yes_into_a_no(tmp_path):
    profile = with_value(make_profile(tmp_path), "selection.rule", {"not": "open_child_case"})
    cut = town() | dark(("child_case", "2025-09-14"))
    judged = evaluate_criteria(cut, profile, DAY)
    assert evaluate_rule(profile["selection.rule"], judged).to_dict() == {"F": "cannot_tell", "N": "cannot_tell"}


def test_a_source_lacks_what_its_departments_lack():
    known = KnownMonths({"measure.health": frozenset({date(2025, 11, 1)})})
    asked = ("measure", "measure.health", "measure.children", "meas", "health")
    assert [known.lacks(source, date(2025, 12, 31)) for source in asked] == [True, True, False, False, False]
    assert not known.lacks("measure", date(2025, 10, 31))


# ── what is said ──


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_stop_is_said_with_its_criteria_and_its_families(tmp_path, lang):
    register = Register()
    for i in range(7):
        register = register.family(f"F{i}").benefit(f"F{i}1", "2025-01-01").case(f"F{i}c1", "2025-01-01")
    tables = register.tables() | dark(("child_case", "2025-09-14"), ("housing", "2025-03-31"))
    profile = with_value(make_profile(tmp_path), "selection.rule", {"all": ["open_child_case", "n_children"]})
    judged = evaluate_criteria(tables, profile, DAY)
    (said,) = say_stops(tables, profile, DAY, judged, lang)
    assert criteria()["open_child_case"].label(lang) in said and criteria()["n_children"].label(lang) not in said
    assert "2025" in said and "7" in said
    assert say_dark_months(tables, profile, DAY, lang) == []
    assert say_stops(tables, profile, pd.Timestamp("2025-08-31"), judged, lang) == []
    assert say_stops(register.tables(), profile, DAY, judged, lang) == []


def test_families_are_not_said_to_leave_the_target_group_because_the_export_stops(tmp_path):
    register = Register()
    for i in range(8):
        register = register.family(f"F{i}").benefit(f"F{i}1", "2024-01-01").case(f"F{i}c1", "2024-01-01")
    profile = with_value(make_profile(tmp_path), "selection.rule", {"all": ["open_child_case"]})
    cut = register.tables() | dark(("child_case", "2025-09-14"))
    assert (stability(register.tables(), profile, DAY)["n_still"] == 8).any()
    left = stability(cut, profile, DAY)
    assert (left["n_no_longer"] == 0).all() and (left["n_cannot_tell"] > 0).any()
    # a ninth family that left the benefit is no reason to say that none of nine is still there
    profile = with_value(profile, "selection.rule", {"all": ["open_child_case", "adult_on_benefit"]})
    tables = register.family("Z").benefit("Z1", "2024-01-01", "2025-03-31").case("Zc1", "2024-01-01").tables()
    assert stability(tables, profile, DAY)["share_still"].iloc[2] == 8 / 9
    last = stability(tables | dark(("child_case", "2025-09-14")), profile, DAY).iloc[2]
    assert (last["n_no_longer"], last["n_cannot_tell"]) == (1, 8) and pd.isna(last["share_still"])


def test_a_share_of_a_few_that_can_be_told_is_none(tmp_path):
    register = Register()
    for i in range(9):
        register = register.family(f"F{i}").benefit(f"F{i}1", "2024-01-01").case(f"F{i}c1", "2025-01-01")
    register = register.case("F0c1", "2025-01-01", end="2026-12-31")
    tables, profile = register.tables(), make_profile(tmp_path)
    summed = criteria_summary(evaluate_criteria(tables, profile, DAY)).set_index("criterion")["share_met"]
    assert summed["open_child_case"] == 1
    cut = tables | dark(("child_case", "2025-09-14"), ("measure.children", "2025-09-14"))
    summed = criteria_summary(evaluate_criteria(cut, profile, DAY)).set_index("criterion")["share_met"]
    assert pd.isna(summed["open_child_case"]) and summed["adult_on_benefit"] == 1
    shares = key_numbers.department_numbers(department_counts(cut, profile, DAY), 1)
    assert shares["share_department_children"][0] is None


def test_months_behind_the_stop_are_not_months_without_new_families(tmp_path):
    # a new family a month through 2024 and up to August 2025; the export of cases stops in the middle of September
    register = Register()
    for i, start in enumerate(pd.date_range("2024-01-01", "2025-08-01", freq="MS")):
        register = register.family(f"F{i:02}").case(f"F{i:02}c1", f"{start:%Y-%m-%d}")
    profile = with_value(make_profile(tmp_path, inflow_months=12), "selection.rule", {"all": ["open_child_case"]})
    tables = register.tables()
    assert inflow(tables, profile, DAY)["n_families"].tolist() == [1] * 8 + [0] * 4
    known = inflow(tables | dark(("child_case", "2025-09-14")), profile, DAY)
    assert known["n_families"].tolist() == [1] * 12 and f"{known['month'].max():%Y-%m}" == "2025-08"
    expected = expected_inflow(known["n_families"])
    assert expected.mean == 1
    assert len(sentences.say_inflow(expected, profile, "en", known["month"])) == 2
    assert "August 2025" in sentences.say_inflow(expected, profile, "en", known["month"])[1]
    elsewhere = inflow(tables | dark(("measure.health", "2025-03-31")), profile, DAY)
    assert elsewhere["n_families"].tolist() == [1] * 8 + [0] * 4


# ── whatever is missing ──


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stops")
    lines = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    lines += [f"  law.basis_{name}: Invented act" for name in sources_with_law()]
    lines += ["  selection.absence_min_months: 1", "  selection.n_departments: 2", "  selection.n_notifications: 1"]
    (folder / "profile.yml").write_text("\n".join(lines), encoding="utf-8")
    rule = {"any": [{"not": "open_child_case"}, {"at_least": {"n": 4, "of": [*criteria()]}}]}
    return with_value(read_profile(folder, "en"), "selection.rule", rule)


def as_exported(tables, stops):
    """Return the tables as exports that stop would have had them: nothing begun since, nothing known to have ended."""
    cut = dict(tables)
    for source, last in stops.items():
        table, _, department = source.partition(".")
        if table in cut:
            cut[table] = _until(cut[table], pd.Timestamp(last), department)
    return cut | dark(*stops.items())


def _until(frame, last, department):
    is_meant = frame["department"] == department if department else pd.Series(True, index=frame.index)
    has_ended_since = is_meant & (frame["end_date"] > last)
    frame = frame.assign(end_date=frame["end_date"].mask(has_ended_since))
    if "status" in frame:
        frame = frame.assign(status=frame["status"].mask(has_ended_since, "open"))
    return frame[~(is_meant & (frame["start_date"] > last))].reset_index(drop=True)


def drawn(seed, n_families, n_rows):
    """Return a random register, and what draws; only the children's department places children."""
    rng = np.random.default_rng(seed)

    def draw(choices):
        return choices[rng.integers(len(choices))]

    tables = register_of(draw, n_families=n_families, n_rows=n_rows) | {"coverage": conformed("coverage", [])}
    if "measure" in tables:
        measures = tables["measure"]
        is_elsewhere = (measures["measure_group"] == "placement") & (measures["department"] != "children")
        tables["measure"] = measures[~is_elsewhere].reset_index(drop=True)
    return tables, draw


def test_an_answer_that_is_given_is_that_of_the_whole_export(profile):
    ends, days = ("2025-02-28", "2025-06-30", "2025-10-14", "2025-11-30"), ("2025-12-31", "2025-11-30", "2025-10-01")
    n_given, n_withheld = 0, 0
    for seed in range(14):
        whole, draw = drawn(seed, 8, 25)
        stops = {source: draw(ends) for source in SOURCES if draw([True, False])}
        cut, day = as_exported(whole, stops), draw(days)
        truth, told = (evaluate_criteria(tables, profile, day) for tables in (whole, cut))
        both = told.merge(truth, on=["family_id", "criterion"], suffixes=("", "_true"))
        given = both[both["status"] != "cannot_tell"]
        assert (given["status"] == given["status_true"]).all()
        by_rule, true_rule = (evaluate_rule(profile["selection.rule"], judged) for judged in (told, truth))
        decided = by_rule[by_rule != "cannot_tell"]
        assert (decided == true_rule[decided.index]).all()
        n_given, n_withheld = n_given + len(given), n_withheld + int((both["status_true"] != both["status"]).sum())
    assert n_given > 500 and n_withheld > 50


@pytest.mark.parametrize("seed", range(6))
def test_every_way_of_working_it_out_agrees_where_exports_stop(profile, seed):
    tables, draw = drawn(100 + seed, 5, 15)
    cut = as_exported(tables, {source: draw(("2025-03-31", "2025-10-02", "2025-11-30")) for source in SOURCES[seed:]})
    known = national_of(Frames(cut, profile, DAY)).fingerprint()
    lazy = {name: pl.from_pandas(table).lazy() for name, table in cut.items()}
    assert national_of(Frames(lazy, profile, DAY)).fingerprint() == known
    judged = evaluate_criteria(cut, profile, DAY)
    question = question_of(Frames(cut, profile, DAY), [*criteria()])
    for family, rows in judged.groupby("family_id"):
        answers = evaluate_family(records_of(cut, family), question)
        assert {row.criterion: row.status for row in rows.itertuples()} == {
            name: answer.status for name, answer in answers.items()
        }
