"""What the staffing step says of the assignment: how sure it is, what clashes, and what happens when one leaves."""

import pandas as pd

from helhed.outputs import is_small
from helhed.staffing.assignment import Assignment
from helhed.staffing.fitting import n_unknown_conflicts
from helhed.staffing.pairing import GAP
from helhed.texts import number, percent, text


def _say(key: str, lang: str, **values) -> str:
    return text(f"staffing.{key}", lang, **values)


def sentence_gap(found: Assignment, lang: str) -> str:
    """Return how much better another assignment could be at most."""
    return gap_words(found.gap, lang)


def gap_words(gap: float, lang: str) -> str:
    """Return how much better another assignment could be at most, by the largest share that it could be."""
    if gap <= 1.01 * GAP:
        return _say("gap_best", lang)
    return _say("gap_left", lang, gap=percent(gap, lang, 1))


def _count(n: int, threshold: int, lang: str) -> str:
    return _say("few", lang, threshold=threshold) if is_small(n, threshold) else number(n, lang)


def sentence_unknown(families: pd.DataFrame, coordinator: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return for how many families somebody unknown is said to have a conflict of interest; empty when for none.

    Parameters
    ----------
    families
        As for `helhed.staffing.assignment.best_assignment`.
    coordinator
        Canonical table ``coordinator``, with those who have left.
    """
    n = n_unknown_conflicts(families, coordinator["coordinator_id"])
    return _say("unknown_conflicts", lang, n=_count(n, threshold, lang)) if n else ""


def sentence_conflicts(found: Assignment, clash: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return how many enrolled families nobody may or can take, and which rules clash; empty when all are placed.

    Parameters
    ----------
    clash
        As returned by `helhed.staffing.conflicts.demands_in_conflict`.
    """
    if found.n_without == 0:
        return ""
    n = _count(found.n_without, threshold, lang)
    demands = [demand for demand in dict.fromkeys(clash["demand"]) if demand != "place"]
    if not demands:
        return _say("without_coordinator", lang, n=n)
    named = ", ".join(_say(f"demand_{demand}", lang) for demand in demands)
    return _say("without_because", lang, n=n, demands=named)


def sentence_leaving(leaving: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return what the departure that hits hardest would mean; empty when nobody has families.

    Parameters
    ----------
    leaving
        As returned by `helhed.staffing.leaving.if_one_leaves`.
    """
    known = leaving[leaving["n_to_move"] > 0]
    if known.empty:
        return ""
    if known["peak_load"].isna().all():
        return _say("leaving_alone", lang)
    worst = known.loc[known["peak_load"].idxmax()]
    moved = _count(int(worst["n_to_move"]), threshold, lang)
    return _say("leaving", lang, n=moved, peak=percent(worst["peak_load"], lang))
