"""Floor straight out from a side of a zone, without nibs: what a zone can take in and still have edges that somebody would build."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.affinity import affine_transform
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.place import kernels as k

NIB_M, STEP_M = 0.9, 0.15
"""A stretch narrower than the first that ends beyond those beside it by more than it is wide is a nib; ends nearer to one another than the
second are one."""
PRECISION_M, EXACT_M, AT_EDGE_M = 1e-4, 1e-3, 0.02
SLIT_M = 4e-3
"""A slit in a zone no wider than this is one of rounding."""
_FAR_M = 100.0
_EASTWARD = {
    k.EAST: (1, 0, 0, 1, 0, 0),
    k.NORTH: (0, 1, -1, 0, 0, 0),
    k.WEST: (-1, 0, 0, -1, 0, 0),
    k.SOUTH: (0, -1, 1, 0, 0, 0),
}
"""By side the turn that makes it the east one."""
_BACK = {k.EAST: k.EAST, k.NORTH: k.SOUTH, k.WEST: k.WEST, k.SOUTH: k.NORTH}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Floor east of a side from one ordinate to another, and where it ends at these. is_firm: at what stands there."""

    area: Polygon
    low: float
    high: float
    ends: tuple[float, float]
    is_firm: bool

    @property
    def width(self) -> float:
        return self.high - self.low


def straight_out(
    piece: Polygon, rect: tuple[float, float, float, float], side: int, firm: BaseGeometry
) -> list[Polygon]:
    """Returns what of a piece of floor lies straight out from a side of a rectangle (x0, y0, x1, y1), m, with nothing between, without nibs.

    firm: edges of walls and zones.  Where the piece ends at others, which the lines of the search draw over open floor, one rectangle of it
    is kept: no stairs along a slanted way.
    """
    turn = _EASTWARD[side]
    turned, at_edges = (affine_transform(shape, turn) for shape in (piece, firm))
    begin = affine_transform(box(*rect), turn).bounds[2]
    stretches = _levelled(list(_stretches(turned, begin, at_edges)), begin)
    while (run := _nib(stretches, begin)) is not None:
        stretches = _cut_back(stretches, run, begin)
    return [affine_transform(area, _EASTWARD[_BACK[side]]) for area in _joined(stretches)]


def _levelled(stretches: list[_Stretch], begin: float) -> list[_Stretch]:
    """The stretches with one rectangle, the largest, left of each row of those that end at nothing firm."""
    found: list[_Stretch] = []
    for is_firm, row in itertools.groupby(range(len(stretches)), key=lambda n: stretches[n].is_firm):
        own = list(row)
        found += [stretches[n] for n in own] if is_firm else _rectangle(stretches, own, begin)
    return found


def _rectangle(stretches: list[_Stretch], row: list[int], begin: float) -> list[_Stretch]:
    """The largest rectangle that some neighbours in a row hold, as wide as is no nib; or that all hold, no deeper than what lies beside them."""
    best, chosen = 0.0, list[_Stretch]()
    for first, last in itertools.combinations_with_replacement(row, 2):
        own = stretches[first : last + 1]
        depth = min(end for one in own for end in one.ends)
        width = sum(one.width for one in own)
        beside = min(_beside(stretches, first, -1, begin), _beside(stretches, last, 1, begin))
        is_notch = len(own) == len(row) and depth < beside + EXACT_M
        is_whole = all(other.low - one.high < EXACT_M for one, other in itertools.pairwise(own))
        if is_whole and (width > NIB_M - EXACT_M or is_notch) and width * (depth - begin) > best:
            best, chosen = width * (depth - begin), [_cut(one, depth, begin) for one in own]
    return chosen


def _cut(one: _Stretch, depth: float, begin: float) -> _Stretch:
    """A stretch that ends at a depth or before."""
    area = one.area.intersection(box(begin - _FAR_M, one.low, depth, one.high))
    ends = min(one.ends[0], depth), min(one.ends[1], depth)
    return replace(one, area=area, ends=ends, is_firm=one.is_firm and max(one.ends) < depth)


def _stretches(piece: Polygon, begin: float, firm: BaseGeometry) -> Iterator[_Stretch]:
    """The stretches of a piece that touch the side, which lies at x = begin, from the south."""
    at = np.unique(np.round(shapely.get_coordinates(piece)[:, 1], 6))
    at = at[np.diff(at, prepend=-np.inf) > EXACT_M]
    for low, high in zip(at[:-1].tolist(), at[1:].tolist(), strict=True):
        slab = piece.intersection(box(begin - _FAR_M, low, begin + _FAR_M, high))
        for part in shapely.get_parts(slab):
            x0, y0, _, y1 = part.bounds
            if isinstance(part, Polygon) and x0 < begin + EXACT_M and y1 - y0 > (high - low) / 2:
                # a hair within: a corner of what lies beside it is none of its own
                ends = _end(part, low + EXACT_M / 2, begin), _end(part, high - EXACT_M / 2, begin)
                middle = Point((ends[0] + ends[1]) / 2, (low + high) / 2)
                yield _Stretch(part, low, high, ends, bool(firm.dwithin(middle, AT_EDGE_M)))


def _end(part: Polygon, at: float, begin: float) -> float:
    """Where a part ends at an ordinate: at the side itself where it does not come there."""
    there = part.intersection(LineString([(begin - _FAR_M, at), (begin + _FAR_M, at)]))
    return begin if there.is_empty else float(there.bounds[2])


def _runs(stretches: list[_Stretch]) -> list[list[int]]:
    """The stretches, by number, whose ends go on in those of the next."""
    runs: list[list[int]] = []
    for n, one in enumerate(stretches):
        before = stretches[n - 1] if n else None
        goes_on = before is not None and one.low - before.high < EXACT_M and abs(before.ends[1] - one.ends[0]) < STEP_M
        if goes_on:
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def _nib(stretches: list[_Stretch], begin: float) -> list[int] | None:
    """The narrowest run of stretches that is a nib."""
    found = []
    for run in _runs(stretches):
        first, last = stretches[run[0]], stretches[run[-1]]
        width = last.high - first.low
        beyond = max(
            first.ends[0] - _beside(stretches, run[0], -1, begin), last.ends[1] - _beside(stretches, run[-1], 1, begin)
        )
        if width < NIB_M - EXACT_M and beyond > width + EXACT_M:
            found.append((width, run))
    return min(found)[1] if found else None


def _beside(stretches: list[_Stretch], n: int, step: int, begin: float) -> float:
    """Where the stretch beside another ends; the side itself where there is none."""
    m = n + step
    if not 0 <= m < len(stretches):
        return begin
    one, other = stretches[n], stretches[m]
    gap = one.low - other.high if step < 0 else other.low - one.high
    return other.ends[1 if step < 0 else 0] if gap < EXACT_M else begin


def _cut_back(stretches: list[_Stretch], run: list[int], begin: float) -> list[_Stretch]:
    """The stretches with a run cut back to the deeper of those beside it that are less deep; without it where there is none."""
    deepest = max(max(stretches[n].ends) for n in run)
    beside = [_beside(stretches, run[0], -1, begin), _beside(stretches, run[-1], 1, begin)]
    depth = max((end for end in beside if end < deepest - EXACT_M), default=begin)
    kept = [_cut(stretches[n], depth, begin) for n in run] if depth - begin > EXACT_M else []
    return [*stretches[: run[0]], *kept, *stretches[run[-1] + 1 :]]


def _joined(stretches: list[_Stretch]) -> Iterator[Polygon]:
    # bare coordinates: a grid that they are rounded to would stay with them, and with all that is cut by them
    whole = shapely.union_all([one.area for one in stretches])
    return (part for part in shapely.get_parts(whole) if isinstance(part, Polygon))


def with_part(own: Polygon, part: BaseGeometry) -> Polygon | None:
    """Returns a zone's shape with a part, without slits; None when it is not one piece."""
    grown = (
        shapely.union_all([own, part]).buffer(SLIT_M / 2, join_style="mitre").buffer(-SLIT_M / 2, join_style="mitre")
    )
    whole = shapely.set_precision(grown, PRECISION_M).simplify(PRECISION_M)
    if isinstance(whole, MultiPolygon) or not isinstance(whole, Polygon) or whole.interiors:
        return None
    # without the grid that it was rounded to, on which whatever is cut from it later would lie too, in this process only
    return Polygon(shapely.get_coordinates(whole.exterior)) if whole.is_valid else None
