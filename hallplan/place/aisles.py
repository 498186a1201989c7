"""The ways of a layout as areas: public main ways, and those of the staff."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import clear_width
from hallplan.model.layout import Aisle, Network
from hallplan.model.site import ObstacleKind
from hallplan.place import kernels as k
from hallplan.place.closing import closed_cells
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.lined import side_fronts
from hallplan.place.networks import Networks, networks
from hallplan.place.rows import chosen_form
from hallplan.place.spec import Spec
from hallplan.place.state import State
from hallplan.place.walking import nearest_inside
from hallplan.units import round_m

LEAST_M2, WALKED_M = 1.0, 0.6
"""Pieces of less than this, or nowhere so wide, are left out."""
PIECE_M2 = 12.0
"""Pieces smaller than this, cut off from their network, join the other."""
PUBLIC, STAFF = 0, 1
NEAR_M = 2.0
"""An entrance this near to a piece of floor leads into it."""


def make_aisles(state: State) -> tuple[Aisle, ...]:
    """Returns the free space of a layout in which one can walk, by network, each piece with its narrowest clear width."""
    aisles: list[Aisle] = []
    for floor, grid in enumerate(state.task.grids):
        owner, least, beside = _owners(state, floor), min(grid.ways), _beside_columns(state, floor)
        public = [_ranked(piece, state, floor) for piece in _pieces(grid, owner == PUBLIC, beside)]
        mains = [area for main, _ in public for area in main]
        seconds = [area for _, second in public for area in second]
        for areas, network, rank, letter, (ends, through) in (
            (mains, "public", "main", "M", (_ends(state, floor), _through(state, floor))),
            (seconds, "public", "second", "N", ((), ())),
            (_pieces(grid, owner == STAFF, beside), "staff", "main", "S", ((), ())),
        ):
            for n, area in enumerate(areas, 1):
                id, width = f"{grid.floor.id}-{letter}{n}", round_m(clear_width(area, least, ends, through))
                aisles.append(Aisle(id, grid.floor.id, _network(network), area, width, _rank(rank)))
    return tuple(aisles)


def _ends(state: State, floor: int) -> list[Point]:
    """What the main ways of a floor lead to: the middle of the fronts of counters that ask for one."""
    grid, found = state.task.grids[floor], list[Point]()
    for spec in _counters(state, floor):
        x0, y0, x1, y1 = grid.rect(state.rects[spec.index])
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        fronts = {k.EAST: (x1, y), k.NORTH: (x, y1), k.WEST: (x0, y), k.SOUTH: (x, y0)}
        found.append(Point(fronts[state.front[spec.index]]))
    return found


def _through(state: State, floor: int) -> list[Polygon]:
    """The entrance zones of a floor."""
    grid, specs = state.task.grids[floor], [spec for spec in state.task.specs if spec.is_passable]
    return [shapely.box(*grid.rect(state.rects[s.index])) for s in specs if state.floor[s.index] == floor]


def _counters(state: State, floor: int) -> list[Spec]:
    """The zones of a floor whose front asks for a main way; a lock that stands as a mere obstacle has no front."""
    main_m = max(state.task.grids[floor].ways)
    specs = [spec for spec in state.task.specs if state.floor[spec.index] == floor and state.front[spec.index] >= 0]
    return [spec for spec in specs if spec.has_front and spec.way_m == main_m and not spec.is_passable]


def _ranked(piece: Polygon, state: State, floor: int) -> tuple[list[Polygon], list[Polygon]]:
    """A piece of public floor as main ways, which a window of their width can be pushed through from where people come in,
    and the ways that branch off through narrower necks or are narrower all over, but for those to counters that ask for a main way.
    Nooks stay with the main ways."""
    grid = state.task.grids[floor]
    half = max(grid.ways) / 2 - 1e-3
    cores = [core for core in shapely.get_parts(piece.buffer(-half, join_style="mitre")) if not core.is_empty]
    starts = [Point(point) for point in (*grid.public_seeds, *_ways_in(state, floor))]
    near = [point for point in starts if piece.distance(point) < NEAR_M]
    stands = [point for point in _before_counters(state, floor) if piece.covers(point)]
    if not cores and not stands:
        return [], [piece]
    if not near or not cores:
        return [piece], []
    kept = {min(range(len(cores)), key=lambda n: cores[n].distance(point)) for point in near}
    main = shapely.union_all([cores[n] for n in sorted(kept)]).buffer(half, join_style="mitre")
    rest = shapely.get_parts(piece.difference(main.buffer(1e-3, join_style="mitre")))
    ways = [part for part in rest if isinstance(part, Polygon) and _is_way(part, grid)]
    seconds = [part.simplify(1e-3) for part in ways if not any(part.covers(point) for point in stands)]
    whole = piece.difference(shapely.union_all(seconds))
    mains = [part for part in shapely.get_parts(whole) if isinstance(part, Polygon) and part.area >= LEAST_M2]
    return mains, seconds


def _is_walked(piece: Polygon) -> bool:
    """Whether people walk there: a strip between pilasters, however long, is nobody's way."""
    return bool(piece.area >= LEAST_M2 and not piece.buffer(-WALKED_M / 2, join_style="mitre").is_empty)


def _is_way(part: Polygon, grid: Grid) -> bool:
    """Whether a way of the least width goes some metres into a part."""
    half = min(grid.ways) / 2 - 1e-3
    return bool(part.area >= LEAST_M2 and not part.buffer(-half, join_style="mitre").is_empty)


def _ways_in(state: State, floor: int) -> list[tuple[float, float]]:
    """Where visitors come out of the entrance zones of a floor."""
    specs = [spec for spec in state.task.specs if spec.is_passable and state.floor[spec.index] == floor]
    return [state.access_point(spec.index) for spec in specs]


def _before_counters(state: State, floor: int) -> list[Point]:
    """Where visitors stand before the counters of a floor that main ways lead to."""
    return [Point(state.access_point(spec.index)) for spec in _counters(state, floor)]


def _rank(name: str) -> Literal["main", "second"]:
    return "second" if name == "second" else "main"


def _network(name: str) -> Network:
    return "public" if name == "public" else "staff"


def _owners(state: State, floor: int) -> np.ndarray:
    """PUBLIC or STAFF by free cell that people can come to, -1 elsewhere.

    Visitors have what lies nearer to their ways and to where they stand before counters along sides; the staff what lies nearer to
    theirs, or what only they can come to.
    """
    grid = state.task.grids[floor]
    way = grid.ways[min(grid.ways)]
    closed = closed_cells(state, floor)
    free = grid.walk & ((state.occupied[floor] == 0) | closed)
    found = networks(state, floor)
    if found is None:
        return np.full(free.shape, -1, np.int32)
    reach = found.reach
    # a main way's window may lie on floor that none of the narrower ones, which end on other lines, comes to
    for_public = free & np.logical_or.reduce(
        [k.covered(np.isfinite(reach.public[w]), own.reach_x, own.reach_y) for w, own in grid.ways.items()]
    )
    for_staff = free & k.covered(np.isfinite(reach.staff), way.reach_x, way.reach_y)
    owner = np.full(free.shape, -1, np.int32)
    owner[for_public & reach.exit_ways] = PUBLIC
    owner[for_staff & (closed | (found.own & ~found.shared))] = STAFF
    owner[for_public & _before_sides(state, floor, found)] = PUBLIC
    owner[for_public & (reach.public_ways | (state.kept[floor] > 0))] = PUBLIC
    near, _ = k.spread(for_public | for_staff, owner)
    owner = np.where(for_public & (near != STAFF), PUBLIC, np.where(for_staff, STAFF, PUBLIC))
    owner = np.where(for_public | for_staff, owner, -1)
    entrances = state.public_cells(floor) & ~free
    passed = reach.public_ways, _passed(state, floor, found)
    return _joined(grid, owner, (for_public, for_staff), entrances, passed)


def _before_sides(state: State, floor: int, found: Networks) -> Bools:
    """Where visitors stand before the counters along the sides of zones, and how they come there from their ways; off those of the staff."""
    grid, marked = state.task.grids[floor], np.zeros(state.occupied[floor].shape, np.bool_)
    way, theirs = grid.ways[min(grid.ways)], found.own & ~found.public
    strips = [strip for spec in _counters(state, floor) for strip in _side_strips(state, spec.index)]
    if not strips:
        return marked
    dist = from_ways(state, floor, found)
    stood = k.covered(np.isfinite(dist), way.reach_x, way.reach_y) & ~theirs
    for i0, j0, i1, j1 in strips:
        marked[i0:i1, j0:j1] |= stood[i0:i1, j0:j1]
        at = nearest_inside(dist, way, (i0, j0, i1, j1))
        if at is not None:
            k.trace(dist, way.portals, at, way.reach_x, way.reach_y, marked)
    return marked & ~theirs


def from_ways(state: State, floor: int, found: Networks) -> Floats:
    """Returns how far it is for visitors from their ways to each anchor of a floor, unless both come in by the same doors off those of the
    staff (`shared.stood_on`)."""
    grid = state.task.grids[floor]
    way, cells, free = grid.ways[min(grid.ways)], state.public_cells(floor), state.occupied[floor] == 0
    if grid.staff_seeds != grid.public_seeds:
        cells = cells & (~(found.own & free) | found.public)
    valid = way.anchors(cells)
    begin = np.argwhere(valid & way.anchors(found.public)).astype(np.int32)
    return way.flood(valid, begin, grid.ones)


def _side_strips(state: State, z: int) -> list[tuple[int, int, int, int]]:
    """The cells before the sides of a zone that have counters, in the form that it is laid out in."""
    grid, form = state.task.grids[state.floor[z]], chosen_form(state, z)
    sides = side_fronts(state, z, form) if form is not None else []
    return [k.strip(grid.xs, grid.ys, state.rects[z], side, deep) for side, _, deep in sides]


def _passed(state: State, floor: int, found: Networks) -> Bools:
    """The cells of staff's ways that lead from one zone of theirs to another, off visitors' ways all along."""
    grid, trod = state.task.grids[floor], found.own & ~found.shared
    step_x, step_y = np.arange(1, grid.xs.size, dtype=np.int32), np.arange(1, grid.ys.size, dtype=np.int32)
    part, _ = k.label(trod, step_x, step_y)
    manned = np.array([0, *(spec.index + 1 if spec.needs_staff else 0 for spec in state.task.specs)])
    beside = np.zeros((int(part.max()) + 1, manned.size + 1), np.bool_)
    # what lies beside a way: zones by number, none as 0, visitors' ways in the last column
    other = np.pad(np.where(found.shared, manned.size, manned[state.occupied[floor]]), 1)
    for around in (other[:-2, 1:-1], other[2:, 1:-1], other[1:-1, :-2], other[1:-1, 2:]):
        beside[part, around] = True
    joins = (beside[:, 1:-1].sum(axis=1) > 1) & ~beside[:, -1]
    joins[0] = False
    return np.asarray(joins[part])


def _joined(
    grid: Grid, owner: np.ndarray, may_have: tuple[Bools, Bools], entrances: Bools, passed: tuple[Bools, Bools]
) -> np.ndarray:
    """Gives small pieces of either network, cut off from the rest of it, to the other where that can come to them.

    entrances: cells of the zones that visitors walk through, which join pieces of theirs.  passed: cells by which visitors come to what they
    want, as in a room behind a door narrower than a way, and staff from one zone to another; a piece with any is no rest, however small.
    """
    areas = np.diff(grid.xs)[:, None] * np.diff(grid.ys)[None, :]
    step_x, step_y = np.arange(1, grid.xs.size, dtype=np.int32), np.arange(1, grid.ys.size, dtype=np.int32)
    nobody = np.zeros_like(entrances)
    for which, other, joining, kept in (
        (STAFF, PUBLIC, nobody, passed[STAFF]),
        (PUBLIC, STAFF, entrances, passed[PUBLIC]),
    ):
        part, _ = k.label((owner == which) | joining, step_x, step_y)
        size = np.bincount(part.ravel(), weights=areas.ravel())
        size[0] = math.inf
        size[1:][size[1:] == size[1:].max(initial=0.0)] = math.inf
        size[part[kept & (owner == which)]] = math.inf
        small = (size < PIECE_M2)[part] & (owner == which)
        owner = np.where(small & may_have[other], other, owner)
    return owner


def _pieces(grid: Grid, cells: Bools, beside: Sequence[BaseGeometry]) -> list[Polygon]:
    """Some cells as areas, with those of the pieces of floor beside columns that most of whose edge lies along them."""
    i, j = np.nonzero(cells)
    whole = shapely.union_all(shapely.box(grid.xs[i], grid.ys[j], grid.xs[i + 1], grid.ys[j + 1]))
    near = [piece for piece in beside if whole.intersection(piece.boundary).length > piece.length / 2]
    whole = shapely.union_all([whole, *near])
    parts = whole.geoms if isinstance(whole, MultiPolygon) else [whole]
    kept = [part.simplify(1e-6) for part in parts if isinstance(part, Polygon) and _is_walked(part)]
    return sorted(kept, key=lambda part: (-part.area, part.bounds))


def _beside_columns(state: State, floor: int) -> list[BaseGeometry]:
    """What columns leave of the cells that they stand in, where no zone lies: a way beside one is as wide as up to its face."""
    grid = state.task.grids[floor]
    i, j = np.nonzero(grid.inside & ~grid.walk & (state.occupied[floor] == 0))
    columns = shapely.union_all([column.area for column in grid.floor.of_kind(ObstacleKind.COLUMN)])
    cells = shapely.union_all(shapely.box(grid.xs[i], grid.ys[j], grid.xs[i + 1], grid.ys[j + 1]))
    return [part for part in shapely.get_parts(cells.difference(columns)) if part.area > 1e-6]
