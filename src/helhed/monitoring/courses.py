"""Families' courses: enrolment over time, case closure, the way to work, and the state of each family at its start."""

import pandas as pd

from helhed import survival
from helhed.child_cases import cases_open_at_start, dated_cases
from helhed.monitoring.catalogue import indicator_catalogue
from helhed.monitoring.family_months import days_covered, in_work
from helhed.monitoring.indicators import PERIODS_AFTER
from helhed.monitoring.months import months_between
from helhed.monitoring.rules import Rules
from helhed.monitoring.values import Basis, Place, value_row, value_table

#: Reasons for an exit that are the planned end of a course, and kinds of meeting at which the plan is reviewed.
PLANNED_EXITS = ("phased_out", "goals_reached")
_REVIEWS = ("network", "status")


def course_values(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the values of the indicators of the courses: columns `helhed.monitoring.values.COLUMNS`.

    Level ``now``; and ``since_start`` for what happens once: of the families that started at least so many months
    before the reference day, how many have got there within those months.
    """
    cases, parents = cases_at_start(tables, enrolled, rules), parents_at_start(tables, enrolled, rules)
    waited = (enrolled["start_date"] - enrolled["offered_date"]).dt.days
    waited = waited.where(waited >= 0)
    known, left = parents[parents["is_known"]], enrolled[(enrolled["exit_date"] <= rules.to_date).fillna(False)]
    is_out = (enrolled["exit_reason"] == "withdrew") & (enrolled["exit_date"] <= rules.to_date)
    families = enrolled.assign(is_out=is_out.fillna(False).astype(bool))
    left = left.assign(is_done=left["exit_reason"].isin(PLANNED_EXITS))
    bases = {
        "waiting_days": Basis(waited.fillna(0), waited.notna().astype(int), waited.isna().sum(), len(enrolled)),
        "drop_out_share": _per_family(families, "is_out"),
        "phase_out_share": _per_family(left, "is_done"),
        "plan_reviewed_share": _per_family(reviews(tables["meeting"], enrolled, rules), "is_on_time"),
        "child_cases_closed_share": _per_family(cases, "is_closed"),
        "benefit_to_work_share": _per_family(known, "is_to_work", len(parents) - len(known), len(parents)),
    }
    place = Place("enrolled", "now", "now")
    rows = [value_row(indicator_catalogue()[name], place, basis, rules) for name, basis in bases.items()]
    out = families.assign(months=months_since(families["start_date"], families["exit_date"].where(families["is_out"])))
    closed = cases.assign(months=months_since(cases["family_start"], cases["closed_date"]))
    rows += _since_start("drop_out_share", out, rules)
    rows += _since_start("child_cases_closed_share", closed.rename(columns={"family_start": "start_date"}), rules)
    return value_table(rows)


def reviews(meeting: pd.DataFrame, enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per review of a family's plan, held or missed: family_id, ``due_date``, ``is_on_time``.

    A review is due ``rules.review_months`` after the start and after each review. A network or status meeting while
    the family is enrolled is a review; a limit that has passed without one is a review missed.
    """
    held = meeting[meeting["kind"].isin(_REVIEWS)].merge(enrolled[["family_id", "start_date", "exit_date"]])
    is_within = (held["meeting_date"] > held["start_date"]) & ~(held["meeting_date"] > held["exit_date"])
    held = held[is_within & (held["meeting_date"] <= rules.to_date)].sort_values(["family_id", "meeting_date"])
    held = held.drop_duplicates(["family_id", "meeting_date"])
    earlier = held.groupby("family_id")["meeting_date"].shift().fillna(held["start_date"])
    held = held.assign(due_date=earlier + pd.DateOffset(months=rules.review_months))
    held = held.assign(is_on_time=held["meeting_date"] <= held["due_date"])
    latest = held.groupby("family_id")["meeting_date"].max()
    # Looked up by position: a column without families would else become text.
    last = latest.reindex(enrolled["family_id"]).set_axis(enrolled.index).fillna(enrolled["start_date"])
    awaited = enrolled.assign(due_date=last + pd.DateOffset(months=rules.review_months), is_on_time=False)
    until = awaited["exit_date"].fillna(rules.to_date).clip(upper=rules.to_date)
    columns = ["family_id", "due_date", "is_on_time"]
    found = pd.concat([held[columns], awaited.loc[awaited["due_date"] < until, columns]])
    return found.sort_values(["family_id", "due_date"]).reset_index(drop=True)


def enrolled_values(by_month: pd.DataFrame) -> pd.DataFrame:
    """Return the number of enrolled families by month and now; a number has no interval.

    ``by_month`` as `helhed.monitoring.cohort.enrolled_by_month` gives it.
    """
    periods = [
        ("month", f"{month:%Y-%m}", n) for month, n in zip(by_month["month"], by_month["n_enrolled"], strict=True)
    ]
    periods += [("now", "now", n) for n in by_month["n_enrolled"].tail(1)]
    rows = [
        {
            "indicator": "enrolled_families",
            "group": "enrolled",
            "level": level,
            "period": period,
            "value": n,
            "n": n,
            "share_missing": 0.0,
            "numerator": n,
            "reason": "",
        }
        for level, period, n in periods
    ]
    return value_table(rows)


def cases_at_start(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per active child case open on the day the child's family started.

    Columns: family_id, case_id, ``family_start``, ``closed_date`` (missing while open), ``is_closed``: closed from that
    day on and no later than ``rules.to_date``.
    """
    cases = cases_open_at_start(
        tables["child_case"], tables["family_member"], enrolled, rules.active_case_types, rules.to_date
    )
    starts = enrolled.set_index("family_id")["start_date"].to_dict()
    started = pd.to_datetime(cases["family_id"].map(starts)).astype("datetime64[us]")
    return cases.assign(family_start=started, is_closed=cases["closed_date"].notna())


def parents_at_start(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per parent on kontanthjælp at the family's start.

    Columns: family_id, person_id, ``family_start``, ``is_known``, ``is_to_work``.

    On kontanthjælp at the start: a spell touches the ``start_window_days`` up to the start. To work: in work or
    education and on kontanthjælp on less than half of the days in each of the last ``lasting_months`` months of the
    job data. ``is_known`` is false when there are no job data after the start.
    """
    spells = tables["benefit_spell"]
    spells = spells[spells["benefit"].isin(rules.kontanthjaelp_benefits)]
    adults = tables["family_member"][tables["family_member"]["role"] == "adult"]
    mine = with_family(spells, adults, enrolled)
    parents = mine[touches_start(mine, rules)][["family_id", "person_id", "family_start"]]
    parents = parents.drop_duplicates("person_id").sort_values("person_id").reset_index(drop=True)
    months = sorted(tables["employment"]["month"].unique())[-rules.lasting_months :]
    is_known = (parents["family_start"] < months[-1]) if months else pd.Series(False, index=parents.index)
    is_to_work = parents["person_id"].isin(_in_work_throughout(tables["employment"], spells, months, rules))
    return parents.assign(is_known=is_known, is_to_work=is_to_work & is_known)


def in_both_departments(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.Series:
    """Return, for each enrolled family, whether both departments helped it when it started.

    An adult on a public benefit, and a child with an open case or a measure of the children's department.
    """
    adults = tables["family_member"][tables["family_member"]["role"] == "adult"]
    benefit = with_family(tables["benefit_spell"], adults, enrolled)
    children = tables["family_member"][tables["family_member"]["role"] != "adult"]
    measures = tables["measure"][tables["measure"]["department"] == "children"]
    columns = ["person_id", "start_date", "end_date"]
    help_ = pd.concat(
        [dated_cases(tables["child_case"], rules.active_case_types)[columns], measures[columns]], ignore_index=True
    )
    helped = with_family(help_, children, enrolled)
    both = [set(part.loc[touches_start(part, rules), "family_id"]) for part in (benefit, helped)]
    return enrolled["family_id"].isin(both[0] & both[1])


def median_months(enrolled: pd.DataFrame, rules: Rules) -> float:
    """Return the median length of enrolment in months by Kaplan and Meier; `nan` when it is not reached."""
    return survival.median_months(*survival.stays(enrolled, rules.to_date))


def enrolled_low_high(by_month: pd.DataFrame, enrolled: pd.DataFrame, rules: Rules) -> tuple[int | None, int | None]:
    """Return the smallest and the largest number enrolled at a month's end once the places were filled.

    From ``fill_up_months`` after the first start, or from the start of the data where that is later.
    """
    if enrolled.empty:
        return None, None
    filled = enrolled["start_date"].min() + pd.DateOffset(months=rules.fill_up_months)
    is_after = by_month["month"] + pd.offsets.MonthEnd(0) >= filled
    is_over = by_month["month"] + pd.offsets.MonthEnd(0) <= rules.to_date
    numbers = by_month.loc[is_after & is_over, "n_enrolled"]
    return (int(numbers.min()), int(numbers.max())) if len(numbers) else (None, None)


def months_to_first_family(enrolled: pd.DataFrame, rules: Rules) -> int | None:
    """Return whole months from the start of the project to the first family's start.

    None when none has started, or when a family started before the project: then the months say nothing.
    """
    if enrolled.empty or enrolled["start_date"].min() < rules.project_start:
        return None
    return len(months_between(rules.project_start, enrolled["start_date"].min())) - 1


def _per_family(rows: pd.DataFrame, column: str, n_unknown: float = 0.0, n_expected: float = 0.0) -> Basis:
    sums = rows[column].groupby(rows["family_id"]).agg(["sum", "size"])
    return Basis(sums["sum"], sums["size"], float(n_unknown), float(n_expected or len(rows)))


def with_family(rows: pd.DataFrame, family_member: pd.DataFrame, enrolled: pd.DataFrame) -> pd.DataFrame:
    """Return the persons' rows with ``family_id`` and ``family_start``, of enrolled families alone."""
    starts = enrolled.set_index("family_id")["start_date"]
    home = family_member[family_member["is_main_home"].fillna(True).astype(bool)].drop_duplicates("person_id")
    mine = home[home["family_id"].isin(starts.index)][["family_id", "person_id"]]
    joined = rows.drop(columns="family_id", errors="ignore").merge(mine, on="person_id")
    return joined.assign(family_start=pd.to_datetime(joined["family_id"].map(starts.to_dict())))


def touches_start(rows: pd.DataFrame, rules: Rules) -> pd.Series:
    """Return which spells touch the days up to the family's start (setting ``monitoring.start_window_days``)."""
    window = rows["family_start"] - pd.Timedelta(days=rules.start_window_days)
    return (rows["start_date"] <= rows["family_start"]) & ~(rows["end_date"] < window)


def _in_work_throughout(employment: pd.DataFrame, kontanthjaelp: pd.DataFrame, months: list, rules: Rules) -> set[str]:
    """Return the persons who in each of the months are in work or education and not on kontanthjælp."""
    if not len(months):
        return set()
    worked = months_in_work(employment[employment["month"].isin(months)], kontanthjaelp, rules)
    sizes = worked.groupby("person_id").size()
    return set(sizes[sizes == len(months)].index)


def months_in_work(employment: pd.DataFrame, kontanthjaelp: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per person and month in work or education and on kontanthjælp on less than half of the days."""
    days = days_covered(kontanthjaelp, rules).reset_index()
    is_half = days["days"] >= days["month"].dt.days_in_month / 2
    on_benefit = pd.MultiIndex.from_frame(days.loc[is_half, ["person_id", "month"]])
    worked = in_work(employment, rules)
    return worked[~pd.MultiIndex.from_frame(worked).isin(on_benefit)]


def months_since(start: pd.Series, end: pd.Series) -> pd.Series:
    """Return the months from a day to another; missing where either is."""
    return (end - start).dt.days / survival.DAYS_PER_MONTH


def _since_start(name: str, rows: pd.DataFrame, rules: Rules) -> list[dict]:
    """Return the share that has got there by each mark: rows have family_id, start_date and ``months`` until then."""
    found = []
    for period in range(1, PERIODS_AFTER + 1):
        mark = period * rules.baseline_months
        long_enough = rows[rows["start_date"] + pd.DateOffset(months=mark) <= rules.to_date]
        basis = _per_family(long_enough.assign(is_there=long_enough["months"] <= mark), "is_there")
        found.append(value_row(indicator_catalogue()[name], Place("enrolled", "since_start", str(mark)), basis, rules))
    return found
