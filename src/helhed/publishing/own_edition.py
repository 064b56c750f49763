"""The page of one municipality's results in words, figures and tables."""

from string import Formatter

from helhed.profile.entries import presets
from helhed.publishing.editions import Edition, card_of
from helhed.publishing.markdown_parts import as_it_stands
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
NOT_KNOWN = "–"


def results_page(page: str, edition: Edition, lang: str) -> str:
    """Return the page of a municipality's results as Markdown: its numbers in sentences, then figures and tables.

    A municipality's own edition shows every figure and table; the national one the main ones, so that it stays light
    also with the whole country in it. A sentence is left out when the run does not know one of its numbers.

    Parameters
    ----------
    page
        The municipality's page name.
    edition
        The edition that the page is part of.
    lang
        Language of the page.
    """
    run = edition.runs[page]
    name = as_it_stands(card_of(run)["name"])
    told = [words for key, step in SENTENCES if (words := _sentence(key, step, page, run, lang))]
    kind = "national_one" if edition.is_national else "own"
    parts = [f"# {text(f'book.{kind}_title', lang, name=name)}", text(f"book.{kind}_results", lang, name=name)]
    if model := presets().get(card_of(run).get("model"), {}).get("title"):
        parts[1] += f" {text('book.own_model', lang, model=as_it_stands(model))}"
    if page in edition.own_editions:
        parts.append(f"```{{edition-link}} {page}\n```")
    if told:
        parts += [f"## {text('book.own_short', lang, name=name)}", "\n".join(f"- {words}" for words in told)]
    shown = "run-main" if edition.is_national else "run-results"
    parts += [f"## {text('book.own_figures', lang, name=name)}", f"```{{{shown}}} {page}\n```"]
    return "\n\n".join(parts) + "\n"


def _sentence(key: str, step: str, page: str, run: RunFolder, lang: str) -> str:
    """Return a sentence with each of its places as a value of the run, or nothing where one is not known."""
    numbers = run.key_numbers(step, lang)
    places = [place for _, place, _, _ in Formatter().parse(catalogue()[f"book.{key}"][lang]) if place]
    if any(numbers.get(place, {}).get("text", NOT_KNOWN) == NOT_KNOWN for place in places):
        return ""
    return text(f"book.{key}", lang, **{place: f"{{value}}`{page}:{step}:{place}`" for place in places})
