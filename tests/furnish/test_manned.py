"""Whether staff walk from stop to stop on their own floor is told before the layout is furnished to the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import box

from hallplan.furnish.manned import n_among_visitors
from hallplan.model.layout import Aisle, NewDoor, Partition
from hallplan.model.programme import VisitorKind
from tests.builders import make_zone
from tests.furnish.halls import empty_hall, layout_of, programme_of

SENT = VisitorKind("a", "a", ("back_office-1", "records-1"), 10.0, "staff")


@pytest.mark.parametrize(
    ("network", "has_door", "among"), [("staff", True, 0), ("staff", False, 1), ("public", True, 1)]
)
def test_a_way_between_two_rooms_is_the_staffs_own_or_leads_among_visitors(
    network: str, has_door: bool, among: int
) -> None:
    """Two rooms along one way, a wall before the second with a door in it or none."""
    way = Aisle("W1", "F1", "staff" if network == "staff" else "public", box(10, 14, 30, 16), 2.0)
    layout = layout_of(
        ("back_office-1", box(10, 10, 16, 14), None), ("records-1", box(20, 10, 26, 14), None), aisles=(way,)
    )
    wall = Partition("P1", "F1", box(20, 10, 26, 14).exterior, "wall", 0.1, "records-1")
    door = NewDoor("records-1-D1", "F1", (23.0, 14.0), 1.2, 90.0, "records-1", "staff")
    layout = replace(layout, partitions=(wall,), doors=(door,) if has_door else ())
    wanted = replace(programme_of(make_zone("back_office-1", 24), make_zone("records-1", 24)), visitors=(SENT,))
    assert n_among_visitors(empty_hall(), wanted, layout) == among
