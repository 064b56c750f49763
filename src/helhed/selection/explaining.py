"""One family's rule worked out step by step: the paper trail of a shortlist.

Nothing but the standard library is loaded, so that it runs in a browser page as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helhed.selection.statuses import CANNOT_TELL, MET, NOT_MET

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Explained:
    """A node of the rule for one family: what it says and how it came out, with its branches."""

    node: Any
    status: str
    branches: tuple[Explained, ...] = ()

    def lines(self, lang: str, depth: int = 0) -> list[tuple[int, str, str]]:
        """Return (depth, words, status) of the node and everything below it, top first."""
        from helhed.selection.rules import rule_in_words  # the words need the catalogue, the judgement does not

        own = (depth, rule_in_words(self.node, lang), self.status)
        return [own, *(line for branch in self.branches for line in branch.lines(lang, depth + 1))]


def explain_family(family_id: str, rule: Any, family_criterion: pd.DataFrame) -> Explained:
    """Return how a sound rule comes out for one family, branch by branch.

    Parameters
    ----------
    family_id
        The family.
    rule
        A node of a rule, or a criterion id.
    family_criterion
        As `helhed.selection.criteria.evaluate_criteria` returns it.

    Raises
    ------
    KeyError
        If the family was not judged on a criterion of the rule.
    """
    own = family_criterion[family_criterion["family_id"] == family_id]
    return explain_statuses(rule, own.set_index("criterion")["status"].to_dict())


def explain_statuses(rule: Any, statuses: dict[str, str]) -> Explained:
    """Return how a sound rule comes out, branch by branch, from the status of each criterion."""
    if isinstance(rule, str):
        return Explained(rule, statuses[rule])
    kind, content = next(iter(rule.items()))
    nodes = {"not": [content], "at_least": content["of"] if kind == "at_least" else []}.get(kind, content)
    branches = tuple(explain_statuses(node, statuses) for node in nodes)
    return Explained(rule, _JUDGES[kind]([branch.status for branch in branches], content), branches)


def _all(statuses: list[str], _content: Any) -> str:
    if NOT_MET in statuses:
        return NOT_MET
    return CANNOT_TELL if CANNOT_TELL in statuses else MET


def _any(statuses: list[str], _content: Any) -> str:
    if MET in statuses:
        return MET
    return CANNOT_TELL if CANNOT_TELL in statuses else NOT_MET


def _not(statuses: list[str], _content: Any) -> str:
    return {MET: NOT_MET, NOT_MET: MET, CANNOT_TELL: CANNOT_TELL}[statuses[0]]


def _at_least(statuses: list[str], content: dict) -> str:
    if statuses.count(MET) >= content["n"]:
        return MET
    return CANNOT_TELL if len(statuses) - statuses.count(NOT_MET) >= content["n"] else NOT_MET


_JUDGES = {"all": _all, "any": _any, "not": _not, "at_least": _at_least}
