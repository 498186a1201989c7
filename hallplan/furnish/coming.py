"""How visitors come to the doors of rooms, on one floor of a layout that is not furnished yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from hallplan.furnish.bench import Hall, limit
from hallplan.geometry import Walkable
from hallplan.geometry.polygons import Floats, moved
from hallplan.kept import kept
from hallplan.model.site import Floor, ObstacleKind, OpeningRole

_WALKS_KEPT = 20
"""For how many floors the walks of visitors are kept: those of a layout, as each of its rooms asks again."""


@kept(_WALKS_KEPT)
def visitor_walk(hall: Hall, floor: Floor) -> VisitorWalk:
    """Returns the walks of visitors on a floor, the same for all its rooms."""
    return VisitorWalk(hall, floor)


@dataclass
class VisitorWalk:
    """Walks of visitors from the main entrances to the doors of rooms."""

    hall: Hall
    floor: Floor

    def lengths_m(self, spots: Sequence[tuple[float, float]]) -> Floats:
        """Returns how far visitors walk to each of some spots from the nearest main entrance, m, (n,); inf for no way."""
        return nearest_m(self._ground, self._starts, spots)

    @cached_property
    def _starts(self) -> Sequence[tuple[float, float]]:
        """Places inside the main entrances of the floor, else the stairs and lifts that they come up by."""
        doors = self.floor.with_role(OpeningRole.MAIN)
        inside = [moved(door.at, door.inward_deg, limit("general.way_least_m")) for door in doors]
        return inside or [self.floor.landing(link) for link in self.floor.links]

    @cached_property
    def _ground(self) -> Walkable:
        """Floor that no room, no zone of the staff or with counters and nothing built stands on."""
        here = [placed for placed in self.hall.layout.zones if placed.floor == self.floor.id]
        zones = [(self.hall.programme.zone(placed.zone), placed) for placed in here]
        taken = [placed.area for zone, placed in zones if zone.is_enclosed or zone.side != "public"]
        free = self.floor.usable.difference(shapely.union_all([*standing(self.floor), *taken]))
        return Walkable(free, limit("general.way_least_m") / 2, quarter_segments=1)


def standing(floor: Floor) -> list[shapely.Polygon]:
    """Returns what is built on a floor: columns, and walls and shafts that stay."""
    return [
        o.area for o in floor.obstacles if o.kind == ObstacleKind.COLUMN or (o.is_fixed and o.kind != ObstacleKind.VOID)
    ]


def nearest_m(ground: Walkable, starts: Sequence[tuple[float, float]], spots: Sequence[tuple[float, float]]) -> Floats:
    """Returns the length of the shortest way from any of some starts to each of some spots, m, (n,); inf for none."""
    if not starts or not spots:
        return np.full(len(spots), np.inf)
    return np.asarray(ground.distances(starts, np.array(spots, dtype=np.float64)).min(axis=0))
