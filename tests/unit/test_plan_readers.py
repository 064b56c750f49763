from dataclasses import replace

import pytest

from helhed.disclosure import protect
from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_plan, example_tables
from helhed.plan.summary_readers import contents_table, readers_table, replacements_table, written_table
from helhed.profile import declared_entries
from helhed.texts import LANGUAGES

PROFILE = {key: entry.default for key, entry in declared_entries().items()}
PLAN = assemble_plans(example_tables(), PROFILE, EXAMPLE_DAY)["eksempel"]


def many(n_with: int, n_without: int) -> dict:
    """Return copies of the example's plan, with consent and without."""
    bare = replace(PLAN, consent_date=None, consents=())
    plans = [PLAN] * n_with + [bare] * n_without
    return {str(at): replace(plan, family_id=str(at)) for at, plan in enumerate(plans)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lines_are_counted_for_each_reader(lang):
    frame = readers_table({"eksempel": PLAN}, lang).frame.set_index("reader")
    # Ten live lines: two own goals, six of sector plans, two measures. Read from example.toml by hand: employment's
    # own is l3; it is named in l1 and l8. Health's own is l4 and nothing names it.
    assert frame.iloc[0].tolist() == [0, 10, 0, 1, 0]
    employment, health = frame.iloc[3].tolist(), frame.iloc[5].tolist()
    assert employment == [1, 2, 7, 1, 0]
    assert health == [1, 0, 9, 0, 1]


def test_without_consent_a_department_is_left_with_its_own():
    frame = readers_table(many(0, 3), "da").frame
    assert frame["n_shared"].tolist()[2:] == [0] * 6 and frame["n_sharing"].sum() == frame["n_sharing"].iloc[0]


def test_few_families_cannot_be_found_from_the_rest():
    shown = protect(readers_table(many(20, 3), "da"), 5).frame.set_index("reader")
    assert shown.iloc[3].isna().all()  # 20 share with employment, 3 do not
    fine = protect(readers_table(many(20, 6), "da"), 5).frame.set_index("reader")
    assert fine.iloc[3].notna().all()


def test_contents_and_replacements_count_persons():
    contents = contents_table(many(4, 2), "da").frame
    assert contents[["there", "missing", "cannot_tell"]].to_numpy().tolist() == [
        [6, 0, 0],
        [0, 0, 6],
        [0, 0, 6],
        *[[0, 0, 0]] * 4,
        [6, 0, 0],
        [6, 0, 0],
        [6, 0, 0],
    ]
    found = replacements_table(many(4, 2), "en").frame
    assert found[["may", "ask_consent"]].to_numpy().tolist() == [[0, 0], [0, 0], [4, 2], [4, 2], [4, 2]]
    hidden = protect(replacements_table(many(8, 2), "en"), 5).frame
    assert hidden[["may", "ask_consent"]].iloc[2].isna().all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_written_down_is_counted_and_few_families_are_hidden_with_the_rest(lang):
    written = example_plan(PROFILE)
    plans = {str(at): plan for at, plan in enumerate([written] * 6 + [PLAN] * 7 + [replace(written, consents=())])}
    frame = written_table(plans, lang).frame
    # Network, sharing in force, next meeting with its hour, steps out, what the family thinks: 7 have them; one of
    # those has no consent left.
    assert frame[["n_written", "n_not_written"]].to_numpy().tolist() == [[7, 7], [6, 8], [7, 7], [7, 7], [7, 7]]
    few = protect(written_table({"a": written} | {str(at): PLAN for at in range(20)}, lang), 5).frame
    assert few[["n_written", "n_not_written"]].isna().all(axis=None)
