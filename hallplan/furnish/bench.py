"""What every part of furnishing works on: the hall, one zone's floor, and the things placed so far."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.ground import Ground, Rect, Run, View, merged
from hallplan.model.catalogue import FurnitureType, furniture_types
from hallplan.model.layout import Furniture, Layout, PlacedZone, Shortfall
from hallplan.model.programme import Programme, Zone
from hallplan.model.site import Floor, Site
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.terms import read_data, text

EMPTY = Polygon()
FRONT, BACK = 270.0, 90.0
"""Directions in a view: out of its front, and away from it."""


def limit(key: str) -> float:
    """Returns a size of data/furnish.toml, by "section.name"."""
    section, name = key.split(".")
    return float(read_data("furnish.toml")[section][name])


def listed(key: str) -> tuple[str, ...]:
    """Returns a list of words of data/furnish.toml, by "section.name"."""
    section, name = key.split(".")
    return tuple(read_data("furnish.toml")[section][name])


@dataclass(slots=True)
class Hall:
    """One layout that is being furnished; `free` is walkable floor outside zones, by floor.

    sights: strips from main entrances to information desks, by floor, in which nothing tall should stand.
    """

    site: Site
    programme: Programme
    windows: WindowPlan
    layout: Layout
    settings: Settings
    kinds: dict[str, FurnitureType]
    furniture: list[Furniture] = field(default_factory=list)
    shortfalls: list[Shortfall] = field(default_factory=list)
    free: dict[str, BaseGeometry] = field(default_factory=dict)
    sights: dict[str, list[Polygon]] = field(default_factory=dict)

    def public_ways(self, floor: str) -> list[Polygon]:
        """Returns the public main ways of a floor."""
        return [way.area for way in self.layout.aisles if way.floor == floor and way.network == "public"]

    def staff_ways(self, floor: str) -> list[Polygon]:
        """Returns the staff main ways of a floor."""
        return [way.area for way in self.layout.aisles if way.floor == floor and way.network == "staff"]

    def lacks(self, zone: str, kind: str, asked: int, placed: int, why: str = "no_room") -> None:
        """Notes what did not fit, and why."""
        if placed < asked:
            self.shortfalls.append(Shortfall(zone, kind, asked, placed, text(f"furnish.{why}")))

    def number(self) -> tuple[Furniture, ...]:
        """Returns the furniture with ids: a counter its window's number, all else kind and count."""
        counts: Counter[str] = Counter()
        numbered = []
        for piece in self.furniture:
            if piece.kind.startswith("counter") and piece.window:
                numbered.append(replace(piece, id=piece.window))
                continue
            counts[piece.kind] += 1
            numbered.append(replace(piece, id=f"{piece.kind}-{counts[piece.kind]:03d}"))
        return tuple(numbered)


def new_hall(site: Site, programme: Programme, windows: WindowPlan, layout: Layout, settings: Settings) -> Hall:
    """Returns the working state for one layout."""
    return Hall(site, programme, windows, layout, settings, furniture_types(settings.furniture))


@dataclass(slots=True)
class Bench:
    """One zone at work: its programme, place, floor and ground.

    solid: walls, partitions and columns of the floor.  ways: where the middle of a wheelchair's way can lie, once it is looked for.
    """

    hall: Hall
    zone: Zone
    placed: PlacedZone
    floor: Floor
    ground: Ground
    front_deg: float
    solid: BaseGeometry = EMPTY
    ways: BaseGeometry = EMPTY

    def view(self, turned_deg: float = 0.0) -> View:
        """Returns the zone with its public front (turned by `turned_deg`) in front."""
        return self.ground.view(self.front_deg + turned_deg)

    def size(self, kind: str) -> tuple[float, float]:
        """Returns width and depth of a kind."""
        entry = self.hall.kinds[kind]
        return entry.width_m, entry.depth_m

    def asked(self, *kinds: str) -> int:
        """Returns how many of some kinds the programme wants here."""
        return sum(holding.count for holding in self.zone.holdings if holding.kind in kinds)

    def rect(self, kind: str, x: float, y: float, facing: float, size: tuple[float, float] | None = None) -> Rect:
        """Returns the rectangle of a thing with its centre at (x, y) of a view, facing a direction of that view."""
        width, depth = size or self.size(kind)
        half_x, half_y = (width / 2, depth / 2) if facing % 180 == 90 else (depth / 2, width / 2)
        return x - half_x, y - half_y, x + half_x, y + half_y

    def put(
        self,
        view: View,
        kind: str,
        centre: tuple[float, float],
        facing: float = FRONT,
        *,
        size: tuple[float, float] | None = None,
        is_hung: bool = False,
        **more: str,
    ) -> Furniture:
        """Places a thing by its centre in a view and takes its floor unless it hangs."""
        at = view.plan(*centre)
        piece = Furniture(
            "", kind, self.placed.floor, self.placed.zone, at, size or self.size(kind), view.turn(facing),
            self.hall.kinds[kind].height_m, **more,
        )  # fmt: skip
        self.hall.furniture.append(piece)
        if not is_hung:
            view.take(self.rect(kind, *centre, facing, size))
        return piece

    def walled(self, view: View) -> list[Run]:
        """Returns the stretches along a view's back edge that have a wall, partition or column behind them."""
        inside, beyond = limit("partition.wall_m"), limit("partition.along_m")
        behind = view.plan_rect((0.0, view.depth - inside, view.width, view.depth + beyond))
        walls = shapely.get_parts(behind.intersection(self.solid))
        bounds = [view.local(wall).bounds for wall in walls if isinstance(wall, Polygon)]
        return merged([(x0, x1) for x0, _, x1, _ in bounds], view.width)

    def undo(self, mark: tuple[int, int]) -> None:
        """Goes back to a mark of `mark()`."""
        self.ground.undo(mark[0])
        del self.hall.furniture[mark[1] :]

    def mark(self) -> tuple[int, int]:
        """Returns a mark for `undo`."""
        return self.ground.mark(), len(self.hall.furniture)


def contact_m(view: View, shapes: Iterable[BaseGeometry], near_m: float) -> float:
    """Returns how many metres of the view's front edge have one of the shapes within `near_m` before it."""
    strip = view.plan_rect((0.0, -near_m, view.width, 0.0))
    return sum(float(strip.intersection(shape).area) for shape in shapes) / near_m


def footprint(piece: Furniture) -> Polygon:
    """Returns the floor a piece stands on, in the plan frame."""
    turn = math.radians(piece.facing_deg - 90.0)
    (x, y), (width, depth) = piece.at, piece.size_m
    cos, sin = math.cos(turn), math.sin(turn)
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    spots = [(a * width / 2, b * depth / 2) for a, b in corners]
    return Polygon([(x + cos * u - sin * v, y + sin * u + cos * v) for u, v in spots])
