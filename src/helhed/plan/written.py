"""Puts what coordinators have written in the families' forms into the plans of the tables."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from helhed.plan.files import plan_from_json
from helhed.plan.model import Agreement, FamilyPlan, Meeting

#: The columns of what was written: the family, and the file of a plan that holds nothing but what its form says.
WRITTEN_COLUMNS = ("family_id", "plan")
#: What the numbers of a form's rows begin with in the plan, so that they stand beside those of the tables.
_PREFIX = "ark-"


def written_plans(written: pd.DataFrame) -> dict[str, FamilyPlan]:
    """Return, by family, the plan that holds nothing but what the family's form says."""
    rows = zip(written["family_id"], written["plan"], strict=True)
    return {family: plan_from_json(content, f"{family}.json") for family, content in rows}


def with_written(plan: FamilyPlan, form: FamilyPlan) -> FamilyPlan:
    """Return a plan with what its family's form says; nothing of the plan is lost or changed.

    A meeting of the form that the tables have, too (same day and kind), fills in what is missing there; its agreements
    are added. What the form says of the coordinator's stepping back counts, for no table holds it.
    """
    return replace(
        plan,
        meetings=_meetings(plan.meetings, form.meetings),
        network=(*plan.network, *_numbered(form.network, "contact_id")),
        consents=(*plan.consents, *_numbered(form.consents, "consent_id")),
        evaluations=(*plan.evaluations, *_numbered(form.evaluations, "evaluation_id")),
        review_dates=tuple(sorted({*plan.review_dates, *form.review_dates})),
        fade_out=form.fade_out if form.fade_out != type(form.fade_out)() else plan.fade_out,
    )


def _numbered(rows: Iterable, name: str) -> list:
    return [replace(row, **{name: f"{_PREFIX}{getattr(row, name)}"}) for row in rows]


def _meetings(known: tuple[Meeting, ...], further: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
    found = {(meeting.held_date, meeting.kind): meeting for meeting in known}
    for meeting in _numbered(further, "meeting_id"):
        agreed: list[Agreement] = _numbered(meeting.agreements, "agreement_id")
        key = (meeting.held_date, meeting.kind)
        found[key] = _filled_in(found.get(key), replace(meeting, agreements=tuple(agreed)))
    return tuple(sorted(found.values(), key=lambda meeting: (meeting.held_date, meeting.kind)))


def _filled_in(known: Meeting | None, further: Meeting) -> Meeting:
    if known is None:
        return further
    names = ("participants", "start_time", "end_time", "place", "repeats_weeks")
    missing = {name: getattr(further, name) for name in names if getattr(known, name) is None}
    return replace(known, agreements=(*known.agreements, *further.agreements), **missing)
