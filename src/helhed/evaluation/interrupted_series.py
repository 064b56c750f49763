"""Interrupted time series: whether counts per month shifted when the new way of working began.

Poisson regression on the months with the exposure as offset, a trend, the season as sine and cosine waves, a step at
the start and, if asked for, a changed slope after it. The spread is estimated from the data (quasi-Poisson), because
families' events come in clusters, and intervals use t with the degrees of freedom that are left.

Source: Lopez Bernal, Cummins and Gasparrini 2017, International Journal of Epidemiology 46(1), 348-355.
"""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from helhed.errors import Problem, WrongCall
from helhed.evaluation import given

#: Fewest months on each side of the start for which a trend and a step can be told apart (own choice).
FEWEST_MONTHS = 8


@dataclass(frozen=True)
class RateRatio:
    """How many times as many events there are, with its interval and p value.

    ``standard_error`` is that of the ratio's logarithm.
    """

    value: float
    standard_error: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class InterruptedSeries:
    """A step in the level at the start and, if modelled, the change of the slope per month after it.

    Parameters
    ----------
    level
        Events right after the start against what the trend before would have given.
    slope
        How many times faster events grow per month after the start than before; None when not modelled.
    dispersion
        Spread of the counts over what Poisson counts would have; above 1: clustered.
    autocorrelation
        Correlation of neighbouring residuals. Far from 0: the interval is too narrow.
    expected, expected_without
        Events per month by the model, and by the same model as if nothing had begun.
    """

    level: RateRatio
    slope: RateRatio | None
    dispersion: float
    autocorrelation: float
    expected: np.ndarray
    expected_without: np.ndarray


def interrupted_series(
    counts: Sequence[float],
    exposure: Sequence[float],
    start: int,
    waves: int = 2,
    has_new_slope: bool = False,
    first_calendar_month: int = 1,
    is_overdispersed: bool = True,
    confidence: float = 0.95,
) -> InterruptedSeries:
    """Return what happened to the rate of events at the start.

    Parameters
    ----------
    counts
        Events per month, in order, without gaps.
    exposure
        Person months, families or whatever the events are counted per; above 0.
    start
        Position of the first month with the new way of working.
    waves
        Pairs of sine and cosine with a period of 12, 6, 4 … months; 0 leaves the season out.
    has_new_slope
        Whether the slope may change too, counted from 1 in the first month with the new way of working.
    first_calendar_month
        Calendar month (1-12) of the first count.
    is_overdispersed
        Whether the spread is estimated (quasi-Poisson) or taken as that of Poisson counts.
    confidence
        Of the intervals.

    Raises
    ------
    WrongCall
        If there are too few months on a side, no events on one (there is no ratio to nothing), a month without
        exposure, a count below 0 or missing, or if the model follows every month so that no spread is left.
    """
    events, at_risk = given.column(counts, "counts"), given.column(exposure, "exposure")
    given.need_share(confidence, "confidence")
    start, waves = given.whole(start, "start"), given.whole(waves, "waves")
    first_calendar_month = given.whole(first_calendar_month, "first_calendar_month", 1)
    _refuse_unusable(events, at_risk, start, n_terms=3 + 2 * waves + has_new_slope)
    months = np.arange(events.size)
    is_after = (months >= start).astype(float)
    columns = [np.ones(events.size), is_after, months.astype(float)]
    for wave in range(1, waves + 1):
        angle = 2 * math.pi * wave * (months + first_calendar_month) / 12
        columns += [np.sin(angle), np.cos(angle)]
    if has_new_slope:
        columns.append(is_after * (months - start + 1))
    model = GLM(events, np.column_stack(columns), family=Poisson(), offset=np.log(at_risk))
    fitted = _fit(model, is_overdispersed)
    freedom = fitted.df_resid
    quantile = float((stats.t(freedom) if is_overdispersed else stats.norm()).ppf((1 + confidence) / 2))
    residuals = fitted.resid_pearson
    changed = fitted.params[1] * is_after + (fitted.params[-1] * columns[-1] if has_new_slope else 0.0)
    return InterruptedSeries(
        level=_ratio(fitted, 1, quantile, is_overdispersed),
        slope=_ratio(fitted, len(columns) - 1, quantile, is_overdispersed) if has_new_slope else None,
        dispersion=float((residuals**2).sum() / freedom),
        autocorrelation=float((residuals[1:] * residuals[:-1]).sum() / (residuals**2).sum()),
        expected=fitted.mu,
        expected_without=fitted.mu / np.exp(changed),
    )


def _fit(model: GLM, is_overdispersed: bool):
    with warnings.catch_warnings():
        # A fit that follows the months exactly, or has no one answer, comes as a warning; its interval means nothing.
        warnings.simplefilter("error")
        try:
            fitted = model.fit(scale="X2" if is_overdispersed else None)
        except (Warning, np.linalg.LinAlgError) as refused:
            raise WrongCall(Problem("evaluation.series_without_spread")) from refused
    if not (np.isfinite(fitted.bse) & (fitted.bse > 1e-9)).all():
        raise WrongCall(Problem("evaluation.series_without_spread"))
    return fitted


def _ratio(fitted, term: int, quantile: float, is_overdispersed: bool) -> RateRatio:
    value, error = float(fitted.params[term]), float(fitted.bse[term])
    tail = stats.t(fitted.df_resid) if is_overdispersed else stats.norm()
    p = float(2 * tail.sf(abs(value) / error))
    low, high = math.exp(value - quantile * error), math.exp(value + quantile * error)
    return RateRatio(math.exp(value), error, low, high, p)


def _refuse_unusable(events: np.ndarray, at_risk: np.ndarray, start: int, n_terms: int) -> None:
    problems = []
    if min(start, events.size - start) < FEWEST_MONTHS or events.size <= n_terms:
        details = {"before": start, "after": events.size - start, "fewest": FEWEST_MONTHS}
        problems.append(Problem("evaluation.too_few_months", details=details))
    if not (np.isfinite(events) & (events >= 0)).all():
        problems.append(Problem("evaluation.count_missing"))
    if not (np.isfinite(at_risk) & (at_risk > 0)).all() or at_risk.size != events.size:
        problems.append(Problem("evaluation.exposure_missing"))
    if events.size and not events.any():
        problems.append(Problem("evaluation.no_events"))
    elif 0 < start < events.size and not (events[:start].any() and events[start:].any()):
        problems.append(Problem("evaluation.no_events_on_a_side"))
    if problems:
        raise WrongCall(problems)
