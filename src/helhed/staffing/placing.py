"""Makes the tables that the assignment of families to coordinators starts from."""

import tomllib
from datetime import date
from functools import cache
from importlib import resources

import pandas as pd

from helhed.profile import Profile
from helhed.staffing import capacity
from helhed.staffing.assignment import Rules
from helhed.staffing.caseload import DAYS_PER_MONTH, present_on, waiting_families
from helhed.staffing.course import family_weights, mean_hours_per_week, phase_on, planned_course
from helhed.staffing.planning import Outlook
from helhed.staffing.posts import hours_per_place
from helhed.staffing.siblings import families_sharing_children


@cache
def _needs() -> dict[str, list[str]]:
    declared = tomllib.loads(resources.files(__package__).joinpath("needs.toml").read_text(encoding="utf-8"))
    return {department: need["words"] for department, need in declared.items()}


def special_needs(measure: pd.DataFrame, family_member: pd.DataFrame, as_of: date) -> pd.Series:
    """Return the competences that would help each family, by family_id: words separated by comma.

    A family has a need where one of its members has a running measure of a department listed in ``needs.toml``.
    Families without one are not in the result: nothing is known to be needed.
    """
    day = pd.Timestamp(as_of)
    running = (measure["start_date"] <= day) & (measure["end_date"].isna() | (measure["end_date"] >= day))
    known = measure.loc[running & measure["department"].isin(list(_needs())), ["person_id", "department"]]
    pairs = known.merge(family_member[["family_id", "person_id"]], on="person_id")
    return pairs.groupby("family_id")["department"].agg(_words_of)


def _words_of(departments: pd.Series) -> str:
    return ",".join(sorted({word for department in departments for word in _needs()[department]}))


def families_to_place(tables: dict[str, pd.DataFrame], shortlist: pd.DataFrame, look: Outlook) -> pd.DataFrame:
    """Return the families that need a coordinator: present ones, then those waiting, then the shortlist in its order.

    Returns
    -------
    ``family_id``, ``weight`` (hours now relative to a mean place of weight 1; a new family counts with its mean over
    the course), ``coordinator_id`` (the one they have, missing if none), ``is_new``, ``district``, ``needs``,
    ``languages`` and ``conflicts`` (coordinators who may not have the family) as the referral meeting wrote them,
    ``together`` (the same mark for families that share a child).
    """
    present = _present(tables["enrolment"], look)
    waiting = waiting_families(tables["enrolment"], look.as_of)["family_id"]
    listed = shortlist[shortlist["standing"] == "shortlisted"].sort_values("rank")["family_id"]
    new = pd.concat([waiting, listed]).drop_duplicates()
    new = new[~new.isin(present["family_id"])].to_frame("family_id")
    weights = family_weights(tables["family"], look.profile)[["family_id", "weight"]]
    new = new.merge(weights, on="family_id", how="left").fillna({"weight": 1.0})
    new = new.assign(is_new=True, coordinator_id=pd.Series(pd.NA, index=new.index, dtype="str"))
    families = pd.concat([present.assign(is_new=False), new], ignore_index=True)
    families = families.merge(tables["family"][["family_id", "district"]], on="family_id", how="left")
    said = tables["enrolment"][["family_id", "languages", "barred_coordinators"]]
    families = families.merge(said.rename(columns={"barred_coordinators": "conflicts"}), on="family_id", how="left")
    needs = special_needs(tables["measure"], tables["family_member"], look.as_of)
    marks = families_sharing_children(tables["family_member"])
    return families.assign(needs=families["family_id"].map(needs), together=families["family_id"].map(marks))


def _present(enrolment: pd.DataFrame, look: Outlook) -> pd.DataFrame:
    here = present_on(look.started, look.as_of)
    course = planned_course(look.profile)
    hours = {phase.name: phase.hours_per_week for phase in course}
    elapsed = (pd.Timestamp(look.as_of) - here["start_date"]).dt.days / DAYS_PER_MONTH
    now = elapsed.map(lambda months: hours[phase_on(course, months)]) / mean_hours_per_week(course)
    frame = pd.DataFrame({"family_id": here["family_id"], "weight": now * here["weight"]})
    return frame.merge(enrolment[["family_id", "coordinator_id"]], on="family_id", how="left")


def coordinators_in_post(coordinator: pd.DataFrame, look: Outlook) -> pd.DataFrame:
    """Return the coordinators in post with ``capacity``: families of weight 1 they can carry at the same time."""
    here = coordinator[capacity.in_post_on(coordinator, look.as_of)].sort_values("coordinator_id", ignore_index=True)
    year, place = capacity.working_year(look.profile), hours_per_place(look.profile)
    weekly = here["weekly_hours"].fillna(0.0)
    by_hours = weekly.map(lambda hours: capacity.hours_per_week_per_post(year, float(hours))) / place
    # The limit counts families, whatever they weigh: here it is written in families of the mean weight.
    by_limit = weekly / capacity.FULL_TIME_HOURS * look.profile["staffing.families_per_post_limit"] * look.mean_weight
    return here.assign(capacity=by_hours.clip(upper=by_limit))


def rules_of(profile: Profile) -> Rules:
    """Return what the assignment must keep by the profile: the highest load; conflicts of interest always."""
    return Rules(highest_load=profile["staffing.no_overload_above"])
