"""Writes the Excel templates, in Danish and English, from the contracts of the tables and the export presets.

Run it after a change of a column, a code or a help text: `make templates`. The same input gives the same files.
"""

from pathlib import Path

from helhed.economy import blank_workbook
from helhed.publishing.forms import data_workbook, data_workbook_name, decisions_workbook
from helhed.staffing.scenario_form import scenarios_workbook
from helhed.texts import LANGUAGES


def main() -> None:
    """Write every workbook beside this file."""
    here = Path(__file__).parent
    for lang in LANGUAGES:
        stem = Path(data_workbook_name(lang)).stem
        here.joinpath(f"{stem}_{lang}.xlsx").write_bytes(data_workbook(lang))
        here.joinpath(f"decisions_{lang}.xlsx").write_bytes(decisions_workbook(lang))
        here.joinpath(f"scenarios_{lang}.xlsx").write_bytes(scenarios_workbook(lang))
        for name in ("economy", "interviews"):
            here.joinpath(f"{name}_{lang}.xlsx").write_bytes(blank_workbook(name, lang))


if __name__ == "__main__":
    main()
