"""The linear programme of areas against a brute force."""

from __future__ import annotations

import itertools

import pytest

from hallplan.programme.areas import choose_floors, share_out, weight
from hallplan.programme.draft import Draft
from hallplan.programme.facts import Room
from hallplan.terms import read_data


def draft(id: str, least: float, target: float, floor: str = "F1", **more: object) -> Draft:
    kind = id.split("-")[0]
    return Draft(kind, id, least, target, 1.3 * target, "", id=id, floor=floor, **more)


def cost(zone: Draft, area: float) -> float:
    """Piecewise-linear deviation, worked by hand from the weights."""
    weights, short = read_data("programme.toml")["weights"], zone.target_m2 - area
    if short <= 0:
        return -short * weights["over"]
    total = 0.0
    for part, factor in weights["under"]:
        piece = min(short, part * zone.target_m2)
        total += piece * factor * weight(zone)
        short -= piece
    return total


def test_areas_equal_a_search_over_whole_metres():
    zones = [draft("wait-1", 20, 40), draft("window_general-1", 15, 30), draft("form-1", 5, 10)]
    room = Room("F1", "", 80.0, 10.0)  # 60 m² for zones at a quarter of aisles; 80 are wanted
    shared = share_out(zones, [room], 0.25)
    grids = [range(int(zone.min_m2), int(zone.target_m2) + 1) for zone in zones]
    best = min(
        sum(cost(zone, area) for zone, area in zip(zones, areas, strict=True))
        for areas in itertools.product(*grids)
        if sum(areas) <= 60
    )
    areas = sum(cost(zone, shared.areas[zone.id]) for zone in zones)
    assert areas == pytest.approx(best)
    assert sum(shared.areas.values()) == pytest.approx(60)


def test_least_sizes_that_do_not_fit_give_nothing():
    assert share_out([draft("wait-1", 50, 60)], [Room("F1", "", 60.0, 10.0)], 0.25) is None


def test_the_price_of_the_hall_is_what_one_more_metre_saves():
    zones = [draft("wait-1", 20, 40), draft("form-1", 5, 10)]
    before, after = (share_out(zones, [Room("F1", "", free, 10.0)], 0.25) for free in (60.0, 60.0 + 1 / 0.75))
    assert before.hall_price == pytest.approx(before.objective - after.objective)


def test_groups_keep_together_and_the_busier_one_stays_down():
    zones = [
        draft("wait-1", 30, 30, "", group=1), draft("window_special-1", 30, 30, "", group=1, visitors=50.0),
        draft("wait-2", 30, 30, "", group=2), draft("window_special-2", 30, 30, "", group=2, visitors=300.0),
    ]  # fmt: skip
    floors = choose_floors(zones, [Room("F1", "", 100.0, 10.0), Room("F2", "", 100.0, 10.0)], 0.25)
    assert floors == {"wait-1": "F2", "window_special-1": "F2", "wait-2": "F1", "window_special-2": "F1"}
