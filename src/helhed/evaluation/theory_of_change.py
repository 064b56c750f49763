"""Whether a child's case closes when a parent moves closer to work, and which comes first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.child_cases import cases_open_at_start
from helhed.evaluation.event_study import placebo_p
from helhed.evaluation.exact_tests import TwoByTwo, two_by_two
from helhed.outputs import gives_away, is_small


@dataclass(frozen=True)
class Link:
    """How child cases and parents' progress go together.

    Parameters
    ----------
    closed_with_progress, closed_without, open_with_progress, open_without
        Child cases that were active at the family's start, by whether they closed and whether a parent in the family
        moved closer to work after the start.
    parent_first, child_first, same_month
        Of the closed cases with progress: which came first.
    p
        Fisher's exact test, two-sided; NaN when a margin is empty.
    """

    closed_with_progress: int
    closed_without: int
    open_with_progress: int
    open_without: int
    parent_first: int
    child_first: int
    same_month: int
    p: float

    @property
    def n_closed(self) -> int:
        """Return how many of the cases closed."""
        return self.closed_with_progress + self.closed_without

    @property
    def share_closed_with_progress(self) -> float:
        """Return the share of the closed cases in families where a parent moved closer to work."""
        return self.closed_with_progress / self.n_closed if self.n_closed else math.nan

    def can_be_shown(self, threshold: int) -> bool:
        """Return whether none of the four counts is too small: their sums are shown elsewhere, so all go or none."""
        counts = (self.closed_with_progress, self.closed_without, self.open_with_progress, self.open_without)
        return not any(is_small(count, threshold) for count in counts)

    def shown_share(self, threshold: int) -> float | None:
        """Return the share; None when the closed cases with or without progress, or the open ones, are too few."""
        n_open = self.open_with_progress + self.open_without
        is_hidden = gives_away(self.closed_with_progress, self.n_closed, threshold) or is_small(n_open, threshold)
        return None if is_hidden or not self.n_closed else self.share_closed_with_progress


def active_cases(
    tables: Mapping[str, pd.DataFrame], starts: pd.DataFrame, case_types: Sequence[str], to_date
) -> pd.DataFrame:
    """Return the child cases that were open on their family's start date, by the rule of `helhed.child_cases`.

    One row per case: ``family_id``, ``case_id``, ``closed_month`` (missing: open).
    """
    cases = cases_open_at_start(tables["child_case"], tables["family_member"], starts, case_types, to_date)
    closed_month = cases["closed_date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    return cases.assign(closed_month=closed_month).drop(columns="closed_date")


def link(active: pd.DataFrame, events: pd.DataFrame) -> Link:
    """Return how the closing of child cases goes with the first progress of a parent in the family.

    Parameters
    ----------
    active
        From `active_cases`.
    events
        ``family_id``, ``event_month``: first progress from the family's start on.

    Notes
    -----
    Cases of one family are counted one by one although they are not independent: the test is a hint, not a proof.
    """
    rows = active.merge(events, how="left", on="family_id")
    closed, moved = rows["closed_month"].notna(), rows["event_month"].notna()
    counts = [int(cell.sum()) for cell in (closed & moved, closed & ~moved, ~closed & moved, ~closed & ~moved)]
    both = rows[closed & moved]
    return Link(
        *counts,
        parent_first=int((both["event_month"] < both["closed_month"]).sum()),
        child_first=int((both["event_month"] > both["closed_month"]).sum()),
        same_month=int((both["event_month"] == both["closed_month"]).sum()),
        p=_closed_by_progress(closed.to_numpy(), moved.to_numpy()).p,
    )


def theory_of_change(
    tables: Mapping[str, pd.DataFrame], events: pd.DataFrame, profile: Mapping
) -> tuple[Link, "LinkTests"]:
    """Return how child cases and parents' progress go together in the enrolled families, and how sure that is.

    Parameters
    ----------
    tables
        ``child_case``, ``family_member``, ``enrolment``.
    events
        ``family_id``, ``event_month``: first progress from the family's start on.
    profile
        Gives the case types that count, the last day of the data, and the evaluation's draws and confidence.
    """
    starts = tables["enrolment"].dropna(subset=["start_date"])[["family_id", "start_date"]]
    to_date = profile["data.to_date"]
    cases = active_cases(tables, starts, profile["monitoring.active_case_types"], to_date)
    rng, draws = np.random.default_rng(profile["evaluation.seed"] + 3), profile["evaluation.n_draws"]
    tests = link_tests(cases, events, starts, to_date, draws, rng, profile["evaluation.confidence"])
    return link(cases, events), tests


@dataclass(frozen=True)
class LinkTests:
    """How sure the link is, and what its order would be by chance.

    Parameters
    ----------
    difference, low, high
        Share of the cases closed with a parent's progress minus without, and its interval (Newcombe 1998).
    p_by_family
        How often the difference is at least as large when the progress is dealt out anew between the families: cases of
        one family stay together.
    share_parent_first, expected_parent_first, p_order
        Share of the closed cases with progress in which the parent came first; the same with progress months drawn by
        lot between the family's start and the last month; and how often the draws lie as far out.
    """

    difference: float
    low: float
    high: float
    p_by_family: float
    share_parent_first: float
    expected_parent_first: float
    p_order: float


def link_tests(
    active: pd.DataFrame,
    events: pd.DataFrame,
    starts: pd.DataFrame,
    last_month,
    n_draws: int,
    rng: np.random.Generator,
    confidence: float = 0.95,
) -> LinkTests:
    """Return the tests of the link between a child's closed case and a parent's progress.

    Parameters
    ----------
    active, events
        As in `link`.
    starts
        ``family_id``, ``start_date``.
    last_month
        Last month of the data.
    n_draws, rng
        Number of draws and where they come from.
    confidence
        Of the interval.
    """
    rows = active.merge(events, how="left", on="family_id")
    closed, moved = rows["closed_month"].notna().to_numpy(), rows["event_month"].notna().to_numpy()
    shares = _closed_by_progress(closed, moved, confidence)
    p_by_family = _p_by_family(rows["family_id"], closed, moved, n_draws, rng)
    share, drawn = _parent_first(rows[closed & moved].merge(starts, on="family_id"), last_month, n_draws, rng)
    expected = float(drawn.mean()) if drawn.size else math.nan
    by_family = shares.difference, shares.low, shares.high, p_by_family
    return LinkTests(*by_family, share, expected, placebo_p(share, drawn))


def _closed_by_progress(closed: np.ndarray, moved: np.ndarray, confidence: float = 0.95) -> TwoByTwo:
    """Return the cases with a parent's progress against those without, by whether they closed."""
    counts = ((closed & moved), (~closed & moved), (closed & ~moved), (~closed & ~moved))
    return two_by_two(*(int(cell.sum()) for cell in counts), confidence)


def _p_by_family(family: pd.Series, closed: np.ndarray, moved: np.ndarray, n_draws: int, rng) -> float:
    """Return the two-sided p of the difference of shares when families draw lots for the progress."""
    number = pd.factorize(family)[0]
    has_moved = np.zeros(number.max(initial=-1) + 1, dtype=bool)
    has_moved[number[moved]] = True
    if has_moved.all() or not has_moved.any():
        return math.nan
    found = _gap_of_shares(closed, has_moved[number])
    drawn = [_gap_of_shares(closed, rng.permutation(has_moved)[number]) for _ in range(n_draws)]
    return float((1 + (np.abs(drawn) >= abs(found) - 1e-12).sum()) / (1 + n_draws))


def _gap_of_shares(closed: np.ndarray, moved: np.ndarray) -> float:
    return float(closed[moved].mean() - closed[~moved].mean())


def _parent_first(both: pd.DataFrame, last_month, n_draws: int, rng) -> tuple[float, np.ndarray]:
    """Return the share of the cases in which the parent came first, and the same with months drawn by lot.

    A family has one progress month, drawn once for all its cases.
    """
    if both.empty:
        return math.nan, np.empty(0)
    start, closed, event = (_number(both[name]) for name in ("start_date", "closed_month", "event_month"))
    family = pd.factorize(both["family_id"])[0]
    span = max(_number(pd.Series([pd.Timestamp(last_month)]))[0], event.max()) - start + 1
    draws = rng.random((n_draws, family.max() + 1))[:, family]
    drawn = start + np.floor(draws * span)
    return float((event < closed).mean()), (drawn < closed).mean(axis=1)


def _number(dates: pd.Series) -> np.ndarray:
    return (dates.dt.year * 12 + dates.dt.month).to_numpy(dtype=float)
