"""The error list as an Excel workbook: one sheet per file, with room for the corrected values.

What is typed into it comes back through `helhed.intake.corrections`.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from xlsxwriter.utility import xl_col_to_name

from helhed.errors import SEVERITIES, Problem
from helhed.intake.corrections import ACTIONS, FIELDS, row_marks
from helhed.intake.exports.feeds import SECRET_KINDS
from helhed.intake.exports.preset import Heading, Preset, preset_of
from helhed.intake.municipality import Intake
from helhed.intake.pseudonyms import Keyring, read_key
from helhed.intake.reading.spelling import plain
from helhed.intake.shown.sheets import INPUT, fit_height, hide, sheet_styles, with_sign, write_head
from helhed.intake.sources import raw_sheets
from helhed.profile import Profile
from helhed.profile.reading import FILE_NAME
from helhed.sheets import new_book, print_setup
from helhed.texts import text

#: More rows than this of one problem in one file are counted, not listed.
MOST_ROWS = 500
_LISTED = ("sheet", "row", "column", "found", "severity", "what")
_HIDDEN = ("file", "mark", "alike")


@dataclass(frozen=True)
class CorrectableRow:
    """A row of an export that a correction can be tied to: its keyed mark, and how many rows look just like it."""

    mark: str
    alike: int


Place = tuple[str, str, int]


def correctable_rows(intake: Intake, profile: Profile) -> dict[Place, CorrectableRow]:
    """Return the rows with problems as they stand in the files, by file, sheet and row number.

    The files are read again: the tables have long lost what identifies a row to the system it came from.
    """
    keyring = Keyring(read_key(profile.folder / profile["data.key_file"])[0], profile.is_synthetic)
    wanted = {(p.file, p.sheet, p.row) for p in intake.problems if p.row}
    found = {}
    for preset in intake.presets.values():
        for sheet, _ in raw_sheets(preset, profile) if _is_wanted(preset, wanted) else ():
            if sheet is not None:
                found |= _rows_of_sheet(sheet, preset, keyring, wanted)
    return found


def _is_wanted(preset: Preset, wanted: Iterable[Place]) -> bool:
    return any(preset.holds(file, sheet) for file, sheet, _ in wanted)


def _rows_of_sheet(sheet, preset: Preset, keyring: Keyring, wanted: set[Place]) -> dict[Place, CorrectableRow]:
    rows = [row for row in sheet.frame.index if (sheet.file, sheet.sheet, row) in wanted]
    if not rows:
        return {}
    marks = row_marks(sheet, preset, keyring)
    alike = marks.map(marks.value_counts())
    return {(sheet.file, sheet.sheet, row): CorrectableRow(marks[row], int(alike[row])) for row in rows}


def error_workbook(intake: Intake, lang: str, rows: dict[Place, CorrectableRow] | None = None) -> bytes:
    """Return the error workbook of a municipality: a summary, then one sheet per file.

    Each row names sheet, row, column and value, what is wrong and what to do. With ``rows`` (see `correctable_rows`)
    there is room for a corrected value; without, the workbook is for reading only. Cells are written as text: what
    looks like a formula is not one.
    """
    buffer = io.BytesIO()
    with new_book(buffer) as book:
        styles = sheet_styles(book)
        files = sorted({problem.file for problem in intake.problems}, key=lambda file: _file_rank(intake, file))
        names = _sheet_names(files, text("intake.sheet_summary", lang))
        summary = book.add_worksheet(text("intake.sheet_summary", lang))
        _write_summary(summary, intake, names, lang, styles, rows is not None)
        lists = _Lists(text("intake.sheet_lists", lang))
        for file, name in names.items():
            of_file = sorted((p for p in intake.problems if p.file == file), key=_rank)
            _FileSheet(book.add_worksheet(name), intake, lang, styles, lists).write(of_file, rows or {})
        lists.write(book)
    return buffer.getvalue()


def _write_summary(sheet, intake: Intake, names: dict[str, str], lang: str, styles: dict, is_form: bool) -> None:
    sheet.write_string(0, 0, text("intake.errors_title", lang), styles["title"])
    lines = ["errors_how_to_1", "errors_how_to_2", "errors_how_to_3"] if is_form else ["errors_read_only"]
    for at, key in enumerate(lines, start=1):
        sheet.merge_range(at, 0, at, 4, text(f"intake.{key}", lang), styles["text"])
        sheet.set_row(at, 32)
    for at, (_field, width) in enumerate((("file", 34), ("must", 16), ("should", 16), ("note", 16), ("what", 90))):
        sheet.set_column(at, at, width)
    line = len(lines) + 2
    if not intake.problems:
        sheet.write_string(line, 0, text("intake.nothing_found", lang))
        return
    line = _write_files(sheet, line, intake, names, lang, styles)
    _write_rules(sheet, line + 1, intake, lang, styles)
    print_setup(sheet)


def _write_files(sheet, line: int, intake: Intake, names: dict[str, str], lang: str, styles: dict) -> int:
    heads = [text("intake.col_file", lang), *(with_sign(severity, lang) for severity in SEVERITIES)]
    for at, head in enumerate(heads):
        sheet.write_string(line, at, head, styles["head"])
    counts = Counter((p.file, p.severity) for p in intake.problems)
    for file, name in names.items():
        line += 1
        sheet.write_url(line, 0, f"internal:'{name}'!A1", styles["link"], file or name)
        for at, severity in enumerate(SEVERITIES, start=1):
            n = counts[file, severity]
            sheet.write_number(line, at, n, styles[f"n_{severity}" if n else "count"])
    return line + 1


def _write_rules(sheet, line: int, intake: Intake, lang: str, styles: dict) -> None:
    findings = _findings(intake.problems, lang)
    for at, column in enumerate(("file", "severity", "n", "", "what")):
        sheet.write_string(line, at, text(f"intake.col_{column}", lang) if column else "", styles["head"])
    for at, (severity, file, words, n) in enumerate(findings, start=line + 1):
        sheet.write_string(at, 0, file, styles["text"])
        sheet.write_string(at, 1, with_sign(severity, lang), styles[severity])
        sheet.write_number(at, 2, n, styles["count"])
        sheet.write_string(at, 4, words, styles["text"])
        fit_height(sheet, at, words, "summary")


def _findings(problems: Iterable[Problem], lang: str) -> list[tuple[str, str, str, int]]:
    """Return severity, file, words and number of each finding, the worst first.

    Rows with one kind of problem are one finding, told by the first of them; what is about a whole file or a setting
    is a finding of its own whenever it says something else.
    """
    kinds: dict[tuple, list[Problem]] = {}
    for problem in problems:
        says = "" if problem.row and problem.file != FILE_NAME else problem.line(lang)
        kinds.setdefault((SEVERITIES.index(problem.severity), problem.code, problem.file, says), []).append(problem)
    return [
        (found[0].severity, found[0].file, _told(found, lang), len(found))
        for _, found in sorted(kinds.items(), key=lambda item: item[0])
    ]


def _told(found: list[Problem], lang: str) -> str:
    """Return the message of the first problem, and how many others are there."""
    alone = [{name: one for name, one in problem.details.items() if name != "beside"} for problem in found]
    messages = [replace(one, details=details).message(lang) for one, details in zip(found, alone, strict=True)]
    n = len(set(messages))
    return messages[0] if n == 1 else f"{messages[0]} {text('intake.n_different', lang, n=n)}"


class _FileSheet:
    """Writes the problems of one file."""

    def __init__(self, sheet, intake: Intake, lang: str, styles: dict, lists: "_Lists"):
        self.sheet, self.intake, self.lang, self.styles, self.lists = sheet, intake, lang, styles, lists
        self.rows: dict[Place, CorrectableRow] = {}
        self.fields = _LISTED

    def write(self, problems: list[Problem], rows: dict[Place, CorrectableRow]) -> None:
        """Write the problems, the worst first; with room for corrections where a row can be corrected."""
        self.rows = {place: row for place, row in rows.items() if place[0] == problems[0].file}
        self.fields = (*_LISTED, *INPUT, *_HIDDEN) if self.rows else _LISTED
        write_head(self.sheet, [(field, self._title(field)) for field in self.fields], self.styles)
        counts, listed, line = Counter(p.code for p in problems), Counter(), 0
        for problem in problems:
            listed[problem.code] += 1
            if listed[problem.code] <= MOST_ROWS:
                line += 1
                self._write_problem(line, problem)
        self.sheet.autofilter(0, 0, max(line, 1), len(self.fields) - 1)
        for n in (n for _, n in sorted(counts.items()) if n > MOST_ROWS):
            line += 1
            note = text("intake.not_listed", self.lang, n=n - MOST_ROWS)
            self.sheet.write_string(line, self.fields.index("what"), note, self.styles["text"])
        if self.rows:
            hide(self.sheet, self.fields, _HIDDEN)
            allowed = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True}
            self.sheet.protect("", allowed)
        print_setup(self.sheet)

    def _title(self, field: str) -> str:
        return text(f"intake.correction_{field}" if field in FIELDS else f"intake.col_{field}", self.lang)

    def _write_problem(self, line: int, problem: Problem) -> None:
        heading = _heading_of(problem, self.intake)
        found = text("intake.not_shown", self.lang) if heading and heading.kind in SECRET_KINDS else problem.value
        cells = {
            "sheet": problem.sheet, "row": str(problem.row or ""), "column": problem.column, "found": found,
            "severity": with_sign(problem.severity, self.lang), "what": problem.message(self.lang),
        }  # fmt: skip
        for at, field in enumerate(_LISTED):
            style = self.styles[problem.severity if field in ("found", "severity") else "text"]
            self.sheet.write_string(line, at, cells[field], style)
        fit_height(self.sheet, line, cells["what"], "what")
        row = self.rows.get((problem.file, problem.sheet, problem.row))
        if row:
            self._write_input(line, problem, row, heading)

    def _write_input(self, line: int, problem: Problem, row: CorrectableRow, heading: Heading | None) -> None:
        at = {field: i for i, field in enumerate(self.fields)}
        for field in INPUT:
            self.sheet.write_blank(line, at[field], None, self.styles["input"])
        for field, value in (("file", problem.file), ("mark", row.mark), ("alike", str(row.alike))):
            self.sheet.write_string(line, at[field], value, self.styles["text"])
        actions = [text(f"intake.action_{action}", self.lang) for action in ACTIONS]
        self.sheet.data_validation(line, at["action"], line, at["action"], {"validate": "list", "source": actions})
        if heading is None:
            self.sheet.write_string(line, at["column"], problem.column, self.styles["input"])
            self._offer(line, at["column"], self._headings(problem))
        elif heading.kind in ("code", "codes"):
            self._offer(line, at["value"], heading.labels(self.lang))
        elif f"intake.help_{heading.kind}" in _helps():
            help_text = {"validate": "any", "input_message": text(f"intake.help_{heading.kind}", self.lang)}
            self.sheet.data_validation(line, at["value"], line, at["value"], help_text)

    def _headings(self, problem: Problem) -> list[str]:
        preset = preset_of(problem.file, problem.sheet, self.intake.presets)
        return [heading.heading for heading in preset.columns if heading.to] if preset else []

    def _offer(self, line: int, column: int, choices: list[str]) -> None:
        if choices:
            # Other values are allowed: a system may write a code in its own way.
            rule = {"validate": "list", "source": self.lists.reference(tuple(choices)), "error_type": "information"}
            self.sheet.data_validation(line, column, line, column, rule)


class _Lists:
    """Collects drop-down lists on a hidden sheet: Excel allows no more than 255 characters in a cell's own list."""

    def __init__(self, name: str):
        self.name, self._columns = name, {}

    def reference(self, choices: tuple[str, ...]) -> str:
        """Return the reference of a list's cells."""
        column = xl_col_to_name(self._columns.setdefault(choices, len(self._columns)))
        return f"='{self.name}'!${column}$1:${column}${len(choices)}"

    def write(self, book) -> None:
        """Write all lists that were asked for."""
        if self._columns:
            sheet = book.add_worksheet(self.name)
            sheet.hide()
            for choices, column in self._columns.items():
                sheet.write_column(0, column, choices)


def _helps() -> set[str]:
    return {f"intake.help_{kind}" for kind in ("date", "number", "month", "week", "flag", "cpr")}


def _heading_of(problem: Problem, intake: Intake) -> Heading | None:
    """Return the column that a problem names; None when it names none or several."""
    preset = preset_of(problem.file, problem.sheet, intake.presets)
    return next((h for h in preset.columns if plain(h.heading) == plain(problem.column)), None) if preset else None


def _rank(problem: Problem) -> tuple:
    return (SEVERITIES.index(problem.severity), problem.code, problem.sheet, problem.row or 0, problem.column)


def _file_rank(intake: Intake, file: str) -> tuple:
    counts = Counter(p.severity for p in intake.problems if p.file == file)
    return (-counts["must_fix"], -counts["should_fix"], file)


def _sheet_names(files: list[str], *others: str) -> dict[str, str]:
    """Return a sheet name for each file: Excel allows 31 characters and not all of them, and each name once."""
    taken, names = {name.casefold() for name in others}, {}
    for file in files:
        base = re.sub(r"[\[\]:*?/\\']", "-", file.removeprefix("exports/") or "-")[:28]
        names[file] = next(n for n in (base, *(f"{base}~{i}" for i in range(2, 100))) if n.casefold() not in taken)
        taken.add(names[file].casefold())
    return names
