"""Styles, text heights and sheet contents, from data/drawing.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from hallplan.terms import read_data


@dataclass(frozen=True, slots=True)
class Style:
    """Colours as #rrggbb or "" for none; widths, dashes in mm on paper; opacity in (0, 1]."""

    fill: str = ""
    stroke: str = ""
    width_mm: float = 0.18
    dash_mm: tuple[float, ...] = ()
    opacity: float = 1.0
    cap: str = "butt"
    halo: str = ""


def drawing_data() -> dict[str, Any]:
    """Returns data/drawing.toml."""
    return read_data("drawing.toml")


@cache
def styles() -> dict[str, Style]:
    """Returns every style by id."""
    entries = drawing_data()["style"]
    return {name: Style(**{**entry, "dash_mm": tuple(entry.get("dash_mm", ()))}) for name, entry in entries.items()}


def text_mm(name: str) -> float:
    """Returns a text height in mm on paper."""
    return float(drawing_data()["text_mm"][name])
