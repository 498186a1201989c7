"""Entities -> a Linework, with blocks exploded."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
from ezdxf.entities.dxfgfx import DXFGraphic

from hallplan.dxf import DXF_FAULTS, Lines, is_mark, own_layers, readable
from hallplan.errors import HallplanError, PlanFileError
from hallplan.read.drawing.bodies import read_body
from hallplan.read.drawing.chains import bulged, flip_of, hatch_points, is_same, put_band, width_of
from hallplan.read.drawing.foreign import graphics_of, is_foreign, layer_of, referenced
from hallplan.read.drawing.layers import name_kind
from hallplan.read.drawing.linework import ARC_STEP_DEG, ASIDE, Dimension, Label, Linework, Ring
from hallplan.read.drawing.load import Loaded, load
from hallplan.read.drawing.parts import Part, as_linework, place_block, put_arc
from hallplan.read.drawing.vocabulary import matches, sizes
from hallplan.terms import text

BODIES = (
    "3DSOLID",
    "REGION",
    "BODY",
    "SURFACE",
    "EXTRUDEDSURFACE",
    "LOFTEDSURFACE",
    "REVOLVEDSURFACE",
    "SWEPTSURFACE",
    "PLANESURFACE",
)
"""Entities that keep their shape as ACIS data."""


LW_ROW = 5
"""Numbers that a vertex of a LWPOLYLINE is kept with: x, y, two widths and the bulge."""


class Flattener:
    """Turns entities into a Linework; blocks are read once and placed by their matrix."""

    def __init__(self, loaded: Loaded, where: str, files: frozenset[Path] | None = None) -> None:
        self.loaded = loaded
        self.where = where
        self.parts: dict[str, Part] = {}
        self.open_blocks: list[str] = []
        self.files = files or frozenset({Path(where).resolve()})
        self.layers: dict[str, str | None] = {}
        self.lined: dict[tuple[str, str], str] = {}
        self.told: dict[str, Counter[str]] = defaultdict(Counter)
        self.placed = 0
        self.bodies = 0

    def flatten(self) -> Linework:
        """Returns the model space as arrays; raises PlanFileError past the limits of recognition.toml."""
        part = self.read()
        work = as_linework(part, sum(self.told["proxies"].values()))
        notes = [
            text(f"read_drawing.{key}", count=sum(kinds.values()), names=_named(kinds))
            for key, kinds in sorted(self.told.items())
            if kinds
        ]
        if not len(work.segments) and not work.rings and work.proxies:
            names = _named(self.told["proxies"])
            raise self._fault("only_proxies", "expect_walls", "export_t3", count=work.proxies, names=names)
        if not len(work.segments) and not work.rings and self.told["bodies"]:
            kinds = self.told["bodies"]
            raise self._fault(
                "only_bodies", "expect_walls", "flatten_bodies", count=sum(kinds.values()), names=_named(kinds)
            )
        return replace(work, notes=tuple(notes))

    def read(self) -> Part:
        """Returns what the model space draws."""
        part = Part(lifted=self._lifted())
        for entity in self.loaded.document.modelspace():
            self._add(part, entity)
        return part

    def _lifted(self) -> Lines | None:
        """Returns the lines that were lifted out of the file, their layers named as elsewhere, ours left out."""
        lines = self.loaded.lines
        if lines is None or not len(lines.layer):
            return None
        self._guard(len(lines.layer))
        names = [self._layer(name) for name in lines.layers]
        names = [
            name and name + self._aside(None, name, written) for name, written in zip(names, lines.layers, strict=True)
        ]
        is_theirs = np.array([name is not None for name in names])[lines.layer]
        return Lines(tuple(name or "" for name in names), lines.segments[is_theirs], lines.layer[is_theirs])

    def _add(self, part: Part, entity: DXFGraphic) -> None:
        kind = entity.dxftype()
        written = layer_of(entity)
        if written is None:
            self.told["damaged_entities"][kind] += 1
            return
        layer = self._layer(written)
        if layer is None:
            return
        reader = _READERS.get(kind)
        try:
            if reader is not None:
                reader(self, part, layer, entity)
            elif is_foreign(kind):
                self._foreign(part, layer, entity)
        except HallplanError:
            raise
        except DXF_FAULTS:
            self.told["damaged_entities"][kind] += 1

    def _layer(self, written: str) -> str | None:
        """Returns a layer's name put right, None for the layers that we draw on ourselves."""
        if written not in self.layers:
            name = self.loaded.mend(written)
            self.layers[written] = None if name.casefold() in own_layers() else name
        return self.layers[written]

    def _aside(self, entity: Any, layer: str, written: str = "") -> str:
        """Returns the mark of lines that their linetype puts aside: axes; on layers of walls also what hangs above."""
        line = "BYLAYER" if entity is None else str(entity.dxf.get("linetype", "BYLAYER"))
        key = line, layer
        if key not in self.lined:
            if line.upper() == "BYLAYER":
                own = written or str(entity.dxf.get("layer", "0"))
                found = self.loaded.document.layers
                line = str(found.get(own).dxf.get("linetype", "")) if own in found else ""
            kind = name_kind(layer)
            is_aside = kind in ("wall", "structure", "other") and matches("linetypes", "axis", line)
            is_above = kind in ("wall", "structure") and matches("linetypes", "above", line)
            self.lined[key] = ASIDE if is_aside or is_above else ""
        return self.lined[key]

    def _foreign(self, part: Part, layer: str, entity: Any) -> None:
        """Reads an object of another program by the graphics that it carries, else counts it."""
        is_drawn = False
        for piece in graphics_of(entity):
            reader = _READERS.get(piece.dxftype())
            if reader is not None:
                self._guard(1)
                own = self._layer(str(piece.dxf.get("layer", "0"))) or layer
                reader(self, part, layer if own == "0" else own, piece)
                is_drawn = True
        self.told["proxies_drawn" if is_drawn else "proxies"][entity.dxftype()] += 1

    def _line(self, part: Part, layer: str, entity: Any) -> None:
        start, end = entity.dxf.start, entity.dxf.end
        part.line(layer + self._aside(entity, layer), (start.x, start.y), (end.x, end.y))

    def _arc(self, part: Part, layer: str, entity: Any) -> None:
        centre, radius = entity.dxf.center, entity.dxf.radius
        start, end = entity.dxf.start_angle, entity.dxf.end_angle
        x = centre.x
        if entity.dxf.extrusion.z < 0:
            x, start, end = -x, 180.0 - end, 180.0 - start
        put_arc(part, layer, (x, centre.y), abs(radius), (start, end))

    def _circle(self, part: Part, layer: str, entity: Any) -> None:
        centre = entity.dxf.center
        x = -centre.x if entity.dxf.extrusion.z < 0 else centre.x
        part.circles.append((x, centre.y, abs(entity.dxf.radius)))
        part.circle_layer.append(layer)

    def _polyline(self, part: Part, layer: str, entity: Any) -> None:
        if entity.dxftype() == "LWPOLYLINE":
            flip = flip_of(entity)
            rows = np.array(entity.lwpoints.values, dtype=float).reshape(-1, LW_ROW)[:, [0, 1, LW_ROW - 1]] * (
                flip,
                1.0,
                flip,
            )
            vertices = [(x, y, bulge) for x, y, bulge in rows.tolist()]
        elif entity.is_2d_polyline or entity.is_3d_polyline:
            flip = flip_of(entity) if entity.is_2d_polyline else 1.0
            corners = [(v.dxf.location, v.dxf.get("bulge", 0.0)) for v in entity.vertices]
            vertices = [(flip * at.x, at.y, flip * bulge) for at, bulge in corners]
        elif entity.is_poly_face_mesh or entity.is_polygon_mesh:
            for face in entity.virtual_entities():
                self._guard(1)
                self._face(part, layer, face)
            return
        else:
            return
        if len(vertices) < 2:
            return
        if width_of(entity) > 0.0 and not any(vertex[2] for vertex in vertices):
            put_band(part, layer, np.asarray(vertices)[:, :2], width_of(entity), bool(entity.is_closed))
            return
        closed = bool(entity.is_closed) or (len(vertices) > 3 and is_same(vertices[0], vertices[-1]))
        points = bulged(part, layer + self._aside(entity, layer), vertices, bool(entity.is_closed))
        if closed and len(points) > 3:
            part.rings.append(Ring(points[:-1], layer))

    def _curve(self, part: Part, layer: str, entity: Any) -> None:
        if entity.dxftype() == "ELLIPSE":
            sweep = (entity.dxf.end_param - entity.dxf.start_param) % math.tau or math.tau
            count = max(4, int(math.degrees(sweep) / ARC_STEP_DEG) + 1)
            points = [(v.x, v.y) for v in entity.vertices(entity.params(count))]
        else:
            tool = entity.construction_tool()
            points = [(v.x, v.y) for v in tool.approximate(max(8, 3 * len(entity.control_points)))]
        part.chain(layer + self._aside(entity, layer), np.asarray(points, dtype=float), is_curve=True)

    def _mline(self, part: Part, layer: str, entity: Any) -> None:
        for piece in entity.virtual_entities():
            reader = _READERS.get(piece.dxftype())
            if reader is not None:
                reader(self, part, layer, piece)

    def _hatch(self, part: Part, layer: str, entity: Any) -> None:
        for path in entity.paths.paths:
            points = hatch_points(path)
            if len(points) > 2:
                flat = np.asarray(points, dtype=float) * (flip_of(entity), 1.0)
                part.rings.append(Ring(flat, layer, is_hatch=True))

    def _solid(self, part: Part, layer: str, entity: Any) -> None:
        corners = [entity.dxf.get(name) for name in ("vtx0", "vtx1", "vtx3", "vtx2")]
        points = [(flip_of(entity) * v.x, v.y) for v in corners if v is not None]
        if len(points) > 2:
            part.rings.append(Ring(np.asarray(points, dtype=float), layer, is_hatch=True))

    def _face(self, part: Part, layer: str, entity: Any) -> None:
        self._seen_from_above(part, layer, [(corner.x, corner.y) for corner in entity.wcs_vertices()])

    def _mesh(self, part: Part, layer: str, entity: Any) -> None:
        corners = [(float(v[0]), float(v[1])) for v in entity.vertices]
        for face in entity.faces:
            self._guard(len(face))
            self._seen_from_above(part, layer, [corners[n] for n in face])

    def _body(self, part: Part, layer: str, entity: Any) -> None:
        """Reads the flat faces of a body, and counts those that are not read whole."""
        self.bodies += 1
        if self.bodies > sizes("limits")["bodies"]:
            self.told["bodies"][entity.dxftype()] += 1
            return
        body = read_body(entity)
        for corners in body.flat:
            self._guard(len(corners))
            self._seen_from_above(part, layer, corners)
        if len(body.flat) < max(body.faces, 1):
            self.told["bodies"][entity.dxftype()] += 1

    def _seen_from_above(self, part: Part, layer: str, corners: list[tuple[float, float]]) -> None:
        """A face of a solid as it shows on the floor: an area, or a line where it stands upright."""
        points = np.asarray(corners, dtype=float).reshape(-1, 2)
        if not len(points) or not np.isfinite(points).all():
            return
        reach = float(np.hypot(*np.ptp(points, axis=0)))
        x, y = points.T
        area = abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2
        if area > 1e-6 * reach * reach:
            part.rings.append(Ring(points, layer, is_hatch=True))
        elif reach > 0.0:
            along = int(np.argmax(np.ptp(points, axis=0)))
            low, high = points[points[:, along].argmin()], points[points[:, along].argmax()]
            part.line(layer, (float(low[0]), float(low[1])), (float(high[0]), float(high[1])))

    def _text(self, part: Part, layer: str, entity: Any) -> None:
        words = entity.dxf.text if entity.dxftype() != "MTEXT" and "%%" not in entity.dxf.text else entity.plain_text()
        height = entity.dxf.get("char_height" if entity.dxftype() == "MTEXT" else "height", 0.0)
        if words and words.strip():
            at = text_middle(entity, words, height)
            part.labels.append(Label(at, self.loaded.mend(words.strip()), float(height), layer))

    def _dimension(self, part: Part, layer: str, entity: Any) -> None:
        del layer
        measured = entity.dxf.get("actual_measurement", 0.0)
        if entity.dimtype in (0, 1) and measured:
            part.dimensions.append(Dimension(float(measured), str(entity.dxf.get("text", ""))))

    def _insert(self, part: Part, layer: str, entity: Any) -> None:
        name = entity.dxf.name
        for attribute in entity.attribs:
            self._text(part, layer, attribute)
        if is_mark(name):
            return
        block = self._block(name)
        if block is None:
            return
        copies = entity.multi_insert() if entity.mcount > 1 else (entity,)
        for copy in copies:
            self._guard(len(block.segments) + len(block.arcs))
            place_block(part, block, copy.matrix44(), layer, self.loaded.mend(name))

    def _guard(self, count: int) -> None:
        self.placed += count + 1
        limit = sizes("limits")["segments"]
        if self.placed > limit:
            raise self._fault("too_many_in_blocks", "expect_dxf", "purge", limit=limit)

    def _fault(self, found: str, expected: str, remedy: str, **values: object) -> HallplanError:
        words = [text(f"read_drawing.{key}", **values) for key in (found, expected, remedy)]
        return PlanFileError.at(self.where, *words)

    def _block(self, name: str) -> Part | None:
        if name in self.parts:
            return self.parts[name]
        definition = self.loaded.document.blocks.get(name)
        if definition is None or name in self.open_blocks or len(self.open_blocks) >= sizes("limits")["depth"]:
            if definition is not None:
                self.told["block_cycles"][self.loaded.mend(name)] += 1
            return None
        if definition.block is not None and definition.block.is_xref:
            self.parts[name] = self._reference(self.loaded.mend(name), str(definition.block.dxf.get("xref_path", "")))
            return self.parts[name]
        part = Part()
        self.open_blocks.append(name)
        for entity in definition:
            if entity.dxftype() != "ATTDEF":
                self._add(part, entity)
        self.open_blocks.pop()
        self.parts[name] = part
        return part

    def _reference(self, name: str, written: str) -> Part:
        """Returns what another drawing that this one refers to draws; nothing, and a note, when it is not there."""
        found = referenced(Path(self.where), readable(written)) if len(self.files) < sizes("limits")["depth"] else None
        if found is not None and found.resolve() not in self.files:
            try:
                inner = Flattener(load(found), str(found), self.files | {found.resolve()})
                part = inner.read()
                part.settle()
            except PlanFileError:
                self.told["xrefs_missing"][f"{name} ({PureWindowsPath(written).name})"] += 1
                return Part()
            for key, kinds in inner.told.items():
                self.told[key] += kinds
            self._guard(len(part.segments) + len(part.arcs))
            return part
        self.told["xrefs_missing"][f"{name} ({PureWindowsPath(written).name})"] += 1
        return Part()


def _named(kinds: Counter[str]) -> str:
    """Returns the most frequent names with their counts."""
    listed = [
        f"{kind} ×{count}" if count > 1 else kind for kind, count in sorted(kinds.items(), key=lambda k: (-k[1], k[0]))
    ]
    return text("read_drawing.comma").join(listed[:8]) + (" …" if len(listed) > 8 else "")


_READERS: dict[str, Any] = {
    "LINE": Flattener._line, "ARC": Flattener._arc, "CIRCLE": Flattener._circle, "LWPOLYLINE": Flattener._polyline,
    "POLYLINE": Flattener._polyline, "ELLIPSE": Flattener._curve, "SPLINE": Flattener._curve, "HATCH": Flattener._hatch,
    "SOLID": Flattener._solid, "TRACE": Flattener._solid, "TEXT": Flattener._text, "MTEXT": Flattener._text,
    **dict.fromkeys(BODIES, Flattener._body),
    "3DFACE": Flattener._face, "MESH": Flattener._mesh, "DIMENSION": Flattener._dimension, "MLINE": Flattener._mline, "INSERT": Flattener._insert,
}  # fmt: skip


def text_middle(entity: Any, words: str, height: float) -> tuple[float, float]:
    """Returns about the middle of a text, which lies in its room more surely than its insertion point."""
    at, flip = entity.dxf.insert, flip_of(entity)
    lines = words.splitlines() or [""]
    width = max(sum(1.0 if ord(char) > 255 else 0.6 for char in line) for line in lines) * height
    if entity.dxftype() == "MTEXT":
        width = min(width, entity.dxf.get("width", 0.0) or width)
        column, row = (entity.dxf.get("attachment_point", 1) - 1) % 3, (entity.dxf.get("attachment_point", 1) - 1) // 3
        along, up = width * (0.5 - 0.5 * column), -height * 1.5 * len(lines) * (0.5 - 0.5 * row)
        way = entity.dxf.get("text_direction")
        turn = math.atan2(way.y, way.x) if way is not None else math.radians(entity.dxf.get("rotation", 0.0))
        x, y = math.cos(turn), math.sin(turn)
        return at.x + along * x - flip * up * y, at.y + along * y + flip * up * x
    if entity.dxf.get("halign", 0) or entity.dxf.get("valign", 0):
        point = entity.dxf.get("align_point") or at
        return flip * point.x, point.y
    turn = math.radians(entity.dxf.get("rotation", 0.0))
    x, y = math.cos(turn), math.sin(turn)
    return flip * (at.x + 0.5 * width * x - 0.5 * height * y), at.y + 0.5 * width * y + 0.5 * height * x
