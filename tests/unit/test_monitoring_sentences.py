"""The sentences of the indicators can never say other than the numbers, whatever the results are."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.monitoring import Rules, guarded, indicator_catalogue, indicator_sentence, remark_sentences, verdict
from helhed.monitoring.sentences import change_sentence, difference_sentence, indicator_sentences, level_sentence
from helhed.monitoring.shown import FEW, one, written
from helhed.monitoring.usable import remarks, usable_registrations
from helhed.monitoring.values import (
    REASONS,
    Basis,
    Place,
    change_row,
    difference_row,
    value_row,
    value_table,
)
from helhed.texts import LANGUAGES, catalogue

RULES = Rules(
    from_date=pd.Timestamp("2024-01-01"),
    to_date=pd.Timestamp("2024-12-31"),
    project_start=pd.Timestamp("2024-01-01"),
    min_families=6,
    confidence=0.95,
    baseline_months=6,
    start_window_days=31,
    kontanthjaelp_benefits=("kontanthjaelp",),
    work_hours_per_month=20,
    lasting_months=1,
    active_case_types=("barnets_plan",),
    registration_interval_months=6,
    fill_up_months=4,
)
COMPARED = [name for name, indicator in indicator_catalogue().items() if indicator.compared_with != "none"]
UNSURE = {"da": "kan ikke siges endnu", "en": "cannot say yet"}
WAYS = {
    "da": {"up": "tallet er steget", "down": "tallet er faldet"},
    "en": {"up": "it has risen", "down": "it has fallen"},
}
GAPS = {
    "da": {"up": "det er højere", "down": "det er lavere"},
    "en": {"up": "that is higher", "down": "that is lower"},
}
WISHES = {
    "da": {"better": "Det er den vej, man ønsker", "worse": "Det er den modsatte vej"},
    "en": {"better": "That is the way wished for", "worse": "That is the opposite"},
}


@st.composite
def results(draw) -> tuple[str, pd.DataFrame]:
    """Return an indicator with any values: few or many families, any change, any share missing, empty sides."""
    name = draw(st.sampled_from(COMPARED))
    indicator = indicator_catalogue()[name]
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    n, levels = draw(st.integers(1, 30)), draw(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)))
    n_unknown = draw(st.integers(0, 10))

    def basis(level: float, n_families: int) -> Basis:
        bottoms = rng.integers(0, 4, n_families).astype(float)
        tops = rng.binomial(bottoms.astype(int), level).astype(float)
        return Basis(tops, bottoms, n_unknown, 10)

    before, now, others = basis(levels[0], n), basis(levels[1], n), basis(levels[2], draw(st.integers(0, 40)))
    rows = [value_row(indicator, Place("enrolled", level, level), side, RULES) for level, side in
            (("baseline", before), ("now", now))]  # fmt: skip
    rows += [value_row(indicator, Place("others", "now", "now"), others, RULES)]
    rows += [change_row(indicator, before, now, RULES), difference_row(indicator, rows[1], rows[2])]
    return name, guarded(value_table(rows), draw(st.sampled_from([0, 3, 5])))


def _sign(row: pd.Series | None) -> str:
    """Return the way a change or difference goes as its numbers say: up, down, or nothing sure."""
    if row is None or row["reason"] or not (row["low"] > 0 or row["high"] < 0):
        return ""
    return "up" if row["value"] > 0 else "down"


@settings(max_examples=60)
@given(results(), st.sampled_from(LANGUAGES))
def test_sentences_never_contradict_the_numbers(result, lang):
    name, values = result
    now, before, others = (
        one(values, name, *place) for place in (("enrolled", "now"), ("enrolled", "baseline"), ("others", "now"))
    )
    way, gap = (_sign(one(values, name, "enrolled", level)) for level in ("change", "difference"))
    moved, differs = change_sentence(values, name, lang), difference_sentence(values, name, lang)
    for direction in ("up", "down"):
        assert (WAYS[lang][direction] in moved) == (way == direction)
        assert (GAPS[lang][direction] in differs) == (gap == direction)
    wished = indicator_catalogue()[name].direction
    assert (WISHES[lang]["better"] in moved) == bool(way and wished == way)
    assert (WISHES[lang]["worse"] in moved) == bool(way and wished not in ("none", way))
    # Where nothing sure is seen, it is said; where a value may not be shown, no number of it stands in the sentence.
    if not way and not (before["reason"] == "hidden" or now["reason"] == "hidden"):
        assert UNSURE[lang] in moved
    found = verdict(values, name)
    if found not in REASONS:
        assert written(now, lang) in moved
        assert (written(before, lang) in moved) or found == "other_hidden"
    if not now["reason"] and not others["reason"]:
        assert written(now, lang) in differs and written(others, lang) in differs
    whole = indicator_sentence(values, name, lang)
    assert whole.startswith(indicator_catalogue()[name].label(lang)) and "nan" not in whole
    assert (found in ("better", "worse", "rose", "fell")) == bool(way)


@settings(max_examples=30)
@given(results())
def test_hidden_and_unknown_values_leave_no_number(result):
    name, values = result
    now = one(values, name, "enrolled", "now")
    if now["reason"]:
        label = indicator_catalogue()[name].label("en")
        assert not re.search(r"\d", change_sentence(values, name, "en").replace(label, ""))
        assert not re.search(r"\d", level_sentence(values, name, "en").replace(label, ""))


@settings(max_examples=30)
@given(st.integers(1, 14).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from(LANGUAGES))
def test_no_percentage_on_fewer_than_ten_without_the_counts(case, lang):
    count, total = case
    rules = RULES.__class__(**{**RULES.__dict__, "min_families": 1})
    indicator = indicator_catalogue()["trust_share"]
    side = Basis([1.0] * count + [0.0] * (total - count), [1.0] * total)
    row = value_table([value_row(indicator, Place("enrolled", "now", "now"), side, rules)]).iloc[0]
    behind = {"da": f"({count} af {total})", "en": f"({count} of {total})"}[lang]
    assert (behind in written(row, lang)) == (total < FEW)
    assert (behind in level_sentence(pd.DataFrame([row]), "trust_share", lang)) == (total < FEW)


def test_a_percentage_of_days_tells_the_families_when_they_are_few():
    rules = RULES.__class__(**{**RULES.__dict__, "min_families": 1})
    side = Basis([2.0] * 7, [20.0] * 7)
    row = value_row(indicator_catalogue()["absence_share"], Place("enrolled", "now", "now"), side, rules)
    assert written(value_table([row]).iloc[0], "en") == "10.0% (7 families)"


@pytest.mark.parametrize(
    ("side", "reason", "said"),
    [
        (Basis([], []), "no_data", "no data"),
        (Basis([0.0, 0.0], [0.0, 0.0]), "nobody", "divided by is zero"),
        (Basis([0.0, 0.0], [0.0, 0.0], 4, 4), "all_missing", "is missing"),
        # One family is said as too few: a reader must not be told how many there are below the threshold.
        (Basis([1.0, 0.0], [1.0, 0.0]), "too_few", "too few families"),
        (Basis([1.0] * 5, [2.0] * 5), "too_few", "too few families"),
    ],
)
def test_each_kind_of_nothing_is_said_plainly(side, reason, said):
    row = value_row(indicator_catalogue()["activation_degree"], Place("enrolled", "now", "now"), side, RULES)
    assert row["reason"] == reason and np.isnan([row["value"], row["low"], row["high"]]).all()
    assert said in level_sentence(value_table([row]), "activation_degree", "en")


def test_every_reason_has_its_words():
    for reason in REASONS:
        assert {f"monitoring.reason_{reason}", f"monitoring.say_{reason}"} <= set(catalogue())


def test_a_change_that_nobody_has_part_in_has_no_interval():
    # All families as before: nothing is known of chance, so nothing is claimed to be unchanged for certain.
    indicator, same = indicator_catalogue()["benefit_share"], Basis([1.0, 0.0] * 10, [1.0] * 20)
    rows = [value_row(indicator, Place("enrolled", level, level), same, RULES) for level in ("baseline", "now")]
    values = value_table([*rows, change_row(indicator, same, same, RULES)])
    assert verdict(values, "benefit_share") == "unsure"
    assert "no interval can be computed" in change_sentence(values, "benefit_share", "en")


def test_share_missing_stands_in_the_sentence_from_half_a_per_cent():
    indicator = indicator_catalogue()["trust_share"]
    for unknown, is_said in ((0, False), (3, False), (6, True), (200, True)):
        side = Basis([1.0, 0.0] * 10, [1.0] * 20, unknown, 1000)
        values = value_table([value_row(indicator, Place("enrolled", "now", "now"), side, RULES)])
        assert ("is missing" in level_sentence(values, "trust_share", "en")) == is_said


def test_sentences_come_in_the_order_of_the_catalogue():
    rows = [
        value_row(indicator_catalogue()[name], Place("enrolled", "now", "now"), Basis([1.0] * 9, [2.0] * 9), RULES)
        for name in ("trust_share", "waiting_days", "phase_out_share")
    ]
    assert list(indicator_sentences(value_table(rows), "da")) == ["trust_share", "waiting_days", "phase_out_share"]


def _registration(*rows: tuple) -> pd.DataFrame:
    columns = ["person_id", "registered_date", "instrument", "item", "value"]
    table = pd.DataFrame(rows, columns=columns).assign(family_id="F")
    return table.assign(registered_date=pd.to_datetime(table["registered_date"]))


def test_answers_off_the_scale_and_against_each_other_do_not_count():
    given = _registration(
        ("A", "2024-02-01", "trust", "samlet", 7.0),
        ("A", "2024-03-01", "trust", "samlet", 2.0),
        ("A", "2024-03-01", "trust", "samlet", 5.0),
        ("B", "2024-03-01", "trust", "samlet", 4.0),
        ("B", "2024-03-01", "trust", "samlet", 4.0),
    )
    assert usable_registrations(given)[["person_id", "value"]].to_numpy().tolist() == [["B", 4.0]]


def _full_year() -> pd.DataFrame:
    columns = ["adults", "adults_known", "adults_known_work", "pupils", "school_days"]
    columns += ["children_of_daycare_age", "children_known_daycare"]
    months = pd.date_range("2024-01-01", "2024-12-01", freq="MS")
    # July: no pupil is expected in school.
    counts = pd.DataFrame({"month": months, **dict.fromkeys(columns, 1)})
    counts.loc[6, ["pupils", "school_days"]] = 0
    return counts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bad_records_are_told_in_words(lang):
    counts = _full_year()
    counts.loc[3:4, "adults_known_work"] = 0
    who5 = [("A", "2024-02-01", "who5", item, 3.0) for item in "1234"]
    given = _registration(
        ("A", "2024-02-01", "trust", "samlet", 7.0),
        ("B", "2024-03-01", "trust", "samlet", 2.0),
        ("B", "2024-03-01", "trust", "samlet", 5.0),
        *who5,
    )
    enrolment = pd.DataFrame({"family_id": ["F", "F"], "start_date": pd.to_datetime(["2024-01-01", "2024-06-01"])})
    recorded = {"registration": given, "enrolment": enrolment}
    said = "\n".join(remark_sentences(remarks(recorded, counts, RULES, threshold=5), lang))
    expected = {
        "da": (
            "uden for skemaets skala",
            "samme dag",
            "WHO-5",
            "mere end én gang",
            "Under 5 familier er startet",
            "2024-04",
            "i 2 m",
        ),
        "en": (
            "outside the scale",
            "same day",
            "WHO-5",
            "more than once",
            "Under 5 families have started",
            "2024-04",
            "in 2 m",
        ),
    }[lang]
    assert all(part in said for part in expected) and said.count("\n") == 5


def test_good_records_are_not_remarked_upon():
    counts = _full_year()
    enrolment = pd.DataFrame({"family_id": ["F", "G"], "start_date": pd.to_datetime(["2024-01-01", "2024-06-01"])})
    good = _registration(("A", "2024-02-01", "trust", "samlet", 5.0))
    assert remarks({"registration": good, "enrolment": enrolment}, counts, RULES) == ()
