"""The programme: each zone with its areas and needs, what should be near what, and who walks where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from hallplan.model.demand import Assumption
from hallplan.model.flow import Eye
from hallplan.model.shapes import Area

Side = Literal["public", "staff", "both"]


class Need(StrEnum):
    """What a zone must touch or see."""

    MAIN_DOOR = "main_door"
    H24_DOOR = "self_24h_door"
    FACADE = "facade"
    STAFF_WAY = "staff_way"
    PUBLIC_WAY = "public_way"


@dataclass(frozen=True, slots=True)
class CounterForm:
    """One way to lay a zone's counters: least size along the public front and behind it, in metres.

    name: straight, l, u or island.  An island has a public front on both long sides.
    """

    name: Literal["straight", "l", "u", "island"]
    front_m: float
    depth_m: float


@dataclass(frozen=True, slots=True)
class Holding:
    """A count of one kind of furniture that the zone must hold (kind as in data/furniture.toml)."""

    kind: str
    count: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """An area of a floor, in its plan frame, that a zone must lie in, or keep out of."""

    floor: str
    area: Area
    is_forbidden: bool


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone (功能区) of the programme, areas net with inner aisles, main aisles apart.

    min_side_m: least width of its rectangle.  max_aspect: longest over shortest side.
    forms: for zones with counters, the sizes that hold them; empty otherwise.
    front_way_m: clear way that must lie along its public front, outside the zone.
    fixed_area: where it lies when the drawing or a lock fixes it.
    price: visitors' benefit of one more m² in the programme's objective (shadow price).
    serves: other zone types whose work is done here, in halls too small for zones of their own.
    regions: where the user wants it, or does not.
    reviewers: desks in a back office that the cases of its windows ask for.
    """

    id: str
    type: str
    name: str
    side: Side
    min_m2: float
    target_m2: float
    max_m2: float
    min_side_m: float
    max_aspect: float
    needs: tuple[Need, ...] = ()
    wants_daylight: bool = False
    is_enclosed: bool = False
    forms: tuple[CounterForm, ...] = ()
    front_way_m: float = 1.2
    window_types: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    holdings: tuple[Holding, ...] = ()
    floors: tuple[str, ...] = ()
    fixed_area: Area | None = None
    fixed_floor: str = ""
    basis: str = ""
    price: float = 0.0
    serves: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    reviewers: float = 0.0


@dataclass(frozen=True, slots=True)
class Adjacency:
    """A wish that two zones lie near (weight > 0) or apart (< 0), from -2 to 3; what the user asks for weighs more.

    Source: standards.md S.
    """

    zone_a: str
    zone_b: str
    weight: float


@dataclass(frozen=True, slots=True)
class Sightline:
    """A wish that from one place another is in sight: from each main entrance ("door:main") or from a zone, one of some zones.

    weight: up to 3, as those of wishes to lie near.  Source: domain.md 3.
    """

    viewer: str
    seen: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class VisitorKind:
    """People with one purpose: the zones they go to in turn, and how many a day. "door:main" stands for an entrance.

    network: public, access (step-free and wide: wheelchair, pram, white cane) or staff.  per_half_hour: how many set out in
    each half-hour of the window plan, () where that is not known.
    """

    id: str
    name: str
    chain: tuple[str, ...]
    per_day: float
    network: Literal["public", "access", "staff"] = "public"
    eye: Eye = ""
    per_half_hour: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Programme:
    """功能区面积分配表.

    circulation_m2: main aisles kept apart from zones.  free_m2: free area of the floors used.
    prices: what a further m² of hall would bring, in plain words, best first.
    """

    zones: tuple[Zone, ...]
    adjacencies: tuple[Adjacency, ...]
    visitors: tuple[VisitorKind, ...]
    circulation_m2: float
    free_m2: float
    objective: float
    prices: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    sightlines: tuple[Sightline, ...] = ()

    def zone(self, zone_id: str) -> Zone:
        """Returns the zone with this id; raises KeyError when there is none."""
        for zone in self.zones:
            if zone.id == zone_id:
                return zone
        raise KeyError(zone_id)

    @property
    def fill(self) -> float:
        """(Zones + required main aisles) over free area. Source: domain.md 3."""
        return (sum(zone.target_m2 for zone in self.zones) + self.circulation_m2) / self.free_m2
