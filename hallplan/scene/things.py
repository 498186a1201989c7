"""What the plan puts on the floor: furniture with window numbers, partitions, doors, points, signs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from shapely.geometry import Point, Polygon

from hallplan.model.layout import Furniture, Layout
from hallplan.model.signs import Sign, SignPlan, sign_numbers
from hallplan.scene.building import new_door_shapes
from hallplan.scene.labels import Canvas
from hallplan.scene.measure import text_width
from hallplan.scene.primitives import XY, Disc, Fill, Shape, Stamp, Stroke, Words
from hallplan.scene.style import drawing_data, text_mm
from hallplan.scene.symbols import symbol_name, to_plan

_DARK = ("counter_low", "form_desk_low", "kiosk", "kiosk_low")
_NUMBERED = ("counter", "counter_low", "counter_standing")


def stamps(furniture: tuple[Furniture, ...]) -> Iterator[Shape]:
    """Yields a symbol per piece, lowest first so that screens and chairs are not hidden."""
    for item in sorted(furniture, key=lambda f: (f.height_m if f.kind != "call_screen" else 9.0, f.id)):
        yield Stamp(symbol_name(item), item.at, item.facing_deg)


def window_numbers(furniture: tuple[Furniture, ...], mm: float) -> Iterator[Shape]:
    """Yields the number of each window on its counter, turned to be read from below or from the right."""
    for item in furniture:
        if item.window and item.kind in _NUMBERED:
            yield _on_counter(item, item.window, mm)
        elif item.label and item.kind not in ("chair", "staff_chair", "visitor_chair") and len(item.label) <= 4:
            yield _on_counter(item, item.label, mm)


def _on_counter(item: Furniture, words: str, mm: float) -> Words:
    width, depth = item.size_m
    height = min(text_mm("window") * mm, 0.62 * depth, 0.86 * width / max(text_width(words), 0.1))
    style = "text_light" if item.kind in _DARK else "text_wood"
    return Words(style, item.at, words, height, angle_deg=readable(item.facing_deg - 90.0))


def readable(angle_deg: float) -> float:
    """Returns the direction of a text along `angle_deg` that reads from below or from the right."""
    angle = angle_deg % 180.0
    return round(angle - 180.0 if angle > 90.0 + 1e-6 else angle, 3) + 0.0


def partitions(layout: Layout, floor: str) -> Iterator[Shape]:
    """Yields new partitions, shutters and their doors."""
    styles = {"wall": "partition", "glass": "partition_glass", "shutter": "partition_shutter"}
    for wall in layout.partitions:
        if wall.floor == floor:
            yield Stroke(styles[wall.kind], tuple((float(x), float(y)) for x, y, *_ in wall.line.coords))
    for door in layout.doors:
        if door.floor == floor:
            yield from new_door_shapes(door)


def service_points(furniture: tuple[Furniture, ...]) -> list[tuple[str, str, XY]]:
    """Returns (kind, piece id, place) of the power, network, caller, screen and camera points that windows and machines need."""
    offsets = drawing_data()["points"]
    points: list[tuple[str, str, XY]] = []
    for item in furniture:
        if item.window and item.kind in _NUMBERED:
            kinds = [(kind, kind) for kind in ("power", "network", "caller", "screen")]
            kinds += [("camera", "camera")] if item.kind != "counter_standing" else []
        elif item.kind in ("kiosk", "kiosk_low", "queue_machine", "queue_machine_low", "call_screen", "desk"):
            kinds = [("power", "kiosk_power"), ("network", "kiosk_network")]
            kinds += [("camera", "kiosk_camera")] if item.zone.startswith("self_24h") else []
        else:
            continue
        points += [
            (kind, item.id, to_plan(tuple(at), item.at, item.facing_deg)) for kind, key in kinds for at in offsets[key]
        ]
    return points


def point_shapes(furniture: tuple[Furniture, ...], mm: float) -> Iterator[Shape]:
    """Yields a dot per service point."""
    for kind, _, at in service_points(furniture):
        yield Disc(f"point_{kind}", at, 0.7 * mm)


def main_sign_marks(signs: SignPlan, floor: str, canvas: Canvas, room: Polygon, mm: float) -> list[Shape]:
    """Returns a small numbered dot per sign that leads through the hall, off furniture, names and ways where it can."""
    numbers, look = sign_numbers(signs), drawing_data()["main_signs"]
    shapes: list[Shape] = []
    radius = look["radius_mm"] * mm
    for sign in signs.signs:
        if sign.floor != floor or sign.kind not in look["kinds"]:
            continue
        near = room.intersection(Point(sign.at).buffer(look["reach_m"]))
        spot = canvas.best_spot(near, (2 * radius, 2 * radius), sign.at, soft_cost=look["route_cost"])
        if spot:
            shapes += _dot(sign, numbers[sign.id], spot.at, radius, mm)
            canvas.block(Point(spot.at).buffer(radius))
    return shapes


def _dot(sign: Sign, number: str, at: XY, radius: float, mm: float) -> list[Shape]:
    height = min(text_mm("sign") * mm, 1.5 * radius / max(text_width(number), 0.5))
    dot = Disc("sign_old" if sign.is_existing else "sign", at, radius)
    return [dot, Words("text_light", at, number, height)]


def sign_marks(signs: SignPlan, floor: str, canvas: Canvas, room: Polygon, mm: float) -> list[Shape]:
    """Returns a numbered disc per sign, beside its place when others are there already, and a line for its face."""
    numbers = sign_numbers(signs)
    shapes: list[Shape] = []
    radius = 2.1 * mm
    for sign in signs.signs:
        if sign.floor != floor or sign.kind in drawing_data()["counter_kinds"]:
            continue
        shapes.append(_face(sign))
        spot = canvas.best_spot(
            room.intersection(Point(sign.at).buffer(12 * mm)), (2 * radius, 2 * radius), sign.at, soft_cost=0.0
        )
        at = spot.at if spot else sign.at
        if math.dist(at, sign.at) > radius:
            shapes.append(Stroke("sign_link", (sign.at, at)))
        shapes += _dot(sign, numbers[sign.id], at, radius, mm)
        canvas.block(Point(at).buffer(radius))
    return shapes


def _face(sign: Sign) -> Shape:
    turn = math.radians(sign.facing_deg + 90.0)
    half = max(sign.width_m / 2, 0.2)
    dx, dy = math.cos(turn) * half, math.sin(turn) * half
    return Stroke("sign_face", ((sign.at[0] - dx, sign.at[1] - dy), (sign.at[0] + dx, sign.at[1] + dy)))


def catchments(signs: SignPlan, floor: str) -> Iterator[Shape]:
    """Yields the area from which each sign that leads through the hall can be read."""
    kinds = drawing_data()["catchment_kinds"]
    for sign in signs.signs:
        if sign.floor != floor or sign.kind not in kinds:
            continue
        for area in (sign.catchment, sign.back_catchment):
            for part in area.geoms if area is not None else ():
                yield Fill("catchment", part)
                for ring in (part.exterior, *part.interiors):
                    yield Stroke("catchment_edge", tuple((float(x), float(y)) for x, y, *_ in ring.coords))
