"""Indicators from registrations: what no system holds and coordinators or persons themselves write down."""

from collections.abc import Callable
from dataclasses import dataclass

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
        could = pairs[pairs["first"] > 1]
        marked = could.assign(value=(could["last"] < could["first"]).astype(float))
        rows.append(_improved(indicator_catalogue()[name], marked, pairs["person_id"], persons, rules))
    return value_table(rows)


def followed_registrations(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the usable registrations of the enrolled families' adults and children up to the reference day.

    Columns of the canonical table ``registration`` and the person's ``role``; parameters as in `registration_values`.
    """
    people = _Followed(_people(tables, enrolled), rules).of("")
    return _of(_given(tables, rules), people).merge(people[["person_id", "role"]], on="person_id")


def measurements(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the registrations with ``measurement``: 1 for a person's first date, 2 for the second, and so on."""
    ordered = scores.sort_values(["person_id", "registered_date"]).reset_index(drop=True)
    return ordered.assign(measurement=ordered.groupby("person_id").cumcount() + 1)


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
    scores = who5_scores(given)
    scores = _of(scores[scores["is_complete"]], persons)
    low = scores.assign(value=(scores["value"] <= SCREEN).astype(float))
    rows = _levels(declared["who5_mean"], scores, persons, followed.rules)
    rows += _levels(declared["who5_screen_share"], low, persons, followed.rules)
    first, last = _first_and_last(scores)
    gain = last["value"].to_numpy() - first["value"].to_numpy()
    gained = last.assign(value=(gain >= MEANINGFUL_CHANGE).astype(float))
    rows.append(_improved(declared["who5_improved_share"], gained, gained["person_id"], persons, followed.rules))
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
    return _levels(indicator_catalogue()[name], answers, persons, rules)


def _first_and_last(scores: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the first and the latest registration of the persons with at least two, in the same order."""
    numbered = measurements(scores)
    size = numbered.groupby("person_id")["measurement"].transform("max")
    paired = numbered[size >= 2]
    return paired[paired["measurement"] == 1], paired[paired["measurement"] == size[size >= 2]]


def _levels(indicator: Indicator, scores: pd.DataFrame, persons: pd.DataFrame, rules: Rules) -> list[dict]:
    def row(level: str, period: str, part: pd.DataFrame, expected: pd.DataFrame) -> dict:
        return value_row(indicator, Place("enrolled", level, period), _basis(part, part["person_id"], expected), rules)

    numbered = measurements(scores)
    rows = [
        row("measurement", str(number), part, persons) for number, part in numbered.groupby("measurement", sort=True)
    ]
    rows += _since_start(row, scores, persons, rules)
    first, last = _first_and_last(scores)
    before, now = (_basis(part, part["person_id"], persons) for part in (first, last))
    paired = [row("baseline", "baseline", first, persons), row("now", "now", last, persons)]
    paired.append(change_row(indicator, before, now, rules))
    is_once = first.empty and len(scores) > 0
    return rows + [{**one, "reason": "measured_once"} if is_once else one for one in paired]


def _since_start(row: Callable, scores: pd.DataFrame, persons: pd.DataFrame, rules: Rules) -> list[dict]:
    after = (pd.to_datetime(scores["registered_date"]) - scores["start_date"]).dt.days / DAYS_PER_MONTH
    rows = []
    for period in range(PERIODS_AFTER + 1):
        mark = period * rules.baseline_months
        long_enough = persons[persons["start_date"] + pd.DateOffset(months=mark) <= rules.to_date]
        near = scores.assign(distance=(after - mark).abs())
        near = near[near["person_id"].isin(long_enough["person_id"])]
        near = near[near["distance"] <= rules.registration_interval_months / 2].sort_values("distance", kind="stable")
        name = str(mark) if period else "baseline"
        rows.append(row("since_start", name, near.drop_duplicates("person_id"), long_enough))
    return rows


def _improved(
    indicator: Indicator, marked: pd.DataFrame, known: pd.Series, persons: pd.DataFrame, rules: Rules
) -> dict:
    return value_row(indicator, Place("enrolled", "now", "now"), _basis(marked, known, persons), rules)


def _basis(rows: pd.DataFrame, known: pd.Series, expected: pd.DataFrame) -> Basis:
    """Return sums and numbers per family, and how many of the persons expected are not among those known."""
    sums = rows.groupby("family_id")["value"].agg(["sum", "size"])
    n_unknown = float((~expected["person_id"].isin(set(known))).sum())
    return Basis(sums["sum"], sums["size"], n_unknown, float(len(expected)))
