"""The check rules, one by one: code, severity, exports, column to look at, and the test.

What cannot be read at all is found while reading (see `helhed.intake.sources`); these rules look at what was read.
"""

from helhed.intake.rules.absence import ABSENCE_RULES
from helhed.intake.rules.benefits import BENEFIT_RULES
from helhed.intake.rules.child_cases import CASE_RULES
from helhed.intake.rules.coverage import COVERAGE_RULES
from helhed.intake.rules.crossing import CROSS_RULES
from helhed.intake.rules.daily_life import DAILY_LIFE_RULES
from helhed.intake.rules.dates import DATE_RULES
from helhed.intake.rules.decisions import DECISION_RULES
from helhed.intake.rules.employment import EMPLOYMENT_RULES
from helhed.intake.rules.general import GENERAL_RULES
from helhed.intake.rules.kin import KIN_RULES
from helhed.intake.rules.measures import MEASURE_RULES
from helhed.intake.rules.official import OFFICIAL_RULES
from helhed.intake.rules.payments import PAYMENT_RULES
from helhed.intake.rules.prices import PRICE_RULES
from helhed.intake.rules.profile import PROFILE_RULES
from helhed.intake.rules.register import REGISTER_RULES
from helhed.intake.rules.rule import Rule, WholeRule
from helhed.intake.rules.work_measures import WORK_MEASURE_RULES

RULES: tuple[Rule | WholeRule, ...] = (
    *GENERAL_RULES,
    *DATE_RULES,
    *REGISTER_RULES,
    *KIN_RULES,
    *BENEFIT_RULES,
    *PAYMENT_RULES,
    *EMPLOYMENT_RULES,
    *CASE_RULES,
    *MEASURE_RULES,
    *WORK_MEASURE_RULES,
    *PRICE_RULES,
    *ABSENCE_RULES,
    *DAILY_LIFE_RULES,
    *DECISION_RULES,
    *COVERAGE_RULES,
    *CROSS_RULES,
    *OFFICIAL_RULES,
    *PROFILE_RULES,
)
