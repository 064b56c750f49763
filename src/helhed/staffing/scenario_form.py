"""The Excel form for scenarios: one row each, limits in the cells, every setting explained on a sheet of its own."""

import io
from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from helhed.profile import Profile
from helhed.profile.entries import Entry, choice_label, value_in_words
from helhed.profile.scenarios import Scenario, heading_of, scenario_entries
from helhed.sheets import new_book, print_setup, row_height, set_widths, styles
from helhed.texts import text

#: Columns of the form; any other setting can be added by hand.
COLUMNS = (
    "name",
    "posts",
    "starts",
    "staffing.organisation",
    "staffing.start_months",
    "staffing.active_months",
    "staffing.active_contact_hours_per_week",
    "staffing.active_coordination_hours_per_week",
    "staffing.sick_days",
    "staffing.turnover_per_year",
    "staffing.families_per_post_limit",
    "staffing.target_wait_weeks",
    "staffing.salary_dkk_per_year",
    "note",
)
#: Worked examples: name of the text, and values of other columns; None is two thirds of the value in force.
_EXAMPLES = (
    ("example_as_now", {}),
    ("example_shorter", {"staffing.active_months": None}),
    ("example_less_absence", {"staffing.sick_days": 5.0, "staffing.turnover_per_year": 0.05}),
    ("example_taskforce", {"staffing.organisation": "taskforce"}),
)
_LAST_ROW = 60
_FOOTER = "&L&A&R&P / &N"


def example_scenarios(lang: str, profile: Profile | None = None) -> list[Scenario]:
    """Return the worked examples of the form: what a municipality sees until it has written scenarios of its own.

    Parameters
    ----------
    profile
        What the examples change; the declared defaults when it is not given.
    """
    return [
        Scenario(
            text(f"scenarios.{name}", lang), row, {key: _changed(key, value, profile) for key, value in values.items()}
        )
        for row, (name, values) in enumerate(_EXAMPLES, start=2)
    ]


def _changed(key: str, value, profile: Profile | None):
    if value is not None:
        return value
    now = scenario_entries()[key].default if profile is None else profile[key]
    return round(now * 2 / 3 * 2) / 2


def scenarios_workbook(lang: str, filled: Sequence[Mapping] | None = None) -> bytes:
    """Return the form for scenarios as Excel bytes, the same every time: with the worked examples, or as filled in.

    Parameters
    ----------
    filled
        The rows of an invented municipality: column of `COLUMNS` to value. The workbook then says that it is invented.
    """
    buffer = io.BytesIO()
    book = new_book(buffer, text("scenarios.title", lang))
    looks = styles(book)
    rows = [{"name": one.name, **one.values} for one in example_scenarios(lang)] if filled is None else filled
    read_me = book.add_worksheet(text("scenarios.sheet_read_me", lang))
    _read_me(read_me, looks, lang)
    if filled is not None:
        read_me.write_string(1, 0, text("downloads.invented", lang), looks["warning"])
    _scenarios(book.add_worksheet(text("scenarios.sheet_scenarios", lang)), rows, looks, lang)
    _settings(book.add_worksheet(text("scenarios.sheet_settings", lang)), looks, lang)
    book.worksheets()[1].activate()
    book.close()
    return buffer.getvalue()


def _read_me(sheet: Worksheet, looks: dict[str, Format], lang: str) -> None:
    sheet.hide_gridlines(2)
    set_widths(sheet, [100])
    sheet.write_string(0, 0, text("scenarios.title", lang), looks["title"])
    for row, line in enumerate(text("scenarios.how", lang).strip().splitlines(), start=2):
        sheet.write_string(row, 0, line, looks["words"])
        sheet.set_row(row, row_height([line], [100]))
    print_setup(sheet, _FOOTER, repeated=0)


def _scenarios(sheet: Worksheet, rows: Sequence[Mapping], looks: dict[str, Format], lang: str) -> None:
    widths = [30 if meant in ("name", "note", "staffing.organisation") else 18 for meant in COLUMNS]
    heads = [heading_of(meant, lang) for meant in COLUMNS]
    set_widths(sheet, widths)
    # Bold letters need more room.
    sheet.set_row(0, row_height(heads, [width - 3 for width in widths]))
    for position, (meant, head) in enumerate(zip(COLUMNS, heads, strict=True)):
        sheet.write_string(0, position, head, looks["head"])
        rule = _limit(meant, lang)
        if rule:
            sheet.data_validation(1, position, _LAST_ROW, position, rule)
    for row, one in enumerate(rows, start=1):
        shown = [_shown(one, meant, lang) for meant in COLUMNS]
        for position, value in enumerate(shown):
            if value is None:
                sheet.write_blank(row, position, None, looks["input"])
            else:
                sheet.write(row, position, value, looks["input"])
        words = [value if isinstance(value, str) else "" for value in shown]
        sheet.set_row(row, row_height(words, widths))
    sheet.freeze_panes(1, 1)
    print_setup(sheet, _FOOTER, widths=widths)


def _shown(one: Mapping, meant: str, lang: str):
    value = one.get(meant)
    return choice_label(value, lang) if meant == "staffing.organisation" and value else value


def _limit(meant: str, lang: str) -> dict | None:
    """Return the limit of a column's cells, with help: a list of choices or a range of numbers."""
    entry = scenario_entries().get(meant)
    if entry is None:
        return None if meant in ("name", "note") else {"validate": "decimal", "criteria": ">", "value": 0}
    if entry.kind == "choice":
        return {"validate": "list", "source": [choice_label(choice, lang) for choice in entry.choices]}
    low, high = _range(entry)
    title = entry.label(lang)[:32]
    words = text("scenarios.help_number", lang, limits=f"{entry.limits() or '0 – 1'} {entry.unit_label(lang)}".strip())
    rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    return {**rule, "input_title": title, "input_message": words[:255], "error_message": words[:255]}


def _range(entry: Entry) -> tuple[float, float]:
    if entry.kind == "share":
        return 0.0, 1.0
    return (-1e9 if entry.min is None else float(entry.min)), (1e9 if entry.max is None else float(entry.max))


def _settings(sheet: Worksheet, looks: dict[str, Format], lang: str) -> None:
    widths = {"label": 62, "unit": 22, "limits": 30, "default": 24, "key": 48}
    set_widths(sheet, list(widths.values()))
    for position, name in enumerate(widths):
        sheet.write_string(0, position, text(f"scenarios.head_{name}", lang), looks["head"])
    for row, (key, entry) in enumerate(scenario_entries().items(), start=1):
        limits = ", ".join(choice_label(choice, lang) for choice in entry.choices) or entry.limits() or "0 – 1"
        cells = (entry.label(lang), entry.unit_label(lang), limits, value_in_words(entry.default, lang), key)
        sheet.set_row(row, row_height(cells, list(widths.values())))
        for position, cell in enumerate(cells):
            sheet.write_string(row, position, cell, looks["words"])
    sheet.freeze_panes(1, 0)
    print_setup(sheet, _FOOTER)
