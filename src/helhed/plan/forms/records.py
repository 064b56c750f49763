"""A plan as the rows of its form's sheets, and the plan that rows make; the way between both loses nothing."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from helhed.plan.forms.layout import PLAN_SHEETS, Sheet
from helhed.plan.merge import marked_lines
from helhed.plan.model import (
    Agreement,
    Consent,
    Contact,
    Evaluation,
    FadeOut,
    FadeOutStep,
    FamilyPlan,
    Line,
    Meeting,
)
from helhed.tables import DEPARTMENT_OF_PLAN

Rows = list[dict]
#: Fields that a sheet calls otherwise than the plan does.
_RENAMED = {
    "meetings": {"meeting_kind": "kind"},
    "network": {"contact_kind": "kind", "network_of": "person_id"},
    "consents": {"consent_kind": "kind"},
    "evaluations": {"evaluated_date": "held_date"},
}
_PARTS: dict[str, tuple[str, type]] = {
    "network": ("network", Contact),
    "consents": ("consents", Consent),
    "evaluations": ("evaluations", Evaluation),
}


def sheet_of(name: str) -> Sheet:
    """Return the sheet of the plan's form of that name."""
    return {sheet.name: sheet for sheet in PLAN_SHEETS}[name]


def plan_rows(plan: FamilyPlan, lang: str = "da") -> dict[str, Rows]:
    """Return the rows of every sheet of the plan's form, by the names of `PLAN_SHEETS` and their fields."""
    plan = numbered(plan)
    simple = {name: [_row(name, item) for item in getattr(plan, part)] for name, (part, _) in _PARTS.items()}
    return {
        "about": [_about(plan)],
        "members": [{"label": member.label(lang), "role": member.role} for member in plan.members],
        "lines": [_row("lines", line) for line in plan.lines],
        "meetings": [_row("meetings", meeting) for meeting in plan.meetings],
        "agreements": [
            _row("agreements", agreed) | {"at_meeting": meeting.meeting_id}
            for meeting in plan.meetings
            for agreed in meeting.agreements
        ],
        "fade_out": [_row("fade_out", step) for step in plan.fade_out.steps],
        "reviews": [{"review_date": day} for day in plan.review_dates],
        **simple,
    }


def _about(plan: FamilyPlan) -> dict:
    names = ("family_id", "as_of", "version", "start_date", "coordinator_id", "changed_by", "changed_date")
    fade = plan.fade_out
    return {name: getattr(plan, name) for name in names} | {
        "fade_from_date": fade.from_date,
        "fade_to_date": fade.to_date,
        "contact_after": fade.contact_after,
    }


def _row(sheet: str, item) -> dict:
    renamed = _RENAMED.get(sheet, {})
    names = {field.name: renamed.get(field.name, field.name) for field in sheet_of(sheet).fields}
    return {name: getattr(item, attribute) for name, attribute in names.items() if hasattr(item, attribute)}


def numbered(plan: FamilyPlan) -> FamilyPlan:
    """Return the plan with a number for every meeting and agreement that has none or one used before."""
    meetings = _with_ids(plan.meetings, "meeting_id", "møde-")
    agreed = _with_ids([one for meeting in meetings for one in meeting.agreements], "agreement_id", "aftale-")
    left = iter(agreed)
    meetings = [replace(meeting, agreements=tuple(next(left) for _ in meeting.agreements)) for meeting in meetings]
    return replace(plan, meetings=tuple(meetings))


def _with_ids(items: Iterable, name: str, prefix: str) -> list:
    taken = {getattr(item, name) for item in items} - {""}
    seen, found = set(), []
    for item in items:
        key = getattr(item, name)
        if not key or key in seen:
            key = free_id(prefix, taken)
            taken.add(key)
            item = replace(item, **{name: key})
        seen.add(key)
        found.append(item)
    return found


def free_id(prefix: str, taken: set[str]) -> str:
    """Return the first number with the prefix that is not taken.

    Examples
    --------
    >>> free_id("n", {"n1", "n3"})
    'n2'
    """
    return next(name for at in range(1, len(taken) + 2) if (name := f"{prefix}{at}") not in taken)


def plan_of_rows(rows: dict[str, Rows], base: FamilyPlan, likeness: float = 0.9) -> FamilyPlan:
    """Return the plan that the rows make; what no form shows (members, cases, a line's source) comes from the base.

    Parameters
    ----------
    rows
        As `plan_rows` gives them, edited; new rows have numbers that the base does not have.
    base
        The plan that the form was made from.
    likeness
        How alike two actions must be written to be marked as perhaps the same.
    """
    base = numbered(base)
    about = rows["about"][0]
    own = ("start_date", "coordinator_id", "changed_by", "changed_date")
    consents = tuple(_item("consents", row, Consent) for row in rows["consents"])
    fade_out = FadeOut(
        about["fade_from_date"],
        about["fade_to_date"],
        tuple(_item("fade_out", row, FadeOutStep) for row in rows["fade_out"]),
        about["contact_after"],
    )
    parts = {part: tuple(_item(name, row, kind) for row in rows[name]) for name, (part, kind) in _PARTS.items()}
    changed = replace(
        base,
        **{name: about[name] for name in own},
        **parts,
        lines=_lines(rows["lines"], base),
        meetings=_meetings(rows),
        consent_date=_consent_date(consents, base),
        fade_out=fade_out,
        review_dates=tuple(row["review_date"] for row in rows["reviews"]),
    )
    return refreshed(changed, likeness)


def refreshed(plan: FamilyPlan, likeness: float = 0.9) -> FamilyPlan:
    """Return the plan with what follows from its lines worked out anew: live, overdue, legal status, what stands twice.

    The lines stand by person and number, as in a plan assembled from the tables.
    """
    marks = marked_lines(plan.lines, plan.as_of, likeness)
    lines = [replace(line, **marks[line.line_id]) for line in plan.lines]
    lines.sort(key=lambda line: (line.person_id is None, line.person_id or "", line.line_id))
    return replace(plan, lines=tuple(lines))


def _item(sheet: str, row: dict, kind: Callable):
    renamed = _RENAMED.get(sheet, {})
    return kind(**{renamed.get(name, name): value for name, value in row.items()})


def _lines(rows: Rows, base: FamilyPlan) -> tuple[Line, ...]:
    known = {line.line_id: line for line in base.lines}
    return tuple(replace(known[r["line_id"]], **r) if r["line_id"] in known else new_line(r) for r in rows)


def new_line(row: dict) -> Line:
    """Return a line that a form adds; what follows from it is left to `refreshed`."""
    empty = dict.fromkeys(("measure_id", "measure_group", "statute_id", "duplicate_of"))
    follows = {"is_live": False, "is_overdue": False, "legal_status": "agreement", "duplicate": "no"}
    return Line(**row, **empty, **follows, department=DEPARTMENT_OF_PLAN.get(row["source_plan"]))


def _meetings(rows: dict[str, Rows]) -> tuple[Meeting, ...]:
    agreed: dict[str, list[Agreement]] = {}
    for row in rows["agreements"]:
        own = {name: value for name, value in row.items() if name != "at_meeting"}
        agreed.setdefault(row["at_meeting"], []).append(Agreement(**own))
    return tuple(
        replace(
            _item("meetings", row | {"agreements": ()}, Meeting), agreements=tuple(agreed.get(row["meeting_id"], ()))
        )
        for row in rows["meetings"]
    )


def _consent_date(consents: tuple[Consent, ...], base: FamilyPlan) -> date | None:
    """Return the day of the consent to take part: as it was if that consent is unchanged, else what the form says."""
    before, now = ([one for one in found if one.kind == "programme"] for found in (base.consents, consents))
    if before == now:
        return base.consent_date
    days = [one.from_date for one in now if one.from_date and not one.withdrawn_date]
    return min(days, default=None)
