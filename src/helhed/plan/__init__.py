"""The shared plan: one plan per family from all sector plans, what its meeting must settle, and its documents."""

from helhed.plan.deadlines import deadline_table
from helhed.plan.documents import deadlines_workbook, plan_documents
from helhed.plan.example import EXAMPLE_DAY, example_bars
from helhed.plan.findings import finding_table
from helhed.plan.lix import lix
from helhed.plan.merge import merge_lines
from helhed.plan.model import FamilyPlan, assemble_plans, plans_of_lines
from helhed.plan.summary import (
    deadlines_table,
    findings_table,
    key_numbers,
    plans_before,
    sentence,
    sources_table,
)

__all__ = [
    "EXAMPLE_DAY",
    "FamilyPlan",
    "assemble_plans",
    "deadline_table",
    "deadlines_table",
    "deadlines_workbook",
    "example_bars",
    "finding_table",
    "findings_table",
    "key_numbers",
    "lix",
    "merge_lines",
    "plan_documents",
    "plans_before",
    "plans_of_lines",
    "sentence",
    "sources_table",
]
