"""DXF: the architect's drawing with our layers over it, in their units, axes and origin."""

from __future__ import annotations

from pathlib import Path

from ezdxf.document import Drawing
from ezdxf.entities.dxfgfx import DXFGraphic

from hallplan.dxf import APPID
from hallplan.model.plan import Plan, plan_stamp
from hallplan.scene import SheetKind, build_scene
from hallplan.scene.primitives import Bounds
from hallplan.settings import Settings
from hallplan.write.dxf.blocks import Blocks
from hallplan.write.dxf.document import EMPTY_LAYOUT, fixed_bytes, new_document, open_original, save_document
from hallplan.write.dxf.floor import FloorDrawing
from hallplan.write.dxf.names import Names, layer_names
from hallplan.write.dxf.pen import Pen
from hallplan.write.dxf.sheets import draw_sheets
from hallplan.write.svg import used_floors

__all__ = ["APPID", "layer_names", "plan_stamp", "write_dxf", "write_overlay"]

_DXF_SUFFIX = ".dxf"


def write_dxf(plan: Plan, number: int, original: Path | None, target: Path, settings: Settings) -> None:
    """Writes alternative `number` over the architect's drawing, all of whose entities stay; with sheets in paper space.

    original: their DXF; when None, or not a DXF, our layers stand alone in the same coordinates.
    Keeps the original's version, but never below R2000.  Raises OutputError when a file cannot be opened or written.
    """
    with fixed_bytes():
        is_dxf = original is not None and original.suffix.lower() == _DXF_SUFFIX
        document = open_original(original) if original and is_dxf else new_document(plan.site.unit)
        _draw(document, plan, number, settings)
        save_document(document, target)


def write_overlay(plan: Plan, number: int, target: Path, settings: Settings) -> None:
    """Writes our layers alone (R2010), on the same base point, for use as a reference."""
    write_dxf(plan, number, None, target, settings)


def _draw(document: Drawing, plan: Plan, number: int, settings: Settings) -> None:
    stamp, chosen = plan_stamp(plan), plan.alternative(number)
    floors = [plan.site.floor(id) for id in used_floors(plan, number)]
    scenes = {floor.id: build_scene(plan, number, floor.id, SheetKind.OVERVIEW) for floor in floors}
    names = Names(document, settings, plan.site.unit, scenes[floors[0].id].scale)
    blocks, space = Blocks(names), document.modelspace()
    tints: list[DXFGraphic] = []
    bounds: list[Bounds] = []
    for floor in floors:
        pen = Pen(space, names, floor.frame, stamp)
        drawing = FloorDrawing(pen, blocks, floor, chosen, scenes[floor.id])
        drawing.draw()
        tints += drawing.tints
        x0, y0, x1, y1 = scenes[floor.id].plan
        corners = [pen.at(corner) for corner in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        bounds.append((min(xs), min(ys), max(xs), max(ys)))
        draw_sheets(plan, number, floor, names, stamp)
    _drop_empty_sheet(document)
    _lay_beneath(document, tints)
    _set_extents(document, bounds)


def _drop_empty_sheet(document: Drawing) -> None:
    """A new document comes with an empty layout, which nobody needs beside ours."""
    for name in document.layouts.names_in_taborder():
        layout = document.layouts.get(name)
        if name == EMPTY_LAYOUT and not any(entity.dxftype() != "VIEWPORT" for entity in layout):
            document.layouts.delete(name)


def _lay_beneath(document: Drawing, tints: list[DXFGraphic]) -> None:
    """Tints and wide routes first in drawing order, so that they cover none of the architect's lines."""
    space = document.modelspace()
    earlier = dict(space.get_redraw_order())
    first = [(entity.dxf.handle, f"{n:X}") for n, entity in enumerate(tints, 1)]
    space.set_redraw_order([*earlier.items(), *first])


def _set_extents(document: Drawing, bounds: list[Bounds]) -> None:
    """Extents that hold the architect's and ours, with a margin: readers skip (0, 0)."""
    space = document.modelspace()
    boxes = list(bounds)
    low, high = space.dxf.get("extmin"), space.dxf.get("extmax")
    if low is not None and high is not None and -1e15 < low[0] < high[0] < 1e15 and -1e15 < low[1] < high[1] < 1e15:
        boxes.append((low[0], low[1], high[0], high[1]))
    x0, y0 = min(box[0] for box in boxes), min(box[1] for box in boxes)
    x1, y1 = max(box[2] for box in boxes), max(box[3] for box in boxes)
    pad = 0.02 * max(x1 - x0, y1 - y0)
    space.dxf.extmin, space.dxf.extmax = (x0 - pad, y0 - pad, 0.0), (x1 + pad, y1 + pad, 0.0)
    x0, y0, x1, y1 = bounds[0]
    document.set_modelspace_vport(height=(y1 - y0) * 1.1, center=((x0 + x1) / 2, (y0 + y1) / 2))
