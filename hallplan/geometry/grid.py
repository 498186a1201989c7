"""Segments in a uniform grid and the compiled walk through it."""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray

from hallplan.geometry.polygons import Floats

JIT = numba.njit(cache=True, nogil=True)
GridArrays = tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Segments, frame (x0, y0, cell), cells along x and y, where each cell's members start, members."""
CELLS_PER_SEGMENT = 2.4
"""1 m cells for 1,000 walls in 60 × 40 m, the fastest measured."""
MOST_CELLS = 250_000


class SegmentGrid:
    """Segments (n, 4) by the cells that they pass through; `arrays` is what the compiled functions take."""

    def __init__(self, segments: Floats) -> None:
        count = len(segments)
        corners = segments.reshape(-1, 2) if count else np.zeros((1, 2))
        low, high = corners.min(axis=0), corners.max(axis=0)
        width, height = np.maximum(high - low, 1e-6)
        wanted = min(MOST_CELLS, max(1.0, CELLS_PER_SEGMENT * count))
        cell = max(math.sqrt(width * height / wanted), max(width, height) / 512)
        nx, ny = int(width / cell) + 1, int(height / cell) + 1
        shape = np.array([nx, ny], dtype=np.int64)
        frame = np.array([low[0], low[1], cell])
        counts = np.zeros(nx * ny, dtype=np.int64)
        _fill(segments, frame, shape, counts, np.empty(0, dtype=np.int64), False)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        members = np.empty(starts[-1], dtype=np.int64)
        _fill(segments, frame, shape, starts[:-1].copy(), members, True)
        self.arrays: GridArrays = (segments, frame, shape, starts, members)


@JIT
def _fill(segments, frame, shape, place, members, is_filling):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Counts each cell's members one place on, or writes them where `place` says; `place` is moved on."""
    x0, y0, cell, nx = frame[0], frame[1], frame[2], shape[0]
    for n in range(len(segments)):
        ax, ay, bx, by = segments[n, 0], segments[n, 1], segments[n, 2], segments[n, 3]
        # half-width of a cell seen across the segment, a touch wider so that rounding loses none
        reach = 0.5 * cell * (abs(bx - ax) + abs(by - ay)) * (1 + 1e-9) + 1e-12
        for j in range(int((min(ay, by) - y0) / cell), int((max(ay, by) - y0) / cell) + 1):
            for i in range(int((min(ax, bx) - x0) / cell), int((max(ax, bx) - x0) / cell) + 1):
                cx, cy = x0 + (i + 0.5) * cell, y0 + (j + 0.5) * cell
                if abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) > reach:
                    continue
                if is_filling:
                    members[place[j * nx + i]] = n
                place[j * nx + i] += 1


@JIT
def _meets(ax, ay, bx, by, cx, cy, ex, ey):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Whether the segments a–b and c–e share a point."""
    c = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    e = (bx - ax) * (ey - ay) - (by - ay) * (ex - ax)
    if (c > 0 and e > 0) or (c < 0 and e < 0):
        return False
    a = (ex - cx) * (ay - cy) - (ey - cy) * (ax - cx)
    b = (ex - cx) * (by - cy) - (ey - cy) * (bx - cx)
    if (a > 0 and b > 0) or (a < 0 and b < 0):
        return False
    if a != 0 or b != 0:
        return True
    # on one line: they meet where their boxes do
    if max(cx, ex) < min(ax, bx) or min(cx, ex) > max(ax, bx):
        return False
    return max(cy, ey) >= min(ay, by) and min(cy, ey) <= max(ay, by)


@JIT
def is_clear(ax, ay, bx, by, segments, frame, shape, starts, members):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Whether the line a–b meets none of the segments; the line is walked cell by cell from a."""
    nx, ny, cell = shape[0], shape[1], frame[2]
    px, py = (ax - frame[0]) / cell, (ay - frame[1]) / cell
    dx, dy = (bx - frame[0]) / cell - px, (by - frame[1]) / cell - py
    t0, t1 = 0.0, 1.0
    for axis in range(2):
        p, d, most = (px, dx, nx) if axis == 0 else (py, dy, ny)
        if d == 0.0:
            if p < 0.0 or p > most:
                return True
        else:
            enter, leave = -p / d, (most - p) / d
            if enter > leave:
                enter, leave = leave, enter
            t0, t1 = max(t0, enter), min(t1, leave)
    if t0 > t1:
        return True
    i = min(max(math.floor(px + t0 * dx), 0), nx - 1)
    j = min(max(math.floor(py + t0 * dy), 0), ny - 1)
    si, sj = (1 if dx > 0 else -1), (1 if dy > 0 else -1)
    step_x = abs(1.0 / dx) if dx != 0.0 else np.inf
    step_y = abs(1.0 / dy) if dy != 0.0 else np.inf
    next_x = ((i + (1 if dx > 0 else 0)) - px) / dx if dx != 0.0 else np.inf
    next_y = ((j + (1 if dy > 0 else 0)) - py) / dy if dy != 0.0 else np.inf
    while True:
        home = j * nx + i
        for k in range(starts[home], starts[home + 1]):
            s = members[k]
            if _meets(ax, ay, bx, by, segments[s, 0], segments[s, 1], segments[s, 2], segments[s, 3]):
                return False
        if min(next_x, next_y) > t1:
            return True
        if next_x < next_y:
            i += si
            next_x += step_x
        else:
            j += sj
            next_y += step_y
        if i < 0 or j < 0 or i >= nx or j >= ny:
            return True


@JIT
def pairs_clear(eyes, marks, segments, frame, shape, starts, members):  # type: ignore[no-untyped-def]  # pragma: no cover
    """is_clear for each row of eyes and marks, (n, 2) each."""
    found = np.empty(len(eyes), dtype=np.bool_)
    for n in range(len(eyes)):
        found[n] = is_clear(
            eyes[n, 0], eyes[n, 1], marks[n, 0], marks[n, 1], segments, frame, shape, starts, members
        )  # fmt: skip
    return found
