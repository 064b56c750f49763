"""Plans as JSON files: written, read, checked after the published schema, and brought up from earlier versions."""

import json
from collections.abc import Callable
from dataclasses import dataclass as plain_dataclass
from functools import cache
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from helhed.errors import DataNeedsWork, Problem
from helhed.plan.model import SCHEMA_VERSION, FamilyPlan

_SCHEMA_TITLE = "Helhed: the shared plan of a family"


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class PlanFile:
    """What a plan's file holds: the version of the schema it was written after, and the plan."""

    schema_version: Literal[2]
    plan: FamilyPlan


@plain_dataclass(frozen=True)
class Migration:
    """A step from one version of the schema to the next: what became different, and how a file is carried over."""

    to_version: int
    what: str
    carry_over: Callable[[dict], dict]


def plan_to_json(plan: FamilyPlan) -> str:
    """Return a plan as the text of its file; the same plan gives the same text."""
    return _adapter().dump_json(PlanFile(SCHEMA_VERSION, plan), indent=1).decode() + "\n"


def plan_from_json(content: str | bytes, file_name: str, lang: str = "da") -> FamilyPlan:
    """Return the plan of a file, of the present or an earlier version of the schema.

    Raises
    ------
    DataNeedsWork
        If the file is not JSON, comes from a later version, or with one problem per place that does not fit.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DataNeedsWork(Problem("plan_files.not_json", file=file_name), lang) from error
    if not isinstance(found, dict) or not {"plan", "family_id"} & set(found):
        raise DataNeedsWork(Problem("plan_files.not_a_plan", file=file_name), lang)
    try:
        return _adapter().validate_python(migrated(found, file_name, lang), strict=False).plan
    except ValidationError as error:
        raise DataNeedsWork([_misfit(one, file_name) for one in error.errors()], lang) from error


def migrated(found: dict, file_name: str, lang: str = "da") -> dict:
    """Return the content of a plan's file, carried over to the present version of the schema.

    Raises
    ------
    DataNeedsWork
        If the file says it comes from a later version, or from none there has been.
    """
    version = found.get("schema_version", 1)
    if not isinstance(version, int) or not 1 <= version <= SCHEMA_VERSION:
        details = {"newest": str(SCHEMA_VERSION)}
        raise DataNeedsWork(Problem("plan_files.version", file=file_name, value=str(version), details=details), lang)
    for step in MIGRATIONS[version - 1 :]:
        try:
            found = step.carry_over(found)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            details = {"expected": f"version {step.to_version - 1}"}
            raise DataNeedsWork(
                Problem("plan_files.misfit", file=file_name, value="plan", details=details), lang
            ) from error
    return found


def _from_1_to_2(found: dict) -> dict:
    """Version 1 was the bare plan: no network, consents, phase-out or evaluation, and nothing had a number."""
    given = found.get("consent_date")
    meetings = [
        {
            **meeting,
            "meeting_id": f"m{at}",
            "agreements": [
                {**one, "agreement_id": f"m{at}-{number}"} for number, one in enumerate(meeting["agreements"], 1)
            ],
        }
        for at, meeting in enumerate(found.get("meetings", ()), 1)
    ]
    consents = [{"consent_id": "c1", "kind": "programme", "from_date": given}] if given else []
    return {"schema_version": 2, "plan": {**found, "meetings": meetings, "consents": consents}}


#: Every step so far, the first from version 1 to 2.
MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        2,
        "network, consents, phase-out, reviews, evaluation, times in the week, numbers of meetings and agreements",
        _from_1_to_2,
    ),
)


def plan_schema() -> dict:
    """Return the JSON Schema (draft 2020-12) of a plan's file."""
    schema = _adapter().json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": _SCHEMA_TITLE}


def schema_text() -> str:
    """Return the published file of the schema."""
    return json.dumps(plan_schema(), ensure_ascii=False, indent=1) + "\n"


@cache
def _adapter() -> TypeAdapter:
    return TypeAdapter(PlanFile)


def _misfit(error: dict, file_name: str) -> Problem:
    # The value itself may name a person: only its place and what was expected are told.
    place = ".".join(str(part) for part in error["loc"])
    code = {"missing": "missing", "extra_forbidden": "unknown"}.get(error["type"], "misfit")
    return Problem(f"plan_files.{code}", file=file_name, value=place, details={"expected": error["msg"]})
