"""One family's criteria worked out record by record: status, value, distance, and the records each answer rests on.

Written apart from the expressions of `helhed.selection.measuring`, so that either can be held against the other, and
with nothing but the standard library, so that it runs in a browser page as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from helhed.selection import family_courses
from helhed.selection.family_records import Family, Found, Member, Place, Question, Record
from helhed.selection.rule_tree import criterion_status, read_leaf
from helhed.selection.statuses import MET

_ENDLESS = float("inf")
_CASE_DEPARTMENTS = ("children", "adult_social", "health", "school")


@dataclass(frozen=True)
class Answer:
    """How a family came out on a criterion; ``records`` are (table, place among the family's records there)."""

    status: str
    value: float | None
    threshold: float
    distance: float | None
    records: tuple[Place, ...] = ()


def evaluate_family(records: Mapping[str, list[Record]], question: Question) -> dict[str, Answer]:
    """Return how one family comes out on each criterion asked for.

    Parameters
    ----------
    records
        The family's rows of the canonical tables by table: ``family_member`` and ``person`` of its members, and their
        rows elsewhere. Days are `datetime.date`; what is missing is None.
    question
        Day, period, settings and thresholds.
    """
    family = Family(records, question)
    return {name: _answer(name, _CRITERIA[read_leaf(name)[0]](family), question) for name in question.thresholds}


def _answer(name: str, found: Found, question: Question) -> Answer:
    threshold = question.thresholds[name]
    is_covered = set(question.needs.get(name, ())) <= question.covered
    status = criterion_status(found.seen, threshold, found.possible if is_covered else _ENDLESS)
    value = found.seen if is_covered or status == MET else None
    distance = None if value is None else value - threshold
    return Answer(status, value, threshold, distance, tuple(sorted(found.records)))


def _benefit(pick: Callable[[Iterable[int]], int]) -> Callable[[Family], Found]:
    def found(family: Family) -> Found:
        months = [family.benefit_months(adult, family.setting("benefit_window_months")) for adult in family.adults]
        if not months:
            return Found(None, _ENDLESS)
        seen, possible = (pick([of_adult[part] for of_adult in months]) for part in (0, 1))
        return Found(seen, possible, set().union(*(places for _, _, places in months)))

    return found


def _child_case(family: Family, is_kind: Callable[[Record], bool]) -> Found:
    return _counted((family.cases(child, is_kind) for child in family.children), family.lacks("child_case"))


def _counted(of_members: Iterable[tuple[set, set]], lacks: bool = False) -> Found:
    """Return how many members have records for certain, and how many may have: all when the exports lack records."""
    pairs = list(of_members)
    n_certain, n_possible = sum(bool(certain) for certain, _ in pairs), sum(bool(maybe) or lacks for _, maybe in pairs)
    return Found(n_certain, n_possible, set().union(*(certain | maybe for certain, maybe in pairs)))


def _open_child_case(family: Family) -> Found:
    return _child_case(family, lambda row: row["case_type"] in family.setting("case_types"))


def _child_disability_case(family: Family) -> Found:
    return _child_case(family, lambda row: row["case_type"] == "handicap")


def _child_in_childrens_department(family: Family) -> Found:
    def pair(child: Member) -> tuple[set, set]:
        certain, possible = family.cases(child, lambda row: True)
        running, maybe = family.measures(child, "children")
        return certain | running, possible | maybe

    return _counted((pair(child) for child in family.children), family.lacks("child_case", "measure.children"))


def _rows_of_children(family: Family, source: str, setting: str, is_in: Callable[[Record], bool]) -> Found:
    (first, last), table = family.window(setting), source.partition(".")[0]
    places = {place for child in family.children for place, row in family.rows(table, child.person_id) if is_in(row)}
    return Found(len(places), len(places) if family.is_covered(source, first, last) else _ENDLESS, places)


def _notifications(family: Family) -> Found:
    first, last = family.window("notification_window_months")

    def is_in(row: Record) -> bool:
        return row["case_type"] == "underretning" and first <= row["start_date"] <= last

    return _rows_of_children(family, "child_case", "notification_window_months", is_in)


def _n_placements(family: Family) -> Found:
    first, last = family.window("placement_window_months")

    def is_in(row: Record) -> bool:
        end = family.known_end("measure", row)
        is_over = end is not None and end < first
        return row["measure_group"] == "placement" and row["start_date"] <= last and not is_over

    return _rows_of_children(family, "measure.children", "placement_window_months", is_in)


def _placed_child(family: Family) -> Found:
    def placements(child: Member) -> tuple[set, set]:
        return _both(family, "measure", child, lambda row: row["measure_group"] == "placement")

    return _counted((placements(child) for child in family.children), family.lacks("measure.children"))


def _both(family: Family, table: str, member: Member, is_kind: Callable[[Record], bool]) -> tuple[set, set]:
    """Return the rows of a member that certainly run, and those that run as far as is known."""
    certain, running = family.certain(table, member.person_id), family.running(table, member.person_id)
    known, maybe = ({place for place, row in rows if is_kind(row)} for rows in (certain, running))
    return known, maybe


def _aged(lowest: str, below: str) -> Callable[[Family], Found]:
    def found(family: Family) -> Found:
        low = 12 * family.setting(lowest) if lowest else 0
        high = 12 * family.setting(below) if below else 18 * 12
        n_seen = sum(family.is_aged(child, low, high) for child in family.children)
        return Found(n_seen, n_seen + sum(child.birth is None for child in family.children))

    return found


def _n_children(family: Family) -> Found:
    return Found(len(family.children), len(family.children))


def _one_adult(family: Family) -> Found:
    if not family.adults:
        return Found(None, _ENDLESS)
    is_one = float(len(family.adults) == 1)
    return Found(is_one, is_one)


def _measures_of_adults(department: str) -> Callable[[Family], Found]:
    def found(family: Family) -> Found:
        measures = (family.measures(adult, department) for adult in family.adults)
        return _counted(measures, family.lacks(f"measure.{department}"))

    return found


def _running_in(table: str) -> Callable[[Family], Found]:
    def found(family: Family) -> Found:
        return _counted((_both(family, table, one, lambda _: True) for one in family.members), family.lacks(table))

    return found


def _school_absence(family: Family) -> Found:
    told = [family.absence(child) for child in family.children]
    seen = max((share for share, _, _ in told if share is not None), default=None)
    records = set().union(*(used for _, _, used in told))
    return Found(seen, max((highest for _, highest, _ in told), default=-1.0), records)


def _n_departments(family: Family) -> Found:
    n_seen, n_possible, records = 0, 0, set()
    for department in dict.fromkeys(family.setting("departments")):
        signs = [family.sign(member, department) for member in family.members]
        measures = [family.measures(member, department)[0] for member in family.members]
        places = set().union(*(sign for sign, _ in signs), *measures)
        is_unknown = family.is_dark(department) or family.lacks(f"measure.{department}")
        could_be = any(could for _, could in signs) or is_unknown
        n_seen, n_possible, records = n_seen + bool(places), n_possible + (bool(places) or could_be), records | places
    return Found(n_seen, n_possible, records)


@dataclass(frozen=True)
class _Role:
    """What a member is to Morsø's rule: on benefit, perhaps so, with a case, perhaps with one; and the records."""

    is_on: bool
    may_be_on: bool
    has_case: bool
    may_have_case: bool
    records: set[Place]


def _role(family: Family, member: Member) -> _Role:
    n_seen, n_possible, spells = family.benefit_months(member, family.setting("benefit_window_months"))
    needed, is_told = family.setting("benefit_months"), "benefit_spell" in family.question.covered
    signs = [family.sign(member, department) for department in _CASE_DEPARTMENTS]
    measures = (family.measures(member, name)[0] for name in _CASE_DEPARTMENTS)
    places = set().union(*(sign for sign, _ in signs), *measures)
    could = any(could for _, could in signs) or family.lacks(*(f"measure.{name}" for name in _CASE_DEPARTMENTS))
    return _Role(
        is_on=member.is_adult and n_seen >= needed,
        may_be_on=member.is_adult and (n_possible >= needed or not is_told),
        has_case=bool(places),
        may_have_case=bool(places) or could,
        records=places | (spells if member.is_adult else set()),
    )


def _other_member_case(family: Family) -> Found:
    roles = [_role(family, member) for member in family.members]
    on, maybe = [role for role in roles if role.is_on], [role for role in roles if role.may_be_on]
    records = set().union(*(role.records for role in roles))
    seen = sum(role.has_case for role in roles)
    if len(on) == 1:
        seen -= on[0].has_case
    elif not on and any(role.has_case for role in maybe):
        seen -= 1
    if any(family.is_dark(department) for department in _CASE_DEPARTMENTS):
        return Found(seen, _ENDLESS, records)
    possible = sum(role.may_have_case for role in roles)
    if len(on) == len(maybe) == 1:
        possible -= on[0].may_have_case
    return Found(seen, possible, records)


def _case_by_section(family: Family) -> Found:
    listed = [name.strip() for name in family.setting("sections").split(";") if name.strip()]

    def is_listed(row: Record) -> bool:
        section = row["section"]
        return section is not None and any(
            section == name or section.startswith((f"{name},", f"{name} ")) for name in listed
        )

    def pair(member: Member) -> tuple[set, set]:
        certain, possible = family.cases(member, is_listed)
        unsaid, _ = family.cases(member, lambda row: row["section"] is None)
        known, maybe = _both(family, "measure", member, is_listed)
        unsaid |= _both(family, "measure", member, lambda row: row["section"] is None)[1]
        return certain | known, possible | maybe | unsaid

    return _counted((pair(member) for member in family.members), family.lacks("child_case", "measure"))


def _family_has_consent(family: Family) -> Found:
    for place, row in enumerate(family.records.get("enrolment", [])):
        consent, offered = row["consent_date"], row["offered_date"]
        if consent is not None and consent <= family.as_of:
            return Found(1.0, 1.0, {("enrolment", place)})
        if offered is not None and offered <= family.as_of:
            return Found(0.0, 0.0, {("enrolment", place)})
    return Found(None, _ENDLESS)


_CRITERIA: Mapping[str, Callable[[Family], Found]] = {
    "adult_on_benefit": _benefit(max),
    "all_adults_on_benefit": _benefit(min),
    "no_adult_in_work": family_courses.no_adult_in_work,
    "adult_in_education": family_courses.adult_in_education,
    "adult_social_measure": _measures_of_adults("adult_social"),
    "adult_health_or_treatment": _measures_of_adults("health"),
    "adult_functional_level": family_courses.low_domains("adults"),
    "open_child_case": _open_child_case,
    "child_disability_case": _child_disability_case,
    "child_in_childrens_department": _child_in_childrens_department,
    "notifications": _notifications,
    "placed_child": _placed_child,
    "n_placements": _n_placements,
    "child_under_3": _aged("", "young_child_years"),
    "older_child": _aged("older_child_years", ""),
    "school_absence": _school_absence,
    "child_functional_level": family_courses.low_domains("children"),
    "no_daycare": family_courses.without("daycare", "is_enrolled", (12, 6 * 12)),
    "no_leisure_activity": family_courses.without("leisure", "has_activity", (6 * 12, 18 * 12)),
    "n_departments": _n_departments,
    "other_member_case": _other_member_case,
    "case_by_section": _case_by_section,
    "health_course": _running_in("health"),
    "housing_problem": _running_in("housing"),
    "n_children": _n_children,
    "one_adult": _one_adult,
    "family_has_consent": _family_has_consent,
}
