"""Check rules for what the municipality writes itself: the sheets of the workbook of decisions, one module each."""

from helhed.intake.rules.coordinators import COORDINATOR_RULES
from helhed.intake.rules.enrolled_families import ENROLLED_FAMILY_RULES
from helhed.intake.rules.enrolments import ENROLMENT_RULES
from helhed.intake.rules.meetings import MEETING_RULES
from helhed.intake.rules.plan_lines import PLAN_LINE_RULES
from helhed.intake.rules.registrations import REGISTRATION_RULES
from helhed.intake.rules.rule import Rule, WholeRule

DECISION_RULES: tuple[Rule | WholeRule, ...] = (
    *ENROLMENT_RULES,
    *ENROLLED_FAMILY_RULES,
    *COORDINATOR_RULES,
    *REGISTRATION_RULES,
    *MEETING_RULES,
    *PLAN_LINE_RULES,
)
