"""What is proven to fit nowhere: exact on plain rooms, and never said of what the search places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box

from hallplan.model.programme import CounterForm, Zone
from hallplan.place.proofs import excess, fits_nowhere
from hallplan.place.reasons import fits_alone
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import make_programme, make_site, make_zone
from tests.place.test_bad_input import hall, programme

WAY_M = 1.8


def task_of(width: float, depth: float, *zones: Zone) -> Task:
    return make_task(hall(width, depth), programme(*zones), score_weights(Settings()), [], [])


def counters(n: int, front: float, depth: float) -> list[Zone]:
    form = (CounterForm("straight", front, depth),)
    zone = make_zone("window_general-1", front * depth, forms=form, front_way_m=WAY_M, max_aspect=6.0)
    return [replace(zone, id=f"window_general-{k}") for k in range(1, n + 1)]


@pytest.mark.parametrize(("front", "depth", "is_proven"), [(9.9, 4.1, False), (10.2, 4.1, True), (9.9, 4.4, True)])
def test_counters_with_their_way_fit_to_the_centimetre(front: float, depth: float, is_proven: bool) -> None:
    """A hall of 10 × 6 m whose entrance, 2 m wide, may have the way before the counters on the floor it keeps free."""
    site = hall(10.0, 6.0)
    floor = replace(site.floors[0], openings=site.floors[0].openings[:1])
    wanted = programme(*counters(1, front, depth))
    task = make_task(replace(site, floors=(floor,)), wanted, score_weights(Settings()), [], [])
    assert fits_nowhere(task, task.specs[0]) == is_proven


@settings(max_examples=40, deadline=None)
@given(st.floats(5.0, 16.0), st.floats(5.0, 12.0), st.floats(2.0, 12.0), st.floats(2.0, 5.0))
def test_what_has_a_place_on_the_grid_is_never_proven_to_have_none(
    width: float, deep: float, front: float, depth: float
) -> None:
    task = task_of(width, deep, *counters(1, front, depth), make_zone("wait-1", front * depth))
    for spec in task.specs:
        assert not (fits_alone(task, spec) and fits_nowhere(task, spec))


def test_rooms_hold_so_many_counters_and_no_more() -> None:
    """Three rooms of 11 × 6 m hold one counter of 10 × 3.9 m each: with half its way it takes 48 of their 66 m²."""
    site = make_site()
    rooms = [box(0, 7.0 * n, 11, 7.0 * n + 6) for n in range(3)]
    floor = replace(site.floors[0], usable=MultiPolygon(rooms), obstacles=(), openings=(), outline=box(0, 0, 11, 20))
    for n, is_proven in ((3, False), (4, True)):
        wanted = replace(make_programme(), zones=tuple(counters(n, 10.0, 3.9)), adjacencies=(), visitors=())
        found = excess(make_task(replace(site, floors=(floor,)), wanted, score_weights(Settings()), [], []))
        assert (found is not None) == is_proven
        assert found is None or (found.n, found.most) == (4, 3)


def test_large_rooms_are_counted_too() -> None:
    """A hall of 15 × 10 m holds two rooms of 60 m² by its area, however they lie."""
    large = [make_zone(f"wait-{n}", 75.0, min_m2=60.0) for n in (1, 2, 3)]
    found = excess(task_of(15.0, 10.0, *large))
    assert found is not None
    assert (found.n, found.most) == (3, 2)
    assert excess(task_of(15.0, 10.0, *large[:2])) is None


def test_a_hall_with_its_programme_is_in_no_excess() -> None:
    assert excess(make_task(make_site(), make_programme(), score_weights(Settings()), [], [])) is None
