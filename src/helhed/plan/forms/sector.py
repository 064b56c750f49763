"""Reads the forms that the offices fill in with their own plans into lines of the canonical table ``plan_line``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from helhed.errors import Problem
from helhed.plan.forms.layout import SECTOR_SHEETS
from helhed.plan.forms.people import People, with_names_of_form
from helhed.plan.forms.raw import RawForm
from helhed.plan.forms.reading import FormReader, form_problems, member_labels, member_problems, read_raw
from helhed.plan.model import FamilyPlan
from helhed.plan.sector_lines import lines_table, with_lines
from helhed.plan.written import WRITTEN_COLUMNS


@dataclass(frozen=True)
class SectorLines:
    """The lines of several sector plans, and what could not be taken in.

    ``lines``: one row per goal or action, the columns of ``plan_line`` and ``weekdays``, ``day_start``, ``day_end``
    and ``read_from`` (the kind of file and the place in it, never its name: that may name a person).
    ``written``: what the families' own forms say, see `helhed.plan.written`.
    """

    lines: pd.DataFrame
    problems: tuple[Problem, ...]
    written: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(WRITTEN_COLUMNS), dtype="str"))

    def into(self, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Return the tables with the lines and with what the families' forms say, for `assemble_plans`."""
        return with_lines(tables, self.lines) | {"written": self.written}


def read_sector_forms(
    files: Mapping[str, bytes],
    plans: Mapping[str, FamilyPlan],
    lang: str,
    names: Mapping[str, str] | None = None,
) -> SectorLines:
    """Return the lines of filled-in sector forms, Excel and Word, in the order of their file names.

    Every line that something stands on becomes one line. A form whose family is unknown, that names other members
    than the family has, or that has lost a field, is left out as a whole and told.

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
    rows, problems = [], []
    for name in sorted(files):
        found, told = _form(files[name], name, plans, lang, names or {})
        problems += told
        if not any(problem.severity == "must_fix" for problem in told):
            rows += found
    return SectorLines(lines_table(rows), tuple(problems))


def _form(file: bytes, name: str, plans: Mapping[str, FamilyPlan], lang: str, names: Mapping) -> tuple[list, list]:
    raw = read_raw(file, SECTOR_SHEETS, name, lang)
    lang = raw.lang(lang)
    problems = [*raw.problems, *form_problems(raw, name, lang)]
    if any(problem.severity == "must_fix" for problem in problems):
        return [], problems
    head = FormReader(name, People((), lang, names))
    sheet = raw.sheets["sector"]
    about = head.new_row(sheet, sheet.rows[0]) if sheet.rows else {}
    plan = plans.get(about.get("family_id") or "")
    if plan is None:
        value = about.get("family_id") or "–"
        return [], [*problems, Problem("plan_forms.unknown_family", file=name, value=value), *head.problems]
    labels = member_labels(raw.sheets["sector_members"])
    reader = FormReader(name, with_names_of_form(People(plan.members, lang, names), labels))
    problems += [*head.problems, *_member_problems(raw, reader)]
    lines = _lines(raw, about, reader)
    return lines, [*problems, *reader.problems]


def _member_problems(raw: RawForm, reader: FormReader) -> list[Problem]:
    members = raw.sheets["sector_members"]
    named = member_labels(members)
    # An office that leaves the list empty says nothing about who belongs to the family.
    return member_problems(named, reader.people, reader.file_name, members.sheet) if any(named) else []


def _lines(raw: RawForm, about: dict, reader: FormReader) -> list[dict]:
    sheet = raw.sheets["sector_lines"]
    kind = "word" if reader.file_name.casefold().endswith(".docx") else "excel"
    found = []
    for row in sheet.rows:
        read_row = reader.new_row(sheet, row)
        found.append(
            {name: value for name, value in read_row.items() if name != "row_no"}
            | {"family_id": about["family_id"], "source_plan": about["source_plan"], "read_from": f"{kind} {row.place}"}
        )
    if not found:
        reader.problems.append(Problem("plan_forms.no_lines", "should_fix", file=reader.file_name))
    return found
