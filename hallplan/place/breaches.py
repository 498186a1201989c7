"""What a layout breaks that must hold, since no layout was found that keeps it: where, by how much, and why, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from hallplan.model.layout import Breach
from hallplan.model.shapes import Point
from hallplan.model.site import Opening
from hallplan.place.building import WAYS_OUT, corner_walks, from_exits, points_out
from hallplan.place.exits import narrowed_doors
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools
from hallplan.place.leads import leads_of
from hallplan.place.networks import Networks, networks
from hallplan.place.state import State, touch
from hallplan.place.worth import MUST_BE_NIL
from hallplan.terms import listed, text
from hallplan.units import round_m

SHOWN = 6


def breaches(state: State) -> tuple[Breach, ...]:
    """Returns what a finished layout breaks of staff apart from visitors, of the walk out and of exit width; nothing when all is kept."""
    floors = range(len(state.task.grids))
    return tuple(
        breach for find in (_staff_crossing, _escape, _exit_width) for floor in floors for breach in find(state, floor)
    )


def _staff_crossing(state: State, floor: int) -> Iterator[Breach]:
    """Staff come onto visitors' ways: which, where, and what visitors would lose if they kept off the place."""
    found, grid = networks(state, floor), state.task.grids[floor]
    metres = 0.0 if found is None else found.shared_m(grid)
    passed = MUST_BE_NIL["staff_crossing_m"][0]
    if found is None or metres <= passed:
        return
    crossing = (state.task.specs[z] for z in found.crossing)
    zones = tuple(spec.zone.id for spec in crossing if not spec.is_staff_way)
    door = next((door.id for door in grid.floor.openings if door.role == "staff" and door.is_exterior), "")
    if grid.staff_seeds == grid.public_seeds:
        why = text("place.why_no_staff_door", floor=grid.floor.title)
    else:
        beyond = _beyond(state, floor, found)
        why = text("place.why_only_way", beyond=listed(beyond)) if beyond else text("place.why_long_way")
    at = _middle(grid, found.shared) if found.shared.any() else state.access_point(found.crossing[0])
    yield Breach("staff_crossing_m", round(metres, 2), passed, grid.floor.id, zones, at, door, why)


def _beyond(state: State, floor: int, found: Networks) -> list[str]:
    """Names of the zones, and ids of the doors, that visitors come to only across the ways of staff."""
    grid = state.task.grids[floor]
    cells = state.public_cells(floor) & ~found.own
    cut = []
    for width, way in grid.ways.items():
        valid = way.anchors(cells)
        dist = way.flood(valid, leads_of(grid, way, valid), grid.ones)
        for spec in state.task.specs:
            z = spec.index
            if state.floor[z] != floor or not spec.is_public or spec.is_passable or spec.way_m != width:
                continue
            if spec.zone.fixed_area is None and touch(way, dist, spec, state.rects[z], _side(state, z))[1] < 0:
                cut.append(spec.zone.name)
        if width == min(grid.ways):
            doors = [d for d in grid.floor.openings if d.is_exterior and d.role in WAYS_OUT]
            cut += [
                _door_name(d) for d in doors if _is_exit(grid, d) and way.nearest(np.isfinite(dist), d.at, 3.5) is None
            ]
    return cut[:SHOWN]


def _side(state: State, z: int) -> int:
    return state.front[z] if state.task.specs[z].has_front else -1


def _is_exit(grid: Grid, door: Opening) -> bool:
    return any(math.dist(door.at, point) < 2.0 for point in grid.open_exits)


def _door_name(door: Opening) -> str:
    return f"{door.id} ({door.at[0]:.1f}, {door.at[1]:.1f})"


def _middle(grid: Grid, cells: Bools) -> Point:
    """The middle of the largest of some cells."""
    i, j = divmod(int(np.argmax(np.where(cells, grid.cell_m2, -1.0))), cells.shape[1])
    return round_m(float(grid.xs[i] + grid.xs[i + 1]) / 2), round_m(float(grid.ys[j] + grid.ys[j + 1]) / 2)


def _escape(state: State, floor: int) -> Iterator[Breach]:
    """The zone whose farthest corner is farthest from a way out, if it is above the limit, and whether the bare floor is so too."""
    grid, limit = state.task.grids[floor], state.task.weights.escape_m
    walks = corner_walks(state, floor)
    if not walks:
        return
    z, metres = max(walks.items(), key=lambda entry: (entry[1], -entry[0]))
    if metres - limit <= MUST_BE_NIL["escape_over_m"][0]:
        return
    x0, y0, x1, y1 = grid.rect(state.rects[z])
    at = (round_m((x0 + x1) / 2), round_m((y0 + y1) / 2))
    is_staff = state.task.specs[z].is_staff
    points = points_out(grid, is_staff=is_staff)
    doors = [door for door in grid.floor.with_role(*WAYS_OUT) if door.is_exterior and door.at in points]
    nearest = min(doors, key=lambda door: (math.dist(door.at, at), door.id)).id if doors else ""
    far = _farthest(grid, is_staff=is_staff)
    why = text("place.why_exits", count=len(points))
    if far > limit:
        why = text("place.why_far_floor", count=len(points), far=far, limit=limit)
    zone = state.task.specs[z].zone.id
    yield Breach("escape_over_m", round(metres, 2), round(limit, 2), grid.floor.id, (zone,), at, nearest, why)


def _farthest(grid: Grid, *, is_staff: bool) -> float:
    """How far the farthest place of the bare floor is from the ways out, m."""
    dist = from_exits(grid, grid.walk, is_staff=is_staff)
    known = dist[np.isfinite(dist)] if dist is not None else np.zeros(0)
    return float(known.max(initial=0.0))


def _exit_width(state: State, floor: int) -> Iterator[Breach]:
    """Doors to the outside that narrow ways lead to, where the width that is left does not do."""
    grid = state.task.grids[floor]
    needed, left, narrow = narrowed_doors(state, floor)
    if needed - left <= MUST_BE_NIL["exit_width_short_m"][0]:
        return
    first: Sequence[Opening] = narrow or [door for door in grid.floor.with_role(*WAYS_OUT) if door.is_exterior]
    why = text("place.why_narrow", doors=listed(_door_name(door) for door in first[:SHOWN]), width=max(grid.ways))
    at, id = (first[0].at, first[0].id) if first else ((0.0, 0.0), "")
    yield Breach("exit_width_short_m", round(left, 2), round(needed, 2), grid.floor.id, (), at, id, why)
