"""How each kind of column looks in a workbook to fill in: format, limits, lists, help and width."""

from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from helhed.intake import Heading, Preset, column_label
from helhed.tables import codes
from helhed.texts import number, text

#: The last row of a sheet, counted from 0.
LAST_ROW = 1_048_575
#: What Excel allows of a title and of a text beside a cell.
_LONGEST_TITLE, _LONGEST_HELP = 32, 255
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
#: The last day of a spell is not before its first.
_STARTS = {"end_date": "start_date", "to_date": "from_date", "exit_date": "start_date"}
_FORMATS = {"date": "dd-mm-yyyy", "month": "yyyy-mm", "number": "General", "flag": "General", "code": "General"}
#: Kinds that may be longer than their column.
_WRAPPED = ("text", "codes", "cprs", "address")
_WIDTHS = {
    "cpr": 14,
    "cprs": 28,
    "address": 28,
    "date": 13,
    "month": 11,
    "number": 12,
    "flag": 12,
    "text": 28,
    "id": 15,
}
_WIDEST = 36


def cell_format(heading: Heading) -> dict:
    """Return the format of a column's cells; what is no date, number or list is text, so that zeros in front stay."""
    look = {"num_format": _FORMATS.get(heading.kind, "@"), "valign": "top", "text_wrap": heading.kind in _WRAPPED}
    # A day at the right edge of its cell would run into the next word.
    return {**look, "align": "left"} if heading.kind in ("date", "month") else look


def width(heading: Heading, lang: str) -> int:
    """Return a width in which the heading's longest word and most values can be read."""
    longest_word = max(len(word) for word in heading.heading.split()) + 4
    labels = _labels(heading, lang) if heading.kind in ("code", "codes") else []
    return min(_WIDEST, max(_WIDTHS.get(heading.kind, 0), longest_word, *(len(label) + 4 for label in labels), 11))


def name_in(heading: Heading, preset: Preset, lang: str) -> str:
    """Return what a heading is called in a language; empty when that is the heading itself."""
    label = column_label(preset.table, heading.to, lang).replace(" (pseudonym)", text("forms.as_cpr", lang))
    return "" if label.casefold() == heading.heading.casefold() else label


def how_written(heading: Heading, lang: str, with_codes: bool = False) -> str:
    """Return how the cells of a column are written: form, limits and, where wanted, the codes of a list."""
    if heading.kind == "number":
        return _number_in_words(heading, lang)
    if heading.kind in ("text", "id", "address"):
        return text("forms.how_text", lang) if with_codes else ""
    known = ", ".join(_labels(heading, lang))
    key = "code_among" if heading.kind == "code" and with_codes else heading.kind
    return text(f"forms.how_{key}", lang, known=known)


def input_help(heading: Heading, meaning: str, lang: str) -> dict:
    """Return the text that shows when a cell is chosen; how it is written is left out where there is no room for it."""
    whole = f"{meaning} {how_written(heading, lang)}".strip()
    shown = whole if len(whole) <= _LONGEST_HELP else meaning
    return {"input_title": heading.heading[:_LONGEST_TITLE], "input_message": shown} if shown else {}


def limit(heading: Heading, preset: Preset, lists: "Lists", lang: str) -> dict:
    """Return what a cell may hold, as XlsxWriter takes it, with the message for what does not fit."""
    rule = _LIMITS.get(heading.kind)
    return rule(heading, preset, lists, lang) if rule else {"validate": "any"}


class Lists:
    """The hidden sheet of lists to choose from."""

    def __init__(self, name: str, lang: str):
        self.name, self.lang = name, lang
        self.entries: dict[str, list[str]] = {}

    def place(self, name: str, entries: list[str]) -> str:
        """Return the range in which a list stands; it is added when it is new."""
        self.entries.setdefault(name, entries)
        column = xl_col_to_name(list(self.entries).index(name))
        return f"='{self.name}'!${column}$2:${column}${len(entries) + 1}"

    def write(self, book: Workbook) -> None:
        """Write the lists on a hidden, protected sheet at the end of the workbook."""
        sheet = book.add_worksheet(self.name)
        for column, (name, entries) in enumerate(self.entries.items()):
            sheet.write_column(0, column, [name, *entries])
        sheet.protect()
        sheet.hide()


def _labels(heading: Heading, lang: str) -> list[str]:
    return [names[lang] for names in codes().get(heading.code_list, {}).values()]


def _number_in_words(heading: Heading, lang: str) -> str:
    low, high = (None if each is None else number(each, lang) for each in (heading.min, heading.max))
    if low is None:
        return text("forms.how_number", lang)
    key = "how_number_from" if high is None else "how_number_between"
    return text(f"forms.{key}", lang, low=low, high=high)


def _refused(rule: dict, key: str, lang: str, **values) -> dict:
    return {**rule, "error_title": text("forms.wrong_title", lang), "error_message": text(key, lang, **values)}


def _cell_of(column: str, preset: Preset) -> str:
    names = [heading.to for heading in preset.columns]
    return f"{xl_col_to_name(names.index(column))}2"


def _cpr_limit(heading: Heading, preset: Preset, _lists: Lists, lang: str) -> dict:
    digits = f'SUBSTITUTE(SUBSTITUTE({_cell_of(heading.to, preset)},"-","")," ","")'
    formula = f"=AND(LEN({digits})=10,ISNUMBER(VALUE({digits})))"
    return _refused({"validate": "custom", "value": formula}, "forms.wrong_cpr", lang)


def _date_limit(heading: Heading, preset: Preset, _lists: Lists, lang: str) -> dict:
    start = _STARTS.get(heading.to, "")
    if not preset.has(start):
        rule = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        return _refused(rule, "forms.wrong_date", lang)
    here = _cell_of(heading.to, preset)
    formula = f"=AND({_is_day(here)},{here}>={_cell_of(start, preset)})"
    rule = {"validate": "custom", "value": formula}
    return _refused(rule, "forms.wrong_order", lang, start=preset.heading_of(start))


def _is_day(cell: str) -> str:
    low, high = (f"DATE({day.year},{day.month},{day.day})" for day in (_FIRST_DAY, _LAST_DAY))
    return f"ISNUMBER({cell}),{cell}>={low},{cell}<={high}"


def _month_limit(heading: Heading, preset: Preset, _lists: Lists, lang: str) -> dict:
    here = _cell_of(heading.to, preset)
    rule = {"validate": "custom", "value": f"=AND({_is_day(here)},DAY({here})=1)"}
    return _refused(rule, "forms.wrong_month", lang)


def _number_limit(heading: Heading, _preset: Preset, _lists: Lists, lang: str) -> dict:
    low, high = heading.min, heading.max
    rule = {"validate": "decimal", "criteria": ">=", "value": -1e9 if low is None else low}
    if low is not None and high is not None:
        rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    message = {"error_message": _number_in_words(heading, lang), "error_title": text("forms.wrong_title", lang)}
    return {**rule, **message}


def _code_limit(heading: Heading, _preset: Preset, lists: Lists, lang: str) -> dict:
    rule = {"validate": "list", "source": lists.place(heading.code_list, _labels(heading, lang))}
    return _refused(rule, "forms.wrong_list", lang)


def _flag_limit(_heading: Heading, _preset: Preset, lists: Lists, lang: str) -> dict:
    answers = [text(f"forms.{answer}", lang) for answer in ("yes", "no")]
    return _refused({"validate": "list", "source": lists.place("flag", answers)}, "forms.wrong_list", lang)


_LIMITS = {
    "cpr": _cpr_limit,
    "date": _date_limit,
    "month": _month_limit,
    "number": _number_limit,
    "code": _code_limit,
    "flag": _flag_limit,
}
