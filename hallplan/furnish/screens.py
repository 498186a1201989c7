"""Call screens: over the counters and, where those are too far or too oblique, hung in the waiting zone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.bench import BACK, Bench, Hall, footprint, limit
from hallplan.geometry.visibility import SightField
from hallplan.model.layout import Furniture, Layout
from hallplan.model.space import sight_blockers
from hallplan.terms import listed
from hallplan.units import round_m

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """A possible screen in the plan frame; rank 0 over counters, 1 at the seats' front, 2 between rows, 3 over the way."""

    zone: str
    at: tuple[float, float]
    facing: float
    rank: int


def reading_distance_m() -> float:
    """Returns from how far a call screen can be read. Source: CBC 11B-703.8.4 (standards.md D)."""
    spare = limit("screen.char_mm") - limit("screen.least_mm")
    return limit("screen.near_m") + spare / limit("screen.step_mm") * limit("screen.step_m")


def screen_line_m(depth: float) -> float:
    """Returns how far behind the front of a waiting zone the middle of a screen of a depth hangs, m."""
    return depth / 2 + limit("screen.off_front_m")


def in_reach(seats: Floats, seat_deg: Floats, screen: tuple[float, float], screen_deg: float) -> NDArray[np.bool_]:
    """Returns for each seat (n, 2) with its direction (n,) in degrees whether it can read a screen.

    In reach is: within the reading distance of its characters, not too near, and off neither the screen's normal nor
    the way one sits by more than the limits of data/furnish.toml.
    """
    away = np.asarray(screen) - seats
    far = np.hypot(away[:, 0], away[:, 1])
    towards = np.degrees(np.arctan2(away[:, 1], away[:, 0]))
    off_seat = np.abs((towards - seat_deg + 180.0) % 360.0 - 180.0)
    off_axis = np.abs((towards + 180.0 - screen_deg + 180.0) % 360.0 - 180.0)
    near = (far <= reading_distance_m()) & (far >= limit("screen.nearest_m"))
    return near & (off_seat <= limit("screen.off_seat_deg")) & (off_axis <= limit("screen.off_axis_deg"))


def place_screens(hall: Hall, benches: list[Bench], walls: Layout) -> None:
    """Places call screens so that every waiting seat reads one of its group; notes the seats that cannot.

    walls: the layout with its partitions, which hide what is behind them.
    """
    waiting = {bench.zone.id: bench for bench in benches}
    groups: dict[tuple[str, str], list[Furniture]] = {}
    for piece in hall.furniture:
        if piece.kind in ("chair", "wheelchair_place") and piece.zone in waiting:
            groups.setdefault((piece.floor, piece.group), []).append(piece)
    open_floors = {floor: _open_floor(hall, floor, walls) for floor in dict.fromkeys(floor for floor, _ in groups)}
    lines: dict[str, list[LineString]] = {floor: [] for floor in open_floors}
    for (floor, group), seats in groups.items():
        _serve(hall, group, seats, waiting, open_floors[floor], lines[floor])
    _lines_without_screen(hall, {group for _, group in groups})


def _serve(
    hall: Hall,
    group: str,
    seats: list[Furniture],
    waiting: dict[str, Bench],
    open_floor: _OpenFloor,
    lines: list[LineString],
) -> None:
    """Hangs screens until all seats of a group read one, and has those that then do not read one of another group.

    lines: from seats to their screens, as far as something that hangs there would hide the screen; more are added.
    """
    floor = seats[0].floor
    spots = np.array([seat.at for seat in seats])
    turns = np.array([seat.facing_deg for seat in seats])
    places = _over_counters(hall, floor, group)
    for zone in dict.fromkeys(seat.zone for seat in seats):
        places += _in_zone(waiting[zone], [seat for seat in seats if seat.zone == zone], open_floor)
    seen = np.zeros(len(seats), dtype=bool)
    reach = [
        in_reach(spots, turns, place.at, place.facing) & open_floor.sight.clear(spots, [list(place.at)])
        for place in places
    ]
    hung = _hung(hall, floor)
    reach = [mask & _not_hidden(spots, place, hung) for mask, place in zip(reach, places, strict=True)]
    for rank in (0, 1, 2, 3):
        ranked = [i for i, place in enumerate(places) if place.rank == rank and _is_apart(hall, place, hung, lines)]
        while not seen.all() and ranked:
            best = max(ranked, key=lambda i: (int((reach[i] & ~seen).sum()), int(reach[i].sum()), -i))
            if not (reach[best] & ~seen).any():
                break
            lines += [_near_end(spots[n], places[best]) for n in np.flatnonzero(reach[best] & ~seen)]
            seen |= reach[best]
            _hang(hall, places[best], floor, group)
            hung.append(_plan_rect(hall, places[best]))
            reach = [mask & _not_hidden(spots, place, hung[-1:]) for mask, place in zip(reach, places, strict=True)]
            ranked = [i for i in ranked if _is_apart(hall, places[i], hung[-1:], lines)]
    if not seen.all():
        seen |= _share(hall, floor, group, (spots, turns), seen, open_floor)
    for zone in dict.fromkeys(seat.zone for seat in seats):
        here = np.array([seat.zone == zone for seat in seats])
        hall.lacks(zone, "call_screen", int(here.sum()), int((here & seen).sum()), "out_of_screen")


def _share(
    hall: Hall, floor: str, group: str, seats: tuple[Floats, Floats], seen: NDArray[np.bool_], open_floor: _OpenFloor
) -> NDArray[np.bool_]:
    """Lets screens of other groups show the calls of a group too, as few as seats need; returns which seats read them."""
    spots, turns = seats
    others = [n for n, piece in enumerate(hall.furniture) if piece.kind == "call_screen" and piece.floor == floor]
    hung = _hung(hall, floor)
    reach = {}
    for n in others:
        screen = hall.furniture[n]
        place = Place(screen.zone, screen.at, screen.facing_deg, 0)
        mask = in_reach(spots, turns, place.at, place.facing) & open_floor.sight.clear(spots, [list(place.at)])
        beside = [rect for rect in hung if not rect.contains(shapely.Point(place.at))]
        reach[n] = mask & _not_hidden(spots, place, beside)
    found = np.zeros(len(spots), dtype=bool)
    while reach and (best := max(reach, key=lambda n: (int((reach[n] & ~seen & ~found).sum()), -n))) is not None:
        if not (reach[best] & ~seen & ~found).any():
            break
        found |= reach[best]
        screen = hall.furniture[best]
        name = next((kind.name for kind in hall.windows.types if kind.id == group), "")
        label = listed(part for part in (screen.label, name) if part)
        hall.furniture[best] = replace(screen, group=f"{screen.group} {group}".strip(), label=label)
    return found


def _hung(hall: Hall, floor: str) -> list[Polygon]:
    return [footprint(piece) for piece in hall.furniture if piece.floor == floor and piece.kind == "call_screen"]


def _near_end(spot: Floats, place: Place) -> LineString:
    """The part of the line from a seat to a screen on which what hangs as high as a screen would hide it."""
    share = limit("screen.hides_from")
    start = (spot[0] + share * (place.at[0] - spot[0]), spot[1] + share * (place.at[1] - spot[1]))
    turn = math.radians(place.facing)
    return LineString([start, (place.at[0] + 0.1 * math.cos(turn), place.at[1] + 0.1 * math.sin(turn))])


def _not_hidden(spots: Floats, place: Place, hung: list[Polygon]) -> NDArray[np.bool_]:
    """From which seats no screen that hangs hides a place, (seats,)."""
    if not hung:
        return np.ones(len(spots), dtype=bool)
    lines = np.array([_near_end(spot, place) for spot in spots])
    return np.asarray(~shapely.intersects(shapely.union_all(hung), lines))


def _is_apart(hall: Hall, place: Place, hung: list[Polygon], lines: list[LineString]) -> bool:
    """Whether a screen overlaps none that hangs already and hides none from the seats that read it."""
    shape = _plan_rect(hall, place)
    shapely.prepare(shape)
    return not any(shape.intersects(other) for other in hung) and not shapely.intersects(shape, lines).any()


def _over_counters(hall: Hall, floor: str, group: str) -> list[Place]:
    """Places over the public edge of each counter of the group."""
    half = hall.kinds["call_screen"].depth_m / 2
    places = []
    for piece in hall.furniture:
        if piece.kind.startswith("counter") and piece.window and piece.floor == floor and group in (piece.group, ""):
            turn, off = math.radians(piece.facing_deg), piece.size_m[1] / 2 + half + 0.02
            at = piece.at[0] + math.cos(turn) * off, piece.at[1] + math.sin(turn) * off
            places.append(Place(piece.zone, at, piece.facing_deg, 0))
    areas = {zone.zone: zone.area.buffer(1e-3) for zone in hall.layout.zones}
    inside = [place for place in places if _plan_rect(hall, place).within(areas[place.zone])]
    return inside or places


@dataclass(frozen=True, slots=True)
class _OpenFloor:
    """Floor that a screen can hang over: ways and open zones where nothing stands, no enclosed rooms."""

    floor: BaseGeometry
    things: shapely.STRtree
    sight: SightField

    def holds(self, shape: Polygon) -> bool:
        """Returns whether a screen can hang over a shape."""
        return bool(self.floor.contains(shape)) and not len(self.things.query(shape, predicate="intersects"))


def _open_floor(hall: Hall, floor_id: str, walls: Layout) -> _OpenFloor:
    rooms = [p.area for p in hall.layout.zones if p.floor == floor_id and hall.programme.zone(p.zone).is_enclosed]
    things = [footprint(piece) for piece in hall.furniture if piece.floor == floor_id and piece.kind != "call_screen"]
    floor = hall.site.floor(floor_id)
    open_floor = floor.usable.difference(shapely.union_all([*rooms, *(o.area for o in floor.obstacles)]))
    shapely.prepare(open_floor)
    blockers = sight_blockers(floor, replace(walls, furniture=tuple(hall.furniture)), limit("screen.eye_m"))
    return _OpenFloor(open_floor, shapely.STRtree(things), SightField([blockers]))


def _plan_rect(hall: Hall, place: Place) -> Polygon:
    kind = hall.kinds["call_screen"]
    size = kind.width_m, kind.depth_m
    return footprint(Furniture("", kind.id, "", place.zone, place.at, size, place.facing, kind.height_m))


def _in_zone(bench: Bench, seats: list[Furniture], open_floor: _OpenFloor) -> list[Place]:
    """Places at the front of a waiting zone and in the ways between its rows, looking at the seats."""
    view = bench.ground.view(seats[0].facing_deg)
    depth = bench.size("call_screen")[1]
    ys = sorted({round(view.spot(*seat.at)[1], 3) for seat in seats if seat.kind == "chair"})
    chair = bench.size("chair")[1]
    lines = [(screen_line_m(depth), 1), *((y - chair / 2 - 0.35, 2) for y in ys[1:])]
    lines += [(y - limit("screen.nearest_m") - more, 3) for y in ys[:2] for more in (chair / 2, 1.0, 1.8)]
    places = []
    for y, rank in lines:
        x = limit("screen.spacing_m") / 2
        while x < view.width:
            rect = bench.rect("call_screen", x, y, BACK)
            if view.fits(rect, soft=False) or (rank == 3 and open_floor.holds(view.plan_rect(rect))):
                places.append(Place(bench.zone.id, view.plan(x, y), view.turn(BACK), rank))
            x += limit("screen.spacing_m") / 2
    return places


def _hang(hall: Hall, place: Place, floor: str, group: str) -> None:
    kind = hall.kinds["call_screen"]
    name = next((t.name for t in hall.windows.types if t.id == group), "")
    at = round_m(place.at[0]), round_m(place.at[1])
    hall.furniture.append(
        Furniture("", "call_screen", floor, place.zone, at, (kind.width_m, kind.depth_m), place.facing, kind.height_m,
                  label=name, group=group)
    )  # fmt: skip


def _lines_without_screen(hall: Hall, served: set[str]) -> None:
    """A type of window whose visitors wait elsewhere still shows its calls over the middle of its line."""
    if "" in served:
        return
    for kind in hall.windows.types:
        if kind.id in served or kind.windows < 2:
            continue
        for floor in dict.fromkeys(f.floor for f in hall.furniture if f.group == kind.id):
            places = _over_counters(hall, floor, kind.id)
            if places:
                _hang(hall, places[len(places) // 2], floor, kind.id)
