"""A plan as shapes: what a sheet shows, where labels go, and how pictures carry them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import shapely
from shapely.geometry import LineString, Polygon, box
from shapely.ops import unary_union

from hallplan.model.plan import Plan
from hallplan.model.site import OpeningRole
from hallplan.model.space import ground, staff_only
from hallplan.scene import Fill, Scene, SheetKind, Stamp, Words, build_scene, sheets_of
from hallplan.scene.building import wall_areas
from hallplan.scene.labels import Canvas
from hallplan.scene.measure import text_width
from hallplan.scene.page import build_page
from hallplan.scene.routes import flows
from hallplan.scene.sight import heat_areas
from hallplan.scene.symbols import footprint, symbol_shapes
from hallplan.scene.things import readable
from hallplan.scene.zones import zone_labels
from hallplan.terms import speaking
from tests.scene.furnished import furnished_plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return furnished_plan()


@pytest.fixture(scope="module")
def overview(plan: Plan) -> Scene:
    return build_scene(plan, 1, "F1", SheetKind.OVERVIEW)


def label_boxes(scene: Scene) -> list[tuple[str, Polygon]]:
    boxes = []
    for shape in scene.layer("labels"):
        if isinstance(shape, Words):
            half_w, half_h = text_width(shape.text, shape.height_m) / 2, shape.height_m * 0.45
            if shape.angle_deg:
                half_w, half_h = half_h, half_w
            x, y = shape.at
            boxes.append((shape.text, box(x - half_w, y - half_h, x + half_w, y + half_h)))
    return boxes


def test_every_zone_is_named_with_its_area(plan: Plan, overview: Scene) -> None:
    words = "\n".join(shape.text for shape in overview.layer("labels") if isinstance(shape, Words))
    for zone in plan.alternatives[0].layout.zones:
        assert f"{zone.area_m2:,.0f} m²" in words or f"{zone.area_m2:,.1f} m²" in words


def test_labels_cover_neither_furniture_nor_columns_nor_each_other(plan: Plan, overview: Scene) -> None:
    floor, layout = plan.site.floors[0], plan.alternatives[0].layout
    things = unary_union(
        [footprint(f) for f in layout.furniture] + [o.area for o in floor.obstacles if o.kind == "column"]
    )
    boxes = label_boxes(overview)
    for n, (words, area) in enumerate(boxes):
        assert area.intersection(things).area < 0.02, words
        assert all(area.intersection(other).area < 0.02 for _, other in boxes[n + 1 :]), words


def test_labels_lie_in_their_own_zones(plan: Plan, overview: Scene) -> None:
    zones = {zone.zone: zone.area for zone in plan.alternatives[0].layout.zones}
    for shape in overview.layer("labels"):
        if isinstance(shape, Words) and shape.owner:
            x, y = shape.at
            assert zones[shape.owner].contains(box(x - 0.05, y - 0.05, x + 0.05, y + 0.05))


def test_walls_are_the_outline_less_what_is_usable(plan: Plan) -> None:
    walls, solid = wall_areas(plan.site.floors[0])
    # a ring of 62 × 27 m, 0.3 m thick, less doors of 4.4, 1.6, 1.8 and 1.6 m
    ring = 62 * 27 - 61.4 * 26.4
    assert walls.area == pytest.approx(ring - 0.3 * 9.4, abs=0.05)
    assert solid.area < 0.05


def test_every_piece_is_drawn_once_and_as_large_as_it_is(plan: Plan, overview: Scene) -> None:
    furniture = plan.alternatives[0].layout.furniture
    assert len([s for s in overview.layer("furniture") if isinstance(s, Stamp)]) == len(furniture)
    for item in furniture[:60]:
        fills = [s.area for s in symbol_shapes(item) if isinstance(s, Fill)]
        x0, y0, x1, y1 = unary_union(fills).bounds
        assert x1 - x0 <= item.size_m[0] + 1e-9
        assert y1 - y0 <= item.size_m[1] + 1e-9


def test_people_on_a_shared_way_add_up(plan: Plan) -> None:
    public = [route for route in plan.alternatives[0].routes.routes if route.network == "public"]
    at_door = LineString([(30.2, 1.0), (30.2, 1.1)]).centroid
    on_it = [people for line, people in flows(public, "F1") if line.distance(at_door) < 0.01]
    assert on_it == [520.0 + 260.0 + 120.0]


@pytest.mark.parametrize(
    ("width", "written"),
    [(2, [("专业窗口区  28 m²", 90.0)]), (3, [("专业窗口区", 0.0), ("42 m²", 0.0)])],
    ids=["upright", "level where that has room"],
)
def test_a_long_name_drops_what_its_brackets_list(width: int, written: list[tuple[str, float]]) -> None:
    layout = furnished_plan().alternatives[0].layout
    narrow = replace(layout.zones[0], area=box(0, 0, width, 14), area_m2=14.0 * width)
    programme = furnished_plan().programme
    named = [
        replace(z, name="专业窗口区（婚姻登记、税务、不动产、工程建设）")
        for z in programme.zones
        if z.id == narrow.zone
    ]
    canvas = Canvas((0.0, 0.0, float(width), 14.0), 0.05)
    shapes = zone_labels((narrow,), replace(programme, zones=tuple(named)), canvas, Polygon(), 0.15)
    assert [(shape.text, shape.angle_deg) for shape in shapes if isinstance(shape, Words)] == written


@pytest.mark.parametrize("name", ["Convenience", "Self-service", "Toilets 12", "Unresolved-matters window"])
@pytest.mark.parametrize("width", [1.0, 2.0, 3.0, 4.0])
def test_a_label_in_two_lines_breaks_no_word(name: str, width: float) -> None:
    plan = furnished_plan()
    narrow = replace(plan.alternatives[0].layout.zones[0], area=box(0, 0, width, 6), area_m2=6 * width)
    named = [replace(z, name=name) for z in plan.programme.zones if z.id == narrow.zone]
    canvas = Canvas((0.0, 0.0, width, 6.0), 0.05)
    shapes = zone_labels((narrow,), replace(plan.programme, zones=tuple(named)), canvas, Polygon(), 0.15)
    lines = [shape.text for shape in shapes if isinstance(shape, Words)]
    said = " ".join(lines).replace("- ", "-")
    assert said.startswith(name)


def test_a_sheet_without_content_is_left_out(plan: Plan) -> None:
    alternative = plan.alternatives[0]
    bare = replace(alternative.layout, furniture=(), partitions=(), demolished=())
    empty = replace(plan, alternatives=(replace(alternative, layout=bare),))
    assert SheetKind.DEMOLITION not in sheets_of(empty, 1, "F1")
    assert SheetKind.POINTS not in sheets_of(empty, 1, "F1")
    assert set(sheets_of(plan, 1, "F1")) == set(SheetKind)


@pytest.mark.parametrize("sheet", list(SheetKind))
def test_every_sheet_has_title_legend_scale_and_north(plan: Plan, sheet: SheetKind) -> None:
    scene = build_scene(plan, 1, "F1", sheet)
    assert plan.title in scene.title
    for layer in ("head", "legend", "north", "walls", "columns", "dimensions", "entrances"):
        assert scene.layer(layer), layer
    x0, y0, x1, y1 = scene.bounds
    for layer in scene.layers:
        for shape in layer.shapes:
            if isinstance(shape, Words):
                width = text_width(shape.text, shape.height_m)
                left = {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor] if not shape.angle_deg else 0.0
                assert x0 <= shape.at[0] - left, shape.text
                assert y0 <= shape.at[1] <= y1, shape.text
                assert shape.at[0] <= x1, shape.text


def test_entrances_are_named_outside_the_building(plan: Plan, overview: Scene) -> None:
    named = [s for s in overview.layer("entrances") if isinstance(s, Words)]
    words = {s.text: s.at for s in named}
    assert set(words) == {"主入口", "疏散口", "24小时区入口", "员工出入口"}
    doors = [door for door in plan.site.floors[0].openings if door.is_exterior and door.role != OpeningRole.ROOM]
    assert len(named) == len(doors)
    outline = plan.site.floors[0].outline
    assert not any(outline.intersects(box(x, y, x + 0.01, y + 0.01)) for x, y in words.values())


def test_scenes_speak_english_on_request(plan: Plan) -> None:
    with speaking("en"):
        scene = build_scene(plan, 1, "F1", SheetKind.FURNITURE)
    assert "Furniture plan" in scene.title


def test_pages_hold_the_plan_whole(plan: Plan) -> None:
    for sheet in SheetKind:
        scene = build_scene(plan, 1, "F1", sheet)
        page = build_page(plan, 1, scene, 1)
        k = 1000.0 / scene.scale
        assert (scene.plan[2] - scene.plan[0]) * k <= page.window[2] - page.window[0] + 1e-6
        assert (scene.plan[3] - scene.plan[1]) * k <= page.window[3] - page.window[1] + 1e-6


def test_the_nearest_free_place_is_found_or_none() -> None:
    canvas = Canvas((0.0, 0.0, 10.0, 4.0), 0.1)
    canvas.block(box(4.0, 0.0, 6.0, 4.0))
    room = box(0.0, 0.0, 10.0, 4.0)
    spot = canvas.best_spot(room, (2.0, 1.0), (4.5, 2.0), soft_cost=0.0)
    # nearest to (4.5, 2): left of the block, its right edge at 4.0, so its centre at 3.0
    assert spot is not None
    assert spot.at == pytest.approx((3.0, 2.0), abs=0.11)
    assert canvas.best_spot(room, (9.0, 1.0), (5.0, 2.0), soft_cost=0.0) is None


def test_texts_are_read_from_below_or_from_the_right() -> None:
    assert [readable(a) for a in (0, 90, 180, 270, 45, 135, -30)] == [0, 90, 0, 90, 45, -45, -30]


def test_numbers_in_titles_do_not_hide_what_a_floor_is_called(plan: Plan) -> None:
    floors = tuple(replace(floor, name="一层平面图  1:100") for floor in plan.site.floors)
    two = (*floors, replace(floors[0], id="F2", name="二层平面图"))
    scene = build_scene(replace(plan, site=replace(plan.site, floors=two)), 1, "F1", SheetKind.ZONING)
    assert re.search(r"一层 功能分区图", scene.title)
    assert "1:100" not in scene.title


def test_the_heat_map_tints_the_visitors_ground_once() -> None:
    plan = furnished_plan()
    chosen, floor = plan.alternatives[0], plan.site.floors[0]
    areas = [area for _, found in heat_areas(chosen, floor) for area in found]
    public = ground(floor, chosen.layout).difference(staff_only(floor, chosen.layout))
    whole = shapely.union_all(areas)
    assert whole.area == pytest.approx(sum(area.area for area in areas))
    assert whole.difference(public).area < 1e-6
    assert whole.area > 0.95 * public.area  # cells count where their middles lie on it
