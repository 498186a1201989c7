"""Slicing trees annealed in compiled code: the floor is cut in two, each part again, until each zone has its own.

Nodes 0..n-1 are the leaves, one a zone; n..2n-2 the cuts. A change lays out anew only the smallest subtree that holds
it. Shapes out of bounds cost a price that swings, so that the walk goes through layouts that do not fit and back
(strategic oscillation, Glover 1989). Slicing trees with prune and regraft: ours, after Wong and Liu 1986.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hallplan.place.rectangles.problem import Case, Floats, Ints

FITS = 1e-9
EPOCH = 400
FEW, MANY = 0.15, 0.50
SWING = 1.15
LEVELS = 4
"""Best layouts kept by how far shapes are out: none, and up to three further limits, which exact coordinates may mend."""


class Tree(NamedTuple):
    """parent, left, right, cut (0 side by side, 1 one above the other), area and x, y, w, h of nodes; `root[0]`."""

    parent: Ints
    left: Ints
    right: Ints
    cut: Ints
    area: Floats
    rect: Floats
    root: Ints


class Trial(NamedTuple):
    """Scratch of a move: rectangles of touched nodes, stamps, the stack, the list of touched nodes, excess by leaf.

    old, new: (2, n) centres of the leaves before and after a move; share: (n,) how much of a flow to a leaf counts, a
    half where the leaf moves too, so that it counts from both its ends; all three with zeros up to a multiple of LANES.
    """

    rect: Floats
    stamp: NDArray[np.int64]
    mark: NDArray[np.int64]
    stack: Ints
    touched: Ints
    excess: Floats
    clock: NDArray[np.int64]
    old: Floats
    new: Floats
    share: Floats


@njit(cache=True, nogil=True)
def draw(state: NDArray[np.uint64]) -> float:
    """Returns a number in [0, 1) and steps the generator. Source: xorshift64*, Vigna 2016."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True)
def seeded(seed: int) -> NDArray[np.uint64]:
    """Returns a generator; neighbouring seeds give unlike sequences."""
    state = np.empty(1, np.uint64)
    z = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state[0] = z ^ (z >> np.uint64(31)) | np.uint64(1)
    for _ in range(8):
        draw(state)
    return state


@njit(cache=True, nogil=True)
def replace_child(tree: Tree, old: int, new: int) -> None:
    """Puts node `new` where `old` hangs."""
    above = tree.parent[old]
    tree.parent[new] = above
    if above < 0:
        tree.root[0] = new
    elif tree.left[above] == old:
        tree.left[above] = new
    else:
        tree.right[above] = new


@njit(cache=True, nogil=True)
def sum_up(tree: Tree, node: int) -> None:
    """Renews areas from a node to the root."""
    while node >= 0:
        tree.area[node] = tree.area[tree.left[node]] + tree.area[tree.right[node]]
        node = tree.parent[node]


@njit(cache=True, nogil=True)
def prune(tree: Tree, s: int) -> int:
    """Takes a subtree out with the cut above it; returns its former sibling."""
    p = tree.parent[s]
    q = int(tree.left[p] + tree.right[p] - s)
    replace_child(tree, p, q)
    sum_up(tree, tree.parent[q])
    return q


@njit(cache=True, nogil=True)
def graft(tree: Tree, s: int, t: int, cut: int, is_first: bool) -> None:
    """Puts subtree s with its cut beside subtree t."""
    p = tree.parent[s]
    replace_child(tree, t, p)
    tree.parent[t] = p
    tree.cut[p] = cut
    tree.left[p], tree.right[p] = (s, t) if is_first else (t, s)
    sum_up(tree, p)


@njit(cache=True, nogil=True)
def exchange(tree: Tree, a: int, b: int) -> None:
    """Exchanges two subtrees, neither inside the other."""
    pa, pb = tree.parent[a], tree.parent[b]
    if pa == pb:
        tree.left[pa], tree.right[pa] = tree.right[pa], tree.left[pa]
        return
    if tree.left[pa] == a:
        tree.left[pa] = b
    else:
        tree.right[pa] = b
    if tree.left[pb] == b:
        tree.left[pb] = a
    else:
        tree.right[pb] = a
    tree.parent[a], tree.parent[b] = pb, pa
    sum_up(tree, pa)
    sum_up(tree, pb)


@njit(cache=True, nogil=True)
def is_inside(tree: Tree, node: int, top: int) -> bool:
    """Tells whether a node is `top` or below it."""
    while node >= 0:
        if node == top:
            return True
        node = tree.parent[node]
    return False


@njit(cache=True, nogil=True)
def common(tree: Tree, trial: Trial, a: int, b: int) -> int:
    """Returns the lowest node above, or equal to, both."""
    trial.clock[1] += 1
    while a >= 0:
        trial.mark[a] = trial.clock[1]
        a = tree.parent[a]
    while trial.mark[b] != trial.clock[1]:
        b = tree.parent[b]
    return b


@njit(cache=True, nogil=True)
def lay_out(tree: Tree, trial: Trial, top: int, n: int) -> int:
    """Lays out a subtree in trial.rect[top]; returns the number of touched nodes."""
    trial.clock[0] += 1
    now, count, depth = trial.clock[0], 0, 1
    trial.stack[0] = top
    rect = trial.rect
    while depth > 0:
        depth -= 1
        node = trial.stack[depth]
        trial.touched[count] = node
        trial.stamp[node] = now
        count += 1
        if node < n:
            continue
        a, b = tree.left[node], tree.right[node]
        share = tree.area[a] / tree.area[node]
        x, y, w, h = rect[node, 0], rect[node, 1], rect[node, 2], rect[node, 3]
        if tree.cut[node] == 0:
            rect[a, 0], rect[a, 1], rect[a, 2], rect[a, 3] = x, y, w * share, h
            rect[b, 0], rect[b, 1], rect[b, 2], rect[b, 3] = x + w * share, y, w - w * share, h
        else:
            rect[a, 0], rect[a, 1], rect[a, 2], rect[a, 3] = x, y, w, h * share
            rect[b, 0], rect[b, 1], rect[b, 2], rect[b, 3] = x, y + h * share, w, h - h * share
        trial.stack[depth] = a
        trial.stack[depth + 1] = b
        depth += 2
    return count


@njit(cache=True, nogil=True)
def excess(case: Case, i: int, w: float, h: float) -> float:
    """Returns by what share zone i's place is too narrow or too shallow for every shape it may have."""
    thin, flat = case.low[i] / w - 1.0, case.areas[i] / (h * case.high[i]) - 1.0
    out = 0.0
    if thin > FITS:
        out += thin
    if flat > FITS:
        out += flat
    return out


@njit(cache=True, nogil=True)
def distance(dx: float, dy: float, is_euclidean: bool) -> float:
    """Returns the length of a step."""
    return math.sqrt(dx * dx + dy * dy) if is_euclidean else abs(dx) + abs(dy)


@njit(cache=True, nogil=True, fastmath={"reassoc", "nsz", "contract"})
def full_gain(case: Case, trial: Trial, count: int) -> float:
    """Returns how the cost of the touched leaves' flows changes, from the whole matrix: most pairs have a flow."""
    old, new, share, matrix = trial.old, trial.new, trial.share, case.matrix
    total = 0.0
    for m in range(count):
        i = trial.touched[m]
        if i >= len(case.areas):
            continue
        ox, oy, nx, ny = old[0, i], old[1, i], new[0, i], new[1, i]
        if case.is_euclidean:
            for k in range(matrix.shape[1]):
                ax, ay, bx, by = nx - new[0, k], ny - new[1, k], ox - old[0, k], oy - old[1, k]
                total += matrix[i, k] * share[k] * (math.sqrt(ax * ax + ay * ay) - math.sqrt(bx * bx + by * by))
        else:
            for k in range(matrix.shape[1]):
                gain = abs(nx - new[0, k]) + abs(ny - new[1, k]) - abs(ox - old[0, k]) - abs(oy - old[1, k])
                total += matrix[i, k] * share[k] * gain
    return total


@njit(cache=True, nogil=True)
def near_gain(case: Case, trial: Trial, count: int) -> float:
    """Returns how the cost of the touched leaves' flows changes, from lists of neighbours: few pairs have a flow."""
    old, new = trial.old, trial.new
    total = 0.0
    for m in range(count):
        i = trial.touched[m]
        if i >= len(case.areas):
            continue
        for at in range(case.starts[i], case.starts[i + 1]):
            k = case.near[at]
            gain = distance(new[0, i] - new[0, k], new[1, i] - new[1, k], case.is_euclidean)
            gain -= distance(old[0, i] - old[0, k], old[1, i] - old[1, k], case.is_euclidean)
            total += case.weights[at] * trial.share[k] * gain
    return total


@njit(cache=True, nogil=True)
def weigh(case: Case, tree: Tree, trial: Trial, count: int) -> tuple[float, float]:
    """Returns how cost and excess change when the touched nodes move to where the trial has them."""
    n = len(case.areas)
    out = 0.0
    old, new = tree.rect, trial.rect
    for m in range(count):
        i = trial.touched[m]
        if i < n:
            trial.excess[i] = excess(case, i, new[i, 2], new[i, 3])
            out += trial.excess[i] - excess(case, i, old[i, 2], old[i, 3])
            trial.new[0, i], trial.new[1, i] = new[i, 0] + new[i, 2] / 2, new[i, 1] + new[i, 3] / 2
            trial.share[i] = 0.5
    cost = full_gain(case, trial, count) if len(case.matrix) else near_gain(case, trial, count)
    for m in range(count):
        i = trial.touched[m]
        if i < n:
            trial.share[i] = 1.0
            trial.new[0, i], trial.new[1, i] = trial.old[0, i], trial.old[1, i]
    return cost, out


@njit(cache=True, nogil=True)
def accept(tree: Tree, trial: Trial, count: int) -> None:
    """Makes the trial's rectangles the tree's."""
    for m in range(count):
        node = trial.touched[m]
        for axis in range(4):
            tree.rect[node, axis] = trial.rect[node, axis]
        if node < len(trial.excess):
            for axis in range(2):
                trial.old[axis, node] = tree.rect[node, axis] + tree.rect[node, 2 + axis] / 2
                trial.new[axis, node] = trial.old[axis, node]


@njit(cache=True, nogil=True)
def start_from(trial: Trial, top: int, rect: Floats) -> None:
    """Gives the top of a subtree its rectangle."""
    for axis in range(4):
        trial.rect[top, axis] = rect[axis]


@njit(cache=True, nogil=True)
def near_node(case: Case, tree: Tree, rng: NDArray[np.uint64], s: int, n: int) -> int:
    """Returns a node to put s beside: any, or one around a zone that s has flow with."""
    if s < n and case.starts[s + 1] > case.starts[s] and draw(rng) < 0.5:
        span = case.starts[s + 1] - case.starts[s]
        t = int(case.near[case.starts[s] + int(draw(rng) * span)])
        while draw(rng) < 0.45 and tree.parent[t] >= 0:
            t = int(tree.parent[t])
        return t
    return int(draw(rng) * (2 * n - 1))
