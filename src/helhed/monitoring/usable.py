"""What of the records can be used, and in plain words what cannot: no answer is mended or guessed."""

from collections.abc import Collection, Mapping

import pandas as pd

from helhed.errors import Problem
from helhed.monitoring.catalogue import indicator_catalogue
from helhed.monitoring.months import months_between
from helhed.monitoring.rules import Rules
from helhed.monitoring.who5 import who5_scores
from helhed.outputs import KeyNumber, is_small
from helhed.tables import scales, tables
from helhed.texts import LANGUAGES

#: Tables that tell what happened to the families: an empty one was never delivered.
SOURCES = ("benefit_spell", "employment", "child_case", "measure", "absence", "daycare", "registration", "meeting")
_POINT = ["person_id", "registered_date", "instrument", "item"]
#: By a source's table: the count that is above zero in a month with data, and the one above zero where data should be.
_KNOWN_BY = {
    "benefit_spell": ("adults_known", "adults"),
    "employment": ("adults_known_work", "adults"),
    "absence": ("school_days", "pupils"),
    "daycare": ("children_known_daycare", "children_of_daycare_age"),
}


def usable_registrations(registration: pd.DataFrame) -> pd.DataFrame:
    """Return the answers that can be used.

    Left out are answers outside the instrument's scale, and answers of one person, day and item that contradict each
    other: which of them holds cannot be known. Of equal ones one is kept.
    """
    rows = registration[~is_outside_scale(registration)]
    return rows[~contradicts(rows)].drop_duplicates(_POINT).reset_index(drop=True)


def is_outside_scale(registration: pd.DataFrame) -> pd.Series:
    """Return which answers lie outside their instrument's scale; an empty answer is not outside, it is missing."""
    limits = [{name: ends[at] for name, ends in scales().items()} for at in (0, 1)]
    low, high = (registration["instrument"].map(ends).astype(float) for ends in limits)
    return (registration["value"] < low) | (registration["value"] > high)


def contradicts(registration: pd.DataFrame) -> pd.Series:
    """Return which answers stand beside another answer of the same person, day and item."""
    return registration.groupby(_POINT)["value"].transform("nunique") > 1


def empty_sources(recorded: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Return the tables without a single row: what rests on them is unknown, not zero."""
    return tuple(name for name in SOURCES if name in recorded and recorded[name].empty)


def without_empty_sources(values: pd.DataFrame, empty: Collection[str]) -> pd.DataFrame:
    """Return the values without those that rest on a table that has no row at all: nothing happened nowhere is no fact.

    Parameters
    ----------
    values
        Columns of ``indicator_value``.
    empty
        Names of tables, as `empty_sources` gives them.
    """
    resting = {name for name, indicator in indicator_catalogue().items() if set(indicator.tables) & set(empty)}
    # What says already that all of it is missing, or that too few families stand behind, says more.
    is_empty = values["indicator"].isin(resting) & values["reason"].isin(["", "nobody"])
    unknown = values.copy()
    unknown.loc[is_empty, ["value", "low", "high", "numerator", "denominator"]] = float("nan")
    # Families stand behind a value that is known; what is expected here is missing all of it.
    unknown.loc[is_empty, "n"] = 0
    unknown.loc[is_empty, "share_missing"] = 1.0
    unknown.loc[is_empty, "reason"] = "no_data"
    return unknown


def remarks(
    recorded: dict[str, pd.DataFrame], counts: pd.DataFrame, rules: Rules, threshold: int = 0
) -> tuple[Problem, ...]:
    """Return what of the records cannot be used or is not there, as notes without anything about a person.

    Parameters
    ----------
    recorded
        The canonical tables ``registration`` and ``enrolment``, and those of `SOURCES`.
    counts
        The family months (see `helhed.monitoring.family_months.family_months`).
    rules
        The municipality's settings.
    threshold
        Numbers from 1 to below it are written as "under".
    """
    registration, enrolment = recorded["registration"], recorded["enrolment"]
    started = enrolment[enrolment["start_date"].notna()]
    numbers = {
        "outside_scale": is_outside_scale(registration).sum(),
        "two_on_one_day": registration[contradicts(registration)].drop_duplicates(_POINT).shape[0],
        "who5_incomplete": (~who5_scores(usable_registrations(registration))["is_complete"]).sum(),
        "enrolled_twice": started["family_id"].duplicated().sum(),
    }
    found = [_note(f"monitoring.remark_{name}", int(n), threshold) for name, n in numbers.items() if n]
    if is_small(n_started := started["family_id"].nunique(), threshold):
        found.append(_note("monitoring.remark_few_families", n_started, threshold))
    empty = empty_sources(recorded)
    found += [_about("monitoring.remark_no_source", table) for table in empty]
    return (*found, *_missing_months(counts, rules, empty))


def _note(code: str, n: int, threshold: int) -> Problem:
    written = {lang: KeyNumber(n, "count").written(lang, threshold) for lang in LANGUAGES}
    return Problem(code, severity="note", details={"n": written})


def _about(code: str, table: str, **details: object) -> Problem:
    named = {"da": tables()[table].da, "en": tables()[table].en}
    return Problem(code, severity="note", details={"source": named, **details})


def _missing_months(counts: pd.DataFrame, rules: Rules, empty: Collection[str]) -> list[Problem]:
    months = months_between(rules.from_date, rules.to_date)
    found = []
    for table, columns in _KNOWN_BY.items():
        if table in empty:
            continue
        sums = counts.groupby("month")[list(columns)].sum().reindex(months, fill_value=0)
        is_missing = (sums[columns[0]] == 0) & (sums[columns[1]] > 0)
        missing = [f"{month:%Y-%m}" for month in months[is_missing.to_numpy()]]
        if missing:
            details = {"n": len(missing), "first": missing[0], "last": missing[-1]}
            found.append(_about("monitoring.remark_missing_months", table, **details))
    return found
