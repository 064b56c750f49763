"""Values of the selection that pages of the guide and later steps quote."""

import pandas as pd

from helhed.outputs import PublicTable, gives_away
from helhed.profile import Profile
from helhed.selection.funnel import known_in
from helhed.selection.inflow import Expected
from helhed.selection.shown_sizes import are_all_places_proposed, shown_standings


def standing_numbers(shortlist: pd.DataFrame, steps: pd.DataFrame, profile: Profile) -> dict[str, tuple]:
    """Return the families of each standing and the places: name to (value, format).

    Where every free place is proposed, ``n_shortlisted`` is a number of places, and not hidden when it is small.
    """
    known = known_in(steps)
    shown = shown_standings(shortlist, known, profile)
    named = ("eligible", "enrolled", "available", "shortlisted", "reserve", "cannot_tell")
    counts = {f"n_{name}": (shown[name], "count") for name in named}
    if are_all_places_proposed(shortlist):
        counts["n_shortlisted"] = (shown["shortlisted"], "number")
    return {"n_families_known": (known, "count"), "n_places": (profile["selection.places"], "number"), **counts}


def department_numbers(departments: pd.DataFrame, threshold: int) -> dict[str, tuple]:
    """Return the share of known families with each department, missing where too few are with it or without it.

    It is missing too where it cannot be told of most families whether the department is around them.
    """
    few = gives_away(departments["n_families"], departments["n_all"], threshold)
    few |= 2 * departments["n_unknown"] > departments["n_all"]
    return {
        f"share_department_{row.department}": (None if is_few else float(row.share), "share")
        for row, is_few in zip(departments.itertuples(), few, strict=True)
    }


def stability_numbers(safe: PublicTable) -> dict[str, tuple]:
    """Return the share that still meet the rule after each number of months, from the protected table."""
    return {
        f"share_still_after_{row.months}_months": (
            None if pd.isna(row.share_still) else float(row.share_still),
            "share",
        )
        for row in safe.frame.itertuples()
    }


def inflow_numbers(expected: Expected | None) -> dict[str, tuple]:
    """Return new families per month with limits; missing when the series is too short."""
    names = {
        "inflow_per_month": ("mean", "number1"),
        "inflow_low": ("low", "number"),
        "inflow_high": ("high", "number"),
    }
    return {name: (expected and getattr(expected, field), form) for name, (field, form) in names.items()}
