"""A scene on paper: frame, title block, area table, legend, north and scale bar in millimetres, for PDF and paper space."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shapely.geometry import Polygon

from hallplan.model.plan import Plan
from hallplan.scene.frame import legend_shapes, north_shapes
from hallplan.scene.measure import text_width
from hallplan.scene.paper import choose_paper
from hallplan.scene.primitives import Bounds, Fill, Scene, Shape, SheetKind, Stroke, Words
from hallplan.scene.style import drawing_data, text_mm
from hallplan.terms import text

_ROW_MM, _LEAST_ROW_MM = 6.0, 3.2
_BLOCK_ROW_MM = 8.0
_BLOCK_KEY_MM = 20.0
_FOOT_MM = 16.0
_NOTE_MM = 5.0
_NUMBER = re.compile(r"[\d,]+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of paper: its shapes in mm from the lower left corner, and the window that the plan shows through."""

    paper: str
    width_mm: float
    height_mm: float
    window: Bounds
    shapes: tuple[Shape, ...]

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the window in mm."""
        return (self.window[0] + self.window[2]) / 2, (self.window[1] + self.window[3]) / 2


def build_page(plan: Plan, number: int, scene: Scene, position: int) -> Page:
    """Returns the page of a scene; `position` counts the floor's sheets from 1."""
    mm = 1000.0 / scene.scale
    drawing = ((scene.plan[2] - scene.plan[0]) * mm, (scene.plan[3] - scene.plan[1]) * mm)
    paper, width, height = choose_paper(drawing[0], drawing[1] + _FOOT_MM + 24.0)
    data = drawing_data()["paper"]
    frame = (float(data["bind_mm"]), float(data["edge_mm"]), width - data["edge_mm"], height - data["edge_mm"])
    strip = frame[2] - data["title_block_mm"]
    shapes: list[Shape] = [_rectangle("frame", frame), Stroke("frame_thin", ((strip, frame[1]), (strip, frame[3])))]
    top = _block(plan, number, scene, position, (strip, frame[1], frame[2], frame[3]), shapes)
    top = _notes(scene, strip + 3.0, top, shapes)
    _table(scene, (strip, top + 2.0, frame[2], frame[3]), shapes)
    bottom = _foot(scene, (frame[0], frame[1], strip, frame[3]), shapes)
    window = (frame[0] + 1.0, bottom, strip - 1.0, frame[3] - 1.0)
    shapes += north_shapes(scene.north_deg, (strip - 12.0, frame[3] - 20.0), 1.4)
    return Page(paper, width, height, window, tuple(shapes))


def _rectangle(style: str, box: Bounds) -> Stroke:
    return Stroke(style, ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])), closed=True)


def _block(plan: Plan, number: int, scene: Scene, position: int, strip: Bounds, shapes: list[Shape]) -> float:
    """The title block 图签 at the foot of the strip; returns its top."""
    layout = plan.alternative(number).layout
    name = f"{text('scene.alternative', n=number)} {layout.name}".strip()
    rows = [
        ("project", plan.title),
        ("sheet", text(f"scene.{scene.sheet}")),
        ("floor", plan.site.floor(scene.floor).title),
        ("alternative", name),
        ("scale", f"1:{scene.scale}"),
        ("number", text("scene.sheet_number", floor=scene.floor, n=position)),
        ("date", plan.created),
        ("source", plan.site.source),
        ("made_by", plan.generator),
    ]
    x0, y0, x1, _ = strip
    top = y0 + _BLOCK_ROW_MM * len(rows)
    shapes.append(Stroke("frame", ((x0, top), (x1, top))))
    shapes.append(Stroke("frame_thin", ((x0 + _BLOCK_KEY_MM, y0), (x0 + _BLOCK_KEY_MM, top))))
    for n, (key, value) in enumerate(rows):
        y = top - _BLOCK_ROW_MM * (n + 0.5)
        shapes.append(Stroke("frame_thin", ((x0, y - _BLOCK_ROW_MM / 2), (x1, y - _BLOCK_ROW_MM / 2))))
        shapes.append(Words("text_quiet", (x0 + 2.0, y), text(f"scene.block_{key}"), 3.0, "start"))
        shapes.append(fitted_words("text", (x0 + _BLOCK_KEY_MM + 2.0, y), value, 3.5, x1 - x0 - _BLOCK_KEY_MM - 4.0))
    return top


def fitted_words(style: str, at: tuple[float, float], words: str, height: float, width: float) -> Words:
    """Returns a text no wider than `width`: smaller first, then cut with an ellipsis."""
    size = min(height, max(0.62 * height, width / max(text_width(words), 0.1)))
    while len(words) > 1 and text_width(words, size) > width:
        words = words[:-2] + "…"
    return Words(style, at, words, size, "start")


def _notes(scene: Scene, left: float, bottom: float, shapes: list[Shape]) -> float:
    """General notes above the title block; returns their top."""
    keys = ["note_units", "note_north"]
    keys += ["note_routes"] if any(style == "route_public" for style, _ in scene.legend) else []
    width = drawing_data()["paper"]["title_block_mm"] - 6.0
    y = bottom + 3.0
    for n, key in reversed(list(enumerate(keys, 1))):
        shapes.append(fitted_words("text_quiet", (left, y + _NOTE_MM / 2), f"{n}. {text(f'scene.{key}')}", 2.6, width))
        y += _NOTE_MM
    shapes.append(Words("text", (left, y + _NOTE_MM / 2), text("scene.notes"), 3.2, "start"))
    return y + _NOTE_MM


def _table(scene: Scene, box: Bounds, shapes: list[Shape]) -> None:
    """The table of areas or signs at the top of the strip; rows shrink, then end with a line that counts the rest."""
    if len(scene.table) < 2:
        return
    x0, y0, x1, y1 = box[0] + 3.0, box[1], box[2] - 3.0, box[3] - 3.0
    shapes.append(Words("text", ((x0 + x1) / 2, y1 - 3.0), scene.table_title, 4.0))
    top, rows = y1 - 7.0, list(scene.table)
    row = min(_ROW_MM, (top - y0) / len(rows))
    if row < _LEAST_ROW_MM:
        room = max(3, int((top - y0) / _LEAST_ROW_MM))
        rows, row = [*rows[: room - 1], (f"… +{len(rows) - room + 1}", "", "")], _LEAST_ROW_MM
    cuts = (x0, x0 + 10.0, x1 - 16.0, x1) if scene.sheet == SheetKind.SIGNS else (x0, x1 - 36.0, x1 - 18.0, x1)
    for n, cells in enumerate(rows):
        y = top - row * n
        shapes.append(Stroke("frame_thin", ((x0, y), (x1, y))))
        shapes += _row(cells, cuts, y - row / 2, min(text_mm("table"), row * 0.62), n == 0)
    bottom = top - row * len(rows)
    shapes.append(_rectangle("frame_thin", (x0, bottom, x1, top)))
    shapes += [Stroke("frame_thin", ((x, bottom), (x, top))) for x in cuts[1:-1]]


def _row(cells: tuple[str, ...], cuts: tuple[float, ...], y: float, height: float, is_head: bool) -> list[Shape]:
    shapes: list[Shape] = []
    for cell, left, right in zip(cells, cuts, cuts[1:], strict=False):
        is_number = not is_head and _NUMBER.fullmatch(cell) is not None
        words = fitted_words("text_quiet" if is_head else "text", (left + 1.0, y), cell, height, right - left - 2.0)
        at = (right - 1.2, y) if is_number else (left + 1.2, y)
        shapes.append(Words(words.style, at, words.text, words.height_m, "end" if is_number else "start"))
    return shapes


def _foot(scene: Scene, box: Bounds, shapes: list[Shape]) -> float:
    """Legend, key figures, sheet name and scale bar below the plan; returns their top."""
    x0, y0, x1, _ = box
    right = x1 - 62.0
    _, depth = legend_shapes(scene.legend, x0 + 5.0, right, 0.0, 1.0)
    top = y0 - depth + 2.0
    legend, _ = legend_shapes(scene.legend, x0 + 5.0, right, top, 1.0)
    shapes += legend
    shapes += _paper_bar(scene, x1, y0)
    name = f"{text(f'scene.{scene.sheet}')}  1:{scene.scale}"
    middle, width = (x0 + x1) / 2, text_width(name, 5.5)
    base = top + 10.0
    shapes.append(Words("text", (middle, base + 1.5), name, 5.5))
    shapes.append(Stroke("frame", ((middle - width / 2 - 3, base - 2.5), (middle + width / 2 + 3, base - 2.5))))
    shapes.append(Stroke("frame_thin", ((middle - width / 2 - 3, base - 3.5), (middle + width / 2 + 3, base - 3.5))))
    shapes.append(fitted_words("text_quiet", (x0 + 5.0, top + 2.5), scene.figures, 2.8, x1 - x0 - 10.0))
    return top + _FOOT_MM


def _paper_bar(scene: Scene, right: float, bottom: float) -> list[Shape]:
    """The scale bar in mm of paper."""
    metre = 1000.0 / scene.scale
    step = next((metres for metres in (1, 2, 5, 10, 20) if metres * metre >= 10.0), 20)
    left, y = right - 3 * step * metre - 10.0, bottom + 4.0
    shapes: list[Shape] = []
    for n in range(3):
        x = left + n * step * metre
        bar = Polygon.from_bounds(x, y, x + step * metre, y + 1.2)
        shapes.append(Fill("scale" if n % 2 == 0 else "scale_empty", bar))
    for n in range(4):
        words = f"{n * step} m" if n == 3 else f"{n * step}"
        shapes.append(Words("text_quiet", (left + n * step * metre, y + 3.2), words, 2.5))
    return shapes
