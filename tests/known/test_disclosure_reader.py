"""What a reader works out from a whole release: cases worked by hand, and every table of small size by search."""

import itertools
import json
from dataclasses import asdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.disclosure import protect
from helhed.disclosure.reader import Knowledge, Shown
from helhed.disclosure.released import found_out
from helhed.outputs import PublicTable

UNDER, HIDDEN = Shown("under", threshold=5), Shown("hidden", threshold=5)


def shown(value) -> Shown:
    return Shown("shown", value)


def knowledge(counts: dict, *sums) -> Knowledge:
    return Knowledge(dict(counts), list(sums))


def test_two_small_counts_of_eight_are_both_four():
    # Each is at most 4, and together they are 48 - 40 = 8.
    known = knowledge({"a": UNDER, "b": UNDER, "c": shown(40), "all": shown(48)}, ("all", ("a", "b", "c")))
    assert known.found_out() == {"a": (4, 4), "b": (4, 4)}


def test_one_hidden_beside_a_small_one_gives_it_away_when_the_sum_is_six():
    # 46 - 40 = 6; what is hidden is at least 5, so the small one is 1.
    known = knowledge({"a": UNDER, "b": HIDDEN, "c": shown(40), "all": shown(46)}, ("all", ("a", "b", "c")))
    assert known.found_out() == {"a": (1, 1)}


@pytest.mark.parametrize(("total", "is_safe"), [(7, False), (8, True), (9, True)])
def test_three_possible_values_are_enough(total, is_safe):
    # The hidden one is 5 or more: of 7 the small one is 1 or 2, of 8 it is 1 to 3.
    known = knowledge({"a": UNDER, "b": HIDDEN}, (total, ("a", "b")))
    assert (known.found_out() == {}) is is_safe


def test_a_second_table_with_the_same_counts_gives_a_small_one_away():
    # 20 = a + b alone leaves a = 1 to 4; the other table says b + c = 25 and c = 7, so b = 18 and a = 2.
    alone = knowledge({"a": UNDER, "b": HIDDEN}, (20, ("a", "b")))
    assert alone.found_out() == {}
    both = knowledge({"a": UNDER, "b": HIDDEN, "c": shown(7)}, (20, ("a", "b")), (25, ("b", "c")))
    assert both.found_out() == {"a": (2, 2)}


def test_a_rest_that_is_shown_nowhere_is_found_out():
    # 38 of 40 families are shown: 2 are left.
    known = knowledge({"a": shown(38), "all": shown(40), "rest": Shown("unseen", threshold=5)}, ("all", ("a", "rest")))
    assert known.found_out() == {"rest": (2, 2)}


def test_small_counts_hidden_without_a_word_are_found_out_too():
    # Nothing fits if what is hidden were 5 or more: 12 - 9 = 3.
    known = knowledge({"a": HIDDEN, "b": shown(9), "all": shown(12)}, ("all", ("a", "b")))
    assert known.found_out() == {"a": (3, 3)}


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4), st.integers(3, 5))
def test_the_reader_finds_what_a_search_through_all_tables_finds(counts, threshold):
    # One column with its total: every column of the same total that is shown in the same way.
    known = knowledge(
        {i: Shown("under", threshold=threshold) if 0 < n < threshold else shown(n) for i, n in enumerate(counts)},
        (sum(counts), tuple(range(len(counts)))),
    )
    choices = [range(1, threshold) if 0 < n < threshold else (n,) for n in counts]
    fits = [one for one in itertools.product(*choices) if sum(one) == sum(counts)]
    expected = {}
    for i, n in enumerate(counts):
        values = {one[i] for one in fits}
        if 0 < n < threshold and max(values) - min(values) + 1 < min(3, threshold - 1):
            expected[i] = (min(values), max(values))
    assert known.found_out() == expected


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=5), st.integers(3, 6))
def test_a_protected_table_with_a_total_gives_nothing_away_as_long_as_something_is_left_to_hide(counts, threshold):
    safe = protect(column(counts), threshold)
    found = found_out(release(safe, threshold=threshold), {})
    is_all_hidden = all(safe.frame["n"].isna() | (safe.frame["n"] == 0))
    assert found == [] or is_all_hidden


def column(counts) -> PublicTable:
    rows = [*counts, sum(counts)]
    frame = pd.DataFrame({"group": [f"g{i}" for i in range(len(rows))], "n": rows})
    return PublicTable("t", "Titel", frame, {"group": ("Gruppe", "text"), "n": ("Familier", "count")}, has_total=True)


def release(*tables: PublicTable, threshold: int = 5, lang: str = "da") -> dict[str, bytes]:
    """Return the files of a release as a step writes them."""
    made = {}
    for table in tables:
        record = {
            "title": table.title,
            "columns": [{"name": n, "label": label, "format": form} for n, (label, form) in table.columns.items()],
            "rows": table.written(lang, threshold),
            "sums": [asdict(one) for one in table.sums or ()],
            "threshold": threshold,
        }
        made[f"public/1_x/{lang}/{table.name}.json"] = json.dumps(record).encode()
    return made
