"""Targets beside the share within a wait: mean wait, 99th percentile, longest queue, seats; what the plan makes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.windows import Limit, WindowPlan, WindowType
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.windows.sizing import Load, Sized, Target, size_type
from hallplan.windows.slots import Slots
from hallplan.windows.streams import Stream

SHORTEST_QUEUE = 1


def fit_seats(
    streams: Sequence[Stream], loads: Sequence[Load], sized: Sequence[Sized], slots: Slots, settings: Settings
) -> list[Sized]:
    """Returns the types sized so that those who wait, companions too, find a seat in all but one half-hour of twenty.

    Each type may have the share of the seats that its queue has of all queues, at least one visitor; types in which that is
    fewer than wait now are sized anew with it as their longest queue.
    """
    seats, now = settings.service.seats, list(sized)
    people = _people(streams, now)
    if not seats or sum(people) <= seats:
        return now
    target = Target.of(settings)
    for n, (stream, load, size) in enumerate(zip(streams, loads, sized, strict=True)):
        each = people[n] / size.waiting_p95 if size.waiting_p95 else 1.0
        room = max(SHORTEST_QUEUE, math.floor(seats * people[n] / sum(people) / each))
        if room < size.waiting_p95 and stream.kind.id != "complaint":
            queue = min(float(room), target.queue)
            now[n] = size_type(load, slots, replace(target, queue=queue), _seed(n, settings))
    return now


def _seed(n: int, settings: Settings) -> int:
    return 1 + 10 * n + 1000 * settings.place.seed


def _people(streams: Sequence[Stream], sized: Sequence[Sized]) -> list[int]:
    return [
        math.ceil(size.waiting_p95 * (1.0 + stream.companions_per_visit))
        for stream, size in zip(streams, sized, strict=True)
    ]


def target_of(plan: WindowPlan, kind: WindowType) -> Target:
    """Returns what one type of a plan must keep: the plan's targets, with its part of the seats as its longest queue.

    Its part is what its queue has of all queues in the plan, companions counted.
    """
    limits = {row.what: row.limit for row in plan.limits}
    queue = limits.get("longest_queue", math.inf)
    waiting = sum(other.waiting_p95 for other in plan.types)
    if "seats" in limits and waiting:
        queue = min(queue, max(SHORTEST_QUEUE, math.floor(limits["seats"] * kind.waiting_p95 / waiting)))
    mean, p99 = (limits.get(what, math.inf) for what in ("mean_wait_min", "p99_wait_min"))
    return Target(plan.target_share, plan.target_wait_min, 1.0, mean, p99, queue)


def limits_of(streams: Sequence[Stream], sized: Sequence[Sized], settings: Settings) -> tuple[Limit, ...]:
    """Returns each further target that the settings name, with the worst of the plan and the type that has it."""
    service = settings.service
    names = [stream.kind.name for stream in streams]
    rows = [
        ("mean_wait_min", service.mean_wait_min, [size.slot_wait_min for size in sized]),
        ("p99_wait_min", service.p99_wait_min, [size.p99_wait_min for size in sized]),
        ("longest_queue", float(service.longest_queue), [float(size.waiting_p95) for size in sized]),
    ]
    limits = []
    for what, limit, values in rows:
        if limit and values:
            worst = max(range(len(values)), key=lambda n: (values[n], -n))
            limits.append(Limit(what, limit, round(values[worst], 4), names[worst], values[worst] <= limit + 1e-6))
    if service.seats:
        people = sum(_people(streams, sized))
        limits.append(Limit("seats", float(service.seats), float(people), "", people <= service.seats))
    return tuple(limits)


def limit_warnings(limits: Sequence[Limit]) -> list[str]:
    """Returns a sentence for each further target that the plan does not meet."""
    return [
        text(
            "windows.limit_missed", what=text(f"windows.limit_{row.what}"), limit=row.limit, met=row.met, name=row.where
        )
        for row in limits
        if not row.is_met
    ]
