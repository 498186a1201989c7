"""Zones as a drawing shows them, against those of the plan."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.validation import explain_validity

from hallplan.errors import Fault
from hallplan.model.edit import Change
from hallplan.model.layout import PlacedZone
from hallplan.model.site import ObstacleKind, Site
from hallplan.read.edited.fitting import Motion, motion
from hallplan.read.edited.ground import SAME_M, Placed
from hallplan.terms import text


@dataclass(frozen=True, slots=True)
class ZonesRead:
    """Zones, what changed, the rigid motion of each zone that was moved as a whole, warnings and faults."""

    zones: tuple[PlacedZone, ...]
    changes: tuple[Change, ...]
    motions: Mapping[str, Motion]
    warnings: tuple[str, ...]
    faults: tuple[Fault, ...]


def read_zones(items: Sequence[Placed], planned: Sequence[PlacedZone], site: Site, where: str) -> ZonesRead:
    """Returns the zones drawn: as planned where they lie within half a millimetre, else as drawn."""
    rings: dict[str, list[Placed]] = defaultdict(list)
    holes: dict[str, list[Placed]] = defaultdict(list)
    for item in items:
        if item.mark.kind in ("zone", "zone-hole") and len(item.points) > 2:
            (rings if item.mark.kind == "zone" else holes)[item.mark.id].append(item)
    known = {zone.zone: zone for zone in planned}
    motions: dict[str, Motion] = {}
    zones, changes, warnings, faults = [], [], [], []
    for zone in planned:
        drawn = rings.get(zone.zone)
        if not drawn:
            changes.append(Change("zone", zone.zone, "removed"))
            continue
        if len(drawn) > 1:
            warnings.append(text("read_edit.twice", id=zone.zone, count=len(drawn)))
        ring = _nearest(drawn, zone)
        area = Polygon(ring.points, [hole.points for hole in holes.get(zone.zone, ()) if hole.floor == ring.floor])
        if not area.is_valid or area.is_empty:
            faults.append(_fault(where, ring, zone.zone, area))
            continue
        read, change, how = _compared(zone, ring, area, site)
        zones.append(read)
        changes += [change] if change else []
        motions |= {zone.zone: how} if how else {}
    warnings += [text("read_edit.unknown_zone", id=id) for id in sorted(rings) if id not in known]
    return ZonesRead(tuple(zones), tuple(changes), motions, tuple(warnings), tuple(faults))


def _nearest(drawn: Sequence[Placed], zone: PlacedZone) -> Placed:
    """Returns the ring that is the zone: of copies, the one that moved; the plan's own place is where the copy began."""
    middle = np.array(zone.area.exterior.coords)[:-1].mean(axis=0)
    return max(drawn, key=lambda ring: float(np.hypot(*(ring.points.mean(axis=0) - middle))))


def _compared(
    zone: PlacedZone, ring: Placed, area: Polygon, site: Site
) -> tuple[PlacedZone, Change | None, Motion | None]:
    before = shapely.get_coordinates(zone.area.exterior)[:-1]
    if ring.floor == zone.floor and area.hausdorff_distance(zone.area) <= SAME_M:
        return zone, None, None
    fit = motion(before, ring.points)
    is_rigid = fit is not None and fit.error_m <= 2 * SAME_M
    front = zone.front_deg if zone.front_deg is None or fit is None or not is_rigid else fit.direction(zone.front_deg)
    floor = site.floor(ring.floor)
    columns = shapely.union_all([column.area for column in floor.of_kind(ObstacleKind.COLUMN)])
    net = round(area.area - area.intersection(columns).area, 4)
    read = replace(zone, floor=ring.floor, area=area, area_m2=net, front_deg=front)
    by = float(np.hypot(*(np.array(area.centroid.coords[0]) - np.array(zone.area.centroid.coords[0]))))
    turn = round(fit.turn_deg, 3) if fit is not None and is_rigid else 0.0
    change = Change("zone", zone.zone, "moved" if is_rigid else "reshaped", round(by, 4), turn)
    return read, change, fit if is_rigid and ring.floor == zone.floor else None


def _fault(where: str, ring: Placed, id: str, area: Polygon) -> Fault:
    x, y = ring.mark.points[0]
    place = text("read_edit.at", file=where, id=id, handle=ring.mark.handle, x=f"{x:.3f}", y=f"{y:.3f}")
    reason = explain_validity(area) if not area.is_empty else text("read_edit.empty")
    return Fault(
        place, text("read_edit.crossed", reason=reason), text("read_edit.expect_ring"), text("read_edit.redraw")
    )


def is_turned(angle_deg: float) -> bool:
    """Returns whether an angle is not a whole turn, to a hundredth of a degree."""
    return not math.isclose(math.remainder(angle_deg, 360.0), 0.0, abs_tol=0.01)
