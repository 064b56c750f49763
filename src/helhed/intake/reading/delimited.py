"""The rows of a text file as columns of text: Arrow splits the rows, and what is not UTF-8 is made so by column."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from helhed.errors import Problem
from helhed.intake.reading.text_files import SEPARATOR, Head, Text

_LARGEST_BLOCK = 1 << 30
_FIRST_BEYOND_ASCII = 0x80


def parse(file: str, text: Text, head: Head) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the rows below the headings, columns named by position, and one problem per row of another length.

    Raises
    ------
    pyarrow.ArrowInvalid
        If the text cannot be split into rows.
    """
    names = [str(i) for i in range(head.n_fields)]
    body = pa.py_buffer(text.raw).slice(head.body_from)
    if not body.size:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names}), []
    ragged: list = []
    table = _arrow_table(body, names, ragged)
    first = head.row + 1
    rows = np.delete(np.arange(first, first + len(table) + len(ragged)), [row.number - 1 for row in ragged])
    problems = [
        Problem(
            "intake.ragged_row",
            file=file,
            row=head.row + r.number,
            details={"found": r.actual_columns, "expected": head.n_fields},
        )
        for r in ragged
    ]
    as_text = _of_latin if text.is_latin else _of_utf8
    columns = {name: pa.chunked_array(map(as_text, table[name].chunks), pa.large_string()) for name in names}
    frame = pd.DataFrame({name: column.to_pandas() for name, column in columns.items()})
    return frame.set_axis(pd.Index(rows, dtype="int64"), axis=0), problems


def _arrow_table(body: pa.Buffer, names: list[str], ragged: list) -> pa.Table:
    # Read in one piece, a column is one array, and a cell of many megabytes is read too, so that its row can be named.
    block_size = min(body.size + 1, _LARGEST_BLOCK)

    def remember(row) -> str:
        ragged.append(row)
        return "skip"

    return pa_csv.read_csv(
        pa.BufferReader(body),
        read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=block_size),
        parse_options=pa_csv.ParseOptions(
            delimiter=SEPARATOR, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=remember
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_binary()), strings_can_be_null=False
        ),
    )


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
