"""The median stay by Kaplan and Meier, worked by hand."""

import math

import pandas as pd
import pytest

from helhed.economy.case import enrolled_months
from helhed.monitoring.courses import median_months as monitored_median
from helhed.staffing.caseload import observed_course
from helhed.survival import DAYS_PER_MONTH, median_months, stays


def test_half_have_left_when_the_first_of_two_leaves():
    assert median_months([6, 12], [True, True]) == 6


def test_median_with_some_still_there_by_hand():
    # Left after 2, 4 and 9 months; still there after 3, 5 and 10. At 2: 5/6 stay. At 4, of the four left at risk
    # (4, 5, 9, 10), 5/6 · 3/4 = 5/8. At 9, of two at risk, 5/8 · 1/2 = 5/16: the median is 9. Counting those who left
    # alone it would be 4.
    assert median_months([2, 3, 4, 5, 9, 10], [True, False, True, False, True, False]) == 9


def test_median_is_unknown_while_too_few_have_left():
    # One of three has left: 2/3 stay.
    assert math.isnan(median_months([2, 5, 5], [True, False, False]))
    assert math.isnan(median_months([2, 5], [False, False]))
    assert math.isnan(median_months([], []))


def test_freireich_remission_under_6_mp():
    # Freireich and others (1963), as in Kalbfleisch and Prentice: 21 children on 6-MP, weeks in remission, + censored;
    # the published median of the Kaplan-Meier curve is 23 weeks.
    left = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert median_months(left + still, [True] * len(left) + [False] * len(still)) == 23


def test_stays_end_at_the_exit_or_at_the_day():
    day = pd.Timestamp("2024-12-31")
    enrolment = pd.DataFrame(
        {
            "start_date": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-12-01", "2025-01-01", None]),
            "exit_date": pd.to_datetime(["2024-03-01", "2025-02-01", None, None, None]),
        }
    )
    months, has_left = stays(enrolment, day)
    # 60 days until 1 March; until the day 365 and 30; the last two have not started.
    assert (months * DAYS_PER_MONTH).tolist() == pytest.approx([60, 365, 30])
    assert has_left.tolist() == [True, False, False]


def test_all_three_stages_say_the_same(rules_until):
    start = pd.Timestamp("2023-01-01")
    exits = [start + pd.Timedelta(days=round(DAYS_PER_MONTH * m)) for m in (6, 12)]
    enrolment = pd.DataFrame({"start_date": [start] * 2, "exit_date": exits})
    to_date = pd.Timestamp("2025-12-31")
    found = [
        monitored_median(enrolment, rules_until(to_date)),
        observed_course(enrolment, to_date).median_months,
        enrolled_months(enrolment, to_date),
    ]
    assert found == pytest.approx([6] * 3, abs=0.05)
    assert len(set(found)) == 1


@pytest.fixture
def rules_until():
    """Return a function that gives the one rule that the monitoring's median needs."""

    class Until:
        def __init__(self, to_date):
            self.to_date = to_date

    return Until
