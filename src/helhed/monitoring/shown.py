"""What may be shown of the values: small numbers of persons hidden, and the tables for readers."""

from typing import NamedTuple

import pandas as pd

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.linked import gives_a_small_number
from helhed.monitoring.who5 import BANDS, who5_band
from helhed.outputs import FORMATS, PublicTable, is_small
from helhed.texts import text

#: A percentage on fewer persons or families than this is never written without the numbers behind it.
FEW = 10
#: Group and level of each of an indicator's `Rows`.
_PLACES = {
    "now": ("enrolled", "now"),
    "before": ("enrolled", "baseline"),
    "others": ("others", "now"),
    "change": ("enrolled", "change"),
    "difference": ("enrolled", "difference"),
}


class Rows(NamedTuple):
    """What is told of one indicator: rows of values, column to value; nothing for those that there are none of."""

    now: dict | None = None
    before: dict | None = None
    others: dict | None = None
    change: dict | None = None
    difference: dict | None = None


def guarded(values: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the values with those hidden that would give away a small number of persons or events.

    A number, share or rate that rests on 1 to ``threshold - 1`` persons or events loses value and interval and gets the
    reason ``hidden``; so does a share of all but so few, and a change or difference of which one side is hidden. What
    has happened by a number of months since the start is hidden too where it differs by so few from what is shown of
    another number of months: they happened in between; and where others that are shown would give a small number
    together with it (see `helhed.monitoring.linked`). Zero is shown, as in `helhed.disclosure`.
    """
    kinds = values["indicator"].map({name: indicator.kind for name, indicator in indicator_catalogue().items()})
    few = is_small(values["numerator"], threshold) & kinds.isin(["share", "rate", "count"])
    all_but_few = is_small(values["denominator"] - values["numerator"], threshold) & (kinds == "share")
    hidden = (few | all_but_few) & (values["reason"] == "")
    hidden |= _differs_by_few(values, hidden, threshold)
    hidden |= gives_a_small_number(values, hidden, threshold)
    hidden |= _gives_away(values, hidden) & (values["reason"] == "")
    safe = values.copy()
    safe.loc[hidden, ["value", "low", "high"]] = float("nan")
    safe.loc[hidden, "reason"] = "hidden"
    # What a value that is not told would be made of is not told either.
    safe.loc[safe["reason"] != "", ["numerator", "denominator"]] = float("nan")
    return safe


def _differs_by_few(values: pd.DataFrame, hidden: pd.Series, threshold: int) -> pd.Series:
    """Return which shares since the start differ by few from one that is shown, of what happens but once."""
    once = {name for name, indicator in indicator_catalogue().items() if indicator.basis == "courses"}
    is_it = values["indicator"].isin(once) & (values["group"] == "enrolled") & (values["reason"] == "") & ~hidden
    shown: dict[str, list[float]] = {}
    for row in values[is_it & (values["level"] == "now")].itertuples():
        shown.setdefault(row.indicator, []).append(row.numerator)
    found = pd.Series(False, index=values.index)
    for row in values[is_it & (values["level"] == "since_start")].itertuples():
        told = shown.setdefault(row.indicator, [])
        found[row.Index] = any(is_small(abs(row.numerator - other), threshold) for other in told)
        if not found[row.Index]:
            told.append(row.numerator)
    return found


def _gives_away(values: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Return which changes and differences would give a hidden value away: those one side of which is hidden."""
    sides = {
        "change": values["level"].isin(["baseline", "now"]) & (values["group"] == "enrolled"),
        "difference": values["level"] == "now",
    }
    found = pd.Series(False, index=values.index)
    for level, is_side in sides.items():
        names = set(values.loc[hidden & is_side, "indicator"])
        found |= (values["level"] == level) & values["indicator"].isin(names)
    return found


def part_shown(n: int, total: int, threshold: int) -> int | None:
    """Return a number of persons that is shown beside its total; nothing when all but too few of them are meant."""
    return None if is_small(total - n, threshold) else n


def one(values: pd.DataFrame, indicator: str, group: str, level: str) -> pd.Series | None:
    """Return the one row of an indicator, group and level (``baseline`` or ``now``), or nothing."""
    is_it = (values["indicator"] == indicator) & (values["group"] == group) & (values["level"] == level)
    return values[is_it].iloc[0] if is_it.any() else None


def rows_of(values: pd.DataFrame, indicator: str) -> Rows:
    """Return what is told of one indicator now, before, of the others, and the change and difference."""
    return all_rows(values[values["indicator"] == indicator]).get(indicator, Rows())


def all_rows(values: pd.DataFrame) -> dict[str, Rows]:
    """Return what is told of each indicator, by id: `rows_of` for all of them at once."""
    found: dict[str, dict[tuple[str, str], dict]] = {}
    for row in values[values["level"].isin({level for _, level in _PLACES.values()})].to_dict("records"):
        found.setdefault(row["indicator"], {}).setdefault((row["group"], row["level"]), row)
    return {name: Rows(**{key: rows.get(place) for key, place in _PLACES.items()}) for name, rows in found.items()}


def written(row: pd.Series | dict | None, lang: str) -> str:
    """Return a value as written in the language, or why there is none.

    A percentage on fewer than `FEW` persons or families is written with the numbers behind it; a change or difference
    with its sign and its unit.
    """
    if row is None:
        return "–"
    if row["reason"]:
        return text(f"monitoring.reason_{row['reason']}", lang)
    indicator = indicator_catalogue()[row["indicator"]]
    if row["level"] in ("change", "difference"):
        return _with_sign(row["value"], indicator, lang)
    form = FORMATS[indicator.format](row["value"], lang)
    return _with_counts(form, row, indicator, lang) if indicator.format.startswith("share") else form


def written_interval(row: pd.Series | dict | None, lang: str) -> str:
    """Return the interval as written in the language; ``–`` when there is none."""
    if row is None or row["reason"] or pd.isna(row["low"]):
        return "–"
    indicator = indicator_catalogue()[row["indicator"]]
    if row["level"] in ("change", "difference"):
        low, high = (_signed(row[end], indicator, lang) for end in ("low", "high"))
    else:
        low, high = (FORMATS[indicator.format](row[end], lang) for end in ("low", "high"))
    return text("monitoring.interval", lang, low=low, high=high)


def _with_counts(form: str, row: pd.Series | dict, indicator: Indicator, lang: str) -> str:
    """Return a percentage, and the counts too where it rests on few."""
    if indicator.kind == "share":
        if row["denominator"] >= FEW:
            return form
        counts = {key: FORMATS["number"](row[key], lang) for key in ("numerator", "denominator")}
        return text("monitoring.with_counts", lang, share=form, **counts)
    return form if row["n"] >= FEW else text("monitoring.with_families", lang, share=form, n=int(row["n"]))


def _with_sign(value: float, indicator: Indicator, lang: str) -> str:
    """Return a change with its sign and unit; of a share in percentage points, which are not per cent."""
    number = _signed(value, indicator, lang)
    if indicator.format.startswith("share"):
        return text("monitoring.points", lang, number=number)
    return number if indicator.format == "dkk" else f"{number} {indicator.unit[lang]}"


def _signed(value: float, indicator: Indicator, lang: str) -> str:
    if indicator.format.startswith("share"):
        number = FORMATS["number1"](abs(value) * 100, lang)
    else:
        number = FORMATS[indicator.format](abs(value), lang)
    is_zero = not any(digit in number for digit in "123456789")
    return number if is_zero else f"{'+' if value > 0 else '−'}{number}"


def indicator_table(values: pd.DataFrame, lang: str) -> PublicTable:
    """Return the table of all indicators: before, now, interval, the other families, families behind, missing.

    Parameters
    ----------
    values
        Guarded values (see `guarded`).
    lang
        ``da`` or ``en``.
    """
    rows, told = [], all_rows(values)
    for name, indicator in indicator_catalogue().items():
        now, before, others, *_ = told.get(name, Rows())
        if now is None:
            continue
        rows.append(
            {
                "name": indicator.label(lang),
                "unit": indicator.unit[lang],
                "before": written(before, lang),
                "now": written(now, lang),
                "interval": written_interval(now, lang),
                "others": written(others, lang),
                "n": now["n"],
                "share_missing": now["share_missing"],
            }
        )
    formats = dict.fromkeys(("name", "unit", "before", "now", "interval", "others"), "text")
    formats |= {"n": "count", "share_missing": "share"}
    columns = {key: (text(f"monitoring.column_{key}", lang), form) for key, form in formats.items()}
    title = text("monitoring.indicator_table", lang)
    return PublicTable("indicators", title, pd.DataFrame(rows, columns=list(columns)), columns)


def level_table(pairs: pd.DataFrame, lang: str) -> PublicTable:
    """Return the table of functional levels A-D: number of persons at the first and at the latest rating.

    Where nobody has been rated twice it has no rows.
    """
    letters = {1: "A", 2: "B", 3: "C", 4: "D"}
    counts = {side: pairs[side].map(letters).value_counts() for side in ("first", "last")}
    rows = [
        {
            "level": text(f"monitoring.level_{letter}", lang),
            **{side: int(counts[side].get(letter, 0)) for side in counts},
        }
        for letter in letters.values()
    ]
    rows.append({"level": text("monitoring.level_all", lang), "first": len(pairs), "last": len(pairs)})
    frame = pd.DataFrame(rows if len(pairs) else [], columns=["level", "first", "last"])
    columns = {
        "level": (text("monitoring.column_level", lang), "text"),
        "first": (text("monitoring.column_first", lang), "count"),
        "last": (text("monitoring.column_last", lang), "count"),
    }
    title = text("monitoring.level_table", lang)
    return PublicTable("functional_level", title, frame, columns, has_total=len(frame) > 0)


def band_table(pairs: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return the table of WHO-5 by band: number of adults at the first and at the latest whole form.

    ``pairs`` as `helhed.monitoring.who5.who5_first_and_last` gives them; without any it has no rows. Where one of the
    two lower bands holds few adults the two are one: the share with 50 points or less is an indicator, and would tell
    the hidden number.
    """
    found = {side: pairs[side].map(who5_band, na_action="ignore").tolist() for side in ("first", "last")}
    counts = {side: {band: bands.count(band) for band in BANDS} for side, bands in found.items()}
    if any(is_small(counts[side][band], threshold) for side in counts for band in BANDS[:2]):
        counts = {side: {"to_50": one["low"] + one["screen"], "above": one["above"]} for side, one in counts.items()}
    rows = [
        {"band": text(f"monitoring.band_{band}", lang), **{side: counts[side][band] for side in counts}}
        for band in counts["first"]
    ]
    rows.append({"band": text("monitoring.level_all", lang), "first": len(pairs), "last": len(pairs)})
    frame = pd.DataFrame(rows if len(pairs) else [], columns=["band", "first", "last"])
    columns = {
        "band": (text("monitoring.column_band", lang), "text"),
        "first": (text("monitoring.column_first_form", lang), "count"),
        "last": (text("monitoring.column_last_form", lang), "count"),
    }
    title = text("monitoring.band_table", lang)
    return PublicTable("who5_bands", title, frame, columns, has_total=len(frame) > 0)
