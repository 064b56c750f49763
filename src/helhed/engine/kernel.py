"""A Jupyter kernel without sockets and threads: ipykernel's own shell in this process, messages handed over as lists.

Everything that makes outputs look as they do is ipykernel's and IPython's: the display hook, the publisher, comms,
tracebacks. Only the transport is left out.
"""

import contextlib
import importlib
import logging
import os
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from io import TextIOBase
from types import SimpleNamespace

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets import Any
from traitlets.config import Config

#: Matplotlib's way of showing figures in notebooks, as ipykernel sets it.
_INLINE = "module://matplotlib_inline.backend_inline"


class HandingSession(Session):
    """A session that hands each message to a function instead of sending it over a socket."""

    deliver = Any()

    def send(
        self,
        stream,
        msg_or_type,
        content=None,
        parent=None,
        ident=None,
        buffers=None,
        track=False,
        header=None,
        metadata=None,
    ):
        """Hand over a message as the other side of a socket would read it: what JSON cannot carry is converted."""
        if isinstance(msg_or_type, dict):
            message = msg_or_type
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        message = dict(message)
        message["content"] = self.unpack(self.pack(message["content"]))
        message["metadata"] = self.unpack(self.pack(message.get("metadata") or {}))
        message["buffers"] = [memoryview(part).cast("B") for part in buffers or message.get("buffers") or []]
        self.deliver(message)
        return message


class _Stream(TextIOBase):
    """What the code prints, kept until it is flushed; what programs and C libraries print to the descriptor too."""

    encoding = "utf-8"

    def __init__(self, name: str, descriptor: int, send: Callable[[str, str], None]):
        super().__init__()
        self.name, self._descriptor, self._send = name, descriptor, send
        self._parts: list[str] = []
        self._file = None

    def take_descriptor(self) -> int:
        """Lead the process's own output into a file that is read when the stream is flushed; return the old output."""
        before = os.dup(self._descriptor)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the output is given back
        os.dup2(self._file.fileno(), self._descriptor)
        return before

    def give_back_descriptor(self, before: int) -> None:
        """Lead the process's own output where it went before."""
        os.dup2(before, self._descriptor)
        os.close(before)
        self._file.close()
        self._file = None

    def write(self, written: str) -> int:
        if not isinstance(written, str):
            raise TypeError(f"write() argument must be str, not {type(written)}")
        self._parts.append(written)
        return len(written)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return False

    def flush(self) -> None:
        if self._file:
            self._file.seek(0)
            if printed := self._file.read().decode("utf-8", "replace"):
                self._parts.append(printed)
                self._file.seek(0)
                self._file.truncate()
        if self._parts:
            written, self._parts = "".join(self._parts), []
            self._send(self.name, written)


class _Kernel(IPythonKernel):
    """ipykernel's kernel without a queue of further requests: there is nothing to abort after an error."""

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        pass


class DirectKernel:
    """One kernel in this process; there can be only one, because IPython keeps a single shell."""

    def __init__(self):
        self.iopub: deque[dict] = deque()
        self.replies: deque[dict] = deque()
        config = Config({"HistoryManager": {"enabled": False}, "IPKernelApp": {"log_level": 40}})
        os.environ.setdefault("MPLBACKEND", _INLINE)
        self.session = HandingSession(deliver=self._keep, username="", config=config)
        _load_without_debugger()
        self.kernel = _Kernel.instance(
            session=self.session, iopub_socket=object(), config=config, log=logging.getLogger("helhed.kernel")
        )
        # ipykernel asks which thread the shell is in when it awaits a cell: there is only this one.
        self.kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
        IPKernelApp.instance(config=config).kernel = self.kernel
        self._streams = (_Stream("stdout", 1, self._printed), _Stream("stderr", 2, self._printed))
        self._process = os.getpid()

    @property
    def shell(self):
        """Return IPython's shell."""
        return self.kernel.shell

    @contextlib.contextmanager
    def taken_output(self) -> Iterator[int]:
        """Lead everything that is printed in this process into messages; yield where errors were printed before."""
        before = sys.stdout, sys.stderr
        for stream in before:
            stream.flush()
        sys.stdout, sys.stderr = self._streams
        places = [stream.take_descriptor() for stream in self._streams]
        self._process = os.getpid()
        try:
            yield places[1]
        finally:
            sys.stdout, sys.stderr = before
            for stream, place in zip(self._streams, places, strict=True):
                stream.give_back_descriptor(place)

    async def execute(self, code: str, store_history: bool, stop_on_error: bool) -> str:
        """Run a cell to its end and return the request's identity; its messages wait in ``iopub`` and ``replies``."""
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        request = self.session.msg("execute_request", content)
        await self._answer(request, self.kernel.execute_request)
        return request["header"]["msg_id"]

    def kernel_info(self) -> str:
        """Put what the kernel is and can into ``replies`` and return the request's identity."""
        request = self.session.msg("kernel_info_request", {})
        content = {"status": "ok", **self.kernel.kernel_info}
        self.session.send(None, "kernel_info_reply", content, parent=request)
        return request["header"]["msg_id"]

    def receive(self, message: dict) -> None:
        """Take a message from the other side: a widget's change."""
        handler = self.kernel.shell_handlers.get(message["header"]["msg_type"])
        if handler:
            handler(None, [], {"buffers": [], **message})

    async def _answer(self, request: dict, handler) -> None:
        self.kernel.set_parent([], request, channel="shell")
        self._status("busy", request)
        try:
            await handler(None, [], request)
        finally:
            if os.getpid() != self._process:
                # A copy that the cell's own code has made of the process: only the first of them goes on.
                os._exit(0)
            for stream in self._streams:
                stream.flush()
            self._status("idle", request)

    def _status(self, state: str, parent: dict) -> None:
        self.session.send(None, "status", {"execution_state": state}, parent=parent)

    def _printed(self, name: str, written: str) -> None:
        parent = self.kernel.get_parent("shell")
        self.session.send(None, "stream", {"name": name, "text": written}, parent=parent)

    def _keep(self, message: dict) -> None:
        (self.replies if message["msg_type"].endswith("_reply") else self.iopub).append(message)


def _load_without_debugger() -> None:
    """Let ipykernel find no debugger: there is no socket to reach it by, and loading it costs time and a warning."""
    if "ipykernel.debugger" not in sys.modules and "debugpy" not in sys.modules:
        sys.modules["debugpy"] = None
        importlib.import_module("ipykernel.debugger")
        del sys.modules["debugpy"]
