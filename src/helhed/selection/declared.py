"""The criteria a rule can be made of: each declares what it looks at, its threshold and the settings that shape it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from helhed.outputs import FORMATS
from helhed.profile import Profile
from helhed.selection import measuring, signs
from helhed.selection.measuring import Measure
from helhed.selection.rule_tree import read_leaf
from helhed.texts import text


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
        Returns the value per family and the highest it could be, as expressions.
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
    own_threshold
        The threshold that a leaf of the rule gives instead of the profile's; then ``id`` is the leaf as written.
    """

    id: str
    level: str
    measure: Measure
    sources: tuple[str, ...] = ()
    threshold_key: str = ""
    settings: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    form: str = "number"
    highest: Callable[[Profile], float] | None = None
    own_threshold: float | None = None

    @property
    def base(self) -> str:
        """Return the name of what is measured: the same whatever the threshold."""
        return read_leaf(self.id)[0]

    def label(self, lang: str) -> str:
        """Return the criterion in a few words."""
        label = text(f"selection.criterion_{self.base}", lang)
        if self.own_threshold is None:
            return label
        return text("selection.criterion_at", lang, label=label, threshold=FORMATS[self.form](self.own_threshold, lang))

    def explanation(self, lang: str) -> str:
        """Return what is counted, from which data."""
        return text(f"selection.explain_{self.base}", lang)

    def source(self, lang: str) -> str:
        """Return where the criterion comes from."""
        return text(f"selection.source_{self.base}", lang)

    def threshold(self, profile: Profile) -> float:
        """Return the threshold in force."""
        if self.own_threshold is not None:
            return self.own_threshold
        return float(profile[self.threshold_key]) if self.threshold_key else 1.0

    def rests_on(self, source: str, profile: Profile) -> bool:
        """Return whether a source can change the value: a table, or ``measure.<department>``."""
        counted = {"n_departments": profile["selection.departments"], "other_member_case": measuring.CASE_DEPARTMENTS}
        departments = counted.get(self.base, ())
        of_departments = {one for name in departments for one in (f"measure.{name}", *signs.SOURCES.get(name, ()))}
        return bool({source, source.partition(".")[0]} & {*self.sources, *of_departments})

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


def _highest_sections(profile: Profile) -> float:
    return np.inf if profile["selection.sections"].replace(";", "").strip() else 0


_BENEFIT = {
    "sources": ("benefit_spell",),
    "threshold_key": "selection.benefit_months",
    "settings": ("selection.benefit_window_months", "selection.benefits"),
    "windows": ("selection.benefit_window_months",),
    "highest": _highest_benefit_months,
}
_WORK = {"sources": ("employment",), "windows": ("selection.work_window_months",)}
_LEVEL = {
    "sources": ("registration",),
    "threshold_key": "selection.functional_domains",
    "settings": ("selection.functional_level", "selection.functional_window_months"),
    "windows": ("selection.functional_window_months",),
}
_ACTIVITY = {
    "settings": ("selection.activity_window_months",),
    "windows": ("selection.activity_window_months",),
}

_DECLARED = (
    Criterion("adult_on_benefit", "adult", measuring.adult_on_benefit, **_BENEFIT),
    Criterion("all_adults_on_benefit", "adult", measuring.all_adults_on_benefit, **_BENEFIT),
    Criterion(
        "no_adult_in_work",
        "adult",
        measuring.no_adult_in_work,
        settings=("selection.work_hours", "selection.work_window_months"),
        **_WORK,
    ),
    Criterion(
        "adult_in_education",
        "adult",
        measuring.adult_in_education,
        settings=("selection.work_window_months",),
        **_WORK,
    ),
    Criterion("adult_social_measure", "adult", measuring.adult_social_measure, ("measure.adult_social",)),
    Criterion("adult_health_or_treatment", "adult", measuring.adult_health_or_treatment, ("measure.health",)),
    Criterion("adult_functional_level", "adult", measuring.adult_functional_level, **_LEVEL),
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
    Criterion(
        "n_placements",
        "child",
        measuring.n_placements,
        ("measure.children",),
        "selection.n_placements",
        ("selection.placement_window_months",),
        ("selection.placement_window_months",),
    ),
    Criterion("child_under_3", "child", measuring.child_under_3, settings=("selection.young_child_years",)),
    Criterion("older_child", "child", measuring.older_child, settings=("selection.older_child_years",)),
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
    Criterion("child_functional_level", "child", measuring.child_functional_level, **_LEVEL),
    Criterion("no_daycare", "child", measuring.no_daycare, ("daycare",), **_ACTIVITY),
    Criterion("no_leisure_activity", "child", measuring.no_leisure_activity, ("leisure",), **_ACTIVITY),
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
    Criterion(
        "case_by_section",
        "family",
        measuring.case_by_section,
        ("child_case", "measure"),
        settings=("selection.sections",),
        highest=_highest_sections,
    ),
    Criterion("health_course", "family", measuring.health_course, ("health",)),
    Criterion("housing_problem", "family", measuring.housing_problem, ("housing",)),
    Criterion("n_children", "family", measuring.n_children, threshold_key="selection.n_children"),
    Criterion("one_adult", "family", measuring.one_adult),
    Criterion("family_has_consent", "family", measuring.family_has_consent, ("enrolment",)),
)


class _ById(dict[str, Criterion]):
    """Criteria by id; a leaf with a threshold of its own is the criterion with that threshold."""

    def __missing__(self, leaf: str) -> Criterion:
        name, threshold = read_leaf(leaf)
        if threshold is None:
            raise KeyError(leaf)
        return replace(self[name], id=leaf, own_threshold=threshold, threshold_key="")


@cache
def criteria() -> dict[str, Criterion]:
    """Return every criterion by id, adults first, then children, then the family as a whole.

    A leaf such as ``school_absence >= 0.3`` can be looked up too.
    """
    return _ById({criterion.id: criterion for criterion in _DECLARED})
