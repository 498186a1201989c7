"""Placement against the plain big-M MILP that a user would write, same small case, same time; prints JSON.

Usage: python benchmarks/hall_placement.py [--seconds 10]
Both minimise people × straight rectilinear metres between middles of zones in a 15 × 10 m room; the MILP keeps no ways
free, chooses no door and no front, so its task is the easier one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from dataclasses import replace

import pulp
from shapely.geometry import MultiPolygon, box

from hallplan.model.layout import Layout
from hallplan.model.programme import VisitorKind
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, OpeningRole
from hallplan.place import place_zones
from hallplan.settings import Placement, Settings
from tests.builders import door, make_programme, make_site, make_zone

WIDTH, DEPTH = 15.0, 10.0
CHAIN = ("entrance-1", "guide-1", "wait-1", "window_general-1")
DOOR = (7.0, 0.0)


def case() -> tuple:
    """Returns the site and programme of the case."""
    usable = box(0, 0, WIDTH, DEPTH)
    doors = (door("D1", OpeningRole.MAIN, (6.0, -0.15), (8.0, -0.15), 90),)
    outline = usable.buffer(0.3, join_style="mitre")
    floor = Floor("F1", "F1", 1, Frame(), outline, MultiPolygon([usable]), openings=doors)
    sizes = {"entrance-1": 10, "guide-1": 7, "wait-1": 18, "window_general-1": 20, "back_office-1": 14, "form-1": 7}
    zones = tuple(make_zone(id, area) for id, area in sizes.items())
    kind = VisitorKind("general", "办事", ("door:main", *CHAIN, "door:main"), 100.0)
    return replace(make_site(), floors=(floor,)), replace(
        make_programme(), zones=zones, adjacencies=(), visitors=(kind,)
    )


def straight(centres: dict[str, tuple[float, float]]) -> float:
    """Returns people × rectilinear metres a day between middles along the chain."""
    stops = [DOOR, *(centres[id] for id in CHAIN), DOOR]
    return 100.0 * sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in itertools.pairwise(stops))


def ours(layout: Layout) -> float:
    """Returns the same measure of a layout."""
    return straight({zone.zone: zone.area.centroid.coords[0] for zone in layout.zones})


def milp(programme, seconds: float) -> tuple[float | None, str]:  # type: ignore[no-untyped-def]
    """Returns the big-M model's best value and status: squares of each zone's target area, no ways between."""
    model = pulp.LpProblem("plain", pulp.LpMinimize)
    side = {zone.id: zone.target_m2**0.5 for zone in programme.zones}
    x = {z: pulp.LpVariable(f"x_{n}", side[z] / 2, WIDTH - side[z] / 2) for n, z in enumerate(side)}
    y = {z: pulp.LpVariable(f"y_{n}", side[z] / 2, DEPTH - side[z] / 2) for n, z in enumerate(side)}
    stops = [None, *CHAIN, None]
    terms = []
    for n, (a, b) in enumerate(itertools.pairwise(stops)):
        for axis, table in enumerate((x, y)):
            gap = pulp.LpVariable(f"d_{n}_{axis}", 0)
            one, two = (DOOR[axis] if s is None else table[s] for s in (a, b))
            model += gap >= one - two
            model += gap >= two - one
            terms.append(100.0 * gap)
    model += pulp.lpSum(terms)
    for a, b in itertools.combinations(side, 2):
        apart, big = (side[a] + side[b]) / 2, WIDTH + DEPTH
        which = [pulp.LpVariable(f"b_{a}_{b}_{n}".replace("-", "_"), cat="Binary") for n in range(4)]
        model += pulp.lpSum(which) == 1
        model += x[a] + apart <= x[b] + big * (1 - which[0])
        model += x[b] + apart <= x[a] + big * (1 - which[1])
        model += y[a] + apart <= y[b] + big * (1 - which[2])
        model += y[b] + apart <= y[a] + big * (1 - which[3])
    status = model.solve(pulp.HiGHS(msg=False, timeLimit=seconds))
    value = pulp.value(model.objective)
    return value, pulp.LpStatus[status]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds = parser.parse_args().seconds
    site, programme = case()
    place_zones(site, programme, Settings(place=Placement(effort="quick", alternatives=1, seconds=0.1)))
    begin = time.perf_counter()
    layouts = place_zones(site, programme, Settings(place=Placement(seconds=seconds, alternatives=3)))
    taken = time.perf_counter() - begin
    value, status = milp(programme, seconds)
    best = min(ours(layout) for layout in layouts)
    print(
        json.dumps(
            {
                "zones": len(programme.zones), "seconds": round(taken, 2), "ours_m": round(best, 1), "plain_milp_m": value,
                "plain_milp_status": status, "ratio": round(best / value, 4) if value else None,
                "note": "the MILP keeps no ways, doors, fronts or staff side",
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
