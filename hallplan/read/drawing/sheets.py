"""Each plan on a sheet: its lines chosen, read in its own frame, and kept when it is a floor of a building."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import PlanFileError
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, Gap, Guess
from hallplan.read.drawing.by_shape import faced_lines
from hallplan.read.drawing.closing import bound
from hallplan.read.drawing.floor import is_building, read_floor
from hallplan.read.drawing.floor_drawing import FloorDrawing
from hallplan.read.drawing.floors import Sheet
from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Floats, Linework
from hallplan.read.drawing.outline import OpenOutlineError, turn_of
from hallplan.read.drawing.vocabulary import sizes
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.units import METRES_PER, Unit

STRUCTURE = ("wall", "structure", "window", "column", "outline", "room")
Read = tuple[Floor, tuple[Gap, ...], list[Guess], list[str], FloorDrawing]


def building_lines(path: Path, work: Linework, kinds: LayerKinds, settings: Settings, unit: Unit) -> NDArray[np.int64]:
    """Returns the indices of lines that can bound a building; of unnamed layers when no layer says wall."""
    mask = kinds.mask(work.segment_layer, *STRUCTURE)
    walls = kinds.mask(work.segment_layer, "wall", "structure", "outline")
    if walls.sum() < 4:
        mask |= faced_lines(work, kinds.mask(work.segment_layer, "other"))
    if settings.drawing.region:
        x0, y0, x1, y1 = (value * METRES_PER[unit] for value in settings.drawing.region)
        x = work.segments[:, [0, 2]].mean(axis=1)
        y = work.segments[:, [1, 3]].mean(axis=1)
        mask &= (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    if mask.sum() < 4:
        raise PlanFileError.at(
            str(path),
            text("read_drawing.no_lines", layers=text("read_drawing.comma").join(work.layers[:12])),
            text("read_drawing.expect_walls"),
            text("read_drawing.export_t3" if work.proxies else "read_drawing.map_layers"),
        )
    return np.flatnonzero(mask)


def chosen(path: Path, sheets: list[Sheet], settings: Settings) -> list[tuple[int, Sheet]]:
    """Returns the plans that the settings ask for with their number on the sheet."""
    if not sheets:
        raise PlanFileError.at(
            str(path), text("read_drawing.no_plan"), text("read_drawing.expect_walls"), text("read_drawing.map_layers")
        )
    wanted = settings.drawing.floors
    numbered = list(enumerate(sheets, 1))
    if not wanted:
        return numbered
    picked = [(n, s) for n, s in numbered if f"F{n}" in wanted or any(w and w in s.title for w in wanted)]
    if not picked:
        raise PlanFileError.at(
            str(path),
            text("read_drawing.no_such_floor", wanted=text("read_drawing.comma").join(wanted)),
            text(
                "read_drawing.floors_are",
                names=text("read_drawing.comma").join(f"F{n} {s.title}".strip() for n, s in numbered),
            ),
            text("read_drawing.set_floors"),
        )
    return picked


def read_sheets(
    path: Path, drawing: tuple[Linework, LayerKinds], building: NDArray[np.int64], sheets: list[tuple[int, Sheet]], unit: Unit,
    settings: Settings,
) -> tuple[list[Read], list[str]]:  # fmt: skip
    """Returns the plans that were read, and warnings of smaller ones beside them whose outline is open.

    Raises OpenOutlineError when the largest plan is open, or when the user asked for the open one.
    """
    read: list[Read] = []
    opened: list[tuple[float, OpenOutlineError]] = []
    loose = np.delete(building, np.concatenate([sheet.lines for _, sheet in sheets]))
    for n, sheet in sheets:
        try:
            read.append(_read_sheet(path, drawing, (building[sheet.lines], loose), sheet, n, unit, settings))
        except OpenOutlineError as error:
            opened.append((error.closed_m2, error))
    largest = max((one[0].outline.area for one in read), default=0.0)
    for area, fault in opened:
        if area >= largest or settings.drawing.floors or settings.drawing.region:
            raise fault
    return read, [text("read_drawing.open_left_out", gaps=fault.faults[0].found) for _, fault in opened]


def _read_sheet(
    path: Path, drawing: tuple[Linework, LayerKinds], own: tuple[NDArray[np.int64], NDArray[np.int64]], sheet: Sheet, n: int,
    unit: Unit, settings: Settings,
) -> Read:  # fmt: skip
    """Reads the plan of a sheet; own: its lines, and those of no plan."""
    (whole, kinds), (lines, loose) = drawing, own
    reach, (x0, y0, x1, y1) = sizes("outline")["reach_m"], sheet.box
    beside = whole.segments[loose]
    middle = (beside[:, :2] + beside[:, 2:]) / 2
    off = np.maximum(np.maximum((x0, y0) - middle, middle - (x1, y1)), 0.0).max(axis=1)
    loose = loose[off < sizes("fuller")["loose_m"]]
    work, both = whole.near((x0 - reach, y0 - reach, x1 + reach, y1 + reach), np.r_[lines, loose])
    lines, loose = both[: len(lines)], both[len(lines) :]
    turn = settings.drawing.rotation_deg
    turn = turn_of(work.segments[lines]) if turn is None else turn
    flat = work.moved(1.0, -turn)
    corner = flat.segments[lines].reshape(-1, 2).min(axis=0)
    corner = np.floor(corner * 10.0) / 10.0
    local = flat.moved(1.0, 0.0, (-float(corner[0]), -float(corner[1])))
    frame = _frame(unit, turn, corner)
    part = FloorDrawing(local, kinds, np.sort(lines), frame, sheet.title, sheet.level or n, f"F{n}", loose)
    part, boundary, outline_guesses = bound(path, part, settings)
    floor, guesses, warnings = read_floor(part, boundary, settings)
    gaps = tuple(Gap(frame.point_to_drawing_m(gap.at), gap.width_m) for gap in boundary.gaps)
    guesses = [*outline_guesses, *guesses]
    return floor, gaps, guesses, warnings, part


def _frame(unit: Unit, turn: float, corner: Floats) -> Frame:
    angle = math.radians(turn)
    x = math.cos(angle) * corner[0] - math.sin(angle) * corner[1]
    y = math.sin(angle) * corner[0] + math.cos(angle) * corner[1]
    return Frame(unit, (float(x), float(y)), turn)


def buildings(path: Path, read: list[Read], settings: Settings) -> list[Read]:
    """Returns the plans that are floors of a building; the user's word on layers or region is taken for it."""
    if settings.drawing.layers or settings.drawing.region:
        found = [one for one in read if one[0].usable.area > 0.0]
    else:
        found = _apart([one for one in read if is_building(one[0], one[4])])
    if len(found) == 1 and not settings.drawing.floors and not found[0][4].title:
        return [_as_first(found[0])]
    if not found:
        raise PlanFileError.at(
            str(path),
            text("read_drawing.no_building", area=f"{sum(one[0].outline.area for one in read):.0f}"),
            text("read_drawing.expect_building", area=f"{sizes('building')['least_m2']:g}"),
            text("read_drawing.map_layers"),
        )
    return found


def _apart(read: list[Read]) -> list[Read]:
    """Returns the plans without those that lie within a larger one: wings that another plan's outline takes in."""
    shapes = [one[0].frame.to_drawing_m(one[0].outline) for one in read]
    kept = []
    for n, (one, shape) in enumerate(zip(read, shapes, strict=True)):
        larger = [other for m, other in enumerate(shapes) if (other.area, -m) > (shape.area, -n)]
        if not any(shape.intersection(other).area > 0.5 * shape.area for other in larger):
            kept.append(one)
    return kept


def _as_first(one: Read) -> Read:
    """Returns the only floor of a sheet as the ground floor: what stood before it is no plan."""
    floor, *rest = one
    first = replace(floor, level=1, name=text("read_drawing.floor_name", level=1))
    return first, *rest  # type: ignore[return-value]
