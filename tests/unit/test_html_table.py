"""Public tables as HTML: from an Arrow table the same as great_tables makes of a data frame, sides and all."""

import pandas as pd
from great_tables import GT

from helhed.html_table import html_table
from helhed.outputs import PublicTable

COLUMNS = {
    "name": ("Navn", "text"),
    "month": ("Måneder siden", "text"),
    "mixed": ("Blandet", "text"),
    "n_families": ("Familier", "count"),
}


def _both(rows):
    table = PublicTable("made", "Titel & <b>", pd.DataFrame(rows, columns=list(COLUMNS)), COLUMNS)
    written = pd.DataFrame(table.written("da", 5), columns=[label for label, _ in COLUMNS.values()])
    drawn = GT(written, id="table-made").tab_header(table.title).cols_align("right", ["Familier"])
    return html_table(table, "da", 5), drawn.as_raw_html()


def test_a_table_is_what_great_tables_makes_of_a_data_frame():
    made, expected = _both([("a & <b>", "3", "12", 1234), ("ø", "6-7", "in all", 3)])
    assert made == expected
    assert 'gt_right">6-7<' in made
    assert 'gt_left">in all<' in made


def test_a_table_without_rows_has_its_heads():
    made, expected = _both([])
    assert made == expected
