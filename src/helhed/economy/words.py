"""Tables and sentences of the economy, in both languages, made from the results."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed import texts
from helhed.economy.break_even import INPUTS, BreakEven, Range, moved_needed, one_at_a_time, payback
from helhed.economy.case import is_known, priced_share, used
from helhed.outputs import PublicTable
from helhed.texts import text

_SHARES = ("fade_per_year", "discount_rate")


def sensitivity_table(ranges: Mapping[str, Range], horizon_months: int, lang: str) -> PublicTable:
    """Return each assumption with its range and the break-even month at both ends."""
    found = one_at_a_time(ranges, horizon_months).set_index("input")
    rows = [
        {
            "input": text(f"economy.input_{name}", lang),
            "low": _input(name, ranges[name].low, lang),
            "value": _input(name, ranges[name].value, lang),
            "high": _input(name, ranges[name].high, lang),
            "month_low": _month(found.loc[name, "month_at_low"], horizon_months, lang),
            "month_high": _month(found.loc[name, "month_at_high"], horizon_months, lang),
        }
        for name in INPUTS
    ]
    columns = {key: (text(f"economy.column_{key}", lang), "text") for key in rows[0]}
    return PublicTable("sensitivity", text("economy.sensitivity_title", lang), pd.DataFrame(rows), columns)


def _input(name: str, value: float, lang: str) -> str:
    if name in _SHARES:
        return texts.percent(value, lang, 1)
    if name.endswith("_dkk"):
        return texts.kroner(value, lang)
    return texts.number(value, lang, 2 if name == "adults_moved" else 1)  # a mean course is no whole number of months


def _month(value: float, horizon_months: int, lang: str) -> str:
    if np.isfinite(value):
        return texts.number(value, lang)
    return text("economy.beyond", lang, months=horizon_months)


def needed_sentence(ranges: Mapping[str, Range], horizon_months: int, adults_per_family: float, lang: str) -> str:
    """Return how many adults must move off benefit for the effort to pay for itself, or that it cannot be said."""
    if not is_known(ranges):
        return text("economy.cannot_say", lang)
    needed = moved_needed(ranges, horizon_months)
    if not np.isfinite(needed):
        return text("economy.needed_impossible", lang)
    sentence = text("economy.needed_sentence", lang, horizon=horizon_months, needed=texts.number(needed, lang, 2))
    if needed <= adults_per_family:
        return sentence
    more = text("economy.needed_more_than_adults", lang, adults=texts.number(adults_per_family, lang, 2))
    return f"{sentence} {more}"


def priced_sentence(account: pd.DataFrame, panel: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return how much of the enrolled families' spending on measures the calculation covers.

    Empty without any spending, or with fewer families than the threshold.
    """
    share = priced_share(account, panel)
    if not np.isfinite(share) or panel["family_id"].nunique() < threshold:
        return ""
    return text("economy.priced_sentence", lang, share=texts.percent(share, lang))


def basis_sentence(moved: float, is_certain: bool, lang: str) -> str:
    """Return what the break-even rests on: a chosen number of adults moved, or an effect that is not certain."""
    if moved > 0:
        return text("economy.effect_assumed", lang, moved=texts.number(moved, lang, 2))
    return "" if is_certain else text("economy.effect_unsure", lang)


def break_even_numbers(
    found: BreakEven, ranges: Mapping[str, Range], horizon_months: int, lang: str
) -> dict[str, tuple[float | str | None, str]]:
    """Return the break-even as key numbers: name to value and format.

    None where it lies beyond the horizon or is not known.
    """
    month, low, high = (value if np.isfinite(value) else None for value in (found.month, found.low, found.high))
    needed, moved, coordination = (
        moved_needed(ranges, horizon_months),
        ranges["adults_moved"].value,
        ranges["coordination_dkk"].value,
    )
    return {
        "coordination_per_family_month_dkk": (coordination if np.isfinite(coordination) else None, "about_dkk"),
        "break_even_month": (month, "number"),
        "break_even_month_low": (low, "number"),
        "break_even_month_high": (high, "number"),
        "break_even_range": (range_words(found, lang) if is_known(ranges) else None, "text"),
        "break_even_never_share": (found.share_never if is_known(ranges) else None, "share"),
        "break_even_horizon_months": (horizon_months, "number"),
        "adults_moved_needed": (needed if np.isfinite(needed) else None, "number2"),
        "adults_moved_used": (moved if np.isfinite(moved) else None, "number2"),
    }


def moved_what_if(ranges: Mapping[str, Range], horizon_months: int, n_draws: int, seed: int, lang: str):
    """Return a function that says when the effort pays for itself if a family moves so many adults off benefit."""

    def say(adults_moved: float) -> str:
        if not is_known(used(ranges, adults_moved)):
            return text("economy.cannot_say", lang)
        found = payback(used(ranges, adults_moved), horizon_months, n_draws, seed).break_even
        return text("economy.what_if", lang, moved=texts.number(adults_moved, lang, 2), range=range_words(found, lang))

    return say


def range_words(found: BreakEven, lang: str) -> str:
    """Return the range of the break-even month in words; it may lack an upper end, or be beyond the horizon."""
    if not np.isfinite(found.low):
        return text("economy.breakeven_none", lang)
    if not np.isfinite(found.high):
        return text("economy.breakeven_open", lang, low=texts.number(found.low, lang))
    low, high = texts.number(found.low, lang), texts.number(found.high, lang)
    return text("economy.breakeven_months", lang, low=low, high=high)
