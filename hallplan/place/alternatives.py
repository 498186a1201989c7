"""Layouts that differ in kind, and what to call them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hallplan.place import kernels as k
from hallplan.place.state import State
from hallplan.terms import text

LEAST_MOVE, SMALL_MOVE = 0.1, 0.03
"""Zones moved by this share of the floor's diagonal, on the mean by area, make another layout, or (SMALL) a variant."""
WALL_M = 7.5
SIDES = {k.EAST: "east", k.NORTH: "north", k.WEST: "west", k.SOUTH: "south"}


def differ(a: State, b: State, least_move: float = LEAST_MOVE) -> bool:
    """Whether two layouts differ in kind: fronts of counters turned, zones on other floors, or moved far."""
    main = main_counters(a)
    if any(a.front[z] != b.front[z] for z in main[:2]):
        return True
    if any(a.floor[z] != b.floor[z] for z in range(len(a.floor))):
        return True
    return _moved(a, b) >= least_move


def _moved(a: State, b: State) -> float:
    total = weight = 0.0
    for spec in a.task.specs:
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
    """Returns a name for each layout, by what sets it apart: where the counters lie, then the waiting area, then all else."""
    parts = [_descriptions(state) for state in states]
    names = []
    for own in parts:
        name = own[0]
        for more in range(1, len(own) + 1):
            if sum(", ".join(other[:more]) == ", ".join(own[:more]) for other in parts) == 1 or more == len(own):
                name = text("place.join").join(own[:more])
                break
        names.append(name)
    for n, name in enumerate(names):
        if name in names[:n]:
            names[n] = text("place.variant", name=name, number=names[:n].count(name) + 1)
    return names


def _descriptions(state: State) -> list[str]:
    counters = main_counters(state)
    words = [_counter_words(state, z) for z in counters[:3]]
    waits = [s.index for s in state.task.specs if s.zone.type == "wait"]
    words += [_place_words(state, z) for z in waits[:2]]
    return words or [text("place.plain")]


def _counter_words(state: State, z: int) -> str:
    zone, wall = state.task.specs[z].zone, _wall(state, z)
    front = SIDES[state.front[z]] if state.front[z] >= 0 else "south"
    if wall:
        return text("place.along_wall", zone=zone.name, wall=text(f"place.{wall}"), front=text(f"place.{front}"))
    return text("place.central", zone=zone.name, front=text(f"place.{front}"))


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
    return text("place.lies", zone=state.task.specs[z].zone.name, side=text(f"place.{side}"))
