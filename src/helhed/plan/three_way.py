"""Brings together what two editors have changed in the same plan; where they disagree, it says so and decides nothing.

The plan is compared cell by cell, as its form shows it (`helhed.plan.forms`). What one editor alone has changed is
taken; where both have changed the same cell to different things, the cell stays as it was and the conflict is listed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from helhed.errors import Problem, WrongCall
from helhed.plan.forms.layout import PLAN_SHEETS, Sheet
from helhed.plan.forms.people import People
from helhed.plan.forms.records import Rows, free_id, numbered, plan_of_rows, plan_rows, sheet_of
from helhed.plan.forms.values import written
from helhed.plan.model import FamilyPlan
from helhed.texts import text

#: What differs from copy to copy without anyone disagreeing.
_NOT_COMPARED = ("as_of", "version", "changed_by", "changed_date")
_MEMBERS = "members"


@dataclass(frozen=True)
class Conflict:
    """One cell, or one whole row, on which two editors disagree: what stood there and what each made of it.

    ``row`` is the number of the row, ``field`` the cell; an empty ``field`` stands for the whole row, which one
    editor took out while the other changed it. Values are as the plan holds them.
    """

    sheet: str
    row: str
    field: str
    before: object
    one: object
    other: object


@dataclass(frozen=True)
class Merged:
    """The plan with what could be brought together, and what the editors must settle."""

    plan: FamilyPlan
    conflicts: tuple[Conflict, ...]
    #: What the editors should look at although nothing is in dispute.
    notes: tuple[Problem, ...] = ()


def merge_plans(base: FamilyPlan, one: FamilyPlan, other: FamilyPlan, likeness: float = 0.9) -> Merged:
    """Return the plan with the changes of two editors, and every place where they disagree.

    Rows that both have added are both kept: whether they are the same is for people to say. Members come from the
    register: where the three plans do not name the same, those of the base stay and a conflict is listed.

    Parameters
    ----------
    base
        The plan that both started from.
    one, other
        What each made of it.
    likeness
        How alike two actions must be written to be marked as perhaps the same.

    Raises
    ------
    WrongCall
        If the plans are not of one family.
    """
    if len({base.family_id, one.family_id, other.family_id}) > 1:
        raise WrongCall(Problem("plan_forms.not_one_family"))
    base, one, other = numbered(base), numbered(one), numbered(other)
    conflicts = list(_member_conflicts(base, one, other))
    before, first = plan_rows(base), plan_rows(one)
    second, moved = _renumbered(before, first, plan_rows(other))
    rows = {_MEMBERS: before[_MEMBERS]}
    for sheet in PLAN_SHEETS:
        if sheet.name != _MEMBERS:
            rows[sheet.name], found = _merged_rows(sheet, *(part[sheet.name] for part in (before, first, second)))
            conflicts += found
    rows["about"] = [rows["about"][0] | _last_editors(one, other)]
    others = [replace(line, line_id=moved.get(("lines", line.line_id), line.line_id)) for line in other.lines]
    known = {line.line_id: line for lines in (others, one.lines, base.lines) for line in lines}
    return Merged(plan_of_rows(rows, replace(base, lines=tuple(known.values())), likeness), tuple(conflicts))


def _last_editors(one: FamilyPlan, other: FamilyPlan) -> dict:
    """Return who changed the plan last: both editors, on the later of their days."""
    roles = dict.fromkeys(plan.changed_by for plan in (one, other) if plan.changed_by)
    days = [plan.changed_date for plan in (one, other) if plan.changed_date]
    return {"changed_by": "; ".join(roles) or None, "changed_date": max(days, default=None)}


def _member_conflicts(base: FamilyPlan, one: FamilyPlan, other: FamilyPlan) -> Iterator[Conflict]:
    named = [frozenset(member.person_id for member in plan.members) for plan in (base, one, other)]
    if len(set(named)) > 1:
        yield Conflict(_MEMBERS, "", "", base.members, one.members, other.members)


def _renumbered(
    before: dict[str, Rows], first: dict[str, Rows], second: dict[str, Rows]
) -> tuple[dict[str, Rows], dict]:
    """Return the second editor's rows, with other numbers for those that both editors have added, and which moved."""
    found, moved = dict(second), {}
    for sheet in PLAN_SHEETS:
        if not sheet.prefix:
            continue
        known, here, there = ({row[sheet.key] for row in part[sheet.name]} for part in (before, first, second))
        added, taken = here - known, known | here | there
        found[sheet.name] = []
        for row in second[sheet.name]:
            if row[sheet.key] in added:
                key = free_id(sheet.prefix, taken)
                taken.add(key)
                moved[sheet.name, row[sheet.key]] = key
                row = row | {sheet.key: key}
            found[sheet.name].append(row)
    found["agreements"] = [
        row | {"at_meeting": moved.get(("meetings", row["at_meeting"]), row["at_meeting"])}
        for row in found["agreements"]
    ]
    return found, moved


def _merged_rows(sheet: Sheet, before: Rows, first: Rows, second: Rows) -> tuple[Rows, list[Conflict]]:
    if not sheet.key:
        return _with_conflicts(sheet, "", before[0], first[0], second[0], rows=[])
    parts = [{str(row[sheet.key]): row for row in rows} for rows in (before, first, second)]
    rows, conflicts = [], []
    for key in dict.fromkeys(key for part in parts for key in part):
        was, one, other = (part.get(key) for part in parts)
        if was is None:
            rows.append(one or other)
        elif one is not None and other is not None:
            rows, found = _with_conflicts(sheet, key, was, one, other, rows)
            conflicts += found
        else:
            kept, found = _after_removal(sheet, key, was, one, other)
            rows += kept
            conflicts += found
    return rows, conflicts


def _with_conflicts(
    sheet: Sheet, key: str, was: dict, one: dict, other: dict, rows: Rows
) -> tuple[Rows, list[Conflict]]:
    merged, conflicts = {}, []
    for name in was:
        merged[name], agreed = _merged_value(was[name], one[name], other[name])
        if not agreed and name not in _NOT_COMPARED:
            conflicts.append(Conflict(sheet.name, key, name, was[name], one[name], other[name]))
    return [*rows, merged], conflicts


def _merged_value(was, one, other) -> tuple[object, bool]:
    if one in (was, other):
        return other, True
    return (one, True) if other == was else (was, False)


def _after_removal(
    sheet: Sheet, key: str, was: dict, one: dict | None, other: dict | None
) -> tuple[Rows, list[Conflict]]:
    """Return what becomes of a row that one editor, or both, took out."""
    left = one or other
    if sheet.keeps_rows:
        return [left or was], []
    if left is None or left == was:
        return [], []
    return [was], [Conflict(sheet.name, key, "", was, one, other)]


def conflict_table(merged: Merged, lang: str) -> pd.DataFrame:
    """Return one row per conflict in words, for the two editors to settle.

    Columns: ``where`` (part of the form), ``row``, ``field``, ``before``, ``one``, ``other``.
    """
    people = People(merged.plan.members, lang, {})
    rows = [
        (
            sheet_of(found.sheet).title(lang),
            found.row,
            sheet_of(found.sheet).field(found.field).label(lang) if found.field else text("plan_forms.whole_row", lang),
            *(_in_words(found, value, people) for value in (found.before, found.one, found.other)),
        )
        for found in merged.conflicts
    ]
    return pd.DataFrame(rows, columns=["where", "row", "field", "before", "one", "other"]).astype("str")


def _in_words(found: Conflict, value, people: People) -> str:
    if found.field:
        return written(sheet_of(found.sheet).field(found.field), value, people)
    if isinstance(value, dict):
        fields = sheet_of(found.sheet).fields
        return "; ".join(shown for field in fields if (shown := written(field, value.get(field.name), people)))
    if isinstance(value, tuple):
        return ", ".join(member.label(people.lang) for member in value)
    return value or text("plan_forms.taken_out", people.lang)
