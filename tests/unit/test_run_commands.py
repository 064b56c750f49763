"""Many municipalities in one command: time left, who failed, a full disk in plain words, a file for Airflow."""

import ast
import errno
import io
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from helhed.errors import WrongCall
from helhed.publishing.airflow_file import dag_text
from helhed.publishing.cluster_run import run_on_cluster
from helhed.publishing.disk import as_disk_problem
from helhed.publishing.progress import Tally, show_progress
from helhed.publishing.runner import STEPS, Failure, Order, Progress, run_and_report

ROOT = Path(__file__).resolve().parents[2]
HELHED = str(Path(sys.executable).with_name("helhed"))


def piece(folder: str, step: int, is_reused: bool = False) -> Progress:
    return Progress(folder.title(), STEPS[step], "en", True, is_reused, folder)


def test_time_left_counts_only_what_was_run():
    tally = Tally({"a": 4, "b": 4})
    for step in range(4):
        tally.count(piece("a", step, is_reused=step == 0))
    assert (tally.n_done, tally.n_municipalities_done, tally.n_reused) == (4, 1, 1)
    assert tally.seconds_left(30) == pytest.approx(40)  # 3 were run in 30 seconds, 4 are left
    assert Tally({"a": 4}).seconds_left(30) is None


def test_every_line_tells_how_far_all_have_come():
    orders = [Order(Path(name), Path(name), ("en",), STEPS[:2]) for name in ("vejle", "fanø")]
    failure = Failure("fanø", "no profile", 1, "fanø")
    written = io.StringIO()
    news = [piece("vejle", 0), piece("vejle", 1), piece("fanø", 0), failure]
    failures, n_reused = show_progress(news, orders, "en", Console(file=written, width=200))
    lines = written.getvalue().splitlines()
    assert (failures, n_reused, len(lines)) == ([failure], 0, 3)
    assert lines[1].startswith("2/4 Vejle · 1_select_target_group · English · 1 of 2 municipalities done")
    assert lines[2].endswith("under 1 min. left")


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "not allowed"), (errno.EACCES, "not allowed")],
)
def test_what_is_wrong_with_a_disk_is_said_in_plain_words(tmp_path, monkeypatch, number, said):
    folder = tmp_path / "furesoe"
    shutil.copytree(ROOT / "sample_data/furesoe", folder, ignore=shutil.ignore_patterns("runs", "check"))

    def refuses(file, content):
        raise OSError(number, "the system's words")

    monkeypatch.setattr(Path, "write_bytes", refuses)
    failure = run_and_report(Order(folder, folder / "runs/a", ("en",), STEPS[:1]), lambda item: None)
    assert failure.exit_code == 1 and said in failure.message and "system's words" not in failure.message
    assert not (folder / "runs/a").exists()


def test_another_error_of_the_system_is_not_called_a_disk_problem():
    assert as_disk_problem(errno.ENOENT, "a", "en") is None and as_disk_problem(None, "a", "en") is None


def run_command(*words: str, cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run([HELHED, *words], capture_output=True, text=True, cwd=cwd, check=False)


def test_engine_and_scheduler_go_together(tmp_path):
    done = run_command("run", "x", "--engine", "dask", cwd=tmp_path)
    assert done.returncode == 2 and "--scheduler" in done.stderr


def test_those_without_a_run_begin_and_those_that_cannot_are_listed(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    done = run_command("run", "a", "b", "--lang", "en", "--resume", cwd=tmp_path)
    assert done.returncode == 1 and done.stderr.count("no profile") == 2
    assert done.stderr.splitlines()[-1] == "2 of 2 municipalities did not finish: a, b."
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b"]


def test_a_scheduler_that_does_not_answer_is_named(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("helhed.publishing.cluster_run.CONNECT_SECONDS", 0.2)
    with pytest.raises(WrongCall, match="tcp://127.0.0.1:9"):
        list(run_on_cluster([Order(tmp_path, tmp_path / "a", ("en",))], "tcp://127.0.0.1:9"))


def test_the_airflow_file_runs_each_municipality_and_then_the_book(tmp_path):
    folders = [tmp_path / "one" / "Fanø kommune's", tmp_path / "two" / "Fanø kommune's", tmp_path / "vejle"]
    for folder in folders:
        folder.mkdir(parents=True)
    tree = ast.parse(dag_text(folders, "0 6 * * 1", "en"))
    values = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    commands = ast.literal_eval(values["COMMANDS"])
    assert [shlex.split(command) for command in commands.values()] == [
        ["helhed", "run", str(folder)] for folder in folders
    ]
    assert all(name.isascii() and not set(name) & set(" '") for name in commands) and len(commands) == 3
    assert shlex.split(ast.literal_eval(values["BOOK"])) == ["helhed", "book", *map(str, folders)]


def test_a_name_that_airflow_would_fill_in_is_refused(tmp_path):
    (tmp_path / "{{ ds }}").mkdir()
    with pytest.raises(WrongCall) as caught:
        dag_text([tmp_path / "{{ ds }}", tmp_path / "missing"], "@daily", "en")
    assert "missing" in str(caught.value) and "{{ ds }}" in str(caught.value)
