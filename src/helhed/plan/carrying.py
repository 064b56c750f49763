"""Carries what people wrote into a plan over to the plan of today's tables, and takes in a form a second time."""

from collections.abc import Iterator
from dataclasses import replace

from helhed.errors import Problem
from helhed.plan.forms.layout import PLAN_SHEETS
from helhed.plan.forms.records import Rows, numbered, plan_of_rows, plan_rows, refreshed, sheet_of
from helhed.plan.model import FamilyPlan, Line
from helhed.plan.three_way import Conflict, Merged, merge_plans
from helhed.texts import LANGUAGES


def carried_over(
    base: FamilyPlan,
    edited: FamilyPlan,
    today: FamilyPlan,
    likeness: float = 0.9,
    answered: FamilyPlan | None = None,
) -> Merged:
    """Return the plan of today with what people have written into the plan since it was last assembled.

    Members, cases and the day are today's. A measure that the case systems no longer show as running stays in the
    plan as done. A line that the departments' plans no longer hold is gone, unless somebody has edited it: then it
    stays, and is told. A consent that the tables no longer hold is out of force, whatever was made from it since.

    Parameters
    ----------
    base
        The plan as it was assembled last.
    edited
        What people made of it.
    today
        The plan as it is assembled from the tables now.
    likeness
        See `merge_plans`.
    answered
        The plan of the tables that people knew when they last settled a dispute: where the tables still say the same,
        the people's answer stands.
    """
    base, edited, today = numbered(base), numbered(edited), numbered(today)
    told = list(_members_told(edited, today))
    base, edited = (replace(plan, members=today.members) for plan in (base, edited))
    known = {line.line_id for line in base.lines}
    people = {line.line_id for line in edited.lines}
    # A line that was away for a while and is there again is the same line: what people wrote into it stands.
    back = [line for line in today.lines if line.line_id in people - known]
    base = replace(base, lines=(*base.lines, *back))
    merged = merge_plans(base, edited, today, likeness)
    settled = [one for one in merged.conflicts if answered and _is_answered(one, answered)]
    if settled:
        merged = merge_plans(base, edited, _as_before(today, settled, likeness), likeness)
        told += [_settled_note(one) for one in settled]
    lines = list(_lines_of_today(merged.plan.lines, base, edited, today))
    told += [_gone_note(line) for line, is_gone in lines if is_gone]
    of_today = {name: getattr(today, name) for name in ("members", "cases", "as_of", "made_date")}
    plan = replace(merged.plan, lines=tuple(line for line, _ in lines), **of_today)
    return Merged(refreshed(_with_consents_in_force(plan, base, today), likeness), merged.conflicts, tuple(told))


def _lines_of_today(
    lines: tuple[Line, ...], base: FamilyPlan, edited: FamilyPlan, today: FamilyPlan
) -> Iterator[tuple[Line, bool]]:
    """Return the lines that stay, each with whether only people's edits keep it."""
    running = {line.line_id for line in today.lines}
    was = {line["line_id"]: line for line in plan_rows(base)["lines"]}
    of_people = {line["line_id"]: line for line in plan_rows(edited)["lines"]}
    for line in lines:
        key = line.line_id
        if key in running or key not in was:
            yield line, False
        elif line.is_measure:
            yield replace(line, status="done"), False
        elif of_people.get(key) != was[key]:
            yield line, line.status not in ("done", "cancelled")


def _gone_note(line: Line) -> Problem:
    value = line.action or line.goal or "–"
    return Problem("plan_documents.line_gone", "should_fix", value=value, details={"row": line.line_id})


def _members_told(edited: FamilyPlan, today: FamilyPlan) -> Iterator[Problem]:
    """Return one note for every member who is gone from the register and whom people have written about."""
    here = {member.person_id for member in today.members}
    for member in edited.members:
        if member.person_id not in here:
            label = {lang: member.label(lang) for lang in LANGUAGES}
            yield Problem("plan_documents.member_gone", "should_fix", details={"who": label})


def _settled_note(found: Conflict) -> Problem:
    sheet = sheet_of(found.sheet)
    words = {"where": sheet.title, "field": sheet.field(found.field).label}
    details = {name: {lang: say(lang) for lang in LANGUAGES} for name, say in words.items()}
    return Problem("plan_documents.conflict_settled", "note", details=details | {"row": found.row or "–"})


def _cell(rows: dict[str, Rows], found: Conflict) -> dict:
    """Return the row that a conflict is about; empty if it is not there."""
    key = sheet_of(found.sheet).key
    return next((row for row in rows[found.sheet] if not key or str(row[key]) == found.row), {})


def _is_answered(found: Conflict, answered: FamilyPlan) -> bool:
    row = _cell(plan_rows(answered), found) if found.field else {}
    return found.field in row and row[found.field] == found.other


def _as_before(today: FamilyPlan, settled: list[Conflict], likeness: float) -> FamilyPlan:
    """Return the plan of the tables without the changes that people have answered."""
    rows = {name: [dict(row) for row in found] for name, found in plan_rows(today).items()}
    for found in settled:
        _cell(rows, found)[found.field] = found.before
    return plan_of_rows(rows, today, likeness)


def _with_consents_in_force(plan: FamilyPlan, base: FamilyPlan, today: FamilyPlan) -> FamilyPlan:
    gone = {one.consent_id for one in base.consents} - {one.consent_id for one in today.consents}
    consents = tuple(one for one in plan.consents if one.consent_id not in gone)
    unchanged = base.consent_date == today.consent_date
    return replace(plan, consents=consents, consent_date=plan.consent_date if unchanged else today.consent_date)


def without_repeats(base: FamilyPlan, last: FamilyPlan, read: FamilyPlan, likeness: float = 0.9) -> FamilyPlan:
    """Return what was read from a form without the rows it adds that the newest version already has to the letter.

    So a form that is read twice adds its new rows once.

    Parameters
    ----------
    base
        The version that the form was made from.
    last
        The newest version.
    read
        The plan that was read from the form.
    """
    before, there, found = plan_rows(base), plan_rows(last), plan_rows(read)
    moved: dict[str, str] = {}
    for sheet in (sheet for sheet in PLAN_SHEETS if sheet.prefix):
        known = {row[sheet.key] for row in before[sheet.name]}
        left = [row for row in there[sheet.name] if row[sheet.key] not in known]
        rows = []
        for row in found[sheet.name]:
            row = row | ({"at_meeting": moved.get(row["at_meeting"], row["at_meeting"])} if "at_meeting" in row else {})
            same = [
                one for one in left if row[sheet.key] not in known and one | {sheet.key: ""} == row | {sheet.key: ""}
            ]
            if same:
                left.remove(same[0])
                if sheet.name == "meetings":
                    moved[row[sheet.key]] = same[0][sheet.key]
            else:
                rows.append(row)
        found[sheet.name] = rows
    return plan_of_rows(found, read, likeness)
