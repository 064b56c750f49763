"""A warm process that is forked for every notebook: imports are paid once, and nothing passes from one to the next.

The zygote imports what notebooks use and computes nothing; it has one thread. It listens on a socket in a folder of the
user's own. Whoever connects sends one line, the name of a function and its arguments, and gets one line back from the
forked child that ran it. A child that dies closes its connection without an answer. The zygote ends, and its children
with it, when the process that started it ends. Only systems with fork have it; elsewhere `is_available` is False.
"""

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

#: What notebooks import: loaded once, in the order in which later ones need earlier ones.
PRELOADED = (
    "papermill",
    "nbformat",
    "pandas",
    "pyarrow.parquet",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "seaborn",
    "scipy.stats",
    "scipy.optimize",
    "ipywidgets",
    "great_tables",
    "helhed.notebook",
    "helhed.publishing.notebook_run",
    "helhed.publishing.read_ahead",
)
#: Threads started at import would not live on in a child: libraries are told not to.
_ONE_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_READY = b"ready\n"


class ChildDied(Exception):
    """The process that ran the function ended without an answer: killed, out of memory, or a crash in a library."""


def is_available() -> bool:
    """Return whether this system can fork a warm process safely."""
    return sys.platform.startswith("linux")


@contextlib.contextmanager
def zygote(preloaded: tuple[str, ...] = PRELOADED) -> Iterator[str]:
    """Start a zygote and yield its address; it ends with the block, or with this process."""
    with tempfile.TemporaryDirectory(prefix="helhed-") as folder:
        address = str(Path(folder, "z"))
        command = [sys.executable, "-m", "helhed.engine.zygote", address, *preloaded]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen(command, env={**os.environ, **_ONE_THREAD}, start_new_session=True, **pipes)
        try:
            if process.stdout.readline() != _READY:
                raise ChildDied("the warm process did not start")
            yield address
        finally:
            process.stdin.close()
            process.wait()
            process.stdout.close()


def call(address: str, function: str, arguments: dict):
    """Run ``module:function`` with keyword arguments in a forked child and return its answer (what JSON can carry).

    The child has this process's environment and working folder.

    Raises
    ------
    ChildDied
        If the child ended without an answer.
    """
    job = {"function": function, "arguments": arguments, "cwd": str(Path.cwd()), "environ": dict(os.environ)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(address)
        line = b""
        # A job may end the warm process too, with everything that belongs to it.
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(json.dumps(job).encode() + b"\n")
            with connection.makefile("rb") as answers:
                line = answers.readline()
    if not line.endswith(b"\n"):
        raise ChildDied(function)
    return json.loads(line)


def _serve(address: str, preloaded: tuple[str, ...]) -> None:
    _warm_up(preloaded)
    ready, sys.stdout = sys.stdout, sys.stderr
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children need not be waited for
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(address)
        listening.listen(64)
        ready.buffer.write(_READY)
        ready.buffer.flush()
        while True:
            asked, _, _ = select.select([listening, 0], [], [])
            if 0 in asked:  # the one that started us has closed its end
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.killpg(0, signal.SIGKILL) if os.getpgid(0) == os.getpid() else None
                return
            connection, _ = listening.accept()
            with connection:
                if os.fork() == 0:
                    listening.close()
                    _run(connection)


def _warm_up(preloaded: tuple[str, ...]) -> None:
    """Import under a notebook's shell: pandas and others choose how they print by whether they see one."""
    # What is imported stays: looking through it again and again for what may be thrown away takes a fifth of the time.
    gc.disable()
    _load_without_address_parser()
    from helhed.engine.papermill_engine import process_kernel

    with process_kernel().shell.builtin_trap:
        for name in preloaded:
            importlib.import_module(name)
    gc.enable()
    if (n_threads := threading.active_count()) != 1:
        raise RuntimeError(f"{n_threads} threads in the process to be forked: {threading.enumerate()}")
    gc.collect()
    gc.freeze()


def _load_without_address_parser() -> None:
    """Let jsonschema, which papermill imports, build its parser of web addresses when one is checked, not before.

    Only few schemas ask for it, and it takes a quarter of the whole warm-up. It comes with some of Jupyter's packages.
    """
    name = "rfc3987_syntax"
    if "jsonschema" not in sys.modules and importlib.util.find_spec(name):
        sys.modules[name] = SimpleNamespace(
            is_valid_syntax=lambda *given: importlib.import_module(name).is_valid_syntax(*given)
        )
        importlib.import_module("jsonschema")
        del sys.modules[name]


def _run(connection: socket.socket) -> None:
    """Do one job in this forked child and end it, whatever happens: nothing of the zygote's own may run on."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # A copy that the job makes of its process must not keep the line open when the job itself dies.
        os.register_at_fork(after_in_child=partial(_close, connection.fileno()))
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        with connection.makefile("rwb") as talk:
            job = json.loads(talk.readline())
            _end_with_caller(connection, is_on=True)
            os.environ.clear()
            os.environ.update(job["environ"])
            os.chdir(job["cwd"])
            _fresh_randomness()
            module, _, name = job["function"].partition(":")
            answer = getattr(importlib.import_module(module), name)(**job["arguments"])
            _end_with_caller(connection, is_on=False)
            talk.write(json.dumps(answer).encode() + b"\n")
        code = 0
    finally:
        os._exit(code)


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        os.close(descriptor)


def _end_with_caller(connection: socket.socket, is_on: bool) -> None:
    """Let the system end this child when the one that asked has been killed: nobody would wait for what it writes.

    The system's signal (SIGIO, sent when the other side closes) ends a process whatever library it is busy in.
    """
    import fcntl

    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(connection, fcntl.F_GETFL)
    fcntl.fcntl(connection, fcntl.F_SETFL, flags | os.O_ASYNC if is_on else flags & ~os.O_ASYNC)
    with contextlib.suppress(BlockingIOError):
        if is_on and not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
            os._exit(1)


def _fresh_randomness() -> None:
    import random

    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


if __name__ == "__main__":
    _serve(sys.argv[1], tuple(sys.argv[2:]))
