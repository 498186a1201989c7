"""What the drawing gives: floors with outline, obstacles, openings and rooms."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum

import shapely
from shapely.geometry import MultiLineString, Polygon
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry.base import BaseGeometry

from hallplan.model.shapes import Area, Areas, Frame, Path, Point
from hallplan.units import Unit

_SCALE = re.compile(r"\b1\s*[:：]\s*\d+\b")
LARGE_COLUMN_M = 1.6
"""A column longer than this is too large to stand within a zone."""


def is_large(column: Polygon) -> bool:
    """Returns whether a column is too large to stand within a zone."""
    x0, y0, x1, y1 = column.bounds
    return bool(max(x1 - x0, y1 - y0) > LARGE_COLUMN_M)


class OpeningRole(StrEnum):
    """What a door is for."""

    MAIN = "main"
    SECOND = "second"
    STAFF = "staff"
    H24 = "self_24h"
    FIRE = "fire_exit"
    GOODS = "goods"
    ROOM = "room"


STAFF_STAIR_M = 8.0
"""How far from every lift a stair lies that staff come up by."""
CORE_WALL_M, FRONT_M = 0.4, 0.9
"""How near to a stair its door is; how far before a room's door people stand: half a second way and half a wall."""


class ObstacleKind(StrEnum):
    """What stands in the way."""

    COLUMN = "column"
    WALL = "wall"
    SHAFT = "shaft"
    STAIR = "stair"
    ESCALATOR = "escalator"
    LIFT = "lift"
    TOILET = "toilet"
    VOID = "void"
    PLANT = "plant"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A thing that a zone cannot cover. Removable walls (partitions) have `is_fixed` False."""

    id: str
    kind: ObstacleKind
    area: Area
    is_fixed: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A door: `at` its centre on the wall, `inward_deg` the way into the floor, `line` the opening from jamb to jamb."""

    id: str
    role: OpeningRole
    at: Point
    width_m: float
    line: Path
    inward_deg: float
    is_exterior: bool
    confidence: float = 1.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A room that the drawing names or encloses; stated_m2 is the area written in it, 0 when none is."""

    id: str
    name: str
    area: Area
    stated_m2: float = 0.0


@dataclass(frozen=True, slots=True)
class VerticalLink:
    """A stair, escalator or lift that joins floors; the same `id` on each of them."""

    id: str
    kind: ObstacleKind
    at: Point


@dataclass(frozen=True, slots=True)
class Floor:
    """One storey in its plan frame.

    outline: outer boundary of the building on this floor, courtyards filled.
    usable: what zones may lie on: inside the walls, less voids, fixed walls, stairs, lifts, shafts, toilets.
        Columns and removable partitions are not taken off; they stand in `obstacles`.
    exterior: glazed or daylit stretches of the outer wall, as lines.
    """

    id: str
    name: str
    level: int
    frame: Frame
    outline: Area
    usable: Areas
    obstacles: tuple[Obstacle, ...] = ()
    openings: tuple[Opening, ...] = ()
    glazing: tuple[Path, ...] = ()
    rooms: tuple[Room, ...] = ()
    links: tuple[VerticalLink, ...] = ()
    keep_clear: tuple[Area, ...] = ()
    locked: tuple[Room, ...] = ()
    n_walls: int = 0

    @property
    def title(self) -> str:
        """The name without what a drawing's title adds to it (平面图, scale); the id where nothing is left."""
        return _SCALE.sub("", self.name).replace("平面图", "").replace("平面布置图", "").strip(" 　-_") or self.id

    def of_kind(self, kind: ObstacleKind) -> tuple[Obstacle, ...]:
        """Returns the obstacles of one kind."""
        return tuple(obstacle for obstacle in self.obstacles if obstacle.kind == kind)

    def with_role(self, *roles: OpeningRole) -> tuple[Opening, ...]:
        """Returns the openings with one of the roles."""
        return tuple(opening for opening in self.openings if opening.role in roles)

    @property
    def second_entrances(self) -> tuple[Opening, ...]:
        """Entrances by which visitors come in besides the main ones; none where main ones or doors of the staff are missing, which these
        stand in for then."""
        own = (OpeningRole.STAFF, OpeningRole.GOODS)
        is_public = self.with_role(OpeningRole.MAIN) and self.with_role(*own)
        return self.with_role(OpeningRole.SECOND) if is_public else ()

    @property
    def staff_stairs(self) -> tuple[VerticalLink, ...]:
        """Stairs so far from the lifts, by which visitors come up, that staff have them for themselves; none where no lift is."""
        lifts = [link.at for link in self.links if link.kind is ObstacleKind.LIFT]
        stairs = (link for link in self.links if link.kind is ObstacleKind.STAIR) if lifts else ()
        return tuple(stair for stair in stairs if all(math.dist(stair.at, at) >= STAFF_STAIR_M for at in lifts))

    @property
    def visitors_links(self) -> tuple[VerticalLink, ...]:
        """Stairs and lifts by which visitors change floors: all but the stairs that staff have for themselves."""
        theirs = {stair.id for stair in self.staff_stairs}
        return tuple(link for link in self.links if link.id not in theirs)

    def landing(self, link: VerticalLink) -> Point:
        """Returns the place before the door of a stair or lift; its middle where no door of it is drawn."""
        at = ShapelyPoint(link.at)
        core = next((one.area for one in self.of_kind(link.kind) if one.area.covers(at)), at)
        return next((front for _, front in self.fronts_of(core)), link.at)

    def fronts_of(self, room: BaseGeometry) -> tuple[tuple[Opening, Point], ...]:
        """Returns the doors by which one comes from usable floor into a room or core that is none, each with the place before it:
        those behind which it lies or, where there are none, those in its walls."""
        doors = (door for door in self.openings if room.distance(door.line) <= CORE_WALL_M)
        near = [(door, front) for door in doors if (front := self.front_of(door)) is not None]
        behind = [(2 * door.at[0] - x, 2 * door.at[1] - y) for door, (x, y) in near]
        into = [pair for pair, place in zip(near, behind, strict=True) if room.covers(ShapelyPoint(place))]
        return tuple(into or near)

    def front_of(self, door: Opening) -> Point | None:
        """Returns the place before an inner door whose other side is no usable floor; None for any other door."""
        if door.is_exterior or door.role != OpeningRole.ROOM:
            return None
        within = self._usable_sides(door)
        return within[0] if len(within) == 1 else None

    def joins_floor(self, door: Opening) -> bool:
        """Returns whether usable floor lies on either side of an inner door."""
        return not door.is_exterior and len(self._usable_sides(door)) == 2

    def beside(self, door: Opening) -> tuple[Point, Point]:
        """Returns the places where people stand before and behind a door."""
        turn = math.radians(door.inward_deg)
        step = FRONT_M * math.cos(turn), FRONT_M * math.sin(turn)
        return (door.at[0] + step[0], door.at[1] + step[1]), (door.at[0] - step[0], door.at[1] - step[1])

    def _usable_sides(self, door: Opening) -> list[Point]:
        """The places before and behind a door that are usable floor."""
        return [side for side in self.beside(door) if self.usable.covers(ShapelyPoint(side))]

    @property
    def free_area_m2(self) -> float:
        """Usable area less columns."""
        return self.net_m2(self.usable)

    @property
    def large_columns(self) -> BaseGeometry:
        """Columns too large to stand within a zone, as hard as a wall."""
        large = [column.area for column in self.of_kind(ObstacleKind.COLUMN) if is_large(column.area)]
        return shapely.union_all(large) if large else Polygon()

    def free_part(self, area: Area | Areas) -> Polygon:
        """Returns the largest piece of an area in the plan frame that a zone may lie on; an empty one where there is none."""
        parts = shapely.get_parts(self.usable.difference(self.large_columns).intersection(area))
        whole = (part for part in parts if isinstance(part, Polygon))
        return max(whole, key=lambda part: (round(part.area, 6), part.bounds), default=Polygon())

    def net_m2(self, area: Area | Areas) -> float:
        """Returns the usable floor within an area in the plan frame, less columns, m²."""
        free = self.usable.intersection(area)
        return float(free.area - sum(c.area.intersection(free).area for c in self.of_kind(ObstacleKind.COLUMN)))


@dataclass(frozen=True, slots=True)
class Gap:
    """A break in the outer boundary that was closed; `at` in metres in the drawing's axes."""

    at: Point
    width_m: float


@dataclass(frozen=True, slots=True)
class Guess:
    """Something the reader inferred, how sure it is (0 to 1), and the setting that corrects it."""

    what: str
    confidence: float
    setting: str


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The lines of a drawing around a floor, in its plan frame: those that were read, and those that were left out."""

    floor_id: str
    read: MultiLineString
    left_out: MultiLineString


@dataclass(frozen=True, slots=True)
class LayerUse:
    """A layer of the drawing: what it is taken for ("other" when its name says nothing) and how much is drawn on it."""

    name: str
    kind: str
    count: int
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class DrawnSign:
    """A sign that hangs already, as a block with attributes tells it; 0 and "" where the block does not say.

    at, facing_deg: in the plan frame; the face looks along the block's +y axis unless an attribute says otherwise.
    char_mm: height of its characters.  confidence: in its words, which are from `source` (an attribute, the block, words beside).
    """

    floor: str
    at: Point
    facing_deg: float
    text_zh: str
    text_en: str = ""
    char_mm: float = 0.0
    height_m: float = 0.0
    mount: str = ""
    is_double: bool = False
    back_zh: str = ""
    handle: str = ""
    confidence: float = 1.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Bay:
    """A parking bay that the drawing shows beside a floor, in that floor's plan frame; accessible when it is marked so."""

    floor: str
    area: Area
    is_accessible: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """The hall as the drawing gives it."""

    source: str
    dxf_version: str
    encoding: str
    unit: Unit
    floors: tuple[Floor, ...]
    unit_evidence: tuple[str, ...] = ()
    gaps_closed: tuple[Gap, ...] = ()
    guesses: tuple[Guess, ...] = ()
    warnings: tuple[str, ...] = ()
    repairs: tuple[str, ...] = field(default=())
    signs: tuple[DrawnSign, ...] = ()
    parking: tuple[Bay, ...] = ()

    def floor(self, floor_id: str) -> Floor:
        """Returns the floor with this id; raises KeyError when there is none."""
        for floor in self.floors:
            if floor.id == floor_id:
                return floor
        raise KeyError(floor_id)

    @property
    def spans(self) -> str:
        """What each floor spans in drawing units: "F1: x 0–62000, y 0–27000"."""
        spans = []
        for floor in self.floors:
            x0, y0, x1, y1 = floor.frame.to_drawing(floor.outline).bounds
            spans.append(f"{floor.id}: x {x0:.0f}–{x1:.0f}, y {y0:.0f}–{y1:.0f}")
        return "; ".join(spans)

    @property
    def free_area_m2(self) -> float:
        """Free area of all floors."""
        return sum(floor.free_area_m2 for floor in self.floors)
