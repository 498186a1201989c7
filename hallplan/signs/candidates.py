"""Places where a direction sign could go: over the ways on a grid, on walls and columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import Floats, grid_points, moved, polygons_of
from hallplan.model.layout import Layout
from hallplan.model.shapes import Point
from hallplan.model.signs import Mount, Sign
from hallplan.model.site import Floor, ObstacleKind
from hallplan.model.space import standing_walls
from hallplan.signs.naming import make_sign
from hallplan.terms import read_data
from hallplan.units import round_m

AXES = (0.0, 90.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sign could go, the way its front looks, and whether it can have two faces."""

    floor: str
    at: Point
    facing_deg: float
    mount: Mount
    is_double: bool

    def sign(self) -> Sign:
        """Returns the sign that would be there, with nothing on it yet."""
        more = {"mount": self.mount, "is_double": self.is_double}
        return make_sign(
            "direction" if self.mount == "hung" else "fixed", self.floor, self.at, self.facing_deg, ("", ""), (), **more
        )


def sign_places(
    floor: Floor,
    layout: Layout,
    ways: BaseGeometry,
    hung_there: Sequence[Sign],
    eyes: Sequence[tuple[Point, float]],
    untold: Sequence[tuple[Point, float]] = (),
) -> list[Place]:
    """Returns places near the ways of a floor, those over ways first; none where a panel would meet one that hangs there
    already, or a wall, or be wider than what carries it.

    eyes: (place, heading) of those who must choose, before whom signs are tried besides.  untold: those of them whom no other place tells
    anything: signs are tried all round before these.
    """
    sizes = read_data("signs.toml")["place"]
    room = hanging_room(floor, layout)
    clear = room.buffer(-sizes["clear_m"] - 0.5)
    close = [(at, heading + turn) for at, heading in untold for turn in sizes["close_deg"]]
    before = _before(eyes, clear, sizes["ahead_m"]), _before(close, clear, sizes["close_m"])
    spots = np.vstack([grid_points(clear, sizes["grid_m"]), *before])
    taken = [sign.at for sign in hung_there]
    hung = [Place(floor.id, at, axis, "hung", True) for at in _over(spots, ways, taken) for axis in AXES]
    hung = _free(hung, room, shapely.union_all([panel_line(sign) for sign in hung_there]))
    fixed = list(dict.fromkeys([*_on_walls(floor, room, sizes["wall_m"]), *_on_near_walls(floor, room, untold)]))
    near = shapely.dwithin(ways, shapely.points([place.at for place in fixed]), sizes["off_way_m"]) if fixed else ()
    fixed = [place for place, is_near in zip(fixed, near, strict=True) if is_near]
    return [*hung, *fixed]


def panel_line(sign: Sign) -> LineString:
    """Returns the line that the panel of a sign takes up in plan."""
    ends = [moved(sign.at, sign.facing_deg + side, sign.width_m / 2) for side in (90.0, -90.0)]
    return LineString(ends)


def _free(places: Sequence[Place], room: BaseGeometry, panels: BaseGeometry) -> list[Place]:
    """Places at which a panel keeps off walls and off the panels that hang already."""
    apart = read_data("signs.toml")["place"]["panels_apart_m"]
    lines = np.array([panel_line(place.sign()) for place in places], dtype=object)
    shapely.prepare(room)
    is_free = shapely.contains(room, lines) & ~shapely.dwithin(lines, panels, apart)
    return [place for place, is_kept in zip(places, is_free, strict=True) if is_kept]


def hanging_room(floor: Floor, layout: Layout) -> BaseGeometry:
    """Returns the floor that signs can hang over: free of walls, columns and cores."""
    solid = [obstacle.area for obstacle in floor.obstacles if obstacle.is_fixed]
    return floor.usable.difference(shapely.union_all([*solid, standing_walls(floor, layout)]))


def _before(eyes: Sequence[tuple[Point, float]], clear: BaseGeometry, ahead_m: Sequence[float]) -> Floats:
    """Places so far ahead of those who must choose, (n, 2), on a fine grid so that they share them."""
    sizes = read_data("signs.toml")["place"]
    found = {
        (round(x * 2) / 2, round(y * 2) / 2)
        for at, heading in eyes
        for ahead in ahead_m
        for beside in sizes["beside_m"]
        for x, y in [moved(moved(at, heading, ahead), heading + 90, beside)]
    }
    places = np.array(sorted(found), dtype=np.float64).reshape(-1, 2)
    shapely.prepare(clear)
    return np.asarray(places[shapely.contains_xy(clear, places[:, 0], places[:, 1])])


def _over(spots: Floats, ways: BaseGeometry, taken: Sequence[Point]) -> list[Point]:
    """Those of `spots` (n, 2) near the ways and off signs that hang already."""
    sizes = read_data("signs.toml")["place"]
    shapely.prepare(ways)
    points = spots[shapely.dwithin(ways, shapely.points(spots), sizes["off_way_m"])]
    held = np.array(taken, dtype=np.float64).reshape(-1, 2)
    return [
        (round_m(float(x)), round_m(float(y)))
        for x, y in points
        if not len(held) or np.hypot(held[:, 0] - x, held[:, 1] - y).min() >= sizes["spacing_m"] / 2
    ]


def _on_near_walls(floor: Floor, room: BaseGeometry, eyes: Sequence[tuple[Point, float]]) -> list[Place]:
    """Places close together on the walls around some eyes."""
    sizes = read_data("signs.toml")["place"]
    found = _on_walls(floor, room, sizes["close_wall_m"]) if eyes else []
    near = max(sizes["close_m"])
    return [place for place in found if any(math.dist(place.at, at) <= near for at, _ in eyes)]


def _on_walls(floor: Floor, room: BaseGeometry, step_m: float) -> list[Place]:
    """Places on straight pieces of wall, every few metres, and on the sides of columns, looking into the room."""
    sizes = read_data("signs.toml")["place"]
    columns = [column.area for column in floor.of_kind(ObstacleKind.COLUMN)]
    found = []
    for part in polygons_of(room):
        for ring in (part.exterior, *part.interiors):
            for a, b in pairwise(shapely.get_coordinates(ring)):
                found += _along(floor, room, np.array([a, b]), step_m)
    least = read_data("signs.toml")["kinds"]["fixed"]["width_m"] + 2 * sizes["carrier_m"]
    for column in columns:
        for a, b in pairwise(shapely.get_coordinates(column.exterior)):
            if math.dist(a, b) >= least:
                found += _along(floor, room, np.array([a, b]), math.dist(a, b))
    return list({(place.at, place.facing_deg): place for place in found}.values())


def _along(floor: Floor, room: BaseGeometry, edge: Floats, step: float) -> list[Place]:
    line = LineString(edge)
    count = int(line.length / step + 1e-6)
    dx, dy = edge[1] - edge[0]
    normal = math.degrees(math.atan2(dy, dx)) + 90.0
    found = []
    for n in range(count):
        spot = line.interpolate((n + 0.5) / count, normalized=True)
        for facing in (normal, normal + 180.0):
            face = moved((spot.x, spot.y), facing, 0.15)
            if shapely.intersects_xy(room, *face) and shapely.intersects_xy(room, *moved(face, facing, 1.0)):
                at = moved((spot.x, spot.y), facing, 0.05)
                found.append(Place(floor.id, (round_m(at[0]), round_m(at[1])), round(facing % 360.0, 2), "wall", False))
                break
    return found
