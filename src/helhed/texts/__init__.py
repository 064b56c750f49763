"""Every text a user sees, in Danish and English, and the number and date formats of both.

The catalogue is one TOML file per room of the package, or a folder of them for a large room; each entry has a ``da``
and an ``en`` text with ``{named}`` places for values. A guard test enforces that both languages are there and name the
same places.
"""

import re
import tomllib
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

Lang = Literal["da", "en"]
LANGUAGES: tuple[str, ...] = ("da", "en")
_LOCALE = {"da": "da_DK", "en": "en_GB"}
_LEADING_WORDS = re.compile(r"[a-z]+(_[a-z]+)*")
#: The last words of a document's name, where they say whose it is: a department, a kind of sector plan.
_LAST_WORDS = re.compile(r"(?<=[-/])[a-z]+(_[a-z]+)*(?=\.[a-z]+$)")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return all entries, keyed ``room.name``, each with a ``da`` and an ``en`` text."""
    entries = {}
    for place in _by_name(resources.files(__package__).joinpath("catalogue")):
        files = _by_name(place) if place.is_dir() else [place]
        for file in (one for one in files if one.name.endswith(".toml")):
            room = place.name.removesuffix(".toml")
            for name, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
                entries[f"{room}.{name}"] = texts
    return entries


def _by_name(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda entry: entry.name)


def language_tag(lang: str) -> str:
    """Return how files say which language they are in.

    Examples
    --------
    >>> language_tag("da"), language_tag("en")
    ('da-DK', 'en-GB')
    """
    return _LOCALE[lang].replace("_", "-")


def text(key: str, lang: str, **values) -> str:
    """Return a text of the catalogue with its values filled in.

    Parameters
    ----------
    key
        ``room.name``, for instance ``errors.place_row``.
    lang
        ``da`` or ``en``.
    values
        What the named places stand for, already formatted (see `number`, `percent`, `kroner`, `day`).

    Raises
    ------
    KeyError
        If the catalogue has no such text: a fault of ours, found by the tests.
    """
    return catalogue()[key][lang].format(**values)


def document_name(name: str, lang: str) -> str:
    """Return what a document, or a folder of documents, is called in the language.

    Its leading words are a key of the room ``document_names``, and so are its last words, after ``of_``, where they
    name a department or a kind of sector plan; the rest stays: a number, a family, an ending.

    Raises
    ------
    KeyError
        If the catalogue has no such name: a fault of ours, found by the tests.

    Examples
    --------
    >>> document_name("staffing.xlsx", "da"), document_name("agenda/f17.docx", "da")
    ('bemanding.xlsx', 'dagsorden/f17.docx')
    >>> document_name("registrations_2026K1_K01.xlsx", "da")
    'registreringer_2026K1_K01.xlsx'
    >>> document_name("department/f17-school.docx", "da"), document_name("sector/f17/job_plan.xlsx", "da")
    ('forvaltning/f17-skole.docx', 'sektorskemaer/f17/jobplan.xlsx')
    """
    found = _LEADING_WORDS.match(name)
    key = found[0] if found else name
    rest = _LAST_WORDS.sub(lambda words: _of(words[0], lang), name[len(key) :])
    return text(f"document_names.{key}", lang) + rest


def _of(words: str, lang: str) -> str:
    key = f"document_names.of_{words}"
    return text(key, lang) if key in catalogue() else words


def number(value: float | None, lang: str, decimals: int = 0) -> str:
    """Return a number as written in the language, ``–`` when it is missing.

    Examples
    --------
    >>> number(1234.5, "da", 1), number(-1234.5, "en", 1)
    ('1.234,5', '−1,234.5')
    """
    if _missing(value):
        return "–"
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _with_minus(format_decimal(round(float(value), decimals), format=pattern, locale=_LOCALE[lang]))


def percent(share: float | None, lang: str, decimals: int = 0) -> str:
    """Return a share (0-1) as per cent as written in the language, ``–`` when it is missing.

    Examples
    --------
    >>> percent(0.125, "da", 1).replace(chr(160), " "), percent(0.125, "en", 1)
    ('12,5 %', '12.5%')
    """
    if _missing(share):
        return "–"
    places = "." + "0" * decimals if decimals else ""
    pattern = f"#,##0{places}\N{NO-BREAK SPACE}%" if lang == "da" else f"#,##0{places}%"
    return _with_minus(format_percent(float(share), format=pattern, locale=_LOCALE[lang]))


def kroner(amount_dkk: float | None, lang: str) -> str:
    """Return an amount in whole kroner as written in the language, ``–`` when it is missing.

    Examples
    --------
    >>> kroner(1250000, "da").replace(chr(160), " "), kroner(1250000, "en")
    ('1.250.000 kr.', 'DKK 1,250,000')
    """
    if _missing(amount_dkk):
        return "–"
    pattern = "#,##0\N{NO-BREAK SPACE}¤" if lang == "da" else "¤¤ #,##0"
    amount = round(float(amount_dkk))
    return _with_minus(format_currency(amount, "DKK", format=pattern, locale=_LOCALE[lang], currency_digits=False))


def about_kroner(amount_dkk: float | None, lang: str) -> str:
    """Return an estimated amount in kroner with three significant figures: more would claim what nobody knows.

    Examples
    --------
    >>> about_kroner(-90051, "en"), about_kroner(164435, "en"), about_kroner(87.4, "en"), about_kroner(None, "en")
    ('−DKK 90,100', 'DKK 164,000', 'DKK 87', '–')
    """
    return kroner(amount_dkk if _missing(amount_dkk) else float(f"{amount_dkk:.3g}"), lang)


def _with_minus(written: str) -> str:
    """Return a written number with a minus sign, as a hyphen is overlooked and may end a line; nought has none."""
    return written.replace("-", "\N{MINUS SIGN}" if any(digit in written for digit in "123456789") else "")


def day(when: date | None, lang: str, form: str = "long") -> str:
    """Return a date as written in the language, ``–`` when it is missing.

    Examples
    --------
    >>> day(date(2024, 3, 1), "da"), day(date(2024, 3, 1), "en")
    ('1. marts 2024', '1 March 2024')
    """
    return "–" if _missing(when) else format_date(when, form, locale=_LOCALE[lang])


def month(when: date | None, lang: str) -> str:
    """Return the month of a date in words, ``–`` when it is missing.

    Examples
    --------
    >>> month(date(2024, 3, 1), "da")
    'marts 2024'
    """
    return "–" if _missing(when) else format_date(when, "MMMM y", locale=_LOCALE[lang])


def _missing(value) -> bool:
    return value is None or value != value
