"""Drafts: zones that float over the plan come to lie apart, near what they wish, and are put in near there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from hallplan.model.site import ObstacleKind, OpeningRole, VerticalLink
from hallplan.place import place_zones
from hallplan.place.drafting import drafted, floated
from hallplan.place.fitting import loosened
from hallplan.place.search import empty_state
from hallplan.place.standing import is_whole
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Placement, Settings
from tests.builders import door, make_programme, make_site, make_zone
from tests.place.test_place import _floor, _site, _township


def task_of(site, programme, together=(), apart=()) -> Task:
    return loosened(make_task(site, programme, score_weights(Settings()), list(together), list(apart)))


def afloat(task: Task, seed: int) -> dict[str, tuple[float, float, float, float]]:
    """Returns where zones come to lie, by id, before any is put in."""
    at = floated(empty_state(task, 0), seed)[1].at
    return {spec.zone.id: tuple(at[spec.index, :4].tolist()) for spec in task.specs}


def hall(*zones, together=(), apart=()) -> Task:
    openings = (door("D1", OpeningRole.MAIN, (14.0, -0.15), (16.0, -0.15), 90),)
    programme = replace(make_programme(), zones=zones, adjacencies=(), visitors=())
    return task_of(_site(_floor("F1", box(0, 0, 30, 20), openings)), programme, together, apart)


@pytest.mark.parametrize("seed", range(6))
def test_zones_that_float_come_to_lie_on_the_floor_and_hardly_on_each_other(seed: int) -> None:
    zones = afloat(task_of(*_township()), seed)
    areas = [box(*rect) for rect in zones.values()]
    assert all(box(-1e-6, -1e-6, 15 + 1e-6, 10 + 1e-6).covers(area) for area in areas)
    shared = sum(a.intersection(b).area for n, a in enumerate(areas) for b in areas[:n])
    assert shared < 0.05 * sum(area.area for area in areas)


@pytest.mark.parametrize("seed", range(4))
def test_zones_together_float_to_each_other_and_zones_apart_do_not(seed: int) -> None:
    three = (make_zone("wait-1", 40, front_way_m=1.2), make_zone("child-1", 30), make_zone("meeting-1", 30))
    near = afloat(hall(*three, together=[["wait", "child"]]), seed)
    far = afloat(hall(*three, apart=[["wait", "child"]]), seed)
    assert box(*near["wait-1"]).distance(box(*near["child-1"])) < 1.5
    assert box(*far["wait-1"]).distance(box(*far["child-1"])) > 6.0


def test_nothing_floats_onto_what_the_drawing_fixes() -> None:
    core = box(10, 5, 20, 15)
    openings = (door("D1", OpeningRole.MAIN, (14.0, -0.15), (16.0, -0.15), 90),)
    zones = (make_zone("wait-1", 60), make_zone("child-1", 40), make_zone("meeting-1", 40))
    programme = replace(make_programme(), zones=zones, adjacencies=(), visitors=())
    task = task_of(_site(_floor("F1", box(0, 0, 30, 20).difference(core), openings)), programme)
    for seed in range(4):
        assert sum(box(*rect).intersection(core).area for rect in afloat(task, seed).values()) < 3.0


@given(seed=st.integers(0, 1 << 20))
@settings(max_examples=15, deadline=None)
def test_what_is_put_in_keeps_its_limits_and_cuts_nothing_off(seed: int) -> None:
    task = task_of(*_township())
    state = drafted(empty_state(task, seed % 5), seed)
    assert is_whole(state, 0)
    seen = np.zeros(state.occupied[0].shape, np.int64)
    for spec in task.specs:
        if state.is_placed(spec.index):
            i0, j0, i1, j1 = state.rects[spec.index]
            seen[i0:i1, j0:j1] += 1
            assert spec.zone.min_m2 - 1e-6 <= state.net_area(spec.index) <= spec.zone.max_m2 + 1e-6
    assert seen.max() == 1


def test_a_draft_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    task = task_of(make_site(), make_programme())
    one, again, other = (drafted(empty_state(task, 0), seed) for seed in (3, 3, 4))
    assert (one.rects, one.floor, one.front) == (again.rects, again.floor, again.front)
    assert one.rects != other.rects


def test_zones_are_put_in_near_where_they_float() -> None:
    names = ("wait-1", "child-1", "meeting-1", "records-1", "back_office-1", "form-1")
    task = hall(*(make_zone(name, 24) for name in names), together=[["wait", "child"], ["back_office", "records"]])
    gaps = []
    for seed in range(6):
        at = floated(empty_state(task, 0), seed)[1].at
        state = drafted(empty_state(task, 0), seed)
        rects = [task.grids[0].rect(rect) for rect in state.rects]
        gaps += [max(abs((r[0] + r[2]) / 2 - x), abs((r[1] + r[3]) / 2 - y))
                 for r, (x, y) in zip(rects, (at[: len(rects), :2] + at[: len(rects), 2:4]) / 2, strict=True)]  # fmt: skip
    assert np.median(gaps) < 1.0


def test_nothing_is_drafted_once_the_search_is_to_stop() -> None:
    state = empty_state(task_of(*_township()), 0)
    assert drafted(state, 1, lambda: "interrupt").rects == state.rects


def test_zones_float_on_the_floors_they_may_lie_on_and_within_the_smaller_one() -> None:
    links = (VerticalLink("S1", ObstacleKind.STAIR, (11.0, 8.0)),)
    openings = (door("D1", OpeningRole.MAIN, (14.0, -0.15), (16.0, -0.15), 90),)
    below = _floor("F1", box(0, 0, 30, 20), openings, links)
    above = _floor("F2", box(0, 0, 12, 9), (), links, level=2)
    upper = {"records-1", "back_office-1", "staff_support-1"}
    zones = tuple(
        replace(make_zone(name, 14), floors=("F2",) if name in upper else ("F1",))
        for name in ("wait-1", "child-1", "meeting-1", *sorted(upper))
    )
    programme = replace(make_programme(), zones=zones, adjacencies=(), visitors=())
    task = task_of(_site(below, above), programme)
    for seed in range(3):
        floating = floated(empty_state(task, 0), seed)[1]
        for spec in task.specs:
            assert floating.floors[spec.index] == (spec.zone.id in upper)
            if spec.zone.id in upper:
                assert box(0, 0, 12, 9).buffer(0.5).covers(box(*floating.at[spec.index, :4].tolist()))
        state = drafted(empty_state(task, 0), seed)
        assert all(state.floor[spec.index] in (-1, int(spec.zone.id in upper)) for spec in task.specs)


def test_a_very_large_seed_is_a_seed() -> None:
    quick = Settings(place=Placement(effort="quick", alternatives=1, seed=10**19))
    assert place_zones(*_township(), quick)


def test_zones_float_on_grid_lines() -> None:
    task = task_of(*_township())
    grid = task.grids[0]
    for x0, y0, x1, y1 in afloat(task, 5).values():
        assert np.isin(np.round([x0, x1], 6), np.round(grid.xs, 6)).all()
        assert np.isin(np.round([y0, y1], 6), np.round(grid.ys, 6)).all()


@pytest.mark.parametrize("seed", range(3))
def test_ways_stay_open_among_zones_that_float(seed: int) -> None:
    task = task_of(make_site(), make_programme())
    grid, (ground, floating) = task.grids[0], floated(empty_state(task, 0), seed)
    open_m2 = np.diff(np.diff(ground.ways[0], axis=0), axis=1)[: grid.xs.size - 1, : grid.ys.size - 1]
    x, y = (grid.xs[1:] + grid.xs[:-1]) / 2, (grid.ys[1:] + grid.ys[:-1]) / 2
    taken = 0.0
    for x0, y0, x1, y1 in floating.at[: len(task.specs), :4].tolist():
        taken += float(open_m2[np.ix_((x > x0) & (x < x1), (y > y0) & (y < y1))].sum())
    assert open_m2.sum() > 10.0
    assert taken < 0.2 * open_m2.sum()
