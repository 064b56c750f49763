"""The guide's page of ten municipalities side by side, and the same for a municipality's own choice of runs."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pandas as pd

from helhed.figures.monitoring_outputs import funnel_figure
from helhed.figures.style import png
from helhed.monitoring.outputs import SideBySide, side_by_side, side_by_side_sentence, side_by_side_table
from helhed.outputs import Picture
from helhed.profile import declared_entries
from helhed.publishing.markdown_parts import page, safe, table
from helhed.texts import text

#: Indicators on the page: one of each kind of number, each with limits of its own kind.
SHOWN = ("absence_share", "notifications_per_child", "work_or_education_share", "who5_mean")
_FILE = "ten_municipalities.csv"


@cache
def ten_municipalities() -> dict[str, pd.DataFrame]:
    """Return the guarded values of ten invented municipalities, by name."""
    with resources.files("helhed.monitoring.outputs").joinpath(_FILE).open(encoding="utf-8") as file:
        values = pd.read_csv(file, keep_default_na=True).fillna({"reason": ""})
    return dict(tuple(values.groupby("municipality")))


def side_by_side_page(lang: str) -> str:
    """Return the page: per indicator a sentence, a funnel plot and a table by name."""
    parts = [text("monitoring_outputs.side_how", lang).strip()]
    for found in _found():
        picture = funnel_picture(found, lang)
        parts += [
            f"## {safe(found.indicator.label(lang))}",
            side_by_side_sentence(found, lang),
            _figure(picture),
            _table(found, lang),
        ]
    return page("ten_municipalities", lang, parts)


def side_by_side_pictures(lang: str) -> dict[str, bytes]:
    """Return the page's funnel plots: file name to PNG."""
    pictures = [funnel_picture(found, lang) for found in _found()]
    return {f"{picture.name}.png": png(picture.figure) for picture in pictures}


def funnel_picture(found: SideBySide, lang: str) -> Picture:
    """Return the funnel plot of one indicator."""
    indicator = found.indicator
    size = indicator.kind if indicator.kind in ("share", "rate") else "mean"
    about = {
        "id": indicator.id,
        "name": indicator.label(lang),
        "format": indicator.format,
        "centre": str(found.centre),
        "size_axis": text(f"monitoring_outputs.size_{size}", lang),
        "sentence": side_by_side_sentence(found, lang),
        "source": text("monitoring_outputs.side_source", lang),
    }
    return funnel_figure(found.rows, found.limits, about, lang)


def compared(shown: Mapping[str, pd.DataFrame], names: tuple[str, ...], confidence: float) -> list[SideBySide]:
    """Return several indicators of several municipalities, those that enough of them have a number for."""
    found = [side_by_side(shown, name, confidence) for name in names]
    return [one for one in found if not one.limits.empty]


def _found() -> list[SideBySide]:
    return compared(ten_municipalities(), SHOWN, declared_entries()["monitoring.confidence"].default)


def _figure(picture: Picture) -> str:
    # In quotes: a colon in the words would else end the option.
    alt = json.dumps(picture.alt, ensure_ascii=False)
    return f"```{{figure}} {picture.name}.png\n:name: {picture.name}\n:alt: {alt}\n\n{picture.caption}\n```"


def _table(found: SideBySide, lang: str) -> str:
    made = side_by_side_table(found, lang)
    threshold = declared_entries()["disclosure.threshold"].default
    return table([label for label, _ in made.columns.values()], made.written(lang, threshold))
