"""Check rules for enrolled families: their contact, coordinator, measurements, and what the register says of them."""

import pandas as pd

from helhed.intake.building.canonical import is_among, looked_up
from helhed.intake.clashes import at_same_time, same_as
from helhed.intake.rules.courses import days, home_of, is_unplaced, moved_out, rows_with
from helhed.intake.rules.limits import ADULT_YEARS
from helhed.intake.rules.rule import Rule, overlaps

_TABLE = ("enrolment",)
#: Own choice: how soon after an exit a new start is the same course.
CONTINUED_DAYS = 31


def _is_among_coordinators(m, f):
    return f["coordinator_id"].notna() & ~f["coordinator_id"].isin(m.table("coordinator")["coordinator_id"])


def _home(m, f) -> pd.Series:
    return home_of(m, f["person_id"])


def _has_two(m, f):
    home = _home(m, f)
    return home.duplicated(keep=False) & home.notna()


def _coordinator(m, f, column: str) -> pd.Series:
    known = rows_with(m, "coordinator", column).drop_duplicates("coordinator_id", keep="last")
    return looked_up(f["coordinator_id"], known.set_index("coordinator_id")[column])


def _is_before_coordinator(m, f):
    return f["start_date"] < _coordinator(m, f, "from_date")


def _coordinator_has_left(m, f):
    last = f["exit_date"].fillna(m.last_day).clip(upper=m.last_day)
    return f["start_date"].notna() & (_coordinator(m, f, "to_date") < last)


def _had_no_child(m, f):
    members = m.families.family_member
    born = m.born(members["person_id"]).groupby(members["family_id"]).max()
    youngest = looked_up(home_of(m, f["person_id"]), born)
    return (f["start_date"] - youngest).dt.days / 365.25 >= ADULT_YEARS


def _is_adult_child(m, f):
    members = m.families.family_member[m.families.family_member["is_main_home"].astype(bool)]
    return looked_up(f["person_id"], members.set_index("person_id")["role"]) == "adult_child"


def _moved_without_exit(m, f):
    gone = moved_out(m, f["person_id"])
    return f["start_date"].notna() & f["exit_date"].isna() & (gone <= m.last_day) & (gone >= f["start_date"])


def _still_lives_here(m, f):
    gone = moved_out(m, f["person_id"])
    return (f["exit_reason"] == "moved") & m.is_known(f["person_id"]) & (gone.isna() | (gone > m.last_day))


def _is_continued(m, f):
    placed = f.assign(home=home_of(m, f["person_id"])).dropna(subset=["home", "start_date"])
    ordered = placed.sort_values(["home", "start_date"], kind="stable")
    since = ordered["start_date"] - ordered.groupby("home")["exit_date"].shift()
    return since.between(days(0), days(CONTINUED_DAYS)).reindex(f.index, fill_value=False)


def _reached_nothing(m, f):
    """Return which families left with their goals reached although no line of their plan is done."""
    lines = rows_with(m, "plan_line", "status")
    home, is_done = home_of(m, lines["contact_id"]), lines["status"] == "done"
    mine = home_of(m, f["person_id"])
    return (f["exit_reason"] == "goals_reached") & is_among(mine, home) & ~is_among(mine, home[is_done])


def _measured(m, f) -> tuple[pd.Series, pd.Series]:
    """Return each family's days with a registration and the rows of ``f`` they belong to, by position."""
    rows = m.table("registration")
    day_of = pd.DataFrame({"home": home_of(m, rows["person_id"]), "day": rows["registered_date"]}).dropna()
    wanted = pd.DataFrame({"home": home_of(m, f["person_id"]), "at": range(len(f))}).dropna()
    both = wanted.merge(day_of.drop_duplicates(), on="home")
    return both["day"], both["at"]


def _no_start_measurement(m, f):
    day, at = _measured(m, f)
    window = days(m.profile["monitoring.start_window_days"])
    start = f["start_date"].reset_index(drop=True)
    is_near = (day - looked_up(at, start)).abs() <= window
    has_one = pd.Series(f.index.isin(f.index[at[is_near].unique()]), index=f.index)
    return (f["start_date"] + window <= m.last_day) & ~has_one & bool(len(m.table("registration")))


def _measurement_overdue(m, f):
    day, at = _measured(m, f)
    latest = day.groupby(at).max().reindex(range(len(f))).set_axis(f.index)
    interval = pd.DateOffset(months=m.profile["monitoring.registration_interval_months"])
    due = latest + interval + days(m.profile["monitoring.start_window_days"])
    return f["exit_date"].isna() & f["start_date"].notna() & (due < m.last_day)


def _is_child(m, f):
    age = m.age(f["person_id"], pd.Series(m.last_day, index=f.index))
    return age < ADULT_YEARS


ENROLLED_FAMILY_RULES: tuple[Rule, ...] = (
    Rule("moved_but_still_here", "note", _TABLE, "exit_reason", _still_lives_here, why="exit_reasons"),
    Rule(
        "moved_without_exit",
        "should_fix",
        _TABLE,
        "exit_date",
        _moved_without_exit,
        needs=("start_date",),
        why="still_taking_part",
    ),
    Rule("goals_reached_nothing_done", "note", _TABLE, "exit_reason", _reached_nothing, why="exit_reasons"),
    Rule(
        "started_without_coordinator",
        "should_fix",
        _TABLE,
        "coordinator_id",
        lambda m, f: f["start_date"].notna() & f["coordinator_id"].isna(),
        needs=("start_date",),
        why="one_coordinator",
    ),
    Rule(
        "coordinator_without_place",
        "note",
        _TABLE,
        "coordinator_id",
        lambda m, f: f["coordinator_id"].notna() & f["start_date"].isna() & (f["decision"] != "include"),
        needs=("start_date", "decision"),
        why="hours_used",
    ),
    Rule(
        "unknown_coordinator", "should_fix", _TABLE, "coordinator_id", _is_among_coordinators, why="coordinator_sheet"
    ),
    Rule(
        "started_before_coordinator",
        "should_fix",
        _TABLE,
        "coordinator_id",
        _is_before_coordinator,
        needs=("start_date",),
        why="who_has_family",
    ),
    Rule(
        "coordinator_has_left",
        "should_fix",
        _TABLE,
        "coordinator_id",
        _coordinator_has_left,
        needs=("start_date", "exit_date"),
        why="who_has_family",
    ),
    Rule("contact_is_child", "should_fix", ("enrolment", "meeting"), "person_id", _is_child, why="contact"),
    Rule("contact_is_adult_child", "note", _TABLE, "person_id", _is_adult_child, why="contact"),
    Rule(
        "family_without_child",
        "should_fix",
        _TABLE,
        "person_id",
        _had_no_child,
        needs=("start_date",),
        why="family_with_child",
    ),
    Rule(
        "contact_without_family",
        "should_fix",
        ("enrolment", "meeting"),
        "person_id",
        lambda m, f: is_unplaced(m, f["person_id"]),
        why="links",
    ),
    Rule("enrolled_twice", "should_fix", _TABLE, "person_id", _has_two, why="one_coordinator", beside=same_as(_home)),
    Rule(
        "course_continued",
        "note",
        _TABLE,
        "start_date",
        _is_continued,
        needs=("exit_date",),
        why="own_choice",
        limits={"days": CONTINUED_DAYS},
    ),
    Rule(
        "two_coordinators_at_once",
        "should_fix",
        _TABLE,
        "coordinator_id",
        lambda m, f: overlaps(f.assign(home=_home(m, f)), "home", "exit_date"),
        needs=("start_date", "exit_date"),
        why="one_coordinator",
        beside=at_same_time(_home, "exit_date"),
    ),
    Rule("no_start_measurement", "note", _TABLE, "start_date", _no_start_measurement, why="start_window"),
    Rule(
        "measurement_overdue",
        "note",
        _TABLE,
        "start_date",
        _measurement_overdue,
        needs=("exit_date",),
        why="registration_interval",
    ),
)
