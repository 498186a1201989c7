"""The visibility graph of a free space and the search through it, compiled."""

from __future__ import annotations

import numba
import numpy as np

from hallplan.geometry.grid import is_clear

TANGENT_TOL = 1e-10


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def _grazes(k, x, y, nodes, before, after):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Whether a line from (x, y) touches corner k without cutting into it: only such lines lie on a shortest way."""
    ux, uy = nodes[k, 0] - x, nodes[k, 1] - y
    one = ux * (before[k, 1] - nodes[k, 1]) - uy * (before[k, 0] - nodes[k, 0])
    two = ux * (after[k, 1] - nodes[k, 1]) - uy * (after[k, 0] - nodes[k, 0])
    return not ((one > TANGENT_TOL and two < -TANGENT_TOL) or (one < -TANGENT_TOL and two > TANGENT_TOL))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def links_from(points, nodes, before, after, segments, frame, shape, starts, members):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Straight ways from each of `points` (p, 2) to corners: row starts (p + 1,), corners, lengths."""
    rows = np.zeros(len(points) + 1, dtype=np.int64)
    ends = np.empty(1024, dtype=np.int64)
    lengths = np.empty(1024)
    count = 0
    for p in range(len(points)):
        x, y = points[p, 0], points[p, 1]
        for k in range(len(nodes)):
            length = np.hypot(nodes[k, 0] - x, nodes[k, 1] - y)
            if not _grazes(k, x, y, nodes, before, after):
                continue
            if length > 0.0 and not is_clear(
                x, y, nodes[k, 0], nodes[k, 1], segments, frame, shape, starts, members
            ):  # fmt: skip
                continue
            if count == len(ends):
                ends = np.concatenate((ends, np.empty_like(ends)))
                lengths = np.concatenate((lengths, np.empty_like(lengths)))
            ends[count], lengths[count] = k, length
            count += 1
        rows[p + 1] = count
    return rows, ends[:count], lengths[:count]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def corner_graph(nodes, before, after, segments, frame, shape, starts, members):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Straight ways between corners that graze both: row starts (n + 1,), corners, lengths."""
    count, n = 0, len(nodes)
    one = np.empty(4096, dtype=np.int64)
    two = np.empty(4096, dtype=np.int64)
    degree = np.zeros(n + 1, dtype=np.int64)
    for i in range(n):
        for j in range(i + 1, n):
            if not _grazes(j, nodes[i, 0], nodes[i, 1], nodes, before, after):
                continue
            if not _grazes(i, nodes[j, 0], nodes[j, 1], nodes, before, after):
                continue
            if not is_clear(
                nodes[i, 0], nodes[i, 1], nodes[j, 0], nodes[j, 1], segments, frame, shape, starts, members
            ):  # fmt: skip
                continue
            if count == len(one):
                one = np.concatenate((one, np.empty_like(one)))
                two = np.concatenate((two, np.empty_like(two)))
            one[count], two[count] = i, j
            degree[i + 1] += 1
            degree[j + 1] += 1
            count += 1
    rows = np.cumsum(degree)
    place = rows[:-1].copy()
    ends = np.empty(2 * count, dtype=np.int64)
    lengths = np.empty(2 * count)
    for e in range(count):
        i, j = one[e], two[e]
        length = np.hypot(nodes[i, 0] - nodes[j, 0], nodes[i, 1] - nodes[j, 1])
        ends[place[i]], lengths[place[i]] = j, length
        ends[place[j]], lengths[place[j]] = i, length
        place[i] += 1
        place[j] += 1
    return rows, ends, lengths


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def spread(first, first_lengths, estimate, tail, rows, ends, lengths):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Shortest lengths to each corner from a place whose straight ways lead to corners `first`.

    estimate: (n,) lower bound on the rest of the way, zeros for none.  tail: (n,) the last straight piece from a
    corner to the goal, inf where there is none; the search stops once no corner can beat the best whole way.
    Returns (n,) lengths, (n,) corner before each (-1: the start), and the last corner of the best way (-1: none).
    """
    n = len(rows) - 1
    far = np.full(n, np.inf)
    came = np.full(n, -1, dtype=np.int64)
    done = np.zeros(n, dtype=np.bool_)
    size = len(first) + len(ends) + 1
    key = np.empty(size)
    who = np.empty(size, dtype=np.int64)
    held = 0
    best, last = np.inf, -1
    for f in range(len(first)):
        if first_lengths[f] < far[first[f]]:
            far[first[f]] = first_lengths[f]
            held = _push(key, who, held, first_lengths[f] + estimate[first[f]], first[f])
    while held > 0:
        bound, u = key[0], who[0]
        held = _pop(key, who, held)
        if bound >= best:
            break
        if done[u]:
            continue
        done[u] = True
        if far[u] + tail[u] < best:
            best, last = far[u] + tail[u], u
        for e in range(rows[u], rows[u + 1]):
            v, length = ends[e], far[u] + lengths[e]
            if length < far[v]:
                far[v], came[v] = length, u
                held = _push(key, who, held, length + estimate[v], v)
    return far, came, last


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
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


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
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
