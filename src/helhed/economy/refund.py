"""The state's share of benefits and of expensive single cases, by the rules in force on the day.

The rules are declared with date and source in ``refund.toml``. Where the municipality's own export says what was
refunded, that goes before any rule (see `helhed.economy.account.benefit_lines`); the rules serve scenarios.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
import pandas as pd

from helhed.economy.given import day_of, known_number, need_columns
from helhed.errors import Problem, WrongCall


@dataclass(frozen=True)
class Steps:
    """Rising borders, and the state's share from each on; ``shares`` has one more than ``borders`` or as many."""

    from_date: date
    borders: tuple[float, ...]
    shares: tuple[float, ...]
    source: str
    #: The year whose prices the borders are in, where they are amounts.
    price_level: int | None = None

    def __post_init__(self):
        is_rising = all(first < second for first, second in pairwise(self.borders))
        is_share = all(0 <= share <= 1 for share in self.shares)
        if not is_rising or not is_share or len(self.shares) - len(self.borders) not in (0, 1):
            raise WrongCall(Problem("economy.refund_steps_wrong", value=str(self.from_date)))


@cache
def refund_steps() -> dict[str, tuple[Steps, ...]]:
    """Return the declared steps by kind, ``benefit`` and ``expensive_case``, oldest first."""
    declared = tomllib.loads(resources.files(__package__).joinpath("refund.toml").read_text(encoding="utf-8"))
    return {
        kind: tuple(
            Steps(
                rule["from"],
                tuple(rule.get("up_to_week") or rule["above_dkk"]),
                tuple(rule["state_share"]),
                rule["source"],
                rule.get("price_level"),
            )
            for rule in rules
        )
        for kind, rules in declared.items()
    }


def steps_on(kind: str, day: date, steps: Mapping[str, Sequence[Steps]] | None = None) -> Steps:
    """Return the steps in force on a day.

    Raises
    ------
    WrongCall
        If none were in force yet.
    """
    day, rules = day_of(day), steps or refund_steps()
    if kind not in rules:
        raise WrongCall(Problem("economy.no_refund_kind", value=str(kind), details={"known": ", ".join(rules)}))
    known = [one for one in rules[kind] if one.from_date <= day]
    if not known:
        raise WrongCall(Problem("economy.no_refund_rule", value=str(day)))
    # Of two rules from the same day the municipality's own stands last.
    return max(reversed(known), key=lambda one: one.from_date)


def benefit_split(weeks: pd.DataFrame, steps: Mapping[str, Sequence[Steps]] | None = None) -> pd.DataFrame:
    """Return weekly benefit payments with what state and municipality pay of them.

    Parameters
    ----------
    weeks
        One row per person and week: ``week_start`` (Monday), ``week_number`` (which week on benefits this is for the
        person, from 1) and ``paid_dkk``.
    steps
        Other steps than the declared ones.

    Returns
    -------
    The rows with ``state_dkk`` and ``municipality_dkk``; they sum to ``paid_dkk``.

    Raises
    ------
    WrongCall
        If a column, a day or the number of a week is missing, or no rule was in force.
    """
    need_columns(weeks, ("week_start", "week_number", "paid_dkk"))
    shares = [
        _share_of_week(steps_on("benefit", pd.Timestamp(day).date(), steps), number)
        for day, number in zip(weeks["week_start"], weeks["week_number"], strict=True)
    ]
    state = weeks["paid_dkk"].to_numpy(dtype=float, na_value=np.nan) * np.array(shares, dtype=float)
    return weeks.assign(state_dkk=state, municipality_dkk=weeks["paid_dkk"] - state)


def declared_and_own(own: Sequence[Steps]) -> dict[str, tuple[Steps, ...]]:
    """Return the declared steps, with a municipality's own for benefits: from its date on a rule ends those before."""
    return {**refund_steps(), "benefit": (*refund_steps()["benefit"], *own)}


def _share_of_week(steps: Steps, number: int) -> float:
    if not known_number(number, "week_number") >= 1:
        raise WrongCall(Problem("economy.week_number_wrong", value=str(number)))
    if len(steps.shares) <= len(steps.borders):  # without an open end nobody knows what comes after the last week
        raise WrongCall(Problem("economy.refund_steps_wrong", value=str(steps.from_date)))
    return steps.shares[int(np.searchsorted(steps.borders, number, side="left"))]


def expensive_case_refund(
    cost_dkk: float, day: date, steps: Mapping[str, Sequence[Steps]] | None = None, growth_per_year: float = 0.0
) -> float:
    """Return the state's refund of one year's cost of a single case, in kroner.

    Each share applies to the part of the cost between its border and the next. Siblings in one household are summed
    before the borders apply (since 2021); put in their sum. With a growth of prices the borders grow from the year
    they are stated for to the year of the day: the agency's own numbers of that year go before.
    """
    cost_dkk, day = known_number(cost_dkk, "cost_dkk"), day_of(day)
    growth_per_year = known_number(growth_per_year, "growth_per_year")
    if cost_dkk < 0:
        raise WrongCall(Problem("economy.amount_missing"))
    found = steps_on("expensive_case", day, steps)
    years = day.year - (found.price_level or day.year)
    borders = [border * (1 + growth_per_year) ** years for border in found.borders]
    parts = zip(borders, [*borders[1:], np.inf], found.shares, strict=True)
    return float(sum(share * max(min(cost_dkk, end) - border, 0.0) for border, end, share in parts))


def checked_shares(shares: Mapping[str, float]) -> dict[str, float]:
    """Return who pays which share of a cost; the shares must add up to 1.

    Raises
    ------
    WrongCall
        If a share is below 0 or they do not add up: no estimate is better than a wrong one.
    """
    found = {payer: known_number(share, str(payer)) for payer, share in shares.items()}
    total = sum(found.values())
    if any(not 0 <= share <= 1 for share in found.values()) or abs(total - 1) > 1e-9:
        raise WrongCall(Problem("economy.shares_do_not_add_up", value=f"{100 * total:.4g}"))
    return found
