"""What a wish of the user costs the others: a region far from the door costs the walks there, a pair that lies together anyway little."""

from __future__ import annotations

import math
from dataclasses import replace

from shapely.geometry import box

from hallplan.model.programme import Adjacency, Region, Sightline, VisitorKind
from hallplan.place import place_zones
from hallplan.place.prices import wish_prices
from hallplan.place.search import Clock, empty_state, never
from hallplan.place.starts import Starts, fullest
from hallplan.place.task import make_task
from hallplan.place.weights import budget, score_weights
from hallplan.settings import Placement, Settings
from hallplan.terms import speaking
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme

CORNERS = [16.5, 9.0, 20.0, 12.0]
FAR = Region("F1", box(15.0, 8.0, 20.0, 12.0), False)


def test_a_region_far_from_the_door_costs_the_walks_there_and_back() -> None:
    """1,000 people a day walk some 10 m more each way, a point a thousand metres: without it they would not."""
    walk = VisitorKind("v", "v", ("door:main", "form-1", "door:main"), 1000.0)
    wanted = programme(replace(make_zone("form-1", 10), regions=(FAR,)), make_zone("wait-1", 16))
    wanted = replace(wanted, visitors=(walk,))
    wish = Placement(effort="quick", alternatives=1, together=[["form-1", "wait-1"]])
    with speaking("en"):
        layout = place_zones(hall(20, 12), wanted, Settings(place=wish), jobs=1)[0]
    prices = {price.wish: price.points for price in layout.prices}
    assert prices["form-1 and wait-1 together"] >= 0.0
    assert next(points for words, points in prices.items() if "regions" in words) > 5.0


def test_a_lock_far_from_the_door_costs_the_walks_there_and_back() -> None:
    walk = VisitorKind("v", "v", ("door:main", "form-1", "door:main"), 1000.0)
    wanted = programme(replace(make_zone("form-1", 10), fixed_area=box(16.5, 9.0, 20.0, 12.0)), make_zone("wait-1", 16))
    wanted = replace(wanted, visitors=(walk,))
    wish = Placement(effort="quick", alternatives=1, locked={"form-1": CORNERS})
    with speaking("en"):
        layout = place_zones(hall(20, 12), wanted, Settings(place=wish), jobs=1)[0]
    locks = [price.points for price in layout.prices if "locked" in price.wish]
    assert len(locks) == 1
    assert locks[0] > 5.0


def test_a_region_kept_before_the_door_costs_the_walks_past_it() -> None:
    """A band of 5 m along the wall of the door is kept free: the zone lies behind it, 5 m further each way for 1,000 a day."""
    walk = VisitorKind("v", "v", ("door:main", "form-1", "door:main"), 1000.0)
    wanted = replace(programme(make_zone("form-1", 10), make_zone("wait-1", 16)), visitors=(walk,))
    bare = hall(20, 12)
    kept = replace(bare, floors=(replace(bare.floors[0], keep_clear=(box(0, 0, 20, 5),)),))
    far = replace(bare, floors=(replace(bare.floors[0], keep_clear=(box(15, 9, 20, 12),)),))
    wish = Settings(place=Placement(effort="quick", alternatives=1))
    layout = place_zones(kept, wanted, wish, without={"band": bare}, jobs=1)[0]
    (price,) = layout.prices
    assert price.wish == "band"
    assert price.points > 3.0
    (price,) = place_zones(far, wanted, wish, without={"corner": bare}, jobs=1)[0].prices
    assert price.points < 1.0


def test_who_told_no_wish_is_told_no_price() -> None:
    wanted = programme(make_zone("form-1", 10), make_zone("wait-1", 16))
    layout = place_zones(hall(20, 12), wanted, Settings(place=Placement(effort="quick", alternatives=1)), jobs=1)[0]
    assert layout.prices == ()


def test_at_best_effort_the_wishes_of_the_data_have_a_price_each() -> None:
    """Of each pair of types as one, and not those that the user told."""
    wanted = programme(
        make_zone("form-1", 10), make_zone("wait-1", 16), make_zone("wait-2", 16), make_zone("guide-1", 8)
    )
    near = [
        Adjacency("guide-1", "form-1", 2.0),
        Adjacency("guide-1", "wait-1", 1.0),
        Adjacency("guide-1", "wait-2", 1.0),
    ]
    seen = (Sightline("door:main", ("guide-1",), 3.0),)
    wish = Placement(effort="best", alternatives=1, together=[["form-1", "wait-1"]])
    task = make_task(
        hall(20, 12),
        replace(wanted, adjacencies=tuple(near), sightlines=seen),
        score_weights(Settings(place=wish)),
        wish.together,
        [],
    )
    starts = Starts(task, budget("quick"), 0, Clock(never), 1).forced([empty_state(task, 0)], 0, 60)
    state = fullest(starts)
    assert state is not None
    with speaking("en"):
        prices = wish_prices(state, wish, 5, (1, never), math.inf)
    words = {price.wish for price in prices}
    assert words == {
        "form-1 and wait-1 together",
        "Form filling and Information and guidance together",
        "Information and guidance and Waiting together",
        "Information and guidance in sight from Main entrance",
    }
    assert all(price.points >= 0.0 for price in prices)
