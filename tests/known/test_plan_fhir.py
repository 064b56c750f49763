"""The published example of a CarePlan is read as its publisher means it."""

import json

from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.fhir import read_fhir

PERSON = {"identifier": {"system": "urn:helhed:person", "value": "barn"}}


def test_the_published_example_of_the_standard_gives_its_activity_as_a_line():
    """The parts that matter of HL7's CarePlan/example (FHIR R4 4.0.1, public domain CC0), with a person of ours."""
    example = {
        "resourceType": "CarePlan",
        "contained": [{"resourceType": "Condition", "id": "p1", "code": {"text": "Obesity"}}],
        "status": "active",
        "intent": "plan",
        "category": [{"text": "Weight management plan"}],
        "description": "Manage obesity and weight loss",
        "subject": PERSON,
        "period": {"end": "2017-06-01"},
        "addresses": [{"reference": "#p1", "display": "obesity"}],
        "goal": [{"reference": "Goal/example"}],
        "activity": [
            {
                "outcomeReference": [{"reference": "Observation/example"}],
                "detail": {
                    "code": {
                        "coding": [{"system": "http://loinc.org", "code": "3141-9", "display": "Weight Measured"}]
                    },
                    "status": "completed",
                    "doNotPerform": False,
                    "scheduledTiming": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                    "performer": [{"reference": "Patient/example", "display": "Peter James Chalmers"}],
                },
            }
        ],
    }
    plans = assemble_plans(example_tables(), {"plan.duplicate_likeness": 0.9}, EXAMPLE_DAY)
    found = read_fhir({"plan.json": json.dumps(example).encode()}, plans)
    assert found.lines["action"].fillna("").tolist() == ["Weight Measured", ""]
    assert found.lines["status"].tolist() == ["done", "active"]
    assert found.lines["owner"].iloc[0] == "Peter James Chalmers"
    told = {problem.code: problem.value for problem in found.problems}
    left = "activity.detail.scheduledTiming, activity.outcomeReference, addresses, description"
    assert told["plan_fhir.not_read"] == left
    assert set(told) == {"plan_fhir.not_read", "plan_fhir.plan_assumed", "plan_fhir.no_words"}
