"""WHO-5: score, bands and meaningful change.

WHO-5 asks five items about the last two weeks, each answered 0-5; the raw sum times four is the score 0-100.
Source: World Health Organization, Wellbeing Measures in Primary Health Care (1998); INSPQ, Surveillance toolkit.
"""

import math
from collections.abc import Sequence

import pandas as pd

from helhed.monitoring.given import one_number, sequence

#: The items of the instrument.
ITEMS = ("1", "2", "3", "4", "5")
#: A score at or below this calls for a talk about depression (raw sum below 13).
SCREEN = 50
#: At or below this the risk may be great.
LOW = 35
#: The bands, from low to high.
BANDS = ("low", "screen", "above")
#: Smallest change on 0-100 that matters to a person.
MEANINGFUL_CHANGE = 10


def who5_score(items: Sequence[float]) -> float:
    """Return the score 0-100 of five answers 0-5; `nan` when an answer is missing, doubled or out of range.

    An incomplete form is refused: four answers scaled up to five would be a guess.

    Examples
    --------
    >>> who5_score([3, 2, 3, 2, 3])
    52.0
    """
    answers = sequence(items).tolist()
    is_complete = len(answers) == len(ITEMS) and all(pd.notna(one) and one in (0, 1, 2, 3, 4, 5) for one in answers)
    return float(sum(answers) * 4) if is_complete else math.nan


def who5_band(score: float) -> str:
    """Return the band of a score: ``low`` (35 or less), ``screen`` (36 to 50), ``above``; ``unknown`` without a score.

    Missing, and anything not between 0 and 100, is no score.

    With 35 or less the risk of depression or stress may be great, with 36 to 50 there may be a risk (Ergoterapeut-
    foreningen, etf.dk, WHO-5, after Topp and others, Psychotherapy and Psychosomatics 84, 2015). 50 or less is the
    screen of the WHO.
    """
    score = one_number(score)
    if not 0 <= score <= 100:
        return "unknown"
    return "low" if score <= LOW else "screen" if score <= SCREEN else "above"


def who5_first_and_last(registration: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person with at least two whole forms: family_id, person_id, ``first`` and ``last`` (0-100)."""
    whole = who5_scores(registration).dropna(subset="value").sort_values(["person_id", "registered_date"])
    found = whole.groupby("person_id", sort=True).agg(
        family_id=("family_id", "first"), first=("value", "first"), last=("value", "last"), n=("value", "size")
    )
    columns = ["family_id", "person_id", "first", "last"]
    return found[found["n"] >= 2].reset_index()[columns]


def who5_change(before: float, after: float) -> str:
    """Return ``better``, ``worse`` or ``unchanged`` (less than 10 points either way), ``unknown`` without both."""
    before, after = one_number(before), one_number(after)
    if not (0 <= before <= 100 and 0 <= after <= 100):
        return "unknown"
    if abs(after - before) < MEANINGFUL_CHANGE:
        return "unchanged"
    return "better" if after > before else "worse"


def who5_scores(registration: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person and date: family_id, person_id, registered_date, ``value`` (0-100), ``is_complete``.

    Parameters
    ----------
    registration
        The canonical table; other instruments are left out. Items other than 1-5 make a form incomplete.
    """
    forms = registration[registration["instrument"] == "who5"]
    columns = ["family_id", "person_id", "registered_date"]
    # As `who5_score` of each form: five different items, each answered with a whole number from 0 to 5.
    is_answer = forms["item"].isin(ITEMS) & forms["value"].isin(range(6)) & ~forms.duplicated([*columns, "item"])
    marked = forms[columns].assign(value=forms["value"].astype(float), is_answer=is_answer)
    found = marked.groupby(columns, sort=True).agg(
        value=("value", "sum"), n_answers=("is_answer", "sum"), n=("is_answer", "size")
    )
    is_complete = (found["n"] == len(ITEMS)) & (found["n_answers"] == len(ITEMS))
    return found[["value"]].mul(4).where(is_complete).assign(is_complete=is_complete).reset_index()
