"""The lines of the account, source by source: what each person or family cost in a month, and who paid."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helhed.browser.staffing import FULL_TIME_HOURS
from helhed.economy.own import PAYERS, OwnEconomy, payer_shares
from helhed.economy.prices import OWN_ORIGINS, PriceBasis, price_measures
from helhed.economy.refund import Steps, benefit_split, declared_and_own, expensive_case_refund

#: Item of the account by group of measure; every other group is the item ``measure``.
ITEM_OF_GROUP = {"activation": "activation", "work_based": "activation", "placement": "placement"}
#: Groups of measures with a refund of especially expensive single cases: a family's children, summed, and each adult.
_CASES_OF_CHILDREN, _CASES_OF_ADULTS = ("preventive", "placement"), ("adult_social",)
_LAST_DAY = pd.Timestamp("2199-12-31")
_LINE = ["person_id", "month", "item", "is_estimated"]


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


def benefit_lines(
    benefits: pd.DataFrame, months: pd.DatetimeIndex, to_date, own_steps: Sequence[Steps] = ()
) -> pd.DataFrame:
    """Return benefits paid by person, month and payer; a spell's amounts are spread evenly over its days.

    The state pays the refund of the data, the municipality the rest. Where the data have no refund, the refund steps
    in force give it (``is_estimated``). A spell without an end ends on ``to_date``.
    """
    ended = benefits.assign(end_date=benefits["end_date"].fillna(pd.Timestamp(to_date)))
    length = (ended["end_date"] - ended["start_date"]).dt.days + 1
    known = ended.assign(length=length, week=_weeks_before(ended))[length > 0]
    by_rule = known["refund_dkk"].isna()
    rows = days_in_months(known[~by_rule], months)
    part = rows["days"] / rows["length"]
    state = rows["refund_dkk"] * part
    found = _by_payer(rows.assign(item="benefit", is_estimated=False), rows["paid_dkk"] * part, {"state": state})
    return pd.concat([found, _by_steps(known[by_rule], months, own_steps)]) if by_rule.any() else found


def _weeks_before(spells: pd.DataFrame) -> pd.Series:
    """Return for how many weeks the person had been on benefits before the spell, as far as the data go back.

    A day with two benefits is one day on benefits.
    """
    ordered = spells.sort_values(["person_id", "start_date", "end_date"]).reset_index(names="at")
    latest = ordered.groupby("person_id")["end_date"].cummax()
    covered = latest.groupby(ordered["person_id"]).shift()  # the last day that earlier spells reach to
    first_new = (covered + pd.Timedelta(days=1)).where(covered >= ordered["start_date"], ordered["start_date"])
    new = ((ordered["end_date"] - first_new).dt.days + 1).clip(lower=0)
    so_far = new.groupby(ordered["person_id"]).cumsum() - new
    ahead = ((covered - ordered["start_date"]).dt.days + 1).clip(lower=0).fillna(0)
    return ((so_far - ahead) / 7).set_axis(ordered["at"]).reindex(spells.index)


def _by_steps(spells: pd.DataFrame, months: pd.DatetimeIndex, own_steps: Sequence[Steps]) -> pd.DataFrame:
    """Return the lines of spells without a refund in the data: week by week, by the steps in force."""
    n_weeks = np.ceil(spells["length"] / 7).astype(int)
    rows = spells.loc[spells.index.repeat(n_weeks)].reset_index(drop=True)
    nth = np.concatenate([np.arange(n) for n in n_weeks])
    week_start = rows["start_date"] + pd.to_timedelta(nth * 7, unit="D")
    week_end = np.minimum(week_start + pd.Timedelta(days=6), rows["end_date"])
    days = (week_end - week_start).dt.days + 1
    weeks = rows.assign(
        week_start=week_start,
        week_number=np.floor(rows["week"]).astype(int) + nth + 1,
        paid_dkk=rows["paid_dkk"] * days / rows["length"],
    )
    split = benefit_split(weeks, declared_and_own(own_steps))
    month = split["week_start"].dt.to_period("M").dt.to_timestamp()
    inside = split.assign(month=month, item="benefit", is_estimated=True)[month.isin(months)]
    return _by_payer(inside, inside["paid_dkk"], {"state": inside["state_dkk"]})


def measure_lines(
    measures: pd.DataFrame, months: pd.DatetimeIndex, basis: PriceBasis, own: OwnEconomy, growth: float = 0.0
) -> pd.DataFrame:
    """Return measures at their price by person, month and payer, by days of the month.

    Items: ``activation``, ``placement`` and ``measure`` (all others); ``is_estimated`` where the price is not the
    municipality's own. The payers' shares are the municipality's own (see `helhed.economy.own.payer_shares`). The
    state's refund of especially expensive single cases goes from the municipality's part to the state's.

    Parameters
    ----------
    measures
        Of persons in a main home: with ``family_id``.
    basis, own
        How prices are found, and who pays.
    growth
        Yearly growth of the borders of expensive cases since the year they are stated for.
    """
    rows = days_in_months(price_measures(measures, basis), months)
    amount = rows["monthly_dkk"] * rows["days"] / rows["month_days"]
    parts = payer_shares(rows["measure_group"], rows["month"], own.payers).mul(amount.to_numpy(), axis=0)
    moved = _refunded(rows.assign(amount_dkk=parts["municipality"]), growth)
    item = rows["measure_group"].map(ITEM_OF_GROUP).fillna("measure")
    rows = rows.assign(item=item, is_estimated=~rows["price_origin"].isin(OWN_ORIGINS))
    return _by_payer(rows, amount, {"region": parts["region"], "state": parts["state"] + moved})


def _refunded(rows: pd.DataFrame, growth: float) -> pd.Series:
    """Return the state's refund of expensive cases, row by row: a year's refund is spread like the year's cost."""
    of_child, of_adult = (rows["measure_group"].isin(groups) for groups in (_CASES_OF_CHILDREN, _CASES_OF_ADULTS))
    case = rows["family_id"].where(of_child, rows["person_id"]).where(of_child | of_adult)
    keys = [case, of_child, rows["month"].dt.year]
    total = rows["amount_dkk"].groupby(keys).transform("sum").fillna(0.0)
    yearly = pd.DataFrame({"total": total, "year": rows["month"].dt.year})
    costs = yearly.drop_duplicates()
    refund = [
        expensive_case_refund(total, pd.Timestamp(int(year), 7, 1).date(), growth_per_year=growth) / total
        if total > 0
        else 0.0
        for total, year in zip(costs["total"], costs["year"], strict=True)
    ]
    share = yearly.merge(costs.assign(share=refund), how="left", on=["total", "year"])["share"].to_numpy()
    return rows["amount_dkk"] * share


def _by_payer(rows: pd.DataFrame, total: pd.Series, others: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return the rows once per payer; the municipality pays what the others do not."""
    paid = {payer: others.get(payer, total * 0.0) for payer in PAYERS[1:]}
    sides = {"municipality": total - sum(paid.values()), **paid}
    return pd.concat([rows[_LINE].assign(payer=payer, amount_dkk=amount) for payer, amount in sides.items()])


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


def shared_lines(enrolment: pd.DataFrame, cost: pd.Series, item: str) -> pd.DataFrame:
    """Return each month's cost of the effort, shared equally by the families enrolled in it (by days).

    Columns ``family_id``, ``month``, ``item``, ``is_estimated``, ``payer``, ``amount_dkk``. The cost of months without
    families is in no family's account: it is start-up cost.
    """
    started = enrolment[enrolment["start_date"].notna()]
    # The day of exit is the first without the effort (see `helhed.tables.takes_part`).
    started = started.assign(end_date=started["exit_date"] - pd.Timedelta(days=1))
    rows = days_in_months(started[["family_id", "start_date", "end_date"]], pd.DatetimeIndex(cost.index))
    share = rows["days"] / rows.groupby("month")["days"].transform("sum")
    amount = share * rows["month"].map(cost)
    lines = rows[["family_id", "month"]].assign(item=item, is_estimated=False, payer="municipality")
    return lines.assign(amount_dkk=amount)
