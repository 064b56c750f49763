"""Limits of the funnel plot, worked by hand from the distributions, and the level that municipalities are held up to.

The rule of interpolation is Spiegelhalter's (Statistics in Medicine 24, 2005, appendix A.1): with r the smallest count
whose cumulative probability reaches p, the limit is r - (F(r) - p) / (F(r) - F(r - 1)).
"""

import math

import numpy as np
import pandas as pd
import pytest

from helhed.monitoring import clopper_pearson, mean_t, permutation_interval, poisson_exact
from helhed.monitoring.outputs import mean_limits, rate_limits, share_limits, side_by_side
from helhed.monitoring.outputs.funnel import independent_exposure, independent_persons, spread_of
from helhed.monitoring.values import COLUMNS


def test_limits_of_a_share_by_hand():
    # Ten persons, one half: F(1) = 11/1024 = 0.0107 and F(2) = 56/1024 = 0.0547, so r = 2 for p = 0.025.
    low = 2 - (56 / 1024 - 0.025) / (45 / 1024)
    # F(7) = 968/1024 = 0.9453 and F(8) = 1013/1024 = 0.9893, so r = 8 for p = 0.975.
    high = 8 - (1013 / 1024 - 0.975) / (45 / 1024)
    assert share_limits(0.5, 10) == pytest.approx((low / 10, high / 10))


def test_limits_of_a_rate_by_hand():
    # Two events expected in four years: F(0) = e^-2 = 0.135 is beyond p = 0.025, so r = 0.
    none = math.exp(-2)
    low = 0 - (none - 0.025) / none
    # F(4) = 0.9473, F(5) = 0.9834: r = 5 for p = 0.975.
    below = none * sum(2**k / math.factorial(k) for k in range(5))
    high = 5 - (below + none * 2**5 / 120 - 0.975) / (none * 2**5 / 120)
    assert rate_limits(0.5, 4) == pytest.approx((max(low, 0.0), high / 4))


def test_limits_of_a_mean_by_hand():
    assert mean_limits(50, 20, 16) == pytest.approx((50 - 1.959964 * 5, 50 + 1.959964 * 5))


def test_a_wider_interval_stands_for_fewer_independent_persons():
    assert independent_persons(clopper_pearson(8, 60), 0.95) == pytest.approx(60)
    assert independent_exposure(poisson_exact(10, 25.0), 0.95) == pytest.approx(25)
    values = [3.0, 5.0, 8.0, 12.0]
    assert spread_of(mean_t(values), 4, 0.95) == pytest.approx(np.std(values, ddof=1))
    assert math.isnan(independent_persons(clopper_pearson(0, 60), 0.95))


def values(name: str, count: float, total: float, found) -> pd.DataFrame:
    """Return the guarded values of one municipality that has one indicator."""
    row = dict.fromkeys(COLUMNS, math.nan) | {"indicator": name, "group": "enrolled", "level": "now", "period": "now"}
    row |= {"value": found.value, "low": found.low, "high": found.high, "n": int(total), "reason": ""}
    return pd.DataFrame([row | {"numerator": count, "denominator": total, "share_missing": 0.0}])


def test_a_municipality_far_off_does_not_drag_the_level_along():
    counts = {"Ny": (30, 100), "Aa": (32, 100), "Mellem": (28, 100), "Zoo": (75, 100)}
    shown = {place: values("benefit_share", *pair, clopper_pearson(*pair)) for place, pair in counts.items()}
    found = side_by_side(shown, "benefit_share")
    # (30 + 32 + 28) / 300; with Zoo it would be 165/400 = 41 per cent and Mellem would look low.
    assert found.centre == pytest.approx(0.3)
    assert found.rows["municipality"].tolist() == ["Aa", "Mellem", "Ny", "Zoo"]
    assert found.rows["place"].tolist() == ["inside", "inside", "inside", "far"]
    assert (found.limits["low_998"] <= found.limits["low_95"]).all()
    assert (found.limits["high_95"] <= found.limits["high_998"]).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_all_are_alike_nobody_is_outside(share):
    found = side_by_side(
        {place: values("benefit_share", n * share, n, clopper_pearson(n * share, n)) for place, n in SIZES.items()},
        "benefit_share",
    )
    assert found.centre == share and found.names("inside") == sorted(SIZES)
    low, high = share_limits(share, 50)
    assert low <= share <= high and rate_limits(0.0, 50) == (0.0, 0.0)


#: Municipalities and their persons.
SIZES = {"Aa": 20, "Mellem": 50, "Ny": 35, "Zoo": 90}


@pytest.mark.parametrize("centre", [0.0004, 0.002, 0.02, 0.5, 0.98, 0.998, 0.9996])
@pytest.mark.parametrize("n", [1, 5, 20, 90])
def test_limits_hold_the_common_level(centre, n):
    # One in a thousand and 20 persons: none is the rule, so none can be no signal.
    for coverage in (0.95, 0.998):
        low, high = share_limits(centre, n, coverage)
        assert 0 <= low <= centre <= high <= 1
        low, high = rate_limits(centre, n, coverage)
        assert 0 <= low <= centre <= high


def test_a_common_level_of_nothing_but_lone_numbers_is_not_drawn():
    # Five families tell a mean, and no interval of 95 per cent: how far chance carries is not known.
    five = [48.0, 50.0, 52.0, 51.0, 49.0]
    shown = {place: values("who5_mean", 250, 5, permutation_interval(five, 1)) for place in SIZES}
    found = side_by_side(shown, "who5_mean")
    assert math.isnan(found.centre) and found.limits.empty and set(found.rows["place"]) == {""}
