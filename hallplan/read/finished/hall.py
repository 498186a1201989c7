"""A drawing of a finished hall -> its zones, furniture and windows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shapely.geometry import Point

from hallplan.errors import PlanFileError
from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Furniture, NewDoor
from hallplan.model.site import Floor, Guess
from hallplan.model.standing import StandingHall, StandingZone
from hallplan.read.drawing import read_site
from hallplan.read.drawing.load import load
from hallplan.read.finished.counters import KINDS, Counters, read_counters
from hallplan.read.finished.drawn import drawn_things
from hallplan.read.finished.things import facing_counters, in_zones, read_things
from hallplan.read.finished.zones import ZonesFound, read_zones
from hallplan.settings import Settings
from hallplan.terms import text

_WALL_M = 0.45


def read_hall(path: Path, settings: Settings) -> StandingHall:
    """Returns what stands in a hall that some office drew; nothing is added to what the drawing shows.

    Raises PlanFileError where no floor can be read, or neither a zone's name nor a piece of furniture stands on one.
    """
    site = read_site(path, settings)
    drawn = drawn_things(load(path), site.floors)
    things = read_things(drawn, site.floors)
    others = [piece for piece, _ in things if piece.kind not in KINDS]
    counters = read_counters([entry for entry in things if entry[0].kind in KINDS], drawn.words, others)
    others = facing_counters(others, counters.pieces)
    found = read_zones(drawn, [*counters.pieces, *others], site.floors)
    if not found.zones and not things:
        words = (text(f"read_finished.{key}") for key in ("nothing", "expected", "remedy"))
        raise PlanFileError.at(str(path), *words)
    places = {zone.placed.zone: (zone.placed.floor, zone.placed.area) for zone in found.zones}
    pieces = _with_ids(in_zones([*counters.pieces, *others], places))
    zones = tuple(_with_front(zone, pieces) for zone in found.zones)
    return StandingHall(
        site, zones, pieces, _doors(site.floors, zones), counters.uncounted, (*site.guesses, *_guesses(found, counters)),
        (*site.warnings, *_warnings(found, counters)),
    )  # fmt: skip


def _with_ids(pieces: Sequence[Furniture]) -> tuple[Furniture, ...]:
    counts: Counter[str] = Counter()
    out = []
    for piece in pieces:
        counts[piece.kind] += 1
        out.append(replace(piece, id=f"{piece.kind}-{counts[piece.kind]}"))
    return tuple(out)


def _with_front(zone: StandingZone, pieces: Sequence[Furniture]) -> StandingZone:
    """A zone with counters looks the way most of them do."""
    ways = Counter(round(piece.facing_deg, 1) for piece in pieces if piece.zone == zone.placed.zone and piece.window)
    front = min(ways, key=lambda way: (-ways[way], way)) if ways else None
    return replace(zone, placed=replace(zone.placed, front_deg=front))


def _doors(floors: Sequence[Floor], zones: Sequence[StandingZone]) -> tuple[NewDoor, ...]:
    """The inner doors of the drawing, each for the room that it opens."""
    out = []
    for floor in floors:
        rooms = [zone.placed for zone in zones if zone.placed.is_fixed and zone.placed.floor == floor.id]
        for door in (door for door in floor.openings if not door.is_exterior):
            near = [room for room in rooms if room.area.distance(Point(door.at)) <= _WALL_M]
            room = min(near, key=lambda room: (room.area.area, room.zone), default=None)
            if room is not None:
                network = "staff" if zone_types()[room.type].side == "staff" else "public"
                out.append(NewDoor(door.id, floor.id, door.at, door.width_m, (door.inward_deg + 180.0) % 360.0, room.zone, network))  # type: ignore[arg-type]  # fmt: skip
    return tuple(out)


def _guesses(found: ZonesFound, counters: Counters) -> list[Guess]:
    names = text("read_finished.comma")
    out = []
    if found.by_furniture:
        what = text("read_finished.guess_zones", names=names.join(found.by_furniture))
        out.append(Guess(what, 0.5, text("read_finished.draw_line")))
    if counters.unnumbered:
        out.append(
            Guess(
                text("read_finished.guess_windows", count=counters.unnumbered), 0.6, text("read_finished.write_numbers")
            )
        )
    return out


def _warnings(found: ZonesFound, counters: Counters) -> list[str]:
    out = []
    if found.placeless:
        out.append(text("read_finished.placeless", names=text("read_finished.comma").join(found.placeless[:12])))
    if counters.uncounted:
        out.append(text("read_finished.uncounted", count=counters.uncounted))
    return out
