"""The families who already have a coordinator: where they are in their course and the hours they take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from helhed.staffing.course import WEEKS_PER_MONTH, Phase, course_months, phase_on
from helhed.survival import DAYS_PER_MONTH, median_months, stays
from helhed.tables import is_offered_again, takes_part


@dataclass(frozen=True)
class ObservedCourse:
    """How long enrolled families have in fact stayed.

    ``median_months`` counts families who are still there as not finished (Kaplan-Meier); it is missing while fewer
    than half are known to have left. ``n_left`` of ``n_families`` have left.
    """

    n_families: int
    n_left: int
    median_months: float


def started_families(enrolment: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Return the families who have started: ``family_id``, ``start_date``, ``exit_date``, ``weight``.

    A family without a known weight counts as a standard family, weight 1.
    """
    started = enrolment.loc[enrolment["start_date"].notna(), ["family_id", "start_date", "exit_date"]]
    merged = started.merge(weights[["family_id", "weight"]], on="family_id", how="left")
    return merged.assign(weight=merged["weight"].fillna(1.0)).sort_values("family_id", ignore_index=True)


def present_on(started: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the rows of ``started`` whose families take part on the day (`helhed.tables.takes_part`)."""
    return started[takes_part(started, day)].reset_index(drop=True)


def hours_taken(started: pd.DataFrame, course: Sequence[Phase], months: Sequence[date], as_of: date) -> pd.DataFrame:
    """Return the hours that known families took in past months: ``month``, ``hours_needed``, ``n_families``.

    Each family counts with its phase in the middle of the month and its weight. Exit dates after ``as_of`` are not
    known yet and are not used.
    """
    known = started.assign(exit_date=started["exit_date"].where(started["exit_date"] <= pd.Timestamp(as_of)))
    rows = [_hours_in_month(known, course, pd.Timestamp(month)) for month in months]
    return pd.DataFrame(rows, columns=["month", "hours_needed", "n_families"])


def _hours_in_month(started: pd.DataFrame, course: Sequence[Phase], month: pd.Timestamp) -> dict:
    middle = month + pd.Timedelta(days=14)
    here = present_on(started, middle)
    hours = {phase.name: phase.hours_per_week for phase in course}
    total = sum(hours[_phase_of(row, course, middle)] * row.weight for row in here.itertuples())
    return {"month": month, "hours_needed": total * WEEKS_PER_MONTH, "n_families": len(here)}


def _phase_of(row, course: Sequence[Phase], day: pd.Timestamp) -> str:
    to_exit = None if pd.isna(row.exit_date) else (row.exit_date - day).days / DAYS_PER_MONTH
    return phase_on(course, (day - row.start_date).days / DAYS_PER_MONTH, to_exit)


def remaining_course(course: Sequence[Phase], elapsed_months: float) -> list[tuple[float, float]]:
    """Return what is left of a planned course: (months, hours per week) of each remaining phase, weight 1.

    A family past its planned course is taken to begin its fade-out now: an assumption, because nobody has set a date.
    """
    if elapsed_months >= course_months(course):
        return [(phase.months, phase.hours_per_week) for phase in course[-2:]]
    left, passed = [], elapsed_months
    for phase in course:
        months = max(0.0, phase.months - max(0.0, passed))
        passed -= phase.months
        if months > 0:
            left.append((months, phase.hours_per_week))
    return left


def months_elapsed(started: pd.DataFrame, day: date) -> pd.Series:
    """Return the months from each family's start to a day."""
    return (pd.Timestamp(day) - started["start_date"]).dt.days / DAYS_PER_MONTH


def observed_course(started: pd.DataFrame, as_of: date) -> ObservedCourse:
    """Return how long families have stayed, with those still there counted as unfinished (Kaplan-Meier)."""
    months, has_left = stays(started, as_of)
    return ObservedCourse(len(months), int(has_left.sum()), median_months(months, has_left))


def waiting_families(enrolment: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return families who have a place or are on the waiting list but have not started: ``family_id``, ``since_date``.

    Included are decisions ``include`` and ``reserve`` without a start, and without an exit since the offer.
    ``since_date`` is the consent date, else the date of the offer, else ``as_of``. Sorted by it: first come, first
    served.
    """
    started = enrolment["start_date"].notna() & (enrolment["start_date"] <= pd.Timestamp(as_of))
    waiting = enrolment["decision"].isin(["include", "reserve"]) & ~started
    waiting &= enrolment["exit_date"].isna() | is_offered_again(enrolment)
    rows = enrolment[waiting]
    since = rows["consent_date"].fillna(rows["offered_date"]).fillna(pd.Timestamp(as_of))
    frame = pd.DataFrame({"family_id": rows["family_id"], "since_date": since.clip(upper=pd.Timestamp(as_of))})
    return frame.sort_values(["since_date", "family_id"], ignore_index=True)
