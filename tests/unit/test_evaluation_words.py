"""Child cases by closing and progress: shown whole or not at all, and never found again by subtraction."""

import pytest

from helhed.evaluation import link_sentence, link_table
from helhed.evaluation.theory_of_change import Link
from helhed.texts import LANGUAGES


def made(*cells, order=(0, 0, 0), p=0.013):
    """Return a link with closed with and without, open with and without progress."""
    return Link(*cells, *order, p)


def shown(found, lang="en"):
    return [row[1:] for row in link_table(found, 5, lang).written(lang, 5)]


@pytest.mark.parametrize("cells", [(7, 2, 6, 20), (5, 5, 4, 42), (6, 3, 0, 2)])
def test_one_small_count_hides_the_whole_table(cells):
    # 11 cases at the start and 9 closed are key numbers: one more visible count would give the small one away.
    assert shown(made(*cells)) == [["hidden", "hidden"], ["hidden", "hidden"]]
    assert not set(link_table(made(*cells), 5, "en").frame["open"].dropna())
    assert "not shown" in link_sentence(made(*cells), 5, "en")


def test_a_table_without_small_counts_is_shown_whole():
    found = made(5, 5, 0, 46, order=(5, 0, 0))
    assert shown(found) == [["5", "0"], ["5", "46"]]
    said = link_sentence(found, 5, "en")
    assert "50% of the 10 closed cases" in said and "first in 5" in said and "p = 0.013" in said
    assert "not shown" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_half_of_ten_closed_cases_may_be_told_but_not_the_test_that_gives_the_four_away(lang):
    # 56 - 10 - 42 = 4 open cases with progress: with 5 of 10 and 56 known, p belongs to one value of it only.
    found = made(5, 5, 4, 42, order=(3, 1, 1))
    assert found.shown_share(5) == 0.5
    said = link_sentence(found, 5, lang)
    assert "50" in said and "10" in said and "p =" not in said
    assert not any(f" {count} " in said or f" {count}," in said for count in (1, 3, 4, 42))


@pytest.mark.parametrize(
    ("cells", "share"),
    [((0, 12, 5, 20), 0.0), ((12, 0, 5, 20), 1.0), ((4, 8, 5, 20), None), ((8, 4, 5, 20), None), ((0, 0, 9, 9), None)],
)
def test_share_of_the_closed_cases_needs_both_parts_large_or_empty(cells, share):
    assert made(*cells).shown_share(5) == share


def test_share_is_not_told_when_few_cases_are_left_open():
    # 12 closed of 14 at the start: the number of the closed would give the 2 open cases away.
    found = made(6, 6, 1, 1)
    assert found.shown_share(5) is None and "12" not in link_sentence(found, 5, "en")
