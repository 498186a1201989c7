"""Layouts that differ in kind, and what to call them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from hallplan.place import kernels as k
from hallplan.place.state import State
from hallplan.terms import text

LEAST_MOVE, SMALL_MOVE = 0.1, 0.03
"""Zones moved by this share of the floor's diagonal, on the mean by area, make another layout, or (SMALL) a variant."""
WALL_M, TOGETHER_M = 7.5, 3.0
MOST = 0.6
"""Share of the counters that gives a layout its name."""
SIDES = {k.EAST: "east", k.NORTH: "north", k.WEST: "west", k.SOUTH: "south"}


def differ(a: State, b: State, least_move: float = LEAST_MOVE) -> bool:
    """Whether two layouts differ in kind: fronts of counters turned, zones on other floors, or moved far."""
    main = main_counters(a)
    if any(a.front[z] != b.front[z] for z in main[:2]):
        return True
    if any(one != other for one, other in zip(a.floor, b.floor, strict=False)):  # closed floor comes last
        return True
    return _moved(a, b) >= least_move


def _moved(a: State, b: State) -> float:
    total = weight = 0.0
    for spec in a.task.specs[: len(b.floor)]:
        grid = a.task.grids[a.floor[spec.index]]
        diagonal = math.hypot(grid.xs[-1] - grid.xs[0], grid.ys[-1] - grid.ys[0])
        (ax, ay), (bx, by) = _centre(a, spec.index), _centre(b, spec.index)
        total += spec.zone.target_m2 * math.hypot(ax - bx, ay - by) / diagonal
        weight += spec.zone.target_m2
    return total / weight if weight else 0.0


def _centre(state: State, z: int) -> tuple[float, float]:
    x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
    return (x0 + x1) / 2, (y0 + y1) / 2


def main_counters(state: State) -> list[int]:
    """Zones with counters, the largest first."""
    zones = [spec for spec in state.task.specs if spec.zone.forms]
    zones = zones or [spec for spec in state.task.specs if spec.has_front]
    return [spec.index for spec in sorted(zones, key=lambda spec: (-spec.zone.target_m2, spec.zone.id))]


def name_all(states: Sequence[State]) -> list[str]:
    """Returns a name for each layout: where its counters lie, then by what sets it apart from the others.

    What all layouts share is left out but for the first.
    """
    parts = [_descriptions(state) for state in states]
    names = []
    for own in parts:
        others = [other for other in parts if other is not own]
        said, left = own[:1], [other for other in others if other[0] == own[0]]
        for n, word in enumerate(own[1:], 1):
            if left and any(other[n] != word for other in left):
                said.append(word)
                left = [other for other in left if other[n] == word]
        names.append(text("place.join").join(said))
    return numbered(names)


def numbered(names: Sequence[str]) -> list[str]:
    """Returns names of which those that were there before are told apart by a number; numbers that they have count anew."""
    ends = [text("place.variant", name="", number=number) for number in range(2, len(names) + 1)]
    plain = [next((name.removesuffix(end) for end in ends if name.endswith(end)), name) for name in names]
    return [
        name if name not in plain[:n] else text("place.variant", name=name, number=plain[:n].count(name) + 1)
        for n, name in enumerate(plain)
    ]


def _descriptions(state: State) -> list[str]:
    """What a layout is like, the most telling first, always as many words."""
    counters = main_counters(state)
    waits = [spec.index for spec in state.task.specs if spec.zone.type == "wait"]
    first = [*counters[:1], *waits[:1]]
    places = [_place_words(state, z) for z in [*first, *_by_size(state, first)]]
    if not counters:
        return [text("place.plain"), *places]
    apart = _clusters(state, waits)
    return [
        _arrangement(state, counters),
        text("place.one_wait") if apart <= 1 else text("place.waits", n=apart),
        _facing_words(state, counters[0]),
        *places,
    ]


def _by_size(state: State, but: Sequence[int]) -> list[int]:
    """The zones that a layout may put elsewhere, without some: those that visitors come to first, the largest of these."""
    movable = [spec for spec in state.task.specs if not spec.is_settled and spec.index not in but]
    return [
        spec.index for spec in sorted(movable, key=lambda spec: (spec.is_staff, -spec.zone.target_m2, spec.zone.id))
    ]


def _arrangement(state: State, counters: Sequence[int]) -> str:
    """Where the counters lie, by the length of their fronts: along one wall or two, free in the hall, or both."""
    lengths: dict[str, float] = {}
    for z in counters:
        x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
        wall = _wall(state, z)
        lengths[wall] = lengths.get(wall, 0.0) + (x1 - x0 if state.front[z] in (k.NORTH, k.SOUTH) else y1 - y0)
    total, free = sum(lengths.values()), lengths.pop("", 0.0)
    if free >= MOST * total:
        return text("place.kind_island")
    walls = sorted(lengths, key=lambda wall: (-lengths[wall], wall))
    if lengths[walls[0]] >= MOST * total:
        return text("place.kind_wall", wall=text(f"place.{walls[0]}"))
    if len(walls) > 1 and lengths[walls[0]] + lengths[walls[1]] >= MOST * total:
        return text("place.kind_walls", one=text(f"place.{walls[0]}"), other=text(f"place.{walls[1]}"))
    return text("place.kind_mixed")


def _clusters(state: State, zones: Sequence[int]) -> int:
    """How many groups of zones lie apart, each within TOGETHER_M of another of its group."""
    group = list(range(len(zones)))
    for a, b in itertools.combinations(range(len(zones)), 2):
        if state.floor[zones[a]] == state.floor[zones[b]] and _gap(state, zones[a], zones[b]) <= TOGETHER_M:
            group = [group[a] if one == group[b] else one for one in group]
    return len(set(group))


def _gap(state: State, a: int, b: int) -> float:
    one, other = (state.task.grids[state.floor[z]].rect(state.rects[z]) for z in (a, b))
    across = max(0.0, one[0] - other[2], other[0] - one[2])
    return math.hypot(across, max(0.0, one[1] - other[3], other[1] - one[3]))


def _facing_words(state: State, z: int) -> str:
    turn = (state.front[z] - state.task.entry_side) % 4
    return text("place.faces_entry" if turn == 2 else "place.faces_away" if turn == 0 else "place.faces_side")


def _wall(state: State, z: int) -> str:
    """The wall behind a counter zone, across its back office; "" when it stands free."""
    grid = state.task.grids[state.floor[z]]
    x0, y0, x1, y1 = grid.rect(state.rects[z])
    back = (state.front[z] + 2) % 4
    gaps = {k.EAST: grid.xs[-1] - x1, k.WEST: x0 - grid.xs[0], k.NORTH: grid.ys[-1] - y1, k.SOUTH: y0 - grid.ys[0]}
    return SIDES[back] if gaps[back] <= WALL_M else ""


def _place_words(state: State, z: int) -> str:
    grid = state.task.grids[state.floor[z]]
    x, y = _centre(state, z)
    across = (x - grid.xs[0]) / (grid.xs[-1] - grid.xs[0])
    up = (y - grid.ys[0]) / (grid.ys[-1] - grid.ys[0])
    side = (
        "west"
        if across < 0.35
        else "east"
        if across > 0.65
        else "south"
        if up < 0.35
        else "north"
        if up > 0.65
        else "centre"
    )
    told = {"zone": state.task.specs[z].zone.name, "side": text(f"place.{side}")}
    return (
        text("place.lies", **told)
        if len(state.task.grids) == 1
        else text("place.lies_on", floor=grid.floor.title, **told)
    )
