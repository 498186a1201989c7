"""Checks on points of the national guide, as far as its compilation notes say what is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from hallplan.check.case import Case, Task
from hallplan.model.catalogue import furniture_types, zone_types
from hallplan.model.findings import Finding
from hallplan.terms import text


def zones_present(case: Case, task: Task) -> Iterator[Finding]:
    """Zones (and furniture) of the wanted types are in the layout, or done in another zone, skipped ones apart."""
    missing = [zone_types()[id].name for id in missing_zones(case, task)]
    kinds = {piece.kind for piece in case.layout.furniture}
    wanted = task.options.get("furniture", [])
    if wanted and not case.layout.furniture:
        yield task.undecided("no_such_furniture")
        return
    missing += [furniture_types()[kind].name for kind in wanted if kind not in kinds]
    if missing:
        yield task.failed("missing_drawn" if case.stands else "missing", False, names=text("check.list").join(missing))
    else:
        yield task.passed("present", True)


def missing_zones(case: Case, task: Task) -> list[str]:
    """Returns the zone types a rule wants that are neither in the layout, nor done elsewhere, nor skipped."""
    known = _served(case) | set(case.settings.zones.skip)
    return [id for id in task.options["zones"] if id not in known]


def _served(case: Case) -> set[str]:
    """Zone types in the layout, with those whose work is done in another's zone or at its windows."""
    asked = [case.wanted[zone.zone] for zone in case.layout.zones if zone.zone in case.wanted]
    here = {id for zone in asked for id in zone.window_types}
    at_windows = {type for kind in case.windows.types if kind.id in here for type in (kind.zone, *kind.duties)}
    return {zone.type for zone in case.layout.zones} | {type for zone in asked for type in zone.serves} | at_windows


def area_to_need(case: Case, task: Task) -> Iterator[Finding]:
    """Zones together are as large as their targets."""
    pairs = [(zone.area_m2, case.wanted[zone.zone].target_m2) for zone in case.layout.zones if zone.zone in case.wanted]
    if not pairs:
        yield task.undecided("no_such_furniture")
        return
    total, target = sum(a for a, _ in pairs), sum(t for _, t in pairs)
    share = abs(total - target) / target
    words = {"total": f"{total:.0f}", "target": f"{target:.0f}"}
    yield (task.passed if share <= task.limit else task.failed)("area_need", round(share, 4), None, **words)


def readable_share(case: Case, task: Task) -> Iterator[Finding]:
    """Visitors have their next sign in reach on most of their way."""
    lengths = {route.id: route.length_m for route in case.routes.routes}
    readings = [reading for reading in case.signs.readings if reading.route in lengths]
    total = sum(lengths[reading.route] for reading in readings)
    if not total:
        yield task.undecided("no_route")
        return
    share = round(sum(r.readable_share * lengths[r.route] for r in readings) / total, 4)
    yield (task.passed if share >= task.limit else task.failed)("readable", share)


def service_target(case: Case, task: Task) -> Iterator[Finding]:
    """Every window type meets the service target."""
    target = case.windows.target_share
    short = [kind for kind in case.windows.types if kind.share_within_target < target - 5e-3]
    wait = f"{case.windows.target_wait_min:g}"
    for kind in short:
        yield task.failed("waits", kind.share_within_target, limit=target, kind=kind.name, wait=wait)
    if not short and case.windows.types:
        worst = min(kind.share_within_target for kind in case.windows.types)
        yield task.passed("waits_kept", worst, limit=target, wait=wait)


def balance(case: Case, task: Task) -> Iterator[Finding]:
    """Window types with more than one window are about equally busy."""
    busy = sorted((kind.utilisation, kind.name) for kind in case.windows.types if kind.windows > 1)
    if len(busy) < 2:
        yield task.passed("one_type", None)
        return
    spread = round(busy[-1][0] - busy[0][0], 4)
    words = {"least": busy[0][1], "most": busy[-1][1], "low": f"{busy[0][0]:.0%}", "high": f"{busy[-1][0]:.0%}"}
    yield (task.passed if spread <= task.limit else task.failed)("busy", spread, None, **words)


def kiosk_count(case: Case, task: Task) -> Iterator[Finding]:
    """As many self-service terminals stand as the window plan found needed."""
    if not case.layout.furniture:
        yield task.undecided("no_such_furniture")
        return
    count, wanted = len(case.pieces("kiosk", "kiosk_low")), case.windows.kiosks
    yield (task.passed if count >= wanted else task.failed)("kiosks", count, limit=wanted)


def unpublished(case: Case, task: Task) -> Iterator[Finding]:
    """A ratio whose limit is not published: the value is shown; decided once a limit is set in hallplan.toml."""
    value = _measure(case, task.options["measure"])
    if not isinstance(task.rule.limit, int | float) or value is None:
        yield task.undecided("unpublished", value, id=task.rule.id)
        return
    yield (task.passed if value >= task.limit else task.failed)("share", value)


def _measure(case: Case, name: str) -> float | None:
    if name == "admission":
        if case.demand.catalogue_share is not None:
            return round(case.demand.catalogue_share, 4)
        items = case.demand.items
        return round(sum(item.is_admitted for item in items) / len(items), 4) if items else None
    if name == "general_share":
        total = sum(kind.windows for kind in case.windows.types)
        general = sum(kind.windows for kind in case.windows.types if kind.zone == "window_general")
        return round(general / total, 4) if total else None
    return None


CHECKS = {
    "zones_present": zones_present, "area_to_need": area_to_need, "readable_share": readable_share,
    "service_target": service_target, "balance": balance, "kiosk_count": kiosk_count, "unpublished": unpublished,
}  # fmt: skip
