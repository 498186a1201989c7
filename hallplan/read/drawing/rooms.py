"""Rooms: the faces between walls, their names, and the areas that the drawing writes in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.model.shapes import Frame
from hallplan.model.site import Guess, Room
from hallplan.read.drawing.doors import Door
from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Label, drawn, union
from hallplan.read.drawing.vocabulary import matches, pattern, sizes
from hallplan.read.drawing.walls import Walls
from hallplan.terms import text

BLOCKING = ("void", "lift", "stair", "toilet", "shaft", "plant")


@dataclass(frozen=True, slots=True)
class Named:
    """A text that names a room: what it says, what kind of room that is ("" if an ordinary one), where, and the area it states."""

    name: str
    kind: str
    at: tuple[float, float]
    stated_m2: float = 0.0


def room_name(words: str) -> str:
    """Returns the name in a room's label, "" when the text is not a name."""
    found = pattern("text", "name").search(words)
    if found:
        return next(group for group in found.groups() if group).splitlines()[0].strip()
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    names = [line for line in lines if not matches("text", "not_a_name", line)]
    return names[0] if names and len(names[0]) <= 40 else ""


def stated_area(words: str) -> float:
    """Returns the area in m² that a text states, the use area before any other, 0.0 when it states none."""
    found = pattern("text", "use_area").search(words) or pattern("text", "area").search(words)
    return float(found.group(1).replace(",", ".")) if found else 0.0


def name_labels(labels: Sequence[Label], kinds: LayerKinds) -> list[Named]:
    """Returns the room names among a floor's texts, the explicit and the tall ones first; areas that stand alone go to them."""
    found = []
    for label in labels:
        name = room_name(label.words)
        if not name or kinds.kind(label.layer) in ("hidden", "mark"):
            continue
        kind = next((kind for kind in BLOCKING if matches("rooms", kind, name)), "")
        is_explicit = pattern("text", "name").search(label.words) is not None
        if is_explicit or kind or is_word(name):
            named = Named(name, kind, label.at, stated_area(label.words))
            found.append((not is_explicit, -round(label.height, 3), named))
    return [named for _, _, named in sorted(found, key=lambda f: (f[0], f[1], f[2].name, f[2].at))]


def lone_areas(labels: Sequence[Label]) -> list[tuple[Point, float]]:
    """Returns the texts that state an area and no name, with their place."""
    found = [(Point(label.at), stated_area(label.words)) for label in labels if not room_name(label.words)]
    return [(at, area) for at, area in found if area > 0.0]


def is_word(name: str) -> bool:
    """Returns whether a text has letters enough to be a name: two Chinese characters or three Latin ones."""
    return sum("\u4e00" <= char <= "\u9fff" for char in name) >= 2 or sum(char.isalpha() for char in name) >= 3


def find_rooms(outline: Polygon, walls: Walls, others: BaseGeometry, doors: Sequence[Door]) -> list[Polygon]:
    """Returns the faces between walls with doors closed, in m, largest first. others: windows, columns in walls, lines."""
    closers = [shapely.buffer(door.line, 0.12, cap_style="square") for door in doors]
    rest = shapely.difference(outline, union([walls.every, others, *closers]))
    shrunk = shapely.get_parts(shapely.buffer(rest, -0.08, join_style="mitre"))
    faces = [shapely.buffer(part, 0.08, join_style="mitre") for part in shrunk if part.area > 0.6]
    polygons = [part for face in faces for part in shapely.get_parts(face) if part.geom_type == "Polygon"]
    return sorted(polygons, key=_by_size)


def _by_size(shape: Polygon) -> tuple[float, float, float]:
    return -round(shape.area, 3), round(shape.bounds[0], 3), round(shape.bounds[1], 3)


def label_rooms(
    faces: Sequence[Polygon], names: Sequence[Named], areas: Sequence[tuple[Point, float]] = (), rings: Sequence[Polygon] = ()
) -> list[tuple[Room, str]]:  # fmt: skip
    """Returns rooms with name and kind; several names in one face keep the first ordinary one.

    areas: area texts that stand alone.  rings: closed lines on area layers; one that has the area which a name inside it
    states is that room, whatever the walls say.
    """
    given = _given(names, rings)
    rest = [name for name in names if all(name is not other for other, _ in given)]
    covered = union([ring for _, ring in given])
    free = [face for face in faces if face.intersection(covered).area < 0.5 * face.area] if given else list(faces)
    rooms = [(Room("", name.name, ring, name.stated_m2), name.kind) for name, ring in given]
    rooms += _in_faces(free, rest, areas)
    rooms.sort(key=lambda room: _by_size(room[0].area))
    return [(replace(room, id=f"R{n}"), kind) for n, (room, kind) in enumerate(rooms, 1)]


def _given(names: Sequence[Named], rings: Sequence[Polygon]) -> list[tuple[Named, Polygon]]:
    """Returns the names with the closed line around them that has the area which they state."""
    if not rings:
        return []
    tree = shapely.STRtree(rings)
    found = []
    for name in names:
        around = tree.query(Point(name.at), predicate="within")
        fitting = [n for n in around.tolist() if name.stated_m2 and _agrees(rings[n].area, name.stated_m2)]
        if fitting:
            found.append((name, rings[min(fitting, key=lambda n: abs(rings[n].area - name.stated_m2))]))
    return found


def _agrees(area: float, stated: float) -> bool:
    """Returns whether an area is the stated one, to 2 % or, of a round number, to half of its last digit."""
    rounding = 0.5 if stated == round(stated) else 0.05
    return abs(area - stated) <= max(float(sizes("text")["area_within"]) * stated, rounding)


def _in_faces(
    faces: Sequence[Polygon], names: Sequence[Named], areas: Sequence[tuple[Point, float]]
) -> list[tuple[Room, str]]:
    tree = shapely.STRtree(faces)
    inside: dict[int, list[Named]] = {}
    for name in names:
        for face in tree.query(Point(name.at), predicate="within")[:1]:
            inside.setdefault(int(face), []).append(name)
    alone: dict[int, list[float]] = {}
    for at, area in areas:
        for face in tree.query(at, predicate="within")[:1]:
            alone.setdefault(int(face), []).append(area)
    return [_room(face, inside.get(n, []), alone.get(n, [])) for n, face in enumerate(faces)]


def _room(face: Polygon, here: Sequence[Named], alone: Sequence[float]) -> tuple[Room, str]:
    fitting = [name for name in here if _fits(name, face)]
    agreeing = [name for name in fitting if name.stated_m2 and _agrees(face.area, name.stated_m2)]
    ordinary = [name for name in fitting if not name.kind]
    best = next(iter([*agreeing, *ordinary, *fitting]), None)
    only_kind = best.kind if best and all(name.kind for name in fitting) else ""
    stated = best.stated_m2 if best else 0.0
    if not stated and len(alone) == 1 and len(here) <= 1:
        stated = alone[0]
    return Room("", best.name if best else "", face, stated), only_kind


def _fits(name: Named, face: Polygon) -> bool:
    """Returns whether a face can be the room that a name says; a lift lobby open to a hall does not name the hall."""
    kind = "anteroom" if not name.kind and matches("rooms", "anteroom", name.name) else name.kind
    return not kind or bool(face.area <= sizes("rooms_max_m2")[kind])


def uncertain_rooms(rooms: Sequence[Room], names: Sequence[Named], frame: Frame) -> list[Guess]:
    """Returns a guess for each name whose room has not the area that the text states, or which shares its room with others."""
    tree = shapely.STRtree([room.area for room in rooms])
    found = []
    inner = [(room, room.area.representative_point()) for room in rooms]
    alone = [Named(room.name, "", (at.x, at.y), room.stated_m2) for room, at in inner if room.stated_m2]
    stated = {(name.name, name.stated_m2) for name in names}
    every = [*names, *(name for name in alone if (name.name, name.stated_m2) not in stated)]
    for name in sorted(every, key=lambda n: (n.name, n.at)):
        hosts = [rooms[n] for n in sorted(tree.query(Point(name.at), predicate="within").tolist())] if rooms else []
        own = [
            room
            for room in hosts
            if room.name == name.name and (not name.stated_m2 or room.stated_m2 == name.stated_m2)
        ]
        if name.stated_m2 and not any(_agrees(room.area.area, name.stated_m2) for room in own):
            found.append(_uncertain(name, hosts, frame))
    return found


def _uncertain(name: Named, hosts: Sequence[Room], frame: Frame) -> Guess:
    x, y = frame.point_to_drawing(name.at)
    key = "room_uncertain" if hosts else "room_lost"
    area = f"{hosts[0].area.area:.1f}" if hosts else ""
    what = text(f"read_drawing.{key}", name=name.name, stated=f"{name.stated_m2:g}", area=area, x=drawn(x), y=drawn(y))
    return Guess(what, 0.3, f'[drawing.layers] area = ["{text("read_drawing.room_layer")}"]')
