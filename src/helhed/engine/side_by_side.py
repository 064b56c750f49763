"""Pieces of work of which some need others: each begins when what it needs is finished, several at a time."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Piece = TypeVar("Piece", bound=Hashable)


def side_by_side(
    pieces: Sequence[Piece], needs: Callable[[Piece], set[Piece]], work: Callable[[Piece], None], most: int
) -> Iterator[tuple[Piece, bool]]:
    """Do the work of every piece, ``most`` at once, and yield each piece when it begins and when it is finished.

    Parameters
    ----------
    pieces
        In the order in which they begin where several could; none needs a later one.
    needs
        Returns the pieces that must be finished before a piece begins; those not among ``pieces`` count as finished.
    work
        Does one piece: in a thread of its own, in the caller's where only one is worked on at once.
    most
        How many pieces are worked on at once.

    Yields
    ------
    tuple
        The piece, and whether it is finished.

    Raises
    ------
    Exception
        What the first of the pieces, in their order, stopped with. No further one begins then, and those that were
        going on have ended.
    """
    yield from _in_threads(pieces, needs, work, most) if most > 1 else _one_by_one(pieces, work)


def _one_by_one(pieces: Sequence[Piece], work: Callable[[Piece], None]) -> Iterator[tuple[Piece, bool]]:
    for piece in pieces:
        yield piece, False
        work(piece)
        yield piece, True


def _in_threads(
    pieces: Sequence[Piece], needs: Callable[[Piece], set[Piece]], work: Callable[[Piece], None], most: int
) -> Iterator[tuple[Piece, bool]]:
    waiting, unfinished = list(pieces), set(pieces)
    running: dict[Future, Piece] = {}
    stopped: dict[Piece, BaseException] = {}
    with ThreadPoolExecutor(most) as threads:
        while True:
            ready = [] if stopped else [piece for piece in waiting if not needs(piece) & unfinished]
            for piece in ready[: most - len(running)]:
                waiting.remove(piece)
                yield piece, False
                running[threads.submit(work, piece)] = piece
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                piece = running.pop(future)
                if error := future.exception():
                    stopped[piece] = error
                    continue
                unfinished.remove(piece)
                yield piece, True
    if stopped:
        raise stopped[min(stopped, key=pieces.index)]
