"""Visible area in exact arithmetic, slowly: the checker of the fast one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cmp_to_key
from itertools import combinations

Exact = Fraction
Place = tuple[Fraction, Fraction]
Wall = tuple[Place, Place]


def cross(a: Place, b: Place) -> Fraction:
    return a[0] * b[1] - a[1] * b[0]


def less(a: Place, b: Place) -> Place:
    return a[0] - b[0], a[1] - b[1]


def visible_area_exact(walls: Sequence[Wall], eye: Place) -> Fraction:
    """Returns the area seen from `eye` inside closed walls that may cross, touch or share corners."""
    local = [(less(a, eye), less(b, eye)) for a, b in walls]
    bearings = _bearings([*_crossings(local), *(end for wall in local for end in wall)])
    area = Fraction(0)
    for first, second in zip(bearings, [*bearings[1:], bearings[0]], strict=True):
        # less than half a turn lies between neighbours, so their sum points between them
        middle = (
            first[0] / _size(first) + second[0] / _size(second),
            first[1] / _size(first) + second[1] / _size(second),
        )
        hits = [(reach, wall) for wall in local if (reach := _reach(wall, middle)) is not None]
        if hits:
            wall = min(hits)[1]
            area += abs(cross(_on(wall, first), _on(wall, second))) / 2
    return area


def _size(direction: Place) -> Fraction:
    return abs(direction[0]) + abs(direction[1])


def _crossings(walls: Sequence[Wall]) -> list[Place]:
    found = []
    for (a, b), (c, e) in combinations(walls, 2):
        along, other = less(b, a), less(e, c)
        turn = cross(along, other)
        if turn != 0:
            s, t = cross(less(c, a), other) / turn, cross(less(c, a), along) / turn
            if 0 < s < 1 and 0 < t < 1:
                found.append((a[0] + s * along[0], a[1] + s * along[1]))
    return found


def _bearings(ends: Sequence[Place]) -> list[Place]:
    def order(a: Place, b: Place) -> int:
        half = [end[1] < 0 or (end[1] == 0 and end[0] < 0) for end in (a, b)]
        if half[0] != half[1]:
            return 1 if half[0] else -1
        turn = cross(a, b)
        return -1 if turn > 0 else 1 if turn < 0 else 0

    kept: list[Place] = []
    for end in sorted((end for end in ends if end != (0, 0)), key=cmp_to_key(order)):
        if not kept or order(kept[-1], end) != 0:
            kept.append(end)
    return kept


def _reach(wall: Wall, direction: Place) -> Fraction | None:
    along = less(wall[1], wall[0])
    turn = cross(direction, along)
    if turn == 0:
        return None
    reach, share = cross(wall[0], along) / turn, cross(wall[0], direction) / turn
    return reach if reach > 0 and 0 <= share <= 1 else None


def _on(wall: Wall, direction: Place) -> Place:
    along = less(wall[1], wall[0])
    reach = cross(wall[0], along) / cross(direction, along)
    return direction[0] * reach, direction[1] * reach
