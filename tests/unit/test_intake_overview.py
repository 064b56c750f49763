"""What the check step shows: sentences and figures follow the numbers, in both languages."""

import io
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from helhed.disclosure import protect
from helhed.drawing import png
from helhed.errors import DataNeedsWork, Problem
from helhed.figures.intake import coverage_picture, linkage_picture
from helhed.intake import (
    Intake,
    coverage_sentence,
    error_workbook,
    linkage_sentence,
    problem_sentence,
    problem_table,
    raise_if_must_fix,
    rows_table,
    share_linked,
    source_titles,
    unplaced_table,
)
from helhed.intake.exports.preset import presets
from helhed.tables import tables
from helhed.texts import text

LINKAGE = pd.DataFrame(
    {
        "source": ["sofus", "sensum"],
        "n_records": [3000, 10],
        "n_person": [2999, 10],
        "n_family": [2999, 10],
        "n_nobody": [1, 0],
        "share_linked": [2999 / 3000, 1.0],
        "reason": ["no_person", ""],
    }
)
COVERAGE = pd.DataFrame(
    {
        "source": ["skolefravaer"] * 3,
        "month": pd.date_range("2024-06-01", periods=3, freq="MS"),
        "n_records": [5, 0, 0],
        "state": ["records", "none", "missing"],
    }
)

PROBLEMS = [
    Problem("intake.bad_date", file="sofus.csv", row=2, column="Stopdato", value="=CMD()"),
    *(Problem("intake.no_price", "note", file="dubu_indsatser.csv", row=i) for i in range(2, 702)),
]


@pytest.fixture
def found():
    empty = {name: table.empty() for name, table in tables().items()}
    return Intake(
        tables=empty,
        problems=PROBLEMS,
        linkage=LINKAGE,
        unlinked=pd.DataFrame(),
        coverage=COVERAGE,
        assumed=[],
        corrections=[],
        presets=presets(),
        n_unplaced={"no_address": 2},
    )


def test_a_share_below_one_is_never_written_as_all(found):
    # 3,009 of 3,010 records are tied: 99.967 %, cut to 99.9 %.
    assert share_linked(found) == 0.999
    assert "99,9" in linkage_sentence(found, 1, "da")
    assert "99.9%" in linkage_picture(LINKAGE, source_titles(found, "en"), 1, "en", False).caption


def test_sentences_follow_the_numbers(found):
    assert "1 fejl skal rettes først" in problem_sentence(found, "da")
    assert "700 notes" in problem_sentence(found, "en")
    assert "missing altogether: 1 (School absence)" in coverage_sentence(found, "en")
    clean = replace(found, problems=[], linkage=LINKAGE.iloc[1:], coverage=COVERAGE.iloc[:2], n_unplaced={})
    assert "can be used" in problem_sentence(clean, "en")
    assert linkage_sentence(clean, 5, "en") == "All records of all sources are tied to a family."
    assert coverage_sentence(clean, "en") == "No source lacks a month of the data period."
    assert raise_if_must_fix(clean, "en") is None


def test_the_tables_count_problems_by_rule(found):
    table = protect(problem_table(found, "en"), 5)
    assert table.written("en", 5) == [
        ["“…” is not a date", "must be fixed", "under 5"],
        ["The measure has no monthly price", "note", "700"],
    ]
    assert rows_table(found, "da").frame["n"].sum() == 0
    assert unplaced_table(found, "da").frame["persons"].tolist() == [2]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_figures_are_drawn_with_words(found, lang):
    pictures = [
        linkage_picture(LINKAGE, source_titles(found, lang), 5, lang, True),
        coverage_picture(COVERAGE, source_titles(found, lang), lang, True),
        coverage_picture(COVERAGE.iloc[:2], source_titles(found, lang), lang, True),
    ]
    for picture in pictures:
        assert png(picture.figure).startswith(b"\x89PNG")
        assert "{" not in picture.caption + picture.alt
    assert len({picture.caption for picture in pictures}) == 3
    assert pictures[1].name == pictures[2].name == "fig-check-coverage"


def test_the_error_workbook_lists_five_hundred_rows_and_counts_the_rest(found):
    book = CalamineWorkbook.from_filelike(io.BytesIO(error_workbook(found, "en")))
    rows = book.get_sheet_by_name("dubu_indsatser.csv").to_python()
    assert len(rows) == 1 + 500 + 1
    assert rows[-1][-1].startswith("200 further rows")
    summary = book.get_sheet_by_name("Summary").to_python()
    assert [row[:4] for row in summary if str(row[0]).endswith(".csv")] == [
        # per file: must be fixed, should be fixed, notes; then per rule
        ["sofus.csv", 1.0, 0.0, 0.0],
        ["dubu_indsatser.csv", 0.0, 0.0, 700.0],
        ["sofus.csv", "● must be fixed", 1.0, ""],
        ["dubu_indsatser.csv", "○ note", 700.0, ""],
    ]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_few_loose_records_are_not_counted_out(found, lang):
    # 1 of 3,000 records is loose: neither the number nor a share that it follows from is written.
    words = linkage_sentence(found, 5, lang)
    caption = linkage_picture(LINKAGE, source_titles(found, lang), 5, lang, False).caption
    for leak in ("99,9", "99.9", "2.999", "2,999", "3.000", "3,000"):
        assert leak not in words + caption
    assert "under 5" in words


def test_what_must_be_fixed_stops(found):
    with pytest.raises(DataNeedsWork, match="Stopdato"):
        raise_if_must_fix(found, "en")


def test_a_small_number_of_rows_is_not_found_from_the_sum_of_its_severity(found):
    # The sentence tells 3 + 200 + 15 = 218 notes: without a second hidden rule the 3 could be taken from it.
    numbers = {"bad_date": 3, "no_price": 200, "bad_number": 15}
    problems = [Problem(f"intake.{code}", "note", row=i) for code, n in numbers.items() for i in range(n)]
    table = problem_table(replace(found, problems=problems), "en")
    assert "218 notes" in problem_sentence(replace(found, problems=problems), "en")
    assert sorted(row[-1] for row in protect(table, 5).written("en", 5)) == ["200", "hidden", "under 5"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_problem_of_the_profile_has_its_line_in_the_table(lang):
    problems = [Problem("profile.source_without_basis", "should_fix", "profile.yml"), Problem("intake.same_key")]
    counts = Intake.problem_counts.fget(SimpleNamespace(problems=problems))
    shown = list(problem_table(SimpleNamespace(problem_counts=counts), lang).frame["rule"])
    assert text("profile.source_without_basis", lang, column="").split(". ")[0] in shown and len(shown) == 2
