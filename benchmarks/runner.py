"""The kit's notebook engine against stock papermill and a plain script, side by side, warm-up included.

    python benchmarks/runner.py [runs, 50 by default] [municipality folder]

Four questions: many runs of one notebook in series and by two workers; one municipality's notebooks, each after those
it reads from; a notebook with tables only; and how much a worker costs beside a plain script of the same cells. Every
run has a run folder of its own. The ways of many runs take turns, a part of the runs each, so that a machine that is
slower for a while is slower for all of them. Exits with 1 when a goal is missed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import nbformat
from recorded import record_ratio

from helhed.engine.zygote import call, zygote
from helhed.publishing.runner import Order, run_municipality

ROOT = Path(__file__).parents[1]
WORKERS, RUNS = 2, 50
#: So many runs one way, then as many the next way.
TURN = 5
#: What is asked of each ratio.
GOALS = {"series": 6.0, "side_by_side": 3.5, "municipality": 3.0, "tables": 10.0, "script": 1.2}
#: The notebook that is run many times: figures, tables and sentences, and nothing after it reads what it makes.
OFTEN = "4_monitor_indicators"
TABLES = """import pandas as pd
frame = pd.DataFrame({"group": [i % 7 for i in range(5000)], "value": range(5000)})
frame.groupby("group")["value"].agg(["mean", "sum", "count"])
frame.describe()
frame.pivot_table(index=frame["value"] % 5, columns="group", values="value", aggfunc="mean")
frame.head(20)"""

Job = tuple[Path, Path, dict]


def timed(work) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def stock(jobs: list[Job], workers: int) -> None:
    """Run jobs as a user of papermill would: one command each."""

    def one(job: Job) -> None:
        notebook, output, parameters = job
        given = [part for name, value in parameters.items() for part in ("-p", name, str(value))]
        command = [sys.executable, "-m", "papermill", "--no-progress-bar", *given, str(notebook), str(output)]
        subprocess.run(command, check=True, capture_output=True)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, jobs))


class Ours:
    """Forks of a warm process that is started for them; ``seconds`` counts its start too."""

    def __init__(self, workers: int):
        self.seconds, self._workers, self._open = 0.0, workers, ExitStack()

    def __enter__(self) -> "Ours":
        self.seconds += timed(self._begin)
        return self

    def __exit__(self, *_stopped) -> None:
        self._open.close()

    def _begin(self) -> None:
        self._address = self._open.enter_context(zygote())

    def run(self, jobs: list[Job]) -> None:
        """Run jobs and add the time they take."""
        with ThreadPoolExecutor(self._workers) as pool:
            self.seconds += timed(lambda: list(pool.map(self._one, jobs)))

    def run_order(self, order: Order) -> None:
        """Run a municipality's notebooks and add the time they take."""
        self.seconds += timed(lambda: run_municipality(order, lambda news: None, self._address))

    def _one(self, job: Job) -> None:
        notebook, output, parameters = job
        unfinished = output.with_name(f".{output.name}")
        names = {"notebook": notebook, "unfinished": unfinished, "output": output}
        arguments = {name: str(path) for name, path in names.items()} | {"parameters": parameters}
        stopped = call(self._address, "helhed.publishing.notebook_run:run_in_fork", arguments)
        assert stopped is None, stopped


def script(jobs: list[Job]) -> float:
    """Return the seconds that a plain script needs for the cells of all jobs, one after another in one process."""
    notebook, _, _ = jobs[0]
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    lines = [
        "import time, matplotlib; matplotlib.use('agg')",
        "from IPython.core.interactiveshell import InteractiveShell",
    ]
    lines += ["shell = InteractiveShell.instance()", "begin = time.perf_counter()"]
    for _, _, parameters in jobs:
        given = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
        for cell in cells:
            lines.append(f"exec({cell.source!r}, globals())")
            if "parameters" in cell.metadata.get("tags", []):
                lines.append(f"exec({given!r}, globals())")
        lines.append("import matplotlib.pyplot as plt; plt.close('all')")
    lines.append("print('seconds', time.perf_counter() - begin)")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "cells.py")
        file.write_text("\n".join(lines), encoding="utf-8")
        said = subprocess.run([sys.executable, str(file)], check=True, capture_output=True, text=True).stdout
    return float(said.rsplit("seconds", 1)[1])


def jobs_of(step: str, municipality: Path, finished: Path, folder: Path, n: int) -> list[Job]:
    """Return ``n`` runs of a step, each with a copy of the finished run folder."""
    jobs = []
    for number in range(n):
        run = folder / str(number)
        shutil.copytree(finished, run)
        parameters = {"municipality": str(municipality), "run_dir": str(run), "lang": "da"}
        jobs.append((ROOT / "notebooks" / f"{step}.ipynb", run / f"{step}.out.ipynb", parameters))
    return jobs


def tables_notebook(folder: Path) -> Path:
    cells = [nbformat.v4.new_code_cell(line) for line in TABLES.split("\n")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "tables.ipynb")
    return folder / "tables.ipynb"


def main() -> int:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    os.environ["PYTHONWARNINGS"] = "ignore"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        municipality = folder / "municipality"
        source = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "sample_data" / "furesoe"
        shutil.copytree(source, municipality, ignore=shutil.ignore_patterns("runs"))
        run = [str(Path(sys.executable).with_name("helhed")), "run", str(municipality), "--lang", "da", "--run-id", "a"]
        subprocess.run(run, check=True, capture_output=True)
        finished = municipality / "runs" / "a"
        found = _ratios(n, municipality, finished, folder)
    for what, value in found.items():
        if n >= RUNS:
            record_ratio(what, value, GOALS[what], is_at_least=what != "script")
        print(f"{what:14} {value:6.2f}  goal {GOALS[what]}")
    missed = [what for what, value in found.items() if (value > GOALS[what]) == (what == "script")]
    return int(bool(missed))


def _ratios(n: int, municipality: Path, finished: Path, folder: Path) -> dict[str, float]:
    return {
        **_many_runs([jobs_of(OFTEN, municipality, finished, folder / part, n) for part in "abcde"]),
        **_one_municipality(municipality, folder),
        **_tables_only(tables_notebook(folder), folder, n),
    }


def _parts(jobs: list[Job]) -> Iterator[list[Job]]:
    """Yield the runs of each turn."""
    return (jobs[at : at + TURN] for at in range(0, len(jobs), TURN))


def _many_runs(ways: list[list[Job]]) -> dict[str, float]:
    in_series = beside = plain = 0.0
    with Ours(WORKERS) as two, Ours(1) as one:
        for by_two, by_one, stock_in_series, stock_beside, as_script in zip(*map(_parts, ways), strict=True):
            two.run(by_two)
            in_series += timed(partial(stock, stock_in_series, 1))
            one.run(by_one)
            plain += script(as_script)
            beside += timed(partial(stock, stock_beside, WORKERS))
    return {
        "series": in_series / two.seconds,
        "side_by_side": beside / two.seconds,
        "script": one.seconds / plain,
    }


def _one_municipality(municipality: Path, folder: Path) -> dict[str, float]:
    """Run all steps in both languages as `helhed run` does, and as a loop over papermill commands would."""
    ours, by_stock = (Order(municipality, folder / name, at_once=WORKERS) for name in ("ours", "stock"))
    with Ours(WORKERS) as warm:
        warm.run_order(ours)
    jobs = [
        (ROOT / "notebooks" / f"{step}.ipynb", by_stock.run_dir / f"{step}.{lang}.ipynb", _parameters(by_stock, lang))
        for step, lang in by_stock.notebooks
    ]
    by_stock.run_dir.mkdir()
    return {"municipality": timed(partial(stock, jobs, 1)) / warm.seconds}


def _parameters(order: Order, lang: str) -> dict:
    return {"municipality": str(order.municipality), "run_dir": str(order.run_dir), "lang": lang}


def _tables_only(notebook: Path, folder: Path, n: int) -> dict[str, float]:
    by_stock = 0.0
    with Ours(WORKERS) as ours:
        for part in _parts([(notebook, folder / f"{i}.ipynb", {}) for i in range(n)]):
            ours.run(part)
            by_stock += timed(partial(stock, part, 1))
    return {"tables": by_stock / ours.seconds}


if __name__ == "__main__":
    sys.exit(main())
