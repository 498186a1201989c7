"""From where signs are read, ours exact and fdsvismap's by cells, on two plans that both can express; JSON on stdout.

`bent`: three walls and three signs of 8 m.  `room_fire`: the plan that Börger, Belt and Arnold's method is shown on (Fire Safety
Journal 150, 2024, 104269; geometry from the example of FireDynamics/fdsvismap), three signs of 30 m, in clear air. Both
programs ask for distance <= D·cos θ with nothing between. Differences: docs/methods.md.

    pip install fdsvismap
"""

from __future__ import annotations

import importlib.util
import json
import math
import time
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from hallplan.geometry.visibility import SightField
from hallplan.signs.legibility import catchment, reads

EYE_M, CELL_M, SAMPLES = 2.0, 0.1, 4001
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Face:
    """A sign at the height of the eyes."""

    at: tuple[float, float]
    facing_deg: float
    reach_m: float
    height_m: float = EYE_M


@dataclass(frozen=True)
class Case:
    """A plan from (0, 0): walls and the doors cut into them as x0, y0, x1, y1, signs, and a way past them."""

    size: tuple[float, float]
    walls: tuple[Box, ...]
    doors: tuple[Box, ...]
    faces: tuple[Face, ...]
    way: tuple[tuple[float, float], ...]

    @property
    def solid(self) -> shapely.Geometry:
        """Walls less doors."""
        walls = shapely.union_all([shapely.box(*wall) for wall in self.walls])
        return walls.difference(shapely.union_all([shapely.box(*door) for door in self.doors]))


CASES = {
    "bent": Case(
        (20.0, 10.0),
        ((6.0, 0.0, 6.4, 6.0), (12.0, 4.0, 12.4, 10.0), (8.5, 7.0, 9.5, 8.0)),
        (),
        (Face((2.0, 9.8), 270.0, 8.0), Face((9.0, 0.2), 90.0, 8.0), Face((19.8, 5.0), 180.0, 8.0)),
        ((1.0, 1.0), (5.0, 8.0), (10.0, 6.5), (11.0, 2.0), (18.0, 5.0)),
    ),
    # sign 1 hangs half a cell before its wall: on the wall itself it falls into a wall cell of the peer and is seen by nobody
    "room_fire": Case(
        (20.0, 10.0),
        ((9.8, 0.0, 10.0, 10.0), (0.0, 4.6, 9.8, 4.8), (0.0, 3.0, 9.8, 3.2), (4.8, 0.0, 5.0, 3.0)),
        ((0.4, 3.0, 1.2, 3.2), (5.4, 3.0, 6.2, 3.2), (9.8, 3.4, 10.0, 4.4)),
        (Face((8.4, 4.85), 90.0, 30.0), Face((9.8, 4.0), 180.0, 30.0), Face((17.0, 10.0), 270.0, 30.0)),
        ((3.0, 1.5), (0.8, 2.6), (0.8, 4.0), (14.0, 4.0), (17.0, 9.9)),
    ),
}


def ours(case: Case) -> tuple[list[float], NDArray[np.bool_], NDArray[np.float64], float]:
    """Returns the area of each sign's catchment (m²), whether each place of the way reads one, the places, and seconds."""
    field = SightField([case.solid])
    line = shapely.LineString(case.way)
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, np.linspace(0, line.length, SAMPLES)))
    free = places[~shapely.intersects_xy(case.solid, places)]
    reads(case.faces[0], free[:1], EYE_M, field)
    begin = time.process_time()
    room = shapely.box(0, 0, *case.size)
    shapes = [catchment(face, room, [(case.solid, 0.0, 3.0)], EYE_M) for face in case.faces]
    seen = np.logical_or.reduce([reads(face, free, EYE_M, field) for face in case.faces])
    return [shape.area if shape else 0.0 for shape in shapes], seen, free, time.process_time() - begin


def theirs(case: Case, cell: float) -> tuple[list[float], NDArray[np.bool_], NDArray[np.float64], float]:
    """Returns the same by cells of fdsvismap."""
    from fdsvismap import VisMap

    begin = time.process_time()
    vis = VisMap()
    vis.set_grid(np.arange(cell / 2, case.size[0], cell), np.arange(cell / 2, case.size[1], cell))
    vis.set_uniform_extco(0.0, [0.0])
    vis.set_visibility_bounds(0.0, case.faces[0].reach_m)
    for x0, y0, x1, y1 in case.walls:
        vis.add_visual_obstruction(x0, x1, y0, y1)
    for x0, y0, x1, y1 in case.doors:
        vis.add_visual_hole(x0, x1, y0, y1)
    for n, face in enumerate(case.faces):
        # degrees clockwise from north there, anticlockwise from east here
        vis.add_sign(n, *face.at, 3.0, (90.0 - face.facing_deg) % 360.0)
    vis.add_route("way", list(case.way))
    vis.compute_all()
    free = ~vis.obstructions_array
    areas = [float((vis.get_sign_vismap(n, 0.0) & free).sum() * cell**2) for n in range(len(case.faces))]
    points = np.asarray(vis.get_route_points("way"))
    outside = ~shapely.intersects_xy(case.solid, points)
    return areas, np.asarray(vis.get_route_coverage("way", 0.0))[outside], points[outside], time.process_time() - begin


def beside(case: Case) -> dict[str, object]:
    """Returns both programs' figures for one plan."""
    areas, seen, places, seconds = ours(case)
    found: dict[str, object] = {
        "catchments_m2": [round(area, 3) for area in areas], "share_of_way": round(float(seen.mean()), 4), "ms": round(seconds * 1000, 2),
    }  # fmt: skip
    if not importlib.util.find_spec("fdsvismap"):
        return {**found, "peer": "fdsvismap is not installed"}
    theirs(case, 0.5)
    cells, told, points, peer_s = theirs(case, CELL_M)
    nearest = [int(np.argmin(np.hypot(*(places - point).T))) for point in points]
    return {
        **found,
        "peer_catchments_m2": [round(area, 3) for area in cells],
        "peer_share_of_way": round(float(told.mean()), 4),
        "peer_ms": round(peer_s * 1000, 1),
        "largest_area_difference": round(max(abs(b / a - 1) for a, b in zip(areas, cells, strict=True)), 4),
        "points_that_differ": round(float((seen[nearest] != told).mean()), 4),
        "times_faster": round(peer_s / max(seconds, math.ulp(1.0)), 1),
    }


def report() -> dict[str, object]:
    """Returns the figures of all plans."""
    return {name: beside(case) for name, case in CASES.items()}


if __name__ == "__main__":
    print(json.dumps(report(), ensure_ascii=False, indent=1))
