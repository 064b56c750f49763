"""Check rules for public benefits, week by week or as spells."""

import pandas as pd

from helhed.intake.building.repeats import exact_copies
from helhed.intake.clashes import alike, at_same_time, same_as
from helhed.intake.rules.limits import ONE_MONTH_YEARS, PENSION_AGE, PENSION_YEARS
from helhed.intake.rules.rule import Rule, overlaps

_WEEK = pd.Timedelta(days=7)
_EDUCATION_BENEFIT_TO = 30
_REFUND_STEPS = (80, 40, 30, 20)
#: Spells from before the steps, and benefits that the state pays in full or not at all.
_REFUND_BESIDE_STEPS = (0, 100)
_DOUBLE_WEEKS = 5
_HIGH_PAYMENT_DKK = 20_000
_MOVED_DAYS = 31
_PENSION_WEEKS = 8


def _first_of_person(m, f, is_broken: pd.Series) -> pd.Series:
    """Return only the first row of each person among the broken ones: one cause is told once."""
    broken = is_broken.astype("boolean").fillna(False).astype(bool)
    return broken & ~m.owner(f).where(broken).duplicated() if broken.any() else broken


def _ordered(m, f) -> pd.DataFrame:
    """Return the weeks by person, benefit and week, one row of each: ``owner``, ``benefit``, ``week``, ``rate``."""

    def made():
        columns = {"owner": m.owner(f), "benefit": pd.factorize(f["benefit"])[0], "week": f["week"]}
        rows = pd.DataFrame({**columns, "rate": f["refund_rate"]}, index=f.index)
        ordered = rows.sort_values(["owner", "benefit", "week"], kind="stable")
        return ordered.drop_duplicates(["owner", "benefit", "week"])

    return m.kept_of(f, "ordered", made)


def _since(m, f) -> tuple[pd.DataFrame, pd.Series]:
    """Return the ordered weeks and the time since the person's week before on the same benefit."""
    ordered = _ordered(m, f)
    is_same = (ordered[["owner", "benefit"]] == ordered[["owner", "benefit"]].shift()).all(axis=1)
    return ordered, ordered["week"].diff().where(is_same)


def _one_week_missing(m, f):
    _, since = _since(m, f)
    return (since == 2 * _WEEK).reindex(f.index, fill_value=False)


def _rate_rises(m, f):
    ordered, since = _since(m, f)
    is_up = (since == _WEEK) & (ordered["rate"] > ordered["rate"].shift()) & (ordered["rate"].shift() > 0)
    return is_up.reindex(f.index, fill_value=False)


def _doubled(m, f) -> pd.DataFrame:
    """Return the rows of weeks in which a person had two benefits or more: ``owner``, ``week``."""

    def made():
        rows = pd.DataFrame({"owner": m.owner(f), "week": f["week"], "benefit": f["benefit"]})
        several = rows[rows.duplicated(["owner", "week"], keep=False)]
        kinds = several.groupby(["owner", "week"])["benefit"].transform("nunique")
        return several[kinds > 1]

    return m.kept_of(f, "doubled", made)


def _two_benefits(m, f):
    later = _doubled(m, f).duplicated(["owner", "week"])
    return later.reindex(f.index, fill_value=False)


def _long_double(m, f):
    """Return the row in which two benefits have run beside each other for so many weeks in a row."""
    weeks = _doubled(m, f).drop_duplicates(["owner", "week"], keep="last").sort_values(["owner", "week"])
    is_new = (weeks["owner"] != weeks["owner"].shift()) | (weeks["week"].diff() != _WEEK)
    count = weeks.groupby(is_new.cumsum()).cumcount() + 1
    return (count == _DOUBLE_WEEKS).reindex(f.index, fill_value=False)


def _paid_twice(m, f):
    rows = pd.DataFrame({"owner": m.owner(f), "week": f["week"], "benefit": f["benefit"], "paid": f["paid_dkk"]})
    several = f[rows.duplicated(keep=False)]
    later = rows.loc[several.index].duplicated() & ~exact_copies(several)
    return later.reindex(f.index, fill_value=False)


def _pension_stops(m, f):
    pension = f[f["benefit"] == "foertidspension"]
    last = pension.sort_values("week").drop_duplicates("person_id", keep="last")
    until = f["week"].max() - _PENSION_WEEKS * _WEEK
    left = m.of_person(f, "to_date").reindex(last.index)
    is_young = m.age_in(f, "week").reindex(last.index) < PENSION_AGE - ONE_MONTH_YEARS
    stops = (last["week"] < until) & is_young & ~(left < last["week"] + _PENSION_WEEKS * _WEEK)
    return stops.reindex(f.index, fill_value=False)


def _after_moving(m, f):
    return _first_of_person(m, f, f["week"] > m.of_person(f, "to_date") + pd.Timedelta(days=_MOVED_DAYS))


def _before_moving_in(m, f):
    return _first_of_person(m, f, f["week"] < m.of_person(f, "from_date") - pd.Timedelta(days=_MOVED_DAYS))


def _after_pension_age(m, f):
    return _first_of_person(m, f, m.age_in(f, "week") > PENSION_AGE + ONE_MONTH_YEARS)


def _old_for_education_benefit(m, f):
    is_old = m.age_in(f, "week") > _EDUCATION_BENEFIT_TO + ONE_MONTH_YEARS
    return _first_of_person(m, f, is_old & (f["benefit"] == "uddannelseshjaelp"))


def _sho_of_resident(m, f):
    born = m.of_person(f, "born")
    is_danish = m.of_person(f, "origin_group") == "danish"
    since_birth = m.of_person(f, "from_date") <= born + pd.Timedelta(days=_MOVED_DAYS)
    return _first_of_person(m, f, (f["benefit"] == "sho") & is_danish & since_birth)


def _off_the_steps(_m, f):
    return f["refund_rate"].between(0, 100) & ~f["refund_rate"].isin([*_REFUND_STEPS, *_REFUND_BESIDE_STEPS])


def _not_as_rate(_m, f):
    due = f["paid_dkk"] * f["refund_rate"] / 100
    is_off = (f["refund_dkk"] - due).abs() > (0.01 * due.abs()).clip(lower=1)
    return is_off & f["refund_rate"].between(0, 100) & ~_above_paid(_m, f)


def _above_paid(_m, f):
    """Return where more was refunded than paid; of a payment that was taken back, both amounts are negative."""
    return f["refund_dkk"].abs() > f["paid_dkk"].abs() + 0.5


_WEEKS, _SPELLS = ("benefit_week",), ("benefit_spell",)

BENEFIT_RULES: tuple[Rule, ...] = (
    *(
        Rule(
            "benefit_of_child",
            "should_fix",
            (table,),
            column,
            lambda m, f, column=column: m.age_in(f, column) < m.profile["data.benefit_min_age_years"],
            why="wrong_person",
        )
        for table, column in (("benefit_week", "week"), ("benefit_spell", "start_date"))
    ),
    Rule(
        "benefit_after_pension_age",
        "should_fix",
        _WEEKS,
        "week",
        _after_pension_age,
        years=PENSION_YEARS,
        limits={"limit": PENSION_AGE},
        why="law",
        source="pensionsloven",
    ),
    Rule(
        "education_benefit_from_30",
        "should_fix",
        _WEEKS,
        "week",
        _old_for_education_benefit,
        years=(2014, None),
        limits={"limit": _EDUCATION_BENEFIT_TO},
        why="law",
        source="faxe-uddannelseshjaelp",
    ),
    Rule("two_benefits", "note", _WEEKS, "benefit", _two_benefits, why="unusual"),
    Rule(
        "long_double_benefit",
        "should_fix",
        _WEEKS,
        "benefit",
        _long_double,
        limits={"limit": _DOUBLE_WEEKS},
        why="own_choice",
    ),
    Rule("one_week_missing", "note", _WEEKS, "week", _one_week_missing, why="spells"),
    Rule(
        "paid_twice",
        "should_fix",
        _WEEKS,
        "paid_dkk",
        _paid_twice,
        why="twice",
        beside=same_as(alike("person_id", "week", "benefit", "paid_dkk")),
    ),
    Rule(
        "pension_stops",
        "note",
        _WEEKS,
        "week",
        _pension_stops,
        limits={"limit": _PENSION_WEEKS, "age": PENSION_AGE},
        why="own_choice",
    ),
    Rule(
        "week_outside_period",
        "note",
        _WEEKS,
        "week",
        lambda m, f: ~f["week"].between(m.first_day - pd.Timedelta(days=6), m.last_day),
        why="period",
    ),
    Rule(
        "benefit_after_moving",
        "should_fix",
        _WEEKS,
        "week",
        _after_moving,
        limits={"limit": _MOVED_DAYS},
        why="own_choice",
    ),
    Rule(
        "benefit_before_moving_in",
        "note",
        _WEEKS,
        "week",
        _before_moving_in,
        limits={"limit": _MOVED_DAYS},
        why="own_choice",
    ),
    Rule("sho_of_resident", "note", _WEEKS, "benefit", _sho_of_resident, why="unusual"),
    # amounts and refund
    Rule(
        "refund_above_paid",
        "should_fix",
        (*_WEEKS, *_SPELLS),
        "refund_dkk",
        _above_paid,
        why="impossible",
    ),
    Rule(
        "refund_rate",
        "should_fix",
        _WEEKS,
        "refund_rate",
        lambda m, f: ~f["refund_rate"].between(0, 100) & f["refund_rate"].notna(),
        why="impossible",
    ),
    Rule(
        "refund_off_the_steps",
        "note",
        _WEEKS,
        "refund_rate",
        _off_the_steps,
        years=(2016, None),
        limits={"steps": ", ".join(map(str, _REFUND_STEPS))},
        why="law",
        source="finansieringsloven",
    ),
    Rule(
        "refund_rate_rises",
        "note",
        _WEEKS,
        "refund_rate",
        _rate_rises,
        years=(2016, None),
        why="law",
        source="finansieringsloven",
    ),
    Rule("refund_not_as_rate", "should_fix", _WEEKS, "refund_dkk", _not_as_rate, why="money"),
    Rule(
        "refund_without_rate",
        "note",
        _WEEKS,
        "refund_rate",
        lambda m, f: f["refund_rate"].isna() & (f["refund_dkk"] > 0),
        why="complete",
    ),
    Rule("nothing_paid", "note", (*_WEEKS, *_SPELLS), "paid_dkk", lambda m, f: f["paid_dkk"] == 0, why="spells"),
    Rule(
        "very_high_payment",
        "should_fix",
        _WEEKS,
        "paid_dkk",
        lambda m, f: f["paid_dkk"] > _HIGH_PAYMENT_DKK,
        limits={"limit_dkk": _HIGH_PAYMENT_DKK},
        why="own_choice",
    ),
    # spells
    Rule(
        "spell_ends_before_start",
        "should_fix",
        _SPELLS,
        "end_date",
        lambda m, f: f["end_date"] < f["start_date"],
        why="impossible",
    ),
    Rule(
        "spells_overlap",
        "should_fix",
        _SPELLS,
        "start_date",
        lambda m, f: overlaps(f.assign(same=f["person_id"] + "|" + f["benefit"]), "same"),
        why="twice",
        beside=at_same_time(alike("person_id", "benefit")),
    ),
    Rule(
        "spell_after_period",
        "note",
        _SPELLS,
        "start_date",
        lambda m, f: f["start_date"] > m.last_day,
        why="period",
    ),
)
