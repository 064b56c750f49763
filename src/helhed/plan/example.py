"""One invented family, for trying templates and for showing what a plan looks like without showing a real one."""

import tomllib
from dataclasses import replace
from datetime import date
from importlib import resources

import numpy as np
import pandas as pd

from helhed.outputs import Picture
from helhed.plan.assembly import assemble_plans
from helhed.plan.documents import network_of
from helhed.plan.family_page import Wording
from helhed.plan.html_pages import template_words
from helhed.plan.model import Consent, Contact, Evaluation, FadeOut, FamilyPlan, Meeting
from helhed.plan.views import FAMILY
from helhed.plan.wording import plan_in_words, timeline_bars
from helhed.tables import DTYPES, Table
from helhed.tables import tables as contracts
from helhed.texts import LANGUAGES, text

#: The day on which the example's plan is made.
EXAMPLE_DAY = date(2025, 6, 2)
DAY_AFTER_MEETING = date(2025, 4, 4)
#: Papers of another day of the family's way: consent when the course begins, before anything is shared; minutes after
#: the meeting; the letter on stepping back when it is near.
DAYS_OF_PAPERS = {"samtykke": date(2025, 1, 10), "referat": DAY_AFTER_MEETING, "udfasning": date(2025, 9, 1)}
#: What of the example's tables is there from a day on: table and the column of that day.
_BEGINS = {"plan_line": "start_date", "measure": "start_date", "child_case": "start_date", "meeting": "meeting_date"}


def example_tables(lang: str = "da") -> dict[str, pd.DataFrame]:
    """Return the tables of one invented family, after their contracts; see `helhed.plan.assembly.assemble_plans`.

    Parameters
    ----------
    lang
        Language in which the family and the offices have written.
    """
    return {name: table_of(name, rows) for name, rows in _declared("example.toml", lang).items()}


def example_plan(profile, lang: str = "da", day: date = EXAMPLE_DAY) -> FamilyPlan:
    """Return the invented family's plan: from its tables, and with what the people around it have written into it.

    Parameters
    ----------
    profile
        Settings by key; uses ``plan.duplicate_likeness``.
    lang
        Language in which the family and the offices have written.
    day
        The day the plan is made: what began, was held or was agreed on that day or later is not in it yet; a meeting
        that is only called is.
    """
    plan = assemble_plans(_tables_before(day, lang), profile, day)["eksempel"]
    written = _declared("example_written.toml", lang)
    return replace(
        plan,
        version=2 if day > DAY_AFTER_MEETING else 1,
        changed_by=text("plan_documents.coordinator", lang),
        changed_date=day,
        network=tuple(Contact(**row) for row in written["network"]),
        consents=(*plan.consents, *(Consent(**row) for row in written["consents"] if row["from_date"] < day)),
        meetings=(*plan.meetings, *(Meeting(**row) for row in written["meetings"])),
        fade_out=FadeOut(**written["fade_out"]),
        review_dates=tuple(written["review_dates"]),
        evaluations=tuple(Evaluation(**row) for row in written["evaluations"] if row["held_date"] < day),
    )


def _tables_before(day: date, lang: str) -> dict[str, pd.DataFrame]:
    """Return the invented family's tables as they stood before a day; what has no date began with the course."""
    tables = example_tables(lang)
    begun = tables["enrolment"]["start_date"].iloc[0]
    known = {
        name: tables[name][tables[name][column].fillna(begun) < pd.Timestamp(day)] for name, column in _BEGINS.items()
    }
    return tables | {name: rows.reset_index(drop=True) for name, rows in known.items()}


def example_bars(profile, lang: str) -> pd.DataFrame:
    """Return the timeline of the invented family's plan; see `helhed.plan.wording.timeline_bars`."""
    return timeline_bars(example_plan(profile, lang), Wording(profile, lang))


def example_network(profile, lang: str) -> Picture:
    """Return the picture of the invented family's network."""
    return network_of(example_plan(profile, lang), FAMILY, Wording(profile, lang))


def example_page(profile, lang: str) -> str:
    """Return what stands on the invented family's own page, and who may see what, as Markdown."""
    plan, wording = example_plan(profile, lang), Wording(profile, lang)
    page, says = plan_in_words(plan, wording), template_words(lang)
    rows = lambda name, form: [f"- {form.format(**row)}" for row in page[name]]  # noqa: E731
    parts = {
        "own_goals": rows("own_goals", "{text}"),
        "agreed": rows("agreements", "{what} ({who}, {when})"),
        "meeting": [page["meeting"]],
        "contact": [page["coordinator"]],
        "consents": rows("consents", "{who}: {what} ({state})"),
        "questions": rows("questions", "{text}"),
    }
    return "\n\n".join(f"**{says[heading]}**\n\n" + "\n".join(lines) for heading, lines in parts.items())


def _declared(file: str, lang: str) -> dict:
    """Return a file of the example with its texts in one language."""
    declared = tomllib.loads(resources.files("helhed.plan").joinpath(file).read_text(encoding="utf-8"))
    return _in_language(declared, lang)


def _in_language(value, lang: str):
    if isinstance(value, list):
        return [_in_language(one, lang) for one in value]
    if not isinstance(value, dict):
        return value
    return value[lang] if set(value) == set(LANGUAGES) else {key: _in_language(one, lang) for key, one in value.items()}


def table_of(name: str, rows: list[dict]) -> pd.DataFrame:
    """Return rows as a canonical table; what a row leaves out is missing."""
    contract: Table = contracts()[name]
    values = {
        column.name: pd.Series([_typed(row.get(column.name), column.kind) for row in rows], dtype=DTYPES[column.kind])
        for column in contract.columns
    }
    return pd.DataFrame(values)


def _typed(value, kind: str):
    if kind in ("date", "month"):
        return pd.Timestamp(value) if value is not None else pd.NaT
    if value is None and DTYPES[kind] == "float64":
        return np.nan
    return value
