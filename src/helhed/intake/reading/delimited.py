"""The rows of a text file as columns of text: Arrow splits the rows, and what is not UTF-8 is made so by column."""

from collections import Counter
from collections.abc import Iterable
from operator import itemgetter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from helhed.errors import Problem
from helhed.intake.reading.text_files import SEPARATOR, Head, Text

#: A file is split piece by piece, in memory that is used again for each piece.
_BLOCK_BYTES, _LARGEST_BLOCK = 8 << 20, 1 << 30
_FIRST_BEYOND_ASCII = 0x80
#: From so many rows of another length on, the headings may be what is wrong.
_FEWEST_ALIKE = 2


def parse(file: str, text: Text, head: Head) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Return the rows below the headings, columns named by position, and one problem per row of another length.

    When most rows are of one other length, the headings are what is wrong: that is one problem, and there is no frame.

    Raises
    ------
    pyarrow.ArrowInvalid
        If the text cannot be split into rows.
    """
    names = [str(i) for i in range(head.n_fields)]
    body = pa.py_buffer(text.raw).slice(head.body_from)
    if not body.size:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names}), []
    columns, ragged, is_latin = _split(body, names, text.is_latin)
    n_whole = len(columns[0])
    filled = [row for row in ragged if row.text.replace(SEPARATOR, "").replace('"', "").strip()]
    wrong_head = _wrong_head(file, head, n_whole, filled)
    if wrong_head:
        return None, [wrong_head]
    rows = np.arange(head.row + 1, head.row + 1 + n_whole + len(ragged))
    if ragged:
        rows = np.delete(rows, [row.number - 1 for row in ragged])
    problems = [
        Problem(
            "intake.ragged_row",
            file=file,
            row=head.row + r.number,
            details={"found": r.actual_columns, "expected": head.n_fields},
        )
        for r in filled
    ]
    as_text = _of_latin if is_latin else _of_utf8
    # Each column is put together and its pieces given back before the next one is.
    texts = {name: _whole(map(as_text, columns.pop(0).chunks)).to_pandas() for name in names}
    frame = pd.DataFrame(texts)
    return frame.set_axis(pd.Index(rows, dtype="int64"), axis=0), problems


def _wrong_head(file: str, head: Head, n_whole: int, ragged: list) -> Problem | None:
    n_fields, n_rows = max(Counter(row.actual_columns for row in ragged).items(), key=itemgetter(1), default=(0, 0))
    if n_rows < _FEWEST_ALIKE or n_rows <= (n_whole + len(ragged)) / 2:
        return None
    details = {"found": n_fields, "expected": head.n_fields}
    return Problem("intake.ragged_head", file=file, row=head.row, details=details)


def _split(body: pa.Buffer, names: list[str], is_latin: bool) -> tuple[list[pa.ChunkedArray], list, bool]:
    """Return the columns as bytes, the rows of another length, and whether the columns are latin-1."""
    if not is_latin:
        return *_columns(body, names), False
    try:
        return *_columns(body, names, names_ragged=False), True
    except pa.ArrowInvalid:
        # Arrow hands over a row of another length as UTF-8 only.
        utf8 = body.to_pybytes().decode("latin-1").encode("utf-8")
        return *_columns(pa.py_buffer(utf8), names), False


def _columns(body: pa.Buffer, names: list[str], names_ragged: bool = True) -> tuple[list[pa.ChunkedArray], list]:
    """Return the columns as bytes, and the rows of another length, or stop at the first of them."""
    try:
        return _columns_by(_BLOCK_BYTES, body, names, names_ragged)
    except pa.ArrowInvalid:
        # A row longer than a piece; in one piece, a cell of many megabytes is read too, so that it can be named.
        return _columns_by(_LARGEST_BLOCK, body, names, names_ragged)


def _columns_by(
    block_bytes: int, body: pa.Buffer, names: list[str], names_ragged: bool
) -> tuple[list[pa.ChunkedArray], list]:
    ragged: list = []

    def remember(row) -> str:
        ragged.append(row)
        return "skip"

    table = pa_csv.read_csv(
        pa.BufferReader(body),
        read_options=pa_csv.ReadOptions(
            use_threads=False, column_names=names, block_size=min(body.size + 1, block_bytes)
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=SEPARATOR,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=remember if names_ragged else None,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_binary()), strings_can_be_null=False
        ),
    )
    return table.columns, ragged


def _whole(pieces: Iterable[pa.LargeStringArray]) -> pa.LargeStringArray:
    """Return the pieces of a column as one; kept apart from the memory of the pieces, which goes to the next ones."""
    return pa.chunked_array(pieces, pa.large_string()).combine_chunks(memory_pool=pa.system_memory_pool())


def _of_utf8(cells: pa.LargeBinaryArray) -> pa.LargeStringArray:
    """Return bytes that have been found to be UTF-8 as text, without a copy."""
    return pa.LargeStringArray.from_buffers(len(cells), *cells.buffers()[1:], offset=cells.offset)


def _of_latin(cells: pa.LargeBinaryArray) -> pa.LargeStringArray:
    """Return bytes of latin-1 as text; each different cell with a letter beyond English is decoded once."""
    signs = np.frombuffer(cells.buffers()[2] or b"", dtype=np.uint8)
    if not len(signs) or signs.max() < _FIRST_BEYOND_ASCII:
        return _of_utf8(cells)
    encoded = cells.dictionary_encode()
    edges = np.frombuffer(encoded.dictionary.buffers()[1], dtype=np.int64)[: len(encoded.dictionary) + 1]
    written = encoded.dictionary.buffers()[2].to_pybytes()
    is_longer = np.frombuffer(written, dtype=np.uint8) >= _FIRST_BEYOND_ASCII
    edges = edges + np.append(0, np.cumsum(is_longer))[edges]
    utf8 = pa.py_buffer(written.decode("latin-1").encode("utf-8"))
    return pa.LargeStringArray.from_buffers(len(edges) - 1, pa.py_buffer(edges), utf8).take(encoded.indices)
