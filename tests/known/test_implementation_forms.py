"""Deadlines and counts of the implementation passport and the adaptation log worked by hand, and their formulas."""

import io
import subprocess
from datetime import date, datetime

import openpyxl
import pytest

from helhed.publishing.adaptation_log import Counts, adaptation_log, counts
from helhed.publishing.adaptation_log_sheet import adaptation_log_workbook
from helhed.publishing.passport import days_late, due, month_of, passport
from helhed.publishing.passport_sheet import passport_workbook
from helhed.texts import text


@pytest.mark.parametrize(
    ("start", "month", "first", "last"),
    [
        (date(2026, 8, 1), 1, date(2026, 8, 1), date(2026, 8, 31)),
        (date(2026, 8, 1), 5, date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 8, 1), 6, date(2027, 1, 1), date(2027, 1, 31)),
        (date(2027, 8, 1), 7, date(2028, 2, 1), date(2028, 2, 29)),  # a leap year
        (date(2026, 12, 17), 36, date(2029, 11, 1), date(2029, 11, 30)),  # a day within the month counts as the month
    ],
)
def test_months_count_from_the_decision(start, month, first, last):
    assert (month_of(start, month), due(start, month)) == (first, last)


@pytest.mark.parametrize(
    ("done", "days"),
    [(None, 0), (date(2026, 9, 30), 0), (date(2026, 10, 1), 1), (date(2026, 12, 24), 85)],
)
def test_late_begins_the_day_after_the_last_month(done, days):
    first = passport().milestones[0]
    assert first.last_month == 2
    assert days_late(first, date(2026, 8, 1), done) == days


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), Counts(0, 0, 0, 0)),
        (({"touches": "no", "look_again": 1},), Counts(1, 0, 0, 0)),
        (({"touches": "yes"}, {"touches": "not sure", "outcome": "keep"}, {}), Counts(3, 2, 1, 3)),
    ],
)
def test_lines_that_touch_the_core_wait_for_a_decision(lines, expected):
    assert counts(lines) == expected


def recalculated(tmp_path, books):
    """Return the workbooks as LibreOffice counts them: nothing is left of the numbers they were written with."""
    for name, book in books.items():
        book.save(tmp_path / f"{name}.xlsx")
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "xlsx"]
    files = [str(tmp_path / f"{name}.xlsx") for name in books]
    subprocess.run([*office, "--outdir", str(tmp_path / "counted"), *files], check=True, capture_output=True)
    return {
        name: openpyxl.load_workbook(tmp_path / "counted" / f"{name}.xlsx", data_only=True).worksheets for name in books
    }


def row_of(sheet, words):
    return next(row for row in sheet.iter_rows() if words in str(row[0].value))


@pytest.mark.documents
@pytest.mark.filterwarnings("ignore:Unknown extension")
def test_the_workbooks_count_by_the_same_rule(tmp_path):
    own = openpyxl.load_workbook(io.BytesIO(passport_workbook("en")))
    own.worksheets[0]["B3"] = datetime(2027, 8, 1)
    mandate = row_of(own.worksheets[0], "Mandate and steering group")
    mandate[2].value, mandate[3].value, mandate[8].value = 5, 7, datetime(2028, 3, 10)
    log = openpyxl.load_workbook(io.BytesIO(adaptation_log_workbook("en", is_example=True)))
    line = [datetime(2027, 5, 5), "One plan", "Another change", None, "yes"]
    head = row_of(log.worksheets[0], "Date")[0].row
    for column, value in enumerate(line, start=1):
        log.worksheets[0].cell(head + 4, column).value = value
    example = openpyxl.load_workbook(io.BytesIO(passport_workbook("da", is_example=True)))
    found = recalculated(tmp_path, {"own": own, "log": log, "example": example})

    milestones, timeline, signatures = found["own"]
    cells = row_of(milestones, "Mandate and steering group")
    # Month 7 after August 2027 is February 2028, which ends on the 29th; the 10th of March is 10 days later.
    assert (cells[4].value, cells[9].value) == (datetime(2028, 2, 29), 10)
    marks = [cell.value for cell in row_of(timeline, "Mandate and steering group")[1:]]
    assert [at for at, mark in enumerate(marks, start=1) if mark] == [5, 6, 7]
    assert (timeline["B3"].value, timeline["AK3"].value) == (datetime(2027, 8, 1), datetime(2030, 7, 1))
    assert [signatures.cell(row, 3).value for row in (5, 6, 7, 8)] == [1, 0, 0, 0]
    totals = [row_of(milestones, text(f"implementation.{key}", "en"))[1].value for key in ("reached", "reached_late")]
    assert totals == [1, 1]

    # Three invented lines: two touch the core or may, one of those is open; the fourth touches it, is open, undated.
    keys = ("lines", "touching", "undecided", "no_date")
    assert [row_of(found["log"][0], text(f"implementation.{key}", "en"))[3].value for key in keys] == [4, 3, 2, 1]

    late = row_of(found["example"][0], "Data leveret og tjekket")
    # Month 5 after April 2024 is August; the 9th of September is nine days later.
    assert (late[4].value, late[9].value) == (datetime(2024, 8, 31), 9)
    for written, again in zip(example.worksheets, found["example"], strict=True):
        assert written.title == again.title


def test_the_filled_example_of_the_log_counts_as_its_page_says():
    assert counts(adaptation_log().example) == Counts(lines=3, touching=2, undecided=1, no_date=0)
