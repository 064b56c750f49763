"""Whether a rule can choose at all: no rule may hold for nobody, or for everybody, whatever the data say."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from helhed.profile import Profile
from helhed.selection.declared import Criterion, criteria
from helhed.selection.rule_tree import leaves
from helhed.selection.rules import rule_bounds

#: Criteria that hang together are tried out in every combination, up to so many of them.
_MOST_TRIED = 16
#: A demand on criteria: which of them come out how.
Outcome = dict[str, bool]


def impossible(profile: Profile) -> list[Outcome]:
    """Return what cannot be with the profile's settings: each entry is a combination of answers no family can give.

    A case that is open makes the child one of the children's department; where every adult is on benefit, one is; the
    only adult is all adults; every family in question has a child under 18; a placement that runs has run.
    """
    return [*_ALWAYS, *(outcome for is_so, outcome in _by_settings(profile) if is_so)]


_ALWAYS: list[Outcome] = [
    {"all_adults_on_benefit": True, "adult_on_benefit": False},
    {"one_adult": True, "adult_on_benefit": True, "all_adults_on_benefit": False},
    {"open_child_case": True, "child_in_childrens_department": False},
    {"child_disability_case": True, "child_in_childrens_department": False},
]
#: Criteria that show a department around the family by themselves.
_SHOWS = {
    "child_in_childrens_department": "children",
    "open_child_case": "children",
    "child_disability_case": "children",
    "adult_social_measure": "adult_social",
    "adult_health_or_treatment": "health",
    "school_absence": "school",
}


def _by_settings(profile: Profile) -> Iterator[tuple[bool, Outcome]]:
    young, older = profile["selection.young_child_years"], profile["selection.older_child_years"]
    n_children, counted = profile["selection.n_children"], profile["selection.departments"]
    yield n_children == 1, {"n_children": False}
    # a child under the one age and a child over the other are two children
    yield n_children == 2 and young <= older, {"child_under_3": True, "older_child": True, "n_children": False}
    yield young >= older, {"child_under_3": False, "older_child": False}
    yield profile["selection.n_placements"] == 1, {"placed_child": True, "n_placements": False}
    is_one_enough = profile["selection.n_departments"] == 1
    for name, department in _SHOWS.items():
        yield is_one_enough and department in counted, {name: True, "n_departments": False}


def _of_thresholds(asked: list[Criterion], profile: Profile) -> list[Outcome]:
    """Return what cannot be of a criterion that stands with several thresholds: who reaches one reaches all below."""
    pairs = [(one, other) for one in asked for other in asked if one.base == other.base and one is not other]
    nested = [
        {one.id: True, other.id: False} for one, other in pairs if one.threshold(profile) >= other.threshold(profile)
    ]
    return nested + [{one.id: False} for one in asked if one.base == "n_children" and one.own_threshold == 1]


def never_and_always(rule: Any, profile: Profile) -> tuple[bool, bool, list[str]]:
    """Return whether a sound rule holds for nobody, whether it holds for everybody, and the criteria that decide it.

    A criterion that stands once may come out either way on its own, so that three-valued logic decides exactly; only
    those that stand twice or more, or hang together, are tried out in all combinations that can be, up to
    `_MOST_TRIED` of them.
    """
    stands = Counter(leaves(rule))
    ruled_out = [outcome for outcome in impossible(profile) if set(outcome) <= set(stands)]
    ruled_out += _of_thresholds([criteria()[name] for name in sorted(stands)], profile)
    bound = {name for outcome in ruled_out for name in outcome} | {name for name, n in stands.items() if n > 1}
    tried = list(islice((name for name in sorted(stands) if name in bound), _MOST_TRIED))
    cases = np.arange(2 ** len(tried))
    answers = {name: (cases >> place) % 2 == 1 for place, name in enumerate(tried)}
    can_be = np.ones(len(cases), dtype=bool)
    for outcome in ruled_out:
        if set(outcome) <= set(tried):
            can_be &= ~np.all([answers[name] == is_so for name, is_so in outcome.items()], axis=0)
    answers = {name: answer[can_be] for name, answer in answers.items()}
    either, neither = np.ones(can_be.sum(), dtype=bool), np.zeros(can_be.sum(), dtype=bool)
    certain, possible = rule_bounds(
        rule, dict.fromkeys(stands, neither) | answers, dict.fromkeys(stands, either) | answers
    )
    return not possible.any(), bool(certain.all()), tried
