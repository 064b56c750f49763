"""The creaming watch told in both languages: tables and a sentence per choice."""

import numpy as np
import pandas as pd

from helhed import texts
from helhed.evaluation.creaming import NEARNESS, SIDES
from helhed.evaluation.words import change, interval, level, name_of
from helhed.outputs import KeyNumber, PublicTable, is_small
from helhed.texts import text

#: The measure that says how near to work a family is, and so whether there is creaming.
_NEAREST = "share_working"


def creaming_table(found: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return the table of how the families on both sides of each choice differed before.

    A choice with too few families on a side is left out whole: from the others' mean theirs could be worked out.
    """
    shown = found[[_can_be_shown(found, side, threshold) for side in found["side"]]]
    rows = [
        {
            "side": text(f"evaluation.creaming_{row.side}", lang),
            "measure": name_of(row.measure, lang),
            "yes": level(row.measure, row.mean_yes, lang) if row.n_yes >= threshold else "–",
            "no": level(row.measure, row.mean_no, lang) if row.n_no >= threshold else "–",
            "difference": _difference(row, threshold, lang),
            "n_yes": KeyNumber(row.n_yes, "count").written(lang, threshold),
            "n_no": KeyNumber(row.n_no, "count").written(lang, threshold),
        }
        for row in shown.itertuples()
    ]
    names = ("side", "measure", "yes", "no", "difference", "n_yes", "n_no")
    columns = {name: (text(f"evaluation.creaming_column_{name}", lang), "text") for name in names}
    title = text("evaluation.creaming_title", lang)
    return PublicTable("creaming", title, pd.DataFrame(rows, columns=list(names)), columns)


def _can_be_shown(found: pd.DataFrame, side: str, threshold: int) -> bool:
    """Return whether both sides are large enough; also what a measure leaves out may not be a small number."""
    counts = found.loc[found["side"] == side, ["n_yes", "n_no"]]
    left_out = counts.max() - counts
    return bool((counts.max() >= threshold).all() and not is_small(left_out, threshold).any(axis=None))


def _difference(row, threshold: int, lang: str) -> str:
    if min(row.n_yes, row.n_no) < threshold or not np.isfinite(row.low):
        return "–"
    return f"{change(row.measure, row.difference, lang)} ({interval(row.measure, row.low, row.high, lang)})"


def creaming_sentences(found: pd.DataFrame, threshold: int, lang: str) -> list[str]:
    """Return one sentence per choice: whether the families chosen were nearer to work before than the others."""
    return [_sentence(found, side, threshold, lang) for side in SIDES]


def _sentence(found: pd.DataFrame, side: str, threshold: int, lang: str) -> str:
    who = text(f"evaluation.creaming_{side}", lang)
    row = found[(found["side"] == side) & (found["measure"] == _NEAREST)].iloc[0]
    if min(row["n_yes"], row["n_no"]) < threshold or not np.isfinite(row["low"]):
        return text("evaluation.creaming_few", lang, who=who)
    kind = "nearer" if row["low"] > 0 else "farther" if row["high"] < 0 else "alike"
    words = {
        "yes": level(_NEAREST, row["mean_yes"], lang),
        "no": level(_NEAREST, row["mean_no"], lang),
        "difference": change(_NEAREST, row["difference"], lang),
        "interval": interval(_NEAREST, row["low"], row["high"], lang),
    }
    return text(f"evaluation.creaming_is_{kind}", lang, who=who, **words)


def creaming_over_time(by_start: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return who got in by time of start, and how many of them got a work-based measure in their first year."""
    rows = [
        {
            "start": f"{texts.month(row.first_month, lang)} – {texts.month(row.last_month, lang)}",
            **{name: level(name, getattr(row, name), lang) for name in NEARNESS},
            "work_measure": texts.percent(row.share_work_measure, lang) if row.n_told >= threshold else "–",
            "n_families": row.n_families,
        }
        for row in by_start.itertuples()
        if row.n_families >= threshold
    ]
    labels = {
        "start": text("evaluation.creaming_column_start", lang),
        **{name: name_of(name, lang) for name in NEARNESS},
        "work_measure": text("evaluation.creaming_column_work_measure", lang),
    }
    columns = {name: (label, "text") for name, label in labels.items()}
    columns["n_families"] = text("evaluation.enrolled", lang), "count"
    title = text("evaluation.creaming_time_title", lang)
    return PublicTable("creaming_over_time", title, pd.DataFrame(rows, columns=list(columns)), columns)
