"""Cases are dealt to the office that staff come to without meeting visitors, as far as its desks go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import MultiPolygon, box

from hallplan.model.programme import Adjacency, CounterForm, Holding, Programme, VisitorKind
from hallplan.model.reviews import reviews_of
from hallplan.model.site import Floor, Frame, OpeningRole, Site
from hallplan.place.networks import all_networks, staff_crossing, staff_metres
from hallplan.place.reviewing import redealt, reviewed, undealt
from hallplan.place.score import on_own_lines, score_parts
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from hallplan.units import Unit
from tests.builders import door, make_zone

WEST, EAST = "window_general-1", "window_general-2"
RECTS = {
    WEST: (0.0, 10.0, 9.6, 14.4),
    EAST: (14.4, 10.0, 24.0, 14.4),
    "back_office-1": (0.0, 16.0, 8.4, 20.0),
    "back_office-2": (15.6, 16.0, 24.0, 20.0),
    "child-1": (10.8, 16.8, 13.2, 20.0),
}
CROSSED = {WEST: "back_office-2", EAST: "back_office-1"}
STRAIGHT = {WEST: "back_office-1", EAST: "back_office-2"}


def laid(
    dealt: dict[str, str],
    desks: tuple[int, int] = (5, 5),
    loads: tuple[float, float] = (4.5, 4.5),
    wishes: tuple[Adjacency, ...] = (),
) -> State:
    """Two counters with an office behind each, and between them the way of visitors to a play area in the north; staff come in beside
    either office.  dealt: which office reviews for which counter in the programme.
    """
    usable = box(0, 0, 24, 20)
    doors = (
        door("D1", OpeningRole.MAIN, (11.0, -0.15), (13.0, -0.15), 90),
        door("S1", OpeningRole.STAFF, (8.6, 20.15), (9.8, 20.15), 270),
        door("S2", OpeningRole.STAFF, (14.2, 20.15), (15.4, 20.15), 270),
    )
    floor = Floor(
        "F1", "F1", 1, Frame(), usable.buffer(0.3, join_style="mitre"), MultiPolygon([usable]), openings=doors
    )
    site = Site("plan.dxf", "AC1024", "utf-8", Unit.MM, (floor,))
    forms = (CounterForm("straight", 9.2, 4.3),)
    zones = []
    for id, (x0, y0, x1, y1) in RECTS.items():
        more: dict[str, object] = {}
        if id in dealt:
            more = {"forms": forms, "windows": (f"A{id[-1]}",), "reviewers": loads[id == EAST]}
        if id.startswith("back"):
            more = {"holdings": (Holding("desk", desks[id.endswith("2")]),), "is_enclosed": False}
        zones.append(make_zone(id, (x1 - x0) * (y1 - y0), **more))
    staff = (VisitorKind(f"staff-{c}", c, ("door:staff", o, c), 10.0, "staff") for c, o in dealt.items())
    visitors = VisitorKind("v", "v", ("door:main", "child-1"), 100.0)
    programme = Programme(tuple(zones), wishes, (visitors, *staff), 100.0, 480.0, 1.0)
    task = make_task(site, programme, score_weights(Settings()), [], [])
    fronts = [3 if zone.forms else -1 for zone in zones]
    return on_own_lines(task, list(RECTS.values()), [0] * len(zones), fronts)


def test_staff_are_dealt_to_the_office_behind_them() -> None:
    crossed = laid(CROSSED)
    found = reviewed(crossed)
    assert reviews_of(found.task.programme) == STRAIGHT
    assert staff_crossing(crossed)[0] > 1.0
    assert staff_crossing(found) == (0.0, ())
    assert staff_metres(found, all_networks(found)) < staff_metres(crossed, all_networks(crossed))


def test_it_is_the_score_of_a_programme_that_deals_so() -> None:
    assert score_parts(reviewed(laid(CROSSED))) == score_parts(laid(STRAIGHT))


def test_what_is_dealt_well_stays_as_it_is_and_so_does_what_is_dealt_once() -> None:
    straight = laid(STRAIGHT)
    assert reviewed(straight) is straight
    once = reviewed(laid(CROSSED))
    assert reviewed(once) is once


def test_an_office_takes_no_more_cases_than_its_desks() -> None:
    # the west counter brings eight desks' cases: none but the east office has so many
    far = laid(CROSSED, desks=(5, 8), loads=(8.0, 4.5))
    assert reviewed(far) is far


def test_a_counter_that_the_user_wants_by_an_office_stays_with_it() -> None:
    told = laid(CROSSED, wishes=(Adjacency("back_office-2", WEST, 12.0),))
    assert reviewed(told) is told


def test_a_counter_that_the_user_wants_apart_from_an_office_does_not_go_there() -> None:
    told = laid(CROSSED, wishes=(Adjacency("back_office-1", WEST, -12.0),))
    assert dict(reviews_of(reviewed(told).task.programme))[WEST] == "back_office-2"


def test_a_bound_counts_no_wish_that_another_deal_would_be_without() -> None:
    wishes = (Adjacency("back_office-2", WEST, 3.0), Adjacency("back_office-2", "child-1", 1.0))
    task = laid(CROSSED, wishes=wishes).task
    assert sorted(undealt(task).wishes.values()) == [1.0]


def test_only_what_is_dealt_otherwise_than_the_programme_is_told() -> None:
    crossed, straight = laid(CROSSED), laid(STRAIGHT)
    assert redealt(crossed.task, crossed.task) == ()
    assert redealt(crossed.task, reviewed(crossed).task) == tuple(sorted(STRAIGHT.items()))
    assert redealt(straight.task, reviewed(straight).task) == ()


@pytest.mark.parametrize("gone", ["back_office-1", "child-1"])
def test_a_layout_that_lacks_a_zone_is_left_alone(gone: str) -> None:
    state = laid(CROSSED)
    state.take([spec.zone.id for spec in state.task.specs].index(gone))
    assert reviewed(state) is state


def test_one_office_leaves_nothing_to_deal() -> None:
    state = laid({WEST: "back_office-1", EAST: "back_office-1"})
    one = replace(state.task, specs=tuple(_without_desks(spec) for spec in state.task.specs))
    alone = replace(state, task=one)
    assert reviewed(alone) is alone


def _without_desks(spec):  # type: ignore[no-untyped-def]
    return replace(spec, zone=replace(spec.zone, holdings=())) if spec.zone.id == "back_office-2" else spec
