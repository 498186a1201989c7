"""The few figures that everything else in the programme is counted from."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hallplan.model.demand import Demand
from hallplan.model.site import Floor, OpeningRole, Site
from hallplan.model.windows import Thing, WindowPlan, WindowType
from hallplan.settings import Settings
from hallplan.terms import read_data
from hallplan.units import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Room:
    """A floor that zones may use: its free area in m² less slivers, and the longest side of its largest piece in m."""

    id: str
    name: str
    free_m2: float
    side_m: float
    level: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of a planning day, by the names that data/programme.toml calls drivers.

    visitors: people a day.  peak_hour: people in the busiest hour.  pickups: collections a day.  things: counted by chapter 8.
    """

    windows: float
    visitors: float
    peak_hour: float
    staff: float
    reviewers: float
    kiosks: float
    kiosks_24h: float
    pickups: float
    one: float = 1.0
    things: tuple[Thing, ...] = ()

    def driver(self, name: str) -> float:
        """Returns one of them by name."""
        return float(getattr(self, name))


def slot_hours(windows: WindowPlan) -> float:
    """Returns the length of a slot of the day in hours."""
    steps = [b - a for a, b in zip(windows.half_hours, windows.half_hours[1:], strict=False)]
    return min(steps, default=30) / MINUTES_PER_HOUR


def visitors_of(kind: WindowType, windows: WindowPlan) -> float:
    """Returns people a day at the windows of a type."""
    return sum(kind.arrivals) * slot_hours(windows)


def collect_facts(demand: Demand, windows: WindowPlan, settings: Settings, has_24h: bool) -> Facts:
    """Returns the figures for a demand with its window plan."""
    share = read_data("programme.toml")["self_service"]["share_24h"] if has_24h else 0.0
    at_night = math.floor(windows.kiosks * share) if windows.kiosks_24h is None else windows.kiosks_24h
    at_night = at_night if has_24h else 0
    reviewers = sum(kind.reviewers for kind in windows.types)
    at_window = sum(visitors_of(kind, windows) for kind in windows.types)
    per_slot = [sum(slot) for slot in zip(*(kind.arrivals for kind in windows.types), strict=True)] or [0.0]
    everyone = max(windows.visitors_per_day, at_window)
    return Facts(
        windows=windows.windows_total,
        visitors=everyone,
        peak_hour=max(per_slot) * (everyone / at_window if at_window else 1.0),
        staff=windows.windows_total + reviewers,
        reviewers=reviewers,
        kiosks=windows.kiosks - at_night,
        kiosks_24h=at_night,
        pickups=_pickups(demand, windows, settings),
        things=windows.things,
    )


def _pickups(demand: Demand, windows: WindowPlan, settings: Settings) -> float:
    at_window = sum(visitors_of(kind, windows) for kind in windows.types if kind.zone == "pickup")
    if at_window:
        return at_window
    cases = sum(item.counter_cases for item in demand.admitted if item.case_type == "promised")
    return cases / max(demand.working_days or settings.service.working_days, 1.0)


def usable_rooms(site: Site) -> tuple[Room, ...]:
    """Returns the floors with room for zones, the one with the main entrance first, then upwards."""
    rooms = [(not floor.with_role(OpeningRole.MAIN), abs(floor.level - 1), _room(floor)) for floor in site.floors]
    return tuple(room for _, _, room in sorted(rooms, key=lambda entry: entry[:2]) if room.free_m2 > 0)


def _room(floor: Floor) -> Room:
    least = read_data("programme.toml")["area"]["least_piece_m2"]
    pieces = [piece for piece in floor.usable.geoms if piece.area >= least]
    slivers = floor.usable.area - sum(piece.area for piece in pieces)
    side = 0.0
    if pieces:
        x0, y0, x1, y1 = max(pieces, key=lambda piece: piece.area).bounds
        side = max(x1 - x0, y1 - y0)
    return Room(floor.id, floor.name, max(0.0, floor.free_area_m2 - slivers), side, floor.level)
