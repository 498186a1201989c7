"""What `items`, `equip` and `systems` print as JSON (design.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hallplan.model.services import BundleCover, Effect, Flaw, ItemsPlan, MissingItem, Offer, Ratio


def items_report(plan: ItemsPlan) -> dict[str, Any]:
    """Returns what `items --json` prints; confidences and ratios in [0, 1]."""
    return {
        "catalogue": {"source": plan.catalogue, "items": plan.overall.total, "notice": plan.notice},
        "admission": {
            "overall": plan.overall.share,
            "target": plan.target,
            "by_department": _shares(plan.by_department),
            "by_level": _shares(plan.by_level),
            "by_type": _shares(plan.by_type),
        },
        "matched": [
            {
                "item": match.name,
                "item_code": match.item,
                "catalogue_item": match.catalogue_item,
                "catalogue_code": match.catalogue_key,
                "confidence": match.confidence,
                "how": match.how,
                "admitted": match.is_admitted,
            }
            for match in plan.matched
        ],
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
        "measures": [
            {
                "id": measure.id,
                "name": measure.name,
                "provided": bool(measure.is_provided),
                "zone": measure.zone,
                "staff": measure.staff,
                "basis": measure.basis,
                "lacking": list(measure.lacking),
            }
            for measure in plan.measures
        ],
        "bundles": [_bundle(bundle) for bundle in plan.bundles],
        "public_services": [_offer(offer) for offer in plan.public_services],
        "value_added": [_offer(offer) for offer in plan.value_added],
        "guide_missing": [
            {"item": gap.name, "item_code": gap.item, "fields": list(gap.fields)} for gap in plan.guide_missing
        ],
        "effects": [effect_report(effect) for effect in plan.effects],
        "flaws": [flaw_report(flaw) for flaw in plan.flaws],
    }


def flaw_report(flaw: Flaw) -> Mapping[str, str]:
    """Returns a flaw as JSON."""
    return {"kind": flaw.kind, "subject": flaw.subject, "message": flaw.message}


def effect_report(effect: Effect) -> dict[str, Any]:
    """Returns what a change does as JSON."""
    return {**asdict(effect), "windows_saved": effect.windows_saved}


def _shares(ratios: tuple[Ratio, ...]) -> dict[str, float]:
    return {ratio.group: ratio.share for ratio in ratios}


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
