"""What compiled code tells of the ways in a state, looked at from nothing."""

from __future__ import annotations

import numpy as np

from hallplan.place.board import board_of, lay_of
from hallplan.place.looks import Look
from hallplan.place.state import State
from hallplan.place.walked import walks
from hallplan.place.worth import Worth, crossings


def ways_seen(state: State) -> tuple[float, float, Look]:
    """Returns metres of staff ways that are public ways too, what staff's walks cost, and the look that told it."""
    board, look = board_of(state.task), Worth().look(state.task)
    lay = lay_of(state, board)
    walks(board, lay, np.inf, 1.0, look)
    return *crossings(board, lay, look), look
