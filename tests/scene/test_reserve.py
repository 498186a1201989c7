"""Floor in reserve: clear rectangles that nothing uses."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from hallplan.geometry.rectangles import largest_rectangle
from hallplan.scene import SheetKind, Words, build_scene
from hallplan.scene.reserve import reserve_areas, reserve_m2
from tests.scene.furnished import furnished_plan


def _brute(free: np.ndarray, least: int) -> int:
    """Most cells of any free rectangle with both sides long enough, 0 for none."""
    nx, ny = free.shape
    corners = itertools.product(range(nx), range(ny), range(least, nx + 1), range(least, ny + 1))
    sizes = [w * h for i, j, w, h in corners if i + w <= nx and j + h <= ny and free[i : i + w, j : j + h].all()]
    return max(sizes, default=0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=6), st.integers(1, 3))
def test_the_largest_rectangle_is_that_of_all_tried(rows: list[list[bool]], least: int) -> None:
    free = np.array(rows)
    cells = largest_rectangle(free, least)
    size = 0 if cells is None else (cells[2] - cells[0]) * (cells[3] - cells[1])
    assert size == _brute(free, least)
    assert cells is None or free[cells[0] : cells[2], cells[1] : cells[3]].all()


def test_nothing_lies_in_a_reserve() -> None:
    plan = furnished_plan()
    chosen, floor = plan.alternatives[0], plan.site.floors[0]
    areas = reserve_areas(floor, chosen)
    assert areas
    for area in areas:
        assert floor.usable.buffer(1e-3).covers(area)
        assert all(zone.area.intersection(area).area < 1e-6 for zone in chosen.layout.zones)
        for route in chosen.routes.routes:
            assert all(not area.crosses(LineString(leg.line)) for leg in route.legs)


def test_reserves_are_named_with_their_area_on_the_overview() -> None:
    plan = furnished_plan()
    words = [w.text for w in build_scene(plan, 1, "F1", SheetKind.OVERVIEW).layer("labels") if isinstance(w, Words)]
    total = reserve_m2(plan.site.floors, plan.alternatives[0])
    assert any("预留区1" in text for text in words)
    assert total >= 15.0
