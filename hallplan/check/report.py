"""What `hallplan check --json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hallplan.model.findings import Finding, Place
from hallplan.model.site import Site
from hallplan.units import round_m

SCHEMA = 1


def check_report(findings: Sequence[Finding], site: Site | None = None) -> dict[str, Any]:
    """Returns findings and their counts as data/schemas/check.schema.json describes them.

    site: the floors by whose frames places are given in metres in the drawing's axes; without it in the plan frame.
    """
    summary = {status: sum(f.status == status for f in findings) for status in ("pass", "fail", "undecided")}
    return {"schema": SCHEMA, "findings": [_entry(finding, site) for finding in findings], "summary": summary}


def _entry(finding: Finding, site: Site | None) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "clause": finding.clause,
        "level": finding.level,
        "status": finding.status,
        "where": _where(finding.where, site),
        "value": finding.value,
        "limit": finding.limit,
        "unit": finding.unit,
        "message": finding.message,
        "confidence": finding.confidence,
        "mend": finding.mend,
    }


def _where(place: Place, site: Site | None) -> dict[str, Any]:
    where: dict[str, Any] = {key: getattr(place, key) for key in ("floor", "zone", "cell") if getattr(place, key)}
    if place.at is not None:
        at = place.at
        if site is not None and place.floor:
            at = site.floor(place.floor).frame.point_to_drawing_m(at)
        where["at"] = [round_m(at[0]), round_m(at[1])]
    return where
