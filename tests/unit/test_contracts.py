"""The contracts say what every table and column holds, and hold for what the sample municipalities hand over."""

import json
import re
import runpy
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pandera.errors
import pytest

from helhed import evaluation, monitoring, selection
from helhed.economy import blank_workbook
from helhed.intake import presets, read_municipality
from helhed.profile import read_profile
from helhed.publishing.data_dictionary import data_dictionary_page, sources_of
from helhed.publishing.forms import data_workbook, decisions_workbook
from helhed.publishing.runner import STEPS
from helhed.staffing.scenario_form import scenarios_workbook
from helhed.tables import DTYPES, codes, tables
from helhed.texts import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = [(table, column) for table in tables().values() for column in table.columns]
#: What the stage packages ask for under the name TABLES.
ASKED = {
    "selection.TABLES": selection.TABLES,
    "monitoring.TABLES": monitoring.TABLES,
    "evaluation.TABLES": evaluation.TABLES,
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", tables().values(), ids=list(tables()))
def test_every_table_and_column_has_a_name_and_a_sentence_of_its_own(table, lang):
    assert table.label(lang) and table.grain(lang)
    assert table.meaning(lang).endswith(".")
    for column in table.columns:
        meaning = column.meaning(lang)
        assert column.label(lang) and len(meaning) > len(column.label(lang)), column.name
        assert meaning.endswith(".") and meaning[0].isupper(), column.name
        assert not set("“”") & set(meaning) if lang == "da" else not set("»«") & set(meaning), column.name


def test_the_two_languages_say_something_else():
    for table, column in COLUMNS:
        assert column.meaning_da != column.meaning_en, (table.name, column.name)


def test_keys_code_lists_kinds_and_limits_exist():
    for table in tables().values():
        names = [column.name for column in table.columns]
        assert set(table.key) <= set(names) and len(set(names)) == len(names)
        assert set(table.built_from) <= set(tables())
    for table, column in COLUMNS:
        assert column.kind in DTYPES and (column.kind in ("code", "codes")) == bool(column.codes), column.name
        assert not column.codes or codes()[column.codes], column.name
        assert column.name not in table.key or column.required, column.name
        assert column.kind != "dkk" or column.name.endswith("_dkk"), column.name
        assert column.kind != "flag" or column.name.startswith(("is_", "has_", "in_")), column.name


def test_every_code_list_is_used_or_belongs_to_the_functional_level():
    used = {column.codes for _, column in COLUMNS} | {"adult_domain", "child_domain"}
    assert set(codes()) <= used


def test_every_table_comes_from_somewhere():
    for name in tables():
        assert all(sources_of(name, lang) for lang in LANGUAGES), name
    assert "Ydelsesrefusion" in sources_of("benefit_spell", "da")
    assert len(sources_of("measure", "en")) > 3


def test_the_steps_of_a_table_are_those_that_read_it():
    for number, step in enumerate(STEPS[1:], start=1):
        cells = json.loads((ROOT / f"notebooks/{step}.ipynb").read_text(encoding="utf-8"))["cells"]
        source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        listed = re.findall(r"^names = \((.*)\)$", source, re.M)
        read = {name for line in listed for name in re.findall(r'"(\w+)"', line)}
        read |= {name for asked, names in ASKED.items() if asked in source for name in names}
        assert read == {table.name for table in tables().values() if number in table.steps}, step


@pytest.mark.parametrize("sample", ["furesoe", "broendby", "roedovre", "assens"])
def test_what_a_sample_hands_over_holds_the_contracts(sample):
    found = read_municipality(read_profile(ROOT / "sample_data" / sample, "en"))
    assert set(found.tables) == set(tables())
    for name, table in tables().items():
        table.schema().validate(found.tables[name], lazy=True)
    assert all(len(found.tables[name]) for name in ("person", "family", "benefit_spell", "measure", "meeting"))


def whole_row(name: str) -> pd.DataFrame:
    """Return one row that holds the contract of a table."""
    day = pd.Timestamp("2024-03-01")
    simple = {"id": "a", "text": "a", "date": day, "month": day, "count": 1, "number": 1.0, "dkk": 1.0, "flag": True}
    row = {}
    for column in tables()[name].columns:
        row[column.name] = next(iter(codes()[column.codes])) if column.codes else simple[column.kind]
    return tables()[name].conform(pd.DataFrame([row]))


@pytest.mark.parametrize("name", tables())
def test_one_right_row_holds_every_contract_and_two_of_them_do_not(name):
    row = whole_row(name)
    tables()[name].schema().validate(row)
    with pytest.raises(pandera.errors.SchemaError):
        tables()[name].schema().validate(pd.concat([row, row], ignore_index=True))


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("person", "person_id", ""),
        ("person", "person_id", " a"),
        ("person", "person_id", None),
        ("person", "birth_date", pd.Timestamp("1990-03-02")),
        ("person", "sex", "x"),
        ("absence", "month", pd.Timestamp("2024-03-01 12:00")),
        ("absence", "school_days", 32.0),
        ("absence", "days_sick", -0.5),
        ("benefit_spell", "start_date", pd.Timestamp("1822-01-01")),
        ("benefit_spell", "end_date", pd.Timestamp("2222-01-01")),
        ("enrolment", "consent_date", pd.Timestamp("2024-03-01 08:30")),
        ("plan_line", "consent_scope", "children,nobody"),
        ("plan_line", "consent_scope", ""),
        ("coordinator", "weekly_hours", 37.5),
    ],
)
def test_what_does_not_fit_breaks_the_contract(table, column, value):
    row = whole_row(table)
    row[column] = pd.Series([value], dtype=row[column].dtype)
    with pytest.raises(pandera.errors.SchemaError, match=column):
        tables()[table].schema().validate(row)


def test_several_known_codes_in_one_cell_hold_the_contract():
    row = whole_row("plan_line").assign(consent_scope=pd.Series(["children,health"], dtype="str"))
    tables()["plan_line"].schema().validate(row)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_data_dictionary_says_all_of_it(lang):
    page = data_dictionary_page(lang)
    sections = dict(zip(tables(), re.split(r"^\(table-[a-z-]+\)=$", page, flags=re.M)[1:], strict=True))
    for table, column in COLUMNS:
        (line,) = [line for line in sections[table.name].splitlines() if line.startswith(f"| `{column.name}` |")]
        assert column.meaning(lang) in line and column.label(lang) in line
        assert f"#codes-{column.codes.replace('_', '-')}" in line or not column.codes
    for table in tables().values():
        assert table.meaning(lang) in sections[table.name]
        assert all(f"/notebooks/{STEPS[step]}`" in sections[table.name] for step in table.steps)


TEMPLATES = {
    "dataark_da.xlsx": lambda: data_workbook("da"),
    "data_workbook_en.xlsx": lambda: data_workbook("en"),
    "decisions_da.xlsx": lambda: decisions_workbook("da"),
    "decisions_en.xlsx": lambda: decisions_workbook("en"),
    "scenarios_da.xlsx": lambda: scenarios_workbook("da"),
    "scenarios_en.xlsx": lambda: scenarios_workbook("en"),
    "economy_da.xlsx": lambda: blank_workbook("economy", "da"),
    "economy_en.xlsx": lambda: blank_workbook("economy", "en"),
    "interviews_da.xlsx": lambda: blank_workbook("interviews", "da"),
    "interviews_en.xlsx": lambda: blank_workbook("interviews", "en"),
}


@pytest.mark.parametrize("file", TEMPLATES)
def test_the_templates_are_those_that_the_contracts_give(file, tmp_path):
    first, second = TEMPLATES[file](), TEMPLATES[file]()
    assert first == second
    (tmp_path / file).write_bytes(first)
    with zipfile.ZipFile(tmp_path / file) as made, zipfile.ZipFile(ROOT / "templates" / file) as kept:
        # Parts, not the file: another version of the compression may pack the same content in other bytes.
        assert made.namelist() == kept.namelist()
        differing = [part for part in made.namelist() if made.read(part) != kept.read(part)]
    assert differing == [], "make templates"


def test_the_templates_are_written_beside_their_script(tmp_path):
    shutil.copy(ROOT / "templates/make_workbooks.py", tmp_path)
    runpy.run_path(str(tmp_path / "make_workbooks.py"), run_name="__main__")
    assert {file.name for file in tmp_path.glob("*.xlsx")} == set(TEMPLATES)


def test_every_sheet_that_is_read_feeds_a_known_table():
    for preset in presets().values():
        if preset.workbook:
            known = {column.name for column in tables()[preset.table].columns}
            extra = {heading.to for heading in preset.columns} - known
            assert extra <= {"person_id", "contact_id", "second_address_id"}, preset.name
