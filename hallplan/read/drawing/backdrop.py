"""The lines that a floor was read from, and what each layer was taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hallplan.model.site import Backdrop, Floor, Guess
from hallplan.read.drawing.floor_drawing import FloorDrawing
from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Linework
from hallplan.read.drawing.outline import thinned
from hallplan.read.drawing.vocabulary import sizes
from hallplan.terms import text

_TOLD = ("wall", "structure", "window", "column", "door", "stair", "lift", "toilet", "shaft", "void", "room", "ignore")


def backdrop(floor: Floor, part: FloorDrawing) -> Backdrop:
    """Returns the lines around a floor: those that were read and those that were left out, the longest of each."""
    x0, y0, x1, y1 = floor.outline.bounds
    segments, most = part.work.segments, sizes("outline")["drawn_lines"]
    middle = (segments[:, :2] + segments[:, 2:]) / 2
    near = (middle[:, 0] > x0 - 2) & (middle[:, 0] < x1 + 2) & (middle[:, 1] > y0 - 2) & (middle[:, 1] < y1 + 2)
    out = part.kinds.mask(part.work.segment_layer, "ignore", "hidden", "area", "mark")
    out |= part.kinds.mask(part.work.segment_layer, "other") & ~np.isin(np.arange(len(segments)), part.lines)
    return Backdrop(floor.id, thinned(segments[near & ~out], most), thinned(segments[near & out], most))


def layer_guesses(
    work: Linework, kinds: LayerKinds, building: NDArray[np.int64], mapped: Mapping[str, Sequence[str]]
) -> list[Guess]:
    """Returns what the layers were taken for by their names, one guess for each kind, the most drawn layers first."""
    counts = np.bincount(work.segment_layer, minlength=len(work.layers))
    as_walls = np.unique(work.segment_layer[building])
    found: dict[str, list[tuple[int, str]]] = {}
    for n, name in enumerate(work.layers):
        kind = kinds.kinds[n]
        kind = "wall" if kind == "other" and n in as_walls else kind
        if name not in kinds.mapped and counts[n] and kind in _TOLD and kind not in mapped:
            found.setdefault(kind, []).append((-int(counts[n]), name))
    return [_guess(kind, [name for _, name in sorted(found[kind])], kinds) for kind in _TOLD if kind in found]


def _guess(kind: str, names: list[str], kinds: LayerKinds) -> Guess:
    sure = 0.9 if all(kinds.kind(name) == kind for name in names) else 0.5
    shown, quoted = text("read_drawing.comma").join(names[:8]), ", ".join(f'"{name}"' for name in names[:8])
    more = f" … {len(names)}" if len(names) > 8 else ""
    what = text(f"read_drawing.layers_{'left' if kind == 'ignore' else 'read'}", kind=kind, names=shown + more)
    return Guess(what, sure, f"[drawing.layers] {kind} = [{quoted}]")
