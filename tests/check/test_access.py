"""Parking bays and spoken calls against the code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import box

from hallplan.model.flow import Routes
from hallplan.model.layout import Furniture
from hallplan.model.signs import SignPlan
from hallplan.model.site import Bay
from hallplan.settings import Settings, make_settings
from tests.builders import make_demand, make_layout, make_programme, make_site, make_windows
from tests.check.test_rules import Hall, furniture, parked


def good_hall() -> Hall:
    """The hand-made hall with its furniture; nobody walks and no sign hangs."""
    layout = replace(make_layout(), furniture=tuple(p for p in furniture() if p not in parked()))
    signs = SignPlan((), (), ())
    return Hall(make_site(), make_demand(), make_windows(), make_programme(), layout, Routes((), ()), signs, Settings())


def hall_with(count: int, *pieces: Furniture, spaces: int = 0) -> Hall:
    hall = good_hall()
    bays = tuple(Bay("F1", box(2.6 * n, -12, 2.6 * n + 2.5, -7)) for n in range(count))
    layout = replace(hall.layout, furniture=(*hall.layout.furniture, *pieces))
    settings = make_settings({"file": {"services": {"parking_spaces": spaces}}})[0]
    return replace(hall, site=replace(hall.site, parking=bays), layout=layout, settings=settings)


BAY, WAY = parked()
NARROW = replace(WAY, size_m=(0.9, 5.0), at=(2.95, -9.5))


@pytest.mark.parametrize(
    ("hall", "status", "said"),
    [
        (hall_with(0), "undecided", "parking_spaces"),
        (hall_with(0, spaces=150), "undecided", "应设无障碍停车位 2 个"),
        (hall_with(12), "fail", "应设无障碍停车位 1 个"),
        (hall_with(12, BAY, WAY), "pass", "12"),
        (hall_with(12, BAY, NARROW), "fail", "B1"),
        (hall_with(12, BAY, WAY, spaces=150), "fail", "150"),
    ],
)
def test_bays_are_counted_where_they_are_drawn_and_asked_for_where_not(hall: Hall, status: str, said: str) -> None:
    (finding,) = hall.findings("access_parking")
    assert finding.status == status
    assert said in finding.message


def test_a_screen_without_spoken_calls_fails_and_with_them_passes() -> None:
    hall = good_hall()
    screens = [piece for piece in hall.layout.furniture if piece.kind == "call_screen"]
    silent = [piece for piece in hall.layout.furniture if piece.kind != "speaker"]
    bare = replace(hall, layout=replace(hall.layout, furniture=tuple(silent)))
    assert {finding.status for finding in bare.findings("access_visual_audio")} == {"fail"}
    voices = [replace(screen, id=f"L-{screen.id}", kind="speaker") for screen in screens]
    heard = replace(hall, layout=replace(hall.layout, furniture=(*silent, *voices)))
    assert [finding.status for finding in heard.findings("access_visual_audio")] == ["pass"]
