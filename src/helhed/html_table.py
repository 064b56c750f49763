"""A public table as HTML, as notebooks show it."""

import re
import warnings

import pyarrow as pa
from great_tables import GT

from helhed.outputs import PublicTable

#: Text that stands at the right as numbers do: years, months, shares written out.
_LIKE_NUMBER = re.compile(r"[0-9 -/:]*")


def html_table(table: PublicTable, lang: str, threshold: int) -> str:
    """Return the table as written in the language, hidden cells as "under" the disclosure threshold.

    Columns of numbers stand at the right, and columns of text that looks like numbers. great_tables is given an Arrow
    table and the sides: drawn from a data frame of pandas, the same table takes three times as long.
    """
    rows = table.written(lang, threshold)
    columns = {label: [row[at] for row in rows] for at, (label, _) in enumerate(table.columns.values())}
    right = [
        label
        for label, form in table.columns.values()
        if form != "text" or all(_LIKE_NUMBER.fullmatch(cell) for cell in columns[label])
    ]
    with warnings.catch_warnings():
        # great_tables calls its reading of Arrow tables experimental; a test holds it against that of data frames.
        warnings.filterwarnings("ignore", message="PyArrow Table support", category=UserWarning)
        drawn = GT(pa.table(columns), id=f"table-{table.name}").tab_header(table.title)
        return drawn.cols_align("right", right).as_raw_html()
