"""No document holds a line that its reader may not see, for random plans, consents and readers."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.plan.assembly import assemble_plans
from helhed.plan.calendar_files import calendar_of
from helhed.plan.changes_words import since_last_time
from helhed.plan.consent import has_programme_consent
from helhed.plan.documents import Occasion, document, document_fields, template_of
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.family_page import Wording
from helhed.plan.fhir import plan_to_fhir
from helhed.plan.fields import KINDS
from helhed.plan.html_pages import web_page
from helhed.plan.model import Agreement, Consent, Contact, Evaluation, FadeOut, FadeOutStep, Meeting, Member
from helhed.plan.views import (
    COORDINATOR,
    DEPARTMENTS,
    FAMILY,
    MEETING,
    departments_at_the_table,
    findings_for,
    may_see,
    view_of,
)
from helhed.profile import declared_entries
from helhed.tables import codes


class Settings(dict):
    name, is_synthetic, folder = "Eksempel", True, None


PROFILE = Settings({key: entry.default for key, entry in declared_entries().items()})
WORDING = Wording(PROFILE, "da")
EXAMPLE = assemble_plans(example_tables(), PROFILE, EXAMPLE_DAY)["eksempel"]
READERS = (COORDINATOR, MEETING, *DEPARTMENTS)

scopes = st.none() | st.lists(st.sampled_from(DEPARTMENTS), max_size=6).map(",".join)
areas = st.lists(st.sampled_from(tuple(codes()["life_area"])), max_size=2, unique=True).map(tuple)
days = st.none() | st.dates(date(2025, 1, 1), date(2025, 12, 31))
consents = st.lists(
    st.builds(
        Consent,
        consent_id=st.just("c"),
        kind=st.sampled_from(("programme", "sharing", "sharing", "measure", "own")),
        about=st.sampled_from((None, "voksen", "barn", "lille")),
        given_by=st.sampled_from((None, "voksen", "barn", "lille", "far")),
        departments=st.lists(st.sampled_from(DEPARTMENTS), max_size=6, unique=True).map(tuple),
        life_areas=areas,
        from_date=days,
        to_date=days,
        withdrawn_date=days,
    ),
    max_size=4,
).map(tuple)


@st.composite
def plans(draw):
    """Return the example's plan with words that name each line, and random scopes, owners, hours and consents."""
    lines = tuple(
        replace(
            line,
            goal=f"mål{at}x" if line.goal else None,
            action=f"gøre{at}x tirsdag kl. 9-11" if line.action else None,
            owner=draw(st.sampled_from((None, f"ejer{at}x"))),
            consent_scope=draw(scopes),
            department=draw(st.sampled_from((line.department, *DEPARTMENTS))) if line.department else None,
            duplicate=(mark := draw(st.sampled_from(("no", "duplicate", "possible")))),
            duplicate_of=None if mark == "no" else EXAMPLE.lines[0].line_id,
        )
        for at, line in enumerate(EXAMPLE.lines)
    )
    given_date = draw(days)
    said = (Evaluation("e1", question="hvordan?", answer="svar99x"),)
    # A second adult, whom some of the lines are about.
    members = (*EXAMPLE.members, Member("far", "adult", 2, 41))
    lines = tuple(replace(line, person_id=draw(st.sampled_from((line.person_id, "far")))) for line in lines)
    changed = {"consents": draw(consents), "consent_date": given_date, "evaluations": said}
    return replace(EXAMPLE, members=members, lines=lines, **changed)


def hidden_words(plan, reader) -> set[str]:
    hidden = [at for at, line in enumerate(plan.lines) if not may_see(plan, line, reader)]
    return {f"{word}{at}x" for at in hidden for word in ("mål", "gøre", "ejer")}


def named_words(content: str) -> set[str]:
    return set(re.findall(r"(?:mål|gøre|ejer|svar)\d+x", content, re.IGNORECASE))


@settings(max_examples=60)
@given(plans(), st.sampled_from(READERS))
def test_no_field_of_any_document_names_a_line_its_reader_may_not_see(plan, reader):
    before = replace(plan, lines=tuple(replace(line, owner="før") for line in plan.lines))
    occasion = Occasion(before, reader if reader in DEPARTMENTS else "")
    said = str(document_fields(plan, reader, WORDING, occasion)) + calendar_of(plan, reader, WORDING).decode()
    said += str(plan_to_fhir(view_of(plan, reader), "da"))
    assert not named_words(said.casefold()) & hidden_words(plan, reader)


@settings(max_examples=8)
@given(plans(), st.sampled_from([kind for kind in KINDS if kind != "familiens_plan"]), st.sampled_from(DEPARTMENTS))
def test_no_word_file_and_no_web_page_names_one_either(plan, name, department):
    kind = KINDS[name]
    reader = kind.reader or department
    file = document(kind, plan, WORDING, template_of(name, "da"), Occasion(None, "" if kind.reader else department))
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        said = "".join(archive.read(part).decode() for part in archive.namelist() if part.endswith(".xml"))
    if name == "fagplan":
        said += web_page(kind, plan, WORDING)
    assert not named_words(said.casefold()) & hidden_words(plan, reader)


@settings(max_examples=60)
@given(plans(), st.sampled_from(READERS))
def test_what_rests_on_a_hidden_line_is_not_found_for_its_reader(plan, reader):
    seen = {line.line_id for line in plan.lines if may_see(plan, line, reader)}
    for _, found in findings_for(plan, reader, PROFILE):
        assert all(line is None or line.line_id in seen for line in (found.line, found.other))


@settings(max_examples=60)
@given(plans(), st.sampled_from(DEPARTMENTS))
def test_a_department_always_sees_its_own_lines_and_without_consent_nothing_else(plan, department):
    own = {line.line_id for line in plan.lines if line.department == department}
    seen = {line.line_id for line in view_of(plan, department).lines}
    assert own <= seen
    if not has_programme_consent(plan):
        assert seen == own


@given(plans())
@settings(max_examples=30)
def test_the_family_sees_everything_and_the_table_what_all_at_it_see(plan):
    assert view_of(plan, FAMILY) == plan
    shared = view_of(plan, MEETING).lines
    table = departments_at_the_table(plan)
    assert all(may_see(plan, line, department) for line in shared for department in table)


def example(**changes):
    return replace(EXAMPLE, **changes)


@pytest.mark.parametrize(
    ("consents_", "may"),
    [
        # The line l3 (job plan of the adult) names employment and children itself.
        ((), True),
        ((Consent("c", "sharing", departments=("children",), from_date=date(2025, 1, 1)),), True),
        ((Consent("c", "sharing", departments=("health",), from_date=date(2025, 1, 1)),), False),
        ((Consent("c", "sharing", departments=("children",), about="barn", from_date=date(2025, 1, 1)),), False),
        (
            (Consent("c", "sharing", departments=("children",), life_areas=("health",), from_date=date(2025, 1, 1)),),
            False,
        ),
        ((Consent("c", "sharing", departments=("children",), from_date=date(2025, 6, 3)),), False),
        ((Consent("c", "sharing", departments=("children",), from_date=date(2025, 1, 1), to_date=EXAMPLE_DAY),), True),
        (
            (
                Consent(
                    "c", "sharing", departments=("children",), from_date=date(2025, 1, 1), withdrawn_date=EXAMPLE_DAY
                ),
            ),
            False,
        ),
        ((Consent("c", "programme", from_date=date(2025, 1, 1), withdrawn_date=date(2025, 2, 1)),), False),
    ],
)
def test_consents_that_are_written_down_decide(consents_, may):
    plan = example(consents=consents_)
    job = next(line for line in plan.lines if line.line_id == "l3")
    assert may_see(plan, job, "children") is may
    assert may_see(plan, job, "employment")


def test_a_sharing_consent_never_widens_what_the_line_itself_limits():
    everything = Consent("c", "sharing", departments=("housing", "children"), from_date=date(2025, 1, 1))
    plan = example(consents=(everything,))
    by_id = {line.line_id: line for line in plan.lines}
    assert not may_see(plan, by_id["l3"], "housing")  # names employment and children
    assert may_see(plan, by_id["l7"], "children")  # names nobody: the consent decides


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_family_without_any_consent_gets_its_plan_and_nobody_else_its_lines(lang):
    plan, wording = example(consent_date=None, consents=()), Wording(PROFILE, lang)
    whole = document_fields(plan, FAMILY, wording, Occasion())
    assert len(whole["lines"]) == len(plan.lines) and whole["hidden"] == ""
    professional = document_fields(plan, COORDINATOR, wording, Occasion())
    assert [row["goal"] for row in professional["lines"]] == [
        "Jeg vil have ro derhjemme om aftenen",
        "Jeg vil gå til fodbold igen",
    ]
    assert "8" in professional["hidden"]
    assert {row["state"] for row in whole["replacements"]} == {
        "kun hvis familien samtykker; samtykke er ikke registreret"
        if lang == "da"
        else "only with the family's consent, which is not registered"
    }
    agenda = document_fields(plan, MEETING, wording, Occasion())
    assert agenda["lines"] == [] and agenda["hidden"]


def test_a_change_of_a_line_is_told_only_to_those_who_saw_it_before_and_see_it_now():
    before = EXAMPLE
    after = example(
        lines=tuple(
            replace(line, due_date=date(2026, 1, 1), consent_scope="health") if line.line_id == "l3" else line
            for line in EXAMPLE.lines
        )
    )
    assert since_last_time(before, after, FAMILY, WORDING)["changes"]
    assert since_last_time(before, after, "children", WORDING)["changes"] == []


def in_force(consent, day) -> bool:
    """Say by hand whether a consent is in force: the days are read one by one, not by the plan's own rule."""
    if consent.from_date is None or consent.from_date > day:
        return False
    if consent.withdrawn_date is not None and consent.withdrawn_date <= day:
        return False
    return consent.to_date is None or consent.to_date >= day


def takes_part(plan, day) -> bool:
    programme = [one for one in plan.consents if one.kind == "programme"]
    if not programme:
        return plan.consent_date is not None and plan.consent_date <= day
    return any(in_force(one, day) for one in programme)


#: Whose yes counts for whom, read from the family: two adults, each for themselves and for the two children.
COUNTS = {
    "voksen": {"voksen", "barn", "lille", None},
    "far": {"far", "barn", "lille", None},
    "barn": {"barn"},
    "lille": {"lille"},
}


def counts_for(consent, person) -> bool:
    return consent.given_by is None or person in COUNTS[consent.given_by]


def says_no(plan, line, reader, day) -> bool:
    """Say by hand whether the person's own consent for this was given, and is over without a new one."""
    own = [
        one
        for one in plan.consents
        if one.kind == "own"
        and line.person_id is not None
        and (one.about == line.person_id or (one.about is None and one.given_by == line.person_id))
        and reader in one.departments
        and (not one.life_areas or line.life_area in one.life_areas)
        and one.from_date is not None
        and one.from_date <= day
    ]
    return bool(own) and not any(in_force(one, day) for one in own)


def sees_line(plan, line, reader, day) -> bool:
    """Say by hand, after the guide's table of readers, whether a reader sees a line; `may_see` is not asked."""
    if reader == COORDINATOR:
        return line.source_plan == "family" or takes_part(plan, day)
    if reader == MEETING:
        table = {one.department for one in plan.lines if one.department and one.status in ("planned", "active")}
        return takes_part(plan, day) and all(sees_line(plan, line, one, day) for one in table)
    if line.department == reader:
        return True
    listed = set(line.consent_scope.split(",")) if line.consent_scope else set()
    sharing = [one for one in plan.consents if one.kind == "sharing"]
    if not takes_part(plan, day) or (listed and reader not in listed):
        return False
    if says_no(plan, line, reader, day):
        return False
    if not sharing:
        return reader in listed
    return any(
        in_force(one, day)
        and counts_for(one, line.person_id)
        and reader in one.departments
        and one.about in (None, line.person_id)
        and (not one.life_areas or line.life_area in one.life_areas)
        for one in sharing
    )


#: The parts beside the lines, and the word each carries in the plans below.
PART_WORDS = {"meetings": "aftalt1x", "network": "nære1x", "evaluations": "svar1x", "fade_out": "trappe1x"}


@st.composite
def whole_plans(draw):
    """Return random plans with a word of its own in every part, judged on a day after the exports or on theirs."""
    held = draw(st.sampled_from((date(2025, 5, 1), date(2026, 5, 1))))
    agreed = (Agreement("aftalt1x", "aftalt1x ejer", date(2026, 6, 1), "a1"),)
    return replace(
        draw(plans()),
        made_date=draw(days),
        meetings=(Meeting(held, "network", "aftalt1x deltager", agreed, "m1"),),
        network=(Contact("n1", "nære1x", person_id="barn", what="nære1x hjælper"),),
        evaluations=(Evaluation("e1", EXAMPLE_DAY, "barn", "svar1x spurgt", "svar1x"),),
        fade_out=FadeOut(date(2026, 1, 1), None, (FadeOutStep("u1", "trappe1x", "trappe1x"),), "trappe1x"),
    )


def hidden_parts(plan, reader, day) -> set[str]:
    """Say by hand which parts a reader sees nothing of."""
    if reader in DEPARTMENTS:
        return set(PART_WORDS)
    return set() if reader == COORDINATOR and takes_part(plan, day) else {"network", "evaluations"}


@settings(max_examples=80, deadline=None)
@given(whole_plans(), st.sampled_from(READERS))
def test_no_part_of_a_plan_reaches_a_reader_it_is_not_for(plan, reader):
    day = max(plan.as_of, plan.made_date or plan.as_of)
    hidden = hidden_parts(plan, reader, day)
    before = replace(plan, network=(), evaluations=(), fade_out=FadeOut(), meetings=(), consents=(), consent_date=None)
    for occasion in (None, before, replace(before, consents=plan.consents, consent_date=plan.consent_date)):
        fields = document_fields(plan, reader, WORDING, Occasion(occasion, reader if reader in DEPARTMENTS else ""))
        said = (str(fields) + calendar_of(plan, reader, WORDING).decode()).casefold()
        assert not [part for part in hidden if PART_WORDS[part] in said]
    view = view_of(plan, reader)
    assert {li.line_id for li in view.lines} == {li.line_id for li in plan.lines if sees_line(plan, li, reader, day)}
    for part in hidden:
        assert getattr(view, part) in ((), FadeOut())
    sees_all = reader == COORDINATOR and takes_part(plan, day)
    assert view.cases == (plan.cases if sees_all else ())
    own = tuple(one for one in plan.consents if reader in one.departments)
    assert view.consents == (plan.consents if sees_all else own if reader in DEPARTMENTS else ())


@settings(max_examples=30, deadline=None)
@given(whole_plans())
def test_the_family_reads_every_part_of_its_plan(plan):
    assert view_of(plan, FAMILY) == plan


def of_two_adults(*consents_) -> list[str]:
    """Return the lines the children's department sees of a family in treatment: two adults, one of 16, one of 19."""
    people = {"v1": ("adult", 1, 40), "v2": ("adult", 2, 41), "ung": ("child", 1, 16), "stor": ("adult_child", 1, 19)}
    known = next(line for line in EXAMPLE.lines if line.source_plan == "treatment_plan")
    lines = [replace(known, line_id=name, person_id=name, consent_scope=None) for name in people]
    lines.append(replace(known, line_id="alle", person_id=None, consent_scope=None))
    programme = Consent("c1", "programme", from_date=date(2025, 1, 1))
    members = tuple(Member(name, *what) for name, what in people.items())
    plan = replace(EXAMPLE, members=members, lines=tuple(lines), consents=(programme, *consents_))
    return [line.line_id for line in view_of(plan, "children").lines]


YES = Consent("c2", "sharing", "v1", None, ("children",), (), date(2025, 1, 1))
OWN = Consent("c3", "own", "ung", "ung", ("children",), (), date(2025, 1, 1))


def test_nobody_says_yes_for_another_adult_and_no_child_for_anyone_else():
    assert of_two_adults(YES) == ["v1", "ung", "alle"]
    assert of_two_adults(YES, replace(YES, given_by="v2")) == ["v1", "v2", "ung", "alle"]
    assert of_two_adults(replace(YES, about="v2")) == []
    assert of_two_adults(replace(YES, given_by="ung")) == ["ung"]
    assert of_two_adults(replace(YES, given_by="stor")) == ["stor"]
    # Who gave it is not written down: it counts, as in plans from before givers were.
    assert of_two_adults(replace(YES, given_by=None)) == ["v1", "v2", "ung", "stor", "alle"]


def test_what_a_young_person_takes_back_is_shared_no_longer_whoever_else_said_yes():
    assert of_two_adults(YES, OWN) == ["v1", "ung", "alle"]
    over = replace(OWN, withdrawn_date=date(2025, 3, 1))
    assert of_two_adults(YES, over) == ["v1", "alle"]
    assert of_two_adults(YES, over, replace(OWN, from_date=date(2025, 4, 1))) == ["v1", "ung", "alle"]
    assert of_two_adults(YES, replace(over, departments=("school",))) == ["v1", "ung", "alle"]
    assert of_two_adults(YES, replace(over, life_areas=("leisure",))) == ["v1", "ung", "alle"]


def test_the_reading_score_is_the_familys_whoever_reads():
    plan = example(consent_date=None, consents=())
    scores = {document_fields(plan, reader, WORDING, Occasion())["lix"] for reader in (FAMILY, COORDINATOR, MEETING)}
    assert len(scores) == 1


MAY = date(2025, 5, 1)
#: The custody of the child of 12 (``barn``) among two adults, and whose yes counts for a line about the child.
CUSTODY = {
    (("voksen",), "voksen"): True,
    (("voksen",), "far"): False,
    (("far", "voksen"), "far"): True,
    (None, "far"): True,  # the register does not tell: every adult of the family
    (("voksen", "ude"), "ude"): True,  # has custody and lives elsewhere
    (None, "ude"): False,
    (("voksen",), "lille"): False,
    (("voksen",), None): True,  # not written down
    (("voksen",), "barn"): True,  # the child's own
}


def family_of_two(custody=None, *consents_, **changes):
    """Return the example with a second adult, a child of the given custody and a child's line nobody is named on."""
    members = (*(replace(m, custody=custody) if m.person_id == "barn" else m for m in EXAMPLE.members), FATHER)
    lines = tuple(replace(line, consent_scope=None) if line.line_id == "l6" else line for line in EXAMPLE.lines)
    return replace(EXAMPLE, members=members, lines=lines, consents=consents_, **changes)


FATHER = Member("far", "adult", 2, 41)


def sees(plan, department="health"):
    return may_see(plan, next(line for line in plan.lines if line.line_id == "l6"), department)


def yes(given_by, **changes):
    return replace(Consent("s1", "sharing", given_by, "barn", ("health",), (), MAY), **changes)


@pytest.mark.parametrize(("custody", "giver"), CUSTODY)
def test_whoever_has_custody_says_yes_for_a_child(custody, giver):
    assert sees(family_of_two(custody, yes(giver))) is CUSTODY[custody, giver]


@pytest.mark.parametrize("age", [9, 10, 14, 15, 16, 17, 18, None])
def test_nobody_says_yes_for_a_grown_child(age):
    plan = family_of_two(("voksen",), yes("voksen"))
    aged = replace(plan, members=tuple(replace(m, age=age) if m.person_id == "barn" else m for m in plan.members))
    assert sees(aged) is (age is None or age < 18)


@pytest.mark.parametrize(
    ("second", "may"),
    [
        ((), True),
        ((yes("far", withdrawn_date=EXAMPLE_DAY),), False),
        ((yes("far", withdrawn_date=date(2025, 6, 3)),), True),  # from tomorrow
        ((yes("far", to_date=date(2025, 5, 20)),), True),  # ran out: nobody took it back
        ((yes("far", withdrawn_date=MAY), yes("far", from_date=date(2025, 5, 20))), True),  # given again
        ((yes("far", withdrawn_date=date(2025, 5, 20)), yes("voksen", from_date=date(2025, 5, 25))), False),
        ((yes("far", withdrawn_date=EXAMPLE_DAY, departments=("school",)),), True),  # about another reader
        ((yes("far", withdrawn_date=EXAMPLE_DAY, about="lille"),), True),  # about another child
        ((yes("lille", withdrawn_date=EXAMPLE_DAY),), True),  # may not speak for the child
    ],
)
def test_what_one_custody_holder_takes_back_is_not_shared_on_the_others_yes(second, may):
    assert sees(family_of_two(("far", "voksen"), yes("voksen"), *second)) is may


def test_a_parent_without_custody_stops_nothing():
    assert sees(family_of_two(("voksen",), yes("voksen"), yes("far", withdrawn_date=EXAMPLE_DAY)))


def test_one_who_leaves_the_programme_is_no_longer_in_view_of_others():
    joined = [Consent(f"p{at}", "programme", name, from_date=MAY) for at, name in enumerate(("voksen", "far"))]
    left = replace(joined[0], withdrawn_date=EXAMPLE_DAY)
    plan, after = (family_of_two(None, first, joined[1], yes("voksen")) for first in (joined[0], left))
    of_adult = next(line for line in plan.lines if line.line_id == "l3")
    assert may_see(plan, of_adult, COORDINATOR) and may_see(after, of_adult, "employment")
    assert not may_see(after, of_adult, COORDINATOR) and not may_see(after, of_adult, "children")
    again = replace(after, consents=(*after.consents, replace(joined[0], consent_id="p3", from_date=EXAMPLE_DAY)))
    assert may_see(again, of_adult, COORDINATOR)


def test_custody_comes_from_the_register():
    tables = example_tables()
    person = tables["person"].assign(
        custody_ids=tables["person"]["person_id"].map({"barn": "voksen, ude"}).astype("str")
    )
    plan = assemble_plans(tables | {"person": person}, PROFILE, EXAMPLE_DAY)["eksempel"]
    assert {m.person_id: m.custody for m in plan.members} == {"voksen": None, "barn": ("ude", "voksen"), "lille": None}
    assert {m.person_id: m.custody for m in EXAMPLE.members}["barn"] == ("voksen",)
