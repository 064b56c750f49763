"""Economy: prices with their sources, the family account by payer, and when the effort could pay for itself."""

from helhed.economy.account import (
    account_between,
    by_payer,
    effort_costs,
    family_account,
    prices_used,
    spending_per_member,
    unpriced_share,
)
from helhed.economy.break_even import Range, payback
from helhed.economy.case import case_ranges, is_known, used
from helhed.economy.forms import blank_workbook
from helhed.economy.own import PAYERS, OwnEconomy, own_economy, payer_shares
from helhed.economy.present_value import InternalRate, families_to_break_even, internal_rate, net_present_value
from helhed.economy.prices import monthly_price, price_measures
from helhed.economy.refund import (
    Steps,
    benefit_split,
    checked_shares,
    expensive_case_refund,
    refund_steps,
    steps_on,
)
from helhed.economy.scenario import SpendingCurve, curve_of, extra_spending, spending_by_month, spending_curve
from helhed.economy.settle import Settlement, settle, settled_sentences
from helhed.economy.shown import (
    account_sentence,
    account_table,
    change_table,
    curve_sentence,
    defaults_sentence,
    payers_sentence,
    payers_table,
    prices_table,
    worth_numbers,
    worth_table,
)
from helhed.economy.soem import Case, soem_comparison, soem_inputs, soem_sentence, soem_table, soem_workbook
from helhed.economy.words import (
    basis_sentence,
    break_even_numbers,
    moved_what_if,
    needed_sentence,
    priced_sentence,
    range_words,
    sensitivity_table,
)
from helhed.economy.worth import Worth, fixed_cost_per_year, payers_result, value_swings, worth

__all__ = [
    "settled_sentences",
    "settle",
    "Settlement",
    "soem_workbook",
    "soem_table",
    "soem_sentence",
    "soem_inputs",
    "soem_comparison",
    "Case",
    "blank_workbook",
    "curve_of",
    "worth_table",
    "worth_numbers",
    "prices_table",
    "payers_table",
    "payers_sentence",
    "defaults_sentence",
    "curve_sentence",
    "change_table",
    "PAYERS",
    "InternalRate",
    "OwnEconomy",
    "Range",
    "SpendingCurve",
    "Steps",
    "Worth",
    "account_between",
    "account_sentence",
    "account_table",
    "basis_sentence",
    "benefit_split",
    "break_even_numbers",
    "by_payer",
    "case_ranges",
    "checked_shares",
    "effort_costs",
    "expensive_case_refund",
    "extra_spending",
    "families_to_break_even",
    "family_account",
    "fixed_cost_per_year",
    "internal_rate",
    "is_known",
    "monthly_price",
    "moved_what_if",
    "needed_sentence",
    "net_present_value",
    "own_economy",
    "payback",
    "payer_shares",
    "payers_result",
    "price_measures",
    "priced_sentence",
    "prices_used",
    "range_words",
    "refund_steps",
    "sensitivity_table",
    "spending_by_month",
    "spending_curve",
    "spending_per_member",
    "steps_on",
    "unpriced_share",
    "used",
    "value_swings",
    "worth",
]
