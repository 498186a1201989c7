"""Draws in a floor's plan frame onto a layout of the document, in its units, axes and origin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.insert import Insert
from ezdxf.enums import TextEntityAlignment
from ezdxf.layouts.base import BaseLayout
from shapely.geometry import LineString, Polygon

from hallplan.dxf import APPID
from hallplan.model.shapes import Frame
from hallplan.scene.primitives import XY
from hallplan.scene.things import readable
from hallplan.units import METRES_PER
from hallplan.write.dxf.names import Names

ALIGN = {
    "start": TextEntityAlignment.MIDDLE_LEFT,
    "middle": TextEntityAlignment.MIDDLE_CENTER,
    "end": TextEntityAlignment.MIDDLE_RIGHT,
}
_MIDDLE_CENTER = 5
_TEXT_COLOR = 7
_COLOR_SINCE = "AC1018"


class Pen:
    """Points in metres of the plan frame go in; entities with layer and XDATA come out."""

    def __init__(self, layout: BaseLayout, names: Names, frame: Frame, stamp: str) -> None:
        self.layout, self.names, self.frame, self.stamp = layout, names, frame, stamp
        self.k = 1.0 / METRES_PER[frame.unit]
        self.knows_color = names.document.dxfversion >= _COLOR_SINCE

    def at(self, point: Sequence[float]) -> XY:
        """Returns a place in drawing units."""
        return self.frame.point_to_drawing((point[0], point[1]))

    def turn(self, angle_deg: float) -> float:
        """Returns a direction of the plan frame in the drawing's axes."""
        return (angle_deg + self.frame.rotation_deg) % 360.0

    def mark(self, entity: DXFGraphic, kind: str, id: str, floor: str = "") -> DXFGraphic:
        """Writes what an entity is: kind, id, plan hash and floor, as XDATA of our application."""
        entity.set_xdata(APPID, [(1000, kind), (1000, id), (1000, self.stamp), (1000, floor)])
        return entity

    def ring(self, layer: str, points: Iterable[Sequence[float]], **more: Any) -> DXFGraphic:
        """Draws a closed polyline; a repeated last point is dropped."""
        corners = [self.at(point) for point in points]
        if len(corners) > 1 and corners[0] == corners[-1]:
            corners.pop()
        return self.layout.add_lwpolyline(corners, close=True, dxfattribs={"layer": self.names.layers[layer], **more})

    def line(self, layer: str, line: LineString, width_m: float = 0.0, **more: Any) -> DXFGraphic:
        """Draws an open polyline, `width_m` wide."""
        entity = self.layout.add_lwpolyline(
            [self.at(p) for p in line.coords], dxfattribs={"layer": self.names.layers[layer], **more}
        )
        if width_m:
            entity.dxf.const_width = width_m * self.k
        return entity

    def hatch(self, layer: str, area: Polygon, color: int, rgb: str, transparency: float) -> DXFGraphic:
        """Fills an area; true colour and transparency only where the version has them."""
        entity = self.layout.add_hatch(color=color, dxfattribs={"layer": self.names.layers[layer]})
        for n, ring in enumerate((area.exterior, *area.interiors)):
            entity.paths.add_polyline_path(
                [self.at(p) for p in ring.coords[:-1]], is_closed=True, flags=1 if n == 0 else 16
            )
        if self.knows_color:
            entity.rgb = (int(rgb[1:3], 16), int(rgb[3:5], 16), int(rgb[5:7], 16))
            entity.transparency = transparency
        return entity

    def text(self, layer: str, words: str, at: XY, height_m: float, angle_deg: float = 0.0, **more: Any) -> DXFGraphic:
        """Writes one line around its middle."""
        attributes = {
            "layer": self.names.layers[layer],
            "style": self.names.text,
            "rotation": self.turn(angle_deg),
            **more,
        }
        entity = self.layout.add_text(words, height=height_m * self.k, dxfattribs=attributes)
        entity.dxf.width = self.names.document.styles.get(self.names.text).dxf.width
        return entity.set_placement(self.at(at), align=TextEntityAlignment.MIDDLE_CENTER)

    def paragraph(self, layer: str, lines: Sequence[tuple[str, float]], at: XY, angle_deg: float = 0.0) -> DXFGraphic:
        """Writes lines of (words, height in m) around a middle as one MTEXT."""
        first = lines[0][1]
        words = "\\P".join(
            _escaped(text) if height == first else f"{{\\H{height / first:.2f}x;{_escaped(text)}}}"
            for text, height in lines
        )
        attributes = {
            "layer": self.names.layers[layer], "style": self.names.text, "char_height": first * self.k, "width": 0.0,
            "attachment_point": _MIDDLE_CENTER, "color": _TEXT_COLOR, "rotation": self.turn(angle_deg), "insert": self.at(at),
        }  # fmt: skip
        return self.layout.add_mtext(words, dxfattribs=attributes)

    def insert(self, layer: str, block: str, at: XY, angle_deg: float) -> Insert:
        """Places a block, its x axis turned to `angle_deg` of the plan frame."""
        attributes = {"layer": self.names.layers[layer], "rotation": self.turn(angle_deg)}
        return self.layout.add_blockref(block, self.at(at), attributes)

    def attribute(
        self,
        insert: Insert,
        tag: str,
        words: str,
        at: XY,
        height_m: float,
        *,
        angle_deg: float = 0.0,
        hidden: bool = False,
    ) -> None:
        """Adds an attribute, readable from below or from the right of the drawing."""
        attributes = {"layer": insert.dxf.layer, "style": self.names.text, "height": height_m * self.k}
        attributes["rotation"] = readable(self.turn(angle_deg))
        attrib = insert.add_attrib(tag, words, dxfattribs=attributes)
        attrib.set_placement(self.at(at), align=TextEntityAlignment.MIDDLE_CENTER)
        attrib.is_invisible = hidden


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
