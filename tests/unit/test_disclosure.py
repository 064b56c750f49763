"""Nothing small is ever shown, and a total never gives a hidden count away."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from helhed.disclosure import protect
from helhed.outputs import KeyNumber, PublicTable, gives_away, is_small

COLUMNS = {"group": ("Group", "text"), "n": ("Families", "count"), "share": ("Share", "share")}


def table(counts, has_total=True):
    rows = [*counts, sum(counts)] if has_total else counts
    frame = pd.DataFrame({"group": [str(i) for i in range(len(rows))], "n": rows, "share": [0.5] * len(rows)})
    return PublicTable("t", "T", frame, COLUMNS, has_total=has_total)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(3, 8), st.booleans())
def test_no_small_count_is_shown(counts, threshold, has_total):
    safe = protect(table(counts, has_total), threshold)
    shown = safe.frame["n"].dropna()
    assert not ((shown > 0) & (shown < threshold)).any()


@given(st.lists(st.integers(0, 30), min_size=2, max_size=8), st.integers(3, 8))
def test_the_total_never_gives_one_hidden_count_away(counts, threshold):
    safe = protect(table(counts), threshold)
    hidden = safe.frame["n"].iloc[:-1].isna().sum()
    others = [count for count in counts if count >= threshold]
    assert hidden != 1 or not others or pd.isna(safe.frame["n"].iloc[-1])


def test_what_is_computed_from_a_hidden_count_is_hidden_too():
    assert protect(table([2, 40, 9]), 5).written("en", 5) == [
        ["0", "under 5", "hidden"],
        ["1", "40", "50%"],
        ["2", "hidden", "hidden"],
        ["3", "51", "50%"],
    ]


def test_the_input_is_left_alone():
    given_table = table([2, 40])
    protect(given_table, 5)
    assert given_table.frame["n"].tolist() == [2, 40, 42]


def test_a_small_key_number_is_written_as_under_the_threshold():
    assert KeyNumber(3, "count").written("da", 5) == "under 5"
    assert KeyNumber(3, "number").written("da", 5) == "3"
    assert KeyNumber(0, "count").written("da", 5) == "0"


def parts(rows, row_parts=("met", "not_met", "unknown"), shown=("met", "not_met", "unknown")):
    columns = {name: (name, "count") for name in shown} | {"share": ("share", "share")}
    frame = pd.DataFrame(rows, columns=["met", "not_met", "unknown"]).assign(share=0.5)
    return PublicTable("t", "T", frame, columns, row_parts=row_parts)


def test_a_row_that_adds_to_a_known_total_gives_nothing_away():
    # 295 families are known: 295 - 23 - 268 = 4; 295 - 289 = 2 + 4 would be under 5 + 2; nothing to hide in the last.
    written = protect(parts([[23, 4, 268], [1, 2, 292], [100, 0, 195]]), 5).written("en", 5)
    assert written[0] == ["hidden", "under 5", "268", "hidden"]
    assert written[1] == ["under 5", "under 5", "hidden", "hidden"]
    assert written[2] == ["100", "0", "195", "50%"]


def test_a_part_that_is_not_shown_counts_as_hidden():
    # 40 families are met by both rules, 38 of them are shown beside their total of 40: the 2 left are not in the table.
    table = parts([[38, 2, 0], [38, 0, 0]], row_parts=("met", "not_met"), shown=("met",))
    assert protect(table, 5).written("en", 5) == [["hidden", "hidden"], ["38", "50%"]]


@given(st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(3, 7))
def test_what_is_hidden_in_a_row_never_adds_to_a_small_number(rows, threshold):
    safe = protect(parts(rows), threshold)
    for position, row in enumerate(rows):
        hidden = [
            n for n, name in zip(row, ("met", "not_met", "unknown"), strict=True) if (position, name) in safe.hidden
        ]
        assert not hidden or sum(hidden) >= threshold or sum(row) == sum(hidden)
        assert len(hidden) != 1 or sum(row) == hidden[0]


def test_rows_of_a_group_with_a_known_total_give_nothing_away():
    frame = pd.DataFrame({"kind": ["a", "a", "a", "b"], "n": [3, 200, 15, 40]})
    table = PublicTable("t", "T", frame, {"n": ("n", "count")}, rows_within="kind")
    assert protect(table, 5).written("en", 5) == [["under 5"], ["200"], ["hidden"], ["40"]]


def test_two_small_counts_below_a_total_are_covered_too():
    # 43 - 40 = 3 = 1 + 2: two hidden counts of families that are found by the total.
    assert [row[1] for row in protect(table([1, 2, 40]), 5).written("en", 5)] == ["under 5", "under 5", "hidden", "43"]


def test_small_is_above_zero_and_below_the_threshold():
    assert [is_small(n, 5) for n in (0, 1, 4, 5, float("nan"))] == [False, True, True, False, False]
    assert is_small(pd.Series([0, 4, 9]), 5).tolist() == [False, True, False]
    assert [gives_away(n, 10, 5) for n in (0, 3, 5, 7, 10)] == [False, True, False, True, False]
