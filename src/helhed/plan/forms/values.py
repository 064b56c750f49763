"""Values of a form: how each kind is written into a cell, and how what stands in a cell is read."""

import re
from datetime import date, datetime, time

from helhed.browser.plan_cells import YEARS, date_of
from helhed.plan.field_types import writable
from helhed.plan.forms.layout import Field, code_labels, codes_by_label
from helhed.plan.forms.people import People
from helhed.texts import number, text

#: What lies between several codes in one cell; the names of codes hold commas.
SEPARATOR = "; "
#: The lowest and the highest number that a field holds.
LIMITS = {"hours_per_week": (0, 60), "score": (1, 5), "repeats_weeks": (1, 52)}


class Unfit(ValueError):
    """A cell that does not fit its field: the name of the message and the values it names."""

    def __init__(self, code: str, **details: str):
        super().__init__(code)
        self.code, self.details = code, details


def written(field: Field, value, people: People) -> str:
    """Return a value as a Word form shows it, empty for a missing one."""
    if value is None or value == ():
        return ""
    writer = _WRITERS.get(field.kind)
    return writer(field, value, people) if writer else str(value)


def _codes_written(field: Field, value, people: People) -> str:
    labels = code_labels(field.codes, people.lang)
    chosen = value.replace(";", ",").split(",") if isinstance(value, str) else value
    return SEPARATOR.join(labels.get(code.strip(), code.strip()) for code in chosen)


def _number_written(_field: Field, value, people: People) -> str:
    decimals = len(f"{value:.4f}".rstrip("0").partition(".")[2])
    return number(value, people.lang, decimals)


_WRITERS = {
    "date": lambda _field, value, _people: f"{value:%d-%m-%Y}",
    "time": lambda _field, value, _people: f"{value:%H:%M}",
    "number": _number_written,
    "flag": lambda _field, value, people: code_labels("flag", people.lang)["yes" if value else "no"],
    "person": lambda _field, value, people: people.label(value),
    "code": lambda field, value, people: code_labels(field.codes, people.lang).get(value, value),
    "codes": _codes_written,
}


def is_as_shown(field: Field, cell, value, people: People) -> bool:
    """Return whether a cell holds what the form showed for a value: nobody has changed it."""
    shown = written(field, value, people)
    if isinstance(cell, str) or cell is None:
        return _plain(cell or "") == _plain(shown)
    try:
        return written(field, read(field, cell, people), people) == shown
    except Unfit:
        return False


def _plain(cell: str) -> str:
    return "\n".join(line.strip() for line in writable(cell).replace("\xa0", " ").split("\n")).strip()


def read(field: Field, cell, people: People):
    """Return the value of a cell, None for an empty one.

    Raises
    ------
    Unfit
        If the cell does not fit the field.
    """
    if isinstance(cell, str):
        cell = _plain(cell)
    if cell is None or cell == "":
        return () if field.kind == "codes" else None
    return _READERS[field.kind](field, cell, people)


def _read_text(_field: Field, cell, _people: People) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%d-%m-%Y}"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _read_date(_field: Field, cell, _people: People) -> date:
    found = cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else date_of(str(cell))
    if found is None or not YEARS[0] <= found.year <= YEARS[1]:
        raise Unfit("not_a_date")
    return found


def _read_time(_field: Field, cell, _people: People) -> time:
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60) % (24 * 60)
        return time(minutes // 60, minutes % 60)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    found = re.fullmatch(r"(?:kl\.?\s*)?(\d{1,2})(?:[:.](\d\d)(?:[:.]00)?)?", str(cell), re.IGNORECASE)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Unfit("not_a_time")
    return time(int(found[1]), int(found[2] or 0))


def _read_number(field: Field, cell, people: People) -> float:
    found = float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else _number_of(str(cell))
    lowest, highest = LIMITS.get(field.name, (float("-inf"), float("inf")))
    if found is None or not lowest <= found <= highest:
        raise Unfit("not_a_number", limits=_limits(field, people.lang))
    return found


def _limits(field: Field, lang: str) -> str:
    return text(f"plan_forms.limits_{field.name if field.name in LIMITS else 'other'}", lang)


def _number_of(cell: str) -> float | None:
    if not re.fullmatch(r"-?(?:\d{1,9}|\d{1,3}(?:[. ]\d{3})+)(?:,\d+)?|-?\d{1,9}\.\d+", cell):
        return None
    if "," in cell or re.fullmatch(r"-?\d{1,3}(?:[. ]\d{3})+", cell):
        cell = cell.replace(".", "").replace(" ", "").replace(",", ".")
    return float(cell)


def _read_count(field: Field, cell, people: People) -> int:
    found = _read_number(field, cell, people)
    if found != int(found):
        raise Unfit("not_a_number", limits=_limits(field, people.lang))
    return int(found)


def _read_flag(field: Field, cell, people: People) -> bool:
    if isinstance(cell, bool):
        return cell
    return _code_of("flag", str(cell), people.lang) == "yes"


def _read_person(_field: Field, cell, people: People) -> str | None:
    try:
        return people.find(str(cell))
    except LookupError:
        # Places in the family alone: a message holds no names.
        known = ", ".join(member.label(people.lang) for member in people.members)
        raise Unfit("not_a_member", known=known) from None


def _code_of(name: str, cell: str, lang: str) -> str:
    found = codes_by_label(name).get(" ".join(cell.casefold().split()))
    if found is None:
        raise Unfit("not_a_code", known=SEPARATOR.join(code_labels(name, lang).values()))
    return found


def _read_codes(field: Field, cell, people: People) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[;\n]", str(cell)) if part.strip()]
    known = codes_by_label(field.codes)
    if any(part.strip().casefold() not in known for part in parts):
        # Names of codes hold commas themselves: a comma parts them only where a semicolon does not.
        parts = [part for part in re.split(r"[;,\n]", str(cell)) if part.strip()]
    return tuple(dict.fromkeys(_code_of(field.codes, part, people.lang) for part in parts))


_READERS = {
    "text": _read_text,
    "date": _read_date,
    "time": _read_time,
    "number": _read_number,
    "count": _read_count,
    "flag": _read_flag,
    "person": _read_person,
    "code": lambda field, cell, people: _code_of(field.codes, str(cell), people.lang),
    "codes": _read_codes,
}
