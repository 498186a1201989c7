"""Makes the files in samples/ afresh: `python -m tests.make_samples`. The same bytes every time."""

from __future__ import annotations

from pathlib import Path

from tests.sample_plans import draw_city, draw_county, draw_township

SAMPLES = Path(__file__).parents[1] / "samples"


def make_all(folder: Path = SAMPLES) -> None:
    """Writes the three sample projects under `folder`."""
    for name, draw in (("township", draw_township), ("county", draw_county), ("city", draw_city)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        draw(folder / name / "plan.dxf")


if __name__ == "__main__":
    make_all()
