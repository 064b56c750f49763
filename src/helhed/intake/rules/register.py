"""Check rules for the population register: dates, sex, addresses and districts."""

import pandas as pd

from helhed.intake.building.canonical import is_among
from helhed.intake.rules.limits import ADULT_YEARS
from helhed.intake.rules.places import filled, place_of
from helhed.intake.rules.rule import Rule, WholeRule

_OLDEST_YEARS = 110
#: More residents than this at one address are an institution, or an address that stands for "unknown".
_CROWD = 12
#: With at least so many persons, a register says something of itself.
_MANY = 100
_FIRST_JANUARY = 0.15


def age_now(m, f: pd.DataFrame) -> pd.Series:
    """Return the age in years of the register's persons on the last day of the data period."""
    return (m.last_day - f["birth_date"].fillna(f["cpr_birth_date"])).dt.days / 365.25


def is_child(m, f: pd.DataFrame) -> pd.Series:
    """Return who is under 18 on the last day of the data period."""
    return age_now(m, f) < ADULT_YEARS


def is_here(m, f: pd.DataFrame) -> pd.Series:
    """Return who has not moved out on the last day of the data period."""
    return f["to_date"].isna() | (f["to_date"] > m.last_day)


def _other_sex(_m, f):
    return f["sex"].isin(["f", "m"]) & f["cpr_sex"].notna() & (f["sex"] != f["cpr_sex"])


def _without_adult(m, f):
    adults = f.loc[~is_child(m, f) & is_here(m, f), "address_id"]
    return is_child(m, f) & is_here(m, f) & f["address_id"].notna() & ~is_among(f["address_id"], adults)


def _other_district(_m, f):
    first = f.groupby("address_id")["district"].transform("first")
    return f["address_id"].notna() & f["district"].notna() & (f["district"] != first)


def _lacks_district(_m, f):
    return f["district"].isna() & f["address_id"].notna() & (f["district"].notna().mean() > 0.5)


def _crowded(m, f):
    here = f[is_here(m, f) & f["address_id"].notna()]
    first = here[(here.groupby("address_id")["person_id"].transform("size") > _CROWD) & ~here.duplicated("address_id")]
    return pd.Series(f.index.isin(first.index), index=f.index)


def _second_home_unknown(m, f):
    return is_child(m, f) & f["second_address_id"].notna() & ~is_among(f["second_address_id"], f["address_id"])


def _second_home_of_others(m, f):
    is_known = is_child(m, f) & is_among(f["second_address_id"], f["address_id"])
    parents = [m.of_person(f, "address_id", parent) for parent in ("mother_id", "father_id")]
    is_parents = (parents[0] == f["second_address_id"]) | (parents[1] == f["second_address_id"])
    has_parents = parents[0].notna() & parents[1].notna()
    return is_known & has_parents & ~is_parents & (f["second_address_id"] != f["address_id"])


def _registers(m):
    return [(preset, frame) for preset, frame in filled(m, ("person",)) if len(frame) >= _MANY]


def _no_infants(m):
    return [place_of(m, preset) for preset, frame in _registers(m) if not (age_now(m, frame) < 1).any()]


def _nobody_moved_in(m):
    year_before = m.last_day - pd.DateOffset(years=1)
    return [
        place_of(m, preset, f"{frame['from_date'].max():%d-%m-%Y}")
        for preset, frame in _registers(m)
        if frame["from_date"].notna().any() and frame["from_date"].max() < year_before
    ]


def _first_january(m):
    places = []
    for preset, frame in _registers(m):
        born = frame["birth_date"].dropna()
        share = ((born.dt.month == 1) & (born.dt.day == 1)).mean() if len(born) else 0.0
        places += [place_of(m, preset, details={"share": round(100 * share)})] if share > _FIRST_JANUARY else []
    return places


_PERSON = ("person",)

REGISTER_RULES: tuple[Rule | WholeRule, ...] = (
    # dates
    Rule(
        "born_after_period",
        "should_fix",
        _PERSON,
        "birth_date",
        lambda m, f: f["birth_date"] > m.last_day,
        why="period",
    ),
    Rule("no_birth_date", "note", _PERSON, "birth_date", lambda m, f: f["birth_date"].isna(), why="complete"),
    Rule(
        "not_born_as_cpr_says",
        "should_fix",
        _PERSON,
        "birth_date",
        lambda m, f: (f["birth_date"] != f["cpr_birth_date"]) & f["birth_date"].notna() & f["cpr_birth_date"].notna(),
        why="wrong_person",
    ),
    Rule(
        "older_than_110",
        "should_fix",
        _PERSON,
        "birth_date",
        lambda m, f: age_now(m, f) > _OLDEST_YEARS,
        limits={"limit": _OLDEST_YEARS},
        why="own_choice",
    ),
    Rule(
        "moved_out_before_in",
        "should_fix",
        _PERSON,
        "to_date",
        lambda m, f: f["to_date"] < f["from_date"],
        why="impossible",
    ),
    Rule(
        "left_before_birth",
        "should_fix",
        _PERSON,
        "to_date",
        lambda m, f: f["to_date"] < f["birth_date"],
        why="impossible",
    ),
    Rule(
        "resident_before_birth",
        "note",
        _PERSON,
        "from_date",
        lambda m, f: f["from_date"] < f["birth_date"],
        why="impossible",
    ),
    Rule(
        "moved_in_after_period",
        "note",
        _PERSON,
        "from_date",
        lambda m, f: f["from_date"] > m.last_day,
        why="period",
    ),
    Rule("moves_out_after_period", "note", _PERSON, "to_date", lambda m, f: f["to_date"] > m.last_day, why="period"),
    WholeRule("no_infants", "note", _PERSON, _no_infants, limits={"many": _MANY}, why="old_extract"),
    WholeRule("nobody_moved_in", "note", _PERSON, _nobody_moved_in, limits={"many": _MANY}, why="old_extract"),
    WholeRule(
        "many_born_first_january",
        "note",
        _PERSON,
        _first_january,
        limits={"limit": round(100 * _FIRST_JANUARY), "many": _MANY},
        why="own_choice",
    ),
    # sex, addresses and districts
    Rule("sex_not_as_cpr_says", "note", _PERSON, "sex", _other_sex, needs=("cpr_sex",), why="sex_digit"),
    Rule("sex_not_stated", "note", _PERSON, "sex", lambda m, f: f["sex"] == "u", why="complete"),
    Rule(
        "unplaced_person",
        "should_fix",
        _PERSON,
        "person_id",
        lambda m, f: ~is_among(f["person_id"], m.family_of.index),
        why="families",
    ),
    Rule("no_address", "note", _PERSON, "address_id", lambda m, f: f["address_id"].isna(), why="families"),
    Rule("no_adult_at_address", "note", _PERSON, "address_id", _without_adult, why="families"),
    Rule("crowded_address", "note", _PERSON, "address_id", _crowded, limits={"limit": _CROWD}, why="own_choice"),
    Rule("two_districts", "should_fix", _PERSON, "district", _other_district, needs=("address_id",), why="district"),
    Rule("no_district", "note", _PERSON, "district", _lacks_district, needs=("address_id",), why="district"),
    Rule(
        "second_home_of_adult",
        "note",
        _PERSON,
        "second_address_id",
        lambda m, f: ~is_child(m, f) & f["second_address_id"].notna(),
        why="families",
    ),
    Rule(
        "second_home_is_first",
        "should_fix",
        _PERSON,
        "second_address_id",
        lambda m, f: f["second_address_id"] == f["address_id"],
        why="families",
    ),
    Rule("second_home_unknown", "note", _PERSON, "second_address_id", _second_home_unknown, why="families"),
    Rule("second_home_of_others", "note", _PERSON, "second_address_id", _second_home_of_others, why="families"),
)
