"""One invented family, for trying templates and for showing what a plan looks like without showing a real one."""

import tomllib
from datetime import date
from importlib import resources

import numpy as np
import pandas as pd

from helhed.plan.assembly import assemble_plans
from helhed.plan.family_page import Wording
from helhed.plan.wording import timeline_bars
from helhed.tables import DTYPES, Table
from helhed.tables import tables as contracts

#: The day on which the example's plan is made.
EXAMPLE_DAY = date(2025, 6, 2)


def example_tables() -> dict[str, pd.DataFrame]:
    """Return the tables of one invented family, after their contracts; see `helhed.plan.assembly.assemble_plans`."""
    declared = tomllib.loads(resources.files("helhed.plan").joinpath("example.toml").read_text(encoding="utf-8"))
    return {name: table_of(name, rows) for name, rows in declared.items()}


def example_bars(profile, lang: str) -> pd.DataFrame:
    """Return the timeline of the invented family's plan; see `helhed.plan.wording.timeline_bars`."""
    plan = assemble_plans(example_tables(), profile, EXAMPLE_DAY)["eksempel"]
    return timeline_bars(plan, Wording(profile, lang))


def table_of(name: str, rows: list[dict]) -> pd.DataFrame:
    """Return rows as a canonical table; what a row leaves out is missing."""
    contract: Table = contracts()[name]
    values = {
        column.name: pd.Series([_typed(row.get(column.name), column.kind) for row in rows], dtype=DTYPES[column.kind])
        for column in contract.columns
    }
    return pd.DataFrame(values)


def _typed(value, kind: str):
    if kind in ("date", "month"):
        return pd.Timestamp(value) if value is not None else pd.NaT
    if value is None and DTYPES[kind] == "float64":
        return np.nan
    return value
