"""One criterion with two thresholds in one rule, worked out by hand; also where months of the export are dark.

The reference day is 31 December 2025 and the window of absence July-December. In October-December the child has 20
school days a month and is absent on 9 days in all: 9 / 60 = 15 %. With September dark the month counts at its most,
missed throughout: (9 · 3 + 60 · 1) / (60 · 4) = 87 / 240 = 36.25 %.
"""

import pandas as pd
import pytest

from helhed.profile import read_profile
from helhed.selection import TABLES, evaluate_criteria, evaluate_rule, select_families, sensitivity
from helhed.selection.law import sources_of
from helhed.selection.referral_sheet import reasons_in_words
from helhed.selection.sensitivity import thresholds_in
from helhed.selection.why import why
from helhed.tables import tables as contracts

DAY = "2025-12-31"


def town(is_dark=False, on_benefit=True):
    person = pd.DataFrame({"person_id": ["F1", "Fc"], "birth_date": pd.to_datetime(["1988-03-01", "2015-05-01"])})
    member = pd.DataFrame({"family_id": "F", "person_id": ["F1", "Fc"], "role": ["adult", "child"]})
    spell = {"person_id": "F1", "benefit": "kontanthjaelp", "start_date": pd.Timestamp("2025-01-01")}
    spell["end_date"] = pd.NaT if on_benefit else pd.Timestamp("2025-06-30")
    months = pd.to_datetime(["2025-10-01", "2025-11-01", "2025-12-01"])
    absence = pd.DataFrame({"person_id": "Fc", "month": months, "school_days": 20.0, "days_sick": [2.0, 3.0, 4.0]})
    absence = absence.assign(days_permitted=0.0, days_unlawful=0.0)
    covered = pd.DataFrame({"month": pd.date_range("2025-07-01", "2025-12-01", freq="MS"), "is_begun": True})
    covered = covered.assign(source_table="absence", is_covered=covered["month"] != pd.Timestamp("2025-09-01"))
    given = {"person": person, "family_member": member, "benefit_spell": pd.DataFrame([spell]), "absence": absence}
    given |= {"coverage": covered} if is_dark else {}
    whole = {}
    for name in TABLES:
        contract = contracts()[name]
        frame = given.get(name)
        if name != "coverage" or is_dark:
            columns = [column.name for column in contract.columns]
            whole[name] = contract.empty() if frame is None else contract.conform(frame.reindex(columns=columns))
    return whole


def profile_with(folder, rule):
    lines = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    lines += [f"  selection.rule: {rule}"]
    (folder / "profile.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_profile(folder, "en")


LEAVES = ["school_absence", "school_absence >= 0.15", "school_absence >= 0.16", "school_absence >= 0.37"]


@pytest.mark.parametrize(
    ("is_dark", "expected"),
    [(False, ["met", "met", "not_met", "not_met"]), (True, ["met", "met", "cannot_tell", "not_met"])],
)
def test_each_threshold_judges_the_same_share_on_its_own(tmp_path, is_dark, expected):
    profile = profile_with(tmp_path, "{any: [" + ", ".join(LEAVES) + "]}")
    found = evaluate_criteria(town(is_dark), profile, DAY).set_index("criterion").loc[LEAVES]
    assert found["status"].tolist() == expected
    assert found["value"].tolist() == [0.15] * 4
    assert found["threshold"].tolist() == [0.10, 0.15, 0.16, 0.37]
    answers = why(town(is_dark), profile, DAY, "F")
    assert [answers[leaf].status for leaf in LEAVES] == expected
    assert len(answers["school_absence >= 0.16"].records) == 3


@pytest.mark.parametrize(("is_dark", "on_benefit", "expected"), [
    (False, True, "met"),  # 15 % with a parent on benefit
    (False, False, "not_met"),  # 15 % alone is less than 30 %
    (True, False, "cannot_tell"),  # it may be 36 %
    (True, True, "met"),
])  # fmt: skip
def test_high_absence_alone_or_some_absence_with_a_parent_on_benefit(tmp_path, is_dark, on_benefit, expected):
    rule = "{any: [school_absence >= 0.3, {all: [school_absence, adult_on_benefit]}]}"
    profile, tables = profile_with(tmp_path, rule), town(is_dark, on_benefit)
    status = evaluate_rule(profile["selection.rule"], evaluate_criteria(tables, profile, DAY))
    assert status.to_dict() == {"F": expected}
    listed = select_families(tables, profile, DAY).iloc[0]
    assert (listed["is_eligible"], listed["cannot_tell"]) == (expected == "met", expected == "cannot_tell")


def test_what_stands_on_the_sheet_and_what_may_be_moved(tmp_path):
    rule = "{all: [school_absence >= 0.12, adult_on_benefit]}"
    profile, tables = profile_with(tmp_path, rule), town()
    reasons = select_families(tables, profile, DAY)["reasons"].iloc[0]
    assert "criterion_school_absence >= 0.12" in reasons
    assert "(at least 12.0%)" in reasons_in_words(reasons, "en")
    assert "(mindst 12,0" in reasons_in_words(reasons, "da")
    assert thresholds_in(profile) == ["selection.benefit_months"]  # the profile's share is not in force here
    assert set(sensitivity(tables, profile, DAY)["key"]) == {"selection.benefit_months"}
    assert sources_of("n_departments >= 2") == sources_of("n_departments")
