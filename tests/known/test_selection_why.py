"""Why a family came out as it did, worked out by hand: answer, value, threshold, distance and records of each."""

import io
import math

import openpyxl
import pandas as pd
import pytest

from helhed.selection import evaluate_criteria, records_behind, select_families, why, why_workbook
from helhed.selection.criteria import criteria
from helhed.selection.records import records_in_words
from tests.known.test_selection import DAY, Register, make_profile
from tests.known.test_selection_places import town


def three_families():
    """Return A: on benefit from July, a case; B: on benefit in December only, no case; C: no adult in the register."""
    register = Register().family("A").benefit("A1", "2025-07-15").case("Ac1", "2024-02-29")
    register.family("B").benefit("B1", "2025-12-31").benefit("B1", "2019-01-01", "2019-06-30")
    return register.family("C", adults=0).case("Cc1", "2025-01-31", "2025-12-30", status="closed").tables()


def test_every_answer_has_value_threshold_distance_and_the_records_it_rests_on(tmp_path):
    profile, tables = make_profile(tmp_path), three_families()
    answers = {family: why(tables, profile, DAY, family) for family in "ABC"}
    told = {
        (family, name): (answer.status, answer.value, answer.threshold, answer.distance, len(answer.records))
        for family, own in answers.items()
        for name, answer in own.items()
    }
    assert told == {
        # July to December: six of six months, three are asked for; one spell
        ("A", "adult_on_benefit"): ("met", 6, 3.0, 3.0, 1),
        ("A", "open_child_case"): ("met", 1, 1.0, 0.0, 1),
        # December alone: one month, two too few; the spell of 2019 is outside the window
        ("B", "adult_on_benefit"): ("not_met", 1, 3.0, -2.0, 1),
        ("B", "open_child_case"): ("not_met", 0, 1.0, -1.0, 0),
        # nobody knows the adults; the case ended the day before
        ("C", "adult_on_benefit"): ("cannot_tell", None, 3.0, None, 0),
        ("C", "open_child_case"): ("not_met", 0, 1.0, -1.0, 0),
    }


def test_a_no_names_the_records_that_were_too_few(tmp_path):
    profile, tables = make_profile(tmp_path), three_families()
    judged = evaluate_criteria(tables, profile, DAY, ["adult_on_benefit"])
    records = records_behind(tables, profile, DAY, judged).set_index("family_id")
    assert records.loc["B", ["source", "role", "n_records"]].tolist() == ["benefit_spell", "adult", 1]
    assert records.loc["B", "start_date"] == pd.Timestamp("2025-12-31")
    assert "C" not in records.index


def test_a_child_of_two_homes_stands_behind_the_answers_of_both(tmp_path):
    tables = Register().family("F").case("Fc1", "2025-01-01").family("G", births=()).tables()
    second = tables["family_member"].iloc[[1]].assign(family_id="G", is_main_home=False)
    tables["family_member"] = pd.concat([tables["family_member"], second], ignore_index=True)
    for both, expected in (("true", ["F", "G"]), ("false", ["F"])):
        profile = make_profile(tmp_path, count_second_home=both)
        judged = evaluate_criteria(tables, profile, DAY, ["open_child_case"])
        assert records_behind(tables, profile, DAY, judged)["family_id"].tolist() == expected


@pytest.mark.parametrize(
    ("lang", "words"), [("da", ("ja", "nej", "kan ikke afgøres")), ("en", ("yes", "no", "cannot be told"))]
)
def test_the_workbook_has_every_family_and_every_criterion(tmp_path, lang, words):
    profile, tables = make_profile(tmp_path, places=1), three_families()
    judged, shortlist = evaluate_criteria(tables, profile, DAY), select_families(tables, profile, DAY)
    records = records_in_words(records_behind(tables, profile, DAY, judged), lang)
    content = why_workbook(shortlist, judged, records, profile, lang)
    assert content == why_workbook(shortlist, judged, records, profile, lang)
    answers, rule, meaning, _ = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    rows = list(answers.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 3 * len(criteria())
    label = criteria()["adult_on_benefit"].label(lang)
    (one,) = [row for row in rows if row[0] == "B" and row[2] == label]
    assert one[3:8] == (words[0], words[1], 1, 3, -2) and "31" in one[8]
    # the rule itself and its two criteria, for each family; what cannot be told is decided by the no beside it
    steps = [(row[0], row[3]) for row in rule.iter_rows(min_row=2, values_only=True)]
    yes, no, open_ = words
    assert steps == [*[("A", yes)] * 3, *[("B", no)] * 3, ("C", no), ("C", open_), ("C", no)]
    assert meaning.max_row == len(criteria()) + 1


def test_every_answer_of_a_town_is_the_same_record_by_record(tmp_path):
    tables = town({"A": "2025-01-01", "B": "2025-10-31", "C": "2025-11-01"})
    rule = "{any: [adult_on_benefit, one_adult, n_children, child_under_3, no_adult_in_work, family_has_consent]}"
    profile = make_profile(tmp_path, rule=rule)
    for family, own in evaluate_criteria(tables, profile, DAY).groupby("family_id"):
        answers, table = why(tables, profile, DAY, family), own.set_index("criterion")
        for name, answer in answers.items():
            assert answer.status == table.loc[name, "status"]
            value = math.nan if answer.value is None else answer.value
            assert value == table.loc[name, "value"] or math.isnan(table.loc[name, "value"])
