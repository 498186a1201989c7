"""Furniture and signs as a drawing shows them, against those of the plan."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely.geometry import Point

from hallplan.model.edit import Change
from hallplan.model.layout import Furniture, PlacedZone
from hallplan.model.signs import Mount, Sign, SignPlan
from hallplan.read.edited.ground import SAME_M, Placed
from hallplan.read.edited.zones import is_turned
from hallplan.terms import text

_SCALE_TOL = 1e-3
_MOUNTS: tuple[Mount, ...] = ("hung", "wall", "stand", "counter", "door")


def read_furniture(
    items: Sequence[Placed], planned: Sequence[Furniture], zones: Sequence[PlacedZone]
) -> tuple[list[Furniture], list[Change], list[str]]:
    """Returns the furniture drawn, pieces that were copied under new ids, what changed, and warnings."""
    drawn = _by_id(items, "furniture")
    if not drawn and planned:
        return list(planned), [], [text("read_edit.none_drawn", kind=text("read_edit.furniture"))]
    pieces, changes = [], []
    for piece in planned:
        found = drawn.pop(piece.id, [])
        if not found:
            changes.append(Change("furniture", piece.id, "removed"))
        for n, item in enumerate(_own_first(found, piece.at)):
            read, change = _piece(piece, item, zones)
            if n:
                read = replace(read, id=f"{piece.id}-C{n}")
                change = Change("furniture", read.id, "added")
            pieces.append(read)
            changes += [change] if change else []
    warnings = [text("read_edit.unknown_piece", ids="、".join(sorted(drawn)[:8]), count=len(drawn))] if drawn else []
    return pieces, changes, warnings


def read_signs(items: Sequence[Placed], planned: SignPlan) -> tuple[list[Sign], list[Change], list[str]]:
    """Returns the signs drawn with the words they carry, what changed, and warnings; catchments are left to be seen anew."""
    drawn = _by_id(items, "sign")
    if not drawn and planned.signs:
        return list(planned.signs), [], [text("read_edit.none_drawn", kind=text("read_edit.signs"))]
    signs, changes = [], []
    for sign in planned.signs:
        found = drawn.pop(sign.id, [])
        if not found:
            changes.append(Change("sign", sign.id, "removed"))
        for n, item in enumerate(_own_first(found, sign.at)):
            read, change = _sign(sign, item)
            if n:
                read = replace(read, id=f"{sign.id}-C{n}")
                change = Change("sign", read.id, "added")
            signs.append(read)
            changes += [change] if change else []
    warnings = [text("read_edit.unknown_piece", ids="、".join(sorted(drawn)[:8]), count=len(drawn))] if drawn else []
    return signs, changes, warnings


def _by_id(items: Sequence[Placed], kind: str) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = defaultdict(list)
    for item in items:
        if item.mark.kind == kind and item.at is not None:
            found[item.mark.id].append(item)
    return found


def _own_first(found: list[Placed], at: tuple[float, float]) -> list[Placed]:
    """Copies carry the id of what they were copied from: the nearest to the plan's place is the piece itself."""
    return sorted(found, key=lambda item: (round(math.dist(item.at or at, at), 4), item.mark.handle))


def _piece(piece: Furniture, item: Placed, zones: Sequence[PlacedZone]) -> tuple[Furniture, Change | None]:
    at = item.at or piece.at
    turn = math.remainder(item.facing_deg - piece.facing_deg, 360.0)
    by = math.dist(at, piece.at)
    scaled = max(abs(item.mark.size[0] - 1.0), abs(item.mark.size[1] - 1.0)) > _SCALE_TOL
    if by <= SAME_M and not is_turned(turn) and not scaled and item.floor == piece.floor:
        return piece, None
    size = (piece.size_m[0] * item.mark.size[0], piece.size_m[1] * item.mark.size[1]) if scaled else piece.size_m
    facing = round(item.facing_deg, 4) % 360.0 if is_turned(turn) else piece.facing_deg
    zone = _zone_at(at, item.floor, piece.zone, zones)
    read = replace(piece, floor=item.floor, at=at, facing_deg=facing, size_m=size, zone=zone)
    what = "reshaped" if scaled else "moved"
    return read, Change("furniture", piece.id, what, round(by, 4), round(turn, 3))  # type: ignore[arg-type]


def _zone_at(at: tuple[float, float], floor: str, own: str, zones: Sequence[PlacedZone]) -> str:
    """Returns the zone that a piece stands in now: its own while it touches it, else the one around it."""
    here = [zone for zone in zones if zone.floor == floor and zone.area.distance(Point(at)) < 0.05]
    if not here or any(zone.zone == own for zone in here):
        return own
    return min(here, key=lambda zone: (shapely.area(zone.area), zone.zone)).zone


def _sign(sign: Sign, item: Placed) -> tuple[Sign, Change | None]:
    at, tags = item.at or sign.at, item.mark.tags
    turn = math.remainder(item.facing_deg - sign.facing_deg, 360.0)
    by = math.dist(at, sign.at)
    mount = next((one for one in _MOUNTS if one == tags.get("MOUNT")), sign.mount)
    worded = replace(
        sign, text_zh=tags.get("TEXT", sign.text_zh), text_en=tags.get("TEXT_EN", sign.text_en), mount=mount,
        char_mm=_number(tags.get("CHAR_MM", ""), sign.char_mm),
    )  # fmt: skip
    is_still = by <= SAME_M and not is_turned(turn) and item.floor == sign.floor
    if is_still:
        return worded, None if worded == sign else Change("sign", sign.id, "reworded")
    facing = round(item.facing_deg, 4) % 360.0 if is_turned(turn) else sign.facing_deg
    read = replace(worded, floor=item.floor, at=at, facing_deg=facing, catchment=None)
    return read, Change("sign", sign.id, "moved", round(by, 4), round(turn, 3))


def _number(written: str, otherwise: float) -> float:
    try:
        value = float(written)
    except ValueError:
        return otherwise
    return value if math.isfinite(value) and value > 0 and f"{value:g}" != f"{otherwise:g}" else otherwise
