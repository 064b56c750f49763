"""Runs many municipalities side by side: one process per worker, and a killed one costs only its own municipality."""

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait

from helhed.engine.zygote import is_available, zygote
from helhed.publishing.runner import Failure, Order, Progress, failed, run_and_report
from helhed.texts import text

#: How often a municipality is tried whose worker is killed: a second time, then it is listed with the failures.
_MOST_TRIES = 2
#: A process of its own that shares nothing with this one.
_PROCESSES = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class _Done:
    """A worker has come to the end of its order."""

    failure: Failure | None


class _Worker:
    """One process that takes an order at a time and tells how it goes."""

    def __init__(self, warm: str):
        self.pipe, theirs = _PROCESSES.Pipe()
        self.order: Order | None = None
        self._process = _PROCESSES.Process(target=_work, args=(theirs, warm), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, order: Order) -> None:
        """Let the worker begin on an order."""
        self.order = order
        # A worker that has been killed meanwhile is found out when its news are waited for.
        with _unless_killed():
            self.pipe.send(order)

    def news(self) -> Progress | _Done | None:
        """Return what the worker tells; None when it has been killed."""
        with _unless_killed():
            return self.pipe.recv()
        return None

    def end(self) -> None:
        """End the process; nothing it has finished is lost."""
        self.pipe.close()
        self._process.kill()
        self._process.join()


def _unless_killed() -> suppress:
    return suppress(EOFError, OSError)


def run_all(orders: list[Order], workers: int) -> Iterator[Progress | Failure]:
    """Run several municipalities side by side and yield progress as it comes, the failures last, in their order.

    One municipality's failure never stops another's run. A municipality whose worker is killed is tried once more: what
    it had finished is used again. Where there are fewer municipalities than workers, each runs several of its notebooks
    at once. Memory is bounded by the number of workers.
    """
    orders = [replace(order, at_once=max(1, workers // len(orders))) for order in orders]
    with ExitStack() as open_things:
        warm = open_things.enter_context(zygote() if is_available() else nullcontext(""))
        crew = [_Worker(warm) for _ in range(min(workers, len(orders)))]
        open_things.callback(lambda: [worker.end() for worker in crew])
        failures: dict[int, Failure] = {}
        yield from _work_off(orders, crew, warm, failures)
        yield from (failures[position] for position in sorted(failures))


def _work_off(orders: list[Order], crew: list[_Worker], warm: str, failures: dict[int, Failure]) -> Iterator[Progress]:
    waiting, tries, told = deque(orders), dict.fromkeys(map(id, orders), 0), set()
    position = {id(order): place for place, order in enumerate(orders)}
    while busy := _busy(crew, waiting, tries):
        for worker in _with_news(busy):
            order, item = worker.order, worker.news()
            if isinstance(item, Progress):
                yield from _told_once(item, order, told)
                continue
            worker.order = None
            if isinstance(item, _Done):
                failure = item.failure
            else:
                worker.end()
                crew[crew.index(worker)] = _Worker(warm)
                failure = _killed(order)
                if tries[id(order)] < _MOST_TRIES:
                    waiting.append(order)
                    continue
            if failure:
                failures[position[id(order)]] = failure


def _busy(crew: list[_Worker], waiting: deque[Order], tries: dict[int, int]) -> list[_Worker]:
    """Give waiting orders to idle workers and return those that have one."""
    for worker in crew:
        if worker.order is None and waiting:
            order = waiting.popleft()
            tries[id(order)] += 1
            worker.give(order)
    return [worker for worker in crew if worker.order is not None]


def _with_news(busy: list[_Worker]) -> list[_Worker]:
    ready = wait([worker.pipe for worker in busy])
    return [worker for worker in busy if worker.pipe in ready]


def _told_once(item: Progress, order: Order, told: set) -> Iterator[Progress]:
    """Yield the news unless a notebook is finished a second time: in the second try of a municipality."""
    piece = (id(order), item.step, item.lang)
    if item.is_finished and piece in told:
        return
    told |= {piece} if item.is_finished else set()
    yield item


def _killed(order: Order) -> Failure:
    said = text("publishing.worker_killed", order.langs[0], municipality=order.municipality.name)
    return failed(order, said, 3)


def _work(pipe: Connection, warm: str) -> None:
    """Take orders from the pipe until it is closed."""
    _leave_with_parent()
    with _unless_killed():
        while True:
            order = pipe.recv()
            pipe.send(_Done(run_and_report(order, pipe.send, warm)))


def _leave_with_parent() -> None:
    """End this process when the one that started it has been killed: nobody would ever stop it."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
