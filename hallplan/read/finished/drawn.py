"""What a drawing shows in plan frames: blocks and closed lines with their names, and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from ezdxf.bbox import extents
from ezdxf.math import Matrix44
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon

from hallplan.dxf import DXF_FAULTS, is_mark
from hallplan.model.site import Floor
from hallplan.read.drawing.chains import hatch_points
from hallplan.read.drawing.flatten import text_middle
from hallplan.read.drawing.foreign import layer_of
from hallplan.read.drawing.load import Loaded
from hallplan.read.drawing.vocabulary import matches
from hallplan.read.finished.words import thing_in
from hallplan.units import METRES_PER

Floats = NDArray[np.float64]
_DEPTH = 6
_MOST = 20_000
"""Shapes of a hall are hundreds; what is more is no furniture plan."""
_OUTSIDE_M = 0.3
_RINGS = ("LWPOLYLINE", "POLYLINE")


@dataclass(frozen=True, slots=True)
class Shape:
    """A block or closed line on a floor: its block's name ("" for a line), its layer, its attributes, its outline."""

    name: str
    layer: str
    floor: str
    area: Polygon
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of furniture that its own name tells, else its layer's; "" when neither tells one."""
        return (thing_in(self.name) if self.name else "") or thing_in(self.layer)


@dataclass(frozen=True, slots=True)
class Words:
    """A text and where its middle lies on a floor."""

    text: str
    floor: str
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What lies on the floors of a drawing."""

    shapes: tuple[Shape, ...]
    words: tuple[Words, ...]


def drawn_things(loaded: Loaded, floors: Sequence[Floor]) -> Drawn:
    """Returns blocks, closed lines and texts that lie on the floors, in the order of the file; those on hidden layers left out."""
    return _Reader(loaded, floors).read()


class _Reader:
    def __init__(self, loaded: Loaded, floors: Sequence[Floor]) -> None:
        self.loaded, self.floors = loaded, floors
        self.outlines = [floor.frame.to_drawing(floor.outline) for floor in floors]
        for outline in self.outlines:
            shapely.prepare(outline)
        self.boxes: dict[str, Floats | None] = {}
        layers = loaded.document.layers
        self.hidden = {loaded.mend(layer.dxf.name) for layer in layers if layer.is_off() or layer.is_frozen()}
        self.shapes: list[Shape] = []
        self.words: list[Words] = []
        self.loose: dict[str, list[Floats]] = {}

    def read(self) -> Drawn:
        """Returns everything."""
        for entity in self.loaded.document.modelspace():
            layer = self.loaded.mend(layer_of(entity) or "0")
            if layer in self.hidden or len(self.shapes) > _MOST:
                continue
            try:
                self._add(entity, layer)
            except DXF_FAULTS:
                continue
        for layer, chains in self.loose.items():
            for ring in _closed(chains):
                self._shape("", layer, ring, {})
        return Drawn(tuple(self.shapes), tuple(self.words))

    def _add(self, entity: Any, layer: str) -> None:
        kind = entity.dxftype()
        if kind == "INSERT":
            self._insert(entity, layer)
        elif kind in ("TEXT", "MTEXT"):
            self._text(entity)
        elif kind in _RINGS:
            points = _points(entity)
            if entity.is_closed or (len(points) > 3 and bool(np.allclose(points[0], points[-1]))):
                self._shape("", layer, points, {})
            elif thing_in(layer):
                self.loose.setdefault(layer, []).append(points)
        elif kind == "HATCH":
            rings = [np.asarray(hatch_points(path), dtype=float).reshape(-1, 2) for path in entity.paths.paths]
            if rings:
                self._shape("", layer, max(rings, key=len), {})
        elif kind == "LINE" and thing_in(layer):
            ends = np.array([[entity.dxf.start.x, entity.dxf.start.y], [entity.dxf.end.x, entity.dxf.end.y]])
            self.loose.setdefault(layer, []).append(ends)

    def _insert(self, entity: Any, layer: str) -> None:
        tags = {str(a.dxf.tag).strip().upper(): self.loaded.mend(str(a.dxf.text)).strip() for a in entity.attribs}
        found = list(self._placed(entity, layer, Matrix44(), 0))
        for name, own, ring in found:
            self._shape(name, own, ring, tags)
        name = self.loaded.mend(str(entity.dxf.name))
        is_sign = matches("signs", "layers", layer) or matches("signs", "blocks", name)
        if not found and not is_sign:
            for attribute in entity.attribs:
                self._text(attribute)

    def _placed(self, insert: Any, layer: str, outer: Matrix44, depth: int) -> Iterator[tuple[str, str, Floats]]:
        """What a block is, or what the blocks in it are: name, layer and corners in drawing units."""
        name = str(insert.dxf.name)
        block = self.loaded.document.blocks.get(name)
        if block is None or depth > _DEPTH or is_mark(name):
            return
        for copy in insert.multi_insert() if insert.mcount > 1 else (insert,):
            matrix = copy.matrix44() @ outer
            inner = [
                found
                for child in block
                if child.dxftype() == "INSERT"
                for found in self._placed(child, self._layer(child, layer), matrix, depth + 1)
            ]
            yield from inner
            read = self.loaded.mend(name)
            own = (thing_in(read) if not read.startswith("*") else "") or thing_in(layer)
            box = self._box(name) if own else None
            if box is not None and all((thing_in(n) or thing_in(where)) != own for n, where, _ in inner):
                corners = [matrix.transform((x, y, 0.0)) for x, y in box.tolist()]
                yield "" if read.startswith("*") else read, layer, np.array([[c.x, c.y] for c in corners])

    def _layer(self, child: Any, outer: str) -> str:
        own = self.loaded.mend(layer_of(child) or "0")
        return outer if own == "0" else own

    def _box(self, name: str) -> Floats | None:
        """Returns the corners of what a block itself draws, blocks in it and its texts apart."""
        if name not in self.boxes:
            drawn = [
                e for e in self.loaded.document.blocks[name] if e.dxftype() not in ("INSERT", "ATTDEF", "TEXT", "MTEXT")
            ]
            box = extents(drawn, fast=True)
            corners = None
            if box.has_data:
                (x0, y0, _), (x1, y1, _) = box.extmin, box.extmax
                corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            self.boxes[name] = corners
        return self.boxes[name]

    def _text(self, entity: Any) -> None:
        words = self.loaded.mend(str(entity.plain_text()).strip())
        height = float(entity.dxf.get("char_height" if entity.dxftype() == "MTEXT" else "height", 0.0))
        floor = self._floor(text_middle(entity, words, height)) if words else None
        if floor is not None:
            at = floor.frame.to_plan(Point(text_middle(entity, words, height)))
            self.words.append(Words(words, floor.id, (float(at.x), float(at.y))))

    def _shape(self, name: str, layer: str, ring: Floats, tags: Mapping[str, str]) -> None:
        if len(ring) < 3 or not np.isfinite(ring).all() or float(np.abs(ring).max()) > 1e12:
            return
        x, y = ring.mean(axis=0).tolist()
        floor = self._floor((x, y))
        if floor is None:
            return
        area = floor.frame.to_plan(Polygon(ring))
        if not area.is_valid:
            parts = [part for part in shapely.get_parts(shapely.make_valid(area)) if isinstance(part, Polygon)]
            area = max(parts, key=lambda part: part.area, default=Polygon())
        if not area.is_empty:
            self.shapes.append(Shape(name, layer, floor.id, area, tags))

    def _floor(self, at: tuple[float, float]) -> Floor | None:
        """The floor that a place in drawing units lies on."""
        if not (np.isfinite(at).all() and max(map(abs, at)) < 1e12):
            return None
        for floor, outline in zip(self.floors, self.outlines, strict=True):
            if outline.distance(Point(at)) * METRES_PER[floor.frame.unit] <= _OUTSIDE_M:
                return floor
        return None


def _points(entity: Any) -> Floats:
    if entity.dxftype() == "LWPOLYLINE":
        return np.array([(v.x, v.y) for v in entity.vertices_in_wcs()], dtype=float).reshape(-1, 2)
    return np.array([[v.dxf.location.x, v.dxf.location.y] for v in entity.vertices], dtype=float).reshape(-1, 2)


def _closed(chains: Sequence[Floats]) -> list[Floats]:
    """Returns the rings that loose lines of a layer make, each once: what lies inside another is its pattern."""
    lines = shapely.union_all([shapely.LineString(chain) for chain in chains if len(chain) > 1])
    faces = [face for face in shapely.get_parts(shapely.polygonize([*shapely.get_parts(lines)])) if face.area > 0]
    merged = shapely.get_parts(shapely.union_all(faces)) if faces else []
    return [shapely.get_coordinates(face.exterior)[:-1] for face in merged if isinstance(face, Polygon)]
