"""The benefits of a register as monthly rows instead of spells: the other form in which the country comes.

Every spell becomes one row a month, and older months of the same persons are added until there are as many rows as the
whole country has. The months asked about are covered by the same days, so the same families are found.
"""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from large.country import PERSONS

#: Monthly rows of the whole country.
MONTHLY_ROWS = 105_000_000
#: Spells begin after this month; older history goes before it.
_OLDEST, _LAST = np.datetime64("2021-12"), np.datetime64("2025-12")
_SPELLS_AT_A_TIME, _ROWS_OF_A_GROUP = 100_000, 250_000


def write_monthly(source: Path, folder: Path, n_persons: int) -> None:
    """Write a register's benefits as monthly rows; the other tables are those of ``source``."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in source.glob("*.parquet"):
        if file.name != "benefit_spell.parquet":
            os.link(file, folder / file.name)
    spells = pq.ParquetFile(source / "benefit_spell.parquet")
    lengths = np.concatenate([_months(batch)[1] for batch in spells.iter_batches(columns=["start_date", "end_date"])])
    wanted = max(0, int(MONTHLY_ROWS * n_persons / PERSONS) - int(lengths.sum()))
    older = np.full(len(lengths), wanted // len(lengths))
    older[: wanted % len(lengths)] += 1
    done = 0
    with pq.ParquetWriter(folder / "benefit_spell.parquet", spells.schema_arrow, compression="zstd") as writer:
        for batch in spells.iter_batches(_SPELLS_AT_A_TIME):
            rows = _exploded(batch, older[done : done + len(batch)], spells.schema_arrow)
            writer.write_table(rows, row_group_size=_ROWS_OF_A_GROUP)
            done += len(batch)


def _months(spells: pa.RecordBatch) -> tuple[np.ndarray, np.ndarray]:
    """Return the month in which each spell begins, and how many months it touches."""
    start, end = (spells[name].to_numpy(zero_copy_only=False) for name in ("start_date", "end_date"))
    first = start.astype("datetime64[M]")
    last = np.where(np.isnat(end), _LAST, np.minimum(end.astype("datetime64[M]"), _LAST))
    return first, (last - first).astype(int) + 1


def _exploded(spells: pa.RecordBatch, older: np.ndarray, schema: pa.Schema) -> pa.Table:
    first, n_months = _months(spells)
    spell = np.repeat(np.arange(len(first)), n_months + older)
    place = np.arange(len(spell)) - np.repeat(np.cumsum(n_months + older) - (n_months + older), n_months + older)
    is_own = place < n_months[spell]
    month = np.where(is_own, first[spell] + place, _OLDEST - (place - n_months[spell]))
    start, end = (spells[name].to_numpy(zero_copy_only=False)[spell] for name in ("start_date", "end_date"))
    is_first, is_last = is_own & (place == 0), is_own & (place == n_months[spell] - 1)
    begin = np.where(is_first, start, month.astype("datetime64[us]"))
    finish = np.where(is_last, end, ((month + 1).astype("datetime64[D]") - 1).astype("datetime64[us]"))
    rows = pa.array(spell)
    columns = {"start_date": pa.array(begin), "end_date": pa.array(finish)}
    columns |= {name: spells[name].take(rows) for name in ("person_id", "benefit")}
    return pa.table([columns[name] for name in schema.names], schema=schema)
