"""Check rules for the coordinators: hours, competences, authority, period in the role, and whom they have."""

import pandas as pd

from helhed.intake.building.canonical import is_among, looked_up
from helhed.intake.exports.preset import of_table
from helhed.intake.reading.spelling import plain
from helhed.intake.rules.courses import FAR, courses, days, home_of, rows_with
from helhed.intake.rules.material import Material
from helhed.intake.rules.rule import Place, Rule, WholeRule

_TABLE = ("coordinator",)
#: Own choices: hours below which nobody can follow a family, and how long a new coordinator may be without one.
FEWEST_HOURS, UNUSED_DAYS, FULL_TIME_HOURS = 5, 90, 37


def _is_in_role(m, f):
    return ~(f["to_date"] < m.last_day) & ~(f["from_date"] > m.last_day)


def _n_families(m) -> pd.Series:
    """Return how many families each coordinator has on the last day of the data period."""
    rows = rows_with(m, "enrolment", "start_date", "exit_date", "coordinator_id")
    is_here = (rows["start_date"] <= m.last_day) & (rows["exit_date"].fillna(FAR) > m.last_day)
    return rows[is_here].groupby("coordinator_id").size().astype("float64")


def _above_limit(m, f):
    posts = f["weekly_hours"] / FULL_TIME_HOURS
    n = looked_up(f["coordinator_id"], _n_families(m)).fillna(0)
    return (f["weekly_hours"] > 0) & (n > posts * m.profile["staffing.families_per_post_limit"])


def _never_used(m, f):
    used = rows_with(m, "enrolment", "coordinator_id")["coordinator_id"]
    is_new = m.last_day - f["from_date"] < days(UNUSED_DAYS)
    return ~is_among(f["coordinator_id"], used) & ~is_new & bool(used.notna().any())


def _district_unknown(m, f):
    known = {plain(name) for name in rows_with(m, "person", "district")["district"].dropna().unique()}
    given = f["district"].dropna().map(plain)
    return (~given.isin(known)).reindex(f.index, fill_value=False) & bool(known)


def _spelt_twice(_m, f):
    bare = f["coordinator_id"].str.casefold().str.replace(r"[\W_]", "", regex=True)
    n_spellings = f["coordinator_id"].groupby(bare).transform("nunique")
    return n_spellings > 1


def _files(m: Material) -> list[tuple[str, str]]:
    """Return file and sheet of each export of coordinators that holds rows."""
    known = of_table(m.presets, "coordinator")
    return [(m.frames[n]["file_"].iloc[0], p.sheet) for n, p in known.items() if len(m.frames[n])]


def _nobody_has_authority(m: Material) -> list[Place]:
    rows = rows_with(m, "coordinator", "has_authority")
    expects_it = m.profile["staffing.organisation"] in ("cross_team", "taskforce")
    has_none = len(rows) and not rows["has_authority"].fillna(False).any()
    return [Place(file, sheet=sheet) for file, sheet in _files(m) if expects_it and has_none]


def _nobody_in_role(m: Material) -> list[Place]:
    rows = rows_with(m, "coordinator", "from_date", "to_date")
    has_families = (courses(m)["exit_date"] > m.last_day).any()
    return [Place(file, sheet=sheet) for file, sheet in _files(m) if has_families and not _is_in_role(m, rows).any()]


def _districts_without(m: Material) -> list[Place]:
    """Return a place for each district with families taking part but no coordinator, if districts are used at all."""
    rows = rows_with(m, "coordinator", "district", "from_date", "to_date")
    covered = {plain(name) for name in rows[_is_in_role(m, rows)]["district"].dropna()}
    enrolled = rows_with(m, "enrolment", "start_date", "exit_date")
    is_here = (enrolled["start_date"] <= m.last_day) & (enrolled["exit_date"].fillna(FAR) > m.last_day)
    district_of = m.families.family.set_index("family_id")["district"]
    names = looked_up(home_of(m, enrolled[is_here]["person_id"]), district_of).dropna().unique()
    lacking = [name for name in sorted(names) if plain(name) not in covered]
    return [Place(file, name, sheet=sheet) for file, sheet in _files(m) for name in lacking if covered]


COORDINATOR_RULES: tuple[Rule | WholeRule, ...] = (
    Rule(
        "coordinator_ends_before_start",
        "should_fix",
        _TABLE,
        "to_date",
        lambda m, f: f["to_date"] < f["from_date"],
        needs=("from_date",),
        why="impossible",
    ),
    Rule(
        "coordinator_absence_reversed",
        "should_fix",
        _TABLE,
        "absent_to_date",
        lambda m, f: f["absent_to_date"] < f["absent_from_date"],
        needs=("absent_from_date",),
        why="team_hours",
    ),
    Rule(
        "coordinator_without_start", "note", _TABLE, "from_date", lambda m, f: f["from_date"].isna(), why="team_hours"
    ),
    Rule(
        "coordinator_not_yet", "note", _TABLE, "from_date", lambda m, f: f["from_date"] > m.last_day, why="team_hours"
    ),
    Rule(
        "coordinator_without_hours",
        "should_fix",
        _TABLE,
        "weekly_hours",
        lambda m, f: f["weekly_hours"] == 0,
        why="hours_used",
    ),
    Rule(
        "coordinator_few_hours",
        "note",
        _TABLE,
        "weekly_hours",
        lambda m, f: (f["weekly_hours"] > 0) & (f["weekly_hours"] < FEWEST_HOURS),
        why="own_choice",
        limits={"hours": FEWEST_HOURS},
    ),
    Rule(
        "coordinator_above_limit",
        "note",
        _TABLE,
        "coordinator_id",
        _above_limit,
        needs=("weekly_hours",),
        why="posts_limit",
    ),
    Rule(
        "coordinator_never_used",
        "note",
        _TABLE,
        "coordinator_id",
        _never_used,
        needs=("from_date",),
        why="own_choice",
        limits={"days": UNUSED_DAYS},
    ),
    Rule("coordinator_spelt_twice", "should_fix", _TABLE, "coordinator_id", _spelt_twice, why="spelling"),
    Rule("coordinator_unknown_district", "should_fix", _TABLE, "district", _district_unknown, why="matching"),
    Rule(
        "coordinator_no_competences",
        "note",
        _TABLE,
        "competences",
        lambda m, f: f["competences"].isna(),
        why="matching",
    ),
    Rule("coordinator_no_languages", "note", _TABLE, "languages", lambda m, f: f["languages"].isna(), why="matching"),
    WholeRule("nobody_has_authority", "note", _TABLE, _nobody_has_authority, why="organisation"),
    WholeRule("nobody_in_role", "should_fix", _TABLE, _nobody_in_role, why="team_hours"),
    WholeRule("district_without_coordinator", "note", _TABLE, _districts_without, why="district"),
)
