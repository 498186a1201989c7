"""Accessible facilities that are marked rather than built: turning circles, spoken calls, easy modes, parking bays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely.geometry import Point, Polygon
from shapely.ops import nearest_points

from hallplan.furnish.bench import Hall, footprint, limit, listed
from hallplan.model.access import accessible_bays
from hallplan.model.layout import Furniture, Layout
from hallplan.model.site import Bay, OpeningRole
from hallplan.model.space import box_at, ground, in_front
from hallplan.terms import read_data, text
from hallplan.units import round_m

TURNING, SPEAKER, BAY, SIDE_WAY = "turning", "speaker", "accessible_bay", "bay_aisle"


def place_access(hall: Hall, walls: Layout) -> None:
    """Marks turning circles before low units, spoken calls beside screens and at the door, easy modes, parking bays."""
    _mark_turning(hall, walls)
    _hang_speakers(hall)
    _name_modes(hall)
    _mark_bays(hall)


def _mark_turning(hall: Hall, walls: Layout) -> None:
    """A circle on free floor before each low unit, as straight before it as there is room.

    Chairs that are moved aside do not count.  Where none fits nothing is marked: the check says so.
    """
    movable = read_data("space.toml")["movable"]
    size = hall.kinds[TURNING].width_m
    for floor in hall.site.floors:
        low = [p for p in hall.furniture if p.floor == floor.id and p.kind in listed("turning.before")]
        free = ground(floor, replace(walls, furniture=tuple(hall.furniture)), ignore=movable)
        room = shapely.buffer(free, -(size / 2 - 0.01))
        for piece in low:
            ahead = Point(_ahead(piece, piece.size_m[1] / 2 + size / 2))
            spots = shapely.intersection(room, in_front(piece, size, limit("turning.aside_m")))
            if not spots.is_empty:
                at = nearest_points(spots, ahead)[0]
                hall.furniture.append(_piece(hall, TURNING, piece, (at.x, at.y), piece.facing_deg))


def _hang_speakers(hall: Hall) -> None:
    """A loudspeaker beside the first call screen of each zone that has one, and over each main entrance."""
    width = hall.kinds[SPEAKER].width_m
    heard: set[str] = set()
    for screen in [piece for piece in hall.furniture if piece.kind == "call_screen"]:
        if screen.zone not in heard:
            heard.add(screen.zone)
            side = screen.size_m[0] / 2 + width / 2 + limit("speaker.gap_m")
            at = _aside(screen, side)
            hall.furniture.append(_piece(hall, SPEAKER, screen, at, screen.facing_deg))
    for floor in hall.site.floors:
        for door in floor.with_role(OpeningRole.MAIN)[:1]:
            turn = math.radians(door.inward_deg)
            reach = limit("speaker.from_door_m")
            at = door.at[0] + math.cos(turn) * reach, door.at[1] + math.sin(turn) * reach
            zone = next((p.zone for p in hall.layout.zones if p.floor == floor.id and p.area.contains(Point(at))), "")
            like = Furniture("", SPEAKER, floor.id, zone, at, (width, width), door.inward_deg, 0.0)
            hall.furniture.append(_piece(hall, SPEAKER, like, at, door.inward_deg))


def _name_modes(hall: Hall) -> None:
    """Terminals carry the name of their large-character and easy mode."""
    label = text("furnish.large_type")
    kinds = listed("modes.kinds")
    hall.furniture = [
        replace(piece, label=label) if piece.kind in kinds and not piece.label else piece for piece in hall.furniture
    ]


def _mark_bays(hall: Hall) -> None:
    """Bays nearest to a main entrance are marked for wheelchairs until there are as many as the code asks for.

    Each gets a way beside it: on floor that is no bay where there is some, else on the next bay, which is given up.
    """
    bays = hall.site.parking
    need = accessible_bays(len(bays)) - sum(bay.is_accessible for bay in bays)
    ranked = sorted((bay for bay in bays if not bay.is_accessible), key=lambda bay: _walk_m(hall, bay))
    taken: list[Polygon] = [bay.area for bay in bays if bay.is_accessible]
    for bay in ranked:
        if need <= 0:
            return
        if any(bay.area.intersection(other).area > limit("bay.touch_m2") for other in taken):
            continue
        pieces = _bay_pieces(hall, bay, [b.area for b in bays if b is not bay], taken)
        if pieces:
            need -= 1
            hall.furniture += pieces
            taken += [footprint(piece) for piece in pieces]


def _walk_m(hall: Hall, bay: Bay) -> tuple[float, tuple[float, ...]]:
    doors = [d for floor in hall.site.floors if floor.id == bay.floor for d in floor.with_role(OpeningRole.MAIN)]
    far = min((Point(door.at).distance(bay.area) for door in doors), default=0.0)
    return round(far, 2), tuple(round(v, 2) for v in bay.area.bounds)


def _bay_pieces(hall: Hall, bay: Bay, others: Sequence[Polygon], taken: Sequence[Polygon]) -> list[Furniture]:
    """The bay with its way on the better side; none where the building or a marked bay leaves no side."""
    at, size, facing = _frame(bay.area)
    wide = hall.kinds[SIDE_WAY].width_m
    outline = hall.site.floor(bay.floor).outline
    ways = []
    for turn in (90.0, -90.0):
        angle = math.radians(facing + turn)
        away = size[0] / 2 + wide / 2
        spot = round_m(at[0] + math.cos(angle) * away), round_m(at[1] + math.sin(angle) * away)
        shape = box_at(spot, wide, size[1], facing)
        if shape.intersection(outline).area > limit("bay.touch_m2"):
            continue
        if any(shape.intersection(other).area > limit("bay.touch_m2") for other in taken):
            continue
        lost = sum(shape.intersection(other).area > limit("bay.touch_m2") for other in others)
        ways.append((lost, turn, spot))
    if not ways:
        return []
    side = min(ways)[2]
    made = ((BAY, at, size), (SIDE_WAY, side, (wide, size[1])))
    return [Furniture("", kind, bay.floor, "", spot, dims, facing, 0.0) for kind, spot, dims in made]


def _frame(area: Polygon) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Middle, width and length, and the way along the length of a rectangle."""
    corners = list(shapely.minimum_rotated_rectangle(area).exterior.coords)
    (x0, y0), (x1, y1), (x2, y2) = corners[:3]
    sides = (math.dist((x0, y0), (x1, y1)), math.atan2(y1 - y0, x1 - x0)), (math.dist((x1, y1), (x2, y2)), math.atan2(y2 - y1, x2 - x1))  # fmt: skip
    (width, _), (length, turn) = sorted(sides)
    middle = area.centroid
    facing = round(math.degrees(turn) % 180.0, 3)
    return (round_m(middle.x), round_m(middle.y)), (round_m(width), round_m(length)), facing


def _ahead(piece: Furniture, away: float) -> tuple[float, float]:
    turn = math.radians(piece.facing_deg)
    return piece.at[0] + math.cos(turn) * away, piece.at[1] + math.sin(turn) * away


def _aside(piece: Furniture, away: float) -> tuple[float, float]:
    turn = math.radians(piece.facing_deg + 90.0)
    return piece.at[0] + math.cos(turn) * away, piece.at[1] + math.sin(turn) * away


def _piece(hall: Hall, kind: str, like: Furniture, at: tuple[float, float], facing: float) -> Furniture:
    entry = hall.kinds[kind]
    spot = round_m(at[0]), round_m(at[1])
    return Furniture("", kind, like.floor, like.zone, spot, (entry.width_m, entry.depth_m), facing, entry.height_m)
