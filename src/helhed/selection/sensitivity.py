"""How the number of families moves when one threshold moves."""

import pandas as pd

from helhed.profile import Profile, declared_entries
from helhed.selection.criteria import CANNOT_TELL, MET, criteria
from helhed.selection.register import Register
from helhed.selection.rule_tree import criteria_in
from helhed.selection.stability import status_in
from helhed.selection.variants import with_value

#: How far each way a threshold is moved, and by how much at a time for shares.
_STEPS, _SHARE_STEP = 2, 0.05


def sensitivity(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return how many families meet the rule when one threshold of it takes other values.

    Returns
    -------
    One row per threshold and value: key (of the profile), value, is_present (the value in force), n_eligible,
    n_cannot_tell, n_changed (families that meet the rule with one of this value and the value in force, not with
    the other). Every other setting stays as it is. Empty when the rule has no threshold.
    """
    register = Register(tables, profile, as_of)
    now = status_in(register) == MET
    rows = [
        {
            "key": key,
            "value": value,
            "is_present": value == profile[key],
            **_sizes(status_in(register.again(with_value(profile, key, value))), now),
        }
        for key in thresholds_in(profile)
        for value in values_around(key, profile)
    ]
    return pd.DataFrame(rows, columns=["key", "value", "is_present", "n_eligible", "n_cannot_tell", "n_changed"])


def thresholds_in(profile: Profile) -> list[str]:
    """Return the profile entries that are thresholds of the rule's criteria, in the order of the rule."""
    keys = [criteria()[name].threshold_key for name in criteria_in(profile["selection.rule"])]
    return list(dict.fromkeys(key for key in keys if key))


def values_around(key: str, profile: Profile) -> list[float]:
    """Return the values a threshold is tried at: up to two steps either way, within limits and within reach."""
    entry, present = declared_entries()[key], profile[key]
    step = 1 if entry.kind == "int" else _SHARE_STEP
    tried = [present + k * step if entry.kind == "int" else round(present + k * step, 4) for k in _offsets()]
    return [
        value for value in tried if _is_allowed(entry, value) and _is_within_reach(key, with_value(profile, key, value))
    ]


def _offsets() -> range:
    return range(-_STEPS, _STEPS + 1)


def _is_allowed(entry, value: float) -> bool:
    return value > 0 and entry.fits(value)


def _is_within_reach(key: str, profile: Profile) -> bool:
    return all(criterion.reachable(profile) for criterion in criteria().values() if criterion.threshold_key == key)


def _sizes(status: pd.Series, now: pd.Series) -> dict[str, int]:
    is_met = status == MET
    return {
        "n_eligible": int(is_met.sum()),
        "n_cannot_tell": int((status == CANNOT_TELL).sum()),
        "n_changed": int((is_met != now.reindex(is_met.index, fill_value=False)).sum()),
    }
