"""Rooms that are walked through: whether a way out is open from door to door or from all of the floor, and where one can be kept free."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.bench import Bench, footprint, limit
from hallplan.geometry.polygons import moved
from hallplan.model.layout import Furniture, NewDoor
from hallplan.model.shapes import Point as Place
from hallplan.terms import read_data

_NEAR_M, _SLACK_M = 0.3, 0.01


@dataclass(frozen=True)
class Passage:
    """The way through a room: the places just inside its doors, and of those of other rooms that open into it."""

    bench: Bench
    doors: tuple[tuple[Place, Place], ...]

    @classmethod
    def of(cls, bench: Bench, doors: Iterable[NewDoor]) -> Passage:
        """Returns the way through a zone by those of the new doors of a floor, and of the drawing's, that lead into it."""
        deep = limit("door.through_m") / 2 + limit("partition.wall_m")
        ends = [(door.at, door.facing_deg) for door in doors]
        ends += [(opening.at, opening.inward_deg) for opening in bench.floor.openings]
        found: list[tuple[Place, Place]] = []
        for at, facing in ends:
            for inside in (moved(at, facing + turn, deep) for turn in (0.0, 180.0)):
                is_new = all(math.dist(inside, other) > _NEAR_M for _, other in found)
                if is_new and bench.placed.area.contains(Point(inside)):
                    found.append((at, inside))
        return cls(bench, tuple(found))

    def is_open(self) -> bool:
        """Returns whether a way out leads from each door to all others, past what stands in the room (GB 55037-2022 7.1.4)."""
        if len(self.doors) < 2:
            return True
        inner = self._bare.difference(shapely.union_all([footprint(piece) for piece in self._standing()]))
        parts = shapely.get_parts(shapely.buffer(inner, _SLACK_M - limit("door.through_m") / 2))
        near = shapely.dwithin(parts[:, None], np.array([Point(inside) for _, inside in self.doors])[None, :], _NEAR_M)
        return bool(near.all(axis=1).any())

    def lanes(self) -> tuple[BaseGeometry, ...]:
        """Returns floor that would hold such a way: from each door to the next round either corner, or along a side of the room."""
        if len(self.doors) < 2:
            return ()
        half = limit("door.through_m") / 2
        inner = self.bench.placed.area.buffer(-half - limit("partition.wall_m") / 2, join_style="mitre")
        sides = () if inner.is_empty else inner.bounds
        pairs = zip(self.doors, self.doors[1:], strict=False)
        ways = [
            [LineString([door, a, *turns, b, other]) for turns in _turns(a, b, sides)]
            for (door, a), (other, b) in pairs
        ]
        lines = (shapely.union_all(steps) for steps in zip(*ways, strict=True))
        with np.errstate(divide="ignore", invalid="ignore"):  # a way that turns straight back has no mitre
            return tuple(line.buffer(half, cap_style="flat", join_style="mitre") for line in lines)

    @cached_property
    def _bare(self) -> BaseGeometry:
        return self.bench.placed.area.difference(self.bench.solid)

    def _standing(self) -> Iterator[Furniture]:
        return _standing(self.bench, read_data("space.toml")["passable"])


def is_one_piece(bench: Bench) -> bool:
    """Returns whether one comes from everywhere in a room to all the rest of it past what stands there, chairs pushed aside; small pockets do
    not count (as `flow.egress` tells what is shut in). The floor around an open zone joins its parts."""
    if not bench.zone.is_enclosed:
        return True
    space, flow = read_data("space.toml"), read_data("flow.toml")
    standing = [footprint(piece) for piece in _standing(bench, [*space["passable"], *space["movable"]])]
    free = bench.placed.area.difference(shapely.union_all([bench.solid, *standing]))
    half = flow["width_m"]["egress"][0] / 2
    parts = shapely.get_parts(shapely.buffer(free, _SLACK_M - half))
    return int(np.count_nonzero(shapely.area(shapely.buffer(parts, half)) > flow["egress"]["pocket_m2"])) <= 1


def _standing(bench: Bench, ignored: Sequence[str]) -> Iterator[Furniture]:
    return (piece for piece in bench.hall.furniture if piece.zone == bench.zone.id and piece.kind not in ignored)


def _turns(a: Place, b: Place, sides: Sequence[float]) -> Iterator[tuple[Place, ...]]:
    """Where ways between two places turn: at either corner, or along each side of a room."""
    (ax, ay), (bx, by) = a, b
    yield from (((ax, by),), ((bx, ay),))
    if len(sides):
        west, south, east, north = sides
        yield from (((x, ay), (x, by)) for x in (west, east))
        yield from (((ax, y), (bx, y)) for y in (south, north))
