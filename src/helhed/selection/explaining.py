"""One family's rule worked out step by step: the paper trail of a shortlist.

Nothing but the standard library is loaded, so that it runs in a browser page as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helhed.selection.rule_tree import branches, status_of_branches

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
    below = tuple(explain_statuses(node, statuses) for node in branches(rule)[1])
    return Explained(rule, status_of_branches(rule, [branch.status for branch in below]), below)
