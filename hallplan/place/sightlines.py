"""What is to be in sight from where, and lines of sight over a floor. Counters, seats and machines are seen over; walls and rooms are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.geometry.polygons import moved
from hallplan.model.programme import Programme
from hallplan.model.site import OpeningRole
from hallplan.place.bits import Bits, is_set
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats, woven
from hallplan.terms import read_data

NOBODY = -1
"""Stands for no zone."""
CORNER = 1e-9
"""Two sides of a cell that a line comes to within this share of itself are met at once, at their corner."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A wish that one of some zones is in sight.

    viewer: the zone from whose middle, NOBODY for an entrance.  at: floor and point, m, from which those who come in there look.
    seen: zones of which the middle of one is to be in sight.  weight: that of the wish, shared out among all entrances.
    """

    viewer: int
    at: tuple[int, float, float]
    seen: tuple[int, ...]
    weight: float


def sights_of(programme: Programme, grids: Sequence[Grid], index: Mapping[str, int]) -> tuple[Sight, ...]:
    """Returns what is to be in sight on the floors of a programme.  index: numbers of zones by id."""
    found: list[Sight] = []
    doors = list(_entrances(grids))
    for line in programme.sightlines:
        seen = tuple(index[zone] for zone in line.seen if zone in index)
        if seen and line.viewer in index:
            found.append(Sight(index[line.viewer], (0, 0.0, 0.0), seen, line.weight))
        elif seen and line.viewer == f"door:{OpeningRole.MAIN}":
            found += [Sight(NOBODY, door, seen, line.weight / len(doors)) for door in doors]
    return tuple(found)


def _entrances(grids: Sequence[Grid]) -> Iterator[tuple[int, float, float]]:
    """Where those stand who have just come in by a main entrance, as signs are checked from there."""
    step = read_data("signs.toml")["view"]["inside_m"]
    for n, grid in enumerate(grids):
        for door in grid.floor.with_role(OpeningRole.MAIN):
            yield n, *moved(door.at, door.inward_deg, step)


@woven
def is_clear(
    xs: Floats, ys: Floats, inside: Bits, cells: np.ndarray, rooms: Bools, ax: float, ay: float, bx: float, by: float
) -> bool:
    """Returns whether nothing comes between two points, m: neither what is no floor nor a zone that walls enclose.

    xs, ys: grid lines.  inside: cells that are floor, as columns of bits.  cells: (nx, ny) zone + 1.  rooms: (n) zones that walls enclose.
    What is no floor before the first cell that is counts for nothing: one looks out of a doorway.
    (Amanatides and Woo, A fast voxel traversal algorithm for ray tracing, Eurographics 1987, on lines of any distance.)
    """
    nx, ny = cells.shape
    i, j = min(max(np.searchsorted(xs, ax) - 1, 0), nx - 1), min(max(np.searchsorted(ys, ay) - 1, 0), ny - 1)
    dx, dy, is_in = bx - ax, by - ay, False
    while True:
        if is_set(inside, i, j):
            is_in = True
            if cells[i, j] > 0 and rooms[cells[i, j] - 1]:
                return False
        elif is_in:
            return False
        # at which share of the line its cell ends, along x and along y
        over_x = ((xs[i + 1] if dx > 0.0 else xs[i]) - ax) / dx if dx != 0.0 else np.inf
        over_y = ((ys[j + 1] if dy > 0.0 else ys[j]) - ay) / dy if dy != 0.0 else np.inf
        if min(over_x, over_y) >= 1.0:
            return is_in
        first = (
            min(over_x, over_y) + CORNER
        )  # through a corner into neither cell beside it, whichever way the plan lies
        if over_x <= first:
            i += 1 if dx > 0.0 else -1
        if over_y <= first:
            j += 1 if dy > 0.0 else -1
        if i < 0 or j < 0 or i >= nx or j >= ny:
            return False
