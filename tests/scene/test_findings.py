"""Failures as numbered discs over a sheet."""

from __future__ import annotations

import math

from hallplan.model.findings import Finding, Place
from hallplan.scene.findings import APART_MM, LAYER, mark_findings
from hallplan.scene.primitives import Disc, Scene, SheetKind, Words
from hallplan.scene.style import styles

SCENE = Scene(SheetKind.FURNITURE, "F1", "t", "", 100, (0, 0, 10, 10), (0, 0, 10, 10), ())


def failed(at: tuple[float, float] | None, floor: str = "F1", level: str = "own") -> Finding:
    return Finding("r", "c", level, "fail", Place(floor, "", at), 1, 2, "m", "text")  # type: ignore[arg-type]


def test_each_failure_of_the_floor_with_a_place_has_its_number() -> None:
    scene = mark_findings(
        SCENE, [(1, failed((2.0, 3.0))), (2, failed(None)), (3, failed((4.0, 4.0), "F2")), (7, failed((5.0, 5.0)))]
    )
    shapes = scene.layer(LAYER)
    assert [(s.at, s.text) for s in shapes if isinstance(s, Words)] == [((2.0, 3.0), "1"), ((5.0, 5.0), "7")]


def test_discs_that_would_meet_step_aside() -> None:
    scene = mark_findings(SCENE, [(n, failed((5.0, 5.0))) for n in range(1, 9)])
    places = [s.at for s in scene.layer(LAYER) if isinstance(s, Disc)]
    least = min(math.dist(a, b) for k, a in enumerate(places) for b in places[:k])
    assert least >= APART_MM * scene.metres_per_mm - 1e-9


def test_graver_levels_have_their_own_colour_and_every_style_exists() -> None:
    scene = mark_findings(SCENE, [(1, failed((1.0, 1.0))), (2, failed((3.0, 3.0), level="mandatory"))])
    used = {shape.style for shape in scene.layer(LAYER) if isinstance(shape, Disc | Words)}
    assert used == {"finding", "finding_own", "finding_number"}
    assert used <= set(styles())
    assert {style for style, _ in scene.legend} == {"finding", "finding_own"}
