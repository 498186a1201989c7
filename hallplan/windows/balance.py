"""忙闲不均: how busy each window is, in the plan and today, and what would even it out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hallplan.model.demand import Demand, ExistingWindow
from hallplan.model.running import Advice, Balance, WindowLoad
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.queueing import find_staffing
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.service import Served, serve, sessions_of
from hallplan.windows.sizing import Load
from hallplan.windows.slots import SLOT_MIN
from hallplan.windows.staff.day import staff_groups
from hallplan.windows.streams import Stream, stream_of_item

HOURS_PER_SLOT = SLOT_MIN / MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Pool:
    """Windows of today that take the same visitors: a type made of what comes to them, open as they are."""

    windows: tuple[ExistingWindow, ...]
    kind: WindowType
    served: Served

    @property
    def visitors(self) -> float:
        """People a day."""
        return sum(self.kind.arrivals) * HOURS_PER_SLOT


def balance_windows(plan: WindowPlan, pools: Sequence[Pool], settings: Settings) -> Balance:
    """Returns utilisation by window of the plan and of today's pools, its spread over open hours, and advice."""
    planned = tuple(load for kind in plan.types for load in _planned(kind, plan))
    hours = {window.id: sum(end - start for start, end in window.hours) for window in plan.windows}
    today = tuple(load for pool in pools for load in _today(pool))
    open_today = {window.id: sum(b - a for a, b in window.hours) for pool in pools for window in pool.windows}
    advice = (*_merges(plan, settings), *_retimes(plan, settings))
    return Balance(planned, _spread(planned, hours), today, _spread(today, open_today), advice)


def find_pools(demand: Demand, plan: WindowPlan, settings: Settings) -> tuple[Pool, ...]:
    """Returns today's windows in pools, each with the visitors of the items that its windows, or its department, take.

    Windows that take the same visitors are those of one department and kind. An item that several pools list is
    shared out by their windows; one that nobody lists goes to its department's pools, else to the general ones.
    """
    grouped: dict[tuple[str, str], list[ExistingWindow]] = defaultdict(list)
    for window in demand.existing:
        grouped[window.department, window.kind].append(window)
    streams = _streams_today(demand, settings, grouped)
    scale = sum(sum(kind.arrivals) for kind in plan.types)
    shape = [
        sum(kind.arrivals[k] for kind in plan.types) / scale if scale else 0.0 for k in range(len(plan.half_hours))
    ]
    pools = []
    for key, windows in grouped.items():
        kind = _kind_today(f"{key[0]} {key[1]}".strip(), streams[key], windows, shape, plan)
        pools.append(Pool(tuple(windows), kind, serve(kind, kind.open, plan.half_hours, plan.target_wait_min)))
    return tuple(pools)


def _streams_today(
    demand: Demand, settings: Settings, grouped: Mapping[tuple[str, str], Sequence[ExistingWindow]]
) -> dict[tuple[str, str], Stream]:
    listed = {key: {name for window in windows for name in window.items} for key, windows in grouped.items()}
    general = [key for key in grouped if "综合" in "".join(key) or "general" in key[1].lower()] or list(grouped)
    streams: dict[tuple[str, str], Stream] = {}
    for item in demand.admitted:
        stream = stream_of_item(item, demand, settings)
        homes = [key for key in grouped if item.name in listed[key] or item.code in listed[key]]
        homes = homes or [key for key in grouped if item.department and item.department == key[0]] or general
        total = sum(len(grouped[key]) for key in homes)
        for key in homes:
            part = replace(
                stream,
                visits=[replace(visit, per_day=visit.per_day * len(grouped[key]) / total) for visit in stream.visits],
            )
            streams.setdefault(key, Stream(stream.kind)).take(part)
    return {key: streams.get(key, Stream(next(iter(streams.values())).kind)) for key in grouped}


def _kind_today(
    name: str, stream: Stream, windows: Sequence[ExistingWindow], shape: Sequence[float], plan: WindowPlan
) -> WindowType:
    opened = [sum(any(a <= start < b for a, b in window.hours) for window in windows) for start in plan.half_hours]
    arrivals = tuple(stream.per_day * share / HOURS_PER_SLOT for share in shape)
    return replace(
        plan.types[0], id=name, name=name, items=(), arrivals=arrivals, minutes=stream.minutes, cv=stream.cv,
        windows=len(windows), open=tuple(opened),
    )  # fmt: skip


def _planned(kind: WindowType, plan: WindowPlan) -> list[WindowLoad]:
    """A half-hour's work is shared by the windows open in it, the first ones open longest."""
    mine = [window for window in plan.windows if window.type == kind.id]
    busy = [
        rate * kind.minutes / MINUTES_PER_HOUR / count if count else 0.0
        for rate, count in zip(kind.arrivals, kind.open, strict=True)
    ]
    loads = []
    for n, window in enumerate(mine):
        on = [share for share, count in zip(busy, kind.open, strict=True) if count > n]
        loads.append(WindowLoad(window.id, kind.id, window.visitors_per_day, sum(on) / len(on) if on else 0.0))
    return loads


def _today(pool: Pool) -> list[WindowLoad]:
    hours = {window.id: sum(b - a for a, b in window.hours) / MINUTES_PER_HOUR for window in pool.windows}
    total = sum(hours.values())
    work = pool.visitors * pool.kind.minutes / MINUTES_PER_HOUR
    return [
        WindowLoad(id, pool.kind.name, pool.visitors * open / total if total else 0.0, work / total if total else 0.0)
        for id, open in hours.items()
    ]


def _spread(loads: Sequence[WindowLoad], hours: Mapping[str, float]) -> float:
    """Standard deviation of utilisation over windows, by their open time."""
    total = math.fsum(hours.get(load.window, 0.0) for load in loads)
    if total <= 0:
        return 0.0
    mean = math.fsum(load.utilisation * hours.get(load.window, 0.0) for load in loads) / total
    square = math.fsum((load.utilisation - mean) ** 2 * hours.get(load.window, 0.0) for load in loads) / total
    return math.sqrt(square)


def _merges(plan: WindowPlan, settings: Settings) -> list[Advice]:
    """Two types of one staff group, or of related kinds, as one queue: window-hours that the pool saves."""
    rules = read_data("windows.toml")["balance"]
    groups = {kind.id: id for id, _, types in staff_groups(plan.types) for kind in types}
    related = {kind: entry.get("related", []) for kind, entry in read_data("windows.toml")["kinds"].items()}
    used = [kind for kind in plan.types if any(kind.arrivals) and kind.minutes > 0 and kind.zone != "complaint"]
    pairs = [
        (one, other)
        for n, one in enumerate(used)
        for other in used[n + 1 :]
        if min(one.windows, other.windows) <= rules["small_windows"]
        and one.windows + other.windows <= rules["most_joined"]
        and (groups[one.id] == groups[other.id] or other.id in related.get(one.id, ()) or one.id in related.get(other.id, ()))
    ]  # fmt: skip
    pairs.sort(key=lambda pair: (min(kind.utilisation for kind in pair), pair[0].id, pair[1].id))
    advice = []
    for one, other in pairs[: rules["most_pairs"]]:
        saved = HOURS_PER_SLOT * (sum(one.open) + sum(other.open) - sum(size_load(_joined(one, other), plan, settings)))
        if saved >= rules["least_hours"]:
            words = text("windows.advice_merge", one=one.name, other=other.name, hours=saved)
            advice.append(Advice("merge", (one.id, other.id), words, saved))
    return advice


def _joined(one: WindowType, other: WindowType) -> Load:
    """Both queues as one: arrivals added, minutes and their spread mixed by visitors."""
    weights = [sum(kind.arrivals) for kind in (one, other)]
    total = sum(weights)
    mean = sum(w * kind.minutes for w, kind in zip(weights, (one, other), strict=True)) / total
    square = sum(
        w * kind.minutes**2 * (1.0 + kind.cv**2) for w, kind in zip(weights, (one, other), strict=True)
    ) / total  # fmt: skip
    arrivals = tuple(a + b for a, b in zip(one.arrivals, other.arrivals, strict=True))
    return Load(arrivals, mean, math.sqrt(max(square - mean**2, 0.0)) / mean)


def _retimes(plan: WindowPlan, settings: Settings) -> list[Advice]:
    """Arrivals above the cap moved to quieter half-hours of the session by appointments: counters and hours saved."""
    rules = read_data("windows.toml")["balance"]
    large = sorted((k for k in plan.types if k.windows >= rules["retime_windows"]), key=lambda k: (-k.windows, k.id))
    advice = []
    for kind in large[: rules["most_retimed"]]:
        flat, moved = level_arrivals(kind.arrivals, plan.half_hours, rules["peak_over_mean"])
        opened = size_load(Load(flat, kind.minutes, kind.cv), plan, settings)
        hours, counters = HOURS_PER_SLOT * (sum(kind.open) - sum(opened)), max(kind.open) - max(opened)
        if counters > 0 and hours >= 0:
            words = text("windows.advice_retime", name=kind.name, share=moved, counters=counters, hours=hours)
            advice.append(Advice("retime", (kind.id,), words, hours))
    return advice


def level_arrivals(arrivals: Sequence[float], starts: Sequence[int], cap: float) -> tuple[tuple[float, ...], float]:
    """Returns arrivals of each session cut at `cap` times its mean, the rest filled in where there is room; the share moved."""
    flat = list(arrivals)
    moved = 0.0
    for a, b in sessions_of(starts):
        most = cap * sum(arrivals[a:b]) / (b - a)
        surplus = sum(max(rate - most, 0.0) for rate in arrivals[a:b])
        room = sum(max(most - rate, 0.0) for rate in arrivals[a:b])
        for k in range(a, b):
            gap = most - arrivals[k]
            flat[k] = most if gap <= 0 else arrivals[k] + gap * surplus / room
        moved += surplus
    total = sum(arrivals)
    return tuple(flat), moved / total if total else 0.0


def size_load(load: Load, plan: WindowPlan, settings: Settings) -> list[int]:
    """Returns windows by half-hour as sizing has them, before its check by simulation."""
    opened: list[int] = []
    for a, b in sessions_of(plan.half_hours):
        opened += find_staffing(
            load.per_hour[a:b], load.minutes, share=plan.target_share, wait_min=plan.target_wait_min / load.factor,
            slot_minutes=SLOT_MIN, least=(1,) * (b - a), max_busy=settings.service.max_utilisation,
        ).windows  # fmt: skip
    return opened
