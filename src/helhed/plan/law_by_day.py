"""Which versions of the law a plan is about, day by day; what of it is not known is asked, never a silent rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from helhed.plan.deadlines import CHILD_MEASURES
from helhed.plan.model import FamilyPlan
from helhed.plan.statutes import Act, Doubt, OnDay, Statute, on_day, statutes


@dataclass(frozen=True)
class Doubtful:
    """Rules of one act whose wording on the days a plan is about is not known for sure, and why."""

    act: Act
    doubt: Doubt
    #: The known version of each rule that is nearest to the days, in the order they are declared.
    statutes: tuple[Statute, ...]
    days: tuple[date, ...]


def looked_at(plan: FamilyPlan) -> Iterator[OnDay]:
    """Return every rule with every day that the plan asks it about.

    - the plan itself: every rule on the day of the plan,
    - a line that names a rule: on the day the line begins, for that is when it was decided as far as the data tell,
    - a child's measure, an examination: the rules with a deadline that counts from it, on the day it begins.
    """
    for name in statutes():
        yield on_day(name, plan.as_of)
    for line in plan.live_lines:
        if line.statute_id in statutes() and line.start_date:
            yield on_day(line.statute_id, line.start_date)
        if line.measure_group in CHILD_MEASURES and line.person_id and line.start_date:
            yield from (on_day(name, line.start_date) for name in _counting_from("child_measure_start"))
    for case in plan.cases:
        if case.case_type == "boernefaglig_undersoegelse" and case.status == "open" and case.start_date:
            yield from (on_day(name, case.start_date) for name in _counting_from("examination_start"))


def _counting_from(event: str) -> list[str]:
    deadlines = {name: [one.deadline for one in versions if one.deadline] for name, versions in statutes().items()}
    return [name for name, found in deadlines.items() if any(one.after.endswith(event) for one in found)]


def versions_used(plan: FamilyPlan) -> list[Statute]:
    """Return the versions of the rules that the plan rests on, in the order they are declared, the oldest first."""
    found = {(seen.version.id, seen.version.valid_from): seen.version for seen in looked_at(plan) if seen.version}
    ordered = [version for versions in statutes().values() for version in versions if version.confirmed]
    return [version for version in ordered if (version.id, version.valid_from) in found]


def doubts(plan: FamilyPlan) -> list[Doubtful]:
    """Return what of the law is not known for sure on the days that the plan is about, by act and reason.

    What was not read in an act is asked about anyway (`not_confirmed`) and is left out here.
    """
    groups: dict[tuple[str, Doubt], list[OnDay]] = {}
    for seen in looked_at(plan):
        newest = statutes()[seen.statute_id][-1]
        if seen.doubt and newest.confirmed:
            groups.setdefault((newest.act.id, seen.doubt), []).append(seen)
    return [_doubtful(doubt, seen) for (_, doubt), seen in groups.items()]


def _doubtful(doubt: Doubt, seen: list[OnDay]) -> Doubtful:
    names = {one.statute_id for one in seen}
    nearest = 0 if doubt == "before" else -1
    rules = tuple(versions[nearest] for name, versions in statutes().items() if name in names)
    return Doubtful(rules[0].act, doubt, rules, tuple(sorted({one.day for one in seen})))


def not_confirmed(day: date) -> list[Statute]:
    """Return what was read about the law somewhere else than in an act: to be asked about, never used as a rule."""
    newest = (on_day(name, day).version or versions[-1] for name, versions in statutes().items())
    return [version for version in newest if not version.confirmed]
