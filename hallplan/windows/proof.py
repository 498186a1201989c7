"""The plan proven: a hall with all types at once, lunch and closing, simulated for many days beside every promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from hallplan.model.interval import Interval
from hallplan.model.proof import Figure, Promise
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.queueing import (
    Access,
    Group,
    HallDays,
    HallModel,
    Line,
    LineDays,
    Service,
    Step,
    VisitorClass,
    simulate_hall,
)
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.slots import SLOT_MIN

BATCHES = 8
T95 = 2.365
"""Of Student's t with seven degrees of freedom, for figures that are no means over days."""


def prove_plan(plan: WindowPlan, *, seed: int = 1) -> tuple[Promise, ...]:
    """Returns every promised figure of every type that people come to, beside its simulation.

    The simulation is one hall: each type a line and a group of windows, service lognormal, the half-hours of lunch
    closed to newcomers while those who wait are still served.  It shares no formula with the sizing.
    """
    kinds = _used(plan)
    if not kinds:
        return ()
    model = hall_model(kinds, plan)
    days = max(int(read_data("windows.toml")["proof"]["days"]) // BATCHES, 1)
    batches = [simulate_hall(model, days=days, seed=seed, first_day=n * days) for n in range(BATCHES)]
    return tuple(
        promise
        for n, kind in enumerate(kinds)
        for promise in _promises(
            kind, [b.lines[n] for b in batches], [use_of(b.busy[n], model.groups[n].open) for b in batches]
        )
    )


def simulate_plan(plan: WindowPlan, *, days: int, seed: int = 1) -> tuple[list[WindowType], HallDays | None]:
    """Returns the types that people come to and simulated days of the plan; None when nobody comes."""
    kinds = _used(plan)
    return kinds, simulate_hall(hall_model(kinds, plan), days=days, seed=seed) if kinds else None


def _used(plan: WindowPlan) -> list[WindowType]:
    return [kind for kind in plan.types if any(kind.arrivals) and kind.minutes > 0]


def missed(promises: tuple[Promise, ...]) -> list[str]:
    """Returns a sentence for each promise that simulation does not keep."""
    return [
        text(
            "windows.promise_missed", name=promise.name, figure=text(f"windows.figure_{promise.figure}"),
            promised=promise.promised, low=promise.simulated.ci95[0], high=promise.simulated.ci95[1],
        )
        for promise in promises
        if not promise.is_kept
    ]  # fmt: skip


def hall_model(kinds: list[WindowType], plan: WindowPlan) -> HallModel:
    """Returns the hall of these types with the hours, target and appointments of the plan."""
    first = plan.half_hours[0]
    n_slots = (plan.half_hours[-1] - first) // SLOT_MIN + 1
    places = [(start - first) // SLOT_MIN for start in plan.half_hours]

    def spread(values: tuple[float, ...]) -> list[float]:
        row = [0.0] * n_slots
        for place, value in zip(places, values, strict=True):
            row[place] = value
        return row

    classes, lines, groups = [], [], []
    here = {kind.id for kind in kinds}
    for kind in kinds:
        step = Step(kind.id, Service(kind.minutes, kind.cv))
        classes += _classes(kind, step, plan, spread)
        spills = [Access(other, kind.overflow_from, rank=1) for other in kind.overflow if other in here]
        lines.append(Line(kind.id, (Access(kind.id), *spills), plan.target_wait_min))
        groups.append(Group(kind.id, tuple(int(value) for value in spread(tuple(float(c) for c in kind.open)))))
    return HallModel(tuple(classes), tuple(lines), tuple(groups), float(SLOT_MIN))


def _classes(
    kind: WindowType, step: Step, plan: WindowPlan, spread: Callable[[tuple[float, ...]], list[float]]
) -> list[VisitorClass]:
    """Those who come without an appointment, and those with one about its time."""
    booked = plan.bookings
    if booked is None:
        return [VisitorClass(kind.id, tuple(spread(kind.arrivals)), (step,))]
    parts = plan.booked_share or (0.0,) * len(kind.arrivals)
    walk = tuple(rate * (1.0 - part) for rate, part in zip(kind.arrivals, parts, strict=True))
    came = sum(rate * part for rate, part in zip(kind.arrivals, parts, strict=True)) * SLOT_MIN / MINUTES_PER_HOUR
    made, times, due = came / (1.0 - booked.no_show), list[float](), 0.0
    for time, part in zip(booked.times, booked.parts, strict=True):
        due += made * part
        times += [max(time - booked.early_min - plan.half_hours[0], 0.0)] * (round(due) - len(times))
    return [
        VisitorClass(kind.id, tuple(spread(walk)), (step,)),
        VisitorClass(
            f"{kind.id} booked", (0.0,) * len(spread(walk)), (step,), booked=tuple(times), no_show=booked.no_show,
            punctuality_min=booked.spread_min,
        ),
    ]  # fmt: skip


def _promises(kind: WindowType, lines: list[LineDays], busy: list[float]) -> Iterator[Promise]:
    figures: list[tuple[Figure, float, list[float], bool]] = [
        ("share_within_target", kind.share_within_target, [line.share_within.value for line in lines], True),
        ("mean_wait_min", kind.mean_wait_min, [line.mean_wait_min.value for line in lines], False),
        ("p99_wait_min", kind.p99_wait_min, [line.quantiles[3] for line in lines], False),
        ("utilisation", kind.utilisation, busy, False),
    ]
    for figure, promised, values, more_is_better in figures:
        simulated = _interval(values)
        slack = float(read_data("windows.toml")["proof"]["slack"][figure])
        worst = simulated.ci95[1] if more_is_better else simulated.ci95[0]
        is_kept = worst >= promised - slack if more_is_better else worst <= promised + slack
        yield Promise(kind.id, kind.name, figure, promised, simulated, is_kept)


def use_of(busy: Sequence[float], opened: Sequence[int]) -> float:
    """Share of open window time that is busy; what is done at lunch and after closing is no part of it."""
    return sum(min(b, c) for b, c in zip(busy, opened, strict=True)) / sum(opened)


def _interval(values: list[float]) -> Interval:
    mean, half = float(np.mean(values)), T95 * float(np.std(values, ddof=1)) / len(values) ** 0.5
    return Interval(mean, (mean - half, mean + half))
