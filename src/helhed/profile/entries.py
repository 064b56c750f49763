"""The declared entries of a profile: what may be set, in which unit, within which limits, with which default.

One TOML file per group lies in ``declared/``; the model presets (M1-M4) lie in ``presets/``. Both are data: the
page "assumptions", the Excel form and the checks are made from them.
"""

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from helhed.profile.periods import periods
from helhed.profile.years import known_years
from helhed.tables import codes
from helhed.texts import catalogue, day, number, text

Kind = Literal["int", "float", "share", "text", "flag", "date", "month", "choice", "choices", "rule", "periods"]
Rating = Literal["green", "amber", "red"]


class Entry(BaseModel):
    """One declared entry of the profile."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    kind: Kind
    da: str
    en: str
    unit: str = ""
    unit_en: str | None = None
    min: float | date | None = None
    max: float | date | None = None
    choices: tuple[str, ...] = ()
    default: Any = None
    source: str = ""
    quality: Rating = "amber"
    impact: Rating = "amber"

    @property
    def group(self) -> str:
        """Return the group, the part of the key before the first dot."""
        return self.key.split(".")[0]

    def label(self, lang: str) -> str:
        """Return what the entry is called in the language."""
        return self.da if lang == "da" else self.en

    def unit_label(self, lang: str) -> str:
        """Return the unit in the language."""
        return self.unit if lang == "da" or self.unit_en is None else self.unit_en

    def limits(self) -> str:
        """Return the allowed choices or the allowed range in words, empty where anything goes."""
        low, high = ("" if limit is None else _plainly(limit) for limit in (self.min, self.max))
        return ", ".join(self.choices) or (f"{low} – {high}".strip() if low or high else "")

    def fits(self, value: Any) -> bool:
        """Return whether a value has the declared type and lies within the declared limits."""
        return _TYPE_TESTS[self.kind](value, self) and self._within_limits(value)

    def _within_limits(self, value: Any) -> bool:
        above = self.min is None or value >= self.min
        return above and (self.max is None or value <= self.max)


def _plainly(limit: float | date) -> str:
    if isinstance(limit, date):
        return limit.isoformat()
    return str(int(limit)) if float(limit).is_integer() else f"{limit:g}"


def _is_number(value: Any, _entry: Entry) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPE_TESTS = {
    "int": lambda value, entry: isinstance(value, int) and not isinstance(value, bool),
    "float": _is_number,
    "share": lambda value, entry: _is_number(value, entry) and 0 <= value <= 1,
    "text": lambda value, entry: isinstance(value, str),
    "flag": lambda value, entry: isinstance(value, bool),
    "date": lambda value, entry: isinstance(value, date),
    "month": lambda value, entry: isinstance(value, date) and value.day == 1,
    "choice": lambda value, entry: value in entry.choices,
    "choices": lambda value, entry: isinstance(value, list) and set(value) <= set(entry.choices),
    "periods": lambda value, entry: isinstance(value, str) and periods(value) is not None,
    # A rule is a tree of criteria; the selection reads it and knows the criteria.
    "rule": lambda value, entry: isinstance(value, dict) and bool(value),
}


def choice_label(choice: str, lang: str) -> str:
    """Return what a choice of an entry is called in the language; a text that is no choice comes back as it is.

    Examples
    --------
    >>> choice_label("kontanthjaelp", "da"), choice_label("days_sick", "en"), choice_label("pseudonym.key", "da")
    ('kontanthjælp', 'sick days', 'pseudonym.key')
    """
    if f"profile.choice_{choice}" in catalogue():
        return text(f"profile.choice_{choice}", lang)
    labels = next((labels[choice][lang] for labels in codes().values() if choice in labels), "")
    return labels or (_rule_titles() | _indicator_names()).get(choice, {}).get(lang, str(choice))


def value_in_words(value: Any, lang: str) -> str:
    """Return a setting's value as written in the language: numbers, dates, choices and lists of them.

    A whole number that may be a year is written without a thousands separator.

    Examples
    --------
    >>> [value_in_words(value, "da") for value in (0.035, 2025, 8000, 2000.0)]
    ['0,035', '2025', '8.000', '2.000']
    >>> value_in_words(["who5_mean", "ors_mean"], "da")
    'WHO-5, voksnes trivsel; ORS, voksnes eget udbytte'
    """
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return text("outputs.yes" if value else "outputs.no", lang)
    if isinstance(value, (int, float)):
        is_year = isinstance(value, int) and value in range(1900, 2101)
        return str(value) if is_year else number(value, lang, _decimals(value))
    if isinstance(value, date):
        return day(value, lang)
    if isinstance(value, dict):
        return text("profile.a_rule", lang)
    if isinstance(value, list):
        words = [value_in_words(one, lang) for one in value]
        return ("; " if any("," in one for one in words) else ", ").join(words)
    return choice_label(value, lang)


def _decimals(value: float) -> int:
    return len(f"{value:.4f}".rstrip("0").partition(".")[2])


def source_in(source: str, lang: str) -> str:
    """Return a source in the language; one given in both stands as "dansk / English".

    Examples
    --------
    >>> source_in("Eget valg / own choice", "en"), source_in("HR, 2025", "en")
    ('own choice', 'HR, 2025')
    """
    danish, _, english = source.partition(" / ")
    return (english or danish) if lang == "en" else danish


@cache
def declared_entries() -> dict[str, Entry]:
    """Return every declared entry by key, in the order of the files.

    An entry that the years state (see `helhed.profile.years`) has the newest year's value as its default.
    """
    entries, stated = {}, known_years().in_force(known_years().newest)
    for file in sorted(resources.files("helhed.profile").joinpath("declared").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        group = file.name.removesuffix(".toml")
        for name, spec in tomllib.loads(file.read_text(encoding="utf-8")).items():
            key = f"{group}.{name}"
            by_year = {"default": stated[key][1].value, "source": stated[key][1].source} if key in stated else {}
            entries[key] = Entry(key=key, **by_year, **spec)
    return entries


@cache
def presets() -> dict[str, dict]:
    """Return the model presets by name: ``title``, ``source`` and ``settings`` (key to value and source)."""
    return data_files("presets")


@cache
def courses() -> dict[str, dict]:
    """Return the courses of known methods by name: titles, ``source``, ``url`` and ``settings``.

    Chosen with ``staffing.course_model``; their values then go before the model preset's.
    """
    return data_files("courses")


def data_files(folder: str) -> dict[str, dict]:
    """Return the content of every TOML file of a folder beside this module, by the file's name without its ending."""
    files = resources.files("helhed.profile").joinpath(folder).iterdir()
    named = {file.name.removesuffix(".toml"): file for file in files if file.name.endswith(".toml")}
    return {name: tomllib.loads(named[name].read_text(encoding="utf-8")) for name in sorted(named)}


@cache
def _rule_titles() -> dict[str, dict[str, str]]:
    """Return what the models and the published rules are called, by name and language."""
    models = {name: dict.fromkeys(("da", "en"), preset["title"]) for name, preset in presets().items()}
    return models | {name: {"da": one["title"], "en": one["title_en"]} for name, one in data_files("rules").items()}


@cache
def _indicator_names() -> dict[str, dict[str, str]]:
    """Return what the indicators are called, by id and language: settings choose among them.

    Read as text: the stage that computes them reads the profile, not the other way round.
    """
    file = resources.files("helhed").joinpath("monitoring", "catalogue.toml")
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: one["name"] for name, one in declared.items() if "name" in one}
