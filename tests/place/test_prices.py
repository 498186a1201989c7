"""What a wish of the user costs the others: a region far from the door costs the walks there, a pair that lies together anyway little."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry import box

from hallplan.model.programme import Region, VisitorKind
from hallplan.place import place_zones
from hallplan.settings import Placement, Settings
from hallplan.terms import speaking
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme

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


def test_who_told_no_wish_is_told_no_price() -> None:
    wanted = programme(make_zone("form-1", 10), make_zone("wait-1", 16))
    layout = place_zones(hall(20, 12), wanted, Settings(place=Placement(effort="quick", alternatives=1)), jobs=1)[0]
    assert layout.prices == ()
