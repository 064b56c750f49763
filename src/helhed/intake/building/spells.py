"""Weekly benefit payments to unbroken spells."""

import pandas as pd

from helhed.intake.building.covering import last_whole_week
from helhed.intake.building.keys import numbered

_WEEK = pd.Timedelta(days=7)
_AMOUNTS = ["paid_dkk", "refund_dkk"]
#: Less than this is rounding.
_ROUNDING_DKK = 0.5


def benefit_spells(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person, benefit and unbroken spell of weeks.

    Parameters
    ----------
    weeks
        One row per payment: ``person_id``, ``benefit``, ``week`` (its Monday), ``paid_dkk``, ``refund_dkk``.

    Returns
    -------
    Columns of the table ``benefit_spell``. Weeks that follow each other form one spell; one missing week ends it.
    Several payments in one week are added up; a week of which everything was taken back is no week on the benefit. A
    spell that reaches the last week that the data cover has no end date: whether it went on is not known.

    Examples
    --------
    >>> rows = pd.DataFrame({"person_id": "a", "benefit": "sho", "paid_dkk": 100.0, "refund_dkk": 20.0,
    ...     "week": pd.to_datetime(["2024-01-01", "2024-01-08", "2024-01-22", "2024-01-29"])})
    >>> benefit_spells(rows)[["start_date", "end_date", "paid_dkk"]].to_dict("list")["paid_dkk"]
    [200.0, 200.0]
    """
    owner, persons = numbered(weeks["person_id"])
    kind, benefits = numbered(weeks["benefit"])
    ordered = _weekly(weeks[["week", "paid_dkk", "refund_dkk"]].assign(owner=owner, kind=kind))
    spells = ordered.groupby(_spell_numbers(ordered), sort=False).agg(
        owner=("owner", "first"),
        kind=("kind", "first"),
        start_date=("week", "first"),
        last_week=("week", "last"),
        paid_dkk=("paid_dkk", "sum"),
        refund_dkk=("refund_dkk", "sum"),
    )
    spells.insert(0, "person_id", persons.take(spells.pop("owner")))
    spells.insert(1, "benefit", benefits.take(spells.pop("kind")))
    is_ended = spells["last_week"] < last_whole_week(weeks["week"])
    spells.insert(3, "end_date", (spells.pop("last_week") + pd.Timedelta(days=6)).where(is_ended))
    return spells.sort_values(["person_id", "benefit", "start_date"]).reset_index(drop=True)


def _weekly(weeks: pd.DataFrame) -> pd.DataFrame:
    known = weeks[(weeks["owner"] >= 0) & (weeks["kind"] >= 0) & weeks["week"].notna()]
    if known.empty:
        return known[["owner", "kind", "week", *_AMOUNTS]]
    # One number stands for the three keys: to group by three takes several times the memory.
    first_day = known["week"].min()
    day = (known["week"] - first_day).dt.days
    n_days, n_kinds = day.max() + 1, int(known["kind"].max()) + 1
    place = (known["owner"].astype("int64") * n_kinds + known["kind"]) * n_days + day
    sums = known[_AMOUNTS].groupby(place.to_numpy(), sort=True).sum()
    place = sums.index.to_numpy()
    keys = {"owner": place // (n_days * n_kinds), "kind": place // n_days % n_kinds}
    days = first_day.to_datetime64() + (place % n_days).astype("timedelta64[D]")
    weekly = pd.DataFrame({**keys, "week": days.astype(known["week"].dtype), **dict(sums.items())}, index=None)
    return _without_reversed(weekly.reset_index(drop=True), known)


def _without_reversed(weekly: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """Return the weeks without those in which a payment was taken back and nothing is left."""
    key = ["owner", "kind", "week"]
    reversals = payments.loc[payments["paid_dkk"] < 0, key]
    if reversals.empty:
        return weekly
    is_empty = (weekly[_AMOUNTS].abs() < _ROUNDING_DKK).all(axis=1)
    emptied = weekly.loc[is_empty, key].reset_index().merge(reversals.drop_duplicates(), on=key)["index"]
    return weekly.drop(index=emptied)


def _spell_numbers(ordered: pd.DataFrame) -> pd.Series:
    """Return the number of the spell that each row of the ordered weeks belongs to."""
    is_same = (ordered["owner"] == ordered["owner"].shift()) & (ordered["kind"] == ordered["kind"].shift())
    return (~is_same | (ordered["week"].diff() != _WEEK)).cumsum().rename("spell")
