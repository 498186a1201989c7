"""Upstairs visitors come by lift and staff by a stair of their own, where one lies apart from the lift."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import MultiPolygon, box

from hallplan.model.site import Floor, Obstacle, ObstacleKind, OpeningRole, VerticalLink
from hallplan.place.breaches import breaches
from hallplan.place.entrances import sources
from hallplan.place.grid import make_grid
from hallplan.place.score import on_own_lines
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from hallplan.terms import speaking
from tests.builders import door, make_zone
from tests.place.test_bad_input import programme
from tests.place.test_place import _floor, _site

LIFT, STAIR = ObstacleKind.LIFT, ObstacleKind.STAIR


def upstairs(*cores: tuple[ObstacleKind, float, float]) -> Floor:
    """Returns an upper floor of 30 × 12 m with cores of 2 × 2 m, each with its door in the south: their kinds and corners."""
    inside, links, stand, doors = box(0, 0, 30, 12), [], [], []
    for n, (kind, x, y) in enumerate(cores, 1):
        core = box(x, y, x + 2, y + 2)
        inside = inside.difference(core.buffer(0.15, join_style="mitre"))
        links.append(VerticalLink(f"{kind}-{n}", kind, (x + 1, y + 1)))
        stand.append(Obstacle(f"{kind}-{n}", kind, core))
        doors.append(
            replace(door(f"D{n}", OpeningRole.ROOM, (x + 0.5, y - 0.1), (x + 1.5, y - 0.1), 90), is_exterior=False)
        )
    floor = _floor("F2", box(0, 0, 30, 12), tuple(doors))
    return replace(floor, level=2, usable=MultiPolygon([inside]), links=tuple(links), obstacles=tuple(stand))


def test_staff_come_up_by_the_stair_away_from_the_lift_to_the_floor_before_its_door() -> None:
    floor = upstairs((LIFT, 2, 10), (STAIR, 26, 6))
    public, staff, _ = sources(floor)
    assert public == ((3.0, 11.0),)
    assert staff == ((pytest.approx(27.0), pytest.approx(6 - 0.1 - 0.9)),)
    grid = make_grid(floor, 0.6)
    assert grid.staff_seeds == staff
    assert grid.public_seeds == public


@pytest.mark.parametrize(
    "cores", [((LIFT, 2, 10), (STAIR, 6, 10)), ((STAIR, 2, 10), (STAIR, 26, 6)), ((STAIR, 2, 10),)]
)
def test_a_stair_beside_the_lift_or_one_that_visitors_take_is_shared(
    cores: tuple[tuple[ObstacleKind, float, float], ...],
) -> None:
    grid = make_grid(upstairs(*cores), 0.6)
    assert grid.staff_seeds == grid.public_seeds


def laid(*cores: tuple[ObstacleKind, float, float]) -> State:
    """Returns an office and a waiting area beside each other upstairs."""
    task = make_task(
        _site(upstairs(*cores)), programme(make_zone("back_office-1", 30), make_zone("wait-1", 30)), score_weights(Settings()), [], []
    )  # fmt: skip
    return on_own_lines(task, [(15.0, 0.0, 21.0, 5.0), (6.0, 0.0, 12.0, 5.0)], [0, 0], [-1, -1])


def test_with_a_stair_of_their_own_staff_keep_off_the_ways_of_visitors() -> None:
    assert [
        one.constraint for one in breaches(laid((LIFT, 2, 9.8), (STAIR, 26, 6))) if one.constraint == "staff_crossing_m"
    ] == []


def test_with_one_stair_it_is_shared_and_said_so() -> None:
    with speaking("en"):
        found = [one for one in breaches(laid((STAIR, 2, 9.8))) if one.constraint == "staff_crossing_m"]
    assert len(found) == 1
    assert "no staff door, or stair, to" in found[0].why


def test_people_come_from_a_stair_by_its_door_and_from_its_middle_where_none_is_drawn() -> None:
    floor = upstairs((STAIR, 26, 6))
    (stair,) = floor.links
    assert floor.landing(stair) == (pytest.approx(27.0), pytest.approx(5.0))
    assert replace(floor, openings=()).landing(stair) == stair.at
