"""A cover improved by swaps, compiled: takes a column out, lets others in, and minds the needs that are missed most."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Lists = tuple[Numbers, Numbers]
"""Where the members of each begin, and the members of all one after the other."""

SEED, FACTOR, SHIFT, MODULUS = 12345, 1103515245, 12345, 2**31


@njit(cache=True)
def _flip(
    j: int, up: Flags, rows: Lists, columns: Lists, counts: Numbers, weights: Numbers, scores: Numbers
) -> None:  # fmt: skip
    """Puts a column in or takes it out. A score is the weight of what a flip would newly meet, or less nothing, miss."""
    up[j] = not up[j]
    scores[j] = -scores[j]
    step = 1 if up[j] else -1
    for need in columns[1][columns[0][j] : columns[0][j + 1]]:
        others = counts[need] - (step < 0)
        counts[need] += step
        if others > 1:
            continue
        for k in rows[1][rows[0][need] : rows[0][need + 1]]:
            # met by no other: others gain nothing by it now, or again; by one other: that one may go now, or must stay
            if k != j and (others == 0 or up[k]):
                scores[k] += weights[need] * (step if others else -step)


@njit(cache=True)
def _best(among: Numbers, is_up: bool, up: Flags, scores: Numbers, moved: Numbers, tabu: int) -> int:
    """Of some columns that are in, or are not, the one with the highest score, of equal ones that which rested longest."""
    best = -1
    for j in among:
        if up[j] != is_up or j == tabu:
            continue
        if best < 0 or scores[j] > scores[best] or (scores[j] == scores[best] and moved[j] < moved[best]):
            best = j
    return best


@njit(cache=True)
def swapped(rows: Lists, columns: Lists, start: Flags, goal: int, steps: int) -> Flags:
    """Returns a cover with as few columns as the search finds, `goal` of them at best.

    rows, columns: starts and members of the columns of each need and of the needs of each column.  start: a cover,
    (columns,).  steps: swaps at most.
    Source: row weighting local search, C. Gao, T. Weise, J. Li 2015, with random numbers of its own.
    """
    every, n_needs = np.arange(len(start)), len(rows[0]) - 1
    up, best, moved = np.zeros(len(start), dtype=np.bool_), start.copy(), np.zeros(len(start), dtype=np.int64)
    weights, counts, scores = np.ones(n_needs, dtype=np.int64), np.zeros(n_needs, dtype=np.int64), np.diff(columns[0])
    for j in np.flatnonzero(start):
        _flip(int(j), up, rows, columns, counts, weights, scores)
    state, last = SEED, -1
    for step in range(1, steps + 1):
        while counts.min() > 0:
            best[:] = up
            if best.sum() <= goal:
                return best
            _flip(_best(every, True, up, scores, moved, -1), up, rows, columns, counts, weights, scores)
        out = _best(every, True, up, scores, moved, last)
        if out < 0:
            break
        _flip(out, up, rows, columns, counts, weights, scores)
        missed = np.flatnonzero(counts == 0)
        state = (FACTOR * state + SHIFT) % MODULUS
        need = missed[(state >> 8) % len(missed)]
        last = _best(rows[1][rows[0][need] : rows[0][need + 1]], False, up, scores, moved, out)
        last = out if last < 0 else last
        _flip(last, up, rows, columns, counts, weights, scores)
        moved[out] = moved[last] = step
        for need in missed:
            if counts[need] == 0:
                weights[need] += 1
                scores[rows[1][rows[0][need] : rows[0][need + 1]]] += 1
    return best


def swapped_cover(meets: Flags, goal: int, steps: int) -> Flags:
    """Returns a cover with few columns, (columns,): greedy, then improved by swaps; meets (columns, needs)."""
    up, left = np.zeros(len(meets), dtype=np.bool_), np.ones(meets.shape[1], dtype=np.bool_)
    while left.any():
        best = int(meets[:, left].sum(axis=1).argmax())
        up[best], left = True, left & ~meets[best]
    return np.asarray(swapped(_lists(meets.T), _lists(meets), up, goal, steps))


def _lists(holds: Flags) -> Lists:
    owners, members = np.nonzero(holds)
    return np.searchsorted(owners, np.arange(len(holds) + 1)), members
