"""Signs of the drawing: what they name, and that they spare new ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallplan.flow import route_visitors
from hallplan.model.layout import Furniture
from hallplan.model.site import DrawnSign
from hallplan.settings import Settings
from hallplan.signs import plan_signs
from hallplan.signs.existing import existing_signs, said
from tests.builders import make_layout, make_programme, make_site

WORDS = [("综合窗口", ("w-1", "w-2")), ("卫生间", ("t-1",)), ("出口", ("door:main",)), ("窗口", ("x-1",))]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("↑ 综合窗口  ← 卫生间", {"w-1": "ahead", "w-2": "ahead", "t-1": "left"}),
        ("卫生间 →", {"t-1": "right"}),
        ("综合窗口", {"w-1": "", "w-2": ""}),
        ("卫生间、出口 ←  综合窗口 →", {"w-1": "right", "w-2": "right", "t-1": "left", "door:main": "left"}),
        ("请保持安静", {}),
    ],
)
def test_arrows_hold_for_the_names_beside_them(text: str, says: dict[str, str]) -> None:
    assert said(text, WORDS) == says


def test_a_plan_hung_already_needs_no_new_signs() -> None:
    """What was placed once, drawn as existing signs, serves the same decision points again."""
    site, layout = make_site(), make_layout()
    programme = make_programme()
    # two waiting zones of one name could not be told apart on a sign
    zones = tuple(replace(zone, name=zone.id if zone.type == "wait" else zone.name) for zone in programme.zones)
    programme = replace(programme, zones=zones)
    routes = route_visitors(site, programme, layout, Settings())
    first = plan_signs(site, programme, layout, routes, Settings())
    new = [sign for sign in first.signs if sign.kind == "direction"]
    assert new
    hung = tuple(
        DrawnSign(
            s.floor, s.at, s.facing_deg, s.text_zh, s.text_en, s.char_mm, s.height_m, s.mount, s.is_double, s.back_zh
        )
        for s in new
    )
    again = plan_signs(replace(site, signs=hung), programme, layout, routes, Settings())
    assert again.placement is not None
    assert again.placement.added == 0
    assert sum(sign.is_existing for sign in again.signs) == len(new)
    assert [entry.goal for entry in again.served if not entry.sign] == [e.goal for e in first.served if not e.sign]
    assert not [fault for fault in again.faults if fault.what == "misleads"]


def test_a_zone_that_is_named_already_gets_no_second_sign_and_idle_words_are_told() -> None:
    site, programme, layout = make_site(), make_programme(), make_layout()
    routes = route_visitors(site, programme, layout, Settings())
    plan = plan_signs(site, programme, layout, routes, Settings())
    wait = next(sign for sign in plan.signs if sign.kind == "zone" and sign.names == ("wait-1",))
    hung = (
        DrawnSign(wait.floor, wait.at, wait.facing_deg, "等候休息区", is_double=wait.is_double),
        DrawnSign(wait.floor, (wait.at[0] + 4, wait.at[1]), wait.facing_deg, "禁止吸烟"),
    )
    again = plan_signs(replace(site, signs=hung), programme, layout, routes, Settings())
    naming = [sign for sign in again.signs if sign.kind == "zone" and "wait-1" in sign.names and sign.at == wait.at]
    assert [sign.is_existing for sign in naming] == [True]
    silent = next(sign for sign in again.signs if sign.text_zh == "禁止吸烟")
    assert (silent.id, "no_place") in [(fault.sign, fault.what) for fault in again.faults]


def test_a_wrong_arrow_is_told() -> None:
    site, programme, layout = make_site(), make_programme(), make_layout()
    routes = route_visitors(site, programme, layout, Settings())
    new = next(s for s in plan_signs(site, programme, layout, routes, Settings()).signs if s.kind == "direction")
    turned = {"↑": "←", "←": "→", "→": "←"}
    words = "".join(turned.get(letter, letter) for letter in new.text_zh)
    hung = (
        DrawnSign(
            new.floor, new.at, new.facing_deg, words, mount=new.mount, char_mm=new.char_mm, height_m=new.height_m
        ),
    )
    again = plan_signs(replace(site, signs=hung), programme, layout, routes, Settings())
    old = next(sign for sign in again.signs if sign.is_existing)
    assert (old.id, "misleads") in [(fault.sign, fault.what) for fault in again.faults]


def test_the_type_of_a_zone_is_found_by_the_words_in_use() -> None:
    drawn = DrawnSign("F1", (5.0, 5.0), 0.0, "→ 取号  ↑ 咨询")
    (sign,) = existing_signs(replace(make_site(), signs=(drawn,)), make_programme(), make_layout())
    assert dict(zip(sign.names, sign.arrows, strict=True)) == {"ticket-1": "right", "guide-1": "ahead"}
    assert sign.kind == "direction"
    assert sign.is_existing


@pytest.mark.parametrize(
    ("words", "zone"), [("社保", "window_special-1"), ("不动产窗口 →", "window_special-1"), ("A07", "window_general-1")]
)
def test_a_zone_is_known_by_what_its_name_lists_and_by_its_windows(words: str, zone: str) -> None:
    layout, programme = make_layout(), make_programme()
    named = replace(programme.zone("window_general-1"), id="window_special-1", name="专业窗口区（社保、不动产等）")
    placed = replace(layout.zones[0], zone="window_special-1", type="window_special")
    desk = Furniture("A07", "counter", "F1", "window_general-1", (12.0, 20.0), (1.5, 0.7), 270, 0.75, window="A07")
    layout = replace(layout, zones=(*layout.zones, placed), furniture=(desk,))
    site = replace(make_site(), signs=(DrawnSign("F1", (5.0, 5.0), 0.0, words),))
    (sign,) = existing_signs(site, replace(programme, zones=(*programme.zones, named)), layout)
    assert sign.names == (zone,)
