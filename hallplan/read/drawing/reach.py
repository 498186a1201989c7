"""How much of a floor lies behind each outer door, from room to room through inner doors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Point

from hallplan.model.site import CORE_WALL_M, Opening, Room
from hallplan.read.drawing.symbols import unions
from hallplan.read.drawing.vocabulary import sizes


def ground_behind(openings: Sequence[Opening], rooms: Sequence[tuple[Room, str]]) -> dict[str, float]:
    """Returns the m² of rooms that each outer door leads to, by its id; rooms of a kind (toilets, stairs) do not count."""
    areas = [room.area for room, _ in rooms]
    if not areas:
        return {}
    tree = shapely.STRtree(areas)
    pairs = []
    for door in openings:
        if not door.is_exterior:
            beside = tree.query(Point(door.at), predicate="dwithin", distance=CORE_WALL_M).tolist()
            pairs += [(beside[0], other) for other in beside[1:]]
    group = unions(len(areas), np.array(pairs, dtype=np.int64).reshape(-1, 2))
    own = np.array([0.0 if kind else room.area.area for room, kind in rooms])
    total = np.bincount(group, weights=own, minlength=len(areas))
    found = {}
    for door in openings:
        if door.is_exterior:
            inside = tree.query(_inside(door), predicate="within").tolist()
            found[door.id] = float(total[group[inside[0]]]) if inside else 0.0
    return found


def _inside(door: Opening) -> Point:
    angle, step = math.radians(door.inward_deg), sizes("doors")["step_m"]
    return Point(door.at[0] + step * math.cos(angle), door.at[1] + step * math.sin(angle))
