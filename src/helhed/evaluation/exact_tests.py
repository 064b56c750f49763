"""Exact tests of counts: two groups, or the same persons twice, with nothing assumed about large numbers."""

import math
from dataclasses import dataclass
from numbers import Real

from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from helhed.errors import Problem, WrongCall
from helhed.evaluation import given


@dataclass(frozen=True)
class TwoByTwo:
    """Two shares side by side.

    Parameters
    ----------
    difference, low, high
        First share minus second, and its interval (Newcombe 1998, score intervals joined).
    odds_ratio
        Sample odds ratio; infinite where a cell that it divides by is empty.
    p
        Fisher's exact test, two-sided: all tables that are no likelier than the one seen.
    """

    difference: float
    low: float
    high: float
    odds_ratio: float
    p: float


def two_by_two(first_yes: int, first_no: int, second_yes: int, second_no: int, confidence: float = 0.95) -> TwoByTwo:
    """Return how two groups differ in a yes/no outcome, by exact test.

    All NaN when a group is empty; without ``p`` and odds ratio when all or none say yes.

    Examples
    --------
    The lady tasting tea (Fisher 1935), with three of four cups right of each kind:

    >>> round(two_by_two(3, 1, 1, 3).p, 4)
    0.4857
    """
    given.need_share(confidence, "confidence")
    first, second = _counted(first_yes, first_no), _counted(second_yes, second_no)
    if not sum(first) or not sum(second):
        return TwoByTwo(*[math.nan] * 5)
    limits = confint_proportions_2indep(
        first[0], sum(first), second[0], sum(second), method="newcomb", compare="diff", alpha=1 - confidence
    )
    difference = first[0] / sum(first) - second[0] / sum(second)
    if not (first[0] + second[0] and first[1] + second[1]):
        return TwoByTwo(difference, *map(float, limits), math.nan, math.nan)
    found = stats.fisher_exact([first, second])
    return TwoByTwo(difference, *map(float, limits), float(found.statistic), float(found.pvalue))


def changed_both_ways(n_to_yes: int, n_to_no: int) -> float:
    """Return McNemar's exact probability that those who changed did so either way alike, two-sided.

    Of the same persons twice only those who changed say anything: how many went from no to yes and how many from yes to
    no. Missing when nobody changed.

    Examples
    --------
    >>> round(changed_both_ways(8, 1), 4)
    0.0391
    """
    n_to_yes, n_to_no = _counted(n_to_yes, n_to_no)
    if not n_to_yes + n_to_no:
        return math.nan
    return float(stats.binomtest(n_to_yes, n_to_yes + n_to_no, 0.5).pvalue)


def _counted(*counts: int) -> tuple[int, ...]:
    wrong = [count for count in counts if not _is_count(count)]
    if wrong:
        raise WrongCall([Problem("evaluation.not_a_count", value=str(count)) for count in wrong])
    return tuple(int(count) for count in counts)


def _is_count(count: object) -> bool:
    return isinstance(count, Real) and math.isfinite(count) and count >= 0 and count == int(count)
