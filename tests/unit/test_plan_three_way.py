"""Two editors of one plan: what both changed to different things is shown and stays, the rest is brought together."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from helhed.errors import WrongCall
from helhed.plan.assembly import assemble_plans
from helhed.plan.carrying import carried_over
from helhed.plan.consent import has_programme_consent
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.forms.records import numbered, plan_of_rows, plan_rows
from helhed.plan.model import Consent, Contact, FadeOut, FadeOutStep
from helhed.plan.three_way import conflict_table, merge_plans

LIKENESS = {"plan.duplicate_likeness": 0.9}
#: Making an example smaller takes minutes here; the first one found says enough.
GENERATE = [Phase.explicit, Phase.generate]
WORDS = st.sampled_from(["ro", "skole", "{{ x }}"])


def example_plan(day=EXAMPLE_DAY, tables=None):
    plan = numbered(assemble_plans(tables or example_tables(), LIKENESS, day)["eksempel"])
    network = (Contact("n1", "Mormor"), Contact("n2", "Træner"))
    consents = (*plan.consents, Consent("s1", "sharing", "voksen", None, ("children",)))
    fade_out = FadeOut(date(2025, 10, 1), None, (FadeOutStep("u1", "Skolen ringer selv"),))
    return replace(plan, network=network, consents=consents, fade_out=fade_out)


@st.composite
def editions(draw):
    """Draw a plan as an editor may leave it: cells changed, contacts taken out or added, lines added."""
    plan = example_plan()
    rows = plan_rows(plan)
    for sheet, name in (("lines", "goal"), ("lines", "owner"), ("network", "who"), ("fade_out", "what")):
        for row in rows[sheet]:
            if draw(st.booleans()) and row.get("source_plan") != "case_system":
                row[name] = draw(WORDS)
    if draw(st.booleans()):
        rows["network"] = rows["network"][1:]
    for at in range(draw(st.integers(0, 2))):
        added = {"contact_kind": "private", "network_of": None, "what": None, "takes_part": None}
        rows["network"].append({"contact_id": f"n{at + 3}", "who": draw(WORDS)} | added)
        line = {name: None for name in rows["lines"][0]} | {"weekdays": (), "life_area": "social", "status": "active"}
        rows["lines"].append(line | {"line_id": f"ny-{at + 1}", "source_plan": "housing", "action": draw(WORDS)})
    rows["about"][0]["coordinator_id"] = draw(st.sampled_from(["koordinator 1", "koordinator 2"]))
    return plan_of_rows(rows, plan)


@settings(max_examples=8, deadline=None, phases=GENERATE)
@given(editions())
def test_what_one_editor_changed_is_taken_as_it_is(edited):
    base = example_plan()
    for merged in (merge_plans(base, edited, base), merge_plans(base, base, edited), merge_plans(base, edited, edited)):
        assert merged.conflicts == ()
    assert merge_plans(base, edited, base).plan == edited == merge_plans(base, base, edited).plan


@settings(max_examples=10, deadline=None, phases=GENERATE)
@given(editions(), editions())
def test_no_line_is_lost_and_every_difference_is_taken_or_shown(one, other):
    base = example_plan()
    merged = merge_plans(base, one, other)
    turned = merge_plans(base, other, one)
    added = [line for plan in (one, other) for line in plan.lines if line.line_id.startswith("ny-")]
    assert len(merged.plan.lines) == len(base.lines) + len(added)
    assert sorted(line.action for line in merged.plan.lines if line.line_id.startswith("ny-")) == sorted(
        line.action for line in added
    )
    assert {(c.sheet, c.row, c.field, str(c.before)) for c in merged.conflicts} == {
        (c.sheet, c.row, c.field, str(c.before)) for c in turned.conflicts
    }
    shown = {(c.row, c.field) for c in merged.conflicts if c.sheet == "lines"}
    by_id = [{line.line_id: line for line in plan.lines} for plan in (base, one, other, merged.plan)]
    for line_id, was in by_id[0].items():
        for name in ("goal", "owner"):
            before, mine, theirs, now = (getattr(lines[line_id], name) for lines in by_id)
            is_disputed = len({before, mine, theirs}) == 3
            assert ((line_id, name) in shown) == is_disputed
            changed = {mine, theirs} - {before}
            assert now == (before if is_disputed or not changed else changed.pop()), was
    for lang in ("da", "en"):
        assert len(conflict_table(merged, lang)) == len(merged.conflicts)


def test_a_disputed_cell_stays_and_is_shown_in_words():
    base = example_plan()
    one, other = (
        replace(base, lines=tuple(replace(li, due_date=day) if li.line_id == "l6" else li for li in base.lines))
        for day in (date(2025, 9, 1), date(2025, 10, 1))
    )
    merged = merge_plans(base, one, other)
    assert merged.plan == base
    row = conflict_table(merged, "da").iloc[0]
    assert row.tolist() == ["Mål og handlinger", "l6", "Frist", base_date(base), "01-09-2025", "01-10-2025"]


def base_date(plan):
    due = next(line.due_date for line in plan.lines if line.line_id == "l6")
    return f"{due:%d-%m-%Y}" if due else ""


def test_a_contact_that_one_took_out_and_the_other_changed_is_shown():
    base = example_plan()
    one = replace(base, network=base.network[1:])
    other = replace(base, network=(replace(base.network[0], who="Farmor"), base.network[1]))
    merged = merge_plans(base, one, other)
    assert merged.plan.network == base.network
    assert conflict_table(merged, "da")[["field", "one"]].iloc[0].tolist() == ["hele linjen", "(taget ud)"]
    assert "Farmor" in conflict_table(merged, "da")["other"].iloc[0]


def test_other_members_are_shown_and_those_of_the_base_stay():
    base = example_plan()
    merged = merge_plans(base, replace(base, members=base.members[:2]), base)
    assert [conflict.sheet for conflict in merged.conflicts] == ["members"]
    assert merged.plan.members == base.members
    assert "Barn 2" in conflict_table(merged, "da")["before"].iloc[0]


def test_plans_of_two_families_are_never_brought_together():
    base = example_plan()
    with pytest.raises(WrongCall):
        merge_plans(base, base, replace(base, family_id="en anden"))


def test_a_consent_that_the_tables_no_longer_hold_is_out_of_force_whatever_people_wrote():
    base = example_plan()
    noted = tuple(replace(one, note="Talt med mor") if one.kind == "programme" else one for one in base.consents)
    sharing = Consent("s2", "sharing", "voksen", None, ("school",), from_date=EXAMPLE_DAY)
    edited = replace(base, consents=(*noted, sharing))
    gone = carried_over(base, edited, replace(base, consents=base.consents[1:], consent_date=None)).plan
    assert [one.consent_id for one in gone.consents] == ["s1", "s2"] and gone.consent_date is None
    assert not has_programme_consent(gone)
    kept = carried_over(base, edited, base).plan
    assert {one.note for one in kept.consents if one.kind == "programme"} == {"Talt med mor"}
    assert has_programme_consent(kept) and kept.consent_date == base.consent_date


def test_what_people_wrote_lives_on_in_the_plan_of_the_next_run():
    base = example_plan()
    rows = plan_rows(base)
    next(row for row in rows["lines"] if row["line_id"] == "l2")["goal"] = "Jeg vil spille hver tirsdag"
    edited = plan_of_rows(rows, base)
    tables = example_tables()
    measures = tables["measure"]
    tables["measure"] = measures[measures["measure_id"] != measures["measure_id"].iloc[0]]
    tables["plan_line"].loc[tables["plan_line"]["line_id"] == "l6", "owner"] = "Ny lærer"
    today = replace(example_plan(date(2025, 9, 1), tables), network=base.network)
    merged = carried_over(base, edited, today)
    lines = {line.line_id: line for line in merged.plan.lines}
    assert merged.conflicts == () and merged.plan.as_of == date(2025, 9, 1)
    assert lines["l2"].goal == "Jeg vil spille hver tirsdag" and lines["l6"].owner == "Ny lærer"
    gone = f"eksempel-{measures['measure_id'].iloc[0]}"
    assert lines[gone].status == "done" and not lines[gone].is_live
    assert set(lines) == {line.line_id for line in base.lines} | {line.line_id for line in today.lines}
