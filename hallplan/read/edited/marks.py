"""What a drawing shows on our layers: each entity with its mark, its shape and its attributes, in drawing units."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from ezdxf.document import Drawing as Document
from ezdxf.path import make_path
from numpy.typing import NDArray

from hallplan.dxf import APPID, own_layers, readable
from hallplan.read.drawing.foreign import layer_of
from hallplan.read.drawing.load import load

Floats = NDArray[np.float64]
_RINGS = ("LWPOLYLINE", "POLYLINE")


@dataclass(frozen=True, slots=True)
class Mark:
    """One entity: kind and id as its XDATA says ("" when a program dropped it), and what it looks like.

    layer: key of our layer, as in data/terms.toml.  points: (n, 2) of its outline, not repeated.
    at, facing_deg: where a block stands and the way its +y axis looks, in the drawing's axes.  size: scale along and across.
    """

    kind: str
    id: str
    floor: str
    stamp: str
    layer: str
    handle: str
    points: Floats
    is_closed: bool = False
    at: tuple[float, float] | None = None
    facing_deg: float = 0.0
    size: tuple[float, float] = (1.0, 1.0)
    tags: Mapping[str, str] = field(default_factory=dict)


def is_ours(path: Path) -> bool:
    """Returns whether a file names our application or one of our layers, and so may be a drawing of ours."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return (
        APPID.encode() in data
        or b"HP-ZONE" in data
        or "HP-功能区".encode() in data
        or "HP-功能区".encode("gbk") in data
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a drawing shows on our layers, in its order, and whether it shows anything else."""

    marks: tuple[Mark, ...]
    has_more: bool


def drawn_marks(path: Path) -> Drawn:
    """Returns what a drawing (DXF or DWG) shows on our layers; raises PlanFileError as `load` does."""
    loaded, layers = load(path), own_layers()
    document, lines = loaded.document, loaded.lines.layers if loaded.lines is not None else ()
    more = any(name.casefold() not in layers for name in lines) or any(
        (layer_of(entity) or "0").casefold() not in layers and not entity.has_xdata(APPID)
        for entity in document.modelspace()
    )
    return Drawn(tuple(_marks(document)), more)


def _marks(document: Document) -> Iterator[Mark]:
    layers = own_layers()
    for entity in document.modelspace():
        layer = layers.get(readable(layer_of(entity) or "0").casefold(), "")
        told = entity.get_xdata(APPID) if entity.has_xdata(APPID) else ()
        if layer or told:
            mark = _mark(entity, layer, [str(tag.value) for tag in told if tag.code == 1000])
            if mark is not None:
                yield mark


def _mark(entity: Any, layer: str, told: list[str]) -> Mark | None:
    kind, id, stamp, floor = (*told, "", "", "", "")[:4]
    head = (kind, id, floor, stamp, layer, str(entity.dxf.handle))
    dxftype = entity.dxftype()
    if dxftype in _RINGS:
        points, is_closed = _outline(entity)
        return Mark(*head, points, is_closed) if len(points) > 1 else None
    if dxftype == "LINE":
        start, end = entity.dxf.start, entity.dxf.end
        return Mark(*head, np.array([[start.x, start.y], [end.x, end.y]]))
    if dxftype == "ARC":
        middle = entity.dxf.start_angle + ((entity.dxf.end_angle - entity.dxf.start_angle) % 360.0) / 2
        ends = entity.vertices([entity.dxf.start_angle, middle, entity.dxf.end_angle])
        centre = entity.ocs().to_wcs(entity.dxf.center)
        return Mark(*head, np.array([[point.x, point.y] for point in ends]), at=(centre.x, centre.y))
    if dxftype == "INSERT":
        return _block(entity, head)
    if dxftype in ("TEXT", "MTEXT"):
        words = entity.plain_text()
        place = entity.dxf.insert
        return Mark(*head, np.array([[place.x, place.y]]), at=(place.x, place.y), tags={"words": readable(words)})
    return None


def _outline(entity: Any) -> tuple[Floats, bool]:
    path = make_path(entity)
    size = max(abs(value) for vertex in path.control_vertices() for value in (vertex.x, vertex.y, 1.0))
    vertices = path.flattening(size / 1e6, 4) if path.has_curves else path.control_vertices()
    points = np.array([[vertex.x, vertex.y] for vertex in vertices], dtype=float).reshape(-1, 2)
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = np.abs(np.diff(points, axis=0)).max(axis=1, initial=0.0) > 1e-9 * size
    points = points[keep]
    is_ring = len(points) > 3 and bool(np.abs(points[0] - points[-1]).max() <= 1e-9 * size)
    return (points[:-1] if is_ring else points), is_ring or bool(getattr(entity, "is_closed", False))


def _block(entity: Any, head: tuple[str, str, str, str, str, str]) -> Mark:
    matrix = entity.matrix44()
    ax, ay, bx, by = (float(matrix[row, column]) for row in (0, 1) for column in (0, 1))
    at = (float(matrix[3, 0]), float(matrix[3, 1]))
    tags = {str(a.dxf.tag).upper(): readable(str(a.dxf.text)) for a in entity.attribs}
    size = (math.hypot(ax, ay), math.hypot(bx, by))
    facing = math.degrees(math.atan2(by, bx)) % 360.0
    return Mark(*head, np.array([at]), at=at, facing_deg=facing, size=size, tags=tags)
