"""The picture of what was recognised, and of the best partial layout: names of rooms run over no others."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from shapely.geometry import Polygon, box

from hallplan.model.site import Room, Site
from hallplan.write.fonts import text_width
from hallplan.write.inspection import WIDTH_PX, inspection_svg
from tests.builders import make_site

SVG = "{http://www.w3.org/2000/svg}"
MARGIN_M, HEIGHT_PX = 3.0, 1400.0
LONG = "专业窗口区（婚姻登记、税务、不动产、工程建设）"


def _site(*rooms: Polygon) -> Site:
    site = make_site()
    locked = tuple(Room(f"Z{n}", LONG, area) for n, area in enumerate(rooms, 1))
    return replace(site, floors=(replace(site.floors[0], locked=locked),))


def _labels(site: Site) -> list[tuple[str, Polygon]]:
    """Words of rooms with the floor that they cover, worked out from the picture by hand."""
    x0, y0, x1, y1 = site.floors[0].outline.bounds
    scale = min(WIDTH_PX / (x1 - x0 + 2 * MARGIN_M), HEIGHT_PX / (y1 - y0 + 2 * MARGIN_M))
    group = next(g for g in ET.fromstring(inspection_svg(site)).iter(f"{SVG}g") if "scale" in g.get("transform", ""))
    k = float(group.get("transform", "").removeprefix("scale(").removesuffix(")")) / scale
    found = []
    for word in group.iter(f"{SVG}text"):
        x, y, size = (float(word.get(name, "0")) * k for name in ("x", "y", "font-size"))
        half = text_width(word.text or "", size) / 2
        wide, tall = (size / 2, half) if word.get("transform") else (half, size / 2)
        at = x0 - MARGIN_M + x, y1 + MARGIN_M - y
        found.append((word.text or "", box(at[0] - wide, at[1] - tall, at[0] + wide, at[1] + tall)))
    return found


@pytest.mark.parametrize(
    "room",
    [box(10, 10, 30, 15), box(10, 10, 16, 15), box(10, 10, 11.5, 16), box(10, 10, 11.2, 11.2)],
    ids=["wide", "two lines", "narrow", "tiny"],
)
def test_a_long_name_lies_within_its_zone_or_apart_from_all(room: Polygon) -> None:
    _, y0, x1, y1 = room.bounds
    beside = box(x1, y0, x1 + 6, y1 + 1)
    labels = _labels(_site(room, beside))
    assert labels
    for words, covered in labels:
        inside = [area for area in (room, beside) if area.buffer(0.05).contains(covered)]
        assert inside or not covered.intersects(room.union(beside)), words


def test_a_zone_too_small_for_its_name_is_led_to_it() -> None:
    site = _site(box(10, 10, 11.2, 11.2))
    group = next(g for g in ET.fromstring(inspection_svg(site)).iter(f"{SVG}g") if "scale" in g.get("transform", ""))
    assert len(list(group.iter(f"{SVG}circle"))) == 1
