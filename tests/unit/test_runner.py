"""One municipality's failure never stops or hides another's; another key is never mixed with the old pseudonyms."""

import shutil
from pathlib import Path

import pytest

from helhed.profile import read_profile
from helhed.publishing.inputs import input_hashes, key_id
from helhed.publishing.runner import Failure, Order, run_all

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def municipality(tmp_path):
    folder = tmp_path / "furesoe"
    shutil.copytree(ROOT / "sample_data/furesoe", folder, ignore=shutil.ignore_patterns("runs", "check"))
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


def test_another_key_is_noticed(municipality):
    before = key_id(read_profile(municipality))
    assert before == key_id(read_profile(municipality))
    (municipality / "sample-pseudonym.key").write_text("00" * 32)
    assert key_id(read_profile(municipality)) != before


def test_every_input_is_recorded(municipality):
    names = set(input_hashes(municipality))
    assert {"profile.yml", "decisions.xlsx"} <= names
    assert len([name for name in names if name.startswith("exports")]) == 11
