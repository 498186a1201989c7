"""A plan as a scene: which layers a sheet has, and what lies on them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from hallplan.model.catalogue import zone_types
from hallplan.model.plan import Alternative, Plan
from hallplan.model.signs import sign_numbers
from hallplan.model.site import Floor, ObstacleKind
from hallplan.scene.building import (
    building_shapes,
    door_shapes,
    new_door_shapes,
    shown_doors,
    standing_partitions,
    wall_areas,
)
from hallplan.scene.dims import Dimension, dimension_shapes, dimensions
from hallplan.scene.frame import (
    entrance_shapes,
    head_shapes,
    key_figures,
    legend_entries,
    legend_shapes,
    north_shapes,
    scale_bar,
    title_of,
)
from hallplan.scene.labels import Canvas
from hallplan.scene.paper import choose_scale
from hallplan.scene.primitives import Bounds, Disc, Fill, Layer, Scene, Shape, SheetKind, Stroke, Words
from hallplan.scene.reserve import reserve_areas
from hallplan.scene.routes import public_band, route_shapes
from hallplan.scene.sight import blind_shapes, heat_shapes
from hallplan.scene.style import drawing_data
from hallplan.scene.symbols import footprint, symbol_name, symbol_shapes
from hallplan.scene.things import (
    catchments,
    main_sign_marks,
    partitions,
    point_shapes,
    service_points,
    sign_marks,
    stamps,
    window_numbers,
)
from hallplan.scene.zones import room_label, zone_fills, zone_labels, zone_name
from hallplan.terms import language, text, word

_ORDER = (
    "paper", "ground", "aisles", "zones", "fixed", "heat", "catchments", "routes", "blind", "furniture", "numbers", "walls", "columns",
    "partitions", "doors", "points", "demolition", "dimensions", "entrances", "labels", "signs", "north", "head", "legend",
)  # fmt: skip

_NAMED_ROOMS = (
    ObstacleKind.TOILET,
    ObstacleKind.PLANT,
    ObstacleKind.STAIR,
    ObstacleKind.ESCALATOR,
    ObstacleKind.LIFT,
    ObstacleKind.VOID,
)


def sheets_of(plan: Plan, alternative: int, floor_id: str) -> tuple[SheetKind, ...]:
    """Returns the sheets that a floor of an alternative has something to show on."""
    chosen = plan.alternative(alternative)
    floor, layout = plan.site.floor(floor_id), chosen.layout
    has_routes = any(leg.floor == floor_id for route in chosen.routes.routes for leg in route.legs)
    has_change = any(wall.floor == floor_id for wall in layout.partitions)
    has_change |= any(floor.outline.buffer(0.5).intersects(line) for line in layout.demolished)
    shown = {
        SheetKind.SETTING_OUT: any(item.floor == floor_id for item in layout.furniture),
        SheetKind.FLOW: has_routes,
        SheetKind.SIGNS: any(sign.floor == floor_id for sign in chosen.signs.signs),
        SheetKind.SIGHT: has_routes and any(sign.floor == floor_id for sign in chosen.signs.signs),
        SheetKind.POINTS: any(item.floor == floor_id and item.window for item in layout.furniture),
        SheetKind.DEMOLITION: has_change,
    }
    return tuple(sheet for sheet in SheetKind if shown.get(sheet, True))


def build_scene(plan: Plan, alternative: int, floor_id: str, sheet: SheetKind) -> Scene:
    """Returns one sheet of one floor as layers of shapes in plan-frame metres.

    alternative: its rank, from 1.  Texts are in the current language.
    Raises InputError when there is no such alternative, KeyError when there is no such floor.
    """
    key = (alternative, floor_id, sheet.value, language())
    if _built.plan is not plan:
        _built.plan, _built.scenes = plan, {}
    if key not in _built.scenes:
        _built.scenes[key] = _Builder(plan, alternative, plan.site.floor(floor_id), sheet).build()
    return _built.scenes[key]


def build_frame(plan: Plan, alternative: int, floor_id: str, sheet: SheetKind) -> Scene:
    """Returns a sheet's bounds, titles, legend and table without its layers, for a page that shows the drawing itself.

    Raises as `build_scene`.
    """
    key = (alternative, floor_id, sheet.value, language())
    if _built.plan is plan and key in _built.scenes:
        return _built.scenes[key]
    return _Builder(plan, alternative, plan.site.floor(floor_id), sheet).finish()


class _Built:
    """Scenes of the plan drawn last: SVG, DXF, PDF and page show the same sheets."""

    def __init__(self) -> None:
        self.plan: Plan | None = None
        self.scenes: dict[tuple[int, str, str, str], Scene] = {}


_built = _Built()


class _Builder:
    def __init__(self, plan: Plan, number: int, floor: Floor, sheet: SheetKind) -> None:
        self.plan, self.number, self.floor, self.sheet = plan, number, floor, sheet
        self.alternative: Alternative = plan.alternative(number)
        self.layout = self.alternative.layout
        self.contents: dict[str, Any] = drawing_data()["sheet"][sheet]
        self.scale = choose_scale(plan, floor)
        self.mm = self.scale / 1000.0
        self.layers: dict[str, list[Shape]] = defaultdict(list)
        self.furniture = tuple(f for f in self.layout.furniture if f.floor == floor.id)
        self.zones = tuple(z for z in self.layout.zones if z.floor == floor.id)
        self.parking = tuple(bay.area for bay in plan.site.parking if bay.floor == floor.id)
        self.dims: list[Dimension] = dimensions(floor, self.layout, self.contents.get("dims", "overall"), self.mm)
        self.bounds = self._plan_bounds()
        self.reserve = reserve_areas(floor, self.alternative) if self.contents.get("reserve") else ()
        self.legend = legend_entries(self.alternative, floor, self.contents)
        self.legend += [("reserve", text("scene.legend_reserve"))] if self.reserve else []
        self.canvas = Canvas(self.bounds, drawing_data()["label"]["cell_m"])

    def _plan_bounds(self) -> Bounds:
        x0, y0, x1, y1 = unary_union([self.floor.outline, *self.parking]).bounds
        left = max([3.0, *(abs(d.level - x0) / self.mm + 5.0 for d in self.dims if d.along == "y" and d.level < x0)])
        top = max([3.0, *(abs(d.level - y1) / self.mm + 5.0 for d in self.dims if d.along == "x" and d.level > y1)])
        return x0 - left * self.mm, y0 - 13.0 * self.mm, x1 + 16.0 * self.mm, y1 + top * self.mm

    def build(self) -> Scene:
        self._building()
        self._things()
        self._marks()
        self._take_places()
        self._words()
        return self.finish()

    def finish(self) -> Scene:
        """Returns the scene of the layers drawn so far."""
        title = title_of(self.plan, self.layout, self.floor, self.sheet, self.number)
        figures = key_figures(self.plan, self.alternative, self.floor, self.sheet, self.scale)
        bounds = self._surround(title, figures)
        symbols = (
            {symbol_name(item): symbol_shapes(item) for item in self.furniture}
            if self.contents.get("furniture")
            else {}
        )
        layers = tuple(Layer(name, tuple(self.layers[name])) for name in _ORDER if self.layers[name])
        table_title, table = self._table()
        return Scene(
            self.sheet, self.floor.id, title, figures, self.scale, bounds, self.bounds, layers,
            dict(sorted(symbols.items())), table, table_title, tuple(self.legend), 90.0 - self.floor.frame.rotation_deg,
        )  # fmt: skip

    def _building(self) -> None:
        for bay in self.parking:
            ring = tuple((float(x), float(y)) for x, y, *_ in bay.exterior.coords)
            self.layers["ground"].append(Stroke("parking", ring))
        for layer, shape in building_shapes(self.floor):
            self.layers[layer].append(shape)
        gone = () if self.contents.get("demolition") else self.layout.demolished
        self.layers["walls"] += standing_partitions(self.floor, gone)
        for opening in shown_doors(self.floor, gone):
            self.layers["doors"] += door_shapes(opening)

    def _things(self) -> None:
        if self.contents.get("zones") in ("tint", "line"):
            self.layers["zones"] += zone_fills(self.zones, self.contents["zones"])
        if self.contents.get("aisles"):
            for aisle in self.layout.aisles:
                if aisle.floor == self.floor.id:
                    ring = tuple((float(x), float(y)) for x, y, *_ in aisle.area.exterior.coords)
                    self.layers["aisles"] += [Fill("aisle", aisle.area), Stroke("aisle_edge", ring)]
        for area in self.reserve:
            self.layers["aisles"] += [Fill("reserve", area)]
        if self.contents.get("furniture"):
            self.layers["furniture"] += stamps(self.furniture)
            self.layers["numbers"] += window_numbers(self.furniture, self.mm)
        self.layers["partitions"] += partitions(self.layout, self.floor.id)

    def _marks(self) -> None:
        routes, floor = self.alternative.routes, self.floor.id
        self.layers["routes"] += route_shapes(routes, floor, self.contents.get("routes", ()), self.mm)
        if self.contents.get("decisions"):
            self.layers["signs"] += [
                Disc("decision", d.at, 0.9 * self.mm) for d in routes.decisions if d.floor == floor
            ]
        if self.contents.get("catchments"):
            self.layers["catchments"] += catchments(self.alternative.signs, floor)
        if self.contents.get("sight"):
            self.layers["heat"] += heat_shapes(self.alternative, self.floor)
            self.layers["blind"] += blind_shapes(self.alternative, floor)
        if self.contents.get("points"):
            self.layers["points"] += point_shapes(self.furniture, self.mm)
        if self.contents.get("demolition"):
            for line in self.layout.demolished:
                if self.floor.outline.buffer(0.5).intersects(line):
                    self.layers["demolition"].append(
                        Stroke("demolish", tuple((float(x), float(y)) for x, y, *_ in line.coords))
                    )
        self.layers["dimensions"] += dimension_shapes(self.dims, self.mm)

    def _take_places(self) -> None:
        """Marks on the canvas what no label may cover, and routes, which it should not."""
        for drawn in wall_areas(self.floor):
            self.canvas.block_drawn(drawn)
        hard: list[BaseGeometry] = [
            o.area
            for o in self.floor.obstacles
            if o.kind == ObstacleKind.COLUMN or (o.kind == ObstacleKind.WALL and not o.is_fixed)
        ]
        hard += (
            [
                footprint(item).buffer(0.5 * self.mm, join_style="mitre")
                for item in self.furniture
                if item.kind not in drawing_data()["label"]["over"]
            ]
            if self.contents.get("furniture")
            else []
        )
        hard += [wall.line.buffer(0.1) for wall in self.layout.partitions if wall.floor == self.floor.id]
        for opening in self.floor.openings:
            hard += _outlines(door_shapes(opening))
        for door in self.layout.doors:
            hard += _outlines(new_door_shapes(door)) if door.floor == self.floor.id else []
        hard += _outlines(self.layers["dimensions"])
        for shape in hard:
            self.canvas.block(shape)
        for _, _, at in service_points(self.furniture):
            self.canvas.block(box(at[0] - 0.15, at[1] - 0.15, at[0] + 0.15, at[1] + 0.15), soft=True)
        if "public" in self.contents.get("routes", ()):
            for band in public_band(self.alternative.routes, self.floor.id, self.mm):
                self.canvas.block(band, soft=True)
        lines = [shape for shape in self.layers["routes"] if isinstance(shape, Stroke)]
        for line in lines:
            self.canvas.block(LineString(line.points).buffer(0.5 * self.mm), soft=True)

    def _words(self) -> None:
        self.layers["entrances"] += entrance_shapes(self.floor, self.canvas, self.mm)
        shown, place = self.contents.get("signs"), (self.floor.id, self.canvas, self.floor.outline, self.mm)
        if shown and shown != "main":
            self.layers["signs"] += sign_marks(self.alternative.signs, *place)
        if self.contents.get("zones") != "none":
            self._names()
        if shown == "main":
            self.layers["signs"] += main_sign_marks(self.alternative.signs, *place)

    def _names(self) -> None:
        zones = unary_union([zone.area for zone in self.zones])
        outside = box(*self.bounds).difference(zones.buffer(0.1))
        self.layers["labels"] += zone_labels(self.zones, self.plan.programme, self.canvas, outside, self.mm)
        for obstacle in self.floor.obstacles:
            if obstacle.kind in _NAMED_ROOMS and not zones.contains(obstacle.area.representative_point()):
                name = obstacle.name or word("obstacle", obstacle.kind)
                self.layers["labels"] += room_label(obstacle.area, name, self.canvas, self.mm)
        for n, area in enumerate(self.reserve, 1):
            self.layers["labels"] += room_label(area, text("scene.reserve_n", n=n), self.canvas, self.mm)
        self._shutter_labels()

    def _shutter_labels(self) -> None:
        for wall in self.layout.partitions:
            if wall.floor == self.floor.id and wall.kind == "shutter":
                middle = wall.line.interpolate(0.5, normalized=True)
                height = 2.4 * self.mm
                size = (2.4 * height, 1.3 * height)
                spot = self.canvas.best_spot(middle.buffer(8 * self.mm), size, (middle.x, middle.y), soft_cost=0.0)
                if spot:
                    x, y = spot.at
                    self.canvas.block(box(x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2))
                    self.layers["labels"].append(Words("text_red", spot.at, text("scene.shutter"), height))

    def _surround(self, title: str, figures: str) -> Bounds:
        x0, y0, x1, y1 = self.bounds
        head, top = head_shapes(title, figures, self.bounds, self.mm)
        self.layers["head"] += head
        bar_width = 55.0 * self.mm
        legend, bottom = legend_shapes(self.legend, x0, x1 - bar_width, y0 - 1.0 * self.mm, self.mm)
        self.layers["legend"] += legend
        self.layers["legend"] += scale_bar(x1, y0 - 5.5 * self.mm, self.mm)
        self.layers["north"] += north_shapes(
            90.0 - self.floor.frame.rotation_deg, (x1 - 6.0 * self.mm, y1 - 4.0 * self.mm), self.mm
        )
        edge = 6.0 * self.mm
        bounds = (x0 - edge, min(bottom, y0 - 8.0 * self.mm) - edge, x1 + edge, top + edge)
        self.layers["paper"].append(Fill("paper", box(*bounds)))
        return bounds

    def _table(self) -> tuple[str, tuple[tuple[str, ...], ...]]:
        """Areas of the floor's zones, or the signs on the signs sheet."""
        if self.sheet == SheetKind.SIGNS:
            numbers = sign_numbers(self.alternative.signs)
            rows = [
                (numbers[s.id], s.text_zh, f"{s.char_mm:.0f}")
                for s in self.alternative.signs.signs
                if s.floor == self.floor.id and s.kind not in drawing_data()["counter_kinds"]
            ]
            head = (text("scene.block_number"), text("scene.column_text"), text("scene.column_char"))
            return text("scene.sign_table"), (head, *rows)
        order = list(zone_types())
        zones = sorted(self.zones, key=lambda z: (order.index(z.type) if z.type in order else 99, z.zone))
        rows = [(zone_name(z, self.plan.programme), f"{z.area_m2:,.1f}", f"{z.target_m2:,.1f}") for z in zones]
        total = (
            text("scene.total"),
            f"{sum(z.area_m2 for z in zones):,.1f}",
            f"{sum(z.target_m2 for z in zones):,.1f}",
        )
        head = (text("scene.column_zone"), text("scene.column_area"), text("scene.column_target"))
        return text("scene.area_table"), (head, *rows, total)


def _outlines(shapes: list[Shape]) -> list[BaseGeometry]:
    """Returns what lines, arcs and words among `shapes` cover, for labels to keep off."""
    covers: list[BaseGeometry] = []
    for shape in shapes:
        if isinstance(shape, Stroke):
            covers.append(LineString(shape.points).buffer(0.06))
        elif isinstance(shape, Words):
            half_w, half_h = len(shape.text) * shape.height_m * 0.35, shape.height_m * 0.6
            if shape.angle_deg:
                half_w, half_h = half_h, half_w
            x, y = shape.at
            covers.append(box(x - half_w, y - half_h, x + half_w, y + half_h))
    return covers
