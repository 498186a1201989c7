"""What holds of every layout: it costs the same mirrored and turned, and no more on a larger floor; none is unsound."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from hallplan.errors import InfeasibleError
from hallplan.model.programme import Adjacency, Programme, VisitorKind
from hallplan.model.site import Floor, Site
from hallplan.place import place_zones
from hallplan.place.score import FINE_MODULE_M, RectM, on_own_lines, score_parts
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Placement, Settings
from tests.builders import door, make_zone
from tests.place.checker import faults
from tests.place.test_bad_input import hall, programme
from tests.place.test_place import _floor

PEOPLE = 100.0
WALKED = ("door:main", "wait-1", "form-1", "child-1", "door:main")
TOLERANCE_M = 2 * FINE_MODULE_M
"""Ways are walked over cells: a walk may end a cell further in a mirrored floor."""
EXACT = ("adjacency", "area_deviation_m2", "daylight_m", "moved_walls_m")
Laid = tuple[float, float, tuple[RectM, ...]]
"""Width and depth of a hall, and the rectangles of its zones."""


@st.composite
def laid(draw: st.DrawFn) -> Laid:
    """A hall with a zone in each quarter, ways of 1.2 m and more all round; sizes in steps of 0.3 m."""
    width, depth = (0.3 * draw(st.integers(40, 60)) for _ in range(2))
    rects = []
    for i, j in ((0, 0), (1, 0), (0, 1), (1, 1)):
        x0, x1 = i * width / 2 + 1.2, (i + 1) * width / 2 - 1.2
        y0, y1 = j * depth / 2 + 1.2, (j + 1) * depth / 2 - 1.2
        a, b = (0.3 * draw(st.integers(0, 3)) for _ in range(2))
        c, d = (0.3 * draw(st.integers(0, 3)) for _ in range(2))
        rects.append((x0 + a, y0 + b, x1 - c, y1 - d))
    return width, depth, tuple(rects)


def _programme() -> Programme:
    zones = make_zone("wait-1", 14), make_zone("form-1", 10), make_zone("child-1", 9), make_zone("back_office-1", 12)
    wishes = Adjacency("wait-1", "form-1", 2), Adjacency("wait-1", "back_office-1", -2)
    return replace(programme(*zones), adjacencies=wishes, visitors=(VisitorKind("v", "v", WALKED, PEOPLE),))


def _hall(width: float, depth: float) -> Site:
    site = hall(width, depth)
    return replace(site, floors=(replace(site.floors[0], glazing=(LineString([(0, 0), (0, depth)]),)),))


def _deeper(site: Site, more: float) -> Site:
    """The site with its floor longer to the north, doors and glazing where they are."""
    old: Floor = site.floors[0]
    x0, y0, x1, y1 = old.usable.bounds
    larger = _floor(old.id, box(x0, y0, x1, y1 + more), old.openings)
    return replace(site, floors=(replace(larger, glazing=old.glazing),))


def _mirrored(site: Site, width: float) -> Site:
    return _changed(site, lambda x, y: (width - x, y), lambda turn: 180.0 - turn)


def _turned(site: Site, depth: float) -> Site:
    return _changed(site, lambda x, y: (depth - y, x), lambda turn: turn + 90.0)


def _changed(site: Site, point, turn) -> Site:  # type: ignore[no-untyped-def]
    """The site with its one floor, a box with doors and glazing, mapped."""
    old: Floor = site.floors[0]
    ends = [
        point(*at)
        for at in ((old.usable.bounds[0], old.usable.bounds[1]), (old.usable.bounds[2], old.usable.bounds[3]))
    ]
    usable = box(*_sorted((*ends[0], *ends[1])))
    doors = tuple(
        door(one.id, one.role, point(*one.line.coords[0]), point(*one.line.coords[-1]), turn(one.inward_deg))
        for one in old.openings
    )
    glazing = tuple(LineString([point(*at) for at in line.coords]) for line in old.glazing)
    return replace(site, floors=(replace(_floor(old.id, usable, doors), glazing=glazing),))


def _sorted(rect: tuple[float, float, float, float]) -> RectM:
    return min(rect[0], rect[2]), min(rect[1], rect[3]), max(rect[0], rect[2]), max(rect[1], rect[3])


def _parts(site: Site, rects: tuple[RectM, ...]) -> dict[str, float]:
    task = make_task(site, _programme(), score_weights(Settings()), [], [])
    state = on_own_lines(task, rects, [0] * len(rects), [-1] * len(rects))
    return {part.id: part.value for part in score_parts(state)}


def _same(one: dict[str, float], other: dict[str, float]) -> None:
    for id in EXACT:
        assert other[id] == pytest.approx(one[id], abs=1e-3), id
    most = PEOPLE * (len(WALKED) - 1) * TOLERANCE_M
    assert other["visitor_metres_per_day"] == pytest.approx(one["visitor_metres_per_day"], abs=most)


@settings(max_examples=12, deadline=None)
@given(laid())
def test_a_mirrored_layout_costs_the_same(case: Laid) -> None:
    width, depth, rects = case
    site = _hall(width, depth)
    mirrored = tuple(_sorted((width - x0, y0, width - x1, y1)) for x0, y0, x1, y1 in rects)
    _same(_parts(site, rects), _parts(_mirrored(site, width), mirrored))


@settings(max_examples=12, deadline=None)
@given(laid())
def test_a_layout_turned_by_a_quarter_costs_the_same(case: Laid) -> None:
    width, depth, rects = case
    site = _hall(width, depth)
    turned = tuple(_sorted((depth - y0, x0, depth - y1, x1)) for x0, y0, x1, y1 in rects)
    _same(_parts(site, rects), _parts(_turned(site, depth), turned))


@settings(max_examples=12, deadline=None)
@given(laid(), st.integers(4, 20))
def test_a_layout_costs_no_more_on_a_larger_floor(case: Laid, steps: int) -> None:
    """So the best one of the larger floor costs no more than the best of the smaller, which lies on it too."""
    width, depth, rects = case
    small, large = _parts(_hall(width, depth), rects), _parts(_deeper(_hall(width, depth), 0.3 * steps), rects)
    for id in ("adjacency", "area_deviation_m2", "moved_walls_m", "daylight_m"):
        assert large[id] <= small[id] + 1e-3, id
    most = PEOPLE * (len(WALKED) - 1) * TOLERANCE_M
    assert large["visitor_metres_per_day"] <= small["visitor_metres_per_day"] + most


@settings(max_examples=6, deadline=None)
@given(
    st.integers(28, 45), st.integers(24, 40), st.lists(st.integers(8, 22), min_size=1, max_size=4), st.integers(0, 99)
)
def test_what_is_placed_is_sound_whatever_is_asked(width: int, depth: int, areas: list[int], seed: int) -> None:
    """No overlap, inside, to be walked to, areas and sides kept: or said not to fit."""
    kinds = ("wait-1", "form-1", "child-1", "back_office-1")
    wanted = programme(*(make_zone(kind, area) for kind, area in zip(kinds, areas, strict=False)))
    site = hall(0.3 * width, 0.3 * depth)
    try:
        layout = place_zones(site, wanted, Settings(place=Placement(effort="quick", alternatives=1, seed=seed)))[0]
    except InfeasibleError:
        return
    assert faults(site, wanted, layout) == []
