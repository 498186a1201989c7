"""Toilets: told by their fixtures where no name tells, and one with the lobby that they are entered through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.model.site import CORE_WALL_M, Room
from hallplan.read.drawing.linework import BlockUse, Floats, Linework
from hallplan.read.drawing.vocabulary import matches, sizes, span

Space = tuple[str, Polygon, str]
"""Kind, ground and name of what stands in the way."""


def toilets_by_fixtures(work: Linework, rooms: Sequence[tuple[Room, str]]) -> list[tuple[str, Polygon, str]]:
    """Returns unnamed rooms with two or more fixtures: told by the names of blocks, or by their layer and size where these stand close."""
    named = _middles(use for use in work.blocks if matches("toilets", "block", use.name))
    sized = _middles(use for use in work.blocks if _is_fixture(use))
    rules, found = sizes("toilets"), []
    for room, kind in rooms:
        if kind or room.name:
            continue
        is_told = room.area.area <= sizes("rooms_max_m2")["toilet"] and _count_in(room.area, named) >= 2
        least = max(2.0, room.area.area / rules["m2_each"])
        if is_told or (room.area.area <= rules["most_m2"] and _count_in(room.area, sized) >= least):
            found.append(("toilet", room.area, ""))
    return found


def _is_fixture(use: BlockUse) -> bool:
    low, high = span("toilets", "side_m")
    x0, y0, x1, y1 = use.box
    is_sized = low <= min(x1 - x0, y1 - y0) and max(x1 - x0, y1 - y0) <= high
    return is_sized and matches("toilets", "layer", use.layer)


def _middles(uses: Iterable[BlockUse]) -> Floats:
    return np.array([((u.box[0] + u.box[2]) / 2, (u.box[1] + u.box[3]) / 2) for u in uses]).reshape(-1, 2)


def _count_in(area: Polygon, places: Floats) -> int:
    return int(shapely.contains_xy(area, places[:, 0], places[:, 1]).sum())


def with_lobbies(spaces: Sequence[Space], doors: Sequence[tuple[float, float]]) -> list[Space]:
    """Returns the spaces with toilets that have doors (their middles) to other toilets only joined to these: one comes in through the lobby."""
    toilets = [space for space in spaces if space[0] == "toilet"]
    while (found := _through_a_lobby(toilets, doors)) is not None:
        inner, lobby, ground = found
        joined = ("toilet", ground, toilets[lobby][2] or toilets[inner][2])
        toilets = [space for n, space in enumerate(toilets) if n not in (inner, lobby)] + [joined]
    return [*(space for space in spaces if space[0] != "toilet"), *toilets]


def _through_a_lobby(toilets: Sequence[Space], doors: Sequence[tuple[float, float]]) -> tuple[int, int, Polygon] | None:
    """The first toilet all of whose doors lead to others, one of these, and the ground of both with the wall between."""
    own = [{n for n, door in enumerate(doors) if area.distance(Point(door)) <= CORE_WALL_M} for _, area, _ in toilets]
    for inner, mine in enumerate(own):
        others = [n for n in range(len(toilets)) if n != inner and mine & own[n]]
        if not mine or not mine <= set().union(*(own[n] for n in others)):
            continue
        for lobby in others:
            ground = _with_the_wall_between(toilets[inner][1], toilets[lobby][1])
            if ground.geom_type == "Polygon":
                return inner, lobby, ground
    return None


def _with_the_wall_between(one: Polygon, other: Polygon) -> BaseGeometry:
    half = CORE_WALL_M / 2
    return shapely.union(one, other).buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
