"""What a measure costs a month: the system's own price, else the municipality's list, a published one or a setting."""

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from helhed.economy.given import number
from helhed.economy.own import PERIODS_PER_MONTH, OwnEconomy
from helhed.errors import Problem, WrongCall

#: Groups of measure that have a price setting in the profile: ``economy.price_<group>_dkk_per_month``.
PRICED_GROUPS = ("preventive", "placement", "activation", "work_based", "adult_social", "health", "education", "other")
#: Where the price of a measure comes from, best first: the case system, the municipality's price list, a published
#: price, the profile's assumption.
ORIGINS = ("own", "list", "published", "setting")
#: Prices that are the municipality's own.
OWN_ORIGINS = ("own", "list")


@dataclass(frozen=True)
class PriceBasis:
    """How prices are found.

    Parameters
    ----------
    setting
        Gives the value of a profile key, such as the profile's own ``[]``.
    prices
        The municipality's price list, as in `helhed.economy.own.OwnEconomy`.
    to_year
        Prices are brought from their own year to this one: price · (1 + growth) ^ years between. Without a year they
        stay as stated. The case system's own prices stay as they are: they are what was paid.
    setting_year, growth_per_year
        The year of the settings' prices, and how much prices grow a year.
    """

    setting: Callable[[str], float]
    prices: pd.DataFrame = field(default_factory=lambda: OwnEconomy().prices)
    to_year: int | None = None
    setting_year: int | None = None
    growth_per_year: float = 0.0

    def index(self, year: int | None) -> float:
        """Return what a krone of a year has become in the year wanted; 1 where a year is not known."""
        if self.to_year is None or year is None:
            return 1.0
        return (1 + self.growth_per_year) ** (self.to_year - year)


def price_basis(profile: Mapping, own: OwnEconomy) -> PriceBasis:
    """Return how prices are found for a profile and its municipality's own list: in the last year of the data."""
    setting_year, growth = profile["staffing.price_year"], profile["staffing.price_growth"]
    return PriceBasis(profile.__getitem__, own.prices, profile["data.to_date"].year, setting_year, growth)


@cache
def published_prices() -> dict[str, dict]:
    """Return the published unit prices: id to names, ``measure_types``, price, ``year``, ``source``, ``quality``."""
    return tomllib.loads(resources.files("helhed.economy").joinpath("prices.toml").read_text(encoding="utf-8"))


def monthly_price(price: Mapping) -> float:
    """Return a price in kroner a month.

    Parameters
    ----------
    price
        ``dkk_per_month`` or ``dkk_per_year``, and the ``year`` it is from.

    Raises
    ------
    WrongCall
        If it has no year: such a price cannot be brought to another year nor be trusted; or no amount.
    """
    year = number(price.get("year"), "year")
    if not year > 0:
        raise WrongCall(Problem("economy.price_without_year"))
    per_month, per_year = (number(price.get(f"dkk_per_{period}"), "dkk") for period in ("month", "year"))
    found = per_year / 12 if math.isnan(per_month) else per_month
    if math.isnan(found):
        raise WrongCall(Problem("economy.amount_missing"))
    return found


def price_measures(measures: pd.DataFrame, basis: PriceBasis) -> pd.DataFrame:
    """Return the measures with a price each.

    Parameters
    ----------
    measures
        Columns ``measure_type``, ``measure_group``, ``price_per_month_dkk``.
    basis
        How prices are found.

    Returns
    -------
    The measures with ``monthly_dkk``, ``price_origin`` (a member of `ORIGINS`) and ``price_year`` (as stated, missing
    for the case system's own). Listed and published prices are
    found by the type of measure, whatever its capitals and blanks; of several years the newest holds.
    """
    index = basis.index(basis.setting_year)
    by_group = {group: basis.setting(f"economy.price_{group}_dkk_per_month") * index for group in PRICED_GROUPS}
    kind = measures["measure_type"].str.strip().str.lower()
    candidates = [
        measures["price_per_month_dkk"].astype("float64"),
        kind.map(listed_prices(basis)).astype("float64"),
        kind.map(_published(basis)).astype("float64"),
        measures["measure_group"].map(by_group).astype("float64"),
    ]
    origin = np.select([one.notna() for one in candidates[:-1]], ORIGINS[:-1], default=ORIGINS[-1])
    monthly = candidates[0]
    for one in candidates[1:]:
        monthly = monthly.fillna(one)
    years = _years(basis)
    year = [years[one].get(name, years[one].get("")) for one, name in zip(origin, kind, strict=True)]
    return measures.assign(monthly_dkk=monthly, price_origin=origin, price_year=pd.array(year, dtype="Int64"))


def _years(basis: PriceBasis) -> dict[str, Mapping]:
    """Return the year of a price by its origin and type of measure, ``""`` for any type.

    The case system's own prices have none.
    """
    newest = basis.prices.sort_values("year")
    listed = dict(zip(newest["measure_type"].str.strip().str.lower(), newest["year"], strict=True))
    published = {name: price["year"] for price in published_prices().values() for name in price["measure_types"]}
    return {"own": {}, "list": listed, "published": published, "setting": {"": basis.setting_year}}


def listed_prices(basis: PriceBasis) -> dict[str, float]:
    """Return the municipality's own price list: type of measure, in small letters, to kroner a month.

    Raises
    ------
    WrongCall
        If a price has no year.
    """
    listed = basis.prices
    if listed["year"].isna().any():
        raise WrongCall(Problem("economy.price_without_year"))
    newest = listed.sort_values("year").assign(name=listed["measure_type"].str.strip().str.lower())
    monthly = newest["price_dkk"].astype("float64") * newest["period"].map(PERIODS_PER_MONTH).astype("float64")
    indexed = [amount * basis.index(int(year)) for amount, year in zip(monthly, newest["year"], strict=True)]
    return dict(zip(newest["name"], indexed, strict=True))


def _published(basis: PriceBasis) -> dict[str, float]:
    return {
        name: monthly_price(price) * basis.index(price["year"])
        for price in published_prices().values()
        for name in price["measure_types"]
    }
