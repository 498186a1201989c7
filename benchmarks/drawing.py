"""Seconds and bytes of each writer on the hand-made county hall, as JSON: python -m benchmarks.drawing"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hallplan.scene import build_scene, sheets_of
from hallplan.settings import Settings
from hallplan.write.dxf import write_dxf
from hallplan.write.pdf import write_drawings
from hallplan.write.png import write_png
from hallplan.write.svg import write_svg
from tests.scene.furnished import furnished_plan


def main() -> None:
    """Prints seconds of processor time per writer and the size of what it wrote."""
    plan, settings = furnished_plan(), Settings()
    figures: dict[str, object] = {}

    def timed(name: str, call: Callable[[], object], file: Path | None = None) -> None:
        begin = time.process_time()
        call()
        seconds = round(time.process_time() - begin, 3)
        figures[name] = {"seconds": seconds} | ({"bytes": file.stat().st_size} if file else {})

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheets = sheets_of(plan, 1, "F1")
        timed(f"scenes ({len(sheets)} sheets)", lambda: [build_scene(plan, 1, "F1", sheet) for sheet in sheets])
        timed("svg", lambda: write_svg(plan, 1, folder / "a.svg", settings), folder / "a.svg")
        timed("png", lambda: write_png(plan, 1, folder / "a.png", settings), folder / "a.png")
        timed("pdf", lambda: write_drawings(plan, 1, folder / "a.pdf", settings), folder / "a.pdf")
        timed("dxf", lambda: write_dxf(plan, 1, None, folder / "a.dxf", settings), folder / "a.dxf")
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
