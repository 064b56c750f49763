"""What rests on the same files, settings and version is not run again, unless somebody asks for it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helhed.publishing.manifest import Manifest
from helhed.publishing.runner import STEPS, Order, run_municipality, unchanged_run

ROOT = Path(__file__).resolve().parents[2]
HELHED = str(Path(sys.executable).with_name("helhed"))


@pytest.fixture(scope="module")
def first_run(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reuse") / "furesoe"
    shutil.copytree(ROOT / "sample_data/furesoe", folder, ignore=shutil.ignore_patterns("runs", "check"))
    run_municipality(Order(folder, folder / "runs/a", ("en",), STEPS[:1]), lambda news: None)
    return folder


@pytest.fixture
def municipality(first_run, tmp_path) -> Path:
    shutil.copytree(first_run, tmp_path / "furesoe")
    return tmp_path / "furesoe"


def reused(municipality: Path, **more) -> list[bool]:
    news = []
    order = Order(municipality, municipality / "runs/a", ("en",), STEPS[:1], **more)
    run_municipality(order, news.append)
    return [one.is_reused for one in news if one.is_finished]


def test_nothing_is_run_again_when_nothing_has_changed(municipality):
    tables = municipality / "runs/a/private" / STEPS[0] / "tables/hand_over.json"
    before = tables.stat().st_mtime_ns
    assert reused(municipality, reuse=True) == [True]
    assert tables.stat().st_mtime_ns == before
    assert unchanged_run(municipality, "en") == municipality / "runs/a"


def test_everything_is_run_again_when_asked_for(municipality):
    assert reused(municipality, reuse=False) == [False]


def add_a_file(folder: Path) -> None:
    (folder / "exports/skolefravaer.csv").write_bytes((folder / "exports/skolefravaer.csv").read_bytes() + b"\r\n")


def change_a_setting(folder: Path) -> None:
    profile = folder / "profile.yml"
    written = profile.read_text(encoding="utf-8")
    profile.write_text(written.replace("value: 2023-09-01", "value: 2023-10-01"), encoding="utf-8")
    assert profile.read_text(encoding="utf-8") != written


def remove_a_table(folder: Path) -> None:
    (folder / "runs/a/private" / STEPS[0] / "tables/person.parquet").unlink()


def spoil_a_table(folder: Path) -> None:
    (folder / "runs/a/private" / STEPS[0] / "tables/family.parquet").write_bytes(b"PAR1")


def remove_the_notebook(folder: Path) -> None:
    (folder / f"runs/a/notebooks/en/{STEPS[0]}.ipynb").unlink()


@pytest.mark.parametrize("change", [add_a_file, change_a_setting, remove_a_table, spoil_a_table, remove_the_notebook])
def test_what_has_changed_is_run_again(municipality, change):
    change(municipality)
    assert reused(municipality, reuse=True) == [False]
    assert reused(municipality, reuse=True) == [True]


def test_what_case_workers_wrote_in_a_document_is_kept(municipality):
    document = next((municipality / "runs/a/private" / STEPS[0] / "documents/en").iterdir())
    document.write_bytes(b"read and ticked off")
    assert reused(municipality, reuse=True) == [True]
    assert document.read_bytes() == b"read and ticked off"


def test_the_command_says_what_was_used_again(municipality):
    command = [HELHED, "run", str(municipality), "--lang", "en", "--steps", "0"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "unchanged, used again" in said and "1 of 1 notebooks" in said
    assert [run.name for run in (municipality / "runs").iterdir()] == ["a"]
    assert Manifest(municipality / "runs/a").is_done(STEPS[0], "en")
