"""Entities whose XDATA a program dropped, known again by their layer, attributes, shape and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from hallplan.model.layout import Layout
from hallplan.model.plan import Alternative, Plan
from hallplan.model.signs import sign_numbers
from hallplan.model.space import partition_pieces
from hallplan.read.edited.fitting import corners, ring_motion
from hallplan.read.edited.ground import SAME_M, Placed, told

Floats = NDArray[np.float64]
_PIECE_LAYERS = ("counter", "seat", "equipment")
_CONGRUENT_M = 1e-3
_SHARED = 0.3
"""A zone that was reshaped still covers a third of where it was, or carries its name."""


@dataclass(frozen=True, slots=True)
class Known:
    """A ring that the plan would draw: its kind, id, floor, and the names its label may begin with."""

    kind: str
    id: str
    floor: str
    points: Floats
    name: str = ""


def recognised(items: Sequence[Placed], plan: Plan, alternative: Alternative) -> list[Placed]:
    """Returns the items, those without a kind told by what they look like where that can be told."""
    bare = [item for item in items if not item.mark.kind]
    if not bare:
        return list(items)
    taken = {(item.mark.kind, item.mark.id) for item in items if item.mark.kind}
    texts = [item for item in bare if "words" in item.mark.tags]
    found = {id(item): item for item in bare}
    rings = [item for item in bare if item.mark.is_closed and len(item.points) > 2]
    for layer, known in (("zone", _zones(plan, alternative.layout)), ("partition", _walls(alternative.layout))):
        free = [one for one in known if (one.kind, one.id) not in taken or one.kind.startswith("partition")]
        here = [ring for ring in rings if ring.mark.layer == layer]
        for ring, one in _paired(here, free, texts, is_zone=layer == "zone"):
            found[id(ring)] = told(ring, one.kind, one.id)
    for item in bare:
        if item.mark.at is not None and item.mark.layer in (*_PIECE_LAYERS, "sign") and "words" not in item.mark.tags:
            found[id(item)] = _block(item, alternative, taken)
        elif item.mark.layer == "demolish" and len(item.points) > 1:
            found[id(item)] = told(item, "demolish", item.mark.handle)
    return [found.get(id(item), item) for item in items]


def _zones(plan: Plan, layout: Layout) -> list[Known]:
    names = {zone.id: zone.name for zone in plan.programme.zones}
    rings = []
    for zone in layout.zones:
        outer = shapely.get_coordinates(zone.area.exterior)[:-1]
        rings.append(Known("zone", zone.zone, zone.floor, outer, names.get(zone.zone, "")))
        for hole in zone.area.interiors:
            rings.append(Known("zone-hole", zone.zone, zone.floor, shapely.get_coordinates(hole)[:-1]))
    return rings


def _walls(layout: Layout) -> list[Known]:
    floors = sorted({wall.floor for wall in layout.partitions})
    pieces = [piece for floor in floors for piece in partition_pieces(layout, floor)]
    return [
        Known(f"partition-{wall.kind}", wall.id, wall.floor, corners(shapely.get_coordinates(piece.exterior)[:-1]))
        for wall, piece in pieces
    ]


def _paired(
    rings: list[Placed], known: list[Known], texts: list[Placed], *, is_zone: bool
) -> list[tuple[Placed, Known]]:
    """Returns rings with what they are, the surest first: in place, congruent, named or overlapping."""
    wishes = []
    for r, ring in enumerate(rings):
        words = _words_in(ring, texts) if is_zone else ""
        ring = ring if is_zone else replace(ring, points=corners(ring.points))
        for k, one in enumerate(known):
            rank = _rank(ring, one, words, is_zone=is_zone)
            if rank is not None:
                wishes.append((*rank, r, k))
    pairs: list[tuple[Placed, Known]] = []
    used_rings: set[int] = set()
    used_known: set[int] = set()
    for *_, r, k in sorted(wishes):
        if r not in used_rings and k not in used_known:
            used_rings.add(r)
            used_known.add(k)
            pairs.append((rings[r], known[k]))
    return pairs


def _rank(ring: Placed, one: Known, words: str, *, is_zone: bool) -> tuple[int, float] | None:
    far = float(np.hypot(*(ring.points.mean(axis=0) - one.points.mean(axis=0))))
    if ring.floor == one.floor and len(ring.points) == len(one.points) and far < SAME_M:
        return (0, far)
    is_named = bool(one.name) and words.startswith(one.name)
    fit = ring_motion(one.points, ring.points) if len(one.points) <= 24 else None
    is_congruent = fit is not None and fit.error_m < _CONGRUENT_M
    if is_congruent:
        return (1 if is_named else 3, far)
    if not is_zone:
        return None
    if is_named:
        return (2, far)
    a, b = Polygon(one.points), Polygon(ring.points)
    if ring.floor == one.floor and b.is_valid and a.intersection(b).area > _SHARED * min(a.area, b.area):
        return (4, -a.intersection(b).area / a.union(b).area)
    return None


def _words_in(ring: Placed, texts: list[Placed]) -> str:
    area = Polygon(ring.points)
    for item in texts:
        if item.floor == ring.floor and area.is_valid and area.intersects(shapely.Point(item.points[0])):
            return str(item.mark.tags["words"]).strip()
    return ""


def _block(item: Placed, alternative: Alternative, taken: set[tuple[str, str]]) -> Placed:
    """Returns a block with the id that its attributes tell, else that of the nearest piece of its layer's kind."""
    if item.mark.layer == "sign":
        by_number = {number: id for id, number in sign_numbers(alternative.signs).items()}
        kind, id = "sign", by_number.get(item.mark.tags.get("NO", ""), "")
        places = {sign.id: sign.at for sign in alternative.signs.signs if sign.floor == item.floor}
    else:
        kind, id = "furniture", item.mark.tags.get("ID", "")
        places = {piece.id: piece.at for piece in alternative.layout.furniture if piece.floor == item.floor}
    if not id and item.at is not None:
        here = np.array(item.at)
        free = {key: float(np.hypot(*(here - at))) for key, at in places.items() if (kind, key) not in taken}
        id = min(free, key=lambda key: (free[key], key)) if free else ""
    if id:
        taken.add((kind, id))
    return told(item, kind, id) if id else item
