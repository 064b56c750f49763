"""Pieces that need others: none begins too early, as many as are allowed go on at once, and a stop stops the rest."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhed.engine.side_by_side import side_by_side


@st.composite
def orders(draw):
    """Return how many pieces there are, which earlier ones each needs, and how many may go on at once."""
    n = draw(st.integers(0, 9))
    needs = {piece: draw(st.sets(st.integers(-2, piece - 1))) if piece else set() for piece in range(n)}
    return needs, draw(st.integers(1, 4))


@given(orders())
def test_a_piece_begins_when_what_it_needs_is_finished(order):
    needs, most = order
    going_on, finished, done = set(), set(), []
    for piece, is_finished in side_by_side(range(len(needs)), needs.get, done.append, most):
        if is_finished:
            going_on.remove(piece)
            finished.add(piece)
        else:
            assert {one for one in needs[piece] if one >= 0} <= finished
            going_on.add(piece)
            assert len(going_on) <= most
    assert finished == set(needs) == set(done) and len(done) == len(needs)


@given(orders(), st.sets(st.integers(0, 8)))
def test_after_a_stop_nothing_that_needs_it_is_begun_and_the_first_reason_is_told(order, faulty):
    needs, most = order
    begun, stopped = [], []

    def work(piece):
        if piece in faulty:
            stopped.append(piece)
            raise ValueError(piece)

    try:
        for piece, is_finished in side_by_side(range(len(needs)), needs.get, work, most):
            if not is_finished:
                assert not needs[piece] & faulty & set(needs)
                begun.append(piece)
    except ValueError as error:
        assert error.args == (min(stopped),)
    assert bool(stopped) == bool(faulty & set(begun)) and set(stopped) == faulty & set(begun)
    assert stopped or begun == list(needs)


def test_one_at_a_time_keeps_the_order():
    news = list(side_by_side("abc", lambda piece: set(), lambda piece: None, 1))
    assert news == [(piece, is_finished) for piece in "abc" for is_finished in (False, True)]


def test_two_go_on_at_once():
    both = threading.Barrier(2, timeout=20)
    assert len(list(side_by_side("ab", lambda piece: set(), lambda piece: both.wait(), 2))) == 4
    with pytest.raises(threading.BrokenBarrierError):
        alone = threading.Barrier(2, timeout=0.2)
        list(side_by_side("ab", lambda piece: set(), lambda piece: alone.wait(), 1))
