"""Values as the export writes them: whoever reads a message must find its value in the file."""

from typing import Any

import pandas as pd

from helhed.intake.exports.feeds import identifiers
from helhed.intake.exports.preset import Heading, Preset
from helhed.intake.pseudonyms import without_cpr
from helhed.intake.reading.readers import number_as_text
from helhed.tables import codes

_LONGEST = 80
_PERIODS = {"year": lambda day: f"{day:%Y}", "quarter": lambda day: f"{day:%Y}Q{day.quarter}"}


def shown(hits: pd.DataFrame, column: str, preset: Preset) -> list[str]:
    """Return what may be shown of a column's cells, as the export writes them: never a pseudonym."""
    if not column or column in identifiers():
        return [""] * len(hits)
    heading = preset.column(column)
    if heading is not None and heading.length_to in hits:
        return [_period(*both) for both in zip(hits[column], hits[heading.length_to], strict=True)]
    return [as_written(value, heading) for value in hits[column]]


def as_written(value: Any, heading: Heading | None) -> str:
    """Return a value as a column of an export writes it; without a heading, as its type is usually written.

    Examples
    --------
    >>> as_written(pd.Timestamp(2024, 12, 30), Heading("Uge", "week", "week")), as_written(1234567.5, None)
    ('202501', '1234567,5')
    >>> as_written("u", Heading("Køn", "sex", "code", map={"K": "f", "M": "m"}, empty="u"))
    ''
    """
    if pd.isna(value):
        return ""
    if heading is not None and heading.kind in ("code", "codes"):
        return ", ".join(_label(code, heading) for code in str(value).split(","))
    if isinstance(value, pd.Timestamp):
        return _date(value, heading.kind if heading else "date")
    if isinstance(value, bool):
        return "J" if value else "N"
    if isinstance(value, (float, int)):
        return number_as_text(float(value))
    return without_cpr(str(value))[:_LONGEST]


def _date(day: pd.Timestamp, kind: str) -> str:
    if kind == "week":
        year, week, _ = day.isocalendar()
        return f"{year}{week:02d}"
    return f"{day:%Y-%m}" if kind in ("month", "period") else f"{day:%d-%m-%Y}"


def _period(first_day: Any, length: Any) -> str:
    if pd.isna(first_day):
        return ""
    return _PERIODS.get(length, lambda day: f"{day:%Y}M{day:%m}")(first_day)


def _label(code: str, heading: Heading) -> str:
    own = next((label for label, meant in heading.map.items() if meant == code), None)
    if own is not None:
        return own
    if code == heading.empty:
        return ""
    return codes().get(heading.code_list, {}).get(code, {}).get("da", code)
