"""A service hall drawn as Chinese design offices draw, with what is known of it: outline, doors, columns, rooms.

One building of 48.24 × 22.74 m on an axis grid of 8.0 × 7.5 m with a wing cut out, drawn by the habits of an `Office`:
names of layers, how columns, doors, windows and walls are put on paper, where the drawing lies and in which unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf import transform
from ezdxf.enums import TextEntityAlignment
from ezdxf.math import Matrix44

from hallplan.units import METRES_PER, Unit

XS = (0.0, 8.0, 16.0, 24.0, 32.0, 40.0, 48.0)
YS = (0.0, 7.5, 15.0, 22.5)
OUTER, INNER, THIN = 0.24, 0.2, 0.1
HALF = OUTER / 2
SIDE = 0.6
AREA_M2 = 979.22
"""The outer faces hold 48.24 × 22.74 − 16 × 7.5 = 976.98; 20 columns on the facade stand 0.18 m out of it."""
COLUMNS, DOORS = 26, 9
ROOMS_M2 = {"服务大厅": 643.7, "会议室": 57.2, "档案室": 56.6, "卫生间": 56.5, "楼梯间": 56.5}
"""Between the faces of walls and columns; the stair hall, for one: 7.8 × 7.28 less four quarters of columns."""

TIANZHENG = {
    "wall": "WALL", "window": "WINDOW", "door": "WINDOW", "column": "COLUMN", "axis": "DOTE", "bubble": "AXIS", "axis_text": "AXIS_TEXT",
    "dim": "PUB_DIM", "text": "PUB_TEXT", "room": "SPACE", "stair": "STAIR", "fixture": "LVTRY", "sheet": "PUB_TITLE", "outside": "GROUND",
    "mark": "WINDOW_TEXT", "hatch": "PUB_HATCH", "other": "0",
}  # fmt: skip
CHINESE = {
    "wall": "墙体", "window": "门窗", "door": "门窗", "column": "柱子", "axis": "轴线", "bubble": "轴号", "axis_text": "轴号", "dim": "尺寸标注",
    "text": "文字", "room": "房间名称", "stair": "楼梯", "fixture": "洁具", "sheet": "图框", "outside": "散水台阶", "mark": "门窗编号",
    "hatch": "填充", "other": "0",
}  # fmt: skip
BUREAU = {
    "wall": "A-WALL-砌体墙", "window": "A-WIND-窗", "door": "A-DOOR-门", "column": "S-COLU-柱", "axis": "A-AXIS-轴线", "bubble": "A-AXIS-轴号",
    "axis_text": "A-AXIS-轴号", "dim": "A-DIMS-尺寸", "text": "A-TEXT-文字", "room": "A-ROOM-名称", "stair": "A-STRS-楼梯", "fixture": "A-TOLT-洁具",
    "sheet": "A-SHET-图框", "outside": "A-FLOR-室外", "mark": "A-WIND-编号", "hatch": "A-PATT-填充", "other": "0",
}  # fmt: skip
BARE = dict.fromkeys(TIANZHENG, "0")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Office:
    """How an office draws.

    layers: the name of each kind of layer.  columns: block, loose (four lines), ring or hatch.  doors: block, unit (a
    block of size 1 scaled, as Tianzheng exports) or loose.  leaf: line, or slab (a thin rectangle).  arcs: arc or bulge.
    walls: lines, or rings (a closed polyline for each run).  unit: what one drawing unit is.
    """

    layers: dict[str, str]
    columns: str = "ring"
    doors: str = "block"
    leaf: str = "line"
    arcs: str = "arc"
    walls: str = "lines"
    unit: Unit = Unit.MM
    header: int = 4
    turn_deg: float = 0.0
    origin_m: Point = (0.0, 0.0)
    version: str = "R2000"
    encoding: str = "gbk"
    is_mirrored: bool = False
    has_frame: bool = True


class Sheet:
    """Draws in metres on the layers of an office."""

    def __init__(self, document: Any, office: Office, shift: Point = (0.0, 0.0)) -> None:
        self.document, self.space, self.office, self.shift = document, document.modelspace(), office, shift
        self.k = 1.0 / METRES_PER[office.unit]

    def at(self, x: float, y: float) -> Point:
        return (x + self.shift[0]) * self.k, (y + self.shift[1]) * self.k

    def attribs(self, kind: str) -> dict[str, str]:
        return {"layer": self.office.layers[kind]}

    def line(self, kind: str, a: Point, b: Point) -> None:
        self.space.add_line(self.at(*a), self.at(*b), self.attribs(kind))

    def ring(self, kind: str, points: Sequence[Point]) -> None:
        self.space.add_lwpolyline([self.at(*p) for p in points], close=True, dxfattribs=self.attribs(kind))

    def box(self, kind: str, x0: float, y0: float, x1: float, y1: float) -> None:
        self.ring(kind, [(x0, y0), (x1, y0), (x1, y1), (x0, y1)])

    def text(self, kind: str, words: str, at: Point, height: float = 0.35) -> None:
        entity = self.space.add_text(words, height=height * self.k, dxfattribs=self.attribs(kind))
        entity.set_placement(self.at(*at), align=TextEntityAlignment.MIDDLE_CENTER)

    def circle(self, kind: str, at: Point, radius: float) -> None:
        self.space.add_circle(self.at(*at), radius * self.k, self.attribs(kind))

    def wall(self, a: Point, b: Point, thick: float, openings: Sequence[tuple[float, float]] = ()) -> None:
        """A wall along its middle line with openings (from, to) along it."""
        length = math.dist(a, b)
        ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
        cuts = [0.0, *(v for o in sorted(openings) for v in o), length]
        for start, end in zip(cuts[::2], cuts[1::2], strict=True):
            p, q = (a[0] + ux * start, a[1] + uy * start), (a[0] + ux * end, a[1] + uy * end)
            n = (-uy * thick / 2, ux * thick / 2)
            corners = [
                (p[0] - n[0], p[1] - n[1]),
                (q[0] - n[0], q[1] - n[1]),
                (q[0] + n[0], q[1] + n[1]),
                (p[0] + n[0], p[1] + n[1]),
            ]
            if self.office.walls == "rings":
                self.ring("wall", corners)
                continue
            self.line("wall", corners[0], corners[1])
            self.line("wall", corners[2], corners[3])
            if start > 0.0:
                self.line("wall", corners[3], corners[0])
            if end < length:
                self.line("wall", corners[1], corners[2])

    def window(self, a: Point, b: Point, thick: float) -> None:
        """Four lines across an opening."""
        length = math.dist(a, b)
        ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
        for step in (-0.5, -1 / 6, 1 / 6, 0.5):
            n = (-uy * thick * step, ux * thick * step)
            self.line("window", (a[0] + n[0], a[1] + n[1]), (b[0] + n[0], b[1] + n[1]))

    def column(self, x: float, y: float, side: float = SIDE) -> None:
        h, kind = side / 2, self.office.columns
        corners = [(x - h, y - h), (x + h, y - h), (x + h, y + h), (x - h, y + h)]
        if kind == "loose":
            for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
                self.line("column", a, b)
        elif kind == "block":
            self.space.add_blockref(
                self._block("柱600", _column_block),
                self.at(x, y),
                {**self.attribs("column"), "xscale": side * self.k, "yscale": side * self.k},
            )
        else:
            self.ring("column", corners)
        if kind in ("hatch", "loose"):
            hatch = self.space.add_hatch(dxfattribs=self.attribs("hatch"))
            hatch.paths.add_polyline_path([self.at(*p) for p in corners], is_closed=True)

    def door(self, hinge: Point, jamb: Point, side: float) -> None:
        """A leaf from hinge to jamb that opens to the left of that way when side is +1."""
        width, turn = math.dist(hinge, jamb), math.degrees(math.atan2(jamb[1] - hinge[1], jamb[0] - hinge[0]))
        if self.office.doors == "loose":
            for entity in _leaf(self.document.blocks.new(self._next()), self.office.leaf, self.office.arcs, ""):
                entity = entity.copy()
                entity.dxf.layer = self.office.layers["door"]
                matrix = Matrix44.scale(width * self.k, side * width * self.k, 1) @ Matrix44.z_rotate(
                    math.radians(turn)
                )
                self.space.add_entity(entity.transform(matrix @ Matrix44.translate(*self.at(*hinge), 0)))
            return
        name = "$DorLib2D$00000001" if self.office.doors == "unit" else f"M{width * 10:02.0f}21"
        size = self.k * width if self.office.doors == "unit" else 1.0

        def fill(block: Any) -> None:
            for entity in _leaf(block, self.office.leaf, self.office.arcs, "0"):
                if self.office.doors != "unit":
                    entity.transform(Matrix44.scale(width * self.k, width * self.k, 1))

        self.space.add_blockref(
            self._block(name, fill), self.at(*hinge), {**self.attribs("door"), "xscale": size, "yscale": side * size, "rotation": turn}
        )  # fmt: skip

    def _next(self) -> str:
        return f"part{len(self.document.blocks)}"

    def _block(self, name: str, fill: Callable[[Any], None]) -> str:
        if name not in self.document.blocks:
            fill(self.document.blocks.new(name))
        return name


def _column_block(block: Any) -> None:
    block.add_lwpolyline([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)], close=True)
    block.add_solid([(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)])


def _leaf(block: Any, leaf: str, arcs: str, layer: str) -> list[Any]:
    """A door of width 1 along x from its hinge at the origin, open upwards."""
    attribs = {"layer": layer or "0"}
    if leaf == "slab":
        out = [block.add_lwpolyline([(0, 0), (0.045, 0), (0.045, 1), (0, 1)], close=True, dxfattribs=attribs)]
    else:
        out = [block.add_line((0, 0), (0, 1), attribs)]
    if arcs == "bulge":
        out.append(block.add_lwpolyline([(1, 0, 0, 0, math.tan(math.pi / 8)), (0, 1)], dxfattribs=attribs))
    else:
        out.append(block.add_arc((0, 0), 1, 0, 90, dxfattribs=attribs))
    return out


def draw_floor(sheet: Sheet, title: str, *, is_ground: bool = True) -> None:
    """One storey: lobby hall, offices, records, toilets, a stair; nine doors of which four are double."""
    _grid(sheet)
    _facade(sheet, is_ground=is_ground)
    _inside(sheet)
    _outside(sheet, is_ground=is_ground)
    sheet.text("text", title, (24.0, -9.0), 1.0)
    sheet.text("text", "1:100", (31.0, -9.0), 0.7)


def _grid(sheet: Sheet) -> None:
    for n, x in enumerate(XS, 1):
        sheet.line("axis", (x, -5.0), (x, 27.5))
        for y in (-5.4, 27.9):
            sheet.circle("bubble", (x, y), 0.4)
            sheet.text("axis_text", str(n), (x, y))
    for letter, y in zip("ABCD", YS, strict=True):
        sheet.line("axis", (-5.0, y), (53.0, y))
        for x in (-5.4, 53.4):
            sheet.circle("bubble", (x, y), 0.4)
            sheet.text("axis_text", letter, (x, y))
    for a, b in pairwise(XS):
        _dimension(sheet, (a, -3.0), (b, -3.0))
    for a, b in pairwise(YS):
        _dimension(sheet, (-3.0, a), (-3.0, b))


def _dimension(sheet: Sheet, a: Point, b: Point) -> None:
    angle = 0 if a[1] == b[1] else 90
    dim = sheet.space.add_linear_dim(
        sheet.at(*a), sheet.at(*a), sheet.at(*b), angle=angle, dxfattribs=sheet.attribs("dim")
    )
    dim.render()


def _facade(sheet: Sheet, *, is_ground: bool) -> None:
    corner = (32.0, 15.0)
    runs = [
        ((0.0, 0.0), (48.0, 0.0), 4.0 if is_ground else None), ((48.0, 0.0), (48.0, 15.0), None), ((48.0, 15.0), corner, None),
        (corner, (32.0, 22.5), None), ((32.0, 22.5), (0.0, 22.5), None), ((0.0, 22.5), (0.0, 0.0), None),
    ]  # fmt: skip
    for a, b, _ in runs:
        length = math.dist(a, b)
        ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
        openings, start = [], 0.0
        step = 8.0 if uy == 0.0 else 7.5
        while start < length - 0.1:
            is_door = (is_ground and a == (0.0, 0.0) and start in (24.0,)) or (
                is_ground and a == (32.0, 22.5) and start == 16.0
            )
            wide = (1.8 if a == (0.0, 0.0) else 1.2) if is_door else 4.8
            o = (start + (step - wide) / 2, start + (step + wide) / 2)
            openings.append(o)
            p, q = (a[0] + ux * o[0], a[1] + uy * o[0]), (a[0] + ux * o[1], a[1] + uy * o[1])
            if is_door:
                m = ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2)
                sheet.door(p, m, 1.0)
                sheet.door(q, m, -1.0)
                sheet.text("mark", f"M{wide * 10:.0f}24", (m[0], m[1] + 0.6), 0.25)
            else:
                sheet.window(p, q, OUTER)
                sheet.text("mark", "C4824", ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2 - 0.5), 0.25)
            start += step
        e = HALF
        sheet.wall(
            (a[0] - ux * e, a[1] - uy * e), (b[0] + ux * e, b[1] + uy * e), OUTER, [(s + e, t + e) for s, t in openings]
        )
    for x in XS:
        for y in YS:
            if not (x > 32.0 and y > 15.0):
                sheet.column(x, y)


def _inside(sheet: Sheet) -> None:
    y = 15.0
    sheet.wall((HALF, y), (32.0, y), INNER, ((4.0, 4.9), (9.0, 9.9), (17.0, 17.9), (28.0, 29.5)))
    sheet.door((HALF + 4.0, y), (HALF + 4.9, y), 1.0)
    sheet.door((HALF + 9.0, y), (HALF + 9.9, y), 1.0)
    sheet.door((HALF + 17.9, y), (HALF + 17.0, y), -1.0)
    sheet.door((HALF + 28.0, y), (HALF + 28.75, y), 1.0)
    sheet.door((HALF + 29.5, y), (HALF + 28.75, y), -1.0)
    for x in (8.0, 16.0, 24.0):
        sheet.wall((x, y + INNER / 2), (x, 22.5 - HALF), INNER)
    for n, x in enumerate((0.0, 8.0, 16.0, 24.0)):
        name = ("卫生间", "办公室", "档案室", "楼梯间")[n]
        sheet.text("room", name, (x + 4.0, 20.0))
    _treads(sheet, 25.0, 16.5)
    for n in range(5):
        sheet.box("fixture", 1.0 + 1.2 * n, 21.0, 1.5 + 1.2 * n, 21.9)
        sheet.circle("fixture", (1.25 + 1.2 * n, 21.4), 0.2)
    sheet.wall((40.0, 7.5 + THIN / 2), (40.0, 15.0 - HALF), THIN, ((3.0, 3.9),))
    sheet.wall((40.0, 7.5), (48.0 - HALF, 7.5), THIN, ((4.0, 4.9),))
    sheet.door((40.0, 7.5 + THIN / 2 + 3.0), (40.0, 7.5 + THIN / 2 + 3.9), 1.0)
    sheet.door((44.0, 7.5), (44.9, 7.5), 1.0)
    sheet.text("room", "会议室", (44.0, 11.0))
    sheet.text("room", "服务大厅", (20.0, 8.0), 0.5)
    sheet.wall((8.0 + HALF, 18.5), (16.0 - HALF, 18.5), THIN, ((3.0, 3.9),))
    sheet.door((8.0 + HALF + 3.0, 18.5), (8.0 + HALF + 3.9, 18.5), 1.0)


def _treads(sheet: Sheet, x: float, y: float) -> None:
    for step in range(12):
        for x0 in (x, x + 3.2):
            sheet.line("stair", (x0, y + 0.3 * step), (x0 + 2.8, y + 0.3 * step))
    sheet.box("stair", x + 2.9, y, x + 3.1, y + 3.3)
    sheet.text("text", "上", (x + 1.4, y - 0.4))


def _outside(sheet: Sheet, *, is_ground: bool) -> None:
    if not is_ground:
        return
    d = HALF + 0.8
    points = [(-d, -d), (48 + d, -d), (48 + d, 15 + d), (32 + d, 15 + d), (32 + d, 22.5 + d), (-d, 22.5 + d)]
    sheet.ring("outside", points)
    for step in range(4):
        sheet.line("outside", (22.0 - 0.3 * step, -1.5 - 0.3 * step), (34.0 + 0.3 * step, -1.5 - 0.3 * step))
    sheet.text("text", "主入口", (28.0, -1.2))
    sheet.text("text", "±0.000", (20.0, 5.0), 0.3)


def draw_elevation(sheet: Sheet) -> None:
    """Lines of a facade with its windows, and the title below."""
    for y in (0.0, 4.5, 9.0):
        sheet.line("wall", (-0.12, y), (48.12, y))
    for x in (-0.12, 48.12):
        sheet.line("wall", (x, 0.0), (x, 9.0))
    for x in XS[:-1]:
        for y in (0.9, 5.4):
            sheet.box("window", x + 1.6, y, x + 6.4, y + 2.4)
            sheet.line("window", (x + 4.0, y), (x + 4.0, y + 2.4))
    sheet.text("text", "①-⑦立面图", (24.0, -4.0), 1.0)
    sheet.text("text", "1:100", (30.0, -4.0), 0.7)


def draw_frame(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    """A sheet's frame with its title block."""
    sheet.box("sheet", x0, y0, x1, y1)
    sheet.box("sheet", x0 + 2.5, y0 + 1.0, x1 - 1.0, y1 - 1.0)
    for n in range(8):
        sheet.line("sheet", (x1 - 7.0, y0 + 1.0 + 2 * n), (x1 - 1.0, y0 + 1.0 + 2 * n))
    sheet.line("sheet", (x1 - 7.0, y0 + 1.0), (x1 - 7.0, y1 - 1.0))
    sheet.text("sheet", "某县政务服务中心", (x1 - 4.0, y0 + 4.0), 0.5)


def save(path: Path, office: Office, storeys: int = 1, *, elevation: bool = False) -> Path:
    """Writes a drawing of one or more storeys side by side, perhaps with an elevation below."""
    document = ezdxf.new(office.version, setup=True)
    document.header["$INSUNITS"] = office.header
    document.encoding = office.encoding
    for n in range(storeys):
        sheet = Sheet(document, office, (n * 80.0, 0.0))
        draw_floor(sheet, f"{'一二三四'[n]}层平面图", is_ground=n == 0)
        if office.has_frame:
            draw_frame(sheet, -14.0, -14.0, 66.0, 38.0)
    if elevation:
        draw_elevation(Sheet(document, office, (0.0, -45.0)))
        if office.has_frame:
            draw_frame(Sheet(document, office, (0.0, -45.0)), -14.0, -8.0, 66.0, 26.0)
    _place(document, office)
    document.saveas(path)
    return path


def _place(document: Any, office: Office) -> None:
    k = 1.0 / METRES_PER[office.unit]
    matrix = Matrix44.z_rotate(math.radians(office.turn_deg)) @ Matrix44.translate(
        office.origin_m[0] * k, office.origin_m[1] * k, 0
    )
    if office.is_mirrored:
        matrix = Matrix44.scale(-1, 1, 1) @ matrix
    if office.turn_deg or office.origin_m != (0.0, 0.0) or office.is_mirrored:
        transform.inplace(document.modelspace(), matrix)


OFFICES = {
    "tianzheng": Office(TIANZHENG, columns="block", doors="unit", leaf="slab"),
    "chinese": Office(CHINESE, columns="loose", doors="block"),
    "bureau": Office(BUREAU, columns="hatch", doors="block", arcs="bulge", version="R2010", encoding="utf-8"),
    "bare": Office(BARE, columns="loose", doors="loose", has_frame=False),
    "rings": Office(CHINESE, columns="ring", doors="block", leaf="slab", walls="rings"),
    "turned": Office(TIANZHENG, columns="loose", doors="unit", turn_deg=17.0),
    "far": Office(CHINESE, columns="ring", doors="block", origin_m=(512_340.0, 3_451_870.0)),
    "cm": Office(BUREAU, columns="block", doors="block", unit=Unit.CM),
    "m": Office(CHINESE, columns="loose", doors="loose", unit=Unit.M),
    "mirrored": Office(TIANZHENG, columns="hatch", doors="unit", is_mirrored=True),
}  # fmt: skip
"""Offices by what is special with them."""
