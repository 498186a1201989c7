from __future__ import annotations

from dataclasses import replace

import numpy as np
from shapely.geometry import MultiPolygon, box

from hallplan.model.programme import Adjacency, Programme
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, OpeningRole, Site
from hallplan.place.polish import polish
from hallplan.place.score import on_own_lines, score_parts
from hallplan.place.shortcuts import keep_shortcuts
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.ways import Ways, trace_ways
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from hallplan.units import Unit
from tests.builders import door, make_programme, make_zone

RECTS = {
    "entrance-1": (8.1, 0.0, 12.2, 2.7),
    "value_added-1": (5.0, 6.0, 17.0, 15.4),
    "guide-1": (0.2, 17.0, 4.0, 20.0),
    "ticket-1": (17.9, 17.0, 20.0, 20.0),
    "form-1": (6.0, 17.0, 16.0, 20.0),
}


def _state() -> State:
    """Two zones in the far corners of a hall, each with its way from the door, and a passage between them along a zone whose neighbours wish to close it."""
    usable = box(0, 0, 20, 20)
    opening = door("D1", OpeningRole.MAIN, (9.0, -0.15), (11.0, -0.15), 90)
    floor = Floor(
        "F1", "F1", 1, Frame(), usable.buffer(0.3, join_style="mitre"), MultiPolygon([usable]), openings=(opening,)
    )
    site = Site("plan.dxf", "AC1024", "utf-8", Unit.MM, (floor,))
    zones = tuple(make_zone(id, (x1 - x0) * (y1 - y0)) for id, (x0, y0, x1, y1) in RECTS.items())
    visitors = (replace(make_programme().visitors[0], chain=("entrance-1", "guide-1", "ticket-1"), per_day=100.0),)
    programme = Programme(zones, (Adjacency("value_added-1", "form-1", 3),), visitors, 100.0, 400.0, 1.0)
    task = make_task(site, programme, score_weights(Settings()), [], [])
    ids = [spec.zone.id for spec in task.specs]
    return on_own_lines(
        task, [RECTS[id] for id in ids], [0] * len(ids), [1 if id == "entrance-1" else -1 for id in ids]
    )


def _is_kept(ways: Ways, state: State, point: tuple[float, float]) -> bool:
    grid = state.task.grids[0]
    rects = (grid.rect(run.rect) for run in ways.runs if not run.is_staff)
    return any(x0 <= point[0] <= x1 and y0 <= point[1] <= y1 for x0, y0, x1, y1 in rects)


def _walked(state: State) -> float:
    return next(part.value for part in score_parts(state) if part.id == "visitor_metres_per_day")


def test_a_passage_that_visitors_go_through_between_two_zones_is_kept():
    state = _state()
    ways = trace_ways(state)
    middle = (14.0, 16.2)
    assert not _is_kept(ways, state, middle)
    keep_shortcuts(ways, state)
    assert _is_kept(ways, state, middle)


def test_exact_coordinates_do_not_close_it():
    state = _state()
    after = polish(state, score_parts(state))
    assert after.is_better
    assert _walked(after.state) <= 1.05 * _walked(state)


def test_what_is_kept_lies_on_free_floor():
    state = _state()
    ways = trace_ways(state)
    keep_shortcuts(ways, state)
    cells = state.public_cells(0)
    for run in ways.runs:
        i0, j0, i1, j1 = run.rect
        assert np.all(cells[i0:i1, j0:j1]), run


def test_the_longest_ways_out_are_kept_up_to_the_side_of_the_zone_they_lead_along():
    state = _state()
    far = replace(state, task=replace(state.task, weights=replace(state.task.weights, escape_m=28.0)))
    ids = [spec.zone.id for spec in far.task.specs]
    ways = trace_ways(far)
    keep_shortcuts(ways, far, is_out_kept=False)
    assert not any(touch.is_outer for touch in ways.touches)
    keep_shortcuts(ways, far)
    assert {ids[touch.zone] for touch in ways.touches if touch.is_outer} == {
        "guide-1",
        "ticket-1",
        "form-1",
    }  # the others are no longer than 21 m
    leads = [ways.runs[touch.run] for touch in ways.touches if touch.is_outer]
    assert all(run.is_staff for run in leads)  # over all that staff or visitors may walk on
