"""A DXF drawing -> Site."""

from hallplan.read.drawing.assemble import read_site, read_with_backdrop
from hallplan.read.drawing.outline import OpenOutlineError
from hallplan.read.drawing.report import inspection_report

__all__ = ["OpenOutlineError", "inspection_report", "read_site", "read_with_backdrop"]
