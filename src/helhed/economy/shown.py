"""Tables and sentences of the account, the curve over time and what a course is worth, in both languages."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed import texts
from helhed.disclosure import MOST_OF_ONE, is_dominated
from helhed.economy.account import MEASURES, account_between, items_without_data
from helhed.economy.own import PAYERS
from helhed.economy.present_value import InternalRate
from helhed.economy.prices import OWN_ORIGINS
from helhed.economy.scenario import SpendingCurve
from helhed.economy.worth import Worth
from helhed.outputs import PublicTable, is_small
from helhed.profile import source_in
from helhed.tables import code_label
from helhed.texts import text

#: Any month since the start.
_ALWAYS = 10_000


def account_table(account: pd.DataFrame, own: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return the account after the start by item and payer; empty when it rests on fewer families than the threshold.

    ``account`` and ``own`` are the account and the enrolled families' months.
    """
    n_families = own.loc[own["months_since"] >= 0, "family_id"].nunique()
    found = account_between(folded(account, own, threshold), own, 0, _ALWAYS)
    found = _known(found, account)
    rows = _named(found if n_families >= threshold else found.head(0), lang)
    title = text("economy.account_title", lang, n=_families(n_families, threshold, lang))
    estimated = {"estimated_share": (text("economy.column_estimated", lang), "share")}
    return PublicTable("account", title, rows, _account_columns(lang) | estimated)


def change_table(account: pd.DataFrame, own: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return who pays more and who pays less: first year less the year before the start, per family and month.

    Of the families seen in both years; empty with fewer of them than the threshold.
    """
    both = [set(own.loc[own["months_since"].between(*years), "family_id"]) for years in ((-12, -1), (0, 11))]
    seen = own[own["family_id"].isin(both[0] & both[1])]
    n_families = seen["family_id"].nunique()
    safe = folded(account, seen[seen["months_since"].between(-12, 11)], threshold)
    before, after = (account_between(safe, seen, *years) for years in ((-12, -1), (0, 11)))
    columns = [*PAYERS, "all"]
    change = _known(after.assign(**{name: after[name] - before[name] for name in columns}), account)
    rows = _named(change if n_families >= threshold else change.head(0), lang)
    title = text("economy.change_title", lang, n=_families(n_families, threshold, lang))
    return PublicTable("account_change", title, rows, _account_columns(lang))


def _known(found: pd.DataFrame, account: pd.DataFrame) -> pd.DataFrame:
    """Return an account by item with nothing where the whole account has no amount of the item."""
    return found.assign(
        **{name: found[name].mask(found["item"].isin(items_without_data(account))) for name in (*PAYERS, "all")}
    )


def folded(account: pd.DataFrame, own: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the account with measures that would show what one family costs put together under ``measure``.

    These are measures of fewer families in ``own`` than the threshold, and those of which one family has more than
    `MOST_OF_ONE` of what a payer pays. Where they are too few together as well, the measure with the fewest families
    of the others goes with them.
    """
    seen = account.merge(own[["family_id", "month"]], on=["family_id", "month"])
    seen = seen[seen["item"].isin(MEASURES)]
    items = seen.groupby("item")["family_id"].nunique().sort_values(kind="stable").index.tolist()
    folds = [item for item in items if not _is_safe(seen[seen["item"] == item], threshold)]
    others = [item for item in items if item not in folds]
    while folds and others and not _is_safe(seen[seen["item"].isin(folds)], threshold):
        folds.append(others.pop(0))
    return account.assign(item=account["item"].where(~account["item"].isin(folds), "measure"))


def _is_safe(lines: pd.DataFrame, threshold: int) -> bool:
    """Return whether enough families stand behind an amount, and none of them behind most of what a payer pays."""
    of_one = lines.groupby(["payer", "family_id"])["amount_dkk"].sum()
    paid = [of_one.groupby(level="family_id").sum(), *(amounts for _, amounts in of_one.groupby(level="payer"))]
    is_of_few = lines["family_id"].nunique() < threshold
    return not is_of_few and not any(is_dominated(amounts, 1, MOST_OF_ONE) for amounts in paid)


def _named(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    shown = rows[~rows["item"].isin(MEASURES) | (rows["all"] != 0)]
    is_folded = len(shown[shown["item"].isin(MEASURES)]) < len(MEASURES)
    names = {item: text(f"economy.item_{item}", lang) for item in shown["item"]}
    if is_folded:
        names["measure"] = text("economy.item_measures_folded", lang)
    return shown.assign(item=shown["item"].map(names))


def _account_columns(lang: str) -> dict[str, tuple[str, str]]:
    payers = {payer: (text(f"economy.column_{payer}", lang), "dkk") for payer in (*PAYERS, "all")}
    return {"item": (text("economy.column_item", lang), "text")} | payers


def _families(n: int, threshold: int, lang: str) -> str:
    return texts.number(n, lang) if n >= threshold else text("outputs.under", lang, threshold=threshold)


def account_sentence(account: pd.DataFrame, own: pd.DataFrame, unpriced_share: float, threshold: int, lang: str) -> str:
    """Return who pays how much, and how much of it rests on prices that are not the municipality's own."""
    followed = own[own["months_since"] >= 0]
    if followed["family_id"].nunique() < threshold:
        return text("economy.account_few", lang)
    total = account_between(account, own, 0, _ALWAYS).set_index("item").loc["total"]
    said = [
        text("economy.account_sentence", lang, **{payer: texts.about_kroner(total[payer], lang) for payer in PAYERS})
    ]
    if np.isfinite(unpriced_share):
        said.append(text("economy.account_unpriced", lang, unpriced=texts.percent(unpriced_share, lang)))
    said.append(refund_sentence(account, own, threshold, lang))
    if lacking := items_without_data(account):
        named = ", ".join(text(f"economy.item_{item}", lang) for item in lacking)
        said.append(text("economy.account_lacks", lang, items=named))
    return " ".join(part for part in said if part)


def refund_sentence(account: pd.DataFrame, own: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return how much of the enrolled families' benefits has a refund by the rules, and what its weeks count from.

    Nothing where the data say all refunds, or too few families have one by the rules.
    """
    benefits = account[account["item"] == "benefit"].merge(own[["family_id", "month"]], on=["family_id", "month"])
    by_rule = benefits[benefits["is_estimated"].astype(bool)]
    if by_rule["family_id"].nunique() < max(threshold, 1):
        return ""
    share = by_rule["amount_dkk"].sum() / benefits["amount_dkk"].sum()
    return text("economy.refund_by_steps", lang, share=texts.percent(share, lang))


def prices_table(used: pd.DataFrame, profile: Mapping, threshold: int, lang: str) -> PublicTable:
    """Return the prices in use, with year and source: own, listed, published or still a default of the profile.

    The share of the spending is hidden where fewer persons than the threshold are behind it.
    """
    few = is_small(used["n_persons"], threshold)
    rows = pd.DataFrame(
        {
            "group": [code_label("measure_group", group, lang) for group in used["measure_group"]],
            "origin": [text(f"economy.origin_{origin}", lang) for origin in used["price_origin"]],
            "year": [_price_year(one.first_year, one.last_year) for one in used.itertuples()],
            "source": [_price_source(one.measure_group, one.price_origin, profile, lang) for one in used.itertuples()],
            "share": used["share"].mask(few).to_numpy(),
        }
    )
    formats = {"group": "text", "origin": "text", "year": "text", "source": "text", "share": "share"}
    columns = {name: (text(f"economy.price_{name}", lang), form) for name, form in formats.items()}
    return PublicTable("prices", text("economy.prices_title", lang), rows, columns)


def _price_year(first: int, last: int) -> str:
    return "–" if pd.isna(first) else "–".join(str(year) for year in dict.fromkeys((int(first), int(last))))


def _price_source(group: str, origin: str, profile, lang: str) -> str:
    if origin == "setting":
        return source_in(profile.settings[f"economy.price_{group}_dkk_per_month"].source, lang)
    return text(f"economy.source_{origin}", lang)


def defaults_sentence(used: pd.DataFrame, lang: str) -> str:
    """Return which groups of measures still stand at a price that is not the municipality's own."""
    if used.empty:
        return text("economy.prices_none", lang)
    foreign = used[~used["price_origin"].isin(OWN_ORIGINS)]
    if foreign.empty:
        return text("economy.prices_all_own", lang)
    names = "; ".join(code_label("measure_group", group, lang) for group in dict.fromkeys(foreign["measure_group"]))
    return text("economy.prices_defaults", lang, groups=names)


def spending_verdict(row: Mapping) -> str:
    """Return whether spending is ``more`` or ``less`` than expected, or ``unsure``: the interval holds 0."""
    return "more" if row["low_dkk"] > 0 else "less" if row["high_dkk"] < 0 else "unsure"


def curve_sentence(found: SpendingCurve, threshold: int, lang: str) -> str:
    """Return how much extra a family has cost since the start, when it was most, and beside what."""
    if found.curve.empty or found.n_families < threshold:
        return text("economy.curve_few", lang)
    top, last = found.top, found.last
    shape = "below" if top["cumulative_dkk"] <= 0 else "falling" if found.is_falling else "open"
    verdict = spending_verdict(last)
    sentence = text(
        f"economy.curve_{shape}",
        lang,
        top=texts.about_kroner(top["cumulative_dkk"], lang),
        top_month=texts.number(top["month"], lang),
        last=texts.about_kroner(last["cumulative_dkk"], lang),
        last_month=texts.number(last["month"], lang),
        low=texts.about_kroner(last["low_dkk"], lang),
        high=texts.about_kroner(last["high_dkk"], lang),
    )
    return f"{sentence} {text(f'economy.curve_{verdict}', lang)} {text(f'economy.curve_{found.scenario}', lang)}"


def worth_table(found: Worth, horizon_months: int, profile: Mapping, lang: str) -> PublicTable:
    """Return what a course is worth, with the conventions behind each number."""
    rate = profile["economy.discount_rate"]
    families = found.families_per_year
    cells = {
        "value": (
            texts.about_kroner(found.value_dkk, lang),
            {"rate": texts.percent(rate, lang, 1), "months": horizon_months},
        ),
        "range": (_range(found, lang), {"share": texts.percent(found.share_positive, lang)}),
        "rate": (_rate(found.rate, lang), {}),
        "families": (
            texts.number(families, lang) if np.isfinite(families) else text("economy.no_number_is_enough", lang),
            {"fixed": texts.kroner(_fixed(profile), lang)},
        ),
    }
    rows = [
        {
            "what": text(f"economy.worth_{name}", lang),
            "amount": amount,
            "how": text(f"economy.worth_how_{name}", lang, **places),
        }
        for name, (amount, places) in cells.items()
    ]
    columns = {name: (text(f"economy.worth_column_{name}", lang), "text") for name in ("what", "amount", "how")}
    return PublicTable("worth", text("economy.worth_title", lang), pd.DataFrame(rows), columns)


def _fixed(profile: Mapping) -> float:
    return profile["staffing.premises_dkk_per_year"] + profile["staffing.evaluation_dkk_per_year"]


def _range(found: Worth, lang: str) -> str:
    return text(
        "economy.from_to",
        lang,
        low=texts.about_kroner(found.low_dkk, lang),
        high=texts.about_kroner(found.high_dkk, lang),
    )


def _rate(rate: InternalRate, lang: str) -> str:
    shown = texts.percent(rate.value, lang, 1) if len(rate.rates) == 1 else text("economy.no_rate", lang)
    warning = f" ({text(f'economy.rate_{rate.warning}', lang)})" if rate.warning else ""
    return f"{shown}{warning}"


def payers_table(result: pd.DataFrame, horizon_months: int, lang: str) -> PublicTable:
    """Return who pays and who gains per family over the horizon."""
    rows = result.assign(payer=[text(f"economy.column_{payer}", lang) for payer in result["payer"]])
    names = ("effort_dkk", "measures_dkk", "benefits_dkk", "net_dkk")
    columns = {"payer": (text("economy.payer", lang), "text")} | {
        name: (text(f"economy.payers_{name.removesuffix('_dkk')}", lang), "about_dkk") for name in names
    }
    return PublicTable("payers", text("economy.payers_title", lang, months=horizon_months), rows, columns)


def payers_sentence(result: pd.DataFrame, is_shown: bool, lang: str) -> str:
    """Return who is left with a cost and who with a gain, or that it cannot be said."""
    if not is_shown:
        return text("economy.cannot_say", lang)
    net = result.set_index("payer")["net_dkk"]
    known = net[[payer for payer in PAYERS if np.isfinite(net[payer]) and abs(net[payer]) >= 0.5]]
    parts = [
        text(
            f"economy.payer_{'gains' if amount > 0 else 'pays'}",
            lang,
            payer=text(f"economy.column_{payer}", lang),
            amount=texts.about_kroner(abs(amount), lang),
        )
        for payer, amount in known.items()
    ]
    return text("economy.payers_sentence", lang, parts="; ".join(parts)) if parts else ""


def worth_numbers(
    found: Worth, result: pd.DataFrame, curve: SpendingCurve, threshold: int, lang: str
) -> dict[str, tuple]:
    """Return what the economy says as key numbers: name to value and format; None where it is not known."""
    net = result.set_index("payer")["net_dkk"]
    is_shown = not curve.curve.empty and curve.n_families >= threshold
    top = curve.top if is_shown else {}
    last = curve.last if is_shown else {}
    values = {
        "net_present_value_dkk": (found.value_dkk, "about_dkk"),
        "net_present_value_low_dkk": (found.low_dkk, "about_dkk"),
        "net_present_value_high_dkk": (found.high_dkk, "about_dkk"),
        "net_present_value_positive_share": (found.share_positive, "share"),
        "internal_rate": (found.rate.value if not found.rate.warning else np.nan, "share1"),
        "families_needed_per_year": (found.families_per_year, "number"),
        "net_municipality_dkk": (net["municipality"], "about_dkk"),
        "net_state_dkk": (net["state"], "about_dkk"),
        "net_region_dkk": (net["region"], "about_dkk"),
        "extra_spending_top_dkk": (top.get("cumulative_dkk", np.nan), "about_dkk"),
        "extra_spending_top_month": (top.get("month", np.nan), "number"),
        "extra_spending_last_dkk": (last.get("cumulative_dkk", np.nan), "about_dkk"),
        "extra_spending_last_month": (last.get("month", np.nan), "number"),
    }
    numbers = {name: (float(value) if np.isfinite(value) else None, form) for name, (value, form) in values.items()}
    words = {
        "payers_net": payers_sentence(result, True, lang) if np.isfinite(found.value_dkk) else "",
        "extra_spending_verdict": spending_verdict(last) if is_shown else "",
        "extra_spending_last_interval": _interval(last, lang) if is_shown else "",
    }
    return numbers | {name: (sentence or None, "text") for name, sentence in words.items()}


def _interval(row: Mapping, lang: str) -> str:
    return text(
        "economy.from_to",
        lang,
        low=texts.about_kroner(row["low_dkk"], lang),
        high=texts.about_kroner(row["high_dkk"], lang),
    )
