"""A drawing -> Site: load, flatten, find the unit, then each floor in its own frame."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import Fault, PlanFileError
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, Gap, Guess, OpeningRole, Site
from hallplan.read.drawing.arrivals import towards_floor, with_arrivals
from hallplan.read.drawing.flatten import Flattener
from hallplan.read.drawing.floor import FloorDrawing, is_building, read_floor
from hallplan.read.drawing.floors import Sheet, find_sheets
from hallplan.read.drawing.layers import LayerKinds, sort_layers
from hallplan.read.drawing.linework import Floats, Linework, drawn
from hallplan.read.drawing.load import load
from hallplan.read.drawing.outline import Boundary, OpenOutlineError, find_boundary, thinned, turn_of
from hallplan.read.drawing.roles import marks_from, with_outer_entrance
from hallplan.read.drawing.units import find_unit
from hallplan.read.drawing.vocabulary import sizes
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.units import METRES_PER, Unit

STRUCTURE = ("wall", "structure", "window", "column", "outline", "room")
_Read = tuple[Floor, tuple[Gap, ...], list[Guess], list[str], FloorDrawing]


def read_site(path: Path, settings: Settings) -> Site:
    """Returns what the drawing says of the hall: floors in their plan frames, with what was guessed and closed.

    Raises PlanFileError when the file cannot be read or shows no building that can be planned in.
    """
    loaded = load(path)
    work = Flattener(loaded, str(path)).flatten()
    kinds = sort_layers(loaded, work, settings.drawing.layers)
    header = loaded.document.header.get("$INSUNITS")
    unit = find_unit(work, kinds, header, settings.drawing.unit)
    metric = work.moved(METRES_PER[unit.unit])
    building = _building_lines(path, metric, kinds, settings, unit.unit)
    sheets = _chosen(path, find_sheets(metric.segments[building], metric.labels), settings)
    # GEOS divides by the length of an edge when it shrinks a sliver to nothing; the empty result is what is wanted
    with np.errstate(divide="ignore", invalid="ignore"):
        every = [
            _read_sheet(path, (metric, kinds), building[sheet.lines], sheet, n, unit.unit, settings)
            for n, sheet in sheets
        ]
    read = _buildings(path, every, settings)
    floors, arrivals = _entered(_same_links([towards_floor(floor) for floor, *_ in read]), settings)
    return Site(
        str(path.name),
        loaded.version,
        loaded.encoding,
        unit.unit,
        tuple(floors),
        unit.evidence,
        tuple(gap for _, gaps, *_ in read for gap in gaps),
        (
            *_unit_guess(unit.confidence, unit.unit, settings),
            *(guess for _, _, guesses, *_ in read for guess in guesses),
            *arrivals,
        ),
        (*unit.warnings, *_layer_warnings(work, kinds), *(w for _, _, _, warnings, _ in read for w in warnings)),
        loaded.repairs,
    )


def _unit_guess(confidence: float, unit: Unit, settings: Settings) -> tuple[Guess, ...]:
    if settings.drawing.unit:
        return ()
    return (Guess(text("read_drawing.guess_unit", unit=unit), round(confidence, 2), f'[drawing] unit = "{unit}"'),)


def _layer_warnings(work: Linework, kinds: LayerKinds) -> list[str]:
    found = []
    if kinds.hidden:
        found.append(text("read_drawing.hidden_layers", names="、".join(kinds.hidden[:12])))
    if work.proxies:
        found.append(text("read_drawing.proxies", count=work.proxies))
    return found


def _building_lines(path: Path, work: Linework, kinds: LayerKinds, settings: Settings, unit: Unit) -> NDArray[np.int64]:
    """Returns the indices of lines that can bound a building; of unnamed layers when no layer says wall."""
    mask = kinds.mask(work.segment_layer, *STRUCTURE)
    walls = kinds.mask(work.segment_layer, "wall", "structure", "outline")
    if walls.sum() < 4:
        mask |= kinds.mask(work.segment_layer, "other")
    if settings.drawing.region:
        x0, y0, x1, y1 = (value * METRES_PER[unit] for value in settings.drawing.region)
        x = work.segments[:, [0, 2]].mean(axis=1)
        y = work.segments[:, [1, 3]].mean(axis=1)
        mask &= (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    if mask.sum() < 4:
        key = "only_proxies" if work.proxies else "no_lines"
        raise PlanFileError.at(
            str(path),
            text(f"read_drawing.{key}", count=work.proxies, layers="、".join(work.layers[:12])),
            text("read_drawing.expect_walls"),
            text("read_drawing.export_t3" if work.proxies else "read_drawing.map_layers"),
        )
    return np.flatnonzero(mask)


def _chosen(path: Path, sheets: list[Sheet], settings: Settings) -> list[tuple[int, Sheet]]:
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
            text("read_drawing.no_such_floor", wanted="、".join(wanted)),
            text("read_drawing.floors_are", names="、".join(f"F{n} {s.title}".strip() for n, s in numbered)),
            text("read_drawing.set_floors"),
        )
    return picked


def _buildings(path: Path, read: list[_Read], settings: Settings) -> list[_Read]:
    """Returns the plans that are floors of a building; the user's word on layers or region is taken for it."""
    if settings.drawing.layers or settings.drawing.region:
        found = [one for one in read if one[0].usable.area > 0.0]
    else:
        found = [one for one in read if is_building(one[0], one[4])]
    if not found:
        raise PlanFileError.at(
            str(path),
            text("read_drawing.no_building", area=f"{sum(one[0].outline.area for one in read):.0f}"),
            text("read_drawing.expect_building", area=f"{sizes('building')['least_m2']:g}"),
            text("read_drawing.map_layers"),
        )
    return found


def _read_sheet(
    path: Path, drawing: tuple[Linework, LayerKinds], lines: NDArray[np.int64], sheet: Sheet, n: int, unit: Unit, settings: Settings
) -> _Read:  # fmt: skip
    work, kinds = drawing
    turn = settings.drawing.rotation_deg
    turn = turn_of(work.segments[lines]) if turn is None else turn
    flat = work.moved(1.0, -turn)
    corner = flat.segments[lines].reshape(-1, 2).min(axis=0)
    corner = np.floor(corner * 10.0) / 10.0
    local = flat.moved(1.0, 0.0, (-float(corner[0]), -float(corner[1])))
    frame = _frame(unit, turn, corner)
    part = FloorDrawing(local, kinds, np.sort(lines), frame, sheet.title, sheet.level or n, f"F{n}")
    part, boundary = _bound(path, part, settings)
    floor, guesses, warnings = read_floor(part, boundary, settings)
    gaps = tuple(Gap(frame.point_to_drawing_m(gap.at), gap.width_m) for gap in boundary.gaps)
    guesses = [*_outline_guess(boundary), *guesses]
    return floor, gaps, guesses, warnings, part


def _frame(unit: Unit, turn: float, corner: Floats) -> Frame:
    angle = math.radians(turn)
    x = math.cos(angle) * corner[0] - math.sin(angle) * corner[1]
    y = math.sin(angle) * corner[0] + math.cos(angle) * corner[1]
    return Frame(unit, (float(x), float(y)), turn)


def _bound(path: Path, part: FloorDrawing, settings: Settings) -> tuple[FloorDrawing, Boundary]:
    doors = part.doors
    closers = np.array([[*door.a, *door.b] for door in doors], dtype=float).reshape(-1, 4)
    limit = settings.drawing.max_gap_m
    ring = part.outline_ring()
    if ring is not None:
        return part, Boundary(ring, (), 0.0, True, is_given=True)
    boundary = find_boundary(np.vstack([part.work.segments[part.lines], closers]), limit)
    if not boundary.is_stable:
        wider = part.with_other_lines()
        second = find_boundary(np.vstack([wider.work.segments[wider.lines], closers]), limit)
        if second.is_stable:
            return wider, second
        raise _open_outline(path, boundary, part, limit)
    return part, boundary


def _open_outline(path: Path, boundary: Boundary, part: FloorDrawing, limit: float) -> OpenOutlineError:
    frame = part.frame
    widest = sorted(boundary.gaps, key=lambda gap: (-round(gap.width_m, 3), gap.at))
    named = []
    for n, gap in enumerate(widest[: sizes("outline")["named_gaps"]], 1):
        x, y = frame.point_to_drawing(gap.at)
        named.append(text("read_drawing.gap_at", n=n, x=drawn(x), y=drawn(y), width=f"{gap.width_m:.2f}"))
    fault = Fault(
        str(path),
        text("read_drawing.open_outline", gaps="；".join(named) or text("read_drawing.gap_unknown")),
        text("read_drawing.expect_closed", limit=f"{limit:g}"),
        text(
            "read_drawing.close_gaps", gap=f"{math.ceil(max((g.width_m for g in widest), default=limit) * 10) / 10:g}"
        ),
    )
    lines = thinned(part.work.segments[part.lines], sizes("outline")["drawn_lines"])
    gaps = [Gap(frame.point_to_drawing_m(gap.at), gap.width_m) for gap in widest]
    return OpenOutlineError.around(fault, gaps, frame.to_drawing_m(lines))


def _outline_guess(boundary: Boundary) -> list[Guess]:
    if not boundary.gaps:
        return []
    widest = max(gap.width_m for gap in boundary.gaps)
    what = text("read_drawing.guess_gaps", count=len(boundary.gaps), width=f"{widest:.2f}")
    return [Guess(what, 0.6, f"[drawing] max_gap_m = {widest:.1f}")]


def _entered(floors: list[Floor], settings: Settings) -> tuple[list[Floor], list[Guess]]:
    """Returns the floors with a main entrance on the lowest when none has one, and what was guessed."""
    if not floors or any(floor.with_role(OpeningRole.MAIN) for floor in floors):
        return floors, []
    lowest = min(floors, key=lambda floor: (floor.level, floor.id))
    told = marks_from(settings.entrances.model_dump(), lowest.frame)
    entered, guesses = with_arrivals(lowest, [place for role, place in told if role == OpeningRole.MAIN])
    if not entered.with_role(OpeningRole.MAIN):
        entered, guesses = with_outer_entrance(lowest, told)
    return [entered if floor is lowest else floor for floor in floors], guesses


def _same_links(floors: list[Floor]) -> list[Floor]:
    """Gives stairs and lifts that stand above one another the ids of the lowest floor."""
    if not floors:
        return floors
    out = [floors[0]]
    for floor in floors[1:]:
        links = []
        free = list(out[0].links)
        for link in floor.links:
            near = [base for base in free if base.kind == link.kind and math.dist(base.at, link.at) < 4.0]
            best = min(near, key=lambda base: (math.dist(base.at, link.at), base.id)) if near else None
            if best is not None:
                free.remove(best)
            links.append(replace(link, id=best.id if best else f"{floor.id}-{link.id}"))
        out.append(replace(floor, links=tuple(links)))
    return out
