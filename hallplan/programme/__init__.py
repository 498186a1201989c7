"""Zone areas by linear programming: the programme (功能区面积分配表) of a hall."""

from hallplan.programme.idle import retype_zone, uses_of
from hallplan.programme.size import size_zones

__all__ = ["retype_zone", "size_zones", "uses_of"]
