"""Cells, pseudonyms and presets, one function at a time."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhed.intake import read_municipality
from helhed.intake.exports.preset import Heading, presets
from helhed.intake.pseudonyms import REMOVED, Keyring, normalise_cpr, without_cpr
from helhed.intake.reading.readers import read_csv
from helhed.intake.values.cells import OPEN_END, convert, dates, month, number
from helhed.profile import read_profile
from helhed.tables import codes, tables
from helhed.texts import number as written_number

KEYRING = Keyring(bytes(32), is_synthetic=True)


@given(st.floats(-99_999_999, 99_999_999).map(lambda x: round(x, 2)))
def test_a_number_written_in_danish_is_read_back(value):
    assert number(written_number(value, "da", 2).replace("\N{MINUS SIGN}", "-")) == pytest.approx(value, abs=0.005)


@pytest.mark.parametrize(
    "cell", ["1٢", "1.23,4", "1,234.5", "12.5", "1e3", "1 000", "12,", ",5", "kr. 12", "--1", "1.2345"]
)
def test_what_is_not_a_danish_number_is_refused(cell):
    assert number(cell) is None


@given(st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2100-12-31").date()))
def test_both_ways_of_writing_a_date_are_read(day):
    assert (
        dates(f"{day:%d-%m-%Y}") == dates(f"{day:%Y-%m-%d}") == dates(f"{day:%d-%m-%Y} 00:00:00") == pd.Timestamp(day)
    )


@pytest.mark.parametrize(
    "cell", ["31-02-2024", "1/2-2024", "2024-2-1", "01-02-24", "20240201", "45292", "00-01-2024", "0١-01-2024"]
)
def test_what_is_not_a_date_is_refused(cell):
    assert dates(cell) is None


def test_an_end_in_the_year_9999_is_an_open_end_and_no_fault():
    values, misfits = convert(pd.Series([OPEN_END, "31-02-2024", ""]), Heading("x", kind="date"), KEYRING)
    assert values.isna().all()
    assert misfits.tolist() == [False, True, False]


def test_a_month_is_a_month_or_the_first_of_one():
    assert month("2024-02") == month("01-02-2024") == pd.Timestamp("2024-02-01")
    assert month("02-02-2024") is None


def test_a_code_is_known_by_label_in_both_languages_whatever_the_case():
    heading = Heading("x", kind="codes", code_list="department")
    values, misfits = convert(pd.Series(["Sundhed,  bolig", "HOUSING", "vejdirektoratet"]), heading, KEYRING)
    assert values.tolist()[:2] == ["health,housing", "housing"]
    assert misfits.tolist() == [False, False, True]


@given(st.from_regex(r"(0[1-9]|[12][0-9])(2[1-9]|3[0-2])[0-9]{6}", fullmatch=True))
def test_the_same_person_has_the_same_pseudonym_however_the_number_is_written(cpr):
    written = [cpr, f"{cpr[:6]}-{cpr[6:]}", f" {cpr} "]
    assert len({KEYRING.pseudonym("person", normalise_cpr(each)) for each in written}) == 1
    assert (
        Keyring(bytes(31) + b"\1", is_synthetic=True).person(cpr) != KEYRING.person(cpr) or KEYRING.person(cpr) is None
    )
    assert REMOVED in without_cpr(f"tlf. 12345678, nr. {cpr}, sag 1")


def test_a_pseudonym_of_a_person_is_not_that_of_an_address():
    assert KEYRING.pseudonym("person", "x") != KEYRING.pseudonym("address", "x")


def test_every_preset_fits_the_contracts():
    for name, preset in presets().items():
        for heading in preset.columns:
            assert not heading.code_list or heading.code_list in codes(), (name, heading)
        assert set(preset.key) <= preset.gives()
        assert set(preset.groups) <= set(codes()["measure_group"])
        assert bool(preset.file) != bool(preset.workbook)
        assert set(preset.title) == {"da", "en"}


def test_code_maps_lead_to_codes_of_the_contracts():
    targets = {"status": "case_status", "series": "benefit"}
    for preset in presets().values():
        for heading in preset.columns:
            if heading.map:
                assert set(heading.map.values()) <= set(codes()[targets.get(heading.to, heading.to)])
    benefit = tables()["benefit_spell"].column("benefit")
    mapped = {code for h in presets()["ydelsesrefusion"].columns if h.to == "benefit" for code in h.map.values()}
    assert mapped == set(codes()[benefit.codes])


def test_row_numbers_are_those_the_user_sees(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text('a;b\n1;2\n\n"3\nx";4\n5;6;7\n8;9\n', encoding="utf-8")
    sheet, problems = read_csv(file, "utf-8")
    assert sheet.frame["a"].to_dict() == {2: "1", 4: "3\nx", 6: "8"}
    assert [(p.code, p.row, p.details) for p in problems] == [("intake.ragged_row", 5, {"found": 3, "expected": 2})]


_NEW_SYSTEM = """\
title: {da: Boligstøtten, en: Housing support}
file: boligsystem
table: measure
prefix: bolig
optional: true
month: start_date
key: []
department: housing
groups: {adult_social: [Bostøtte]}
columns:
  CPR: {to: person_id, kind: cpr, required: true}
  Indsats: {to: measure_type, kind: text, required: true}
  Fra: {to: start_date, kind: date, required: true}
  Til: {to: end_date, kind: date}
"""


def test_a_further_system_of_measures_is_one_yaml_file_without_code(tmp_path):
    # the file lies in the municipality's own folder
    root = Path(__file__).resolve().parents[2]
    runs = shutil.ignore_patterns("runs", "ydelsesrefusion_*", "skolefravaer*")
    shutil.copytree(root / "sample_data/furesoe", tmp_path / "municipality", ignore=runs)
    (tmp_path / "municipality/presets").mkdir()
    (tmp_path / "municipality/presets/boligsystem.yml").write_text(_NEW_SYSTEM, encoding="utf-8")
    exports = tmp_path / "municipality/exports"
    person = (exports / "folkeregister.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(";")[0]
    rows = [
        f"{person};Bostøtte;01-02-2024;",
        f"{person};Flyttehjælp;05-03-2024;01-03-2024",
        "0125900001;Bostøtte;01-02-2024;",
    ]
    text = "\n".join(["CPR;Indsats;Fra;Til", *rows]) + "\n"
    (exports / "boligsystem.csv").write_text(text, encoding="utf-8-sig")
    found = read_municipality(read_profile(tmp_path / "municipality", "en"), "en")
    measure = found.tables["measure"].query("department == 'housing' and measure_id.str.startswith('bolig-')")
    groups = sorted(zip(measure["measure_group"], measure["end_date"].isna(), strict=True))
    assert groups == [("adult_social", True), ("adult_social", True), ("other", False)]
    assert found.linkage.set_index("source").loc["boligsystem", ["n_records", "n_person"]].tolist() == [3, 2]
    codes = {problem.code for problem in found.problems if problem.file.endswith("boligsystem.csv")}
    assert codes >= {
        "intake.measure_ends_before_start", "intake.person_not_in_register", "intake.unknown_measure_type"
    }  # fmt: skip
