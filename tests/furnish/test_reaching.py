"""Open zones: visitors come to all that stands there, whatever side they come from."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from shapely.geometry import box

from hallplan.furnish import furnish
from hallplan.model.layout import Aisle
from hallplan.model.programme import Holding
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.furnish.halls import empty_hall, layout_of, programme_of, stands_on, window_plan

ZONE = box(0.3, 0.3, 7.7, 3.3)
STAFF = Aisle("S1", "F1", "staff", box(0.3, 3.3, 7.7, 5.3), 2.0)
PUBLIC = Aisle("M1", "F1", "public", box(7.7, 0.3, 10.0, 20.0), 2.3)


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_table_does_not_shut_off_what_stands_behind_it(is_mirrored: bool) -> None:
    """An advice area in a corner of the hall, staff walking along its long side: visitors come to it from the short one alone."""
    zone, ways = ZONE, (STAFF, PUBLIC)
    if is_mirrored:  # the corner in the east
        zone, *areas = (box(80.0 - area.bounds[2], area.bounds[1], 80.0 - area.bounds[0], area.bounds[3])
                        for area in (zone, STAFF.area, PUBLIC.area))  # fmt: skip
        ways = replace(STAFF, area=areas[0]), replace(PUBLIC, area=areas[1])
    wanted = make_zone("value_added-1", 22.0, holdings=(Holding("meeting_table", 1), Holding("display_board", 2)))
    placed = furnish(
        empty_hall(),
        programme_of(wanted),
        window_plan(),
        layout_of(("value_added-1", zone, None), aisles=ways),
        Settings(),
    )
    assert len(placed.of_kind("meeting_table")) == 1
    boards = placed.of_kind("display_board")
    assert len(boards) == 2
    standing = shapely.union_all([stands_on(piece) for piece in placed.furniture if piece.kind != "call_screen"])
    walked = shapely.union_all([zone, ways[1].area]).difference(standing).buffer(-0.34)
    from_ways = shapely.union_all([part for part in shapely.get_parts(walked) if part.intersects(ways[1].area)])
    assert all(from_ways.distance(stands_on(board)) < 1.0 for board in boards)
