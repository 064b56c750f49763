"""Reads a form that someone has edited back into the plan it was made from, and tells what it could not take in."""

from collections.abc import Mapping
from dataclasses import dataclass

from helhed.cpr import shows_cpr, without_cpr
from helhed.errors import DataNeedsWork, Problem
from helhed.plan.forms.content import is_fixed, plan_form
from helhed.plan.forms.excel import read_workbook
from helhed.plan.forms.layout import PLAN_SHEETS, Field, Sheet
from helhed.plan.forms.people import People, both_sides, with_names_of_form
from helhed.plan.forms.raw import RawForm, RawRow, RawSheet
from helhed.plan.forms.records import Rows, free_id, plan_of_rows
from helhed.plan.forms.values import Unfit, is_as_shown, read, written
from helhed.plan.forms.word import read_word_form
from helhed.plan.model import FamilyPlan
from helhed.plan.sections import statute_of

#: Fields that a row must have as soon as anything stands in it.
REQUIRED = {
    "lines": ("source_plan", "life_area", "status"),
    "meetings": ("held_date", "meeting_kind"),
    "agreements": ("at_meeting", "what"),
    "network": ("who", "contact_kind"),
    "consents": ("consent_kind",),
    "fade_out": ("what",),
    "family": ("family_id",),
    "sector": ("source_plan",),
    "sector_lines": ("life_area", "status"),
}


@dataclass(frozen=True)
class ReadPlan:
    """What came of a form: the plan with what could be taken in, and the problems with what could not.

    While a problem with severity ``must_fix`` is left, the plan is the one that the form was made from.
    """

    plan: FamilyPlan
    problems: tuple[Problem, ...]

    def settled(self, lang: str) -> FamilyPlan:
        """Return the plan; raise `DataNeedsWork` while something must be mended in the form first."""
        grave = [problem for problem in self.problems if problem.severity == "must_fix"]
        if grave:
            raise DataNeedsWork(grave, lang)
        return self.plan


def read_raw(file: bytes, sheets: tuple[Sheet, ...], file_name: str, lang: str) -> RawForm:
    """Return what stands in a form, Word or Excel by the ending of its name."""
    if file_name.casefold().endswith(".docx"):
        return read_word_form(file, sheets, file_name, lang)
    return read_workbook(file, sheets, file_name, lang)


def read_plan_form(
    file: bytes,
    file_name: str,
    base: FamilyPlan,
    lang: str,
    names: Mapping[str, str] | None = None,
    likeness: float = 0.9,
) -> ReadPlan:
    """Return the plan with what someone has changed in its Excel or Word form.

    A cell that nobody changed keeps the value of the plan to the letter, also what the form could not show. Lines,
    meetings, agreements and consents that are gone from the form stay in the plan and are told.

    Parameters
    ----------
    base
        The plan that the form was made from.
    lang
        The language of the form, where its headings do not tell.
    names
        Person id to name, if the form was made with names.
    likeness
        How alike two actions must be written to be marked as perhaps the same.
    """
    raw = read_raw(file, PLAN_SHEETS, file_name, lang)
    lang = raw.lang(lang)
    shown_labels = member_labels(raw.sheets.get("members"))
    reader = FormReader(file_name, with_names_of_form(People(base.members, lang, names or {}), shown_labels))
    problems = [*raw.problems, *form_problems(raw, file_name, lang)]
    if not any(problem.severity == "must_fix" for problem in problems):
        shown = plan_form(base, lang, reader.people.names).rows
        rows = {sheet.name: reader.rows(raw.sheets[sheet.name], shown[sheet.name]) for sheet in PLAN_SHEETS}
        problems += [*_family_problems(raw, base, reader), *meeting_problems(rows, file_name), *reader.problems]
    if any(problem.severity == "must_fix" for problem in problems):
        return ReadPlan(base, tuple(problems))
    return ReadPlan(plan_of_rows(rows, base, likeness), tuple(problems))


def family_of_form(file: bytes, file_name: str, lang: str) -> tuple[str, int | None]:
    """Return which family's plan a form belongs to, and from which version of it the form was made; "" if unknown."""
    about = read_raw(file, PLAN_SHEETS[:1], file_name, lang).sheets.get("about")
    cells = about.rows[0].cells if about and about.rows else {}
    version = str(cells.get("version") or "").strip()
    return str(cells.get("family_id") or "").strip(), int(version) if version.isdigit() else None


def form_problems(raw: RawForm, file_name: str, lang: str) -> list[Problem]:
    """Return one problem per field that was deleted from a form, and one per heading that names no field."""
    found = []
    for sheet in raw.sheets.values():
        place = {"file": file_name, "sheet": sheet.sheet.title(lang)}
        for name in sheet.missing:
            label = sheet.sheet.field(name).label(lang)
            found.append(Problem("plan_forms.column_missing", **place, column=label))
        for head in sheet.unknown:
            found.append(Problem("plan_forms.column_unknown", "should_fix", **place, value=head))
    return found


def _family_problems(raw: RawForm, base: FamilyPlan, reader: "FormReader") -> list[Problem]:
    about, members = raw.sheets["about"], raw.sheets["members"]
    family = next((str(row.cells.get("family_id") or "").strip() for row in about.rows), "")
    if family and family != base.family_id:
        details = {"family": base.family_id}
        return [Problem("plan_forms.other_family", file=reader.file_name, value=family, details=details)]
    return member_problems(member_labels(members), reader.people, reader.file_name, members.sheet)


def member_labels(members: RawSheet | None) -> list[str]:
    """Return what a form calls the members of the family; empty for a form without that sheet."""
    return [str(row.cells.get("label") or "") for row in members.rows] if members else []


def member_problems(in_form: list[str], people: People, file_name: str, sheet: Sheet) -> list[Problem]:
    """Return a problem if a form names other members than the plan; nobody is added or left out silently."""
    in_plan = [member.label(people.lang) for member in people.members]
    only_form, only_plan = both_sides([label for label in in_form if label.strip()], in_plan)
    if not only_form and not only_plan:
        return []
    details = {"only_form": str(len(only_form)), "only_plan": ", ".join(only_plan) or "–"}
    place = {"file": file_name, "sheet": sheet.title(people.lang)}
    return [Problem("plan_forms.other_members", **place, details=details)]


def meeting_problems(rows: dict[str, Rows], file_name: str) -> list[Problem]:
    """Return a problem for each agreement of a meeting that the form does not hold."""
    known = {row["meeting_id"] for row in rows["meetings"]}
    strange = [row["at_meeting"] for row in rows["agreements"] if row["at_meeting"] not in known]
    return [Problem("plan_forms.meeting_unknown", file=file_name, value=str(name)) for name in strange]


class FormReader:
    """Reads the rows of one form, sheet by sheet, and collects what does not fit."""

    def __init__(self, file_name: str, people: People):
        self.file_name, self.people = file_name, people
        self.problems: list[Problem] = []

    def rows(self, raw: RawSheet, shown: Rows) -> Rows:
        """Return the rows of a sheet: those that were shown, with what was changed, and the new ones."""
        sheet = raw.sheet
        if not sheet.key:
            return [self._row(raw, raw.rows[0], shown[0])] if raw.rows else shown
        if sheet.name in ("members", "reviews"):
            return shown if sheet.name == "members" else self._plain_rows(raw)
        before = {str(row[sheet.key]): row for row in shown}
        found = self._matched(raw, before)
        gone = [row for key, row in before.items() if key not in found]
        if sheet.keeps_rows:
            for row in gone:
                self._tell("row_gone", raw, None, "should_fix", value=str(row[sheet.key]))
            found |= {str(row[sheet.key]): row for row in gone}
        in_order = [key for key in before if key in found]
        return [found[key] for key in in_order] + [row for key, row in found.items() if key not in before]

    def _plain_rows(self, raw: RawSheet) -> Rows:
        rows = [self._row(raw, row, {}) for row in raw.rows]
        return [row for row in rows if any(value is not None for value in row.values())]

    def _matched(self, raw: RawSheet, before: dict[str, dict]) -> dict[str, dict]:
        """Return the rows of a sheet by number; a row without one is new and gets the first that is free."""
        sheet, found = raw.sheet, {}
        taken = {*before, *(_key(row, sheet) for row in raw.rows)}
        for row in raw.rows:
            key = _key(row, sheet)
            if key in found:
                self._tell("row_twice", raw, row, value=key)
            elif key in before:
                found[key] = self._row(raw, row, before[key])
            else:
                key = key or free_id(sheet.prefix, taken)
                taken.add(key)
                found[key] = self.new_row(raw, row) | {sheet.key: key}
        return found

    def new_row(self, raw: RawSheet, row: RawRow) -> dict:
        """Return a row that the form adds, told if a field that it needs is empty."""
        read_row = self._row(raw, row, {})
        for name in REQUIRED.get(raw.sheet.name, ()):
            if read_row[name] is None and not str(row.cells.get(name) or "").strip():
                self._tell("required", raw, row, column=raw.sheet.field(name).label(self.people.lang))
        return read_row

    def _row(self, raw: RawSheet, row: RawRow, shown: dict) -> dict:
        return {field.name: self._value(raw, row, field, shown) for field in raw.sheet.fields}

    def _value(self, raw: RawSheet, row: RawRow, field: Field, shown: dict):
        cell, before = row.cells.get(field.name), shown.get(field.name)
        if shown and is_as_shown(field, cell, before, self.people):
            return before
        column = field.label(self.people.lang)
        if shown and is_fixed(raw.sheet, field.name, shown):
            self._tell("fixed_changed", raw, row, "should_fix", column=column)
            return before
        try:
            value = read(field, cell, self.people)
        except Unfit as unfit:
            # Whom a cell names is never repeated; other values are what the reader looks for.
            value = "" if field.kind == "person" else written(Field(field.name), cell, self.people)[:80]
            self._tell(unfit.code, raw, row, column=column, value=value, details=unfit.details)
            return before
        return self._stored(raw, row, field, value)

    def _stored(self, raw: RawSheet, row: RawRow, field: Field, value):
        """Return a value as the plan holds it: without CPR numbers and names, the departments of a line as one text."""
        if isinstance(value, str) and field.kind == "text":
            value = self._without_persons(raw, row, field, value)
        if field.name == "section" and value and not statute_of(value):
            self._tell("unknown_section", raw, row, "note", value=value[:120])
        if field.name == "consent_scope":
            return ",".join(value) or None
        return value

    def _without_persons(self, raw: RawSheet, row: RawRow, field: Field, value: str) -> str:
        column = field.label(self.people.lang)
        if shows_cpr(value):
            self._tell("cpr_removed", raw, row, "should_fix", column=column)
            value = without_cpr(value)
        hidden = self.people.without_names(value)
        if hidden != value:
            self._tell("name_removed", raw, row, "note", column=column)
        return hidden

    def _tell(self, code: str, raw: RawSheet, row: RawRow | None, severity: str = "must_fix", **more) -> None:
        place = {"file": self.file_name, "sheet": raw.sheet.title(self.people.lang), "row": row.place if row else None}
        self.problems.append(Problem(f"plan_forms.{code}", severity, **place, **more))


def _key(row: RawRow, sheet: Sheet) -> str:
    cell = row.cells.get(sheet.key)
    return "" if cell is None else str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()
