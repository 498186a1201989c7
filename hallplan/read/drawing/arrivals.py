"""Where people come in when no floor that was read has an entrance from outside: at stairs and lifts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import shapely
from shapely.geometry import LineString, Point, Polygon

from hallplan.model.site import Floor, Guess, Obstacle, ObstacleKind, Opening, OpeningRole
from hallplan.read.drawing.linework import drawn, union
from hallplan.read.drawing.vocabulary import sizes
from hallplan.terms import text

_LINKING = (ObstacleKind.STAIR, ObstacleKind.LIFT)
_DOOR, _OPEN, _WALLED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Landing:
    """A place where one steps from a stair or lift onto the floor. way: 0 a drawn door, 1 an open edge, 2 through a wall."""

    link: Obstacle
    opening: Opening
    way: int
    clear_m: float

    @property
    def worth(self) -> tuple[float, ...]:
        """Sorts landings of one stair or lift, the best first."""
        return self.way, -self.clear_m, -round(self.opening.width_m, 2), *(round(v, 2) for v in self.opening.at)


def with_arrivals(floor: Floor, told: Sequence[tuple[float, float]] = ()) -> tuple[Floor, list[Guess]]:
    """Returns a floor without main entrance with one at the most central stairs and lifts, staff and fire exits at others.

    told: where the user says the main entrance is, in the plan frame; the landing there is taken.
    The floor comes back as it is when no stair or lift opens onto its largest usable part, or none at a told place.
    """
    groups = _groups(landings(floor))
    if told:
        place, reach = told[0], sizes("entrances")["reach_m"]
        groups.sort(key=lambda group: (round(math.dist(group[0].opening.at, place), 2), group[0].opening.at))
        groups = groups if groups and math.dist(groups[0][0].opening.at, place) < reach else []
    else:
        groups.sort(key=lambda group: (not _has_lift(group), _reach(group[0], floor), group[0].opening.at))
    if not groups:
        return floor, []
    main, *others = groups
    roles = {main[0].link.id: (main[0], OpeningRole.MAIN)}
    others.sort(key=lambda group: (not _has_lift(group), -_apart(group[0], main[0]), group[0].opening.at))
    for n, group in enumerate(others):
        stairs = [landing for landing in group if landing.link.kind == ObstacleKind.STAIR]
        for landing in stairs or group[:1]:
            is_staff = n == 0 and landing is (stairs or group)[0]
            roles[landing.link.id] = (landing, OpeningRole.STAFF if is_staff else OpeningRole.FIRE)
    sure = {OpeningRole.MAIN: 0.5 if _has_lift(main) else 0.4, OpeningRole.STAFF: 0.4, OpeningRole.FIRE: 0.4}
    has_staff = bool(floor.with_role(OpeningRole.STAFF))
    made = []
    for landing, role in roles.values():
        role = OpeningRole.FIRE if has_staff and role == OpeningRole.STAFF else role
        made.append(replace(landing.opening, role=role, confidence=sure[role], source="stair"))
    kept = [opening for opening in floor.openings if opening.id not in {o.id for o in made}]
    guesses = [_guess(floor, o, main) for o in made if o.role in (OpeningRole.MAIN, OpeningRole.STAFF)]
    return replace(floor, openings=(*kept, *made)), guesses


def landings(floor: Floor) -> list[Landing]:
    """Returns the best landing of each stair and lift from which one can walk onto the largest usable part of the floor."""
    links = [o for o in floor.obstacles if o.kind in _LINKING]
    if not links or floor.usable.is_empty:
        return []
    ground = _ground(floor)
    walls = union([o.area for o in floor.obstacles if o.kind == ObstacleKind.WALL and o.is_fixed])
    shapely.prepare(walls)
    found = []
    for link in links:
        every = [*_by_doors(link, floor, ground), *_by_edges(link, ground, walls)]
        if every:
            found.append(min(every, key=lambda landing: landing.worth))
    return found


def towards_floor(floor: Floor) -> Floor:
    """Returns the floor with the doors of stairs and lifts that have a role turned onto the floor, as one arrives."""
    links = [o.area for o in floor.obstacles if o.kind in _LINKING]
    out = []
    for door in floor.openings:
        host = [area for area in links if not door.is_exterior and area.distance(door.line) < 0.45]
        if host and door.role != OpeningRole.ROOM:
            x, y = _ahead(door, 0.6)
            back = min(area.distance(Point(x, y)) for area in host)
            x, y = _ahead(door, -0.6)
            if back < min(area.distance(Point(x, y)) for area in host):
                door = replace(door, inward_deg=round((door.inward_deg + 180.0) % 360.0, 2))
        out.append(door)
    return replace(floor, openings=tuple(out))


def _ground(floor: Floor) -> Polygon:
    ground = max(floor.usable.geoms, key=lambda part: part.area)
    shapely.prepare(ground)
    return ground


def _ahead(opening: Opening, by: float) -> tuple[float, float]:
    angle = math.radians(opening.inward_deg)
    return opening.at[0] + by * math.cos(angle), opening.at[1] + by * math.sin(angle)


def _by_doors(link: Obstacle, floor: Floor, ground: Polygon) -> Iterator[Landing]:
    for door in floor.openings:
        if door.is_exterior or link.area.distance(door.line) > 0.45:
            continue
        for turn in (0.0, 180.0):
            turned = replace(door, inward_deg=round((door.inward_deg + turn) % 360.0, 2))
            clear = _clear(turned, ground, (0.35,))
            if clear and not link.area.buffer(-0.1).contains(Point(_ahead(turned, 0.6))):
                yield Landing(link, turned, _DOOR, clear[1])


def _by_edges(link: Obstacle, ground: Polygon, walls: shapely.Geometry) -> Iterator[Landing]:
    rules = sizes("arrivals")
    shape = shapely.orient_polygons(shapely.simplify(link.area, 0.05))
    for a, b in pairwise(shape.exterior.coords):
        length = math.dist(a, b)
        if length < rules["least_m"]:
            continue
        width = min(length, rules["width_m"])
        outward = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0])) - 90.0
        for share in (0.5, 0.25, 0.75) if length > 2 * width else (0.5,):
            p, q = (_between(a, b, share + sign * width / 2 / length) for sign in (-1, 1))
            at = _between(a, b, share)
            name = f"A-{link.id}"
            opening = Opening(
                name, OpeningRole.ROOM, at, width, LineString([p, q]), round(outward % 360.0, 2), False, 0.4, "stair"
            )
            clear = _clear(opening, ground, (0.02, 0.15, 0.3, 0.45, 0.6))
            if clear:
                strip = _strip(opening, 0.0, clear[0] + 0.1)
                is_walled = strip.intersection(walls).area > 0.3 * strip.area
                yield Landing(link, opening, _WALLED if is_walled else _OPEN, clear[1])


def _between(a: Sequence[float], b: Sequence[float], share: float) -> tuple[float, float]:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def _strip(opening: Opening, start: float, end: float) -> Polygon:
    """Returns the way that a person takes from an opening onto the floor."""
    half = min(opening.width_m, sizes("arrivals")["walk_m"]) / 2
    angle = math.radians(opening.inward_deg)
    ux, uy = math.cos(angle), math.sin(angle)
    x, y = opening.at
    corners = ((start, -half), (start, half), (end, half), (end, -half))
    return Polygon([(x + d * ux - s * uy, y + d * uy + s * ux) for d, s in corners])


def _clear(opening: Opening, ground: Polygon, starts: Sequence[float]) -> tuple[float, float] | None:
    """Returns from where and how far the way in is free floor, None when it is too short to step in."""
    depth = sizes("arrivals")["depth_m"]
    for start in starts:
        strip = _strip(opening, start, start + depth)
        if strip.intersection(ground).area < 0.97 * strip.area:
            continue
        far = depth
        while far < 6.0 and shapely.covers(ground, _strip(opening, start + 0.05, start + far + 0.5)):
            far += 0.5
        return start, round(far, 1)
    return None


def _groups(found: Sequence[Landing]) -> list[list[Landing]]:
    """Returns stairs and lifts with one lobby, each group with its best landing first."""
    apart = sizes("arrivals")["group_m"]
    groups: list[list[Landing]] = []
    for landing in sorted(found, key=lambda item: item.worth):
        near = [g for g in groups if any(_apart(landing, other) < apart for other in g)]
        joined = [landing, *(item for group in near for item in group)]
        groups = [group for group in groups if group not in near]
        groups.append(sorted(joined, key=lambda item: item.worth))
    return groups


def _has_lift(group: Sequence[Landing]) -> bool:
    return any(landing.link.kind == ObstacleKind.LIFT for landing in group)


def _reach(landing: Landing, floor: Floor) -> float:
    """Returns how far the middle of the floor's ground is from a landing."""
    ground = _ground(floor)
    return round(math.dist(landing.opening.at, (ground.centroid.x, ground.centroid.y)), 1)


def _apart(one: Landing, other: Landing) -> float:
    return round(math.dist(one.opening.at, other.opening.at), 2)


def _guess(floor: Floor, opening: Opening, main: Sequence[Landing]) -> Guess:
    x, y = floor.frame.point_to_drawing(opening.at)
    kind = "lift" if opening.role == OpeningRole.MAIN and _has_lift(main) else "stair"
    what = text(f"read_drawing.arrival_{opening.role}_{kind}", x=drawn(x), y=drawn(y), floor=floor.name)
    return Guess(what, opening.confidence, f"[entrances] {opening.role} = [[{drawn(x)}, {drawn(y)}]]")
