"""Layouts that were found by asking for narrower ways rank behind those with the ways that the programme asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import box

from hallplan.model.programme import CounterForm, Programme
from hallplan.model.site import OpeningRole
from hallplan.place import kernels as k
from hallplan.place.candidates import is_short, rank_of
from hallplan.place.score import on_own_lines
from hallplan.place.search import eased
from hallplan.place.starts import is_joined
from hallplan.place.state import State
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import door, make_programme, make_zone
from tests.place.test_place import _floor, _site


def hall() -> Task:
    """A hall of 10 × 6 m for two zones of counters, the smaller of which is asked less of, and one that people wait in."""
    site = _site(_floor("F1", box(0, 0, 10, 6), (door("D1", OpeningRole.MAIN, (4.0, 6.15), (6.0, 6.15), 270),)))
    counters = [
        replace(
            make_zone(id, m2),
            min_m2=m2 - 1.0,
            max_m2=m2 + 1.0,
            min_side_m=1.0,
            forms=(CounterForm("straight", front_m, 2.4),),
        )
        for id, m2, front_m in (("window_general-1", 7.6, 2.8), ("window_general-2", 7.2, 3.0))
    ]
    wait = replace(make_zone("wait-1", 6.0), min_m2=4.0, max_m2=8.0, min_side_m=1.0)
    programme = replace(make_programme(), zones=(*counters, wait), adjacencies=(), visitors=())
    return make_task(site, programme, score_weights(Settings()), [], [])


def laid(task: Task, way_m: float) -> State:
    """The smaller counters in a bay that so wide a way leads into, between them and the seats."""
    rects = [(6.0, 0.0, 8.8, 2.4), (0.0, 0.0, 2.4, 3.0), (2.4 + way_m, 0.0, 6.0, 3.0)]
    return on_own_lines(task, rects, [0, 0, 0], [k.NORTH, k.EAST, -1])


@pytest.mark.parametrize(("way_m", "is_less"), [(1.5, True), (1.8, False), (2.1, False)])
def test_a_way_narrower_than_asked_makes_a_layout_short(way_m: float, is_less: bool) -> None:
    narrow = eased(hall())[1]
    state = laid(narrow, way_m)
    assert is_joined(state)
    assert is_short(state) == is_less


def test_whatever_its_score_a_layout_with_all_ways_goes_before_one_without() -> None:
    narrow = eased(hall())[1]
    assert rank_of(900.0, laid(narrow, 1.8), ()) < rank_of(100.0, laid(narrow, 1.5), ())


def test_a_front_that_another_zone_stands_before_is_no_free_front() -> None:
    """The way comes to half of the counters, and the seats stand 1.5 m before the rest."""
    narrow = eased(hall())[1]
    rects = [(6.0, 0.0, 8.8, 2.4), (0.0, 0.0, 2.4, 3.0), (3.9, 0.0, 6.0, 1.5)]
    state = on_own_lines(narrow, rects, [0, 0, 0], [k.NORTH, k.EAST, -1])
    assert is_joined(state)
    assert is_short(replace(state, task=replace(narrow, programme=_any_area(narrow.programme))))


def _any_area(programme: Programme) -> Programme:
    return replace(programme, zones=tuple(replace(zone, min_m2=1.0) for zone in programme.zones))
