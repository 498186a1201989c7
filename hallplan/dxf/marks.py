"""Blocks that a CAD program makes itself to draw dimensions and leaders."""

from __future__ import annotations

from ezdxf.render.arrows import ARROWS


def is_mark(block: str) -> bool:
    """Returns whether a block is an arrowhead or the picture of a dimension.

    A leading underscore alone does not tell: Tianzheng names its columns, doors and windows so (_FZH, _DBLK, _WBLK).
    """
    is_arrow = block.startswith("_") and ARROWS.is_acad_arrow(ARROWS.arrow_name(block))
    return is_arrow or ARROWS.is_ezdxf_arrow(block) or block.upper().startswith("*D")
