"""A DXF drawing -> Site."""

from hallplan.read.drawing.assemble import read_site
from hallplan.read.drawing.report import inspection_report

__all__ = ["inspection_report", "read_site"]
