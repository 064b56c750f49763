"""Invented interviews for one municipality, in the shape of the workbook that people fill in."""

import tomllib
from pathlib import Path

import pandas as pd

from helhed.profile.own_workbooks import own_workbooks

_TEXTS = Path(__file__).with_name("interview_texts.toml")
_COLUMNS = ("interviewee", "role", "theme", "direction", "may_quote", "quote")


def interview_sheets() -> dict[str, pd.DataFrame]:
    """Return the sheets of the workbook of interviews, with Danish names and headings."""
    lines = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))["statements"]
    sheet = own_workbooks()["interviews"].sheets["statements"]
    headings = {name: field.da for name, field in sheet.columns.items()}
    return {sheet.da: pd.DataFrame(lines, columns=[headings[name] for name in _COLUMNS])}
