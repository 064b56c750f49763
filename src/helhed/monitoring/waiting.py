"""How many have got there by six, twelve, eighteen and twenty-four months: job, closed case, planned end.

A curve with a step for every family would point at single families: it is read at the half-years alone, and only where
neither those who have got there, nor the rest, nor those since the half-year shown before or after this one are few.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy import special

from helhed.monitoring.course_times import time_to_closure, time_to_exit, time_to_work
from helhed.monitoring.courses import PLANNED_EXITS
from helhed.monitoring.given import causes_of, waits
from helhed.monitoring.intervals import UNKNOWN, Interval
from helhed.monitoring.rules import Rules
from helhed.monitoring.time_to_event import share_by
from helhed.outputs import FORMATS, is_small
from helhed.texts import text

#: Months since the start at which the shares are read.
MARKS = (6, 12, 18, 24)
#: What is waited for, in the order in which it is shown.
AWAITED = ("closure", "work", "planned_end")


def waiting_shares(
    tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules, threshold: int
) -> pd.DataFrame:
    """Return how many have got there by each mark: columns of `shares_by_mark` and ``awaited``, one of `AWAITED`.

    ``closure``: child cases open at the family's start are closed. ``work``: parents on kontanthjælp at the start are
    in work or education and off it. ``planned_end``: families have reached their goals or been phased out, while those
    that leave in another way can no longer do so (competing exits).
    """
    closure, work = time_to_closure(tables, enrolled, rules), time_to_work(tables, enrolled, rules)
    times = {
        "closure": (closure.assign(cause=np.where(closure["has_event"], "done", "")), ("done",)),
        "work": (work.assign(cause=np.where(work["has_event"], "done", "")), ("done",)),
        "planned_end": (time_to_exit(enrolled, rules), PLANNED_EXITS),
    }
    # An exit dated before the start is an error of the records; the list of errors names it.
    parts = [
        shares_by_mark(rows[rows["months"] >= 0], wanted, rules, threshold).assign(awaited=name)
        for name, (rows, wanted) in times.items()
    ]
    return pd.concat(parts, ignore_index=True)


def waiting_sentences(shares: pd.DataFrame, lang: str) -> list[str]:
    """Return for everything awaited how many have got there by the last mark that can be shown, or why not.

    ``shares`` as `waiting_shares` gives them.
    """
    return [_sentence(name, shares[shares["awaited"] == name], lang) for name in AWAITED]


def _sentence(awaited: str, rows: pd.DataFrame, lang: str) -> str:
    name, known = text(f"monitoring.waiting_{awaited}", lang), rows[rows["reason"] == ""]
    if known.empty:
        return text(f"monitoring.say_{rows['reason'].iat[-1]}", lang, name=name)
    row = known.iloc[-1]
    said = {"name": name, "share": FORMATS["share"](row["value"], lang)}
    said |= {key: FORMATS["number"](int(row[key]), lang) for key in ("month", "n", "n_families")}
    if np.isnan(row["low"]):
        return text("monitoring.say_waiting_no_interval", lang, **said)
    low, high = (FORMATS["share"](row[end], lang) for end in ("low", "high"))
    return text("monitoring.say_waiting", lang, **said, interval=text("monitoring.interval", lang, low=low, high=high))


def shares_by_mark(times: pd.DataFrame, wanted: Collection[str], rules: Rules, threshold: int) -> pd.DataFrame:
    """Return the share that has got there by each of `MARKS`, with its interval.

    Parameters
    ----------
    times
        ``family_id``, ``months`` and ``cause``: why the waiting ended, "" for those who still wait.
    wanted
        The causes that count as having got there; the others end the waiting too.
    rules
        Confidence and smallest number of families.
    threshold
        Smallest number that may be shown.

    Returns
    -------
    One row per mark: ``month``, ``value`` (0-1; Aalen and Johansen 1978, without other causes Kaplan and Meier),
    ``low``, ``high``, ``n`` (who waited from the start), ``n_families`` and ``reason`` (one of
    `helhed.monitoring.values.REASONS`).

    Notes
    -----
    Brothers and sisters are alike: the interval comes from leaving out one family at a time (the jackknife, on the
    scale of log(-log), with Student's t). Where nobody has got there yet it is `nan`.
    """
    rows, last = [], 0
    n_families = times["family_id"].nunique()
    is_wanted = times["cause"].isin(list(wanted)).to_numpy()
    n_in_all = int(is_wanted.sum())
    for month in MARKS:
        n_done = int((is_wanted & (times["months"] <= month).to_numpy()).sum())
        parts = (n_done, len(times) - n_done, n_done - last, n_in_all - n_done)
        is_hidden = any(is_small(n, threshold) for n in parts)
        reason = _too_few(times, month, max(rules.min_families, threshold)) or ("hidden" if is_hidden else "")
        found = UNKNOWN if reason else share_with_interval(times, wanted, month, rules.confidence)
        last = last if reason else n_done
        rows.append({"month": month, **found._asdict(), "n": len(times), "n_families": n_families, "reason": reason})
    return pd.DataFrame(rows)


def share_with_interval(times: pd.DataFrame, wanted: Collection[str], month: float, confidence: float) -> Interval:
    """Return the share that has got there within a number of months, with the interval of `shares_by_mark`."""
    months, causes = waits(times["months"], times["cause"]), causes_of(times["cause"])
    share = share_by(months, causes, wanted, month)
    family, families = pd.factorize(times["family_id"])
    if not 0 < share < 1 or len(families) < 2:
        return Interval(share, np.nan, np.nan)
    others = (family != one for one in range(len(families)))
    without = np.array([share_by(months[rest], causes[rest], wanted, month) for rest in others])
    # One family alone may be all there is on one side: then the scale has no end, and the share itself stands in.
    without = np.clip(without, min(share / 2, 1e-3), max((1 + share) / 2, 1 - 1e-3))
    scaled = np.log(-np.log(without))
    n = len(families)
    spread = np.sqrt((n - 1) / n * ((scaled - scaled.mean()) ** 2).sum())
    half = float(special.stdtrit(n - 1, 0.5 + confidence / 2)) * spread
    ends = share ** np.exp(half), share ** np.exp(-half)
    return Interval(share, float(min(ends)), float(max(ends)))


def _too_few(times: pd.DataFrame, month: int, fewest: int) -> str:
    """Return why the followed are too few for a share at a mark; nothing when they are not."""
    if times.empty:
        return "no_data"
    is_followed = (times["months"] >= month) | (times["cause"] != "")
    return "too_few" if times.loc[is_followed, "family_id"].nunique() < fewest else ""
