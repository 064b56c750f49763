"""Payments that look like copies of each other and are none: one was taken back in between."""

import pandas as pd

_AMOUNTS = ["paid_dkk", "refund_dkk"]


def is_paid_again(payments: pd.DataFrame, is_copy: pd.Series) -> pd.Series:
    """Return which copies of a payment stand because another row takes the payment back.

    Parameters
    ----------
    payments
        Rows of payments with ``paid_dkk`` and ``refund_dkk``; a reversal has negative amounts and is otherwise equal.
    is_copy
        Which rows repeat an earlier row in every column.

    Returns
    -------
    A payment of 100, a reversal of 100 and a payment of 100 are 100 paid, not a payment exported twice: as many copies
    of a payment stand as there are reversals of it, and as many copies of a reversal as there are copies of the
    payment. An export taken twice is still one: what it has too many is paid and taken back alike.

    Examples
    --------
    >>> rows = pd.DataFrame({"person_id": "a", "paid_dkk": [100, -100, 100, 100], "refund_dkk": [20, -20, 20, 20]})
    >>> is_paid_again(rows, rows.duplicated()).tolist()
    [False, False, True, False]
    """
    is_reversal = payments["paid_dkk"] < 0
    rows = payments[is_copy | is_reversal]
    sign = is_reversal[rows.index].map({True: -1, False: 1})
    alike = rows.assign(**{name: rows[name] * sign for name in _AMOUNTS if name in rows})
    key = alike.groupby(list(payments.columns), dropna=False, sort=False).ngroup()
    copied, taken_back = is_copy[rows.index], is_reversal[rows.index]
    place = copied.groupby([key, taken_back]).cumsum()
    n_reversals = taken_back.groupby(key).transform("sum")
    n_copies = (copied & ~taken_back).groupby(key).transform("sum")
    stands = copied & (place <= n_reversals.where(~taken_back, n_copies))
    return stands.reindex(payments.index, fill_value=False)
