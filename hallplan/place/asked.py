"""Whether a layout, found by asking for narrower ways maybe, has those that the programme asks for all the same."""

from __future__ import annotations

import numpy as np

from hallplan.place.spec import Spec, way_width
from hallplan.place.standing import standing
from hallplan.place.state import State, placed_as
from hallplan.place.task import Task


def keeps_ways(state: State) -> bool:
    """Returns whether ways as wide as the programme asks come to all that is placed, and lie before all counters."""
    if not _has_narrow_ways(state.task):
        return True
    whole = _with_own_ways(state)
    is_joined = all(standing(whole, floor).is_whole for floor in range(len(whole.task.grids)))
    return is_joined and all(_is_front_free(whole, spec) for spec in whole.task.specs)


def _has_narrow_ways(task: Task) -> bool:
    """Whether a task asks for narrower ways than its programme."""
    asked = zip(task.specs, task.programme.zones, strict=True)
    return any(spec.is_public and spec.way_m < way_width(zone.front_way_m) for spec, zone in asked)


def _with_own_ways(state: State) -> State:
    """The state's zones where they lie, as zones of the task with ways as wide as the programme asks."""
    return placed_as(state.task.with_own_ways, state)


def _is_front_free(state: State, spec: Spec) -> bool:
    """Whether nothing but a zone that people walk through lies on the floor kept free before a zone's counters."""
    z, strip = spec.index, state.front_strip(spec.index)
    if not spec.has_front or spec.zone.fixed_area is not None or not state.is_placed(z):
        return True
    if strip is None:
        return False
    i0, j0, i1, j1 = strip
    passable = [0, *(other.index + 1 for other in state.task.specs if other.is_passable)]
    return bool(np.isin(state.occupied[state.floor[z]][i0:i1, j0:j1], passable).all())
