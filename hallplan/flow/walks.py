"""Single walks on one floor: along the ways, into a zone only where it begins or ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString

from hallplan.flow.grounds import Extent, Grounds
from hallplan.geometry import Walkable
from hallplan.model.layout import PlacedZone
from hallplan.model.shapes import Point
from hallplan.terms import read_data
from hallplan.units import round_m


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to walk from or to: `at` wanted, `reach_m` how far from it will do, `door` drawn on beyond it.

    name: of the stair or lift that it is.
    """

    floor: str
    at: Point
    reach_m: float
    zone: PlacedZone | None = None
    door: Point | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """A line on a floor with its length.

    toll_m: what it counts as where staff had to leave their own ground, 0 where nobody asked.
    """

    line: LineString
    length_m: float
    toll_m: float = 0.0

    @property
    def counted_m(self) -> float:
        """What ways are chosen by: the toll, else the length."""
        return self.toll_m or self.length_m


def walk(
    grounds: Grounds, start: Spot, end: Spot, extent: Extent, width_m: float, *, is_direct: bool = False
) -> Walk | None:
    """Returns the way between two spots of a floor, None when they are not joined for people of that width.

    is_direct: the shortest way, through zones too, as people walk out in an alarm.
    """
    ground = grounds.walkable(start.floor, extent, width_m)
    pair = same_part(ground, start, end)
    if pair is None:
        return None
    a, b = pair
    direct = ground.path(a, b)
    points: Sequence[Point] = direct.points
    if extent == "public" and not is_direct:
        points = _for_crowds(grounds, (start, a), (end, b), width_m, direct.length) or points
    return drawn(grounds, start, end, points)


def same_part(ground: Walkable, start: Spot, end: Spot) -> tuple[Point, Point] | None:
    """The nearest standing places of both spots on one connected part of the ground, the nearest such part."""
    best, found = np.inf, None
    from_start, from_end = ground.distances_to_parts(start.at), ground.distances_to_parts(end.at)
    for part in np.flatnonzero((from_start <= start.reach_m) & (from_end <= end.reach_m)).tolist():
        gap = float(from_start[part] + from_end[part])
        if gap < best - 1e-9:
            best, found = gap, part
    if found is None:
        return None
    return ground.snap(start.at, found), ground.snap(end.at, found)


def _for_crowds(
    grounds: Grounds, start: tuple[Spot, Point], end: tuple[Spot, Point], width_m: float, direct_m: float
) -> list[Point] | None:
    """The way along the aisles, with room for a crowd where that is hardly longer; None as `_along_ways` has it."""
    data = read_data("flow.toml")
    found = _along_ways(grounds, start, end, (width_m, width_m), direct_m)
    if found is None or width_m > data["width_m"]["public"][0]:
        return found
    wide = _along_ways(grounds, start, end, (width_m, data["figures"]["crowd_m"]), direct_m)
    limits = data["walk"]
    if wide is None or _length(wide) > limits["crowd_factor"] * _length(found) + limits["crowd_m"]:
        return found
    return wide


def _length(points: Sequence[Point]) -> float:
    return float(np.hypot(*np.diff(np.array(points), axis=0).T).sum())


def _along_ways(
    grounds: Grounds,
    start: tuple[Spot, Point],
    end: tuple[Spot, Point],
    widths_m: tuple[float, float],
    direct_m: float,
) -> list[Point] | None:
    """The way that leaves and enters zones by their edges; None when there is none or the detour is not worth it.

    widths_m: in zones, and on the ways between them.
    """
    floor = start[0].floor
    width_m, ways_m = widths_m
    ways = grounds.walkable(floor, "ways", ways_m)
    whole = grounds.walkable(floor, "public", width_m)
    gates = [_gates(ways, spot, at) for spot, at in (start, end)]
    if not gates[0] or not gates[1]:
        return None
    out = whole.distances([start[1]], np.array(gates[0]))[0]
    into = whole.distances([end[1]], np.array(gates[1]))[0]
    between = ways.distances(gates[1], np.array(gates[0])).T
    total = out[:, None] + between + into[None, :]
    i, j = np.unravel_index(int(np.argmin(total)), total.shape)
    limits = read_data("flow.toml")["walk"]
    if not total[i, j] <= limits["detour_factor"] * direct_m + limits["detour_m"]:
        return None
    first, last = gates[0][int(i)], gates[1][int(j)]
    # a gate lies on a way, where what stands at the zone's edge may leave less room; distances snap it as well
    pieces = [whole.path(start[1], whole.snap(first)), ways.path(first, last), whole.path(whole.snap(last), end[1])]
    return [point for piece in pieces for point in piece.points]


def _gates(ways: Walkable, spot: Spot, at: Point) -> list[Point]:
    """Places on the ways beside a spot's zone where one turns into it; the spot itself when it lies on a way."""
    if not ways.parts:
        return []
    if ways.part_of(at) >= 0 or spot.zone is None:
        return [ways.snap(at)] if ways.area.distance(shapely.Point(at)) < spot.reach_m else []
    rim = spot.zone.area.exterior
    places = shapely.line_interpolate_point(rim, np.arange(0.0, rim.length, 2.0))
    lines = shapely.shortest_line(ways.area, places)
    near = shapely.length(lines) < ways.clearance + 1.0
    found = shapely.get_coordinates(shapely.get_point(lines[near], 0))
    return sorted({(float(x), float(y)) for x, y in np.round(found, 6)})


def drawn(grounds: Grounds, start: Spot, end: Spot, points: Sequence[Point]) -> Walk:
    """The line with its ends drawn on to the door or the very goal where nothing stands between."""
    free = grounds.free(start.floor)
    ends = []
    for spot, at in ((start, points[0]), (end, points[-1])):
        goal = spot.door or spot.at
        step = LineString([at, goal])
        is_free = spot.door is not None or shapely.covers(free, step)
        ends.append([goal] if step.length > 0.05 and is_free else [])
    line = _tidy([*ends[0], *points, *ends[1]])
    return Walk(line, float(line.length))


def _tidy(points: Sequence[Point]) -> LineString:
    kept: list[Point] = []
    for x, y in points:
        point = round_m(x), round_m(y)
        if not kept or np.hypot(point[0] - kept[-1][0], point[1] - kept[-1][1]) > 1e-3:
            kept.append(point)
    if len(kept) == 1:
        kept.append((kept[0][0] + 1e-3, kept[0][1]))
    return LineString(kept)
