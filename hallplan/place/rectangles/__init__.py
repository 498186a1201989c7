"""The plain problem of the literature: rectangles of given areas on a rectangular floor."""

from hallplan.place.rectangles.layout import RectangleLayout, place_rectangles

__all__ = ["RectangleLayout", "place_rectangles"]
