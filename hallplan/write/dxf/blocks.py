"""Furniture, signs and points as blocks with attributes, drawn from the same symbols as the pictures."""

from __future__ import annotations

from ezdxf.layouts.blocklayout import BlockLayout

from hallplan.model.catalogue import furniture_types
from hallplan.model.layout import Furniture
from hallplan.scene.primitives import Arc, Disc, Fill, Shape, Stroke
from hallplan.scene.symbols import symbol_name, symbol_shapes
from hallplan.write.dxf.names import Names

_BLUE = 5
_LOW = ("low", "low_line", "access_mark", "access_dot", "white")
_POINT_RADIUS_MM, _SIGN_RADIUS_MM = 0.6, 2.2
_POINT_COLORS = {"power": 1, "network": 5, "camera": 6, "caller": 3, "screen": 30}
_POINT_LETTERS = {"power": "P", "network": "N", "camera": "C", "caller": "J", "screen": "S"}


class Blocks:
    """Blocks made so far, by what they show."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.made: dict[str, str] = {}

    def of_furniture(self, item: Furniture) -> str:
        """Returns the block of a piece, its user side towards +y."""
        key = symbol_name(item)
        if key not in self.made:
            block, layer = self._new(f"HP-{key.upper()}"), self.names.layers[furniture_layer(item)]
            draw_outlines(block, symbol_shapes(item), self.names.per_metre, layer)
            self._tags(block, ("ID", "TYPE", "WINDOW") if item.window else ("ID", "TYPE"), layer)
            self.made[key] = block.name
        return self.made[key]

    def of_point(self, kind: str) -> str:
        """Returns the block of a service point: a circle with its letter."""
        key = f"point-{kind}"
        if key not in self.made:
            block, k = self._new(f"HP-POINT-{kind.upper()}"), self.names.per_paper_mm
            layer = self.names.layers["point"]
            color = {"layer": layer, "color": _POINT_COLORS[kind]}
            block.add_circle((0, 0), _POINT_RADIUS_MM * k, color)
            letter = block.add_text(
                _POINT_LETTERS[kind], height=0.75 * k, dxfattribs={**color, "style": self.names.text}
            )
            letter.dxf.halign, letter.dxf.valign, letter.dxf.align_point = 4, 0, (0, 0)
            self._tags(block, ("ID", "TYPE"), layer)
            self.made[key] = block.name
        return self.made[key]

    def of_sign(self) -> str:
        """Returns the block of a sign: a circle for its number; its face looks along +y."""
        if "sign" not in self.made:
            block, k, layer = self._new("HP-SIGN"), self.names.per_paper_mm, self.names.layers["sign"]
            block.add_circle((0, 0), _SIGN_RADIUS_MM * k, {"layer": layer})
            tip, half = 1.6 * _SIGN_RADIUS_MM * k, 0.5 * _SIGN_RADIUS_MM * k
            base = _SIGN_RADIUS_MM * k * 0.9
            block.add_lwpolyline([(-half, base), (0, tip), (half, base)], dxfattribs={"layer": layer})
            self._tags(block, ("NO", "TEXT", "TEXT_EN", "BACK", "BACK_EN", "CHAR_MM", "MOUNT"), layer)
            self.made["sign"] = block.name
        return self.made["sign"]

    def _new(self, wanted: str) -> BlockLayout:
        return self.names.document.blocks.new(self.names.block(wanted))

    def _tags(self, block: BlockLayout, tags: tuple[str, ...], layer: str) -> None:
        height = 2.0 * self.names.per_paper_mm
        for tag in tags:
            attributes = {"layer": layer, "style": self.names.text, "prompt": tag}
            definition = block.add_attdef(tag, (0, 0), height=height, dxfattribs=attributes)
            definition.is_invisible = tag not in ("WINDOW", "NO")


def furniture_layer(item: Furniture) -> str:
    """Returns the key of the layer that a piece belongs on."""
    kind = furniture_types().get(item.kind)
    return kind.layer if kind else "equipment"


def draw_outlines(block: BlockLayout, shapes: tuple[Shape, ...], k: float, layer: str) -> None:
    """Draws shapes in metres as lines of a block, `k` units a metre; low units in blue with a wheelchair."""
    for shape in shapes:
        attributes = {"layer": layer} | ({"color": _BLUE} if shape.style in _LOW else {})  # type: ignore[union-attr]
        if isinstance(shape, Fill):
            points = [(x * k, y * k) for x, y, *_ in shape.area.exterior.coords[:-1]]
            block.add_lwpolyline(points, close=True, dxfattribs=attributes)
        elif isinstance(shape, Stroke):
            block.add_lwpolyline([(x * k, y * k) for x, y in shape.points], close=shape.closed, dxfattribs=attributes)
        elif isinstance(shape, Disc):
            block.add_circle((shape.at[0] * k, shape.at[1] * k), shape.radius_m * k, attributes)
        elif isinstance(shape, Arc):
            block.add_arc(
                (shape.at[0] * k, shape.at[1] * k),
                shape.radius_m * k,
                shape.start_deg,
                shape.end_deg,
                dxfattribs=attributes,
            )
