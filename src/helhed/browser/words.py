"""Texts and numbers as a page writes them, with nothing but the standard library.

The texts come with the page, in its language; the numbers are written as `helhed.texts` writes them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from html import escape

_MARKS = {"da": (".", ","), "en": (",", ".")}
_MONTHS = {
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_NONE, _MINUS = "–", "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Words:
    """The texts of one language by key, and its way of writing numbers."""

    lang: str
    texts: Mapping[str, str]

    def say(self, key: str, **values) -> str:
        """Return a text with its places filled in."""
        return self.texts[key].format(**values)

    def html(self, key: str, **values) -> str:
        """Return a text for a page: no value can be read as markup."""
        return escape(self.say(key, **values))

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Return a number as written in the language, ``–`` when it is missing or without end.

        Examples
        --------
        >>> Words("da", {}).number(1234.5, 1), Words("en", {}).number(1234.5, 1)
        ('1.234,5', '1,234.5')
        """
        if value is None or not math.isfinite(value):
            return _NONE
        thousands, point = _MARKS[self.lang]
        written = f"{round(float(value), decimals) + 0.0:,.{decimals}f}"
        return written.replace(",", "\0").replace(".", point).replace("\0", thousands).replace("-", _MINUS)

    def day(self, day: date) -> str:
        """Return a date as written in the language.

        Examples
        --------
        >>> Words("da", {}).day(date(2025, 3, 1)), Words("en", {}).day(date(2025, 3, 1))
        ('1. marts 2025', '1 March 2025')
        """
        point = "." if self.lang == "da" else ""
        return f"{day.day}{point} {_MONTHS[self.lang].split()[day.month - 1]} {day.year}"

    def given(self, value: str | date) -> str:
        """Return what stood in a cell, a date as written in the language."""
        return self.day(value) if isinstance(value, date) else value

    def listed(self, names: list[str]) -> str:
        """Return names as a list in words: ``a, b and c``."""
        if len(names) < 2:
            return "".join(names)
        return self.say("last_of_list", first=", ".join(names[:-1]), last=names[-1])

    def share(self, value: float | None, decimals: int = 0) -> str:
        """Return a share (0-1) as per cent as written in the language, ``–`` when it is missing."""
        if value is None or not math.isfinite(value):
            return _NONE
        # Rounded as a decimal number is, half to even: 0.5585 is not a little more than that, as a float would have it.
        exact = Decimal(repr(float(value))).scaleb(2)
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
        sign = "\N{NO-BREAK SPACE}%" if self.lang == "da" else "%"
        return f"{self.number(float(rounded), decimals)}{sign}"

    def kroner(self, amount_dkk: float | None) -> str:
        """Return an amount in whole kroner as written in the language, ``–`` when it is missing."""
        if amount_dkk is None or not math.isfinite(amount_dkk):
            return _NONE
        amount = self.number(amount_dkk)
        if self.lang == "da":
            return f"{amount}\N{NO-BREAK SPACE}kr."
        return f"{_MINUS}DKK {amount[1:]}" if amount.startswith(_MINUS) else f"DKK {amount}"

    def about_kroner(self, amount_dkk: float | None) -> str:
        """Return an estimated amount with three significant figures, ``–`` when it is missing.

        Examples
        --------
        >>> Words("en", {}).about_kroner(-164435), Words("en", {}).about_kroner(None)
        ('−DKK 164,000', '–')
        """
        is_missing = amount_dkk is None or not math.isfinite(amount_dkk)
        return self.kroner(None if is_missing else float(f"{amount_dkk:.3g}"))


def table(heads: list[str], rows: list[list[str]], caption: str, numbers: frozenset[int] = frozenset()) -> str:
    """Return a table for a page: cells are texts, never markup; columns in ``numbers`` stand to the right."""
    head = "".join(f'<th scope="col"{_side(at, numbers)}>{escape(cell)}</th>' for at, cell in enumerate(heads))
    body = "".join(f"<tr>{''.join(_cell(at, cell, numbers) for at, cell in enumerate(row))}</tr>" for row in rows)
    inner = f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="helhed-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">{inner}</div>'


def _cell(at: int, cell: str, numbers: frozenset[int]) -> str:
    written = escape(cell).replace("\n", "<br>")
    return f'<th scope="row">{written}</th>' if at == 0 else f"<td{_side(at, numbers)}>{written}</td>"


def _side(at: int, numbers: frozenset[int]) -> str:
    return ' class="number"' if at in numbers else ""


def paragraphs(sentences: list[str]) -> str:
    """Return sentences as paragraphs of a page."""
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
