"""Plans as JSON files: fit the published schema, carried over from earlier versions, mistakes told with place."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from helhed import kit_files
from helhed.errors import DataNeedsWork
from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.field_types import writable
from helhed.plan.files import MIGRATIONS, plan_from_json, plan_schema, plan_to_json, schema_text
from helhed.plan.model import SCHEMA_VERSION, Contact

#: A plan as the first version of the format wrote it.
FIRST = Path(__file__).parent / "plan_files" / "plan_1.json"


def example_plan():
    return assemble_plans(example_tables(), {"plan.duplicate_likeness": 0.9}, EXAMPLE_DAY)["eksempel"]


def test_a_plan_comes_back_from_its_file_and_fits_the_published_schema():
    plan = replace(example_plan(), network=(Contact("n1", "Mormor", takes_part=True),))
    written = plan_to_json(plan)
    assert plan_from_json(written, "plan.json") == plan
    assert plan_to_json(plan_from_json(written, "plan.json")) == written
    published = json.loads(kit_files.folder("templates").joinpath("plan_schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.Draft202012Validator(published).validate(json.loads(written))


def test_the_published_schema_is_that_of_the_model():
    published = kit_files.folder("templates").joinpath("plan_schema.json").read_text(encoding="utf-8")
    assert published == schema_text()
    assert plan_schema()["properties"]["schema_version"]["const"] == SCHEMA_VERSION


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: plan["lines"][0].update(status="nearly"),
        lambda plan: plan["lines"][0].update(due_date="soon"),
        lambda plan: plan["members"][0].update(name="Anna"),
        lambda plan: plan.pop("members"),
        lambda plan: plan["consents"][0].update(departments=["police"]),
    ],
)
def test_what_the_model_refuses_the_schema_refuses_too(change):
    found = json.loads(plan_to_json(example_plan()))
    change(found["plan"])
    checker = jsonschema.Draft202012Validator(plan_schema(), format_checker=jsonschema.FormatChecker())
    assert list(checker.iter_errors(found))
    with pytest.raises(DataNeedsWork) as told:
        plan_from_json(json.dumps(found), "plan.json", "da")
    assert "plan.json" in str(told.value) and "»plan." in str(told.value) and "Anna" not in str(told.value)


def test_a_plan_of_the_first_version_is_carried_over_and_nothing_of_it_lost():
    first = json.loads(FIRST.read_text(encoding="utf-8"))
    assert "schema_version" not in first
    plan = plan_from_json(FIRST.read_bytes(), "plan_1.json")
    now = json.loads(plan_to_json(plan))
    assert now["schema_version"] == SCHEMA_VERSION == MIGRATIONS[-1].to_version
    assert holds(now["plan"], first) == []
    assert [consent.from_date for consent in plan.consents] == [plan.consent_date]
    assert len({one.agreement_id for meeting in plan.meetings for one in meeting.agreements}) == sum(
        len(meeting["agreements"]) for meeting in first["meetings"]
    )


def holds(now, before, where="plan"):
    """Return the places where the present plan does not hold what the earlier one held."""
    if isinstance(before, dict):
        return [place for name, value in before.items() for place in holds(now.get(name), value, f"{where}.{name}")]
    if isinstance(before, list):
        pairs = zip(now, before, strict=True)
        return [place for at, (one, other) in enumerate(pairs) for place in holds(one, other, f"{where}.{at}")]
    return [] if now == before else [where]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "not_json"),
        (b"[1]", "not_a_plan"),
        (b'{"plan": {}, "schema_version": 99}', "version"),
        (b'{"plan": {}, "schema_version": "new"}', "version"),
        (b'{"plan": {}, "schema_version": 2}', "missing"),
        (b'{"family_id": 3}', "misfit missing"),
        (b'{"family_id": "f", "meetings": 3}', "misfit"),
    ],
)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_file_that_is_no_plan_is_told(content, code, lang):
    with pytest.raises(DataNeedsWork) as told:
        plan_from_json(content, "plan.json", lang)
    assert {problem.code for problem in told.value.problems} == {f"plan_files.{one}" for one in code.split()}


def test_signs_that_no_document_can_hold_do_not_enter_a_plan():
    assert writable("a\x00b\x0bc\ud800d\ufffee\r\nf\tg") == "abcde\nf\tg"
