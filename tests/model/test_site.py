"""What is said of a floor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import make_site


@pytest.mark.parametrize(
    ("name", "title"),
    [("一层平面图 1:100", "一层"), ("二层平面布置图", "二层"), ("平面图", "F1"), ("Level 2", "Level 2"), ("F1", "F1")],
)
def test_a_floor_is_called_by_its_name_without_what_a_title_adds(name: str, title: str) -> None:
    assert replace(make_site().floors[0], id="F1", name=name).title == title
