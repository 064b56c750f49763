"""The criteria a rule can be made of: each declares what it looks at and says met, not met or cannot tell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.selection import measuring
from helhed.selection.measuring import Bounds
from helhed.selection.view import View
from helhed.texts import text

MET, NOT_MET, CANNOT_TELL = STATUSES = ("met", "not_met", "cannot_tell")


@dataclass(frozen=True)
class Criterion:
    """One criterion: a value per family that is met when it reaches the threshold.

    Parameters
    ----------
    id
        The name used in ``selection.rule``.
    level
        Whose circumstances it looks at: ``adult``, ``child`` or ``family``.
    measure
        Returns the value per family and the highest it could be.
    sources
        What must hold rows before "not met" can be said: tables, or ``measure.<department>``.
    threshold_key
        The profile entry that is the threshold; without one the threshold is 1.
    settings
        Further profile entries that shape the value.
    windows
        Those profile entries that say how many months back the value looks.
    form
        How a value is written, a key of `helhed.outputs.FORMATS`.
    highest
        Returns the highest value there can be with a profile's settings; without it there is no limit.
    """

    id: str
    level: str
    measure: Callable[[View], Bounds]
    sources: tuple[str, ...] = ()
    threshold_key: str = ""
    settings: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    form: str = "number"
    highest: Callable[[Profile], float] | None = None

    def label(self, lang: str) -> str:
        """Return the criterion in a few words."""
        return text(f"selection.criterion_{self.id}", lang)

    def explanation(self, lang: str) -> str:
        """Return what is counted, from which data."""
        return text(f"selection.explain_{self.id}", lang)

    def source(self, lang: str) -> str:
        """Return where the criterion comes from."""
        return text(f"selection.source_{self.id}", lang)

    def threshold(self, profile: Profile) -> float:
        """Return the threshold in force."""
        return float(profile[self.threshold_key]) if self.threshold_key else 1.0

    def reachable(self, profile: Profile) -> bool:
        """Return whether any family could meet the criterion with the profile's settings."""
        return self.highest is None or self.highest(profile) >= self.threshold(profile)


def _highest_benefit_months(profile: Profile) -> float:
    return profile["selection.benefit_window_months"] if profile["selection.benefits"] else 0


def _highest_departments(profile: Profile) -> float:
    return len(set(profile["selection.departments"]))


def _highest_absence(profile: Profile) -> float:
    has_window = profile["selection.absence_min_months"] <= profile["selection.absence_window_months"]
    return 1.0 if profile["selection.absence_kinds"] and has_window else -1.0


def _highest_cases(profile: Profile) -> float:
    return np.inf if profile["selection.case_types"] else 0


_BENEFIT = {
    "sources": ("benefit_spell",),
    "threshold_key": "selection.benefit_months",
    "settings": ("selection.benefit_window_months", "selection.benefits"),
    "windows": ("selection.benefit_window_months",),
    "highest": _highest_benefit_months,
}

_DECLARED = (
    Criterion("adult_on_benefit", "adult", measuring.adult_on_benefit, **_BENEFIT),
    Criterion("all_adults_on_benefit", "adult", measuring.all_adults_on_benefit, **_BENEFIT),
    Criterion("adult_social_measure", "adult", measuring.adult_social_measure, ("measure.adult_social",)),
    Criterion("adult_health_or_treatment", "adult", measuring.adult_health_or_treatment, ("measure.health",)),
    Criterion(
        "open_child_case",
        "child",
        measuring.open_child_case,
        ("child_case",),
        settings=("selection.case_types",),
        highest=_highest_cases,
    ),
    Criterion("child_disability_case", "child", measuring.child_disability_case, ("child_case",)),
    Criterion(
        "child_in_childrens_department",
        "child",
        measuring.child_in_childrens_department,
        ("child_case", "measure.children"),
    ),
    Criterion(
        "notifications",
        "child",
        measuring.notifications,
        ("child_case",),
        "selection.n_notifications",
        ("selection.notification_window_months",),
        ("selection.notification_window_months",),
    ),
    Criterion("placed_child", "child", measuring.placed_child, ("measure.children",)),
    Criterion("child_under_3", "child", measuring.child_under_3, settings=("selection.young_child_years",)),
    Criterion(
        "school_absence",
        "child",
        measuring.school_absence,
        ("absence",),
        "selection.absence_share",
        ("selection.absence_window_months", "selection.absence_min_months", "selection.absence_kinds"),
        ("selection.absence_window_months",),
        "share1",
        _highest_absence,
    ),
    Criterion(
        "n_departments",
        "family",
        measuring.n_departments,
        (),
        "selection.n_departments",
        ("selection.departments",),
        ("selection.absence_window_months",),
        highest=_highest_departments,
    ),
    Criterion(
        "other_member_case",
        "family",
        measuring.other_member_case,
        ("child_case",),
        windows=("selection.benefit_window_months", "selection.absence_window_months"),
    ),
    Criterion("family_has_consent", "family", measuring.family_has_consent, ("enrolment",)),
)


def criteria() -> dict[str, Criterion]:
    """Return every criterion by id, adults first, then children, then the family as a whole."""
    return {criterion.id: criterion for criterion in _DECLARED}


def evaluate_criteria(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, only: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return whether each family meets each criterion on a day.

    Parameters
    ----------
    tables
        Canonical tables by name.
    profile
        The municipality's profile.
    as_of
        The reference day.
    only
        Criterion ids; all when left out.

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
    view = View(tables, profile, as_of)
    return criteria_of(view, only)


def criteria_of(view: View, only: Iterable[str] | None = None) -> pd.DataFrame:
    """Return what `evaluate_criteria` returns, from a view that is already there."""
    wanted = [criterion for criterion in _DECLARED if only is None or criterion.id in set(only)]
    if not wanted:
        return _EMPTY.copy()
    rows = pd.concat([_judged(view, criterion) for criterion in wanted], ignore_index=True)
    return rows.sort_values(["family_id", "criterion"], kind="stable").reset_index(drop=True)


_EMPTY = pd.DataFrame(
    {name: pd.Series(dtype="str") for name in ("family_id", "criterion", "status")}
    | {name: pd.Series(dtype="float64") for name in ("value", "threshold", "distance")}
)


def _judged(view: View, criterion: Criterion) -> pd.DataFrame:
    bounds, threshold = criterion.measure(view), criterion.threshold(view.profile)
    is_covered = all(view.has(source) for source in criterion.sources)
    is_met = (bounds.seen >= threshold).to_numpy()
    could_be = (bounds.possible >= threshold).to_numpy() | (not is_covered)
    status = np.select([is_met, ~could_be], [MET, NOT_MET], CANNOT_TELL)
    value = bounds.seen.to_numpy() if is_covered else np.where(is_met, bounds.seen.to_numpy(), np.nan)
    return pd.DataFrame(
        {
            "family_id": pd.Series(view.families, dtype="str"),
            "criterion": pd.Series([criterion.id] * len(view.families), dtype="str"),
            "status": pd.Series(status, dtype="str"),
            "value": value,
            "threshold": threshold,
            "distance": value - threshold,
        }
    )
