"""What a search does in the seconds given: told by its first drafts, whatever the machine. A look at the clock takes a second here."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from types import SimpleNamespace

import pytest

from hallplan.place import search, starts
from hallplan.place.search import Clock, never
from hallplan.place.starts import Starts
from hallplan.place.task import make_task
from hallplan.place.weights import budget, score_weights
from hallplan.settings import Settings
from tests.place.test_place import _township


@pytest.fixture(autouse=True)
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = itertools.count()
    clock = SimpleNamespace(monotonic=lambda: float(next(looks)))
    for module in (search, starts):
        monkeypatch.setattr(module, "time", clock)


def searched(seconds: float | None) -> tuple[Starts, int]:
    """Returns a search of a small station that has ended, and how many starts it made in all."""
    task = make_task(*_township(), score_weights(Settings()), [], [])
    work = replace(budget("quick"), stages=((7, 3), (3, 3)), focus=())
    clock = Clock(never) if seconds is None else Clock.of(never, search.time.monotonic(), seconds)
    one = Starts(task, work, 1, clock, 1)
    return one, len(one.staged(1))


@pytest.mark.parametrize("seconds", [None, 1e6])
def test_with_time_enough_all_work_is_done(seconds: float | None) -> None:
    one, many = searched(seconds)
    assert 0.0 < one.whole_s < math.inf
    assert not one.is_short
    assert many == 3


def test_where_the_first_drafts_take_long_less_is_begun() -> None:
    whole_s = searched(None)[0].whole_s
    one, many = searched(whole_s / 4)
    assert one.is_short
    assert many in (2, 5)  # the first drafts alone, and few of them go on if any do
