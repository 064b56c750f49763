"""The page "In your browser": forms that Python in the page answers, from the kit's own declarations.

The page's script starts Python and hands it what was filled in; every answer is made by `helhed.browser`.
"""

import json
from collections.abc import Iterable
from html import escape
from importlib import resources

from helhed.profile.entries import declared_entries, presets
from helhed.profile.published_rules import published_rules
from helhed.publishing.browser_kit import browser_kit, rules
from helhed.texts import text

PARTS = ("target", "staffing", "break_even", "power", "form")
#: Where Python lies in the site, seen from a page one folder down in a language's part.
PYTHON = "../../python/"
#: Each slider: lowest, highest, step, where it stands first.
_SLIDERS = {
    "posts": (0.5, 20, 0.5, 3),
    "starts": (0, 6, 0.25, 1),
    "sick_days": (0, 40, 1, None),
    "goal_weeks": (1, 52, 1, None),
    "families_per_post": (2, 30, 1, None),
    "budget_dkk": (0, 10_000_000, 100_000, 2_500_000),
}
_OF_SETTING = {
    "sick_days": "staffing.sick_days",
    "goal_weeks": "staffing.target_wait_weeks",
    "families_per_post": "staffing.families_per_post_limit",
}
#: Examples to start from, said to be examples on the page; amounts a month and family.
_BREAK_EVEN = {
    "coordination_dkk": (0, 100_000, 500, 9_000),
    "extra_measures_dkk": (-50_000, 100_000, 500, 1_000),
    "enrolled_months": (1, 60, 1, 18),
    "adults_moved": (0, 4, 0.05, 0.4),
    "move_month": (0, 120, 1, None),
    "benefit_saved_dkk": (0, 40_000, 500, 9_000),
    "fade_per_year": (0, 100, 1, None),
    "discount_rate": (0, 15, 0.5, None),
}
_POWER = {"families": (2, 2000, 1, 25), "comparison": (2, 5000, 1, 50), "sd": (0.1, 1000, 0.1, 35)}


def start_html(lang: str, is_included: bool) -> str:
    """Return the beginning of the page: what must be started, the state it is in, and what the script is told.

    ``is_included``: whether the guide is built with Python beside it.
    """
    said = {name: text(f"browser.{name}", lang) for name in ("loading", "ready", "failed", "from_file", "working")}
    said |= {name: text(f"browser.{name}", lang) for name in ("answered", "broken", "ready_to_start")}
    if not is_included:
        return f'<p class="helhed-python" id="helhed-python">{escape(text("browser.not_included", lang))}</p>'
    return (
        f'<div class="helhed-python" id="helhed-python" data-python="{PYTHON}">'
        f'<p id="helhed-python-state" role="status">{escape(text("browser.no_script", lang))}</p>'
        f'<button type="button" id="helhed-python-start" hidden>{escape(text("browser.start", lang))}</button></div>'
        f"{_json('helhed-python-kit', browser_kit(lang))}{_json('helhed-python-said', said)}"
    )


def _json(name: str, told: dict) -> str:
    # "</" would end the script: in JSON the stroke may stand behind a backslash.
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" id="{name}">{written}</script>'


def script_html() -> str:
    """Return the script that starts Python and carries what is filled in to it and the answers back."""
    script = resources.files(__package__).joinpath("browser.js").read_text(encoding="utf-8")
    return f"<script>{script}</script>"


def part_html(part: str, lang: str) -> str:
    """Return the form of one of `PARTS`, closed until Python is there, with room for its answer."""
    fields = {
        "target": _target,
        "staffing": _staffing,
        "break_even": _break_even,
        "power": _power,
        "form": _form,
    }[part](lang)
    save = f'<button type="button" class="helhed-save" hidden>{escape(text("browser.save", lang))}</button>'
    return (
        f'<form class="helhed-part" data-part="{part}" aria-label="{escape(text(f"browser.part_{part}", lang))}">'
        f"<fieldset disabled>{''.join(fields)}</fieldset>"
        f'<p class="helhed-said" role="status"></p><div class="helhed-answer"></div>{save if part == "target" else ""}'
        "</form>"
    )


def _target(lang: str) -> Iterable[str]:
    names = [*presets(), *published_rules()]
    used = dict.fromkeys(key for rule in rules(lang).values() for key in rule["limits"])
    yield _file(lang, "target", "label_file", ".xlsx,.xlsm,.csv,.txt", f"familieliste_eksempel_{lang}.xlsx")
    yield _choice(lang, "target", "rule", {name: rules(lang)[name]["title"] for name in names})
    yield _number("target", "places", text("browser.label_places", lang), (0, 2000, 1, ""))
    yield f"<details><summary>{escape(text('browser.label_limits', lang))}</summary>"
    for key in used:
        entry = declared_entries()[key]
        is_share = entry.kind == "share"
        unit = "%" if is_share else entry.unit_label(lang)
        label = f"{entry.label(lang)} ({unit})" if unit else entry.label(lang)
        yield _number("target", f"limit_{key}", label, (0, 100 if is_share else 60, 0.1 if is_share else 1, ""))
    yield "</details>"


def _staffing(lang: str) -> Iterable[str]:
    entries = declared_entries()
    choices = entries["staffing.organisation"].choices
    names = {name: text(f"staffing.organisation_{name}", lang) for name in choices}
    yield _choice(lang, "staffing", "organisation", names)
    for name, (low, high, step, first) in _SLIDERS.items():
        start = entries[_OF_SETTING[name]].default if first is None else first
        yield _slider("staffing", name, text(f"browser.label_{name}", lang), (low, high, step, start))


def _break_even(lang: str) -> Iterable[str]:
    entries = declared_entries()
    for name, (low, high, step, first) in _BREAK_EVEN.items():
        start = entries[f"economy.{name}"].default if first is None else first
        if name in ("fade_per_year", "discount_rate"):
            start = round(start * 100, 1)
        yield _number("break_even", name, text(f"browser.input_{name}", lang), (low, high, step, start))
    horizon = entries["economy.horizon_months"].default
    yield _number("break_even", "horizon_months", text("browser.label_horizon_months", lang), (12, 360, 12, horizon))


def _power(lang: str) -> Iterable[str]:
    yield _choice(
        lang, "power", "measure", {name: text(f"browser.measure_{name}", lang) for name in ("share", "number")}
    )
    for name, limits in _POWER.items():
        yield _number("power", name, text(f"browser.label_{name}", lang), limits)


def _form(lang: str) -> Iterable[str]:
    yield _file(lang, "form", "label_form", ".xlsx,.xlsm", f"planskema_eksempel_{lang}.xlsx")


def _file(lang: str, part: str, label: str, accept: str, example: str) -> str:
    words = escape(text("browser.use_example", lang))
    return (
        f'<div class="helhed-field"><label for="{part}-file">{escape(text(f"browser.{label}", lang))}</label>'
        f'<input type="file" id="{part}-file" name="file" accept="{accept}"></div>'
        f'<p><button type="button" class="helhed-example" data-file="{PYTHON}{example}">{words}</button></p>'
    )


def _choice(lang: str, part: str, name: str, choices: dict[str, str]) -> str:
    options = "".join(f'<option value="{value}">{escape(label)}</option>' for value, label in choices.items())
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


def _slider(part: str, name: str, label: str, limits: tuple) -> str:
    low, high, step, start = limits
    return (
        f'<div class="helhed-field"><label for="{part}-{name}">{escape(label)}</label>'
        f'<span class="helhed-slide"><input type="range" id="{part}-{name}" name="{name}" min="{low}" max="{high}" '
        f'step="{step}" value="{start}"><output for="{part}-{name}"></output></span></div>'
    )
