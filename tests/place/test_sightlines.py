"""What is in sight from where: lines over a floor against shapely, and guidance placed where those who come in see it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from hallplan.model.programme import Adjacency, Region, Sightline
from hallplan.model.site import OpeningRole, Site
from hallplan.place import place_zones
from hallplan.place.bits import packed
from hallplan.place.board import board_of, lay_of
from hallplan.place.hidden import hidden, out_of_sight
from hallplan.place.score import on_own_lines, score_parts
from hallplan.place.sightlines import is_clear
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Placement, Settings
from tests.builders import door, make_zone
from tests.place.test_bad_input import hall, programme
from tests.place.test_place import _floor, _site

TOL_M = 1e-6


def lines_drawn(draw: st.DrawFn) -> np.ndarray:
    """Lines of a grid from 0 on, 0.1 to 1.5 m apart."""
    steps = draw(st.lists(st.integers(1, 15), min_size=4, max_size=12))
    return np.concatenate([[0.0], np.cumsum(steps) / 10.0])


@st.composite
def views(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[int, ...], tuple[float, ...]]:
    """A grid, cells that are no floor, the cells of one room, and two points in cells that are floor and no room."""
    xs, ys = lines_drawn(draw), lines_drawn(draw)
    nx, ny = xs.size - 1, ys.size - 1
    i0, j0 = draw(st.integers(0, nx - 1)), draw(st.integers(0, ny - 1))
    room = (i0, j0, draw(st.integers(i0 + 1, nx)), draw(st.integers(j0 + 1, ny)))
    inside = np.ones((nx, ny), np.bool_)
    for _ in range(draw(st.integers(0, 3))):
        inside[draw(st.integers(0, nx - 1)), draw(st.integers(0, ny - 1))] = False
    free = inside.copy()
    free[room[0] : room[2], room[1] : room[3]] = False
    places = np.argwhere(free)
    if not len(places):
        return xs, ys, inside, room, ()
    ends = [places[draw(st.integers(0, len(places) - 1))] for _ in range(2)]
    share = st.floats(0.05, 0.95)
    points = [
        lines[c] + draw(share) * (lines[c + 1] - lines[c])
        for end in ends
        for lines, c in zip((xs, ys), end, strict=True)
    ]
    return xs, ys, inside, room, tuple(float(value) for value in points)


@settings(deadline=None)  # the first call compiles
@given(views())
def test_a_line_is_clear_where_shapely_finds_nothing_in_its_way(
    view: tuple[np.ndarray, np.ndarray, np.ndarray, tuple[int, ...], tuple[float, ...]],
) -> None:
    xs, ys, inside, (i0, j0, i1, j1), points = view
    if not points:
        return
    cells = np.zeros(inside.shape, np.int16)
    cells[i0:i1, j0:j1] = 1
    solid = [box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for i, j in np.argwhere(~inside)]
    things: list[Polygon] = [*solid, box(xs[i0], ys[j0], xs[i1], ys[j1])]
    line = LineString([points[:2], points[2:]])
    found = is_clear(xs, ys, packed(inside), cells, np.array([True]), *points)
    if any(line.intersection(thing.buffer(-TOL_M)).length > 10 * TOL_M for thing in things):
        assert not found
    elif not any(line.intersects(thing.buffer(TOL_M)) for thing in things):
        assert found


def test_open_zones_are_seen_over_and_doorways_looked_out_of() -> None:
    xs = ys = np.linspace(0.0, 6.0, 7)
    inside, cells = np.ones((6, 6), np.bool_), np.zeros((6, 6), np.int16)
    inside[0, 2:4] = False  # the wall that one comes in through
    cells[3, :] = 1
    for is_room in (False, True):
        assert is_clear(xs, ys, packed(inside), cells, np.array([is_room]), 0.5, 3.0, 5.5, 3.0) is not is_room


def ell() -> Site:
    """An L of 12 × 8 m with a wing of 6 × 12 m in the west: who comes in by the east does not see the far end of the wing."""
    shape = box(0, 0, 18, 8).union(box(0, 8, 6, 20))
    doors = (
        door("D1", OpeningRole.MAIN, (18.15, 1.0), (18.15, 3.0), 180),
        door("D2", OpeningRole.STAFF, (-0.15, 4.0), (-0.15, 5.0), 0),
    )
    return _site(_floor("F1", shape, doors))


def test_the_guidance_is_placed_where_those_who_come_in_see_it() -> None:
    """The archive, which must lie at the far end of the wing, draws the guidance out of sight; a wish to see it draws it back."""
    wing = (Region("F1", box(0, 14, 6, 20), is_forbidden=False),)
    archive = replace(make_zone("records-1", 24), is_enclosed=True, regions=wing)
    wanted = replace(
        programme(make_zone("guide-1", 12), archive),
        adjacencies=(Adjacency("guide-1", "records-1", 3.0),),
        sightlines=(Sightline("door:main", ("guide-1",), 3.0),),
    )
    values = []
    for sight in (0.0, 5.0):
        wish = Placement(effort="quick", alternatives=1, sight=sight)
        layout = place_zones(ell(), wanted, Settings(place=wish), jobs=1)[0]
        values.append(next(part.value for part in layout.parts if part.id == "out_of_sight"))
    assert values == [3.0, 0.0]


def laid(room: tuple[float, float, float, float]) -> State:
    """A hall of 20 × 14 m: the guidance in the north, a room where asked, waiting in the west, the children in the east."""
    zones = (
        make_zone("guide-1", 12),
        replace(make_zone("meeting-1", 12), is_enclosed=True),
        make_zone("wait-1", 12),
        make_zone("child-1", 12),
    )
    lines = (Sightline("door:main", ("guide-1",), 3.0), Sightline("child-1", ("wait-1",), 1.0))
    wanted = replace(programme(*zones), sightlines=lines)
    task = make_task(hall(20, 14), wanted, score_weights(Settings()), [], [])
    rects = [(8.0, 10.0, 12.0, 13.0), room, (1.0, 5.0, 5.0, 8.0), (15.0, 5.0, 19.0, 8.0)]
    return on_own_lines(task, rects, [0] * 4, [-1] * 4)


@pytest.mark.parametrize(
    ("room", "hides"),
    [
        ((1.0, 1.0, 5.0, 4.0), 0.0),
        ((8.0, 2.0, 12.0, 4.5), 3.0),  # between the door and the guidance
        ((6.0, 5.0, 8.0, 8.0), 1.0),  # between the children and those who wait
        ((8.0, 5.5, 12.0, 8.5), 4.0),
    ],
)
def test_what_a_room_hides_counts_alike_in_the_score_and_in_the_search(
    room: tuple[float, float, float, float], hides: float
) -> None:
    state = laid(room)
    assert out_of_sight(state) == hides
    assert next(part.value for part in score_parts(state) if part.id == "out_of_sight") == hides
    board = board_of(state.task)
    assert hidden(board, lay_of(state, board)) == pytest.approx(hides * state.task.weights.sight)


def test_what_lies_on_another_floor_is_out_of_sight() -> None:
    below, above = (replace(hall(20, 14).floors[0], id=f"F{n}", level=n) for n in (1, 2))
    site = replace(hall(20, 14), floors=(below, replace(above, openings=())))
    wanted = replace(programme(make_zone("guide-1", 12)), sightlines=(Sightline("door:main", ("guide-1",), 3.0),))
    task = make_task(site, wanted, score_weights(Settings()), [], [])
    values = [out_of_sight(on_own_lines(task, [(8.0, 10.0, 12.0, 13.0)], [floor], [-1])) for floor in (0, 1)]
    assert values == [0.0, 3.0]
