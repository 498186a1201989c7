"""An edited drawing against the plan it was made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.errors import PlanFileError
from hallplan.geometry.polygons import clear_width, polygons_of
from hallplan.model.catalogue import zone_types
from hallplan.model.edit import Change, Edit
from hallplan.model.layout import Aisle, Furniture, Layout, PlacedZone
from hallplan.model.plan import Plan, plan_stamp
from hallplan.model.site import Site
from hallplan.read.edited.ground import Placed, placed
from hallplan.read.edited.marks import drawn_marks
from hallplan.read.edited.matching import recognised
from hallplan.read.edited.pieces import read_furniture, read_signs
from hallplan.read.edited.walls import read_demolished, read_doors, read_partitions
from hallplan.read.edited.zones import ZonesRead, read_zones
from hallplan.terms import read_data, text
from hallplan.units import round_m

_LEAST_AISLE_M2 = 1.0
_LEAST_WIDTH_M = 0.8


def read_edit(path: Path, plan: Plan, number: int) -> Edit:
    """Returns alternative `number` as an edited drawing shows it: zones, furniture, signs, partitions, doors, demolition.

    What lies within half a millimetre of the plan is kept as planned. Raises PlanFileError when the drawing cannot be
    read, shows no zone of the plan, or a zone's outline crosses itself (every such zone is named).
    """
    alternative = plan.alternative(number)
    drawn = drawn_marks(path)
    marks = placed(drawn.marks, plan.site)
    items = recognised(marks, plan, alternative)
    layout = alternative.layout
    zones = read_zones(items, layout.zones, plan.site, str(path))
    if zones.faults:
        raise PlanFileError.of(zones.faults)
    if not zones.zones:
        raise PlanFileError.at(
            str(path), text("read_edit.no_zones"), text("read_edit.expected"), text("read_edit.use_output")
        )
    furniture, moved, lost = read_furniture(items, layout.furniture, zones.zones)
    partitions, built = read_partitions(items, layout)
    doors, hung = read_doors(items, layout.doors, zones.motions)
    demolished, taken = read_demolished(items, layout.demolished)
    signs, signed, unsigned = read_signs(items, alternative.signs)
    edited = replace(
        layout, zones=zones.zones, furniture=tuple(furniture), partitions=tuple(partitions), doors=tuple(doors),
        demolished=tuple(demolished), aisles=_aisles(layout, zones, plan.site),
    )  # fmt: skip
    changes = (*zones.changes, *moved, *built, *hung, *taken, *signed)
    if changes:
        edited = replace(edited, name=_edited_name(layout.name), bound=None)
    warnings = [*_source_warnings(marks, plan), *zones.warnings, *lost, *unsigned, *_left_behind(zones, layout.furniture, moved)]  # fmt: skip
    can_carry = drawn.has_more and path.suffix.lower() == ".dxf" and any(item.mark.stamp for item in marks)
    return Edit(edited, tuple(signs), changes, tuple(warnings), can_carry)


def _edited_name(name: str) -> str:
    mark = text("read_edit.edited")
    return name if name.endswith(mark) else f"{name}{mark}"


def _source_warnings(marks: Sequence[Placed], plan: Plan) -> list[str]:
    """Says when the drawing was made from another plan than this, or lost its marks."""
    stamps = Counter(item.mark.stamp for item in marks if item.mark.stamp)
    if not stamps:
        return [text("read_edit.no_marks")]
    return [] if plan_stamp(plan) in stamps else [text("read_edit.other_plan")]


def _left_behind(zones: ZonesRead, planned: Sequence[Furniture], changes: Sequence[Change]) -> list[str]:
    """Says which zones were moved while all that stands in them stayed."""
    moved = {change.id for change in changes}
    found = []
    for zone in zones.motions:
        ids = [piece.id for piece in planned if piece.zone == zone]
        if ids and not moved.intersection(ids):
            found.append(text("read_edit.left_behind", id=zone, count=len(ids)))
    return found


def _aisles(layout: Layout, zones: ZonesRead, site: Site) -> tuple[Aisle, ...]:
    """Returns the ways between the zones: those of the plan less the zones' new ground, with the ground that they left."""
    if not zones.changes:
        return layout.aisles
    aisles: list[Aisle] = []
    for floor in site.floors:
        now = shapely.union_all([zone.area for zone in zones.zones if zone.floor == floor.id])
        left = _ground_of(layout.zones, floor.id).difference(now).intersection(floor.usable)
        mine = [aisle for aisle in layout.aisles if aisle.floor == floor.id]
        ends, through = _led_to([zone for zone in zones.zones if zone.floor == floor.id])
        for aisle, area in zip(mine, _shared_out(mine, left, now), strict=True):
            parts = [part for part in polygons_of(area) if part.area >= _LEAST_AISLE_M2]
            for n, part in enumerate(parts):
                id = aisle.id if n == 0 else f"{aisle.id}-{n + 1}"
                is_main = aisle.network == "public" and aisle.rank == "main"
                width = clear_width(part, _LEAST_WIDTH_M, *((ends, through) if is_main else ()))
                aisles.append(replace(aisle, id=id, area=part, width_m=round_m(width)))
    return tuple(aisles)


def _led_to(zones: Sequence[PlacedZone]) -> tuple[list[Point], list[Polygon]]:
    """What main ways lead to, the middle of counters' fronts, and the zones that one comes in through."""
    passed, main_m = read_data("flow.toml")["walk"]["through"], read_data("place.toml")["ways"]["main_m"]
    types = zone_types()
    counters = [zone for zone in zones if zone.form and types[zone.type].front_way_m >= main_m]
    fronts = [zone.front.centroid for zone in counters if zone.front is not None]
    return fronts, [zone.area for zone in zones if zone.type in passed]


def _ground_of(zones: Sequence[PlacedZone], floor: str) -> BaseGeometry:
    return shapely.union_all([zone.area for zone in zones if zone.floor == floor])


def _shared_out(aisles: Sequence[Aisle], left: BaseGeometry, now: BaseGeometry) -> list[BaseGeometry]:
    """Adds each piece of ground that was left to the way it touches most, public ways first."""
    shares: list[list[Polygon | MultiPolygon]] = [[aisle.area] for aisle in aisles]
    for piece in polygons_of(left):
        touch = [piece.buffer(0.02).intersection(aisle.area).area for aisle in aisles]
        order = sorted(range(len(aisles)), key=lambda n: (aisles[n].network != "public", -touch[n]))
        best = next((n for n in order if touch[n] > 1e-3), None)
        if best is not None:
            shares[best].append(piece.buffer(1e-4, join_style="mitre"))
    return [shapely.union_all(share).difference(now) for share in shares]
