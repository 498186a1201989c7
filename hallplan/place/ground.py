"""Compiled: what zones float over, where they are on it, and the grid lines that they lie on."""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from hallplan.place.board import inner
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints, woven

SHAPE_FROM, SHAPE_TO, WISH_FROM, WISH_TO, FLOW_FROM, FLOW_TO, IS_STAFF, NEEDS_STAFF, DAYLIT, MOVABLE = range(10)
(P_DAYLIGHT, P_ESCAPE, P_STAFF, P_WANTED, ESCAPE_M, GAP_M, DETOUR, APART_M, WAY_M, P_TAKEN, P_SHARED) = range(11)
RECT, STRIP, BEGIN, END = 0, 4, 8, 12
"""Columns of four: where a zone lies, the way before it, what walks from it begin at and what walks to it end at."""
PER_M, TOL_M = 10.0, 1e-6
"""Places a metre from which grid lines are looked up; how much larger a zone may be than the cells it lies in, m."""
Span = tuple[float, float, float, float]


class Ground(NamedTuple):
    """What zones float over; F floors, n zones and d doors, nx by ny cells.

    lines: (F, 2, m + 1) grid lines along x and y, m.  many: (F, 2) how many cells lie between them.  near: (F, 2, k) the last line at
    or before each of k places 1 / PER_M m apart.  frame: (F, 4) corner and size of a floor, m.
    lost: (k, nx + 1, ny + 1) counting tables of floor that zones may not cover, m².  unwalkable: (F, …) of floor that no way before
    zones may use.  ways: (F, …) of floor that is held open for ways.  dark: (F, nx, ny) m to daylight.  wanted: (t, nx, ny) m to cells
    that a zone is to cover.  out: (q, 4) floor and place of ways out, and whether staff alone leave by them.
    staff: (q, 3) floor and place of the doors that they come in by.
    links: (l, 6) two floors that a stair or lift joins, its place on either.  levels: (F,) of floors.
    shapes: (q, 5) width, depth, front (-1 without one), way before it, what its area costs; without a front the way is at any side.
    zones: (n, 10) as named above.  masks, goals: (n, F) tables of `lost` and of `wanted`, -1 for none; a zone may lie where it has a mask.
    rows: numbers of wishes and flows by zone.  wishes: as in `Pairs`.  flows: (m, 4) zones or doors (from n on) that walks lead from
    and to, price a metre, whether to all of a long counter.  price: (11,) as named above.
    """

    lines: Floats
    many: Ints
    near: Ints
    frame: Floats
    lost: Floats
    unwalkable: Floats
    ways: Floats
    dark: Floats
    wanted: Floats
    out: Floats
    staff: Floats
    links: Floats
    levels: Ints
    shapes: Floats
    zones: Ints
    masks: Ints
    goals: Ints
    rows: Ints
    wishes: Floats
    flows: Floats
    price: Floats


class Afloat(NamedTuple):
    """Where zones and doors are.

    at: (n + d, 16) m, as named above.  floors, fronts, sides, shapes: (n + d,); the front of counters, the side that the way
    is before, the number of the shape.
    """

    at: Floats
    floors: Ints
    fronts: Ints
    sides: Ints
    shapes: Ints


@woven
def spread(at: Floats, z: int, column: int, r: Span) -> None:
    at[z, column], at[z, column + 1], at[z, column + 2], at[z, column + 3] = r


@woven
def span(at: Floats, z: int, column: int) -> Span:
    return at[z, column], at[z, column + 1], at[z, column + 2], at[z, column + 3]


@woven
def _strip(r: Span, side: int, way: float) -> Span:
    if side == EAST:
        return r[2], r[1], r[2] + way, r[3]
    if side == NORTH:
        return r[0], r[3], r[2], r[3] + way
    if side == WEST:
        return r[0] - way, r[1], r[0], r[3]
    if side == SOUTH:
        return r[0], r[1] - way, r[2], r[1]
    return r[0], r[1], r[0], r[1]


@woven
def line_at(lines: Floats, many: Ints, near: Ints, f: int, axis: int, at: float) -> int:
    """Returns the last grid line at or before a place, the first or last one beyond them."""
    q = int((at - lines[f, axis, 0]) * PER_M)
    k = near[f, axis, min(max(q, 0), near.shape[2] - 1)]
    while k < many[f, axis] and lines[f, axis, k + 1] <= at:
        k += 1
    return int(k)


@woven
def nearest_line(lines: Floats, many: Ints, near: Ints, f: int, axis: int, at: float) -> int:
    k = line_at(lines, many, near, f, axis, at)
    return k + 1 if k < many[f, axis] and lines[f, axis, k + 1] - at < at - lines[f, axis, k] else k


@woven
def _between(lines: Floats, many: Ints, near: Ints, f: int, axis: int, low: float, size: float) -> tuple[float, float]:
    """Returns the grid lines that a zone lies between which is at least so large and begins near to a place."""
    k, last = nearest_line(lines, many, near, f, axis, low), many[f, axis]
    end = line_at(lines, many, near, f, axis, lines[f, axis, k] + size - TOL_M)
    if end < last:
        return lines[f, axis, k], lines[f, axis, end + 1]
    first = line_at(lines, many, near, f, axis, lines[f, axis, last] - size + TOL_M)
    return lines[f, axis, first], lines[f, axis, last]


@inner
def lay(at: Floats, floors: Ints, fronts: Ints, sides: Ints, chosen: Ints, lines: Floats, many: Ints, near: Ints, shapes: Floats, z: int,
         shape: int, side: int, floor: int, x: float, y: float) -> None:  # fmt: skip
    """Lays a zone on grid lines with its middle near to a place, within the floor's bounds."""
    width, depth, front, way = shapes[shape, 0], shapes[shape, 1], int(shapes[shape, 2]), shapes[shape, 3]
    side = front if front >= 0 else side if way > 0.0 else -1
    x0, x1 = _between(lines, many, near, floor, 0, x - width / 2, width)
    y0, y1 = _between(lines, many, near, floor, 1, y - depth / 2, depth)
    _put(at, z, (x0, y0, x1, y1), front, side, way)
    floors[z], fronts[z], sides[z], chosen[z] = floor, front, side, shape


@woven
def _put(at: Floats, z: int, r: Span, front: int, side: int, way: float) -> None:
    strip = _strip(r, side, way)
    spread(at, z, RECT, r)
    spread(at, z, STRIP, strip)
    if front >= 0:
        x, y = (strip[0] + strip[2]) / 2, (strip[1] + strip[3]) / 2
        spread(at, z, BEGIN, (x, y, x, y))
        spread(at, z, END, strip)
    else:
        r = (r[0] - way / 2, r[1] - way / 2, r[2] + way / 2, r[3] + way / 2)
        spread(at, z, BEGIN, r)
        spread(at, z, END, r)


@njit(cache=True, nogil=True)
def fix(g: Ground, s: Afloat, z: int, r: Span, floor: int, front: int) -> None:
    """Lays a zone in a rectangle where it stays."""
    way = g.shapes[s.shapes[z], 3]
    side = front if front >= 0 else s.sides[z]
    _put(s.at, z, r, front, side, way)
    s.floors[z], s.fronts[z], s.sides[z] = floor, front, side
