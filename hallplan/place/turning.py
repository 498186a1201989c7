"""Compiled: shortest ways in which turns count, by Dijkstra's algorithm over anchors and headings."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place.kernels import Bools, Floats, Ints


@njit(cache=True, nogil=True)
def _push(heap: Floats, nodes: Ints, size: int, value: float, node: int) -> None:
    """Puts a node in a binary heap of `size`; ties go to the lower node."""
    at = size
    while at > 0:
        up = (at - 1) // 2
        if heap[up] < value or (heap[up] == value and nodes[up] <= node):
            break
        heap[at], nodes[at] = heap[up], nodes[up]
        at = up
    heap[at], nodes[at] = value, node


@njit(cache=True, nogil=True)
def _sink(heap: Floats, nodes: Ints, size: int) -> None:
    """Puts the last of `size` + 1 entries of a binary heap in the place of its first."""
    value, node = heap[size], nodes[size]
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        other = down + 1
        if other < size and (heap[other] < heap[down] or (heap[other] == heap[down] and nodes[other] < nodes[down])):
            down = other
        if value < heap[down] or (value == heap[down] and node <= nodes[down]):
            break
        heap[at], nodes[at] = heap[down], nodes[down]
        at = down
    heap[at], nodes[at] = value, node


@njit(cache=True, nogil=True)
def turning_tree(
    valid: Bools, step_x: Floats, step_y: Floats, toll: Floats, seeds: Ints, portals: Ints, turn_m: float
) -> tuple[Floats, Ints]:
    """Returns least length plus turn_m a turn, by anchor and heading (0 along x, 1 along y), and the node one came from.

    The answer is dist (nx, ny, 2), infinite where no way leads, and came, by node (i * ny + j) * 2 + heading, -1 at
    seeds. step_x: (nx - 1,) and step_y: (ny - 1,) m between anchors; portals as in `flood`. Dijkstra's algorithm.
    """
    nx, ny = valid.shape
    total = nx * ny * 2
    dist, came = np.full(total, np.inf), np.full(total, -1, np.int32)
    room = 6 * total + 8 * portals.shape[0] + 16
    heap, nodes = np.empty(room), np.empty(room, np.int32)
    gate = np.zeros(nx * ny, np.bool_)
    for p in range(portals.shape[0]):
        gate[portals[p, 0] * ny + portals[p, 1]] = gate[portals[p, 2] * ny + portals[p, 3]] = True
    size = 0
    ends, lengths = np.empty(8 + 4 * portals.shape[0], np.int64), np.empty(8 + 4 * portals.shape[0])
    for s in range(seeds.shape[0]):
        for heading in range(2):
            node = (seeds[s, 0] * ny + seeds[s, 1]) * 2 + heading
            if dist[node] > 0.0:
                dist[node] = 0.0
                _push(heap, nodes, size, 0.0, node)
                size += 1
    while size > 0:
        here, node = heap[0], nodes[0]
        size -= 1
        _sink(heap, nodes, size)
        if here > dist[node]:
            continue
        cell, heading = node // 2, node % 2
        i, j = cell // ny, cell % ny
        n = 1
        ends[0], lengths[0] = node ^ 1, turn_m
        if heading == 0:
            if i + 1 < nx and valid[i + 1, j]:
                ends[n], lengths[n] = node + 2 * ny, step_x[i] * toll[i + 1, j]
                n += 1
            if i > 0 and valid[i - 1, j]:
                ends[n], lengths[n] = node - 2 * ny, step_x[i - 1] * toll[i - 1, j]
                n += 1
        else:
            if j + 1 < ny and valid[i, j + 1]:
                ends[n], lengths[n] = node + 2, step_y[j] * toll[i, j + 1]
                n += 1
            if j > 0 and valid[i, j - 1]:
                ends[n], lengths[n] = node - 2, step_y[j - 1] * toll[i, j - 1]
                n += 1
        if gate[cell]:
            for p in range(portals.shape[0]):
                for side in range(0, 4, 2):
                    a, b = portals[p, 2 - side], portals[p, 3 - side]
                    if portals[p, side] == i and portals[p, side + 1] == j and valid[a, b]:
                        ends[n], lengths[n] = (a * ny + b) * 2, portals[p, 4] / 100.0
                        ends[n + 1], lengths[n + 1] = (a * ny + b) * 2 + 1, portals[p, 4] / 100.0
                        n += 2
        for e in range(n):
            if here + lengths[e] < dist[ends[e]] - 1e-9:
                dist[ends[e]] = here + lengths[e]
                came[ends[e]] = node
                _push(heap, nodes, size, dist[ends[e]], ends[e])
                size += 1
    return dist.reshape(nx, ny, 2), came
