"""The walk through slicing trees: moves, their undoing, cooling, and the best layouts met on the way."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hallplan.place.rectangles.problem import LANES, Case, Floats, Ints
from hallplan.place.rectangles.slicing import (
    EPOCH,
    FEW,
    FITS,
    LEVELS,
    MANY,
    SWING,
    Tree,
    Trial,
    accept,
    common,
    distance,
    draw,
    excess,
    exchange,
    graft,
    is_inside,
    lay_out,
    near_node,
    prune,
    seeded,
    start_from,
    weigh,
)

PROBES = 300
GRAFTED, SWAPPED, TURNED = 1, 2, 3
Rng = NDArray[np.uint64]


@njit(cache=True, nogil=True)
def empty_tree(n: int) -> Tree:
    """Returns the arrays of a tree of n leaves."""
    m = 2 * n - 1
    return Tree(
        np.full(m, -1, np.int32), np.full(m, -1, np.int32), np.full(m, -1, np.int32), np.zeros(m, np.int32),
        np.zeros(m), np.zeros((m, 4)), np.zeros(1, np.int32),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def empty_trial(n: int) -> Trial:
    """Returns the scratch for a tree of n leaves."""
    m, wide = 2 * n - 1, -(-n // LANES) * LANES
    return Trial(
        np.zeros((m, 4)), np.zeros(m, np.int64), np.zeros(m, np.int64), np.zeros(m + 2, np.int32),
        np.zeros(m, np.int32), np.zeros(n), np.zeros(2, np.int64), np.zeros((2, wide)),
        np.zeros((2, wide)), np.ones(wide),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def grow(case: Case, rng: Rng) -> Tree:
    """Returns a random tree: leaves in random order, each put beside a random node."""
    n = len(case.areas)
    tree = empty_tree(n)
    order = np.arange(n)
    for i in range(n - 1, 0, -1):
        j = int(draw(rng) * (i + 1))
        order[i], order[j] = order[j], order[i]
    tree.area[:n] = case.areas
    tree.root[0] = order[0]
    for m in range(1, n):
        p, s = n + m - 1, order[m]
        tree.parent[s] = p
        seen = int(draw(rng) * (2 * m - 1))
        t = order[seen] if seen < m else n + seen - m
        graft(tree, s, t, int(draw(rng) * 2), draw(rng) < 0.5)
    return tree


@njit(cache=True, nogil=True)
def regraft(case: Case, tree: Tree, trial: Trial, rng: Rng, undo: Ints) -> int:
    """Moves a subtree beside another node; returns the number of touched nodes, 0 when nothing was done."""
    n = len(case.areas)
    s = int(draw(rng) * n) if draw(rng) < 0.7 else int(draw(rng) * (2 * n - 1))
    p = tree.parent[s]
    if p < 0:
        return 0
    q = tree.left[p] + tree.right[p] - s
    t = near_node(case, tree, rng, s, n)
    if t == p:
        t = q
    cut, is_first = int(draw(rng) * 2), draw(rng) < 0.5
    undo[0], undo[1], undo[2], undo[3], undo[4] = GRAFTED, s, q, tree.cut[p], tree.left[p] == s
    if is_inside(tree, t, s) or (t == q and cut == undo[3] and is_first == (undo[4] == 1)):
        return 0
    prune(tree, s)
    graft(tree, s, t, cut, is_first)
    top = common(tree, trial, p, q)
    source = top
    if top == q:
        source = p
    elif top == p and t != q:
        source = t
    start_from(trial, top, tree.rect[source])
    return lay_out(tree, trial, top, n)


@njit(cache=True, nogil=True)
def swap(case: Case, tree: Tree, trial: Trial, rng: Rng, undo: Ints) -> int:
    """Exchanges two subtrees; returns the number of touched nodes, 0 when nothing was done."""
    n = len(case.areas)
    a = int(draw(rng) * n) if draw(rng) < 0.75 else int(draw(rng) * (2 * n - 1))
    b = int(draw(rng) * n) if draw(rng) < 0.75 else int(draw(rng) * (2 * n - 1))
    if is_inside(tree, a, b) or is_inside(tree, b, a):
        return 0
    undo[0], undo[1], undo[2] = SWAPPED, a, b
    exchange(tree, a, b)
    top = common(tree, trial, a, b)
    start_from(trial, top, tree.rect[top])
    return lay_out(tree, trial, top, n)


@njit(cache=True, nogil=True)
def turn(case: Case, tree: Tree, trial: Trial, rng: Rng, undo: Ints) -> int:
    """Turns a cut, exchanges its sides, or both; returns the number of touched nodes."""
    n = len(case.areas)
    node = n + int(draw(rng) * (n - 1))
    kind = 1 + int(draw(rng) * 3)
    undo[0], undo[1], undo[2] = TURNED, node, kind
    turn_node(tree, node, kind)
    start_from(trial, node, tree.rect[node])
    return lay_out(tree, trial, node, n)


@njit(cache=True, nogil=True)
def turn_node(tree: Tree, node: int, kind: int) -> None:
    """Turns (kind & 1) and mirrors (kind & 2) a cut."""
    if kind & 1:
        tree.cut[node] = 1 - tree.cut[node]
    if kind & 2:
        tree.left[node], tree.right[node] = tree.right[node], tree.left[node]


@njit(cache=True, nogil=True)
def take_back(tree: Tree, undo: Ints) -> None:
    """Undoes a move."""
    if undo[0] == GRAFTED:
        prune(tree, undo[1])
        graft(tree, undo[1], undo[2], undo[3], undo[4] == 1)
    elif undo[0] == SWAPPED:
        exchange(tree, undo[1], undo[2])
    else:
        turn_node(tree, undo[1], undo[2])


@njit(cache=True, nogil=True)
def propose(case: Case, tree: Tree, trial: Trial, rng: Rng, undo: Ints) -> int:
    """Makes a random move on the tree; returns the number of touched nodes, 0 when nothing was done."""
    kind = draw(rng)
    if kind < 0.45:
        return regraft(case, tree, trial, rng, undo)
    if kind < 0.80:
        return swap(case, tree, trial, rng, undo)
    return turn(case, tree, trial, rng, undo)


@njit(cache=True, nogil=True)
def settle(case: Case, tree: Tree, trial: Trial) -> tuple[float, float]:
    """Lays the whole tree out; returns its cost and excess."""
    n = len(case.areas)
    root = tree.root[0]
    trial.rect[root, 0], trial.rect[root, 1], trial.rect[root, 2], trial.rect[root, 3] = (
        0.0,
        0.0,
        case.width,
        case.height,
    )
    accept(tree, trial, lay_out(tree, trial, root, n))
    cost = out = 0.0
    for i in range(n):
        out += excess(case, i, tree.rect[i, 2], tree.rect[i, 3])
        for at in range(case.starts[i], case.starts[i + 1]):
            k = case.near[at]
            dx = tree.rect[i, 0] + tree.rect[i, 2] / 2 - tree.rect[k, 0] - tree.rect[k, 2] / 2
            dy = tree.rect[i, 1] + tree.rect[i, 3] / 2 - tree.rect[k, 1] - tree.rect[k, 3] / 2
            cost += 0.5 * case.weights[at] * distance(dx, dy, case.is_euclidean)
    return cost, out


@njit(cache=True, nogil=True)
def scales(case: Case, tree: Tree, trial: Trial, rng: Rng) -> tuple[float, float]:
    """Returns the mean change of cost and of excess over some moves from the tree, none of them made."""
    undo = np.zeros(5, np.int32)
    costs = outs = 1e-12
    for _ in range(PROBES):
        count = propose(case, tree, trial, rng, undo)
        if count > 0:
            cost, out = weigh(case, tree, trial, count)
            costs += abs(cost) / PROBES
            outs += abs(out) / PROBES
            take_back(tree, undo)
    return costs, outs


@njit(cache=True, nogil=True)
def anneal(
    case: Case, tree: Tree, moves: int, seed: int, hot: float, cold: float, limits: Floats, halt: NDArray[np.bool_]
) -> tuple[Floats, Floats, int]:
    """Cools a tree over a number of moves; heat goes from `hot` to `cold` times the mean change of cost at the start.

    limits: (LEVELS,) rising excess up to which a layout counts.  halt[0]: set from outside, stops the walk.
    Returns the best costs (LEVELS,), their rectangles (LEVELS, n, 4), and the number of moves made.
    """
    n, rng = len(case.areas), seeded(seed)
    trial, undo = empty_trial(n), np.zeros(5, np.int32)
    costs, rects = np.full(LEVELS, np.inf), np.zeros((LEVELS, n, 4))
    cost, out = settle(case, tree, trial)
    scale, outs = scales(case, tree, trial, rng)
    price, heat = scale / max(outs, 1e-3), hot * scale
    fade = (cold / hot) ** (1.0 / max(1, moves // 50))
    taken = fitting = 0
    for move in range(moves):
        if move % 50 == 0:
            if halt[0]:
                return costs, rects, move
            heat *= fade
        count = propose(case, tree, trial, rng, undo)
        if count == 0:
            continue
        gain, more = weigh(case, tree, trial, count)
        rise = gain + price * more
        if rise > 0 and draw(rng) >= math.exp(-rise / heat):
            take_back(tree, undo)
            continue
        accept(tree, trial, count)
        cost, out = cost + gain, out + more
        taken, fitting = taken + 1, fitting + (out <= FITS)
        if taken == EPOCH:
            price *= SWING if fitting < FEW * EPOCH else 1.0 / SWING if fitting > MANY * EPOCH else 1.0
            taken = fitting = 0
            cost, out = settle(case, tree, trial)
        for level in range(LEVELS):
            if out <= limits[level] and cost < costs[level] * (1 - 1e-9):
                costs[level] = cost
                rects[level] = tree.rect[:n]
    return costs, rects, moves
