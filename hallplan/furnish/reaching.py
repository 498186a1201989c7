"""Open zones of visitors: whether they come to all that stands there, past the rest of it."""

from __future__ import annotations

import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.bench import EMPTY, Bench, footprint, limit
from hallplan.furnish.through import visitors_floor
from hallplan.terms import read_data

_AROUND_M, _BESIDE_M, _SLACK_M = 3.0, 0.2, 0.01


def is_come_to(bench: Bench) -> bool:
    """Returns whether visitors come near to each thing in an open zone from a way of theirs, chairs apart."""
    if not bench.hall.public_ways(bench.floor.id):
        return True
    space = read_data("space.toml")
    around = bench.placed.area.buffer(_AROUND_M, join_style="mitre")
    standing = [
        footprint(piece)
        for piece in bench.hall.furniture
        if piece.floor == bench.placed.floor and piece.kind not in space["passable"]
    ]
    free = _ground(bench).intersection(around).difference(bench.solid)
    free = free.difference(shapely.union_all([shape for shape in standing if shape.intersects(around)]))
    walked = _led_to(bench, free)
    mine = [
        footprint(piece)
        for piece in bench.hall.furniture
        if piece.zone == bench.zone.id and piece.kind not in (*space["passable"], *space["movable"])
    ]
    return all(walked.distance(shape) <= limit("general.reach_m") for shape in mine)


def way_in(bench: Bench) -> BaseGeometry:
    """Returns floor for a way from where most of a way of visitors lies along a zone to its middle; nothing where none does."""
    area, ways = bench.placed.area, shapely.union_all(bench.hall.public_ways(bench.floor.id))
    beside = shapely.get_parts(shapely.line_merge(area.exterior.intersection(ways.buffer(_BESIDE_M))))
    edges = [part for part in beside if isinstance(part, LineString)]
    if not edges:
        return EMPTY
    begin = max(edges, key=lambda edge: (round(edge.length, 3), edge.bounds)).interpolate(0.5, normalized=True)
    line = LineString([begin, area.representative_point()])
    return line.buffer(limit("general.way_least_m") / 2, cap_style="flat").intersection(area)


def _ground(bench: Bench) -> BaseGeometry:
    """The zone and the ways of visitors beside it; all floor of the visitors where no way lies along it."""
    ways = shapely.union_all(bench.hall.public_ways(bench.floor.id))
    if bench.placed.area.distance(ways) > _BESIDE_M:
        return visitors_floor(bench.hall, bench.floor)
    return (
        shapely.union_all([bench.placed.area, ways])
        .buffer(_BESIDE_M, join_style="mitre")
        .buffer(-_BESIDE_M, join_style="mitre")
    )


def _led_to(bench: Bench, free: BaseGeometry) -> BaseGeometry:
    """Where the middle of a visitor can be: the parts of free floor, a walker's half width off its edges, that ways lead to."""
    half = read_data("flow.toml")["width_m"]["public"][-1] / 2
    ways = shapely.union_all(bench.hall.public_ways(bench.floor.id))
    parts = shapely.get_parts(free.buffer(_SLACK_M - half))
    return shapely.union_all([part for part in parts if part.intersects(ways)])
