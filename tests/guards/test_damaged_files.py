"""A small campaign of damaged files on every reader; the large one is `make torture`."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from fuzz import READERS, campaign  # noqa: E402

CASES = 15


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_never_ends_in_a_traceback(name):
    found = campaign(name, CASES, number=2026)
    assert found.cases >= CASES - 1
    assert not found.faults
    assert found.ends["told"] + found.ends["read"] == found.cases


def test_a_fault_of_ours_would_be_counted(monkeypatch):
    broken = READERS["names"]
    monkeypatch.setitem(READERS, "names", type(broken)(broken.seeds, lambda *_: 1 / 0))
    found = campaign("names", 3)
    assert found.ends["fault"] == found.cases and any("ZeroDivisionError" in fault for fault in found.faults)
