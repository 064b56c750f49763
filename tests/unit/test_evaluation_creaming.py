"""Creaming watch: who gets in, says yes, stays and gets work-based measures, on families whose answers are planted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.evaluation.creaming import SIDES, creaming, creaming_by_start, creaming_families, measures_running
from helhed.evaluation.creaming_words import creaming_over_time, creaming_sentences, creaming_table
from helhed.evaluation.study import Study

MONTHS = pd.date_range("2023-01-01", "2025-12-01", freq="MS").as_unit("us")


def made():
    """Return four offered families (three start) and two others; what became of each is stated below."""
    names = ["started", "withdrew", "refused", "recent", "other_a", "other_b"]
    working = dict(zip(names, [1.0, 0.0, 0.5, 0.25, 0.0, 0.5], strict=True))
    panel = pd.DataFrame([(name, month) for name in names for month in MONTHS], columns=["family_id", "month"])
    panel["share_working"] = panel["family_id"].map(working)
    panel[["absence_share", "n_departments", "n_child_cases"]] = 0.1, 2.0, 1.0
    enrolment = pd.DataFrame(
        {
            "family_id": names[:4],
            "offered_date": pd.to_datetime(["2023-12-20", "2023-12-20", "2024-03-01", "2025-05-01"]),
            "start_date": pd.to_datetime(["2024-01-15", "2024-01-15", None, "2025-06-01"]),
            "exit_reason": [None, "withdrew", None, None],
        }
    )
    members = pd.DataFrame({"family_id": names, "person_id": names, "role": "adult", "is_main_home": True})
    measure = pd.DataFrame(
        {
            "person_id": ["started", "withdrew", "recent", "other_a"],
            "measure_group": ["work_based", "work_based", "work_based", "health"],
            "start_date": pd.to_datetime(["2024-06-01", "2025-03-01", "2025-07-01", "2023-02-10"]),
            "end_date": pd.to_datetime(["2024-08-31", "2025-03-31", None, "2023-03-05"]),
        }
    )
    groups = pd.DataFrame(
        {
            "family_id": ["started", "withdrew", "recent", "other_a", "other_b"],
            "start_date": pd.Timestamp("2024-01-01"),
            "is_enrolled": [True, True, True, False, False],
        }
    )
    study = Study(groups, panel, pd.DataFrame(), True, 0, pd.DataFrame(), np.array([]))
    tables = {"enrolment": enrolment, "family_member": members, "measure": measure}
    profile = {"evaluation.baseline_months": 12, "data.to_date": pd.Timestamp("2025-12-31")}
    return study, panel, tables, profile


def test_every_family_stands_where_its_course_put_it():
    families = creaming_families(*made()).set_index("family_id")
    assert families["share_working"].to_dict() == {
        "started": 1.0, "withdrew": 0.0, "refused": 0.5, "recent": 0.25, "other_a": 0.0, "other_b": 0.5,
    }  # fmt: skip
    wanted = {
        "in": {"started": True, "withdrew": True, "recent": True, "other_a": False, "other_b": False},
        "accepted": {"started": True, "withdrew": True, "recent": True, "refused": False},
        "stayed": {"started": True, "withdrew": False, "recent": True},
        # The one that withdrew began its measure after 13 months; the recent one's first year is not over.
        "work_measure": {"started": True, "withdrew": False},
    }
    for side in SIDES:
        assert families[side].dropna().to_dict() == wanted[side], side


def test_differences_are_those_of_the_means():
    found = creaming(creaming_families(*made())).set_index(["side", "measure"])
    taken_in = found.loc[("in", "share_working")]
    assert taken_in["mean_yes"] == pytest.approx((1.0 + 0.0 + 0.25) / 3)
    assert taken_in["difference"] == pytest.approx(1.25 / 3 - 0.25)
    assert (taken_in["n_yes"], taken_in["n_no"]) == (3, 2)
    assert np.isnan(found.loc[("stayed", "share_working"), "low"])  # one family on a side: no interval


def test_few_families_are_told_in_words_only():
    found = creaming(creaming_families(*made()))
    for lang in ("da", "en"):
        assert creaming_table(found, 5, lang).frame.empty
        sentences = creaming_sentences(found, 5, lang)
        assert len(sentences) == len(SIDES)
        assert not any(character.isdigit() for character in "".join(sentences))


def test_planted_creaming_is_told():
    rng = np.random.default_rng(2)
    working = np.concatenate([rng.uniform(0.5, 1, 30), rng.uniform(0, 0.4, 30)])
    families = pd.DataFrame({"share_working": working, "absence_share": 0.1, "n_departments": 2.0, "n_child_cases": 1})
    yes = pd.Series([True] * 30 + [False] * 30, dtype="boolean")
    found = creaming(families.assign(**{"in": yes, "accepted": ~yes, "stayed": pd.NA, "work_measure": pd.NA}))
    told = creaming_sentences(found, 5, "en")
    assert "nearer to work already before" in told[0]
    assert "Nothing suggests" in told[1]
    assert "too few" in told[2]
    assert len(creaming_table(found, 5, "en").frame) == 8


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(list(MONTHS)), max_size=25), st.integers(1, 6))
def test_no_time_of_start_is_shown_with_too_few_families(starts, minimum):
    families = pd.DataFrame({"start_date": pd.Series(starts, dtype="datetime64[us]"), "work_measure": pd.NA})
    families[["share_working", "absence_share", "n_departments", "n_child_cases"]] = 0.5
    table = creaming_by_start(families, minimum)
    assert table["n_families"].sum() == len(starts)
    assert (table["n_families"] >= min(minimum, len(starts))).all()
    assert (table["first_month"] < table["last_month"]).all()
    shown = creaming_over_time(table, minimum, "da")
    assert len(shown.frame) == (len(table) if len(starts) >= minimum else 0)


def test_running_measures_are_counted_and_a_month_without_any_source_row_is_unknown():
    _, panel, tables, _ = made()
    counted = panel.assign(n=measures_running(tables, panel)).set_index(["family_id", "month"])["n"]
    assert counted["other_a", pd.Timestamp("2023-02-01")] == counted["other_a", pd.Timestamp("2023-03-01")] == 1
    assert counted["started", pd.Timestamp("2023-02-01")] == 0
    assert np.isnan(counted["started", pd.Timestamp("2023-01-01")])  # no measure of anybody runs in January
    assert counted["recent", pd.Timestamp("2025-12-01")] == 1  # still running
