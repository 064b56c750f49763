"""When a parent moves closer to work, and what spending does around that month.

The pattern to look for was reported from Assens (Socialindsatsen 2019): mean spending per family member rises in the
half-year up to a parent's progress and falls afterwards.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed.evaluation.estimates import mean_estimate

#: Months before and after the progress month that the slope and the change use.
HALF_YEAR_MONTHS = 6


def progress_events(
    tables: Mapping[str, pd.DataFrame], kind: str, minimum_hours: float, quiet_months: int
) -> pd.DataFrame:
    """Return every adult's first step closer to work.

    Parameters
    ----------
    tables
        ``family_member``, ``employment``, ``measure``.
    kind
        ``work_or_education`` (first month with enough paid hours or in education, after a quiet time), ``work_based``
        (start of the first work-based employment measure) or ``either`` (the first of the two).
    minimum_hours
        Paid hours in a month that count as work.
    quiet_months
        Months without work or education that must lie before it within the data, so that work that went on all
        along is not taken for progress.

    Returns
    -------
    One row per adult with progress: ``family_id``, ``person_id``, ``progress_month``.
    """
    found = []
    if kind in ("work_or_education", "either"):
        found.append(_first_work(tables["employment"], minimum_hours, quiet_months))
    if kind in ("work_based", "either"):
        placements = tables["measure"][tables["measure"]["measure_group"] == "work_based"]
        month = placements["start_date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
        found.append(pd.DataFrame({"person_id": placements["person_id"], "progress_month": month}))
    first = pd.concat(found).groupby("person_id", as_index=False)["progress_month"].min()
    adults = tables["family_member"].loc[lambda m: m["role"] == "adult", ["family_id", "person_id"]]
    events = adults.merge(first, on="person_id").drop_duplicates("person_id")
    return events.sort_values(["family_id", "person_id"], ignore_index=True)


def _first_work(employment: pd.DataFrame, minimum_hours: float, quiet_months: int) -> pd.DataFrame:
    is_active = (employment["hours"].fillna(0) >= minimum_hours) | employment["in_education"].fillna(False).astype(bool)
    active = employment[is_active].sort_values(["person_id", "month"])
    number = active["month"].dt.year * 12 + active["month"].dt.month
    first_in_data = (employment["month"].dt.year * 12 + employment["month"].dt.month).min()
    before = number.groupby(active["person_id"]).shift().fillna(first_in_data - 1)
    began = active[number - before > quiet_months]
    return began.groupby("person_id", as_index=False)["month"].min().rename(columns={"month": "progress_month"})


def family_events(events: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    """Return each enrolled family's first progress from its start month on: ``family_id``, ``event_month``.

    Parameters
    ----------
    events
        From `progress_events`.
    starts
        ``family_id`` and ``start_date`` of the enrolled families.
    """
    rows = events.merge(starts, on="family_id")
    after = rows[rows["progress_month"] >= rows["start_date"].dt.to_period("M").dt.to_timestamp()]
    first = after.groupby("family_id", as_index=False)["progress_month"].min()
    return first.rename(columns={"progress_month": "event_month"})


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
    before, after = (wide.reindex(columns=months) for months in (range(-HALF_YEAR_MONTHS, 0), range(1, HALF_YEAR_MONTHS + 1)))
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
