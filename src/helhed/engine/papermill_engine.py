"""The engine as papermill knows it: ``papermill --engine helhed in.ipynb out.ipynb``."""

import contextlib
import logging
import os
import sys
import time
import warnings
from pathlib import Path

from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from helhed.engine.zygote import is_available

#: Seconds between two savings of the notebook while it runs; it is always saved at the end.
SAVE_EVERY_SECONDS = 1.0

#: The kernel of this process, once there is one.
_KERNEL: list = []


class DirectEngine(NBClientEngine):
    """Runs the cells in this process, with ipykernel's shell and nbclient's handling of outputs.

    One notebook per process: the shell is not emptied. `helhed.engine.zygote` gives every notebook a forked process.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        log_output=False,
        stdout_file=None,
        stderr_file=None,
        start_timeout=60,
        execution_timeout=None,
        **kwargs,
    ):
        """Run the notebook that papermill has prepared."""
        from helhed.engine.client import DirectNotebookClient

        settings = merge_kwargs(
            remove_args(["input_path", "timeout", "startup_timeout"], **kwargs),
            timeout=execution_timeout or kwargs.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
        )
        kernel = process_kernel()
        save, nb_man.save = nb_man.save, _rarely(nb_man.save)
        try:
            with _own_place(nb_man), kernel.taken_output() as errors, _talking_to(errors, nb_man):
                return DirectNotebookClient(nb_man, kernel, **settings).execute()
        finally:
            nb_man.save = save


class NamedEngine(DirectEngine):
    """What papermill gets by the name ``helhed``: nothing passes from one notebook to the next, nor to the caller.

    The command ``papermill`` runs one notebook and ends: its own process serves. A program may run many; each notebook
    gets a copy of a warm process then, or a kernel as papermill starts it where processes cannot be copied.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **settings):
        """Run the notebook that papermill has prepared."""
        if _is_command():
            return super().execute_managed_notebook(nb_man, kernel_name, **settings)
        if not is_available():
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **settings)
        from helhed.engine.apart import run_apart

        return run_apart(nb_man, kernel_name, settings)


def _is_command() -> bool:
    """Return whether this process was started as the command ``papermill``."""
    started = getattr(sys.modules["__main__"], "__spec__", None)
    return getattr(started, "name", "") == "papermill.__main__" or Path(sys.argv[0]).stem == "papermill"


def process_kernel():
    """Return the kernel of this process; the first call makes it."""
    from helhed.engine.kernel import DirectKernel

    if not _KERNEL:
        _KERNEL.append(DirectKernel())
    return _KERNEL[0]


@contextlib.contextmanager
def _talking_to(descriptor: int, nb_man):
    """Let papermill's progress bar and log go on to the terminal: what they print is no output of a cell."""
    handlers = [h for name in (None, "papermill") for h in logging.getLogger(name).handlers if hasattr(h, "setStream")]
    with open(descriptor, "w", encoding="utf-8", closefd=False, buffering=1) as terminal:  # noqa: PTH123
        before = [handler.setStream(terminal) for handler in handlers]
        bar = getattr(nb_man, "pbar", None)
        if bar is not None:
            shown = bar.fp, bar.sp
            bar.fp, bar.sp = terminal, bar.status_printer(terminal)
        try:
            yield
        finally:
            for handler, stream in zip(handlers, before, strict=True):
                if stream is not None:
                    handler.setStream(stream)
            if bar is not None:
                bar.fp, bar.sp = shown


@contextlib.contextmanager
def _own_place(nb_man):
    """Let the notebook be saved in its place, wherever its code goes to; afterwards the process is where it was."""
    folder, output = Path.cwd(), nb_man.output_path
    if output and "://" not in str(output):
        nb_man.output_path = str(folder / output)
    try:
        yield
    finally:
        nb_man.output_path = output
        os.chdir(folder)


def _rarely(save):
    last = [0.0]

    def save_now_and_then(**kwargs):
        if time.monotonic() - last[0] >= SAVE_EVERY_SECONDS:
            last[0] = time.monotonic()
            # The notebook's code may have made errors of warnings; those of papermill are no output of a cell.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                save(**kwargs)

    return save_now_and_then
