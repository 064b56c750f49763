"""What spending does around the month in which a parent moves closer to work.

The pattern to look for was reported from Assens (Socialindsatsen 2019): mean spending per family member rises in the
half-year up to a parent's progress and falls afterwards.
"""

from collections.abc import Mapping
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
    """Spending around a parent's first progress.

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
    """

    events: pd.DataFrame
    curve: pd.DataFrame
    placebo: pd.DataFrame
    slope: Estimate
    change: Estimate
    months_to_progress: float


def study_events(
    tables: Mapping[str, pd.DataFrame], panel: pd.DataFrame, profile: Mapping, minimum_families: int
) -> EventStudy:
    """Return spending around the enrolled families' first progress.

    Parameters
    ----------
    tables
        ``family_member``, ``employment``, ``measure``, ``enrolment``.
    panel
        One row per family and month with ``spending_per_member_dkk``.
    profile
        Gives the ``evaluation`` settings.
    minimum_families
        Months of the curve with fewer families are missing.
    """
    setting = {name: profile[f"evaluation.{name}"] for name in _SETTINGS}
    starts = tables["enrolment"].loc[tables["enrolment"]["start_date"].notna(), ["family_id", "start_date"]]
    hours, quiet = setting["progress_hours_per_month"], setting["progress_quiet_months"]
    events = family_events(progress_events(tables, setting["progress_kind"], hours, quiet), starts)
    window, confidence = setting["event_window_months"], setting["confidence"]
    wide = around(panel, events, SPENDING, window)
    rng = np.random.default_rng(setting["seed"] + 2)
    moved = starts.merge(events, on="family_id")
    waited = (moved["event_month"].dt.year - moved["start_date"].dt.year) * 12
    waited = waited + moved["event_month"].dt.month - moved["start_date"].dt.month
    return EventStudy(
        events=events,
        curve=event_curve(wide, minimum_families, confidence),
        placebo=placebo_curves(panel, moved, SPENDING, window, setting["n_draws"], rng),
        slope=mean_estimate(slopes_before(wide), confidence),
        change=mean_estimate(changes_after(wide), confidence),
        months_to_progress=float(waited.median()) if len(waited) else np.nan,
    )


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
