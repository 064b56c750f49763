"""What a message says beside its rule: values as the file writes them, the rows that clash, the cure that fits."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from helhed.errors import Problem
from helhed.intake.building.repeats import Repeats
from helhed.intake.clashes import alike, alike_by_key, at_same_time, same_as, wholly_alike
from helhed.intake.correction_forms import form_of
from helhed.intake.exports.preset import Heading, Preset, presets
from helhed.intake.proposals.guess import guess, names_staff
from helhed.intake.proposals.proposal import preset_text
from helhed.intake.reading.readers import RawSheet, read_xlsx
from helhed.intake.rules import RULES
from helhed.intake.rules.crossing import _in_two_exports, _where_before
from helhed.intake.shown.error_workbook import _findings
from helhed.intake.shown_values import as_written, shown
from helhed.intake.values.misfits import not_said_twice
from helhed.tables import tables
from helhed.texts import LANGUAGES, catalogue

DAYS = {day: pd.Timestamp(day) for day in ("2024-01-01", "2024-02-01", "2024-03-01", "2024-12-30")}


def rows(**columns):
    n = len(next(iter(columns.values())))
    return pd.DataFrame({**columns, "row_": range(2, 2 + n), "file_": "a.csv"})


@pytest.mark.parametrize(
    ("preset", "column", "value", "written"),
    [
        ("ydelsesrefusion", "week", DAYS["2024-12-30"], "202501"),
        ("ydelsesrefusion", "benefit", "dagpenge", "A-dagpenge"),
        ("ydelsesrefusion", "paid_dkk", 1234567.0, "1234567"),
        ("folkeregister", "sex", "u", ""),
        ("folkeregister", "sex", "f", "K"),
        ("beskaeftigelse", "month", DAYS["2024-02-01"], "2024-02"),
        ("beskaeftigelse", "in_education", True, "J"),
        ("data_workbook_person", "sex", "f", "female"),
        ("dubu_indsatser", "start_date", DAYS["2024-02-01"], "01-02-2024"),
    ],
)
def test_a_value_is_shown_as_its_file_writes_it(preset, column, value, written):
    assert as_written(value, presets()[preset].column(column)) == written


def test_a_period_is_shown_by_its_length_and_a_pseudonym_not_at_all():
    hits = rows(period_start=[DAYS["2024-01-01"]] * 3, period_kind=["year", "quarter", "month"], person_id=["p1"] * 3)
    preset = presets()["jobindsats"]
    assert shown(hits, "period_start", preset) == ["2024", "2024Q1", "2024M01"]
    assert shown(hits, "person_id", preset) == ["", "", ""]


def test_the_column_that_became_rows_keeps_its_heading():
    preset = presets()["jobindsats"]
    assert preset.heading_of_turned("persons") == "Antal personer"
    assert preset.heading_of_turned("fulltime") == "Antal fuldtidspersoner"


def test_rows_that_clash_name_each_other():
    f = rows(
        person_id=["a", "a", "b", "a"],
        start_date=[DAYS[d] for d in ("2024-01-01", "2024-02-01", "2024-02-01", "2024-03-01")],
    )
    f["end_date"] = [DAYS["2024-02-01"], pd.NaT, pd.NaT, pd.NaT]
    beside = at_same_time(alike("person_id"))
    assert beside(None, f, f.index) == ["3", "2, 5", "", "3"]
    assert same_as(alike("person_id"))(None, f, f.index[:1]) == ["3, 5"]
    copies = pd.concat([f, f.iloc[[2]].assign(row_=9, file_="b.csv")], ignore_index=True)
    preset = Preset("x", {}, "measure", (), key=("person_id", "start_date"), same_key={"keep": "first"})
    m = SimpleNamespace(repeats=lambda frame: Repeats(frame, preset))
    assert same_as(wholly_alike)(m, copies, copies.index[4:]) == ["4 (a.csv)"]
    twice = f.assign(start_date=DAYS["2024-01-01"])
    assert same_as(alike_by_key)(m, twice, twice.index[1:2]) == ["2"]
    problem = Problem("intake.two_placements", file="a.csv", row=3, details={"beside": "2, 5"})
    assert problem.message("en").endswith("See also row 2, 5.")


def test_a_fault_of_a_cell_or_of_the_headings_is_told_once():
    formula = Problem("intake.formula_without_value", file="a.xlsx", row=4, column="CPR nummer")
    merged = Problem("intake.merged_cells", file="a.xlsx", row=1, column="Uge")
    empty = Problem("intake.empty_cell", file="a.xlsx", row=4, column="cpr nummer")
    other, lost = Problem("intake.empty_cell", row=5, column="CPR nummer"), Problem("intake.missing_column", row=1)
    assert not_said_twice([empty, other, lost], [formula, merged]) == [other]
    assert not_said_twice([empty, lost], []) == [empty, lost]


def test_a_cell_of_a_workbook_is_mended_in_the_workbook():
    of_export, of_sheet = Problem("intake.empty_cell", file="a.csv"), Problem("intake.empty_cell", sheet="Personer")
    assert "case system" in of_export.message("en") and "in the workbook" in of_sheet.message("en")


def test_known_values_are_in_the_language_of_the_file_or_the_message():
    data_sheet = presets()["data_workbook_person"].column("sex")
    assert "female" in data_sheet.labels() and "kvinde" not in data_sheet.labels("da")
    decision = presets()["indskrivninger"].column("decision")
    assert decision.labels("da") != decision.labels("en")


def test_a_correction_that_does_not_fit_is_told_the_form():
    assert form_of(Heading("Uge", "week", "week"))["da"] == "Skriv ugen som ååååuu, fx 202505."
    assert "K, M" in form_of(presets()["folkeregister"].column("sex"))["en"]
    assert form_of(Heading("Timer", "hours", "number", min=0, max=400))["en"].endswith("between 0 and 400.")


def test_findings_of_the_profile_stand_apart_and_rows_together():
    problems = [
        *(Problem("intake.criterion_without_data", file="profile.yml", row=3, details={"criterion": c}) for c in "ab"),
        *(Problem("intake.bad_date", file="a.csv", row=row, value=f"x{row}") for row in (2, 3)),
        Problem("intake.empty_cell", file="a.csv", row=4),
    ]
    found = _findings(problems, "en")
    assert sorted(n for *_, n in found) == [1, 1, 1, 2]
    assert next(words for *_, words, n in found if n == 2).endswith(
        "(The first of 2 different ones; all are on the file's sheet.)"
    )


def test_a_heading_that_names_staff_is_no_provider():
    assert names_staff("Sagsbehandler") and names_staff("TeamLeder") and not names_staff("Leverandør")
    cells = pd.DataFrame(
        {"CPR": ["1423880001"], "Behandler": ["NN"], "Startdato": ["01-02-2024"], "Indsats": ["Støtte"]}
    )
    guessed = guess(RawSheet("ny.csv", cells))
    assert "Behandler" not in {match.heading for match in guessed.matches.values() if match.to}
    line = next(
        line
        for line in preset_text(guessed, RawSheet("ny.csv", cells), "ny", False, "en").splitlines()
        if "Behandler" in line
    )
    assert "member of staff" in line


def test_a_text_file_among_the_workbooks_is_not_renamed_to_csv(tmp_path):
    (tmp_path / "decisions.xlsx").write_text("a;b\n1;2\n", encoding="utf-8")
    _, problems = read_xlsx(tmp_path / "decisions.xlsx", "Indskrivninger")
    assert [p.code for p in problems] == ["intake.is_text"]
    assert ".csv" not in problems[0].message("da")
    _, of_export = read_xlsx(tmp_path / "decisions.xlsx")
    assert ".csv" in of_export[0].message("da")


#: Rules whose messages speak of other exports than the one in which they were broken.
OF_OTHER_EXPORTS = {"enrolled_without_records", "high_absence_without_case", "cut_off", "empty_column"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cell_of_the_workbook_is_never_told_to_be_exported_again(lang):
    """Whoever filled in a workbook has no export to take again and no system to look into."""
    filled_in = {preset.table for preset in presets().values() if preset.workbook}
    words = {"da": r"udtræk|i systemet", "en": r"extract|export|in the system"}[lang]
    for rule in RULES:
        if filled_in & {*rule.tables} and rule.code not in OF_OTHER_EXPORTS:
            named = re.findall(r"{(\w+)}", catalogue()[f"intake.{rule.code}"][lang])
            details = {**dict.fromkeys(set(named) - {"value", "column"}, "1"), **rule.limits}
            problem = Problem(f"intake.{rule.code}", file="dataark.xlsx", sheet="Personer", details=details)
            assert not re.search(words, problem.message(lang)), rule.code


@pytest.mark.parametrize("table", ["employment", "child_case"])
def test_a_row_that_stands_in_two_files_names_the_row_that_counts(table):
    month, key = [DAYS["2024-01-01"]] * 2, tables()[table].key
    first = rows(person_id=["a", "b"], case_id=["1", "2"], month=month)
    second = rows(person_id=["c", "b"], case_id=["3", "2"], month=month)
    known = {name: Preset(name, {}, table, (), file=name, key=key) for name in ("one", "two")}
    frames = {"one": first, "two": second}
    material = SimpleNamespace(frames=frames, presets=known, preset_of=lambda f: known["two" if f is second else "one"])
    assert _in_two_exports(material, second).tolist() == [False, True]
    assert _in_two_exports(material, first).tolist() == [False, False]
    assert _where_before(material, second, second.index[[1]]) == ["3 (a.csv)"]
