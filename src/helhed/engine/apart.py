"""Papermill called from a program: every notebook runs in a copy of a warm process, and the program stays as it was."""

import atexit
import contextlib
import json
import os
import threading
from pathlib import Path

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.log import logger

from helhed.engine.papermill_engine import DirectEngine
from helhed.engine.zygote import ChildDied, call, zygote

#: What most notebooks import: they find it loaded. What else they import they load themselves.
_LOADED = ("papermill", "nbformat", "pandas", "matplotlib.pyplot", "matplotlib_inline.backend_inline")
#: Process to the address of its warm process: a copy of the program gets one of its own.
_WARM: dict[int, str] = {}
_MAKING = threading.Lock()


def run_apart(nb_man: NotebookExecutionManager, kernel_name: str, settings: dict) -> None:
    """Run the notebook that papermill has prepared in a process of its own and put the result in its place.

    Raises
    ------
    nbclient.exceptions.DeadKernelError
        If the process died.
    nbclient.exceptions.CellTimeoutError
        If a cell took longer than it may.
    """
    output = str(nb_man.output_path) if nb_man.output_path else ""
    job = {"notebook": nb_man.nb, "output": output, "kernel_name": kernel_name, "settings": _plain(settings)}
    try:
        answer = _called(job)
    except ChildDied:
        if output and Path(output).is_file():
            nb_man.nb = nbformat.read(output, as_version=4)
        raise DeadKernelError("Kernel died") from None
    nb_man.nb = nbformat.from_dict(answer["notebook"])
    _tell_outputs(nb_man, settings)
    if answer["took_too_long"]:
        raise CellTimeoutError(answer["took_too_long"])


def run_here(notebook: dict, output: str, kernel_name: str, settings: dict) -> dict:
    """Run a notebook in this process, which has been copied for it, and return it with its outputs."""
    nb_man = NotebookExecutionManager(nbformat.from_dict(notebook), output_path=output or None, progress_bar=False)
    nb_man.set_timer()
    took_too_long = ""
    try:
        DirectEngine.execute_managed_notebook(nb_man, kernel_name, **settings)
    except CellTimeoutError as error:
        took_too_long = str(error)
    return {"notebook": nb_man.nb, "took_too_long": took_too_long}


def _called(job: dict) -> dict:
    function = f"{__name__}:run_here"
    with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
        return call(_warm_process(), function, job)
    # Somebody has ended the warm process: a new one is made.
    _WARM.pop(os.getpid(), None)
    return call(_warm_process(), function, job)


def _warm_process() -> str:
    """Return the address of this process's warm process; it ends with this process."""
    me = os.getpid()
    with _MAKING:
        if me not in _WARM:
            open_things = contextlib.ExitStack()
            _WARM[me] = open_things.enter_context(zygote(_LOADED))
            atexit.register(lambda: open_things.close() if os.getpid() == me else None)
        return _WARM[me]


def _plain(settings: dict) -> dict:
    """Return the settings that can be sent to another process: numbers, words, lists."""
    sent = {}
    for name, value in settings.items():
        with contextlib.suppress(TypeError, ValueError):
            json.dumps(value)
            sent[name] = value
    return {name: value for name, value in sent.items() if name != "log_output"}


def _tell_outputs(nb_man: NotebookExecutionManager, settings: dict) -> None:
    """Write what the cells printed where the caller wants to have it."""
    places = {name: settings[name] for name in ("log_output", "stdout_file", "stderr_file") if settings.get(name)}
    if places:
        teller = PapermillNotebookClient(nb_man, log=logger, **places)
        for cell in nb_man.nb.cells:
            for output in cell.get("outputs", ()):
                teller.log_output_message(output)
