"""A drawing -> Site: load, flatten, find the unit, then each floor in its own frame."""

from __future__ import annotations

import gc
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon

from hallplan.errors import PlanFileError
from hallplan.model.site import Backdrop, Floor, Guess, OpeningRole, Site
from hallplan.read.drawing.arrivals import towards_floor, with_arrivals
from hallplan.read.drawing.backdrop import backdrop, layer_guesses
from hallplan.read.drawing.by_shape import sorted_by_shape
from hallplan.read.drawing.curves import with_curved_walls
from hallplan.read.drawing.flatten import Flattener
from hallplan.read.drawing.floors import find_sheets
from hallplan.read.drawing.layers import LayerKinds, sort_layers
from hallplan.read.drawing.linework import Linework
from hallplan.read.drawing.load import load, uncollected
from hallplan.read.drawing.outline import biggest
from hallplan.read.drawing.parking import drawn_bays
from hallplan.read.drawing.places import require_places
from hallplan.read.drawing.roles import marks_from, with_outer_entrance
from hallplan.read.drawing.sheets import building_lines, buildings, chosen, read_sheets
from hallplan.read.drawing.signs import Mark, drawn_signs, sign_marks
from hallplan.read.drawing.units import UnitFinding, find_unit
from hallplan.read.drawing.vocabulary import sizes
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.units import METRES_PER, Unit


def read_site(path: Path, settings: Settings) -> Site:
    """Returns what the drawing says of the hall: floors in their plan frames, with what was guessed and closed.

    Raises PlanFileError when the file cannot be read or shows no building that can be planned in.
    """
    return read_with_backdrop(path, settings)[0]


def read_with_backdrop(path: Path, settings: Settings) -> tuple[Site, tuple[Backdrop, ...]]:
    """Returns the site, and for each floor the lines it was read from, for a picture.

    Raises PlanFileError as `read_site` does.
    """
    try:
        return _read(path, settings)
    except shapely.errors.GEOSException as error:
        raise PlanFileError.at(
            str(path),
            text("read_drawing.no_shapes", reason=str(error).splitlines()[0]),
            text("read_drawing.expect_dxf"),
            text("read_drawing.map_layers"),
        ) from error


def _read(path: Path, settings: Settings) -> tuple[Site, tuple[Backdrop, ...]]:
    drawn = _measured(path, settings)
    if drawn.entities > sizes("limits")["let_go"]:
        gc.collect()
    unit, (version, encoding, repairs) = drawn.unit, drawn.origin
    metric, kinds = sorted_by_shape(drawn.lines, drawn.kinds)
    building = building_lines(path, metric, kinds, settings, unit.unit)
    sheets = chosen(path, find_sheets(metric.segments[building], metric.labels, _area_rings(metric, kinds)), settings)
    # GEOS divides by the length of an edge when it shrinks a sliver to nothing; the empty result is what is wanted
    with np.errstate(divide="ignore", invalid="ignore"):
        every, left_out = read_sheets(path, (metric, kinds), building, sheets, unit.unit, settings)
        read = buildings(path, every, settings)
        floors, arrivals = _entered(_same_links([towards_floor(floor) for floor, *_ in read]), settings)
        backdrops = tuple(backdrop(one[0], one[4]) for one in read)
    guesses = (
        *_unit_guess(unit.confidence, unit.unit, settings),
        *layer_guesses(metric, kinds, building, settings.drawing.layers),
        *(guess for _, _, guesses, *_ in read for guess in guesses),
        *arrivals,
    )
    signs, sign_guesses = drawn_signs(drawn.signs, floors, settings.drawing)
    warnings = (
        *unit.warnings,
        *_layer_warnings(drawn.notes, kinds),
        *left_out,
        *(w for _, _, _, said, _ in read for w in said),
    )
    gaps = tuple(gap for _, gaps, *_ in read for gap in gaps)
    evidence = (*unit.evidence, *_rooms_evidence(floors))
    site = Site(
        str(path.name), version, encoding, unit.unit, tuple(floors), evidence, gaps, (*guesses, *sign_guesses), warnings, repairs,
        signs, drawn_bays(metric, floors),
    )  # fmt: skip
    require_places(site, settings)
    return site, backdrops


@dataclass(frozen=True, slots=True)
class _Measured:
    """A drawing's lines in metres and what else is needed of it, so that the document itself can go: it may take a gigabyte."""

    lines: Linework
    kinds: LayerKinds
    unit: UnitFinding
    notes: tuple[str, ...]
    signs: tuple[Mark, ...]
    origin: tuple[str, str, tuple[str, ...]]
    entities: int


def _measured(path: Path, settings: Settings) -> _Measured:
    with uncollected():
        loaded = load(path)
        work = Flattener(loaded, str(path)).flatten()
        kinds = sort_layers(loaded, work, settings.drawing.layers)
        unit = _unit(path, find_unit(work, kinds, loaded.document.header.get("$INSUNITS"), settings.drawing.unit))
        lines = with_curved_walls(work.moved(METRES_PER[unit.unit]), kinds)
        entities = len(loaded.document.entitydb)
        return _Measured(lines, kinds, unit, work.notes, sign_marks(loaded, settings.drawing), loaded.origin, entities)


def _area_rings(work: Linework, kinds: LayerKinds) -> list[Polygon]:
    """Returns the closed lines of a building's size on layers named for areas, the largest few."""
    rings = [ring.points for ring in work.rings if kinds.kind(ring.layer) in ("area", "outline") and not ring.is_hatch]
    shapes = [biggest(shapely.make_valid(Polygon(points))) for points in rings if len(points) > 2]
    large = [shape for shape in shapes if shape.area > sizes("building")["ring_m2"]]
    return sorted(large, key=lambda shape: -shape.area)[: sizes("building")["rings"]]


def _unit(path: Path, found: UnitFinding) -> UnitFinding:
    if found.contradiction:
        raise PlanFileError.at(
            str(path),
            text("read_drawing.no_unit", evidence=found.contradiction),
            text("read_drawing.expect_unit"),
            text("read_drawing.set_unit"),
        )
    return found


def _rooms_evidence(floors: Sequence[Floor]) -> list[str]:
    """Returns how many rooms have about the area that is written in them, which a wrong unit would not let be."""
    stated = [room for floor in floors for room in floor.rooms if room.stated_m2]
    right = sum(abs(room.area.area / room.stated_m2 - 1.0) < 0.1 for room in stated)
    return [text("read_drawing.unit_rooms", count=right, total=len(stated))] if right >= 3 else []


def _unit_guess(confidence: float, unit: Unit, settings: Settings) -> tuple[Guess, ...]:
    if settings.drawing.unit:
        return ()
    return (Guess(text("read_drawing.guess_unit", unit=unit), round(confidence, 2), f'[drawing] unit = "{unit}"'),)


def _layer_warnings(notes: Sequence[str], kinds: LayerKinds) -> list[str]:
    found = list(notes)
    if kinds.hidden:
        found.append(text("read_drawing.hidden_layers", names=text("read_drawing.comma").join(kinds.hidden[:12])))
    return found


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
