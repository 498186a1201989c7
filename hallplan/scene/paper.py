"""Scale and paper: the largest common scale at which a floor fits a sheet."""

from __future__ import annotations

from typing import Final

from hallplan.model.plan import Plan
from hallplan.model.site import Floor
from hallplan.scene.style import drawing_data

_AROUND_MM: Final = (40.0, 62.0)
"""What dimensions, names of entrances, title and legend add to a plan's width and height."""
_PREFERRED: Final = (
    (100, "A3"),
    (100, "A2"),
    (150, "A2"),
    (150, "A1"),
    (200, "A1"),
    (250, "A1"),
    (300, "A1"),
    (400, "A1"),
)


def choose_scale(plan: Plan, floor: Floor) -> int:
    """Returns the scale's denominator: output.scale when it is set, else one that the largest floor fits, so all sheets agree."""
    asked = next((value for key, value, _ in plan.settings if key == "output.scale"), "0")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    scales = [_fitting(other) for other in plan.site.floors] or [_fitting(floor)]
    return max(scales)


def _fitting(floor: Floor) -> int:
    x0, y0, x1, y1 = floor.outline.bounds
    sizes: dict[str, tuple[float, float]] = {
        name: (width, height) for name, width, height in drawing_data()["paper"]["sizes"]
    }
    for scale, name in _PREFERRED:
        width, height = free_mm(sizes[name])
        if (x1 - x0) * 1000 / scale + _AROUND_MM[0] <= width and (y1 - y0) * 1000 / scale + _AROUND_MM[1] <= height:
            return scale
    return max(500, 100 * round(float(max(x1 - x0, y1 - y0)) / 60))


def free_mm(size: tuple[float, float]) -> tuple[float, float]:
    """Returns the width and height in mm that a paper leaves beside frame and title block."""
    paper = drawing_data()["paper"]
    width = size[0] - paper["bind_mm"] - paper["edge_mm"] - paper["title_block_mm"]
    return width, size[1] - 2 * paper["edge_mm"]


def choose_paper(width_mm: float, height_mm: float) -> tuple[str, float, float]:
    """Returns name, width and height in mm of the smallest paper with room for a drawing of the given size.

    A drawing that no standard paper holds gets the largest, lengthened.
    """
    for name, width, height in drawing_data()["paper"]["sizes"]:
        free = free_mm((width, height))
        if width_mm <= free[0] and height_mm <= free[1]:
            return name, float(width), float(height)
    name, width, height = drawing_data()["paper"]["sizes"][-1]
    free = free_mm((width, height))
    return f"{name}+", width + max(0.0, width_mm - free[0]), height + max(0.0, height_mm - free[1])
