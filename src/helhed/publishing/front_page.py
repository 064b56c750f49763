"""The front pages of a site and of each edition in it: languages and editions to choose from, both languages at once.

The names come from the municipalities' profiles; what would be read as HTML in them is shown as it stands.
"""

import base64
from collections.abc import Sequence
from functools import cache
from importlib import resources

from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from helhed.kit_files import folder as kit_folder
from helhed.profile.entries import presets
from helhed.publishing.editions import Edition, card_of
from helhed.publishing.national_page import in_order
from helhed.texts import LANGUAGES, text


def site_front(editions: Sequence[Edition], langs: Sequence[str]) -> str:
    """Return the site's front page: the main edition in each language, then a card per edition of its own."""
    main, *others = editions
    own = {edition.example: edition for edition in others}
    about = {lang: _own_words(lang) for lang in LANGUAGES}
    cards = [_card(own[name], langs) for name in in_order({name: edition.runs[name] for name, edition in own.items()})]
    heading = "Helhed" if main.is_national else f"Helhed: {main.name()}"
    return _template().render(title=heading, heading=heading, entries=_entries(main, langs), own=about, cards=cards)


def edition_front(edition: Edition, langs: Sequence[str]) -> str:
    """Return the front page of an edition in a folder of its own, with the way back to the site's."""
    heading = f"Helhed: {edition.name()}"
    back = {lang: text("book.all_editions", lang) for lang in LANGUAGES}
    return _template().render(title=heading, heading=heading, entries=_entries(edition, langs), back=back)


def language_front(lang: str) -> str:
    """Return the page that leads from a language's folder to the guide's first page in it."""
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>Helhed</title>'
        '<meta http-equiv="refresh" content="0; url=intro.html"></head>'
        f'<body><p><a href="intro.html">{text("book.front_leads_on", lang)}</a></p></body></html>\n'
    )


def _entries(edition: Edition, langs: Sequence[str]) -> list[dict]:
    kind = "national" if edition.is_national else "own"
    return [
        {
            "lang": lang,
            "name": text(f"book.front_{lang}", lang),
            "words": text(f"book.front_{kind}", lang, name=edition.name()),
            "for_whom": text("book.front_for_whom", lang),
            "picture": _in_page("overview.da.svg" if lang == "da" else "overview.svg"),
            "shows": text("book.front_picture", lang),
        }
        for lang in langs
    ]


def _own_words(lang: str) -> dict[str, str]:
    return {key: text(f"book.front_own_{key}", lang) for key in ("title", "words", "invented")}


def _card(edition: Edition, langs: Sequence[str]) -> dict:
    card = card_of(edition.runs[edition.example])
    links = [{"lang": lang, "words": text("book.front_in", lang, name=card["name"])} for lang in langs]
    model = presets().get(card.get("model"), {}).get("title", "")
    return {**card, "model": model, "folder": edition.folder, "links": links}


@cache
def _template() -> Template:
    source = resources.files("helhed.publishing").joinpath("front_page.html").read_text(encoding="utf-8")
    environment = SandboxedEnvironment(autoescape=True, keep_trailing_newline=True)
    # A browser that finds no icon asks the server for one that is not there.
    return environment.from_string(source, globals={"icon": _in_page("favicon.svg")})


def _in_page(picture: str) -> str:
    """Return a picture of the guide as a page holds it itself: the page stands above the editions and their files."""
    return base64.b64encode((kit_folder("book") / "static" / picture).read_bytes()).decode()
