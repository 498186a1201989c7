"""Lines that make shapes which cannot be computed with end in one message, not in the geometry library's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from shapely.errors import GEOSException

from hallplan.errors import PlanFileError
from hallplan.read.drawing import read_site, sheets
from hallplan.settings import Settings
from tests.read.drawing.drawings import save_hall


def test_a_drawing_whose_shapes_cannot_be_computed_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise GEOSException("TopologyException: found non-noded intersection at 1 2")

    monkeypatch.setattr(sheets, "bound", fail)
    with pytest.raises(PlanFileError, match=r"plan\.dxf.*non-noded intersection at 1 2"):
        read_site(save_hall(tmp_path / "plan.dxf"), Settings())
