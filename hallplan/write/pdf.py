"""Drawings as PDF: one page per sheet and floor, to scale, with our font so that every name can be searched."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from shapely.geometry import Polygon

from hallplan.model.plan import Plan
from hallplan.scene import SheetKind, build_scene, sheets_of
from hallplan.scene.frame import WAIT_SEATS
from hallplan.scene.page import Page, build_page, fitted_words
from hallplan.scene.primitives import XY, Arc, Disc, Fill, Scene, Shape, Stamp, Stroke, Words
from hallplan.scene.sign_faces import Paper
from hallplan.scene.style import Style, styles
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.write.fonts import FAMILY, font_path
from hallplan.write.svg import used_floors

_POINTS_PER_MM = 72.0 / 25.4
_BASELINE = 0.36
_HALO_MM = 0.9
_NOT_ON_PAGE = frozenset({"paper", "head", "legend", "north"})
_CAPS = {"butt": 0, "square": 2}
_CONTACT_MM = (420.0, 297.0)

Place = Callable[[XY], XY]


def write_drawings(plan: Plan, number: int, path: Path, settings: Settings) -> None:
    """Writes every sheet of every floor of alternative `number`, the layout first."""
    del settings
    canvas = _canvas(path, plan)
    for floor in used_floors(plan, number):
        for position, sheet in enumerate(sheets_of(plan, number, floor), 1):
            scene = build_scene(plan, number, floor, sheet)
            _draw_page(canvas, build_page(plan, number, scene, position - 1 if position > 1 else 0), scene)
    canvas.save()


def write_contact_sheet(plan: Plan, path: Path, settings: Settings) -> None:
    """Writes the alternatives side by side: zoning of each floor with score and key figures, on A3 pages."""
    del settings
    canvas = _canvas(path, plan)
    scenes = [
        (number, build_scene(plan, number, floor, SheetKind.OVERVIEW))
        for number in range(1, len(plan.alternatives) + 1)
        for floor in used_floors(plan, number)
    ]
    for start in range(0, len(scenes), 4):
        _contact_page(canvas, plan, scenes[start : start + 4])
    canvas.save()


def draw_papers(pages: Iterable[Paper], path: Path, plan: Plan) -> None:
    """Writes pages whose shapes are in mm of paper."""
    canvas = _canvas(path, plan)
    for n, page in enumerate(pages):
        canvas.setPageSize((page.width_mm * _POINTS_PER_MM, page.height_mm * _POINTS_PER_MM))
        canvas.bookmarkPage(f"page-{n}")
        canvas.addOutlineEntry(f"{page.title} {n + 1}", f"page-{n}")
        canvas.scale(_POINTS_PER_MM, _POINTS_PER_MM)
        _Brush(canvas, 1.0, lambda point: point, {}).draw(page.shapes)
        canvas.showPage()
    canvas.save()


@cache
def _register_font() -> str:
    pdfmetrics.registerFont(TTFont(FAMILY, str(font_path())))
    return FAMILY


def _canvas(path: Path, plan: Plan) -> Canvas:
    _register_font()
    canvas = Canvas(str(path), invariant=1, pageCompression=1)
    canvas.setTitle(plan.title)
    canvas.setCreator(plan.generator)
    canvas.setAuthor(plan.generator)
    return canvas


def _draw_page(canvas: Canvas, page: Page, scene: Scene) -> None:
    canvas.setPageSize((page.width_mm * _POINTS_PER_MM, page.height_mm * _POINTS_PER_MM))
    canvas.bookmarkPage(scene.title + scene.floor + scene.sheet)
    canvas.addOutlineEntry(f"{text(f'scene.{scene.sheet}')} {scene.floor}", scene.title + scene.floor + scene.sheet)
    canvas.scale(_POINTS_PER_MM, _POINTS_PER_MM)
    canvas.saveState()
    x0, y0, x1, y1 = page.window
    frame = canvas.beginPath()
    frame.rect(x0, y0, x1 - x0, y1 - y0)
    canvas.clipPath(frame, stroke=0, fill=0)
    _draw_scene(canvas, scene, page.centre, 1000.0 / scene.scale, _NOT_ON_PAGE)
    canvas.restoreState()
    _Brush(canvas, 1.0, lambda point: point, {}).draw(page.shapes)
    canvas.showPage()


def _draw_scene(
    canvas: Canvas, scene: Scene, centre: XY, k: float, leave_out: Iterable[str], *, whole: bool = False
) -> None:
    """Draws a scene with its middle at `centre`, `k` mm a metre."""
    bounds = scene.bounds if whole else scene.plan
    mx, my = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    brush = _Brush(
        canvas, k, lambda point: (centre[0] + (point[0] - mx) * k, centre[1] + (point[1] - my) * k), scene.symbols
    )
    brush.thin = k * scene.scale / 1000.0
    for layer in scene.layers:
        if layer.name not in leave_out:
            brush.draw(layer.shapes)


def _contact_page(canvas: Canvas, plan: Plan, scenes: list[tuple[int, Scene]]) -> None:
    width, height = _CONTACT_MM
    canvas.setPageSize((width * _POINTS_PER_MM, height * _POINTS_PER_MM))
    canvas.scale(_POINTS_PER_MM, _POINTS_PER_MM)
    heading = Words("text", (15.0, height - 14.0), text("scene.contact_title", project=plan.title), 6.0, "start")
    brush = _Brush(canvas, 1.0, lambda point: point, {})
    brush.draw([heading])
    n_columns = 1 if len(scenes) == 1 else 2
    n_rows = math.ceil(len(scenes) / n_columns)
    cell = (width - 20.0) / n_columns, (height - 32.0) / n_rows
    for n, (number, scene) in enumerate(scenes):
        left, top = 10.0 + (n % n_columns) * cell[0], height - 22.0 - (n // n_columns) * cell[1]
        line = _contact_line(plan, number, scene)
        brush.draw([fitted_words("text", (left + 4.0, top - 4.0), line, 3.0, cell[0] - 8.0)])
        size = scene.bounds[2] - scene.bounds[0], scene.bounds[3] - scene.bounds[1]
        k = min((cell[0] - 8.0) / size[0], (cell[1] - 14.0) / size[1])
        centre = left + cell[0] / 2, top - 8.0 - (cell[1] - 14.0) / 2
        _draw_scene(canvas, scene, centre, k, ("paper", "head"), whole=True)
        brush.draw(
            [
                Stroke(
                    "frame_thin",
                    (
                        (left + 1, top + 1),
                        (left + cell[0] - 1, top + 1),
                        (left + cell[0] - 1, top - cell[1] + 3),
                        (left + 1, top - cell[1] + 3),
                    ),
                    True,
                )
            ]
        )
    canvas.showPage()


def _contact_line(plan: Plan, number: int, scene: Scene) -> str:
    layout = plan.alternative(number).layout
    here = [item for item in layout.furniture if item.floor == scene.floor]
    values = {
        "n": number, "name": layout.name, "score": f"{layout.score:,.1f}",
        "windows": len({item.window for item in here if item.window}),
        "seats": sum(item.kind in WAIT_SEATS for item in here),
        "area": f"{sum(zone.area_m2 for zone in layout.zones if zone.floor == scene.floor):,.0f}",
    }  # fmt: skip
    return text("scene.contact_line", **values)


class _Brush:
    """Draws shapes on a canvas whose unit is the millimetre; `k` mm a unit of the shapes, `thin` scales line weights."""

    def __init__(self, canvas: Canvas, k: float, place: Place, symbols: dict[str, tuple[Shape, ...]]) -> None:
        self.canvas, self.k, self.place, self.symbols = canvas, k, place, symbols
        self.thin = 1.0

    def draw(self, shapes: Iterable[Shape]) -> None:
        """Draws shapes in order."""
        for shape in shapes:
            if isinstance(shape, Stamp):
                self._stamp(shape)
            elif isinstance(shape, Words):
                self._words(shape)
            else:
                self._outline(shape)

    def _stamp(self, shape: Stamp) -> None:
        x, y = self.place(shape.at)
        self.canvas.saveState()
        self.canvas.translate(x, y)
        self.canvas.rotate(shape.facing_deg - 90.0)
        inner = _Brush(self.canvas, self.k, lambda point: (point[0] * self.k, point[1] * self.k), {})
        inner.thin = self.thin
        inner.draw(self.symbols[shape.symbol])
        self.canvas.restoreState()

    def _outline(self, shape: Fill | Stroke | Disc | Arc) -> None:
        style = styles()[shape.style]
        self.canvas.saveState()
        has_line = self._pen(style)
        if isinstance(shape, Disc):
            x, y = self.place(shape.at)
            self.canvas.circle(x, y, shape.radius_m * self.k, stroke=int(has_line), fill=int(bool(style.fill)))
        elif isinstance(shape, Arc):
            x, y = self.place(shape.at)
            r = shape.radius_m * self.k
            self.canvas.arc(x - r, y - r, x + r, y + r, shape.start_deg, shape.end_deg - shape.start_deg)
        else:
            path = self._path(shape)
            self.canvas.drawPath(
                path, stroke=int(has_line), fill=int(isinstance(shape, Fill) and bool(style.fill)), fillMode=0
            )
        self.canvas.restoreState()

    def _pen(self, style: Style) -> bool:
        """Sets colours and line of a style; says whether it has a line."""
        if style.fill:
            self.canvas.setFillColor(HexColor(style.fill))
        if style.opacity < 1:
            self.canvas.setFillAlpha(style.opacity)
            self.canvas.setStrokeAlpha(style.opacity)
        if style.stroke:
            self.canvas.setStrokeColor(HexColor(style.stroke))
            self.canvas.setLineWidth(style.width_mm * self.thin)
            self.canvas.setLineJoin(1)
            self.canvas.setLineCap(_CAPS.get(style.cap, 0))
            if style.dash_mm:
                self.canvas.setDash([d * self.thin for d in style.dash_mm])
        return bool(style.stroke)

    def _path(self, shape: Fill | Stroke) -> Any:
        path = self.canvas.beginPath()
        if isinstance(shape, Stroke):
            self._ring(path, shape.points, shape.closed)
        else:
            for ring in _rings(shape.area):
                self._ring(path, ring, True)
        return path

    def _ring(self, path: Any, points: Iterable[XY], closed: bool) -> None:
        for n, point in enumerate(points):
            (path.lineTo if n else path.moveTo)(*self.place(point))
        if closed:
            path.close()

    def _words(self, words: Words) -> None:
        style, size = styles()[words.style], words.height_m * self.k
        self.canvas.saveState()
        self.canvas.translate(*self.place(words.at))
        if words.angle_deg:
            self.canvas.rotate(words.angle_deg)
        width = pdfmetrics.stringWidth(words.text, FAMILY, size)
        x = {"start": 0.0, "middle": -width / 2, "end": -width}[words.anchor]
        if style.halo:
            self.canvas.saveState()
            self.canvas.setStrokeColor(HexColor(style.halo))
            self.canvas.setLineWidth(_HALO_MM * self.thin)
            self.canvas.setLineJoin(1)
            self._line(words.text, x, size, mode=1)
            self.canvas.restoreState()
        self.canvas.setFillColor(HexColor(style.fill))
        self._line(words.text, x, size, mode=0)
        self.canvas.restoreState()

    def _line(self, words: str, x: float, size: float, *, mode: int) -> None:
        line = self.canvas.beginText(x, -_BASELINE * size)
        line.setFont(FAMILY, size)
        line.setTextRenderMode(mode)
        line.textLine(words)
        self.canvas.drawText(line)


def _rings(area: Polygon) -> list[list[XY]]:
    return [[(x, y) for x, y, *_ in ring.coords[:-1]] for ring in (area.exterior, *area.interiors)]
