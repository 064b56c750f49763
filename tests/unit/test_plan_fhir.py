"""Plans in FHIR R4: the export is valid by another library, the import loses nothing and tells what it leaves."""

import json
from dataclasses import replace

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.fhir import plan_to_fhir, read_fhir
from helhed.plan.merge import merge_lines, n_lines_in
from helhed.plan.sector_lines import with_lines

PERSON = {"identifier": {"system": "urn:helhed:person", "value": "barn"}}
WORDS = st.one_of(st.none(), st.sampled_from(["", " ", "<b>ro</b>", "{{ 7*7 }}"]), st.text(max_size=40))


def example_plan():
    return assemble_plans(example_tables(), {"plan.duplicate_likeness": 0.9}, EXAMPLE_DAY)["eksempel"]


def read(content, plan=None, **more):
    plan = plan or example_plan()
    return read_fhir({"plan.json": json.dumps(content).encode()}, {plan.family_id: plan}, **more)


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(WORDS, min_size=10, max_size=10),
    st.lists(WORDS, min_size=10, max_size=10),
    st.one_of(st.none(), st.floats(0, 60)),
    st.lists(st.sampled_from(["planned", "active", "done", "dropped"]), min_size=10, max_size=10),
)
def test_an_exported_plan_is_valid_fhir_and_every_line_comes_back(goals, actions, hours, statuses):
    plan = example_plan()
    changes = zip(plan.lines, goals, actions, statuses, strict=True)
    lines = [
        replace(li, goal=goal, action=act, status=status, hours_per_week=hours) for li, goal, act, status in changes
    ]
    plan = replace(plan, lines=tuple(lines))
    for lang in ("da", "en"):
        bundle = plan_to_fhir(plan, lang)
        Bundle.model_validate(bundle)
        found = read(bundle, plan)
        assert len(found.lines) == len(plan.lines)
        assert {problem.code for problem in found.problems} <= {"plan_fhir.no_words", "plan_fhir.cpr_removed"}
    if any(problem.code == "plan_fhir.cpr_removed" for problem in found.problems):
        return
    names = ("person_id", "source_plan", "life_area", "goal", "action", "owner", "status", "section", "consent_scope")
    assert counted(as_read(row, names) for row in found.lines.to_dict("records")) == counted(
        as_read({name: getattr(line, name) for name in names}, names) for line in plan.lines
    )


def as_read(row, names):
    values = [row[name] if isinstance(row[name], str) and row[name].strip() else "" for name in names]
    return tuple(values)


def counted(rows):
    return sorted(rows)


def test_dates_and_hours_of_a_line_come_back():
    plan = example_plan()
    found = read(plan_to_fhir(plan, "da")).lines
    line = next(line for line in plan.lines if line.line_id == "l3")
    row = found[(found["source_plan"] == "job_plan")].iloc[0]
    assert (row["start_date"].date(), row["due_date"].date(), row["hours_per_week"]) == (
        line.start_date,
        line.due_date,
        line.hours_per_week,
    )


def test_lines_from_fhir_go_into_the_merge_one_by_one():
    tables = example_tables()
    found = read(plan_to_fhir(example_plan(), "da"))
    together = with_lines(tables, found.lines)
    merged = merge_lines(together, EXAMPLE_DAY)
    assert len(merged) == n_lines_in(together, EXAMPLE_DAY) == n_lines_in(tables, EXAMPLE_DAY) + len(found.lines)
    assert merged.loc[merged["line_id"].isin(found.lines["line_id"]), "read_from"].str.startswith("fhir ").all()


def test_goals_and_requests_that_a_plan_points_to_are_read():
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "fullUrl": "urn:uuid:1",
                "resource": {"resourceType": "Patient", "id": "x", **{"identifier": [PERSON["identifier"]]}},
            },
            {
                "fullUrl": "urn:uuid:2",
                "resource": {
                    "resourceType": "Goal",
                    "id": "g",
                    "lifecycleStatus": "active",
                    "description": {"text": "Sove igennem"},
                    "target": [{"dueDate": "2025-11"}],
                },
            },
            {
                "fullUrl": "urn:uuid:3",
                "resource": {
                    "resourceType": "ServiceRequest",
                    "id": "s",
                    "status": "active",
                    "code": {"text": "Søvnskole"},
                    "occurrencePeriod": {"start": "2025-09-01T08:00:00+02:00"},
                },
            },
            {
                "fullUrl": "urn:uuid:4",
                "resource": {
                    "resourceType": "CarePlan",
                    "status": "active",
                    "subject": {"reference": "urn:uuid:1"},
                    "category": [{"text": "Uddannelsesplan"}],
                    "goal": [{"reference": "urn:uuid:2"}],
                    "activity": [{"reference": {"reference": "ServiceRequest/s"}}],
                },
            },
        ],
    }
    found = read(bundle)
    assert found.problems == ()
    rows = found.lines.set_index("line_id")
    assert rows["action"].fillna("").tolist() == ["Søvnskole", ""]
    assert rows["goal"].fillna("").tolist() == ["", "Sove igennem"]
    assert str(rows["start_date"].iloc[0].date()) == "2025-09-01"
    assert str(rows["due_date"].iloc[1].date()) == "2025-11-30"
    assert set(rows["source_plan"]) == {"education_plan"}


CARE_PLAN = {"resourceType": "CarePlan", "status": "active", "subject": PERSON, "goal": [{"display": "Ro"}]}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ([], "no_care_plan"),
        ({"resourceType": "Patient"}, "no_care_plan"),
        ({"resourceType": "Bundle", "entry": 3}, "no_care_plan"),
        (CARE_PLAN | {"status": None}, "misfit"),
        ({"resourceType": "CarePlan", "status": "active"}, "misfit"),
        (CARE_PLAN | {"activity": "x"}, "misfit"),
        (CARE_PLAN | {"subject": {"identifier": {"value": "en fremmed"}}}, "unknown_subject"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_gives_no_lines(content, code):
    found = read(content)
    assert len(found.lines) == 0
    assert f"plan_fhir.{code}" in {problem.code for problem in found.problems}
    for problem in found.problems:
        assert "{" not in problem.line("da") + problem.line("en")


def test_a_file_that_is_no_json_is_told():
    found = read_fhir({"plan.json": b"<CarePlan/>"}, {"eksempel": example_plan()})
    assert [problem.code for problem in found.problems] == ["plan_fhir.not_json"]


def test_a_person_known_by_cpr_is_found_by_the_name_list_and_the_number_goes_no_further():
    number = "010120" + "3000"
    subject = {"identifier": {"system": "urn:oid:1.2.208.176.1.2", "value": f"{number[:6]}-{number[6:]}"}}
    assert len(read(CARE_PLAN | {"subject": subject}).lines) == 0
    known = read(
        CARE_PLAN | {"subject": subject, "goal": [{"display": f"Ro {number}"}]}, person_of_cpr={number: "barn"}
    )
    assert known.lines["person_id"].tolist() == ["barn"]
    assert "plan_fhir.cpr_removed" in {problem.code for problem in known.problems}
    assert number not in known.lines.to_csv() + repr(known.problems)


def test_a_familys_names_do_not_go_into_the_plan():
    goal = [{"display": "Liv skal i skole, og Liv Opdigtet vil selv"}]
    found = read(CARE_PLAN | {"goal": goal}, names={"barn": "Liv Opdigtet", "en anden families": "Skole Opdigtet"})
    assert "Barn 1 skal i skole, og Barn 1 vil selv" in found.lines["goal"].tolist()
    assert "plan_fhir.name_removed" in {problem.code for problem in found.problems}
    assert "Liv" not in found.lines.to_csv() + repr(found.problems)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["resourceType", "status", "subject", "goal", "activity", "detail", "identifier", "category", "id"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_nothing_that_json_can_hold_breaks_the_reading(content):
    for found in (
        content,
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "CarePlan", "goal": content}}]},
    ):
        read(found if not isinstance(found, dict) else found | {"resourceType": found.get("resourceType", "CarePlan")})
    read(CARE_PLAN | {"activity": [{"detail": content}], "contained": [content]})


def test_what_must_not_be_done_is_never_read_as_something_to_do():
    detail = {"status": "in-progress", "doNotPerform": True, "description": "Hård motion"}
    found = read({"resourceType": "CarePlan", "status": "active", "subject": PERSON, "activity": [{"detail": detail}]})
    assert list(found.lines["action"]) == ["Skal ikke gøres: Hård motion"]
    assert "plan_fhir.do_not" in {problem.code for problem in found.problems}
    usual = {**detail, "doNotPerform": False}
    found = read({"resourceType": "CarePlan", "status": "active", "subject": PERSON, "activity": [{"detail": usual}]})
    assert list(found.lines["action"]) == ["Hård motion"]


def test_what_an_activity_says_beside_what_a_line_holds_is_told_by_its_place():
    timing = {"repeat": {"boundsPeriod": {"start": "2025-02-14"}, "dayOfWeek": ["mon"]}}
    detail = {"status": "scheduled", "description": "Samtale", "scheduledTiming": timing, "location": {"display": "x"}}
    activity = [{"detail": detail, "progress": [{"text": "Gik godt"}]}, {"detail": {"scheduledString": "tirsdag"}}]
    plan = {"resourceType": "CarePlan", "status": "active", "subject": PERSON, "activity": activity, "note": []}
    (told,) = [one for one in read(plan).problems if one.code == "plan_fhir.not_read"]
    assert told.value == (
        "activity.detail.location, activity.detail.scheduledString, activity.detail.scheduledTiming, "
        "activity.progress, note"
    )
