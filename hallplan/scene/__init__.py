"""A plan as layers of drawing primitives, once, for all writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallplan.late import names_of

if TYPE_CHECKING:
    from hallplan.scene.build import build_frame, build_scene, sheets_of
    from hallplan.scene.primitives import Arc, Disc, Fill, Layer, Scene, Shape, SheetKind, Stamp, Stroke, Words
else:
    __getattr__ = names_of(
        __name__,
        {
            "build": "build_frame build_scene sheets_of",
            "primitives": "Arc Disc Fill Layer Scene Shape SheetKind Stamp Stroke Words",
        },
    )

__all__ = [
    "Arc",
    "Disc",
    "Fill",
    "Layer",
    "Scene",
    "Shape",
    "SheetKind",
    "Stamp",
    "Stroke",
    "Words",
    "build_frame",
    "build_scene",
    "sheets_of",
]
