"""The shared plan: one plan per family from all sector plans, what its meeting must settle, and its documents."""

from helhed.plan.assembly import assemble_plans, plans_of_lines
from helhed.plan.calendar_files import calendar_of
from helhed.plan.carrying import carried_over
from helhed.plan.deadline_list import deadlines_workbook
from helhed.plan.deadlines import deadline_table
from helhed.plan.documents import plan_documents
from helhed.plan.example import EXAMPLE_DAY, example_bars, example_network, example_page, example_plan
from helhed.plan.fhir import plan_to_fhir, read_fhir
from helhed.plan.files import plan_from_json, plan_schema, plan_to_json
from helhed.plan.findings import finding_table
from helhed.plan.forms import (
    family_form,
    plan_form,
    read_family_forms,
    read_plan_form,
    read_sector_forms,
    sector_form,
    word_form,
    workbook,
)
from helhed.plan.law_in_plan import contents, replacements
from helhed.plan.lix import lix
from helhed.plan.merge import merge_lines
from helhed.plan.model import FamilyPlan
from helhed.plan.names import read_name_list
from helhed.plan.sector_lines import with_lines
from helhed.plan.summary import (
    deadlines_table,
    findings_table,
    key_numbers,
    plans_before,
    sentence,
    sources_table,
)
from helhed.plan.summary_readers import contents_table, readers_table, replacements_table, written_table
from helhed.plan.template_check import template_problems
from helhed.plan.three_way import conflict_table, merge_plans
from helhed.plan.versions import VersionFolder, changes, with_kept_consents
from helhed.plan.views import may_see, view_of
from helhed.plan.weekly_times import weekly_slots

__all__ = [
    "EXAMPLE_DAY",
    "FamilyPlan",
    "VersionFolder",
    "assemble_plans",
    "calendar_of",
    "carried_over",
    "changes",
    "conflict_table",
    "contents",
    "contents_table",
    "deadline_table",
    "deadlines_table",
    "deadlines_workbook",
    "example_bars",
    "example_network",
    "example_page",
    "example_plan",
    "family_form",
    "finding_table",
    "findings_table",
    "key_numbers",
    "lix",
    "may_see",
    "merge_lines",
    "merge_plans",
    "plan_documents",
    "plan_form",
    "plan_from_json",
    "plan_schema",
    "plan_to_fhir",
    "plan_to_json",
    "plans_before",
    "plans_of_lines",
    "read_family_forms",
    "read_fhir",
    "read_name_list",
    "read_plan_form",
    "read_sector_forms",
    "readers_table",
    "replacements",
    "replacements_table",
    "sector_form",
    "sentence",
    "sources_table",
    "template_problems",
    "view_of",
    "weekly_slots",
    "with_kept_consents",
    "with_lines",
    "word_form",
    "workbook",
    "written_table",
]
