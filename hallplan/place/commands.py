"""What the user asks for of pairs of zones: whether a layout keeps it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import chain
from typing import TypeVar

from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.place.state import State
from hallplan.place.weights import SPOKEN

NEXT_M = 2.4
"""Two zones lie together when no more than a way is between them, and apart when more is."""
Name = TypeVar("Name", int, str)
Pair = tuple[Name, Name, float, float]
"""Two zones, the weight of the wish, and the metres between them."""


def unkept(state: State) -> int:
    """Returns how many of the pairs that the user asked for a state of the search does not keep."""
    return len(_unkept(state.task.wishes, lambda a, b: _gap(state, a, b)))


def unkept_wishes(programme: Programme, layout: Layout) -> tuple[tuple[str, str, float, float], ...]:
    """Returns the user's pairs that a layout does not keep: ids of two zones, the weight (above zero together, below apart)
    and the metres between them, infinite on two floors.
    """
    placed = {zone.zone: zone for zone in layout.zones}
    wishes = {(w.zone_a, w.zone_b): w.weight for w in programme.adjacencies if {w.zone_a, w.zone_b} <= placed.keys()}

    def gap(a: str, b: str) -> float:
        one, other = placed[a], placed[b]
        return float(one.area.distance(other.area)) if one.floor == other.floor else math.inf

    return tuple(_unkept(wishes, gap))


def standing_locks(programme: Programme, layout: Layout) -> tuple[str, ...]:
    """Returns the names of counter zones that the user locked and that stand as mere obstacles, without a front."""
    placed = {zone.zone: zone for zone in layout.zones}
    counters = (zone for zone in programme.zones if zone.forms and zone.fixed_area is not None and zone.id in placed)
    return tuple(zone.name for zone in counters if placed[zone.id].front_deg is None)


def _unkept(wishes: Mapping[tuple[Name, Name], float], gap: Callable[[Name, Name], float]) -> list[Pair[Name]]:
    """Pairs that lie next to one another and should not, and for each zone that has none of its partners by it the nearest."""
    asked = [(a, b, weight, gap(a, b)) for (a, b), weight in sorted(wishes.items()) if abs(weight) >= SPOKEN]
    found = [pair for pair in asked if pair[2] < 0 and pair[3] <= NEXT_M]
    together = [pair for pair in asked if pair[2] > 0]
    for zone in sorted(set(chain.from_iterable(pair[:2] for pair in together))):
        nearest = min((pair for pair in together if zone in pair[:2]), key=lambda pair: pair[3])
        if nearest[3] > NEXT_M and nearest not in found:
            found.append(nearest)
    return found


def _gap(state: State, a: int, b: int) -> float:
    if state.floor[a] != state.floor[b]:
        return math.inf
    one, other = (state.task.grids[state.floor[z]].rect(state.rects[z]) for z in (a, b))
    across = max(0.0, one[0] - other[2], other[0] - one[2])
    return math.hypot(across, max(0.0, one[1] - other[3], other[1] - one[3]))
