"""What a drawing is made of: styled shapes in plan-frame metres, in layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from shapely.geometry import Polygon

XY = tuple[float, float]
Bounds = tuple[float, float, float, float]
Anchor = Literal["start", "middle", "end"]


class SheetKind(StrEnum):
    """The drawings of a floor; titles in messages/scene.toml, contents in data/drawing.toml."""

    OVERVIEW = "overview"
    ZONING = "zoning"
    FURNITURE = "furniture"
    SETTING_OUT = "setting_out"
    FLOW = "flow"
    SIGNS = "signs"
    SIGHT = "sight"
    POINTS = "points"
    DEMOLITION = "demolition"


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled area, holes left out."""

    style: str
    area: Polygon


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points."""

    style: str
    points: tuple[XY, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    style: str
    at: XY
    radius_m: float


@dataclass(frozen=True, slots=True)
class Arc:
    """A circular arc, anticlockwise from `start_deg` to `end_deg`."""

    style: str
    at: XY
    radius_m: float
    start_deg: float
    end_deg: float


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `at` is its middle height at the anchor, `height_m` its em height, `owner` the zone it names."""

    style: str
    at: XY
    text: str
    height_m: float
    anchor: Anchor = "middle"
    angle_deg: float = 0.0
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A symbol of the scene, its own y axis turned to `facing_deg`."""

    symbol: str
    at: XY
    facing_deg: float


Shape = Fill | Stroke | Disc | Arc | Words | Stamp


@dataclass(frozen=True, slots=True)
class Layer:
    """Shapes drawn together; later layers lie on top."""

    name: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """One sheet of one floor of one alternative.

    scale: denominator (150 for 1:150), which fixes text heights and line weights.  plan: bounds of building and
    dimensions.  bounds: with title and legend.  Both in plan-frame metres.
    symbols: shapes of each symbol around its own centre.  legend: (style, words) of what the sheet shows.
    table: rows of the areas or signs, heading first.  north_deg: where north lies in the plan frame.
    """

    sheet: SheetKind
    floor: str
    title: str
    figures: str
    scale: int
    bounds: Bounds
    plan: Bounds
    layers: tuple[Layer, ...]
    symbols: dict[str, tuple[Shape, ...]] = field(default_factory=dict)
    table: tuple[tuple[str, ...], ...] = ()
    table_title: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    north_deg: float = 90.0

    @property
    def metres_per_mm(self) -> float:
        """Metres of hall that one millimetre of paper stands for."""
        return self.scale / 1000.0

    def layer(self, name: str) -> tuple[Shape, ...]:
        """Returns the shapes of a layer, none when the scene lacks it."""
        return next((layer.shapes for layer in self.layers if layer.name == name), ())
