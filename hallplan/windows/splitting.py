"""Whether short cases should have windows of their own (快办), by what it costs and what they gain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hallplan.model.demand import Demand
from hallplan.model.running import Advice
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.windows.balance import HOURS_PER_SLOT, size_load
from hallplan.windows.service import serve
from hallplan.windows.sizing import Load
from hallplan.windows.streams import Visits, stream_of_item


@dataclass(frozen=True, slots=True)
class Part:
    """Visits of one part of a type: how many a day, their mean minutes and variation."""

    per_day: float
    minutes: float
    cv: float


def advise_splits(plan: WindowPlan, demand: Demand, settings: Settings) -> list[Advice]:
    """Returns types whose short cases wait much less at windows of their own, for few window-hours more.

    Cases below the type's mean minutes are short. Both parts are sized for the plan's target; the wait of the short ones is
    compared with the type's, the hours with those that the type as a whole takes before simulation.
    """
    rules = read_data("windows.toml")["balance"]
    items = {item.code: item for item in demand.admitted}
    large = [
        k for k in plan.types if rules["split_windows"] <= k.windows <= rules["most_joined"] and k.zone != "pickup"
    ]
    advice = []
    for kind in sorted(large, key=lambda kind: (-kind.cv, kind.id))[: rules["most_split"]]:
        visits = [
            v for code in kind.items if code in items for v in stream_of_item(items[code], demand, settings).visits
        ]
        found = _split(kind, visits, plan, settings)
        if found and found.window_hours >= -rules["split_hours_share"] * sum(kind.open) * HOURS_PER_SLOT:
            advice.append(found)
    return advice


def _split(kind: WindowType, visits: Sequence[Visits], plan: WindowPlan, settings: Settings) -> Advice | None:
    short, long = (
        _part([visit for visit in visits if (visit.minutes < kind.minutes) == is_short]) for is_short in (True, False)
    )
    rules = read_data("windows.toml")["balance"]
    if not short or not long or not rules["split_least_share"] <= short.per_day / (short.per_day + long.per_day):
        return None
    whole = size_load(Load(kind.arrivals, kind.minutes, kind.cv), plan, settings)
    shapes = [_type(kind, part, short.per_day + long.per_day) for part in (short, long)]
    opened = [size_load(Load(s.arrivals, s.minutes, s.cv), plan, settings) for s in shapes]
    waits = [
        serve(shape, counts, plan.half_hours, plan.target_wait_min).mean_wait_min
        for shape, counts in ((shapes[0], opened[0]), (kind, whole))
    ]
    hours = HOURS_PER_SLOT * (sum(whole) - sum(opened[0]) - sum(opened[1]))
    if waits[0] > rules["split_wait_share"] * waits[1]:
        return None
    words = text(
        "windows.advice_split",
        name=kind.name, share=short.per_day / (short.per_day + long.per_day), minutes=kind.minutes,
        windows=max(opened[0]), before=waits[1], after=waits[0], hours=-hours,
    )  # fmt: skip
    return Advice("split", (kind.id,), words, hours)


def _part(visits: Sequence[Visits]) -> Part | None:
    per_day = math.fsum(visit.per_day for visit in visits)
    if per_day <= 0:
        return None
    mean = math.fsum(visit.per_day * visit.minutes for visit in visits) / per_day
    square = math.fsum(visit.per_day * (visit.std**2 + visit.minutes**2) for visit in visits) / per_day
    return Part(per_day, mean, math.sqrt(max(square - mean * mean, 0.0)) / mean)


def _type(kind: WindowType, part: Part, per_day: float) -> WindowType:
    """The type with one part's visitors alone; both parts together have all of the type's."""
    arrivals = tuple(rate * part.per_day / per_day for rate in kind.arrivals)
    return replace(kind, arrivals=arrivals, minutes=part.minutes, cv=part.cv)
