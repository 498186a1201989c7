"""A finished hall as programme and window plan: what stands there is what is asked for, and how people go through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.catalogue import zone_types
from hallplan.model.interval import Interval
from hallplan.model.layout import Furniture
from hallplan.model.programme import Holding, Programme, VisitorKind, Zone
from hallplan.model.standing import StandingHall, StandingZone
from hallplan.model.windows import ServiceWindow, Simulated, WindowPlan, WindowType
from hallplan.programme.draft import Draft
from hallplan.programme.facts import Facts
from hallplan.programme.visitors import visitor_kinds
from hallplan.terms import text

SEATS = ("chair", "wheelchair_place", "sofa")
KIOSKS = ("kiosk", "kiosk_low")
LOW = "counter_low"
_NOBODY = Interval(0.0, (0.0, 0.0))
_NO_DAYS = Simulated(_NOBODY, _NOBODY, 0)


def standing_programme(hall: StandingHall) -> tuple[WindowPlan, Programme]:
    """Returns the windows that stand in a hall, a type for each zone, and its zones with the ways that people take.

    Nobody is counted: hours, volumes and waits are not on a drawing. People at the worst moment are its seats and windows.
    """
    windows = _windows(hall)
    zones = tuple(_zone(zone, hall.furniture) for zone in hall.zones)
    visitors = tuple(replace(kind, per_day=0.0, per_half_hour=()) for kind in _visitors(hall, zones, windows))
    free = sum(floor.free_area_m2 for floor in hall.site.floors)
    return windows, Programme(zones, (), visitors, 0.0, free, 0.0, warnings=hall.warnings)


def _windows(hall: StandingHall) -> WindowPlan:
    homes = {zone.placed.zone: zone for zone in hall.zones}
    by_zone: dict[str, list[Furniture]] = {}
    for piece in hall.windows:
        by_zone.setdefault(piece.zone, []).append(piece)
    seats = sum(piece.kind in SEATS for piece in hall.furniture)
    types = tuple(
        _type(zone, homes.get(zone), pieces, round(seats * len(pieces) / len(hall.windows)))
        for zone, pieces in sorted(by_zone.items())
    )
    windows = tuple(
        ServiceWindow(piece.window, piece.label, zone, "", 0, 0.0, (), piece.kind == LOW)
        for zone, pieces in sorted(by_zone.items())
        for piece in pieces
    )
    kiosks = sum(piece.kind in KIOSKS for piece in hall.furniture)
    return WindowPlan(types, windows, (), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, kiosks)


def _type(zone: str, home: StandingZone | None, pieces: Sequence[Furniture], waiting: int) -> WindowType:
    kind = home.placed.type if home else "window_general"
    name = home.name if home else text("programme.windows_apart")
    low = sum(piece.kind == LOW for piece in pieces)
    pitch = min(piece.size_m[0] for piece in pieces)
    return WindowType(
        zone, name, kind, kind, (), (), 0.0, 0.0, len(pieces), (), 0.0, 0.0, 0.0, 0.0, waiting, pitch,
        _NO_DAYS, low_units=low, basis=text("programme.as_drawn"),
    )  # fmt: skip


def _zone(zone: StandingZone, furniture: Sequence[Furniture]) -> Zone:
    placed, kind = zone.placed, zone_types()[zone.placed.type]
    here = [piece for piece in furniture if piece.zone == placed.zone]
    numbers = tuple(piece.window for piece in here if piece.window)
    counts = {piece.kind: sum(other.kind == piece.kind for other in here) for piece in here}
    holdings = tuple(Holding(name, count) for name, count in sorted(counts.items()))
    return Zone(
        placed.zone, placed.type, zone.name, kind.side, placed.area_m2, placed.area_m2, placed.area_m2, 0.0, 100.0,
        window_types=(placed.zone,) if numbers else (), windows=numbers, holdings=holdings, floors=(placed.floor,),
        basis=text("programme.as_drawn"), serves=zone.serves,
    )  # fmt: skip


def _visitors(hall: StandingHall, zones: Sequence[Zone], windows: WindowPlan) -> tuple[VisitorKind, ...]:
    """One visitor of each kind that the zones of the hall are for."""
    drafts = [
        Draft(
            zone.type, zone.name, zone.min_m2, zone.target_m2, zone.max_m2, zone.basis, id=zone.id,
            window_types=zone.window_types, windows=zone.windows, visitors=float(len(zone.windows)), people=1.0,
            floor=zone.floors[0],
        )
        for zone in zones
    ]  # fmt: skip
    night = 1.0 if any(zone.type == "self_24h" for zone in zones) else 0.0
    facts = Facts(0.0, 0.0, 0.0, 0.0, 0.0, 2.0, night, 0.0)
    people = sum(draft.visitors for draft in drafts)
    counted = replace(windows, visitors_per_day=people + 4.0, kiosk_users_per_day=2.0, kiosks=2)
    return visitor_kinds(hall.site, drafts, counted, facts)
