"""What people write in a cell of a workbook, as values: headings, numbers, shares, days, yes and no."""

import math
import re
from datetime import date, datetime
from typing import Any

_YES = ("ja", "j", "yes", "y", "true", "sand", "x", "1")
_NO = ("nej", "n", "no", "false", "falsk", "0")
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")
_DAY_FORMS = ("%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d")


def is_empty(cell: Any) -> bool:
    """Return whether nothing is written in a cell."""
    return cell is None or str(cell).strip() == ""


def plain_words(cell: Any) -> str:
    """Return words for comparison: lower case, one blank between words, without the star of a required heading.

    Examples
    --------
    >>> plain_words("  Pris  i kr. *")
    'pris i kr.'
    """
    return " ".join(str(cell or "").casefold().replace("*", " ").split())


def number_written(cell: Any) -> float | None:
    """Return a number as people write it, None where it is none: 0,5 and 0.5, 51.000, 1.200.000 and 20 % too.

    A dot before exactly three digits is the thousands separator, as in Danish, unless a nought stands before it.

    Examples
    --------
    >>> number_written("1.200.000"), number_written("51.000"), number_written("0.125"), number_written("0,5")
    (1200000.0, 51000.0, 0.125, 0.5)
    >>> number_written("20 %"), number_written("fem")
    (0.2, None)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return float(cell) if math.isfinite(cell) else None
    written = str(cell).replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    factor = 0.01 if written.endswith("%") else 1.0
    written = written.removesuffix("%")
    if "," in written:
        written = written.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(written) or written.count(".") > 1:
        written = written.replace(".", "")
    try:
        found = float(written) * factor
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def day_written(cell: Any) -> date | None:
    """Return a day as people write it, None where it is none.

    Examples
    --------
    >>> day_written("31-12-2024"), day_written("2024-12-31") == day_written("31.12.2024"), day_written("snart")
    (datetime.date(2024, 12, 31), True, None)
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(str(cell).strip(), form).date()
        except ValueError:
            continue
    return None


def flag_written(cell: Any) -> bool | None:
    """Return yes or no as people write it in Danish or English, None where it is neither."""
    words = plain_words(cell) if not isinstance(cell, bool) else ("ja" if cell else "nej")
    return True if words in _YES else False if words in _NO else None
