"""The fast engine: outputs as stock papermill gives them, and nothing passes from one notebook to the next."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from helhed.engine.zygote import ChildDied, call, is_available, zygote

pytestmark = pytest.mark.skipif(not is_available(), reason="this system cannot fork a warm process")

#: What is known to differ between engines: order of streams, rich outputs, widgets, errors, programs' output.
CELLS = [
    "x = 1\nprint('hi'); x",
    "import sys; print('err', file=sys.stderr); print('out')",
    "import pandas as pd; pd.DataFrame({f'c{i}': [1.5] for i in range(30)})",
    "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.title('t')",
    "import ipywidgets as w; s = w.IntSlider(3); s",
    "from IPython.display import Markdown, clear_output, display\nd = display(Markdown('a'), display_id=True)\n"
    "d.update(Markdown('b'))",
    "print('gone'); clear_output(); print('left')",
    # A stock kernel reads a program's output in a thread of its own, which may come too late for the cell.
    "import os, time; os.system('echo from a program'); time.sleep(2); None",
    "await __import__('asyncio').sleep(0.01); 5",
    "o = w.Output()\nwith o:\n    print('inside')\no",
    "o.outputs, In[1:2], Out[1], _",
    "%matplotlib inline\nplt.rcParams['figure.dpi']",
    "import warnings; warnings.warn('careful')",
    "get_ipython().__class__.__name__, __name__",
    "import jsonschema; [jsonschema.FormatChecker().conforms(said, 'iri') for said in ('http://ø.dk/', 'no address')]",
    "def f():\n    return 1 / 0\nf()",
    "'never reached'",
]


def _notebook(cells, path):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    made.cells = [nbformat.v4.new_code_cell(code, id=str(at)) for at, code in enumerate(cells)]
    nbformat.write(made, path)
    return path


def _without_chance(path) -> list:
    """Return cells and widgets without what differs from run to run: times, identities, addresses."""
    notebook = nbformat.read(path, as_version=4)
    parts = [json.dumps(cell.get("outputs", cell.source), sort_keys=True) for cell in notebook.cells]
    widgets = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    parts += sorted(json.dumps(state, sort_keys=True) for state in widgets.get("state", {}).values())
    parts += [json.dumps(notebook.metadata["language_info"], sort_keys=True)]
    replaced = [re.sub(r"[0-9a-f]{32}|0x[0-9a-f]+", "X", part) for part in parts]
    return [re.sub(r"ipykernel_\d+/\d+\.py", "F", part) for part in replaced]


@pytest.fixture(scope="module")
def warm():
    with zygote() as address:
        yield address


def _in_fork(warm, cells, folder, name="made.ipynb"):
    source = _notebook(cells, folder / "in.ipynb")
    arguments = {"notebook": str(source), "unfinished": str(folder / "u.ipynb"), "output": str(folder / name)}
    stopped = call(warm, "helhed.publishing.notebook_run:run_in_fork", arguments | {"parameters": {}})
    return stopped, folder / name, folder / "u.ipynb"


def test_outputs_are_those_of_stock_papermill(warm, tmp_path):
    stopped, _, fast = _in_fork(warm, CELLS, tmp_path)
    assert stopped["name"] == "ZeroDivisionError"
    stock = _papermill(tmp_path / "in.ipynb", tmp_path / "s.ipynb")
    assert "ZeroDivisionError" in stock.stderr
    assert _without_chance(fast) == _without_chance(tmp_path / "s.ipynb")


def test_papermill_takes_the_engine_by_name(tmp_path):
    _notebook(CELLS, tmp_path / "in.ipynb")
    ours = _papermill(tmp_path / "in.ipynb", tmp_path / "e.ipynb", "--engine", "helhed", "--progress-bar")
    _papermill(tmp_path / "in.ipynb", tmp_path / "s.ipynb")
    assert "ZeroDivisionError" in ours.stderr and "Executing" in ours.stderr
    assert _without_chance(tmp_path / "e.ipynb") == _without_chance(tmp_path / "s.ipynb")


def _papermill(source, target, *options):
    # ipykernel watches programs' output only where it is not under pytest.
    environ = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", *options, str(source), str(target)]
    return subprocess.run(command, capture_output=True, check=False, text=True, env=environ)


LEAKS = {
    "options": ("pd.set_option('display.max_rows', 3)", "pd.get_option('display.max_rows')"),
    "rcparams": ("mpl.rcParams['figure.dpi'] = 7", "mpl.rcParams['figure.dpi']"),
    "folder": ("os.chdir('/')", "os.getcwd()"),
    "environment": ("os.environ['LEAK'] = '1'", "os.environ.get('LEAK')"),
    "modules": ("sys.modules['leak'] = sys", "'leak' in sys.modules"),
    "patches": ("json.leak = 1", "hasattr(json, 'leak')"),
    "filters": ("warnings.simplefilter('error')", "warnings.filters[0][0]"),
    "names": ("leak = 1", "'leak' in globals()"),
    "path": ("sys.path.insert(0, '/leak')", "'/leak' in sys.path"),
    "locale": ("locale.setlocale(locale.LC_ALL, 'C.UTF-8')", "locale.setlocale(locale.LC_ALL)"),
}
_IMPORTS = "import json, locale, os, sys, warnings, matplotlib as mpl, pandas as pd\n"


@pytest.mark.parametrize("what", LEAKS)
def test_nothing_passes_to_the_next_notebook(warm, tmp_path, what):
    dirt, look = (_IMPORTS + code for code in LEAKS[what])
    before, after = (tmp_path / part for part in ("before", "after"))
    seen = []
    for folder, cells in ((before, [look]), (tmp_path / "dirt", [dirt]), (after, [look])):
        folder.mkdir()
        stopped, made, _ = _in_fork(warm, cells, folder)
        assert stopped is None
        seen.append(nbformat.read(made, as_version=4).cells[0].outputs)
    assert seen[0] == seen[2]


def test_the_parser_of_web_addresses_is_built_when_one_is_checked(warm, tmp_path):
    pytest.importorskip("rfc3987_syntax")
    cells = [
        "import sys, jsonschema; assert 'rfc3987_syntax' not in sys.modules",
        "assert not jsonschema.FormatChecker().conforms('no address', 'iri')",
        "assert 'rfc3987_syntax' in sys.modules",
    ]
    stopped, _, _ = _in_fork(warm, cells, tmp_path)
    assert stopped is None


def test_chance_is_new_in_every_notebook(warm, tmp_path):
    draws = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        cells = ["import random, numpy as np; print(random.random(), np.random.rand())"]
        _, made, _ = _in_fork(warm, cells, tmp_path / name)
        draws.append(nbformat.read(made, as_version=4).cells[0].outputs[0].text.split())
    assert draws[0][0] != draws[1][0] and draws[0][1] != draws[1][1]


def test_a_child_that_dies_is_told_and_the_next_one_works(warm):
    with pytest.raises(ChildDied):
        call(warm, "os:abort", {})
    assert call(warm, "os:getpid", {}) != os.getpid()


def test_children_end_with_the_one_that_started_the_zygote(tmp_path):
    code = (
        "import sys\nfrom helhed.engine.zygote import zygote, call\n"
        "with zygote(('json',)) as warm:\n"
        "    print(call(warm, 'os:getppid', {}), flush=True)\n"
        f"    call(warm, 'subprocess:call', {{'args': ['sh', '-c', 'echo $$ > {tmp_path}/child; sleep 60']}})\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as starter:
        warm_process = int(starter.stdout.readline())
        _until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text().strip())
        child = int((tmp_path / "child").read_text())
        starter.send_signal(signal.SIGKILL)
    _until(lambda: not _lives(warm_process) and not _lives(child))


def _lives(process: int) -> bool:
    try:
        status = Path("/proc", str(process), "stat").read_text(encoding="ascii")
        return status.rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _until(holds) -> None:
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("waited 30 seconds in vain")


def test_the_engine_is_light_to_import():
    # papermill imports every registered engine when it is imported itself.
    code = "import sys, papermill; print([m for m in sys.modules if m.startswith(('helhed', 'IPython', 'pandas'))])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert set(eval(loaded)) <= {"helhed", "helhed.engine", "helhed.engine.registered"}


@pytest.fixture(scope="module")
def from_a_program(tmp_path_factory):
    """Return the outputs of notebooks that one program has run one after the other through papermill's function."""
    folder = tmp_path_factory.mktemp("program")
    dirt = _IMPORTS + "\n".join(dirty for dirty, _ in LEAKS.values())
    look = _IMPORTS + "print([" + ", ".join(look for _, look in LEAKS.values()) + "])"
    _notebook([look], folder / "before.ipynb")
    _notebook([dirt], folder / "dirt.ipynb")
    _notebook([look], folder / "after.ipynb")
    _notebook(["print('first')", "import os; os.abort()"], folder / "dies.ipynb")
    _notebook(["1", "import time\ntry:\n    time.sleep(60)\nexcept Exception:\n    pass", "2"], folder / "long.ipynb")
    code = (
        "import os, sys, papermill\nbefore = os.getcwd(), dict(os.environ)\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        papermill.execute_notebook(name + '.ipynb', name + '_made.ipynb', engine_name='helhed',\n"
        "                                   progress_bar=False, execution_timeout=2)\n"
        "        print('done')\n"
        "    except Exception as error:\n"
        "        print(type(error).__name__)\n"
        "print(before == (os.getcwd(), dict(os.environ)), 'matplotlib' in sys.modules)\n"
    )
    names = ("before", "dirt", "after", "dies", "long")
    command = [sys.executable, "-c", code, *names]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    made = {name: nbformat.read(folder / f"{name}_made.ipynb", as_version=4) for name in names}
    return said.stdout.split("\n"), made


def test_a_program_that_runs_many_notebooks_stays_as_it_was_and_so_does_the_next(from_a_program):
    said, made = from_a_program
    assert said[:3] == ["done"] * 3 and said[5] == "True False"
    assert made["before"].cells[0].outputs == made["after"].cells[0].outputs != []


def test_what_kills_its_process_or_takes_too_long_is_told_as_papermill_tells_it(from_a_program):
    said, made = from_a_program
    assert said[3:5] == ["DeadKernelError", "CellTimeoutError"]
    assert made["long"].cells[0].outputs and not made["long"].cells[2].outputs


def test_a_notebook_that_ends_the_warm_process_too_is_told_like_any_other(tmp_path):
    with zygote(("json",)) as alone:
        with pytest.raises(ChildDied):
            _in_fork(alone, ["import os, signal\nos.killpg(0, signal.SIGKILL)"], tmp_path)
        # The notebook's own end may be told a moment before the warm process has closed its door.
        with pytest.raises((ConnectionRefusedError, ChildDied)):
            call(alone, "os:getpid", {})


def test_only_the_first_of_two_processes_goes_on(warm, tmp_path):
    cells = ["import os\nchild = os.fork()", "child and os.waitpid(child, 0)[1]", "print('once')"]
    stopped, made, _ = _in_fork(warm, cells, tmp_path)
    outputs = nbformat.read(made, as_version=4).cells
    assert stopped is None and outputs[1].outputs[0].data["text/plain"] == "0"
    assert outputs[2].outputs[0].text == "once\n"


def test_a_copy_that_outlives_a_dead_notebook_keeps_nobody_waiting(warm, tmp_path):
    started = time.monotonic()
    with pytest.raises(ChildDied):
        _in_fork(
            warm, ["import os, time\nif os.fork() == 0:\n    time.sleep(20)\n    os._exit(0)\nos.abort()"], tmp_path
        )
    assert time.monotonic() - started < 10


def test_a_notebook_is_saved_in_its_place_wherever_its_code_goes_to(tmp_path):
    _notebook(["import os, warnings\nos.chdir('/')\nwarnings.simplefilter('error')", "1"], tmp_path / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "helhed", "--no-progress-bar", "in.ipynb", "made.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert nbformat.read(tmp_path / "made.ipynb", as_version=4).cells[1].outputs


def test_a_folder_may_have_braces_in_its_name(warm, tmp_path):
    folder = tmp_path / "by {lang} {0}"
    folder.mkdir()
    stopped, made, _ = _in_fork(warm, ["1"], folder)
    assert stopped is None and nbformat.read(made, as_version=4).cells[0].outputs


def test_what_goes_wrong_outside_a_cell_is_told_with_its_place(warm, tmp_path):
    _notebook(["1"], tmp_path / "in.ipynb")
    arguments = {
        "notebook": str(tmp_path / "in.ipynb"),
        "unfinished": str(tmp_path / "u.ipynb"),
        "output": "/proc/no/a",
    }
    stopped = call(warm, "helhed.publishing.notebook_run:run_in_fork", arguments | {"parameters": {}})
    assert stopped["name"] == "FileNotFoundError" and "run_folder" in "".join(stopped["traceback"])
