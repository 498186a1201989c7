"""What each layer of a drawing is taken for, for the user to correct."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from hallplan.model.site import LayerUse
from hallplan.read.drawing.flatten import Flattener
from hallplan.read.drawing.layers import name_kind, sort_layers
from hallplan.read.drawing.load import load
from hallplan.settings import Settings


def read_layers(path: Path, settings: Settings) -> tuple[LayerUse, ...]:
    """Returns every layer that something is drawn on, with its kind and how much it holds; needs no building to be found.

    Raises PlanFileError when the file cannot be read.
    """
    loaded = load(path)
    work = Flattener(loaded, str(path)).flatten()
    kinds = sort_layers(loaded, work, settings.drawing.layers)
    counts: Counter[str] = Counter()
    for layer in (work.segment_layer, work.arc_layer, work.circle_layer):
        for n, count in zip(*np.unique(layer, return_counts=True), strict=True):
            counts[work.layers[n]] += int(count)
    for items in (work.rings, work.labels, work.blocks):
        counts.update(item.layer for item in items)
    uses = []
    for name, count in sorted(counts.items()):
        is_hidden = kinds.kind(name) == "hidden"
        uses.append(LayerUse(name, name_kind(name) if is_hidden else kinds.kind(name), count, is_hidden))
    return tuple(use for use in uses if use.kind != "mark")
