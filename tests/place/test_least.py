"""The bound on scores: below every layout there is, found by search or by trying all places, and as much as a sum by hand says."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from hallplan.model.programme import Adjacency, CounterForm, Programme, VisitorKind, Zone
from hallplan.model.site import Site
from hallplan.place import place_zones
from hallplan.place.candidates import score_of
from hallplan.place.crowding import Ask, Ground, crowd
from hallplan.place.fitting import loosened
from hallplan.place.least import least_score
from hallplan.place.place import _finished
from hallplan.place.score import score_parts
from hallplan.place.search import Clock, empty_state, mend, never
from hallplan.place.state import reached
from hallplan.place.task import Task, make_task
from hallplan.place.weights import Work, score_weights
from hallplan.settings import Placement, Settings
from tests.builders import make_programme, make_site, make_zone
from tests.place.test_bad_input import hall, programme
from tests.place.test_board import _two_storeys

TOL = 1e-6


def task_of(site: Site, wanted: Programme) -> Task:
    return loosened(make_task(site, wanted, score_weights(Settings()), [], []))


def counters(n: int, front: float, depth: float = 4.0, way: float = 1.8) -> Zone:
    form = (CounterForm("straight", front, depth),)
    id = f"window_general-{n}"
    return replace(make_zone(id, front * depth), forms=form, front_way_m=way, max_aspect=max(3.0, front / depth))


def to_and_fro(*zones: Zone, people: float = 1000.0) -> tuple[VisitorKind, ...]:
    """People who come in by the main door, go to a zone and out again, for each zone."""
    return tuple(VisitorKind(zone.id, zone.id, ("door:main", zone.id, "door:main"), people) for zone in zones)


@st.composite
def halls(draw: st.DrawFn) -> tuple[Site, Programme]:
    """A hall with counters, waiting and other zones, some fixed, whose people walk anywhere and whose wishes bind anything."""
    width, depth = draw(st.floats(16, 30)), draw(st.floats(12, 22))
    sizes = st.tuples(st.floats(3, 9), st.floats(2.5, 4.5), st.sampled_from([1.2, 1.8]))
    zones = [counters(n, *draw(sizes)) for n in range(1, draw(st.integers(1, 4)) + 1)]
    zones += [
        make_zone(kind, draw(st.floats(6, 24))) for kind in ("wait-1", "form-1", "guide-1")[: draw(st.integers(0, 3))]
    ]
    if draw(st.booleans()):
        zones.append(replace(make_zone("toilet-1", 9), fixed_area=box(0.3, depth - 3.3, 3.3, depth - 0.3)))
    if draw(st.booleans()):
        zones.append(make_zone("entrance-1", 10))
    ids = [zone.id for zone in zones]
    stops = st.lists(st.sampled_from(["door:main", "door:staff", *ids]), min_size=2, max_size=4)
    chains = draw(st.lists(st.tuples(stops, st.floats(1, 900)), min_size=1, max_size=6))
    visitors = tuple(VisitorKind(f"v{n}", "", tuple(chain), people) for n, (chain, people) in enumerate(chains))
    pairs = [pair for pair in itertools.combinations(ids, 2) if draw(st.integers(0, 2)) == 0]
    wishes = tuple(Adjacency(a, b, draw(st.sampled_from([-2, 1, 2, 3]))) for a, b in pairs)
    return hall(width, depth), replace(programme(*zones), visitors=visitors, adjacencies=wishes)


@given(halls(), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_no_layout_found_scores_below_the_bound(given: tuple[Site, Programme], seed: int) -> None:
    task = task_of(*given)
    bound = least_score(task)
    for cost, state in mend(empty_state(task, seed), (seed,), Work(6, 30), Clock(never)).best:
        if not state.unplaced and math.isfinite(cost):
            assert sum(part.cost for part in score_parts(state)) >= bound - TOL
            assert _finished(score_of(state)).score >= bound - TOL


def all_layouts(task: Task) -> list[float]:
    """The scores of a single zone in every place of every shape on the lines of the search."""
    spec, grid = task.specs[0], task.grids[0]
    found = []
    for width, depth, front in {tuple(row[:3]) for row in task.specs[0].shapes.tolist()}:
        for i, j in itertools.product(range(grid.xs.size), range(grid.ys.size)):
            i1, j1 = (int(np.searchsorted(lines, lines[n] + side - 1e-6)) for lines, n, side in
                      ((grid.xs, i, width), (grid.ys, j, depth)))  # fmt: skip
            if i1 >= grid.xs.size or j1 >= grid.ys.size or not grid.inside[i:i1, j:j1].all():
                continue
            state = empty_state(task, 0)
            state.put(0, 0, (i, j, i1, j1), int(front))
            strip = state.front_strip(0)
            if (
                strip is None
                or not grid.walk[strip[0] : strip[2], strip[1] : strip[3]].all()
                or reached(state, 0) is None
            ):
                continue
            found.append(sum(part.cost for part in score_parts(state)))
    assert spec.zone.forms
    return found


@pytest.mark.parametrize("front", [3.0, 6.0])
def test_the_best_of_all_places_of_one_counter_is_above_the_bound(front: float) -> None:
    zone = counters(1, front)
    task = task_of(hall(11, 9), replace(programme(zone), visitors=to_and_fro(zone)))
    scores = all_layouts(task)
    assert len(scores) > 100
    assert min(scores) >= least_score(task) - TOL


def test_counters_that_crowd_a_door_are_further_off_than_each_alone() -> None:
    """Twelve of 8 × 4 m take 384 m² and more of a hall of 60 × 30 m: half a disc of 15.6 m, on the mean 10.4 m from the door."""
    zones = [counters(n, 8.0) for n in range(1, 13)]
    task = task_of(hall(60, 30), replace(programme(*zones), visitors=to_and_fro(*zones, people=500.0)))
    door = min(a for a, _ in task.flows)
    found = crowd(task, door)
    assert len(found.people) == 12
    mean = found.metres / sum(found.people.values())
    assert 10.4 - 3.5 - 1.5 < mean < 10.4 + 1.5
    assert least_score(task) == pytest.approx(found.metres / 1000.0, rel=1e-6)


def test_floor_nearest_first_goes_to_those_that_most_people_come_to() -> None:
    """10 m² at 1 m and 10 m² at 5 m: 30 people to 10 m² walk 30 × 1 m, 10 people to as much 10 × 5 m, less what is spared."""
    ground = Ground(np.array([0.0, 10.0, 20.0]), np.array([0.0, 10.0, 60.0]))
    asks = [Ask(10.0, 10.0, 0.0, 0.0), Ask(30.0, 10.0, 0.0, 0.0)]
    assert ground.metres(asks) == pytest.approx(30 * 1 + 10 * 5 - 40 * 0.9)


def test_what_is_fixed_pulls_what_is_not() -> None:
    """Between toilets 24 m apart a room to be near both lies as close as its longest side allows."""
    toilets = [
        replace(make_zone(f"toilet-{n}", 9), fixed_area=box(x, 6.0, x + 3.0, 9.0)) for n, x in ((1, 0.5), (2, 27.5))
    ]
    room = replace(make_zone("nursing-1", 9), max_m2=10.0, max_aspect=2.0)
    wanted = replace(
        programme(room, *toilets),
        adjacencies=(Adjacency("nursing-1", "toilet-1", 2), Adjacency("nursing-1", "toilet-2", 2)),
    )
    # a side of at most (1.1 × 10 + 2) m² × 2.2 under the root, 0.3 m of lines at each toilet
    longest = math.sqrt(13.0 * 2.2)
    assert least_score(task_of(hall(31, 15), wanted)) == pytest.approx(2 * 0.12 * (24.0 - 0.6 - longest), rel=0.02)


def test_zones_on_two_floors_cost_the_stairs_between_them() -> None:
    site, wanted = _two_storeys()
    walk = VisitorKind("up", "", ("wait-1", "value_added-1"), 100.0)
    wanted = replace(wanted, visitors=(walk,), adjacencies=(Adjacency("wait-1", "value_added-1", 1),))
    assert least_score(task_of(site, wanted)) == pytest.approx(100 * 18 / 1000 + 0.12 * 30)


def test_more_floor_asked_for_than_there_is_lacks_area() -> None:
    wanted = programme(*(make_zone(f"wait-{n}", 60) for n in range(1, 5)))
    assert least_score(task_of(hall(15, 10), wanted)) == pytest.approx(0.14 * (240 - 150), abs=0.01)


def test_a_layout_is_told_with_the_bound_and_the_gap() -> None:
    wish = Placement(effort="quick", alternatives=1)
    layout = place_zones(make_site(), make_programme(), Settings(place=wish), jobs=1)[0]
    task = task_of(make_site(), make_programme())
    assert layout.bound == pytest.approx(least_score(task), abs=1e-5)
    assert 1.0 < least_score(task) < layout.score
    assert layout.gap == pytest.approx(1 - layout.bound / layout.score)
