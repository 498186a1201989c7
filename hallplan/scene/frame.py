"""What stands around the plan: title, key figures, north, scale bar, legend, names of entrances."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from shapely.geometry import Point, Polygon

from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Layout
from hallplan.model.plan import Alternative, Plan
from hallplan.model.site import Floor, Opening, OpeningRole
from hallplan.scene.labels import Canvas
from hallplan.scene.measure import text_width
from hallplan.scene.primitives import Bounds, Disc, Fill, Shape, SheetKind, Stroke, Words
from hallplan.scene.routes import arrow_head
from hallplan.scene.style import drawing_data, styles, text_mm
from hallplan.scene.symbols import mark_shapes
from hallplan.scene.zones import zone_family
from hallplan.terms import text, word

_KEY_MM = (9.0, 4.5)
_ROW_MM = 7.5
_FAMILIES = ("guide", "public", "self", "wait", "window", "special", "staff", "fixed")
WAIT_SEATS = ("chair", "sofa")


def title_of(plan: Plan, layout: Layout, floor: Floor, sheet: SheetKind, number: int) -> str:
    """Returns the title of a sheet."""
    name = layout.name.strip()
    is_alone = len(plan.site.floors) == 1
    values = {
        "project": plan.title,
        "floor": "" if is_alone else floor.title + " ",
        "sheet": text(f"scene.{sheet}"),
        "n": number,
        "name": name,
    }
    return text("scene.title" if name else "scene.title_unnamed", **values)


def key_figures(plan: Plan, alternative: Alternative, floor: Floor, sheet: SheetKind, scale: int) -> str:
    """Returns the line of key figures of a floor."""
    layout = alternative.layout
    parts = [text("scene.scale", scale=scale), *_windows(plan, layout, floor)]
    kinds = [item.kind for item in layout.furniture if item.floor == floor.id]
    seats, places = sum(kind in WAIT_SEATS for kind in kinds), kinds.count("wheelchair_place")
    if seats and places:
        parts.append(text("scene.seats_wheelchair", n=seats, places=places))
    elif seats:
        parts.append(text("scene.seats", n=seats))
    kiosks = sum(kind in ("kiosk", "kiosk_low") for kind in kinds)
    parts += [text("scene.kiosks", n=kiosks)] if kiosks else []
    net = sum(zone.area_m2 for zone in layout.zones if zone.floor == floor.id)
    parts.append(text("scene.net_area", area=f"{net:,.0f}"))
    public = [aisle for aisle in layout.aisles if aisle.floor == floor.id and aisle.network == "public"]
    widths = [aisle.width_m for aisle in public if aisle.rank == "main"]
    parts += [text("scene.aisle", width=f"{min(widths):.2f}")] if widths else []
    if sheet == SheetKind.SIGNS:
        parts.append(text("scene.signs_count", n=sum(sign.floor == floor.id for sign in alternative.signs.signs)))
    if sheet == SheetKind.DEMOLITION:
        built = sum(wall.line.length for wall in layout.partitions if wall.floor == floor.id)
        removed = sum(line.length for line in layout.demolished)
        parts.append(text("scene.removed", metres=f"{removed:.1f}", built=f"{built:.1f}"))
    return "　".join(parts)


def _windows(plan: Plan, layout: Layout, floor: Floor) -> list[str]:
    """Windows that stand on this floor, told apart by the zone types they stand in."""
    placed = {
        item.window: item.zone
        for item in layout.furniture
        if item.window and item.floor == floor.id and item.kind.startswith("counter")
    }
    if not placed:
        here = {zone.zone for zone in layout.zones if zone.floor == floor.id}
        placed = {window: zone.id for zone in plan.programme.zones if zone.id in here for window in zone.windows}
    counts: dict[str, int] = {}
    for zone_id in placed.values():
        kind = zone_id.rsplit("-", 1)[0]
        counts[kind] = counts.get(kind, 0) + 1
    if not counts:
        return []
    names = [
        text("scene.window_part", name=zone_types()[kind].name.removesuffix("区").removesuffix("专"), n=counts[kind])
        for kind in zone_types()
        if kind in counts
    ]
    return [text("scene.windows_split", n=len(placed), parts="、".join(names))]


NORTH_MM = 14.0
"""Width at the right end of the key figures that the north arrow has for itself."""


def head_shapes(title: str, figures: str, plan: Bounds, mm: float) -> tuple[list[Shape], float]:
    """Returns title and key figures above the plan, and the top of them."""
    width = plan[2] - plan[0]
    base = plan[3] + 4.0 * mm
    small = min(text_mm("subtitle") * mm, (width - NORTH_MM * mm) / max(text_width(figures), 1.0))
    big = min(text_mm("title") * mm, width / max(text_width(title), 1.0))
    lines = [Words("text_quiet", (plan[0], base), figures, small, "start")]
    lines.append(Words("text", (plan[0], base + small * 0.5 + big * 0.9), title, big, "start"))
    return list(lines), base + small * 0.5 + big * 1.7


def north_shapes(north_deg: float, at: tuple[float, float], mm: float) -> list[Shape]:
    """Returns a north arrow around `at` that points along `north_deg`."""
    angle = math.radians(north_deg)
    ux, uy = math.cos(angle), math.sin(angle)
    size = 5.5 * mm
    tip, left = (at[0] + ux * size, at[1] + uy * size), (-uy * size * 0.36, ux * size * 0.36)
    tail = (at[0] - ux * size * 0.55, at[1] - uy * size * 0.55)
    notch = (at[0] - ux * size * 0.2, at[1] - uy * size * 0.2)
    dark = Polygon([tip, (tail[0] + left[0], tail[1] + left[1]), notch])
    pale = Polygon([tip, (tail[0] - left[0], tail[1] - left[1]), notch])
    name = (at[0] + ux * (size + 2.6 * mm), at[1] + uy * (size + 2.6 * mm))
    return [Fill("north", dark), Fill("scale_empty", pale), Words("text", name, text("scene.north"), 3.5 * mm)]


def scale_bar(right: float, y: float, mm: float) -> list[Shape]:
    """Returns a scale bar whose right end is at `right`."""
    unit = next((step for step in (1.0, 2.0, 5.0, 10.0) if step >= 12.0 * mm * 0.7), 10.0)
    left, height = right - 3 * unit - 6 * mm, 1.2 * mm
    shapes: list[Shape] = []
    for n in range(3):
        x0, x1 = left + n * unit, left + (n + 1) * unit
        shapes.append(Fill("scale" if n % 2 == 0 else "scale_empty", Polygon.from_bounds(x0, y, x1, y + height)))
    for n in range(4):
        words = f"{n * unit:g} m" if n == 3 else f"{n * unit:g}"
        shapes.append(Words("text_quiet", (left + n * unit, y + height + 2.0 * mm), words, 2.5 * mm))
    return shapes


def legend_shapes(
    entries: Iterable[tuple[str, str]], left: float, right: float, top: float, mm: float
) -> tuple[list[Shape], float]:
    """Returns the legend, flowing in rows from `left` to `right` below `top`, and its bottom. Entries are (style or mark, words)."""
    shapes: list[Shape] = []
    height = text_mm("legend") * mm
    x, y = left, top - _ROW_MM * mm / 2
    for key, words in entries:
        width = _KEY_MM[0] * mm + 1.5 * mm + text_width(words, height)
        if x + width > right and x > left:
            x, y = left, y - _ROW_MM * mm
        shapes += _key(key, x, y, mm)
        shapes.append(Words("text", (x + (_KEY_MM[0] + 1.5) * mm, y), words, height, "start"))
        x += width + 6.0 * mm
    return shapes, y - _ROW_MM * mm / 2


def _key(key: str, x: float, y: float, mm: float) -> list[Shape]:
    width, height = _KEY_MM[0] * mm, _KEY_MM[1] * mm
    centre = (x + width / 2, y)
    style = styles()[key]
    if key in ("sign", "sign_old"):
        return [Disc(key, centre, 2.0 * mm), Words("text_light", centre, "S", 2.2 * mm)]
    if key == "decision" or key.startswith("point_"):
        return [Disc(key, centre, 1.1 * mm)]
    if key == "route_public":
        return [Fill(key, Polygon.from_bounds(x, y - 1.1 * mm, x + width, y + 1.1 * mm))]
    if key == "low":
        return [Fill(key, Polygon.from_bounds(x, y - height / 2, x + width, y + height / 2)), *_white_mark(centre, mm)]
    if style.fill:
        return [Fill(key, Polygon.from_bounds(x, y - height / 2, x + width, y + height / 2))]
    return [Stroke(key, ((x, y), (x + width, y)))]


def _white_mark(centre: tuple[float, float], mm: float) -> list[Shape]:
    shapes = mark_shapes("wheelchair", centre, 4.0 * mm, "low_line")
    return [Disc("white", s.at, s.radius_m * 0.7) if isinstance(s, Disc) else s for s in shapes]


def legend_entries(alternative: Alternative, floor: Floor, contents: dict[str, object]) -> list[tuple[str, str]]:
    """Returns the keys a sheet needs: only what it shows."""
    layout = alternative.layout
    entries: list[tuple[str, str]] = []
    if contents.get("zones") == "tint":
        families = {zone_family(zone) for zone in layout.zones if zone.floor == floor.id}
        entries += [(f"zone_{family}", text(f"scene.family_{family}")) for family in _FAMILIES if family in families]
    if contents.get("aisles") and any(a.floor == floor.id for a in layout.aisles):
        entries.append(("aisle", text("scene.legend_aisle")))
    there = {f.kind for f in layout.furniture if f.floor == floor.id} if contents.get("furniture") else set()
    entries += [("low", text("scene.legend_low"))] if any(kind.endswith("_low") for kind in there) else []
    entries += [("tactile", text("scene.legend_tactile"))] if "tactile" in there else []
    entries += [("hung", text("scene.legend_hung"))] if "call_screen" in there else []
    kinds = {wall.kind for wall in layout.partitions if wall.floor == floor.id}
    for kind, style, key in (
        ("wall", "partition", "partition"),
        ("glass", "partition_glass", "glass"),
        ("shutter", "partition_shutter", "shutter"),
    ):
        entries += [(style, text(f"scene.legend_{key}"))] if kind in kinds else []
    networks = {
        route.network for route in alternative.routes.routes if any(leg.floor == floor.id for leg in route.legs)
    }
    for network in list(contents.get("routes", [])):  # type: ignore[call-overload]
        entries += [(f"route_{network}", text(f"scene.legend_{network}"))] if network in networks else []
    return entries + _mark_entries(alternative, floor, contents)


def _mark_entries(alternative: Alternative, floor: Floor, contents: dict[str, object]) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    if contents.get("decisions") and any(d.floor == floor.id for d in alternative.routes.decisions):
        entries.append(("decision", text("scene.legend_decision")))
    if contents.get("signs"):
        here = [sign for sign in alternative.signs.signs if sign.floor == floor.id]
        entries += [("sign", text("scene.legend_sign"))] if any(not sign.is_existing for sign in here) else []
        entries += [("sign_old", text("scene.legend_sign_old"))] if any(sign.is_existing for sign in here) else []
    if contents.get("sight"):
        entries += _sight_entries()
    if contents.get("points"):
        entries += [
            (f"point_{kind}", text(f"scene.legend_{kind}"))
            for kind in ("power", "network", "caller", "screen", "camera")
        ]
    if contents.get("demolition"):
        entries.append(("demolish", text("scene.legend_demolish")))
    return entries


def _sight_entries() -> list[tuple[str, str]]:
    most = int(drawing_data()["heat"]["most"])
    entries = [(f"heat_{n}", text("scene.legend_heat", n=n)) for n in range(most)]
    return [("blind", text("scene.legend_blind")), *entries, (f"heat_{most}", text("scene.legend_heat_more", n=most))]


def entrance_shapes(floor: Floor, canvas: Canvas, mm: float) -> Iterator[Shape]:
    """Yields an arrow into each outer door and its name outside the building."""
    height = text_mm("door") * mm
    for opening in _named(floor):
        away = math.radians(opening.inward_deg + 180.0)
        ux, uy = math.cos(away), math.sin(away)
        start = (opening.at[0] + ux * 0.6, opening.at[1] + uy * 0.6)
        yield Fill("entrance", arrow_head(start, away + math.pi, 1.5 * mm))
        canvas.block(Point(start).buffer(1.5 * mm))
        words = word("role", opening.role)
        size = (text_width(words, height) + 1.0 * mm, height * 1.3)
        outside = floor.outline.buffer(0.4 * mm)
        for angle, (width, depth) in (
            (0.0, size),
            (90.0, (size[1], size[0])),
        ):  # upright where dimensions leave no room beside them
            reach = 0.6 + 2.4 * mm + abs(ux) * width / 2 + abs(uy) * depth / 2
            near = (opening.at[0] + ux * reach, opening.at[1] + uy * reach)
            region = Point(near).buffer(9 * mm + size[0] / 2).difference(outside)
            spot = canvas.best_spot(region, (width, depth), near, soft_cost=0.0)
            if spot:
                (x, y), half = spot.at, (width / 2, depth / 2)
                canvas.block(Polygon.from_bounds(x - half[0], y - half[1], x + half[0], y + half[1]))
                yield Words("text", spot.at, words, height, angle_deg=angle)
                break


def _named(floor: Floor) -> list[Opening]:
    doors = [opening for opening in floor.openings if opening.is_exterior and opening.role != OpeningRole.ROOM]
    order = list(OpeningRole)
    return sorted(doors, key=lambda opening: (order.index(opening.role), opening.id))
