"""How people walk and where they must choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hallplan.model.shapes import Path, Point

RouteNetwork = Literal["public", "staff", "access", "egress"]
Eye = Literal["", "standing", "seated", "none"]
"""How people read signs: "" as their network has it, seated with a wheelchair; "none" for those who follow tactile paving."""

Why = Literal["", "not_placed", "no_door", "no_link", "no_ground", "outside", "shut_in"]
"""A zone that lies nowhere, a role that no door has, floors that nothing joins, a place without free ground or outside the hall,
people whom no exit is open to."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A walk on one floor from one place to the next of a route's chain."""

    start: str
    end: str
    floor: str
    line: Path
    length_m: float


@dataclass(frozen=True, slots=True)
class Route:
    """动线: the way one kind of visitor walks; `clearance_m` is the width kept free on both sides of its line together.

    per_half_hour: how many set out in each half-hour of the window plan, () where that is not known.
    """

    id: str
    kind: str
    name: str
    network: RouteNetwork
    legs: tuple[Leg, ...]
    per_day: float
    clearance_m: float
    eye: Eye = ""
    per_half_hour: tuple[float, ...] = ()

    @property
    def is_reading(self) -> bool:
        """Whether those who walk it are visitors who find their way by signs."""
        return self.network in ("public", "access") and bool(self.legs) and self.eye != "none"

    @property
    def length_m(self) -> float:
        """Length of all legs."""
        return sum(leg.length_m for leg in self.legs)


@dataclass(frozen=True, slots=True)
class Blocked:
    """A place that a kind of visitor cannot reach with the clearance they need.

    gap_m: width of the widest way there is, 0 for none, None where there is no place to walk from or to; at: its narrowest
    place; beside: what stands there.  why: what is the matter where it is not a narrow way.
    """

    kind: str
    start: str
    end: str
    floor: str
    clearance_m: float
    gap_m: float | None = None
    at: Point | None = None
    beside: tuple[str, ...] = ()
    why: Why = ""


@dataclass(frozen=True, slots=True)
class DecisionPoint:
    """决策点: a place on routes where visitors must choose. `goals` are the next zones, per route id."""

    id: str
    floor: str
    at: Point
    reason: str
    goals: tuple[tuple[str, str], ...]
    heading_deg: float


@dataclass(frozen=True, slots=True)
class Routes:
    """All routes through one layout, the points of decision on them, and what cannot be reached.

    of: hash of what they follow from and of themselves (`way_stamp`), "" where that was not noted.
    """

    routes: tuple[Route, ...]
    decisions: tuple[DecisionPoint, ...]
    blocked: tuple[Blocked, ...] = ()
    crossings: tuple[tuple[str, Point], ...] = ()
    of: str = ""
