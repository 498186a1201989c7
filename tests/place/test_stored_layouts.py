"""The layouts in docs/layouts, each with its instance: what docs/placement.md claims of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.place.rectangle_checker import cost_of, faults_of

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "layouts"


def test_four_layouts_at_least_are_stored() -> None:
    assert len(list(FOLDER.glob("*.json"))) >= 4


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_stored_layout_keeps_its_instance_and_costs_less_than_the_best_known(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    assert faults_of(document, document["rectangles"]) == []
    assert document["cost"] == pytest.approx(cost_of(document, document["rectangles"]), rel=1e-9)
    assert document["cost"] < document["best_known"] * 0.999
