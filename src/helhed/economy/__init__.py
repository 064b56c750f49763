"""Economy: prices with their sources, the family account by payer, and when the effort could pay for itself."""

from helhed.economy.account import account_after_start, family_account, spending_per_member, unpriced_share
from helhed.economy.break_even import Range, payback
from helhed.economy.case import case_ranges, is_known, used
from helhed.economy.present_value import InternalRate, families_to_break_even, internal_rate, net_present_value
from helhed.economy.refund import (
    Steps,
    benefit_split,
    checked_shares,
    expensive_case_refund,
    refund_steps,
    steps_on,
)
from helhed.economy.words import (
    account_sentence,
    account_table,
    basis_sentence,
    break_even_numbers,
    moved_what_if,
    needed_sentence,
    priced_sentence,
    range_words,
    sensitivity_table,
)

__all__ = [
    "InternalRate",
    "Range",
    "Steps",
    "account_after_start",
    "account_sentence",
    "account_table",
    "basis_sentence",
    "benefit_split",
    "break_even_numbers",
    "case_ranges",
    "checked_shares",
    "expensive_case_refund",
    "families_to_break_even",
    "family_account",
    "internal_rate",
    "is_known",
    "moved_what_if",
    "needed_sentence",
    "net_present_value",
    "payback",
    "priced_sentence",
    "range_words",
    "refund_steps",
    "sensitivity_table",
    "spending_per_member",
    "steps_on",
    "unpriced_share",
    "used",
]
