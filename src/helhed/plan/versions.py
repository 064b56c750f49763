"""Versions of a plan: every change is a new version with who made it and when, and nothing is ever overwritten."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

from helhed.errors import Problem, WrongCall
from helhed.plan.files import plan_from_json, plan_to_json
from helhed.plan.model import Agreement, Consent, FamilyPlan, Line, Meeting, Member

#: Fields of a plan that say when and by whom it was made, not what it holds.
_ABOUT_THE_VERSION = ("as_of", "version", "changed_by", "changed_date", "made_date")
#: Fields of a line that follow from the day and the other lines: they change without anybody changing the plan.
_COMPUTED = ("is_live", "is_overdue", "legal_status", "statute_id", "duplicate", "duplicate_of", "read_from")
_FILE = re.compile(r"version-(\d{4})\.json")


@dataclass(frozen=True)
class Change:
    """One difference between two versions of a plan.

    ``kind``: ``added``, ``removed`` or ``changed``; ``part``: the part of the plan (a field of `FamilyPlan`);
    ``what``: what it is about; ``field``, ``before`` and ``after`` where one field was changed.
    """

    kind: str
    part: str
    what: str
    person_id: str | None = None
    line: Line | None = None
    field: str = ""
    before: object = None
    after: object = None
    #: The record that was added, removed or changed, as it is now or was last.
    item: object = None


def changes(before: FamilyPlan, after: FamilyPlan) -> list[Change]:
    """Return what is different between two versions of a plan, part by part: lines, meetings, agreements and the rest.

    What follows from the passing of time alone (a line becomes overdue) is no change. Equal plans give an empty list,
    and different ones never do.
    """
    found = [*_of_lines(before.lines, after.lines), *_of_meetings(before.meetings, after.meetings)]
    done = ("lines", "meetings", "family_id", *_ABOUT_THE_VERSION)
    for part in (field.name for field in fields(FamilyPlan) if field.name not in done):
        old, new = getattr(before, part), getattr(after, part)
        if old != new:
            found += _of_part(part, old, new)
    return found


def _of_lines(before: Iterable[Line], after: Iterable[Line]) -> list[Change]:
    old, new = ({line.line_id: line for line in lines} for lines in (before, after))
    found = [Change("added", "lines", _name(new[key]), new[key].person_id, new[key]) for key in new if key not in old]
    found += [
        Change("removed", "lines", _name(old[key]), old[key].person_id, old[key]) for key in old if key not in new
    ]
    for key in (key for key in new if key in old):
        for field in (field.name for field in fields(Line) if field.name not in _COMPUTED):
            values = getattr(old[key], field), getattr(new[key], field)
            if values[0] != values[1]:
                line = new[key]
                found.append(Change("changed", "lines", _name(line), line.person_id, line, field, *values))
    return found


def _name(line: Line) -> str:
    return line.action or line.goal or "–"


def _of_meetings(before: Iterable[Meeting], after: Iterable[Meeting]) -> list[Change]:
    old, new = ({_meeting_key(one): one for one in meetings} for meetings in (before, after))
    found = [Change("added", "meetings", key[1], after=new[key].held_date) for key in new if key not in old]
    found += [Change("removed", "meetings", key[1], before=old[key].held_date) for key in old if key not in new]
    for key in (key for key in new if key in old):
        found += _of_agreements(old[key].agreements, new[key].agreements)
        bare = [replace(one, agreements=()) for one in (old[key], new[key])]
        if bare[0] != bare[1]:
            found.append(Change("changed", "meetings", key[1], before=old[key].held_date, after=new[key].held_date))
    return found


def _meeting_key(meeting: Meeting) -> tuple:
    return (meeting.meeting_id or meeting.held_date, meeting.kind)


def _of_agreements(before: Iterable[Agreement], after: Iterable[Agreement]) -> list[Change]:
    old, new = list(before), list(after)
    found = [Change("added", "agreements", one.what, after=one.due_date) for one in new if one not in old]
    return found + [Change("removed", "agreements", one.what, before=one.due_date) for one in old if one not in new]


def _of_part(part: str, old, new) -> list[Change]:
    if not isinstance(old, tuple):
        return [Change("changed", part, "", before=old, after=new)]
    known, here = ({_item_key(one): one for one in items} for items in (old, new))
    found = [Change("added", part, _short(one), item=one) for key, one in here.items() if key not in known]
    found += [Change("removed", part, _short(one), item=one) for key, one in known.items() if key not in here]
    found += [
        Change("changed", part, _short(one), before=known[key], after=one, item=one)
        for key, one in here.items()
        if key in known and one != known[key]
    ]
    return found or [Change("changed", part, "")]


def _item_key(one) -> object:
    """Return what a record of a plan is known by: its own number where it has one, else all of it."""
    names = ("contact_id", "consent_id", "evaluation_id", *(("person_id",) if isinstance(one, Member) else ()))
    return next((key for name in names if (key := getattr(one, name, None))), one)


def _short(one) -> str:
    """Return what a record of a plan is called: the first of its own words."""
    names = [getattr(one, name, None) for name in ("who", "what", "answer", "question", "note", "case_type", "kind")]
    return str(next((name for name in names if name), one if isinstance(one, date) else ""))


def with_kept_consents(plans: dict[str, FamilyPlan], profile) -> dict[str, FamilyPlan]:
    """Return the plans of a run with the consents of their newest kept versions, judged no earlier than its day.

    Where the tables hold no consent to the programme, none is taken from the kept version either. What the families'
    forms say since counts beside them (`helhed.plan.written`): a consent ends as soon as one of both ends it.
    """
    store = VersionFolder(profile.folder / "plans" / "versions")
    return {family: _with_consents(plan, store.last(family)) for family, plan in plans.items()}


def _with_consents(plan: FamilyPlan, kept: FamilyPlan | None) -> FamilyPlan:
    if kept is None:
        return plan
    kinds = ("programme",) if plan.consent_date is None else ()
    sent = {one.consent_id: one for one in plan.consents}
    known = {one.consent_id: one for one in kept.consents if one.kind not in kinds or one.consent_id in sent}
    consents = [_until_either_ends(one, sent.get(name)) for name, one in known.items()]
    further = [one for name, one in sent.items() if name not in known]
    given = kept.consent_date if plan.consent_date else None
    return replace(plan, consents=(*consents, *further), consent_date=given, made_date=kept.changed_date)


def _until_either_ends(kept: Consent, sent: Consent | None) -> Consent:
    """Return a kept consent that ends as soon as the kept one or the one sent since does."""
    if sent is None:
        return kept
    ends = {
        name: min((day for one in (kept, sent) if (day := getattr(one, name))), default=None)
        for name in ("to_date", "withdrawn_date")
    }
    return replace(kept, **ends)


class VersionFolder:
    """The versions of the plans of a municipality's families: one folder per family, one file per version."""

    def __init__(self, path: Path):
        self.path = path

    def numbers(self, family: str) -> list[int]:
        """Return the numbers of a family's versions, the oldest first."""
        found = (_FILE.fullmatch(file.name) for file in self._of(family).glob("version-*.json"))
        return sorted(int(match[1]) for match in found if match)

    def read(self, family: str, number: int, lang: str = "da") -> FamilyPlan:
        """Return one version of a family's plan; `WrongCall` if there is no such version."""
        file = self._file(family, number)
        if not file.is_file():
            known = ", ".join(map(str, self.numbers(family))) or "–"
            details = {"family": family, "known": known}
            raise WrongCall(Problem("plan_documents.no_such_version", value=str(number), details=details), lang)
        return plan_from_json(file.read_bytes(), file.name, lang)

    def last(self, family: str, lang: str = "da") -> FamilyPlan | None:
        """Return the newest version of a family's plan; None if there is none yet."""
        numbers = self.numbers(family)
        return self.read(family, numbers[-1], lang) if numbers else None

    def keep(self, plan: FamilyPlan, role: str, day: date, lang: str = "da") -> FamilyPlan:
        """Return the plan as the version it now is; written as a new file if it says something new.

        Parameters
        ----------
        role
            The role of who changed the plan ("koordinator"), never a name.
        day
            The day of the change.

        Raises
        ------
        FileExistsError
            If somebody else wrote the same version at the same moment: nothing is overwritten.
        """
        last = self.last(plan.family_id, lang)
        if last is not None and not changes(last, plan):
            about = {name: getattr(last, name) for name in ("version", "changed_by", "changed_date")}
            return replace(plan, **about)
        number = last.version + 1 if last else 1
        version = replace(plan, version=number, changed_by=role, changed_date=day)
        self._of(plan.family_id).mkdir(parents=True, exist_ok=True)
        with self._file(plan.family_id, number).open("x", encoding="utf-8") as file:
            file.write(plan_to_json(version))
        return version

    def before(self, plan: FamilyPlan, lang: str = "da") -> FamilyPlan | None:
        """Return the version before a plan's; None for the first."""
        earlier = [number for number in self.numbers(plan.family_id) if number < plan.version]
        return self.read(plan.family_id, earlier[-1], lang) if earlier else None

    def written(self, plan: FamilyPlan) -> float:
        """Return the moment at which a plan's version was written, in seconds as the file system counts them."""
        return self._file(plan.family_id, plan.version).stat().st_mtime

    def _of(self, family: str) -> Path:
        if not re.fullmatch(r"[\w.-]+", family) or family.startswith("."):
            raise WrongCall(Problem("plan_documents.bad_family", value=family))
        return self.path / family

    def _file(self, family: str, number: int) -> Path:
        return self._of(family) / f"version-{number:04d}.json"
