"""Check rules for several payments of one benefit in one week: rows are added up, and some take others back."""

from collections.abc import Iterator

import pandas as pd

from helhed.intake.building.repeats import exact_copies
from helhed.intake.clashes import alike, same_as
from helhed.intake.rules.material import Material
from helhed.intake.rules.rule import Place, Rule, WholeRule

_WEEK = ["person_id", "week", "benefit"]
#: Less than this below zero is rounding.
_ROUNDING_DKK = 0.5


def _below_zero(_m: Material, f: pd.DataFrame) -> pd.Series:
    """Return the last row of each week in which more of a benefit, or of its refund, was taken back than paid."""
    is_taken_back = (f["paid_dkk"] < 0) | (f["refund_dkk"] < 0)
    # Only weeks of somebody of whom something was taken back can be below zero: mostly few, or none.
    concerned = f[f["person_id"].isin(f.loc[is_taken_back, "person_id"])]
    counted = concerned[~exact_copies(concerned)]
    sums = counted.groupby(_WEEK)[["paid_dkk", "refund_dkk"]].transform("sum")
    is_below = (sums < -_ROUNDING_DKK).any(axis=1)
    last = ~counted.duplicated(_WEEK, keep="last")
    return (is_below & last).reindex(f.index, fill_value=False)


def _added_up(m: Material) -> Iterator[Place]:
    """Return a place for each file in which rows of the same person, week and benefit hold different amounts."""
    for source, frame in m.frames.items():
        if m.presets[source].table != "benefit_week" or frame.empty:
            continue
        several = frame[frame.duplicated(_WEEK, keep=False)]
        several = several[~exact_copies(several)]
        several = several[several.duplicated(_WEEK, keep=False)]
        is_other = several.groupby(_WEEK)["paid_dkk"].transform("nunique") > 1
        for file, rows in several[is_other].groupby("file_", observed=True):
            n_negative = int((rows["paid_dkk"] < 0).sum())
            yield Place(str(file), details={"n": len(rows), "negative": n_negative})


PAYMENT_RULES: tuple[Rule | WholeRule, ...] = (
    Rule(
        "week_below_zero",
        "should_fix",
        ("benefit_week",),
        "paid_dkk",
        _below_zero,
        needs=("refund_dkk",),
        why="money",
        beside=same_as(alike(*_WEEK)),
    ),
    WholeRule("payments_added_up", "note", ("benefit_week",), lambda m: list(_added_up(m)), why="money"),
)
