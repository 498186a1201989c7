"""Layouts found by asking less that hold all of what the programme asks once their sides leave the lines of the search's grid."""

from __future__ import annotations

from dataclasses import replace

from hallplan.place.polish import STEPS, looked_at
from hallplan.place.relations import is_crooked, relate
from hallplan.place.solving import solve
from hallplan.place.spec import Spec
from hallplan.place.state import State
from hallplan.place.task import Task
from hallplan.place.ways import Ways, trace_ways
from hallplan.place.weights import WEIGHTS


def regained(state: State) -> State | None:
    """Returns the layout with every zone at its own least area or above, of the same relations, by a linear programme; None when these
    do not leave the room.

    A grid's lines waste up to a step along each zone: what asked for less on them may hold all of it between them.
    """
    whole = as_programmed(state)
    ways = trace_ways(whole)
    return _redrawn(whole, ways, STEPS, is_straight=False) if ways.is_whole else None


def straightened(state: State) -> State | None:
    """Returns the layout with its staff's ways as wide as they should be where they lead over the floor behind counters, which a grid's
    lines make deeper than it is; of the same relations, by a linear programme. None when they are so, or cannot be.
    """
    ways = trace_ways(state)
    if not ways.is_whole or not is_crooked(state, ways):
        return None
    return _redrawn(replace(state, task=with_own_bands(state.task)), ways, STEPS[-1:], is_straight=True)


def _redrawn(state: State, ways: Ways, steps: tuple[tuple[float, float], ...], *, is_straight: bool) -> State | None:
    """The layout at the first step of coordinates that is sound."""
    for step, slack in steps:
        solved = solve(relate(state, ways, slack, is_straight=is_straight))
        found = None if solved is None else looked_at(state, *solved, ways, step)
        if found is not None:
            return found.state
    return None


def with_own_bands(task: Task) -> Task:
    """Returns the task with the floor behind counters no deeper than staff's ways."""
    return replace(task, specs=tuple(replace(spec, band_m=WEIGHTS.second_way_m) for spec in task.specs))


def as_programmed(state: State) -> State:
    """Returns the layout of a task with the programme's own least areas; what is locked keeps those of its place."""
    task = state.task
    specs = tuple(_asking_all(spec, task) for spec in task.specs)
    is_same = all(one is other for one, other in zip(specs, task.specs, strict=True))
    return state if is_same else replace(state, task=replace(task, specs=specs))


def _asking_all(spec: Spec, task: Task) -> Spec:
    least = task.programme.zones[spec.index].min_m2
    if spec.is_settled or spec.zone.min_m2 == least:
        return spec
    return replace(spec, zone=replace(spec.zone, min_m2=least))
