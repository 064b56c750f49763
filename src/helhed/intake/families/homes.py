"""Who lives where on the reference day: one row per person from an address history, ages and homes."""

import numpy as np
import pandas as pd

#: Where a person is on the reference day: lives in the municipality, has left it, or has not come yet.
HERE, LEFT, COMING = "here", "left", "coming"
ADULT_YEARS = 18
_EVER, _NEVER = pd.Timestamp("1800-01-01"), pd.Timestamp("2200-01-01")


def on_the_day(register: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return one row per person: the row of the register that holds on a day.

    Parameters
    ----------
    register
        One or more rows per person with ``person_id``, ``from_date`` and ``to_date`` (both included, either may be
        missing or left out); several rows are the history of the person's addresses.
    day
        The reference day.

    Returns
    -------
    The row that covers the day (the latest when several do), else the last one before it, else the first one after
    it. ``from_date`` and ``to_date`` of a person with several rows are those of the whole unbroken stay that the row
    belongs to: rows follow each other without a break when the next begins at the latest on the day after the last.
    The order of the rows has no influence. Rule ``reference_day``.
    """
    rows = _with_dates(register)
    several = rows["person_id"].duplicated(keep=False)
    if not several.any():
        return rows.reset_index(drop=True)
    chosen = _chosen(_with_stays(rows[several]), day)
    return pd.concat([rows[~several], chosen], ignore_index=True)


def _with_dates(register: pd.DataFrame) -> pd.DataFrame:
    missing = pd.Series(pd.NaT, index=register.index, dtype="datetime64[us]")
    return register.assign(**{name: missing for name in ("from_date", "to_date") if name not in register})


def _with_stays(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with first and last day of the unbroken stay each belongs to: ``stay_from``, ``stay_to``."""
    rows = rows.assign(begin=rows["from_date"].fillna(_EVER), end=rows["to_date"].fillna(_NEVER))
    others = [name for name in rows if name not in ("row_", "file_")]
    rows = rows.sort_values(["person_id", "begin", "end", *others], kind="stable", ignore_index=True)
    reached = rows.groupby("person_id")["end"].cummax().groupby(rows["person_id"]).shift()
    stay = (reached.isna() | (rows["begin"] > reached + pd.Timedelta(days=1))).cumsum()
    return rows.assign(
        stay_from=rows.groupby(stay)["begin"].transform("min"), stay_to=rows.groupby(stay)["end"].transform("max")
    )


def _chosen(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    is_over, is_ahead = rows["end"] < day, rows["begin"] > day
    nearness = np.select([is_ahead, is_over], [0, 1], 2)
    since = (rows["begin"] - _EVER).dt.days
    order = np.select([is_ahead, is_over], [-since, (rows["end"] - _EVER).dt.days], since)
    ranked = rows.assign(nearness=nearness, order=order).sort_values(["person_id", "nearness", "order"], kind="stable")
    last = ranked.drop_duplicates("person_id", keep="last")
    last = last.assign(
        from_date=last["stay_from"].where(last["stay_from"] > _EVER),
        to_date=last["stay_to"].where(last["stay_to"] < _NEVER),
    )
    return last.drop(columns=["begin", "end", "stay_from", "stay_to", "nearness", "order"])


def residents(persons: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return one row per person, sorted by pseudonym, with what the rules about families look at.

    Further columns: ``state`` (`HERE`, `LEFT`, `COMING`), ``age`` (whole years; births are known by month, a person is
    a year older from the first of the month of birth), ``is_minor``, ``is_born`` (False too without a date of birth)
    and ``home``: a number, the same for those who live together, -1 without an address. Those who have left form a
    home with those who left the same address on the same day. Rule ``moved``.
    """
    people = on_the_day(persons, day).sort_values("person_id").reset_index(drop=True)
    for name in ("sex", "district", "second_address_id"):
        if name not in people:
            people[name] = pd.Series(pd.NA, index=people.index, dtype="str")
    states = np.select([people["from_date"] > day, people["to_date"] < day], [COMING, LEFT], HERE)
    birth = people["birth_date"]
    age = (day.year - birth.dt.year) - (birth.dt.month > day.month)
    return people.assign(
        state=states,
        age=age,
        is_minor=(age < ADULT_YEARS).to_numpy(dtype=bool, na_value=False),
        is_born=(birth <= day).to_numpy(dtype=bool, na_value=False),
        home=_homes(people, states),
    )


def _homes(people: pd.DataFrame, states: np.ndarray) -> np.ndarray:
    moved_on = people["to_date"].where(states == LEFT, people["from_date"].where(states == COMING))
    keys = pd.DataFrame({"address": people["address_id"], "state": states, "moved_on": moved_on})
    homes = keys.groupby(["address", "state", "moved_on"], dropna=False).ngroup().to_numpy()
    return np.where(people["address_id"].isna(), -1, homes)
