"""Indicators from registrations: what no system holds and coordinators or persons themselves write down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.functional_level import OVERALL, first_and_last
from helhed.monitoring.indicators import PERIODS_AFTER
from helhed.monitoring.rules import Rules
from helhed.monitoring.usable import usable_registrations
from helhed.monitoring.values import Basis, Place, change_row, value_row, value_table
from helhed.monitoring.who5 import MEANINGFUL_CHANGE, SCREEN, who5_scores
from helhed.survival import DAYS_PER_MONTH

#: Instrument, role of those it is meant for, and the values that count as yes; without values the answer itself counts.
_ANSWERS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "trust_share": ("trust", "adult", (4, 5)),
    "motivation_share": ("motivation", "adult", (4, 5)),
    "ownership_share": ("ownership", "adult", (4, 5)),
    "leisure_share": ("leisure", "child", (1,)),
    "leisure_job_share": ("leisure_job", "child", (1,)),
    "sdq_mean": ("sdq_total", "child", ()),
    "ors_mean": ("ors_total", "adult", ()),
    "srs_mean": ("srs_total", "adult", ()),
}
#: Role and domain of the functional level, by indicator; ``""`` for both roles.
_LEVELS = {
    "functional_level_improved_share": ("", OVERALL),
    "functional_level_adults_improved_share": ("adult", OVERALL),
    "functional_level_children_improved_share": ("child", OVERALL),
    "family_relations_improved_share": ("child", "Familieforhold"),
}
_NOW = Place("enrolled", "now", "now")
#: Ages in whole years at which the evaluation of the ten municipalities counted leisure jobs.
_JOB_AGE = (14, 17)


@dataclass(frozen=True)
class _Followed:
    """The enrolled families' members: family, person, role, ``start_date`` of the family and ``birth_date``."""

    people: pd.DataFrame
    rules: Rules

    def of(self, role: str) -> pd.DataFrame:
        """Return the members of a role, or adults and children."""
        return self.people[self.people["role"].isin([role] if role else ["adult", "child"])]

    def rows(self, person_id: Sequence[str]) -> np.ndarray:
        """Return each person's row among the members."""
        return pd.Index(self.people["person_id"]).get_indexer(person_id)

    def is_among(self, rows: np.ndarray) -> np.ndarray:
        """Return which members the rows are of."""
        found = np.zeros(len(self.people), dtype=bool)
        found[rows] = True
        return found

    @cached_property
    def family(self) -> np.ndarray:
        """Return each member's family by its number in the order of families."""
        return pd.factorize(self.people["family_id"], sort=True)[0]

    @cached_property
    def long_enough(self) -> dict[int, np.ndarray]:
        """Return whose family started so many months before the reference day, by the months since the start."""
        marks = [period * self.rules.baseline_months for period in range(PERIODS_AFTER + 1)]
        start, until = self.people["start_date"], self.rules.to_date
        return {mark: (start + pd.DateOffset(months=mark) <= until).to_numpy() for mark in marks}


@dataclass(frozen=True)
class _Scores:
    """Registrations of one kind as plain columns, person by person in the order of dates.

    ``person`` is the row among the followed, ``after`` the months since the family's start, ``given`` the place in the
    records.
    """

    person: np.ndarray
    value: np.ndarray
    after: np.ndarray
    given: np.ndarray

    @classmethod
    def of(cls, rows: pd.DataFrame, followed: _Followed) -> "_Scores":
        """Return the registrations (see `_of`) of persons who are followed."""
        person, days = followed.rows(rows["person_id"]), pd.to_datetime(rows["registered_date"])
        order = np.lexsort((days.to_numpy(), person))
        after = ((days - rows["start_date"]).dt.days / DAYS_PER_MONTH).to_numpy(dtype=float)
        return cls(person[order], rows["value"].to_numpy(dtype=float)[order], after[order], order)

    @cached_property
    def number(self) -> np.ndarray:
        """Return 1 for a person's first date, 2 for the second, and so on."""
        places = np.arange(self.person.size)
        is_first = np.concatenate([[True], self.person[1:] != self.person[:-1]])[: places.size]
        return places - np.maximum.accumulate(np.where(is_first, places, 0)) + 1

    @cached_property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of the first and of the latest of the persons with at least two, in the same order."""
        size = np.bincount(self.person)[self.person] if self.person.size else self.number
        return np.flatnonzero((self.number == 1) & (size >= 2)), np.flatnonzero((self.number == size) & (size >= 2))


def registration_values(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the values of every indicator that rests on registrations, for the enrolled families.

    Levels ``measurement`` (1, 2, … in the order of each person's dates), ``since_start`` (the registration nearest to
    each mark, no further from it than half the interval between registrations), ``baseline`` (first), ``now`` (latest)
    and ``change``. ``now`` and ``baseline`` hold persons with at least two registrations, so that both are about the
    same persons.

    Parameters
    ----------
    tables
        ``registration``, ``family_member`` and ``person``.
    enrolled
        The enrolled families with their start.
    rules
        The municipality's settings.

    Returns
    -------
    Columns `helhed.monitoring.values.COLUMNS`, without the instruments that the municipality has neither chosen nor
    registered; ``share_missing`` is the share of the enrolled persons of the right
    role without a usable registration. Answers of persons of another role are not the instrument's and do not count.
    """
    followed = _Followed(_people(tables, enrolled), rules)
    given = _given(tables, rules)
    rows = _who5_rows(given, followed)
    for name in _ANSWERS:
        rows += _answer_rows(name, given, followed)
    for name, (role, item) in _LEVELS.items():
        persons = followed.of(role)
        pairs = first_and_last(_of(given, persons), item)
        known, first, last = followed.rows(pairs["person_id"]), pairs["first"].to_numpy(), pairs["last"].to_numpy()
        could, expected = first > 1, followed.is_among(persons.index)
        basis = _basis(followed, known[could], (last < first)[could], known, expected)
        rows.append(value_row(indicator_catalogue()[name], _NOW, basis, rules))
    return value_table(rows)


def followed_registrations(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the usable registrations of the enrolled families' adults and children up to the reference day.

    Columns of the canonical table ``registration`` and the person's ``role``; parameters as in `registration_values`.
    """
    people = _Followed(_people(tables, enrolled), rules).of("")
    return _of(_given(tables, rules), people).merge(people[["person_id", "role"]], on="person_id")


def _given(tables: dict[str, pd.DataFrame], rules: Rules) -> pd.DataFrame:
    given = usable_registrations(tables["registration"])
    return given[(given["registered_date"] <= rules.to_date) & given["value"].notna()]


def _people(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame) -> pd.DataFrame:
    member = tables["family_member"]
    home = member[member["is_main_home"].fillna(True).astype(bool)].drop_duplicates("person_id")
    mine = home[["family_id", "person_id", "role"]].merge(enrolled[["family_id", "start_date"]], on="family_id")
    return mine.merge(tables["person"][["person_id", "birth_date"]], on="person_id", how="left")


def _of(registration: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """Return the persons' registrations with the family that they are followed in, its start and their birth."""
    about = persons[["family_id", "person_id", "start_date", "birth_date"]]
    return registration.drop(columns="family_id").merge(about, on="person_id")


def _of_age(rows: pd.DataFrame, on_day: pd.Series | pd.Timestamp) -> pd.DataFrame:
    days = pd.to_datetime(on_day) - pd.to_datetime(rows["birth_date"])
    return rows[(days.dt.days // 365.25).between(*_JOB_AGE)]


def _who5_rows(given: pd.DataFrame, followed: _Followed) -> list[dict]:
    persons, declared = followed.of("adult"), indicator_catalogue()
    forms = who5_scores(given)
    scores = _Scores.of(_of(forms[forms["is_complete"]], persons), followed)
    low, expected = replace(scores, value=(scores.value <= SCREEN).astype(float)), followed.is_among(persons.index)
    rows = _levels(declared["who5_mean"], scores, expected, followed)
    rows += _levels(declared["who5_screen_share"], low, expected, followed)
    first, last = scores.ends
    gained, known = scores.value[last] - scores.value[first] >= MEANINGFUL_CHANGE, scores.person[last]
    basis = _basis(followed, known, gained, known, expected)
    rows.append(value_row(declared["who5_improved_share"], _NOW, basis, followed.rules))
    return rows


def _answer_rows(name: str, given: pd.DataFrame, followed: _Followed) -> list[dict]:
    (instrument, role, positive), rules = _ANSWERS[name], followed.rules
    answers = given[given["instrument"] == instrument]
    if instrument not in rules.instruments and answers.empty:
        return []
    persons = followed.of(role)
    answers = _of(answers, persons)
    if name == "leisure_job_share":
        persons, answers = _of_age(persons, rules.to_date), _of_age(answers, answers["registered_date"])
    if positive:
        answers = answers.assign(value=answers["value"].isin(positive).astype(float))
    scores, expected = _Scores.of(answers, followed), followed.is_among(persons.index)
    return _levels(indicator_catalogue()[name], scores, expected, followed)


def _levels(indicator: Indicator, scores: _Scores, expected: np.ndarray, followed: _Followed) -> list[dict]:
    def basis(chosen: np.ndarray, among: np.ndarray = expected) -> Basis:
        person = scores.person[chosen]
        return _basis(followed, person, scores.value[chosen], person, among)

    def row(level: str, period: str, found: Basis) -> dict:
        return value_row(indicator, Place("enrolled", level, period), found, followed.rules)

    numbers = range(1, int(scores.number.max(initial=0)) + 1)
    rows = [row("measurement", str(number), basis(scores.number == number)) for number in numbers]
    for mark, is_long_enough in followed.long_enough.items():
        among = expected & is_long_enough
        chosen = _nearest(scores, mark, among, followed.rules.registration_interval_months / 2)
        rows.append(row("since_start", str(mark) if mark else "baseline", basis(chosen, among)))
    before, now = (basis(chosen) for chosen in scores.ends)
    paired = [row("baseline", "baseline", before), row("now", "now", now)]
    paired.append(change_row(indicator, before, now, followed.rules))
    is_once = not scores.ends[0].size and scores.person.size > 0
    return rows + [{**one, "reason": "measured_once"} if is_once else one for one in paired]


def _nearest(scores: _Scores, mark: int, among: np.ndarray, reach: float) -> np.ndarray:
    """Return the place of each person's registration nearest to a mark, no further from it than ``reach`` months."""
    distance = np.abs(scores.after - mark)
    near = np.flatnonzero(among[scores.person] & (distance <= reach))
    near = near[np.lexsort((scores.given[near], distance[near]))]
    return near[np.unique(scores.person[near], return_index=True)[1]]


def _basis(
    followed: _Followed, person: np.ndarray, value: np.ndarray, known: np.ndarray, expected: np.ndarray
) -> Basis:
    """Return sums and numbers per family, and how many of the persons expected are not among those known."""
    family = followed.family[person]
    sums, sizes = np.bincount(family, weights=value), np.bincount(family)
    n_unknown = (expected & ~followed.is_among(known)).sum()
    return Basis(sums[sizes > 0], sizes[sizes > 0], float(n_unknown), float(expected.sum()))
