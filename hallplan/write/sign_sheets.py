"""Drawings for the maker of signs: faces and walls, as PDF pages and in a DXF at true size."""

from __future__ import annotations

from pathlib import Path

from hallplan.model.plan import Plan, plan_stamp
from hallplan.model.shapes import Frame
from hallplan.scene.sign_faces import Paper, face_pages, moved_shape
from hallplan.scene.sign_walls import wall_pages
from hallplan.settings import Settings
from hallplan.units import Unit
from hallplan.write.dxf.document import fixed_bytes, new_document, save_document
from hallplan.write.dxf.names import Names
from hallplan.write.dxf.sheets import PaperPen
from hallplan.write.pdf import draw_papers

SHEET_FILES = ("signs.pdf", "signs.dxf")
_GAP_MM = 40.0


def write_sign_sheets(plan: Plan, number: int, folder: Path, settings: Settings) -> None:
    """Writes signs.pdf and signs.dxf of an alternative: every new face and every wall that has some; nothing without any."""
    pages = [*face_pages(plan, number), *wall_pages(plan, number)]
    if not pages:
        return
    draw_papers(pages, folder / SHEET_FILES[0], plan)
    _write_dxf(pages, folder / SHEET_FILES[1], plan, settings)


def _write_dxf(pages: list[Paper], path: Path, plan: Plan, settings: Settings) -> None:
    """The pages side by side in millimetres, each so large that what it shows has its true size."""
    with fixed_bytes():
        document = new_document(Unit.MM)
        names = Names(document, settings, Unit.MM, pages[0].scale)
        pen = PaperPen(document.modelspace(), names, Frame(unit=Unit.MM), plan_stamp(plan))
        left = 0.0
        for page in pages:
            pen.draw(tuple(moved_shape(shape, left / page.scale, 0.0, page.scale) for shape in page.shapes))
            left += (page.width_mm + _GAP_MM) * page.scale
        save_document(document, path)
