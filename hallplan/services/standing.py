"""What of chapter 8 stands in a layout: how many of each machine and facility are drawn, where, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.catalogue import zone_types
from hallplan.model.findings import Finding, Status
from hallplan.model.layout import Layout
from hallplan.model.services import EquipmentPlan, Need
from hallplan.terms import in_turn, listed, read_data, text

NIGHT = "self_24h"
"""Its machines are counted apart."""


def stood(plan: EquipmentPlan, layout: Layout, findings: Sequence[Finding], level: str) -> EquipmentPlan:
    """Returns the plan with what of each need the layout shows and in which zones, and whether it is kept.

    findings: of the layout; facilities that rules decide are kept when those rules are.  level: of the hall, small ones
    are furnished with some kinds only, the rest finds its place by hand.
    """
    data = read_data("equipment.toml")
    by_hand = data["furnished"].get(level)
    kiosks = [zone for zone in _pieces(layout, ("kiosk", "kiosk_low")) if zone != NIGHT]
    needs = []
    for need in plan.needs:
        if need.furniture == "kiosk":
            mine = kiosks[: need.need]
            kiosks = kiosks[need.need :]
            needs.append(_counted(need, mine))
        else:
            here = _pieces(layout, (need.furniture, f"{need.furniture}_low"))
            is_open = by_hand is not None and need.furniture not in by_hand and not here
            needs.append(_counted(need, here, is_open=is_open))
    facilities = [_facility(need, data["facilities"][need.type], layout, findings, by_hand) for need in plan.facilities]
    return replace(plan, needs=tuple(needs), facilities=tuple(facilities))


def _facility(
    need: Need, entry: dict[str, list[str]], layout: Layout, findings: Sequence[Finding], by_hand: list[str] | None
) -> Need:
    kinds = (*entry.get("seen", ()), *([need.furniture] if need.furniture else []))
    here = _pieces(layout, kinds)
    rules = entry.get("rules", ())
    if not rules:
        is_open = by_hand is not None and bool(need.furniture) and need.furniture not in by_hand and not here
        return _counted(need, here, is_open=is_open)
    found = [finding for finding in findings if finding.rule in rules]
    status = _worst(found)
    wrong = [finding.message for finding in found if finding.status == status != "pass"]
    places = _where(here) or _found_in(found) or ("" if kinds else listed(sorted({z.floor for z in layout.zones})))
    return replace(need, placed=len(here) if kinds else None, places=places, status=status, missing=in_turn(wrong[:2]))


def _counted(need: Need, zones: Sequence[str], *, is_open: bool = False) -> Need:
    short = max(0, need.need - len(zones))
    status: Status = "pass" if not short else "undecided" if is_open else "fail"
    said = text("services.by_hand" if is_open else "services.short", count=short) if short else ""
    return replace(need, placed=len(zones), places=_where(zones), status=status, missing=said)


def _pieces(layout: Layout, kinds: Sequence[str]) -> list[str]:
    """The zone type of each piece of these kinds."""
    types = {zone.zone: zone.type for zone in layout.zones}
    return [types.get(piece.zone, "") for piece in layout.furniture if piece.kind in kinds]


def _where(zones: Sequence[str]) -> str:
    names = Counter(zone_types()[zone].name if zone in zone_types() else text("services.outside") for zone in zones)
    return listed(f"{name}×{count}" for name, count in sorted(names.items()))


def _found_in(findings: Sequence[Finding]) -> str:
    """Floors or places that kept rules name."""
    floors = sorted({finding.where.floor for finding in findings if finding.status == "pass" and finding.where.floor})
    return listed(floors)


def _worst(findings: Sequence[Finding]) -> Status:
    found = {finding.status for finding in findings}
    return "fail" if "fail" in found else "undecided" if "undecided" in found or not found else "pass"
