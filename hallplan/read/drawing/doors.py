"""Doors from their swings: leaf arcs become openings on the wall, pairs of leaves one door."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point

from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import BlockUse, Floats, Linework
from hallplan.read.drawing.vocabulary import matches, sizes, span

_HOLD_NONE = ("ignore", "hidden", "toilet", "stair", "mark", "area")
"""Kinds of layers whose arcs and blocks are no doors."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One door leaf: hinge, the jamb it closes on, and the tip of the leaf as drawn open."""

    hinge: tuple[float, float]
    jamb: tuple[float, float]
    tip: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Door:
    """A door of one or two leaves: jamb to jamb, and the side its leaves open to. source: how it was found, or the name of its block."""

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


def find_leaves(work: Linework, kinds: LayerKinds, walls: Floats, drawn: NDArray[np.bool_]) -> list[Leaf]:
    """Returns door leaves for quarter arcs of door size, all in metres. walls: (n, 4) wall lines; drawn: arcs that are swings."""
    low, high = span("doors", "leaf_m")
    least, most = span("doors", "sweep_deg")
    sweep = work.arcs[:, 4] - work.arcs[:, 3]
    fits = (sweep >= least) & (sweep <= most) & (work.arcs[:, 2] >= low) & (work.arcs[:, 2] <= high)
    fits &= ~kinds.mask(work.arc_layer, "wall", "structure", "window") | drawn
    fits |= drawn
    fits &= ~_in_chains(work) | drawn
    fits &= ~kinds.mask(work.arc_layer, *_HOLD_NONE)
    if (fits & kinds.mask(work.arc_layer, "door")).sum() >= 3:
        fits &= kinds.mask(work.arc_layer, "door")
    arcs, layer = work.arcs[fits], work.arc_layer[fits]
    if not len(arcs):
        return []
    hinge = np.repeat(arcs[:, :2], 2, axis=0)
    angles = np.radians(arcs[:, 3:5])
    ends = arcs[:, None, :2] + arcs[:, 2, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    tip, jamb = ends.reshape(-1, 2), ends[:, ::-1].reshape(-1, 2)
    lines = _leaf_lines(work, kinds, layer)
    wall_tree = shapely.STRtree(shapely.linestrings(walls.reshape(-1, 2, 2)))
    score = 4.0 * _is_drawn(hinge, tip, lines) - 3.0 * _is_drawn(hinge, jamb, lines)
    score += 1.5 * (_gap(jamb, wall_tree) < 0.15) - 1.0 * (_gap(tip, wall_tree) < 0.1)
    score += 0.8 * _lies_along(hinge, jamb, wall_tree, walls)
    choice = 2 * np.arange(len(arcs)) + (score.reshape(-1, 2)[:, 1] > score.reshape(-1, 2)[:, 0] + 1e-9)
    leaves = {
        Leaf(_round(h), _round(j), _round(t)) for h, j, t in zip(hinge[choice], jamb[choice], tip[choice], strict=True)
    }
    return sorted(leaves, key=lambda leaf: (leaf.hinge, leaf.jamb))


def _in_chains(work: Linework) -> NDArray[np.bool_]:
    """Returns which arcs run on into others of their layer at both ends, about other centres, as those of a revision cloud do.

    Leaves of a door meet at one end, or at both about one hinge, as where they are drawn twice.
    """
    angles = np.radians(work.arcs[:, 3:5])
    ends = work.arcs[:, None, :2] + work.arcs[:, 2, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    points = shapely.points(ends.reshape(-1, 2))
    i, j = shapely.STRtree(points).query(points, predicate="dwithin", distance=sizes("doors")["chain_m"])
    one, other = i // 2, j // 2
    apart = np.hypot(*(work.arcs[one, :2] - work.arcs[other, :2]).T) > sizes("doors")["chain_m"]
    joined = apart & (work.arc_layer[one] == work.arc_layer[other])
    met = np.zeros(len(points), dtype=bool)
    met[i[joined]] = True
    return np.asarray(met.reshape(-1, 2).all(axis=1))


def swings(work: Linework, least_deg: float) -> NDArray[np.bool_]:
    """Returns which arcs of at least `least_deg` are door swings by shape: of door size, a leaf from the centre to an end."""
    out = np.zeros(len(work.arcs), dtype=bool)
    out[_swing_pairs(work, least_deg)[0]] = True
    return out


def leaf_lines(work: Linework, kinds: LayerKinds, least_deg: float) -> NDArray[np.bool_]:
    """Returns which lines are the leaves of door swings, from the swing's centre to one of its ends.

    Leaves on layers without a name, of rooms, or of the swing's own layer; lines of walls are none.
    """
    out = np.zeros(len(work.segments), dtype=bool)
    arcs, lines = _swing_pairs(work, least_deg)
    layer = work.segment_layer[lines]
    same = kinds.mask(layer, "window") & (layer == work.arc_layer[arcs])
    out[lines[kinds.mask(layer, "other", "room") | same]] = True
    return out


def swung_lines(work: Linework, least_deg: float) -> NDArray[np.bool_]:
    """Returns which lines are the leaves of door swings, whatever their layer."""
    out = np.zeros(len(work.segments), dtype=bool)
    out[_swing_pairs(work, least_deg)[1]] = True
    return out


def _swing_pairs(work: Linework, least_deg: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns arcs (indices) that are door swings and the line that is the leaf of each."""
    low, high = span("doors", "leaf_m")
    most = span("doors", "sweep_deg")[1]
    sweep, radius = work.arcs[:, 4] - work.arcs[:, 3], work.arcs[:, 2]
    picked = np.flatnonzero((sweep >= least_deg) & (sweep <= most) & (radius >= low) & (radius <= high))
    short = np.flatnonzero((work.lengths > 0.8 * low) & (work.lengths < 1.2 * high))
    ends_of = work.segments[short].reshape(-1, 2)
    arcs = work.arcs[picked]
    tree = shapely.STRtree(shapely.points(ends_of))
    near, ends = tree.query(shapely.points(arcs[:, :2]), predicate="dwithin", distance=0.1)
    off = ends_of[ends ^ 1] - arcs[near, :2]
    angle = np.degrees(np.arctan2(off[:, 1], off[:, 0]))
    is_long = np.abs(np.hypot(off[:, 0], off[:, 1]) - arcs[near, 2]) < 0.15 * arcs[near, 2]
    at_end = np.minimum(_turn(angle - arcs[near, 3]), _turn(angle - arcs[near, 4])) < 8.0
    good = is_long & at_end
    return picked[near[good]], short[ends[good] // 2]


def _turn(degrees: Floats) -> Floats:
    return np.asarray(np.abs((degrees + 180.0) % 360.0 - 180.0))


def doors_of_lines(work: Linework, kinds: LayerKinds, known: Sequence[Door], drawn: NDArray[np.bool_]) -> list[Door]:
    """Returns doors drawn as plain lines across their openings on door layers; for drawings without swings there.

    known: doors found by their swings; drawn: arcs that are swings. Where door layers hold many, their other lines are leaves and frames.
    """
    low, high = span("doors", "line_m")
    mask = kinds.mask(work.segment_layer, "door") & (work.lengths >= low) & (work.lengths <= high) & ~work.is_curve
    swung = int((kinds.mask(work.arc_layer, "door") & drawn).sum())
    if not mask.any() or swung > sizes("doors")["swung_share"] * mask.sum():
        return []
    rows = work.segments[mask]
    found = [Door(_round(row[:2]), _round(row[2:]), _round(row[:2]), source="line") for row in rows]
    far = [door for door in found if all(math.dist(door.at, other.at) > 0.8 for other in known)]
    return _distinct(far)


def doors_of_blocks(work: Linework, kinds: LayerKinds, walls: Floats, known: Sequence[Door]) -> list[Door]:
    """Returns doors that are inserts of blocks named as doors, long and thin, from wall to wall, as sliding, automatic and rolling ones are.

    walls: (n, 4) lines that bound the floor.  known: doors found otherwise.
    """
    tree = shapely.STRtree(shapely.linestrings(walls.reshape(-1, 2, 2)))
    panels = [door for use in work.blocks if (door := _panel(use, kinds)) is not None]
    kept: list[Door] = []
    for door in sorted(panels, key=lambda door: (-round(door.width_m, 3), door.a, door.b)):
        is_held = bool((_gap(np.array([door.a, door.b]), tree) < sizes("doors")["panel_jamb_m"]).all())
        if is_held and not any(_lie_together(door, other) for other in (*known, *kept)):
            kept.append(door)
    return kept


def _panel(use: BlockUse, kinds: LayerKinds) -> Door | None:
    """The door that an insert of a block is by its name, its layer and its size, None for all others."""
    if len(use.corners) != 4 or kinds.kind(use.layer) in _HOLD_NONE:
        return None
    if not matches("doors", "block", use.name) or matches("doors", "no_panel", use.name):
        return None
    a, b, c, d = use.corners
    along, across = (((a, d), (b, c)), ((a, b), (d, c)))
    ends, thick = (along, math.dist(a, d)) if math.dist(a, b) >= math.dist(a, d) else (across, math.dist(a, b))
    tips = [_round((np.asarray(p) + np.asarray(q)) / 2) for p, q in ends]
    (low, high), width = span("doors", "panel_m"), math.dist(*tips)
    is_thin = low <= width <= high and thick <= min(sizes("doors")["panel_thick_m"], width / 2)
    return Door(tips[0], tips[1], tips[0], source=use.name) if is_thin else None


def _lie_together(door: Door, other: Door) -> bool:
    """Returns whether the middle of one door lies on the line of another."""
    reach = float(sizes("doors")["panel_jamb_m"])
    return bool(min(other.line.distance(Point(door.at)), door.line.distance(Point(other.at))) <= reach)


def _leaf_lines(work: Linework, kinds: LayerKinds, arc_layers: NDArray[np.int64]) -> shapely.STRtree:
    """Returns the lines that can be leaves: on the layers of the arcs, or on any when those hold none."""
    usable = (work.lengths < 2.0) & (work.lengths > 0.4) & ~work.is_curve
    same = usable & np.isin(work.segment_layer, np.unique(arc_layers))
    if same.sum() < len(arc_layers) / 2:
        same = usable & ~kinds.mask(work.segment_layer, "ignore", "hidden", "mark", "area")
    return shapely.STRtree(shapely.linestrings(work.segments[same].reshape(-1, 2, 2)))


def _round(point: Floats) -> tuple[float, float]:
    return round(float(point[0]), 4), round(float(point[1]), 4)


def _is_drawn(hinge: Floats, tip: Floats, lines: shapely.STRtree) -> Floats:
    """Returns 1 where a line runs along the leaf for most of its length, else 0."""
    leaves = shapely.linestrings(np.stack([hinge, tip], axis=1))
    around = shapely.buffer(leaves, 0.07, cap_style="flat")
    i, j = lines.query(around)
    shared = shapely.length(shapely.intersection(lines.geometries[j], around[i]))
    best = np.zeros(len(leaves))
    np.maximum.at(best, i, shared)
    return np.asarray(best > 0.75 * shapely.length(leaves), dtype=float)


def _gap(points: Floats, tree: shapely.STRtree) -> Floats:
    out = np.full(len(points), np.inf)
    if len(tree.geometries):
        (i, _), distance = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
        out[i] = distance
    return out


def _lies_along(hinge: Floats, jamb: Floats, tree: shapely.STRtree, walls: Floats) -> Floats:
    """Returns the share of wall lines near a leaf's ends that run in the direction hinge to jamb."""
    count = len(hinge)
    i, j = tree.query(shapely.points(np.vstack([hinge, jamb])), predicate="dwithin", distance=0.3)
    i = i % count
    delta = walls[j, 2:] - walls[j, :2]
    lengths = np.hypot(delta[:, 0], delta[:, 1])
    way = (jamb - hinge)[i]
    along = np.abs((delta * way).sum(axis=1)) > 0.98 * lengths * np.hypot(way[:, 0], way[:, 1])
    weight = np.minimum(lengths, 2.0)
    total, good = np.zeros(count), np.zeros(count)
    np.add.at(total, i, weight)
    np.add.at(good, i, weight * along)
    return np.asarray(good / np.maximum(total, 1e-9))


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
