"""Raw exports of a municipality to canonical tables and problems: the only room, beside `profile`, that reads."""

from helhed.intake.corrections import LOG_NAME, merge_corrections, read_log, read_typed, with_outcomes
from helhed.intake.exports.data_workbook import declared_workbook, meaning_of
from helhed.intake.exports.feeds import column_label
from helhed.intake.exports.preset import Heading, Preset, presets
from helhed.intake.municipality import Intake, raise_if_must_fix, read_municipality
from helhed.intake.proposals.proposal import Proposal, proposed_presets
from helhed.intake.proposals.words import proposed_words
from helhed.intake.pseudonyms import birth_date_of_cpr, normalise_cpr, open_key
from helhed.intake.rules.in_words import RuleInWords, check_rules
from helhed.intake.shown.error_workbook import correctable_rows, error_workbook
from helhed.intake.shown.family_list import family_list, family_workbook
from helhed.intake.shown.overview import (
    corrections_sentence,
    corrections_table,
    coverage_sentence,
    key_numbers,
    linkage_sentence,
    problem_sentence,
    problem_table,
    reading_table,
    rows_table,
    share_linked,
    source_titles,
    unknown_code_lines,
    unplaced_table,
)
from helhed.intake.shown.quality import quality_sentence, quality_table, table_quality
from helhed.intake.shown.reading_facts import reading_facts
from helhed.intake.shown.sheets import log_workbook, with_sign

__all__ = [
    "LOG_NAME",
    "Heading",
    "Intake",
    "Preset",
    "Proposal",
    "RuleInWords",
    "birth_date_of_cpr",
    "check_rules",
    "column_label",
    "correctable_rows",
    "corrections_sentence",
    "corrections_table",
    "coverage_sentence",
    "declared_workbook",
    "error_workbook",
    "family_list",
    "family_workbook",
    "key_numbers",
    "linkage_sentence",
    "log_workbook",
    "meaning_of",
    "merge_corrections",
    "normalise_cpr",
    "open_key",
    "presets",
    "proposed_presets",
    "proposed_words",
    "problem_sentence",
    "problem_table",
    "quality_sentence",
    "quality_table",
    "raise_if_must_fix",
    "read_log",
    "read_municipality",
    "read_typed",
    "reading_facts",
    "reading_table",
    "rows_table",
    "share_linked",
    "source_titles",
    "table_quality",
    "unknown_code_lines",
    "unplaced_table",
    "with_outcomes",
    "with_sign",
]
