"""Check rules for what measures are called, cost and rest on."""

import pandas as pd

from helhed.intake.rules.rule import Rule

_HIGH_PRICE_DKK = 400_000
#: A price this many times above or below what the type usually costs is a yearly or a daily price.
_TIMES = 10
#: With fewer prices than this, nothing is usual for a type.
_ENOUGH = 5


def _times_usual(m, f) -> pd.Series:
    """Return the price as a multiple of the middle price of the same type of measure in the export."""

    def made():
        prices = f["price_per_month_dkk"].where(f["price_per_month_dkk"] > 0)
        of_type = prices.groupby(f["measure_type"])
        usual = of_type.transform("median").where(of_type.transform("count") >= _ENOUGH)
        return prices / usual

    return m.kept_of(f, "times_usual", made)


_MEASURE = ("measure",)

PRICE_RULES: tuple[Rule, ...] = (
    Rule("unknown_measure_type", "note", _MEASURE, "measure_type", lambda m, f: ~f["is_listed_type"], why="groups"),
    Rule(
        "no_price",
        "note",
        _MEASURE,
        "price_per_month_dkk",
        lambda m, f: ~(f["price_per_month_dkk"] > 0),
        why="money",
    ),
    Rule(
        "very_high_price",
        "should_fix",
        _MEASURE,
        "price_per_month_dkk",
        lambda m, f: f["price_per_month_dkk"] > _HIGH_PRICE_DKK,
        limits={"limit_dkk": _HIGH_PRICE_DKK},
        why="own_choice",
    ),
    Rule(
        "price_far_above_usual",
        "should_fix",
        _MEASURE,
        "price_per_month_dkk",
        lambda m, f: (_times_usual(m, f) > _TIMES) & (f["price_per_month_dkk"] <= _HIGH_PRICE_DKK),
        limits={"limit": _TIMES},
        why="own_choice",
    ),
    Rule(
        "price_far_below_usual",
        "should_fix",
        _MEASURE,
        "price_per_month_dkk",
        lambda m, f: _times_usual(m, f) < 1 / _TIMES,
        limits={"limit": _TIMES},
        why="own_choice",
    ),
    Rule(
        "placement_without_section",
        "note",
        _MEASURE,
        "section",
        lambda m, f: (f["measure_group"] == "placement") & f["section"].isna(),
        why="complete",
    ),
    Rule(
        "placement_without_provider",
        "note",
        _MEASURE,
        "provider",
        lambda m, f: (f["measure_group"] == "placement") & f["provider"].isna(),
        why="complete",
    ),
)
