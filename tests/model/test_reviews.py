"""A programme as a layout deals its reviews: walks, wishes and desks follow, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

from hallplan.model.programme import Adjacency, Holding, Programme, VisitorKind
from hallplan.model.reviews import as_reviewed, reviews_of
from tests.builders import make_zone

OFFICES = [
    make_zone(f"back_office-{n}", 60.0, holdings=(Holding("desk", desks), Holding("cabinet", 2)))
    for n, desks in ((1, 9), (2, 4))
]
COUNTERS = [
    make_zone(f"window_general-{n}", 50.0, windows=(f"A{n}",), reviewers=load)
    for n, load in ((1, 3.5), (2, 5.0), (3, 3.8))
]
DEALT = {"window_general-1": "back_office-1", "window_general-2": "back_office-1", "window_general-3": "back_office-2"}


def programme(wish: float = 3.0) -> Programme:
    walks = (VisitorKind(f"staff-{c}", c, ("door:staff", o, c), 8.0, "staff") for c, o in DEALT.items())
    visitors = VisitorKind("v", "v", ("door:main", "window_general-1"), 90.0)
    wishes = (Adjacency("back_office-1", "window_general-2", wish), Adjacency("back_office-1", "back_office-2", 1.0))
    return Programme((*OFFICES, *COUNTERS), wishes, (*walks, visitors), 100.0, 600.0, 1.0)


def desks(programme: Programme) -> list[int]:
    return [
        part.count
        for zone in programme.zones
        for part in zone.holdings
        if part.kind == "desk" and zone.type == "back_office"
    ]


def test_a_programme_tells_who_reviews_for_whom() -> None:
    assert reviews_of(programme()) == DEALT


def test_walks_wishes_and_desks_follow_the_deal() -> None:
    moved = as_reviewed(programme(), {"window_general-2": "back_office-2"})
    assert reviews_of(moved) == {**DEALT, "window_general-2": "back_office-2"}
    assert desks(moved) == [4, 9]
    assert moved.adjacencies[0] == Adjacency("back_office-2", "window_general-2", 3.0)
    assert moved.adjacencies[1] == programme().adjacencies[1]
    assert moved.visitors[-1] == programme().visitors[-1]
    assert [zone.holdings[1] for zone in moved.zones[:2]] == [Holding("cabinet", 2)] * 2


def test_the_deal_of_the_programme_changes_nothing_and_there_is_a_way_back() -> None:
    assert as_reviewed(programme(), DEALT) == programme()
    moved = as_reviewed(programme(), {"window_general-2": "back_office-2"})
    back = as_reviewed(moved, DEALT)
    assert reviews_of(back) == DEALT
    assert desks(back) == [9, 4]


def test_offices_and_counters_that_are_gone_are_left_out() -> None:
    asked = {"window_general-9": "back_office-1", "window_general-1": "back_office-7"}
    assert as_reviewed(programme(), asked) == programme()


def test_a_pair_that_the_user_wants_together_stays_one() -> None:
    moved = as_reviewed(programme(wish=12.0), {"window_general-2": "back_office-2"})
    assert moved.adjacencies == programme(wish=12.0).adjacencies


def test_an_office_that_reviews_nothing_keeps_its_desks() -> None:
    moved = as_reviewed(programme(), {"window_general-3": "back_office-1"})
    assert desks(moved) == [13, 4]
    assert [zone.basis for zone in moved.zones[:2]] == ["审批席位 13 个，每席 6.0 m²【估】", programme().zones[1].basis]


def test_a_pair_that_the_user_wants_apart_is_wished_near_by_nobody() -> None:
    told = replace(
        programme(), adjacencies=(*programme().adjacencies, Adjacency("back_office-2", "window_general-2", -12.0))
    )
    moved = as_reviewed(told, {"window_general-2": "back_office-2"})
    assert [wish.weight for wish in moved.adjacencies] == [1.0, -12.0]


def test_the_walk_of_a_counters_own_says_where_its_cases_go() -> None:
    led = VisitorKind("staff-gone", "", ("door:staff", "back_office-2", "window_general-1"), 8.0, "staff")
    both = replace(programme(), visitors=(*programme().visitors, led))
    assert reviews_of(both) == DEALT


def test_a_programme_without_walks_has_nothing_to_deal() -> None:
    assert as_reviewed(replace(programme(), visitors=()), DEALT).visitors == ()
