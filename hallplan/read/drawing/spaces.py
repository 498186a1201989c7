"""Rooms with their names, and what stands in the way: stairs, lifts, toilets, shafts, plant rooms, voids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.model.site import Obstacle, ObstacleKind, Opening, OpeningRole, Room, VerticalLink
from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Floats, Linework, union
from hallplan.read.drawing.rooms import BLOCKING, Named
from hallplan.read.drawing.symbols import find_crosses, find_flights
from hallplan.read.drawing.toilets import toilets_by_fixtures, with_lobbies
from hallplan.read.drawing.vocabulary import matches, sizes, span
from hallplan.read.drawing.walls import pieces

_NUMBERED = (*BLOCKING, "escalator")


def find_obstacles(
    work: Linework, kinds: LayerKinds, rooms: Sequence[tuple[Room, str]], folds: Sequence[Polygon], outline: Polygon,
    flights: Sequence[Polygon], names: Sequence[Named], openings: Sequence[Opening],
) -> list[Obstacle]:  # fmt: skip
    """Returns stairs, lifts, toilets, shafts, plant rooms and voids, each once, ids by kind.

    A stairwell with a visitors' door from outside among the openings is walked through, and only its flights are in the way.
    """
    entrances = [o.at for o in openings if o.role in (OpeningRole.MAIN, OpeningRole.SECOND)]
    found = [(kind, room.area, room.name) for room, kind in rooms if kind and not _is_stairwell(room, kind, flights)]
    found += _from_layers(work, kinds)
    found += toilets_by_fixtures(work, rooms)
    found += _from_flights(flights, rooms, entrances)
    crosses = _from_crosses(work, kinds)
    found += crosses + _cars(work, kinds, names, [area for kind, area, _ in (*found, *crosses) if kind == "lift"])
    found += [("void", fold, "") for fold in folds]
    clipped = [(kind, shapely.intersection(area, outline), name) for kind, area, name in found]
    kept = _once([item for item in clipped if item[1].area > 0.3])
    whole = with_lobbies(kept, [opening.at for opening in openings])
    return _number([(_escalator_or(kind, area, name, work), area, name) for kind, area, name in whole])


def _is_stairwell(room: Room, kind: str, flights: Sequence[Polygon]) -> bool:
    """Whether a room named for something else is a stairwell too, open to what the name says: people walk there."""
    if kind not in ("plant", "toilet"):
        return False
    ground = shapely.area(shapely.intersection(room.area, union(list(flights))))
    return bool(ground > sizes("stairs")["of_a_room"] * room.area.area)


def _escalator_or(kind: str, area: Polygon, name: str, work: Linework) -> str:
    """Returns "escalator" for a stair whose name or whose lines' layer says so, else the kind."""
    if kind != "stair":
        return kind
    if matches("escalators", "words", name):
        return "escalator"
    layers = [n for n, layer in enumerate(work.layers) if matches("escalators", "words", layer)]
    if not layers:
        return kind
    middles = (work.segments[:, :2] + work.segments[:, 2:]) / 2
    inside = shapely.contains_xy(area, middles[:, 0], middles[:, 1])
    return "escalator" if 2 * np.isin(work.segment_layer[inside], layers).sum() > inside.sum() else kind


def _from_layers(work: Linework, kinds: LayerKinds) -> list[tuple[str, Polygon, str]]:
    found: list[tuple[str, Polygon, str]] = []
    for kind in BLOCKING:
        rings = [Polygon(r.points) for r in work.rings if kinds.kind(r.layer) == kind and len(r.points) > 2]
        for ring in rings:
            shape = shapely.make_valid(ring)
            if 1.5 < shape.area <= sizes("rooms_max_m2")[kind]:
                found.extend((kind, part, "") for part in pieces(shape, 1.0))
    return found


def _from_flights(
    flights: Sequence[Polygon], rooms: Sequence[tuple[Room, str]], entrances: Sequence[tuple[float, float]]
) -> list[tuple[str, Polygon, str]]:
    found = []
    for flight in flights:
        host = next((room for room, _ in rooms if room.area.intersection(flight).area > 0.5 * flight.area), None)
        fits = (
            host is not None
            and host.area.area <= sizes("rooms_max_m2")["stair"]
            and flight.area > 0.25 * host.area.area
            and all(host.area.distance(Point(at)) > sizes("doorways")["thick_m"] for at in entrances)
        )
        found.append(("stair", host.area if fits and host else flight, host.name if fits and host else ""))
    return found


def _from_crosses(work: Linework, kinds: LayerKinds) -> list[tuple[str, Polygon, str]]:
    pick = ~kinds.mask(work.segment_layer, "ignore", "hidden", "area", "mark", "door", "window", "column")
    low, high = span("crosses", "lift_m")
    found = []
    for cross in find_crosses(work.segments[pick]):
        short, area = cross.side_m, cross.box.area
        if low <= short <= high and area <= high * high:
            found.append(("lift", cross.box, ""))
        elif area >= sizes("crosses")["void_m2"]:
            found.append(("void", cross.box, ""))
        elif area < 2.0:
            found.append(("shaft", cross.box, ""))
    return found


def _cars(
    work: Linework, kinds: LayerKinds, names: Sequence[Named], known: Sequence[BaseGeometry]
) -> list[tuple[str, Polygon, str]]:
    """Returns lift cars that only a text names: the box of lines around it; a side that is all door may be missing."""
    low, high = span("crosses", "lift_m")
    places = [n for n in names if n.kind == "lift" and not any(k.area < 15 and k.contains(Point(n.at)) for k in known)]
    if not places:
        return []
    pick = ~kinds.mask(work.segment_layer, "ignore", "hidden", "area", "mark") & (work.lengths > 0.3)
    segments = work.segments[pick]
    found = []
    for named in places:
        sides = _sides_around(segments, named.at, high)
        if sum(side is None for side in sides) > 1:
            continue
        left, right, down, up = (sides[n] if sides[n] is not None else sides[n ^ 1] for n in range(4))
        width, depth = left + right, down + up  # type: ignore[operator]
        if low <= min(width, depth) and max(width, depth) <= high:
            x, y = named.at
            found.append(("lift", box(x - left, y - down, x + right, y + up), named.name))  # type: ignore[operator]
    return found


def _sides_around(segments: Floats, at: tuple[float, float], reach: float) -> list[float | None]:
    """Returns how far the nearest line is to the left, right, below and above of a place; None beyond `reach`."""
    sides: list[float | None] = []
    for axis in (0, 1):
        across = segments[:, [1 - axis, 3 - axis]] - at[1 - axis]
        off = segments[:, [axis, axis + 2]] - at[axis]
        is_level = np.abs(off[:, 1] - off[:, 0]) < 0.05
        crossing = is_level & (across.min(axis=1) < 0.0) & (across.max(axis=1) > 0.0)
        places = off[crossing].mean(axis=1)
        for side in (-places[places < -0.2], places[places > 0.2]):
            near = side[side <= reach]
            sides.append(float(near.min()) if len(near) else None)
    return sides


def _once(found: list[tuple[str, BaseGeometry, str]]) -> list[tuple[str, Polygon, str]]:
    """Keeps the largest of things that overlap; a lift car inside a stair hall stays a lift beside the stair."""
    kept: list[tuple[str, Polygon, str]] = []
    high = span("crosses", "lift_m")[1]

    def rank(item: tuple[str, BaseGeometry, str]) -> tuple[bool, bool, float]:
        is_car = item[0] == "lift" and item[1].area <= high * high
        return not is_car, not item[2], -round(item[1].area, 3)

    for kind, shape, name in sorted(found, key=rank):
        for area in pieces(shape, 0.3):
            covered = union([other for _, other, _ in kept]) if kept else Polygon()
            if area.intersection(covered).area < 0.3 * area.area:
                rest = pieces(area.difference(covered), 0.3) if kept else [area]
                kept.extend((kind, part, name) for part in rest)
    return kept


def _number(found: Sequence[tuple[str, Polygon, str]]) -> list[Obstacle]:
    out: list[Obstacle] = []
    for kind in _NUMBERED:
        some = sorted(
            (f for f in found if f[0] == kind), key=lambda f: (round(f[1].bounds[0], 2), round(f[1].bounds[1], 2))
        )
        out.extend(
            Obstacle(f"{kind}-{n}", ObstacleKind(kind), area, True, name) for n, (_, area, name) in enumerate(some, 1)
        )
    return out


def find_links(obstacles: Sequence[Obstacle]) -> tuple[VerticalLink, ...]:
    """Returns the stairs, escalators and lifts as links between floors."""
    linking = (ObstacleKind.STAIR, ObstacleKind.ESCALATOR, ObstacleKind.LIFT)
    return tuple(
        VerticalLink(o.id, o.kind, (o.area.representative_point().x, o.area.representative_point().y))
        for o in obstacles
        if o.kind in linking
    )


def stair_flights(
    work: Linework, kinds: LayerKinds, treads: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> list[Polygon]:
    """Returns the ground of stair flights: recognised treads and lines on stair layers.

    Where stairs have layers of their own, lines on those of walls stand between flights; else they may be strings and breaks of these.
    """
    on_layer = kinds.mask(work.segment_layer, "stair") & ~_in_cars(work, kinds)
    walls = kinds.mask(work.segment_layer, "wall", "structure") & ~treads & bool(on_layer.any())
    return find_flights(work.segments, treads | on_layer, walls)


def _in_cars(work: Linework, kinds: LayerKinds) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Returns which lines on stair layers draw a lift car, crossed as lifts are."""
    inside = np.zeros(len(work.segments), dtype=bool)
    cars = [shapely.buffer(area, 0.05) for kind, area, _ in _from_crosses(work, kinds) if kind == "lift"]
    if cars:
        lines = shapely.linestrings(work.segments.reshape(-1, 2, 2))
        found, _ = shapely.STRtree(lines).query(cars, predicate="contains")[::-1]
        inside[found] = True
    return inside
