"""Economy: prices with their sources, the family account by payer, and when the effort could pay for itself."""

from helhed.economy.account import account_after_start, family_account, spending_per_member, unpriced_share
from helhed.economy.break_even import Range, payback
from helhed.economy.case import case_ranges, is_known, used
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
    "Range",
    "account_after_start",
    "account_sentence",
    "account_table",
    "basis_sentence",
    "break_even_numbers",
    "case_ranges",
    "family_account",
    "is_known",
    "moved_what_if",
    "needed_sentence",
    "payback",
    "priced_sentence",
    "range_words",
    "sensitivity_table",
    "spending_per_member",
    "unpriced_share",
    "used",
]
