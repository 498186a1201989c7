"""More windows than fit: the best that fits would give, and what it would take."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from hallplan.errors import InfeasibleError
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.windows.balance import level_arrivals, size_load
from hallplan.windows.kinds import window_kinds
from hallplan.windows.service import serve
from hallplan.windows.sizing import Load

HALVINGS = 5
LONGEST_TARGET_MIN = 120.0


def require_room(plan: WindowPlan, settings: Settings) -> None:
    """Raises InfeasibleError when the plan has more windows than service.max_windows, with the best service in those and remedies.

    The best is found by taking windows away one by one where the share of all visitors within the target falls least, policy
    minima kept. Remedies are each tried alone: fewer visitors, a longer target, level arrivals.
    """
    room = settings.service.max_windows
    if not room or plan.windows_total <= room:
        return
    kept = _cut_down(plan, room, settings)
    shares = {kind.id: serve(kind, kind.open, plan.half_hours, plan.target_wait_min).share for kind in kept}
    worst = min(kept, key=lambda kind: (shares[kind.id], kind.id))
    values = {
        "need": plan.windows_total, "room": room, "wait": plan.target_wait_min, "best": _overall(kept, shares),
        "worst": worst.name, "share": shares[worst.id],
    }  # fmt: skip
    raise InfeasibleError.at(
        "service.max_windows",
        text("windows.too_many", **values),
        text("windows.room_expected", target=plan.target_share, wait=plan.target_wait_min),
        _remedies(plan, room, settings),
    )


def _cut_down(plan: WindowPlan, room: int, settings: Settings) -> list[WindowType]:
    """The types with `room` windows in all, or with their policy minima where those are more."""
    kinds = list(plan.types)
    catalogue = window_kinds()
    least = [catalogue[kind.id].policy_minimum(settings.project.level) if kind.id in catalogue else 0 for kind in kinds]
    costs = [_loss(kind, plan) for kind in kinds]
    while sum(kind.windows for kind in kinds) > room:
        places = [n for n, kind in enumerate(kinds) if kind.windows > max(least[n], 1)]
        if not places:
            break
        n = min(places, key=lambda place: (costs[place], kinds[place].id))
        kinds[n] = _one_fewer(kinds[n])
        costs[n] = _loss(kinds[n], plan)
    return kinds


def _one_fewer(kind: WindowType) -> WindowType:
    count = kind.windows - 1
    return replace(kind, windows=count, open=tuple(min(have, count) for have in kind.open))


def _loss(kind: WindowType, plan: WindowPlan) -> float:
    """Visitors a day who would wait longer than the target if the type had one window fewer."""
    shares = [serve(one, one.open, plan.half_hours, plan.target_wait_min).share for one in (kind, _one_fewer(kind))]
    return (shares[0] - shares[1]) * sum(kind.arrivals)


def _overall(kinds: Sequence[WindowType], shares: dict[str, float]) -> float:
    total = sum(sum(kind.arrivals) for kind in kinds)
    return sum(shares[kind.id] * sum(kind.arrivals) for kind in kinds) / total if total else 1.0


def _remedies(plan: WindowPlan, room: int, settings: Settings) -> str:
    """What brings the plan into the room, each by itself, in words: only what does."""
    cap = read_data("windows.toml")["balance"]["peak_over_mean"]

    def count(scale: float, wait_min: float, is_level: bool = False) -> int:
        changed = replace(plan, target_wait_min=wait_min)
        return sum(_windows(kind, changed, settings, scale, cap if is_level else None) for kind in plan.types)

    fewer = _least(lambda part: count(1.0 - part, plan.target_wait_min) <= room, 0.0, 0.9)
    longer = _least(lambda wait: count(1.0, wait) <= room, plan.target_wait_min, LONGEST_TARGET_MIN)
    found = [text("windows.room_more", more=plan.windows_total - room)]
    if fewer is not None:
        found.append(text("windows.room_fewer", fewer=fewer))
    if longer is not None:
        found.append(text("windows.room_longer", longer=math.ceil(longer)))
    if (level := count(1.0, plan.target_wait_min, is_level=True)) <= room:
        found.append(text("windows.room_level", level=level))
    return text("windows.room_remedy", remedies=text("windows.room_or").join(found))


def _windows(kind: WindowType, plan: WindowPlan, settings: Settings, scale: float, cap: float | None) -> int:
    catalogue = window_kinds()
    least = catalogue[kind.id].policy_minimum(settings.project.level) if kind.id in catalogue else 0
    if kind.minutes <= 0 or not any(kind.arrivals):
        return max(least, 1)
    arrivals = level_arrivals(kind.arrivals, plan.half_hours, cap)[0] if cap else kind.arrivals
    load = Load(tuple(scale * rate for rate in arrivals), kind.minutes, kind.cv)
    return max(max(size_load(load, plan, settings)), least, 1) + settings.service.reserve_windows


def _least(holds: Callable[[float], bool], low: float, high: float) -> float | None:
    """The least value, to a thirty-second of the range, from which on something holds; None when it never does."""
    if not holds(high):
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
