"""The guide's page of ten municipalities side by side, and the same for a municipality's own choice of runs."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import pandas as pd

from helhed.errors import Problem, WrongCall
from helhed.figures.monitoring_outputs import funnel_figure
from helhed.monitoring import indicator_catalogue
from helhed.monitoring.outputs import (
    Page,
    Section,
    SideBySide,
    read_shared_values,
    side_by_side,
    side_by_side_sentence,
    side_by_side_table,
    web_page,
)
from helhed.monitoring.outputs.shared_values import FILE
from helhed.outputs import Picture
from helhed.profile import declared_entries
from helhed.publishing.markdown_parts import page, safe, table
from helhed.texts import document_name, text

#: Indicators on the page: one of each kind of number, each with limits of its own kind.
SHOWN = ("absence_share", "notifications_per_child", "work_or_education_share", "who5_mean")
_FILE = "ten_municipalities.csv"
_STEP = "4_monitor_indicators"


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
    return {f"{picture.name}.png": picture.png for picture in pictures}


def shared_files(given: Sequence[Path], lang: str) -> dict[str, bytes]:
    """Return the municipalities' files of indicators: place to content.

    Parameters
    ----------
    given
        Files, runs, or folders of municipalities: of those the newest run that has finished step 4 in the language.
    lang
        ``da`` or ``en``.

    Raises
    ------
    WrongCall
        If a file is not there, or a municipality has no such run.
    """
    places = {str(place): _newest(place, lang) if place.is_dir() else place for place in given}
    missing = [name for name, place in places.items() if place is None or not place.is_file()]
    if missing:
        raise WrongCall([Problem("monitoring_outputs.shared_missing", file=name) for name in missing])
    return {name: place.read_bytes() for name, place in places.items() if place is not None}


def _newest(folder: Path, lang: str) -> Path | None:
    of_run = Path("private", _STEP, "documents", lang, document_name(FILE, lang))
    made = [*folder.glob(str(of_run)), *folder.glob(str(Path("runs", "*", of_run)))]
    return max(made, key=lambda at: at.stat().st_mtime, default=None)


def own_page(files: Mapping[str, bytes], lang: str, names: tuple[str, ...] = SHOWN) -> bytes:
    """Return a consultant's own municipalities side by side, as a web page in one file with its pictures inside.

    Parameters
    ----------
    files
        File name to content: the file with the indicators now of step 4 of each municipality.
    lang
        ``da`` or ``en``.
    names
        Ids of the indicators that are shown.

    Raises
    ------
    WrongCall
        If a file is none of these, two are of the same municipality, or an indicator does not exist.
    """
    catalogue = indicator_catalogue()
    unknown = [name for name in names if name not in catalogue]
    if unknown:
        details = {"known": ", ".join(catalogue)}
        raise WrongCall(
            [Problem("monitoring_outputs.no_such_indicator", value=name, details=details) for name in unknown]
        )
    values, is_synthetic = read_shared_values(files)
    confidence = declared_entries()["monitoring.confidence"].default
    found = [side_by_side(values, name, confidence) for name in names]
    how = text("monitoring_outputs.side_how", lang).replace("**", "").strip().splitlines()[0]
    title = text("monitoring_outputs.side_own_title", lang)
    warning = text("monitoring_outputs.side_own_invented", lang) if is_synthetic else ""
    return web_page(Page(title, [how], [_section(one, lang) for one in found], warning), lang)


def _section(found: SideBySide, lang: str) -> Section:
    table, threshold = side_by_side_table(found, lang), declared_entries()["disclosure.threshold"].default
    about = {"heading": found.indicator.label(lang), "lines": [side_by_side_sentence(found, lang)]}
    about |= {"heads": [label for label, _ in table.columns.values()], "rows": table.written(lang, threshold)}
    if found.limits.empty:
        return Section(**about, numbers=(3, 4))
    picture = funnel_picture(found, lang, "side_own_source")
    image = b64encode(picture.png).decode()
    return Section(**about, numbers=(3, 4), picture=image, alt=picture.alt)


def funnel_picture(found: SideBySide, lang: str, source: str = "side_source") -> Picture:
    """Return the funnel plot of one indicator; ``source`` is the key of the words that say where the data are from."""
    indicator = found.indicator
    size = indicator.kind if indicator.kind in ("share", "rate") else "mean"
    about = {
        "id": indicator.id,
        "name": indicator.label(lang),
        "format": indicator.format,
        "centre": str(found.centre),
        "size_axis": text(f"monitoring_outputs.size_{size}", lang),
        "sentence": side_by_side_sentence(found, lang),
        "source": text(f"monitoring_outputs.{source}", lang),
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
