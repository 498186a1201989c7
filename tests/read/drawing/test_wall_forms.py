"""One hall, its walls drawn in each of the ways that architects use."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf
import pytest
from ezdxf.math import Vec3

from hallplan.model.site import Floor, ObstacleKind, Site
from hallplan.read.drawing import read_site
from hallplan.settings import Drawing, Settings

W, D, T = 24000.0, 15000.0, 240.0
AREA_M2 = W * D / 1e6
Draw = Callable[[Any], None]
OUTER = [(0.0, 0.0), (W, 0.0), (W, D), (0.0, D)]
INNER = [(T, T), (W - T, T), (W - T, D - T), (T, D - T)]
AXIS = [(T / 2, T / 2), (W - T / 2, T / 2), (W - T / 2, D - T / 2), (T / 2, D - T / 2)]
WALL = {"layer": "墙"}


def _ring(space: Any, points: list[tuple[float, float]], **more: Any) -> None:
    space.add_lwpolyline(points, close=True, dxfattribs=WALL | more)


def _double_lines(space: Any) -> None:
    for ring in (OUTER, INNER):
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            space.add_line(a, b, dxfattribs=WALL)


def _triple_lines(space: Any) -> None:
    _double_lines(space)
    _ring(space, AXIS)


def _single_lines(space: Any) -> None:
    _ring(space, OUTER)


def _multi_line(space: Any) -> None:
    axis = [*AXIS, AXIS[0]]
    space.add_mline(axis[:-1], close=True, dxfattribs=WALL | {"scale_factor": T, "justification": 1})


def _wide_polyline(space: Any) -> None:
    _ring(space, AXIS, const_width=T)


def _old_polyline(space: Any) -> None:
    for ring in (OUTER, INNER):
        space.add_polyline2d(ring, close=True, dxfattribs=WALL)


def _hatches(space: Any) -> None:
    boxes = [(0, 0, W, T), (0, D - T, W, D), (0, T, T, D - T), (W - T, T, W, D - T)]
    for x0, y0, x1, y1 in boxes:
        hatch = space.add_hatch(dxfattribs=WALL)
        hatch.paths.add_polyline_path([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], is_closed=True)


def _solids(space: Any) -> None:
    boxes = [(0, 0, W, T), (0, D - T, W, D), (0, T, T, D - T), (W - T, T, W, D - T)]
    for x0, y0, x1, y1 in boxes:
        space.add_solid([(x0, y0), (x1, y0), (x0, y1), (x1, y1)], dxfattribs=WALL)


def _in_block(space: Any, **insert: Any) -> None:
    block = space.doc.blocks.new("楼层")
    _double_lines(block)
    inner = space.doc.blocks.new("外层")
    inner.add_blockref("楼层", (0, 0), dxfattribs=insert)
    space.add_blockref("外层", (1e6, -2e6))


def _mirrored(space: Any) -> None:
    _in_block(space, xscale=-1.0)


def _scaled(space: Any) -> None:
    block = space.doc.blocks.new("楼层")
    for ring in (OUTER, INNER):
        block.add_lwpolyline([(x / 1000, y / 500) for x, y in ring], close=True, dxfattribs=WALL)
    space.add_blockref("楼层", (0, 0), dxfattribs={"xscale": 1000.0, "yscale": 500.0, "rotation": 30.0})


def _raised(space: Any) -> None:
    for ring in (OUTER, INNER):
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            space.add_line((*a, 3900.0), (*b, 3900.0), dxfattribs=WALL)


FORMS: dict[str, Draw] = {
    "double lines": _double_lines, "triple lines": _triple_lines, "single lines": _single_lines, "MLINE": _multi_line,
    "wide polyline": _wide_polyline, "R12 polyline": _old_polyline, "hatches": _hatches, "solids": _solids,
    "blocks in blocks": _in_block, "mirrored insert": _mirrored, "unequal scale": _scaled, "z is not 0": _raised,
}  # fmt: skip


def _read(folder: Path, *drawn: Draw, settings: Settings | None = None, header: int = 4) -> Floor:
    (floor,) = _site(folder, *drawn, settings=settings, header=header).floors
    return floor


def _site(folder: Path, *drawn: Draw, settings: Settings | None = None, header: int = 4) -> Site:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = header
    for draw in drawn:
        draw(document.modelspace())
    document.saveas(folder / "hall.dxf")
    return read_site(folder / "hall.dxf", settings or Settings())


@pytest.mark.parametrize("form", FORMS)
def test_the_outline_is_the_outer_face_of_the_wall(form: str, tmp_path: Path) -> None:
    floor = _read(tmp_path, FORMS[form])
    assert floor.outline.area == pytest.approx(AREA_M2, rel=0.005)
    thick = 0.05 if form == "single lines" else T / 1000
    inside = (W / 1000 - 2 * thick) * (D / 1000 - 2 * thick)
    assert floor.free_area_m2 == pytest.approx(inside, rel=0.01)


def _apse(space: Any) -> None:
    """The right wall is half a circle of arcs instead of a straight line."""
    for x0, r in ((0.0, D / 2), (T, D / 2 - T)):
        low, high = D / 2 - r, D / 2 + r
        space.add_line((x0, low), (W, low), dxfattribs=WALL)
        space.add_line((x0, high), (W, high), dxfattribs=WALL)
        space.add_line((x0, low), (x0, high), dxfattribs=WALL)
        space.add_arc((W, D / 2), r, -90.0, 90.0, dxfattribs=WALL)


def _apse_of_bulges(space: Any) -> None:
    for x0, r in ((0.0, D / 2), (T, D / 2 - T)):
        points = [(x0, D / 2 - r, 0.0), (W, D / 2 - r, 1.0), (W, D / 2 + r, 0.0), (x0, D / 2 + r, 0.0)]
        space.add_lwpolyline(points, format="xyb", close=True, dxfattribs=WALL)


def _apse_of_ellipses(space: Any) -> None:
    for x0, r in ((0.0, D / 2), (T, D / 2 - T)):
        low, high = D / 2 - r, D / 2 + r
        space.add_line((x0, low), (W, low), dxfattribs=WALL)
        space.add_line((x0, high), (W, high), dxfattribs=WALL)
        space.add_line((x0, low), (x0, high), dxfattribs=WALL)
        space.add_ellipse((W, D / 2), (0, r), 1.0, math.pi, math.tau, dxfattribs=WALL)


def _apse_of_splines(space: Any) -> None:
    for x0, r in ((0.0, D / 2), (T, D / 2 - T)):
        low, high = D / 2 - r, D / 2 + r
        space.add_line((x0, low), (W, low), dxfattribs=WALL)
        space.add_line((x0, high), (W, high), dxfattribs=WALL)
        space.add_line((x0, low), (x0, high), dxfattribs=WALL)
        around = [math.radians(-90 + 15 * n) for n in range(13)]
        points = [Vec3(W + r * math.cos(a), D / 2 + r * math.sin(a)) for a in around]
        space.add_spline(points, dxfattribs=WALL)


@pytest.mark.parametrize("draw", [_apse, _apse_of_bulges, _apse_of_ellipses, _apse_of_splines])
def test_a_curved_wall_is_followed(draw: Draw, tmp_path: Path) -> None:
    floor = _read(tmp_path, draw)
    assert floor.outline.area == pytest.approx(AREA_M2 + math.pi * (D / 2000) ** 2 / 2, rel=0.005)
    rim = math.pi * D / 2000 + 2 * W / 1000 + D / 1000
    assert floor.free_area_m2 == pytest.approx(floor.outline.area - rim * T / 1000, rel=0.01)


def test_a_round_building_of_circles_closes(tmp_path: Path) -> None:
    def draw(space: Any) -> None:
        for radius in (8000.0, 7760.0):
            space.add_circle((0, 0), radius, dxfattribs=WALL)

    floor = _read(tmp_path, draw)
    assert floor.outline.area == pytest.approx(math.pi * 64.0, rel=0.005)
    assert floor.free_area_m2 == pytest.approx(math.pi * 7.76**2, rel=0.01)


def test_rounded_corners_of_walls_are_no_doors(tmp_path: Path) -> None:
    def draw(space: Any) -> None:
        for inset in (0.0, T):
            r, bulge = 1200.0 - inset, math.tan(math.pi / 8)
            x0, y0, x1, y1 = inset, inset, W - inset, D - inset
            points = [
                (x0 + r, y0, 0.0), (x1 - r, y0, bulge), (x1, y0 + r, 0.0), (x1, y1 - r, bulge),
                (x1 - r, y1, 0.0), (x0 + r, y1, bulge), (x0, y1 - r, 0.0), (x0, y0 + r, bulge),
            ]  # fmt: skip
            space.add_lwpolyline(points, format="xyb", close=True, dxfattribs=WALL)

    floor = _read(tmp_path, draw)
    assert floor.outline.area == pytest.approx(AREA_M2 - (4 - math.pi) * 1.44, rel=0.002)
    assert not [opening for opening in floor.openings if opening.source == "arc"]


def _column_forms(space: Any) -> None:
    block = space.doc.blocks.new("KZ1")
    block.add_lwpolyline([(-300, -300), (300, -300), (300, 300), (-300, 300)], close=True, dxfattribs={"layer": "0"})
    space.add_blockref("KZ1", (4000, 7500), dxfattribs={"layer": "柱"})
    hatch = space.add_hatch(dxfattribs={"layer": "柱"})
    hatch.paths.add_polyline_path([(7700, 7200), (8300, 7200), (8300, 7800), (7700, 7800)], is_closed=True)
    space.add_circle((12000, 7500), 300, dxfattribs={"layer": "柱"})
    space.add_lwpolyline(
        [(15700, 7200), (16300, 7200), (16300, 7800), (15700, 7800)], close=True, dxfattribs={"layer": "柱"}
    )
    corners = [(19700, 7200), (20300, 7200), (20300, 7800), (19700, 7800)]
    for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
        space.add_line(a, b, dxfattribs={"layer": "柱"})
    space.add_lwpolyline([(22000, 4000), (22600, 4000)], dxfattribs={"layer": "柱", "const_width": 600})


def test_columns_are_found_in_every_form(tmp_path: Path) -> None:
    columns = _read(tmp_path, _double_lines, _column_forms).of_kind(ObstacleKind.COLUMN)
    assert len(columns) == 6
    sides = [round(math.sqrt(column.area.area), 1) for column in columns]
    assert sides == [0.6, 0.6, 0.5, 0.6, 0.6, 0.6]  # the round one covers 0.28 m²


def test_columns_seen_from_below_stand_where_they_are(tmp_path: Path) -> None:
    def draw(space: Any) -> None:
        below = {"layer": "柱", "extrusion": (0, 0, -1)}
        hatch = space.add_hatch(dxfattribs=below)
        hatch.paths.add_polyline_path([(-7700, 7200), (-8300, 7200), (-8300, 7800), (-7700, 7800)], is_closed=True)
        space.add_solid([(-11700, 7200), (-12300, 7200), (-11700, 7800), (-12300, 7800)], dxfattribs=below)
        hatch = space.add_hatch(dxfattribs={"layer": "柱"})
        hatch.paths.add_polyline_path([(15700, 7500, 1), (16300, 7500, 1)], is_closed=True)
        points = [(-19700, 7200), (-20300, 7200), (-20300, 7800), (-19700, 7800)]
        space.add_polyline2d(points, close=True, dxfattribs=below)

    columns = _read(tmp_path, _double_lines, draw).of_kind(ObstacleKind.COLUMN)
    assert [round(column.area.centroid.x, 1) for column in columns] == [8.0, 12.0, 16.0, 20.0]


def test_columns_on_the_wall_layer_are_columns(tmp_path: Path) -> None:
    def posts(space: Any) -> None:
        for x in (6000.0, 12000.0, 18000.0):
            _ring(space, [(x, 7000), (x + 500, 7000), (x + 500, 7500), (x, 7500)])

    floor = _read(tmp_path, _double_lines, posts)
    assert len(floor.of_kind(ObstacleKind.COLUMN)) == 3
    assert floor.of_kind(ObstacleKind.WALL) == ()


def _with_bay(space: Any, *, glass: bool) -> None:
    """The hall with a bay of 5 × 4 m whose mouth of 3.6 m is shut by lines on layer 0 when `glass`."""
    outer = [(0, 0), (9000, 0), (9000, 4000), (14000, 4000), (14000, 0), (W, 0), (W, D), (0, D)]
    inner = [(T, T), (8760, T), (8760, 4240), (14240, 4240), (14240, T), (W - T, T), (W - T, D - T), (T, D - T)]
    _ring(space, outer)
    _ring(space, inner)
    for x0, x1 in ((9000, 9700), (13300, 14000)):
        _ring(space, [(x0, 0), (x1, 0), (x1, T), (x0, T)])
    for y in (60, 120) if glass else ():
        space.add_line((9700, y), (13300, y), dxfattribs={"layer": "0"})


def test_glass_on_an_unnamed_layer_shuts_a_bay(tmp_path: Path) -> None:
    assert _read(tmp_path, lambda space: _with_bay(space, glass=True)).outline.area == pytest.approx(AREA_M2, rel=0.005)


def test_a_terrace_with_its_colonnade_belongs_to_the_floor(tmp_path: Path) -> None:
    """6 m of terrace along the long side: a row of columns at its edge, and one line on a layer without a name."""

    def terrace(space: Any) -> None:
        for n in range(9):
            x, y = 3000 * n, D + 5600
            _ring(space, [(x, y), (x + 400, y), (x + 400, y + 400), (x, y + 400)])
        space.add_lwpolyline([(0, D), (0, D + 6000), (W, D + 6000), (W, D)], dxfattribs={"layer": "Terrace"})

    site = _site(tmp_path, _double_lines, terrace)
    assert site.floors[0].outline.area == pytest.approx(AREA_M2 + 144.0, rel=0.01)
    assert any("Terrace" in guess.setting and guess.confidence < 0.7 for guess in site.guesses)


def test_a_bay_that_nothing_shuts_stays_outside(tmp_path: Path) -> None:
    floor = _read(tmp_path, lambda space: _with_bay(space, glass=False))
    assert floor.outline.area == pytest.approx(AREA_M2 - 20.0, rel=0.01)


def test_a_line_drawn_by_hand_on_a_named_layer_shuts_an_open_outline(tmp_path: Path) -> None:
    def open_hall(space: Any) -> None:
        for ring in (OUTER, INNER):
            low, *rest = zip(ring, [*ring[1:], ring[0]], strict=True)
            for a, b in rest:
                space.add_line(a, b, dxfattribs=WALL)
            space.add_line(low[0], (8000, low[0][1]), dxfattribs=WALL)
            space.add_line((16000, low[1][1]), low[1], dxfattribs=WALL)
        space.add_line((8000, 0), (16000, 0), dxfattribs={"layer": "补线"})

    floor = _read(tmp_path, open_hall, settings=Settings(drawing=Drawing(layers={"outline": ["补线"]})))
    assert floor.outline.area == pytest.approx(AREA_M2, rel=0.01)


def test_a_closed_line_on_an_area_layer_shuts_an_open_outline(tmp_path: Path) -> None:
    def open_hall(space: Any) -> None:
        space.add_lwpolyline([(W, 0), (W, D), (0, D), (0, 0)], dxfattribs=WALL)
        space.add_lwpolyline([(W - T, 0), (W - T, D - T), (T, D - T), (T, 0)], dxfattribs=WALL)
        space.add_lwpolyline(OUTER, close=True, dxfattribs={"layer": "建筑面积线"})

    assert _read(tmp_path, open_hall).outline.area == pytest.approx(AREA_M2, rel=1e-3)


def test_a_frame_on_an_area_layer_is_no_outline(tmp_path: Path) -> None:
    def frame(space: Any) -> None:
        space.add_lwpolyline(
            [(-9e3, -9e3), (4e4, -9e3), (4e4, 3e4), (-9e3, 3e4)], close=True, dxfattribs={"layer": "面积"}
        )

    assert _read(tmp_path, _double_lines, frame).outline.area == pytest.approx(AREA_M2, rel=0.005)
