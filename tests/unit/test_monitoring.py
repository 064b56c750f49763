"""The monitoring's catalogue, sentences, hiding of small numbers and figures."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.disclosure import protect
from helhed.drawing import png
from helhed.figures.monitoring import absence_figure, benefit_figure, spending_figure, wellbeing_figure
from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.control_charts import xmr_chart
from helhed.monitoring.months import joined_spells, spell_months
from helhed.monitoring.rules import Rules
from helhed.monitoring.run_charts import run_chart
from helhed.monitoring.sentences import change_sentence, chart_sentence, difference_sentence, level_sentence
from helhed.monitoring.shown import guarded, indicator_table, level_table, part_shown
from helhed.monitoring.values import Basis, Place, change_row, difference_row, value_row, value_table
from helhed.outputs import FORMATS
from helhed.publishing.reference_pages import references
from helhed.tables import tables as contracts
from helhed.texts import LANGUAGES

RULES = Rules(
    from_date=pd.Timestamp("2024-01-01"),
    to_date=pd.Timestamp("2024-12-31"),
    project_start=pd.Timestamp("2024-01-01"),
    min_families=10,
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


def basis(count: int, total: int, families: int = 20) -> Basis:
    """Return the persons of a share spread evenly over the families: ``count`` of ``total``."""
    has = np.arange(total) < count
    family = np.arange(total) * 7 % families
    return Basis(np.bincount(family, has, families), np.bincount(family, minlength=families), 1, 5)


def made(indicator: str, group: str, level: str, count: int, total: int, families: int = 20) -> dict:
    """Return the value of a share: ``count`` of ``total`` persons in so many families."""
    return value_row(indicator_catalogue()[indicator], Place(group, level, level), basis(count, total, families), RULES)


#: What the printed sheet of an indicator tells, beside its tables, direction and smallest number of families.
FIELDS = (
    "name", "definition", "formula", "numerator", "denominator", "unit", "baseline", "target", "frequency",
    "registered_by", "evidence",
)  # fmt: skip


def test_every_indicator_is_declared_whole():
    known = set(contracts())
    for name, indicator in indicator_catalogue().items():
        assert indicator.format in FORMATS, name
        assert indicator.tables and set(indicator.tables) <= known, name
        assert set(indicator.source) <= set(references()), name
        for field in FIELDS:
            assert all(getattr(indicator, field)[lang].strip() for lang in LANGUAGES), (name, field)


def test_a_half_declared_indicator_is_refused():
    whole = indicator_catalogue()["benefit_share"].model_dump()
    with pytest.raises(ValueError, match="benefit_share: name"):
        Indicator(**{**whole, "name": {"da": "kun dansk"}})
    with pytest.raises(ValueError, match="benefit_share: counts"):
        Indicator(**{**whole, "counts": None})


def test_no_value_below_the_minimum_of_families():
    few = made("benefit_share", "enrolled", "now", 5, 9, families=9)
    enough = made("benefit_share", "enrolled", "now", 5, 10, families=10)
    assert (few["reason"], few["n"]) == ("too_few", 9)
    assert np.isnan([few["value"], few["low"], few["high"]]).all()
    assert enough["value"] == 0.5 and enough["share_missing"] == 0.2


def _pair(before: int, now: int, others: int | None = None) -> pd.DataFrame:
    indicator = indicator_catalogue()["benefit_share"]
    rows = [
        made("benefit_share", "enrolled", "baseline", before, 40),
        made("benefit_share", "enrolled", "now", now, 40),
        change_row(indicator, basis(before, 40), basis(now, 40), RULES),
    ]
    if others is not None:
        rows.append(made("benefit_share", "others", "now", others, 40))
        rows.append(difference_row(indicator, rows[1], rows[3]))
    return value_table(rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_change_is_named_only_when_the_interval_leaves_the_old_value_out(lang):
    words = {"da": ("faldet", "steget", "kan ikke siges endnu"), "en": ("fallen", "risen", "cannot say yet")}[lang]
    fallen, risen, unsure = words
    assert fallen in change_sentence(_pair(36, 20), "benefit_share", lang)
    assert risen in change_sentence(_pair(20, 36), "benefit_share", lang)
    assert unsure in change_sentence(_pair(36, 34), "benefit_share", lang)


def test_direction_decides_whether_a_change_is_wanted():
    assert "the way wished for" in change_sentence(_pair(36, 20), "benefit_share", "en")
    assert "opposite" in change_sentence(_pair(20, 36), "benefit_share", "en")


def test_sentences_say_what_is_missing_and_what_is_unknown():
    assert "20%" in difference_sentence(_pair(36, 20, 30), "benefit_share", "en")
    few = value_table([made("trust_share", "enrolled", "now", 4, 9, families=9)])
    assert "too few families" in level_sentence(few, "trust_share", "en")
    assert "no data" in level_sentence(value_table([]), "trust_share", "en")


def test_a_share_of_few_persons_is_hidden_everywhere():
    values = guarded(_pair(34, 3), 5)
    # The change would give the hidden number away.
    assert values["reason"].tolist() == ["", "hidden", "hidden"]
    assert values["value"].isna().tolist() == [False, True, True]
    shown = indicator_table(values, "en").written("en", 5)
    assert "hidden to protect few persons" in shown[0] and "8%" not in str(shown)
    assert "must not be shown" in change_sentence(values, "benefit_share", "en")
    assert change_sentence(_pair(34, 0), "benefit_share", "en").startswith("Adults on a public benefit: 0% now")
    assert guarded(_pair(34, 0), 5)["reason"].tolist() == [""] * 3


def test_spell_months_counts_days_at_both_ends():
    spells = pd.DataFrame(
        {
            "person_id": ["a", "b", "c"],
            "start_date": pd.to_datetime(["2024-01-30", "2023-12-01", "2025-02-01"]).as_unit("us"),
            "end_date": pd.to_datetime(["2024-03-01", None, None]).as_unit("us"),
        }
    )
    rows = spell_months(spells, RULES.from_date, RULES.to_date)
    assert rows.loc[rows["person_id"] == "a", "days"].tolist() == [2, 29, 1]
    assert rows.loc[rows["person_id"] == "a", "is_at_end"].tolist() == [True, True, False]
    assert rows.loc[rows["person_id"] == "b", "days"].sum() == 366
    assert "c" not in set(rows["person_id"])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 60)), min_size=1, max_size=8))
def test_joined_spells_cover_each_day_once(pairs):
    first = pd.Timestamp("2024-01-01")
    starts = [first + pd.Timedelta(days=begin) for begin, _ in pairs]
    ends = [start + pd.Timedelta(days=length) for start, (_, length) in zip(starts, pairs, strict=True)]
    spells = pd.DataFrame({"person_id": "a", "start_date": starts, "end_date": ends})
    covered = {day for begin, length in pairs for day in range(begin, begin + length + 1)}
    joined = joined_spells(spells)
    assert ((joined["end_date"] - joined["start_date"]).dt.days + 1).sum() == len(covered)


def _quarters() -> pd.DataFrame:
    rows = [
        (group, f"2024Q{number}", level, level - 0.02, level + 0.02)
        for group, level in (("enrolled", 0.14), ("others", 0.08))
        for number in (1, 2, 3, 4)
    ]
    return pd.DataFrame(rows, columns=["group", "period", "value", "low", "high"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_say_the_finding_and_draw_the_same_bytes(lang):
    rows = [
        made("benefit_share", "enrolled", "since_start", 30, 40),
        made("work_or_education_share", "enrolled", "since_start", 10, 40),
    ]
    since = value_table([{**row, "period": "baseline"} for row in rows])
    series = [10, 12, 9, 11, 10, 13, 9, 10, 12, 11, 10, 12]
    months = pd.DataFrame({"period": [f"2024-{n:02d}" for n in range(1, 13)], "share_missing": 0.25})
    pairs = pd.DataFrame({"first": [4] * 6 + [3] * 8, "last": [3] * 6 + [2] * 8})
    table = level_table(pairs, lang)
    makers = {
        "absence": lambda: absence_figure(_quarters(), lang, True),
        "benefit": lambda: benefit_figure(since, lang, True),
        "spending": lambda: spending_figure(months, xmr_chart(series), lang, True),
        "wellbeing": lambda: wellbeing_figure(value_table([]), table.frame, lang, True),
    }
    expected = {"absence": "14", "benefit": "75", "spending": "25", "wellbeing": "WHO-5"}
    for name, make in makers.items():
        picture = make()
        assert picture.name == f"fig-monitor-{name}" and expected[name] in picture.caption and picture.alt
        assert png(picture.figure) == png(make().figure)


@pytest.mark.parametrize("n", [1, 3])
def test_levels_of_so_few_that_all_is_hidden_are_not_drawn(n):
    pairs = pd.DataFrame({"first": [4] * n, "last": [3] * n})
    hidden = protect(level_table(pairs, "da"), 5)
    assert wellbeing_figure(value_table([]), hidden.frame, "da", True).caption
    nobody = level_table(pairs.iloc[:0], "da")
    assert wellbeing_figure(value_table([]), nobody.frame, "da", True).caption


def test_limits_are_left_out_where_neighbours_are_alike():
    drifting, jumping = list(range(20)), [1, 3] * 10
    assert xmr_chart(drifting).is_alike and not xmr_chart(jumping).is_alike
    said = chart_sentence(run_chart(drifting), xmr_chart(drifting), "X", "en")
    assert "not drawn" in said and "more than chance explains" in said
    assert "not drawn" not in chart_sentence(run_chart(jumping), xmr_chart(jumping), "X", "en")
    assert "trial" in chart_sentence(run_chart(jumping[:10]), xmr_chart(jumping[:10]), "X", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("series", [[], [math.nan] * 12, [5.0] * 12, [1, 3] * 4])
def test_a_line_of_too_few_points_is_not_read(series, lang):
    said = chart_sentence(run_chart(series), xmr_chart(series), "X", lang)
    assert {"da": "kan ikke siges endnu", "en": "cannot be said yet"}[lang] in said
    assert not any(word in said for word in ("tilfældigt)", "is chance)", "markerer", "marks"))


def test_a_share_of_all_but_few_is_hidden_too():
    # 40 persons: 36 are 40 - 4, 35 are 40 - 5, and all of them leave nobody to point at.
    shown = guarded(value_table([made("benefit_share", "enrolled", "now", n, 40) for n in (36, 35, 40)]), 5)
    assert shown["reason"].tolist() == ["hidden", "", ""]
    # The baseline of 36 is hidden; the 50 % now is not.
    said = change_sentence(guarded(_pair(36, 20), 5), "benefit_share", "en")
    assert "50%" in said and "90%" not in said and "to compare with must not be shown" in said
    assert [part_shown(n, 40, 5) for n in (36, 35, 40, 3)] == [None, 35, 40, 3]


def test_what_happened_between_two_marks_is_not_told_of_few():
    # Of 40 cases 6 are closed after six months, 13 after twelve, 15 after eighteen and 20 now: 2 closed between twelve
    # and eighteen, 5 between the last and now.
    rows = [made("child_cases_closed_share", "enrolled", "now", 20, 40)]
    rows += [
        made("child_cases_closed_share", "enrolled", "since_start", n, 40) | {"period": str(mark)}
        for mark, n in ((6, 6), (12, 13), (18, 15), (24, 17))
    ]
    # Shown: 20 now, 6 and 13. 15 is 2 from 13; 17 is 4 from 13 and 3 from now.
    shown = guarded(value_table(rows), 5)
    assert shown["reason"].tolist() == ["", "", "", "hidden", "hidden"]
    assert shown.loc[shown["reason"] == "hidden", ["value", "low", "high", "numerator"]].isna().all(axis=None)
    # What is true in one month and not in the next has nothing in between.
    states = [
        made("benefit_share", "enrolled", "since_start", n, 40) | {"period": str(mark)}
        for mark, n in ((6, 20), (12, 18))
    ]
    assert guarded(value_table(states), 5)["reason"].tolist() == ["", ""]
