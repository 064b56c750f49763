"""Whether each family meets each criterion: met, not met, or cannot be told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.selection.declared import Criterion, criteria
from helhed.selection.register import Register
from helhed.selection.rule_tree import with_own_threshold
from helhed.selection.statuses import CANNOT_TELL, MET, NOT_MET, STATUSES
from helhed.selection.values import family_values

__all__ = ["CANNOT_TELL", "MET", "NOT_MET", "STATUSES", "Judged", "criteria", "evaluate_criteria", "judge", "wanted"]


def evaluate_criteria(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, only: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return whether each family meets each criterion on a day.

    Parameters
    ----------
    tables
        Canonical tables by name; a table that is left out counts as one without rows.
    profile
        The municipality's profile.
    as_of
        The reference day.
    only
        Criterion ids; all, and those with a threshold of their own in the profile's rule, when left out.

    Returns
    -------
    One row per family and criterion, sorted: family_id, criterion, status (``met``, ``not_met``, ``cannot_tell``),
    value (as seen; missing when nothing is known), threshold, distance (value less threshold). Families: those with a
    child under 18 at home and known to a department.

    Notes
    -----
    Met when the value seen reaches the threshold. Not met when even the highest value that missing data allow stays
    below it. Otherwise it cannot be told.
    """
    names = [*criteria(), *with_own_threshold(profile["selection.rule"])] if only is None else only
    register, asked = Register(tables, profile, as_of), wanted(names)
    return judge(family_values(register, asked), asked, register).table() if asked else _EMPTY.copy()


def wanted(only: Iterable[str]) -> list[Criterion]:
    """Return the criteria asked for, those with the profile's threshold first."""
    known, names = criteria(), list(dict.fromkeys(only))
    return [known[name] for name in known if name in names] + [known[name] for name in names if name not in known]


@dataclass(frozen=True)
class Judged:
    """How families came out on criteria: one row of each array per family, one column per criterion, both sorted.

    ``status`` holds places among `STATUSES`, ``value`` what was seen (missing when nothing is known).
    """

    families: pd.Series
    names: tuple[str, ...]
    status: np.ndarray
    value: np.ndarray
    thresholds: np.ndarray

    def table(self) -> pd.DataFrame:
        """Return one row per family and criterion, as `evaluate_criteria` does."""
        n_families, n_names = self.status.shape
        names = pd.Series(self.names, dtype="str").take(np.tile(np.arange(n_names), n_families))
        return pd.DataFrame(
            {
                "family_id": self.families.repeat(n_names).reset_index(drop=True),
                "criterion": names.reset_index(drop=True),
                "status": pd.Series(STATUSES, dtype="str").take(self.status.ravel()).reset_index(drop=True),
                "value": self.value.ravel(),
                "threshold": np.tile(self.thresholds, n_families),
                "distance": (self.value - self.thresholds).ravel(),
            }
        )

    def only(self, wanted: np.ndarray) -> "Judged":
        """Return the same of some of the families."""
        return replace(self, families=self.families[wanted], status=self.status[wanted], value=self.value[wanted])

    def status_of(self, name: str) -> np.ndarray:
        """Return each family's place among `STATUSES` on one criterion."""
        return self.status[:, self.names.index(name)]

    def value_of(self, name: str) -> np.ndarray:
        """Return what was seen of each family for one criterion."""
        return self.value[:, self.names.index(name)]


def judge(values: pd.DataFrame, asked: list[Criterion], register: Register) -> Judged:
    """Return how families come out, from the values of `helhed.selection.values.family_values`."""
    asked = sorted(asked, key=lambda criterion: criterion.id)
    columns = [_judged(values, criterion, register) for criterion in asked]
    status, value = (np.stack(part, axis=1) for part in zip(*columns, strict=True))
    thresholds = np.array([criterion.threshold(register.profile) for criterion in asked])
    return Judged(
        values["family_id"].astype("str"), tuple(criterion.id for criterion in asked), status, value, thresholds
    )


_EMPTY = pd.DataFrame(
    {name: pd.Series(dtype="str") for name in ("family_id", "criterion", "status")}
    | {name: pd.Series(dtype="float64") for name in ("value", "threshold", "distance")}
)


def _judged(values: pd.DataFrame, criterion: Criterion, register: Register) -> tuple[np.ndarray, np.ndarray]:
    """Return place of the status among `STATUSES` and value of one criterion, family by family."""
    seen, possible = (values[f"{part}_{criterion.base}"].to_numpy(dtype=float) for part in ("seen", "possible"))
    threshold = criterion.threshold(register.profile)
    is_covered = all(register.has(source) for source in criterion.sources)
    is_met = seen >= threshold
    could_be = (possible >= threshold) | (not is_covered)
    value = seen if is_covered else np.where(is_met, seen, np.nan)
    return np.select([is_met, ~could_be], [0, 1], 2).astype(np.int8), value
