"""The whole settlement of one municipality: break-even, worth, sensitivity, who pays and who gains, from one case."""

import math
from dataclasses import dataclass

import pandas as pd

from helhed.economy.break_even import Payback, Range, payback
from helhed.economy.case import case_ranges, is_known, used
from helhed.economy.soem import Case
from helhed.economy.words import basis_sentence, needed_sentence, priced_sentence, range_words
from helhed.economy.worth import Worth, fixed_cost_per_year, payers_result, value_swings, worth
from helhed.profile import Profile
from helhed.texts import text


@dataclass(frozen=True)
class Settlement:
    """What follows from a case and its ranges.

    Parameters
    ----------
    case
        The case, with the ranges used.
    back
        Net result by month, draws and break-even month.
    worth
        Present value, internal rate, families needed.
    swings
        From `helhed.economy.worth.value_swings`.
    result
        From `helhed.economy.worth.payers_result`.
    """

    case: Case
    back: Payback
    worth: Worth
    swings: pd.DataFrame
    result: pd.DataFrame

    @property
    def ranges(self) -> dict[str, Range]:
        """Return the ranges used."""
        return dict(self.case.ranges)

    @property
    def horizon(self) -> int:
        """Return the months looked ahead."""
        return len(self.back.net)

    @property
    def is_known(self) -> bool:
        """Return whether every input is known: with one missing nothing is shown."""
        return is_known(self.case.ranges)

    def found(self, lang: str) -> tuple:
        """Return the break-even month and its range in words."""
        return self.back.break_even, range_words(self.back.break_even, lang)


def settle(
    tables: dict[str, pd.DataFrame], own: pd.DataFrame, effect: tuple, profile: Profile, adults_moved: float = 0.0
) -> Settlement:
    """Return the settlement of the enrolled families.

    With fewer families than ``disclosure.threshold`` nothing is known of it: every number would be about few.

    Parameters
    ----------
    tables
        ``account`` and ``enrolment``.
    own
        The enrolled families' months.
    effect
        Change of the share of adults on benefit (value, low, high), and the months until a parent moved.
    profile
        The profile.
    adults_moved
        Adults per family moved off benefit, chosen by hand; 0 means as the effect says.
    """
    ranges = case_ranges(tables["account"], own, tables["enrolment"], effect, profile)
    if own["family_id"].nunique() < profile["disclosure.threshold"]:
        ranges = dict.fromkeys(ranges, Range(math.nan, math.nan, math.nan))
    ranges = used(ranges, adults_moved)
    horizon = profile["economy.horizon_months"]
    back = payback(ranges, horizon, profile["evaluation.n_draws"], profile["evaluation.seed"])
    return Settlement(
        Case(ranges, tables["account"], own, profile),
        back,
        worth(ranges, back, fixed_cost_per_year(profile)),
        value_swings(ranges, horizon),
        payers_result(ranges, tables["account"], own, horizon),
    )


def settled_sentences(
    settled: Settlement, adults_moved: float, is_certain: bool, threshold: int, lang: str
) -> list[str]:
    """Return what it takes for the effort to pay for itself, and what the calculation rests on."""
    case = settled.case
    if case.own["family_id"].nunique() < threshold:
        return [text("economy.settled_few", lang, threshold=threshold)]
    sentences = [needed_sentence(settled.ranges, settled.horizon, case.own["n_adults"].mean(), lang)]
    if settled.is_known:
        sentences.append(basis_sentence(adults_moved, is_certain, lang))
    return [*sentences, priced_sentence(case.account, case.own, threshold, lang)]
