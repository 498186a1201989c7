"""Days of a hall with classes, lines and groups, against formulas and by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.errors import DemandError
from hallplan.queueing import (
    Access,
    Group,
    HallModel,
    Line,
    Service,
    Step,
    VisitorClass,
    erlang_a,
    mdc,
    mmc,
    record_hall,
    simulate_hall,
)  # fmt: skip
from hallplan.queueing.loop import NEVER_CALLED

LONG = 60
"""Half-hours of a day long enough to be steady, the first ten of which count little."""


def queue(rate: float, service: Service, windows: int, *, slots: int = LONG, **more: object) -> HallModel:
    cls = VisitorClass("all", (rate,) * slots, (Step("line", service),), **more)
    return HallModel((cls,), (Line("line", (Access("windows"),), 5.0),), (Group("windows", (windows,) * slots),))


def steady_wait(model: HallModel, line: str = "line", days: int = 400) -> tuple[float, float]:
    """Mean wait in the second half of the days, and half its 99.9 % interval over days."""
    records = record_hall(model, days=days)
    n = [line.id for line in model.lines].index(line)
    step, who = records.visitors.steps[:, 0], records.visitors.who
    late = (step["joined"] > LONG * 15) & np.isin(
        who["cls"], [c for c, cls in enumerate(model.classes) if cls.steps[0].line == model.lines[n].id]
    )
    waits = step["started"] - step["joined"]
    days_of = np.repeat(np.arange(days), np.diff(records.starts))
    means = [waits[late & (days_of == d)].mean() for d in range(days)]
    return float(np.mean(means)), 3.3 * float(np.std(means)) / math.sqrt(days)


@pytest.mark.parametrize(
    ("service", "expected"),
    [(Service(6), mmc(40, 6, 5).mean_wait_min), (Service(6, 0), mdc(40, 6, 5).mean_wait_min)],
    ids=["exponential", "constant"],
)
def test_a_long_even_day_is_steady(service: Service, expected: float) -> None:
    mean, half = steady_wait(queue(40, service, 5))
    assert mean == pytest.approx(expected, abs=half)


def test_impatient_visitors_leave_as_erlang_a_says() -> None:
    found = simulate_hall(queue(240, Service(6), 24, patience_min=15), days=300).lines[0]
    expected = erlang_a(240, 6, 24, 15).abandon_probability
    # The first half-hours fill an empty hall: a sixtieth of the day each.
    assert found.gave_up.value == pytest.approx(expected, rel=0.05)


def test_priority_goes_first_as_cobham_says() -> None:
    # M/M/1 without interruption: W1 = R/(1 - r1), W2 = R/((1 - r1)(1 - r)), R = r s, r1 = 0.2, r = 0.7, s = 6.
    classes = (
        VisitorClass("first", (2.0,) * LONG, (Step("first", Service(6)),)),
        VisitorClass("then", (5.0,) * LONG, (Step("then", Service(6)),)),
    )
    lines = (Line("first", (Access("one", rank=0),)), Line("then", (Access("one", rank=1),)))
    model = HallModel(classes, lines, (Group("one", (1,) * LONG),))
    for line, expected in (("first", 4.2 / 0.8), ("then", 4.2 / 0.8 / 0.3)):
        mean, half = steady_wait(model, line, days=1500)
        assert mean == pytest.approx(expected, abs=half)


def test_lines_that_share_all_windows_are_one_queue() -> None:
    both = (Access("a"), Access("b"))
    classes = tuple(VisitorClass(x, (30.0,) * LONG, (Step(x, Service(6)),)) for x in "ab")
    pooled = HallModel(classes, (Line("a", both), Line("b", both[::-1])), tuple(Group(x, (4,) * LONG) for x in "ab"))
    for line in "ab":
        mean, half = steady_wait(pooled, line)
        assert mean == pytest.approx(mmc(60, 6, 8).mean_wait_min, abs=half)


def test_overflow_lies_between_apart_and_together() -> None:
    def hall(*more: Access) -> HallModel:
        classes = tuple(VisitorClass(x, (40.0,) * 20, (Step(x, Service(6)),)) for x in "ab")
        lines = (Line("a", (Access("a"), *more)), Line("b", (Access("b"),)))
        return HallModel(classes, lines, tuple(Group(x, (5,) * 20) for x in "ab"))

    waits = [
        simulate_hall(hall(*more), days=300).line("a").mean_wait_min.value
        for more in ((), (Access("b", 4, 1),), (Access("b"),))
    ]
    assert waits[0] > waits[1] > waits[2]


def test_those_at_the_door_are_called_first() -> None:
    model = queue(0.0, Service(10, 0), 1, slots=4, at_door=3.0)
    records = record_hall(model, days=50)
    for a, b in pairwise(records.starts):
        # Constant 10 minutes at one window: the n-th waits 10 n.
        assert list(records.visitors.steps[a:b, 0]["started"]) == [10.0 * n for n in range(b - a)]


def test_booked_visitors_come_when_they_are_asked_to() -> None:
    booked = tuple(10.0 * n for n in range(12))
    model = queue(0.0, Service(10, 0), 1, slots=4, booked=booked)
    found = simulate_hall(model, days=20)
    assert found.lines[0].came == 12
    assert found.lines[0].mean_wait_min.value == 0
    fewer = simulate_hall(queue(0.0, Service(10, 0), 1, slots=4, booked=booked, no_show=0.25), days=400)
    assert fewer.lines[0].came == pytest.approx(9, abs=0.3)


def test_who_waits_at_lunch_is_served_before_the_windows_close() -> None:
    model = HallModel(
        (VisitorClass("all", (40.0, 0.0, 0.0), (Step("line", Service(12, 0)),)),),
        (Line("line", (Access("windows"),)),),
        (Group("windows", (2, 0, 2)),),
    )
    kept = record_hall(model, days=30).visitors.steps[:, 0]
    left = record_hall(replace(model, clears=False), days=30).visitors.steps[:, 0]
    # All but the last services of the morning start one after the other; without clearing nobody starts at lunch.
    assert ((kept["started"] > 30) & (kept["started"] < 60)).any()
    assert not ((left["started"] > 30) & (left["started"] < 60)).any()


def test_visitors_of_two_steps_join_the_second_when_the_first_ends() -> None:
    cls = VisitorClass("all", (30.0,) * 4, (Step("ask", Service(1)), Step("do", Service(6, 0.5))))
    lines = (Line("ask", (Access("desk"),)), Line("do", (Access("windows"),)))
    model = HallModel((cls,), lines, (Group("desk", (1,) * 4), Group("windows", (4,) * 4)))
    steps = record_hall(model, days=20).visitors.steps
    assert np.all(steps[:, 1]["joined"] == steps[:, 0]["ended"])
    assert np.all(steps[:, 1]["window"] >= 1)


@pytest.mark.parametrize(("rate", "windows"), [(60, 6), (1500, 150)])
def test_no_window_serves_two_at_once_and_nobody_is_overtaken(rate: float, windows: int) -> None:
    records = record_hall(queue(rate, Service(6, 1.2), windows, slots=8), days=5)
    for a, b in pairwise(records.starts):
        step = records.visitors.steps[a:b, 0]
        assert np.all(np.diff(step["started"]) >= 0)
        assert set(step["window"]) == set(range(windows))
        for window in range(windows):
            mine = step[step["window"] == window]
            assert np.all(mine[1:]["started"] >= mine[:-1]["ended"])


def test_the_first_free_window_is_taken() -> None:
    step = record_hall(queue(500, Service(6, 0.5), 130, slots=6), days=1).visitors.steps[:, 0]
    for at in range(0, len(step), 7):
        others = step[:at]
        busy = set(others["window"][others["ended"] > step[at]["started"]])
        assert step[at]["window"] == min(set(range(130)) - busy)


def test_days_apart_are_the_days_at_once() -> None:
    model = queue(60, Service(6, 0.8), 7, slots=10, patience_min=30)
    whole, parts = simulate_hall(model, days=40), [simulate_hall(model, days=20, first_day=first) for first in (0, 20)]
    assert whole.lines[0].came == pytest.approx(sum(part.lines[0].came for part in parts) / 2)
    assert simulate_hall(model, days=40) == whole
    assert simulate_hall(model, days=40, seed=2) != whole


def test_measured_times_are_drawn_as_measured() -> None:
    service = Service.measured([2.0] * 50 + [10.0] * 50)
    steps = record_hall(queue(60, service, 12, slots=20), days=20).visitors.steps[:, 0]
    minutes = steps["ended"] - steps["started"]
    assert minutes.mean() == pytest.approx(6.0, abs=0.15)
    assert set(np.round(minutes[(minutes < 2.01) | (minutes > 9.99)])) == {2.0, 10.0}


def test_a_line_that_no_window_serves_is_refused() -> None:
    model = queue(10, Service(6), 2, slots=3)
    with pytest.raises(DemandError, match="line"):
        simulate_hall(replace(model, lines=(Line("line", (Access("nobody"),)),)))


def test_who_is_never_called_is_counted_apart() -> None:
    records = record_hall(queue(30, Service(6), 0, slots=4), days=5)
    assert np.all(records.visitors.who["left"] == NEVER_CALLED)
    assert simulate_hall(queue(30, Service(6), 0, slots=4), days=5).lines[0].quantiles[3] == 0


def both_ways(model: HallModel) -> HallModel:
    """The same hall with a closed group behind each line, which makes it go event by event."""
    lines = tuple(replace(line, access=(*line.access, Access("shut"))) for line in model.lines)
    return replace(model, lines=lines, groups=(*model.groups, Group("shut", (0,) * model.n_slots)))


OPEN = st.lists(st.integers(0, 5), min_size=1, max_size=6)


@given(OPEN, OPEN, OPEN, st.floats(1, 90), st.booleans(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_step_by_step_and_event_by_event_are_the_same_day(
    door: list[int], one: list[int], two: list[int], rate: float, clears: bool, seed: int
) -> None:
    """Constant times are the same drawn in any order, so that all calls agree; who of two is first when both end at once may not."""
    slots = len(door)
    opened = [tuple((row * slots)[:slots]) for row in (door, one, two)]
    classes = tuple(
        VisitorClass(id, (rate * share,) * slots, (Step("door", Service(0.7, 0)), *then))
        for id, share, then in (("a", 0.5, (Step("one", Service(7.1, 0)),)), ("b", 0.3, (Step("two", Service(11.3, 0)),)), ("c", 0.2, ()))
    )  # fmt: skip
    names = ("door", "one", "two")
    model = HallModel(
        classes, tuple(Line(n, (Access(n),)) for n in names), tuple(map(Group, names, opened)), 30.0, clears
    )
    ours, theirs = record_hall(model, days=2, seed=seed), record_hall(both_ways(model), days=2, seed=seed)
    for name in ("joined", "started", "ended"):
        ways = (np.sort(found.visitors.steps[name], axis=0) for found in (ours, theirs))
        np.testing.assert_allclose(*ways, atol=1e-9)
    for line, other in zip(
        *(simulate_hall(m, days=3, seed=seed).lines for m in (model, both_ways(model))), strict=True
    ):
        assert (line.came, line.longest, line.gave_up) == (other.came, other.longest, other.gave_up)
        assert line.mean_wait_min.value == pytest.approx(other.mean_wait_min.value, abs=1e-9)
        assert line.slot_wait_min == pytest.approx(other.slot_wait_min, abs=1e-9)


def test_windows_are_busy_and_the_hall_empty_as_event_by_event() -> None:
    model = queue(40, Service(6, 0), 5, slots=8)
    first, second = (simulate_hall(m, days=20) for m in (model, both_ways(model)))
    assert first.busy[0] == pytest.approx(second.busy[0])
    assert first.closing_min.value == pytest.approx(second.closing_min.value)
