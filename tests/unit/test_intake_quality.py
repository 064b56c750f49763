"""The quality of each table: what is counted, what is rounded down, and what is not shown."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helhed.errors import Problem
from helhed.intake import quality_sentence, quality_table, table_quality
from helhed.intake.exports.preset import presets
from helhed.tables import tables

MONTHS = pd.to_datetime(["2024-01-01", "2024-02-01"])


def intake_with(*problems, n_rows=200):
    """Return an intake with absence read, 200 rows, of which two have become the table: one optional cell is empty."""
    frames = {name: table.empty() for name, table in tables().items()}
    frames["coordinator"] = pd.DataFrame({"a": ["x"] * 10, "b": [None] * 9 + ["x"]})
    assumed = [
        SimpleNamespace(file="skolefravaer.csv", sheet="", n_rows=n_rows, header_row=1),
        SimpleNamespace(file="decisions.xlsx", sheet="Koordinatorer", n_rows=10, header_row=1),
    ]
    coverage = pd.DataFrame({"source": "skolefravaer", "month": MONTHS, "n_records": [5, 0]})
    return SimpleNamespace(
        tables=frames, problems=list(problems), assumed=assumed, coverage=coverage, presets=presets()
    )


def fault(row, severity="should_fix", file="skolefravaer.csv"):
    return Problem("intake.same_key", severity, file=file, row=row)


def of(intake, table):
    return table_quality(intake).set_index("table").loc[table]


def shown(intake, table_title, threshold=5):
    table = quality_table(intake, "en", threshold)
    return next(row for row in table.written("en", threshold) if row[0] == table_title)


def test_a_row_counts_once_however_much_is_wrong_and_notes_do_not_count():
    absence = of(intake_with(fault(2), fault(2, "must_fix"), fault(3), fault(4, "note"), fault(None)), "absence")
    assert (absence["n_read"], absence["n_faulty"], absence["share_sound"]) == (200, 2, 0.99)
    assert absence["last_month"] == MONTHS[0]


def test_a_fault_of_another_file_does_not_count():
    assert of(intake_with(fault(2, file="dubu_sager.csv")), "absence")["n_faulty"] == 0


def test_few_faulty_rows_are_told_as_fewer_than_the_threshold():
    assert shown(intake_with(fault(2)), "School absence")[2] == "over 97%"
    assert shown(intake_with(*(fault(row) for row in range(2, 6))), "School absence")[2] == "over 97%"
    assert shown(intake_with(*(fault(row) for row in range(2, 7))), "School absence")[2] == "97%"
    assert shown(intake_with(), "School absence")[2] == "100%"


def test_shares_are_rounded_down_and_small_tables_say_nothing():
    faults = [fault(row) for row in range(2, 9)]
    assert shown(intake_with(*faults, n_rows=1000), "School absence")[2] == "99%"
    assert shown(intake_with(n_rows=4), "School absence")[2] == "–"
    assert shown(intake_with(), "Coordinators")[3] == "55%"
    assert shown(intake_with(), "Persons")[1:] == ["0", "–", "–", "–"]


def test_a_file_that_cannot_be_used_has_no_sound_row():
    for row in (None, 1):
        absence = of(intake_with(fault(row, "must_fix"), fault(7)), "absence")
        assert (absence["n_faulty"], absence["share_sound"]) == (200, 0)


def test_rows_of_another_length_count_as_read_and_faulty():
    ragged = [Problem("intake.ragged_row", file="skolefravaer.csv", row=row) for row in range(2, 402)]
    absence = of(intake_with(*ragged), "absence")
    assert (absence["n_read"], absence["n_faulty"], absence["share_sound"]) == (600, 400, pytest.approx(1 / 3))


def test_the_sentence_counts_the_tables_whose_share_the_table_shows():
    """A table with just as few rows as are hidden says nothing in either place."""
    few = intake_with(n_rows=5)
    assert shown(few, "School absence")[2] == "–"
    assert "In all 1 tables" in quality_sentence(few, "en", 5)
    assert "No table" in quality_sentence(few, "en", 500)


def test_the_table_with_most_rows_to_mend_is_named_whatever_the_table_hides():
    """Few faulty rows are shown as a bound that may lie below another table's share: they are the smaller number."""
    few = [Problem("intake.same_key", "should_fix", "decisions.xlsx", "Koordinatorer", row) for row in (2, 3)]
    many = intake_with(*few, *(fault(row) for row in range(2, 22)))
    assert shown(many, "Coordinators")[2] == "over 50%"
    assert "“School absence”, where 90%" in quality_sentence(many, "en", 5)


def test_the_sentence_names_the_table_with_most_to_mend():
    faulty = quality_sentence(intake_with(*(fault(row) for row in range(2, 22))), "en", 5)
    assert "In 1 of the 2 tables" in faulty
    assert "“School absence”, where 90% of the rows" in faulty
    assert "In all 2 tables" in quality_sentence(intake_with(), "en", 5)
    assert "I alle 2 tabeller" in quality_sentence(intake_with(), "da", 5)


def test_a_table_formed_from_others_has_no_rows_read_and_says_so():
    built = intake_with()
    built.tables["leisure"] = pd.DataFrame({"a": ["x"] * 10})
    row = shown(built, "Leisure")
    assert row[1:3] == ["–", "Formed from other tables"]
