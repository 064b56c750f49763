"""One municipality's edition of the guide: what names it, and the page of its results in words, figures and tables."""

import json
from collections.abc import Mapping
from string import Formatter

from helhed.publishing.run_folder import RunFolder
from helhed.texts import catalogue, text

#: The sentences of the page, in the order of the steps: the key of the text and the step whose numbers it holds.
SENTENCES = (
    ("own_people", "0_check_data"),
    ("own_selected", "1_select_target_group"),
    ("own_staffed", "2_staff_coordinators"),
    ("own_planned", "3_make_family_plans"),
    ("own_followed", "4_monitor_indicators"),
    ("own_decided", "6_decide"),
)
#: What a run writes where a number is not known or may not be shown.
_NOT_KNOWN = "–"


def card_of(run: RunFolder) -> dict:
    """Return what is public about a run: the municipality's name, code and model, and whether the data are invented."""
    return json.loads((run.path / "public" / "run.json").read_text(encoding="utf-8"))


def edition_title(runs: Mapping[str, RunFolder], lang: str) -> str:
    """Return the title of the guide, with the municipality's name when the edition holds one municipality alone."""
    if len(runs) != 1:
        return text("book.title", lang)
    return text("book.title_own", lang, name=card_of(next(iter(runs.values())))["name"])


def own_page(slug: str, run: RunFolder, lang: str) -> str:
    """Return the page of a municipality's results as Markdown: its numbers in sentences, then every figure and table.

    A sentence is left out when the run does not know one of its numbers.

    Parameters
    ----------
    slug
        The name of the municipality's folder, as the pages of the guide refer to it.
    run
        Its finished run.
    lang
        Language of the page.
    """
    name = card_of(run)["name"]
    told = [words for key, step in SENTENCES if (words := _sentence(key, step, slug, run, lang))]
    parts = [f"# {text('book.own_title', lang, name=name)}", text("book.own_results", lang, name=name)]
    if told:
        parts += [f"## {text('book.own_short', lang, name=name)}", "\n".join(f"- {words}" for words in told)]
    parts += [f"## {text('book.own_figures', lang, name=name)}", f"```{{run-results}} {slug}\n```"]
    return "\n\n".join(parts) + "\n"


def _sentence(key: str, step: str, slug: str, run: RunFolder, lang: str) -> str:
    """Return a sentence with each of its places as a value of the run, or nothing where one is not known."""
    file = run.public_folder(step, lang) / "key_numbers.json"
    numbers = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    places = [place for _, place, _, _ in Formatter().parse(catalogue()[f"book.{key}"][lang]) if place]
    if any(numbers.get(place, {}).get("text", _NOT_KNOWN) == _NOT_KNOWN for place in places):
        return ""
    return text(f"book.{key}", lang, **{place: f"{{value}}`{slug}:{step}:{place}`" for place in places})
