"""What a municipality states of its own economy: prices, who pays which share, and refund steps, each dated.

Comes from the workbook ``economy.xlsx`` (see `helhed.profile.own_workbooks`). What is not stated there is as published:
prices of ``prices.toml``, refund steps of ``refund.toml``, and the municipality pays measures alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from helhed.economy.refund import Steps
from helhed.errors import ProfileNeedsWork
from helhed.profile.own_rules import PAYERS, economy_problems
from helhed.profile.own_workbooks import own_workbooks

#: Periods of a price in a month of 365.25 / 12 days.
PERIODS_PER_MONTH = {"month": 1.0, "year": 1 / 12, "week": 365.25 / 12 / 7, "day": 365.25 / 12}


@cache
def _empty(sheet: str) -> pd.DataFrame:
    return pd.DataFrame(columns=["row", *own_workbooks()["economy"].sheets[sheet].columns])


@dataclass(frozen=True)
class OwnEconomy:
    """A municipality's own statements; empty tables where it states nothing.

    Parameters
    ----------
    prices
        ``measure_type``, ``price_dkk``, ``period`` (a key of `PERIODS_PER_MONTH`), ``year``, ``source``.
    payers
        ``measure_group``, ``from_date``, a share for each of `PAYERS`, ``source``.
    steps
        The state's share of a benefit: rules that go before the declared ones from their date on.
    """

    prices: pd.DataFrame = field(default_factory=lambda: _empty("prices"))
    payers: pd.DataFrame = field(default_factory=lambda: _empty("payers"))
    steps: tuple[Steps, ...] = ()


def own_economy(sheets: Mapping[str, pd.DataFrame], lang: str = "da") -> OwnEconomy:
    """Return a municipality's own economy from the sheets of its workbook.

    Parameters
    ----------
    sheets
        ``prices``, ``payers``, ``refund``: from `helhed.profile.own_workbooks.read_workbook`.
    lang
        Language of the messages.

    Raises
    ------
    ProfileNeedsWork
        If lines cannot be right together (see `helhed.profile.own_rules.economy_problems`): no estimate is better than
        a wrong one.
    """
    if problems := economy_problems(sheets):
        raise ProfileNeedsWork(problems, lang)
    steps = tuple(_steps(day, rule) for day, rule in sheets["refund"].groupby("from_date"))
    return OwnEconomy(sheets["prices"], sheets["payers"], steps)


def _steps(day: pd.Timestamp, rule: pd.DataFrame) -> Steps:
    ordered = rule.sort_values("to_week", na_position="last")
    closed_weeks = tuple(ordered["to_week"].tolist()[:-1])
    return Steps(day.date(), closed_weeks, tuple(ordered["state"]), ordered["source"].iloc[0])


def payer_shares(groups: pd.Series, months: pd.Series, payers: pd.DataFrame) -> pd.DataFrame:
    """Return who pays which share of a measure in a month: a column for each of `PAYERS`, one row per measure-month.

    Parameters
    ----------
    groups, months
        Group of the measure and first day of the month, one each per row.
    payers
        As in `OwnEconomy`: a line holds from its date until a newer one. Where none holds the municipality pays all.
    """
    wanted = pd.DataFrame(
        {"measure_group": groups.astype("str").to_numpy(), "month": pd.to_datetime(months).to_numpy()}
    )
    shares = pd.DataFrame({"municipality": 1.0, "region": 0.0, "state": 0.0}, index=wanted.index)
    for line in payers.sort_values("from_date").to_dict("records"):
        holds = (wanted["measure_group"] == line["measure_group"]) & (wanted["month"] >= line["from_date"])
        shares.loc[holds, list(PAYERS)] = [float(line[payer]) for payer in PAYERS]
    return shares
