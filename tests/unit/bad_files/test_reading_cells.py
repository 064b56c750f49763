"""Cells that are wrong: each way of writing a value that is not the Danish one has a message that says what it is."""

import pandas as pd
import pytest

from helhed.intake import read_municipality
from helhed.intake.exports.preset import Heading, presets
from helhed.intake.pseudonyms import Keyring
from helhed.intake.sources import read_source
from helhed.intake.values.cells import convert, number, week
from helhed.intake.values.misfits import misfit_code
from helhed.municipalities import municipalities
from helhed.tables import tables
from tests.unit.bad_files.conftest import FATHER, MOTHER

KEYRING = Keyring(bytes(32), is_synthetic=True)
#: Of a shape that real numbers have; written in two parts, as all such numbers are.
REAL = "010180" + "0002"
NO_BREAK, THIN = "\N{NO-BREAK SPACE}", "\N{THIN SPACE}"

#: What is written, and the code of what is said of it.
DATES = {
    "01-01-1822": "date_far",
    "1822-01-01": "date_far",
    "01-01-2222": "date_far",
    "29-02-2023": "date_impossible",
    "31-04-2024": "date_impossible",
    "2024-13-01": "date_impossible",
    "12/31/2024": "date_american",
    "2-28-2024": "date_american",
    "01-02-24": "date_short_year",
    "1/2/24": "date_short_year",
    "45292": "date_serial",
    "45292,5": "date_serial",
    "31/12/2024": "date_signs",
    "31.12.2024": "date_signs",
    "2024/12/31": "date_signs",
    "2024/1/5": "date_signs",
    "31/02/2024": "date_signs_impossible",
    "31.04.2024": "date_signs_impossible",
    "2023/2/29": "date_signs_impossible",
    "20241231": "date_digits",
    "2024-01-01 99:99": "date_time",
    "2024-01-01 24:00": "date_time",
    "01-01-2024 kl. 8": "date_time",
    "2024-01-01T00:00:00Z": "date_time",
    "31-12-9999 eller senere": "date_far",
    "1. marts 2024": "bad_date",
    "=1+1": "bad_date",
    "@SUM(A1)": "bad_date",
    "#N/A": "error_text",
    "#VÆRDI!": "error_text",
    "########": "error_text",
    "'01-02-2024": "apostrophe",
}
NUMBERS = {
    "3000.50": "number_decimal_point",
    "1,234.50": "number_english",
    "3000,50 kr.": "number_with_unit",
    "kr. 3000": "number_with_unit",
    "3000,-": "number_with_unit",
    "20 %": "number_percent",
    "1 234,50": "number_with_space",
    f"1{NO_BREAK}234,50": "number_with_space",
    f"1{THIN}234": "number_with_space",
    "\N{MINUS SIGN}300": "number_minus",
    "300-": "number_minus",
    "(300)": "number_minus",
    "- 300": "number_minus",
    "3,0E+03": "number_scientific",
    "123456789": "number_too_large",
    "123.456.789,00": "number_too_large",
    "1.23,4": "bad_number",
    "to tusind": "bad_number",
    "#REF!": "error_text",
    "'3000": "apostrophe",
}
WEEKS = {
    "202353": "no_such_week",
    "2023-W53": "no_such_week",
    "202400": "no_such_week",
    "uge 5 2024": "bad_week",
    "5/2024": "bad_week",
    "2024-5": "bad_week",
    "5": "bad_week",
    "2024-02-01": "bad_week",
}
MONTHS = {
    "2024-13": "month_impossible",
    "15-03-2024": "month_not_first",
    "marts 2024": "bad_month",
    "202403": "bad_month",
}
CPRS = {
    "525104002": "cpr_nine_digits",
    "52510-4002": "cpr_nine_digits",
    "1,01E+09": "cpr_scientific",
    "5.25104002E+08": "cpr_scientific",
    "0525104002,0": "cpr_decimals",
    "0599104002": "cpr_impossible_date",
    "3225104002": "cpr_impossible_date",
    "052510400A": "cpr_letters",
    "ukendt": "cpr_letters",
    "05251040021": "bad_cpr",
    "'0525104002": "apostrophe",
}


@pytest.mark.parametrize("written", DATES)
def test_a_wrong_date_is_told_as_what_it_is(town, told, written):
    town.exports["dubu_sager"][0][4] = written
    town.write()
    problem = told("dubu_sager", DATES[written])
    assert (problem.row, problem.column, problem.value) == (2, "Oprettet dato", written)


@pytest.mark.parametrize("time", ["", " 00:00", "T23:59:59", " 00:00:00.000", " 12:30:15,1234567"])
@pytest.mark.parametrize(
    ("day", "read"), [("2024-02-29", "2024-02-29"), ("29-02-2024", "2024-02-29"), ("9999-12-31", None)]
)
def test_a_time_of_day_is_left_out(day, time, read):
    values, misfits = convert(pd.Series([day + time], dtype="str"), Heading("Dato", "start_date", "date"), KEYRING)
    assert not misfits.any()
    assert values.isna().all() if read is None else values.tolist() == [pd.Timestamp(read)]


@pytest.mark.parametrize("sign", [";", " / ", " og ", " ", "-", "; "])
def test_several_numbers_in_a_cell_are_parted_by_commas(town, told, sign):
    town.exports["folkeregister"][2][7] = f'"{MOTHER}{sign}{FATHER}"'
    town.write()
    assert told("folkeregister", "cprs_separator").row == 4


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ("3225104002", "cpr_impossible_date"),
        ("525104002", "cpr_nine_digits"),
        ("ukendt", "cpr_letters"),
        ("12345", "bad_cpr"),
    ],
)
def test_a_wrong_number_among_several_is_told_as_alone(town, told, second, code):
    town.exports["folkeregister"][2][7] = f'"{MOTHER}, {second}"'
    town.exports["folkeregister"][2][5] = second
    town.write()
    both = [told("folkeregister", code)] + [p for p in read_municipality(town.profile).must_fix if p.row == 4]
    assert {problem.code for problem in both} == {f"intake.{code}"}
    assert {problem.column for problem in both[1:]} == {"Mors CPR nummer", "Forældremyndighed"}


def test_an_invented_number_is_told_as_one_and_which_setting_lets_it_in(town):
    assert [misfit_code(MOTHER, kind) for kind in ("cpr", "cprs")] == ["cpr_invented", "cpr_invented"]
    profile = town.path / "profile.yml"
    real = profile.read_text("utf-8").replace("is_synthetic: true", "is_synthetic: false").replace("0999", "0420")
    profile.write_text(real, "utf-8")
    rows = [p for p in read_municipality(town.profile).must_fix if p.file == "folkeregister.csv"]
    assert {p.code for p in rows} == {"intake.cpr_invented"}
    assert {p.column for p in rows} == {"CPR nummer", "Mors CPR nummer", "Fars CPR nummer", "Forældremyndighed"}
    for lang in ("da", "en"):
        assert "is_synthetic: true" in rows[0].message(lang) and "profile.yml" in rows[0].message(lang)


def test_an_impossible_number_beside_an_invented_one_is_told_first():
    assert misfit_code(f"{MOTHER}, 3225104002", "cprs") == "cpr_impossible_date"
    assert misfit_code(f"{REAL}, {MOTHER}", "cprs") == "cpr_invented"


@pytest.mark.parametrize("written", NUMBERS)
def test_a_wrong_number_is_told_as_what_it_is(town, told, written):
    town.exports["ydelsesrefusion_2023"][1][2] = written
    town.write()
    problem = told("ydelsesrefusion", NUMBERS[written])
    assert (problem.file, problem.row) == ("ydelsesrefusion_2023.csv", 3)
    # nine digits may be a CPR number whose zero was lost, so they are not repeated
    assert problem.value == ("[fjernet]" if written == "123456789" else written)


@pytest.mark.parametrize("written", WEEKS)
def test_a_wrong_week_is_told_as_what_it_is(town, told, written):
    town.exports["ydelsesrefusion_2024"][1][1] = written
    town.write()
    assert told("ydelsesrefusion", WEEKS[written]).row == 3


@pytest.mark.parametrize("written", MONTHS)
def test_a_wrong_month_is_told_as_what_it_is(town, told, written):
    town.exports["skolefravaer"][0][1] = written
    town.write()
    assert told("skolefravaer", MONTHS[written]).value == written


@pytest.mark.parametrize("written", CPRS)
def test_a_wrong_cpr_number_is_told_and_never_shown(town, told, written):
    town.exports["dubu_sager"][0][1] = written
    town.write()
    problem = told("dubu_sager", CPRS[written])
    assert (problem.row, problem.value) == (2, "")
    assert all(written not in problem.line(lang) for lang in ("da", "en"))


def test_a_refusal_leaves_no_value_behind(town):
    town.exports["dubu_sager"][0][4] = "12/31/2024"
    town.exports["ydelsesrefusion_2023"][1][2] = "3000.50"
    town.write()
    found = read_municipality(town.profile, "en")
    assert found.tables["child_case"].empty
    assert found.must_fix
    assert all(name in found.tables for name in tables())


@pytest.mark.parametrize("written", ["202401", "2024-W01", "2024W01"])
def test_iso_weeks_are_read(written):
    assert week(written).isoformat() == "2024-01-01T00:00:00"


def test_a_point_between_thousands_is_read_or_refused_as_declared(town, told):
    for row in town.exports["ydelsesrefusion_2023"]:
        row[2] = "3.000,50"
    town.write()
    frame, _, *_ = read_source(presets()["ydelsesrefusion"], town.profile, KEYRING)
    assert frame["paid_dkk"].tolist()[:2] == [3000.5, 3000.5]
    town.write_profile(**{"data.thousands_point": "refuse"})
    told("ydelsesrefusion", "number_thousands_point")
    assert number("3000,50", may_have_points=False) == 3000.5
    assert number("3.000", may_have_points=False) is None


@pytest.mark.parametrize(
    ("written", "is_said"), [("3.822", True), ("3822", False), ("3822,5", False), ("38.22", False)]
)
def test_a_point_between_thousands_is_among_what_was_taken_for_granted(town, written, is_said):
    town.exports["ydelsesrefusion_2023"][1][2] = written
    town.write()
    taken = {one.file: one.taken for one in read_source(presets()["ydelsesrefusion"], town.profile, KEYRING)[2]}
    assert ("thousands_points" in taken["ydelsesrefusion_2023.csv"]) is is_said
    assert "thousands_points" not in taken["ydelsesrefusion_2024.csv"]


def test_a_municipality_is_known_with_and_without_its_zero():
    heading = Heading("Kommune", to="x", kind="municipality")
    values, misfits = convert(pd.Series(["0101", "101", "0411", "999", "Utopia", ""]), heading, KEYRING)
    assert values.tolist()[:3] == ["0101", "0101", "0411"]
    assert misfits.tolist() == [False, False, False, True, True, False]
    assert misfit_code("999", "municipality") == "bad_municipality"


def test_there_are_98_municipalities_in_five_regions_and_one_island_outside_them():
    regions = [one.region for one in municipalities().values()]
    assert {region: regions.count(region) for region in set(regions)} == {
        "Hovedstaden": 29, "Sjælland": 17, "Syddanmark": 22, "Midtjylland": 19, "Nordjylland": 11, "": 1,
    }  # fmt: skip
    assert [one.name for one in municipalities().values() if not one.region] == ["Christiansø"]
    assert municipalities()["0461"].name == "Odense"
    assert list(municipalities()) == sorted(municipalities())


def test_a_cell_like_a_formula_is_text(town):
    town.exports["folkeregister"][0][4] = "=cmd|'/c calc'!A1"
    town.exports["folkeregister"][1][4] = "+45 12"
    town.exports["folkeregister"][2][4] = "-Nord"
    town.exports["folkeregister"][3][4] = "@SUM(A1:A9)"
    town.write()
    frame, found, *_ = read_source(presets()["folkeregister"], town.profile, KEYRING)
    assert frame["district"].tolist() == ["=cmd|'/c calc'!A1", "+45 12", "-Nord", "@SUM(A1:A9)"]
    assert not [problem for problem in found if problem.severity == "must_fix"]


def test_words_that_many_addresses_share_are_address_in_words(town, told):
    # A woman with her two children and a man who lives elsewhere: both addresses are protected.
    for row in town.exports["folkeregister"]:
        row[3] = "Beskyttet adresse"
    town.write()
    problem = told("folkeregister", "address_in_words", "should_fix")
    assert (problem.row, problem.column, problem.value) == (2, "Adresse-id", "")
    frame, *_ = read_source(presets()["folkeregister"], town.profile, KEYRING)
    assert frame["address_id"].isna().all() and len(frame) == len(town.exports["folkeregister"])
