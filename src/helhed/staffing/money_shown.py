"""What the staffing step shows about money: prices with their sources, the years of a project, published grants."""

import math
from datetime import date

import pandas as pd

from helhed.outputs import FORMATS, PublicTable
from helhed.profile import Profile, declared_entries, source_in
from helhed.staffing.budget import budget, budget_by_year, first_month_ahead, price_index
from helhed.staffing.grants import grants_here
from helhed.texts import about_kroner, kroner, number, percent, text

#: The prices of the budget, by the item they give.
PRICES = {
    "salary": "salary_dkk_per_year",
    "overhead": "overhead_share",
    "training": "training_dkk_per_post",
    "premises": "premises_dkk_per_year",
    "evaluation": "evaluation_dkk_per_year",
}


def _say(key: str, lang: str, **values) -> str:
    return text(f"staffing.{key}", lang, **values)


def _table(name: str, frame: pd.DataFrame, formats: dict[str, str], lang: str) -> PublicTable:
    columns = {column: (_say(f"column_{column}", lang), form) for column, form in formats.items()}
    return PublicTable(name, _say(f"table_{name}", lang), frame, columns)


def budget_shown(posts: float, families: float, profile: Profile, lang: str) -> PublicTable:
    """Return the budget of a number of posts, with the price behind each item, its source and its year."""
    frame = budget(posts, families, profile)
    prices = [_price(item, profile, lang) for item in frame["item"]]
    frame = frame.assign(**{name: [price[name] for price in prices] for name in ("price", "price_source", "replace")})
    frame["item"] = [_say(f"item_{item}", lang) for item in frame["item"]]
    money = dict.fromkeys(("per_month_dkk", "per_year_dkk", "per_family_dkk"), "dkk")
    return _table(
        "budget", frame, {"item": "text", **money, "price": "text", "price_source": "text", "replace": "text"}, lang
    )


def _price(item: str, profile: Profile, lang: str) -> dict[str, str]:
    """Return the price of an item in words with its year, its source, and whether it is still to be replaced."""
    if item not in PRICES:
        return dict.fromkeys(("price", "price_source", "replace"), "")
    key = f"staffing.{PRICES[item]}"
    setting, entry = profile.settings[key], declared_entries()[key]
    share = entry.kind == "share"
    price = percent(setting.value, lang) if share else f"{kroner(setting.value, lang)} {_per(entry.unit_label(lang))}"
    source = source_in(setting.source, lang) or _say("price_of_profile", lang)
    year = "" if share else _say("price_of_year", lang, year=str(profile["staffing.price_year"]))
    replace = text("outputs.no" if setting.origin == "profile" else "outputs.yes", lang)
    return {"price": f"{price} {year}".strip(), "price_source": source, "replace": replace}


def _per(unit: str) -> str:
    """Return what an amount is per, without the currency: "kr. pr. år" becomes "pr. år"."""
    return unit.replace("kr. ", "").replace("DKK ", "")


def years_shown(posts: float, profile: Profile, lang: str) -> PublicTable:
    """Return the project year by year over the grant's months, in each year's prices, and who pays."""
    months = profile["staffing.grant_months"]
    frame = budget_by_year(posts, profile, first_month_ahead(profile["data.to_date"]), months)
    total = frame.drop(columns="year").sum()
    frame = pd.concat([frame.assign(year=frame["year"].astype("str")), total.to_frame().T], ignore_index=True)
    frame["year"] = frame["year"].fillna(_say("item_total", lang))
    frame["pay_dkk"] = frame["salary_dkk"] + frame["overhead_dkk"]
    frame["other_dkk"] = frame["total_dkk"] - frame["pay_dkk"]
    money = ("pay_dkk", "other_dkk", "total_dkk", "own_dkk", "grant_dkk", "uncovered_dkk")
    formats = {"year": "text", "months": "number", **dict.fromkeys(money, "dkk")}
    return _table("years", frame[list(formats)], formats, lang)


def sentence_years(posts: float, profile: Profile, lang: str) -> str:
    """Return what the whole project costs, how prices grow, and whether it is paid for."""
    first = first_month_ahead(profile["data.to_date"])
    frame = budget_by_year(posts, profile, first, profile["staffing.grant_months"])
    words = {
        "months": number(profile["staffing.grant_months"], lang),
        "cost": about_kroner(frame["total_dkk"].sum(), lang),
        "growth": percent(profile["staffing.price_growth"], lang, 1),
        "price_year": str(profile["staffing.price_year"]),
        "dearer": percent(_dearer(first, profile), lang, 1),
    }
    uncovered = frame["uncovered_dkk"].sum()
    paid = "years_covered" if uncovered < 1 else "years_uncovered"
    return f"{_say('years', lang, **words)} {_say(paid, lang, uncovered=about_kroner(uncovered, lang))}"


def _dearer(first: date, profile: Profile) -> float:
    return price_index(first.year, profile) - 1


def grants_shown(posts: float, course_cost_dkk: float, profile: Profile, lang: str) -> PublicTable:
    """Return the published grants beside what the same kroner would pay for here."""
    frame = grants_here(posts, course_cost_dkk, profile, lang)
    frame["families_there"] = [
        _range(row.families_low, row.families_high, "number", lang) for row in frame.itertuples()
    ]
    frame["per_family"] = [
        _range(row.per_family_low_dkk, row.per_family_high_dkk, "dkk", lang) for row in frame.itertuples()
    ]
    frame["year"] = [str(year) if not pd.isna(year) else "–" for year in frame["year"]]
    formats = {
        "who": "text", "grant_dkk": "dkk", "year": "text", "months": "number", "families_there": "text",
        "per_family": "text", "share_of_effort": "share", "courses_paid": "number", "source": "text",
    }  # fmt: skip
    return _table("grants", frame, formats, lang)


def _range(low: float, high: float, form: str, lang: str) -> str:
    if math.isnan(low):
        return "–"
    written = [FORMATS[form](value, lang) for value in (low, high)]
    return written[0] if math.isclose(low, high) else " – ".join(written)


def sentence_grants(posts: float, course_cost_dkk: float, profile: Profile, lang: str) -> str:
    """Return how much of the effort here the published grants would pay, lowest to highest."""
    shares = grants_here(posts, course_cost_dkk, profile, lang)["share_of_effort"]
    words = {"low": percent(shares.min(), lang), "high": percent(shares.max(), lang)}
    return _say("grants_would_pay", lang, posts=number(posts, lang, 1), **words)
