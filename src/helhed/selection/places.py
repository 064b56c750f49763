"""The places and the list: who stands at the cut, and what one place more or fewer would change."""

from dataclasses import dataclass

import pandas as pd

from helhed.profile import Profile
from helhed.selection.register import Register
from helhed.selection.shortlist import open_offers
from helhed.selection.values import family_values

#: Families shown on either side of the cut.
_NEIGHBOURS = 3


@dataclass(frozen=True)
class Cut:
    """Where the free places end: how many are free, proposed and waiting, and how many are equal at the cut."""

    n_places: int
    n_placed: int
    n_shortlisted: int
    n_reserve: int
    n_tied: int

    @property
    def n_free(self) -> int:
        """Return the free places; none when more families have a place than there are places."""
        return max(0, self.n_places - self.n_placed)


def cut_of(shortlist: pd.DataFrame, profile: Profile) -> Cut:
    """Return where the free places end, from what `select_families` returns."""
    counts = shortlist["standing"].value_counts()
    sizes = (int(counts.get(name, 0)) for name in ("enrolled", "shortlisted", "reserve"))
    return Cut(profile["selection.places"], *sizes, int(shortlist["is_tied_at_cut"].sum()))


def with_one_place(shortlist: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return what one place fewer and one place more would do to the list as it is ranked.

    Returns
    -------
    Three rows, change -1, 0 and 1: change, n_places, n_shortlisted, n_reserve, family_id (the family that would leave
    the proposal, or enter it; missing when nobody would).
    """
    cut, ranked = cut_of(shortlist, profile), shortlist.dropna(subset=["rank"]).set_index("rank")["family_id"]
    rows = [_with(cut, ranked, change) for change in (-1, 0, 1)]
    return pd.DataFrame(rows).astype({"family_id": "str"})


def _with(cut: Cut, ranked: pd.Series, change: int) -> dict:
    n_free = max(0, cut.n_places + change - cut.n_placed)
    n_shortlisted = min(n_free, len(ranked))
    moved = max(n_shortlisted, cut.n_shortlisted) if n_shortlisted != cut.n_shortlisted else None
    return {
        "change": change,
        "n_places": max(0, cut.n_places + change),
        "n_shortlisted": n_shortlisted,
        "n_reserve": len(ranked) - n_shortlisted,
        "family_id": ranked.get(moved) if moved else None,
    }


def at_the_cut(tables: dict[str, pd.DataFrame], shortlist: pd.DataFrame, profile: Profile, as_of) -> pd.DataFrame:
    """Return the families on either side of the cut with what put them there: for the meeting alone.

    Returns
    -------
    The last families within the free places and the first outside, and all that are equal at the cut, by rank:
    family_id, rank, standing, is_tied_at_cut, is_offer_open, and one column per entry of ``selection.order_by``.
    Without a free place the cut lies above the first family: then those who would get the next place, and all that
    are equal to the first of them (``is_tied_at_cut``, when there are several).
    """
    ranked, order_by = order_values(tables, shortlist, profile, as_of), profile["selection.order_by"]
    n_inside = int((ranked["standing"] == "shortlisted").sum())
    if not n_inside:
        ranked["is_tied_at_cut"] = _equal_to_first(ranked[["is_offer_open", *order_by]])
    is_near = (ranked["rank"] - n_inside).between(1 - _NEIGHBOURS, _NEIGHBOURS)
    return ranked[is_near | ranked["is_tied_at_cut"]].reset_index(drop=True)


def order_values(tables: dict[str, pd.DataFrame], shortlist: pd.DataFrame, profile: Profile, as_of) -> pd.DataFrame:
    """Return what every family with a number was ordered by: for the meeting alone, so that it can be recomputed.

    Returns
    -------
    One row per family with a rank, by rank: family_id, rank, standing, is_tied_at_cut, is_offer_open (an open offer
    stands in front), and one column per entry of ``selection.order_by``: the highest stands first.
    """
    order_by, columns = profile["selection.order_by"], ["family_id", "rank", "standing", "is_tied_at_cut"]
    listed = shortlist.dropna(subset=["rank"]).sort_values("rank")
    ranked = listed[columns].assign(is_offer_open=open_offers(listed))
    values = family_values(Register(tables, profile, as_of), [], order_by)
    values = values.rename(columns={f"order_{name}": name for name in order_by})
    return ranked.merge(values[["family_id", *order_by]], on="family_id", how="left")


def _equal_to_first(queue: pd.DataFrame) -> pd.Series:
    """Return which families are equal to the first in line; none when the first stands alone."""
    comparable = queue.astype(float).fillna(-1.0)
    is_equal = (comparable == comparable.iloc[0]).all(axis=1) if len(queue) else pd.Series(dtype=bool)
    return is_equal & (is_equal.sum() > 1)
