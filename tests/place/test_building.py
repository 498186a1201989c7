"""What a layout asks of the building: walls moved, the walk to the nearest way out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import box

from hallplan.model.site import Obstacle, ObstacleKind, Site
from hallplan.place.board import board_of, lay_of
from hallplan.place.building import corner_walks, escape_excess, moved_walls
from hallplan.place.score import on_own_lines
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.walked import escape_over
from hallplan.place.weights import score_weights
from hallplan.settings import Rules, Settings
from tests.builders import make_programme, make_zone
from tests.place.test_bad_input import hall, programme
from tests.place.test_place import _township


def state(site: Site, *, is_enclosed: bool) -> State:
    """Returns one zone of 3 × 4 m in the middle of the 15 × 10 m station."""
    zone = replace(make_zone("meeting-1", 12), is_enclosed=is_enclosed)
    programme = replace(make_programme(), zones=(zone,), adjacencies=(), visitors=())
    task = make_task(site, programme, score_weights(Settings()), [], [])
    return on_own_lines(task, [(6.0, 4.0, 9.0, 8.0)], [0], [-1])


def with_wall(x: float) -> Site:
    """Returns the station with a removable wall of 10 cm across it at x."""
    site, _ = _township()
    wall = Obstacle("W1", ObstacleKind.WALL, box(x - 0.05, 0.0, x + 0.05, 10.0), is_fixed=False)
    return replace(site, floors=(replace(site.floors[0], obstacles=(wall,)),))


def test_a_room_in_the_middle_needs_all_its_walls() -> None:
    """2 × (3 + 4) m."""
    assert moved_walls(state(_township()[0], is_enclosed=True)) == pytest.approx(14.0)


def test_an_open_zone_needs_none() -> None:
    assert moved_walls(state(_township()[0], is_enclosed=False)) == 0.0


def test_a_wall_within_a_zone_comes_down() -> None:
    """The wall runs 4 m through the zone, 0.2 m of which stand at each side."""
    assert moved_walls(state(with_wall(7.5), is_enclosed=False)) == pytest.approx(3.6, rel=0.02)


def test_a_wall_along_a_room_is_used() -> None:
    """One side of 4 m stands, with 0.2 m of each side beside it; the wall is 0.1 m thick."""
    assert moved_walls(state(with_wall(6.0), is_enclosed=True)) == pytest.approx(14.0 - 4.0 - 2 * 0.25, abs=0.02)


def test_the_walk_to_a_way_out_counts_above_its_limit_only() -> None:
    placed = state(_township()[0], is_enclosed=False)
    assert escape_excess(placed, 30.0) == 0.0
    assert escape_excess(placed, 5.0) > 0.0


def test_a_longer_limit_is_exceeded_by_less() -> None:
    placed = state(_township()[0], is_enclosed=False)
    assert escape_excess(placed, 4.0) == pytest.approx(escape_excess(placed, 5.0) + 1.0)


def walks_out(*zones: tuple[str, tuple[float, float, float, float], bool]) -> dict[str, float]:
    """Returns how far the farthest corner of each of some zones is from a way out of a hall of 20 × 12 m, its entrance in the middle of
    the south, a staff door in the east; of each its id, rectangle and whether walls enclose it."""
    made = [make_zone(id, (x1 - x0) * (y1 - y0), is_enclosed=walled) for id, (x0, y0, x1, y1), walled in zones]
    near = score_weights(Settings(rules=Rules(parameters={"egress_travel": 4.0})))
    task = make_task(hall(20, 12), programme(*made), near, [], [])
    placed = on_own_lines(task, [rect for _, rect, _ in zones], [0] * len(zones), [-1] * len(zones))
    board, limit = board_of(placed.task), task.weights.escape_m
    assert escape_excess(placed, limit) > 1.0
    assert escape_over(board, lay_of(placed, board), 0) == pytest.approx(escape_excess(placed, limit))
    return {task.specs[z].zone.id: metres for z, metres in corner_walks(placed, 0).items()}


def test_visitors_do_not_leave_by_the_door_of_the_staff() -> None:
    """A waiting area and an office beside the staff door, 10 m and more from the entrance."""
    east = (16.0, 8.5, 20.0, 12.0), (16.0, 0.0, 20.0, 3.5)
    found = walks_out(("wait-1", east[0], False), ("back_office-1", east[1], False))
    assert found["back_office-1"] < 9.0
    assert found["wait-1"] > 13.0


@pytest.mark.parametrize("is_enclosed", [True, False])
def test_staff_do_not_leave_through_rooms_of_other_staff(is_enclosed: bool) -> None:
    """An office in the far corner behind another that reaches from wall to wall but for a way in the west."""
    found = walks_out(
        ("back_office-1", (12.0, 10.8, 20.0, 12.0), True), ("back_office-2", (1.4, 7.2, 20.0, 9.5), is_enclosed)
    )
    assert (found["back_office-1"] > 25.0) == is_enclosed
