"""Raw exports of a municipality to canonical tables and problems: the only room, beside `profile`, that reads."""

from helhed.intake.error_workbook import error_workbook
from helhed.intake.family_list import family_list, family_workbook
from helhed.intake.municipality import Intake, raise_if_must_fix, read_municipality
from helhed.intake.overview import (
    coverage_sentence,
    key_numbers,
    linkage_sentence,
    problem_sentence,
    problem_table,
    reading_table,
    rows_table,
    share_linked,
    source_titles,
    unplaced_table,
)
from helhed.intake.presets import Preset, presets
from helhed.intake.pseudonyms import birth_date_of_cpr, normalise_cpr

__all__ = [
    "Intake",
    "Preset",
    "birth_date_of_cpr",
    "coverage_sentence",
    "error_workbook",
    "family_list",
    "family_workbook",
    "key_numbers",
    "linkage_sentence",
    "normalise_cpr",
    "presets",
    "problem_sentence",
    "problem_table",
    "raise_if_must_fix",
    "read_municipality",
    "reading_table",
    "rows_table",
    "share_linked",
    "source_titles",
    "unplaced_table",
]
