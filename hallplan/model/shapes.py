"""Shapes in the plan frame and the way back to the architect's drawing.

The plan frame is in metres, turned so that the building's main axis lies along x. Shapes are
shapely geometries; the annotations say how they stand in plan.json.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import shapely
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from shapely.affinity import affine_transform
from shapely.errors import GEOSException
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.units import COORDINATE_DIGITS, METRES_PER, Unit, round_m

_RING = {"type": "array", "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}}


def _ring(coordinates: Sequence[tuple[float, ...]]) -> list[list[float]]:
    return [[round_m(x), round_m(y)] for x, y, *_ in coordinates]


def _dump_area(area: Polygon) -> list[list[list[float]]]:
    return max(_dump_parts(area), key=lambda rings: Polygon(rings[0], rings[1:]).area, default=[])


def _dump_parts(area: Polygon) -> list[list[list[list[float]]]]:
    """The rings of an area; of what it falls into where rounding lets narrow parts of it cross themselves."""
    if area.is_empty:
        return []
    rings = _dump_rings(area)
    if not area.is_valid or Polygon(rings[0], rings[1:]).is_valid:
        return [rings]
    snapped = shapely.get_parts(shapely.set_precision(area, 10.0**-COORDINATE_DIGITS))
    parts = sorted((part for part in snapped if not part.is_empty), key=lambda part: part.bounds)
    return [_dump_rings(part) for part in parts] or [rings]


def _dump_rings(area: Polygon) -> list[list[list[float]]]:
    return [_open_ring(ring.coords) for ring in (area.exterior, *area.interiors)]


def _open_ring(coordinates: Sequence[tuple[float, ...]]) -> list[list[float]]:
    """Corners that rounding lays on one another become one, so that a ring read and written again stays as it is."""
    ring = _ring(coordinates)[:-1]
    corners = [corner for corner, before in zip(ring, [ring[-1], *ring], strict=False) if corner != before]
    return corners if len(corners) > 2 else ring


def _load_area(value: Any) -> Polygon:
    if isinstance(value, Polygon):
        return value
    try:
        return Polygon(value[0], value[1:]) if value else Polygon()
    except GEOSException as error:  # corners that are no numbers
        raise ValueError(str(error)) from error


def _dump_areas(areas: MultiPolygon) -> list[list[list[list[float]]]]:
    return [part for area in areas.geoms for part in _dump_parts(area)]


def _load_areas(value: Any) -> MultiPolygon:
    return value if isinstance(value, MultiPolygon) else MultiPolygon([_load_area(area) for area in value])


def _dump_path(path: LineString) -> list[list[float]]:
    return _ring(path.coords)


def _load_path(value: Any) -> LineString:
    return value if isinstance(value, LineString) else LineString(value)


Point = Annotated[tuple[float, float], PlainSerializer(lambda p: [round_m(p[0]), round_m(p[1])])]
"""A place in metres in the plan frame."""

Area = Annotated[
    Polygon,
    PlainValidator(_load_area),
    PlainSerializer(_dump_area),
    WithJsonSchema({"type": "array", "items": _RING, "description": "outer ring, then holes; rings not closed"}),
]
Areas = Annotated[
    MultiPolygon,
    PlainValidator(_load_areas),
    PlainSerializer(_dump_areas),
    WithJsonSchema({"type": "array", "items": {"type": "array", "items": _RING}}),
]
Path = Annotated[LineString, PlainValidator(_load_path), PlainSerializer(_dump_path), WithJsonSchema(_RING)]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plan frame lies in the drawing: p_drawing = (origin_m + R(rotation_deg) · p_plan) / metres per unit."""

    unit: Unit = Unit.M
    origin_m: Point = (0.0, 0.0)
    rotation_deg: float = 0.0

    def _to_drawing_matrix(self, scale: float) -> list[float]:
        turn = math.radians(self.rotation_deg)
        cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
        return [cos, -sin, sin, cos, self.origin_m[0] * scale, self.origin_m[1] * scale]

    def to_drawing(self, shape: BaseGeometry) -> BaseGeometry:
        """Returns a shape of the plan frame in drawing units, drawing axes and origin."""
        return affine_transform(shape, self._to_drawing_matrix(1.0 / METRES_PER[self.unit]))

    def to_drawing_m(self, shape: BaseGeometry) -> BaseGeometry:
        """Returns a shape of the plan frame in metres, drawing axes and origin."""
        return affine_transform(shape, self._to_drawing_matrix(1.0))

    def to_plan(self, shape: BaseGeometry) -> BaseGeometry:
        """Returns a shape in drawing units in the plan frame."""
        return self._to_plan(shape, METRES_PER[self.unit])

    def to_plan_from_m(self, shape: BaseGeometry) -> BaseGeometry:
        """Returns a shape in metres in the drawing's axes and origin in the plan frame."""
        return self._to_plan(shape, 1.0)

    def _to_plan(self, shape: BaseGeometry, scale: float) -> BaseGeometry:
        turn = math.radians(self.rotation_deg)
        cos, sin = math.cos(turn), math.sin(turn)
        x0, y0 = self.origin_m
        shift = [-(cos * x0 + sin * y0), sin * x0 - cos * y0]
        return affine_transform(shape, [cos * scale, sin * scale, -sin * scale, cos * scale, *shift])

    def point_to_drawing(self, point: tuple[float, float]) -> tuple[float, float]:
        """Returns a point of the plan frame in drawing units."""
        x, y = self.point_to_drawing_m(point)
        return x / METRES_PER[self.unit], y / METRES_PER[self.unit]

    def point_to_drawing_m(self, point: tuple[float, float]) -> tuple[float, float]:
        """Returns a point of the plan frame in metres in the drawing's axes and origin."""
        a, b, d, e, x0, y0 = self._to_drawing_matrix(1.0)
        return a * point[0] + b * point[1] + x0, d * point[0] + e * point[1] + y0
