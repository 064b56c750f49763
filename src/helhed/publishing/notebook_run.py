"""Runs one notebook in a process of its own: parameters are checked first, the file appears only when it has finished.

Where a warm process can be forked the notebook runs in a fork of it (`helhed.engine`); elsewhere in a fresh kernel.
"""

import contextlib
import json
import os
import re
import tempfile
import traceback
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from helhed import errors
from helhed.engine.papermill_engine import DirectEngine
from helhed.engine.zygote import ChildDied, call
from helhed.errors import HelhedError, Problem, StepFailed, WrongCall
from helhed.publishing.disk import as_disk_problem
from helhed.publishing.run_folder import replace_file

#: A place in a traceback: file, line and function, without the line's text or any value.
_PLACE = re.compile(r"File \S*?([\w.-]+:\d+, in \w+)")
#: How the system's errors begin: with their number.
_NUMBER = re.compile(r"\[Errno (\d+)\]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TYPES = {"str": str, "int": int, "float": (int, float), "bool": bool}


def check_parameters(notebook: Path, parameters: dict, lang: str) -> None:
    """Compare parameters with the notebook's own before it starts.

    Raises
    ------
    WrongCall
        If the notebook has no parameter of a name, or declares another type for it.
    """
    declared = papermill.inspect_notebook(str(notebook))
    problems = []
    for name, value in parameters.items():
        if name not in declared:
            known = ", ".join(declared)
            details = {"name": name, "known": known}
            problems.append(Problem("publishing.unknown_parameter", file=notebook.name, details=details))
        elif not _has_type(value, declared[name]["inferred_type_name"]):
            details = {"name": name, "kind": declared[name]["inferred_type_name"]}
            problems.append(Problem("publishing.wrong_type", file=notebook.name, value=str(value), details=details))
    if problems:
        raise WrongCall(problems, lang)


def run_notebook(notebook: Path, output: Path, parameters: dict, zygote: str = "") -> None:
    """Execute a notebook in a process of its own and keep the executed copy.

    Parameters
    ----------
    notebook
        The notebook as it came with the kit.
    output
        Where the executed copy goes; it appears whole or not at all.
    parameters
        Values for the cell tagged ``parameters``; ``lang`` among them is the language of messages.
    zygote
        Address of a warm process to fork (`helhed.engine.zygote`); without one a fresh kernel is started.

    Raises
    ------
    HelhedError
        The error that the notebook stopped with, with its message; `StepFailed` if it was not one of ours (its
        ``where`` then lists the places in the code, without any value of the data).
    """
    lang = parameters["lang"]
    check_parameters(notebook, parameters, lang)
    unfinished = output.with_name(f".running-{os.getpid()}-{output.name}")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    for left_by_a_killed_run in output.parent.glob(f".running-*-{output.name}"):
        left_by_a_killed_run.unlink(missing_ok=True)
    job = {"notebook": str(notebook), "unfinished": str(unfinished), "output": str(output), "parameters": parameters}
    try:
        stopped = _in_own_process(zygote, job)
    except ChildDied:
        details = {"step": notebook.stem, "error": ChildDied.__name__}
        raise StepFailed(Problem("publishing.step_failed", details=details), lang) from None
    finally:
        unfinished.unlink(missing_ok=True)
    if stopped:
        raise _as_ours(stopped, notebook.stem, lang)


def _in_own_process(zygote: str, job: dict) -> dict | None:
    """Run the notebook in a fork of the warm process; in a fresh kernel without one, or when it has been killed."""
    if zygote:
        with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
            return call(zygote, f"{__name__}:run_in_fork", job)
    return run_in_kernel(**job)


def run_in_fork(notebook: str, unfinished: str, output: str, parameters: dict) -> dict | None:
    """Run a notebook in this process, which has been forked for it; return how it stopped, or None."""
    papermill.engines.papermill_engines.register("helhed", DirectEngine)
    return _executed(notebook, unfinished, output, parameters, engine_name="helhed")


def run_in_kernel(notebook: str, unfinished: str, output: str, parameters: dict) -> dict | None:
    """Run a notebook in a fresh kernel; return how it stopped, or None."""
    with tempfile.TemporaryDirectory(prefix="helhed-") as sockets:
        # Everything is on disk when the last cell has run: the kernel need not be asked politely.
        settings = {"shutdown_kernel": "immediate", "config": _local_kernel(sockets)}
        return _executed(notebook, unfinished, output, parameters, request_save_on_cell_execute=False, **settings)


def _executed(notebook: str, unfinished: str, output: str, parameters: dict, **settings) -> dict | None:
    try:
        executed = papermill.execute_notebook(
            _as_named(notebook),
            _as_named(unfinished),
            parameters,
            kernel_name="python3",
            progress_bar=False,
            **settings,
        )
        replace_file(Path(output), nbformat.writes(without_clock(executed)).encode())
    except PapermillExecutionError as error:
        return {"name": error.ename, "value": error.evalue, "traceback": list(error.traceback)}
    except Exception as error:
        # Not the notebook's: a full disk, or a fault of ours. Told like one, with its place.
        return {"name": type(error).__name__, "value": str(error), "traceback": traceback.format_exception(error)}
    return None


def _as_named(path: str) -> str:
    """Return a path so that papermill, which fills in what stands between braces, leaves it as it is."""
    return path.replace("{", "{{").replace("}", "}}")


def without_clock(notebook: NotebookNode) -> NotebookNode:
    """Return the executed notebook without times, durations and local paths, so that equal runs are equal files."""
    clean = nbformat.from_dict(json.loads(json.dumps(notebook)))
    clean.metadata.pop("papermill", None)
    for cell in clean.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    return clean


def _local_kernel(sockets: str) -> Config:
    """Return settings for a kernel that nothing else on the machine can listen to.

    Sockets are files in a folder of the user's own, with a short path (the system allows about 100 characters).
    Windows has no such sockets; there the kernel uses the loopback address.
    """
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(Path(sockets, "k"))}})


def _has_type(value, declared: str) -> bool:
    expected = _TYPES.get(declared)
    if expected is None or (isinstance(value, bool) and declared != "bool"):
        return expected is None
    return isinstance(value, expected)


def _as_ours(error: dict, step: str, lang: str) -> HelhedError:
    kind = getattr(errors, error["name"], None)
    if isinstance(kind, type) and issubclass(kind, HelhedError):
        stopped = kind([], lang)
        stopped.args = (error["value"],)
        return stopped
    number = _NUMBER.match(error["value"])
    if ours := as_disk_problem(int(number[1]) if number else None, step, lang):
        return ours
    failed = StepFailed(Problem("publishing.step_failed", details={"step": step, "error": error["name"]}), lang)
    failed.where = [error["name"], *_PLACE.findall(_COLOUR.sub("", "\n".join(error["traceback"])))]
    return failed
