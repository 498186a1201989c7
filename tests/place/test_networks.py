"""The ways of visitors and of staff keep apart where there is a way round, in the model and in compiled code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hallplan.model.programme import VisitorKind
from hallplan.model.site import ObstacleKind, OpeningRole, VerticalLink
from hallplan.place.bits import columns_of
from hallplan.place.networks import all_networks, networks, staff_crossing, staff_metres
from hallplan.place.score import on_own_lines
from hallplan.place.standing import is_whole, standing
from hallplan.place.state import State, reached
from hallplan.place.task import make_task
from hallplan.place.ways import trace_ways
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import door, make_zone
from tests.place.looked import ways_seen
from tests.place.test_bad_input import hall, programme


def laid(west_m: float) -> State:
    """Returns an office amid a hall of 20 × 12 m, its staff come from the east; a play area north of it, the entrance south. The way
    past the office is shorter in the east. west_m: how far the waiting area in the west leaves floor beside the office.
    """
    zones = make_zone("back_office-1", 45), make_zone("child-1", 4), make_zone("wait-1", 20)
    task = make_task(hall(20, 12), programme(*zones), score_weights(Settings()), [], [])
    rects = [(5.0, 4.0, 14.0, 9.0), (10.0, 10.4, 12.0, 12.0), (0.0, 4.0, 5.0 - west_m, 9.0)]
    return on_own_lines(task, rects, [0, 0, 0], [-1, -1, -1])


def test_visitors_go_round_the_way_of_the_staff_where_they_can() -> None:
    state = laid(west_m=2.0)
    plain, found = reached(state, 0), networks(state, 0)
    assert plain is not None
    assert found is not None
    assert (plain.public_ways & found.own).any()
    assert not found.shared.any()
    assert staff_crossing(state) == (0.0, ())


def test_where_there_is_one_way_only_it_is_shared_and_the_zone_named() -> None:
    metres, zones = staff_crossing(laid(west_m=0.6))
    assert metres == pytest.approx(2.0, abs=1.0)
    assert zones == (0,)


@pytest.mark.parametrize("west_m", [0.6, 2.0])
def test_compiled_code_finds_the_same(west_m: float) -> None:
    state = laid(west_m)
    shared, _, look = ways_seen(state)
    assert shared == pytest.approx(staff_crossing(state)[0])
    assert tuple(np.flatnonzero(look.now.crossing)) == staff_crossing(state)[1]


def by_a_door(role: OpeningRole) -> State:
    """The office of `laid`, nothing north of it but a door: on the only way there staff come in."""
    site = hall(20, 12)
    (floor,) = site.floors
    other = door("D3", role, (16.0, 12.15), (17.5, 12.15), 270)
    site = replace(site, floors=(replace(floor, openings=(*floor.openings, other)),))
    zones = make_zone("back_office-1", 45), make_zone("wait-1", 20)
    task = make_task(site, programme(*zones), score_weights(Settings()), [], [])
    return on_own_lines(task, [(5.0, 4.0, 14.0, 9.0), (0.0, 4.0, 4.4, 9.0)], [0, 0], [-1, -1])


def test_staff_may_come_by_the_way_to_an_exit_that_nobody_takes_day_by_day() -> None:
    state = by_a_door(OpeningRole.FIRE)
    found = networks(state, 0)
    assert found is not None
    assert (found.reach.exit_ways & found.own).any()
    assert staff_crossing(state) == (0.0, ())
    assert ways_seen(state)[0] == 0.0


def test_staff_cross_those_who_come_in_by_a_second_entrance() -> None:
    state = by_a_door(OpeningRole.SECOND)
    metres, zones = staff_crossing(state)
    assert zones == (0,)
    assert metres > 1.0
    assert ways_seen(state)[0] == pytest.approx(metres)


@pytest.mark.parametrize("role", [OpeningRole.SECOND, OpeningRole.FIRE])
@pytest.mark.parametrize(("east_m", "is_open"), [(9.2, False), (7.8, True)])
def test_no_zones_shut_off_a_second_entrance_or_an_exit(east_m: float, is_open: bool, role: OpeningRole) -> None:
    site = hall(20, 12)
    (floor,) = site.floors
    other = door("D3", role, (9.4, 12.15), (10.9, 12.15), 270)
    site = replace(site, floors=(replace(floor, openings=(*floor.openings, other)),))
    zones = make_zone("wait-1", 9), make_zone("wait-2", 9), make_zone("child-1", 2)
    task = make_task(site, programme(*zones), score_weights(Settings()), [], [])
    # the play area shuts the floor before the door off, or leaves a way between it and the waiting area in the west
    rects = [(6.0, 9.0, east_m, 12.0), (11.0, 9.0, 14.0, 12.0), (9.2, 9.2, 11.0, 10.6)]
    state = on_own_lines(task, rects, [0, 0, 0], [-1, -1, -1])
    assert standing(state, 0).is_open is is_open
    assert is_whole(state, 0) is is_open


def test_a_second_entrance_that_staff_come_in_by_is_theirs() -> None:
    (floor,) = hall(20, 12).floors
    second = door("D3", OpeningRole.SECOND, (16.0, 12.15), (17.5, 12.15), 270)
    assert replace(floor, openings=(*floor.openings, second)).second_entrances == (second,)
    assert replace(floor, openings=(floor.openings[0], second)).second_entrances == ()


def manned(*kinds: VisitorKind, west_m: float = 2.0) -> State:
    """The hall of `laid` with walks of its staff, who come in at (20, 6.5)."""
    zones = make_zone("back_office-1", 45), make_zone("child-1", 4), make_zone("wait-1", 20), make_zone("records-1", 12)
    wanted = replace(programme(*zones), visitors=kinds)
    task = make_task(hall(20, 12), wanted, score_weights(Settings()), [], [])
    rects = [(5.0, 4.0, 14.0, 9.0), (10.0, 10.4, 12.0, 12.0), (0.0, 4.0, 5.0 - west_m, 9.0), (16.0, 9.0, 20.0, 12.0)]
    return on_own_lines(task, rects, [0] * 4, [-1] * 4)


def of_staff(id: str, *chain: str) -> VisitorKind:
    return VisitorKind(id, id, chain, 10.0, "staff")


def test_staff_walk_from_their_door_to_the_office_and_from_there_on() -> None:
    """The office begins 6 m west of the door, the archive 2 m from the office and 2.5 m north of the door."""
    to_office = manned(of_staff("a", "door:staff", "back_office-1"))
    assert staff_metres(to_office, all_networks(to_office)) == pytest.approx(10 * (6.0 - 1.2), abs=10.0)
    on = manned(of_staff("a", "back_office-1", "records-1"))
    assert staff_metres(on, all_networks(on)) == pytest.approx(10 * 2.0, abs=15.0)
    both = manned(of_staff("a", "door:staff", "back_office-1", "records-1"))
    parts = [staff_metres(state, all_networks(state)) for state in (to_office, on)]
    assert staff_metres(both, all_networks(both)) == pytest.approx(sum(parts))


def test_floor_between_their_door_and_where_staff_are_sent_from_an_office_is_theirs() -> None:
    state = manned(of_staff("a", "door:staff", "back_office-1", "records-1"))
    (found,) = all_networks(state)
    assert found is not None
    (grid,) = state.task.grids
    x, y = (int(np.searchsorted(line, at)) - 1 for line, at in ((grid.xs, 19.5), (grid.ys, 8.5)))
    assert found.own[x, y]
    assert not found.shared.any()
    _, _, look = ways_seen(state)
    own, stood = columns_of(found.own), look.now.stood[0]
    assert not (stood & own).any()
    assert (stood & columns_of(found.public & ~found.own) != 0).any()


def _errands(state: State) -> float:
    return ways_seen(state)[1]


@pytest.mark.parametrize("west_m", [0.6, 2.0])
def test_compiled_code_walks_as_far_from_the_door_and_no_farther_from_an_office(west_m: float) -> None:
    walks = of_staff("a", "door:staff", "back_office-1"), of_staff("b", "door:staff", "records-1")
    state = manned(*walks, west_m=west_m)
    price = state.task.weights.staff
    assert _errands(state) == pytest.approx(price * staff_metres(state, all_networks(state)), rel=0.02)
    assert _errands(state) > 0.0
    on = manned(of_staff("a", "back_office-1", "records-1"), west_m=west_m)
    assert _errands(on) == pytest.approx(price * 10 * (2.0 - 1.2), abs=0.002)
    assert _errands(on) <= price * staff_metres(on, all_networks(on)) + 1e-9


def test_a_walk_over_a_toll_is_as_long_as_it_is() -> None:
    """Where there is one way only, staff share it; they walk its length, not what it counts as."""
    kinds = of_staff("a", "door:staff", "back_office-1")
    near, apart = (manned(kinds, west_m=west) for west in (0.6, 2.0))
    metres = [staff_metres(state, all_networks(state)) for state in (near, apart)]
    assert metres[0] == pytest.approx(metres[1], abs=20.0)


def test_a_change_of_floor_counts_for_staff_too() -> None:
    below, above = (replace(hall(20, 12).floors[0], id=f"F{n}", level=n) for n in (1, 2))
    stair = VerticalLink("L", ObstacleKind.STAIR, (18.0, 6.0))
    floors = replace(below, links=(stair,)), replace(above, links=(stair,), openings=())
    wanted = replace(programme(make_zone("records-1", 12)), visitors=(of_staff("a", "door:staff", "records-1"),))
    task = make_task(replace(hall(20, 12), floors=floors), wanted, score_weights(Settings()), [], [])
    states = [on_own_lines(task, [(10.0, 2.0, 14.0, 5.0)], [floor], [-1]) for floor in (0, 1)]
    metres = [staff_metres(state, all_networks(state)) for state in states]
    assert metres[1] - metres[0] == pytest.approx(10 * 18.0, abs=60.0)
    for state, expected in zip(states, metres, strict=True):
        assert _errands(state) == pytest.approx(task.weights.staff * expected, rel=0.02)


def visitors(*chain: str) -> VisitorKind:
    return VisitorKind("visitors", "visitors", chain, 50.0)


@pytest.mark.parametrize("kinds", [(), (visitors("child-1", "convenience-1"),)])
def test_visitors_who_walk_from_zone_to_zone_are_crossed_too(kinds: tuple[VisitorKind, ...]) -> None:
    """The hall of `laid`: visitors from the entrance are led past the office in the west, those who come from the play area in the north
    walk on to the south-east the shorter way, between the office and the door of its staff."""
    zones = (
        make_zone("back_office-1", 45),
        make_zone("child-1", 4),
        make_zone("wait-1", 15),
        make_zone("convenience-1", 12),
    )
    task = make_task(hall(20, 12), replace(programme(*zones), visitors=kinds), score_weights(Settings()), [], [])
    rects = [(5.0, 4.0, 14.0, 9.0), (10.0, 10.4, 12.0, 12.0), (0.0, 4.0, 3.0, 9.0), (16.0, 0.0, 20.0, 3.0)]
    state = on_own_lines(task, rects, [0] * 4, [-1] * 4)
    metres, crossing = staff_crossing(state)
    assert crossing == ((0,) if kinds else ())
    assert (1.0 < metres < 10.0) if kinds else metres == 0.0
    shared, _, look = ways_seen(state)
    assert shared == pytest.approx(metres)
    assert tuple(np.flatnonzero(look.now.crossing)) == crossing


def two_doors(*kinds: VisitorKind, between: str, rect: tuple[float, float, float, float]) -> State:
    """Returns a hall of 20 × 12 m into which staff come in the east, to the office, and in the west, to the archive.

    between: a zone that lies between these.
    """
    (floor,) = hall(20, 12).floors
    west = door("D3", OpeningRole.STAFF, (-0.15, 6.0), (-0.15, 7.0), 0)
    site = replace(hall(20, 12), floors=(replace(floor, openings=(*floor.openings, west)),))
    zones = (
        make_zone("back_office-1", 16),
        make_zone("records-1", 16),
        make_zone(between, (rect[2] - rect[0]) * (rect[3] - rect[1])),
    )
    task = make_task(site, replace(programme(*zones), visitors=kinds), score_weights(Settings()), [], [])
    rects = [(16.0, 8.0, 20.0, 12.0), (0.0, 8.0, 4.0, 12.0), rect]
    return on_own_lines(task, rects, [0] * 3, [-1] * 3)


@pytest.mark.parametrize(
    ("between", "rect", "least_m", "most_m"),
    [
        pytest.param("child-1", (9.0, 10.4, 11.0, 12.0), 1.0, 3.0, id="over the way of visitors"),
        pytest.param("entrance-1", (8.0, 0.0, 12.0, 12.0), 3.9, 4.5, id="through a zone that visitors walk through"),
        pytest.param("child-1", (12.0, 0.0, 14.0, 12.0), 13.2, 13.2, id="where no ground joins them"),
    ],
)  # fmt: skip
def test_staff_cross_on_the_way_from_an_office(
    between: str, rect: tuple[float, float, float, float], least_m: float, most_m: float
) -> None:
    """Each by a door of their own they do not; from the office to the archive, 12 m off, they must."""
    by_door = of_staff("a", "door:staff", "back_office-1"), of_staff("b", "door:staff", "records-1")
    assert staff_crossing(two_doors(*by_door, between=between, rect=rect)) == (0.0, ())
    state = two_doors(of_staff("a", "door:staff", "back_office-1", "records-1"), between=between, rect=rect)
    metres, crossing = staff_crossing(state)
    assert least_m - 1e-6 <= metres <= most_m + 1e-6
    assert crossing == (1,)
    assert trace_ways(state).is_whole  # so that exact coordinates come about
    shared, _, look = ways_seen(state)
    assert shared == pytest.approx(metres)
    assert tuple(np.flatnonzero(look.now.crossing)) == crossing
