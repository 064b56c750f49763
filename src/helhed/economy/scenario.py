"""What the enrolled families cost beside what they would have cost: the curve of kroner over time.

Nobody sees what the same families would have cost without the effort. Two stand-ins: their own level of the year before
the start goes on (``as_before``), or it changes as the comparison families' did (``as_comparison``), which is used only
where the comparison can be trusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

#: The months before the start that say what a family cost, and how many of them must be known.
_BEFORE, _MIN_BEFORE = (-12, -1), 6
SCENARIOS = ("as_before", "as_comparison")


@dataclass(frozen=True)
class SpendingCurve:
    """The extra spending per enrolled family since the start, beside a scenario without the effort.

    Parameters
    ----------
    curve
        One row per ``month`` since the start: ``n_families`` seen in it, ``extra_dkk`` (mean of the month),
        ``cumulative_dkk`` with ``low_dkk`` and ``high_dkk`` (families drawn anew). Empty with too few families.
    scenario
        A member of `SCENARIOS`.
    n_families
        Families behind it.
    is_falling
        Whether the curve has turned: the fall from its top to its end is more than chance (families drawn anew).
    """

    curve: pd.DataFrame
    scenario: str
    n_families: int
    is_falling: bool = False

    @property
    def top(self) -> pd.Series:
        """Return the month in which most extra had been spent."""
        return self.curve.loc[self.curve["cumulative_dkk"].idxmax()]

    @property
    def last(self) -> pd.Series:
        """Return the last month of the curve."""
        return self.curve.iloc[-1]


def spending_by_month(account: pd.DataFrame, rows: pd.DataFrame, payer: str = "municipality") -> pd.DataFrame:
    """Return what a payer paid for each family by month since its start: a row per family, a column per month.

    A month without a line is 0: nothing was paid. Missing where the family is not seen, and in months for which the
    data have no benefits at all.

    Parameters
    ----------
    account
        From `helhed.economy.account.family_account`.
    rows
        ``family_id``, ``month``, ``months_since``.
    payer
        Who pays.
    """
    covered = account.loc[account["item"] == "benefit", "month"].unique()
    paid = account[account["payer"] == payer].groupby(["family_id", "month"], as_index=False)["amount_dkk"].sum()
    seen = rows.loc[rows["month"].isin(covered), ["family_id", "month", "months_since"]]
    merged = seen.merge(paid, how="left", on=["family_id", "month"])
    amounts = merged.assign(amount_dkk=merged["amount_dkk"].fillna(0.0))
    return amounts.pivot_table(index="family_id", columns="months_since", values="amount_dkk", aggfunc="sum")


def extra_spending(by_month: pd.DataFrame) -> pd.DataFrame:
    """Return each family's spending from the start on less its own mean of the year before.

    Families with fewer than six known months of that year are left out: nobody knows what they cost before.
    """
    months = by_month.columns
    before = by_month[months[(months >= _BEFORE[0]) & (months <= _BEFORE[1])]]
    is_known = before.notna().sum(axis=1) >= _MIN_BEFORE
    after = by_month.loc[is_known, months[months >= 0]]
    return after.sub(before[is_known].mean(axis=1), axis=0)


def spending_curve(
    enrolled: pd.DataFrame,
    comparison: pd.DataFrame | None,
    minimum: int,
    rng: np.random.Generator,
    weights: pd.Series | None = None,
    n_draws: int = 400,
) -> SpendingCurve:
    """Return the cumulative extra spending per enrolled family.

    Parameters
    ----------
    enrolled, comparison
        From `extra_spending`; without a comparison the scenario is ``as_before``.
    minimum
        Fewest families that a month may rest on; the curve ends before the first with fewer.
    rng
        Draws families anew for the interval (bootstrap of families, 95 %).
    weights
        Of the comparison families, by ``family_id``; equal unless given.
    n_draws
        Draws for the interval.
    """
    scenario = SCENARIOS[comparison is not None and len(comparison) >= minimum]
    n_seen = enrolled.notna().sum()
    enough = (n_seen >= minimum).to_numpy()
    n_months = len(enough) if enough.all() else int(enough.argmin())
    columns = ["month", "n_families", "extra_dkk", "cumulative_dkk", "low_dkk", "high_dkk"]
    if n_months == 0:
        return SpendingCurve(pd.DataFrame(columns=columns), scenario, len(enrolled))
    months = enrolled.columns[:n_months]
    extra = _means(enrolled[months].to_numpy(), np.ones(len(enrolled)), None)
    drawn = _means(enrolled[months].to_numpy(), np.ones(len(enrolled)), rng, n_draws)
    if scenario == "as_comparison":
        others = comparison.reindex(columns=months).to_numpy()
        given = np.ones(len(comparison)) if weights is None else weights.reindex(comparison.index).to_numpy()
        extra, drawn = extra - _means(others, given, None), drawn - _means(others, given, rng, n_draws)
    total, totals = np.cumsum(extra[0]), np.cumsum(drawn, axis=1)
    low, high = np.nanquantile(totals, [0.025, 0.975], axis=0)
    is_falling = bool(np.nanquantile(totals[:, -1] - totals[:, total.argmax()], 0.975) < 0)
    values = (months, n_seen[months], extra[0], total, low, high)
    curve = pd.DataFrame({name: np.asarray(value) for name, value in zip(columns, values, strict=True)})
    return SpendingCurve(curve, scenario, len(enrolled), is_falling)


def curve_of(
    account: pd.DataFrame, rows: pd.DataFrame, groups: pd.DataFrame, is_trusted: bool, profile: Mapping
) -> SpendingCurve:
    """Return the curve of a study's enrolled families, beside its comparison families where these can be trusted.

    Parameters
    ----------
    account
        From `helhed.economy.account.family_account`.
    rows
        Months of both groups: ``family_id``, ``month``, ``months_since``, ``is_enrolled``.
    groups
        One row per family: ``family_id``, ``weight``.
    is_trusted
        Whether the comparison can be trusted.
    profile
        Gives ``evaluation.minimum_families`` and ``evaluation.seed``.
    """
    is_in = rows["is_enrolled"].astype(bool)
    enrolled, others = (extra_spending(spending_by_month(account, rows[part])) for part in (is_in, ~is_in))
    rng = np.random.default_rng(profile["evaluation.seed"] + 2)
    weights = groups.set_index("family_id")["weight"]
    minimum = profile["evaluation.minimum_families"]
    return spending_curve(enrolled, others if is_trusted else None, minimum, rng, weights)


def _means(amounts: np.ndarray, weights: np.ndarray, rng: np.random.Generator | None, n_draws: int = 1) -> np.ndarray:
    """Return the weighted means by month, a row for each draw of families; the families as they are without an rng."""
    n = len(amounts)
    picked = np.arange(n)[None, :] if rng is None else rng.integers(0, n, (n_draws, n))
    counts = np.stack([np.bincount(row, minlength=n) for row in picked]) * weights
    is_seen = ~np.isnan(amounts)
    weight = counts @ is_seen
    total = counts @ np.where(is_seen, amounts, 0.0)
    return np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
