"""Check rules across tables: what one export says against what another says of the same person or family."""

import pandas as pd

from helhed.intake.building.canonical import is_among
from helhed.intake.exports.preset import of_table
from helhed.intake.rules.courses import home_of, rows_with
from helhed.intake.rules.material import Material
from helhed.intake.rules.rule import KEY, Rule
from helhed.tables import tables

#: Tables that show what a family meets in the municipality.
_RECORDS = ("benefit_week", "benefit_spell", "child_case", "measure", "absence", "health", "housing")
#: Own choices: hours of activation a week, and paid hours a month, that do not go together.
ACTIVE_HOURS, PAID_HOURS = 25, 140


def _persons_with_records(m: Material) -> pd.Series:
    parts = [m.frames[name]["person_id"] for table in _RECORDS for name in of_table(m.presets, table)]
    return pd.concat([part.drop_duplicates() for part in parts if len(part)] or [pd.Series(dtype="str")])


def _without_records(m, f):
    home = home_of(m, f["person_id"])
    with_records = home_of(m, m.kept(("with records",), lambda: _persons_with_records(m)))
    return f["start_date"].notna() & home.notna() & ~is_among(home, with_records)


def _in_two_exports(m, f):
    """Return which rows have a key that an export read earlier has too: that one counts."""
    known = _known_before(m, f)
    if known.empty:
        return pd.Series(False, index=f.index)
    return pd.Series(pd.MultiIndex.from_frame(f[list(known.index.names)]).isin(known.index), index=f.index)


def _where_before(m, f, hits: pd.Index) -> list[str]:
    """Return for each row that does not count the row that does, with its file."""
    known = _known_before(m, f)
    at = known.index.get_indexer(pd.MultiIndex.from_frame(f.loc[hits, list(known.index.names)]))
    return [f"{row} ({place})" for row, place in known.iloc[at].itertuples(index=False)]


def _known_before(m: Material, f: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of each key in the exports of the same table read earlier: ``row_`` and place, by key."""
    table = m.preset_of(f).table
    key = list(tables()[table].key) if table in tables() else []
    names = list(of_table(m.presets, table))
    mine = next(i for i, name in enumerate(names) if m.frames[name] is f)
    frames = {name: m.frames[name] for name in names[:mine] if key and {*key} <= {*m.frames[name]}}
    earlier = [
        rows[[*key, "row_"]].assign(place=", ".join(part for part in (rows["file_"].iloc[0], sheet) if part))
        for rows, sheet in ((rows, m.presets[name].sheet) for name, rows in frames.items() if len(rows))
    ]
    if not earlier or not {*key} <= {*f}:
        return pd.DataFrame()
    known = pd.concat(earlier).drop_duplicates(key)
    return known[["row_", "place"]].set_axis(pd.MultiIndex.from_frame(known[key]))


def _activation_beside_work(m, f):
    """Return which weekly measures of many hours run through a month with nearly full paid work."""
    work = rows_with(m, "employment", "hours")
    full = work[work["hours"] >= PAID_HOURS][["person_id", "month"]]
    busy = f[f["measure_group"].isin(["activation", "work_based"]) & (f["hours_per_week"] >= ACTIVE_HOURS)]
    end = busy["end_date"].fillna(m.last_day)
    spans = pd.DataFrame({"person_id": busy["person_id"], "at": busy.index, "first": busy["start_date"], "last": end})
    both = spans.merge(full, on="person_id")
    inside = both[(both["month"] >= both["first"]) & (both["month"] + pd.offsets.MonthEnd(0) <= both["last"])]
    return pd.Series(f.index.isin(inside["at"]), index=f.index)


def _without_case(m, f):
    """Return which placements are of a child without any case, open or closed."""
    cases = m.table("child_case")["person_id"]
    return (
        (f["measure_group"] == "placement")
        & f["person_id"].notna()
        & ~is_among(f["person_id"], cases)
        & bool(len(cases))
    )


def _is_no_parent(m, f):
    register = rows_with(m, "person", "mother_id", "father_id")
    parents = pd.concat([register["mother_id"], register["father_id"]])
    home = home_of(m, f["person_id"])
    has_parent = home_of(m, parents.dropna().drop_duplicates())
    return home.notna() & is_among(home, has_parent) & ~is_among(f["person_id"], parents)


CROSS_RULES: tuple[Rule, ...] = (
    Rule(
        "enrolled_without_records",
        "note",
        ("enrolment",),
        "person_id",
        _without_records,
        needs=("start_date",),
        why="known_family",
    ),
    Rule("contact_no_parent", "note", ("enrolment",), "person_id", _is_no_parent, why="contact"),
    Rule(
        "in_two_exports",
        "should_fix",
        ("person", "employment", "child_case", "absence", "daycare", "leisure", "health", "housing", "benefit_spell"),
        KEY,
        _in_two_exports,
        why="twice",
        beside=_where_before,
    ),
    Rule(
        "activation_beside_work",
        "note",
        ("measure",),
        "hours_per_week",
        _activation_beside_work,
        needs=("start_date", "end_date"),
        why="own_choice",
        limits={"hours": ACTIVE_HOURS, "paid": PAID_HOURS},
    ),
    Rule("placement_without_case", "note", ("measure",), "person_id", _without_case, why="placement_case"),
)
