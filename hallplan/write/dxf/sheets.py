"""Paper space: one layout per sheet and floor, with frame, title block, tables, legend and a viewport at scale."""

from __future__ import annotations

import math

from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.layouts.layout import Paperspace
from shapely.geometry import Polygon

from hallplan.model.plan import Plan
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor
from hallplan.scene import SheetKind, build_frame, sheets_of
from hallplan.scene.page import Page, build_page
from hallplan.scene.primitives import Arc, Disc, Fill, Scene, Shape, Stroke, Words
from hallplan.scene.style import drawing_data, styles
from hallplan.terms import text
from hallplan.units import METRES_PER, Unit
from hallplan.write.dxf.names import Names
from hallplan.write.dxf.pen import ALIGN, Pen

_BAD = '<>/\\":;?*|,=`'
_PAPER = Frame(unit=Unit.M)


def draw_sheets(plan: Plan, number: int, floor: Floor, names: Names, stamp: str) -> None:
    """Adds the layouts of a floor: every sheet that has something to show."""
    sheets = [s for s in sheets_of(plan, number, floor.id) if s != SheetKind.OVERVIEW]
    for position, sheet in enumerate(sheets, 1):
        scene = build_frame(plan, number, floor.id, sheet)
        page = build_page(plan, number, scene, position)
        layout = names.document.layouts.new(_layout_name(names, plan, floor, sheet))
        layout.page_setup(size=(page.width_mm, page.height_mm), margins=(0, 0, 0, 0), units="mm")
        for entity in list(layout.query("VIEWPORT")):
            layout.delete_entity(entity)
        pen = PaperPen(layout, names, _PAPER, stamp)
        pen.draw(page.shapes)
        _viewport(layout, page, scene, floor, names)


def _layout_name(names: Names, plan: Plan, floor: Floor, sheet: SheetKind) -> str:
    prefix = f"{floor.title} " if len(plan.site.floors) > 1 else ""
    wanted = "".join(c for c in f"{prefix}{text(f'scene.{sheet}')}" if c not in _BAD)
    taken = {name.lower() for name in names.document.layouts.names()}
    name, n = wanted, 1
    while name.lower() in taken:
        n += 1
        name = f"{wanted} {n}"
    return name


def _viewport(layout: Paperspace, page: Page, scene: Scene, floor: Floor, names: Names) -> None:
    """A window on the floor at the sheet's scale, turned so that the building stands upright on paper."""
    x0, y0, x1, y1 = page.window
    middle = ((scene.plan[0] + scene.plan[2]) / 2, (scene.plan[1] + scene.plan[3]) / 2)
    turn = math.radians(-floor.frame.rotation_deg)
    wx, wy = floor.frame.point_to_drawing(middle)
    centre = math.cos(turn) * wx - math.sin(turn) * wy, math.sin(turn) * wx + math.cos(turn) * wy
    height = (y1 - y0) * scene.scale / 1000.0 / METRES_PER[floor.frame.unit]
    viewport = layout.add_viewport(
        center=page.centre, size=(x1 - x0, y1 - y0), view_center_point=centre, view_height=height, status=2,
        dxfattribs={"layer": names.layers["sheet"], "view_twist_angle": -floor.frame.rotation_deg},
    )  # fmt: skip
    shown = drawing_data()["dxf"]["shown"][scene.sheet]
    viewport.frozen_layers = [name for key, name in names.layers.items() if key not in (*shown, "sheet")]


class PaperPen(Pen):
    """Draws page shapes, given in mm, on a layout whose unit is mm."""

    def draw(self, shapes: tuple[Shape, ...]) -> None:
        """Draws all shapes on the sheet layer in the colours of the pictures."""
        for shape in shapes:
            entity = self._entity(shape)
            if entity is not None:
                self.mark(entity, "sheet", "")

    def _entity(self, shape: Shape) -> DXFGraphic | None:
        if isinstance(shape, Fill):
            return self._fill(shape.style, shape.area)
        if isinstance(shape, Stroke):
            return self._stroke(shape)
        if isinstance(shape, Disc):
            return self._fill(shape.style, Polygon(_circle(shape)))
        if isinstance(shape, Arc):
            attributes = self._look(shape.style)
            return self.layout.add_arc(shape.at, shape.radius_m, shape.start_deg, shape.end_deg, dxfattribs=attributes)
        if isinstance(shape, Words):
            return self._words(shape)
        return None

    def _look(self, style: str) -> dict[str, object]:
        entry = styles()[style]
        attributes: dict[str, object] = {"layer": self.names.layers["sheet"], "lineweight": _weight(entry.width_mm)}
        color = entry.stroke or entry.fill
        if self.knows_color and color:
            attributes["true_color"] = int(color[1:], 16)
        if entry.dash_mm:
            attributes["linetype"] = self.names.linetypes["HP_DASH"]
            attributes["ltscale"] = 1.0 / max(self.names.per_paper_mm, 1e-9)
        return attributes

    def _stroke(self, shape: Stroke) -> DXFGraphic:
        return self.layout.add_lwpolyline(shape.points, close=shape.closed, dxfattribs=self._look(shape.style))

    def _fill(self, style: str, area: Polygon) -> DXFGraphic:
        index = drawing_data()["dxf"]["pale"].get(style, 7)
        opacity = styles()[style].opacity
        entity = self.hatch("sheet", area, index, styles()[style].fill, 1.0 - opacity)
        if styles()[style].stroke:
            ring = self.layout.add_lwpolyline(list(area.exterior.coords)[:-1], close=True, dxfattribs=self._look(style))
            self.mark(ring, "sheet", "")
        return entity

    def _words(self, shape: Words) -> DXFGraphic:
        attributes = {"layer": self.names.layers["sheet"], "style": self.names.text}
        entity = self.layout.add_text(
            shape.text, height=shape.height_m * 0.9, rotation=shape.angle_deg, dxfattribs=attributes
        )
        entity.dxf.width = self.names.document.styles.get(self.names.text).dxf.width
        if shape.style == "text_light" and self.knows_color:
            entity.rgb = (255, 255, 255)
        return entity.set_placement(shape.at, align=ALIGN[shape.anchor])


def _weight(width_mm: float) -> int:
    steps = (5, 9, 13, 15, 18, 20, 25, 30, 35, 40, 50, 53, 60, 70, 80, 90, 100)
    return min(steps, key=lambda step: abs(step - width_mm * 100))


def _circle(disc: Disc) -> list[tuple[float, float]]:
    turns = [2 * math.pi * n / 24 for n in range(24)]
    return [(disc.at[0] + disc.radius_m * math.cos(t), disc.at[1] + disc.radius_m * math.sin(t)) for t in turns]
