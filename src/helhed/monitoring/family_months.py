"""Counts per family and month: everything the monthly indicators are summed from.

A number that cannot be known is counted as missing beside the known ones, never as zero: a month without any record
from a source, a child of school age without absence, a measure without a price.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.child_cases import dated_cases
from helhed.monitoring.cohort import members
from helhed.monitoring.months import joined_spells, month_number, month_of, months_between, spell_months
from helhed.monitoring.rules import Rules

#: Ages, in whole years, at which every child is in school whatever the month: 7 to 15.
_SCHOOL_AGE = (7, 15)
#: Ages, in whole years, at which children go to day care: after the parents' leave and before school.
_DAYCARE_AGE = (1, 5)
_ABSENCE_KINDS = ("days_sick", "days_permitted", "days_unlawful")
_ADULT_AGE_MONTHS = 18 * 12
#: More than any date's month as a running number.
_MANY_MONTHS = 120_000


def family_months(tables: dict[str, pd.DataFrame], rules: Rules) -> pd.DataFrame:
    """Return one row per family and month of the data period with counts.

    Parameters
    ----------
    tables
        The canonical tables person, family_member, benefit_spell, employment, child_case, measure, absence, daycare,
        meeting and enrolment.
    rules
        The municipality's settings.

    Returns
    -------
    family_id, month and numbers of persons, days, events or kroner per column; see ``catalogue.toml`` for what each
    is used for. Columns that end in ``_unknown`` or ``_unpriced`` count what could not be known.
    """
    counted = member_months(tables, rules).drop(columns=["person_id", "age_months"])
    sums = counted.groupby(["family_id", "month"], sort=True).sum().reset_index()
    return _with_meetings(sums.assign(families=1), tables, rules)


def member_months(tables: dict[str, pd.DataFrame], rules: Rules) -> pd.DataFrame:
    """Return the counts of `family_months` person by person: one row per person and month in which it is followed.

    family_id, person_id, month, ``age_months``, ``adults`` and ``children`` (1 or 0) and the counts, for whoever asks
    about a single adult or child.
    """
    persons = person_months(tables, rules)
    places = _Places.of(persons)
    parts = [
        _benefit_counts(persons, places, tables, rules),
        _work_counts(persons, places, tables["employment"], rules),
        _case_counts(persons, places, tables["child_case"], rules),
        _measure_counts(persons, places, tables["measure"], rules),
        _absence_counts(persons, places, tables["absence"]),
        _daycare_counts(persons, places, tables["daycare"]),
    ]
    counted = pd.concat([persons, *parts], axis=1)
    return counted.assign(spending_dkk=counted["measures_dkk"] + counted["benefits_dkk"])


def person_months(tables: dict[str, pd.DataFrame], rules: Rules) -> pd.DataFrame:
    """Return one row per person and month in which the person was born and resident.

    Columns: family_id, person_id, month, age_months, and 1 or 0 in ``adults``, ``children`` and ``members``. A child
    that comes of age leaves in that month: the children's measures end there.
    """
    people = members(tables["family_member"], tables["person"])
    months = pd.DataFrame({"month": months_between(rules.from_date, rules.to_date)})
    grid = people.merge(months, how="cross")
    age = month_number(grid["month"]) - month_number(grid["birth_date"])
    is_adult = grid["role"] == "adult"
    moved_in, moved_out = month_of(grid["from_date"]), month_of(grid["to_date"])
    is_here = ~(moved_in > grid["month"]) & ~(moved_out < grid["month"]) & ~(age < 0)
    grid = grid.assign(age_months=age, adults=is_adult.astype(int), children=(~is_adult).astype(int), members=1)
    kept = grid[is_here & (is_adult | (age < _ADULT_AGE_MONTHS))]
    columns = ["family_id", "person_id", "month", "age_months", "adults", "children", "members"]
    return kept[columns].sort_values(["family_id", "person_id", "month"]).reset_index(drop=True)


def on_benefit(benefit_spell: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per person and month with a benefit.

    Columns: person_id, month, ``benefit_days`` ``kontanthjaelp_days`` and ``benefits_dkk``
    (the spell's payment spread evenly over its days).
    """
    rows = spell_months(benefit_spell, rules.from_date, rules.to_date)
    paid = rows.assign(benefits_dkk=rows["paid_dkk"] * rows["days"] / rows["spell_days"])
    kontanthjaelp = benefit_spell[benefit_spell["benefit"].isin(rules.kontanthjaelp_benefits)]
    parts = [
        paid.groupby(["person_id", "month"])["benefits_dkk"].sum(),
        days_covered(benefit_spell, rules).rename("benefit_days"),
        days_covered(kontanthjaelp, rules).rename("kontanthjaelp_days"),
    ]
    return pd.concat(parts, axis=1).fillna(0).reset_index()


def days_covered(spells: pd.DataFrame, rules: Rules) -> pd.Series:
    """Return the days per person and month that any of the spells covers: a day counts once."""
    rows = spell_months(joined_spells(spells), rules.from_date, rules.to_date)
    return rows.groupby(["person_id", "month"])["days"].sum()


def in_work(employment: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per person and month in work (hours from the limit up) or education: person_id, month."""
    return pd.concat([at_work(employment, rules), in_education(employment)]).drop_duplicates()


def at_work(employment: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per person and month with paid hours from the limit up: person_id, month."""
    is_on = employment["hours"] >= rules.work_hours_per_month
    return employment.loc[is_on.fillna(False).astype(bool), ["person_id", "month"]]


def in_education(employment: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person and month in education: person_id, month."""
    return employment.loc[employment["in_education"].fillna(False).astype(bool), ["person_id", "month"]]


def _benefit_counts(persons: pd.DataFrame, places: "_Places", tables: dict, rules: Rules) -> pd.DataFrame:
    received = places.joined(on_benefit(tables["benefit_spell"], rules))
    covered = spell_months(tables["benefit_spell"], rules.from_date, rules.to_date)["month"].unique()
    is_known = persons["month"].isin(covered)
    half = persons["month"].dt.days_in_month / 2
    adult = persons["adults"]
    return pd.DataFrame(
        {
            "adults_known": adult * is_known,
            "adults_unknown": adult * ~is_known,
            "adults_on_benefit": adult * (received["benefit_days"] >= half),
            "adults_on_kontanthjaelp": adult * (received["kontanthjaelp_days"] >= half),
            "benefit_days": adult * received["benefit_days"],
            "activated_days": adult * _activated_days(places, tables["measure"], received["benefit_days"], rules),
            "benefits_dkk": received["benefits_dkk"],
        }
    )


def _activated_days(places: "_Places", measure: pd.DataFrame, benefit_days: pd.Series, rules: Rules) -> pd.Series:
    """Return days on benefit with an active employment measure; a day counts once."""
    active = measure[measure["measure_group"].isin(["activation", "work_based"])]
    days = places.joined(days_covered(active, rules).reset_index())["days"]
    return days.where(days < benefit_days, benefit_days)


def _work_counts(persons: pd.DataFrame, places: "_Places", employment: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    either, paid, learning = (
        places.joined(rows.drop_duplicates().assign(is_on=1))["is_on"]
        for rows in (in_work(employment, rules), at_work(employment, rules), in_education(employment))
    )
    is_known = persons["month"].isin(employment["month"].unique())
    adult = persons["adults"]
    return pd.DataFrame(
        {
            "adults_known_work": adult * is_known,
            "adults_unknown_work": adult * ~is_known,
            "adults_in_work": adult * either.astype(int),
            "adults_at_work": adult * paid.astype(int),
            "adults_in_education": adult * learning.astype(int),
        }
    )


def _case_counts(persons: pd.DataFrame, places: "_Places", child_case: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    opened = child_case.assign(month=month_of(child_case["start_date"]))
    counts = {}
    for name, case_type in (("notifications", "underretning"), ("examinations", "boernefaglig_undersoegelse")):
        new = opened[opened["case_type"] == case_type].groupby(["person_id", "month"]).size().rename(name)
        counts[name] = persons["children"] * places.joined(new.reset_index())[name]
    active = dated_cases(child_case, rules.active_case_types)
    for name, date in (("cases_opened", "start_date"), ("cases_ended", "end_date")):
        dated = active[active[date] <= rules.to_date]
        new = dated.assign(month=month_of(dated[date])).groupby(["person_id", "month"]).size().rename(name)
        counts[name] = persons["children"] * places.joined(new.reset_index())[name]
    rows = spell_months(active, rules.from_date, rules.to_date)
    at_end = rows.loc[rows["is_at_end"], ["person_id", "month"]].drop_duplicates().assign(is_open=1)
    counts["children_with_case"] = persons["children"] * places.joined(at_end)["is_open"]
    return pd.DataFrame(counts)


def _measure_counts(persons: pd.DataFrame, places: "_Places", measure: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    columns = ["person_id", "measure_group", "price_per_month_dkk", "start_date", "end_date"]
    rows = spell_months(measure[columns], rules.from_date, rules.to_date)
    rows = rows.assign(
        preventive_measures=(rows["measure_group"] == "preventive").astype(int),
        children_placed=(rows["measure_group"] == "placement").astype(int),
        measures_active=1,
        measures_unpriced=rows["price_per_month_dkk"].isna().astype(int),
        measures_dkk=(rows["price_per_month_dkk"] * rows["share"]).fillna(0.0),
    )
    names = ["preventive_measures", "children_placed", "measures_active", "measures_unpriced", "measures_dkk"]
    sums = places.joined(rows.groupby(["person_id", "month"], as_index=False)[names].sum())[names]
    sums["children_placed"] = persons["children"] * sums["children_placed"].clip(upper=1)
    sums["preventive_measures"] = persons["children"] * sums["preventive_measures"]
    return sums


def _absence_counts(persons: pd.DataFrame, places: "_Places", absence: pd.DataFrame) -> pd.DataFrame:
    absent = absence[list(_ABSENCE_KINDS)].sum(axis=1, skipna=False)
    # More days absent than school days is a mistake in the source: the month is unknown, not full absence.
    is_usable = (absence["school_days"] > 0) & (absent <= absence["school_days"])
    rows = absence.assign(absent_days=absent)[is_usable]
    rows = rows[["person_id", "month", "absent_days", "school_days", *_ABSENCE_KINDS]]
    known = places.joined(rows.drop_duplicates(["person_id", "month"]))
    years = persons["age_months"] // 12
    is_pupil = (persons["children"] == 1) & years.between(*_SCHOOL_AGE) & persons["month"].isin(_school_months(absence))
    return pd.DataFrame(
        {
            **{name: persons["children"] * known[name] for name in ("absent_days", "school_days", *_ABSENCE_KINDS)},
            "pupils": is_pupil.astype(int),
            "pupils_unknown": (is_pupil & (known["school_days"] == 0)).astype(int),
        }
    )


def _daycare_counts(persons: pd.DataFrame, places: "_Places", daycare: pd.DataFrame) -> pd.DataFrame:
    known = daycare.assign(is_known=1, is_in=daycare["is_enrolled"].fillna(False).astype(int))
    rows = places.joined(known.drop_duplicates(["person_id", "month"])[["person_id", "month", "is_known", "is_in"]])
    is_young = ((persons["children"] == 1) & (persons["age_months"] // 12).between(*_DAYCARE_AGE)).astype(int)
    return pd.DataFrame(
        {
            "children_of_daycare_age": is_young,
            "children_known_daycare": is_young * rows["is_known"].astype(int),
            "children_unknown_daycare": is_young * (1 - rows["is_known"].astype(int)),
            "children_in_daycare": is_young * rows["is_in"].astype(int),
        }
    )


def _school_months(absence: pd.DataFrame) -> pd.Series:
    """Return the months in which there is school: any school day recorded in that calendar month of any year."""
    taught = absence.loc[absence["school_days"] > 0, "month"].dt.month.unique()
    first, last = absence["month"].min(), absence["month"].max()
    months = pd.Series(months_between(first, last)) if len(absence) else pd.Series(dtype="datetime64[us]")
    return months[months.dt.month.isin(taught)]


def _with_meetings(families: pd.DataFrame, tables: dict, rules: Rules) -> pd.DataFrame:
    meeting, enrolment = tables["meeting"], tables["enrolment"]
    held = meeting.loc[meeting["kind"] == "network", ["family_id", "meeting_date"]].drop_duplicates()
    held = held.assign(month=month_of(held["meeting_date"])).groupby(["family_id", "month"], as_index=False).size()
    spells = enrolment.loc[enrolment["start_date"].notna(), ["family_id", "start_date", "exit_date"]]
    # The day of exit is the first without the effort (see `helhed.tables.takes_part`).
    spells = spells.assign(end_date=spells["exit_date"] - pd.Timedelta(days=1)).drop(columns="exit_date")
    # A family that leaves and comes back in the same month is enrolled in it once.
    months = spell_months(spells, rules.from_date, rules.to_date)[["family_id", "month"]].drop_duplicates()
    enrolled = months.assign(is_in=1)
    places = _Places.of(families, "family_id")
    n_held = places.joined(held)["size"]
    is_in = places.joined(enrolled)["is_in"].astype(int)
    return families.assign(network_meetings=n_held * is_in, families_enrolled=is_in)


@dataclass(frozen=True)
class _Places:
    """Where each person (or family) and month stands among the rows, to bring counts of other tables there."""

    names: pd.Index
    cells: pd.Index

    @classmethod
    def of(cls, rows: pd.DataFrame, key: str = "person_id") -> "_Places":
        """Return the places of rows of which each key has one per month."""
        code, names = pd.factorize(rows[key])
        return cls(pd.Index(names), pd.Index(_cell(code, rows["month"])))

    def joined(self, right: pd.DataFrame) -> pd.DataFrame:
        """Return the right table's numbers in the order of the rows, 0 where it has none.

        Its first column is the key, ``month`` another; there is one row for each at most. Where one of them is unknown
        nothing is joined: one unknown person is not another.

        Raises
        ------
        ValueError
            If there are two rows of a key and month.
        """
        cells = _cell(self.names.get_indexer(right.iloc[:, 0]), right["month"])
        at = np.where(cells < 0, -1, self.cells.get_indexer(cells))
        is_there, numbers = at >= 0, right.iloc[:, 1:].drop(columns="month")
        if np.bincount(at[is_there]).max(initial=0) > 1:
            raise ValueError("two rows of the same month")
        found = np.zeros((len(self.cells), numbers.shape[1]))
        found[at[is_there]] = numbers.to_numpy(dtype=float, na_value=0.0)[is_there]
        return pd.DataFrame(found, columns=numbers.columns)


def _cell(code: np.ndarray, month: pd.Series) -> np.ndarray:
    """Return one whole number for each pair of a key's number and a month; below 0 where one of them is unknown."""
    months = month_number(month).fillna(0).to_numpy(dtype=int)
    return np.where((code >= 0) & (months > 0), code * _MANY_MONTHS + months, -1)
