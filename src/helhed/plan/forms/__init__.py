"""Forms of the shared plan and of the sector plans, in Excel and Word: written, filled in by people, read back."""

from helhed.plan.forms.content import SECTOR_PLANS, FormContent, family_form, plan_form, sector_form
from helhed.plan.forms.excel import workbook
from helhed.plan.forms.family import FamilyForms, is_family_form, read_family_forms
from helhed.plan.forms.reading import ReadPlan, read_plan_form
from helhed.plan.forms.sector import SectorLines, read_sector_forms
from helhed.plan.forms.word import word_form

__all__ = [
    "SECTOR_PLANS",
    "FamilyForms",
    "FormContent",
    "ReadPlan",
    "SectorLines",
    "family_form",
    "is_family_form",
    "plan_form",
    "read_family_forms",
    "read_plan_form",
    "read_sector_forms",
    "sector_form",
    "word_form",
    "workbook",
]
