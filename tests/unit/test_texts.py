"""Numbers, dates and amounts as each language writes them; the contracts of the tables hold for empty tables too."""

import tomllib
from datetime import date
from importlib import resources

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhed import texts
from helhed.tables import DTYPES, code_label, tables


def test_numbers_dates_and_amounts_in_both_languages():
    assert texts.number(-1234567.891, "da", 2) == "\N{MINUS SIGN}1.234.567,89"
    assert texts.number(-0.001, "da", 2) == "0,00"
    assert texts.number(1234567.891, "en", 2) == "1,234,567.89"
    assert texts.percent(0.5, "da") == "50\N{NO-BREAK SPACE}%"
    assert texts.kroner(8_700_000, "da") == "8.700.000\N{NO-BREAK SPACE}kr."
    assert texts.day(date(2025, 12, 31), "da") == "31. december 2025"
    assert texts.month(date(2025, 5, 1), "en") == "May 2025"


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_what_is_missing_is_written_as_a_dash(missing):
    for write in (texts.number, texts.percent, texts.kroner, texts.day, texts.month):
        assert write(missing, "da") == "–"


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_is_read_back_from_its_danish_form(value):
    assert int(texts.number(value, "da").replace(".", "").replace("\N{MINUS SIGN}", "-")) == value


def test_every_contract_holds_for_its_empty_table():
    for table in tables().values():
        table.schema().validate(table.empty())
        assert {column.kind for column in table.columns} <= set(DTYPES)
        assert set(table.key) <= {column.name for column in table.columns}


def test_a_table_is_brought_to_its_contract_without_touching_the_input():
    frame = pd.DataFrame({"person_id": ["a"], "month": [pd.Timestamp(2025, 1, 1)], "hours": [10], "x": [1]})
    frame["in_education"] = False
    before = frame.copy()
    conformed = tables()["employment"].conform(frame)
    tables()["employment"].schema().validate(conformed)
    pd.testing.assert_frame_equal(frame, before)
    with pytest.raises(KeyError, match="hours"):
        tables()["employment"].conform(frame.drop(columns="hours"))


def test_code_labels():
    assert code_label("benefit", "kontanthjaelp", "da") == "kontanthjælp"
    assert code_label("benefit", "unheard_of", "da") == "unheard_of"


def test_a_large_room_is_a_folder_whose_files_name_each_text_once():
    folder = resources.files("helhed.texts").joinpath("catalogue", "intake")
    named = [name for file in folder.iterdir() for name in tomllib.loads(file.read_text(encoding="utf-8"))]
    assert len(named) == len(set(named)) > 0
    assert {f"intake.{name}" for name in named} == {key for key in texts.catalogue() if key.startswith("intake.")}
