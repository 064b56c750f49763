"""The page of the national edition that sets its municipalities side by side: their public key numbers, no ranking.

Only what each run has written for the public is used: a small count stays the words it was protected with.
"""

import json
from collections.abc import Mapping

from helhed.figures.style import BLUE, canvas, sign
from helhed.outputs import Picture
from helhed.publishing.editions import Edition, card_of
from helhed.publishing.markdown_parts import as_it_stands, page
from helhed.publishing.own_edition import NOT_KNOWN
from helhed.publishing.reference_pages import danish_order
from helhed.publishing.run_folder import RunFolder
from helhed.texts import number, text

#: The columns: name of the text, and the step and key number it shows.
COLUMNS = (
    ("persons", "0_check_data", "n_persons"),
    ("families", "0_check_data", "n_families"),
    ("eligible", "1_select_target_group", "n_eligible"),
    ("enrolled", "1_select_target_group", "n_enrolled"),
    ("places", "2_staff_coordinators", "places"),
    ("posts", "2_staff_coordinators", "posts_now"),
    ("plans", "3_make_family_plans", "n_plans"),
    ("defaults", "6_decide", "n_defaults_in_use"),
)
#: The two key numbers of the figure: how large a municipality is, and how many families its own rule finds.
_SIZE, _FOUND = ("0_check_data", "n_families"), ("1_select_target_group", "n_eligible")
#: With more municipalities than this the dots of the figure stand without names.
_MOST_NAMED = 12
_FIGURE = "fig-national-size"


def in_order(runs: Mapping[str, RunFolder]) -> list[str]:
    """Return the page names of municipalities in the order of the Danish alphabet, in which aa is å."""
    return sorted(runs, key=lambda page: (_place(card_of(runs[page])["name"]), page))


def _place(name: str) -> list[int]:
    return danish_order(name.casefold().replace("aa", "å"))


def overview(runs: Mapping[str, RunFolder], lang: str) -> dict:
    """Return the table of the municipalities: ``title``, ``columns`` and ``rows`` with page name, name and cells."""
    return {
        "title": text("book.national_table", lang),
        "first": text("book.national_col_name", lang),
        "columns": [{"label": text(f"book.national_col_{name}", lang), "format": "number"} for name, _, _ in COLUMNS],
        "rows": [_row(name, runs[name], lang) for name in in_order(runs)],
    }


def _row(name: str, run: RunFolder, lang: str) -> dict:
    numbers = [run.key_numbers(step, lang).get(key, {}).get("text", NOT_KNOWN) for _, step, key in COLUMNS]
    return {"run": name, "name": card_of(run)["name"], "cells": numbers}


def national_page(edition: Edition, lang: str) -> str:
    """Return the page as Markdown."""
    names = {"name": as_it_stands(edition.name()), "n": number(len(edition.runs), lang)}
    parts = [text("book.national_example", lang, **names)]
    if edition.unfinished:
        missing = ", ".join(as_it_stands(name) for name in sorted(edition.unfinished, key=_place))
        n_missing = number(len(edition.unfinished), lang)
        parts.append(f":::{{warning}}\n{text('book.national_unfinished', lang, names=missing, n=n_missing)}\n:::")
    parts += [f"## {text('book.national_side_by_side', lang)}", "```{run-overview}\n```"]
    parts.append(text("book.national_how", lang, sign=NOT_KNOWN))
    if picture := size_picture(edition.runs, lang):
        parts += [f"## {text('book.national_size_title', lang)}", _figure(picture)]
    return page("national", lang, parts)


def national_pictures(runs: Mapping[str, RunFolder], lang: str) -> dict[str, bytes]:
    """Return file name to image of the page's figures."""
    picture = size_picture(runs, lang)
    return {f"{picture.name}.png": picture.png} if picture else {}


def size_picture(runs: Mapping[str, RunFolder], lang: str) -> Picture | None:
    """Return the figure of size against families found, with those whose two numbers may be shown; at least two."""
    found = {name: (_value(runs[name], _SIZE, lang), _value(runs[name], _FOUND, lang)) for name in in_order(runs)}
    shown = {name: pair for name, pair in found.items() if None not in pair}
    if len(shown) < 2:
        return None
    figure, ax = canvas(3.9)
    sizes, counts = zip(*shown.values(), strict=True)
    ax.plot(sizes, counts, linestyle="none", marker="o", color=BLUE, alpha=0.75)
    if len(shown) <= _MOST_NAMED:
        for name, pair in shown.items():
            words = card_of(runs[name])["name"].replace("$", r"\$")
            ax.annotate(words, pair, (5, 4), textcoords="offset points", fontsize=8)
    ax.margins(x=0.12)
    ax.set_ylim(bottom=0)
    for axis, key in ((ax.xaxis, "size_axis"), (ax.yaxis, "found_axis")):
        axis.set_major_formatter(lambda value, _: number(value, lang))
        axis.set_label_text(text(f"book.national_{key}", lang))
    source = text("book.national_source", lang)
    sign(figure, lang, source, any(card_of(runs[name])["is_synthetic"] for name in shown))
    said = {"n": number(len(shown), lang), "total": number(len(runs), lang)}
    said |= {"low": number(min(counts), lang), "high": number(max(counts), lang)}
    said |= {"smallest": number(min(sizes), lang), "largest": number(max(sizes), lang)}
    words = (text(f"book.national_size_{part}", lang, **said) for part in ("caption", "alt"))
    return Picture(figure, _FIGURE, *words)


def _value(run: RunFolder, place: tuple[str, str], lang: str) -> float | None:
    """Return a key number as a number, nothing where it is not known or may not be shown."""
    step, name = place
    return run.key_numbers(step, lang).get(name, {}).get("value")


def _figure(picture: Picture) -> str:
    # In quotes: a colon in the words would else end the option.
    alt = json.dumps(picture.alt, ensure_ascii=False)
    return f"```{{figure}} {picture.name}.png\n:name: {picture.name}\n:alt: {alt}\n\n{picture.caption}\n```"
