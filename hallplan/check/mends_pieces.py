"""Mends that put what is missing where there is room for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.check.case import Case, Task, fresh
from hallplan.model.catalogue import furniture_types
from hallplan.model.findings import Finding
from hallplan.model.layout import Furniture, PlacedZone
from hallplan.model.space import footprint, in_front
from hallplan.terms import read_data, text

Mended = tuple[str, Case] | None
NOT_LOOSE = ("counter", "counter_low", "counter_standing", "info_desk", "staff_desk", "call_screen")
"""What needs a person behind it, or is counted by the seats that see it, is not simply put somewhere."""


def add_kiosks(case: Case, task: Task, finding: Finding) -> Mended:
    """As many self-service terminals as are missing stand in the self-service zones, else where people wait."""
    del task, finding
    missing = case.windows.kiosks - len(case.pieces("kiosk", "kiosk_low"))
    order = read_data("check.toml")["mends"]["kiosk_zones"]
    zones = sorted(
        (zone for zone in case.layout.zones if zone.type in order), key=lambda z: (order.index(z.type), z.zone)
    )
    placed: list[Furniture] = []
    for zone in zones:
        placed += _placed(case, zone, "kiosk", missing - len(placed), placed)
    if not placed:
        return None
    names = text("check.list").join(dict.fromkeys(case.name(piece.zone) for piece in placed))
    what = text("check.mend_kiosks", count=len(placed), zone=names)
    return what, fresh(case, layout=replace(case.layout, furniture=(*case.layout.furniture, *placed)))


def add_missing(case: Case, task: Task, finding: Finding) -> Mended:
    """What the zone lacks stands on ground of it that is still free, as much as there is room for."""
    del task
    zone = case.zones.get(finding.where.zone)
    lacks = [short for short in case.layout.shortfalls if zone is not None and short.zone == zone.zone]
    if zone is None or not lacks or any(short.kind in NOT_LOOSE for short in lacks):
        return None
    placed: list[Furniture] = []
    rest = []
    for short in lacks:
        if short.kind not in furniture_types():
            return None
        more = _placed(case, zone, short.kind, short.asked - short.placed, placed)
        placed += more
        if short.placed + len(more) < short.asked:
            rest.append(replace(short, placed=short.placed + len(more)))
    if not placed:
        return None
    others = [short for short in case.layout.shortfalls if short.zone != zone.zone]
    furniture = (*case.layout.furniture, *placed)
    what = text("check.mend_pieces", count=len(placed), zone=case.name(zone.zone))
    return what, fresh(case, layout=replace(case.layout, furniture=furniture, shortfalls=(*others, *rest)))


def _placed(case: Case, zone: PlacedZone, kind: str, count: int, others: Sequence[Furniture]) -> list[Furniture]:
    """Pieces of a kind on free ground of a zone, each with free ground before it, off aisles and doors; `count` at most."""
    if count <= 0:
        return []
    free, most = _free(case, zone, others), read_data("check.toml")["mends"]["spots_most"]
    found: list[Furniture] = []
    shapely.prepare(free)
    for piece in islice(_places(zone, kind, free), most):
        ground = footprint(piece)
        if free.contains(ground) and free.contains(in_front(piece, furniture_types()[kind].clear_front_m)):
            found.append(replace(piece, id=f"X-{zone.zone}-{kind}-{len(found) + 1}"))
            free = free.difference(ground)
            shapely.prepare(free)
            if len(found) == count:
                break
    return found


def _free(case: Case, zone: PlacedZone, others: Sequence[Furniture]) -> BaseGeometry:
    """Ground of a zone that nothing stands on and no aisle, door or piece's own front needs."""
    own = [piece for piece in (*case.layout.furniture, *others) if piece.floor == zone.floor]
    fronts = [in_front(p, furniture_types()[p.kind].clear_front_m) for p in own if p.kind in furniture_types()]
    aisles = [aisle.area for aisle in case.layout.aisles if aisle.floor == zone.floor]
    return zone.area.buffer(1e-6).difference(shapely.union_all([*map(footprint, own), *fronts, *aisles]))


def _places(zone: PlacedZone, kind: str, free: BaseGeometry) -> Iterator[Furniture]:
    """Places of a zone whose middle is free, on a grid, facing each way in turn."""
    known, step = furniture_types()[kind], read_data("check.toml")["mends"]["step_m"]
    x0, y0, x1, y1 = zone.area.bounds
    grid = np.array(np.meshgrid(np.arange(x0, x1 + step, step), np.arange(y0, y1 + step, step))).reshape(2, -1).round(3)
    spots = grid[:, shapely.contains_xy(free, *grid)].T.tolist()
    for facing in (0.0, 90.0, 180.0, 270.0):
        for x, y in spots:
            yield Furniture(
                "", kind, zone.floor, zone.zone, (x, y), (known.width_m, known.depth_m), facing, known.height_m
            )
