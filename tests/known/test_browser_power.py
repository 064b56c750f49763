"""What so many families can show, held against published values."""

import pytest

from helhed.browser.power import critical_t, detectable_effect, power, t_below


@pytest.mark.parametrize(
    ("degrees", "significance", "published"),
    [(1, 0.05, 12.706), (2, 0.05, 4.303), (10, 0.05, 2.228), (30, 0.01, 2.750), (120, 0.05, 1.980)],
)
def test_critical_values_are_those_of_the_printed_table_of_t(degrees, significance, published):
    assert critical_t(degrees, significance) == pytest.approx(published, abs=6e-4)


@pytest.mark.parametrize(("effect", "n"), [(0.2, 394), (0.5, 64), (0.8, 26)])
def test_group_sizes_for_a_power_of_80_per_cent_are_those_of_cohen(effect, n):
    """Cohen, A power primer (1992), table 2: 393, 64 and 26 a group at 5 %; the exact test needs 394 for the first."""
    assert power(effect, n, n) >= 0.8 > power(effect, n - 1, n - 1)


def test_a_difference_of_one_standard_deviation_is_found_by_22_a_group_in_nine_of_ten_trials():
    """The manual of R's power.t.test: power = 0.90, delta = 1 gives n = 22.02110."""
    assert power(1.0, 22, 22) < 0.9 < power(1.0, 23, 23)
    assert detectable_effect(22, 22, 1.0, wanted=0.9) == pytest.approx(1.0005, abs=5e-4)


def test_without_a_difference_the_chance_is_the_risk_of_a_false_alarm():
    assert power(0.0, 12, 30) == pytest.approx(0.05, abs=1e-7)
    assert t_below(0.0, 7) == pytest.approx(0.5, abs=1e-7)
