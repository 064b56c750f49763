"""From families to posts: demand per month, hours needed, posts needed, places."""

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from helhed.browser.staffing import FULL_TIME_HOURS
from helhed.errors import DataNeedsWork, Problem
from helhed.profile import Profile
from helhed.staffing.capacity import effective_hours_per_week
from helhed.staffing.course import course_months, mean_hours_per_week, planned_course
from helhed.staffing.given_numbers import require_not_negative, require_positive, said_in
from helhed.staffing.queueing import number_in_system
from helhed.tables import said_no

#: Months of the past that tell how many new families to expect.
INFLOW_MONTHS = 24
#: With fewer new families than this in those months, their number says too little to plan from.
FEWEST_TO_EXPECT_FROM = 12
#: A family that has not answered within these months has said no.
MONTHS_TO_ANSWER = 2


@dataclass(frozen=True)
class Need:
    """The posts that a flow of families needs in the long run.

    ``families`` is the mean number present (Little's law), ``hours_per_week`` what they take, ``posts_by_hours`` what
    the hours ask for, ``posts_by_limit`` what the limit of families per post asks for, ``posts`` the larger.
    """

    families: float
    hours_per_week: float
    posts_by_hours: float
    posts_by_limit: float

    @property
    def posts(self) -> float:
        """Return the posts needed."""
        return max(self.posts_by_hours, self.posts_by_limit)


@dataclass(frozen=True)
class Acceptance:
    """How many offered families said yes, with a 95 % Wilson interval; ``share`` is missing without offers."""

    n_offered: int
    n_accepted: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Starts:
    """The families a month to plan for, where the number comes from, and how many have started a month in the past.

    ``basis`` is ``wanted``, ``inflow`` or ``history``.
    """

    per_month: float
    basis: str
    past: float


def starts_to_plan_for(
    inflow: pd.DataFrame, enrolment: pd.DataFrame, profile: Profile, wanted: float, lang: str
) -> Starts:
    """Return the families that start a month: the wanted number, else what step 1 expects, else the past.

    Parameters
    ----------
    inflow
        ``month`` and ``n_families``: newly eligible families (step 1).
    enrolment
        Canonical table; its starts are used when the inflow holds fewer than 12 families in 24 months.
    wanted
        Families a month; 0 for none wanted in particular.

    Raises
    ------
    DataNeedsWork
        If nothing is wanted and neither the inflow nor the past holds a family.
    WrongCall
        If the wanted number is negative.
    """
    with said_in(lang):
        require_not_negative(wanted_inflow=wanted)
    as_of = profile["data.to_date"]
    past = past_starts(enrolment, as_of)
    if wanted > 0:
        return Starts(wanted, "wanted", past)
    if _last_months(inflow, "month", as_of)["n_families"].sum() >= FEWEST_TO_EXPECT_FROM:
        return Starts(expected_starts(inflow, profile, as_of), "inflow", past)
    if past == 0:
        raise DataNeedsWork(Problem("staffing.no_inflow"), lang)
    return Starts(past, "history", past)


def expected_starts(inflow: pd.DataFrame, profile: Profile, as_of: date) -> float:
    """Return the families a month expected to say yes: mean inflow of the last 24 months x offered x accepting.

    Months that are not in the table or have no value are left out of the mean; without any the answer is missing.
    """
    mean = _last_months(inflow, "month", as_of)["n_families"].astype("float64").mean()
    return float(mean * profile["staffing.offered_share"] * profile["staffing.acceptance_share"])


def past_starts(enrolment: pd.DataFrame, as_of: date) -> float:
    """Return the families a month that have started in the last 24 months, or since the first of all if later."""
    first = enrolment["start_date"].min()
    if pd.isna(first) or first > pd.Timestamp(as_of):
        return 0.0
    recent = _last_months(enrolment, "start_date", as_of)
    months = min(INFLOW_MONTHS, ((pd.Timestamp(as_of) - first).days + 1) / (365.25 / 12))
    return len(recent) / max(1.0, months)


def _last_months(frame: pd.DataFrame, column: str, as_of: date) -> pd.DataFrame:
    last = pd.Timestamp(as_of)
    return frame[(frame[column] <= last) & (frame[column] > last - pd.DateOffset(months=INFLOW_MONTHS))]


def observed_acceptance(enrolment: pd.DataFrame, as_of: date) -> Acceptance:
    """Return how many of the families that were offered a place gave their consent.

    An offer of the last two months that is not answered is still open: it counts neither as a yes nor as a no.
    """
    is_open = enrolment["offered_date"] > pd.Timestamp(as_of) - pd.DateOffset(months=MONTHS_TO_ANSWER)
    is_open &= ~said_no(enrolment)
    offered = enrolment["offered_date"].notna() & ~(is_open & enrolment["consent_date"].isna())
    n, yes = int(offered.sum()), int((offered & enrolment["consent_date"].notna()).sum())
    if n == 0:
        return Acceptance(0, 0, math.nan, math.nan, math.nan)
    low, high = proportion_confint(yes, n, alpha=0.05, method="wilson")
    return Acceptance(n, yes, yes / n, float(low), float(high))


def hours_per_place(profile: Profile, mean_weight: float = 1.0) -> float:
    """Return the hours per week that one place takes, the mean over a course."""
    return mean_hours_per_week(planned_course(profile)) * mean_weight


def need(starts_per_month: float, profile: Profile, mean_weight: float = 1.0) -> Need:
    """Return the posts needed in the long run for a number of families starting each month.

    Families that drop out leave half-way on average, so the mean stay is the planned one x (1 - share / 2). Families
    that come back for a new course add to those that start: x 1 / (1 - share).
    """
    require_not_negative(starts_per_month=starts_per_month, mean_weight=mean_weight)
    stay = course_months(planned_course(profile)) * (1 - profile["staffing.share_dropping_out"] / 2)
    families = number_in_system(starts_per_month / (1 - profile["staffing.share_returning"]), stay)
    hours = families * hours_per_place(profile, mean_weight)
    per_post = hours_of_post(profile)
    by_hours = hours / per_post if per_post > 0 else math.inf
    return Need(families, hours, by_hours, families / profile["staffing.families_per_post_limit"])


def hours_of_post(profile: Profile) -> float:
    """Return the hours for families per week of one full-time post in the organisation in force.

    Where a post is shared by part-timers, each of them goes to the same meetings: the post gives fewer hours.
    """
    per_person = profile[f"staffing.{profile['staffing.organisation']}_hours_per_person"]
    return effective_hours_per_week(profile, per_person) * FULL_TIME_HOURS / per_person


def places(hours_per_week: float, posts: float, profile: Profile, mean_weight: float = 1.0) -> int:
    """Return the families that can be present at the same time: the lower of what hours and the limit allow.

    Parameters
    ----------
    hours_per_week
        Hours for families that the coordinators have.
    posts
        Full-time posts they fill.
    """
    require_not_negative(hours_per_week=hours_per_week, posts=posts)
    require_positive(mean_weight=mean_weight)
    by_hours = hours_per_week / hours_per_place(profile, mean_weight)
    # A thousandth: 5.0 families must not become 4 because 0.1 + 0.2 is not 0.3.
    return math.floor(min(by_hours, posts * profile["staffing.families_per_post_limit"]) + 1e-3)


def places_range(
    hours_per_week: float, posts: float, profile: Profile, mean_weight: float, swing: float
) -> tuple[int, int]:
    """Return the places if a family takes this share more time than assumed, and if it takes this share less."""
    low, high = (places(hours_per_week / (1 + sign * swing), posts, profile, mean_weight) for sign in (1, -1))
    return low, high
