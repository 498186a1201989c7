"""The account of a floor: what it can hold at most."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.errors import InfeasibleError
from hallplan.model.programme import CounterForm
from hallplan.place import place_zones
from hallplan.place.reasons import account, fits_alone
from hallplan.place.score import on_own_lines, score_parts
from hallplan.place.state import State
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme
from tests.place.test_place import ONE, _township


def _task(width: float, depth: float, *zones: object) -> Task:
    return make_task(hall(width, depth), programme(*zones), score_weights(Settings()), [], [])  # type: ignore[arg-type]


def test_what_doors_keep_clear_is_taken_off() -> None:
    """15 × 10 m; the entrance's own approach may be built over by its zone, the staff door's not: 1.7 × 1 m at most."""
    sums = account(_task(15, 10, make_zone("wait-1", 20)))
    assert sums.free == pytest.approx(150.0)
    assert sums.cut_off == 0.0
    assert 0.0 < sums.clear < 5.0


def test_a_programme_above_the_account_is_said_to_be_proven() -> None:
    zones = [replace(make_zone(f"wait-{n}", 38), min_m2=38, max_m2=40) for n in range(1, 5)]
    with pytest.raises(InfeasibleError, match="已证明"):
        place_zones(hall(15, 10), programme(*zones), ONE)


def test_one_below_it_is_not() -> None:
    """Four rooms of 35 m² leave 10 m² for ways: none was found, nothing is proven."""
    zones = [replace(make_zone(f"wait-{n}", 35), min_m2=35, max_m2=36) for n in range(1, 5)]
    with pytest.raises(InfeasibleError, match="没有证明"):
        place_zones(hall(15, 10), programme(*zones), ONE)


def test_what_is_placed_is_within_the_account() -> None:
    site, wanted = _township()
    task = make_task(site, wanted, score_weights(Settings()), [], [])
    layout = place_zones(site, wanted, ONE)[0]
    assert sum(zone.area_m2 for zone in layout.zones) <= account(task).room + 1e-6


@settings(max_examples=10, deadline=None)
@given(st.floats(6.0, 30.0), st.floats(5.0, 20.0), st.floats(0.0, 8.0))
def test_more_floor_never_holds_less(width: float, depth: float, more: float) -> None:
    zone = make_zone("wait-1", 12)
    assert account(_task(width + more, depth, zone)).room >= account(_task(width, depth, zone)).room - 1e-6


def test_a_hall_seen_in_a_mirror_costs_the_same() -> None:
    """The same rectangles, east for west, in a hall that is its own mirror image but for the staff door."""
    site, wanted = _township()
    layout = place_zones(site, wanted, ONE)[0]
    floor = site.floors[0]
    turned = tuple(
        replace(d, at=(15.0 - d.at[0], d.at[1]), line=_mirrored(d.line), inward_deg=(180.0 - d.inward_deg) % 360.0)
        for d in floor.openings
    )
    here = make_task(site, wanted, score_weights(Settings()), [], [])
    there = make_task(
        replace(site, floors=(replace(floor, openings=turned),)), wanted, score_weights(Settings()), [], []
    )
    one, other = _state(here, layout.zones, False), _state(there, layout.zones, True)
    costs = [{p.id: p.value for p in score_parts(state)} for state in (one, other)]
    # ways begin at lines: beside them up to a cell's width is left over on one side that is not on the other
    lost = [cost.pop("leftover_m2") for cost in costs]
    assert lost[0] == pytest.approx(lost[1], abs=2.0)
    assert costs[0] == pytest.approx(costs[1], abs=1.0, rel=0.02)


def _mirrored(line):  # type: ignore[no-untyped-def]
    from shapely.affinity import scale

    return scale(line, -1.0, 1.0, origin=(7.5, 0.0))


def _state(task: Task, zones, is_mirrored: bool) -> State:  # type: ignore[no-untyped-def]
    rects, fronts = [], []
    for zone in zones:
        x0, y0, x1, y1 = zone.area.bounds
        rects.append((15.0 - x1, y0, 15.0 - x0, y1) if is_mirrored else (x0, y0, x1, y1))
        side = -1 if zone.front_deg is None else round(zone.front_deg / 90.0) % 4
        has_front = task.specs[len(fronts)].has_front
        fronts.append((2 - side) % 4 if is_mirrored and has_front else side if has_front else -1)
    return on_own_lines(task, rects, [0] * len(rects), fronts)


def test_a_zone_smaller_than_the_square_of_its_least_side_fits_as_that_square() -> None:
    """2.2 m² with a least side of 2.0 m: 2.0 × 2.0 m, which its greatest area allows."""
    site, wanted = _township()
    small = make_zone("ticket-1", 2.2, max_m2=4.55)
    assert small.min_side_m == 2.0
    programme = replace(wanted, zones=(*wanted.zones, small))
    task = make_task(site, programme, score_weights(Settings()), [], [])
    spec = task.specs[-1]
    assert spec.shapes[:, :2].min() == pytest.approx(2.0)
    assert fits_alone(task, spec)


def test_a_counter_shorter_than_its_zone_may_be_is_tried_at_the_least_side() -> None:
    site, wanted = _township()
    counter = make_zone("pickup-1", 10.0, forms=(CounterForm("straight", 2.5, 3.9),), min_side_m=3.0)
    task = make_task(site, replace(wanted, zones=(*wanted.zones, counter)), score_weights(Settings()), [], [])
    assert task.specs[-1].shapes[:, :2].min() == pytest.approx(3.0)


def test_a_zone_that_only_the_lines_of_the_grid_make_too_large_fits_alone() -> None:
    """Lines 0.6 m apart: 3.2 × 4.67 m, 3.46 × 4.32 m and 3.87 × 3.87 m all become more than 17.24 m², which is the most."""
    zone = replace(make_zone("wait-1", 14.95), min_m2=14.95, max_m2=17.1, min_side_m=3.2)
    task = _task(120, 80, zone)
    assert fits_alone(task, task.specs[0])
