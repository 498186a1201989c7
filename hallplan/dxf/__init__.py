"""DXF files, the same for those who read and those who write them: opened as well as they can be, and our mark in them."""

from hallplan.dxf.codepage import FIRST_UTF8, as_chinese, readable
from hallplan.dxf.lifting import Lines
from hallplan.dxf.marks import is_mark
from hallplan.dxf.opening import BINARY, BOM, DXF_FAULTS, Opened, open_dxf
from hallplan.dxf.own import APPID, own_layers

__all__ = [
    "APPID",
    "BINARY",
    "BOM",
    "DXF_FAULTS",
    "FIRST_UTF8",
    "Lines",
    "Opened",
    "as_chinese",
    "is_mark",
    "open_dxf",
    "own_layers",
    "readable",
]
