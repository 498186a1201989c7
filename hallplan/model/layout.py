"""Where each zone lies, what stands in it, and the ways between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import shapely
from shapely.geometry import LineString

from hallplan.model.shapes import Area, Path, Point

Network = Literal["public", "staff"]
StoppedBy = Literal["effort", "time", "interrupt", "proven"]


@dataclass(frozen=True, slots=True)
class PlacedZone:
    """功能区落位: one zone on one floor.

    area: its true shape, columns not cut out.  area_m2: net of columns.
    front_deg: outward normal of its public front (0 east, 90 north), None when it has none.
    form: counter form chosen ("" when it has no counters).
    """

    zone: str
    type: str
    floor: str
    area: Area
    area_m2: float
    target_m2: float
    front_deg: float | None = None
    form: str = ""
    is_fixed: bool = False

    @property
    def front(self) -> LineString | None:
        """The edge on its public front, the longest of those farthest out; None when it has none."""
        if self.front_deg is None:
            return None
        turn = math.radians(self.front_deg)
        fx, fy = math.cos(turn), math.sin(turn)
        edges = [LineString(ends) for ends in pairwise(shapely.get_coordinates(self.area.exterior))]
        facing = [edge for edge in edges if edge.length > 0.3 and abs(_along(edge, fx, fy)) < 0.1 * edge.length]
        return max(facing, key=lambda edge: (round(_out(edge, fx, fy), 3), edge.length), default=None)


def _along(edge: LineString, fx: float, fy: float) -> float:
    (ax, ay), (bx, by) = edge.coords
    return float((bx - ax) * fx + (by - ay) * fy)


def _out(edge: LineString, fx: float, fy: float) -> float:
    middle = edge.centroid
    return float(middle.x * fx + middle.y * fy)


@dataclass(frozen=True, slots=True)
class Aisle:
    """A way kept clear; `width_m` its narrowest clear width: of a main way that on which one comes to all that it leads to.

    rank: `main` (主通道) what leads from the entrances to the counters, `second` (次通道) what branches off, or is narrower and
    leads to none that ask for more.
    """

    id: str
    floor: str
    network: Network
    area: Area
    width_m: float
    rank: Literal["main", "second"] = "main"


@dataclass(frozen=True, slots=True)
class Partition:
    """A wall, glass or shutter that the plan adds along a zone's edge."""

    id: str
    floor: str
    line: Path
    kind: Literal["wall", "glass", "shutter"] = "wall"
    thickness_m: float = 0.1
    zone: str = ""


@dataclass(frozen=True, slots=True)
class NewDoor:
    """A door in a partition: `at` its centre, `facing_deg` the way out of the room, network it opens to."""

    id: str
    floor: str
    at: Point
    width_m: float
    facing_deg: float
    zone: str
    network: Network


@dataclass(frozen=True, slots=True)
class Furniture:
    """One thing that stands on the floor.

    kind: as in data/furniture.toml.  at: centre of its rectangle.  size_m: along and across its own axis.
    facing_deg: the way its user-facing side looks (a counter faces its visitor, a chair the way one sits).
    window: number of the service window it belongs to.  group: window type (or waiting group) it serves.
    """

    id: str
    kind: str
    floor: str
    zone: str
    at: Point
    size_m: tuple[float, float]
    facing_deg: float
    height_m: float
    label: str = ""
    window: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something the programme asked for that a zone could not hold."""

    zone: str
    kind: str
    asked: int
    placed: int
    reason: str


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of a layout's score: raw value with unit in its name, weight, and what it adds to the score."""

    id: str
    value: float
    weight: float
    cost: float


@dataclass(frozen=True, slots=True)
class Breach:
    """What must hold and a layout does not keep, since no layout was found that keeps it.

    constraint: id of the part of the score that measures it.  value, limit: m.  zones: ids.  at: where, in the plan frame.
    door: id of the door that it is about, "" for none.  why: in words.
    """

    constraint: str
    value: float
    limit: float
    floor: str
    zones: tuple[str, ...]
    at: Point
    door: str
    why: str


@dataclass(frozen=True, slots=True)
class Narrow:
    """A door or a neck of the building that is narrower than a way that leads through it.

    at: where, in the plan frame.  width_m: what it has.  wanted_m: what the way needs.  door: id of the door, "" for a neck.
    """

    floor: str
    at: Point
    width_m: float
    wanted_m: float
    network: Network
    door: str


@dataclass(frozen=True, slots=True)
class WishPrice:
    """What a wish of the user costs all others: by so many points at least these would be better without it."""

    wish: str
    points: float


@dataclass(frozen=True, slots=True)
class Layout:
    """布局方案: one alternative; lower score is better. `bound` is a valid lower bound on the score, if any.

    reviews: which back office reviews the cases of which counter zone, (counter zone, office); as the programme says for others.
    """

    id: str
    name: str
    zones: tuple[PlacedZone, ...]
    aisles: tuple[Aisle, ...]
    score: float
    parts: tuple[ScorePart, ...]
    bound: float | None
    stopped_by: StoppedBy
    furniture: tuple[Furniture, ...] = ()
    partitions: tuple[Partition, ...] = ()
    doors: tuple[NewDoor, ...] = ()
    demolished: tuple[Path, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    breaches: tuple[Breach, ...] = ()
    narrows: tuple[Narrow, ...] = ()
    prices: tuple[WishPrice, ...] = ()
    reviews: tuple[tuple[str, str], ...] = ()

    @property
    def gap(self) -> float | None:
        """Share of the score that a better layout could still save at most."""
        return None if self.bound is None or self.score <= 0 else (self.score - self.bound) / self.score

    def of_kind(self, *kinds: str) -> tuple[Furniture, ...]:
        """Returns the furniture of the given kinds."""
        return tuple(piece for piece in self.furniture if piece.kind in kinds)
