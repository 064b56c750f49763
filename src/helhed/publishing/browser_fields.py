"""The number fields of the page "In your browser": how low and high each may be set, and where it begins."""

from dataclasses import dataclass

from helhed.profile.entries import declared_entries
from helhed.publishing.staffing_start import StaffingStart
from helhed.texts import text


@dataclass(frozen=True)
class NumberField:
    """A field that holds a number: what it may hold, in which steps, what it holds first, and whether it counts."""

    label: str
    low: float
    high: float
    step: float
    first: float
    is_whole: bool = False


#: Lowest, highest, step, where it stands first; none where a setting says.
_STAFFING = {
    "posts": (0.5, 20, 0.5, 3),
    "starts": (0, 6, 0.25, 1),
    "course_months": (1, 60, 1, None),
    "sick_days": (0, 40, 1, None),
    "goal_weeks": (1, 52, 1, None),
    "families_per_post": (1, 30, 1, None),
    "budget_dkk": (0, 10_000_000, 100_000, 2_500_000),
}
_OF_SETTING = {
    "sick_days": "staffing.sick_days",
    "goal_weeks": "staffing.target_wait_weeks",
    "families_per_post": "staffing.families_per_post_limit",
}
#: Examples to start from, said to be examples on the page; amounts a month and family.
_BREAK_EVEN = {
    "coordination_dkk": (0, 100_000, 500, 9_000),
    "extra_measures_dkk": (-50_000, 100_000, 500, 1_000),
    "enrolled_months": (1, 60, 1, 18),
    "adults_moved": (0, 4, 0.05, 0.4),
    "move_month": (0, 120, 1, None),
    "benefit_saved_dkk": (0, 40_000, 500, 9_000),
    "fade_per_year": (0, 100, 1, None),
    "discount_rate": (0, 15, 0.5, None),
    "horizon_months": (12, 360, 12, None),
}
_IN_PER_CENT = ("fade_per_year", "discount_rate")
_POWER = {"families": (2, 2000, 1, 25), "comparison": (2, 5000, 1, 50), "sd": (0.1, 1000, 0.1, 35)}
#: What is counted, or counted through month by month: half a one cannot be meant.
_WHOLE = ("families", "comparison", "horizon_months")
#: Finer steps, for a municipality's own number that the usual step would miss.
_FINER = (0.5, 0.25, 0.1, 0.05, 0.01)


def number_fields(part: str, lang: str, start: StaffingStart) -> dict[str, NumberField]:
    """Return the number fields of a part by name; a part without any has none."""
    declared = {"staffing": _STAFFING, "break_even": _BREAK_EVEN, "power": _POWER}.get(part, {})
    own = {name: value for name, value in _own(start).items() if part == "staffing" and value is not None}
    found = {}
    for name, (low, high, step, first) in declared.items():
        stands = own[name] if name in own else _default(name) if first is None else first
        wide = (min(low, stands), max(high, stands))
        found[name] = NumberField(_label(part, name, lang), *wide, _step(step, stands, wide[0]), stands, name in _WHOLE)
    return found


def _own(start: StaffingStart) -> dict[str, float | None]:
    of_settings = {name: start.settings[key] for name, key in _OF_SETTING.items()}
    return {"posts": start.posts, "starts": start.starts, "course_months": start.course_months, **of_settings}


def _default(name: str) -> float:
    value = declared_entries()[f"economy.{name}"].default
    return round(value * 100, 1) if name in _IN_PER_CENT else value


def _step(usual: float, stands: float, low: float) -> float:
    """Return the usual step, or a finer one that reaches where the field stands first from its lowest value."""
    tried = (usual, *(step for step in _FINER if step < usual))
    return next((step for step in tried if abs(round((stands - low) / step) * step + low - stands) < 1e-9), tried[-1])


def _label(part: str, name: str, lang: str) -> str:
    kind = "input" if part == "break_even" and name != "horizon_months" else "label"
    return text(f"browser.{kind}_{name}", lang)
