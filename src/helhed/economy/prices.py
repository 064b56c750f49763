"""What a measure costs a month: the municipality's own price, else a published one, else a setting."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

#: Groups of measure that have a price setting in the profile: ``economy.price_<group>_dkk_per_month``.
PRICED_GROUPS = ("preventive", "placement", "activation", "work_based", "adult_social", "health", "education", "other")
#: Where the price of a measure comes from, best first.
ORIGINS = ("own", "published", "setting")


@cache
def published_prices() -> dict[str, dict]:
    """Return the published unit prices: id to names, ``measure_types``, price, ``year``, ``source``, ``quality``."""
    return tomllib.loads(resources.files("helhed.economy").joinpath("prices.toml").read_text(encoding="utf-8"))


def monthly_price(price: Mapping) -> float:
    """Return a published price in kroner a month."""
    return float(price["dkk_per_month"]) if "dkk_per_month" in price else price["dkk_per_year"] / 12


def price_measures(measures: pd.DataFrame, setting: Callable[[str], float]) -> pd.DataFrame:
    """Return the measures with a price each.

    Parameters
    ----------
    measures
        Columns ``measure_type``, ``measure_group``, ``price_per_month_dkk``.
    setting
        Gives the value of a profile key, such as the profile's own ``[]``.

    Returns
    -------
    The measures with ``monthly_dkk`` and ``price_origin`` (a member of `ORIGINS`). Published prices are found by the
    type of measure, whatever its capitals and blanks.
    """
    by_type = {name: monthly_price(price) for price in published_prices().values() for name in price["measure_types"]}
    by_group = {group: setting(f"economy.price_{group}_dkk_per_month") for group in PRICED_GROUPS}
    own = measures["price_per_month_dkk"].astype("float64")
    published = measures["measure_type"].str.strip().str.lower().map(by_type).astype("float64")
    assumed = measures["measure_group"].map(by_group).astype("float64")
    origin = np.select([own.notna(), published.notna()], ORIGINS[:2], default=ORIGINS[2])
    return measures.assign(monthly_dkk=own.fillna(published).fillna(assumed), price_origin=origin)
