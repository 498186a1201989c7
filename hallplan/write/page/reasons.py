"""Why each zone is where it is, in words and figures."""

from __future__ import annotations

from hallplan.model.layout import Layout, PlacedZone
from hallplan.model.plan import Plan
from hallplan.model.programme import Need, Programme, Zone
from hallplan.model.reviews import as_reviewed, reviews_of
from hallplan.model.site import OpeningRole, Site
from hallplan.terms import text
from hallplan.write.page.tables import Row, Table, make_table

NEAR_M = 4.0
"""Two zones count as near when a main way could lie between them."""


def zone_table(plan: Plan) -> Table:
    """Returns one row a zone: area against target, how it was sized, and why it lies there; a sum at the end."""
    layout = plan.alternatives[0].layout
    rows = []
    for placed in layout.zones:
        zone = plan.programme.zone(placed.zone)
        share = placed.area_m2 / placed.target_m2 - 1 if placed.target_m2 else 0.0
        cells = (
            zone.name,
            plan.site.floor(placed.floor).title,
            f"{placed.area_m2:,.1f}",
            f"{placed.target_m2:,.1f}",
            f"{share:+.0%}",
            zone.basis,
            " ".join(zone_reasons(plan, layout, placed)),
        )
        rows.append(Row(cells))
    area, target = (sum(getattr(zone, key) for zone in layout.zones) for key in ("area_m2", "target_m2"))
    total = (text("page.total"), "", f"{area:,.1f}", f"{target:,.1f}", "", "", "")
    return make_table("zones", "zone floor area# target# deviation# basis why", [*rows, Row(total, style="total")])


def zone_reasons(plan: Plan, layout: Layout, placed: PlacedZone) -> list[str]:
    """Returns the sentences that say why a zone lies where it does."""
    zone = plan.programme.zone(placed.zone)
    reasons = [text("page.why_fixed")] if placed.is_fixed else []
    reasons += _needs(plan.site, zone, placed)
    if _is_seen_on_coming_in(plan, placed):
        reasons.append(text("page.why_seen"))
    programme = as_reviewed(plan.programme, dict(layout.reviews))
    reasons += _reviews(programme, placed)
    reasons += _wishes(programme, layout, placed)
    people = sum(
        kind.per_day for kind in plan.programme.visitors if placed.zone in kind.chain and kind.network != "staff"
    )
    distance = _walk_from_entrance(plan.site, placed)
    if people >= 1 and distance is not None:
        reasons.append(text("page.why_people", people=f"{people:,.0f}", distance=f"{distance:.0f}"))
    return reasons


def _reviews(programme: Programme, placed: PlacedZone) -> list[str]:
    """Whose cases are reviewed here."""
    counters = [counter for counter, office in reviews_of(programme).items() if office == placed.zone]
    names = text("page.comma").join(programme.zone(counter).name for counter in counters)
    return [text("page.why_reviews", zones=names)] if names else []


def _needs(site: Site, zone: Zone, placed: PlacedZone) -> list[str]:
    reasons = []
    floor = site.floor(placed.floor)
    if Need.MAIN_DOOR in zone.needs and _nearest_door(site, placed, OpeningRole.MAIN) is not None:
        reasons.append(text("page.why_main_door"))
    if Need.H24_DOOR in zone.needs or (Need.FACADE in zone.needs and placed.type == "self_24h"):
        reasons.append(text("page.why_24h"))
    if zone.wants_daylight and any(placed.area.distance(line) < 1.0 for line in floor.glazing):
        reasons.append(text("page.why_daylight"))
    return reasons


def _is_seen_on_coming_in(plan: Plan, placed: PlacedZone) -> bool:
    """Whether a zone is to be in sight from the main entrances and its desk is, from each on its floor."""
    asked = any(
        line.viewer == f"door:{OpeningRole.MAIN}" and placed.zone in line.seen for line in plan.programme.sightlines
    )
    shown = plan.alternatives[0]
    desks = {piece.id for piece in shown.layout.furniture if piece.zone == placed.zone}
    views = [view for view in shown.signs.desks if view.desk in desks]
    return asked and bool(views) and all(view.is_seen for view in views)


def _wishes(programme: Programme, layout: Layout, placed: PlacedZone) -> list[str]:
    """Wished-for neighbours that are near, and the ones that are not."""
    others = {zone.zone: zone for zone in layout.zones}
    near: list[tuple[float, str]] = []
    far: list[tuple[float, str]] = []
    for wish in programme.adjacencies:
        if placed.zone not in (wish.zone_a, wish.zone_b) or wish.weight <= 0:
            continue
        other = others.get(wish.zone_b if placed.zone == wish.zone_a else wish.zone_a)
        if other is None:
            continue
        is_near = other.floor == placed.floor and other.area.distance(placed.area) <= NEAR_M
        (near if is_near else far).append((wish.weight, programme.zone(other.zone).name))
    return [
        text(
            f"page.why_{key}",
            zones=text("page.comma").join(dict.fromkeys(name for _, name in sorted(names, reverse=True)[:3])),
        )
        for key, names in (("near", near), ("far", [entry for entry in far if entry[0] >= 2]))
        if names
    ]


def _nearest_door(site: Site, placed: PlacedZone, role: OpeningRole) -> float | None:
    doors = site.floor(placed.floor).with_role(role)
    return min((placed.area.distance(door.line) for door in doors), default=None)


def _walk_from_entrance(site: Site, placed: PlacedZone) -> float | None:
    """Straight distance from the main entrance to the zone's edge; the route table has walked lengths."""
    return _nearest_door(site, placed, OpeningRole.MAIN)
