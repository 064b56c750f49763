"""The cells of a text column as Arrow holds them: one array, and the bytes of all cells in one row."""

import numpy as np
import pandas as pd
import pyarrow as pa


def cells_of(texts: pd.Series) -> pa.LargeStringArray:
    """Return the cells of a text column as one Arrow array, without a copy where that is possible."""
    cells = pa.array(texts, type=pa.large_string())
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def which_are_empty(texts: pd.Series) -> pd.Series:
    """Return which cells of a text column hold nothing at all."""
    edges, _ = signs_of(cells_of(texts))
    return pd.Series(edges[1:] == edges[:-1], index=texts.index)


def first_signs(texts: pd.Series) -> np.ndarray:
    """Return the byte that each cell of a text column begins with; 0 where it is empty."""
    edges, signs = signs_of(cells_of(texts))
    if not len(signs):
        return np.zeros(len(texts), dtype=np.uint8)
    return np.where(edges[1:] > edges[:-1], signs.take(edges[:-1], mode="clip"), np.uint8(0))


def signs_of(cells: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each cell begins, and last where they end, and the bytes of all cells in one row."""
    _, edges, signs = cells.buffers()
    if not len(cells) or signs is None:
        return np.zeros(len(cells) + 1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    edges = np.frombuffer(edges, dtype=np.int64)[cells.offset : cells.offset + len(cells) + 1]
    signs = np.frombuffer(signs, dtype=np.uint8)[edges[0] : edges[-1]]
    # Most columns begin with their memory: their edges are not copied.
    return (edges - edges[0] if edges[0] else edges), signs
