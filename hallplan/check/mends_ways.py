"""Mends of narrow ways: what stands or is drawn at the narrow place gives way, the least first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import shapely
from shapely.geometry import LineString, Point

from hallplan.check.case import Case, Task, fresh
from hallplan.geometry.polygons import polygons_of
from hallplan.model.findings import Finding
from hallplan.model.layout import Furniture, PlacedZone
from hallplan.model.space import footprint, staff_only
from hallplan.terms import read_data, text


def widen_way(case: Case, task: Task, finding: Finding) -> Iterator[tuple[str, Case]]:
    """Yields what could give way at a narrow place: loose pieces, the nearest alone and then more, a built wall, staff ground."""
    if finding.where.at is None or not finding.where.floor:
        return
    place, floor = Point(finding.where.at), finding.where.floor
    loose = _loose(case, floor, place, task.limit)
    for count in range(1, min(len(loose), int(read_data("check.toml")["mends"]["pieces_most"])) + 1):
        gone = {piece.id for piece in loose[:count]}
        kept = tuple(piece for piece in case.layout.furniture if piece.id not in gone)
        what = text("check.mend_take", id=text("check.list").join(sorted(gone)))
        yield what, fresh(case, layout=replace(case.layout, furniture=kept))
    yield from _opened(case, floor, place, task.limit)
    yield from _yielded(case, floor, place, task.limit)


def _loose(case: Case, floor: str, place: Point, reach: float) -> list[Furniture]:
    """What is no part of a counter and stands nearer than the width that is wanted, the nearest first."""
    movable = read_data("space.toml")["movable"]
    near = [
        (footprint(piece).distance(place), piece.id, piece)
        for piece in case.layout.furniture
        if piece.floor == floor and not piece.window and piece.kind not in movable
    ]
    return [piece for far, _, piece in sorted(near, key=lambda one: one[:2]) if far < reach]


def _opened(case: Case, floor: str, place: Point, width: float) -> Iterator[tuple[str, Case]]:
    """The walls that the plan builds are left open there, as wide as the way."""
    hole = place.buffer(width / 2 + float(read_data("check.toml")["mends"]["spare_m"]), quad_segs=4)
    parts, cut = [], []
    for wall in case.layout.partitions:
        if wall.floor != floor or not wall.line.intersects(hole):
            parts.append(wall)
            continue
        cut.append(wall.id)
        left = shapely.get_parts(wall.line.difference(hole))
        parts += [
            replace(wall, id=f"{wall.id}-{n}", line=line)
            for n, line in enumerate(left, 1)
            if isinstance(line, LineString) and line.length > 0
        ]
    if cut:
        at = case.site.floor(floor).frame.point_to_drawing_m((place.x, place.y))
        what = text(
            "check.mend_leave_open",
            at=f"({at[0]:.1f}, {at[1]:.1f})",
            id=text("check.list").join(cut),
            value=f"{width:.2f}",
        )
        yield what, fresh(case, layout=replace(case.layout, partitions=tuple(parts)))


def _yielded(case: Case, floor: str, place: Point, width: float) -> Iterator[tuple[str, Case]]:
    """Staff zones give the ground there to the way."""
    hole = place.buffer(width, quad_segs=4).intersection(staff_only(case.site.floor(floor), case.layout))
    changed = [
        (zone, less)
        for zone in case.layout.zones
        if zone.floor == floor and zone.area.intersection(hole).area > 0 and (less := _less(zone, hole)) is not None
    ]
    if changed:
        by_id = {less.zone: less for _, less in changed}
        zones = tuple(by_id.get(zone.zone, zone) for zone in case.layout.zones)
        names = text("check.list").join(case.name(zone.zone) for zone, _ in changed)
        given = sum(zone.area_m2 - less.area_m2 for zone, less in changed)
        yield (
            text("check.mend_yield", zone=names, area=f"{given:.1f}"),
            fresh(case, layout=replace(case.layout, zones=zones)),
        )


def _less(zone: PlacedZone, hole: shapely.geometry.base.BaseGeometry) -> PlacedZone | None:
    """A zone without some of its ground; None when it would fall apart."""
    parts = polygons_of(zone.area.difference(hole))
    if len(parts) != 1:
        return None
    share = parts[0].area / zone.area.area
    return replace(zone, area=parts[0], area_m2=round(zone.area_m2 * share, 4))
