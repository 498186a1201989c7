"""Entities -> flat arrays: segments, arcs, circles, rings and texts, with blocks exploded."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.math import Matrix44, bulge_to_arc
from numpy.typing import NDArray

from hallplan.errors import PlanFileError
from hallplan.read.drawing.load import Loaded
from hallplan.read.drawing.vocabulary import sizes
from hallplan.terms import text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ARC_STEP_DEG = 9.0


@dataclass(frozen=True, slots=True)
class Label:
    """A text with its place and height."""

    at: tuple[float, float]
    words: str
    height: float
    layer: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed polyline or a hatch boundary; points (n, 2), not repeated."""

    points: Floats
    layer: str
    is_hatch: bool = False


@dataclass(frozen=True, slots=True)
class BlockUse:
    """One insert of a block: its name, its layer and the box of what it draws."""

    name: str
    layer: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: measured length in drawing units, and the number written over it if any."""

    measured: float
    written: str


@dataclass(frozen=True, slots=True)
class Linework:
    """A drawing as arrays, in drawing units until scaled.

    segments: (n, 4) x0, y0, x1, y1.  segment_layer: (n,) index into `layers`.  is_curve: (n,) from an arc or curve.
    arcs: (m, 5) centre x, y, radius, start and end angle in degrees anticlockwise.  circles: (k, 3).
    """

    layers: tuple[str, ...]
    segments: Floats
    segment_layer: Ints
    is_curve: NDArray[np.bool_]
    arcs: Floats
    arc_layer: Ints
    circles: Floats
    circle_layer: Ints
    rings: tuple[Ring, ...] = ()
    labels: tuple[Label, ...] = ()
    blocks: tuple[BlockUse, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    proxies: int = 0

    @property
    def lengths(self) -> Floats:
        """Length of each segment."""
        return np.hypot(self.segments[:, 2] - self.segments[:, 0], self.segments[:, 3] - self.segments[:, 1])

    def moved(self, scale: float, turn_deg: float = 0.0, shift: tuple[float, float] = (0.0, 0.0)) -> Linework:
        """Returns the same drawing scaled, then turned anticlockwise, then shifted."""
        angle = math.radians(turn_deg)
        turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]]) * scale
        offset = np.asarray(shift)

        def move(points: Floats) -> Floats:
            return np.asarray(points @ turn + offset)

        arcs, circles = self.arcs.copy(), self.circles.copy()
        arcs[:, :2], arcs[:, 2], arcs[:, 3:] = move(arcs[:, :2]), arcs[:, 2] * scale, arcs[:, 3:] + turn_deg
        circles[:, :2], circles[:, 2] = move(circles[:, :2]), circles[:, 2] * scale
        return replace(
            self,
            segments=move(self.segments.reshape(-1, 2)).reshape(-1, 4),
            arcs=arcs,
            circles=circles,
            rings=tuple(Ring(move(ring.points), ring.layer, ring.is_hatch) for ring in self.rings),
            labels=tuple(_moved_label(label, move, scale) for label in self.labels),
            blocks=tuple(_moved_block(use, move) for use in self.blocks),
        )


def _moved_label(label: Label, move: Callable[[Floats], Floats], scale: float) -> Label:
    x, y = move(np.asarray([label.at]))[0].tolist()
    return Label((x, y), label.words, label.height * scale, label.layer)


def _moved_block(use: BlockUse, move: Callable[[Floats], Floats]) -> BlockUse:
    x0, y0, x1, y1 = use.box
    corners = move(np.asarray([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))
    low, high = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return BlockUse(use.name, use.layer, (low[0], low[1], high[0], high[1]))


@dataclass(slots=True)
class _Part:
    """What one block, or the model space, draws in its own coordinates; layer "0" takes the layer of the insert."""

    segments: list[tuple[float, float, float, float]] = field(default_factory=list)
    segment_layer: list[str] = field(default_factory=list)
    is_curve: list[bool] = field(default_factory=list)
    arcs: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    arc_layer: list[str] = field(default_factory=list)
    circles: list[tuple[float, float, float]] = field(default_factory=list)
    circle_layer: list[str] = field(default_factory=list)
    rings: list[Ring] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    blocks: list[BlockUse] = field(default_factory=list)
    dimensions: list[Dimension] = field(default_factory=list)

    def line(self, layer: str, a: tuple[float, float], b: tuple[float, float]) -> None:
        self.segments.append((a[0], a[1], b[0], b[1]))
        self.segment_layer.append(layer)
        self.is_curve.append(False)

    def chain(self, layer: str, points: Floats, is_curve: bool) -> None:
        count = len(points) - 1
        if count > 0:
            self.segments.extend(map(tuple, np.hstack([points[:-1], points[1:]]).tolist()))
            self.segment_layer.extend([layer] * count)
            self.is_curve.extend([is_curve] * count)


class Flattener:
    """Turns entities into a Linework; blocks are read once and placed by their matrix."""

    def __init__(self, loaded: Loaded, where: str) -> None:
        self.loaded = loaded
        self.where = where
        self.parts: dict[str, _Part] = {}
        self.open_blocks: list[str] = []
        self.cycles: set[str] = set()
        self.placed = 0
        self.proxies = 0

    def flatten(self) -> Linework:
        """Returns the model space as arrays; raises PlanFileError past the limits of recognition.toml."""
        part = _Part()
        for entity in self.loaded.document.modelspace():
            self._add(part, entity)
        return _as_linework(part, self.proxies)

    def _add(self, part: _Part, entity: DXFGraphic) -> None:
        kind = entity.dxftype()
        reader = _READERS.get(kind)
        if reader is not None:
            layer = self.loaded.mend(entity.dxf.layer)
            reader(self, part, layer, entity)
        elif kind.startswith(("TCH_", "ACAD_PROXY", "DIEN_")):
            self.proxies += 1

    def _line(self, part: _Part, layer: str, entity: Any) -> None:
        start, end = entity.dxf.start, entity.dxf.end
        part.line(layer, (start.x, start.y), (end.x, end.y))

    def _arc(self, part: _Part, layer: str, entity: Any) -> None:
        centre, radius = entity.dxf.center, entity.dxf.radius
        start, end = entity.dxf.start_angle, entity.dxf.end_angle
        x = centre.x
        if entity.dxf.extrusion.z < 0:
            x, start, end = -x, 180.0 - end, 180.0 - start
        _put_arc(part, layer, (x, centre.y), abs(radius), (start, end))

    def _circle(self, part: _Part, layer: str, entity: Any) -> None:
        centre = entity.dxf.center
        x = -centre.x if entity.dxf.extrusion.z < 0 else centre.x
        part.circles.append((x, centre.y, abs(entity.dxf.radius)))
        part.circle_layer.append(layer)

    def _polyline(self, part: _Part, layer: str, entity: Any) -> None:
        if entity.dxftype() == "LWPOLYLINE":
            flip = -1.0 if entity.dxf.extrusion.z < 0 else 1.0
            vertices = [(flip * x, y, flip * bulge) for x, y, bulge in entity.get_points("xyb")]
        elif entity.is_2d_polyline or entity.is_3d_polyline:
            vertices = [(v.dxf.location.x, v.dxf.location.y, v.dxf.get("bulge", 0.0)) for v in entity.vertices]
        else:
            return
        if len(vertices) < 2:
            return
        closed = bool(entity.is_closed) or (len(vertices) > 3 and _same(vertices[0], vertices[-1]))
        points = _bulged(part, layer, vertices, bool(entity.is_closed))
        if closed and len(points) > 3:
            part.rings.append(Ring(points[:-1], layer))

    def _curve(self, part: _Part, layer: str, entity: Any) -> None:
        if entity.dxftype() == "ELLIPSE":
            sweep = (entity.dxf.end_param - entity.dxf.start_param) % math.tau or math.tau
            count = max(4, int(math.degrees(sweep) / ARC_STEP_DEG) + 1)
            points = [(v.x, v.y) for v in entity.vertices(entity.params(count))]
        else:
            tool = entity.construction_tool()
            points = [(v.x, v.y) for v in tool.approximate(max(8, 3 * len(entity.control_points)))]
        part.chain(layer, np.asarray(points, dtype=float), is_curve=True)

    def _hatch(self, part: _Part, layer: str, entity: Any) -> None:
        for path in entity.paths.paths:
            points = _hatch_points(path)
            if len(points) > 2:
                part.rings.append(Ring(np.asarray(points, dtype=float), layer, is_hatch=True))

    def _solid(self, part: _Part, layer: str, entity: Any) -> None:
        corners = [entity.dxf.get(name) for name in ("vtx0", "vtx1", "vtx3", "vtx2")]
        points = [(v.x, v.y) for v in corners if v is not None]
        if len(points) > 2:
            part.rings.append(Ring(np.asarray(points, dtype=float), layer, is_hatch=True))

    def _text(self, part: _Part, layer: str, entity: Any) -> None:
        words = entity.plain_text() if entity.dxftype() == "MTEXT" else entity.dxf.text
        height = entity.dxf.get("char_height" if entity.dxftype() == "MTEXT" else "height", 0.0)
        if words and words.strip():
            at = _middle(entity, words, height)
            part.labels.append(Label(at, self.loaded.mend(words.strip()), float(height), layer))

    def _dimension(self, part: _Part, layer: str, entity: Any) -> None:
        del layer
        measured = entity.dxf.get("actual_measurement", 0.0)
        if entity.dimtype in (0, 1) and measured:
            part.dimensions.append(Dimension(float(measured), str(entity.dxf.get("text", ""))))

    def _insert(self, part: _Part, layer: str, entity: Any) -> None:
        name = entity.dxf.name
        for attribute in entity.attribs:
            self._text(part, layer, attribute)
        if name.startswith("_") or name.upper().startswith("*D"):
            return
        block = self._block(name)
        if block is None:
            return
        copies = entity.multi_insert() if entity.mcount > 1 else (entity,)
        for copy in copies:
            self._guard(len(block.segments) + len(block.arcs))
            _place(part, block, copy.matrix44(), layer, self.loaded.mend(name))

    def _guard(self, count: int) -> None:
        self.placed += count + 1
        limit = sizes("limits")["segments"]
        if self.placed > limit:
            raise PlanFileError.at(
                self.where,
                text("read_drawing.too_many_in_blocks", limit=limit),
                text("read_drawing.expect_dxf"),
                text("read_drawing.purge"),
            )

    def _block(self, name: str) -> _Part | None:
        if name in self.parts:
            return self.parts[name]
        definition = self.loaded.document.blocks.get(name)
        if definition is None or name in self.open_blocks or len(self.open_blocks) >= sizes("limits")["depth"]:
            if name in self.open_blocks:
                self.cycles.add(name)
            return None
        part = _Part()
        self.open_blocks.append(name)
        for entity in definition:
            if entity.dxftype() != "ATTDEF":
                self._add(part, entity)
        self.open_blocks.pop()
        self.parts[name] = part
        return part


_READERS: dict[str, Any] = {
    "LINE": Flattener._line, "ARC": Flattener._arc, "CIRCLE": Flattener._circle, "LWPOLYLINE": Flattener._polyline,
    "POLYLINE": Flattener._polyline, "ELLIPSE": Flattener._curve, "SPLINE": Flattener._curve, "HATCH": Flattener._hatch,
    "SOLID": Flattener._solid, "TRACE": Flattener._solid, "TEXT": Flattener._text, "MTEXT": Flattener._text,
    "DIMENSION": Flattener._dimension, "INSERT": Flattener._insert,
}  # fmt: skip


def _same(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return math.isclose(a[0], b[0], abs_tol=1e-6) and math.isclose(a[1], b[1], abs_tol=1e-6)


def _middle(entity: Any, words: str, height: float) -> tuple[float, float]:
    """Returns about the middle of a text, which lies in its room more surely than its insertion point."""
    at = entity.dxf.insert
    lines = words.splitlines() or [""]
    width = max(sum(1.0 if ord(char) > 255 else 0.6 for char in line) for line in lines) * height
    if entity.dxftype() == "MTEXT":
        width = min(width, entity.dxf.get("width", 0.0) or width)
        column, row = (entity.dxf.get("attachment_point", 1) - 1) % 3, (entity.dxf.get("attachment_point", 1) - 1) // 3
        tall = height * 1.5 * len(lines)
        return at.x + width * (0.5 - 0.5 * column), at.y - tall * (0.5 - 0.5 * row)
    if entity.dxf.get("halign", 0) or entity.dxf.get("valign", 0):
        point = entity.dxf.get("align_point") or at
        return point.x, point.y
    turn = math.radians(entity.dxf.get("rotation", 0.0))
    return at.x + 0.5 * width * math.cos(turn), at.y + 0.5 * width * math.sin(turn) + 0.5 * height


def _put_arc(part: _Part, layer: str, centre: tuple[float, float], radius: float, angles: tuple[float, float]) -> None:
    start = angles[0] % 360.0
    sweep = (angles[1] - angles[0]) % 360.0 or 360.0
    part.arcs.append((centre[0], centre[1], radius, start, start + sweep))
    part.arc_layer.append(layer)


def _bulged(part: _Part, layer: str, vertices: list[tuple[float, float, float]], closed: bool) -> Floats:
    """Adds a polyline's straight parts as segments and its bulges as arcs; returns its points, closed if it is."""
    if not any(vertex[2] for vertex in vertices):
        points = np.asarray([vertex[:2] for vertex in vertices], dtype=float)
        if closed:
            points = np.vstack([points, points[:1]])
        part.chain(layer, points, is_curve=False)
        return points
    ends = [*vertices[1:], vertices[0]] if closed else vertices[1:]
    out: list[tuple[float, float]] = [vertices[0][:2]]
    for start, end in zip(vertices, ends, strict=False):
        a, b, bulge = start[:2], end[:2], start[2]
        if abs(bulge) < 1e-9 or _same(a, b):
            part.line(layer, a, b)
            out.append(b)
            continue
        centre, first, last, radius = bulge_to_arc(a, b, bulge)
        angles = (math.degrees(first), math.degrees(last))
        _put_arc(part, layer, (centre.x, centre.y), radius, angles)
        curve = arc_points(centre.x, centre.y, radius, *angles)
        out.extend(map(tuple, (curve if bulge > 0 else curve[::-1])[1:].tolist()))
    return np.asarray(out, dtype=float)


def arc_points(x: float, y: float, radius: float, start_deg: float, end_deg: float) -> Floats:
    """Returns points (n, 2) along an arc, anticlockwise from start to end."""
    sweep = (end_deg - start_deg) % 360.0 or 360.0
    angles = np.radians(start_deg + np.linspace(0.0, sweep, max(2, math.ceil(sweep / ARC_STEP_DEG) + 1)))
    return np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)])


def _hatch_points(path: Any) -> list[tuple[float, float]]:
    if hasattr(path, "vertices"):
        return [(vertex[0], vertex[1]) for vertex in path.vertices]
    points: list[tuple[float, float]] = []
    for edge in path.edges:
        if hasattr(edge, "start") and hasattr(edge, "end"):
            points.append((edge.start[0], edge.start[1]))
        elif hasattr(edge, "radius"):
            curve = arc_points(edge.center[0], edge.center[1], edge.radius, edge.start_angle, edge.end_angle)
            points.extend(map(tuple, curve.tolist()))
    return points


def _place(part: _Part, block: _Part, matrix: Matrix44, layer: str, name: str) -> None:
    """Adds a block's content through the insert's matrix; skewed arcs become chains of segments."""

    def inherit(own: str) -> str:
        return layer if own == "0" else own

    a, b, c, d = matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]
    shift = np.array([matrix[3, 0], matrix[3, 1]])
    turn = np.array([[a, b], [c, d]])

    def move(points: Floats) -> Floats:
        return np.asarray(points @ turn + shift)

    boxes: list[Floats] = []
    if block.segments:
        moved = move(np.asarray(block.segments, dtype=float).reshape(-1, 2))
        boxes.append(moved)
        part.segments.extend((x0, y0, x1, y1) for x0, y0, x1, y1 in moved.reshape(-1, 4).tolist())
        part.segment_layer.extend(map(inherit, block.segment_layer))
        part.is_curve.extend(block.is_curve)
    scale, other = math.hypot(a, b), math.hypot(c, d)
    is_similar = math.isclose(scale, other, rel_tol=1e-3) and abs(a * c + b * d) < 1e-3 * scale * other
    _place_round(part, block, (move, inherit), (scale, math.degrees(math.atan2(b, a)), a * d - b * c < 0, is_similar))
    for ring in block.rings:
        part.rings.append(Ring(move(ring.points), inherit(ring.layer), ring.is_hatch))
        boxes.append(part.rings[-1].points)
    for label in block.labels:
        x, y = move(np.asarray([label.at]))[0]
        part.labels.append(Label((float(x), float(y)), label.words, label.height * scale, inherit(label.layer)))
    for arc in block.arcs:
        boxes.append(move(arc_points(*arc)))
    for use in block.blocks:
        corners = move(np.asarray(use.box).reshape(2, 2))
        box = (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())
        part.blocks.append(BlockUse(use.name, inherit(use.layer), box))
    if boxes:
        every = np.vstack(boxes)
        box = (*every.min(axis=0).tolist(), *every.max(axis=0).tolist())
        part.blocks.append(BlockUse(name, layer, box))


def _place_round(part: _Part, block: _Part, how: tuple[Any, Any], matrix: tuple[float, float, bool, bool]) -> None:
    (move, inherit), (scale, angle, is_mirrored, is_similar) = how, matrix
    for arc, own in zip(block.arcs, block.arc_layer, strict=True):
        if not is_similar:
            part.chain(inherit(own), move(arc_points(*arc)), is_curve=True)
            continue
        x, y = move(np.asarray([arc[:2]]))[0]
        start, end = (angle - arc[4], angle - arc[3]) if is_mirrored else (angle + arc[3], angle + arc[4])
        _put_arc(part, inherit(own), (float(x), float(y)), arc[2] * scale, (start, end))
    for circle, own in zip(block.circles, block.circle_layer, strict=True):
        if is_similar:
            x, y = move(np.asarray([circle[:2]]))[0]
            part.circles.append((float(x), float(y), circle[2] * scale))
            part.circle_layer.append(inherit(own))
        else:
            part.chain(inherit(own), move(arc_points(*circle, 0.0, 360.0)), is_curve=True)


def first_of_each(segments: Floats, layer: Ints) -> NDArray[np.bool_]:
    """Returns which segments are not drawn before on their layer, to a millionth of the drawing's extent and in either direction."""
    mask = np.zeros(len(segments), dtype=bool)
    if len(segments):
        with np.errstate(invalid="ignore"):
            grid = max(float(np.nanpercentile(np.ptp(segments, axis=0), 50)), 1e-9) * 1e-7
            a, b = np.round(segments[:, :2] / grid), np.round(segments[:, 2:] / grid)
        swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
        rows = np.where(swap[:, None], np.hstack([b, a]), np.hstack([a, b]))
        rows = np.column_stack([rows, layer])
        mask[np.unique(rows, axis=0, return_index=True)[1]] = True
    return mask


def _as_linework(part: _Part, proxies: int) -> Linework:
    names = sorted({*part.segment_layer, *part.arc_layer, *part.circle_layer})
    index = {name: n for n, name in enumerate(names)}

    def layer_array(layers: Iterable[str]) -> Ints:
        return np.fromiter((index[name] for name in layers), dtype=np.int64)

    segments = np.asarray(part.segments, dtype=float).reshape(-1, 4)
    keep = np.isfinite(segments).all(axis=1) & (np.abs(segments).max(axis=1, initial=0.0) < 1e12)
    keep &= (segments[:, :2] != segments[:, 2:]).any(axis=1)
    keep &= first_of_each(segments, layer_array(part.segment_layer))
    return Linework(
        tuple(names),
        segments[keep],
        layer_array(part.segment_layer)[keep],
        np.asarray(part.is_curve, dtype=bool)[keep],
        np.asarray(part.arcs, dtype=float).reshape(-1, 5),
        layer_array(part.arc_layer),
        np.asarray(part.circles, dtype=float).reshape(-1, 3),
        layer_array(part.circle_layer),
        tuple(part.rings),
        tuple(part.labels),
        tuple(part.blocks),
        tuple(part.dimensions),
        proxies,
    )
