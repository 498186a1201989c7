"""Everything that `layout` hands over, from one plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from hallplan.model.plan import Plan, plan_to_json
from hallplan.parallel import side_by_side
from hallplan.settings import Settings
from hallplan.write.folder import PLAN_FILE

ALTERNATIVE_FILES = (*(f"layout-{n}.dxf" for n in range(2, 10)), "signs.pdf", "signs.dxf")
"""Names that an earlier run, with more alternatives or with signs placed, may have left."""


def write_deliverables(
    plan: Plan,
    folder: Path,
    original: Path | None,
    settings: Settings,
    bases: Mapping[int, Path] | None = None,
    *,
    jobs: int = 1,
) -> None:
    """Writes plan.json, the drawings, the workbook and the page of a plan into `folder`, which is empty.

    original: the architect's drawing, which layout.dxf keeps underneath; None writes our layers alone.
    bases: by number, the drawing that an alternative is drawn into instead, such as one edited in CAD.
    jobs: processes; the bytes are the same whatever their number.  A hall that stands has no workbook: demand is on no drawing.
    """
    from hallplan.scene.reserve import reserve_areas

    (folder / PLAN_FILE).write_text(plan_to_json(plan), "utf-8", newline="\n")
    for alternative in plan.alternatives:
        for floor in plan.site.floors:
            reserve_areas(floor, alternative)  # found once here, kept for all that follows
    side_by_side([*_documents(plan, folder, settings), *_drawings(plan, folder, original, settings, bases or {})], jobs)


def _drawings(
    plan: Plan, folder: Path, original: Path | None, settings: Settings, bases: Mapping[int, Path]
) -> Iterator[Callable[[], None]]:
    from hallplan.write.dxf import write_dxf, write_overlay

    for number, _ in enumerate(plan.alternatives, 1):
        name = "layout.dxf" if number == 1 else f"layout-{number}.dxf"
        yield partial(write_dxf, plan, number, bases.get(number, original), folder / name, settings)
    yield partial(write_overlay, plan, 1, folder / "layout-overlay.dxf", settings)


def _documents(plan: Plan, folder: Path, settings: Settings) -> Iterator[Callable[[], None]]:
    from hallplan.write.page import write_page
    from hallplan.write.pdf import write_contact_sheet, write_drawings
    from hallplan.write.png import write_png
    from hallplan.write.svg import write_svg
    from hallplan.write.workbook import write_plan_workbook

    yield partial(write_drawings, plan, 1, folder / "layout.pdf", settings)
    yield partial(write_page, plan, folder / "report.html", settings)
    yield partial(write_png, plan, 1, folder / "layout.png", settings)
    yield partial(write_svg, plan, 1, folder / "layout.svg", settings)
    if not plan.stands:
        yield partial(write_plan_workbook, plan, folder / "plan.xlsx")
        yield partial(write_contact_sheet, plan, folder / "alternatives.pdf", settings)
