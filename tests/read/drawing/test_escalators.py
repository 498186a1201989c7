"""Escalators are links between floors that nobody in a wheelchair takes."""

from __future__ import annotations

from pathlib import Path

import ezdxf
import pytest

from hallplan.model.site import ObstacleKind
from hallplan.read.drawing import read_site
from hallplan.settings import Settings


@pytest.mark.parametrize(("layer", "kind"), [("自动扶梯", ObstacleKind.ESCALATOR), ("楼梯", ObstacleKind.STAIR)])
def test_treads_on_a_layer_of_escalators_are_one(tmp_path: Path, layer: str, kind: ObstacleKind) -> None:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    space = document.modelspace()
    for inset in (0, 240):
        low, wide, deep = inset, 20000 - inset, 12000 - inset
        corners = [(low, low), (wide, low), (wide, deep), (low, deep)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "墙"})
    space.add_line((9000, 0), (10800, 0), {"layer": "门"})
    for n in range(16):
        space.add_line((4000 + 300 * n, 8000), (4000 + 300 * n, 9200), {"layer": layer})
    for y in (8000, 9200):
        space.add_line((4000, y), (8500, y), {"layer": layer})
    document.saveas(tmp_path / "plan.dxf")
    floor = read_site(tmp_path / "plan.dxf", Settings()).floors[0]
    assert [link.kind for link in floor.links] == [kind]
    assert [o.kind for o in floor.obstacles if o.kind in (ObstacleKind.STAIR, ObstacleKind.ESCALATOR)] == [kind]
