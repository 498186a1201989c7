"""What a layout breaks that must hold is said with place, metres and reason; only what keeps it is returned where that is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import box

from hallplan.model.layout import Layout
from hallplan.model.site import Obstacle, ObstacleKind, Site
from hallplan.place import place_zones
from hallplan.place.breaches import breaches
from hallplan.place.room_doors import doorless
from hallplan.place.score import on_own_lines
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Placement, Rules, Settings
from hallplan.terms import speaking
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme
from tests.place.test_exits import laid as before_the_exit
from tests.place.test_networks import laid


def test_a_shared_way_is_said_with_the_zone_and_what_lies_beyond() -> None:
    with speaking("en"):
        (breach,) = breaches(laid(west_m=0.6))
    assert (breach.constraint, breach.zones, breach.door) == ("staff_crossing_m", ("back_office-1",), "D2")
    assert breach.value > breach.limit == 0.5
    assert 14.0 <= breach.at[0] <= 20.0
    assert "only over this place" in breach.why


def test_nothing_is_said_where_all_holds() -> None:
    assert breaches(laid(west_m=2.0)) == ()


def test_a_hall_without_a_staff_door_is_said_to_have_none() -> None:
    site = hall(20, 12)
    floor = site.floors[0]
    site = replace(site, floors=(replace(floor, openings=floor.openings[:1]),))
    task = make_task(
        site, programme(make_zone("back_office-1", 12), make_zone("wait-1", 20)), score_weights(Settings()), [], []
    )
    with speaking("en"):
        (breach,) = breaches(on_own_lines(task, [(8.0, 10.0, 12.0, 12.0), (8.0, 6.0, 12.0, 8.8)], [0, 0], [-1, -1]))
    assert breach.door == ""
    assert "no staff door" in breach.why


def test_a_walk_out_that_is_too_long_names_zone_and_exit_and_what_the_bare_floor_has() -> None:
    settings = Settings(rules=Rules(parameters={"egress_travel": 9.0}))
    task = make_task(hall(20, 12), programme(make_zone("wait-1", 20)), score_weights(settings), [], [])
    with speaking("en"):
        (breach,) = breaches(on_own_lines(task, [(0.0, 8.0, 5.0, 12.0)], [0], [-1]))
    assert (breach.constraint, breach.zones, breach.limit) == ("escape_over_m", ("wait-1",), 9.0)
    assert breach.value > 12.0
    assert "even bare" in breach.why


def test_exit_width_that_narrow_ways_take_names_the_door() -> None:
    (breach,) = breaches(before_the_exit(400, 1.4))
    assert (breach.constraint, breach.door) == ("exit_width_short_m", "D1")
    assert (breach.value, breach.limit) == (pytest.approx(2.2), pytest.approx(2.6))


def test_layouts_that_keep_staff_apart_are_the_only_ones_returned() -> None:
    wanted = programme(make_zone("wait-1", 18), make_zone("back_office-1", 14), make_zone("form-1", 10))
    found = place_zones(hall(14, 10), wanted, Settings(place=Placement(effort="quick")))
    assert all(not layout.breaches for layout in found)
    assert all(_value(layout, "staff_crossing_m") <= 0.5 for layout in found)


def _value(layout: Layout, id: str) -> float:
    return next(part.value for part in layout.parts if part.id == id)


def _room(*columns: tuple[float, float]) -> State:
    """A meeting room in the north-east corner of a hall: a way runs along its west side of 3 m, another along its south of 4 m."""
    site: Site = hall(12, 10)
    stand = tuple(
        Obstacle(f"C{n}", ObstacleKind.COLUMN, box(x - 0.25, y - 0.25, x + 0.25, y + 0.25))
        for n, (x, y) in enumerate(columns)
    )
    site = replace(site, floors=(replace(site.floors[0], obstacles=stand),))
    zones = make_zone("meeting-1", 12), make_zone("form-1", 6)
    task = make_task(site, programme(*zones), score_weights(Settings()), [], [])
    return on_own_lines(task, [(8.0, 7.0, 12.0, 10.0), (1.0, 7.0, 4.0, 9.0)], [0, 0], [-1, -1])


def test_a_room_has_a_door_where_a_column_leaves_room_beside_it() -> None:
    assert doorless(_room()) == ()
    assert doorless(_room((8.5, 6.3))) == ()


def test_columns_behind_every_door_leave_a_room_without_one() -> None:
    row = [(x, 7.6) for x in (8.8, 9.7, 10.6, 11.5)]
    assert doorless(_room(*row, (8.5, 8.4), (8.5, 9.4))) == (0,)
