"""What many tests share: the finished sample runs, the built site, programs outside Python, and no silent skips."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from helhed.errors import speak
from helhed.publishing.run_folder import RunFolder

# The same cases on every machine, however slow it is, and nothing kept on disk.
settings.register_profile("helhed", deadline=None, derandomize=True, database=None)
settings.load_profile("helhed")

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ("furesoe", "broendby", "roedovre", "assens")
PROGRAMS = {"browser": "chromium", "documents": "soffice"}


@pytest.fixture(autouse=True)
def spoken() -> None:
    """Let messages come in Danish, whatever language the test before had them in."""
    speak("da")


@pytest.fixture
def later() -> Callable[[], None]:
    """Return a wait after which the clock written into a Word, Excel or zip file, in steps of two seconds, differs."""
    return lambda: time.sleep(2.1)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def guide(tmp_path_factory) -> Path:
    """Return the site folder after `helhed guide`, run once as a user would; workers of pytest wait for each other."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    shared = tmp_path_factory.getbasetemp().parent if is_worker else tmp_path_factory.getbasetemp()
    with (shared / "guide.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "guide.done").exists():
            command = [str(Path(sys.executable).with_name("helhed")), "guide"]
            # Neither the runs nor the site may ask for a network: all of it is made without one.
            environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT / "tests/closed_network")}
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, check=False)
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
            (shared / "guide.done").touch()
    return ROOT / "_build" / "site"


@pytest.fixture(scope="session")
def site(guide) -> Path:
    """Return the folder of the built book, with ``da/``, ``en/`` and ``index.html``."""
    return guide


@pytest.fixture(scope="session")
def guide_runs(guide) -> dict[str, RunFolder]:
    """Return the finished run of each sample municipality."""
    return {name: RunFolder(ROOT / "sample_data" / name / "runs" / "guide") for name in SAMPLES}


def pytest_runtest_setup(item):
    """Skip tests whose program is not on this machine."""
    for marker, program in PROGRAMS.items():
        if item.get_closest_marker(marker) and not shutil.which(program):
            pytest.skip(f"{program} is not installed")


def pytest_terminal_summary(terminalreporter):
    """Say in the last lines what was not tested."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.write_line(f"NOT TESTED: {len(skipped)} tests were skipped; see the reasons with pytest -rs")


def pytest_sessionfinish(session, exitstatus):
    """Where everything must be tested (HELHED_NO_SKIP is set), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("HELHED_NO_SKIP") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = 1
