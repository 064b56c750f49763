"""The cells of a text column as Arrow holds them: one array, and the bytes of all cells in one row."""

import numpy as np
import pandas as pd
import pyarrow as pa


def cells_of(texts: pd.Series) -> pa.LargeStringArray:
    """Return the cells of a text column as one Arrow array, without a copy where that is possible."""
    cells = pa.array(texts, type=pa.large_string())
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def signs_of(cells: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each cell begins, and last where they end, and the bytes of all cells in one row."""
    _, edges, signs = cells.buffers()
    if not len(cells) or signs is None:
        return np.zeros(len(cells) + 1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    edges = np.frombuffer(edges, dtype=np.int64)[cells.offset : cells.offset + len(cells) + 1]
    return edges - edges[0], np.frombuffer(signs, dtype=np.uint8)[edges[0] : edges[-1]]
