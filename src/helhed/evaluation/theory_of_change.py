"""Whether a child's case closes when a parent moves closer to work, and which comes first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from helhed.child_cases import cases_open_at_start
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
    margins = (counts[0] + counts[1], counts[2] + counts[3], counts[0] + counts[2], counts[1] + counts[3])
    p = float(stats.fisher_exact([counts[:2], counts[2:]]).pvalue) if all(margins) else math.nan
    return Link(
        *counts,
        parent_first=int((both["event_month"] < both["closed_month"]).sum()),
        child_first=int((both["event_month"] > both["closed_month"]).sum()),
        same_month=int((both["event_month"] == both["closed_month"]).sum()),
        p=p,
    )
