"""What lines are by the way they are drawn, where the names of their layers do not say: axes and windows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from hallplan.read.drawing.doors import swung_lines
from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Floats, Linework
from hallplan.read.drawing.symbols import close_pairs, find_treads, unions
from hallplan.read.drawing.vocabulary import pattern, sizes, span
from hallplan.read.drawing.walls import pair_lines

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
FACES = 2
"""Lines of a stack that run on into walls: the faces of the wall that it is a window in."""


def sorted_by_shape(work: Linework, kinds: LayerKinds) -> tuple[Linework, LayerKinds]:
    """Returns a drawing in metres with axes put aside and windows known, where their layers hold other things too.

    Lines that are put aside keep the name of their layer under a second number, whose kind is what they are.
    """
    axes = _axes(work) & kinds.mask(work.segment_layer, "other")
    work, kinds = _moved(work, kinds, axes, "ignore")
    # open leaves of doors side by side lie as close to each other as the lines of a window
    leaves = swung_lines(work, span("doors", "sweep_deg")[0])
    stacks = _stacks(work, kinds.mask(work.segment_layer, "door", "other") & ~leaves)
    return _moved(work, kinds, _windows(stacks, _in_walls(work, kinds, stacks >= 0)), "window")


def _windows(stacks: Ints, in_walls: Bools) -> Bools:
    """Returns the lines of stacks that lie in walls: two of a stack run on as the faces of a wall, its panes between them end at it."""
    held = np.bincount(stacks[in_walls], minlength=int(stacks.max(initial=-1)) + 1) >= FACES
    return np.asarray((stacks >= 0) & (in_walls | np.append(held, False)[stacks]))


def _in_walls(work: Linework, kinds: LayerKinds, stacks: Bools) -> Bools:
    """Returns which stacked lines run on into a wall, a column or more windows at both ends, as windows do and benches do not.

    All of them where no layer is named for walls.
    """
    walls = kinds.mask(work.segment_layer, "wall", "structure", "column", "window", "outline")
    if kinds.mask(work.segment_layer, "wall", "structure", "outline").sum() < 4 or not stacks.any():
        return stacks
    tree = shapely.STRtree(shapely.linestrings(work.segments[walls | stacks].reshape(-1, 2, 2)))
    picked = np.flatnonzero(stacks)
    some, reach = work.segments[picked], sizes("stacks")["ends_m"]
    way = (some[:, 2:] - some[:, :2]) / np.maximum(work.lengths[picked], 1e-9)[:, None]
    out = stacks.copy()
    for ends, sign in ((some[:, 2:], 1.0), (some[:, :2], -1.0)):
        rays = np.stack([ends + sign * way * sizes("stacks")["off_m"], ends + sign * way * reach], axis=1)
        met, _ = tree.query(shapely.linestrings(rays), predicate="dwithin", distance=sizes("stacks")["beside_m"])
        is_met = np.zeros(len(picked), dtype=bool)
        is_met[met] = True
        out[picked] &= is_met
    return out


def _moved(work: Linework, kinds: LayerKinds, mask: Bools, kind: str) -> tuple[Linework, LayerKinds]:
    """Returns the drawing with some lines on layers of the same names but another kind."""
    old = np.unique(work.segment_layer[mask])
    if not len(old):
        return work, kinds
    layer = work.segment_layer.copy()
    layer[mask] = len(work.layers) + np.searchsorted(old, work.segment_layer[mask])
    names = (*work.layers, *(work.layers[n] for n in old))
    return replace(work, layers=names, segment_layer=layer), replace(kinds, kinds=(*kinds.kinds, *(kind for _ in old)))


def _axes(work: Linework) -> Bools:
    """Returns which lines run up to a circle that has a short mark in it, towards its middle."""
    out = np.zeros(len(work.segments), dtype=bool)
    bubbles = _bubbles(work)
    if not len(bubbles) or not len(out):
        return out
    ends = work.segments.reshape(-1, 2)
    reach = 1.2 * float(bubbles[:, 2].max())
    near, at = shapely.STRtree(shapely.points(ends)).query(
        shapely.points(bubbles[:, :2]), predicate="dwithin", distance=reach
    )
    radius = bubbles[near, 2]
    off, way = ends[at] - bubbles[near, :2], ends[at] - ends[at ^ 1]
    gap, length = np.hypot(off[:, 0], off[:, 1]), np.hypot(way[:, 0], way[:, 1])
    beside = np.abs(off[:, 0] * way[:, 1] - off[:, 1] * way[:, 0]) / np.maximum(length, 1e-9)
    runs_up = (np.abs(gap / radius - 1.0) < 0.2) & (beside < 0.15 * radius) & (length > radius)
    out[at[runs_up] // 2] = True
    return out


def _bubbles(work: Linework) -> Floats:
    """Returns the circles (n, 3) in metres with a mark of an axis at their middle."""
    low, high = span("axes", "bubble_m")
    circles = work.circles[(work.circles[:, 2] >= low) & (work.circles[:, 2] <= high)]
    marks = [label.at for label in work.labels if pattern("axes", "mark").match(label.words.strip())]
    if not len(circles) or not marks:
        return np.zeros((0, 3))
    off = shapely.STRtree(shapely.points(marks)).query_nearest(
        shapely.points(circles[:, :2]), return_distance=True, all_matches=False
    )
    near = np.full(len(circles), np.inf)
    near[off[0][0]] = off[1]
    return np.asarray(circles[near < 0.8 * circles[:, 2]])


def _stacks(work: Linework, mask: Bools) -> Ints:
    """Returns the number of the stack that each line belongs to, -1 for none: of the lines in a mask three or more of one length close
    beside each other."""
    out = np.full(len(mask), -1, dtype=np.int64)
    rules, (low, high) = sizes("stacks"), span("stacks", "length_m")
    pick = np.flatnonzero(mask & (work.lengths >= low) & (work.lengths <= high) & ~work.is_curve)
    if len(pick) < rules["lines"]:
        return out
    some, size = work.segments[pick], work.lengths[pick]
    d, middle = (some[:, 2:] - some[:, :2]) / size[:, None], (some[:, 2:] + some[:, :2]) / 2
    i, j = close_pairs(some, rules["apart_m"]).T
    shift = middle[j] - middle[i]
    across = np.abs(d[i, 0] * shift[:, 1] - d[i, 1] * shift[:, 0])
    along = np.abs((d[i] * shift).sum(axis=1))
    good = (np.abs(d[i, 0] * d[j, 1] - d[i, 1] * d[j, 0]) < 0.02) & (across > 0.01) & (across <= rules["apart_m"])
    good &= (along < 0.05) & (np.abs(size[i] - size[j]) < 0.1)
    group = unions(len(pick), np.column_stack([i, j])[good])
    for number, members in enumerate(_groups(group, rules["lines"])):
        normal = np.array([-d[members[0], 1], d[members[0], 0]])
        if np.ptp(middle[members] @ normal) <= rules["spread_m"]:
            out[pick[members]] = number
    return out


def faced_lines(work: Linework, mask: Bools) -> Bools:
    """Returns which of the lines in a mask are faces of walls, with the short ends between them; all where too few are.

    For drawings whose layers do not tell walls from what else is drawn, such as the edge of the pavement around them.
    """
    rules, picked = sizes("faces"), np.flatnonzero(mask & ~work.is_curve)
    if not len(picked) or len(picked) > rules["lines"]:
        return mask
    picked = picked[~find_treads(work.segments[picked])]
    _, faced = pair_lines(work.segments[picked], np.zeros(len(picked), dtype=bool), span("walls", "typical_m"))
    lengths = work.lengths[picked]
    is_face = faced >= rules["share"]
    if (lengths * is_face).sum() < rules["least"] * lengths.sum():
        return mask
    out = np.zeros(len(mask), dtype=bool)
    out[picked] = is_face | (lengths < rules["end_m"])
    return out


def _groups(group: NDArray[np.int64], least: int) -> list[NDArray[np.int64]]:
    """Returns the members of each group of at least so many."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order])) + 1
    return [members for members in np.split(order, starts) if len(members) >= least]
