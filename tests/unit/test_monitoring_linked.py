"""Indicators that hang together: a reader who adds and subtracts what is shown must not find a small number.

Every case is attacked with the reader's linear programmes of `helhed.disclosure`. The reader knows how many persons
there are, and that the indicators hang together as their definitions say.
"""

import itertools
import math

import pytest

from helhed.disclosure import CellBook, is_too_few, of_small_counts, unsafe
from helhed.monitoring.linked import DERIVED
from helhed.monitoring.shown import guarded
from helhed.monitoring.values import value_table

THRESHOLD = 5
SIZES = (0, 1, 4, 5, 9)
WORK = ("work_or_education_share", "in_work_share", "in_education_share")
BENEFIT = ("benefit_share", "kontanthjaelp_share")
LEVELS = (
    "functional_level_improved_share",
    "functional_level_adults_improved_share",
    "functional_level_children_improved_share",
)
EXITS = ("phase_out_share", "drop_out_share")


def _row(indicator: str, count: int, total: int, case: int = 0, n: int = 20, **changed) -> dict:
    row = {"indicator": indicator, "group": "enrolled", "level": "month", "period": str(case), "n": n, "reason": ""}
    share = count / total if total else math.nan
    shares = {"value": share, "low": 0.0, "high": 1.0, "share_missing": 0.0}
    return row | shares | {"numerator": count, "denominator": total} | changed


def _told(cases: list[dict[str, tuple[int, int]]]) -> list[set[str]]:
    """Return for each case, indicator to count and total, the indicators that are shown."""
    rows = [_row(name, *pair, case) for case, one in enumerate(cases) for name, pair in one.items()]
    shown = guarded(value_table(rows), THRESHOLD)
    known = shown[shown["reason"] == ""].groupby("period")["indicator"].agg(set)
    return [known.get(str(case), set()) for case in range(len(cases))]


def _found_out(counts: dict[str, int], sums: dict[str, tuple[str, ...]], shown: set[str], secret: set[str]) -> set[str]:
    """Return which of the secret counts a reader finds who knows the sums and what is shown."""
    book = CellBook()
    for name, count in counts.items():
        book.add(name, count)
    for total, parts in sums.items():
        book.add_sum(total, parts)
    book.published |= shown
    cells = book.cells()
    return set(unsafe(cells, ~cells.where(list(shown)), of_small_counts(cells, THRESHOLD))["key"]) & secret


def _work(alone: int, learning: int, both: int, neither: int = 11) -> tuple[dict[str, int], dict]:
    counts = {"alone": alone, "learning": learning, "both": both, "neither": neither}
    counts |= dict(zip(WORK, (alone + learning + both, alone + both, learning + both), strict=True))
    sums = {WORK[0]: ("alone", "learning", "both"), WORK[1]: ("alone", "both"), WORK[2]: ("learning", "both")}
    return counts | {"all": counts[WORK[0]] + neither}, sums | {"all": (WORK[0], "neither")}


def test_work_and_education_do_not_give_those_in_education_alone_away():
    made = [_work(*case) for case in itertools.product(SIZES, repeat=3)]
    cases = [{name: (counts[name], counts["all"]) for name in WORK} for counts, _ in made]
    for (counts, sums), shown in zip(made, _told(cases), strict=True):
        assert not _found_out(counts, sums, {*shown, "all"}, {"alone", "learning", "both"}), (counts, shown)


def test_work_is_hidden_and_the_main_indicator_stays():
    # 33 adults, 9 of them in work or education, 8 in work, 2 in education: one is in education alone.
    assert _told([{WORK[0]: (9, 33), WORK[1]: (8, 33), WORK[2]: (2, 33)}]) == [{WORK[0]}]
    # Nobody is in education alone, so nothing is given away; and 5 or more are no small number.
    assert _told([{WORK[0]: (7, 45), WORK[1]: (7, 45), WORK[2]: (1, 45)}]) == [{WORK[0], WORK[1]}]
    assert _told([{WORK[0]: (20, 45), WORK[1]: (15, 45), WORK[2]: (5, 45)}]) == [set(WORK)]


def test_a_change_of_what_is_hidden_beside_another_is_hidden_too():
    rows = [_row(name, count, 33, level="now") for name, count in zip(WORK, (9, 8, 2), strict=True)]
    rows += [_row(WORK[1], 20, 33, level="baseline"), _row(WORK[1], 0, 33, level="change", numerator=math.nan)]
    assert guarded(value_table(rows), THRESHOLD)["reason"].tolist() == ["", "hidden", "hidden", "", "hidden"]


def test_benefits_do_not_give_those_on_another_benefit_away():
    for kontanthjaelp, other in itertools.product(SIZES, SIZES):
        counts = {BENEFIT[0]: kontanthjaelp + other, BENEFIT[1]: kontanthjaelp, "other": other}
        [shown] = _told([{name: (counts[name], 60) for name in BENEFIT}])
        assert not _found_out(counts, {BENEFIT[0]: (BENEFIT[1], "other")}, shown, {"other"}), (counts, shown)


def _levels(adults: tuple[int, ...], children: tuple[int, ...]) -> tuple[dict[str, int], dict]:
    counts, sums = {}, {}
    for side, old, young in zip(("yes", "no"), adults, children, strict=True):
        names = tuple(f"{name}.{side}" for name in LEVELS)
        counts |= dict(zip(names, (old + young, old, young), strict=True))
        sums[names[0]] = names[1:]
    return counts, sums


def test_adults_and_children_do_not_give_each_other_away():
    made = [_levels(case[:2], case[2:]) for case in itertools.product((0, 3, 20), repeat=4)]
    cases = [
        {name: (counts[f"{name}.yes"], counts[f"{name}.yes"] + counts[f"{name}.no"]) for name in LEVELS}
        for counts, _ in made
    ]
    for (counts, sums), told in zip(made, _told(cases), strict=True):
        shown = {f"{name}.{side}" for name in told for side in ("yes", "no")}
        secret = {name for name, count in counts.items() if is_too_few([count], THRESHOLD)[0]}
        assert not _found_out(counts, sums, shown, secret), (counts, told)


def test_what_rests_on_few_families_does_not_follow_from_the_others():
    rows = [_row(LEVELS[0], 30, 60), _row(LEVELS[1], 20, 40), _row(LEVELS[2], 10, 20, n=3, reason="too_few")]
    assert guarded(value_table(rows), THRESHOLD)["reason"].tolist() == ["", "hidden", "too_few"]
    rows[2] |= {"n": 8}
    assert guarded(value_table(rows), THRESHOLD)["reason"].tolist() == ["", "", "too_few"]


def test_exits_do_not_give_those_that_left_in_another_way_away():
    for planned, withdrew, other in itertools.product(SIZES, repeat=3):
        counts = {"left": planned + withdrew + other, EXITS[0]: planned, EXITS[1]: withdrew, "other": other}
        rows = [_row(EXITS[0], planned, counts["left"], n=counts["left"]), _row(EXITS[1], withdrew, 60)]
        values = guarded(value_table(rows), THRESHOLD)
        shown = set(values.loc[values["reason"] == "", "indicator"])
        sums = {"left": (EXITS[0], EXITS[1], "other")}
        # How many have left is the number of families behind the share, shown from the threshold up.
        if counts["left"] >= THRESHOLD:
            shown.add("left")
        assert not _found_out(counts, sums, shown, {"other"}), (counts, shown)


def test_a_number_hidden_now_is_not_told_by_months_since_the_start():
    # 6 have left, 5 of them withdrew, all within the first year: one left in another way.
    rows = [_row(EXITS[0], 0, 6, n=6, level="now"), _row(EXITS[1], 5, 60, level="now")]
    rows.append(_row(EXITS[1], 5, 60, case=12, level="since_start"))
    assert guarded(value_table(rows), THRESHOLD)["reason"].tolist() == ["", "hidden", "hidden"]


@pytest.mark.parametrize("one", DERIVED)
def test_what_is_hidden_is_among_what_a_number_follows_from(one):
    assert one.hides in one.names and one.of not in one.names
