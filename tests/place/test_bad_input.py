"""Odd and wrong input of placement: weights, zones too wide, one zone and many, floors too small and very large."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import box

from hallplan.errors import InfeasibleError
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme, Region, Zone
from hallplan.model.site import Obstacle, ObstacleKind, OpeningRole, Site
from hallplan.place import NoLayoutError, place_zones
from hallplan.place.grid import Grid
from hallplan.place.near import floor_near
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Placement, Settings
from hallplan.write.inspection import inspection_svg
from tests.builders import door, make_programme, make_zone
from tests.cli.test_calls import run
from tests.place.checker import faults
from tests.place.test_place import _floor, _site, _township


def hall(width: float, depth: float) -> Site:
    """Returns an empty hall with its entrance in the middle of the south side and a staff door in the east."""
    doors = (
        door("D1", OpeningRole.MAIN, (width / 2 - 1, -0.15), (width / 2 + 1, -0.15), 90),
        door("D2", OpeningRole.STAFF, (width + 0.15, depth / 2), (width + 0.15, depth / 2 + 1), 180),
    )
    return _site(_floor("F1", box(0, 0, width, depth), doors))


def programme(*zones: Zone) -> Programme:
    """Returns a programme of just these zones, nobody walking."""
    return replace(make_programme(), zones=zones, adjacencies=(), visitors=())


def place(site: Site, wanted: Programme, **wishes: float) -> Layout:
    """Returns the best layout of a quick search, checked."""
    layout = place_zones(site, wanted, Settings(place=Placement(effort="quick", alternatives=1, **wishes)))[0]
    assert faults(site, wanted, layout) == []
    return layout


@pytest.mark.parametrize("value", ["-1.0", "nan", "inf", '"much"'])
@pytest.mark.parametrize("weight", ["walking", "adjacency", "area", "daylight", "sight", "staff", "compact", "walls"])
def test_a_weight_that_is_no_weight_is_refused_by_name(weight: str, value: str, tmp_path: Path) -> None:
    for name in ("plan.dxf", "demand.xlsx"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "hallplan.toml").write_text(f"[place]\n{weight} = {value}\n", "utf-8")
    code, _, err = run("layout", tmp_path)
    assert code == 3
    assert f"place.{weight}" in err or f"[place] {weight}" in err


def test_weights_of_zero_are_allowed() -> None:
    layout = place(
        hall(15, 10), programme(make_zone("wait-1", 20)), walking=0, adjacency=0, area=0, daylight=0, walls=0
    )
    assert math.isclose(sum(part.cost for part in layout.parts), layout.score, abs_tol=1e-6)


def test_one_zone_is_placed() -> None:
    assert [zone.zone for zone in place(hall(15, 10), programme(make_zone("wait-1", 20))).zones] == ["wait-1"]


def test_a_hall_of_30_m2_holds_a_desk_and_a_few_chairs() -> None:
    zones = (replace(make_zone("wait-1", 6), min_side_m=2.0), replace(make_zone("guide-1", 4), min_side_m=1.6))
    assert len(place(hall(6, 5), programme(*zones)).zones) == 2


def test_a_zone_wider_than_any_place_for_it_is_named() -> None:
    wide = replace(make_zone("wait-1", 121), min_m2=121, max_m2=150, min_side_m=11.0)
    with pytest.raises(InfeasibleError, match=r"wait-1: .*空楼层.*11\.0 m"):
        place(hall(15, 10), programme(wide, make_zone("guide-1", 4)))


def test_a_very_large_floor_has_fine_lines_near_its_entrances_only() -> None:
    """300 × 200 m: cells of 0.6 m would be 166,000; a ticket area by the door still lies on fine ones."""
    wanted = programme(make_zone("wait-1", 200), make_zone("ticket-1", 4))
    grid = make_task(hall(300, 200), wanted, score_weights(Settings()), [], []).grids[0]
    assert grid.inside.size < 50_000
    assert math.isclose(grid.module_m, 0.6, abs_tol=0.1)
    across = np.diff(grid.xs)[np.abs(grid.xs[:-1] - 150.0) < 25.0]
    assert across.max() < 0.7
    assert np.diff(grid.xs).max() > 2.9


def test_fine_lines_of_a_very_large_floor_go_as_far_as_the_zones_need() -> None:
    """The floor within their reach holds the zones two and a half times; a staff door 200 m off has some of its own."""
    site = hall(300, 200)
    staff = door("D9", OpeningRole.STAFF, (289.0, 200.0), (291.0, 200.0), 270.0)
    site = replace(site, floors=(replace(site.floors[0], openings=(*site.floors[0].openings, staff)),))

    def grid(*areas: float) -> Grid:
        zones = [make_zone(f"wait-{n}", area) for n, area in enumerate(areas, 1)]
        return make_task(site, programme(*zones), score_weights(Settings()), [], []).grids[0]

    small, large = grid(200.0), grid(*[200.0] * 20)
    assert 30.0 <= small.near_m < large.near_m
    for one, m2 in ((small, 200.0), (large, 4000.0)):
        assert floor_near(one.floor, one.near_m).area >= 2.5 * m2
    steps = np.diff(large.xs)
    assert steps[np.abs(large.xs[:-1] - 290.0) < 8.0].max() < 0.7
    assert steps[(large.xs[:-1] > 235.0) & (large.xs[:-1] < 270.0)].min() > 2.0


def test_what_the_user_wants_far_from_the_entrances_has_fine_lines_there() -> None:
    """A waiting area wanted 150 m from the door of a hall of 300 × 200 m: on cells of 6 m it would fit nowhere."""
    wanted = replace(make_zone("wait-1", 20), regions=(Region("F1", box(193, 144, 207, 156), is_forbidden=False),))
    grid = make_task(hall(300, 200), programme(wanted), score_weights(Settings()), [], []).grids[0]
    for lines, (low, high) in ((grid.xs, (193.0, 207.0)), (grid.ys, (144.0, 156.0))):
        assert np.diff(lines[(lines >= low - 1e-6) & (lines <= high + 1e-6)]).max() < 0.7


@pytest.mark.slow
def test_walls_stay_where_taking_them_down_is_dear() -> None:
    """A partition across the hall of the small station: with a greater weight less of it comes down."""
    site, wanted = _township()
    walls = tuple(
        Obstacle(f"W{n}", ObstacleKind.WALL, area, is_fixed=False)
        for n, area in enumerate((box(2, 5, 9, 5.1), box(5, 2, 5.1, 5)))
    )
    site = replace(site, floors=(replace(site.floors[0], obstacles=(*site.floors[0].obstacles, *walls)),))

    def moved(weight: float) -> float:
        """Returns the metres of three searches, since one search may take down little by chance."""
        layouts = [place(site, wanted, walls=weight, seed=seed) for seed in range(3)]
        return sum(part.value for layout in layouts for part in layout.parts if part.id == "moved_walls_m")

    assert moved(30.0) < moved(0.0)


@pytest.mark.slow
def test_two_hundred_zones_are_placed() -> None:
    zones = [make_zone(f"wait-{n}", 12) for n in range(1, 201)]
    assert len(place(hall(90, 60), programme(*zones)).zones) == 200


@pytest.mark.slow
def test_a_floor_of_60_000_m2_is_used_near_its_entrance() -> None:
    zones = (make_zone("wait-1", 200), make_zone("guide-1", 40), make_zone("self_service-1", 100))
    assert len(place(hall(300, 200), programme(*zones)).zones) == 3


@pytest.mark.slow
def test_what_found_a_place_is_kept_for_a_picture() -> None:
    """Four zones of 40 m² each on 150 m², with ways: some fit."""
    zones = [replace(make_zone(f"wait-{n}", 40), min_m2=40, max_m2=50) for n in range(1, 5)]
    with pytest.raises(NoLayoutError) as raised:
        place(hall(15, 10), programme(*zones))
    assert raised.value.partial is not None
    placed = raised.value.partial.floors[0].locked
    assert 1 <= len(placed) < 4
    assert "wait-" in inspection_svg(raised.value.partial) or placed[0].name in inspection_svg(raised.value.partial)
