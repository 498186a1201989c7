"""Names of layouts say what kind they are and what sets them apart."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from shapely.geometry import box

from hallplan.model.programme import CounterForm
from hallplan.place.alternatives import name_all
from hallplan.place.kernels import EAST, NORTH, SOUTH
from hallplan.place.score import on_own_lines
from hallplan.place.state import State
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from hallplan.terms import speaking
from tests.builders import make_programme, make_zone
from tests.place.test_place import _floor, _site, _township


@cache
def task() -> Task:
    """Returns 20 m² of counters and two waiting areas in a hall of 40 × 30 m with its door in the south."""
    doors = _township()[0].floors[0].openings[:1]
    counters = replace(make_zone("window_general-1", 20), forms=(CounterForm("straight", 8.0, 2.5),))
    zones = (counters, make_zone("wait-1", 12), make_zone("wait-2", 12))
    programme = replace(make_programme(), zones=zones, adjacencies=(), visitors=())
    site = _site(_floor("F1", box(0, 0, 40, 30), doors))
    return make_task(site, programme, score_weights(Settings()), [], [])


def state(y: float, front: int, apart: float) -> State:
    """Returns the counters at a height, the waiting areas so far apart."""
    rects = [(10.0, y, 18.0, y + 2.5), (25.0, 5.0, 28.0, 9.0), (28.0 + apart, 5.0, 31.0 + apart, 9.0)]
    return on_own_lines(task(), rects, [0, 0, 0], [front, EAST, EAST])


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


def test_counters_at_a_wall_are_named_by_it() -> None:
    assert name_all([state(27.5, SOUTH, 0.0)]) == ["counters along the north wall"]


def test_counters_in_the_middle_are_an_island() -> None:
    assert name_all([state(14.0, SOUTH, 0.0)]) == ["central island of counters"]


def test_layouts_of_one_kind_are_told_apart_by_their_waiting_areas() -> None:
    names = name_all([state(14.0, SOUTH, 0.0), state(14.0, SOUTH, 5.0)])
    assert names == [
        "central island of counters, one waiting area",
        "central island of counters, 2 waiting areas apart",
    ]


def test_then_by_the_way_the_counters_face() -> None:
    names = name_all([state(14.0, SOUTH, 0.0), state(14.0, NORTH, 0.0)])
    assert [name.split(", ")[1] for name in names] == [
        "main counters face the entrance", "main counters turned from the entrance"
    ]  # fmt: skip


def test_layouts_alike_in_all_are_variants() -> None:
    assert name_all([state(14.0, SOUTH, 0.0)] * 2)[1].endswith("(variant 2)")


def test_layouts_of_the_same_counters_are_told_apart_by_other_zones() -> None:
    doors = _township()[0].floors[0].openings[:1]
    counters = replace(make_zone("window_general-1", 20), forms=(CounterForm("straight", 8.0, 2.5),))
    programme = replace(make_programme(), zones=(counters, make_zone("guide-1", 12)), adjacencies=(), visitors=())
    hall = make_task(_site(_floor("F1", box(0, 0, 40, 30), doors)), programme, score_weights(Settings()), [], [])
    west, east = (
        on_own_lines(hall, [(10.0, 14.0, 18.0, 16.5), (x, 5.0, x + 3.0, 9.0)], [0, 0], [SOUTH, EAST])
        for x in (2.0, 30.0)
    )
    assert [name.split(", ")[1] for name in name_all([west, east])] == [
        "Information and guidance in the west",
        "Information and guidance in the east",
    ]
