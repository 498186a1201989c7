"""Counters of a finished hall: one piece for each window, numbered as the drawing says, looking at the visitors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import moved
from hallplan.model.catalogue import furniture_types
from hallplan.model.layout import Furniture
from hallplan.model.space import footprint, in_front
from hallplan.read.finished.drawn import Shape, Words
from hallplan.read.finished.things import box_of, make_piece
from hallplan.read.finished.words import is_low, number_in, rules, size

KINDS = ("counter", "counter_low", "counter_standing")
SEATED = "staff_chair"
WAITING = ("chair", "visitor_chair", "wheelchair_place", "sofa")
_STRIP_M = 1.6
_BOXY = 0.9


@dataclass(frozen=True, slots=True)
class Counters:
    """Pieces of counters, and how many bodies are too long for one window and carry no number."""

    pieces: tuple[Furniture, ...]
    uncounted: int
    unnumbered: int


def read_counters(
    found: Sequence[tuple[Furniture, Shape]], words: Sequence[Words], others: Sequence[Furniture]
) -> Counters:
    """Returns the counters among the things found, cut at the middle between window numbers or between staff chairs.

    others: the rest of the furniture.  A counter that neither numbers nor chairs divide is one window up to a length.
    """
    bodies = [
        (replace(make_piece(piece.kind, piece.floor, part, piece.label), facing_deg=way), shape)
        for piece, shape in found
        for part in boxes_of(shape.area)
        for way in [_way(piece, part)]
    ]
    turned = [(_to_visitors(body, others), shape) for body, shape in bodies]
    written = _by_body([(number_in(w.text), w) for w in words], [body for body, _ in turned])
    told = {id(turned[n][1]) for n in written}
    pieces: list[Furniture] = []
    uncounted = unnumbered = 0
    for n, (body, shape) in enumerate(turned):
        number = next((number_in(shape.tags[tag]) for tag in _tags() if shape.tags.get(tag)), "")
        anchors = [(number, body.at)] if number else written.get(n, [])
        if not anchors and body.size_m[0] > size("window_m"):
            anchors = [("", at) for at in _staffed(body, others)]
            uncounted += not anchors and id(shape) not in told
        elif not anchors:
            anchors = [("", body.at)]
        unnumbered += sum(not label for label, _ in anchors)
        pieces += _cut(body, anchors)
    return Counters(tuple(_lowered(_numbered(pieces), words)), uncounted, unnumbered)


def _tags() -> list[str]:
    return [str(tag) for tag in rules()["number_tags"]]


def _way(piece: Furniture, part: Polygon) -> float:
    """Across a part's long side, on the side to which the whole piece looks if it looks either way."""
    way = box_of(part)[2]
    turn = math.cos(math.radians(way - piece.facing_deg))
    return (way + 180.0) % 360.0 if turn < -1e-6 else way


def boxes_of(area: Polygon) -> list[Polygon]:
    """Returns rectangles that make up a counter's body, the longest first: itself, the arms of an L or U, or strips of a curve."""
    hull = shapely.minimum_rotated_rectangle(area)
    if area.area > _BOXY * hull.area:
        return [area]
    turn = _main_turn(area)
    level = rotate(area, -turn, origin=(0.0, 0.0))
    corners = shapely.get_coordinates(level.exterior)
    xs, ys = (np.unique(np.round(corners[:, axis], 2)) for axis in (0, 1))
    rest: BaseGeometry = level
    arms: list[Polygon] = []
    while len(xs) * len(ys) <= 144 and rest.area > 0.05 * level.area and len(arms) < 8:
        fitting = [
            b
            for b in _boxes(xs.tolist(), ys.tolist())
            if rest.buffer(0.02).contains(b) and b.intersection(rest).area > 0.05
        ]
        if not fitting:
            break
        best = max(fitting, key=lambda b: (round(max(b.bounds[2] - b.bounds[0], b.bounds[3] - b.bounds[1]), 3), round(b.area, 4)))  # fmt: skip
        arms.append(best)
        rest = rest.difference(best.buffer(0.01, join_style="mitre"))
    if not arms or shapely.union_all(arms).area < 0.8 * level.area:
        arms = _strips(level)
    return [rotate(arm, turn, origin=(0.0, 0.0)) for arm in arms]


def _main_turn(area: Polygon) -> float:
    corners = shapely.get_coordinates(area.exterior)
    edges = np.diff(corners, axis=0)
    longest = edges[int(np.argmax(np.round(np.hypot(edges[:, 0], edges[:, 1]), 6)))]
    return math.degrees(math.atan2(longest[1], longest[0]))


def _boxes(xs: Sequence[float], ys: Sequence[float]) -> list[Polygon]:
    wide = [(a, b) for a, b in product(xs, xs) if b - a > 0.2]
    deep = [(a, b) for a, b in product(ys, ys) if b - a > 0.2]
    return [box(x0, y0, x1, y1) for (x0, x1), (y0, y1) in product(wide, deep)]


def _strips(area: Polygon) -> list[Polygon]:
    """A curved body in pieces of about a window's width across its longer extent."""
    x0, y0, x1, y1 = area.bounds
    is_wide = x1 - x0 >= y1 - y0
    count = max(2, round(max(x1 - x0, y1 - y0) / _STRIP_M))
    cuts = np.linspace(x0 if is_wide else y0, x1 if is_wide else y1, count + 1)
    found = []
    for a, b in pairwise(cuts):
        strip = area.intersection(box(a, y0, b, y1) if is_wide else box(x0, a, x1, b))
        found += [part for part in shapely.get_parts(strip) if isinstance(part, Polygon) and part.area > 0.05]
    return found


def _to_visitors(body: Furniture, others: Sequence[Furniture]) -> Furniture:
    """A counter looks away from staff's chairs close behind it, else towards visitors' chairs, else as it has room."""
    here = [piece for piece in others if piece.floor == body.floor]
    back = replace(body, facing_deg=(body.facing_deg + 180.0) % 360.0)
    reach = size("behind_m")
    for kinds, sign in (((SEATED,), -1.0), (("visitor_chair",), 1.0)):
        counts = [_count(side, here, kinds, reach) for side in (body, back)]
        if counts[0] != counts[1]:
            return body if (counts[0] > counts[1]) == (sign > 0) else back
    waiting = [piece for piece in here if piece.kind in WAITING]
    if not waiting:
        return body
    near = sorted(waiting, key=lambda piece: math.dist(piece.at, body.at))[:12]
    x, y = np.mean([piece.at for piece in near], axis=0).tolist()
    turn = math.radians(body.facing_deg)
    ahead = (x - body.at[0]) * math.cos(turn) + (y - body.at[1]) * math.sin(turn)
    return body if ahead >= -0.5 else back


def _count(body: Furniture, here: Sequence[Furniture], kinds: tuple[str, ...], reach: float) -> int:
    strip = in_front(body, reach)
    return sum(piece.kind in kinds and strip.contains(Point(piece.at)) for piece in here)


def _staffed(body: Furniture, others: Sequence[Furniture]) -> list[tuple[float, float]]:
    behind = in_front(replace(body, facing_deg=(body.facing_deg + 180.0) % 360.0), size("behind_m"))
    seats = [piece.at for piece in others if piece.kind == SEATED and piece.floor == body.floor]
    return sorted(at for at in seats if behind.contains(Point(at)))


def _by_body(
    numbers: Sequence[tuple[str, Words]], bodies: Sequence[Furniture]
) -> dict[int, list[tuple[str, tuple[float, float]]]]:
    """Each number with the nearest body in reach; a number that is written twice counts once."""
    grounds = [(n, body.floor, footprint(body)) for n, body in enumerate(bodies)]
    out: dict[int, list[tuple[str, tuple[float, float]]]] = {}
    seen: set[tuple[str, str]] = set()
    for number, word in numbers:
        if not number or (word.floor, number) in seen:
            continue
        near = [(ground.distance(Point(word.at)), n) for n, floor, ground in grounds if floor == word.floor]
        off, best = min(near, default=(math.inf, -1))
        if off <= size("number_m"):
            seen.add((word.floor, number))
            out.setdefault(best, []).append((number, word.at))
    return out


def _cut(body: Furniture, anchors: Sequence[tuple[str, tuple[float, float]]]) -> list[Furniture]:
    """A body cut between its windows; whole, and no window, where it has none."""
    if not anchors:
        return [body]
    turn = math.radians(body.facing_deg - 90.0)
    along = sorted(
        ((at[0] - body.at[0]) * math.cos(turn) + (at[1] - body.at[1]) * math.sin(turn), number) for number, at in anchors
    )  # fmt: skip
    half = body.size_m[0] / 2
    places = [min(max(place, -half), half) for place, _ in along]
    cuts = [-half, *((a + b) / 2 for a, b in pairwise(places)), half]
    out = []
    for (_, number), start, end in zip(along, cuts[:-1], cuts[1:], strict=True):
        if end - start > 0.05:
            at = moved(body.at, body.facing_deg - 90.0, (start + end) / 2)
            out.append(replace(body, at=at, size_m=(round(end - start, 4), body.size_m[1]), window=number or "?"))
    return out


def _numbered(pieces: Sequence[Furniture]) -> list[Furniture]:
    """Windows that carry no number, or one that others carry too, get a number that nobody has."""
    taken: set[str] = set()
    out, n = [], 0
    order = sorted(range(len(pieces)), key=lambda i: (pieces[i].window == "?", i))
    named: dict[int, str] = {}
    for i in order:
        window = pieces[i].window
        while window == "?" or (window and window in taken):
            n += 1
            window = f"W{n:02d}" if f"W{n:02d}" not in taken else "?"
        taken.add(window)
        named[i] = window
    for i, piece in enumerate(pieces):
        out.append(replace(piece, window=named[i]))
    return out


def _lowered(pieces: Sequence[Furniture], words: Sequence[Words]) -> list[Furniture]:
    """The counter that the word for accessible stands by is a low one."""
    out = list(pieces)
    for word in words:
        if not is_low(word.text) or len(word.text) > 12:
            continue
        near = [
            (footprint(piece).distance(Point(word.at)), n) for n, piece in enumerate(out) if piece.floor == word.floor
        ]
        off, n = min(near, default=(math.inf, -1))
        if off <= size("low_label_m"):
            out[n] = replace(out[n], kind="counter_low", height_m=furniture_types()["counter_low"].height_m)
    return out
