"""A layout's relations as a linear programme over the sides of its rectangles and of its ways."""

from __future__ import annotations

import itertools
from collections.abc import Collection

from hallplan.lp import INFINITY
from hallplan.place import kernels as k
from hallplan.place.bounds import bound_runs, bound_zone, size_zone
from hallplan.place.lined import side_fronts
from hallplan.place.rows import (
    EPS,
    Box,
    Model,
    Relations,
    band_of,
    chosen_form,
    fixed_box,
    keep_apart,
    keep_meeting,
    keep_overlap,
    shared,
    shifted,
    sides_apart,
    strip_of,
)  # fmt: skip
from hallplan.place.score import RectM
from hallplan.place.spec import Spec
from hallplan.place.state import State
from hallplan.place.ways import Touch, Ways
from hallplan.place.weights import WEIGHTS
from hallplan.place.wishes import add_alignment, add_escapes, add_walks, add_wishes, may_close, wish_closed

LINE_TOL_M = 1e-3
FACING_M = 3.0
"""Gaps up to this between neighbours with no way between wish to close."""


def relate(
    state: State,
    ways: Ways,
    slack: float,
    *,
    is_straight: bool = False,
    spare_m: float | None = None,
    held: Collection[int] = (),
) -> Relations:
    """Returns the programme that keeps a layout's relations; `slack`: metres kept over area limits for rounding.

    is_straight: staff's ways over the floor behind counters are as wide as they should be even if they are not so now.
    spare_m: as `add_escapes`.  held: zones whose counters keep their place among the columns.
    """
    model = Model()
    boxes: list[Box] = []
    for spec in state.task.specs:
        rect = state.task.grids[state.floor[spec.index]].rect(state.rects[spec.index])
        boxes.append(fixed_box(rect) if spec.is_settled else _free(model))
    runs = [_free(model) for _ in ways.runs]
    relations = Relations(state, ways, model, boxes, runs, {}, {}, slack)
    for spec in relations.movable:
        bound_zone(relations, spec)
        size_zone(relations, spec)
    for z in held:
        _hold(relations, z)
    bound_runs(relations)
    _join(relations, is_straight=is_straight)
    _separate(relations)
    add_walks(relations)
    add_wishes(relations)
    add_escapes(relations, spare_m=spare_m)
    add_alignment(relations)
    model.settle(relations.start())
    return relations


def _free(model: Model) -> Box:
    a, b, c, d = (model.column(-INFINITY) for _ in range(4))
    return (a, 0.0), (b, 0.0), (c, 0.0), (d, 0.0)


def _hold(relations: Relations, z: int) -> None:
    """Keeps the front and both ends of a zone's counters where they are, and the zone as deep behind them."""
    back = (relations.state.front[z] + 2) % 4
    for edge, (term, value) in enumerate(zip(relations.boxes[z], relations.now(z), strict=True)):
        is_back = edge == (back + 2) % 4
        if not is_back or back in (k.WEST, k.SOUTH):
            relations.model.at_most(term, value)
        if not is_back or back in (k.EAST, k.NORTH):
            relations.model.at_least(term, value)


def is_crooked(state: State, ways: Ways) -> bool:
    """Returns whether ways of staff are as wide as they should be only because a grid's lines make the floor behind counters deeper."""
    grids = state.task.grids
    for a, b in ways.passes:
        one, other = _place(state, a), _place(state, b)
        axis = 1 - sides_apart(one, other)[0] % 2
        wanted = min(WEIGHTS.second_way_m, shared(one, other, axis))
        if shared(_behind_counters(state, a), _behind_counters(state, b), axis) < wanted - LINE_TOL_M:
            return True
    for touch in ways.touches:
        run = ways.runs[touch.run]
        if run.is_staff and touch.side >= 0:
            way, axis = grids[run.floor].rect(run.rect), 1 - touch.side % 2
            wanted = min(run.width_m, shared(_place(state, touch.zone), way, axis))
            if shared(_behind_counters(state, touch.zone), way, axis) < wanted - LINE_TOL_M:
                return True
    return False


def _place(state: State, z: int) -> RectM:
    return state.task.grids[state.floor[z]].rect(state.rects[z])


def _behind_counters(state: State, z: int) -> RectM:
    """A zone of staff, or the floor behind counters as deep as it should be, m."""
    if state.task.specs[z].is_staff or state.front[z] < 0:
        return _place(state, z)
    box = band_of(fixed_box(_place(state, z)), (state.front[z] + 2) % 4, WEIGHTS.second_way_m)
    (_, x0), (_, y0), (_, x1), (_, y1) = box
    return x0, y0, x1, y1


def _join(relations: Relations, *, is_straight: bool) -> None:
    """Joints of runs, their ends at zones, and the ways of staff through zones."""
    model, state = relations.model, relations.state
    for a, b, width in relations.ways.joints:
        for axis in (0, 1):
            keep_overlap(model, relations.runs[a], relations.runs[b], axis, width)
    for touch in relations.ways.touches:
        if touch.side >= 0:
            _touch(relations, touch, is_firm=is_straight and relations.ways.runs[touch.run].is_staff)
    for a, b in relations.ways.passes:
        side = sides_apart(relations.now(a), relations.now(b))[0]
        keep_meeting(
            model,
            _through(state, relations, a),
            _through(state, relations, b),
            side,
            min(WEIGHTS.second_way_m, shared(relations.now(a), relations.now(b), 1 - side % 2)),
            is_firm=is_straight,
        )


def _through(state: State, relations: Relations, z: int) -> Box:
    spec = state.task.specs[z]
    if spec.is_staff or state.front[z] < 0:
        return relations.boxes[z]
    return band_of(relations.boxes[z], (state.front[z] + 2) % 4, spec.band_m)


def _touch(relations: Relations, touch: Touch, *, is_firm: bool) -> None:
    run = relations.ways.runs[touch.run]
    state = relations.state
    is_whole = touch.is_outer or not run.is_staff
    box = relations.boxes[touch.zone] if is_whole else _through(state, relations, touch.zone)
    rect = state.task.grids[run.floor].rect(run.rect)
    share = shared(relations.now(touch.zone), rect, 1 - touch.side % 2)
    keep_meeting(
        relations.model, box, relations.runs[touch.run], touch.side, min(run.width_m, max(share, 0.0)), is_firm=is_firm
    )


def _separate(relations: Relations) -> None:
    """Pairs of zones, zones and runs, zones and the strips before fronts keep their sides; narrow gaps wish to close."""
    state, model = relations.state, relations.model
    for one, other in itertools.combinations(relations.state.task.specs, 2):
        a, b = one.index, other.index
        if state.floor[a] == state.floor[b] and not (one.is_settled and other.is_settled):
            side, gap = sides_apart(relations.now(a), relations.now(b))
            keep_apart(model, relations.boxes[a], relations.boxes[b], side)
            if gap < FACING_M and may_close(relations, a, b, side):
                wish_closed(relations, a, b, side, gap)
    for spec in state.task.specs:
        if spec.zone.fixed_area is not None:
            continue
        _keep_strip(relations, spec)
        for run, box in zip(relations.ways.runs, relations.runs, strict=True):
            if state.floor[spec.index] == run.floor and not (spec.is_passable and not run.is_staff):
                side, gap = sides_apart(relations.now(spec.index), state.task.grids[run.floor].rect(run.rect))
                if gap > -EPS:
                    keep_apart(model, relations.boxes[spec.index], box, side)


def _keep_strip(relations: Relations, spec: Spec) -> None:
    """Keeps other zones off the floor before a zone's counters, at the front and at the sides that their form needs."""
    state, z = relations.state, spec.index
    now = fixed_box(relations.now(z))
    if state.front_strip(z) is not None:
        side, depth = state.front[z], spec.zone.front_way_m
        _keep_before(relations, z, *(strip_of(box, side, depth) for box in (relations.boxes[z], now)), is_side=False)
    form = chosen_form(state, z) if state.front[z] >= 0 else None
    for side, behind, depth in side_fronts(state, z, form) if form is not None else ():
        strips = (strip_of(_behind(box, state.front[z], behind), side, depth) for box in (relations.boxes[z], now))
        _keep_before(relations, z, *strips, is_side=True)


def _behind(box: Box, front: int, depth: float) -> Box:
    """A box without what lies so near to its front."""
    edge = (front + 2) % 4
    cut = shifted(box[edge], -depth if front in (k.EAST, k.NORTH) else depth)
    x0, y0, x1, y1 = (cut if n == edge else term for n, term in enumerate(box))
    return x0, y0, x1, y1


def _keep_before(relations: Relations, z: int, strip: Box, now: Box, *, is_side: bool) -> None:
    """Keeps other zones off a strip, which lies where `now` says; is_side: also those that one passes through."""
    state, here = relations.state, [value for _, value in now]
    for other in relations.movable:
        if other.index != z and state.floor[other.index] == state.floor[z] and (is_side or not other.is_passable):
            side, gap = sides_apart(here, relations.now(other.index))
            if gap > -1e-3:
                keep_apart(relations.model, strip, relations.boxes[other.index], side)
