"""The flat faces of ACIS bodies (3DSOLID, REGION, SURFACE), which a drawing keeps as a modeller's own data.

The data are read by ezdxf; they are walked here, because links of a damaged body may run in circles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hallplan.dxf import DXF_FAULTS
from hallplan.read.drawing.vocabulary import sizes

Corners = list[tuple[float, float]]
FLAT, STRAIGHT = "plane-surface", "straight-curve"


@dataclass(frozen=True, slots=True)
class Body:
    """Corners of the flat faces with straight edges, seen from above, in the drawing's unit; faces: how many there are."""

    flat: tuple[Corners, ...]
    faces: int


def read_body(entity: Any) -> Body:
    """Returns what can be read of a body; no faces when its data are damaged or of an unknown kind."""
    from ezdxf.acis.const import AcisException
    from ezdxf.acis.dxf import load_dxf

    flat, count = [], 0
    try:
        for body in load_dxf(entity):
            matrix = None if body.transform.is_none else body.transform.matrix
            for face in _faces(body):
                count += 1
                if corners := _corners(face):
                    placed = corners if matrix is None else list(matrix.transform_vertices(corners))
                    flat.append([(float(at.x), float(at.y)) for at in placed])
    except (AcisException, *DXF_FAULTS):
        return Body(tuple(flat), max(count, len(flat) + 1))
    return Body(tuple(flat), count)


def _faces(body: Any) -> Iterator[Any]:
    for lump in _linked(body.lump, "next_lump"):
        for shell in _linked(lump.shell, "next_shell"):
            yield from _linked(shell.face, "next_face")


def _corners(face: Any) -> list[Any]:
    """The corners of a face; none when it is curved or not closed.  What is cut out of it is left in."""
    if face.surface.type != FLAT:
        return []
    edges = list(_linked(face.loop.coedge, "next_coedge"))
    if not edges or edges[-1].next_coedge is not edges[0] or any(one.edge.curve.type != STRAIGHT for one in edges):
        return []
    return [(one.edge.end_vertex if one.sense else one.edge.start_vertex).point.location for one in edges]


def _linked(first: Any, way: str) -> Iterator[Any]:
    """Yields what hangs on one another until the end, until it comes round or is more than any body has."""
    seen: set[int] = set()
    one = first
    while not one.is_none and id(one) not in seen and len(seen) < sizes("limits")["body_faces"]:
        seen.add(id(one))
        yield one
        one = getattr(one, way)
