"""Nothing small is ever shown, and a total never gives a hidden count away."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from helhed.disclosure import protect
from helhed.outputs import KeyNumber, PublicTable

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
