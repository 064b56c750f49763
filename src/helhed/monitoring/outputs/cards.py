"""The chosen indicators in short: value now and before, which way it moved, how sure that is, in words and numbers.

Dashboard, workbook, slides and memo are all made from these cards, so that none can say other than another. A card
rests on guarded values (see `helhed.monitoring.shown.guarded`): it may be shown to anyone.
"""

from collections.abc import Sequence

import pandas as pd

from helhed.monitoring.catalogue import indicator_catalogue
from helhed.monitoring.sentences import said_of, verdict_of
from helhed.monitoring.shown import Rows, all_rows, written, written_interval
from helhed.outputs import FORMATS, PublicTable
from helhed.texts import catalogue, text

#: So many indicators fit a dashboard, a slide and a memo; the workbook has them all.
MOST = 9


def cards(values: pd.DataFrame, chosen: Sequence[str], lang: str) -> pd.DataFrame:
    """Return one row per indicator in the order given; those that are not in the values are left out.

    Parameters
    ----------
    values
        Guarded values with the levels ``baseline`` and ``now``.
    chosen
        Ids of the catalogue.
    lang
        ``da`` or ``en``.

    Returns
    -------
    Texts in the language: ``name``, ``goal`` (the wished way), ``now``, ``before``, ``others``, ``interval``,
    ``verdict_text``, ``sentence``. Numbers, missing where they may not be shown: ``value``, ``low``, ``high``,
    ``value_before``, ``value_others``. Further ``indicator``, ``format``, ``verdict`` (see
    `helhed.monitoring.verdict`), ``n`` families and ``share_missing``.
    """
    told = all_rows(values)
    found = [_card(told[name], name, lang) for name in chosen if name in told and told[name].now]
    return pd.DataFrame(found, columns=_COLUMNS)


_COLUMNS = [
    "indicator",
    "format",
    "name",
    "goal",
    "now",
    "before",
    "others",
    "interval",
    "verdict",
    "verdict_text",
    "sentence",
    "value",
    "low",
    "high",
    "value_before",
    "value_others",
    "n",
    "share_missing",
]


def card_table(found: pd.DataFrame, lang: str) -> PublicTable:
    """Return the cards as a table: name, wished way, before, now, interval, verdict, families behind, missing."""
    formats = dict.fromkeys(("name", "goal", "before", "now", "interval", "verdict_text"), "text")
    formats |= {"n": "count", "share_missing": "share"}
    columns = {key: (text(f"monitoring_outputs.column_{key}", lang), form) for key, form in formats.items()}
    title = text("monitoring_outputs.card_table", lang)
    return PublicTable("dashboard", title, found[list(columns)].reset_index(drop=True), columns)


def summary(found: pd.DataFrame) -> dict[str, list[str]]:
    """Return the names of the indicators by what can be said: ``wished``, ``unwished``, ``other``, ``silent``."""
    of = {"better": "wished", "worse": "unwished"} | dict.fromkeys(("rose", "fell", "level"), "other")
    groups = found["verdict"].map(lambda verdict: of.get(verdict, "silent"))
    return {key: found.loc[groups == key, "name"].tolist() for key in ("wished", "unwished", "other", "silent")}


def summary_sentences(found: pd.DataFrame, lang: str) -> list[str]:
    """Return one sentence for each group of indicators about which the same can be said; none for an empty group."""
    return [
        text(f"monitoring_outputs.summary_{key}", lang, n=FORMATS["number"](len(names), lang), names="; ".join(names))
        for key, names in summary(found).items()
        if names
    ]


def _card(rows: Rows, name: str, lang: str) -> dict:
    indicator, (now, before, others, *_) = indicator_catalogue()[name], rows
    found = verdict_of(rows, name)
    return {
        "indicator": name,
        "format": indicator.format,
        "name": indicator.label(lang),
        "goal": text(f"monitoring_outputs.goal_{indicator.direction}", lang),
        "now": written(now, lang),
        "before": written(before, lang),
        "others": written(others, lang),
        "interval": written_interval(now, lang),
        "verdict": found,
        "verdict_text": _in_words(found, lang),
        "sentence": said_of(rows, name, lang),
        **{column: now[column] for column in ("value", "low", "high", "n", "share_missing")},
        "value_before": float("nan") if before is None else before["value"],
        "value_others": float("nan") if others is None else others["value"],
    }


def _in_words(found: str, lang: str) -> str:
    """Return a verdict in words; where there is none, why nothing is shown."""
    key = f"monitoring_outputs.verdict_{found}"
    return text(key, lang) if key in catalogue() else text(f"monitoring.reason_{found}", lang)
