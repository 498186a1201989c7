"""Draws floor plans as an architect does (double-line walls, door blocks, axes, dimensions), for the samples and tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import ezdxf
from ezdxf.document import Drawing
from ezdxf.enums import TextEntityAlignment as Align
from ezdxf.layouts import BlockLayout, Modelspace
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.ops import unary_union

XY = tuple[float, float]
Box = tuple[float, float, float, float]

LAYERS = {
    "墙体": (7, "Continuous", 50),
    "隔墙": (8, "Continuous", 35),
    "柱": (9, "Continuous", 50),
    "门": (3, "Continuous", 25),
    "窗": (4, "Continuous", 25),
    "楼梯": (2, "Continuous", 18),
    "栏杆": (2, "Continuous", 18),
    "卫生洁具": (6, "Continuous", 18),
    "洞口": (5, "DASHED", 18),
    "轴线": (1, "CENTER", 13),
    "轴号": (3, "Continuous", 18),
    "标注": (3, "Continuous", 13),
    "文字": (7, "Continuous", 18),
    "图框": (7, "Continuous", 35),
}


@dataclass(frozen=True)
class Wall:
    """An inner wall along an axis-parallel centre line, mm."""

    a: XY
    b: XY
    thickness: float = 200
    layer: str = "墙体"

    @property
    def area(self) -> Polygon:
        t = self.thickness / 2
        (x0, x1), (y0, y1) = sorted((self.a[0], self.b[0])), sorted((self.a[1], self.b[1]))
        return box(x0 - t, y0 - t, x1 + t, y1 + t)


@dataclass(frozen=True)
class Door:
    """A door: middle of the opening on the wall's centre line, `along` the wall, `swing` +1 up or left, -1 the other way."""

    at: XY
    width: float
    along: Literal["x", "y"] = "x"
    leaves: int = 1
    swing: int = 1
    hinge: int = 1
    label: str = ""
    label_gap: float = 1600

    @property
    def cut(self) -> Polygon:
        w, t = self.width / 2, 180
        x, y = self.at
        return box(x - w, y - t, x + w, y + t) if self.along == "x" else box(x - t, y - w, x + t, y + w)


@dataclass(frozen=True)
class Stair:
    """A stair of two flights in a box; `along` is the way the flights run."""

    area: Box
    along: Literal["x", "y"] = "y"
    text: str = "上"


@dataclass(frozen=True)
class FloorPlan:
    """All that is drawn of one floor, mm; `outline` are the outer faces."""

    title: str
    outline: Sequence[XY]
    wall: float
    axes_x: Sequence[float]
    axes_y: Sequence[float]
    columns: Sequence[XY]
    column: float = 600
    walls: Sequence[Wall] = ()
    doors: Sequence[Door] = ()
    solid: Sequence[Box] = ()
    window: float = 4800
    stairs: Sequence[Stair] = ()
    lifts: Sequence[Box] = ()
    shafts: Sequence[tuple[Box, str]] = ()
    voids: Sequence[Box] = ()
    wcs: Sequence[tuple[float, float, float]] = ()
    basins: Sequence[tuple[float, float, float]] = ()
    stalls: Sequence[tuple[XY, XY]] = ()
    texts: Sequence[tuple[str, XY, float]] = ()
    area_note: str = ""
    origin: XY = field(default=(0.0, 0.0))


def new_drawing() -> Drawing:
    """An empty R2010 drawing in millimetres with an architect's layers, text and dimension styles and blocks."""
    ezdxf.options.write_fixed_meta_data_for_testing = True
    doc = ezdxf.new("R2010", setup=["linetypes"], units=ezdxf.units.MM)
    doc.header["$LTSCALE"] = 100
    doc.styles.new("HZ", dxfattribs={"font": "gbenor.shx", "bigfont": "gbcbig.shx", "width": 0.8})
    for name, (color, linetype, weight) in LAYERS.items():
        doc.layers.add(name, color=color, linetype=linetype, lineweight=weight)
    style = {"dimscale": 100, "dimtxt": 2.5, "dimtad": 1, "dimgap": 0.8, "dimexe": 1.5, "dimexo": 2, "dimdec": 0}
    doc.dimstyles.new(
        "GB100",
        dxfattribs={
            **style,
            "dimtxsty": "HZ",
            "dimblk": "ARCHTICK",
            "dimasz": 1.2,
            "dimtih": 0,
            "dimtoh": 0,
            "dimclrd": 256,
            "dimclre": 256,
            "dimclrt": 256,
        },
    )
    _sanitary_blocks(doc)
    return doc


def draw_floor(doc: Drawing, plan: FloorPlan) -> None:
    """Draws one floor in model space at its origin."""
    pen = _Pen(doc, plan)
    pen.walls()
    pen.openings()
    pen.columns()
    pen.rooms()
    pen.axes()
    pen.labels()


def draw_sheet(doc: Drawing, low: XY, size: XY, rows: Sequence[tuple[str, str]]) -> None:
    """Draws a drawing frame with its title block in the lower right corner."""
    msp, (x, y), (w, h) = doc.modelspace(), low, size
    frame = {"layer": "图框"}
    msp.add_lwpolyline(_corners((x, y, x + w, y + h)), close=True, dxfattribs=frame)
    inner = (x + 2500, y + 1000, x + w - 1000, y + h - 1000)
    msp.add_lwpolyline(_corners(inner), close=True, dxfattribs={**frame, "const_width": 100})
    left, row = inner[2] - min(18000, 0.35 * w), 800
    top = inner[1] + row * len(rows)
    msp.add_lwpolyline(_corners((left, inner[1], inner[2], top)), close=True, dxfattribs={**frame, "const_width": 50})
    msp.add_line((left + 4000, inner[1]), (left + 4000, top), frame)
    for n, (name, value) in enumerate(rows):
        level = top - row * (n + 1)
        msp.add_line((left, level), (inner[2], level), frame)
        _text(msp, name, (left + 2000, level + row / 2), 350)
        _text(msp, value, ((left + 4000 + inner[2]) / 2, level + row / 2), 350)


def save_drawing(doc: Drawing, path: str) -> None:
    """Saves with fixed dates, so that a second run gives the same bytes."""
    doc.classes.add_required_classes(doc.dxfversion)
    doc.classes.classes = dict(sorted(doc.classes.classes.items()))
    doc.saveas(path, encoding="utf-8")


class _Pen:
    def __init__(self, doc: Drawing, plan: FloorPlan) -> None:
        self.doc, self.msp, self.plan = doc, doc.modelspace(), plan
        self.outside = Polygon(plan.outline)
        self.posts = [
            box(x - plan.column / 2, y - plan.column / 2, x + plan.column / 2, y + plan.column / 2)
            for x, y in plan.columns
        ]
        self.windows = list(self._windows())

    def at(self, x: float, y: float) -> XY:
        return x + self.plan.origin[0], y + self.plan.origin[1]

    def line(self, a: XY, b: XY, layer: str) -> None:
        self.msp.add_line(self.at(*a), self.at(*b), {"layer": layer})

    def poly(self, points: Iterable[XY], layer: str, **more: object) -> None:
        self.msp.add_lwpolyline([self.at(*p) for p in points], close=True, dxfattribs={"layer": layer, **more})

    def text(self, words: str, at: XY, height: float = 400, layer: str = "文字", turn: float = 0) -> None:
        _text(self.msp, words, self.at(*at), height, layer, turn)

    def walls(self) -> None:
        """Loose lines along wall faces, as most drawings have them, broken at openings and columns."""
        ring = self.outside.difference(self.outside.buffer(-self.plan.wall, join_style="mitre"))
        cuts = unary_union([*(d.cut for d in self.plan.doors), *(w for w, _ in self.windows), *self.posts])
        solid = unary_union([ring, *(w.area for w in self.plan.walls if w.layer == "墙体")])
        light = unary_union([w.area for w in self.plan.walls if w.layer != "墙体"]).difference(solid)
        for area, layer in ((solid, "墙体"), (light, "隔墙")):
            for part in _parts(area.difference(cuts)):
                for loop in (part.exterior, *part.interiors):
                    points = list(loop.simplify(0.5).coords)
                    for a, b in pairwise(points):
                        self.line(a, b, layer)

    def _windows(self) -> Iterable[tuple[Polygon, bool]]:
        """One window in the middle of each bay of the outer wall that has no door and no solid room behind."""
        t, corners = self.plan.wall, [*self.plan.outline, self.plan.outline[0]]
        busy = [d.cut.buffer(600) for d in self.plan.doors] + [box(*b) for b in self.plan.solid]
        for (ax, ay), (bx, by) in pairwise(corners):
            level = abs(ay - by) < 1
            lo, hi = sorted((ax, bx) if level else (ay, by))
            marks = [m for m in (self.plan.axes_x if level else self.plan.axes_y) if lo - 1 <= m <= hi + 1]
            inward = (
                1
                if self.outside.buffer(-1).contains(
                    Point((ax + bx) / 2 + (0 if level else 10), (ay + by) / 2 + (10 if level else 0))
                )
                else -1
            )
            for p, q in pairwise(marks):
                half = min(self.plan.window, q - p - 1800) / 2
                m = (p + q) / 2
                face = sorted((ay, ay + inward * t)) if level else sorted((ax, ax + inward * t))
                spot = box(m - half, face[0], m + half, face[1]) if level else box(face[0], m - half, face[1], m + half)
                if half > 400 and not any(spot.intersects(b) for b in busy):
                    yield spot, level

    def openings(self) -> None:
        for spot, level in self.windows:
            x0, y0, x1, y1 = spot.bounds
            for share in (0.0, 0.38, 0.62, 1.0):
                if level:
                    y = y0 + (y1 - y0) * share
                    self.line((x0, y), (x1, y), "窗")
                else:
                    x = x0 + (x1 - x0) * share
                    self.line((x, y0), (x, y1), "窗")
        for door in self.plan.doors:
            block = _door_block(self.doc, door.width, door.leaves)
            turn = 0 if door.along == "x" else 90
            attribs = {"layer": "门", "rotation": turn, "xscale": door.hinge, "yscale": door.swing}
            self.msp.add_blockref(block, self.at(*door.at), attribs)
            if door.label:
                away = -door.swing * door.label_gap if door.label_gap > 0 else door.swing * -door.label_gap
                x, y = door.at
                self.text(door.label, (x, y + away) if door.along == "x" else (x - away, y), 500)

    def columns(self) -> None:
        for post in self.posts:
            corners = list(post.exterior.coords)[:-1]
            self.poly(corners, "柱")
            hatch = self.msp.add_hatch(color=9, dxfattribs={"layer": "柱"})
            hatch.paths.add_polyline_path([self.at(*p) for p in corners], is_closed=True)

    def rooms(self) -> None:
        for stair in self.plan.stairs:
            self._stair(stair)
        for x0, y0, x1, y1 in self.plan.lifts:
            self.poly(_corners((x0, y0, x1, y1)), "楼梯")
            self.line((x0, y0), (x1, y1), "楼梯")
            self.line((x0, y1), (x1, y0), "楼梯")
        for (x0, y0, x1, y1), name in self.plan.shafts:
            self.line((x0, y0), ((x0 + x1) / 2, y1 - (y1 - y0) / 3), "洞口")
            self.line(((x0 + x1) / 2, y1 - (y1 - y0) / 3), (x1, y1), "洞口")
            self.text(name, ((x0 + x1) / 2, y0 + (y1 - y0) * 0.25), 250)
        for x0, y0, x1, y1 in self.plan.voids:
            self.poly(_corners((x0, y0, x1, y1)), "洞口")
            self.poly(_corners((x0 - 100, y0 - 100, x1 + 100, y1 + 100)), "栏杆")
            self.line((x0, y0), (x1, y1), "洞口")
            self.line((x0, y1), (x1, y0), "洞口")
            self.text("上空", ((x0 + x1) / 2, (y0 + y1) / 2 + 900), 500)
        for name, things in (("大便器", self.plan.wcs), ("洗手盆", self.plan.basins)):
            for x, y, turn in things:
                self.msp.add_blockref(name, self.at(x, y), {"layer": "卫生洁具", "rotation": turn})
        for a, b in self.plan.stalls:
            self.line(a, b, "卫生洁具")

    def _stair(self, stair: Stair) -> None:
        x0, y0, x1, y1 = stair.area
        if stair.along == "x":

            def put(u: float, v: float) -> XY:
                return x0 + v, y0 + u
        else:

            def put(u: float, v: float) -> XY:
                return x0 + u, y0 + v

        width, length = (x1 - x0, y1 - y0) if stair.along == "y" else (y1 - y0, x1 - x0)
        first, last = 1500.0, length - 1500.0
        n = int((last - first) // 280)
        for k in range(n + 1):
            v = first + k * 280
            self.line(put(0, v), put(width / 2 - 80, v), "楼梯")
            self.line(put(width / 2 + 80, v), put(width, v), "楼梯")
        end = first + n * 280
        self.poly(
            [
                put(width / 2 - 80, first),
                put(width / 2 + 80, first),
                put(width / 2 + 80, end),
                put(width / 2 - 80, end),
            ],
            "楼梯",
        )
        tail, tip = put(width / 4, first - 700), put(width / 4, end - 600)
        self.line(tail, tip, "楼梯")
        side, back = put(width / 4 - 90, end - 1000), put(width / 4 + 90, end - 1000)
        self.poly([tip, side, back], "楼梯")
        self.text(stair.text, put(width / 4 + 380, first - 500), 300)

    def axes(self) -> None:
        """Grid lines as far as the building reaches on each, with bubbles and two chains of dimensions."""
        x0, y0, x1, y1 = self.outside.bounds
        for n, x in enumerate(self.plan.axes_x):
            top = self.outside.intersection(LineString([(x, y0), (x, y1)])).bounds[3]
            self.line((x, y0 - 6200), (x, top + 1500), "轴线")
            self._bubble((x, y0 - 6700), str(n + 1))
        for n, y in enumerate(self.plan.axes_y):
            right = self.outside.intersection(LineString([(x0, y), (x1, y)])).bounds[2]
            self.line((x0 - 5200, y), (right + 1500, y), "轴线")
            self._bubble((x0 - 5700, y), "ABCDEFGHJKLMN"[n])
        low, left = y0 - 3400, x0 - 2400
        for p, q in pairwise(self.plan.axes_x):
            self._dimension((p, low), (q, low), (p, low - 800), 0)
        for p, q in pairwise(self.plan.axes_y):
            self._dimension((left, p), (left, q), (left - 800, p), 90)
        self._dimension((x0, low - 1000), (x1, low - 1000), (x0, low - 1800), 0)
        self._dimension((left - 1000, y0), (left - 1000, y1), (left - 1800, y0), 90)

    def _bubble(self, at: XY, name: str) -> None:
        self.msp.add_circle(self.at(*at), 500, {"layer": "轴号"})
        self.text(name, at, 450, "轴号")

    def _dimension(self, a: XY, b: XY, base: XY, angle: float) -> None:
        dim = self.msp.add_linear_dim(
            base=self.at(*base),
            p1=self.at(*a),
            p2=self.at(*b),
            angle=angle,
            dimstyle="GB100",
            dxfattribs={"layer": "标注"},
        )
        dim.render()

    def labels(self) -> None:
        for words, at, height in self.plan.texts:
            self.text(words, at, height)
        x0, y0, x1, y1 = self.outside.bounds
        middle = ((x0 + x1) / 2, y0 - 9200)
        self.text(f"{self.plan.title}  1:100", middle, 900)
        for gap, weight in ((750, 80), (900, 0)):
            ends = [self.at(middle[0] - 5500, middle[1] - gap), self.at(middle[0] + 5500, middle[1] - gap)]
            self.msp.add_lwpolyline(ends, dxfattribs={"layer": "文字", "const_width": weight})
        if self.plan.area_note:
            self.text(self.plan.area_note, (middle[0], middle[1] - 1500), 400)
        self._north((x1 + 3500, y1 - 1500))

    def _north(self, at: XY) -> None:
        x, y = at
        self.msp.add_circle(self.at(x, y), 1200, {"layer": "文字"})
        wedge = [(x, y + 1200), (x - 150, y - 1180), (x, y - 900), (x + 150, y - 1180)]
        hatch = self.msp.add_hatch(color=7, dxfattribs={"layer": "文字"})
        hatch.paths.add_polyline_path([self.at(*p) for p in wedge], is_closed=True)
        self.text("北", (x, y + 1650), 500)


def _text(msp: Modelspace, words: str, at: XY, height: float, layer: str = "文字", turn: float = 0) -> None:
    entity = msp.add_text(words, height=height, rotation=turn, dxfattribs={"layer": layer, "style": "HZ"})
    entity.set_placement(at, align=Align.MIDDLE_CENTER)


def _corners(area: Box) -> list[XY]:
    x0, y0, x1, y1 = area
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def _parts(area: Polygon | MultiPolygon) -> list[Polygon]:
    return [p for p in getattr(area, "geoms", [area]) if isinstance(p, Polygon) and not p.is_empty]


def _door_block(doc: Drawing, width: float, leaves: int) -> str:
    """A door block around the middle of its opening; its leaves open towards +y."""
    name = f"M{round(width / 100):02d}21" + ("L", "", "D")[leaves]
    if name in doc.blocks:
        return name
    block = doc.blocks.new(name)
    if leaves == 0:
        block.add_lwpolyline(_corners((-width / 2, -60, 0, -20)), close=True)
        block.add_lwpolyline(_corners((0, 20, width / 2, 60)), close=True)
        return name
    leaf = width / leaves
    _leaf(block, -width / 2, leaf, 1)
    if leaves == 2:
        _leaf(block, width / 2, leaf, -1)
    return name


def _leaf(block: BlockLayout, hinge: float, leaf: float, way: int) -> None:
    block.add_lwpolyline([(hinge, 0), (hinge + 40 * way, 0), (hinge + 40 * way, leaf), (hinge, leaf)], close=True)
    start, end = (0, 90) if way > 0 else (90, 180)
    block.add_arc((hinge, 0), leaf, start, end)


def _sanitary_blocks(doc: Drawing) -> None:
    wc = doc.blocks.new("大便器")
    wc.add_lwpolyline(_corners((-190, -180, 190, 0)), close=True)
    wc.add_ellipse((0, -420), major_axis=(0, 240), ratio=0.75)
    basin = doc.blocks.new("洗手盆")
    basin.add_lwpolyline(_corners((-280, -480, 280, 0)), close=True)
    basin.add_ellipse((0, -230), major_axis=(190, 0), ratio=0.75)
