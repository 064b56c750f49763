"""A killed worker costs only its own municipality, here and on a cluster; what is finished is used again."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from helhed.engine.zygote import is_available
from helhed.publishing.cluster_run import run_on_cluster
from helhed.publishing.manifest import Manifest
from helhed.publishing.run_folder import RunFolder
from helhed.publishing.run_lock import FILE_NAME
from helhed.publishing.runner import STEPS, Failure, Order, Progress, run_and_report
from helhed.publishing.workers import run_all

pytestmark = pytest.mark.skipif(not is_available(), reason="processes are found by /proc and killed by a signal")

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
FEW_RESIDENTS = 400
NAMES = ("laesoe", "fanoe")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """Return a folder with two municipalities of a few families."""
    sys.path.insert(0, str(SAMPLES))
    try:
        from generator.municipality import write_municipality
        from generator.scenarios import whole_municipality

        out = tmp_path_factory.mktemp("few")
        for name in NAMES:
            write_municipality(whole_municipality(name, FEW_RESIDENTS), out)
        return out
    finally:
        sys.path.remove(str(SAMPLES))


@pytest.fixture
def orders(written, tmp_path) -> list[Order]:
    for name in NAMES:
        shutil.copytree(written / name, tmp_path / name)
    return [Order(tmp_path / name, tmp_path / name / "runs/a", ("en",), STEPS[:1], reuse=True) for name in NAMES]


def holder_of(run_dir: Path) -> int:
    """Return the process that holds a run's folder."""
    held = str(run_dir.resolve() / FILE_NAME)
    for place in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(place.readlink()) == held:
                return int(place.parts[2])
        except OSError:
            continue
    raise AssertionError(f"nobody holds {run_dir}")


def killing(news, times: dict[Path, int]) -> list[Progress | Failure]:
    """Return all news; each run's process is killed when its notebook has begun, this number of times."""
    seen, left = [], dict(times)
    for item in news:
        seen.append(item)
        run_dir = Path(item.folder) / "runs/a"
        if isinstance(item, Progress) and not item.is_finished and left.get(run_dir):
            os.kill(holder_of(run_dir), signal.SIGKILL)
            left[run_dir] -= 1
    assert not any(left.values())
    return seen


def finished(news) -> list[str]:
    return sorted(Path(item.folder).name for item in news if isinstance(item, Progress) and item.is_finished)


def left_behind(order: Order) -> list[str]:
    return [path.name for path in order.municipality.rglob(".*")]


def test_a_killed_worker_is_tried_again_once_and_then_listed_alone(orders, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    once, twice = orders
    news = killing(run_all(orders, 2), {once.run_dir: 1, twice.run_dir: 2})
    failures = [item for item in news if isinstance(item, Failure)]
    assert finished(news) == [once.municipality.name]
    assert [failure.municipality for failure in failures] == [twice.municipality.name]
    assert "ended from outside" in failures[0].message
    assert not list(tmp_path.glob("error_report*")) and left_behind(once) == []
    # Going on is all that is needed: no lock and no half file is in the way, and none is left afterwards.
    assert run_and_report(twice, lambda item: None) is None
    assert left_behind(twice) == [] and Manifest(twice.run_dir).is_done(STEPS[0], "en")


def test_notebooks_side_by_side_make_what_they_make_one_after_another(written, tmp_path):
    made = []
    for workers in (1, 2):
        municipality = tmp_path / str(workers) / NAMES[0]
        shutil.copytree(written / NAMES[0], municipality)
        order = Order(municipality, municipality / "runs/a", steps=STEPS[:3])
        news = list(run_all([order], workers))
        assert sorted((one.step, one.lang) for one in news if one.is_finished) == sorted(order.notebooks)
        # Of two at once, something begins before what began before it has finished.
        begun = [one.is_finished for one in news]
        assert (begun == [False, True] * order.pieces) == (workers == 1)
        files = [file for file in order.run_dir.rglob("*") if file.suffix in (".parquet", ".json", ".png", ".csv")]
        made.append({file.relative_to(order.run_dir): file.read_bytes() for file in files})
        assert left_behind(order) == []
    for contents in made:
        contents.pop(Path("manifest.json"))
    assert made[0] == made[1] and len(made[0]) > 30


def test_a_worker_of_a_cluster_that_is_killed_costs_nothing(orders):
    distributed = pytest.importorskip("distributed")
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**settings, silence_logs=50) as cluster:
        news = killing(run_on_cluster(orders, cluster.scheduler_address), {orders[0].run_dir: 1})
    assert [item for item in news if isinstance(item, Failure)] == []
    assert finished(news) == ["fanoe", "laesoe"]
    for order in orders:
        assert RunFolder(order.run_dir).rows(STEPS[0])["family"] > 0 and left_behind(order) == []
