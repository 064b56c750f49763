"""Check rules for child cases."""

import pandas as pd

from helhed.intake.building.canonical import is_among
from helhed.intake.clashes import alike, at_same_time
from helhed.intake.rules.limits import ADULT_YEARS, BARNETS_LOV, BARNETS_LOV_YEARS, YOUNG_TO
from helhed.intake.rules.rule import Rule, overlaps

_PREGNANCY_DAYS = 280
#: First and last section of the chapter of Barnets lov that a type of case belongs to.
_SECTIONS = {
    "underretning": (132, 138), "screening": (18, 27), "afdaekning": (18, 27), "boernefaglig_undersoegelse": (18, 27),
    "barnets_plan": (91, 94), "ungeplan": (108, 123), "handicap": (80, 90),
}  # fmt: skip
EXAMINATION_MONTHS = 4
_NOTIFICATION_DAYS = 183
_MOVED_DAYS = 183
_PLAN_WITHOUT_MEASURE_DAYS = 183
#: A case is closed within three months after the 18th birthday.
_AFTER_BIRTHDAY_YEARS = 0.25
#: Types that go on after the 18th birthday.
_OF_THE_YOUNG = ("ungeplan", "handicap")


def law_and_number(m, f) -> pd.DataFrame:
    """Return what each row's section of law says: ``number``, ``is_old_law``, ``is_barnets_lov``, ``has_law``."""

    def made():
        written = f["section"].str.casefold()
        law = written.str.replace(r"§+|\b(?:stk|nr|pkt|litra|jf|og|kap)\b|\b[a-z]\b|[^a-zæøå]", "", regex=True)
        return pd.DataFrame(
            {
                "number": pd.to_numeric(written.str.extract(r"(\d+)")[0]),
                "is_old_law": written.str.contains(r"serviceloven|social service|\bsel\b", regex=True),
                "is_barnets_lov": written.str.contains(r"barnets lov|\bbl\b", regex=True),
                "has_law": law.str.len() > 0,
            }
        )

    return m.kept_of(f, "law", made)


def law_without_name(m, f):
    """Return which rows name a section but not its law."""
    law = law_and_number(m, f)
    return law["number"].notna() & (law["has_law"] == False)  # noqa: E712


def old_law(m, f):
    """Return which rows begin under Barnets lov but name the law for children before it."""
    is_for_child = f["department"] == "children" if "department" in f else True
    return law_and_number(m, f)["is_old_law"] & (f["start_date"] >= BARNETS_LOV) & is_for_child


def _other_chapter(m, f):
    law = law_and_number(m, f)
    low, high = (f["case_type"].map({kind: limits[i] for kind, limits in _SECTIONS.items()}) for i in (0, 1))
    return law["is_barnets_lov"] & ((law["number"] < low) | (law["number"] > high))


def _open_days(m, f) -> pd.Series:
    """Return how many days each case was open, up to the last day of the data period."""
    return (f["end_date"].fillna(m.last_day).clip(upper=m.last_day) - f["start_date"]).dt.days


def _age_at_end(m, f) -> pd.Series:
    return (m.last_day - m.of_person(f, "born")).dt.days / 365.25


def _is_open(m, f) -> pd.Series:
    return (f["status"] == "open") & f["end_date"].isna() & (f["start_date"] <= m.last_day)


def _two_at_once(_m, f):
    cases = f[f["case_type"] != "underretning"].drop_duplicates("case_id")
    same = overlaps(cases.assign(same=cases["person_id"] + "|" + cases["case_type"]), "same")
    return same.reindex(f.index, fill_value=False)


def _plan_without_measure(m, f):
    measures = m.table("measure")
    if measures.empty:
        return pd.Series(False, index=f.index)
    is_plan = (f["case_type"] == "barnets_plan") & _is_open(m, f) & (_open_days(m, f) > _PLAN_WITHOUT_MEASURE_DAYS)
    return is_plan & ~is_among(f["person_id"], measures["person_id"])


def _opened_late(m, f):
    age = m.age_in(f, "start_date")
    return (age >= ADULT_YEARS) & (age < YOUNG_TO) & ~f["case_type"].isin(_OF_THE_YOUNG)


def _open_past_18(m, f):
    age = _age_at_end(m, f)
    is_past = (age >= ADULT_YEARS + _AFTER_BIRTHDAY_YEARS) & (age < YOUNG_TO)
    return _is_open(m, f) & is_past & ~f["case_type"].isin(_OF_THE_YOUNG) & (m.age_in(f, "start_date") < ADULT_YEARS)


def _open_of_moved(m, f):
    left = m.of_person(f, "to_date")
    return _is_open(m, f) & (left + pd.Timedelta(days=_MOVED_DAYS) < m.last_day) & (f["start_date"] <= left)


def _closed_same_day(_m, f):
    return (f["end_date"] == f["start_date"]) & f["case_type"].isin(["boernefaglig_undersoegelse", "barnets_plan"])


_CASE = ("child_case",)

CASE_RULES: tuple[Rule, ...] = (
    Rule(
        "case_ends_before_start",
        "should_fix",
        _CASE,
        "end_date",
        lambda m, f: f["end_date"] < f["start_date"],
        why="impossible",
    ),
    Rule(
        "closed_without_date",
        "should_fix",
        _CASE,
        "end_date",
        lambda m, f: (f["status"] == "closed") & f["end_date"].isna(),
        why="complete",
    ),
    Rule(
        "open_with_end",
        "should_fix",
        _CASE,
        "status",
        lambda m, f: (f["status"] == "open") & (f["end_date"] <= m.last_day),
        why="impossible",
    ),
    Rule(
        "closed_after_period",
        "should_fix",
        _CASE,
        "end_date",
        lambda m, f: (f["status"] == "closed") & (f["end_date"] > m.last_day),
        why="impossible",
    ),
    Rule(
        "case_before_birth",
        "should_fix",
        _CASE,
        "start_date",
        lambda m, f: f["start_date"] < m.of_person(f, "born") - pd.Timedelta(days=_PREGNANCY_DAYS),
        why="wrong_person",
    ),
    Rule(
        "case_of_adult",
        "should_fix",
        _CASE,
        "start_date",
        lambda m, f: m.age_in(f, "start_date") >= YOUNG_TO,
        limits={"limit": YOUNG_TO},
        why="wrong_person",
    ),
    Rule(
        "case_opened_from_18",
        "note",
        _CASE,
        "start_date",
        _opened_late,
        limits={"limit": ADULT_YEARS},
        why="wrong_person",
    ),
    Rule("open_case_past_18", "note", _CASE, "status", _open_past_18, limits={"limit": ADULT_YEARS}, why="own_choice"),
    Rule(
        "open_case_past_23",
        "should_fix",
        _CASE,
        "status",
        lambda m, f: _is_open(m, f) & (_age_at_end(m, f) >= YOUNG_TO) & (m.age_in(f, "start_date") < YOUNG_TO),
        limits={"limit": YOUNG_TO},
        why="law",
        source="youth-wiki",
    ),
    Rule("case_after_period", "note", _CASE, "start_date", lambda m, f: f["start_date"] > m.last_day, why="period"),
    Rule(
        "case_after_moving",
        "should_fix",
        _CASE,
        "start_date",
        lambda m, f: f["start_date"] > m.of_person(f, "to_date"),
        why="wrong_person",
    ),
    Rule(
        "open_case_of_moved",
        "note",
        _CASE,
        "status",
        _open_of_moved,
        limits={"limit": _MOVED_DAYS},
        why="own_choice",
    ),
    Rule(
        "two_cases_at_once",
        "note",
        _CASE,
        "start_date",
        _two_at_once,
        why="twice",
        beside=at_same_time(alike("person_id", "case_type")),
    ),
    Rule("closed_same_day", "note", _CASE, "end_date", _closed_same_day, why="unusual"),
    Rule(
        "long_examination",
        "note",
        _CASE,
        "start_date",
        lambda m, f: (
            (f["case_type"] == "boernefaglig_undersoegelse") & (_open_days(m, f) > EXAMINATION_MONTHS * 365.25 / 12)
        ),
        limits={"limit": EXAMINATION_MONTHS},
        why="law",
        source="barnets-lov",
    ),
    Rule(
        "long_notification",
        "note",
        _CASE,
        "start_date",
        lambda m, f: (f["case_type"] == "underretning") & (_open_days(m, f) > _NOTIFICATION_DAYS),
        limits={"limit": _NOTIFICATION_DAYS},
        why="own_choice",
    ),
    Rule(
        "plan_without_measure",
        "note",
        _CASE,
        "start_date",
        _plan_without_measure,
        limits={"limit": _PLAN_WITHOUT_MEASURE_DAYS},
        why="own_choice",
    ),
    # section of law
    Rule(
        "case_without_section",
        "note",
        _CASE,
        "section",
        lambda m, f: f["section"].isna() & (f["case_type"] != "underretning"),
        why="complete",
    ),
    Rule("section_without_law", "note", ("child_case", "measure"), "section", law_without_name, why="sections"),
    Rule(
        "old_law",
        "note",
        ("child_case", "measure"),
        "section",
        old_law,
        years=BARNETS_LOV_YEARS,
        why="law",
        source="lovforslag-barnets-lov",
    ),
    Rule(
        "section_of_other_chapter",
        "note",
        _CASE,
        "section",
        _other_chapter,
        years=BARNETS_LOV_YEARS,
        why="law",
        source="barnets-lov-kapitler",
    ),
)
