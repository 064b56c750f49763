"""Benefit spells worked out by hand, and CPR numbers checked against a published example and another library."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.dk import cpr as stdnum_cpr
from stdnum.exceptions import InvalidComponent

from helhed.intake import birth_date_of_cpr, normalise_cpr
from helhed.intake.building.repeats import exact_copies
from helhed.intake.building.spells import benefit_spells
from helhed.intake.pseudonyms import passes_modulus_11
from helhed.intake.values.cells import week


def weeks(*rows):
    columns = ["person_id", "benefit", "week", "paid_dkk", "refund_dkk"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(week=pd.to_datetime(frame["week"]).astype("datetime64[us]"))


def test_spells_by_hand():
    # Mondays: 18 Dec 2023 (week 51), 25 Dec (52), 1 Jan 2024 (1) follow each other: one spell, paid 10 + 10 + 10.
    # Week 2 is missing; 15 Jan (3) and 22 Jan (4) are the second spell. Week 4 is the last of the data: no end date.
    # Week 3 has two payments, 10 and 5, which are added up.
    found = benefit_spells(
        weeks(
            ("a", "sho", "2023-12-25", 10.0, 2.0), ("a", "sho", "2023-12-18", 10.0, 2.0),
            ("a", "sho", "2024-01-01", 10.0, 2.0), ("a", "sho", "2024-01-15", 10.0, 2.0),
            ("a", "sho", "2024-01-15", 5.0, 1.0), ("a", "sho", "2024-01-22", 10.0, 2.0),
            ("a", "dagpenge", "2024-01-08", 7.0, 0.0),
        )
    )  # fmt: skip
    rows = found.sort_values(["benefit", "start_date"]).itertuples(index=False)
    assert [(r.benefit, f"{r.start_date:%d-%m-%Y}", r.paid_dkk, r.refund_dkk) for r in rows] == [
        ("dagpenge", "08-01-2024", 7.0, 0.0),
        ("sho", "18-12-2023", 30.0, 6.0),
        ("sho", "15-01-2024", 25.0, 5.0),
    ]
    ends = found.set_index("start_date")["end_date"]
    assert ends[pd.Timestamp("2023-12-18")] == pd.Timestamp("2024-01-07")
    assert ends[pd.Timestamp("2024-01-08")] == pd.Timestamp("2024-01-14")
    assert pd.isna(ends[pd.Timestamp("2024-01-15")])


def test_a_week_of_which_everything_was_taken_back_is_no_week_on_the_benefit():
    # Weeks 1, 2 and 3 of 2024. Week 2 is paid (10, refund 2) and taken back whole: two spells of one week each, 10 and
    # 10. Week 3 is taken back in part (10 - 4 = 6) and stays. A week with nothing paid and no reversal stays too.
    paid = [("a", "sho", day, 10.0, 2.0) for day in ("2024-01-01", "2024-01-08", "2024-01-15")]
    partly = ("a", "sho", "2024-01-15", -4.0, -0.8)
    found = benefit_spells(
        weeks(*paid, ("a", "sho", "2024-01-08", -10.0, -2.0), partly, ("b", "sho", "2024-02-05", 0, 0))
    )
    rows = [(f"{r.start_date:%d-%m}", r.paid_dkk, round(r.refund_dkk, 2)) for r in found.itertuples()]
    assert rows == [("01-01", 10.0, 2.0), ("15-01", 6.0, 1.2), ("05-02", 0.0, 0.0)]


@pytest.mark.parametrize(
    ("amounts", "counted"),
    [
        ([10, 10], [10]),  # one payment exported twice
        ([10, -10, 10], [10, -10, 10]),  # paid, taken back, paid again: 10
        ([10, 10, -10], [10, 10, -10]),  # whatever the order of the rows
        ([10, -10, 10, -10, 10], [10, -10, 10, -10, 10]),
        ([10, -10, 10, 10], [10, -10, 10]),  # a third payment is a copy: one reversal answers for one
        ([10, -10, -10], [10, -10]),  # a reversal exported twice
        ([10, 10, -4], [10, -4]),  # the reversal is of another amount
    ],
)
def test_a_payment_made_again_after_a_reversal_is_no_copy(amounts, counted):
    rows = weeks(*(("a", "sho", "2024-01-08", float(amount), amount / 5) for amount in amounts))
    rows = rows.assign(row_=range(2, 2 + len(rows)), file_="x.csv")
    assert rows.loc[~exact_copies(rows), "paid_dkk"].tolist() == counted


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([10.0, -10.0]), min_size=1, max_size=7), st.integers(1, 3))
def test_an_export_taken_several_times_gives_the_same_sum(amounts, n_times):
    once = weeks(*(("a", "sho", "2024-01-08", amount, amount / 5) for amount in amounts))
    sums = []
    for rows in (once, pd.concat([once] * n_times, ignore_index=True)):
        sums.append(rows.loc[~exact_copies(rows), "paid_dkk"].sum())
    expected = 10.0 * (len(set(amounts)) == 1) * (1 if 10.0 in amounts else -1)
    n_paid, n_back = amounts.count(10.0), amounts.count(-10.0)
    if n_paid and n_back:
        expected = 10.0 if n_paid > n_back else 0.0
    assert sums == [expected, expected]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 60), min_size=1))
def test_spells_cover_exactly_the_weeks_paid(numbers):
    monday = pd.Timestamp("2024-01-01")
    days = [monday + pd.Timedelta(days=7 * n) for n in numbers]
    spells = benefit_spells(weeks(*(("a", "sho", day, 100.0, 20.0) for day in days)))
    ends = spells["end_date"].fillna(max(days) + pd.Timedelta(days=6))
    assert ((ends - spells["start_date"]).dt.days + 1).sum() == 7 * len(numbers)
    assert spells["paid_dkk"].sum() == 100.0 * len(numbers)


def test_week_53_exists_in_2020_and_not_in_2024():
    # ISO 8601: a year has 53 weeks when 1 January is a Thursday, or a Wednesday in a leap year (2020).
    assert week("202053") == pd.Timestamp("2020-12-28")
    assert week("202453") is None


def test_the_example_of_python_stdnum_was_born_in_1862():
    # Seventh digit 5 and year 62 give the 1800s.
    assert birth_date_of_cpr(normalise_cpr("211062" + "-5629")) == date(1862, 10, 21)


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("010100" + "3000", date(1900, 1, 1)),  # 0-3: always 1900-1999
        ("010136" + "4000", date(2036, 1, 1)),  # 4: 00-36 is 2000-2036
        ("010137" + "4000", date(1937, 1, 1)),  # 4: 37-99 is 1937-1999
        ("010157" + "5000", date(2057, 1, 1)),  # 5-8: 00-57 is 2000-2057
        ("010158" + "8000", date(1858, 1, 1)),  # 5-8: 58-99 is 1858-1899
        ("010136" + "9000", date(2036, 1, 1)),  # 9: as 4
        ("010137" + "9000", date(1937, 1, 1)),
        ("610190" + "0000", date(1990, 1, 1)),  # replacement number: 60 added to the day
    ],
)
def test_the_century_table(number, born):
    assert birth_date_of_cpr(number) == born


@pytest.mark.parametrize("number", ["310290" + "0000", "0113900000", "0021900000", "9201900000", "1423880001"])
def test_an_impossible_date_is_no_cpr_number(number):
    assert birth_date_of_cpr(number) is None


@given(st.from_regex(r"(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{6}", fullmatch=True))
def test_dates_of_birth_agree_with_python_stdnum(number):
    try:
        expected = stdnum_cpr.get_birth_date(number)
    except InvalidComponent:
        expected = None
    # stdnum also refuses dates in the future.
    found = birth_date_of_cpr(number)
    assert found == expected or (expected is None and found is not None and found > date.today())


def test_the_example_of_the_cpr_office_passes_modulus_11_and_no_other_last_digit_does():
    # CPR-kontoret, "Personnummeret i CPR": the date 070761 with the serial number 4285,
    # 0*4+7*3+0*2+7*7+6*6+1*5+4*4+2*3+8*2+5*1 = 154 = 14 * 11.
    first = "070761" + "428"
    assert [last for last in "0123456789" if passes_modulus_11(first + last)] == ["5"]


@given(st.from_regex(r"(0[1-9]|[12][0-9])(0[1-9]|1[0-2])[0-9]{6}", fullmatch=True))
def test_modulus_11_agrees_with_python_stdnum(number):
    assert passes_modulus_11(number) == (stdnum_cpr.checksum(number) == 0)
