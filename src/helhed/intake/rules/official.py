"""Check rules for official figures: what Jobindsats and StatBank publish against the municipality's own export."""

from collections.abc import Iterator

import pandas as pd

from helhed.intake.exports.preset import of_table
from helhed.intake.rules.material import Material
from helhed.intake.rules.rule import Place, Rule, WholeRule
from helhed.intake.shown_values import as_written

_TABLE = ("official_figure",)
#: Own choices: how far the export may be from the published number, of months with at least this many persons.
DEVIATION_SHARE, FEWEST_PERSONS = 0.15, 20


def _own_persons(m: Material) -> pd.Series:
    """Return how many persons the municipality's own export has by benefit and month."""
    weeks = m.table("benefit_week")
    months = weeks["week"].dt.to_period("M").dt.to_timestamp()
    rows = pd.DataFrame({"series": weeks["benefit"], "month": months, "person_id": weeks["person_id"]})
    return rows.drop_duplicates().groupby(["series", "month"]).size().astype("float64")


def _mine(m, f) -> pd.Series:
    own = m.kept(("official",), lambda: _own_persons(m))
    wanted = pd.MultiIndex.from_arrays([f["series"], f["period_start"]])
    return pd.Series(own.reindex(wanted).to_numpy(), index=f.index)


def _is_comparable(m, f) -> pd.Series:
    """Return which figures count persons of a month inside the period of the own area, enough of them."""
    is_inside = f["period_start"].between(m.first_day, m.last_day)
    is_own = f["area_code"] == m.profile.municipality_code
    has_weeks = bool(len(m.table("benefit_week")))
    is_month = (f["period_kind"] == "month") & (f["unit"] == "persons")
    return is_inside & is_own & is_month & (f["value"] >= FEWEST_PERSONS) & has_weeks


def _deviating(m: Material) -> Iterator[Place]:
    """Return a place for each figure from which the municipality's own export is far; the message tells both."""
    for name, preset in of_table(m.presets, "official_figure").items():
        f = m.frames[name]
        if f.empty or not {*_NEEDS, "value"} <= set(f):
            continue
        own = _mine(m, f)
        is_far = _is_comparable(m, f) & ((own - f["value"]).abs() > DEVIATION_SHARE * f["value"])
        for row, mine in zip(f[is_far].itertuples(), own[is_far], strict=True):
            details = {"own": int(mine), "month": f"{row.period_start:%Y-%m}"}
            column = preset.heading_of_turned(row.unit) if preset.unpivot else preset.heading_of("value")
            yield Place(row.file_, as_written(row.value, None), details, preset.sheet, int(row.row_), column)


def _of_others_alone(m, f):
    """Return which figures are of another municipality while the own is missing; beside the own they are wanted."""
    is_own = f["area_code"] == m.profile.municipality_code
    return ~is_own & ~f["series"].isin(f.loc[is_own, "series"])


def _not_exported(m, f):
    delivered = set(m.table("benefit_week")["benefit"].dropna().unique())
    return _is_comparable(m, f) & ~f["series"].isin(delivered)


_NEEDS = ("area_code", "series", "period_start", "period_kind", "unit")
OFFICIAL_RULES: tuple[Rule | WholeRule, ...] = (
    WholeRule(
        "official_deviates",
        "should_fix",
        _TABLE,
        _deviating,
        why="official_deviates",
        limits={"percent": int(100 * DEVIATION_SHARE)},
    ),
    Rule(
        "official_not_exported", "should_fix", _TABLE, "series", _not_exported, needs=(*_NEEDS, "value"), why="official"
    ),
    Rule(
        "official_other_area",
        "should_fix",
        _TABLE,
        "area_code",
        _of_others_alone,
        why="official",
    ),
    Rule(
        "official_outside_period",
        "note",
        _TABLE,
        "period_start",
        lambda m, f: ~f["period_start"].between(m.first_day, m.last_day),
        why="period",
    ),
    Rule(
        "official_no_whole_number",
        "note",
        _TABLE,
        "value",
        lambda m, f: (f["unit"] == "persons") & (f["value"] % 1 != 0),
        needs=("unit",),
        why="official_units",
    ),
)
