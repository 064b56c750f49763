"""Whether a child's case closes when a parent moves closer to work, and which comes first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from scipy import stats


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

    def shown_share(self, minimum: int) -> float | None:
        """Return the share where the closed cases with and without progress both reach the minimum, else None."""
        smallest = min(self.closed_with_progress, self.closed_without)
        return self.share_closed_with_progress if smallest >= minimum else None


def active_cases(
    cases: pd.DataFrame, members: pd.DataFrame, starts: pd.DataFrame, case_types: Sequence[str]
) -> pd.DataFrame:
    """Return the child cases that were open on their family's start date.

    One row per case: ``family_id``, ``case_id``, ``start_month`` of the family, ``closed_month`` (missing: open).
    Children count in their main home.
    """
    children = members[(members["role"] == "child") & members["is_main_home"].fillna(True)]
    rows = cases[cases["case_type"].isin(list(case_types))].merge(children[["family_id", "person_id"]], on="person_id")
    rows = rows.merge(starts.rename(columns={"start_date": "family_start"}), on="family_id")
    is_active = (rows["start_date"] <= rows["family_start"]) & ~(rows["end_date"] < rows["family_start"])
    active = rows[is_active].assign(closed_month=lambda r: r["end_date"].dt.to_period("M").dt.to_timestamp())
    columns = ["family_id", "case_id", "closed_month"]
    return active[columns].sort_values(["family_id", "case_id"], ignore_index=True)


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
