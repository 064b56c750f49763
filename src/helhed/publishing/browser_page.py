"""The page "In your browser": forms that Python in the page answers, from the kit's own declarations.

The page's script starts Python and hands it what was filled in; every answer is made by `helhed.browser`.
"""

import json
from collections.abc import Iterable
from html import escape
from importlib import resources

from helhed.browser.shown_target import MOST_PLACES
from helhed.profile.entries import declared_entries, presets
from helhed.profile.published_rules import published_rules
from helhed.publishing.browser_fields import NumberField, number_fields
from helhed.publishing.browser_kit import browser_kit, rules
from helhed.publishing.staffing_start import StaffingStart, start_in_words
from helhed.texts import text

PARTS = ("target", "staffing", "break_even", "power", "form")
#: What may be announced of an answer; see `helhed.browser.page.Page.answer`.
ANNOUNCED = ("answered", "refused_file", "refused_field")
#: Where Python lies in the site, seen from a page one folder down in a language's part.
PYTHON = "../../python/"


def start_html(lang: str, is_included: bool, start: StaffingStart | None = None) -> str:
    """Return the beginning of the page: what must be started, the state it is in, and what the script is told.

    Parameters
    ----------
    lang
        Language of the page.
    is_included
        Whether the guide is built with Python beside it.
    start
        What the staffing begins with; the kit's defaults where nothing else is given.
    """
    said = {name: text(f"browser.{name}", lang) for name in ("loading", "ready", "failed", "from_file", "working")}
    said |= {name: text(f"browser.{name}", lang) for name in (*ANNOUNCED, "broken", "ready_to_start")}
    if not is_included:
        return f'<p class="helhed-python" id="helhed-python">{escape(text("browser.not_included", lang))}</p>'
    return (
        f'<div class="helhed-python" id="helhed-python" data-python="{PYTHON}">'
        f'<p id="helhed-python-state" role="status">{escape(text("browser.no_script", lang))}</p>'
        f'<button type="button" id="helhed-python-start" hidden>{escape(text("browser.start", lang))}</button></div>'
        f"{_json('helhed-python-kit', browser_kit(lang, start))}{_json('helhed-python-said', said)}"
    )


def _json(name: str, told: dict) -> str:
    # "</" would end the script: in JSON the stroke may stand behind a backslash.
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" id="{name}">{written}</script>'


def script_html() -> str:
    """Return the script that starts Python and carries what is filled in to it and the answers back."""
    script = resources.files(__package__).joinpath("browser.js").read_text(encoding="utf-8")
    return f"<script>{script}</script>"


def part_html(part: str, lang: str, start: StaffingStart | None = None) -> str:
    """Return the form of one of `PARTS`, closed until Python is there, with room for its answer."""
    start = start or StaffingStart()
    numbers = number_fields(part, lang, start)
    fields = {
        "target": lambda: _target(lang, start.model),
        "staffing": lambda: _staffing(lang, start, numbers),
        "break_even": lambda: _break_even(lang, numbers),
        "power": lambda: _power(lang, numbers),
        "form": lambda: _form(lang),
    }[part]()
    save = f'<button type="button" class="helhed-save" hidden>{escape(text("browser.save", lang))}</button>'
    return (
        f'<form class="helhed-part" data-part="{part}" aria-label="{escape(text(f"browser.part_{part}", lang))}">'
        f"<fieldset disabled>{''.join(fields)}</fieldset>"
        f'<p class="helhed-said" role="status"></p><div class="helhed-answer"></div>{save if part == "target" else ""}'
        "</form>"
    )


def _target(lang: str, model: str) -> Iterable[str]:
    names = [*presets(), *published_rules()]
    used = dict.fromkeys(key for rule in rules(lang).values() for key in rule["limits"])
    yield _file(lang, "target", "label_file", ".xlsx,.xlsm,.csv,.txt", f"familieliste_eksempel_{lang}.xlsx")
    yield _choice(lang, "target", "rule", {name: rules(lang)[name]["title"] for name in names}, model)
    yield _number("target", "places", text("browser.label_places", lang), (0, MOST_PLACES, 1, ""))
    yield f"<details><summary>{escape(text('browser.label_limits', lang))}</summary>"
    for key in used:
        entry = declared_entries()[key]
        is_share = entry.kind == "share"
        unit = "%" if is_share else entry.unit_label(lang)
        label = f"{entry.label(lang)} ({unit})" if unit else entry.label(lang)
        yield _number("target", f"limit_{key}", label, (0, 100 if is_share else 60, 0.1 if is_share else 1, ""))
    yield "</details>"


def _staffing(lang: str, start: StaffingStart, numbers: dict[str, NumberField]) -> Iterable[str]:
    choices = declared_entries()["staffing.organisation"].choices
    names = {name: text(f"staffing.organisation_{name}", lang) for name in choices}
    yield "".join(f"<p>{escape(sentence)}</p>" for sentence in start_in_words(start, lang))
    yield _choice(lang, "staffing", "organisation", names, start.settings["staffing.organisation"])
    for name, one in numbers.items():
        yield _slider("staffing", name, one)


def _numbers(part: str, numbers: dict[str, NumberField]) -> Iterable[str]:
    for name, one in numbers.items():
        yield _number(part, name, one.label, (one.low, one.high, one.step, one.first))


def _break_even(lang: str, numbers: dict[str, NumberField]) -> Iterable[str]:
    yield f"<p>{escape(text('browser.start_examples', lang))}</p>"
    yield from _numbers("break_even", numbers)


def _power(lang: str, numbers: dict[str, NumberField]) -> Iterable[str]:
    measures = {name: text(f"browser.measure_{name}", lang) for name in ("share", "number")}
    yield _choice(lang, "power", "measure", measures)
    yield from _numbers("power", numbers)


def _form(lang: str) -> Iterable[str]:
    yield _file(lang, "form", "label_form", ".xlsx,.xlsm", f"planskema_eksempel_{lang}.xlsx")


def _file(lang: str, part: str, label: str, accept: str, example: str) -> str:
    words = escape(text("browser.use_example", lang))
    return (
        f'<div class="helhed-field"><label for="{part}-file">{escape(text(f"browser.{label}", lang))}</label>'
        f'<input type="file" id="{part}-file" name="file" accept="{accept}"></div>'
        f'<p><button type="button" class="helhed-example" data-file="{PYTHON}{example}">{words}</button></p>'
    )


def _choice(lang: str, part: str, name: str, choices: dict[str, str], first: str = "") -> str:
    options = "".join(
        f'<option value="{value}"{" selected" if value == first else ""}>{escape(label)}</option>'
        for value, label in choices.items()
    )
    label = escape(text(f"browser.label_{name}", lang))
    select = f'<select id="{part}-{name}" name="{name}">{options}</select>'
    return f'<div class="helhed-field"><label for="{part}-{name}">{label}</label>{select}</div>'


def _number(part: str, name: str, label: str, limits: tuple) -> str:
    low, high, step, start = limits
    place = f"{part}-{name.replace('.', '-')}"
    return (
        f'<div class="helhed-field"><label for="{place}">{escape(label)}</label><input type="number" id="{place}" '
        f'name="{name}" min="{low}" max="{high}" step="{step}" value="{start}" inputmode="decimal"></div>'
    )


def _slider(part: str, name: str, one: NumberField) -> str:
    return (
        f'<div class="helhed-field"><label for="{part}-{name}">{escape(one.label)}</label>'
        f'<span class="helhed-slide"><input type="range" id="{part}-{name}" name="{name}" min="{one.low}" '
        f'max="{one.high}" step="{one.step}" value="{one.first}"><output for="{part}-{name}"></output></span></div>'
    )
