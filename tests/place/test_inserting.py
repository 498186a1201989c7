"""Zones put in as a group, a waiting area before its counters, lie where each of them may."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from shapely.geometry import box

from hallplan.model.programme import Adjacency, CounterForm, Region
from hallplan.place.inserting import recreate
from hallplan.place.search import empty_state
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme


def test_a_waiting_area_put_in_before_its_counters_stays_within_its_region() -> None:
    corner = Region("F1", box(0.0, 0.0, 9.0, 8.0), is_forbidden=False)
    counters = replace(make_zone("window_general-1", 40), forms=(CounterForm("straight", 8.0, 4.0),))
    waiting = replace(make_zone("wait-1", 30), regions=(corner,))
    wanted = replace(
        programme(counters, waiting), adjacencies=(Adjacency("wait-1", "window_general-1", 3.0),)
    )  # fmt: skip
    task = make_task(hall(30, 20), wanted, score_weights(Settings()), [], [])
    assert task.waits == {0: 1}
    placed = 0
    for seed in range(20):
        state = empty_state(task, 0)
        recreate(state, list(task.order), np.random.default_rng(seed), 2.0)
        if state.is_placed(1):
            placed += 1
            x0, y0, x1, y1 = task.grids[0].rect(state.rects[1])
            assert corner.area.buffer(1e-6).contains(box(x0, y0, x1, y1)), seed
    assert placed >= 15
