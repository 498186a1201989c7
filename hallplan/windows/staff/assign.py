"""People to duties at the least cost, one each."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def assign(costs: Floats, allowed: NDArray[np.bool_], *, missing_price: float) -> dict[int, int]:
    """Returns person → duty, as many duties taken as can be and then at the least cost.

    costs, allowed: (n_people, n_duties).  missing_price: of a duty that nobody takes, above any sum of costs.
    Source: shortest augmenting paths (Jonker and Volgenant, 1987).
    """
    n_people, n_duties = costs.shape
    nobody = np.full((n_duties, n_duties), missing_price)
    table = np.concatenate([np.where(allowed, costs, np.inf).T, nobody], axis=1)
    duty_of = np.full(table.shape[1], -1, dtype=np.int64)
    augment(np.ascontiguousarray(table - min(float(table.min(initial=0.0)), 0.0)), duty_of)
    return {person: int(duty_of[person]) for person in range(n_people) if duty_of[person] >= 0}


@njit(cache=True, nogil=True, error_model="numpy")
def augment(costs: Floats, row_of: Ints) -> None:
    """Gives every row a column of its own at the least sum; costs (rows, columns) >= 0 and inf where they may not meet.

    row_of: (columns,) -1, filled with the row of each column taken.
    """
    rows, columns = costs.shape
    row_price, price, column_of = np.zeros(rows), np.zeros(columns), np.full(rows, -1)
    nearest, before, is_done = np.empty(columns), np.empty(columns, np.int64), np.empty(columns, np.bool_)
    for start in range(rows):
        nearest[:], before[:], is_done[:] = np.inf, start, False
        row, length, end = start, 0.0, -1
        while end < 0:
            best, least = -1, np.inf
            for j in range(columns):
                if is_done[j]:
                    continue
                through = length + costs[row, j] - row_price[row] - price[j]
                if through < nearest[j]:
                    nearest[j], before[j] = through, row
                if nearest[j] < least:
                    best, least = j, nearest[j]
            if best < 0:
                return
            length, is_done[best] = least, True
            end, row = (best, row) if row_of[best] < 0 else (-1, row_of[best])
        row_price[start] += length
        for j in range(columns):
            if is_done[j] and j != end:
                row_price[row_of[j]] += length - nearest[j]
                price[j] -= length - nearest[j]
        row = -1
        while row != start:
            row = before[end]
            row_of[end] = row
            column_of[row], end = end, column_of[row]
