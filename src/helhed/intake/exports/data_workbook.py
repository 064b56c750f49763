"""The generic workbook as exports: one preset per sheet and language, made from the contracts of the tables.

A municipality without case systems, or without an export from one of them, writes the rows itself. Nothing is declared
twice: columns, types, limits and codes are those of the contract, and ``data_workbook.toml`` says what is written
otherwise than it is kept.
"""

import tomllib
from functools import cache
from importlib import resources
from pathlib import PurePosixPath

from helhed.tables import Column, Table, codes, tables
from helhed.texts import LANGUAGES

#: How the kinds of the contracts are written in a cell, where that has another name.
_KINDS = {"count": "number", "dkk": "number", "share": "number"}
_OF_PRESET = ("month", "key", "same_key")
_OF_COLUMN = ("birth_to", "sex_to", "empty")


@cache
def declared_workbook() -> dict:
    """Return what ``data_workbook.toml`` declares: ``file``, ``title``, ``columns``, ``sheets``, ``meanings``."""
    return tomllib.loads(resources.files(__package__).joinpath("data_workbook.toml").read_text(encoding="utf-8"))


def sheet_presets() -> dict[str, dict]:
    """Return a preset per sheet of the workbook in each language, by name, declared as the YAML files do."""
    return {
        f"{PurePosixPath(declared_workbook()['file'][lang]).stem}_{table}": _sheet_preset(tables()[table], lang)
        for lang in LANGUAGES
        for table in declared_workbook()["sheets"]
    }


def meaning_of(table: str, column: str, lang: str) -> str:
    """Return what is to be written in a column, in one sentence; empty for a column that nothing is known of.

    Parameters
    ----------
    table
        Canonical table that the rows become.
    column
        Canonical name, or one of the names that only exports have (a child's second address, a contact person).
    lang
        Language of the sentence.
    """
    workbook = declared_workbook()
    declared = workbook["meanings"].get(f"{table}.{column}")
    if declared:
        return declared[lang]
    if table in workbook["sheets"]:
        return _written(tables()[table], column).get(f"meaning_{lang}", "")
    contract = {known.name: known for known in tables()[table].columns}.get(column)
    return contract.meaning(lang) if contract else ""


def _sheet_preset(table: Table, lang: str) -> dict:
    workbook = declared_workbook()
    sheet = workbook["sheets"][table.name]
    named = {each: workbook["title" if each == lang else "title_in_another_language"][each] for each in LANGUAGES}
    return {
        "title": {each: f"{named[each]}, {table.label(each)}" for each in LANGUAGES},
        "table": table.name,
        "workbook": workbook["file"][lang],
        "sheet": table.label(lang),
        "optional": True,
        "extra": True,
        "key": list(table.key),
        "same_key": {"keep": "first"},
        **{name: sheet[name] for name in _OF_PRESET if name in sheet},
        "columns": {_written(table, column)[lang]: _heading(table, column, lang) for column in _columns(table)},
    }


def _columns(table: Table) -> list[str]:
    """Return the columns of a table's sheet: those of the contract, then those that only the sheet has."""
    sheet = declared_workbook()["sheets"][table.name]
    kept = [column.name for column in table.columns if column.name not in sheet.get("left_out", ())]
    return kept + [column for column in sheet.get("columns", {}) if column not in kept]


def _written(table: Table, column: str) -> dict:
    """Return how a column is written in the workbook: the contract, then what all sheets say, then this one."""
    workbook = declared_workbook()
    contract = {known.name: known for known in table.columns}.get(column)
    of_contract = _of_contract(contract) if contract else {}
    of_sheet = workbook["sheets"][table.name].get("columns", {}).get(column, {})
    return {**of_contract, **workbook["columns"].get(column, {}), **of_sheet}


def _of_contract(column: Column) -> dict:
    return {
        "da": column.da,
        "en": column.en,
        "kind": _KINDS.get(column.kind, column.kind),
        "required": column.required,
        "min": column.minimum,
        "max": column.maximum,
        "code_list": column.codes,
        "meaning_da": column.meaning_da,
        "meaning_en": column.meaning_en,
    }


def _heading(table: Table, column: str, lang: str) -> dict:
    written = _written(table, column)
    labels = {names[lang]: code for code, names in codes().get(written.get("code_list", ""), {}).items()}
    names = ("kind", "required", "min", "max", "code_list", *_OF_COLUMN)
    return {"to": column, "map": labels, **{name: written[name] for name in names if name in written}}
