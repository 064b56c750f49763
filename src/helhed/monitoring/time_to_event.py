"""Time to an event when many are still waiting: Kaplan and Meier, competing exits, and the log-rank test.

All are public functions on plain sequences. Who is still waiting has waited at least so long (right censored).
"""

import math
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from scipy import stats

from helhed.errors import Problem, WrongCall
from helhed.monitoring.given import causes_of, happened, known, probability, waits

#: Random exchanges of a permuted log-rank test.
_EXCHANGES = 2_000


class LogRank(NamedTuple):
    """The log-rank statistic, its degrees of freedom, and the probability of one at least as large by chance."""

    statistic: float
    degrees: int
    p_value: float


#: The scale on which an interval of a share is made.
Scale = Literal["log-log", "log", "plain"]


def kaplan_meier(
    months: Sequence[float], has_event: Sequence[bool], confidence: float = 0.95, scale: Scale = "log-log"
) -> pd.DataFrame:
    """Return the share without the event over time, with pointwise intervals.

    Parameters
    ----------
    months
        Time until the event, or until the last day known.
    has_event
        Whether the time ended with the event.
    confidence
        Of the interval at each time.
    scale
        Of the interval. ``log-log`` keeps it within 0 and 1 and suits small numbers; ``log`` (cut at 1) is what R's
        ``survfit`` shows unless told otherwise, ``plain`` (cut at 0 and 1) stands in older textbooks.

    Returns
    -------
    One row per time with an event, in order: ``months``, ``n_at_risk``, ``n_events``, ``share_left`` (Kaplan and Meier
    1958), ``low`` and ``high`` (Greenwood's variance; `nan` where nobody is left).

    Raises
    ------
    WrongCall
        If a time or whether it ended is missing, a time is below 0, whether it ended is written as anything but yes
        and no, or there are not as many of both.

    Examples
    --------
    >>> kaplan_meier([2, 3, 4], [True, False, True])["share_left"].round(3).tolist()
    [0.667, 0.0]
    """
    times = waits(months, has_event)
    at, risk, events = _at_risk(times, happened(has_event))
    left = np.cumprod(1 - events / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(events / (risk * (risk - events))))
    low, high = _limits(left, np.where((left > 0) & (left < 1), spread, math.nan), confidence, scale)
    counts = {"n_at_risk": risk.astype(int), "n_events": events.astype(int)}
    return pd.DataFrame({"months": at, **counts, "share_left": left, "low": low, "high": high})


def cumulative_incidence(months: Sequence[float], causes: Sequence[str], confidence: float = 0.95) -> pd.DataFrame:
    """Return the share that has left for each cause over time, the causes competing for the same families.

    A family that moves away can no longer reach its goals; counting it as still waiting would promise too much (one
    minus Kaplan and Meier adds to more than all). The shares of all causes and of those left add to one.

    Parameters
    ----------
    months
        Time until the exit, or until the last day known.
    causes
        Why it ended; ``""`` for those still there.
    confidence
        Of the interval at each time.

    Returns
    -------
    One row per time and cause, in order of cause and time: ``months``, ``cause``, ``share`` (Aalen and Johansen 1978),
    ``low``, ``high`` (Marubini and Valsecchi's variance, on the scale of log(-log)).

    Raises
    ------
    WrongCall
        If a time or cause is missing, a time is below 0, a cause is a number, or there are not as many of both.
    """
    times, causes = waits(months, causes), causes_of(causes)
    at, risk, events = _at_risk(times, causes != "")
    before = _left_before(risk, events)
    parts = []
    for cause in sorted(set(causes) - {""}):
        mine = _events_at(at, times, causes == cause)
        share = np.cumsum(before * mine / risk)
        # Where all have left for one cause nothing is left to vary, and rounding may leave less than nothing.
        spread = np.sqrt(np.maximum(_incidence_variance(share, before, mine, events, risk), 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = spread / (share * np.abs(np.log(share)))
        low, high = _within(share, np.where((share > 0) & (share < 1), scaled, math.nan), confidence)
        columns = {"months": at, "cause": cause, "share": share, "low": low, "high": high}
        parts.append(pd.DataFrame(columns))
    empty = pd.DataFrame(columns=["months", "cause", "share", "low", "high"])
    return pd.concat(parts, ignore_index=True) if parts else empty


def share_by(times: np.ndarray, causes: np.ndarray, wanted: Collection[str], month: float) -> float:
    """Return the share that has left within a number of months for any of the causes wanted.

    `cumulative_incidence` read at that month, of times and causes that are known to be right: without intervals it can
    be asked again and again, as a jackknife does.
    """
    at, risk, events = _at_risk(times, causes != "")
    before, is_reached = _left_before(risk, events), at <= month
    shares = [
        (before * _events_at(at, times, causes == cause) / risk)[is_reached] for cause in sorted(set(wanted) - {""})
    ]
    return float(sum(np.cumsum(share)[-1] for share in shares if share.size))


def log_rank(
    months: Sequence[float], has_event: Sequence[bool], group: Sequence[str], seed: int | None = None
) -> LogRank:
    """Return the log-rank test of whether the groups wait equally long (Mantel 1966).

    Parameters
    ----------
    months, has_event
        As in `kaplan_meier`.
    group
        The group of each; two or more.
    seed
        When given, the probability comes from exchanging the groups at random, as is right for small numbers;
        otherwise from the chi-squared distribution.

    Raises
    ------
    WrongCall
        If a time, group or whether it ended is missing, a time is below 0, or there are not as many of each.

    Notes
    -----
    With one group, or without events, there is nothing to compare: the statistic and the probability are `nan`.
    """
    times, events = waits(months, has_event, group), happened(has_event)
    codes, names = pd.factorize(known(group), sort=True)
    found = _log_rank_statistic(times, events, codes, len(names))
    degrees = max(len(names) - 1, 0)
    if math.isnan(found):
        return LogRank(math.nan, degrees, math.nan)
    if seed is None:
        return LogRank(found, degrees, float(stats.chi2.sf(found, degrees)))
    rng = np.random.default_rng(seed)
    others = [_log_rank_statistic(times, events, rng.permutation(codes), len(names)) for _ in range(_EXCHANGES)]
    n_as_large = int((np.array(others) >= found - 1e-9).sum())
    return LogRank(found, degrees, (n_as_large + 1) / (_EXCHANGES + 1))


def _at_risk(times: np.ndarray, has_event: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the times with an event in order, how many were still waiting at each, and how many events there were."""
    at = np.unique(times[has_event])
    risk = times.size - np.searchsorted(np.sort(times), at, side="left")
    return at, risk.astype(float), _events_at(at, times, has_event)


def _left_before(risk: np.ndarray, events: np.ndarray) -> np.ndarray:
    """Return the share still waiting just before each time with an event."""
    return np.concatenate([[1.0], np.cumprod(1 - events / risk)[:-1]]) if risk.size else np.array([])


def _events_at(at: Sequence[float], months: Sequence[float], is_event: np.ndarray) -> np.ndarray:
    times = np.sort(np.asarray(months, dtype=float)[is_event])
    at = np.asarray(at, dtype=float)
    return (np.searchsorted(times, at, side="right") - np.searchsorted(times, at, side="left")).astype(float)


def _within(share: np.ndarray, spread: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Return limits on the scale of log(-log): for any share they stay between 0 and 1."""
    z = float(stats.norm.ppf(0.5 + probability(confidence) / 2))
    ends = (share ** np.exp(z * spread), share ** np.exp(-z * spread))
    return np.minimum(*ends), np.maximum(*ends)


def _limits(left: np.ndarray, spread: np.ndarray, confidence: float, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Return limits of a share from the standard error of its logarithm."""
    if scale == "log-log":
        with np.errstate(divide="ignore", invalid="ignore"):
            return _within(left, spread / np.abs(np.log(left)), confidence)
    half = float(stats.norm.ppf(0.5 + probability(confidence) / 2)) * spread
    if scale == "log":
        return left * np.exp(-half), np.minimum(left * np.exp(half), 1)
    if scale == "plain":
        return np.maximum(left * (1 - half), 0), np.minimum(left * (1 + half), 1)
    known_scales = ", ".join(get_args(Scale))
    raise WrongCall([Problem("monitoring.given_no_scale", value=str(scale), details={"known": known_scales})])


def _incidence_variance(
    share: np.ndarray, before: np.ndarray, mine: np.ndarray, events: np.ndarray, risk: np.ndarray
) -> np.ndarray:
    found = np.zeros(share.size)
    is_some = risk > events
    hazard = np.divide(events, risk * (risk - events), out=np.zeros(share.size), where=is_some)
    for at in range(share.size):
        gap, upto = share[at] - share[: at + 1], slice(0, at + 1)
        terms = gap**2 * hazard[upto]
        terms += before[upto] ** 2 * (risk - mine)[upto] * mine[upto] / risk[upto] ** 3
        terms -= 2 * gap * before[upto] * mine[upto] / risk[upto] ** 2
        found[at] = terms.sum()
    return found


def _log_rank_statistic(times: np.ndarray, events: np.ndarray, codes: np.ndarray, n_groups: int) -> float:
    at = np.unique(times[events])
    if n_groups < 2 or not at.size:
        return math.nan
    is_mine = codes[:, None] == np.arange(n_groups)
    at_risk = times[:, None] >= at
    fell = (times[:, None] == at) & events[:, None]
    risk, died = at_risk.T.astype(float) @ is_mine, fell.T.astype(float) @ is_mine
    n, d = risk.sum(axis=1), died.sum(axis=1)
    off = (died - risk * (d / n)[:, None]).sum(axis=0)
    weight = np.where(n > 1, d * (n - d) / (n**2 * np.maximum(n - 1, 1)), 0.0)
    spread = np.diag((weight[:, None] * n[:, None] * risk).sum(axis=0)) - (weight[:, None] * risk).T @ risk
    kept = slice(0, n_groups - 1)
    if np.linalg.matrix_rank(spread[kept, kept]) < n_groups - 1:
        return math.nan
    return float(off[kept] @ np.linalg.solve(spread[kept, kept], off[kept]))
