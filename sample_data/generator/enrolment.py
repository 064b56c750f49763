"""Who is enrolled when: the four ways the models take families in, and what is to happen to each family.

A ``course`` row is one family that was offered a place: dates, decision, coordinator. The calibrated outcomes
(which parent finds work, which child case closes) are drawn in ``outcomes.py``.
"""

import numpy as np
import pandas as pd

from generator.periods import LAST_DAY
from generator.scenarios import Scenario

DAY = pd.Timedelta(days=1)


def make_courses(family: pd.DataFrame, scenario: Scenario, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per family that was discussed at the referral meeting."""
    enrolled = family.index[family["group"] == "enrolled"].to_numpy()
    starts, exits = _SCHEDULES[scenario.schedule](len(enrolled), rng)
    courses = pd.DataFrame({"family": enrolled, "start": starts, "exit": exits})
    courses["consent"] = courses["start"] - pd.to_timedelta(rng.integers(4, 21, len(courses)), unit="D")
    courses["offered"] = courses["consent"] - pd.to_timedelta(rng.integers(3, 30, len(courses)), unit="D")
    courses["decision"] = "tilbydes plads"
    courses["reason"] = rng.choice(_REASONS, len(courses))
    finished = courses["exit"].notna()
    reasons = rng.choice(
        ["målene er nået", "udfaset efter plan", "familien trak sig", "flyttet"],
        len(courses),
        p=[0.42, 0.38, 0.13, 0.07],
    )
    courses["exit_reason"] = pd.Series(reasons, index=courses.index).where(finished)
    courses["coordinator"] = _coordinators(courses, scenario)
    others = _not_enrolled(family, scenario, courses["start"].min(), rng)
    return pd.concat([courses, others], ignore_index=True)


_REASONS = [
    "Mange samtidige sager, forældrene mangler overblik",
    "Barnets skolefravær og forældrenes ledighed hænger sammen",
    "Tre forvaltninger er inde over, ingen har det samlede billede",
    "Familien har selv bedt om én kontakt i kommunen",
    "Behov for fælles plan efter børnefaglig undersøgelse",
]


def _wave(n: int, rng: np.random.Generator) -> tuple[pd.Series, pd.Series]:
    """All families start within half a year; one leaves again when there are enough to begin with."""
    days = np.linspace(8, 170, n) + rng.integers(-4, 5, n)
    starts = pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(days.astype(int)), unit="D"))
    exits = pd.Series(pd.NaT, index=starts.index, dtype=starts.dtype)
    if n > 20:
        exits.iloc[n // 2] = pd.Timestamp("2025-03-14")
    return starts, exits


def _fill(n: int, rng: np.random.Generator) -> tuple[pd.Series, pd.Series]:
    """Families start over ten months and stay: a taskforce that fills up to its forty places."""
    days = np.sort(np.linspace(3, 300, n) + rng.integers(-3, 4, n)).astype(int)
    starts = pd.Series(pd.Timestamp("2023-07-01") + pd.to_timedelta(days, unit="D"))
    return starts, pd.Series(pd.NaT, index=starts.index, dtype=starts.dtype)


def _rolling(n: int, rng: np.random.Generator) -> tuple[pd.Series, pd.Series]:
    """Families come one by one for as long as the offer stands; the first sixteen have left again."""
    days = np.sort(np.linspace(95, 1050, n) + rng.integers(-7, 8, n)).astype(int)
    starts = pd.Series(pd.Timestamp("2023-01-01") + pd.to_timedelta(days, unit="D"))
    exits = pd.Series(pd.NaT, index=starts.index, dtype=starts.dtype)
    n_left = n - 34
    lengths = rng.integers(270, 720, n_left)
    exits.iloc[:n_left] = np.minimum(starts.iloc[:n_left] + pd.to_timedelta(lengths, unit="D"), LAST_DAY - 20 * DAY)
    return starts, exits


def _slots(n: int, rng: np.random.Generator) -> tuple[pd.Series, pd.Series]:
    """Twenty-three places filled from August 2023; a family stays a year as a rule, then another gets its place."""
    lengths = [365, 365, 350, 372, 365, 300, 365, 400, 380, 240, 365, 430, 360, 345]
    rows, first = [], pd.Timestamp("2023-08-07")
    for place in range(23):
        start = first + int(place * 4.2) * DAY
        while start < LAST_DAY - 10 * DAY:
            length = int(rng.choice(lengths)) if rows else 365
            leaving = start + length * DAY
            rows.append((start, leaving if leaving <= LAST_DAY else pd.NaT))
            start = leaving + int(rng.integers(4, 24)) * DAY
    rows = sorted(rows, key=lambda row: row[0])[:n]
    table = pd.DataFrame(rows, columns=["start", "exit"])
    return table["start"], table["exit"]


_SCHEDULES = {"wave": _wave, "fill": _fill, "rolling": _rolling, "slots": _slots}


def _coordinators(courses: pd.DataFrame, scenario: Scenario) -> pd.Series:
    """Give each new family to the coordinator with most free hours per family."""
    names = [name for name, _ in scenario.coordinators]
    hours = dict(scenario.coordinators)
    held = {name: [] for name in names}
    chosen = []
    for start, leaving in zip(courses["start"], courses["exit"], strict=True):
        for name in names:
            held[name] = [end for end in held[name] if pd.isna(end) or end > start]
        best = min(names, key=lambda name: ((len(held[name]) + 1) / hours[name], name))
        held[best].append(leaving)
        chosen.append(best)
    return _handed_on(pd.Series(chosen, index=courses.index, dtype=object), courses, scenario)


def _handed_on(chosen: pd.Series, courses: pd.DataFrame, scenario: Scenario) -> pd.Series:
    """Give the families of a coordinator who has left to the colleagues, one by one."""
    for name, left in scenario.departures.items():
        colleagues = [other for other, _ in scenario.coordinators if other not in scenario.departures]
        orphaned = courses.index[(chosen == name) & ~(courses["exit"] <= left)]
        for place, row in enumerate(orphaned):
            chosen[row] = colleagues[place % len(colleagues)]
    return chosen


def _not_enrolled(
    family: pd.DataFrame, scenario: Scenario, first: pd.Timestamp, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the families that were discussed and did not start: declined, waiting, postponed, not offered."""
    offered = family.index[family["group"] == "offered"].to_numpy()
    declined, waiting = offered[: scenario.n_declined], offered[scenario.n_declined :]
    span = (LAST_DAY - first).days - 60
    offers = [first + int(rng.integers(0, max(span, 1))) * DAY for _ in declined]
    rows = [
        {
            "family": number,
            "decision": "tilbydes plads",
            "reason": _REASONS[0],
            "offered": offer,
            "exit": offer + (7 + 3 * place % 20) * DAY,
            "exit_reason": "familien sagde nej",
        }
        for place, (number, offer) in enumerate(zip(declined, offers, strict=True))
    ]
    rows += [
        {"family": number, "decision": "venteliste", "reason": "Opfylder kriterierne, ingen ledig plads endnu"}
        for number in waiting
    ]
    candidates = family.index[family["group"] == "candidate"].to_numpy()[:2]
    texts = [
        ("udsat", "Afventer den børnefaglige undersøgelse"),
        ("tilbydes ikke plads", "Familien flytter om kort tid"),
    ]
    rows += [
        {"family": number, "decision": word, "reason": text}
        for number, (word, text) in zip(candidates, texts, strict=False)
    ]
    return pd.DataFrame(rows)
