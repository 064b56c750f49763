"""Indicators that hang together: what a reader finds by subtracting one shown number from another.

Shares of the same persons are numbers of persons to whoever knows how many there are. So what is left between two of
them must not be small either: then the less important one is hidden (secondary suppression). Looked at and found not to
hang together in numbers of persons: benefit and work (an adult may have both), absence by kind (days), placed children
and open cases (a child may have one without the other), cases opened, ended and open (of different months), and the
answers of registrations (each a question of its own). What happens but once is held against other months in
`helhed.monitoring.shown.guarded`, and WHO-5 by band in `helhed.monitoring.shown.band_table`.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helhed.monitoring.catalogue import indicator_catalogue
from helhed.outputs import is_small

#: An indicator, and which of its persons or families: those ``counted`` in the numerator, the ``rest`` of the
#: denominator, or ``all`` of it, where the denominator is the number of families behind.
Part = tuple[str, str]


@dataclass(frozen=True)
class Derived:
    """A number of persons or families that follows from shown ones.

    Parameters
    ----------
    hides
        The indicator that is hidden where the number is small: the least important of those it follows from.
    plus, minus
        What is added and what is subtracted.
    of
        The indicator whose own number it is; empty where it is none's.
    """

    hides: str
    plus: tuple[Part, ...]
    minus: tuple[Part, ...]
    of: str = ""

    @property
    def names(self) -> set[str]:
        """Return the indicators that it follows from."""
        return {name for name, _ in (*self.plus, *self.minus)}

    def is_known(self, told: dict[str, Any], threshold: int) -> bool:
        """Return whether a reader has all that it follows from; families behind are shown whatever the value is."""
        parts = (*self.plus, *self.minus)
        return all(
            name in told and (told[name].n >= threshold if part == "all" else told[name].is_told)
            for name, part in parts
        )

    def number(self, told: dict[str, Any]) -> float:
        """Return the number from the rows of the indicators."""
        added, subtracted = (sum(_number(told[name], part) for name, part in side) for side in (self.plus, self.minus))
        return added - subtracted


def _counted(*names: str) -> tuple[Part, ...]:
    return tuple((name, "counted") for name in names)


def _rest(*names: str) -> tuple[Part, ...]:
    return tuple((name, "rest") for name in names)


def _whole(*names: str) -> tuple[Part, ...]:
    return tuple((name, "all") for name in names)


_EITHER, _WORK, _EDUCATION = "work_or_education_share", "in_work_share", "in_education_share"
_ALL = "functional_level_improved_share"
_ADULTS, _CHILDREN = "functional_level_adults_improved_share", "functional_level_children_improved_share"

#: The numbers that follow from indicators of the same persons or families.
DERIVED = (
    # Work or education = work alone + education alone + both.
    Derived(_WORK, _counted(_EITHER), _counted(_WORK)),
    Derived(_EDUCATION, _counted(_EITHER), _counted(_EDUCATION)),
    Derived(_EDUCATION, _counted(_WORK, _EDUCATION), _counted(_EITHER)),
    # On a public benefit = on kontanthjælp + on another benefit.
    Derived("kontanthjaelp_share", _counted("benefit_share"), _counted("kontanthjaelp_share")),
    # All who were rated = adults + children, both of those who improved and of those who did not.
    *(
        Derived(shown, part(_ALL), part(shown), of=other)
        for shown, other in ((_ADULTS, _CHILDREN), (_CHILDREN, _ADULTS))
        for part in (_counted, _rest)
    ),
    # Families that have left = as planned + withdrew + in another way.
    Derived("drop_out_share", _whole("phase_out_share"), _counted("drop_out_share")),
    Derived("phase_out_share", _rest("phase_out_share"), _counted("drop_out_share")),
)
_NAMES = {name for one in DERIVED for name in (*one.names, one.of) if name}


def gives_a_small_number(values: pd.DataFrame, hidden: pd.Series, threshold: int) -> pd.Series:
    """Return which values must be hidden because a small number follows from them and others that are shown.

    Parameters
    ----------
    values
        Columns of ``indicator_value``.
    hidden
        Which of them are hidden already.
    threshold
        Smallest number of persons or families that may be shown.
    """
    found = pd.Series(False, index=values.index)
    linked = values[values["indicator"].isin(_NAMES)].assign(is_told=(values["reason"] == "") & ~hidden)
    for _, rows in linked.groupby(["group", "level", "period"], sort=False):
        told = {row.indicator: row for row in rows.itertuples()}
        for one in DERIVED:
            if one.is_known(told, threshold) and (
                is_small(one.number(told), threshold) or _is_of_few(told.get(one.of), threshold)
            ):
                found[told.pop(one.hides).Index] = True
    return found | _still_the_same(values, found)


def _still_the_same(values: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Return what happens but once by months since the start, where its number now is hidden: it may be the same."""
    once = {name for name, indicator in indicator_catalogue().items() if indicator.basis == "courses"}
    names = set(values.loc[hidden & (values["level"] == "now"), "indicator"]) & once
    return values["indicator"].isin(names) & (values["level"] == "since_start") & (values["reason"] == "")


def _is_of_few(row: Any, threshold: int) -> bool:
    """Return whether a number is that of an indicator that rests on few families."""
    return row is not None and bool(is_small(row.n, threshold))


def _number(row: Any, part: str) -> float:
    return {"counted": row.numerator, "rest": row.denominator - row.numerator, "all": row.denominator}[part]
