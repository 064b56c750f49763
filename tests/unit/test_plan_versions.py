from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.errors import WrongCall
from helhed.plan.assembly import assemble_plans
from helhed.plan.changes_words import changes_said, since_last_time
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.family_page import Wording
from helhed.plan.model import Agreement, Contact, FamilyPlan, Meeting
from helhed.plan.versions import VersionFolder, changes
from helhed.plan.views import FAMILY
from helhed.profile import declared_entries
from helhed.texts import LANGUAGES


class Settings(dict):
    name, is_synthetic, folder = "Eksempel", True, None


PROFILE = Settings({key: entry.default for key, entry in declared_entries().items()})
PLAN = assemble_plans(example_tables(), PROFILE, EXAMPLE_DAY)["eksempel"]
LATER = date(2025, 7, 1)


def changed_line(line_id: str, plan: FamilyPlan = PLAN, **values) -> FamilyPlan:
    lines = tuple(replace(line, **values) if line.line_id == line_id else line for line in plan.lines)
    return replace(plan, lines=lines)


def test_every_change_is_a_new_version_and_nothing_is_overwritten(tmp_path):
    store = VersionFolder(tmp_path)
    first = store.keep(PLAN, "koordinator", EXAMPLE_DAY)
    assert (first.version, first.changed_by, first.changed_date) == (1, "koordinator", EXAMPLE_DAY)
    content = (tmp_path / "eksempel" / "version-0001.json").read_bytes()
    # The same plan on a later day is no change.
    again = store.keep(replace(PLAN, as_of=LATER), "leder", LATER)
    assert (again.version, again.changed_by, again.as_of) == (1, "koordinator", LATER)
    second = store.keep(changed_line("l3", owner="Virksomhedskonsulent"), "jobkonsulent", LATER)
    assert (second.version, second.changed_by, second.changed_date) == (2, "jobkonsulent", LATER)
    assert store.numbers("eksempel") == [1, 2]
    assert (tmp_path / "eksempel" / "version-0001.json").read_bytes() == content
    assert store.read("eksempel", 1) == first and store.last("eksempel") == second
    assert store.before(second) == first and store.before(first) is None


def test_two_who_write_the_same_version_at_once_do_not_overwrite_each_other(tmp_path):
    store = VersionFolder(tmp_path)
    store.keep(PLAN, "koordinator", EXAMPLE_DAY)

    class Late(VersionFolder):
        """Somebody who looked before the other one wrote."""

        def last(self, family, lang="da"):
            return None

    with pytest.raises(FileExistsError):
        Late(tmp_path).keep(changed_line("l3", owner="x"), "leder", LATER)
    assert store.last("eksempel").changed_by == "koordinator"


@pytest.mark.parametrize("family", ["../andre", "a/b", ".skjult", ""])
def test_a_familys_number_never_leads_out_of_the_folder(tmp_path, family):
    with pytest.raises(WrongCall):
        VersionFolder(tmp_path).numbers(family)


def test_a_version_that_is_not_there_is_named_with_those_that_are(tmp_path):
    store = VersionFolder(tmp_path)
    store.keep(PLAN, "koordinator", EXAMPLE_DAY)
    with pytest.raises(WrongCall, match="ingen version 7.*: 1"):
        store.read("eksempel", 7)


@settings(max_examples=40)
@given(st.sampled_from([line.line_id for line in PLAN.lines]), st.sampled_from(["goal", "action", "owner", "section"]))
def test_equal_plans_have_no_changes_and_different_ones_always_do(line_id, field):
    assert changes(PLAN, PLAN) == []
    other = changed_line(line_id, **{field: "noget helt andet"})
    found = changes(PLAN, other)
    assert [(one.kind, one.part, one.field) for one in found] == [("changed", "lines", field)]
    back = changes(other, PLAN)
    assert (back[0].before, back[0].after) == (found[0].after, found[0].before)


def test_time_alone_changes_nothing():
    assert changes(PLAN, changed_line("l3", is_overdue=True, duplicate="possible", duplicate_of="l1")) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"members": PLAN.members[:1]},
        {"cases": ()},
        {"consent_date": None},
        {"start_date": None},
        {"coordinator_id": "k2"},
        {"network": (Contact("n", "Mormor"),)},
        {"review_dates": (LATER,)},
        {"meetings": ()},
        {"lines": PLAN.lines[:-1]},
        {"lines": PLAN.lines[:0]},
        {"lines": PLAN.lines[::-1]},
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_of_a_plan_is_compared_and_can_be_said(changed, lang):
    other = replace(PLAN, **changed)
    said = changes_said(PLAN, other, Wording(PROFILE, lang))
    is_same = set(other.lines) == set(PLAN.lines) and list(changed) == ["lines"]
    assert bool(changes(PLAN, other)) is not is_same
    assert len(said) >= 2 and all("{" not in words for words in said)


def test_agreements_and_meetings_are_told():
    held = PLAN.meetings[0]
    new = replace(held, agreements=(*held.agreements, Agreement("Ringe til lægen", "Koordinator", LATER)))
    coming = Meeting(date(2025, 8, 1), "status", None, ())
    said = changes_said(PLAN, replace(PLAN, meetings=(new, coming)), Wording(PROFILE, "da"))
    assert any("Ringe til lægen" in words for words in said)
    assert any("Statusmøde, 1. august 2025" in words for words in said)


def test_the_box_tells_the_family_what_is_new_and_the_first_version_says_so():
    wording = Wording(PROFILE, "da")
    assert since_last_time(None, PLAN, FAMILY, wording)["changes_since"].startswith("Det er den første")
    before = replace(PLAN, version=1, changed_date=EXAMPLE_DAY)
    box = since_last_time(before, changed_line("l3", due_date=LATER), FAMILY, wording)
    assert box["changes_since"] == "Det er nyt siden 2. juni 2025:"
    assert box["changes"] == [
        {"text": "Voksen 1, »Virksomhedspraktik«. Frist: »1. juli 2025« (før: »31. august 2025«)."}
    ]
    assert since_last_time(before, PLAN, FAMILY, wording)["changes_since"].startswith("Der er ikke ændret")
    # What only professionals mind is not in the family's box.
    assert since_last_time(before, changed_line("l3", section="LAB § 1"), FAMILY, wording)["changes"] == []
    # A child's birthday is no news of the plan.
    older = replace(PLAN, members=tuple(replace(one, age=one.age + 1) for one in PLAN.members))
    assert since_last_time(before, older, FAMILY, wording)["changes"] == []
    many = replace(PLAN, lines=tuple(replace(li, owner="Ny", goal="Nyt", action="Nyt") for li in PLAN.lines))
    assert len(since_last_time(before, many, FAMILY, wording)["changes"]) == 9
