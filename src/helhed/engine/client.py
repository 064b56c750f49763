"""nbclient's own notebook client on a kernel in this process: outputs are put together by nbclient's code."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Iterator

from nbclient.exceptions import CellTimeoutError
from papermill.clientwrap import PapermillNotebookClient

from helhed.engine.kernel import DirectKernel


class _Channel:
    """One side of the conversation, as nbclient reads and writes it."""

    def __init__(self, waiting, kernel: DirectKernel):
        self._waiting, self._kernel = waiting, kernel

    async def get_msg(self, timeout: float | None = None) -> dict:
        """Return the next message; the cell has run to its end, so there is one."""
        if not self._waiting:
            await asyncio.sleep(0)
            raise RuntimeError("no message left: the kernel answered less than the protocol asks for")
        return self._waiting.popleft()

    def send(self, message: dict) -> None:
        """Hand a message to the kernel."""
        self._kernel.receive(message)


class _DirectClient:
    """The part of a kernel client that nbclient uses."""

    allow_stdin = False

    def __init__(self, kernel: DirectKernel):
        self._kernel, self.session = kernel, kernel.session
        self.iopub_channel, self.shell_channel = _Channel(kernel.iopub, kernel), _Channel(kernel.replies, kernel)

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        return await self._kernel.execute(code, store_history, stop_on_error)

    def kernel_info(self) -> str:
        return self._kernel.kernel_info()


class _LivingKernel:
    """The part of a kernel manager that nbclient asks: the kernel lives as long as this process."""

    async def is_alive(self) -> bool:
        return True


class _TookTooLong(BaseException):
    """Ends the code of a cell whose time is up, whatever errors the code itself would catch."""


class DirectNotebookClient(PapermillNotebookClient):
    """Runs a notebook's cells in this process."""

    def __init__(self, nb_man, kernel: DirectKernel, **settings):
        super().__init__(nb_man, **settings)
        self._kernel = kernel

    def execute_cell(self, cell, cell_index, **settings):
        """Run a cell; `CellTimeoutError` if it has not ended after the time a cell may take, as with a kernel."""
        seconds = self._get_timeout(cell)
        with _ended_after(seconds) as is_up:
            try:
                return super().execute_cell(cell, cell_index, **settings)
            finally:
                if is_up:
                    said = "Cell execution timed out"
                    raise CellTimeoutError.error_from_timeout_and_cell(said, seconds, cell) from None

    def execute(self, **settings):
        """Run every cell and return the notebook, as papermill's client does with a kernel of its own."""
        self.reset_execution_trackers()
        self.kc, self.km = _DirectClient(self._kernel), _LivingKernel()
        self.papermill_execute_cells()
        self._kernel.replies.clear()
        answer = self.wait_for_reply(self.kc.kernel_info())
        self.nb.metadata["language_info"] = answer["content"]["language_info"]
        self.set_widgets_metadata()
        return self.nb


@contextlib.contextmanager
def _ended_after(seconds: int | None) -> Iterator[list]:
    """Let the system end the block's code after so many seconds; what is yielded then is no longer empty."""
    is_up: list = []
    if not seconds or seconds < 0 or threading.current_thread() is not threading.main_thread():
        yield is_up
        return

    def end(number, frame) -> None:
        is_up.append(number)
        raise _TookTooLong(f"{seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield is_up
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
