"""Zones that stand empty, from the plan and the log, and what they could become (chapter 5: idle space)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hallplan.model.log import QueueLog
from hallplan.model.monitor import Figures, Load, PeopleCount, Recommendation
from hallplan.operate.crowd import inside_of
from hallplan.operate.measures import peak_waiting
from hallplan.terms import read_data, text

if TYPE_CHECKING:
    from hallplan.model.layout import PlacedZone
    from hallplan.model.plan import Plan


def idle_zones(
    log: QueueLog, figures: Figures, plan: Plan | None, counts: Sequence[PeopleCount] = ()
) -> tuple[Recommendation, ...]:
    """Returns what to make of zones of the plan's best alternative that counters or the log show to stand empty.

    counts: those that hang at a zone, by its id or name, tell of it.  Nothing is said of a few days, of several halls, or
    without a plan that has a layout.
    """
    if plan is None or not plan.alternatives or len(log.hall.names) > 1:
        return ()
    counted = tuple(_counted(counts, plan))
    if len(figures.days) < read_data("operate.toml")["advice"]["idle_least_days"]:
        return counted
    told = {item.what for item in counted}
    return (
        *counted,
        *(item for item in _unfilled(log, figures, plan) if item.what not in told),
        *_unused(figures, plan),
    )


def counts_at_doors(counts: Sequence[PeopleCount], plan: Plan | None) -> list[PeopleCount]:
    """Returns the counts of the hall's own doors, without those that hang at a zone of the plan."""
    zones = plan.programme.zones if plan else ()
    names = {name for zone in zones for name in (zone.id, zone.name)}
    return [count for count in counts if count.door not in names]


def _counted(counts: Sequence[PeopleCount], plan: Plan) -> Iterator[Recommendation]:
    """Public zones without windows in which counters saw somebody in few of the half-hours that they counted."""
    limits = read_data("operate.toml")["advice"]
    for placed in plan.alternatives[0].layout.zones:
        zone = plan.programme.zone(placed.zone)
        here = [count for count in counts if count.door in (zone.id, zone.name)]
        days = sorted({count.day for count in here})
        if len(days) < limits["idle_least_days"] or zone.windows or zone.side != "public" or zone.fixed_area:
            continue
        inside, came = inside_of(here, days)
        share = np.count_nonzero(inside) / len({(count.day, count.minute // 30) for count in here})
        if share <= limits["idle_zone"]:
            uses = _uses(placed, plan)
            named = {"zone": zone.name, "area": f"{placed.area_m2:.0f}", "uses": _names(uses)}
            yield Recommendation(
                text("operate.idle_wait", id=zone.id, use=uses[0], **named),
                text("operate.idle_counted_why", days=len(days), came=f"{came:.0f}", share=f"{share:.0%}"),
                text("operate.idle_counted_effect", area=named["area"]),
            )


def _unfilled(log: QueueLog, figures: Figures, plan: Plan) -> Iterator[Recommendation]:
    """The largest waiting area without which the others still seat the most people who ever waited, with a margin."""
    layout = plan.alternatives[0].layout
    seats = {zone.zone: 0 for zone in layout.zones if zone.type == "wait"}
    for chair in layout.of_kind("chair"):
        if chair.zone in seats:
            seats[chair.zone] += 1
    peak, total = int(peak_waiting(log)), sum(seats.values())
    wanted = peak * read_data("operate.toml")["advice"]["seats_margin"]
    spare = [zone for zone in layout.zones if zone.zone in seats and 0 < total - seats[zone.zone] >= wanted]
    if not peak or not spare:
        return
    zone = max(spare, key=lambda one: (one.area_m2, one.zone))
    uses = _uses(zone, plan)
    named = {"zone": plan.programme.zone(zone.zone).name, "area": f"{zone.area_m2:.0f}", "uses": _names(uses)}
    yield Recommendation(
        text("operate.idle_wait", id=zone.zone, use=uses[0], **named),
        text("operate.idle_wait_why", days=len(figures.days), peak=peak, seats=total),
        text("operate.idle_wait_effect", left=total - seats[zone.zone], area=named["area"]),
    )


def _unused(figures: Figures, plan: Plan) -> Iterator[Recommendation]:
    """The largest zone whose windows hardly serve anyone; only when the log names most windows as the plan does."""
    limits = read_data("operate.toml")["advice"]
    loads = {load.id: load for load in figures.windows}
    numbers = [window for zone in plan.programme.zones for window in zone.windows]
    longest = max((load.open_s for load in figures.windows), default=0.0)
    if not numbers or longest <= 0 or sum(n in loads for n in numbers) < limits["known_windows"] * len(numbers):
        return
    found = []
    for zone in plan.alternatives[0].layout.zones:
        share = _busy(plan.programme.zone(zone.zone).windows, loads, longest)
        if share is not None and share <= limits["idle_zone"]:
            found.append((zone.area_m2, zone, share))
    if not found:
        return
    _, zone, share = max(found, key=lambda one: (one[0], one[1].zone))
    of = plan.programme.zone(zone.zone)
    named = {"area": f"{zone.area_m2:.0f}", "count": len(of.windows)}
    uses = _uses(zone, plan)
    yield Recommendation(
        text("operate.idle_windows", id=of.id, use=uses[0], zone=of.name, uses=_names(uses), **named),
        text("operate.idle_windows_why", days=len(figures.days), share=f"{share:.0%}"),
        text("operate.idle_windows_effect", **named),
    )


def _busy(windows: tuple[str, ...], loads: dict[str, Load], longest_s: float) -> float | None:
    """Service time of a zone's windows over the time they might have been open, None for a zone without windows."""
    if not windows:
        return None
    return sum(loads[n].busy_s for n in windows if n in loads) / (len(windows) * longest_s)


def _uses(zone: PlacedZone, plan: Plan) -> tuple[str, ...]:
    from hallplan.model.catalogue import other_uses

    return other_uses(zone.type, {other.type for other in plan.programme.zones})


def _names(uses: tuple[str, ...]) -> str:
    from hallplan.model.catalogue import zone_types

    return text("operate.comma").join(zone_types()[use].name for use in uses)
