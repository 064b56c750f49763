"""What changed since last time, in plain words: the box on the family's page and the list of `helhed plan diff`."""

import textwrap
from dataclasses import replace
from datetime import date

from helhed.plan.consent import has_programme_consent
from helhed.plan.consent_words import consent_in_words
from helhed.plan.family_page import Wording, capital
from helhed.plan.model import Consent, FamilyPlan, Member
from helhed.plan.versions import Change, changes
from helhed.plan.views import COORDINATOR, FAMILY, MEETING, may_see
from helhed.tables import code_label, tables
from helhed.texts import catalogue, number, text

_CODED = {"status": "line_status", "life_area": "life_area", "source_plan": "source_plan", "department": "department"}
#: The fields of a line that the family's box tells of; the rest is for professionals.
_FOR_FAMILY = ("goal", "action", "owner", "due_date", "status")
_MOST_IN_BOX = 8
_LONGEST_QUOTE = 200


def since_last_time(before: FamilyPlan | None, after: FamilyPlan, reader: str, wording: Wording) -> dict:
    """Return the fields of the box "since last time": ``changes`` (rows) and ``changes_since`` (a sentence).

    Only what the reader may see in both versions is told; a first version says that it is the first.
    """
    if before is None:
        return {"changes": [], "changes_since": text("plan_documents.first_version", wording.lang)}
    seen = [one for one in changes(_as_old_as(before, after), after) if _may_be_told(one, before, after, reader)]
    said = list(dict.fromkeys(said_in_words(one, after, wording) for one in seen))
    rows = [{"text": words} for words in said[:_MOST_IN_BOX]]
    if len(said) > _MOST_IN_BOX:
        more = number(len(said) - _MOST_IN_BOX, wording.lang)
        rows.append({"text": text("plan_documents.changes_more", wording.lang, n=more)})
    key = "changes_since" if rows else "changes_none"
    since = text(f"plan_documents.{key}", wording.lang, date=wording.day(before.changed_date or before.as_of))
    return {"changes": rows, "changes_since": since}


def _as_old_as(before: FamilyPlan, after: FamilyPlan) -> FamilyPlan:
    """Return the plan before with the ages of now: that a child has turned a year older is no news of the plan."""
    ages = {one.person_id: one.age for one in after.members}
    return replace(before, members=tuple(replace(m, age=ages.get(m.person_id, m.age)) for m in before.members))


def _may_be_told(change: Change, before: FamilyPlan, after: FamilyPlan, reader: str) -> bool:
    if change.line is None:
        return _part_may_be_told(change.part, before, after, reader)
    told = change.kind != "changed" or change.field in _FOR_FAMILY
    versions = [plan for plan in (before, after) if any(li.line_id == change.line.line_id for li in plan.lines)]
    return told and all(
        may_see(plan, line, reader) for plan in versions for line in plan.lines if line.line_id == change.line.line_id
    )


#: The parts that everyone at the network meeting has before them; the rest is the family's and the coordinator's.
_FOR_THE_MEETING = ("meetings", "agreements", "coordinator_id", "review_dates", "fade_out")


def _part_may_be_told(part: str, before: FamilyPlan, after: FamilyPlan, reader: str) -> bool:
    """Return whether a reader may hear of a change of a part of the plan: what its view shows whole, both times."""
    if reader == FAMILY:
        return True
    may_hear = has_programme_consent(before) and has_programme_consent(after)
    if reader == COORDINATOR:
        return may_hear or part in ("meetings", "agreements")
    return reader == MEETING and (part in ("meetings", "agreements") or (may_hear and part in _FOR_THE_MEETING))


def said_in_words(change: Change, plan: FamilyPlan, wording: Wording) -> str:
    """Return one change as a sentence."""
    values = {
        "who": capital(wording.who(plan, change.person_id)),
        "what": _shortened(change.what),
        "part": text(f"plan_documents.part_{change.part}", wording.lang),
        "field": capital(_field_label(change.field, wording.lang)),
        "before": _written(change.before, change.field, wording),
        "after": _written(change.after, change.field, wording),
    }
    if isinstance(change.item, (Consent, Member, date)):
        values["what"] = _item_in_words(change.item, plan, wording)
    if change.part in ("meetings",):
        values["what"] = capital(code_label("meeting_kind", change.what, wording.lang))
    of_item = [f"change_item_{change.kind}"] if change.item is not None else []
    for key in (f"change_{change.part}_{change.kind}", *of_item, f"change_{change.kind}"):
        if f"plan_documents.{key}" in catalogue():
            return text(f"plan_documents.{key}", wording.lang, **values)
    raise KeyError(change.kind)


def _item_in_words(item: Consent | Member | date, plan: FamilyPlan, wording: Wording) -> str:
    if isinstance(item, Consent):
        said = consent_in_words(plan, item, wording)
        return f"{said['what']} – {said['state']}"
    return wording.day(item) if isinstance(item, date) else item.label(wording.lang)


def _field_label(field: str, lang: str) -> str:
    """Return what a field of a line is called, from the contracts where they know it."""
    known = {column.name: column for column in tables()["plan_line"].columns}
    return known[field].label(lang) if field in known else text("plan_documents.field_other", lang)


def _written(value, field: str, wording: Wording) -> str:
    if value is None or value == ():
        return wording.say("not_set")
    if isinstance(value, date):
        return wording.day(value)
    if field in _CODED:
        return code_label(_CODED[field], value, wording.lang)
    return _shortened(", ".join(map(str, value)) if isinstance(value, tuple) else str(value))


def _shortened(words: str) -> str:
    """Return a text of one line that fits a sentence; the whole of it stands in the plan."""
    return textwrap.shorten(words, _LONGEST_QUOTE, placeholder=" …")


def changes_said(before: FamilyPlan, after: FamilyPlan, wording: Wording) -> list[str]:
    """Return every difference between two versions as sentences, the first naming the versions, by whom and when."""
    values = {}
    for mark, plan in (("first", before), ("last", after)):
        values |= {mark: plan.version, f"{mark}_by": plan.changed_by or wording.say("not_known")}
        values[f"{mark}_date"] = wording.day(plan.changed_date, "not_known")
    said = [said_in_words(one, after, wording) for one in changes(before, after)]
    head = text("plan_documents.changed_between", wording.lang, **values)
    return [head, *(said or [text("plan_documents.nothing_changed", wording.lang)])]
