"""What a drawing holds only by reference: objects of other programs, and other drawings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Any

from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.proxygraphic import ProxyGraphic

from hallplan.dxf import DXF_FAULTS
from hallplan.read.drawing.vocabulary import sizes


def is_foreign(kind: str) -> bool:
    """Returns whether an entity type is an object of another program, such as TCH_WALL of Tianzheng."""
    return kind.upper().startswith(tuple(sizes("foreign")["kinds"]))


def graphics_of(entity: Any) -> Iterator[DXFGraphic]:
    """Yields the plain entities that an object of another program carries to be drawn by; none when it carries none."""
    data = getattr(entity, "proxy_graphic", None)
    if data:
        try:
            yield from ProxyGraphic(data, doc=entity.doc).virtual_entities()
        except DXF_FAULTS:
            return


def layer_of(entity: Any) -> str | None:
    """Returns the layer of an entity, None of one that is no drawing entity at all."""
    if entity.dxf.is_supported("layer"):
        return str(entity.dxf.get("layer", "0"))
    if hasattr(entity, "graphic_properties"):
        return str(entity.graphic_properties().get("layer", "0"))
    return None


def referenced(drawing: Path, written: str) -> Path | None:
    """Returns the file that an external reference names, looked for beside the drawing and below its folder only.

    A DXF of the same name stands in for a DWG.
    """
    name = PureWindowsPath(written.strip())
    parts = [part for part in name.parts if part not in ("..", ".") and not part.endswith((":", ":\\", "\\"))]
    if not parts:
        return None
    folder = drawing.resolve().parent
    for place in (folder.joinpath(*parts), folder / parts[-1]):
        for path in (place.with_suffix(".dxf"), place):
            if path.is_file() and path.resolve().is_relative_to(folder) and path.resolve() != drawing.resolve():
                return path
    return None
