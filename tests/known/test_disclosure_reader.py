"""What a reader works out from a whole release: cases worked by hand, and every table of small size by search."""

import itertools
import json
from dataclasses import asdict, replace

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
        {f"c{i}": Shown("under", threshold=threshold) if 0 < n < threshold else shown(n) for i, n in enumerate(counts)},
        (sum(counts), tuple(f"c{i}" for i in range(len(counts)))),
    )
    choices = [range(1, threshold) if 0 < n < threshold else (n,) for n in counts]
    fits = [one for one in itertools.product(*choices) if sum(one) == sum(counts)]
    expected = {}
    for i, n in enumerate(counts):
        values = {one[i] for one in fits}
        if 0 < n < threshold and max(values) - min(values) + 1 < min(3, threshold - 1):
            expected[f"c{i}"] = (min(values), max(values))
    assert known.found_out() == expected


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=5), st.integers(3, 6))
def test_a_protected_table_with_a_total_gives_nothing_away_as_long_as_something_is_left_to_hide(counts, threshold):
    safe = protect(column(counts), threshold)
    found = found_out(release(safe, threshold=threshold), {})
    is_all_hidden = all(safe.frame["n"].isna() | (safe.frame["n"] == 0))
    assert found == [] or is_all_hidden


@settings(deadline=None, max_examples=20)
@given(st.data(), st.integers(3, 5), st.sampled_from([0, 3, 5, 10]))
def test_a_table_with_sums_both_ways_gives_nothing_away_as_long_as_something_is_left_to_hide(data, threshold, base):
    n_rows, n_columns = data.draw(st.integers(2, 4)), data.draw(st.integers(2, 3))
    counts = data.draw(st.lists(st.integers(0, 15), min_size=n_rows * n_columns, max_size=n_rows * n_columns))
    table = two_way([counts[row * n_columns : (row + 1) * n_columns] for row in range(n_rows)])
    safe = protect(table, threshold, base)
    found = found_out(release(safe, threshold=threshold), {})
    left = [safe.frame[name].iloc[row] for row in range(n_rows + 1) for name in safe.frame.columns[1:]]
    assert found == [] or all(pd.isna(count) or count == 0 for count in left)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 14), min_size=6, max_size=6), st.integers(3, 5))
def test_no_choice_of_fewer_and_smaller_counts_would_keep_the_small_ones_safe(counts, threshold):
    # Two rows of three: every choice of counts to hide is tried, and every table that then looks the same.
    safe = protect(two_way([counts[:3], counts[3:]]), threshold)
    chosen = {3 * row + column for row in (0, 1) for column in (0, 1, 2) if (row, f"c{column}") in safe.hidden}
    are_totals_shown = not any(row == 2 or name == "total" for row, name in safe.hidden)
    small = {at for at, n in enumerate(counts) if 0 < n < threshold}
    others = [at for at, n in enumerate(counts) if n >= threshold]
    choices = [small | {*more} for n in range(len(others) + 1) for more in itertools.combinations(others, n)]
    keeping = [one for one in choices if keeps_all_possible(counts, one, small, threshold)]
    if keeping:
        price = [(len(one), sum(counts[at] for at in one)) for one in (chosen, *keeping)]
        assert are_totals_shown
        assert chosen in keeping
        assert price[0] == min(price[1:])


def keeps_all_possible(counts, hidden, small, threshold) -> bool:
    """Return whether each small count may be 1 and may be the largest small one, by trying every table."""
    rows, columns = (sum(counts[:3]), sum(counts[3:])), [counts[at] + counts[at + 3] for at in range(3)]
    seen = {at: set() for at in small}
    for a, b in itertools.product(range(rows[0] + 1), repeat=2):
        first = (a, b, rows[0] - a - b)
        table = (*first, *(total - n for total, n in zip(columns, first, strict=True)))
        if all(fits(n, counts[at], at in small, at in hidden, threshold) for at, n in enumerate(table)):
            for at in small:
                seen[at].add(table[at])
    return all({1, threshold - 1} <= values for values in seen.values())


def fits(n, true, is_small, is_hidden, threshold) -> bool:
    if is_small:
        return 0 < n < threshold
    return n >= threshold if is_hidden else n == true


def test_rounding_hides_less_and_what_is_shown_is_rounded_for_itself():
    table = two_way([[3, 12, 21], [14, 33, 8], [9, 17, 26]])
    hidden, rounded = protect(table, 5), protect(table, 5, 5)
    assert rounded.written("en", 5) == [
        ["g0", "under 5", "10", "20", "35"],
        ["g1", "15", "35", "10", "55"],
        ["g2", "10", "15", "25", "50"],
        ["all", "25", "60", "55", "145"],
    ]
    assert sum(how == "hidden" for how in hidden.hidden.values()) >= 3
    assert found_out(release(rounded), {}) == []


def test_a_share_that_would_undo_the_rounding_is_hidden():
    frame = pd.DataFrame({"g": ["a", "b", "all"], "n": [3, 97, 100], "share": [0.03, 0.97, 1.0]})
    columns = {"g": ("g", "text"), "n": ("n", "count"), "share": ("share", "share")}
    table = PublicTable("t", "t", frame, columns, has_total=True)
    assert protect(table, 5, 10).written("en", 5)[:2] == [["a", "under 5", "hidden"], ["b", "100", "hidden"]]
    # "95" is 93 to 97: whoever has read the exact total elsewhere would know that the small one is 3 or 4.
    assert protect(table, 5, 5).written("en", 5)[1] == ["b", "hidden", "hidden"]


def test_an_exact_total_beside_rounded_counts_is_reckoned_with():
    # Whoever has read "8 families" elsewhere knows that both are 4: hiding goes on.
    safe = protect(two_way([[4, 4], [20, 30]]), 5, 5)
    assert safe.written("en", 5)[0][3] == "hidden"


def test_a_table_that_came_with_hidden_totals_is_rounded_too():
    table = two_way([[6, 12], [20, 30]])
    frame = table.frame.astype({"total": "Float64"})
    frame.loc[0, "total"] = pd.NA
    safe = protect(replace(table, frame=frame, hidden={(0, "total"): "hidden"}), 5, 5)
    assert safe.written("en", 5)[0] == ["g0", "5", "10", "hidden"]


def two_way(counts) -> PublicTable:
    names = [f"c{at}" for at in range(len(counts[0]))]
    frame = pd.DataFrame(counts, columns=names)
    frame["total"] = frame.sum(axis=1)
    frame.loc[len(counts)] = frame.sum()
    frame.insert(0, "g", [*(f"g{row}" for row in range(len(counts))), "all"])
    columns = {"g": ("g", "text")} | {name: (name, "count") for name in (*names, "total")}
    return PublicTable("t", "Titel", frame, columns, has_total=True, row_parts=tuple(names))


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
            "rounded_to": table.rounded_to,
        }
        made[f"public/1_x/{lang}/{table.name}.json"] = json.dumps(record).encode()
    return made
