"""One moment's view of the canonical tables: who lives in which family, what runs, what is not known."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import pandas as pd

from helhed.profile import Profile

#: Canonical tables that the selection looks at.
TABLES = ("person", "family_member", "benefit_spell", "child_case", "measure", "absence", "enrolment")
_ADULT_MONTHS = 18 * 12
#: Ages at which a child is expected to be on a school's register: six up to, not including, sixteen.
_SCHOOL_MONTHS = (6 * 12, 16 * 12)


class View:
    """What the tables say about families on one day.

    Parameters
    ----------
    tables
        Canonical tables by name; they are never changed.
    profile
        The municipality's profile.
    as_of
        The reference day: everything after it is unknown.

    Notes
    -----
    Ages count in whole months, because only the month of birth is kept: a person is a child until the month of the
    18th birthday. A person without a date of moving in or out lives in the municipality throughout.
    """

    def __init__(self, tables: dict[str, pd.DataFrame], profile: Profile, as_of):
        self.tables, self.profile, self.as_of = tables, profile, pd.Timestamp(as_of)
        self.from_date = pd.Timestamp(profile["data.from_date"])
        self.to_date = pd.Timestamp(profile["data.to_date"])

    def setting(self, name: str):
        """Return the value in force of an entry of the group selection."""
        return self.profile[f"selection.{name}"]

    # ── who ──

    @cached_property
    def members(self) -> pd.DataFrame:
        """Return who lives in which family: family_id, person_id, is_adult, is_child, age_months, resident_from."""
        linked = self.tables["family_member"]
        if not self.setting("count_second_home"):
            linked = linked[linked["is_main_home"].fillna(True).astype(bool)]
        person = self.tables["person"][["person_id", "birth_date", "from_date", "to_date"]]
        joined = linked.merge(person, on="person_id", how="left")
        months = _months_between(joined["birth_date"], self.as_of)
        is_here = ~(joined["from_date"] > self.as_of) & ~(joined["to_date"] < self.as_of) & ~(months < 0)
        is_young = (months < _ADULT_MONTHS) | months.isna()
        members = pd.DataFrame(
            {
                "family_id": joined["family_id"],
                "person_id": joined["person_id"],
                "is_adult": joined["role"] == "adult",
                "is_child": joined["role"].isin(["child", "adult_child"]) & is_young,
                "age_months": months,
                "resident_from": joined["from_date"],
            }
        )
        return members[is_here].reset_index(drop=True)

    @cached_property
    def families(self) -> pd.Index:
        """Return the families in question, sorted: with a child under 18 at home and known to a department."""
        with_child = self.children["family_id"].unique()
        known = self.members.loc[self.members["person_id"].isin(self._known_persons), "family_id"].unique()
        return pd.Index(np.intersect1d(with_child, known), name="family_id", dtype="str")

    @cached_property
    def _known_persons(self) -> set:
        sources = (self.tables[name] for name in ("benefit_spell", "child_case", "measure"))
        return {person for frame in sources for person in frame.loc[frame["start_date"] <= self.as_of, "person_id"]}

    @cached_property
    def adults(self) -> pd.DataFrame:
        """Return the rows of `members` that are adults of their family; grown-up children at home are not."""
        return self.members[self.members["is_adult"]]

    @cached_property
    def children(self) -> pd.DataFrame:
        """Return the rows of `members` that are children under 18."""
        return self.members[self.members["is_child"]]

    # ── what runs ──

    def running(self, name: str) -> pd.DataFrame:
        """Return the rows of ``child_case`` or ``measure`` that run on the day; both dates are included."""
        frame = self.tables[name]
        is_begun = frame["start_date"] <= self.as_of
        is_over = frame["end_date"] < self.as_of
        return frame[is_begun & ~is_over]

    @cached_property
    def open_cases(self) -> pd.DataFrame:
        """Return the cases open on the day: person_id, case_type, is_certain.

        A case marked as closed without a closing date may or may not have been open: ``is_certain`` is False.
        """
        cases = self.running("child_case")
        is_certain = ~((cases["status"] == "closed") & cases["end_date"].isna())
        return cases.assign(is_certain=is_certain)[["person_id", "case_type", "is_certain"]]

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Return the measures that run on the day."""
        return self.running("measure")

    # ── what is covered ──

    def has(self, source: str) -> bool:
        """Return whether a source holds any row: a table name, or ``measure.<department>``."""
        table, _, department = source.partition(".")
        frame = self.tables[table]
        return bool((frame["department"] == department).any()) if department else len(frame) > 0

    def buckets(self, n_months: int) -> tuple[np.ndarray, np.ndarray]:
        """Return first and last day of each of the last ``n_months`` months, counted back from the day.

        On the last day of a month these are calendar months.
        """
        after = self.as_of + pd.Timedelta(days=1)
        edges = pd.DatetimeIndex([after - pd.DateOffset(months=k) for k in range(n_months, -1, -1)]).as_unit("us")
        return edges[:-1].to_numpy(), (edges[1:] - pd.Timedelta(days=1)).to_numpy()

    def window(self, n_months: int) -> tuple[pd.Timestamp, pd.Timestamp]:
        """Return the first and the last day of the last ``n_months`` months, counted back from the day."""
        first, last = self.buckets(n_months)
        return pd.Timestamp(first[0]), pd.Timestamp(last[-1])

    def benefit_months(self, benefits: Iterable[str], n_months: int) -> pd.DataFrame:
        """Return for each adult of each family the months on benefit in the window and the months not covered.

        A month counts when at least one day of it lies in a spell of a listed benefit. A month without a spell is not
        covered when it begins before the data period or before the person moved in, or ends after the period.
        Columns: family_id, person_id, n_seen, n_unknown.
        """
        first, last = self.buckets(n_months)
        hit = self._hit_months(list(benefits), first, last).reindex(self.adults["person_id"], fill_value=False)
        since = self.adults["resident_from"].fillna(self.from_date).clip(lower=self.from_date)
        is_covered = (first[None, :] >= since.to_numpy()[:, None]) & (last <= self.to_date.to_numpy())[None, :]
        unknown = ~hit.to_numpy() & ~is_covered
        counted = {"n_seen": hit.to_numpy().sum(axis=1), "n_unknown": unknown.sum(axis=1)}
        return self.adults[["family_id", "person_id"]].assign(**counted)

    def _hit_months(self, benefits: list[str], first: np.ndarray, last: np.ndarray) -> pd.DataFrame:
        spells = self.tables["benefit_spell"]
        spells = spells[spells["benefit"].isin(benefits)]
        start = spells["start_date"].to_numpy()[:, None]
        end = spells["end_date"].fillna(pd.Timestamp.max.as_unit("us").normalize()).to_numpy()[:, None]
        hits = (start <= last[None, :]) & (end >= first[None, :]) & (start <= end)
        return pd.DataFrame(hits, index=pd.Index(spells["person_id"], name="person_id")).groupby(level=0).any()

    @cached_property
    def absence(self) -> pd.DataFrame:
        """Return each child's school absence in the window: family_id, person_id, share, is_expected.

        The share is all counted days of absence over school days, from the months that are wholly past; it is missing
        when fewer months than the setting asks for are registered. ``is_expected``: of school age on the day.
        """
        first, last = self.window(self.setting("absence_window_months"))
        rows = self.tables["absence"]
        month_end = rows["month"] + pd.offsets.MonthEnd(0)
        days = rows[self.setting("absence_kinds")].sum(axis=1, min_count=len(self.setting("absence_kinds")))
        is_used = rows["month"].ge(first) & month_end.le(last) & rows["school_days"].gt(0) & days.notna()
        used = rows.assign(absent=days, n_months=1)[is_used].groupby("person_id")
        sums = used[["absent", "school_days", "n_months"]].sum().reindex(self.children["person_id"])
        share = (sums["absent"] / sums["school_days"]).where(sums["n_months"] >= self.setting("absence_min_months"))
        is_expected = self.children["age_months"].between(*_SCHOOL_MONTHS, inclusive="left")
        return self.children[["family_id", "person_id"]].assign(share=share.to_numpy(), is_expected=is_expected)

    # ── per family ──

    def count(self, persons: Iterable[str], members: pd.DataFrame) -> pd.Series:
        """Return for each family how many of its ``members`` are among the persons."""
        among = members[members["person_id"].isin(set(persons))]
        return among.groupby("family_id").size().reindex(self.families, fill_value=0).astype(float)


def _months_between(birth: pd.Series, day: pd.Timestamp) -> pd.Series:
    return (day.year - birth.dt.year) * 12 + (day.month - birth.dt.month)
