"""What a form shows before anyone fills it in: the form of a family's plan, and the form of one office's plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from helhed.plan.forms.layout import FAMILY_SHEETS, PLAN_SHEETS, SECTOR_SHEETS, Field, Sheet, code_labels
from helhed.plan.forms.people import People
from helhed.plan.forms.records import Rows, plan_rows
from helhed.plan.model import FamilyPlan, Member
from helhed.texts import text

#: The kinds of sector plan that have a form of their own.
SECTOR_PLANS = ("job_plan", "childs_plan", "youth_plan", "education_plan", "treatment_plan", "adult_plan", "housing")
_ORDER = {"family": 0, "case_system": 2}


@dataclass(frozen=True)
class FormContent:
    """A form before it becomes a workbook or a Word file."""

    title: str
    how: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    rows: Mapping[str, Rows]
    people: People

    @property
    def lang(self) -> str:
        """Return the language of the form."""
        return self.people.lang

    def choices(self, field: Field) -> list[str]:
        """Return what a field offers to choose from; empty for one that is written freely."""
        if field.kind == "person":
            return [text("plan_forms.whole_family", self.lang), *self.people.labels.values()]
        name = {"flag": "flag", "code": field.codes}.get(field.kind, "")
        return list(code_labels(name, self.lang).values()) if name else []


def is_fixed(sheet: Sheet, name: str, row: Mapping) -> bool:
    """Return whether a cell of a form is not read back: a fixed field, a row's number, a line of a case system."""
    from_case_system = sheet.name == "lines" and row.get("source_plan") == "case_system"
    has_number = bool(sheet.key and row.get(sheet.key))
    is_origin = name in (sheet.key, "source_plan") and sheet.name != "reviews" and has_number
    return sheet.field(name).fixed or from_case_system or is_origin


def plan_form(plan: FamilyPlan, lang: str, names: Mapping[str, str] | None = None) -> FormContent:
    """Return the form of a family's plan, filled in.

    Parameters
    ----------
    names
        Person id to name, from a name list on the municipality's own machine; never in a run.
    """
    people = People(plan.members, lang, names or {})
    rows = plan_rows(plan, lang)
    rows["members"] = [
        row | {"label": people.label(member.person_id)}
        for row, member in zip(rows["members"], plan.members, strict=True)
    ]
    # The family's own goals first; what only the case systems can change last.
    rows["lines"] = sorted(rows["lines"], key=lambda row: _ORDER.get(row["source_plan"], 1))
    how = (text("plan_forms.how_plan", lang), text("plan_forms.personal", lang))
    return FormContent(text("plan_forms.title_plan", lang), how, PLAN_SHEETS, rows, people)


def sector_form(
    source_plan: str,
    lang: str,
    family_id: str | None = None,
    members: tuple[Member, ...] = (),
    names: Mapping[str, str] | None = None,
) -> FormContent:
    """Return the blank form of one office's plan, for one family where it is given.

    Parameters
    ----------
    source_plan
        One of `SECTOR_PLANS`.
    family_id, members
        The family that the form is for, as in its shared plan.
    names
        Person id to name; see `plan_form`.
    """
    people = People(members, lang, names or {})
    about = {"family_id": family_id, "source_plan": source_plan, "written_by": None, "written_date": None}
    rows = {
        "sector": [about],
        "sector_members": [{"label": label} for label in people.labels.values()],
        "sector_lines": [],
    }
    plan_name = code_labels("source_plan", lang)[source_plan]
    how = (text("plan_forms.how_sector", lang), text("plan_forms.personal", lang))
    return FormContent(text("plan_forms.title_sector", lang, plan=plan_name), how, SECTOR_SHEETS, rows, people)


def family_form(
    lang: str,
    family_id: str | None = None,
    members: tuple[Member, ...] = (),
    names: Mapping[str, str] | None = None,
    written: Mapping[str, Rows] | None = None,
) -> FormContent:
    """Return the form that the coordinator fills in with a family: network, consents, meetings and the like.

    Parameters
    ----------
    family_id, members
        The family that the form is for, as in its shared plan.
    names
        Person id to name; see `plan_form`.
    written
        Rows that are filled in already, by the names of `FAMILY_SHEETS`; ``family`` may hold some of its fields.
    """
    people = People(members, lang, names or {})
    rows = {sheet.name: list((written or {}).get(sheet.name, ())) for sheet in FAMILY_SHEETS}
    about = dict.fromkeys(field.name for field in FAMILY_SHEETS[0].fields)
    rows["family"] = [about | (rows["family"][0] if rows["family"] else {}) | {"family_id": family_id}]
    rows["sector_members"] = [{"label": label} for label in people.labels.values()]
    how = (text("plan_forms.how_family", lang), text("plan_forms.personal", lang))
    return FormContent(text("plan_forms.title_family", lang), how, FAMILY_SHEETS, rows, people)
