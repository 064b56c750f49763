"""The sample runs find again what the four municipalities have published: computed, not copied.

Sources: Furesø: KORA 2014 (20-25 families) and 2017 (WHO-5 does not rise, spending slightly up, children move first);
Brøndby: Folkebladet (20-25 families at a time, one year as a rule, start in April and first families in August);
Rødovre: the municipality 2019 (34 families, about 40 adults and 60 children, both departments); Assens:
Socialindsatsen 2019 (about 40 families, 13 % of parents, 18 % of child cases, spending rises before progress and then
falls).
"""

import pytest

MONITORING, EVALUATION = "4_monitor_indicators", "5_evaluate_and_account"


@pytest.fixture(scope="module")
def found(guide_runs):
    """Return a function that gives a sample's computed key number, and prints it for the record."""

    def number(name: str, key: str, step: str = MONITORING):
        numbers = guide_runs[name].key_numbers(step, "da")
        assert key in numbers, f"{name}: {step} has no key number {key}"
        print(f"{name:9} {key:40} {numbers[key]['text']}")
        return numbers[key]["value"]

    return number


def test_roedovre(found):
    families = found("roedovre", "enrolled_families")
    assert families == 34
    assert 36 <= found("roedovre", "enrolled_adults") <= 44
    assert 54 <= found("roedovre", "enrolled_children") <= 66
    assert found("roedovre", "enrolled_in_both_departments") == families


def test_assens(found):
    assert 36 <= found("assens", "enrolled_families") <= 44
    assert round(found("assens", "parents_to_work_share"), 2) == 0.13
    assert round(found("assens", "child_cases_closed_share"), 2) == 0.18
    assert found("assens", "child_cases_closed") == 10


def test_assens_spending_rises_before_a_parents_progress_and_then_falls(found):
    assert found("assens", "spending_before_progress_slope_dkk", EVALUATION) > 0
    assert found("assens", "spending_after_progress_change_dkk", EVALUATION) < 0


def test_broendby(found):
    assert found("broendby", "families_enrolled_low") >= 20
    assert found("broendby", "families_enrolled_high") <= 25
    assert 11 <= found("broendby", "enrolment_months_median") <= 13
    assert found("broendby", "months_to_first_family") == 4


def test_furesoe(found):
    assert 20 <= found("furesoe", "enrolled_families") <= 25
    first, second, last = (found("furesoe", f"who5_{which}") for which in ("first", "second", "last"))
    assert first > 50
    assert second < 45
    assert last <= first
    assert found("furesoe", "absence_share_enrolled_last") < found("furesoe", "absence_share_enrolled_first")


def test_furesoe_children_move_first_and_spending_rises_a_little(found):
    assert found("furesoe", "comparison_better_off_share", EVALUATION) > 0.5
    assert found("furesoe", "spending_first_year_change_dkk", EVALUATION) > 0
    assert found("furesoe", "absence_moved_months", EVALUATION) < found("furesoe", "work_moved_months", EVALUATION)
