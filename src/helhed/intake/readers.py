"""Reads CSV and Excel files as text, and says plainly when a file is not what it should be.

Every cell comes out as text; nothing is guessed. The index of a sheet is the row number as the user's program shows
it: the header is row 1.
"""

import csv
import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from python_calamine import CalamineError, CalamineWorkbook

from helhed.errors import Problem

SEPARATOR, DECIMAL = ";", ","
_OTHER_SEPARATORS = {",": ",", "\t": "TAB", "|": "|"}
_UTF8_BOM, _UTF16_BOMS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
#: An Excel file that unpacks to more than this is refused: no municipal export is that large.
_MAX_UNPACKED_BYTES = 2_000_000_000


@dataclass(frozen=True)
class RawSheet:
    """A file, or one sheet of a workbook, as text; ``frame`` is indexed by row number."""

    file: str
    frame: pd.DataFrame
    sheet: str = ""
    encoding: str = ""
    separator: str = ""


Read = tuple[RawSheet | None, list[Problem]]


def find_file(folder: Path, stem: str) -> tuple[Path | None, list[Problem]]:
    """Return the file ``stem.csv`` or ``stem.xlsx`` of a folder, whatever the case; None when it is not there."""
    names = {f"{stem}.csv".casefold(), f"{stem}.xlsx".casefold()}
    found = sorted(p for p in folder.iterdir() if p.name.casefold() in names) if folder.is_dir() else []
    if not found:
        return None, []
    if len(found) > 1:
        others = ", ".join(p.name for p in found)
        return None, [Problem("intake.two_files", file=stem, details={"files": others})]
    if not found[0].is_file():
        return None, [Problem("intake.is_folder", file=found[0].name)]
    return found[0], []


def read_export(file: Path, encoding: str) -> Read:
    """Return a CSV file or the first sheet of an Excel file as text, with the problems found."""
    return read_xlsx(file) if file.suffix.casefold() == ".xlsx" else read_csv(file, encoding)


def read_csv(file: Path, encoding: str) -> Read:
    """Return a semicolon-separated file as text, with the problems found.

    Parameters
    ----------
    file
        The file.
    encoding
        What the profile says (``utf-8-sig``, ``utf-8`` or ``cp1252``); a byte order mark of UTF-8 goes before it.
    """
    content, used, problem = _decode(file, encoding)
    if problem:
        return None, [problem]
    header = next(csv.reader(io.StringIO(content), delimiter=SEPARATOR), [])
    problem = _header_problem(file.name, header)
    if problem:
        return None, [problem]
    if content.count('"') % 2:
        return None, [Problem("intake.broken_quotes", file=file.name)]
    frame, problems = _parse(file.name, content, len(header))
    return RawSheet(file.name, _headed(frame, header), "", used, SEPARATOR), problems


def _decode(file: Path, encoding: str) -> tuple[str, str, Problem | None]:
    raw = file.read_bytes()
    if not raw.strip():
        return "", "", Problem("intake.empty_file", file=file.name)
    if raw.startswith(_UTF16_BOMS) or b"\0" in raw[:10_000]:
        return "", "", Problem("intake.not_text", file=file.name)
    if raw.startswith(_UTF8_BOM):
        encoding = "utf-8-sig"
    elif encoding == "cp1252" and _is_utf8_beyond_ascii(raw):
        return "", "", Problem("intake.is_utf8", file=file.name, details={"encoding": encoding})
    try:
        return raw.decode(encoding), encoding, None
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        return "", "", Problem("intake.undecodable", file=file.name, row=row, details={"encoding": encoding})


def _is_utf8_beyond_ascii(raw: bytes) -> bool:
    try:
        return not raw.isascii() and bool(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _header_problem(file: str, header: list[str], sheet: str = "") -> Problem | None:
    if len(header) == 1:
        separator = next((name for sign, name in _OTHER_SEPARATORS.items() if sign in header[0]), None)
        if separator:
            return Problem("intake.wrong_separator", file=file, row=1, details={"separator": separator})
    named = [heading.strip() for heading in header if heading.strip()]
    doubled = [heading for heading, n in Counter(named).items() if n > 1]
    if doubled:
        return Problem("intake.doubled_column", file=file, sheet=sheet, row=1, column=", ".join(doubled))
    return None


def _parse(file: str, content: str, n_columns: int) -> tuple[pd.DataFrame, list[Problem]]:
    ragged: list = []

    def remember(row) -> str:
        ragged.append(row)
        return "skip"

    names = [str(i) for i in range(n_columns)]
    table = pa_csv.read_csv(
        io.BytesIO(content.encode("utf-8")),
        read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
        parse_options=pa_csv.ParseOptions(
            delimiter=SEPARATOR, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=remember
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    frame = table.to_pandas().astype("str")
    skipped = {row.number for row in ragged}
    numbers = [n for n in range(2, 2 + len(frame) + len(skipped)) if n not in skipped]
    problems = [
        Problem(
            "intake.ragged_row", file=file, row=r.number, details={"found": r.actual_columns, "expected": n_columns}
        )
        for r in ragged
    ]
    return frame.set_axis(pd.Index(numbers, dtype="int64"), axis=0), problems


def read_xlsx(file: Path, sheet: str | None = None) -> Read:
    """Return one sheet of an Excel file as text (the first when none is named), with the problems found."""
    if not _is_whole_workbook(file):
        return None, [Problem("intake.broken_workbook", file=file.name)]
    try:
        with CalamineWorkbook.from_path(file) as workbook:
            if sheet is not None and sheet not in workbook.sheet_names:
                known = ", ".join(workbook.sheet_names)
                return None, [Problem("intake.missing_sheet", file=file.name, sheet=sheet, details={"known": known})]
            opened = workbook.get_sheet_by_name(sheet or workbook.sheet_names[0])
            rows = opened.to_python(skip_empty_area=False)
    except CalamineError:
        return None, [Problem("intake.broken_workbook", file=file.name)]
    return _sheet_of_rows(file.name, sheet or "", rows)


def _is_whole_workbook(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return sum(part.file_size for part in archive.infolist()) <= _MAX_UNPACKED_BYTES
    except (zipfile.BadZipFile, OSError):
        return False


def _sheet_of_rows(file: str, sheet: str, rows: list[list]) -> Read:
    if not rows:
        return None, [Problem("intake.empty_file", file=file, sheet=sheet)]
    header = [_as_text(cell) for cell in rows[0]]
    problem = _header_problem(file, header, sheet)
    if problem:
        return None, [problem]
    columns = {str(i): [_as_text(row[i]) for row in rows[1:]] for i in range(len(header))}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(2, 1 + len(rows)), dtype="str")
    return RawSheet(file, _headed(frame, header), sheet), []


def _headed(frame: pd.DataFrame, header: list[str]) -> pd.DataFrame:
    """Return the frame under its headings, without nameless columns and without rows that are empty throughout."""
    kept = [str(i) for i, heading in enumerate(header) if heading.strip()]
    named = frame[kept].set_axis([header[int(i)].strip() for i in kept], axis=1)
    return named[(named != "").any(axis=1)]


def _as_text(cell) -> str:
    """Return an Excel cell as the Danish text that a CSV export would hold."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "J" if cell else "N"
    if isinstance(cell, float):
        whole = cell.is_integer()
        return str(int(cell)) if whole else f"{cell:.10f}".rstrip("0").replace(".", DECIMAL)
    if isinstance(cell, (datetime, date)):
        return f"{cell:%d-%m-%Y}"
    return str(cell)
