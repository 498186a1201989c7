"""What must stay in sight: call screens from every seat past other screens, the information desk from the entrance."""

from __future__ import annotations

import pytest
from shapely.geometry import LineString, box

from hallplan.furnish import equipment, furnish
from hallplan.model.layout import Layout
from hallplan.model.programme import Holding
from hallplan.model.site import Opening, OpeningRole, Site
from hallplan.settings import Settings
from hallplan.signs.seats import desk_views, seat_views
from hallplan.signs.view import View
from tests.builders import make_zone
from tests.furnish.halls import empty_hall, layout_of, programme_of, short_of, window_plan


def test_no_screen_hides_another_from_the_seats_of_its_group() -> None:
    """Five groups wait in one zone: their seats read screens past those of the others, or share one."""
    names = ("general", "tax", "police", "estate", "social")
    plan = window_plan(*((name, "window_special", 3, 1.6) for name in names))
    zones = [
        make_zone(f"window_special-{n}", 25.0, windows=tuple(f"{'ABCDE'[n]}{k:02d}" for k in (1, 2, 3)), window_types=(name,))
        for n, name in enumerate(names)
    ]  # fmt: skip
    wait = make_zone("wait-1", 100.0, holdings=tuple(Holding("chair", 12, name) for name in names))
    placed = [(f"window_special-{n}", box(24 + 6.2 * n, 52, 30 + 6.2 * n, 56.8), 270.0) for n in range(5)]
    layout = layout_of(*placed, ("wait-1", box(30, 40, 50, 49), 90.0))
    site = empty_hall()
    layout = furnish(site, programme_of(*zones, wait), plan, layout, Settings())
    views = seat_views(View(site, layout), Settings())
    assert sum(view.seats for view in views) >= 40
    unread = sum(view.seats - view.reading for view in views)
    assert unread == short_of(layout, "call_screen")
    assert unread <= 2


def guided() -> tuple[Site, Layout]:
    """A desk in a guide zone with six tall screens, left of it the main entrance."""
    line = LineString([(33.5, 0.15), (36.5, 0.15)])
    site = empty_hall(openings=(Opening("D1", OpeningRole.MAIN, (35.0, 0.15), 3.0, line, 90.0, True),))
    guide = make_zone("guide-1", 40.0, type="guide", holdings=(Holding("info_desk", 1), Holding("info_screen", 6)))
    layout = layout_of(("guide-1", box(38, 4, 42, 12), 270.0))
    return site, furnish(site, programme_of(guide), window_plan(), layout, Settings())


def is_seen(hall: tuple[Site, Layout]) -> list[bool]:
    return [view.is_seen for view in desk_views(View(*hall), Settings())]


def test_the_desk_is_seen_from_the_entrance_past_tall_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = guided()
    assert len(kept[1].of_kind("info_screen")) == 6
    assert is_seen(kept) == [True]
    monkeypatch.setattr(equipment, "_keep_in_sight", id)
    assert is_seen(guided()) == [False]  # what would be without
