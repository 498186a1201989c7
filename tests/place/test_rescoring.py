"""An edited layout has the score of the search with what the edit changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.affinity import translate

from hallplan.model.layout import Layout
from hallplan.place import rescored
from hallplan.settings import Settings
from tests.scene.furnished import furnished_plan

PLAN = furnished_plan()
PLANNED = PLAN.alternative(1).layout


def _with(zone: str, dx: float, dy: float, area_m2: float = 0.0) -> Layout:
    moved = (
        replace(z, area=translate(z.area, dx, dy), area_m2=area_m2 or z.area_m2) if z.zone == zone else z
        for z in PLANNED.zones
    )
    return replace(PLANNED, zones=tuple(moved))


def _score(edited: Layout) -> Layout:
    layout = rescored(PLAN.site, PLAN.programme, PLANNED, edited, Settings())
    assert layout is not None
    return layout


@pytest.mark.slow
def test_an_edit_is_scored_by_what_it_changes() -> None:
    same = _score(PLANNED)
    assert (same.score, same.parts) == (PLANNED.score, PLANNED.parts)
    farther = {part.id: part.value for part in _score(_with("form-1", 25.0, 0.0)).parts}
    planned = {part.id: part.value for part in PLANNED.parts}
    assert farther["visitor_metres_per_day"] != planned["visitor_metres_per_day"]
    smaller = _score(_with("guide-1", 0.0, 0.0, 10.0))
    target = next(z.target_m2 for z in PLANNED.zones if z.zone == "guide-1")
    before = next(abs(z.area_m2 - z.target_m2) for z in PLANNED.zones if z.zone == "guide-1")
    gained = {part.id: part.value for part in smaller.parts}["area_deviation_m2"]
    assert gained == pytest.approx(planned["area_deviation_m2"] + abs(10.0 - target) - before, abs=1e-3)


def test_a_layout_that_lost_a_zone_has_no_score() -> None:
    fewer = replace(PLANNED, zones=PLANNED.zones[1:])
    assert rescored(PLAN.site, PLAN.programme, PLANNED, fewer, Settings()) is None
