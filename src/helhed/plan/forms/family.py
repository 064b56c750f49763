"""Reads the forms that coordinators fill in with the families: network, consents, meetings with their times."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from helhed.errors import Problem
from helhed.plan.files import plan_to_json
from helhed.plan.forms.layout import FAMILY_SHEETS, SECTOR_SHEETS
from helhed.plan.forms.people import People, with_names_of_form
from helhed.plan.forms.raw import RawForm
from helhed.plan.forms.reading import (
    FormReader,
    form_problems,
    meeting_problems,
    member_labels,
    member_problems,
    read_raw,
)
from helhed.plan.forms.records import plan_of_rows, plan_rows
from helhed.plan.model import Consent, FadeOut, FamilyPlan
from helhed.plan.written import WRITTEN_COLUMNS


@dataclass(frozen=True)
class FamilyForms:
    """What the families' forms hold, and what could not be taken in.

    ``written``: one row per family, ``family_id`` and ``plan`` (the file of a plan that holds nothing but what the
    form says); see `helhed.plan.written`.
    """

    written: pd.DataFrame
    problems: tuple[Problem, ...]


def is_family_form(file: bytes, file_name: str, lang: str) -> bool:
    """Return whether a file is the form of a family rather than the form of an office's plan."""
    heads = read_raw(file, (SECTOR_SHEETS[0], FAMILY_SHEETS[0]), file_name, lang).sheets
    return "family" in heads and "sector" not in heads


def read_family_forms(
    files: Mapping[str, bytes],
    plans: Mapping[str, FamilyPlan],
    lang: str,
    names: Mapping[str, str] | None = None,
) -> FamilyForms:
    """Return what filled-in forms of families hold; a form that cannot be read is left out as a whole and told.

    Two forms of one family are both left out: which of them holds, a consent taken back for one, is not for the
    kit to say. Of a family whose form is left out nothing is shared until it is mended.

    Parameters
    ----------
    files
        File name to content.
    plans
        The plans of the families in the programme, by id: they say who belongs to the family.
    lang
        The language of the forms, where their headings do not tell.
    names
        Person id to name, where forms may call members by name.
    """
    read = {name: _form(files[name], name, plans, lang, names or {}) for name in sorted(files)}
    n_forms = Counter(family for family, _, _ in read.values() if family)
    problems = [problem for _, _, told in read.values() for problem in told]
    problems += [
        Problem("plan_forms.family_twice", file=name, value=family)
        for name, (family, _, _) in read.items()
        if n_forms[family] > 1
    ]
    found = {family: plan if n_forms[family] == 1 else None for family, plan, _ in read.values() if family}
    rows = [(family, plan_to_json(plan or _closed(plans[family]))) for family, plan in sorted(found.items())]
    written = pd.DataFrame(rows, columns=list(WRITTEN_COLUMNS)).astype("str")
    return FamilyForms(written, tuple(problems))


def _bare(plan: FamilyPlan) -> FamilyPlan:
    """Return the plan of a family with nothing in it that a form can hold."""
    nothing = dict.fromkeys(("lines", "meetings", "cases", "network", "consents", "review_dates", "evaluations"), ())
    return replace(plan, **nothing, fade_out=FadeOut(), consent_date=None)


def _closed(plan: FamilyPlan) -> FamilyPlan:
    """Return what stands in for a form that cannot be read: a consent to share with nobody.

    Without it the lines' own words would decide who sees them, although the family has written down what it shares.
    """
    return replace(_bare(plan), consents=(Consent("0", "sharing"),))


def _form(
    file: bytes, name: str, plans: Mapping[str, FamilyPlan], lang: str, names: Mapping[str, str]
) -> tuple[str, FamilyPlan | None, list[Problem]]:
    raw = read_raw(file, FAMILY_SHEETS, name, lang)
    lang = raw.lang(lang)
    problems = [*raw.problems, *form_problems(raw, name, lang)]
    head = raw.sheets.get("family")
    about = FormReader(name, People((), lang, names)).new_row(head, head.rows[0]) if head and head.rows else {}
    family = about.get("family_id") or ""
    if family not in plans:
        further = [] if _is_grave(problems) else [Problem("plan_forms.unknown_family", file=name, value=family or "–")]
        return "", None, [*problems, *further]
    if _is_grave(problems):
        return family, None, problems
    plan, labels = plans[family], member_labels(raw.sheets["sector_members"])
    reader = FormReader(name, with_names_of_form(People(plan.members, lang, names), labels))
    found = _written(raw, reader, plan)
    if any(labels):
        problems += member_problems(labels, reader.people, name, raw.sheets["sector_members"].sheet)
    problems += [*reader.problems, *meeting_problems(found.rows, name)]
    return plan.family_id, None if _is_grave(problems) else found.plan, problems


def _is_grave(problems: list[Problem]) -> bool:
    return any(problem.severity == "must_fix" for problem in problems)


@dataclass(frozen=True)
class _Found:
    rows: dict[str, list[dict]]
    plan: FamilyPlan


def _written(raw: RawForm, reader: FormReader, plan: FamilyPlan) -> _Found:
    """Return the rows of a form, and the plan that holds nothing but them."""
    bare = _bare(plan)
    head = raw.sheets["family"]
    rows = {sheet.name: reader.rows(raw.sheets[sheet.name], []) for sheet in FAMILY_SHEETS[2:]}
    rows = plan_rows(bare) | rows
    about = reader.new_row(head, head.rows[0])
    rows["about"] = [
        rows["about"][0] | {name: about[name] for name in ("fade_from_date", "fade_to_date", "contact_after")}
    ]
    whole = not _is_grave([*reader.problems, *meeting_problems(rows, reader.file_name)])
    return _Found(rows, plan_of_rows(rows, bare) if whole else bare)
