"""A plan as layers of drawing primitives, once, for all writers."""

from hallplan.scene.build import build_frame, build_scene, sheets_of
from hallplan.scene.primitives import Arc, Disc, Fill, Layer, Scene, Shape, SheetKind, Stamp, Stroke, Words

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
