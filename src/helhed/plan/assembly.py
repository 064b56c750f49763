"""Assembles the plan of every enrolled family from the canonical tables."""

from dataclasses import MISSING
from datetime import date

import pandas as pd

from helhed.plan.merge import enrolled_families, merge_lines
from helhed.plan.model import Agreement, ChildCase, Consent, FamilyPlan, Line, Meeting, Member
from helhed.plan.written import with_written, written_plans


def assemble_plans(tables: dict[str, pd.DataFrame], profile, as_of: date) -> dict[str, FamilyPlan]:
    """Return the plan of every enrolled family by its id, sorted.

    Parameters
    ----------
    tables
        ``plan_line``, ``measure``, ``family_member``, ``person``, ``enrolment``, ``meeting`` and ``child_case`` after
        their contracts; ``assignment`` (``family_id``, ``coordinator_id``) where it is there: it fills in a
        coordinator that the enrolment lacks; ``written`` (`helhed.plan.written`): what the families' forms say.
    profile
        Settings by key; uses ``plan.duplicate_likeness``.
    as_of
        The day the plans are made.
    """
    lines = merge_lines(tables, as_of, profile["plan.duplicate_likeness"])
    return plans_of_lines(lines, tables, as_of)


def plans_of_lines(lines: pd.DataFrame, tables: dict[str, pd.DataFrame], as_of: date) -> dict[str, FamilyPlan]:
    """Return the plans of enrolled families from merged lines; see `assemble_plans`."""
    families = enrolled_families(tables["enrolment"], as_of)
    written = written_plans(tables["written"]) if "written" in tables else {}
    enrolment = {row["family_id"]: row for row in records(tables["enrolment"])}
    members = _members(tables, families, as_of)
    lines_of = _grouped(lines, "family_id")
    meetings_of = _grouped(tables["meeting"], "family_id")
    cases_of = _grouped(tables["child_case"], "person_id")
    proposed = _coordinators(tables.get("assignment"))
    plans = {
        family: FamilyPlan(
            family_id=family,
            as_of=as_of,
            members=members.get(family, ()),
            lines=tuple(_line(row) for row in lines_of.get(family, [])),
            meetings=_meetings(meetings_of.get(family, [])),
            cases=tuple(_case(row) for m in members.get(family, ()) for row in cases_of.get(m.person_id, [])),
            consent_date=enrolment[family]["consent_date"],
            start_date=enrolment[family]["start_date"],
            coordinator_id=enrolment[family]["coordinator_id"] or proposed.get(family),
            consents=programme_consent(enrolment[family]["consent_date"]),
        )
        for family in families
    }
    return {name: with_written(plan, written[name]) if name in written else plan for name, plan in plans.items()}


def programme_consent(given: date | None) -> tuple[Consent, ...]:
    """Return the consent to take part as the enrolment shows it; who gave it is not in the exports."""
    return (Consent("c1", "programme", from_date=given),) if given else ()


def age_in_years(birth_date: date | None, as_of: date) -> int | None:
    """Return a person's age from the month of birth; the birthday counts from the first of its month."""
    if birth_date is None:
        return None
    return as_of.year - birth_date.year - (as_of.month < birth_date.month)


def records(frame: pd.DataFrame) -> list[dict]:
    """Return the rows as dicts of plain Python values: dates for timestamps, None for what is missing."""
    columns = {name: [_plain(value) for value in frame[name].tolist()] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value):
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _grouped(frame: pd.DataFrame, key: str) -> dict[str, list[dict]]:
    groups: dict[str, list[dict]] = {}
    for row in records(frame):
        groups.setdefault(row[key], []).append(row)
    return groups


def _members(tables: dict[str, pd.DataFrame], families: list[str], as_of: date) -> dict[str, tuple[Member, ...]]:
    members = tables["family_member"]
    of_families = members[members["family_id"].isin(families)]
    known = of_families.merge(tables["person"][["person_id", "birth_date", "custody_ids"]], on="person_id", how="left")
    ordered = known.sort_values(["family_id", "birth_date", "person_id"])
    ordered = ordered.assign(number=ordered.groupby(["family_id", "role"]).cumcount() + 1)
    return {
        family: tuple(
            _member(row, as_of) for row in sorted(rows, key=lambda row: (_ROLE_ORDER.index(row["role"]), row["number"]))
        )
        for family, rows in _grouped(ordered, "family_id").items()
    }


def _member(row: dict, as_of: date) -> Member:
    age = age_in_years(row["birth_date"], as_of)
    custody = tuple(sorted({name.strip() for name in (row["custody_ids"] or "").split(",")} - {""}))
    is_known = row["role"] == "child" and bool(custody)
    return Member(row["person_id"], row["role"], row["number"], age, custody if is_known else None)


_ROLE_ORDER = ("adult", "child", "adult_child")


def _line(row: dict) -> Line:
    named = {name: row[name] for name in Line.__dataclass_fields__ if row.get(name) is not None or name in _LINE_MUST}
    return Line(**named | {"weekdays": tuple(named["weekdays"].split(","))} if "weekdays" in named else named)


#: The fields of a line that every table of merged lines has; the others come with forms alone.
_LINE_MUST = tuple(name for name, field in Line.__dataclass_fields__.items() if field.default is MISSING)


def _case(row: dict) -> ChildCase:
    return ChildCase(**{name: row[name] for name in ChildCase.__dataclass_fields__})


def _meetings(rows: list[dict]) -> tuple[Meeting, ...]:
    found: dict[tuple, list[dict]] = {}
    for row in sorted(rows, key=lambda row: (row["meeting_date"], row["kind"], row["meeting_id"])):
        found.setdefault((row["meeting_date"], row["kind"]), []).append(row)
    return tuple(
        Meeting(
            held_date=held,
            kind=kind,
            meeting_id=group[0]["meeting_id"],
            participants=next((row["participants"] for row in group if row["participants"]), None),
            agreements=tuple(
                Agreement(row["agreement"], row["owner"], row["due_date"], row["meeting_id"])
                for row in group
                if row["agreement"]
            ),
        )
        for (held, kind), group in found.items()
    )


def _coordinators(assignment: pd.DataFrame | None) -> dict[str, str]:
    return {} if assignment is None else {r["family_id"]: r["coordinator_id"] for r in records(assignment)}
