"""The visibility graph of a free space and the search through it, compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hallplan.geometry.grid import JIT, GridArrays, is_clear
from hallplan.geometry.polygons import Floats

TANGENT_TOL = 1e-10
Counts = NDArray[np.int64]
Corners = tuple[Floats, Floats, Floats]
"""Corners and their neighbours on both sides, (n, 2) each."""
Links = tuple[Counts, Counts, Floats]
"""Straight ways by where they start: row starts, corners they lead to, lengths."""


@JIT
def _grazes(k, x, y, nodes, before, after):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Whether a line from (x, y) touches corner k without cutting into it: only such lines lie on a shortest way."""
    ux, uy = nodes[k, 0] - x, nodes[k, 1] - y
    one = ux * (before[k, 1] - nodes[k, 1]) - uy * (before[k, 0] - nodes[k, 0])
    two = ux * (after[k, 1] - nodes[k, 1]) - uy * (after[k, 0] - nodes[k, 0])
    return not ((one > TANGENT_TOL and two < -TANGENT_TOL) or (one < -TANGENT_TOL and two > TANGENT_TOL))


def links_from(points: Floats, corners: Corners, grid: GridArrays) -> Links:
    """Returns the straight ways from each of `points` (p, 2) to corners: row starts (p + 1,), corners, lengths."""
    found: Links = _links(np.ascontiguousarray(points), False, *corners, *grid)
    return found


def corner_graph(corners: Corners, grid: GridArrays) -> Links:
    """Returns the straight ways between corners that graze both: row starts (n + 1,), corners, lengths."""
    rows, two, lengths = _links(corners[0], True, *corners, *grid)
    one = np.repeat(np.arange(len(corners[0])), np.diff(rows))
    starts, ends = np.concatenate([one, two]), np.concatenate([two, one])
    order = np.lexsort((ends, starts))
    rows = np.concatenate([[0], np.cumsum(np.bincount(starts, minlength=len(corners[0])))]).astype(np.int64)
    return rows, ends[order], np.concatenate([lengths, lengths])[order]


@JIT
def _links(points, are_corners, nodes, before, after, segments, heights, frame, shape, starts, members):  # type: ignore[no-untyped-def]  # pragma: no cover
    """are_corners: the points are the corners themselves; each pair once, from the first to the second."""
    rows = np.zeros(len(points) + 1, dtype=np.int64)
    ends = np.empty(4096, dtype=np.int64)
    lengths = np.empty(4096)
    count = 0
    for p in range(len(points)):
        x, y = points[p, 0], points[p, 1]
        for k in range(p + 1 if are_corners else 0, len(nodes)):
            if not _grazes(k, x, y, nodes, before, after):
                continue
            if are_corners and not _grazes(p, nodes[k, 0], nodes[k, 1], nodes, before, after):
                continue
            length = np.hypot(nodes[k, 0] - x, nodes[k, 1] - y)
            if length > 0.0 and not is_clear(
                x, y, 0.0, nodes[k, 0], nodes[k, 1], 0.0, segments, heights, frame, shape, starts, members
            ):  # fmt: skip
                continue
            if count == len(ends):
                ends = np.concatenate((ends, np.empty_like(ends)))
                lengths = np.concatenate((lengths, np.empty_like(lengths)))
            ends[count], lengths[count] = k, length
            count += 1
        rows[p + 1] = count
    return rows, ends[:count], lengths[:count]


def spread(
    first: Counts, first_lengths: Floats, estimate: Floats, tail: Floats, graph: Links
) -> tuple[Floats, Counts, int]:
    """Returns shortest lengths to each corner from a place whose straight ways lead to corners `first`.

    estimate: (n,) lower bound on the rest of the way, zeros for none.  tail: (n,) the last straight piece from a
    corner to the goal, inf where there is none; the search stops once no corner can beat the best whole way.
    Returns (n,) lengths, (n,) corner before each (-1: the start), and the last corner of the best way (-1: none).
    """
    n, size = len(graph[0]) - 1, len(first) + len(graph[1]) + 1
    far, came, done = np.full(n, np.inf), np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    heap = np.empty(size), np.empty(size, dtype=np.int64)
    last = _spread(first, first_lengths, estimate, tail, *graph, far, came, done, *heap)
    return far, came, int(last)


@JIT
def _spread(first, first_lengths, estimate, tail, rows, ends, lengths, far, came, done, key, who):  # type: ignore[no-untyped-def]  # pragma: no cover
    held = np.int64(0)
    best, last = np.inf, np.int64(-1)
    for f in range(len(first)):
        if first_lengths[f] < far[first[f]]:
            far[first[f]] = first_lengths[f]
            held = _push(key, who, held, first_lengths[f] + estimate[first[f]], first[f])
    while held > 0:
        bound, u = key[0], who[0]
        held = _pop(key, who, held)
        if bound >= best:
            break
        if done[u] == 1:
            continue
        done[u] = 1
        if far[u] + tail[u] < best:
            best, last = far[u] + tail[u], u
        for e in range(rows[u], rows[u + 1]):
            v, length = ends[e], far[u] + lengths[e]
            if length < far[v]:
                far[v], came[v] = length, u
                held = _push(key, who, held, length + estimate[v], v)
    return last


@JIT
def _push(key, who, held, value, node):  # type: ignore[no-untyped-def]  # pragma: no cover
    at = held
    while at > 0:
        above = (at - 1) // 2
        if key[above] <= value:
            break
        key[at], who[at] = key[above], who[above]
        at = above
    key[at], who[at] = value, node
    return held + 1


@JIT
def _pop(key, who, held):  # type: ignore[no-untyped-def]  # pragma: no cover
    held -= 1
    value, node = key[held], who[held]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= held:
            break
        if below + 1 < held and key[below + 1] < key[below]:
            below += 1
        if key[below] >= value:
            break
        key[at], who[at] = key[below], who[below]
        at = below
    key[at], who[at] = value, node
    return held
