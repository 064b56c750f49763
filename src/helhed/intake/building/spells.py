"""Weekly benefit payments to unbroken spells."""

import pandas as pd

_WEEK = pd.Timedelta(days=7)


def benefit_spells(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person, benefit and unbroken spell of weeks.

    Parameters
    ----------
    weeks
        One row per payment: ``person_id``, ``benefit``, ``week`` (its Monday), ``paid_dkk``, ``refund_dkk``.

    Returns
    -------
    Columns of the table ``benefit_spell``. Weeks that follow each other form one spell; one missing week ends it.
    Several payments in one week are added up. A spell that reaches the last week of the data has no end date: whether
    it went on is not known.

    Examples
    --------
    >>> rows = pd.DataFrame({"person_id": "a", "benefit": "sho", "paid_dkk": 100.0, "refund_dkk": 20.0,
    ...     "week": pd.to_datetime(["2024-01-01", "2024-01-08", "2024-01-22", "2024-01-29"])})
    >>> benefit_spells(rows)[["start_date", "end_date", "paid_dkk"]].to_dict("list")["paid_dkk"]
    [200.0, 200.0]
    """
    ordered = _weekly(weeks)
    spell = _spell_numbers(ordered)
    spells = ordered.groupby(spell, sort=True).agg(
        person_id=("person_id", "first"),
        benefit=("benefit", "first"),
        start_date=("week", "first"),
        last_week=("week", "last"),
        paid_dkk=("paid_dkk", "sum"),
        refund_dkk=("refund_dkk", "sum"),
    )
    is_ended = spells["last_week"] < weeks["week"].max()
    spells["end_date"] = (spells["last_week"] + pd.Timedelta(days=6)).where(is_ended)
    return spells.drop(columns="last_week").reset_index(drop=True)


def _weekly(weeks: pd.DataFrame) -> pd.DataFrame:
    keys = ["person_id", "benefit", "week"]
    return weeks.groupby(keys, as_index=False, sort=True)[["paid_dkk", "refund_dkk"]].sum()


def _spell_numbers(ordered: pd.DataFrame) -> pd.Series:
    """Return the number of the spell that each row of the ordered weeks belongs to."""
    since = ordered.groupby(["person_id", "benefit"])["week"].diff()
    return (since != _WEEK).cumsum().rename("spell")
