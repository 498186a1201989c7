"""Which of the floor between zones is a main way, a secondary one, or nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
import shapely
from shapely.geometry import box

from hallplan.model.layout import Aisle
from hallplan.model.programme import CounterForm, Zone
from hallplan.model.site import Obstacle, ObstacleKind
from hallplan.place.aisles import make_aisles
from hallplan.place.score import on_own_lines
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.place.test_bad_input import hall, place, programme

NORTH, WEST, ANY = 1, 2, -1


def counters(id: str, m2: float) -> Zone:
    """A zone of counters in one line."""
    return make_zone(id, m2, forms=(CounterForm("straight", 5.0, 4.0),))


def ways(
    zones: dict[str, tuple[float, float, float, float]], fronts: Mapping[str, int] | None = None
) -> dict[str, Aisle]:
    """The public ways of zones on a floor of 20 × 12 m with its entrance in the middle of the south, by id."""
    wanted = [make_zone(id, (x1 - x0) * (y1 - y0)) for id, (x0, y0, x1, y1) in zones.items()]
    task = make_task(hall(20, 12), programme(*wanted), score_weights(Settings()), [], [])
    state = on_own_lines(task, list(zones.values()), [0] * len(zones), [(fronts or {}).get(id, ANY) for id in zones])
    return {aisle.id: aisle for aisle in make_aisles(state) if aisle.network == "public"}


def test_a_way_narrower_than_main_ways_that_leads_to_no_counters_is_a_secondary_one() -> None:
    """A passage of 1.4 m along the west and north of a play area, off a hall that is wide enough."""
    found = ways({"child-1": (1.4, 4.0, 20.0, 10.6)})
    (second,) = (aisle for aisle in found.values() if aisle.rank == "second")
    assert 1.2 <= second.width_m <= 1.4
    assert all(aisle.width_m >= 1.8 for aisle in found.values() if aisle.rank == "main")


def test_a_hall_that_is_nowhere_as_wide_as_a_main_way_has_secondary_ways_alone() -> None:
    found = ways({"child-1": (0.0, 1.5, 20.0, 12.0)})
    assert {aisle.rank for aisle in found.values()} == {"second"}


def test_a_strip_that_nobody_can_walk_along_is_no_way() -> None:
    found = ways({"child-1": (0.0, 4.0, 20.0, 11.6)})
    assert max(aisle.area.bounds[3] for aisle in found.values()) <= 4.0 + 1e-6


@pytest.mark.parametrize("passage_m", [1.9, 2.4])
def test_a_main_way_is_as_wide_as_where_visitors_come_to_the_counters(passage_m: float) -> None:
    """A passage along the front of the counters, off floor that is 5 m wide."""
    zones = make_zone("entrance-1", 8.0), make_zone("child-1", 60.0), counters("window_general-1", 35.0)
    task = make_task(hall(20, 12), programme(*zones), score_weights(Settings()), [], [])
    rects = [(8.0, 0.0, 12.0, 2.0), (0.0, 5.0, 15.0 - passage_m, 12.0), (15.0, 5.0, 20.0, 12.0)]
    state = on_own_lines(task, rects, [0, 0, 0], [ANY, ANY, WEST])
    (main,) = (aisle for aisle in make_aisles(state) if aisle.rank == "main" and aisle.network == "public")
    assert main.width_m == pytest.approx(passage_m, abs=0.05)


def test_a_main_way_is_as_wide_as_it_is_where_narrower_ways_end_on_other_lines() -> None:
    """A passage of 1.9 m below a play area: windows of 1.2 m that begin at 0.38 and 0.72 m end at 1.6 and beyond it."""
    zones = make_zone("entrance-1", 6.0), make_zone("child-1", 50.0), make_zone("child-2", 1.4)
    task = make_task(
        hall(20, 12), programme(*zones, counters("window_general-1", 35.0)), score_weights(Settings()), [], []
    )
    rects = [(0.0, 0.0, 4.0, 1.6), (8.0, 1.9, 13.0, 12.0), (16.0, 0.38, 20.0, 0.72), (15.0, 5.0, 20.0, 12.0)]
    state = on_own_lines(task, rects, [0, 0, 0, 0], [ANY, ANY, ANY, WEST])
    (main,) = (aisle for aisle in make_aisles(state) if aisle.rank == "main" and aisle.network == "public")
    assert main.width_m == pytest.approx(1.9, abs=0.03)


def test_counters_that_the_user_locks_have_ways_like_all_others() -> None:
    locked = replace(counters("window_general-1", 25.0), fixed_area=box(1.0, 7.0, 6.0, 12.0), fixed_floor="F1")
    zones = make_zone("entrance-1", 8.0), make_zone("child-1", 30.0), locked
    layout = place(hall(20, 12), programme(*zones))
    assert any(aisle.rank == "main" and aisle.width_m >= 1.2 for aisle in layout.aisles if aisle.network == "public")


def test_floor_behind_the_entrance_zone_that_visitors_walk_to_is_theirs_however_small() -> None:
    """11 m² between the entrance, a guide, a waiting area and an office, which staff could come to from their office too: visitors were
    told that nothing there can be reached."""
    zones = {
        "entrance-1": (6.0, 0.0, 14.0, 4.0), "guide-1": (0.0, 4.0, 6.0, 12.0), "wait-1": (6.0, 5.4, 14.0, 9.0),
        "back_office-1": (14.0, 4.0, 17.4, 12.0),
    }  # fmt: skip
    owned = shapely.union_all([aisle.area for aisle in ways(zones, {"entrance-1": NORTH}).values()])
    assert owned.covers(box(6.5, 4.1, 13.5, 5.3))


def test_floor_of_a_room_that_visitors_come_to_by_a_narrow_door_is_theirs_however_small() -> None:
    """10 m² before kiosks in a room behind a door of 0.9 m, which staff could come to too: it was told to be theirs, and visitors that nothing
    there can be reached."""
    walls = shapely.union_all([box(15.0, 7.0, 15.2, 12.0), box(15.0, 7.0, 17.0, 7.2), box(17.9, 7.0, 20.0, 7.2)])
    site = hall(20, 12)
    usable = shapely.MultiPolygon([site.floors[0].usable.difference(walls)])
    site = replace(site, floors=(replace(site.floors[0], usable=usable),))
    zones = {"self_service-1": (15.2, 9.0, 20.0, 12.0), "back_office-1": (0.0, 8.0, 6.0, 12.0)}
    wanted = [make_zone(id, (x1 - x0) * (y1 - y0)) for id, (x0, y0, x1, y1) in zones.items()]
    task = make_task(site, programme(*wanted), score_weights(Settings()), [], [])
    aisles = make_aisles(on_own_lines(task, list(zones.values()), [0, 0], [ANY, ANY]))
    public = shapely.union_all([aisle.area for aisle in aisles if aisle.network == "public"])
    assert public.covers(box(15.4, 7.5, 19.8, 8.9))


def test_floor_by_which_staff_pass_from_behind_one_counter_to_another_is_theirs_however_small() -> None:
    """1.6 m² at the back of a passage between two counter zones: it became visitors' floor, and staff walked round among these."""
    zones = counters("window_general-1", 22.5), counters("window_general-2", 11.0), make_zone("back_office-1", 24.5)
    task = make_task(hall(20, 12), programme(*zones), score_weights(Settings()), [], [])
    rects = [(8.0, 4.0, 13.0, 8.5), (8.0, 9.8, 13.0, 12.0), (13.0, 8.5, 20.0, 12.0)]
    state = on_own_lines(task, rects, [0, 0, 0], [WEST, WEST, ANY])
    owned = {network: shapely.union_all([aisle.area for aisle in make_aisles(state) if aisle.network == network])
             for network in ("staff", "public")}  # fmt: skip
    assert owned["staff"].covers(box(12.0, 8.6, 12.9, 9.7))
    assert owned["public"].covers(box(8.1, 8.6, 10.4, 9.7))


def test_a_way_beside_a_column_is_as_wide_as_up_to_its_face() -> None:
    """1.95 m between a play area and counters, into which a column stands by 0.1 m; the lines of the grid pass it by more."""
    column = Obstacle("C1", ObstacleKind.COLUMN, box(9.0, 5.8, 9.6, 6.4))
    site = hall(20, 12)
    site = replace(site, floors=(replace(site.floors[0], obstacles=(*site.floors[0].obstacles, column)),))
    zones = make_zone("entrance-1", 8.0), make_zone("child-1", 56.0), counters("window_general-1", 63.0)
    task = make_task(site, programme(*zones), score_weights(Settings()), [], [])
    state = on_own_lines(
        task, [(8.0, 0.0, 12.0, 2.0), (3.0, 4.0, 20.0, 6.3), (3.0, 8.25, 20.0, 12.0)], [0, 0, 0], [ANY, ANY, 3]
    )
    (main,) = (aisle for aisle in make_aisles(state) if aisle.rank == "main" and aisle.network == "public")
    assert main.width_m == pytest.approx(1.85, abs=0.02)
    assert not main.area.intersects(column.area.buffer(-1e-3))
