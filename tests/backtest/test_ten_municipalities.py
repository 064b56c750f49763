"""The values of the ten invented municipalities are those that the kit finds today."""

import runpy

import pandas as pd
import pytest

from helhed import kit_files
from helhed.publishing.side_by_side_page import ten_municipalities

SMALLEST = "F"


def test_the_smallest_is_found_as_it_was():
    script = runpy.run_path(str(kit_files.folder("sample_data") / "make_ten_municipalities.py"))
    now = script["values_of"](SMALLEST).set_index("indicator")
    kept = ten_municipalities()[f"Kommune {SMALLEST}"].set_index("indicator")
    assert list(now.index) == list(kept.index), "make samples"
    assert now["reason"].tolist() == kept["reason"].tolist(), "make samples"
    for column in ("value", "low", "high", "n"):
        expected = pd.to_numeric(kept[column]).tolist()
        assert now[column].astype("float64").tolist() == pytest.approx(expected, rel=1e-4, nan_ok=True), "make samples"
