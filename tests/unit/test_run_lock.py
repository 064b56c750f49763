"""Two runs never write in the same folder at once, and a killed run holds nobody up."""

import subprocess
import sys
from pathlib import Path

import pytest

from helhed.errors import WrongCall
from helhed.publishing.run_folder import RunFolder, clear_leftovers
from helhed.publishing.run_lock import FILE_NAME, held

HOLD = """
import sys, time
from pathlib import Path
from helhed.publishing.run_lock import held
with held(Path(sys.argv[1]), "en"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_folder_in_use_is_refused_and_free_again_when_its_process_is_killed(tmp_path, holder):
    with pytest.raises(WrongCall, match="Another run is going on"), held(tmp_path, "en", 0.2):
        pass
    holder.kill()
    with held(tmp_path, "en"):
        assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_waited_for_while_its_process_is_ending(tmp_path, holder):
    killing = subprocess.Popen([sys.executable, "-c", f"import time, os; time.sleep(.5); os.kill({holder.pid}, 9)"])
    with held(tmp_path, "en"):
        assert holder.wait() != 0
    killing.wait()


def test_a_failure_inside_lets_go(tmp_path):
    with pytest.raises(ZeroDivisionError), held(tmp_path, "en"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_a_killed_run_are_taken_away_and_what_was_put_aside_is_put_back(tmp_path):
    run = RunFolder(tmp_path)
    step = tmp_path / "private/0_check_data"
    for name in (".tables.old-12", ".documents.new-12", "documents", ".documents.old-9"):
        (step / name).mkdir(parents=True)
        (step / name / "a.txt").write_text(name)
    (tmp_path / ".manifest.json.new-12").write_text("{")
    (tmp_path / "notebooks/da").mkdir(parents=True)
    (tmp_path / "notebooks/da/.running-12-0_check_data.ipynb").write_text("{")
    (tmp_path / ".kept").write_text("a file of somebody else's")
    run.clear_leftovers()
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        ".kept",
        "private/0_check_data/documents/a.txt",
        "private/0_check_data/tables/a.txt",
    ]
    assert (step / "tables/a.txt").read_text() == ".tables.old-12"
    assert (step / "documents/a.txt").read_text() == "documents"


def test_a_folder_that_does_not_exist_has_no_leftovers(tmp_path):
    clear_leftovers(tmp_path / "check")
    assert not Path(tmp_path / "check").exists()
