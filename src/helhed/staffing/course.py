"""A family's course with its coordinator: phases, hours per week in each, and how much a family weighs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helhed.errors import Problem, WrongCall
from helhed.profile import Profile
from helhed.staffing.course_lengths import Length, observed_shares
from helhed.staffing.given_numbers import require_not_negative

#: The phases of a course, in order.
PHASES = ("start", "active", "fade_out", "exit")
#: What a coordinator's hours with a family go to.
ACTIVITIES = ("contact", "coordination", "network_meetings", "travel", "paperwork")
WEEKS_PER_MONTH = 365.25 / 7 / 12


@dataclass(frozen=True)
class Phase:
    """One phase of a course.

    Parameters
    ----------
    name
        One of `PHASES`.
    months
        Planned length.
    hours
        Hours per week for a family of weight 1, by activity of `ACTIVITIES`.

    Raises
    ------
    WrongCall
        If the months or an activity's hours are negative or not a number.
    """

    name: str
    months: float
    hours: dict[str, float]

    def __post_init__(self):
        require_not_negative(**{f"{self.name}: months": self.months})
        require_not_negative(**{f"{self.name}: {activity}": hours for activity, hours in self.hours.items()})

    @property
    def hours_per_week(self) -> float:
        """Return the hours per week of all activities for a family of weight 1."""
        return sum(self.hours.values())


def planned_course(profile: Profile, lang: str = "da") -> tuple[Phase, ...]:
    """Return the phases of a planned course from the profile's ``staffing`` settings.

    Raises
    ------
    WrongCall
        If the phases add to nothing: no phase has both months and hours.
    """
    course = tuple(_phase(profile, name) for name in PHASES)
    if not course_hours(course) > 0:
        raise WrongCall(Problem("staffing.empty_course"), lang)
    return course


def course_lengths(profile: Profile, months: Sequence[float] = (), has_left: Sequence[bool] = ()) -> tuple[Length, ...]:
    """Return how much the length of each phase varies from family to family, in the order of `PHASES`.

    Parameters
    ----------
    months, has_left
        The municipality's own stays (see `helhed.survival.stays`), for a phase with the distribution ``empirical``.

    Raises
    ------
    WrongCall
        If a phase is to vary as observed and too few families have left.
    """
    kinds = [profile[f"staffing.{name}_length_kind"] for name in PHASES]
    observed = observed_shares(months, has_left) if "empirical" in kinds else ((), ())
    variation = profile["staffing.course_variation"]
    return tuple(
        Length(float(profile[f"staffing.{name}_months"]), kind, variation, *observed)
        for name, kind in zip(PHASES, kinds, strict=True)
    )


def _phase(profile: Profile, name: str) -> Phase:
    def setting(what: str) -> float:
        return float(profile[f"staffing.{name}_{what}"])

    organisation = profile["staffing.organisation"]
    hours = {
        "contact": setting("contact_hours_per_week"),
        "coordination": setting("coordination_hours_per_week")
        * profile[f"staffing.{organisation}_coordination_factor"],
        "network_meetings": setting("network_meetings_per_month")
        * profile["staffing.hours_per_network_meeting"]
        / WEEKS_PER_MONTH,
        "travel": setting("visits_per_week") * profile["staffing.travel_hours_per_visit"],
        "paperwork": setting("paperwork_hours_per_week"),
    }
    return Phase(name, setting("months"), hours)


def course_months(course: Sequence[Phase]) -> float:
    """Return the planned length of the whole course in months."""
    return sum(phase.months for phase in course)


def course_hours(course: Sequence[Phase]) -> float:
    """Return the coordinator's hours for one whole course of a family of weight 1."""
    return sum(phase.months * WEEKS_PER_MONTH * phase.hours_per_week for phase in course)


def mean_hours_per_week(course: Sequence[Phase]) -> float:
    """Return the hours per week that one place takes on average over a course (weight 1)."""
    months = course_months(course)
    return course_hours(course) / (months * WEEKS_PER_MONTH) if months else 0.0


def course_table(course: Sequence[Phase]) -> pd.DataFrame:
    """Return one row per phase: ``phase``, ``months``, hours per week by activity, ``hours_per_week``, ``hours``."""
    rows = [
        {
            "phase": phase.name,
            "months": phase.months,
            **phase.hours,
            "hours_per_week": phase.hours_per_week,
            "hours": phase.months * WEEKS_PER_MONTH * phase.hours_per_week,
        }
        for phase in course
    ]
    return pd.DataFrame(rows)


def family_weights(family: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return how much work each family is beside a standard one: ``family_id``, ``weight``, ``is_known``.

    Parameters
    ----------
    family
        Canonical table ``family``.

    Notes
    -----
    A family with one adult, at most two children and one home weighs 1. A second adult, each child from the third and
    a second home add the shares set in the profile. Where the register does not say, the family weighs 1 for that
    part and ``is_known`` is False.
    """
    adults, children, second_home = family["n_adults"], family["n_children"], family["has_second_home"]
    known = adults.notna() & children.notna() & second_home.notna()
    parts = [
        (adults.fillna(1) >= 2).astype(float) * profile["staffing.weight_second_adult"],
        (children.fillna(0) - 2).clip(lower=0).astype(float) * profile["staffing.weight_per_child_above_two"],
        second_home.fillna(False).astype(float) * profile["staffing.weight_second_home"],
    ]
    weights = pd.DataFrame({"family_id": family["family_id"], "weight": 1 + sum(parts), "is_known": known.astype(bool)})
    return weights.sort_values("family_id", ignore_index=True)


def phase_on(course: Sequence[Phase], elapsed_months: float, months_to_exit: float | None = None) -> str:
    """Return which phase a family is in.

    Parameters
    ----------
    elapsed_months
        Months since the family started.
    months_to_exit
        Months until a known exit: the closing phases are then counted back from it, so a course that was shorter or
        longer than planned still ends with its fade-out. ``None`` when the exit is not known.

    Notes
    -----
    A family that is past its planned course and has no exit date is active: nobody has phased it out yet.
    """
    start, _, fade_out, leaving = (phase.months for phase in course)
    if months_to_exit is None:
        remaining = course_months(course) - elapsed_months
        months_to_exit = remaining if remaining > 0 else float("inf")
    if months_to_exit <= leaving:
        return "exit"
    if months_to_exit <= leaving + fade_out:
        return "fade_out"
    return "start" if elapsed_months < start else "active"
