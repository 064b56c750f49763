"""What a municipality states of its own economy: prices, who pays which share, and refund steps, each dated.

Comes from the workbook ``economy.xlsx`` (see `helhed.profile.own_workbooks`). What is not stated there is as published:
prices of ``prices.toml``, refund steps of ``refund.toml``, and the municipality pays measures alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import pandas as pd

from helhed.economy.refund import Steps
from helhed.errors import Problem, ProfileNeedsWork
from helhed.profile.own_workbooks import own_workbooks

#: Who pays, in the order of the tables.
PAYERS = ("municipality", "region", "state")
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
        If shares do not add up to 100 %, refund steps do not rise to an open end, or two lines say the same thing for
        the same day or year: no estimate is better than a wrong one.
    """
    prices, payers, refund = (sheets[name] for name in ("prices", "payers", "refund"))
    names = prices["measure_type"].str.strip().str.lower()
    problems = [
        *_share_problems(payers, list(PAYERS), "payers"),
        *_share_problems(refund, ["municipality", "state"], "refund"),
        *_doubles(prices.assign(measure_type=names), ["measure_type", "year"], "prices"),
        *_doubles(payers, ["measure_group", "from_date"], "payers"),
        *_doubles(refund, ["from_date", "to_week"], "refund"),
    ]
    steps = []
    for day, rule in refund.groupby("from_date"):
        weeks = rule["to_week"].sort_values(na_position="last").tolist()
        is_right = weeks[-1] != weeks[-1] and all(low < high for low, high in pairwise(weeks[:-1]))
        if not is_right:
            problems.append(_problem("steps", rule["row"].iloc[0], "refund", f"{day:%d-%m-%Y}"))
        elif not problems:
            ordered = rule.sort_values("to_week", na_position="last")
            steps.append(Steps(day.date(), tuple(weeks[:-1]), tuple(ordered["state"]), ordered["source"].iloc[0]))
    if problems:
        raise ProfileNeedsWork(problems, lang)
    return OwnEconomy(prices, payers, tuple(steps))


_CODES = {
    "shares": "workbooks.shares_do_not_add_up",
    "steps": "workbooks.refund_steps_wrong",
    "double": "workbooks.double_line",
}


def _problem(what: str, row: int, sheet: str, value: str = "") -> Problem:
    book = own_workbooks()["economy"]
    # The sheet may bear either name: both are shown.
    names = " / ".join(dict.fromkeys((book.sheets[sheet].da, book.sheets[sheet].en)))
    return Problem(_CODES[what], file=book.file, sheet=names, row=int(row), value=value)


def _share_problems(lines: pd.DataFrame, payers: list[str], sheet: str) -> list[Problem]:
    total = lines[payers].astype("float64").sum(axis=1)
    wrong = (total - 1).abs() > 1e-6
    return [
        _problem("shares", row, sheet, f"{100 * share:.4g}")
        for row, share in zip(lines["row"][wrong], total[wrong], strict=True)
    ]


def _doubles(lines: pd.DataFrame, key: list[str], sheet: str) -> list[Problem]:
    return [_problem("double", row, sheet) for row in lines.loc[lines.duplicated(key), "row"]]


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
