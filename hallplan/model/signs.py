"""Signs and what can be read from where."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from hallplan.model.shapes import Areas, Point

SIGN_KINDS = ("board", "direction", "zone", "floor", "led", "exit", "access", "plate")
"""In the order of their numbers."""
Mount = Literal["hung", "wall", "stand", "counter", "door"]


Test = Literal["legible", "view", "clear", "time", "clutter"]


@dataclass(frozen=True, slots=True)
class Sign:
    """标识: `facing_deg` is the way its face looks, `names` the places it names, heights in metres, characters in mm.

    arrows: the way to each of `names` as the reader sees it: ahead, left, right, or "" where it hangs at the place
    itself or names it alone.  A sign with two faces says the same on its back unless `back_names` says otherwise.
    catchment: from where the front is read, in pieces where something low stands between; back_catchment: the back.
    """

    id: str
    kind: str
    floor: str
    at: Point
    facing_deg: float
    text_zh: str
    text_en: str
    names: tuple[str, ...]
    char_mm: float
    mount: Mount
    height_m: float
    width_m: float
    is_double: bool = False
    is_existing: bool = False
    catchment: Areas | None = None
    arrows: tuple[str, ...] = ()
    back_zh: str = ""
    back_en: str = ""
    back_names: tuple[str, ...] = ()
    back_arrows: tuple[str, ...] = ()
    back_catchment: Areas | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """The figures of the five tests for one sign and one reader, and the chance that people hide it at peak.

    distance_m of legible_m; off_view_deg of view_deg; is_clear; seconds (None: one stands there) of needed_s; others: signs
    that crowd it, of most_others.  first_seen_m: how far before the place it can first be read.
    """

    distance_m: float
    legible_m: float
    off_view_deg: float
    view_deg: float
    is_clear: bool
    seconds: float | None
    needed_s: float
    others: int
    most_others: int
    hidden_share: float
    first_seen_m: float


@dataclass(frozen=True, slots=True)
class Served:
    """Which sign (or "") tells a visitor at a decision point the way to `goal`, from how far.

    proof: of that sign; where none serves, of the one that comes nearest, with the tests that it fails.
    """

    decision: str
    route: str
    goal: str
    sign: str
    distance_m: float | None = None
    proof: Proof | None = None
    failed: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How much of one route has its next sign in reach; `blind` are (from, to) metres along it.

    first_seen_m: mean distance before its decision points at which their signs are first read, None without any.
    breaks: decision points where a goal named before is no longer named.
    """

    route: str
    readable_share: float
    blind: tuple[tuple[float, float], ...]
    decisions: int
    served: int
    first_seen_m: float | None = None
    signs_per_100m: float = 0.0
    breaks: int = 0


@dataclass(frozen=True, slots=True)
class SignUse:
    """How many visitors a day a sign serves at decision points, and whether others serve them all."""

    sign: str
    visitors_per_day: float
    is_redundant: bool


@dataclass(frozen=True, slots=True)
class SeatView:
    """Seats (or wheelchair places) of a waiting zone for one window group, and how many read a call screen of it.

    hidden_share: the greatest chance that people who stand before a seat hide the nearest such screen.
    """

    zone: str
    group: str
    kind: Literal["chair", "wheelchair_place"]
    seats: int
    reading: int
    hidden_share: float


@dataclass(frozen=True, slots=True)
class DeskView:
    """Whether those who come in by a main entrance have an information desk in sight, and how far it is."""

    entrance: str
    desk: str
    is_seen: bool
    distance_m: float


@dataclass(frozen=True, slots=True)
class SignFault:
    """What is wrong with a sign: nobody can read it where it is; it names a zone that lies nowhere now; or it hangs already
    and names no place of this plan, or points someone who must choose the wrong way."""

    sign: str
    what: Literal["in_wall", "faces_wall", "no_text", "gone", "no_place", "misleads"]


@dataclass(frozen=True, slots=True)
class SignPlacement:
    """How many direction signs were placed, and the fewest that could do with the places tried.

    greedy: how many the greedy choice among the same places needs.  one_each: one sign at each decision point and way to
    come there.  unserved: needs that no place tried can meet.  cost_yuan: of the signs placed, cost_bound_yuan: the least that
    could do, where that was asked for instead of the fewest (0 else).
    """

    added: int
    bound: float
    is_optimal: bool
    greedy: int = 0
    one_each: int = 0
    candidates: int = 0
    unserved: int = 0
    cost_yuan: int = 0
    cost_bound_yuan: int = 0

    def plus(self, other: SignPlacement) -> SignPlacement:
        """Returns what two floors have together."""
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name != "is_optimal"}
        return SignPlacement(is_optimal=self.is_optimal and other.is_optimal, **sums)


@dataclass(frozen=True, slots=True)
class SignPlan:
    """Signs, and how they serve the routes."""

    signs: tuple[Sign, ...]
    served: tuple[Served, ...]
    readings: tuple[Reading, ...]
    placement: SignPlacement | None = None
    uses: tuple[SignUse, ...] = ()
    seats: tuple[SeatView, ...] = ()
    desks: tuple[DeskView, ...] = ()
    faults: tuple[SignFault, ...] = ()


def sign_numbers(signs: SignPlan) -> dict[str, str]:
    """Returns the short number drawn for each sign, by sign id: its own id when short, else S1, S2…"""
    if all(len(sign.id) <= 4 for sign in signs.signs):
        return {sign.id: sign.id for sign in signs.signs}
    return {sign.id: f"S{n}" for n, sign in enumerate(signs.signs, 1)}
