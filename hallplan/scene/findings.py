"""Where rules fail, as numbered discs over a sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.findings import Finding
from hallplan.scene.primitives import XY, Disc, Layer, Scene, Shape, Words
from hallplan.terms import text

RADIUS_MM = 2.6
TEXT_MM = 3.0
APART_MM = 5.4
TURN_DEG = 47.0
LAYER = "findings"


def mark_findings(scene: Scene, numbered: Sequence[tuple[int, Finding]]) -> Scene:
    """Returns a sheet with a numbered disc at the place of each finding of its floor; discs that would meet step aside.

    numbered: the number that the list of findings gives each.
    """
    here = [(n, f) for n, f in numbered if f.where.at is not None and f.where.floor == scene.floor]
    taken: list[XY] = []
    shapes: list[Shape] = []
    for number, finding in here:
        at = _free(finding.where.at or (0.0, 0.0), taken, APART_MM * scene.metres_per_mm)
        taken.append(at)
        style = "finding_own" if finding.level == "own" else "finding"
        shapes.append(Disc(style, at, RADIUS_MM * scene.metres_per_mm))
        shapes.append(Words("finding_number", at, str(number), TEXT_MM * scene.metres_per_mm))
    used = [
        style for style in ("finding", "finding_own") if any(s.style == style for s in shapes if isinstance(s, Disc))
    ]
    legend = (*scene.legend, *((style, text(f"scene.{style}")) for style in used))
    return replace(scene, layers=(*scene.layers, Layer(LAYER, tuple(shapes))), legend=legend)


def _free(at: XY, taken: Sequence[XY], apart_m: float) -> XY:
    """The place itself, or the nearest on a spiral about it that no disc has taken."""
    for step in range(200):
        angle, far = math.radians(TURN_DEG * step), apart_m * math.sqrt(step) / 2
        place = at[0] + far * math.cos(angle), at[1] + far * math.sin(angle)
        if all(math.dist(place, other) >= apart_m for other in taken):
            return place
    return at
