"""A weight of hallplan.toml moves its own part of the score down, in a hall where the parts pull against each other."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from shapely.geometry import LineString, box

from hallplan.model.programme import Adjacency, VisitorKind
from hallplan.model.site import Obstacle, ObstacleKind
from hallplan.place import place_zones
from hallplan.settings import Placement, Settings
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme

PARTS = {
    "walking": "visitor_metres_per_day", "adjacency": "adjacency", "area": "area_deviation_m2", "daylight": "daylight_m",
    "walls": "moved_walls_m", "staff": "staff_metres_per_day", "compact": "compactness_m",
}  # fmt: skip


@cache
def parts(weight: str, factor: float) -> dict[str, float]:
    """Returns by part of the score its value in the best layout of a hall of 20 × 14 m whose glazing is in the north and in the
    middle of which a partition stands, entered from the south.

    Those who stay wish for the windows, those who walk for the door, staff for theirs in the east, a pair for each other across the hall.
    """
    site = hall(20, 14)
    wall = Obstacle("partition-1", ObstacleKind.WALL, box(5.0, 3.9, 15.0, 4.1), False)
    floor = replace(site.floors[0], glazing=(LineString([(1, 14), (19, 14)]),), obstacles=(wall,))
    stay = replace(make_zone("wait-1", 40), wants_daylight=True)
    zones = (
        stay,
        make_zone("form-1", 20),
        make_zone("guide-1", 12),
        replace(make_zone("records-1", 20), wants_daylight=True),
    )
    walks = (
        VisitorKind("a", "a", ("door:main", "wait-1", "form-1", "door:main"), 400.0),
        VisitorKind("b", "b", ("door:main", "guide-1", "door:main"), 400.0),
        VisitorKind("c", "c", ("door:staff", "records-1"), 200.0, "staff"),
    )
    wishes = (Adjacency("wait-1", "guide-1", -2.0), Adjacency("form-1", "records-1", 3.0))
    wanted = replace(programme(*zones), visitors=walks, adjacencies=wishes)
    wish = Placement(effort="quick", alternatives=1)
    wish = wish.model_copy(update={weight: factor * getattr(wish, weight)})
    layout = place_zones(replace(site, floors=(floor,)), wanted, Settings(place=wish), jobs=2)[0]
    return {part.id: part.value for part in layout.parts}


@pytest.mark.slow
@pytest.mark.parametrize("weight", list(PARTS))
def test_a_heavy_weight_moves_its_own_part_down(weight: str) -> None:
    """Ten times the weight against a tenth of it; from one to ten times a quick search may stay where it is."""
    light, heavy = (parts(weight, factor)[PARTS[weight]] for factor in (0.1, 10.0))
    assert heavy < light
