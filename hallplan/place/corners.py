"""Leftover floor beside zones, and the rest up to slanted or curved walls, given to them: rectangles become L shapes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.clipping import clipped
from hallplan.model.layout import ScorePart
from hallplan.model.site import ObstacleKind, OpeningRole
from hallplan.model.space import opens_into
from hallplan.place import kernels as k
from hallplan.place.bands import with_narrow_bands
from hallplan.place.fill import lost_cells
from hallplan.place.lines import is_absorbed
from hallplan.place.necks import KEEP_H24, approach, passage
from hallplan.place.outward import PRECISION_M, straight_out, with_part
from hallplan.place.own_doors import up_to_doors
from hallplan.place.spec import Spec
from hallplan.place.state import State, reached
from hallplan.place.weights import WEIGHTS

REACH_M = 2.4
"""How far a zone may grow beyond one of its sides."""
LEAST_M2, LEAST_SIDE_M = 0.04, 0.3
"""A corner smaller than this, or joined to the zone by less, is no gain."""
MOST_OF_SIDE, WALL_SHARE, STAND_M = 0.8, 0.35, 0.9
DOOR_GAP_M = 1.5
"""A zone that is led into by a door to the outside and ends nearer to it than this goes up to it."""
POCKET_SHARE = 0.9
"""Floor of which so much of the edge is a zone's and walls is a pocket between them."""
THIN_M, SLIT_M = 0.02, 4e-3
"""Floor thinner than this is no corner; a slit in a zone no wider than this is one of rounding."""
SIDES = (k.EAST, k.NORTH, k.WEST, k.SOUTH)


def grown_areas(state: State, public_sides: dict[int, int]) -> dict[int, Polygon]:
    """Returns the true shapes of the zones that take in floor beside them which nobody can come to.

    public_sides: by zone the side (EAST …) that people come to it from, which stays as it is, as counter fronts do. A zone
    stays below its greatest area. No way, approach of a door, front or other zone loses floor.
    """
    areas: dict[int, Polygon] = {}
    narrow = with_narrow_bands(state)
    if narrow is not None and any(reached(narrow, floor) is None for floor in range(len(state.task.grids))):
        narrow = None
    for floor in range(len(state.task.grids)):
        led = up_to_doors(state, floor)
        areas |= led
        spare = _spare(state, floor, led)
        spare = spare if narrow is None else spare.intersection(_spare(narrow, floor, led))
        movable = [spec for spec in state.task.specs if _may_grow(state, spec, floor)]
        gains = {spec.index: list(_gains(state, spec, spare, areas, public_sides)) for spec in movable}
        while not spare.is_empty:
            best = max((gain for own in gains.values() for gain in own), default=None, key=lambda gain: gain[:2])
            if best is None:
                break
            _, minus_z, part, whole = best
            areas[-minus_z] = whole
            spare = spare.difference(part)
            for spec in movable:
                if spec.index == -minus_z or _reach(state, spec).intersects(part):
                    gains[spec.index] = list(_gains(state, spec, spare, areas, public_sides))
    return areas


def _may_grow(state: State, spec: Spec, floor: int) -> bool:
    is_free = not spec.is_settled and not spec.zone.regions
    return state.floor[spec.index] == floor and is_free and not spec.is_passable


def _reach(state: State, spec: Spec, shut: Collection[int | None] = ()) -> Polygon:
    """The box within which a zone can take in floor: up to the line of each side that is shut, and no further."""
    x0, y0, x1, y1 = state.task.grids[state.floor[spec.index]].rect(state.rects[spec.index])
    west, south, east, north = (0.0 if side in shut else REACH_M for side in (k.WEST, k.SOUTH, k.EAST, k.NORTH))
    return box(x0 - west, y0 - south, x1 + east, y1 + north)


def _spare(state: State, floor: int, led: dict[int, Polygon]) -> BaseGeometry:
    """Usable floor that belongs to no zone and that no way, door or front needs.  led: areas that have been led up to their own doors."""
    grid = state.task.grids[floor]
    lost = lost_cells(state, floor)
    if lost is None:
        return Polygon()
    own = grid.floor.with_role(OpeningRole.H24)
    is_led = bool(led) and all(any(opens_into(door, area) for area in led.values()) for door in own)
    kept = (grid.keep != 0) & (grid.keep != KEEP_H24) if is_led else grid.keep != 0
    needed = (grid.inside & (state.occupied[floor] == 0) & ~lost) | kept | (state.kept[floor] > 0)
    ends = np.diff(np.pad(needed.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    (i, low), (_, high) = np.nonzero(ends == 1), np.nonzero(ends == -1)
    taken = [*shapely.box(grid.xs[i], grid.ys[low], grid.xs[i + 1], grid.ys[high])]
    for spec in state.task.specs:
        if state.floor[spec.index] == floor:
            given = spec.lock.area if spec.lock is not None else spec.zone.fixed_area
            taken.append(given or box(*grid.rect(state.rects[spec.index])))
    doors = [door for door in grid.floor.openings if door.is_exterior and not (is_led and door in own)]
    taken += [*led.values(), *(approach(door, WEIGHTS.approach_m) for door in doors)]
    taken += _passages(state, floor)
    hard = [o.area for o in grid.floor.of_kind(ObstacleKind.COLUMN) if not is_absorbed(o.area)]
    return grid.floor.usable.difference(shapely.union_all([*taken, *hard]))


def _passages(state: State, floor: int) -> Iterator[BaseGeometry]:
    """The floor between the free ends of doors and necks narrower than a way, where no window of the way lies."""
    grid, occupied = state.task.grids[floor], state.occupied[floor]
    for way in grid.ways.values():
        for row in way.portals.tolist():
            ends = (way.cells((row[0], row[1])), way.cells((row[2], row[3])))
            if not any((occupied[end] > 0).any() for end in ends):
                yield passage(way, row, with_ends=True)


def _gains(
    state: State, spec: Spec, spare: BaseGeometry, areas: dict[int, Polygon], public_sides: dict[int, int]
) -> Iterator[tuple[float, int, BaseGeometry, Polygon]]:
    """What a zone can take in: m², minus the zone, the part and the zone's shape with it."""
    z = spec.index
    own = areas.get(z) or box(*state.task.grids[state.floor[z]].rect(state.rects[z]))
    room = spec.zone.max_m2 - net_m2(state, z, own)
    shut = {state.front[z], public_sides.get(z)}
    near = spare.intersection(_reach(state, spec, shut))
    sides = [side for side in SIDES if side not in shut]
    found = [part for side in sides for part in _beside(state, spec, side, near, areas)]
    for part in (*found, *_pockets(near, own, _walls(state, spec))):
        if part.area <= room:
            whole = with_part(own, part)
            if whole is not None and _is_in_proportion(spec, whole):
                yield round(part.area, 6), -z, part, whole


def _walls(state: State, spec: Spec) -> BaseGeometry:
    """The walls within a zone's reach."""
    x0, y0, x1, y1 = _reach(state, spec).bounds
    return clipped(state.task.grids[state.floor[spec.index]].floor.usable.boundary, (x0 - 1, y0 - 1, x1 + 1, y1 + 1))


def _edges(state: State, spec: Spec, areas: dict[int, Polygon]) -> Iterator[BaseGeometry]:
    """The edges of the other zones within a zone's reach."""
    grid, reach = state.task.grids[state.floor[spec.index]], _reach(state, spec)
    for z, rect in enumerate(state.rects):
        if z != spec.index and state.floor[z] == state.floor[spec.index]:
            area = areas.get(z) or box(*grid.rect(rect))
            if area.intersects(reach):
                yield area.exterior


def _pockets(spare: BaseGeometry, own: Polygon, walls: BaseGeometry) -> Iterator[Polygon]:
    """Pieces of spare floor that lie between a zone and walls alone."""
    for piece in _opened(spare):
        if isinstance(piece, Polygon) and piece.area >= LEAST_M2 and piece.dwithin(own, PRECISION_M):
            shared = piece.boundary.intersection(own.buffer(2 * PRECISION_M))
            shut = shared.length + piece.boundary.difference(shared).intersection(walls.buffer(2 * PRECISION_M)).length
            if shared.length >= LEAST_SIDE_M and shut >= POCKET_SHARE * piece.length:
                yield piece


def _beside(state: State, spec: Spec, side: int, spare: BaseGeometry, areas: dict[int, Polygon]) -> Iterator[Polygon]:
    """Pieces of spare floor straight out from a side of a zone that touch it."""
    x0, y0, x1, y1 = state.task.grids[state.floor[spec.index]].rect(state.rects[spec.index])
    strip, edge = {
        k.EAST: (box(x1, y0, x1 + REACH_M, y1), box(x1, y0, x1, y1)),
        k.NORTH: (box(x0, y1, x1, y1 + REACH_M), box(x0, y1, x1, y1)),
        k.WEST: (box(x0 - REACH_M, y0, x0, y1), box(x0, y0, x0, y1)),
        k.SOUTH: (box(x0, y0 - REACH_M, x1, y0), box(x0, y0, x1, y0)),
    }[side]
    line = edge.exterior
    walls = _walls(state, spec)
    firm = shapely.union_all([walls, *_edges(state, spec, areas)])
    pieces = (piece for piece in _opened(spare.intersection(strip)) if isinstance(piece, Polygon))
    for piece in (part for one in pieces for part in straight_out(one, (x0, y0, x1, y1), side, firm)):
        if piece.area < LEAST_M2:
            continue
        shared = piece.boundary.intersection(line.buffer(2 * PRECISION_M)).length / 2
        if shared >= LEAST_SIDE_M / 2 and _is_worth(piece, shared, x1 - x0 if side % 2 else y1 - y0, walls):
            yield piece


def _opened(area: BaseGeometry) -> Iterator[BaseGeometry]:
    """The pieces of an area without what is thinner than THIN_M, as hairlines between a zone and a column."""
    for piece in shapely.get_parts(area):
        if isinstance(piece, Polygon):
            core = piece.buffer(-THIN_M / 2, join_style="mitre")
            yield from shapely.get_parts(
                core.buffer(THIN_M / 2, join_style="mitre", mitre_limit=2.0).intersection(piece)
            )


def _is_worth(piece: Polygon, shared: float, side: float, walls: BaseGeometry) -> bool:
    """Whether a piece is more than a nib: along most of the zone's side, up against a wall, or wide enough to stand in."""
    x0, y0, x1, y1 = piece.bounds
    near = clipped(walls, (x0 - LEAST_SIDE_M, y0 - LEAST_SIDE_M, x1 + LEAST_SIDE_M, y1 + LEAST_SIDE_M))
    at_wall = piece.boundary.intersection(near.buffer(2 * PRECISION_M)).length
    return bool(
        shared >= MOST_OF_SIDE * side
        or at_wall >= WALL_SHARE * piece.length
        or not piece.buffer(-STAND_M / 2, join_style="mitre").is_empty
    )


def _is_in_proportion(spec: Spec, whole: Polygon) -> bool:
    x0, y0, x1, y1 = whole.bounds
    return bool(max(x1 - x0, y1 - y0) <= spec.max_aspect * min(x1 - x0, y1 - y0))


def net_m2(state: State, z: int, area: Polygon) -> float:
    """Returns the area of a shape of a zone less the columns in it."""
    columns = [column.area for column in state.task.grids[state.floor[z]].floor.of_kind(ObstacleKind.COLUMN)]
    return float(area.area - sum(column.intersection(area).area for column in columns if column.intersects(area)))


def with_areas(state: State, parts: tuple[ScorePart, ...], areas: dict[int, Polygon]) -> tuple[ScorePart, ...]:
    """Returns the parts of a score with the areas of zones as they are now, and what they took no longer left over."""
    before = {z: box(*state.task.grids[state.floor[z]].rect(state.rects[z])) for z in areas}
    targets = {z: state.task.specs[z].zone.target_m2 for z in areas}
    more = sum(abs(net_m2(state, z, a) - targets[z]) - abs(state.net_area(z) - targets[z]) for z, a in areas.items())
    given = sum(area.area - before[z].area for z, area in areas.items())
    change = {"area_deviation_m2": more, "leftover_m2": -given}
    return tuple(_plus(part, change[part.id]) if part.id in change else part for part in parts)


def _plus(part: ScorePart, more: float) -> ScorePart:
    value = round(max(0.0, part.value + more), 4)
    return replace(part, value=value, cost=round(value * part.weight, 6))
