"""Which layouts are shown: those that fail least first, and what others fail is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from hallplan.model.findings import Finding, Level, Place
from hallplan.model.flow import Routes
from hallplan.model.layout import Layout, Narrow, ScorePart, Shortfall
from hallplan.model.plan import Alternative
from hallplan.model.signs import SignPlan
from hallplan.pipeline.choosing import CROSSED_M, MOST_NARROWS, choose, wish_prices
from hallplan.terms import speaking

RULES = {"width": "ways are wide", "exits": "exits are reached"}


def _layout(score: float, lacking: int = 0) -> Layout:
    short = (Shortfall("window-1", "counter", 4, 4 - lacking, ""),) if lacking else ()
    return Layout("0", f"{score:g}", (), (), score, (), None, "effort", shortfalls=short)


def _follow(failing: Mapping[str, tuple[str, ...]], level: Level = "mandatory"):
    """Checks layouts by a table of the rules that each fails, by name; counts those looked at."""
    seen: list[str] = []

    def follow(layouts: list[Layout]) -> list[Alternative]:
        seen.extend(layout.name for layout in layouts)
        return [
            Alternative(layout, Routes((), ()), SignPlan((), (), ()), tuple(_failed(r, level) for r in failing.get(layout.name, ())))
            for layout in layouts
        ]  # fmt: skip

    return follow, seen


def _failed(rule: str, level: Level) -> Finding:
    return Finding(rule, "", level, "fail", Place(), 0, 1, None, "")


def _names(shown: tuple[Alternative, ...]) -> list[str]:
    return [one.layout.name for one in shown]


def test_sound_layouts_are_shown_without_looking_further() -> None:
    follow, seen = _follow({})
    shown, notes = choose([_layout(n) for n in (3, 1, 2, 4)], 2, follow, RULES)
    assert (_names(shown), notes, seen) == (["1", "2"], (), ["1", "2"])
    assert [one.layout.id for one in shown] == ["1", "2"]


def test_a_layout_that_fails_comes_after_a_dearer_one_that_does_not() -> None:
    follow, seen = _follow({"1": ("width",)})
    shown, notes = choose([_layout(n) for n in (1, 2)], 2, follow, RULES)
    assert (_names(shown), seen) == (["2", "1"], ["1", "2"])
    assert "2" in notes[0]
    assert RULES["width"] in notes[0]


def test_a_layout_that_fails_gives_its_place_to_a_spare_one_that_does_not_and_costs_little_more() -> None:
    follow, seen = _follow({"8": ("width",), "12": ("exits",)})
    shown, notes = choose([_layout(n) for n in (8, 9, 10, 12)], 2, follow, RULES)
    assert (_names(shown), notes, seen) == (["9", "10"], (), ["8", "9", "10"])


def test_variants_of_a_name_are_numbered_as_they_are_shown() -> None:
    names = "island (variant 2)", "island", "wall", "island (variant 3)"
    layouts = [replace(_layout(n), name=name) for n, name in enumerate(names)]
    follow, _ = _follow({"island": ("width",)})
    with speaking("en"):
        shown, _ = choose(layouts, 4, follow, RULES)
    assert _names(shown) == ["island", "wall", "island (variant 2)", "island (variant 3)"]
    assert [one.layout.score for one in shown] == [0.0, 2.0, 3.0, 1.0]


def test_what_the_first_fails_too_is_not_told_of_others() -> None:
    follow, _ = _follow({"1": ("exits",), "2": ("exits",)})
    shown, notes = choose([_layout(n) for n in (1, 2)], 2, follow, RULES)
    assert (_names(shown), notes) == (["1", "2"], ())


def test_those_that_fail_the_fewest_go_first() -> None:
    follow, _ = _follow({"1": ("exits", "width"), "2": ("exits",), "3": ("width",)})
    shown, notes = choose([_layout(n) for n in (1, 2, 3)], 3, follow, RULES)
    assert _names(shown) == ["2", "3", "1"]
    assert RULES["width"] in notes[0]
    assert RULES["exits"] not in notes[0]


def test_a_layout_without_room_for_a_window_comes_after_one_that_has_it() -> None:
    follow, _ = _follow({})
    shown, notes = choose([_layout(1, lacking=2), _layout(9)], 2, follow, RULES)
    assert _names(shown) == ["9", "1"]
    assert notes


def test_a_layout_with_a_room_without_a_door_comes_after_a_dearer_one() -> None:
    shut = replace(_layout(1), shortfalls=(Shortfall("meeting-1", "door", 1, 0, ""),))
    follow, _ = _follow({})
    assert _names(choose([shut, _layout(9)], 1, follow, RULES)[0]) == ["9"]


def test_fewer_than_asked_are_told() -> None:
    follow, _ = _follow({})
    assert choose([_layout(1)], 3, follow, RULES)[1]


def test_a_recommendation_keeps_no_layout_back() -> None:
    follow, _ = _follow({"1": ("width",)}, level="recommended")
    assert _names(choose([_layout(n) for n in (1, 2)], 1, follow, RULES)[0]) == ["1"]


def _of_parts(name: str, **costs: float) -> Layout:
    parts = tuple(ScorePart(id, cost, 1.0, cost) for id, cost in costs.items())
    return Layout("0", name, (), (), sum(costs.values()), parts, None, "effort")


def test_staff_who_cross_make_a_layout_rank_behind_a_dearer_one() -> None:
    crossing, apart = _of_parts("a", staff_crossing_m=3.0), _of_parts("b", adjacency=9.0)
    follow, _ = _follow({})
    assert _names(choose([crossing, apart], 2, follow, RULES)[0]) == ["b", "a"]


@pytest.mark.parametrize("seen", [0.0, 3.0])
def test_each_place_at_which_staff_cross_visitors_counts_as_a_main_ways_width(seen: float) -> None:
    """At two places on the furnished layout: the search, that knows ways from the doors alone, saw none of it or some."""
    bare, followed = _follow({})
    crossed = replace(_failed("hall_crossing", "own"), value=2)

    def follow(layouts: list[Layout]) -> list[Alternative]:
        return [replace(one, findings=(crossed,) * (one.layout.score == 100.0)) for one in bare(layouts)]

    def layout(score: float) -> Layout:
        return replace(_layout(score), parts=(ScorePart("staff_crossing_m", seen / 2.5, 2.5, seen),))

    dearer = 100.0 + 2 * CROSSED_M * 2.5 - seen
    near, far = layout(dearer - 0.5), layout(dearer + 0.5)
    assert _names(choose([layout(100.0), near], 1, follow, RULES)[0]) == [near.name]
    assert followed == ["100", near.name]
    assert _names(choose([layout(100.0), far], 1, follow, RULES)[0]) == ["100"]


def test_the_price_of_an_aim_is_what_all_else_would_save_without_it() -> None:
    shown = _of_parts("shown", walking=50.0, daylight_m=2.0, staff_crossing_m=0.0)
    other = _of_parts("other", walking=40.0, daylight_m=3.0, staff_crossing_m=30.0)
    # without counting crossings the other costs 43 against 52; without daylight 70 against 50; without walking 33 against 2
    assert wish_prices(shown, [shown, other]) == (("staff_crossing_m", 9.0),)


def test_narrow_doors_of_the_building_are_told_with_place_and_widths_the_rest_counted() -> None:
    doors = tuple(Narrow("F1", (n, 2.0), 0.9, 1.2, "public", f"D{n}") for n in range(MOST_NARROWS))
    neck = Narrow("F1", (36.5, 2.0), 1.11, 1.2, "staff", "")
    with speaking("en"):
        _, (note,) = choose([replace(_layout(1), narrows=(neck, *doors))], 1, _follow({})[0], RULES)
        assert "a neck (on F1 at (36.5, 2.0), 1.11 m wide, 1.2 m wanted)" in note
        assert "door D0 (on F1 at (0.0, 2.0), 0.90 m wide, 1.2 m wanted)" in note
        assert f"D{MOST_NARROWS - 1}" not in note
        assert note.endswith("and 1 more.")
