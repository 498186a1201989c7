"""A drawing of ours that was edited in CAD -> the layout and the signs that it now shows."""

from hallplan.read.edited.applying import read_edit
from hallplan.read.edited.marks import drawn_marks, is_ours

__all__ = ["drawn_marks", "is_ours", "read_edit"]
