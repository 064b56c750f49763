"""The family account: adults and children in one, month by month, and who pays."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed.economy.prices import price_measures

#: Hours a week of a full-time post.
FULL_TIME_HOURS = 37
_LAST_DAY = pd.Timestamp("2199-12-31")
_ACCOUNT_KEYS = ["family_id", "month", "item", "payer"]


def days_in_months(spells: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return one row per spell and month it touches, with ``days`` (of the spell in the month) and ``month_days``.

    Parameters
    ----------
    spells
        Columns ``start_date`` and ``end_date``, both days included; a missing end runs on.
    months
        First days of the months.
    """
    day = np.timedelta64(1, "D")
    first = spells["start_date"].to_numpy(dtype="datetime64[D]")[:, None]
    last = spells["end_date"].fillna(_LAST_DAY).to_numpy(dtype="datetime64[D]")[:, None]
    month_starts = months.to_numpy().astype("datetime64[D]")
    month_ends = (months + pd.offsets.MonthEnd(0)).to_numpy().astype("datetime64[D]")
    days = (np.minimum(last, month_ends) - np.maximum(first, month_starts)) / day + 1
    row, column = np.nonzero(days > 0)
    month_days = (month_ends - month_starts) / day + 1
    rows = spells.iloc[row].assign(month=months[column], days=days[row, column], month_days=month_days[column])
    return rows.reset_index(drop=True)


def benefit_lines(benefits: pd.DataFrame, months: pd.DatetimeIndex, to_date) -> pd.DataFrame:
    """Return benefits paid by person, month and payer; a spell's amounts are spread evenly over its days.

    The state pays the refund of the data, the municipality the rest. A spell without an end ends on ``to_date``.
    """
    ended = benefits.assign(end_date=benefits["end_date"].fillna(pd.Timestamp(to_date)))
    length = (ended["end_date"] - ended["start_date"]).dt.days + 1
    rows = days_in_months(ended.assign(length=length)[length > 0], months)
    part = rows["days"] / rows["length"]
    return _by_payer(rows.assign(item="benefit"), rows["paid_dkk"] * part, rows["refund_dkk"].fillna(0) * part)


def measure_lines(measures: pd.DataFrame, months: pd.DatetimeIndex, setting) -> pd.DataFrame:
    """Return measures at their price by person, month and payer: the municipality pays, by days of the month.

    Measures with the municipality's own price are the item ``measure``, all others ``measure_estimated``.

    Not included: the state's refund for especially expensive single cases, which no export here shows.
    """
    rows = days_in_months(price_measures(measures, setting), months)
    amount = rows["monthly_dkk"] * rows["days"] / rows["month_days"]
    item = np.where(rows["price_origin"] == "own", "measure", "measure_estimated")
    return _by_payer(rows.assign(item=item), amount, amount * 0)


def _by_payer(rows: pd.DataFrame, total: pd.Series, state: pd.Series) -> pd.DataFrame:
    sides = [("municipality", total - state), ("state", state)]
    columns = ["person_id", "month", "item"]
    return pd.concat([rows[columns].assign(payer=payer, amount_dkk=amount) for payer, amount in sides])


def coordination_cost(
    coordinators: pd.DataFrame, months: pd.DatetimeIndex, salary_dkk_per_year: float, overhead_share: float
) -> pd.Series:
    """Return the cost of the coordinators' hours in each month, in kroner.

    Formula: hours a week / 37 · salary / 12 · (1 + overhead), by days where a coordinator comes or goes.
    """
    spells = coordinators.rename(columns={"from_date": "start_date", "to_date": "end_date"})
    spells = spells.assign(start_date=spells["start_date"].fillna(pd.Timestamp(months[0])))
    rows = days_in_months(spells, months)
    full_time = salary_dkk_per_year / 12 * (1 + overhead_share)
    cost = rows["weekly_hours"] / FULL_TIME_HOURS * full_time * rows["days"] / rows["month_days"]
    return cost.groupby(rows["month"]).sum().reindex(months, fill_value=0.0)


def coordination_lines(enrolment: pd.DataFrame, cost: pd.Series) -> pd.DataFrame:
    """Return each month's coordination cost, shared equally by the families enrolled in it (by days).

    Columns ``family_id``, ``month``, ``item``, ``payer``, ``amount_dkk``. Hours in months without families are in
    no family's account: they are start-up cost.
    """
    started = enrolment[enrolment["start_date"].notna()]
    # The day of exit is the first without the effort (see `helhed.tables.takes_part`).
    started = started.assign(end_date=started["exit_date"] - pd.Timedelta(days=1))
    rows = days_in_months(started[["family_id", "start_date", "end_date"]], pd.DatetimeIndex(cost.index))
    share = rows["days"] / rows.groupby("month")["days"].transform("sum")
    amount = share * rows["month"].map(cost)
    return rows[["family_id", "month"]].assign(item="coordination", payer="municipality", amount_dkk=amount)


def family_account(
    tables: Mapping[str, pd.DataFrame], months: pd.DatetimeIndex, profile: Mapping, to_date
) -> pd.DataFrame:
    """Return the account of every family.

    Parameters
    ----------
    tables
        ``family_member``, ``benefit_spell``, ``measure``, ``enrolment``, ``coordinator``.
    months
        First days of the months.
    profile
        The profile: price, salary and overhead settings.
    to_date
        Last day of the data.

    Returns
    -------
    One row per ``family_id``, ``month``, ``item`` (``benefit``, ``measure``, ``measure_estimated``,
    ``coordination``) and ``payer`` (``municipality``, ``state``) with ``amount_dkk``; rows of
    zero are left out. A person counts in the main home.
    """
    members = tables["family_member"]
    at_home = members.loc[members["is_main_home"].fillna(True), ["family_id", "person_id"]].drop_duplicates("person_id")
    persons = pd.concat(
        [
            benefit_lines(tables["benefit_spell"], months, to_date),
            measure_lines(tables["measure"], months, profile.__getitem__),
        ]
    ).merge(at_home, on="person_id")
    cost = coordination_cost(
        tables["coordinator"], months, profile["staffing.salary_dkk_per_year"], profile["staffing.overhead_share"]
    )
    lines = pd.concat([persons, coordination_lines(tables["enrolment"], cost)])
    account = lines.groupby(_ACCOUNT_KEYS, as_index=False)["amount_dkk"].sum()
    return account[account["amount_dkk"].abs() > 0.005].sort_values(_ACCOUNT_KEYS, ignore_index=True)


def spending_per_member(account: pd.DataFrame, panel: pd.DataFrame) -> pd.DataFrame:
    """Return the panel with ``spending_per_member_dkk``: benefits paid and measures with a known price.

    Per family member and month. Estimated prices are left out, so that an assumption cannot pass for an effect, and
    coordination, so that enrolled and other families are counted alike. A month without any line is zero:
    the family had no benefit and no measure. A month in which nobody at all was paid a benefit is missing.

    Parameters
    ----------
    account
        From `family_account`.
    panel
        One row per family and month with ``n_members``.
    """
    help_given = account[account["item"].isin(["benefit", "measure"])]
    total = help_given.groupby(["family_id", "month"], as_index=False)["amount_dkk"].sum()
    merged = panel.merge(total, how="left", on=["family_id", "month"])
    spending = merged["amount_dkk"].fillna(0) / merged["n_members"].astype("float64")
    is_covered = merged["month"].isin(account.loc[account["item"] == "benefit", "month"].unique())
    return panel.assign(spending_per_member_dkk=spending.where(is_covered).to_numpy())


def account_after_start(account: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the account of the enrolled families per family and month, from the start month on.

    Parameters
    ----------
    account
        From `family_account`.
    rows
        The enrolled families' months: ``family_id``, ``month``, ``months_since``.
    """
    after = rows.loc[rows["months_since"] >= 0, ["family_id", "month"]]
    return by_payer(account.merge(after, on=["family_id", "month"]), len(after))


def by_payer(account: pd.DataFrame, n_family_months: int) -> pd.DataFrame:
    """Return an account per family and month: one row per item and their total, columns for each payer and both."""
    wide = account.pivot_table(index="item", columns="payer", values="amount_dkk", aggfunc="sum")
    wide = wide.reindex(
        index=["benefit", "measure", "measure_estimated", "coordination"], columns=["municipality", "state"]
    )
    wide = wide.astype("float64").fillna(0) / max(n_family_months, 1)
    wide.loc["total"] = wide.sum()
    return wide.assign(both=wide.sum(axis=1)).rename_axis(None, axis="columns").reset_index()


def unpriced_share(measures: pd.DataFrame, months: pd.DatetimeIndex, setting) -> float:
    """Return the share of the spending on measures whose price is not the municipality's own; NaN without spending."""
    rows = days_in_months(price_measures(measures, setting), months)
    amount = rows["monthly_dkk"] * rows["days"] / rows["month_days"]
    return float(amount[rows["price_origin"] != "own"].sum() / amount.sum()) if amount.sum() > 0 else np.nan
