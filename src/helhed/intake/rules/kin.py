"""Check rules for the population register: who is whose mother, father and custody holder."""

import pandas as pd

from helhed.intake.rules.limits import YOUNGEST_PARENT_YEARS
from helhed.intake.rules.register import is_child
from helhed.intake.rules.rule import Rule

#: Age in years at which it calls for no second look that a person is a parent.
_PARENT_USUALLY_FROM = 15
_MOTHER_TO, _FATHER_TO = 55, 80
#: Days between two births by one mother: twins may be born around midnight, and no pregnancy is shorter.
_TWINS_DAYS, _BETWEEN_BIRTHS_DAYS = 2, 180
_MOST_CHILDREN = 12
_MOST_HOLDERS = 2
_HOLDER_FROM = 15


def _gap(m, f, parent: str) -> pd.Series:
    """Return how many years the parent is older than the child."""
    return (f["birth_date"] - m.of_person(f, "born", parent)).dt.days / 365.25


def _too_young(parent: str):
    return lambda m, f: _gap(m, f, parent).between(0, YOUNGEST_PARENT_YEARS, inclusive="neither")


def _very_young(parent: str):
    return lambda m, f: _gap(m, f, parent).between(YOUNGEST_PARENT_YEARS, _PARENT_USUALLY_FROM, inclusive="left")


def _siblings_too_close(_m, f):
    born = f[f["mother_id"].notna() & f["birth_date"].notna()].sort_values(["mother_id", "birth_date"], kind="stable")
    days = born.groupby("mother_id")["birth_date"].diff().dt.days
    is_close = days.between(_TWINS_DAYS, _BETWEEN_BIRTHS_DAYS, inclusive="neither")
    return is_close.reindex(f.index, fill_value=False)


def _many_children(_m, f):
    known = f[f["mother_id"].notna()]
    first = known[(known.groupby("mother_id")["person_id"].transform("nunique") > _MOST_CHILDREN)]
    return pd.Series(f.index.isin(first.index[~first.duplicated("mother_id")]), index=f.index)


def _holders(m, f) -> pd.Series:
    """Return the custody holders one by one, indexed by the row of the child."""
    split = lambda: f["custody_ids"].dropna().str.split(",").explode().str.strip().astype("str")  # noqa: E731
    return m.kept_of(f, "holders", split)


def _any_holder(f, is_so: pd.Series) -> pd.Series:
    return pd.Series(f.index.isin(is_so.index[is_so.to_numpy()]), index=f.index)


def _own_custody(m, f):
    holders = _holders(m, f)
    return _any_holder(f, holders == f["person_id"].reindex(holders.index))


def _holder_unknown(m, f):
    is_stated = f["custody_ids"].notna()
    return is_child(m, f) & is_stated & ~_any_holder(f, m.is_known(_holders(m, f)))


def _holder_is_child(m, f):
    holders = _holders(m, f)
    ages = (m.last_day - m.born(holders)).dt.days / 365.25
    return is_child(m, f) & _any_holder(f, ages < _HOLDER_FROM)


def _holder_is_no_parent(m, f):
    holders = _holders(m, f)
    is_parent = [holders == f[parent].reindex(holders.index) for parent in ("mother_id", "father_id")]
    has_parents = f["mother_id"].notna() & f["father_id"].notna()
    return is_child(m, f) & has_parents & _any_holder(f, ~(is_parent[0] | is_parent[1]))


def _many_holders(m, f):
    return (_holders(m, f).groupby(level=0).nunique() > _MOST_HOLDERS).reindex(f.index, fill_value=False)


_PERSON = ("person",)

KIN_RULES: tuple[Rule, ...] = (
    Rule(
        "own_parent",
        "should_fix",
        _PERSON,
        "mother_id",
        lambda m, f: (f["mother_id"] == f["person_id"]) | (f["father_id"] == f["person_id"]),
        why="impossible",
    ),
    Rule(
        "same_parents",
        "should_fix",
        _PERSON,
        "father_id",
        lambda m, f: f["mother_id"] == f["father_id"],
        why="impossible",
    ),
    *(
        Rule(
            "parent_not_older",
            "should_fix",
            _PERSON,
            parent,
            lambda m, f, parent=parent: (_gap(m, f, parent) <= 0) & (f[parent] != f["person_id"]),
            why="impossible",
        )
        for parent in ("mother_id", "father_id")
    ),
    *(
        Rule(
            code,
            "should_fix",
            _PERSON,
            parent,
            _too_young(parent),
            limits={"limit": YOUNGEST_PARENT_YEARS},
            why="own_choice",
        )
        for code, parent in (("young_mother", "mother_id"), ("young_father", "father_id"))
    ),
    *(
        Rule(
            "parent_under_15",
            "note",
            _PERSON,
            parent,
            _very_young(parent),
            limits={"limit": _PARENT_USUALLY_FROM},
            why="own_choice",
        )
        for parent in ("mother_id", "father_id")
    ),
    Rule(
        "old_mother",
        "note",
        _PERSON,
        "mother_id",
        lambda m, f: _gap(m, f, "mother_id") > _MOTHER_TO,
        limits={"limit": _MOTHER_TO},
        why="own_choice",
    ),
    Rule(
        "old_father",
        "note",
        _PERSON,
        "father_id",
        lambda m, f: _gap(m, f, "father_id") > _FATHER_TO,
        limits={"limit": _FATHER_TO},
        why="own_choice",
    ),
    Rule(
        "mother_is_man",
        "note",
        _PERSON,
        "mother_id",
        lambda m, f: m.of_person(f, "sex", "mother_id") == "m",
        why="unusual",
    ),
    Rule(
        "father_is_woman",
        "note",
        _PERSON,
        "father_id",
        lambda m, f: m.of_person(f, "sex", "father_id") == "f",
        why="unusual",
    ),
    Rule(
        "siblings_too_close",
        "should_fix",
        _PERSON,
        "birth_date",
        _siblings_too_close,
        needs=("mother_id",),
        limits={"limit": _BETWEEN_BIRTHS_DAYS},
        why="own_choice",
    ),
    Rule(
        "many_children",
        "note",
        _PERSON,
        "mother_id",
        _many_children,
        limits={"limit": _MOST_CHILDREN},
        why="own_choice",
    ),
    Rule(
        "no_parents",
        "note",
        _PERSON,
        "mother_id",
        lambda m, f: is_child(m, f) & f["mother_id"].isna() & f["father_id"].isna(),
        why="families",
    ),
    Rule(
        "no_father",
        "note",
        _PERSON,
        "father_id",
        lambda m, f: is_child(m, f) & f["mother_id"].notna() & f["father_id"].isna(),
        why="families",
    ),
    # custody
    Rule(
        "no_custody",
        "note",
        _PERSON,
        "custody_ids",
        lambda m, f: is_child(m, f) & f["custody_ids"].isna(),
        why="custody",
    ),
    Rule("own_custody", "should_fix", _PERSON, "custody_ids", _own_custody, why="custody"),
    Rule("no_custody_holder_known", "note", _PERSON, "custody_ids", _holder_unknown, why="custody"),
    Rule(
        "custody_holder_is_child",
        "should_fix",
        _PERSON,
        "custody_ids",
        _holder_is_child,
        limits={"limit": _HOLDER_FROM},
        why="own_choice",
    ),
    Rule(
        "custody_holder_no_parent",
        "note",
        _PERSON,
        "custody_ids",
        _holder_is_no_parent,
        needs=("mother_id", "father_id"),
        why="unusual",
    ),
    Rule(
        "many_custody_holders",
        "should_fix",
        _PERSON,
        "custody_ids",
        _many_holders,
        limits={"limit": _MOST_HOLDERS},
        why="custody",
    ),
)
