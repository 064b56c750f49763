"""Canonical tables of a small town for cases that are worked by hand."""

import pandas as pd

from helhed.tables import tables as contracts


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def table(name: str, rows: list[dict]) -> pd.DataFrame:
    """Return a canonical table; columns that a case does not care about are filled with a plain value."""
    contract = contracts()[name]
    plain = {"dkk": 0.0, "number": 0.0, "flag": False, "count": 0, "date": pd.NaT, "month": pd.NaT}
    filled = [{c.name: plain.get(c.kind, "x") for c in contract.columns if c.required} | row for row in rows]
    return contract.conform(pd.DataFrame(filled)) if rows else contract.empty()
