"""The family months as plain columns: what the monthly indicators sum over, again and again."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from helhed.monitoring.catalogue import Indicator
from helhed.monitoring.months import month_number
from helhed.monitoring.rules import Rules
from helhed.monitoring.values import Basis

#: Columns of the monthly table that hold what is unknown and what was expected, by the indicator's numerator.
_UNKNOWN = {
    "adults_on_benefit": ("adults_unknown", "adults"),
    "adults_on_kontanthjaelp": ("adults_unknown", "adults"),
    "activated_days": ("adults_unknown", "adults"),
    "benefit_days": ("adults_unknown", "adults"),
    **dict.fromkeys(("adults_in_work", "adults_at_work", "adults_in_education"), ("adults_unknown_work", "adults")),
    **dict.fromkeys(("absent_days", "days_sick", "days_permitted", "days_unlawful"), ("pupils_unknown", "pupils")),
    "children_in_daycare": ("children_unknown_daycare", "children_of_daycare_age"),
    "spending_dkk": ("measures_unpriced", "measures_active"),
}
#: Months since the start, of families that have none, and their start as a running month: far outside every window.
NEVER, _FAR_MONTH = -10_000, 1_000_000


@dataclass(frozen=True)
class Panel:
    """Family months with each family's group and start: one row per family and month.

    ``family`` numbers the families, ``month`` is a running number of months, ``since`` the months since the family's
    start (`NEVER` without one).
    """

    rows: pd.DataFrame
    family: np.ndarray
    month: np.ndarray
    since: np.ndarray
    start: np.ndarray
    group: np.ndarray

    @classmethod
    def of(cls, counts: pd.DataFrame, groups: pd.DataFrame) -> "Panel":
        """Return the panel of counts (see `helhed.monitoring.family_months.family_months`) and groups of families."""
        rows = counts.merge(groups, on="family_id", how="inner", validate="many_to_one")
        month, start = month_number(rows["month"]), month_number(rows["start_date"]).fillna(_FAR_MONTH)
        since = (month - start).clip(lower=NEVER)
        family = pd.factorize(rows["family_id"], sort=True)[0]
        columns = (part.to_numpy(dtype=int) for part in (month, since, start))
        return cls(rows, family, *columns, rows["group"].to_numpy(dtype=object))

    def in_months(self, is_mine: np.ndarray, first: int, last: int) -> np.ndarray:
        """Return those of some rows that lie in the months ``first`` to ``last``, family by family."""
        months = [self._of_month[month] for month in range(first, last + 1) if month in self._of_month]
        rows = np.sort(np.concatenate(months)) if months else np.array([], dtype=int)
        return rows[is_mine[rows]]

    def basis(self, indicator: Indicator, rows: np.ndarray) -> Basis:
        """Return numerators and denominators per family of the chosen rows; families without any have denominator 0.

        Only families that occur in the chosen rows are counted as looked at.
        """
        tops, bottoms = (self._per_family(name, rows) for name in indicator.counts)
        looked_at = np.zeros(self.n_families, dtype=bool)
        looked_at[self.family[rows]] = True
        unknown, expected = self._unknown(indicator, rows, bottoms)
        return Basis(tops[looked_at], bottoms[looked_at], unknown, expected)

    def paired(self, indicator: Indicator, before: np.ndarray, now: np.ndarray) -> tuple[Basis, Basis]:
        """Return the bases of two choices of rows over the families that occur in either, in the same order."""
        looked_at = np.zeros(self.n_families, dtype=bool)
        looked_at[self.family[np.concatenate([before, now])]] = True
        found = []
        for rows in (before, now):
            tops, bottoms = (self._per_family(name, rows) for name in indicator.counts)
            found.append(Basis(tops[looked_at], bottoms[looked_at], *self._unknown(indicator, rows, bottoms)))
        return found[0], found[1]

    def is_observed(self, first: int, last: int, rules: Rules) -> np.ndarray:
        """Return whether the months ``first`` to ``last`` since the family's start all lie within the data period."""
        begin = rules.from_date.year * 12 + rules.from_date.month
        end = rules.to_date.year * 12 + rules.to_date.month
        return (self.start + first >= begin) & (self.start + last <= end)

    @cached_property
    def is_enrolled(self) -> np.ndarray:
        """Return which rows are of families that have ever been enrolled."""
        return self.group == "enrolled"

    @cached_property
    def is_eligible(self) -> np.ndarray:
        """Return which rows are of families that meet the criteria and have never been enrolled."""
        return self.group == "others"

    @cached_property
    def _of_month(self) -> dict[int, np.ndarray]:
        order = np.argsort(self.month, kind="stable")
        months, starts = np.unique(self.month[order], return_index=True)
        return dict(zip(months.tolist(), np.split(order, starts[1:]), strict=False))

    @cached_property
    def n_families(self) -> int:
        """Return the number of families."""
        return int(self.family.max()) + 1 if self.family.size else 0

    @cached_property
    def _columns(self) -> dict[str, np.ndarray]:
        numbers = self.rows.drop(columns=["family_id", "month", "start_date", "group"])
        return {name: numbers[name].to_numpy(dtype=float) for name in numbers}

    def column(self, name: str) -> np.ndarray:
        """Return a column of counts."""
        return self._columns[name]

    def _per_family(self, name: str, rows: np.ndarray) -> np.ndarray:
        return np.bincount(self.family[rows], weights=self._columns[name][rows], minlength=self.n_families)

    def _unknown(self, indicator: Indicator, rows: np.ndarray, bottoms: np.ndarray) -> tuple[float, float]:
        unknown, expected = _UNKNOWN.get(indicator.counts[0], (None, None))
        if unknown is None:
            return 0.0, float(bottoms.sum())
        return float(self._columns[unknown][rows].sum()), float(self._columns[expected][rows].sum())
