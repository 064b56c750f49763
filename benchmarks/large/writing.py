"""Arrays to the text of a Danish export, and tables of text to CSV files."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv


def amounts(hundredths: np.ndarray) -> pa.Array:
    """Return whole hundredths as numbers with decimal comma and two decimals."""
    whole, rest = (pa.array(part).cast(pa.string()) for part in np.divmod(hundredths, 100))
    return pc.binary_join_element_wise(whole, pc.utf8_lpad(rest, 2, "0"), ",")


def days(dates: np.ndarray) -> pa.Array:
    """Return dates as dd-mm-yyyy, empty where missing."""
    codes, known = pd.factorize(dates)
    texts = np.append(pd.DatetimeIndex(known).strftime("%d-%m-%Y").to_numpy(dtype=object), "")
    return pa.array(texts[codes], pa.string())


def chosen(names: list[str], places: np.ndarray) -> pa.Array:
    """Return the names at the given places."""
    return pa.array(names, pa.string()).take(pa.array(places))


def with_faults(texts: pa.Array, fault: str, share: float, rng: np.random.Generator) -> pa.Array:
    """Return the texts with a share of them replaced by something that does not fit."""
    return pc.if_else(pa.array(rng.random(len(texts)) < share), fault, texts)


def write_csv(columns: dict[str, pa.Array], file: Path, encoding: str) -> None:
    """Write columns of text as a semicolon-separated file."""
    table = pa.table(columns)
    # Headings are written apart: without quotes around the cells, Arrow refuses none of them only in the rows.
    with pa.BufferOutputStream() as rows:
        pa_csv.write_csv(table, rows, pa_csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none"))
        content = rows.getvalue().to_pybytes()
    head = ";".join(table.column_names) + "\n"
    file.write_bytes(head.encode(encoding) + content.decode("utf-8").encode(encoding))
