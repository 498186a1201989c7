"""Doors and necks narrower than a way: where people still pass from one part of a floor to the next."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from hallplan.place import kernels as k
from hallplan.place.kernels import Bools, Floats, Ints
from hallplan.place.weights import WEIGHTS

if TYPE_CHECKING:
    from hallplan.place.anchors import Way

STEP_M = 0.15
BESIDE_M, EXACT_M = 0.1, 5e-3
"""Where the middle of what is WEIGHTS.neck_m wide can be is widened by this, so that a fine grid meets it; what a width may lack."""
SAME_M = 1e-3
"""Corners of a drawing so near to each other are one: edges of nanometres throw wedges into what is narrowed."""
LONGEST_M = 8.0
APART_M = 1.5


def find_portals(usable: MultiPolygon, xs: Floats, ys: Floats, way: Way, valid: Bools) -> Ints:
    """Returns (p, 5) pairs of anchors i, j, i, j and their distance in cm: the passages between parts of a network.

    Parts are what ways of this width join; a passage is where a person can walk from one to the next.
    """
    part, _ = k.label(valid, way.reach_x, way.reach_y)
    if part.max(initial=0) < 2:
        return np.zeros((0, 5), np.int32)
    mask, x, y = _fine(usable, float(xs[0]), float(xs[-1]), float(ys[0]), float(ys[-1]))
    owner, steps = k.spread(mask, _starts(mask, x, y, way, valid))
    return _meetings(owner, steps, part, x, y)


@lru_cache(maxsize=8)
def _fine(usable: MultiPolygon, x0: float, x1: float, y0: float, y1: float) -> tuple[Bools, Floats, Floats]:
    """Where people come through, the narrowest doors counted, on a fine grid, kept for the next grid of the same floor."""
    x = np.arange(x0 + STEP_M / 2, x1, STEP_M)
    y = np.arange(y0 + STEP_M / 2, y1, STEP_M)
    middles = usable.simplify(SAME_M).buffer(EXACT_M - WEIGHTS.neck_m / 2, join_style="mitre")
    narrowed = middles.buffer(BESIDE_M, join_style="mitre")
    shapely.prepare(narrowed)
    return np.asarray(shapely.contains_xy(narrowed, x[:, None], y[None, :])), x, y


def _starts(mask: Bools, x: Floats, y: Floats, way: Way, valid: Bools) -> Ints:
    owner = np.full(mask.shape, -1, np.int32)
    i, j = np.nonzero(valid)
    fx = np.clip(np.searchsorted(x, way.at_x[i]), 0, x.size - 1)
    fy = np.clip(np.searchsorted(y, way.at_y[j]), 0, y.size - 1)
    owner[fx, fy] = i * valid.shape[1] + j
    return owner


def _meetings(owner: Ints, steps: Ints, part: Ints, x: Floats, y: Floats) -> Ints:
    flat = part.ravel()
    found = []
    for axis in (0, 1):
        a = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
        b = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
        meet = (steps[a] >= 0) & (steps[b] >= 0)
        meet &= flat[np.maximum(owner[a], 0)] != flat[np.maximum(owner[b], 0)]
        fi, fj = np.nonzero(meet)
        length = (steps[a][meet] + steps[b][meet] + 1) * STEP_M
        found += list(zip(length, x[fi], y[fj], owner[a][meet], owner[b][meet], strict=True))
    return _spread_out(sorted(found), flat, part.shape[1])


def _spread_out(found: list[tuple[float, float, float, int, int]], flat: Ints, ny: int) -> Ints:
    """Keeps the shortest passage of each doorway: those between the same two parts lie APART_M from each other."""
    kept: dict[tuple[int, int], list[tuple[float, float]]] = {}
    rows = []
    for length, px, py, a, b in found:
        if length > LONGEST_M:
            break
        pair = (min(int(flat[a]), int(flat[b])), max(int(flat[a]), int(flat[b])))
        others = kept.setdefault(pair, [])
        if all(abs(px - qx) + abs(py - qy) >= APART_M for qx, qy in others):
            others.append((px, py))
            rows.append((*divmod(int(a), ny), *divmod(int(b), ny), round(100 * length)))
    return np.array(rows, np.int32).reshape(-1, 5)
