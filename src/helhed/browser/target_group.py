"""The target group of a list of families: who meets the rule, who is proposed for a place, and why.

Criteria and rule come out as in the room of the selection, by its own `helhed.selection.rule_tree`; order, places and
ties are those of `helhed.selection.shortlist`, and a test holds the two against each other.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helhed.browser.family_list import SAID_NO, ListedFamily, Seen
from helhed.selection.rule_tree import criteria_in, criterion_status, rule_status
from helhed.selection.statuses import CANNOT_TELL, MET

STANDINGS = ("shortlisted", "reserve", "cannot_tell", "enrolled", "not_eligible")
#: Which column of the list an entry of the order looks at.
_ORDER = {"absence_share": "school_absence", "n_children_with_case": "open_child_case"}
_NOTHING = Seen()


@dataclass(frozen=True)
class Reason:
    """How a family came out on a criterion of the rule."""

    criterion: str
    status: str
    seen: Seen
    threshold: float


@dataclass(frozen=True)
class Standing:
    """Where a family stands, its rank among those who meet the rule, and why; a tie may decide who gets a place."""

    family: ListedFamily
    status: str
    standing: str
    reasons: tuple[Reason, ...]
    rank: int | None = None
    is_tied: bool = False


def choose(
    families: tuple[ListedFamily, ...], rule: Any, thresholds: Mapping[str, float], order_by: list[str], n_places: int
) -> list[Standing]:
    """Return where every family stands, in the order of the list for the meeting.

    Parameters
    ----------
    families
        From `helhed.browser.family_list.read_families`.
    rule
        A criterion, or ``{all: […]}``, ``{any: […]}``, ``{not: …}``, ``{at_least: {n: 2, of: […]}}``.
    thresholds
        By criterion.
    order_by
        Entries of the order, most important first; high values stand first, unknown ones last.
    n_places
        Places in all; families that have one hold it.
    """
    judged = [_judged(family, rule, thresholds) for family in sorted(families, key=lambda one: one.name)]
    queue = [one for one in judged if one.standing == "reserve"]
    queue.sort(key=lambda one: _order_key(one, order_by))
    n_free = max(0, n_places - sum(one.standing == "enrolled" for one in judged))
    tied = _tied_at([_compared(one, order_by) for one in queue], n_free)
    ranked = [
        Standing(one.family, one.status, "shortlisted" if at < n_free else "reserve", one.reasons, at + 1, at in tied)
        for at, one in enumerate(queue)
    ]
    others = [one for one in judged if one.standing != "reserve"]
    return ranked + sorted(others, key=lambda one: STANDINGS.index(one.standing))


def _judged(family: ListedFamily, rule: Any, thresholds: Mapping[str, float]) -> Standing:
    reasons = []
    for name in criteria_in(rule):
        seen = family.seen.get(name, _NOTHING)
        possible = math.inf if seen.may_be_more else -math.inf
        reasons.append(Reason(name, criterion_status(seen.value, thresholds[name], possible), seen, thresholds[name]))
    status = rule_status(rule, {reason.criterion: reason.status for reason in reasons})
    return Standing(family, status, _standing(family, status), tuple(reasons))


def _standing(family: ListedFamily, status: str) -> str:
    if family.has_place:
        return "enrolled"
    if family.decision in ("exclude", SAID_NO):
        return "not_eligible"
    if status == MET or family.decision == "include":
        # An offer holds its place whatever the rule says: people decided it.
        return "reserve"
    return "cannot_tell" if status == CANNOT_TELL else "not_eligible"


def _values(one: Standing, order_by: list[str]) -> list[float | None]:
    return [one.family.seen.get(_ORDER.get(name, name), _NOTHING).value for name in order_by]


def _order_key(one: Standing, order_by: list[str]) -> tuple:
    values = [(value is None, -(value or 0.0)) for value in _values(one, order_by)]
    return (one.family.decision != "include", *values)


def _compared(one: Standing, order_by: list[str]) -> tuple:
    return (one.family.decision == "include", *(-1.0 if v is None else v for v in _values(one, order_by)))


def _tied_at(compared: list[tuple], n_free: int) -> set[int]:
    """Return the places of those equal to the last one within and the first one outside the free places."""
    if not 0 < n_free < len(compared) or compared[n_free - 1] != compared[n_free]:
        return set()
    return {at for at, values in enumerate(compared) if values == compared[n_free]}
