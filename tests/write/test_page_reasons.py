"""What the page says of why a zone lies where it does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallplan.model.programme import Sightline
from hallplan.model.signs import DeskView
from hallplan.write.page.reasons import zone_table
from tests.scene.furnished import furnished_plan


@pytest.mark.parametrize("is_seen", [True, False])
def test_the_guidance_is_said_to_be_in_sight_where_its_desk_is(is_seen: bool) -> None:
    plan = furnished_plan()
    (first, *rest) = plan.alternatives
    desk = next(piece for piece in first.layout.furniture if piece.kind == "info_desk")
    signs = replace(first.signs, desks=(DeskView("D1", desk.id, is_seen, 6.0),))
    programme = replace(plan.programme, sightlines=(Sightline("door:main", (desk.zone,), 3.0),))
    told = zone_table(replace(plan, programme=programme, alternatives=(replace(first, signs=signs), *rest)))
    rows = {row.cells[0]: row.cells[-1] for row in told.rows}
    name = plan.programme.zone(desk.zone).name
    assert ("从主入口进门可见" in rows[name]) is is_seen
    assert not any("从主入口进门可见" in why for other, why in rows.items() if other != name)
