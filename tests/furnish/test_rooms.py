"""Small rooms hold what they are for."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import shapely
from shapely.geometry import box

from hallplan.furnish import furnish
from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Aisle, Layout
from hallplan.model.programme import Holding
from hallplan.model.site import Obstacle, ObstacleKind
from hallplan.settings import Settings
from hallplan.terms import read_data
from tests.builders import make_zone
from tests.furnish.halls import (
    empty_hall,
    faults,
    furnish_one,
    layout_of,
    programme_of,
    short_of,
    stands_on,
    window_plan,
)


def room(id: str, width: float, depth: float, *holdings: tuple[str, int], is_enclosed: bool) -> Layout:
    """Returns a room in the middle of an empty hall, its front to the south."""
    zone = make_zone(id, width * depth, holdings=tuple(Holding(kind, count) for kind, count in holdings))
    zone = replace(zone, is_enclosed=is_enclosed)
    return furnish_one(zone, box(20.0, 20.0, 20.0 + width, 20.0 + depth), 270.0, window_plan())


@pytest.mark.parametrize(("width", "depth"), [(2.8, 5.65), (5.65, 2.8), (3.4, 4.6), (3.2, 3.2)])
def test_a_meeting_room_holds_its_table_either_way_round(width: float, depth: float) -> None:
    layout = room("meeting-1", width, depth, ("meeting_table", 1), is_enclosed=True)
    assert short_of(layout, "meeting_table") == 0
    assert faults(empty_hall(), layout) == []


def test_a_table_does_not_part_a_narrow_room() -> None:
    """A body's width, 0.6 m, is left beside it from one end of the room to the other (GB 55037-2022 7.1), past a column
    too; a wall leaves 2.69 m, the table with chairs along the room takes 2.5."""
    area, built = box(15.96, 3.05, 18.85, 9.4), [box(16.7, 8.3, 17.3, 8.9), box(15.86, 2.95, 16.11, 9.5)]
    zone = replace(make_zone("meeting-1", area.area, holdings=(Holding("meeting_table", 1),)), is_enclosed=True)
    site = empty_hall(*(Obstacle(f"C{n}", ObstacleKind.COLUMN, one) for n, one in enumerate(built)))
    way = Aisle("M1", "F1", "public", box(18.85, 1.0, 22.0, 12.0), 3.15, "main")
    layout = furnish(
        site, programme_of(zone), window_plan(), layout_of(("meeting-1", area, 0.0), aisles=(way,)), Settings()
    )
    (table,) = layout.of_kind("meeting_table")
    free = (
        area.buffer(-0.05, join_style="mitre").difference(shapely.union_all([*built, stands_on(table)])).buffer(-0.295)
    )
    assert [part.area > 0.3 for part in shapely.get_parts(free)].count(True) == 1


def test_a_nursing_room_of_9_m2_holds_sofa_care_table_and_basin() -> None:
    layout = room("nursing-1", 3.0, 3.0, ("care_table", 1), ("sofa", 1), is_enclosed=True)
    assert {piece.kind for piece in layout.furniture} >= {"sofa", "care_table", "basin"}
    assert faults(empty_hall(), layout) == []


@pytest.mark.parametrize(("width", "depth"), [(3.4, 3.4), (3.4, 3.6), (5.0, 3.4), (3.6, 4.5), (6.0, 5.0)])
def test_toilets_hold_an_accessible_cubicle_others_and_a_basin_from_their_least_size_on(
    width: float, depth: float
) -> None:
    """Rooms of 3.0 m as the side have no room for the turning circle between their walls: the accessible cubicle was left out."""
    layout = room("toilet-1", width, depth, is_enclosed=True)
    assert {piece.kind for piece in layout.furniture} == {"toilet_accessible", "toilet_cubicle", "basin"}
    assert layout.shortfalls == ()
    assert faults(empty_hall(), layout) == []
    assert min(width, depth) >= zone_types()["toilet"].min_side_m


@pytest.mark.parametrize("count", [3, 5, 12])
@pytest.mark.parametrize("aspect", [0.4, 0.62, 1.0, 1.25, 1.6, 2.0, 2.5])
def test_a_form_zone_holds_all_desks_from_its_least_area_on(count: int, aspect: float) -> None:
    """At 2.8 m² a desk one in eight was left out."""
    m2 = count * contents("form")["form_desk"]["min_m2"]
    width = math.sqrt(m2 * aspect)
    layout = room("form-1", width, m2 / width, ("form_desk", count - 1), ("form_desk_low", 1), is_enclosed=False)
    assert layout.shortfalls == ()


def contents(type: str) -> dict[str, dict[str, float]]:
    """What a type of zone holds, by kind, as the programme counts it."""
    return {entry["kind"]: entry for entry in read_data("programme.toml")["contents"][type]["holds"]}


def test_a_family_corner_of_12_m2_holds_its_table() -> None:
    layout = room("child-1", 3.5, 3.4, ("play_table", 1), is_enclosed=False)
    assert short_of(layout, "play_table") == 0
    assert faults(empty_hall(), layout) == []
