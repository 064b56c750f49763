"""The error list as an Excel workbook: one sheet per file, in the language of the case worker."""

import io
import re
from collections import Counter
from datetime import datetime

import xlsxwriter

from helhed.errors import Problem
from helhed.intake.municipality import Intake
from helhed.texts import text

#: More rows than this of one problem in one file are counted, not listed.
MOST_ROWS = 500
_WIDTHS = {"sheet": 16, "row": 8, "column": 26, "value": 26, "severity": 16, "what": 110}
_FIXED_DATE = datetime(2025, 1, 1)


def error_workbook(intake: Intake, lang: str) -> bytes:
    """Return the error workbook of a municipality: a summary, then one sheet per file.

    Each row names sheet, row, column and value, what is wrong and what to do. Cells are written as text: what looks
    like a formula is not one.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _FIXED_DATE})
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        summary = book.add_worksheet(text("intake.sheet_summary", lang))
        _write_summary(summary, intake, lang, bold, wrap)
        names: set[str] = {summary.name.casefold()}
        for file in sorted({problem.file for problem in intake.problems}):
            of_file = [problem for problem in intake.problems if problem.file == file]
            _write_file(book.add_worksheet(_sheet_name(file, names)), of_file, lang, bold, wrap)
    return buffer.getvalue()


def _write_summary(sheet, intake: Intake, lang: str, bold, wrap) -> None:
    first = {(p.code.split(".", 1)[1], p.severity, p.file): p for p in reversed(intake.problems)}
    _head(sheet, ["file", "severity", "n", "what"], lang, bold, [34, 16, 10, 110])
    if not intake.problems:
        sheet.write_string(1, 0, text("intake.nothing_found", lang))
    for i, row in enumerate(intake.problem_counts.itertuples(index=False), start=1):
        sheet.write_string(i, 0, row.file, wrap)
        sheet.write_string(i, 1, text(f"intake.{row.severity}", lang), wrap)
        sheet.write_number(i, 2, int(row.n), wrap)
        sheet.write_string(i, 3, first[row.code, row.severity, row.file].message(lang), wrap)


def _write_file(sheet, problems: list[Problem], lang: str, bold, wrap) -> None:
    _head(sheet, list(_WIDTHS), lang, bold, list(_WIDTHS.values()))
    counts = Counter(problem.code for problem in problems)
    listed: Counter = Counter()
    line = 0
    for problem in problems:
        listed[problem.code] += 1
        if listed[problem.code] <= MOST_ROWS:
            line += 1
            _write_problem(sheet, line, problem, lang, wrap)
    for _, n in sorted(counts.items()):
        if n > MOST_ROWS:
            line += 1
            sheet.write_string(line, 5, text("intake.not_listed", lang, n=n - MOST_ROWS), wrap)


def _write_problem(sheet, line: int, problem: Problem, lang: str, wrap) -> None:
    cells = (problem.sheet, problem.row, problem.column, problem.value)
    for column, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(line, column, cell, wrap)
        elif cell:
            sheet.write_string(line, column, cell, wrap)
    sheet.write_string(line, 4, text(f"intake.{problem.severity}", lang), wrap)
    sheet.write_string(line, 5, problem.message(lang), wrap)


def _head(sheet, columns: list[str], lang: str, bold, widths: list[int]) -> None:
    for i, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(i, i, width)
        sheet.write_string(0, i, text(f"intake.col_{column}", lang), bold)
    sheet.freeze_panes(1, 0)


def _sheet_name(file: str, taken: set[str]) -> str:
    """Return a sheet name for a file: Excel allows 31 characters and not all of them, and each name once."""
    base = re.sub(r"[\[\]:*?/\\']", "-", file.removeprefix("exports/") or "-")[:28]
    name = next(n for n in (base, *(f"{base}~{i}" for i in range(2, 100))) if n.casefold() not in taken)
    taken.add(name.casefold())
    return name
