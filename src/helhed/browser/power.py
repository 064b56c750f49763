"""What so many families can show: the smallest difference that a comparison would find, in the standard library alone.

The power of the two-sided two-sample t test, exactly as `helhed.evaluation.detectable_effect` has it from statsmodels:
the chance that Student's t with the noncentrality of the true difference goes beyond the critical value. Both come from
one integral: t is a normal variable over the root of a chi-squared one, so its distribution is the normal one averaged
over how large the estimated standard deviation comes out.
"""

import math
from statistics import NormalDist

_NORMAL = NormalDist()
#: Steps of the averaging (Simpson's rule), with a handful of units more of them, and how many standard deviations it
#: reaches to either side.
_STEPS, _STEPS_OF_FEW, _FEW, _REACH = 200, 2000, 6, 9.0


def t_below(limit: float, degrees: float, shift: float = 0.0) -> float:
    """Return the chance that Student's t with a noncentrality ``shift`` lies below a limit.

    Examples
    --------
    >>> round(t_below(2.0, 10), 6), round(t_below(2.0, 10, 1.0), 6)
    (0.963306, 0.807612)
    """
    # The ratio of estimated to true standard deviation: chi over the root of its degrees, near normal around 1.
    spread = 1 / math.sqrt(2 * degrees)
    low, high = max(1e-9, 1 - _REACH * spread), 1 + _REACH * spread
    n_steps = _STEPS_OF_FEW if degrees < _FEW else _STEPS
    step = (high - low) / n_steps
    constant = math.log(2) + degrees / 2 * math.log(degrees / 2) - math.lgamma(degrees / 2)
    total = 0.0
    for at in range(n_steps + 1):
        ratio = low + at * step
        density = math.exp(constant + (degrees - 1) * math.log(ratio) - degrees * ratio * ratio / 2)
        weight = 1 if at in (0, n_steps) else 4 if at % 2 else 2
        total += weight * density * _NORMAL.cdf(limit * ratio - shift)
    return total * step / 3


def critical_t(degrees: float, significance: float) -> float:
    """Return the value that Student's t goes beyond, to either side, with the chance ``significance``."""
    return _where(lambda limit: t_below(limit, degrees), 1 - significance / 2, 0.0, 1000.0)


def power(effect: float, n_first: int, n_second: int, significance: float = 0.05) -> float:
    """Return the chance of finding a true difference of ``effect`` standard deviations between two groups."""
    degrees, root = n_first + n_second - 2, math.sqrt(n_first * n_second / (n_first + n_second))
    return _power(effect * root, degrees, critical_t(degrees, significance))


def _power(shift: float, degrees: float, limit: float) -> float:
    return 1 - t_below(limit, degrees, shift) + t_below(-limit, degrees, shift)


def detectable_effect(
    n_first: int, n_second: int, sd: float, significance: float = 0.05, wanted: float = 0.8
) -> float | None:
    """Return the smallest true difference that two groups would find, in the unit of ``sd``; None when nobody knows.

    Parameters
    ----------
    n_first, n_second
        Units in each group, 2 or more.
    sd
        Standard deviation of the outcome.
    significance, wanted
        Two-sided error of the first kind, and the chance of finding the difference.
    """
    if min(n_first, n_second) < 2 or not sd > 0:
        return None
    degrees, root = n_first + n_second - 2, math.sqrt(n_first * n_second / (n_first + n_second))
    limit = critical_t(degrees, significance)
    return _where(lambda effect: _power(effect * root, degrees, limit), wanted, 0.0, 100.0) * sd


def _where(rising, wanted: float, low: float, high: float) -> float:
    """Return where a rising function reaches a value, by halving the range."""
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2
