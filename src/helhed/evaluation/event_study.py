"""What spending and measures do around the month in which a parent moves closer to work.

The pattern to look for was reported from Assens (Socialindsatsen 2019): mean spending per family member rises in the
half-year up to a parent's progress and falls afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.evaluation.estimates import Estimate, mean_estimate
from helhed.evaluation.progress import family_events, progress_events

#: Months before and after the progress month that the slope and the change use.
HALF_YEAR_MONTHS = 6
SPENDING = "spending_per_member_dkk"


@dataclass(frozen=True)
class EventStudy:
    """An outcome around a parent's first progress.

    Parameters
    ----------
    events
        ``family_id``, ``event_month``: each enrolled family's first progress from its start on.
    curve
        From `event_curve`.
    placebo
        From `placebo_curves`.
    slope
        Mean change per month in the half-year up to the progress.
    change
        Mean of the half-year after minus the half-year before.
    months_to_progress
        Median months from the start to the progress; NaN without any.
    p_slope, p_change
        How often dates that mean nothing give a slope or a change at least as far out; NaN without any.
    """

    events: pd.DataFrame
    curve: pd.DataFrame
    placebo: pd.DataFrame
    slope: Estimate
    change: Estimate
    months_to_progress: float
    p_slope: float
    p_change: float

    def goes_up_before(self, significance: float) -> bool:
        """Return whether the outcome rises up to the progress, by its interval and beyond dates that mean nothing."""
        return self.slope.low > 0 and self.p_slope <= significance

    def goes_down_after(self, significance: float) -> bool:
        """Return whether the outcome is lower after the progress, by its interval and beyond meaningless dates."""
        return self.change.high < 0 and self.p_change <= significance


def study_events(
    tables: Mapping[str, pd.DataFrame],
    panel: pd.DataFrame,
    profile: Mapping,
    minimum_families: int,
    outcome: str = SPENDING,
) -> EventStudy:
    """Return an outcome around the enrolled families' first progress.

    Parameters
    ----------
    tables
        ``family_member``, ``employment``, ``measure``, ``enrolment``.
    panel
        One row per family and month with the outcome.
    profile
        Gives the ``evaluation`` settings.
    minimum_families
        Months of the curve with fewer families are missing.
    outcome
        Column to follow.
    """
    setting = {name: profile[f"evaluation.{name}"] for name in _SETTINGS}
    starts = tables["enrolment"].loc[tables["enrolment"]["start_date"].notna(), ["family_id", "start_date"]]
    hours, quiet = setting["progress_hours_per_month"], setting["progress_quiet_months"]
    events = family_events(progress_events(tables, setting["progress_kind"], hours, quiet), starts)
    window, confidence = setting["event_window_months"], setting["confidence"]
    wide = around(panel, events, outcome, window)
    rng = np.random.default_rng(setting["seed"] + 2)
    moved = starts.merge(events, on="family_id")
    waited = (moved["event_month"].dt.year - moved["start_date"].dt.year) * 12
    waited = waited + moved["event_month"].dt.month - moved["start_date"].dt.month
    placebo = placebo_curves(panel, moved, outcome, window, setting["n_draws"], rng)
    slope, change = mean_estimate(slopes_before(wide), confidence), mean_estimate(changes_after(wide), confidence)
    return EventStudy(
        events=events,
        curve=event_curve(wide, minimum_families, confidence),
        placebo=placebo,
        slope=slope,
        change=change,
        months_to_progress=float(waited.median()) if len(waited) else np.nan,
        p_slope=placebo_p(slope.value, slopes_before(placebo)),
        p_change=placebo_p(change.value, changes_after(placebo)),
    )


def placebo_p(value: float, drawn: Sequence[float]) -> float:
    """Return how often draws lie at least as far out as the value, two-sided; the value counts as one of them.

    Twice the smaller tail, at most 1: the draws need not lie around zero. Missing without a value or draws.

    Examples
    --------
    >>> placebo_p(9.0, [1.0, 2.0, 3.0]), placebo_p(2.0, [1.0, 2.0, 3.0])
    (0.5, 1.0)
    """
    drawn = np.asarray(drawn, dtype=float)
    drawn = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not drawn.size:
        return np.nan
    tail = min((drawn >= value).sum(), (drawn <= value).sum())
    return float(min(1.0, 2 * (1 + tail) / (1 + drawn.size)))


_SETTINGS = (
    "progress_kind",
    "progress_hours_per_month",
    "progress_quiet_months",
    "event_window_months",
    "confidence",
    "n_draws",
    "seed",
)


def around(panel: pd.DataFrame, events: pd.DataFrame, outcome: str, window: int) -> pd.DataFrame:
    """Return the outcome of each family by month around its event: rows families, columns ``-window`` to ``window``.

    Months outside the data are missing.
    """
    rows = panel.merge(events, on="family_id")
    number = [rows[name].dt.year * 12 + rows[name].dt.month for name in ("month", "event_month")]
    rows = rows.assign(offset=number[0] - number[1])
    wide = rows[rows["offset"].abs() <= window].pivot(index="family_id", columns="offset", values=outcome)
    return wide.reindex(columns=range(-window, window + 1)).astype("float64").sort_index()


def event_curve(wide: pd.DataFrame, minimum_families: int, confidence: float = 0.95) -> pd.DataFrame:
    """Return the mean by month around the event with its t interval.

    Columns ``month_offset``, ``mean``, ``low``, ``high``, ``n_families``; a mean of fewer families than the minimum
    is missing.
    """
    estimates = [mean_estimate(wide[offset], confidence) for offset in wide.columns]
    curve = pd.DataFrame(
        {
            "month_offset": list(wide.columns),
            "mean": [e.value for e in estimates],
            "low": [e.low for e in estimates],
            "high": [e.high for e in estimates],
            "n_families": [e.n_enrolled for e in estimates],
        }
    )
    few = curve["n_families"] < minimum_families
    curve.loc[few, ["mean", "low", "high"]] = np.nan
    return curve


def slopes_before(wide: pd.DataFrame) -> pd.Series:
    """Return each family's mean change per month in the six months up to the event (least squares).

    A family with fewer than four known months has no slope.
    """
    offsets = np.arange(-HALF_YEAR_MONTHS, 0)
    values = wide.reindex(columns=offsets).to_numpy(dtype=float)
    known = np.isfinite(values)
    n = known.sum(axis=1)
    x = np.where(known, offsets, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre_x = np.nansum(x, axis=1) / n
        centre_y = np.nansum(values, axis=1) / n
        spread_x = x - centre_x[:, None]
        slope = np.nansum(spread_x * (values - centre_y[:, None]), axis=1) / np.nansum(spread_x**2, axis=1)
    return pd.Series(np.where(n >= 4, slope, np.nan), index=wide.index)


def changes_after(wide: pd.DataFrame) -> pd.Series:
    """Return each family's mean of the six months after the event minus the mean of the six months before."""
    before, after = (
        wide.reindex(columns=months) for months in (range(-HALF_YEAR_MONTHS, 0), range(1, HALF_YEAR_MONTHS + 1))
    )
    return after.mean(axis=1).where(after.count(axis=1) >= 2) - before.mean(axis=1).where(before.count(axis=1) >= 2)


def placebo_curves(
    panel: pd.DataFrame, starts: pd.DataFrame, outcome: str, window: int, n_draws: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return what the curve looks like around dates that mean nothing.

    Each draw gives every family a date at random between its start and the end of the data; the curve is the mean
    over the families. A pattern around the real dates counts only where it leaves these curves.

    Parameters
    ----------
    panel
        ``family_id``, ``month`` and the outcome.
    starts
        ``family_id`` and ``start_date`` of the families that have an event.
    outcome, window
        As in `around`.
    n_draws, rng
        Number of draws and where they come from.

    Returns
    -------
    One row per draw: columns ``-window`` to ``window``.
    """
    months = pd.DatetimeIndex(sorted(panel["month"].unique()))
    wide = panel.pivot(index="family_id", columns="month", values=outcome).reindex(columns=months)
    wide = wide.reindex(starts["family_id"])
    first = np.searchsorted(months, starts["start_date"].dt.to_period("M").dt.to_timestamp())
    padded = np.pad(wide.to_numpy(dtype=float), ((0, 0), (window, window)), constant_values=np.nan)
    first = np.minimum(first, len(months) - 1)
    dates = first + np.floor(rng.random((n_draws, len(first))) * (len(months) - first)).astype(int)
    columns = dates[:, :, None] + np.arange(2 * window + 1)
    drawn = padded[np.arange(len(first))[None, :, None], columns]
    known = np.isfinite(drawn).sum(axis=1)
    means = np.nansum(drawn, axis=1) / np.where(known > 0, known, np.nan)
    return pd.DataFrame(means, columns=range(-window, window + 1))
