"""What each outer door is for, and where doors must be when the drawing shows none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, Guess, Opening, OpeningRole, Room
from hallplan.read.drawing.doors import Door
from hallplan.read.drawing.linework import Label, drawn
from hallplan.read.drawing.reach import ground_behind
from hallplan.read.drawing.vocabulary import matches, sizes
from hallplan.terms import text, word

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RoleMarks:
    """Places in the plan frame where the user or the drawing says what a door is for; and their reach in metres."""

    told: tuple[tuple[str, Place], ...]
    labels: tuple[Label, ...]


def make_openings(doors: Sequence[Door], outline: Polygon) -> list[Opening]:
    """Returns the doors as openings with direction and whether they lead outside; roles are still `room`."""
    return [_opening(n, door, outline) for n, door in enumerate(doors, 1)]


def _opening(n: int, door: Door, outline: Polygon) -> Opening:
    (ax, ay), (bx, by) = door.a, door.b
    nx, ny = -(by - ay) / door.width_m, (bx - ax) / door.width_m
    x, y = door.at
    is_near = outline.exterior.distance(Point(x, y)) < 0.75
    ahead, behind = (outline.contains(Point(x + s * nx, y + s * ny)) for s in (0.9, -0.9))
    is_exterior = is_near and ahead != behind
    inward = ahead if is_exterior else (door.side[0] - x) * nx + (door.side[1] - y) * ny > 0
    angle = math.degrees(math.atan2(ny, nx)) + (0.0 if inward else 180.0)
    role = OpeningRole.FIRE if is_exterior else OpeningRole.ROOM
    return Opening(
        f"D{n}", role, door.at, door.width_m, door.line, round(angle % 360.0, 2), is_exterior, 0.6, door.source
    )


def assign_roles(
    openings: Sequence[Opening],
    marks: RoleMarks,
    *,
    frame: Frame,
    floor_level: int,
    rooms: Sequence[tuple[Room, str]] = (),
) -> tuple[list[Opening], list[Guess]]:
    """Returns the openings with roles, told ones first, and the guesses made. rooms: what lies behind doors, with its kind."""
    out = {opening.id: opening for opening in openings}
    certain: set[str] = set()
    for role, place in marks.told:
        door = _nearest(out.values(), place, sizes("entrances")["reach_m"], exterior_only=False)
        if door is not None:
            out[door.id] = replace(door, role=OpeningRole(role), confidence=1.0, source="told")
            certain.add(door.id)
    for label in marks.labels:
        named = next(
            (
                role
                for role in ("self_24h", "staff", "goods", "fire_exit", "second", "main")
                if matches("entrances", role, label.words)
            ),
            None,
        )
        door = _nearest(out.values(), label.at, sizes("entrances")["reach_m"], exterior_only=True)
        if named and door is not None and door.id not in certain:
            out[door.id] = replace(door, role=OpeningRole(named), confidence=0.9, source=label.words[:20])
            certain.add(door.id)
    guesses: list[Guess] = []
    if floor_level <= 1:
        guesses = _guess_roles(out, certain, frame, rooms)
    _share_roles(out, certain)
    return list(out.values()), guesses


def _share_roles(out: dict[str, Opening], certain: set[str]) -> None:
    """Gives doors beside a public entrance in the same wall its role: two double doors are one entrance."""
    gap = sizes("doors")["beside_m"]
    for role in (OpeningRole.MAIN, OpeningRole.SECOND):
        todo = [door for door in out.values() if door.role == role and door.is_exterior]
        while todo:
            first = todo.pop()
            for door in list(out.values()):
                is_free = door.is_exterior and door.role != role and door.id not in certain
                if is_free and door.role != OpeningRole.MAIN and _is_beside(first, door, gap):
                    out[door.id] = replace(door, role=role, confidence=first.confidence, source=first.source)
                    todo.append(out[door.id])


def _is_beside(first: Opening, second: Opening, gap: float) -> bool:
    """Returns whether two doors are in one line of wall less than `gap` apart."""
    angle = math.radians(first.inward_deg)
    dx, dy = second.at[0] - first.at[0], second.at[1] - first.at[1]
    turn = abs((first.inward_deg - second.inward_deg + 180.0) % 360.0 - 180.0)
    across = abs(dx * math.cos(angle) + dy * math.sin(angle))
    return turn < 5.0 and across < 0.3 and first.line.distance(second.line) < gap


def _nearest(doors: object, place: Place, reach: float, *, exterior_only: bool) -> Opening | None:
    near = [
        (round(math.dist(door.at, place), 3), door.id, door)
        for door in doors  # type: ignore[attr-defined]
        if door.is_exterior or not exterior_only
    ]
    return min(near)[2] if near and min(near)[0] <= reach else None


def _guess_roles(
    out: dict[str, Opening], certain: set[str], frame: Frame, rooms: Sequence[tuple[Room, str]] = ()
) -> list[Guess]:
    free = [door for door in out.values() if door.is_exterior and door.id not in certain]
    guesses = []
    taken = {door.role for door in out.values() if door.id in certain}
    behind = {door.id: _worth_of_room(door, rooms) for door in free}
    ground = ground_behind(list(out.values()), rooms)
    most = max((ground.get(door.id, 0.0) for door in free), default=0.0) or 1.0

    def worth(group: Sequence[Opening]) -> tuple[float, float, float]:
        more = max(behind[door.id] for door in group)
        more -= sizes("doors")["apart_m"] * (1.0 - max(ground.get(door.id, most) for door in group) / most)
        # an exit of an entrance hall is narrower than its entrance
        is_wide = sum(door.width_m for door in group) >= sizes("doors")["main_width_m"]
        return _worth_as_main(group, more if is_wide else min(0.0, more))

    groups = sorted(_groups(free), key=worth)
    if OpeningRole.MAIN not in taken and groups:
        for door in groups.pop():
            out[door.id] = replace(door, role=OpeningRole.MAIN, confidence=0.7, source="guess")
            guesses.append(_guess("main", out[door.id], frame))
    mains = [door for door in out.values() if door.role == OpeningRole.MAIN]
    wide = [g for g in groups if sum(door.width_m for door in g) >= sizes("doors")["main_width_m"]]
    if OpeningRole.SECOND not in taken and wide:
        second = max(wide, key=worth)
        if sum(d.width_m for d in second) >= 2 * sizes("doors")["main_width_m"]:
            groups.remove(second)
            for door in second:
                out[door.id] = replace(door, role=OpeningRole.SECOND, confidence=0.5, source="guess")
            guesses.append(_guess("second", out[second[0].id], frame))
    if OpeningRole.STAFF not in taken and groups and mains:
        staff = max((door for group in groups for door in group), key=lambda d: (_away(d, mains), d.id))
        out[staff.id] = replace(staff, role=OpeningRole.STAFF, confidence=0.5, source="guess")
        guesses.append(_guess("staff", out[staff.id], frame))
    return guesses


def _away(door: Opening, mains: Sequence[Opening]) -> float:
    """Returns how far a door is from the main entrance, the other sides of the building counting more."""
    turn = abs((door.inward_deg - mains[0].inward_deg + 180.0) % 360.0 - 180.0)
    return round(min(math.dist(door.at, main.at) for main in mains) * (1.0 + turn / 180.0), 3)


def _groups(doors: Sequence[Opening]) -> list[list[Opening]]:
    """Returns doors side by side in one facade as one entrance."""
    gap = sizes("doors")["group_gap_m"]
    groups: list[list[Opening]] = []
    for door in sorted(doors, key=lambda d: (round(d.inward_deg), round(d.at[0], 2), round(d.at[1], 2))):
        for group in groups:
            if any(abs(door.inward_deg - o.inward_deg) < 5 and door.line.distance(o.line) < gap for o in group):
                group.append(door)
                break
        else:
            groups.append([door])
    return groups


def _worth_as_main(group: Sequence[Opening], behind_m: float) -> tuple[float, float, float]:
    """Wide entrances first, those of entrance halls as if wider; of equals the one on the lower (street) side of the sheet, then the
    leftmost."""
    width = sum(door.width_m for door in group) + behind_m
    faces_street = 1.0 if abs(group[0].inward_deg - 90.0) < 46.0 else 0.0
    return round(width + sizes("doors")["street_m"] * faces_street, 2), faces_street, -round(group[0].at[0], 2)


def _worth_of_room(door: Opening, rooms: Sequence[tuple[Room, str]]) -> float:
    """How much wider a door counts as a main entrance for the room that it leads into, m: more for an entrance hall, less for a service room;
    less for rolling shutters too, which goods come by."""
    if matches("doors", "roller", door.source):
        return -float(sizes("doors")["roller_m"])
    angle, step = math.radians(door.inward_deg), sizes("doors")["step_m"]
    inside = Point(door.at[0] + step * math.cos(angle), door.at[1] + step * math.sin(angle))
    room, kind = next(((room, kind) for room, kind in rooms if room.area.contains(inside)), (None, ""))
    if room is None:
        return 0.0
    served = (("entrances", "goods"), ("entrances", "staff"), ("rooms", "anteroom"), ("rooms", "lift"))
    if kind or any(matches(*words, room.name) for words in served):
        return -float(sizes("doors")["service_m"])
    return float(sizes("doors")["hall_m"]) if matches("doors", "hall", room.name) else 0.0


def _guess(role: str, door: Opening, frame: Frame) -> Guess:
    x, y = frame.point_to_drawing(door.at)
    what = text(f"read_drawing.guess_{role}", x=drawn(x), y=drawn(y), width=f"{door.width_m:.2f}")
    return Guess(what, door.confidence, f"[entrances] {role} = [[{drawn(x)}, {drawn(y)}]]")


def invent_entrances(
    outline: Polygon, rooms: Sequence[Room], gaps: Sequence[tuple[Place, float]], entrance_areas: Sequence[Polygon],
    told: Sequence[tuple[str, Place]],
) -> list[Opening]:  # fmt: skip
    """Returns openings on the outer wall where none was drawn: told places, marked areas, gaps, or a lobby's long edge."""
    found: list[Opening] = []
    for n, (role, place) in enumerate(told, 1):
        found.append(_on_outline(f"E{n}", OpeningRole(role), place, 1.8, outline, 1.0))
    if any(o.role == OpeningRole.MAIN for o in found):
        return found
    places = [(area.centroid.x, area.centroid.y) for area in entrance_areas]
    places += [at for at, width in gaps if 0.8 <= width <= 8.0]
    edges = _lobby_edges(outline, rooms)
    main = places[0] if places else edges[0]
    found.append(_on_outline("E1", OpeningRole.MAIN, main, 2.4, outline, 0.4))
    rest = [place for place in (*places[1:], *edges) if math.dist(place, main) > 6.0]
    if rest and not any(o.role == OpeningRole.STAFF for o in found):
        staff = max(rest, key=lambda place: (round(math.dist(place, main), 2), place))
        found.append(_on_outline("E2", OpeningRole.STAFF, staff, 1.5, outline, 0.3))
    return found


def invented(opening: Opening, frame: Frame) -> Guess:
    """Returns the guess that tells of an opening which the drawing does not show."""
    x, y = frame.point_to_drawing(opening.at)
    what = text("read_drawing.invented", role=word("role", opening.role), x=drawn(x), y=drawn(y))
    return Guess(what, opening.confidence, f"[entrances] {opening.role} = [[{drawn(x)}, {drawn(y)}]]")


def with_outer_entrance(floor: Floor, told: Sequence[tuple[str, Place]]) -> tuple[Floor, list[Guess]]:
    """Returns a floor without main entrance with one at its outer doors, or on its outer wall."""
    out = {opening.id: opening for opening in floor.openings}
    mains = [(role, place) for role, place in told if role == OpeningRole.MAIN]
    guesses = [] if mains else _guess_roles(out, set(), floor.frame)
    made: list[Opening] = []
    if not any(opening.role == OpeningRole.MAIN for opening in out.values()):
        made = invent_entrances(floor.outline, floor.rooms, (), (), mains)
        guesses += [invented(opening, floor.frame) for opening in made if opening.confidence < 1.0]
    return replace(floor, openings=(*out.values(), *made)), guesses


def _lobby_edges(outline: Polygon, rooms: Sequence[Room]) -> list[Place]:
    """Returns middles of the straight outer edges of the lobby (or the largest room), best first."""
    lobbies = [room for room in rooms if matches("rooms", "lobby", room.name)]
    host = max(lobbies or rooms, key=lambda room: (room.area.area, room.id)).area if rooms else outline
    near = shapely.buffer(host, 0.6, join_style="mitre")
    points = np.asarray(outline.exterior.coords)
    scored = []
    for a, b in pairwise(points):
        piece = shapely.intersection(LineString([a, b]), near)
        for part in shapely.get_parts(piece):
            if part.geom_type == "LineString" and part.length > 1.8:
                middle = part.interpolate(0.5, normalized=True)
                is_low = abs(b[1] - a[1]) < 0.3 * abs(b[0] - a[0]) and middle.y < outline.centroid.y
                scored.append((round(part.length * (1.5 if is_low else 1.0), 2), (middle.x, middle.y)))
    if not scored:
        middle = LineString(points[:2]).interpolate(0.5, normalized=True)
        return [(middle.x, middle.y)]
    return [place for _, place in sorted(scored, reverse=True)]


def _on_outline(id: str, role: OpeningRole, place: Place, width: float, outline: Polygon, sure: float) -> Opening:
    """Returns an opening of about `width` on the outline's edge nearest to a place."""
    points = np.asarray(outline.exterior.coords)
    edges = [LineString([a, b]) for a, b in pairwise(points)]
    edge = min(edges, key=lambda e: (round(e.distance(Point(place)), 3), -round(e.length, 3)))
    width = min(width, edge.length)
    middle = min(max(edge.project(Point(place)), width / 2), edge.length - width / 2)
    a, b = edge.interpolate(middle - width / 2), edge.interpolate(middle + width / 2)
    door = Door((a.x, a.y), (b.x, b.y), (a.x, a.y), source="guess")
    opening = _opening(1, door, outline)
    return replace(opening, id=id, role=role, is_exterior=True, confidence=sure)


def marks_from(settings_places: Mapping[str, Sequence[Sequence[float]]], frame: Frame) -> list[tuple[str, Place]]:
    """Returns the user's entrances in the plan frame."""
    found = []
    for role, places in settings_places.items():
        for x, y in places:
            point = frame.to_plan(Point(x, y))
            found.append((role, (point.x, point.y)))
    return found
