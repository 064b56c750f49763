"""What may be shown of the values: small numbers of persons hidden, and the tables for readers."""

import pandas as pd

from helhed.monitoring.catalogue import indicator_catalogue
from helhed.outputs import FORMATS, PublicTable, is_small
from helhed.texts import text


def guarded(values: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the values with those hidden that would give away a small number of persons or events.

    A number, share or rate that rests on 1 to ``threshold - 1`` persons or events loses value and interval and gets the
    reason ``hidden``; so does a share of all but so few. Zero is shown, as in `helhed.disclosure`.
    """
    kinds = values["indicator"].map({name: indicator.kind for name, indicator in indicator_catalogue().items()})
    few = is_small(values["numerator"], threshold) & kinds.isin(["share", "rate", "count"])
    all_but_few = is_small(values["denominator"] - values["numerator"], threshold) & (kinds == "share")
    hidden = (few | all_but_few) & (values["reason"] == "")
    safe = values.copy()
    safe.loc[hidden, ["value", "low", "high"]] = float("nan")
    safe.loc[hidden, "reason"] = "hidden"
    return safe


def part_shown(n: int, total: int, threshold: int) -> int | None:
    """Return a number of persons that is shown beside its total; nothing when all but too few of them are meant."""
    return None if is_small(total - n, threshold) else n


def one(values: pd.DataFrame, indicator: str, group: str, level: str) -> pd.Series | None:
    """Return the one row of an indicator, group and level (``baseline`` or ``now``), or nothing."""
    is_it = (values["indicator"] == indicator) & (values["group"] == group) & (values["level"] == level)
    return values[is_it].iloc[0] if is_it.any() else None


def written(row: pd.Series | None, lang: str) -> str:
    """Return a value as written in the language, or why there is none."""
    if row is None:
        return "–"
    if row["reason"]:
        return text(f"monitoring.reason_{row['reason']}", lang)
    return FORMATS[indicator_catalogue()[row["indicator"]].format](row["value"], lang)


def written_interval(row: pd.Series | None, lang: str) -> str:
    """Return the interval as written in the language; ``–`` when there is none."""
    if row is None or row["reason"] or pd.isna(row["low"]):
        return "–"
    form = FORMATS[indicator_catalogue()[row["indicator"]].format]
    return text("monitoring.interval", lang, low=form(row["low"], lang), high=form(row["high"], lang))


def indicator_table(values: pd.DataFrame, lang: str) -> PublicTable:
    """Return the table of all indicators: before, now, interval, the other families, families behind, missing.

    Parameters
    ----------
    values
        Guarded values (see `guarded`).
    lang
        ``da`` or ``en``.
    """
    rows = []
    for name, indicator in indicator_catalogue().items():
        now = one(values, name, "enrolled", "now")
        if now is None:
            continue
        rows.append(
            {
                "name": indicator.label(lang),
                "unit": indicator.unit[lang],
                "before": written(one(values, name, "enrolled", "baseline"), lang),
                "now": written(now, lang),
                "interval": written_interval(now, lang),
                "others": written(one(values, name, "others", "now"), lang),
                "n": now["n"],
                "share_missing": now["share_missing"],
            }
        )
    formats = dict.fromkeys(("name", "unit", "before", "now", "interval", "others"), "text")
    formats |= {"n": "count", "share_missing": "share"}
    columns = {key: (text(f"monitoring.column_{key}", lang), form) for key, form in formats.items()}
    title = text("monitoring.indicator_table", lang)
    return PublicTable("indicators", title, pd.DataFrame(rows, columns=list(columns)), columns)


def enrolment_table(by_month: pd.DataFrame, lang: str) -> PublicTable:
    """Return the table of enrolment: families enrolled at the end of each half-year."""
    is_half = by_month["month"].dt.month.isin([6, 12])
    rows = by_month.loc[is_half, ["month", "n_enrolled"]].reset_index(drop=True)
    columns = {
        "month": (text("monitoring.column_month", lang), "month"),
        "n_enrolled": (text("monitoring.column_enrolled", lang), "count"),
    }
    return PublicTable("enrolment", text("monitoring.enrolment_table", lang), rows, columns)


def level_table(pairs: pd.DataFrame, lang: str) -> PublicTable:
    """Return the table of functional levels A-D: number of persons at the first and at the latest rating."""
    letters = {1: "A", 2: "B", 3: "C", 4: "D"}
    counts = {side: pairs[side].map(letters).value_counts() for side in ("first", "last")}
    rows = [
        {
            "level": text(f"monitoring.level_{letter}", lang),
            **{side: int(counts[side].get(letter, 0)) for side in counts},
        }
        for letter in letters.values()
    ]
    total = {"level": text("monitoring.level_all", lang), "first": len(pairs), "last": len(pairs)}
    columns = {
        "level": (text("monitoring.column_level", lang), "text"),
        "first": (text("monitoring.column_first", lang), "count"),
        "last": (text("monitoring.column_last", lang), "count"),
    }
    title = text("monitoring.level_table", lang)
    return PublicTable("functional_level", title, pd.DataFrame([*rows, total]), columns, has_total=True)
