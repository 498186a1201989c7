"""Layouts found by asking less that hold all of what the programme asks once their sides leave the lines of the search's grid."""

from __future__ import annotations

from dataclasses import replace

from hallplan.place.polish import looked_at, solve
from hallplan.place.relations import relate
from hallplan.place.rows import ROUND_M
from hallplan.place.state import State
from hallplan.place.task import Spec, Task
from hallplan.place.ways import trace_ways

STEPS = ((ROUND_M, ROUND_M / 2), (1e-4, 0.0))
"""Coordinates are multiples of the first, with so much kept over least areas for rounding."""


def regained(state: State) -> State | None:
    """Returns the layout with every zone at its own least area or above, of the same relations, by a linear programme; None when these
    do not leave the room.

    A grid's lines waste up to a step along each zone: what asked for less on them may hold all of it between them.
    """
    task = _as_programmed(state.task)
    whole = replace(state, task=task)
    ways = trace_ways(whole)
    if not ways.is_whole:
        return None
    for step, slack in STEPS:
        solved = solve(relate(whole, ways, slack))
        found = None if solved is None else looked_at(whole, *solved, ways, step)
        if found is not None:
            return found.state
    return None


def _as_programmed(task: Task) -> Task:
    """The task with the programme's own least areas."""
    return replace(task, specs=tuple(_asking_all(spec, task) for spec in task.specs))


def _asking_all(spec: Spec, task: Task) -> Spec:
    return replace(spec, zone=replace(spec.zone, min_m2=task.programme.zones[spec.index].min_m2))
