"""The theory of change and the plan agreed in advance: against published values and cases worked by hand."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from docx import Document

from helhed.evaluation.agreed import LINES, SETTINGS, plan_lines, plan_number, plan_sentence, plan_table
from helhed.evaluation.event_study import placebo_p, study_events
from helhed.evaluation.events_words import link_tests_sentence, measures_sentence
from helhed.evaluation.theory_of_change import link, link_tests, theory_of_change
from helhed.profile import declared_entries, read_profile
from helhed.publishing.evaluation_plan import evaluation_plan, evaluation_plan_files

MONTHS = pd.date_range("2024-01-01", periods=24, freq="MS").as_unit("us")


def cases(rows):
    """Return child cases, progress and starts from rows of (family, month of closing, month of progress)."""
    active = pd.DataFrame(
        {
            "family_id": [family for family, _, _ in rows],
            "case_id": [str(at) for at in range(len(rows))],
            "closed_month": pd.to_datetime([None if closed is None else MONTHS[closed] for _, closed, _ in rows]),
        }
    ).astype({"closed_month": "datetime64[us]"})
    moved = {family: MONTHS[event] for family, _, event in rows if event is not None}
    events = pd.DataFrame({"family_id": list(moved), "event_month": pd.to_datetime(list(moved.values()))})
    starts = pd.DataFrame({"family_id": sorted(set(active["family_id"])), "start_date": MONTHS[0]})
    return active, events.astype({"family_id": "str", "event_month": "datetime64[us]"}), starts


def what_is_found(rows, n_draws=999):
    active, events, starts = cases(rows)
    return link_tests(active, events, starts, MONTHS[11], n_draws, np.random.default_rng(1))


def test_interval_is_newcombes():
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10, case (a): 56/70 and 48/80 give the
    # interval 0.0524 to 0.3339 around the difference 0.2.
    rows = [(f"m{i}", 5 if i < 56 else None, 3) for i in range(70)] + [
        (f"n{i}", 5 if i < 48 else None, None) for i in range(80)
    ]
    found = what_is_found(rows, 99)
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_families_and_not_cases_draw_the_lots():
    # One of four families moved, and both its cases closed; the other six cases stayed open. One way of four gives as
    # large a difference, however many cases a family has.
    rows = [("a", 5, 3), ("a", 6, 3), *[(family, None, None) for family in "bbccdd"]]
    found = what_is_found(rows)
    assert found.difference == 1.0
    assert found.p_by_family == pytest.approx(0.25, abs=0.05)


def test_order_is_held_against_dates_by_lot():
    # Start in the first month, data for twelve; the parent moves in the first month and the case closes in the sixth:
    # five of twelve months drawn by lot lie before it.
    found = what_is_found([(f"f{i}", 5, 0) for i in range(30)] + [("g", None, None)])
    assert found.share_parent_first == 1.0
    assert found.expected_parent_first == pytest.approx(5 / 12, abs=0.02)
    assert found.p_order < 0.01
    late = what_is_found([(f"f{i}", 5, 11) for i in range(30)] + [("g", None, None)])
    assert late.share_parent_first == 0.0 and late.p_order < 0.01


def test_without_progress_or_cases_nothing_is_told():
    for rows in ([("a", 5, None), ("b", None, None)], [("a", 5, 3), ("b", 6, 2)]):
        found = what_is_found(rows, 9)
        assert np.isnan(found.difference) and np.isnan(found.p_by_family)
        active, events, _ = cases(rows)
        assert link_tests_sentence(link(active, events), found, 0, "da") == ""


@pytest.mark.parametrize("lang", ["da", "en"])
def test_small_counts_keep_the_tests_to_themselves(lang):
    few = [("a", 5, 3), *[(f"b{i}", None, None) for i in range(20)]]
    active, events, _ = cases(few)
    assert link_tests_sentence(link(active, events), what_is_found(few, 9), 5, lang) == ""
    many = [(f"a{i}", 5 if i < 8 else None, 3) for i in range(16)] + [
        (f"b{i}", 5 if i < 6 else None, None) for i in range(20)
    ]
    active, events, _ = cases(many)
    said = link_tests_sentence(link(active, events), what_is_found(many, 99), 5, lang)
    assert re.search(r"\+20[.,]0", said) and "p =" in said


def test_the_whole_test_reads_tables_and_profile():
    to_date = pd.Timestamp("2025-12-31")
    people = [f"{role}{i}" for role in "pc" for i in range(12)]
    families = [f"f{i}" for i in range(12)] * 2
    tables = {
        "family_member": pd.DataFrame(
            {"family_id": families, "person_id": people, "role": ["adult"] * 12 + ["child"] * 12, "is_main_home": True}
        ),
        "enrolment": pd.DataFrame({"family_id": families[:12], "start_date": MONTHS[0]}),
        "child_case": pd.DataFrame(
            {
                "case_id": [f"k{i}" for i in range(12)],
                "person_id": people[12:],
                "case_type": "barnets_plan",
                "start_date": pd.Timestamp("2023-06-01"),
                "end_date": pd.to_datetime(["2024-08-15"] * 6 + [None] * 6),
                "status": ["closed"] * 6 + ["open"] * 6,
            }
        ),
    }
    events = pd.DataFrame({"family_id": families[:6], "event_month": MONTHS[3]})
    settings = {key: entry.default for key, entry in declared_entries().items()}
    found, tests = theory_of_change(tables, events, settings | {"data.to_date": to_date, "evaluation.n_draws": 99})
    assert (found.closed_with_progress, found.open_without, found.parent_first) == (6, 6, 6)
    assert tests.difference == 1.0 and tests.p_by_family <= 0.02


def test_placebo_p_is_twice_the_smaller_tail():
    assert placebo_p(10.0, np.arange(99.0)) == pytest.approx(2 * (1 + 11) / 100)
    assert placebo_p(-1.0, np.arange(99.0)) == pytest.approx(2 / 100)
    assert np.isnan(placebo_p(np.nan, [1.0])) and np.isnan(placebo_p(1.0, []))


def test_measures_that_stop_at_a_progress_are_told():
    names = [f"f{i}" for i in range(12)]
    panel = pd.DataFrame([(name, month) for name in names for month in MONTHS], columns=["family_id", "month"])
    at = {name: MONTHS[8 + i % 6] for i, name in enumerate(names)}
    after = panel["month"] >= panel["family_id"].map(at)
    panel["n_measures"] = np.where(after, 1.0, 3.0) + np.random.default_rng(2).normal(0, 0.1, len(panel))
    work = pd.DataFrame([(name, month, 100.0) for name in names for month in MONTHS if month >= at[name]])
    idle = pd.DataFrame([("x", month, 0.0) for month in MONTHS])
    work = pd.concat([work, idle]).set_axis(["person_id", "month", "hours"], axis=1).assign(in_education=False)
    tables = {
        "employment": work.astype({"month": "datetime64[us]"}),
        "family_member": pd.DataFrame({"family_id": names, "person_id": names, "role": "adult"}),
        "measure": pd.DataFrame({"person_id": [], "measure_group": [], "start_date": [], "end_date": []}),
        "enrolment": pd.DataFrame({"family_id": names, "start_date": MONTHS[6]}),
    }
    settings = {key: entry.default for key, entry in declared_entries().items()} | {"evaluation.n_draws": 199}
    found = study_events(tables, panel, settings, 5, "n_measures")
    assert found.change.value == pytest.approx(-2, abs=0.1)
    assert found.goes_down_after(0.05) and not found.goes_up_before(0.05)
    assert "fewer measures" in measures_sentence(found, 0.05, 5, "en")
    assert measures_sentence(found, 0.05, 50, "en") == ""


@pytest.fixture(scope="module")
def settings():
    return {key: entry.default for key, entry in declared_entries().items()}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_plan_says_every_setting_that_decides(settings, lang):
    lines = dict(plan_lines(settings, lang))
    assert len(lines) == len(LINES) == len(plan_table(settings, lang).frame)
    whole = " ".join(lines.values())
    assert "{" not in whole
    other = settings | {"evaluation.primary_outcome": "share_working", "evaluation.minimum_families": 33}
    changed = dict(plan_lines(other, lang))
    differing = [head for head in lines if lines[head] != changed[head]]
    assert len(differing) == 4  # first measure, other measures, trust, claim
    assert "33" in " ".join(changed.values())


def test_the_number_of_the_plan_changes_with_every_setting_of_it_and_no_other(settings):
    number = plan_number(settings)
    entries = declared_entries()
    for name in SETTINGS:
        key = f"evaluation.{name}"
        kind, old = entries[key].kind, settings[key]
        new = next(one for one in entries[key].choices if one != old) if kind == "choice" else old + 1
        assert plan_number(settings | {key: new}) != number, name
    assert plan_number(settings | {"staffing.travel_hours_per_week": 99}) == number
    assert number in plan_sentence(settings, "da")


def test_the_plan_in_word_is_the_same_bytes_and_says_whose_it_is(tmp_path):
    text = "name: Prøve Kommune\nmunicipality_code: '0190'\nmodel: furesoe\nis_synthetic: true\n"
    (tmp_path / "profile.yml").write_text(text, encoding="utf-8")
    profile = read_profile(tmp_path, "da")
    first = evaluation_plan(profile, "da")
    assert first == evaluation_plan(profile, "da")
    document = Document(io.BytesIO(first))
    words = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "Prøve Kommune" in words and plan_number(profile) in words and "opdigtede" in words
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert [text for pair in plan_lines(profile, "da") for text in pair] == cells[2:]
    assert list(evaluation_plan_files(profile, "en")) == ["evaluation_plan.docx"]
