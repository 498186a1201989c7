"""The page of a finished hall: what stands and what the rules find; nothing of demand, which no drawing has."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hallplan.model.catalogue import furniture_types
from hallplan.model.plan import Plan
from hallplan.terms import text
from hallplan.write.page.tables import Row, Table, cards, make_table, route_table

LEFT_OUT = ("windows", "principles", "alternatives", "changes")
CARDS = ("zones", "windows", "seats", "area", "findings")
PEOPLE = 2
"""Column of the route table that says how many walk there."""


def standing_parts(plan: Plan, context: dict[str, Any]) -> dict[str, Any]:
    """Returns what differs on the page of a hall that stands: sections, key figures, zones with what is in them, ways uncounted."""
    shown = {text(f"page.card_{key}") for key in CARDS}
    routes = route_table(plan)
    rows = tuple(replace(row, cells=(*row.cells[:PEOPLE], "–", *row.cells[PEOPLE + 1 :])) for row in routes.rows)
    return {
        "sections": [id for id in context["sections"] if id not in LEFT_OUT],
        "cards": [card for card in cards(plan) if card.name in shown],
        "zones": standing_zones(plan),
        "zones_note": text("page.standing_note"),
        "routes": replace(routes, rows=rows),
        "kind": text("page.standing_title"),
        "subtitle": text("page.standing_subtitle", date=plan.created, drawing=plan.site.source),
    }


def standing_zones(plan: Plan) -> Table:
    """Returns one row a zone: its floor, area and what stands in it."""
    layout, types = plan.alternatives[0].layout, furniture_types()
    rows = []
    for placed in layout.zones:
        counts = Counter(piece.kind for piece in layout.furniture if piece.zone == placed.zone)
        things = text("page.comma").join(
            f"{types[kind].name} {count}" for kind, count in sorted(counts.items()) if kind in types
        )
        floor = plan.site.floor(placed.floor).title
        rows.append(Row((plan.programme.zone(placed.zone).name, floor, f"{placed.area_m2:,.1f}", things or "–")))
    return make_table("zones", "zone floor area# things", rows)
