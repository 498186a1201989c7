"""A scene as SVG: self-contained, in millimetres of paper, the same bytes for the same scene."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from shapely.geometry import Polygon

from hallplan.model.plan import Plan
from hallplan.scene import build_scene
from hallplan.scene.primitives import XY, Arc, Disc, Fill, Scene, Shape, SheetKind, Stamp, Stroke, Words
from hallplan.scene.style import Style, styles
from hallplan.settings import Settings
from hallplan.write.fonts import FAMILY, embedded_font

_DIGITS = 2


def write_svg(plan: Plan, number: int, path: Path, settings: Settings) -> None:
    """Writes the overview of every floor that alternative `number` uses, one below the other."""
    del settings
    path.write_text(overview_svg(plan, number), "utf-8", newline="\n")


def overview_svg(plan: Plan, number: int) -> str:
    """Returns the overview of every floor that alternative `number` uses as one SVG text."""
    return stacked_svg([build_scene(plan, number, floor, SheetKind.OVERVIEW) for floor in used_floors(plan, number)])


def used_floors(plan: Plan, number: int) -> list[str]:
    """Returns the ids of the floors on which an alternative puts something, in the order of the site."""
    used = {zone.floor for zone in plan.alternative(number).layout.zones}
    return [floor.id for floor in plan.site.floors if floor.id in used] or [floor.id for floor in plan.site.floors[:1]]


def stacked_svg(scenes: Sequence[Scene]) -> str:
    """Returns scenes one below the other as one SVG text."""
    if len(scenes) == 1:
        return svg_text(scenes[0])
    sizes = [_Pen(scene, "").size for scene in scenes]
    width, height = max(w for w, _ in sizes), round(sum(h for _, h in sizes), _DIGITS)
    parts, y = [], 0.0
    for n, (scene, size) in enumerate(zip(scenes, sizes, strict=True)):
        frame = f'<svg y="{y:g}" width="{size[0]:g}" height="{size[1]:g}" viewBox="0 0 {size[0]:g} {size[1]:g}">'
        parts.append(f"{frame}{_content(scene, f'f{n}-', frozenset())}</svg>")
        y = round(y + size[1], _DIGITS)
    font = embedded_font("".join(scene_characters(scene) for scene in scenes))
    return f"{_opening(width, height, scenes[0].title)}<style>{font}</style>\n{''.join(parts)}</svg>\n"


def svg_text(
    scene: Scene, *, embed_font: bool = True, id_prefix: str = "", leave_out: frozenset[str] = frozenset()
) -> str:
    """Returns the scene as SVG text.

    embed_font: carries the used glyphs inside; False when a page brings the font.
    id_prefix: of element ids, so that several drawings fit one page.  leave_out: names of layers not drawn.
    """
    prefix = f"{id_prefix}-" if id_prefix else ""
    font = f"<style>{embedded_font(scene_characters(scene))}</style>" if embed_font else ""
    return f"{_opening(*_Pen(scene, '').size, scene.title)}{font}{_content(scene, prefix, leave_out)}</svg>\n"


def loose_svg(shapes: Iterable[Shape], corner: XY, metres_per_mm: float) -> str:
    """Returns shapes of a plan as SVG elements in mm of paper, (0, 0) at `corner`, the plan's point at the top left."""
    return _LoosePen(corner, 1.0 / metres_per_mm).draw(shapes)


def _opening(width: float, height: float, title: str) -> str:
    families = f"{FAMILY}, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:g}mm" '
        f'height="{height:g}mm" viewBox="0 0 {width:g} {height:g}" font-family="{families}" role="img" '
        f"aria-label={quoteattr(title)}><title>{escape(title)}</title>"
    )


def _content(scene: Scene, prefix: str, leave_out: frozenset[str]) -> str:
    pen = _Pen(scene, prefix)
    layers = [layer for layer in scene.layers if layer.name not in leave_out]
    body = [f'<g id="{prefix}{layer.name}">{pen.draw(layer.shapes)}</g>\n' for layer in layers]
    return f"<defs>{pen.symbols()}</defs>\n{''.join(body)}"


def scene_characters(scene: Scene) -> str:
    """Returns the characters that a scene's words use, each once, in code order."""
    words = (shape.text for layer in scene.layers for shape in layer.shapes if isinstance(shape, Words))
    return "".join(sorted(set("".join(words))))


def _number(value: float) -> str:
    return f"{round(value, _DIGITS) + 0.0:g}" if abs(value) < 1e4 else f"{value:.2f}"


class _Pen:
    """Draws shapes with y downwards, in mm of paper."""

    def __init__(self, scene: Scene, prefix: str) -> None:
        self.scene, self.prefix = scene, prefix
        self.k = 1000.0 / scene.scale
        x0, y0, x1, y1 = scene.bounds
        self.left, self.top = x0, y1
        self.size = (round((x1 - x0) * self.k, _DIGITS), round((y1 - y0) * self.k, _DIGITS))

    def at(self, point: XY) -> str:
        return f"{_number((point[0] - self.left) * self.k)} {_number((self.top - point[1]) * self.k)}"

    def symbols(self) -> str:
        parts = []
        pen = _SymbolPen(self.scene, self.prefix)
        for name, shapes in self.scene.symbols.items():
            parts.append(f'<g id="{self.prefix}{name}">{pen.draw(shapes)}</g>')
        return "".join(parts)

    def draw(self, shapes: Iterable[Shape]) -> str:
        parts = []
        for style, run in groupby(shapes, key=_style_of):
            inner = "".join(self._element(shape) for shape in run)
            parts.append(f"<g{_attributes(styles()[style])}>{inner}</g>" if style else inner)
        return "".join(parts)

    def _element(self, shape: Shape) -> str:
        if isinstance(shape, Fill):
            return f'<path d="{"".join(self._rings(shape.area))}"/>'
        if isinstance(shape, Stroke):
            return f'<path d="{self._path(shape.points, shape.closed)}"/>'
        if isinstance(shape, Disc):
            x, y = self.at(shape.at).split()
            return f'<circle cx="{x}" cy="{y}" r="{_number(shape.radius_m * self.k)}"/>'
        if isinstance(shape, Arc):
            return f'<path d="{self._arc(shape)}"/>'
        if isinstance(shape, Words):
            return self._words(shape)
        turn = 90.0 - shape.facing_deg
        spin = f" rotate({_number(turn % 360.0)})" if turn % 360.0 else ""
        return f'<use xlink:href="#{self.prefix}{shape.symbol}" transform="translate({self.at(shape.at)}){spin}"/>'

    def _rings(self, area: Polygon) -> Iterator[str]:
        for ring in (area.exterior, *area.interiors):
            yield self._path([(x, y) for x, y, *_ in ring.coords[:-1]], True)

    def _path(self, points: Iterable[XY], closed: bool) -> str:
        return "M" + "L".join(self.at(point) for point in points) + ("Z" if closed else "")

    def _arc(self, arc: Arc) -> str:
        ends = [
            (arc.at[0] + arc.radius_m * math.cos(math.radians(a)), arc.at[1] + arc.radius_m * math.sin(math.radians(a)))
            for a in (arc.start_deg, arc.end_deg)
        ]
        radius, is_large = _number(arc.radius_m * self.k), int(arc.end_deg - arc.start_deg > 180.0)
        return f"M{self.at(ends[0])}A{radius} {radius} 0 {is_large} 0 {self.at(ends[1])}"

    def _words(self, words: Words) -> str:
        x, y = self.at(words.at).split()
        size = words.height_m * self.k
        anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
        turn = f' transform="rotate({_number(-words.angle_deg)} {x} {y})"' if words.angle_deg else ""
        return f'<text x="{x}" y="{y}" dy="{_number(size * 0.36)}" font-size="{_number(size)}"{anchor}{turn}>{escape(words.text)}</text>'


class _LoosePen(_Pen):
    """Draws shapes that belong to no sheet, `k` mm of paper a metre, from a corner at the top left."""

    def __init__(self, corner: XY, k: float) -> None:
        self.prefix, self.k = "", k
        self.left, self.top = corner


class _SymbolPen(_Pen):
    """Draws a symbol around its own centre."""

    def at(self, point: XY) -> str:
        return f"{_number(point[0] * self.k)} {_number(-point[1] * self.k)}"


def _style_of(shape: Shape) -> str:
    return "" if isinstance(shape, Stamp) else shape.style


def _attributes(style: Style) -> str:
    parts = [f' fill="{style.fill or "none"}"']
    if style.fill:
        parts.append(' fill-rule="evenodd"')
    if style.stroke:
        parts.append(f' stroke="{style.stroke}" stroke-width="{style.width_mm:g}" stroke-linejoin="round"')
    if style.dash_mm:
        parts.append(f' stroke-dasharray="{" ".join(f"{d:g}" for d in style.dash_mm)}"')
    if style.cap != "butt":
        parts.append(f' stroke-linecap="{style.cap}"')
    if style.opacity < 1:
        parts.append(f' opacity="{style.opacity:g}"')
    if style.halo:
        parts.append(f' stroke="{style.halo}" stroke-width="0.9" stroke-linejoin="round" paint-order="stroke"')
    return "".join(parts)
