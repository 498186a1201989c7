"""Compiled: simulated annealing over the order of zones, their rows and the depths of rows."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place.bays.costs import cost_of
from hallplan.place.bays.hall import Hall
from hallplan.place.bays.laying import DEPTHS_M, Genes, Laid, Lists, lay_all
from hallplan.place.kernels import Ints


@njit(cache=True, nogil=True)
def _copy(a: Genes, b: Genes) -> None:
    a.order[:] = b.order
    a.row[:] = b.row
    a.gap[:] = b.gap
    a.small[:] = b.small
    a.form[:] = b.form
    a.depth[:] = b.depth
    a.turned[:] = b.turned


@njit(cache=True, nogil=True)
def _pick_row(rows: Ints, counts: Ints, z: int) -> int:
    return int(rows[z, np.random.randint(0, counts[z])])


@njit(cache=True, nogil=True)
def _move_before(order: Ints, a: int, b: int) -> None:
    """Moves the entry at place a of an order to place b."""
    value = order[a]
    if a < b:
        order[a:b] = order[a + 1 : b + 1].copy()
    else:
        order[b + 1 : a + 1] = order[b:a].copy()
    order[b] = value


@njit(cache=True, nogil=True)
def _change(genes: Genes, lists: Lists) -> None:
    """One random change of the genes."""
    rows, counts = lists.rows, lists.counts
    n = genes.order.size
    u = np.random.random()
    a = np.random.randint(0, n)
    z = genes.order[a]
    if u < 0.28:
        genes.row[z] = _pick_row(rows, counts, z)
        genes.gap[z] = 0
        _move_before(genes.order, a, np.random.randint(0, n))
    elif u < 0.46:
        _move_before(genes.order, a, np.random.randint(0, n))
    elif u < 0.62:
        b = np.random.randint(0, n)
        other = genes.order[b]
        genes.order[a], genes.order[b] = other, z
        p, q = genes.row[z], genes.row[other]
        if _may(rows, counts, z, q) and _may(rows, counts, other, p):
            genes.row[z], genes.row[other] = q, p
    elif u < 0.78:
        if lists.near_counts[z] > 0:
            other = lists.near[z, np.random.randint(0, lists.near_counts[z])]
            q = genes.row[other]
            if np.random.random() < 0.5:
                q = lists.pairs[q]
            if _may(rows, counts, z, q):
                genes.row[z] = q
                genes.gap[z] = 0
                for b in range(n):
                    if genes.order[b] == other:
                        c = min(n - 1, b + np.random.randint(0, 2))
                        _move_before(genes.order, a, c)
                        break
    elif u < 0.86:
        genes.depth[genes.row[z]] = np.random.randint(0, DEPTHS_M.size)
    elif u < 0.90:
        genes.turned[genes.row[z]] = 1 - genes.turned[genes.row[z]]
    elif u < 0.94:
        genes.gap[z] = 0 if genes.gap[z] > 0 else np.random.randint(1, 12)
    elif u < 0.97:
        genes.small[z] = 1 - genes.small[z]
    else:
        genes.form[z] = np.random.randint(0, 4)


@njit(cache=True, nogil=True)
def _may(rows: Ints, counts: Ints, z: int, q: int) -> bool:
    return bool(q >= 0 and (rows[z, : counts[z]] == q).any())


@njit(cache=True, nogil=True)
def _missing(genes: Genes, laid: Laid) -> Ints:
    """Returns the zones without a place."""
    found = np.empty(genes.order.size, np.int32)
    n = 0
    for z in genes.order:
        if laid.floor[z] < 0:
            found[n] = z
            n += 1
    return found[:n]


@njit(cache=True, nogil=True)
def _find_room(genes: Genes, rows: Ints, counts: Ints, z: int) -> None:
    """Lays one zone sooner and in another row, at its least area."""
    genes.row[z] = _pick_row(rows, counts, z)
    genes.gap[z] = 0
    genes.small[z] = 1
    genes.form[z] = np.random.randint(0, 4)
    for a in range(genes.order.size):
        if genes.order[a] == z:
            _move_before(genes.order, a, np.random.randint(0, a + 1))
            break


@njit(cache=True, nogil=True)
def anneal(
    hall: Hall, genes: Genes, best: Genes, laid: Laid, lists: Lists, moves: int, hot: float, cold: float, seed: int
) -> float:
    """Anneals over a number of moves from `genes`; `best` holds the best found, whose cost is returned."""
    np.random.seed(seed)
    trial = Genes(genes.order.copy(), genes.row.copy(), genes.gap.copy(), genes.small.copy(), genes.form.copy(),
                  genes.depth.copy(), genes.turned.copy())  # fmt: skip
    lay_all(hall, genes, laid)
    cost = cost_of(hall, laid, np.inf)
    least = cost
    _copy(best, genes)
    missing = _missing(genes, laid)
    for m in range(moves):
        heat = hot * (cold / hot) ** (m / moves)
        _copy(trial, genes)
        if missing.size > 0 and np.random.random() < 0.4:
            _find_room(trial, lists.rows, lists.counts, missing[np.random.randint(0, missing.size)])
        else:
            _change(trial, lists)
        if np.random.random() < 0.25:
            _change(trial, lists)
        lay_all(hall, trial, laid)
        most = cost - heat * np.log(max(np.random.random(), 1e-12))
        new = cost_of(hall, laid, most)
        if new < most:
            cost = new
            _copy(genes, trial)
            missing = _missing(genes, laid)
            if cost < least - 1e-9:
                least = cost
                _copy(best, genes)
    return least
