"""Runs many municipalities on a Dask cluster that is already there: the folders must be on a disk all workers reach."""

import queue
import uuid
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace

from helhed.engine.zygote import is_available, zygote
from helhed.errors import Problem, WrongCall
from helhed.publishing.runner import Failure, Order, Progress, failed, run_and_report
from helhed.texts import text

#: How long a scheduler is waited for.
CONNECT_SECONDS = 10
_PAUSE_SECONDS = 0.2


def run_on_cluster(orders: list[Order], scheduler: str) -> Iterator[Progress | Failure]:
    """Run several municipalities on a cluster and yield progress as it comes, the failures last, in their order.

    One municipality is one task. When a worker is lost the scheduler gives its municipality to another one, which uses
    again what had finished; a municipality that has cost several workers their life is listed with the failures.

    Parameters
    ----------
    orders
        The municipalities; their folders are named in full to the workers.
    scheduler
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    WrongCall
        If the scheduler does not answer, or ``dask.distributed`` is not installed.
    """
    lang = orders[0].langs[0]
    with _client(scheduler, lang) as client:
        news: queue.SimpleQueue = queue.SimpleQueue()
        topic = f"helhed-{uuid.uuid4().hex}"
        client.subscribe_topic(topic, lambda event: news.put(Progress(**event[1]["news"])))
        placed = [
            replace(one, municipality=one.municipality.resolve(), run_dir=one.run_dir.resolve()) for one in orders
        ]
        tasks = [client.submit(_run_one, order, topic, pure=False) for order in placed]
        names = {str(there.municipality): str(here.municipality) for here, there in zip(orders, placed, strict=True)}
        for item in _news_until_done(news, tasks):
            yield replace(item, folder=names[item.folder])
        yield from (failure for failure in map(_outcome, orders, tasks) if failure)


def _client(scheduler: str, lang: str):
    try:
        from distributed import Client
    except ImportError:
        raise WrongCall(Problem("publishing.no_dask"), lang) from None
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError):
        raise WrongCall(Problem("publishing.no_scheduler", value=scheduler), lang) from None


def _run_one(order: Order, topic: str) -> Failure | None:
    """Run one municipality on the worker this is called on."""
    from distributed import get_worker

    worker = get_worker()
    with zygote() if is_available() else nullcontext("") as warm:
        return run_and_report(order, lambda item: worker.log_event(topic, {"news": vars(item).copy()}), warm)


def _news_until_done(news: queue.SimpleQueue, tasks: list) -> Iterator[Progress]:
    """Yield what the workers tell, each finished notebook once, until every task has ended and nothing is left."""
    told = set()
    while True:
        is_done = all(task.done() for task in tasks)
        with suppress(queue.Empty):
            item = news.get(timeout=_PAUSE_SECONDS)
            piece = (item.folder, item.step, item.lang)
            if item.is_finished and piece in told:
                continue
            told |= {piece} if item.is_finished else set()
            yield item
            continue
        if is_done:
            return


def _outcome(order: Order, task) -> Failure | None:
    if task.status == "finished":
        failure = task.result()
        return failure and replace(failure, folder=str(order.municipality))
    # The scheduler has given up: the task's workers were lost time and again, or could not read the order.
    facts = {"municipality": order.municipality.name, "error": type(task.exception()).__name__}
    return failed(order, text("publishing.lost_on_cluster", order.langs[0], **facts), 3)
