"""One municipality's failure never stops or hides another's."""

import shutil
from pathlib import Path

import pytest

from helhed.publishing.inputs import input_hashes
from helhed.publishing.runner import Failure, Order
from helhed.publishing.workers import run_all

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def municipality(tmp_path):
    folder = tmp_path / "furesoe"
    shutil.copytree(
        ROOT / "sample_data/furesoe", folder, ignore=shutil.ignore_patterns("runs", "check", "sector_plans")
    )
    return folder


def test_every_failure_is_reported_also_one_of_ours(municipality, tmp_path):
    blocked = tmp_path / "a_file"
    blocked.write_text("")
    orders = [
        Order(tmp_path / "nowhere", tmp_path / "nowhere/runs/a", ("en",)),
        Order(municipality, blocked / "run", ("en",)),
    ]
    failures = [item for item in run_all(orders, 2) if isinstance(item, Failure)]
    assert [failure.exit_code for failure in failures] == [1, 3]
    assert "no profile" in failures[0].message
    assert "fault in the kit" in failures[1].message and "Traceback" not in failures[1].message


def test_every_input_is_recorded(municipality):
    names = set(input_hashes(municipality))
    assert {"profile.yml", "decisions.xlsx"} <= names
    lying_there = {f"exports/{file.name}" for file in (municipality / "exports").iterdir()}
    assert {name for name in names if name.startswith("exports")} == lying_there


def test_what_offices_sent_is_recorded_without_the_names_of_the_files(municipality):
    assert not [name for name in input_hashes(municipality) if name.startswith("sector_plans")]
    folder = municipality / "sector_plans"
    folder.mkdir()
    (folder / "bolig Liv Opdigtet.xlsx").write_text("x")
    first = input_hashes(municipality)
    (folder / "~$bolig Liv Opdigtet.xlsx").write_text("open in Excel")
    assert input_hashes(municipality) == first
    assert "Liv" not in str(first) and "sector_plans/*" in first
    (folder / "bolig Liv Opdigtet.xlsx").write_text("y")
    assert input_hashes(municipality)["sector_plans/*"] != first["sector_plans/*"]


def test_a_file_name_with_a_cpr_number_is_recorded_without_it(municipality):
    number = "3004" + "701234"
    for name in (f"{number}.csv", f"{number[:6]}-{number[6:]}.csv"):
        (municipality / "exports" / name).write_text("x")
    names = set(input_hashes(municipality))
    assert {"exports/[fjernet].csv", "exports/[fjernet].csv (2)"} <= names
    assert not [name for name in names if number[6:] in name]
