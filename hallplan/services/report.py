"""What `items`, `equip` and `systems` print as JSON (design.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hallplan.model.services import (
    BundleCover,
    Effect,
    EquipmentPlan,
    Flaw,
    ItemMatch,
    ItemsPlan,
    Measure,
    MissingItem,
    Need,
    Offer,
    Ratio,
    SystemsPlan,
)


def items_report(plan: ItemsPlan) -> dict[str, Any]:
    """Returns what `items --json` prints; confidences and ratios in [0, 1]."""
    return {
        "catalogue": {"source": plan.catalogue, "items": plan.overall.total, "notice": plan.notice},
        "admission": {
            "overall": plan.overall.share,
            "target": plan.target,
            "status": plan.status,
            "by_department": _shares(plan.by_department),
            "by_level": _shares(plan.by_level),
            "by_type": _shares(plan.by_type),
        },
        "matched": [_match(match) for match in plan.matched],
        "unsure": [
            {
                "item": entry.name,
                "item_code": entry.item,
                "candidates": list(entry.candidates),
                "confidences": list(entry.confidences),
            }
            for entry in plan.unsure
        ],
        "beyond": list(plan.beyond),
        "missing": [_missing(item) for item in plan.missing],
        "measures": [_measure(measure) for measure in plan.measures],
        "bundles": [_bundle(bundle) for bundle in plan.bundles],
        "bundle_lists": [asdict(entry) for entry in plan.bundle_lists],
        "public_services": [_offer(offer) for offer in plan.public_services],
        "value_added": [_offer(offer) for offer in plan.value_added],
        "guide_missing": [
            {"item": gap.name, "item_code": gap.item, "fields": list(gap.fields)} for gap in plan.guide_missing
        ],
        "effects": [effect_report(effect) for effect in plan.effects],
        "flaws": [flaw_report(flaw) for flaw in plan.flaws],
    }


def equipment_report(plan: EquipmentPlan) -> dict[str, Any]:
    """Returns what `equip --json` prints; shares in [0, 1], money in yuan, areas in m²."""
    return {
        "equipment": [_need(need) for need in (*plan.needs, *plan.facilities)],
        "covers": [
            {"item": cover.name, "item_code": cover.item, "type": cover.type, "load": cover.load}
            for cover in plan.covers
        ],
        "choices": [{**asdict(choice), "counts": dict(choice.counts)} for choice in plan.choices],
        "use": [
            {
                "id": use.id,
                "type": use.kind,
                "place": use.place,
                "sessions": use.sessions,
                "sessions_per_hour": use.sessions_per_hour,
                "idle_share": use.idle_share,
                "availability": use.availability,
                "faults_per_1000": use.faults_per_1000,
                "advice": use.advice,
                "to": use.to or None,
                "why": use.why,
                "listed": use.is_listed,
                "next_service_days": use.next_service_days or None,
            }
            for use in plan.use
        ],
        "night": {
            "sessions_per_day": plan.night.sessions_per_day,
            "machines": plan.night.machines,
            "basis": plan.night.basis,
            "rules": dict(plan.night.rules),
        },
        "flaws": [flaw_report(flaw) for flaw in plan.flaws],
    }


def systems_report(plan: SystemsPlan) -> dict[str, Any]:
    """Returns what `systems --json` prints; minutes and fields a year."""
    return {
        "systems": [asdict(system) for system in plan.systems],
        "islands": [list(part) for part in plan.islands],
        "cycles": [list(loop) for loop in plan.cycles],
        "logins_per_item": plan.logins_per_item,
        "screens_per_item": plan.screens_per_item,
        "double_entry": {
            "fields": plan.repeated_fields,
            "minutes_per_year": plan.minutes_per_year,
            "shareable_fields_per_year": plan.shareable_fields,
        },
        "roadmap": [asdict(step) for step in plan.roadmap],
        "helpers": [asdict(helper) for helper in plan.helpers],
        "indicators": [asdict(indicator) for indicator in plan.indicators],
        "flaws": [flaw_report(flaw) for flaw in plan.flaws],
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "type": need.type,
        "name": need.name,
        "count": need.need,
        "need": need.need,
        "have": need.have,
        "lacking": need.lacking,
        "basis": need.basis,
        "where": [need.zone] if need.zone else [],
        "placed": need.placed,
        "places": need.places,
        "status": need.status,
        "missing": need.missing or None,
        "low": need.low,
        "mean_wait_min": need.wait_min,
        "share_within_target": need.share_within,
        "cost": round(need.lacking * need.price, 2),
        "area_m2": round(need.need * need.area_m2, 2),
        "items": need.items,
    }


def flaw_report(flaw: Flaw) -> Mapping[str, str]:
    """Returns a flaw as JSON."""
    return {"kind": flaw.kind, "subject": flaw.subject, "message": flaw.message}


def effect_report(effect: Effect) -> dict[str, Any]:
    """Returns what a change does as JSON."""
    return {**asdict(effect), "windows_saved": effect.windows_saved}


def _shares(ratios: tuple[Ratio, ...]) -> dict[str, float]:
    return {ratio.group: ratio.share for ratio in ratios}


def _match(match: ItemMatch) -> dict[str, Any]:
    return {
        "item": match.name,
        "item_code": match.item,
        "catalogue_item": match.catalogue_item,
        "catalogue_code": match.catalogue_key,
        "confidence": match.confidence,
        "how": match.how,
        "admitted": match.is_admitted,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "id": measure.id,
        "name": measure.name,
        "provided": bool(measure.is_provided),
        "zone": measure.zone,
        "staff": measure.staff,
        "basis": measure.basis,
        "lacking": list(measure.lacking),
    }


def _missing(item: MissingItem) -> dict[str, Any]:
    return {
        "catalogue_item": item.name,
        "catalogue_code": item.key,
        "department": item.department,
        "reason": item.reason or None,
        "reason_kind": item.reason_kind,
        "visitors_per_day": item.visitors_per_day,
        "minutes": item.minutes,
        "windows": item.windows,
        "seats": item.seats,
        "area_m2": item.area_m2,
        "visitors_per_m2": round(item.visitors_per_m2, 3),
        "assumed": item.is_assumed,
        "may_be": item.may_be or None,
    }


def _bundle(bundle: BundleCover) -> dict[str, Any]:
    return {
        "id": bundle.id,
        "name": bundle.name,
        "year": bundle.year,
        "source": bundle.source,
        "covered": bundle.is_covered,
        "window": "、".join(bundle.windows) or None,
        "items": list(bundle.items),
        "missing": list(bundle.missing),
        "visits_saved": bundle.visits_saved,
        "documents_saved": bundle.documents_saved,
        "confidence": bundle.confidence or None,
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "id": offer.id,
        "name": offer.name,
        "provided": offer.is_provided,
        "items": list(offer.items),
        "zone": offer.zone,
        "windows": offer.windows,
        "people_per_day": offer.people_per_day,
    }
