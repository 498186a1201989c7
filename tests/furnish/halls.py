"""Small halls for furnishing, and checks with shapely that know nothing of how things were placed."""

from __future__ import annotations

import math
from dataclasses import replace

from shapely import STRtree, union_all
from shapely.affinity import rotate, translate
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.furnish import furnish
from hallplan.model.layout import Aisle, Furniture, Layout, PlacedZone, ScorePart
from hallplan.model.programme import Holding, Programme, Zone
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, Obstacle, ObstacleKind, Opening, Site
from hallplan.model.windows import ServiceWindow, WindowPlan
from hallplan.settings import Settings
from hallplan.units import Unit
from tests.builders import HALF_HOURS, make_type, make_zone

HUNG = ("call_screen", "window_light", "speaker")
PAVED = ("tactile", "tactile_stop")
MARKED = ("turning", "accessible_bay", "bay_aisle")
"""Lies flat and leads through zones and ways; looked at apart."""
SIDE_M = 80.0


def stands_on(piece: Furniture) -> Polygon:
    """The floor under a thing: its width lies across the way it faces."""
    width, depth = piece.size_m
    flat = box(-width / 2, -depth / 2, width / 2, depth / 2)
    return translate(rotate(flat, piece.facing_deg - 90, origin=(0, 0)), *piece.at)


def empty_hall(*obstacles: Obstacle, openings: tuple[Opening, ...] = ()) -> Site:
    """An 80 × 80 m hall with nothing in it but the given obstacles."""
    floor = Floor("F1", "一层", 1, Frame(), box(0, 0, SIDE_M, SIDE_M), MultiPolygon([box(0.3, 0.3, 79.7, 79.7)]),
                  obstacles, openings)  # fmt: skip
    return Site("plan.dxf", "AC1024", "utf-8", Unit.MM, (floor,))


def columns(*spots: tuple[float, float], half: float = 0.3) -> tuple[Obstacle, ...]:
    """Square columns at the given centres."""
    return tuple(
        Obstacle(f"C{n}", ObstacleKind.COLUMN, box(x - half, y - half, x + half, y + half))
        for n, (x, y) in enumerate(spots)
    )


def window_plan(*counts: tuple[str, str, int, float]) -> WindowPlan:
    """A window plan of (type, zone type, windows, pitch) entries; the first window of a type is low."""
    types, windows = [], []
    for letter, (id, zone, count, pitch) in zip("ABCDEFGH", counts, strict=False):
        types.append(make_type(id, id, zone, count, pitch_m=pitch))
        windows += [
            ServiceWindow(f"{letter}{n:02d}", id, id, "局", 1, 30.0, ((540, 720),), is_low=n == 1)
            for n in range(1, count + 1)
        ]
    return WindowPlan(tuple(types), tuple(windows), HALF_HOURS, 0.8, 15.0, 100.0, 95.0, 500.0, 50.0, 4)


def programme_of(*zones: Zone) -> Programme:
    """A programme of just these zones."""
    return Programme(zones, (), (), 100.0, 6000.0, 1.0)


def layout_of(*places: tuple[str, Polygon, float | None], aisles: tuple[Aisle, ...] = (), form: str = "") -> Layout:
    """A layout of (zone id, area, front) entries."""
    zones = tuple(
        PlacedZone(id, id.rsplit("-", 1)[0], "F1", area, area.area, area.area, front, form)
        for id, area, front in places
    )
    return Layout("1", "手工", zones, aisles, 1.0, (ScorePart("area_deviation_m2", 0.0, 1.0, 0.0),), None, "effort")


def furnish_one(
    zone: Zone, area: Polygon, front: float | None, windows: WindowPlan, site: Site | None = None, form: str = ""
) -> Layout:
    """A hall with a single zone, furnished."""
    return furnish(
        site or empty_hall(), programme_of(zone), windows, layout_of((zone.id, area, front), form=form), Settings()
    )


def window_zone(windows: WindowPlan, id: str = "window_general-1") -> Zone:
    """A zone that holds all windows of a plan."""
    zone = make_zone(id, 100.0)
    return replace(zone, windows=tuple(w.id for w in windows.windows), window_types=tuple(t.id for t in windows.types))


def wait_zone(chairs: int, wheels: int = 0, group: str = "general") -> Zone:
    """A waiting zone."""
    return make_zone(
        "wait-1", 100.0, holdings=(Holding("chair", chairs, group), Holding("wheelchair_place", wheels, group))
    )


def faults(site: Site, layout: Layout) -> list[str]:
    """What is wrong with where things stand: outside their zone, on columns, in doors or ways, or on each other."""
    found = []
    areas = {zone.zone: zone.area for zone in layout.zones}
    standing = [piece for piece in layout.furniture if piece.kind not in (*HUNG, *PAVED, *MARKED)]
    for floor in site.floors:
        solid = union_all(
            [o.area for o in floor.obstacles if o.is_fixed]
            + [p.line.buffer(p.thickness_m / 2 - 0.01) for p in layout.partitions if p.floor == floor.id]
        )
        here = [piece for piece in standing if piece.floor == floor.id]
        shapes = [stands_on(piece) for piece in here]
        for piece, shape in zip(here, shapes, strict=True):
            found += _misplaced(piece, shape, areas[piece.zone], solid, floor, layout)
        tree = STRtree(shapes)
        for i, shape in enumerate(shapes):
            for j in tree.query(shape):
                if j > i and shape.intersection(shapes[j]).area > 1e-3:
                    found.append(f"{here[i].id} overlaps {here[j].id}")
    return found


def _misplaced(
    piece: Furniture, shape: Polygon, area: Polygon, solid: BaseGeometry, floor: Floor, layout: Layout
) -> list[str]:
    found = []
    if shape.difference(area.buffer(1e-3)).area > 1e-6:
        found.append(f"{piece.id} leaves {piece.zone}")
    if shape.distance(solid) < 0.049 and not solid.is_empty:
        found.append(f"{piece.id} is {shape.distance(solid):.3f} m from a column or wall")
    for aisle in layout.aisles:
        if aisle.floor == floor.id and shape.intersection(aisle.area).area > 1e-2:
            found.append(f"{piece.id} stands in way {aisle.id}")
    for door in layout.doors:
        swing = door_floor(door.at, door.facing_deg, door.width_m)
        if door.floor == floor.id and shape.intersection(swing).area > 1e-3:
            found.append(f"{piece.id} stands in the swing of {door.id}")
    for clear in floor.keep_clear:
        if shape.intersection(clear).area > 1e-3:
            found.append(f"{piece.id} stands on floor to keep clear")
    return found


def door_floor(at: tuple[float, float], facing_deg: float, width: float) -> Polygon:
    """The square a door leaf sweeps inside, and 1.2 m outside."""
    square = box(-width, -width / 2, min(width, 1.2), width / 2)
    return translate(rotate(square, facing_deg, origin=(0, 0)), *at)


def counters_of(layout: Layout) -> list[Furniture]:
    """The counters, in the order of their windows."""
    return sorted((f for f in layout.furniture if f.kind.startswith("counter")), key=lambda f: f.window)


def short_of(layout: Layout, kind: str) -> int:
    """How many of a kind are reported missing."""
    return sum(s.asked - s.placed for s in layout.shortfalls if s.kind == kind)


def reads(seat: Furniture, screen: Furniture, reach_m: float, off_deg: float) -> bool:
    """Whether a seat reads a screen, worked out by hand."""
    dx, dy = screen.at[0] - seat.at[0], screen.at[1] - seat.at[1]
    far = math.hypot(dx, dy)
    return (
        far <= reach_m
        and _turn(math.degrees(math.atan2(dy, dx)), seat.facing_deg) <= off_deg
        and _turn(math.degrees(math.atan2(-dy, -dx)), screen.facing_deg) <= off_deg
    )


def _turn(a: float, b: float) -> float:
    return abs((a - b + 180) % 360 - 180)
