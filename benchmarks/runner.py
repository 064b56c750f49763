"""The kit's notebook engine against stock papermill and a plain script, side by side, warm-up included.

    python benchmarks/runner.py [runs, 50 by default] [municipality folder]

Four questions: many runs of one notebook in series and by two workers; one municipality's notebooks in order; a
notebook with tables only; and how much a worker costs beside a plain script of the same cells. Every run has a run
folder of its own. Exits with 1 when a goal is missed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from recorded import record_ratio

from helhed.engine.zygote import call, zygote
from helhed.publishing.runner import STEPS

ROOT = Path(__file__).parents[1]
WORKERS, RUNS = 2, 50
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


def ours(jobs: list[Job], workers: int) -> None:
    """Run jobs in forks of a warm process, which is started for them."""

    def one(job: Job) -> None:
        notebook, output, parameters = job
        unfinished = output.with_name(f".{output.name}")
        names = {"notebook": notebook, "unfinished": unfinished, "output": output}
        arguments = {name: str(path) for name, path in names.items()} | {"parameters": parameters}
        stopped = call(address, "helhed.publishing.notebook_run:run_in_fork", arguments)
        assert stopped is None, stopped

    with zygote() as address, ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, jobs))


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
    many = [jobs_of(OFTEN, municipality, finished, folder / part, n) for part in ("a", "b", "c", "d", "e")]
    one = timed(lambda: ours(many[0], WORKERS))
    found = {
        "series": timed(lambda: stock(many[1], 1)) / one,
        "side_by_side": timed(lambda: stock(many[2], WORKERS)) / one,
    }
    plain = script(many[3])
    found["script"] = timed(lambda: ours(many[4], 1)) / plain
    chain = [jobs_of(step, municipality, finished, folder / "chain" / step, 2) for step in STEPS]
    in_order = timed(lambda: ours([pair[0] for pair in chain], 1))
    found["municipality"] = timed(lambda: stock([pair[1] for pair in chain], 1)) / in_order
    notebook = tables_notebook(folder)
    tables = [[(notebook, folder / f"{part}{i}.ipynb", {}) for i in range(n)] for part in "xy"]
    warm = timed(lambda: ours(tables[0], WORKERS))
    found["tables"] = timed(lambda: stock(tables[1], 1)) / warm
    return found


if __name__ == "__main__":
    sys.exit(main())
