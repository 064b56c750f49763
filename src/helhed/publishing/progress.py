"""Shows how far a run is and how long it will take: a bar in a terminal, one line per finished notebook elsewhere."""

import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from helhed.publishing.runner import Failure, Order, Progress
from helhed.texts import number, text

#: From how many notebooks that were run a time left is worked out.
_ENOUGH = 3


@dataclass
class Tally:
    """How many notebooks have finished of how many, by municipality.

    Parameters
    ----------
    pieces
        Number of notebooks of each municipality.
    """

    pieces: dict[str, int]
    done: Counter = field(default_factory=Counter)
    n_reused: int = 0

    @property
    def total(self) -> int:
        """Return the number of notebooks of all."""
        return sum(self.pieces.values())

    @property
    def n_done(self) -> int:
        """Return the number of notebooks that have finished."""
        return self.done.total()

    @property
    def n_municipalities_done(self) -> int:
        """Return the number of municipalities whose notebooks have all finished."""
        return sum(self.done[name] == n for name, n in self.pieces.items())

    def count(self, item: Progress) -> None:
        """Count a notebook that has finished."""
        self.done[item.folder] += item.is_finished
        self.n_reused += item.is_reused

    def seconds_left(self, elapsed: float) -> float | None:
        """Return how long the rest will take if it goes on as until now; None while too little has been run."""
        n_run = self.n_done - self.n_reused
        return elapsed / n_run * (self.total - self.n_done) if n_run >= _ENOUGH else None


def show_progress(
    news: Iterable[Progress | Failure], orders: list[Order], lang: str, console: Console
) -> tuple[list[Failure], int]:
    """Show progress as it comes and return the failures and the number of notebooks that needed not be run again."""
    failures, tally = [], Tally({str(order.municipality): order.pieces for order in orders})
    started = time.monotonic()
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=tally.total)
        for item in news:
            if isinstance(item, Failure):
                failures.append(item)
                continue
            tally.count(item)
            where = f"{item.municipality} · {item.step} · {text(f'publishing.language_{item.lang}', lang)}"
            left = _left(tally, time.monotonic() - started, lang)
            bar.update(task, completed=tally.n_done, description=" · ".join([where, *left]))
            if item.is_finished and not console.is_terminal:
                same = f" ({text('publishing.reused', lang)})" if item.is_reused else ""
                console.print(" · ".join([f"{tally.n_done}/{tally.total} {where}{same}", *left]))
    return failures, tally.n_reused


def _left(tally: Tally, elapsed: float, lang: str) -> list[str]:
    """Return how many municipalities are done, when there are several, and the time left, when it can be told."""
    n, total = number(tally.n_municipalities_done, lang), number(len(tally.pieces), lang)
    words = [text("publishing.municipalities_done", lang, n=n, total=total)] if len(tally.pieces) > 1 else []
    seconds = tally.seconds_left(elapsed)
    if seconds is None or tally.n_done == tally.total:
        return words
    if seconds < 60:
        return [*words, text("publishing.less_than_a_minute", lang)]
    return [*words, text("publishing.time_left", lang, minutes=number(math.ceil(seconds / 60), lang))]
