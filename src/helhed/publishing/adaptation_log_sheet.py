"""The adaptation log as a workbook: yellow lines with lists to choose from, counts by formulas, and the core."""

import io
from datetime import date

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from helhed.publishing.adaptation_log import TOUCHING, AdaptationLog, Column, adaptation_log, counts
from helhed.publishing.form_pages import how_lines
from helhed.sheets import new_book, print_setup, protect, row_height, set_widths, styles
from helhed.texts import text

_CORE_WIDTHS = (22, 56, 50, 42)
_INPUT = {"locked": False, "bg_color": "#FFF2CC", "border": 1, "border_color": "#BFBFBF", "valign": "top"}


def adaptation_log_workbook(lang: str, is_example: bool = False) -> bytes:
    """Return the workbook, the same every time: empty, or the filled example, which is invented and says so."""
    one, lines = adaptation_log(), adaptation_log().example if is_example else ()
    buffer = io.BytesIO()
    book = new_book(buffer, one.words["title"][lang])
    looks = styles(book, date_input={**_INPUT, "align": "left", "num_format": "dd-mm-yyyy"})
    sheets = [book.add_worksheet(text(f"implementation.{key}", lang)) for key in ("sheet_log", "sheet_core")]
    for sheet in sheets:
        sheet.hide_gridlines(2)
        protect(sheet)
        footer = f"&L{one.words['title'][lang]} · &A&R{text('self_assessment.print_title', lang)}"
        print_setup(sheet, footer, repeated=0)
    _write_log(sheets[0], one, lines, looks, lang)
    _write_core(sheets[1], one, looks, lang)
    book.close()
    return buffer.getvalue()


def _write_log(sheet: Worksheet, one: AdaptationLog, lines, looks: dict, lang: str) -> None:
    widths = [column.width for column in one.columns]
    set_widths(sheet, widths)
    sheet.write_string(0, 0, one.words["title"][lang], looks["title"])
    if lines:
        sheet.write_string(1, 0, text("self_assessment.example_invented", lang), looks["warning"])
    told = [one.words["purpose"][lang]]
    told += [f"{text(f'self_assessment.{key}', lang)}: {one.words[key][lang]}" for key in ("who", "time")]
    told += [f"{at}. {line}" for at, line in enumerate(how_lines(one.words, lang), start=1)]
    for row, line in enumerate([*told, text("implementation.fill_in", lang)], start=2):
        sheet.merge_range(row, 0, row, len(widths) - 1, line, looks["words"])
        sheet.set_row(row, row_height([line], [sum(widths)]))
    top = len(told) + 4
    head = top + 5
    _write_counts(sheet, one, lines, looks, lang, top)
    for column, each in enumerate(one.columns):
        sheet.write_string(head, column, each.title[lang], looks["head_input"])
        _limit(sheet, one, each, column, (head + 1, head + one.empty_rows), lang)
    sheet.set_row(head, 30)
    for at in range(one.empty_rows):
        line = lines[at] if at < len(lines) else None
        _write_line(sheet, one, line, head + 1 + at, looks, lang)


def _write_counts(sheet: Worksheet, one: AdaptationLog, lines, looks: dict, lang: str, top: int) -> None:
    """Write what the lines come to, counted by formulas over the yellow cells."""
    first, last = top + 7, top + 6 + one.empty_rows
    at = {column.id: xl_col_to_name(place) for place, column in enumerate(one.columns)}
    cells = {name: f"${letter}${first}:${letter}${last}" for name, letter in at.items()}
    touching = next(column for column in one.columns if column.id == "touches")
    answers = [choice[lang] for choice in touching.choices if choice["en"] in TOUCHING]
    found, written = counts(lines), f"COUNTA({cells['change']})"
    touch = "+".join(f'COUNTIF({cells["touches"]},"{answer}")' for answer in answers)
    undecided = "+".join(f'COUNTIFS({cells["touches"]},"{answer}",{cells["outcome"]},"")' for answer in answers)
    no_date = f'COUNTIFS({cells["change"]},"?*",{cells["look_again"]},"")'
    rows = (("lines", written, found.lines), ("touching", touch, found.touching),
            ("undecided", undecided, found.undecided), ("no_date", no_date, found.no_date))  # fmt: skip
    for row, (key, formula, value) in enumerate(rows, start=top):
        sheet.merge_range(row, 0, row, 2, text(f"implementation.{key}", lang), looks["bold"])
        sheet.write_formula(row, 3, f"={formula}", looks["count"], value)


def _limit(sheet: Worksheet, one: AdaptationLog, column: Column, place: int, rows: tuple[int, int], lang: str) -> None:
    """Let a column take what it is for: a date, or a choice from its list."""
    first, last = rows
    if column.kind == "date":
        words = text("implementation.date_help", lang)
        rule = {"validate": "date", "criteria": ">", "value": date(2000, 1, 1), "error_message": words}
    elif column.kind == "words":
        return
    else:
        source = column.choices or [element.title for element in one.elements]
        choices = [each[lang] for each in source]
        rule = {"validate": "list", "source": choices, "error_message": text("implementation.decision_help", lang)}
    sheet.data_validation(first, place, last, place, rule)


def _write_line(sheet: Worksheet, one: AdaptationLog, line, row: int, looks: dict, lang: str) -> None:
    shown = [one.shown(line, column, lang) if line else None for column in one.columns]
    for place, (column, value) in enumerate(zip(one.columns, shown, strict=True)):
        look = looks["date_input" if column.kind == "date" else "input"]
        if value is None:
            sheet.write_blank(row, place, None, look)
        elif column.kind == "date":
            sheet.write_datetime(row, place, value, look)
        else:
            sheet.write_string(row, place, value, look)
    cells = [value if isinstance(value, str) else "" for value in shown]
    sheet.set_row(row, max(30, row_height(cells, [column.width for column in one.columns])))


def _write_core(sheet: Worksheet, one: AdaptationLog, looks: dict, lang: str) -> None:
    set_widths(sheet, _CORE_WIDTHS)
    sheet.write_string(0, 0, text("implementation.core_title", lang), looks["title"])
    for column, key in enumerate(("part", "core", "free", "lost")):
        sheet.write_string(2, column, text(f"implementation.{key}", lang), looks["head"])
    for row, element in enumerate(one.elements, start=3):
        cells = [getattr(element, key)[lang] for key in ("title", "core", "free", "lost")]
        for column, words in enumerate(cells):
            sheet.write_string(row, column, words, looks["words" if column else "bold"])
        sheet.set_row(row, row_height(cells, _CORE_WIDTHS))
