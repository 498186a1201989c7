"""The scan for a zone's places finds the cheapest there is, as trying every place says."""

from __future__ import annotations

import numpy as np
import pytest

from hallplan.place import bits, spots
from hallplan.place.fitting import loosened
from hallplan.place.kernels import Floats, beyond, count, strip
from hallplan.place.question import question
from hallplan.place.search import Clock, empty_state, mend
from hallplan.place.spots import Ask, Fields, Tables
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import WEIGHTS, Work, score_weights
from hallplan.settings import Settings
from tests.place.test_place import _township


@pytest.fixture(scope="module")
def state() -> State:
    """A layout of a small hall, with two zones that wish to be apart."""
    site, programme = _township()
    task = make_task(site, programme, score_weights(Settings()), [], [["back_office", "wait"], ["child", "meeting"]])
    return mend(empty_state(loosened(task), 0), (1, 0), Work(4, 100), Clock(lambda: None)).best[0][1]


@pytest.mark.parametrize("seed", range(4))
def test_the_cheapest_place_of_each_shape_is_found(state: State, seed: int) -> None:
    rng, trial, tried = np.random.default_rng(seed), state.copy(), 0
    placed = [one.index for one in trial.task.specs if trial.is_placed(one.index) and one.zone.fixed_area is None]
    for z in rng.choice(placed, 4, replace=False):
        trial.take(int(z))
    for z in trial.unplaced:
        spec = trial.task.specs[z]
        shapes = spec.shapes[np.sort(rng.choice(len(spec.shapes), min(4, len(spec.shapes)), replace=False))]
        asked = question(trial, spec, spec.floors[0], shapes, 0.0)
        for row, shape in zip(spots.scan(*asked, 1, 7), shapes, strict=True):
            assert row[0] == pytest.approx(_cheapest(*asked, shape), abs=1e-9)
            tried += bool(np.isfinite(row[0]))
    assert tried


def _cheapest(xs: Floats, ys: Floats, tables: Tables, fields: Fields, ask: Ask, shape: Floats) -> float:
    best = np.inf
    for i in range(xs.size - 1):
        for j in range(ys.size - 1):
            rect = (i, j, beyond(xs, i, shape[0]), beyond(ys, j, shape[1]))
            if min(rect) >= 0 and bits.has_all(tables.free, *rect) and _is_allowed(xs, ys, tables, ask, rect, shape):
                best = min(best, _cost(xs, ys, tables, fields, ask, rect, int(shape[2])))
    return best


def _is_allowed(xs: Floats, ys: Floats, tables: Tables, ask: Ask, r: spots.Rect, shape: Floats) -> bool:
    short, long = sorted((xs[r[2]] - xs[r[0]], ys[r[3]] - ys[r[1]]))
    least, _, most, side, aspect, way, wanted, _ = ask.limits
    if not least - 1e-6 <= _net(xs, ys, tables.column, r) <= most + 1e-6 or short < side - 1e-6:
        return False
    if long > aspect * short + 1e-6 or count(tables.wanted, *r) < wanted:
        return False
    if shape[2] < 0:
        return way <= 0 or bool(spots._has_side(tables.walkable, tables.doors, xs, ys, r, way))
    before = strip(xs, ys, r, int(shape[2]), shape[3])
    return before[0] >= 0 and bits.has_all(tables.walkable, *before)


def _net(xs: Floats, ys: Floats, column: Floats, r: spots.Rect) -> float:
    return (xs[r[2]] - xs[r[0]]) * (ys[r[3]] - ys[r[1]]) - _within(column, r)


def _within(table: Floats, r: spots.Rect) -> float:
    return float(table[r[2], r[3]] - table[r[0], r[3]] - table[r[2], r[1]] + table[r[0], r[1]])


def _cost(xs: Floats, ys: Floats, tables: Tables, fields: Fields, ask: Ask, r: spots.Rect, front: int) -> float:
    area, lean, line, band, light, pull = ask.weights
    x0, y0, x1, y1 = xs[r[0]], ys[r[1]], xs[r[2]], ys[r[3]]
    half, i, j = ask.limits[5] / 2, (r[0] + r[2]) // 2, (r[1] + r[3]) // 2
    x = {0: x1 + half, 2: x0 - half}.get(front, (x0 + x1) / 2)
    y = {1: y1 + half, 3: y0 - half}.get(front, (y0 + y1) / 2)
    cost = area * abs(_net(xs, ys, tables.column, r) - ask.limits[1]) + pull * fields.pull[i, j]
    cost += sum(weight * (abs(x - px) + abs(y - py)) for px, py, weight in ask.points)
    for other in ask.rects:
        side = -1 if front < 0 or not other[5] else front if other[5] == 1 else (front + 2) % 4
        gap = spots.gap_between(*spots.edge(x0, y0, x1, y1, side), other)
        cost += other[4] * gap if other[4] > 0 else -other[4] * max(0.0, WEIGHTS.apart_m - gap)
    cost -= lean * spots.contact(tables.taken, bits.turned(tables.taken), xs, ys, r, front)
    cost -= line * (fields.line_x[r[0]] + fields.line_x[r[2]] + fields.line_y[r[1]] + fields.line_y[r[3]])
    if front >= 0:
        cost += band * _within(tables.column, spots._band(xs, ys, r, front))
    edges = (
        fields.daylight[r[0], j],
        fields.daylight[r[2] - 1, j],
        fields.daylight[i, r[1]],
        fields.daylight[i, r[3] - 1],
    )
    return float(cost + light * min(edges))
