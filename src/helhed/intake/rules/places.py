"""Whole exports as places: which of them hold rows of a table, and how a problem of one is placed."""

from collections.abc import Iterator

import pandas as pd

from helhed.intake.exports.preset import Preset
from helhed.intake.rules.material import Material
from helhed.intake.rules.rule import Place


def filled(m: Material, tables: tuple[str, ...]) -> Iterator[tuple[Preset, pd.DataFrame]]:
    """Return preset and rows of each export whose rows become one of the tables, if it has any."""
    for name, preset in m.presets.items():
        if preset.table in tables and len(m.frames[name]):
            yield preset, m.frames[name]


def place_of(m: Material, preset: Preset, value: str = "", details: dict | None = None, column: str = "") -> Place:
    """Return an export as a place: its file, without ending and year when there are several or none, and its sheet."""
    files = m.frames[preset.name]["file_"].unique()
    file = files[0] if len(files) == 1 else preset.file or preset.workbook
    return Place(file, value, details or {}, sheet=preset.sheet, column=column)
