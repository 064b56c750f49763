"""The Excel form for scenarios: one row each, limits in the cells, every setting explained on a sheet of its own."""

import io
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from helhed.profile.entries import Entry, choice_label, value_in_words
from helhed.profile.scenarios import Scenario, heading_of, scenario_entries
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
#: Worked examples: name of the text, and values of other columns.
_EXAMPLES = (
    ("example_as_now", {}),
    ("example_shorter", {"staffing.active_months": 4.0}),
    ("example_less_absence", {"staffing.sick_days": 5.0, "staffing.turnover_per_year": 0.05}),
    ("example_taskforce", {"staffing.organisation": "taskforce"}),
)
_LAST_ROW, _BLUE, _LIGHT, _YELLOW = 60, "#0072B2", "#DCE9F2", "#FFF7CC"


def example_scenarios(lang: str) -> list[Scenario]:
    """Return the worked examples of the form: what a municipality sees until it has written scenarios of its own."""
    return [
        Scenario(text(f"scenarios.{name}", lang), row, dict(values))
        for row, (name, values) in enumerate(_EXAMPLES, start=2)
    ]


def scenarios_workbook(lang: str) -> bytes:
    """Return the form for scenarios as Excel bytes; the same every time."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": text("scenarios.title", lang), "author": "Helhed", "created": datetime(2025, 1, 1)})
    _read_me(book, lang)
    _scenarios(book, lang)
    _settings(book, lang)
    book.worksheets()[1].activate()
    book.close()
    return buffer.getvalue()


def _read_me(book: xlsxwriter.Workbook, lang: str) -> None:
    sheet = book.add_worksheet(text("scenarios.sheet_read_me", lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    title = book.add_format({"bold": True, "font_size": 16, "font_color": _BLUE})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, text("scenarios.title", lang), title)
    for row, line in enumerate(text("scenarios.how", lang).strip().splitlines(), start=2):
        sheet.write_string(row, 0, line, words)
        sheet.set_row(row, 15 * (1 + len(line) // 95))
    _page(sheet)


def _page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _scenarios(book: xlsxwriter.Workbook, lang: str) -> None:
    sheet = book.add_worksheet(text("scenarios.sheet_scenarios", lang))
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": _LIGHT, "border": 1, "border_color": "#FFFFFF"}
    )
    example = book.add_format({"bg_color": _YELLOW})
    sheet.set_row(0, 78)
    for position, meant in enumerate(COLUMNS):
        sheet.set_column(position, position, 30 if meant in ("name", "note", "staffing.organisation") else 18)
        sheet.write_string(0, position, heading_of(meant, lang), head)
        rule = _limit(meant, lang)
        if rule:
            sheet.data_validation(1, position, _LAST_ROW, position, rule)
    for row, one in enumerate(example_scenarios(lang), start=1):
        for position, meant in enumerate(COLUMNS):
            value = one.name if meant == "name" else one.values.get(meant)
            written = choice_label(value, lang) if meant == "staffing.organisation" and value else value
            if written is None:
                sheet.write_blank(row, position, None, example)
            else:
                sheet.write(row, position, written, example)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    _page(sheet)


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


def _settings(book: xlsxwriter.Workbook, lang: str) -> None:
    sheet = book.add_worksheet(text("scenarios.sheet_settings", lang))
    head = book.add_format({"bold": True, "bg_color": _LIGHT, "text_wrap": True, "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    for position, (name, width) in enumerate(
        (("label", 62), ("unit", 22), ("limits", 30), ("default", 24), ("key", 48))
    ):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, text(f"scenarios.head_{name}", lang), head)
    for row, (key, entry) in enumerate(scenario_entries().items(), start=1):
        limits = ", ".join(choice_label(choice, lang) for choice in entry.choices) or entry.limits() or "0 – 1"
        cells = (entry.label(lang), entry.unit_label(lang), limits, value_in_words(entry.default, lang), key)
        for position, cell in enumerate(cells):
            sheet.write_string(row, position, cell, words)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _page(sheet)
