"""Doors from their swings: leaf arcs become openings on the wall, pairs of leaves one door."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Floats, Linework
from hallplan.read.drawing.vocabulary import sizes, span


@dataclass(frozen=True, slots=True)
class Leaf:
    """One door leaf: hinge, the jamb it closes on, and the tip of the leaf as drawn open."""

    hinge: tuple[float, float]
    jamb: tuple[float, float]
    tip: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Door:
    """A door of one or two leaves: jamb to jamb, and the side its leaves open to."""

    a: tuple[float, float]
    b: tuple[float, float]
    side: tuple[float, float]
    leaves: int = 1
    source: str = "arc"

    @property
    def line(self) -> LineString:
        """The opening from jamb to jamb."""
        return LineString([self.a, self.b])

    @property
    def width_m(self) -> float:
        """Width between the jambs."""
        return math.dist(self.a, self.b)

    @property
    def at(self) -> tuple[float, float]:
        """Middle of the opening."""
        return (self.a[0] + self.b[0]) / 2, (self.a[1] + self.b[1]) / 2


def find_leaves(work: Linework, kinds: LayerKinds, walls: Floats) -> list[Leaf]:
    """Returns door leaves for quarter arcs of door size, all in metres. walls: (n, 4) wall lines."""
    low, high = span("doors", "leaf_m")
    least, most = span("doors", "sweep_deg")
    sweep = work.arcs[:, 4] - work.arcs[:, 3]
    fits = (sweep >= least) & (sweep <= most) & (work.arcs[:, 2] >= low) & (work.arcs[:, 2] <= high)
    fits &= ~kinds.mask(work.arc_layer, "ignore", "hidden", "toilet", "stair", "mark", "area")
    if (fits & kinds.mask(work.arc_layer, "door")).sum() >= 3:
        fits &= kinds.mask(work.arc_layer, "door")
    arcs = work.arcs[fits]
    if not len(arcs):
        return []
    near = _leaf_lines(work, kinds)
    wall_tree = shapely.STRtree(shapely.linestrings(walls.reshape(-1, 2, 2)))
    leaves = [_leaf(arc, near, wall_tree, walls) for arc in arcs]
    return sorted(set(leaves), key=lambda leaf: (leaf.hinge, leaf.jamb))


def _leaf_lines(work: Linework, kinds: LayerKinds) -> shapely.STRtree:
    usable = (
        ~kinds.mask(work.segment_layer, "ignore", "hidden", "mark", "area")
        & (work.lengths < 2.0)
        & (work.lengths > 0.4)
    )
    return shapely.STRtree(shapely.linestrings(work.segments[usable].reshape(-1, 2, 2)))


def _leaf(arc: Floats, lines: shapely.STRtree, wall_tree: shapely.STRtree, walls: Floats) -> Leaf:
    """Decides which end of the arc is the leaf's tip: the one with a leaf line, else the one farther from walls."""
    x, y, radius, start, end = arc.tolist()
    ends = [(x + radius * math.cos(math.radians(t)), y + radius * math.sin(math.radians(t))) for t in (start, end)]
    scores = []
    for tip, jamb in (ends, ends[::-1]):
        leaf = LineString([(x, y), tip])
        score = 2.0 * _is_drawn(leaf, lines) - 1.0 * _is_drawn(LineString([(x, y), jamb]), lines)
        jamb_gap = _gap(jamb, wall_tree)
        tip_gap = _gap(tip, wall_tree)
        score += 1.5 * (jamb_gap < 0.15) - 1.0 * (tip_gap < 0.1) + 0.8 * _lies_along((x, y), jamb, wall_tree, walls)
        scores.append(score)
    tip, jamb = ends if scores[0] >= scores[1] else ends[::-1]
    return Leaf(_round((x, y)), _round(jamb), _round(tip))


def _round(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[0], 4), round(point[1], 4)


def _is_drawn(leaf: LineString, lines: shapely.STRtree) -> bool:
    """Returns whether a line runs along the leaf for most of its length."""
    if not len(lines.geometries):
        return False
    around = leaf.buffer(0.07, cap_style="flat")
    found = lines.query(around)
    return any(line.intersection(around).length > 0.75 * leaf.length for line in lines.geometries.take(found))


def _gap(point: tuple[float, float], tree: shapely.STRtree) -> float:
    if not len(tree.geometries):
        return math.inf
    at = Point(point)
    return float(tree.geometries[tree.nearest(at)].distance(at))


def _lies_along(hinge: tuple[float, float], jamb: tuple[float, float], tree: shapely.STRtree, walls: Floats) -> float:
    """Returns the share of wall lines near both ends of a leaf that run in the direction hinge to jamb."""
    near = np.unique(tree.query(shapely.points([hinge, jamb]), predicate="dwithin", distance=0.3)[1])
    if not len(near):
        return 0.0
    delta = walls[near, 2:] - walls[near, :2]
    lengths = np.hypot(delta[:, 0], delta[:, 1])
    dx, dy = jamb[0] - hinge[0], jamb[1] - hinge[1]
    along = np.abs(delta[:, 0] * dx + delta[:, 1] * dy) > 0.98 * lengths * math.hypot(dx, dy)
    return float(np.minimum(lengths[along], 2.0).sum() / max(np.minimum(lengths, 2.0).sum(), 1e-9))


def pair_leaves(leaves: list[Leaf]) -> list[Door]:
    """Returns doors: two leaves that close on the same point in one line are one door."""
    join = sizes("doors")["join_m"]
    free = dict(enumerate(leaves))
    jambs = shapely.points([leaf.jamb for leaf in leaves]) if leaves else []
    doors = []
    if len(leaves):
        i, j = shapely.STRtree(jambs).query(jambs, predicate="dwithin", distance=join)
        order = sorted(
            (round(math.dist(leaves[a].jamb, leaves[b].jamb), 3), a, b) for a, b in zip(i, j, strict=True) if a < b
        )
        for _, a, b in order:
            if a in free and b in free and _make_one(free[a], free[b]):
                doors.append(_double(free.pop(a), free.pop(b)))
    doors.extend(Door(leaf.hinge, leaf.jamb, leaf.tip) for leaf in free.values())
    return sorted(_distinct(doors), key=lambda door: (round(door.at[0], 2), round(door.at[1], 2)))


def _make_one(first: Leaf, second: Leaf) -> bool:
    """Returns whether two leaves face each other across one opening."""
    width = math.dist(first.hinge, second.hinge)
    reach = math.dist(first.hinge, first.jamb) + math.dist(second.hinge, second.jamb)
    return abs(width - reach) < 0.15 * reach


def _double(first: Leaf, second: Leaf) -> Door:
    side = ((first.tip[0] + second.tip[0]) / 2, (first.tip[1] + second.tip[1]) / 2)
    return Door(first.hinge, second.hinge, side, leaves=2)


def _distinct(doors: list[Door]) -> list[Door]:
    """Drops doors that lie on another: swing doors are drawn with an arc to either side."""
    kept: list[Door] = []
    for door in sorted(doors, key=lambda d: (-d.leaves, -round(d.width_m, 3), d.a, d.b)):
        if all(math.dist(door.at, other.at) > 0.35 * other.width_m or not _same_line(door, other) for other in kept):
            kept.append(door)
    return kept


def _same_line(door: Door, other: Door) -> bool:
    ux, uy = (door.b[0] - door.a[0]) / door.width_m, (door.b[1] - door.a[1]) / door.width_m
    vx, vy = (other.b[0] - other.a[0]) / other.width_m, (other.b[1] - other.a[1]) / other.width_m
    return abs(ux * vx + uy * vy) > 0.95


def swing_of(leaf: Leaf) -> Polygon:
    """Returns the triangle that a leaf sweeps."""
    return Polygon([leaf.hinge, leaf.jamb, leaf.tip])


def shift_door(door: Door, a: tuple[float, float], b: tuple[float, float]) -> Door:
    """Returns the door moved to new jambs."""
    return replace(door, a=a, b=b)
