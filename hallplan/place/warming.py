"""The compiled part of the search made ready, side by side in processes: what compiling takes of memory goes with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numba
import numpy as np

from hallplan.parallel import side_by_side
from hallplan.place import drafting, putting, whole, worth
from hallplan.place.board import board_of, lay_of
from hallplan.place.inserting import NOWHERE
from hallplan.place.rounds import compile_rounds
from hallplan.place.state import State


def warm(state: State, jobs: int) -> None:
    """Compiles what the search needs where it is not kept from an earlier call, then loads it once for all processes that follow."""
    shares = _shares(state)
    if jobs > 1:
        side_by_side([partial(_compile, share) for share in shares], jobs)
    for share in shares:
        _compile(share)


def _shares(state: State) -> list[list[Callable[[], object]]]:
    """What is compiled, in two shares that take about equally long.

    What `sight` needs for staff's ways comes first in the other share, where it is done by the time `sight` comes to it: else both would
    compile it, and rounds, which need all of `sight`, the rest of that.
    """
    board, task = board_of(state.task), state.task
    lay = lay_of(state, board)
    look = worth.Worth().look(task)
    putting_in = (lay, np.zeros(1, np.int32), 0.0, False, NOWHERE, 0, 1)
    calls: list[list[tuple[Any, tuple[object, ...]]]] = [
        [(worth.crossings, (lay, look)), (putting.put_in, putting_in), (whole.is_whole, (lay, 0))],
        [
            (worth.sight, (lay, task.pairs, 0.0, look)),
            (worth.lacking_beside_staff, (lay, look.now.stood)),
        ],
    ]
    typeof: Callable[[object], Any] = numba.typeof
    shares: list[list[Callable[[], object]]] = [
        [partial(kernel.compile, tuple(typeof(arg) for arg in (board, *args))) for kernel, args in share]
        for share in calls
    ]
    shares[0].append(partial(compile_rounds, state))
    if state.unplaced:
        for kernel, args in drafting.kernels(state):
            shares[1].append(partial(kernel.compile, tuple(typeof(arg) for arg in args)))
    return shares


def _compile(share: list[Callable[[], object]]) -> None:
    for call in share:
        call()
