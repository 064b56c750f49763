"""The family account: adults and children in one, month by month, and who pays."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed.economy.lines import benefit_lines, coordination_cost, days_in_months, measure_lines, shared_lines
from helhed.economy.own import PAYERS, OwnEconomy
from helhed.economy.prices import OWN_ORIGINS, price_basis, price_measures

#: What an account consists of, in the order of its tables.
ITEMS = ("benefit", "activation", "measure", "placement", "coordination", "premises")
#: Items that are measures, and items that the effort itself costs.
MEASURES, EFFORT = ("activation", "measure", "placement"), ("coordination", "premises")
_ACCOUNT_KEYS = ["family_id", "month", "item", "payer", "is_estimated"]


def family_account(
    tables: Mapping[str, pd.DataFrame],
    months: pd.DatetimeIndex,
    profile: Mapping,
    to_date,
    own: OwnEconomy | None = None,
) -> pd.DataFrame:
    """Return the account of every family, in prices of the last year of the data.

    Parameters
    ----------
    tables
        ``family_member``, ``benefit_spell``, ``measure``, ``enrolment``, ``coordinator``.
    months
        First days of the months.
    profile
        The profile: price, salary, overhead, training and premises settings.
    to_date
        Last day of the data.
    own
        The municipality's own prices, payers and refund steps; none unless given.

    Returns
    -------
    One row per ``family_id``, ``month``, ``item`` (`ITEMS`), ``payer`` (`helhed.economy.own.PAYERS`) and
    ``is_estimated`` (a measure without a price of the municipality's own, a benefit whose refund is not in the data)
    with ``amount_dkk``; rows of zero are left out. A person counts in the main home.
    """
    own = own or OwnEconomy()
    members = tables["family_member"]
    at_home = members.loc[members["is_main_home"].fillna(True), ["family_id", "person_id"]].drop_duplicates("person_id")
    growth = profile["staffing.price_growth"]
    measures = tables["measure"].merge(at_home, on="person_id")
    persons = pd.concat(
        [
            benefit_lines(tables["benefit_spell"], months, to_date, own.steps),
            measure_lines(measures, months, price_basis(profile, own), own, growth),
        ]
    ).merge(at_home, on="person_id")
    costs = effort_costs(tables["coordinator"], months, profile)
    effort = [shared_lines(tables["enrolment"], cost, item) for item, cost in costs.items()]
    lines = pd.concat([persons, *effort])
    account = lines.groupby(_ACCOUNT_KEYS, as_index=False)["amount_dkk"].sum()
    return account[account["amount_dkk"].abs() > 0.005].sort_values(_ACCOUNT_KEYS, ignore_index=True)


def effort_costs(coordinators: pd.DataFrame, months: pd.DatetimeIndex, profile: Mapping) -> dict[str, pd.Series]:
    """Return what the effort itself costs in each month: ``coordination`` (pay, overhead, training) and ``premises``.

    In prices of the last year of the data. The same pay and shares as the budget of the staffing step.
    """
    years = profile["data.to_date"].year - profile["staffing.price_year"]
    index = (1 + profile["staffing.price_growth"]) ** years
    pay = coordination_cost(
        coordinators, months, profile["staffing.salary_dkk_per_year"], profile["staffing.overhead_share"]
    )
    training = coordination_cost(coordinators, months, profile["staffing.training_dkk_per_post"], 0.0)
    is_running = pay > 0
    premises = pd.Series(profile["staffing.premises_dkk_per_year"] / 12, index=months).where(is_running, 0.0)
    return {"coordination": (pay + training) * index, "premises": premises * index}


def spending_per_member(account: pd.DataFrame, panel: pd.DataFrame) -> pd.DataFrame:
    """Return the panel with ``spending_per_member_dkk``: benefits paid and measures with a known price.

    Per family member and month. Estimated prices are left out, so that an assumption cannot pass for an effect, and
    the effort's own cost, so that enrolled and other families are counted alike. A month without any line is zero:
    the family had no benefit and no measure. A month in which nobody at all was paid a benefit is missing, and all of
    it where the account knows no measure of anybody.

    Parameters
    ----------
    account
        From `family_account`.
    panel
        One row per family and month with ``n_members``.
    """
    is_benefit = account["item"] == "benefit"
    help_given = account[is_benefit | (account["item"].isin(MEASURES) & ~account["is_estimated"])]
    total = help_given.groupby(["family_id", "month"], as_index=False)["amount_dkk"].sum()
    merged = panel.merge(total, how="left", on=["family_id", "month"])
    spending = merged["amount_dkk"].fillna(0) / merged["n_members"].astype("float64")
    is_covered = merged["month"].isin(account.loc[is_benefit, "month"].unique())
    is_covered &= not set(MEASURES) & set(items_without_data(account))
    return panel.assign(spending_per_member_dkk=spending.where(is_covered).to_numpy())


def items_without_data(account: pd.DataFrame) -> tuple[str, ...]:
    """Return the items of which the account of all families has no amount at all: the source never came.

    What they cost is unknown, not nothing. Of the measures none is known where there is none of any kind.
    """
    seen = set(account["item"].unique())
    return tuple(item for part in (("benefit",), MEASURES, ("coordination",)) if not seen & set(part) for item in part)


def account_between(account: pd.DataFrame, rows: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the account per family and month of the months ``first`` to ``last`` since the start.

    Parameters
    ----------
    account
        From `family_account`.
    rows
        The families' months: ``family_id``, ``month``, ``months_since``.
    first, last
        Months since the start, both included; negative before it.
    """
    inside = rows.loc[rows["months_since"].between(first, last), ["family_id", "month"]]
    return by_payer(account.merge(inside, on=["family_id", "month"]), len(inside))


def by_payer(account: pd.DataFrame, n_family_months: int) -> pd.DataFrame:
    """Return an account per family and month: one row per item and their total.

    Columns ``item``, one for each payer, ``all`` and ``estimated_share`` (of the item's amount; missing where it is 0).
    """
    wide = account.pivot_table(index="item", columns="payer", values="amount_dkk", aggfunc="sum")
    wide = wide.reindex(index=list(ITEMS), columns=list(PAYERS)).astype("float64").fillna(0)
    estimated = account[account["is_estimated"]].groupby("item")["amount_dkk"].sum()
    wide = wide.assign(estimated=estimated.reindex(wide.index).fillna(0.0))
    wide.loc["total"] = wide.sum()
    wide = wide / max(n_family_months, 1)
    total = wide[list(PAYERS)].sum(axis=1)
    share = wide["estimated"] / total.where(total > 0)
    return (
        wide.drop(columns="estimated").assign(all=total, estimated_share=share).rename_axis(None, axis=1).reset_index()
    )


def prices_used(measures: pd.DataFrame, months: pd.DatetimeIndex, profile: Mapping, own: OwnEconomy) -> pd.DataFrame:
    """Return which prices the spending on measures rests on, largest first.

    Columns ``measure_group``, ``price_origin`` (`helhed.economy.prices.ORIGINS`), ``n_persons``, ``amount_dkk``,
    ``first_year`` and ``last_year`` of the prices (missing for the case system's own), ``share`` of all spending on
    measures.
    """
    rows = days_in_months(price_measures(measures, price_basis(profile, own)), months)
    rows = rows.assign(amount_dkk=rows["monthly_dkk"] * rows["days"] / rows["month_days"])
    grouped = rows.groupby(["measure_group", "price_origin"], as_index=False)
    found = grouped.agg(
        n_persons=("person_id", "nunique"),
        amount_dkk=("amount_dkk", "sum"),
        first_year=("price_year", "min"),
        last_year=("price_year", "max"),
    )
    total = found["amount_dkk"].sum()
    found = found.assign(share=found["amount_dkk"] / total if total > 0 else np.nan)
    return found.sort_values(["amount_dkk", "measure_group"], ascending=[False, True], ignore_index=True)


def unpriced_share(used: pd.DataFrame) -> float:
    """Return the share of the spending on measures whose price is not the municipality's own; NaN without spending.

    ``used`` is from `prices_used`.
    """
    total = used["amount_dkk"].sum()
    foreign = used.loc[~used["price_origin"].isin(OWN_ORIGINS), "amount_dkk"].sum()
    return float(foreign / total) if total > 0 else np.nan
