"""Whatever looks like a CPR number is found, in digits of any script, width and spacing, and nothing else is lost."""

import sys
import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.cpr import REMOVED, folded, shows_cpr, without_cpr
from helhed.errors import Problem
from helhed.intake.values.whole_columns import which_show_cpr
from helhed.publishing.cpr_guard import cpr_like

#: 30 April 1970 and a serial number; put together here so that the guard does not find this file.
DAY, SERIAL = "3004" + "70", "1234"
#: Every sign of Unicode that stands for one digit, by the digit.
LOOKS = {str(digit): [] for digit in range(10)}
BY_CATEGORY = {"Pd": [], "Zs": []}
for sign in map(chr, range(sys.maxunicode + 1)):
    if (digit := unicodedata.digit(sign, None)) is not None:
        LOOKS[str(digit)].append(sign)
    BY_CATEGORY.get(unicodedata.category(sign), []).append(sign)
UNSEEN = ["", "", "", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f", "\u20e3", "\u0301"]


def as_seen(digits):
    """Return how a row of digits may be written: each digit in another form, and signs that do not show between."""
    parts = [st.tuples(st.sampled_from(LOOKS[digit]), st.sampled_from(UNSEEN)) for digit in digits]
    return st.tuples(*parts).map(lambda pairs: "".join(sign + unseen for sign, unseen in pairs))


NUMBERS = st.builds(
    "{}{}{}".format, as_seen(DAY), st.sampled_from(["", *BY_CATEGORY["Pd"], *BY_CATEGORY["Zs"]]), as_seen(SERIAL)
)


@given(NUMBERS, st.text(st.characters(exclude_categories=("Nd", "Nl", "No", "Cs")), max_size=12))
@settings(max_examples=150)
def test_a_number_is_found_however_its_digits_look(number, around):
    written = f"{around} {number} {around}"
    assert shows_cpr(written)
    cleaned = without_cpr(written)
    assert REMOVED in cleaned and not shows_cpr(cleaned)
    assert cleaned.startswith(f"{around} ") and cleaned.endswith(around[-1:])
    assert which_show_cpr(pd.Series([written, "12.000 kr."])).tolist() == [True, False]
    assert not shows_cpr(Problem("intake.is_pdf", file=written, details={"beside": number}).line("da"))


@given(NUMBERS)
@settings(max_examples=100)
def test_the_guard_of_shared_files_sees_the_same(number):
    assert cpr_like(f"x;{number};y")[0] == (1, 3)


@given(st.text(st.characters(exclude_categories=("Nd", "Nl", "No", "Cs")), max_size=40))
@settings(max_examples=100)
def test_a_text_without_digits_stays_as_it_is(written):
    assert without_cpr(written) == written and not shows_cpr(written)


@given(st.text(max_size=40))
@settings(max_examples=100)
def test_every_sign_seen_has_its_place(written):
    seen, places = folded(written)
    assert len(seen) == len(places)
    assert list(places) == sorted(places) and all(at < len(written) for at in places)


@pytest.mark.parametrize(
    "written", ["２０２４-１２-３１ 12:30", "⑴ ⑵ ⑶", "H₂O, 10 m², 50 ‰", "tlf. ４５ ６７ ８９ １０"]
)
def test_dates_and_telephone_numbers_in_wide_digits_stay(written):
    assert without_cpr(written) == written


@pytest.mark.parametrize(
    "between", [":", "+", "*", ", ", "(", " - - ", "’", "'", "/", " – "], ids=lambda gap: f"{ord(gap[0])}{len(gap)}"
)
def test_numbers_are_found_with_what_people_put_before_the_last_digits(between):
    assert without_cpr(f"ring {DAY}{between}{SERIAL} i dag").startswith("ring " + REMOVED)
    whole = pd.Series([f"mor {DAY}{between}{SERIAL}", "12.000 kr."])
    assert which_show_cpr(whole).tolist() == [True, False]


@pytest.mark.parametrize("shape", ["{0}{1}19{2}-{3}", "{0}-{1}-19{2}-{3}", "{0}.{1}.19{2}-{3}", "{0}/{1}/19{2}-{3}"])
def test_numbers_are_found_with_the_whole_year(shape):
    written = shape.format(DAY[:2], DAY[2:4], DAY[4:], SERIAL)
    assert without_cpr(f"født {written}, ja") == f"født {REMOVED}, ja"
    assert which_show_cpr(pd.Series([written])).tolist() == [True]


@pytest.mark.parametrize(
    "number",
    [
        f"{DAY[:2]} {DAY[2:4]} {DAY[4:]} {SERIAL[:2]} {SERIAL[2:]}",
        f"{DAY[:2]}.{DAY[3]}.{DAY[4:]}-{SERIAL}",
        f"1 {DAY[2:4]} {DAY[4:]} {SERIAL[:2]} {SERIAL[2:]}",
        f"CPR1{DAY[2:]}{SERIAL}",
        f"1{DAY[2:]}{SERIAL},0",
    ],
)
def test_numbers_alone_in_a_cell_are_found_in_looser_forms(number):
    assert without_cpr(number) == REMOVED
    assert which_show_cpr(pd.Series([number])).tolist() == [True]


def test_numbers_are_found_digit_by_digit():
    assert without_cpr(" ".join(DAY + SERIAL)) == REMOVED
    assert which_show_cpr(pd.Series([" ".join(DAY + SERIAL)])).tolist() == [True]


@pytest.mark.parametrize(
    "number",
    [
        f"{DAY[:4]} {DAY[4:]}{SERIAL}",
        f"{DAY[:4]}-{DAY[4:]}{SERIAL}",
        f"{DAY}\u00b4{SERIAL}",
        f"{DAY}`{SERIAL}",
        f"{DAY}-{' '.join(SERIAL)}",
        f"{DAY} {SERIAL[:2]} {SERIAL[2:]}",
        "1,018" + "01234E9",
        "3,004" + "701234E+09",
        "1.018" + "01234e8",
        f"{DAY[:4]}19{DAY[4:]}{SERIAL}",
    ],
)
def test_further_spellings_are_removed_whole(number):
    assert without_cpr(f"ring {number}, ja") == f"ring {REMOVED}, ja"
    assert which_show_cpr(pd.Series([f"mor {number}", "12.000 kr."])).tolist() == [True, False]


@pytest.mark.parametrize(
    "written",
    [
        "fra 01-02-2024 03-04-2024",
        "14-03-2024 12:30",
        "31-12-2024 2025",
        "2024-01-31 2025-02-28",
        "20260101-120000",
        "1 2 3 4 5",
        "tlf. 12 34 56 78",
        "kl. 10:30, 1200 kr.",
        "i 2024 123456 kr.",
        "i 2025 150000 kr. mod 2024 148000 kr.",
        "311224 12 34 56 78",
        "1,23457E+09",
        "1,5E9 kr.",
        "tlf. +45 20 12 34 56",
        "2024-12 200000",
        "kl. 10:30 150000",
    ],
)
def test_dates_times_and_amounts_stay(written):
    assert without_cpr(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "i 2012 150000",
        "I 2004 250000 kr.",
        "år 1905 310000",
        "in 2010 150000",
        "budget 2012 150000 kr.",
        "2011 150000,-",
    ],
)
def test_an_amount_after_its_year_is_no_number(written):
    assert without_cpr(written) == written


@pytest.mark.parametrize("before", ["", "mor ", "se sag i dag ", "bi "])
@pytest.mark.parametrize("after", ["", " krise", " ja"])
def test_a_number_born_on_a_day_that_looks_like_a_year_is_found_where_nothing_speaks_of_an_amount(before, after):
    number = "2012" + " 851234"
    assert without_cpr(f"{before}{number}{after}") == f"{before}{REMOVED}{after}"
