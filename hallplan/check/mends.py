"""What would mend a failure, tried: applied to a copy of the plan, and checked again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from hallplan.check.case import Case, Task, fresh
from hallplan.check.furniture import LOW_OF
from hallplan.check.mends_hall import MENDS_OF_HALL
from hallplan.check.mends_pieces import add_kiosks, add_missing
from hallplan.check.mends_ways import widen_way
from hallplan.check.mends_zones import add_zones
from hallplan.model.findings import Finding
from hallplan.model.layout import Furniture, Layout
from hallplan.model.signs import Sign
from hallplan.model.space import footprint, in_front
from hallplan.terms import read_data, text

LOW_HEIGHT_M = 0.8
DESK_HEIGHT_M = 0.75
SAME_PLACE_M = 0.01
SCREEN_SIZE_M = (1.6, 0.15)
SCREEN_HEIGHT_M = 2.4
Mend = Callable[[Case, Task, Finding], tuple[str, Case] | None]
Choice = Callable[[Case, Task, Finding], Iterator[tuple[str, Case]]]
Check = Callable[[Case, Task], Any]


def with_furniture(case: Case, furniture: Sequence[Furniture]) -> Case:
    """Returns a copy of a case with other furniture."""
    return fresh(case, layout=replace(case.layout, furniture=tuple(furniture)))


def _piece(case: Case, finding: Finding) -> Furniture | None:
    """The piece of furniture that a finding is at."""
    at = finding.where.at
    near = [
        piece for piece in case.layout.furniture
        if at and piece.floor == finding.where.floor and math.dist(piece.at, at) < SAME_PLACE_M
    ]  # fmt: skip
    return near[0] if near else None


def _changed(case: Case, piece: Furniture, **changes: Any) -> Case:
    return with_furniture(case, [replace(p, **changes) if p.id == piece.id else p for p in case.layout.furniture])


def widen_door(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """The door at the place becomes as wide as the limit."""
    at = finding.where.at
    if at is None:
        return None
    doors = tuple(
        replace(d, width_m=task.limit) if math.dist(d.at, at) < SAME_PLACE_M else d for d in case.layout.doors
    )
    floors = tuple(
        replace(
            floor,
            openings=tuple(
                replace(o, width_m=task.limit)
                if floor.id == finding.where.floor and math.dist(o.at, at) < SAME_PLACE_M
                else o
                for o in floor.openings
            ),
        )
        for floor in case.site.floors
    )
    what = text("check.mend_door", value=f"{task.limit:.2f}")
    return what, fresh(case, layout=replace(case.layout, doors=doors), site=replace(case.site, floors=floors))


def lower_unit(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """A unit of the zone becomes a low one; a desk that is too high is lowered."""
    desk = _piece(case, finding)
    if desk is not None and desk.kind == "info_desk":
        return text("check.mend_height", value=f"{DESK_HEIGHT_M:.2f}"), _changed(case, desk, height_m=DESK_HEIGHT_M)
    kinds = ("counter", "form_desk") if task.rule.check == "low_desks" else ("kiosk", "queue_machine")
    for kind in kinds:
        mine = [p for p in case.pieces(kind) if p.zone == finding.where.zone]
        if mine and not any(p.zone == finding.where.zone for p in case.pieces(LOW_OF[kind])):
            what = text("check.mend_low", zone=case.name(finding.where.zone))
            return what, _changed(case, mine[0], kind=LOW_OF[kind], height_m=LOW_HEIGHT_M)
    return None


def set_height(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """The piece gets the height that the rule allows at most."""
    piece = _piece(case, finding)
    if piece is None:
        return None
    return text("check.mend_height", value=f"{task.limit:.2f}"), _changed(case, piece, height_m=task.limit)


def move_piece(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """The piece goes to the nearest place in its zone, off aisles and other pieces, in whole steps; else it goes away."""
    del task
    piece = _piece(case, finding)
    if piece is None:
        return None
    limits = read_data("check.toml")["mends"]
    steps = [(k * limits["step_m"], angle) for k in range(1, round(limits["reach_m"] / limits["step_m"]) + 1) for angle in range(0, 360, 45)]  # fmt: skip
    zone = case.zones.get(piece.zone)
    taken = shapely.union_all(
        [footprint(p) for p in case.layout.furniture if p.floor == piece.floor and p.id != piece.id]
    )
    taken = taken.union(shapely.union_all([a.area for a in case.layout.aisles if a.floor == piece.floor]))
    for far, angle in steps:
        at = piece.at[0] + far * math.cos(math.radians(angle)), piece.at[1] + far * math.sin(math.radians(angle))
        moved = replace(piece, at=at)
        shape = footprint(moved)
        if (zone is None or zone.area.buffer(1e-6).contains(shape)) and shape.intersection(taken).area < 1e-6:
            return text("check.mend_move", id=piece.id, far=f"{far:.1f}"), _changed(case, piece, at=at)
    return text("check.mend_take", id=piece.id), _without(case, piece)


def _without(case: Case, *pieces: Furniture) -> Case:
    gone = {piece.id for piece in pieces}
    return with_furniture(case, [piece for piece in case.layout.furniture if piece.id not in gone])


def clear_before(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """What stands loosely before a low unit is taken away."""
    piece = _piece(case, finding)
    if piece is None:
        return None
    space = in_front(piece, task.limit, 0.0).buffer(task.limit / 2)
    near = [
        p for p in case.layout.furniture
        if p.floor == piece.floor and p.id != piece.id and not p.window and footprint(p).intersects(space)
    ]  # fmt: skip
    if not near:
        return None
    return text("check.mend_take", id=text("check.list").join(p.id for p in near)), _without(case, *near)


def widen_gate(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """One gate becomes as wide as the limit."""
    gates = case.pieces("gate")
    if not gates:
        return None
    del finding
    size = (task.limit, gates[0].size_m[1])
    return text("check.mend_gate", value=f"{task.limit:.2f}"), _changed(case, gates[0], size_m=size)


def add_sign(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """An accessibility sign at the place."""
    del task
    if finding.where.at is None:
        return None
    number = len(case.signs.signs) + 1
    sign = Sign(f"X{number}", "access", finding.where.floor, finding.where.at, 0.0, "无障碍", "Accessible", (), 60.0, "counter", 1.2, 0.3)  # fmt: skip
    return text("check.mend_sign"), fresh(case, signs=replace(case.signs, signs=(*case.signs.signs, sign)))


def add_screen(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """A call screen over the middle of the waiting zone, readable from both sides."""
    del task
    zone = case.zones.get(finding.where.zone) or next((z for z in case.layout.zones if z.type == "wait"), None)
    if zone is None:
        return None
    at = finding.where.at or zone.area.representative_point().coords[0]
    group = next((p.group for p in case.layout.furniture if p.zone == zone.zone and p.group), "")
    screen = Furniture(f"X-{zone.zone}", "call_screen", zone.floor, zone.zone, (at[0], at[1]), SCREEN_SIZE_M, 0.0, SCREEN_HEIGHT_M, group=group)  # fmt: skip
    what = text("check.mend_screen", zone=case.name(zone.zone))
    return what, with_furniture(case, [*case.layout.furniture, screen])


def raise_sign(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """The sign at the place hangs at the limit."""
    at = finding.where.at
    if at is None:
        return None
    signs = tuple(
        replace(s, height_m=task.limit) if s.floor == finding.where.floor and math.dist(s.at, at) < SAME_PLACE_M else s
        for s in case.signs.signs
    )
    return text("check.mend_raise", value=f"{task.limit:.2f}"), fresh(case, signs=replace(case.signs, signs=signs))


MENDS: Mapping[str, Mend] = {
    "door_clear": widen_door, "low_desks": lower_unit, "low_machines": lower_unit, "low_height": set_height,
    "wheelchair_places": move_piece, "furniture_overlap": move_piece, "turning_space": clear_before,
    "gate_width": widen_gate, "low_signed": add_sign, "call_screens": add_screen, "seats_see_screen": add_screen,
    "signs_high": raise_sign, "kiosk_count": add_kiosks, "shortfalls": add_missing, "zones_present": add_zones, **MENDS_OF_HALL,
}  # fmt: skip

CHOICES: Mapping[str, Choice] = {"route_width": widen_way, "egress_way_width": widen_way}
"""Checks whose failures may be mended in one of several ways, tried one after the other."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A mend of one failure: what was done, whether its rule then holds there, and the plan's layout with it."""

    what: str
    works: bool
    layout: Layout


def try_mend(case: Case, task: Task, check: Check, finding: Finding) -> Tried | None:
    """Returns the mend of a failure, applied to a copy and checked again; None when nobody knows one.

    Of several the first that works, else the last.

    It works when the rule fails nowhere any more, or at least not at this place, and at fewer places than before.
    """
    tried = None
    for what, copy in _mends(case, task, finding):
        before = [f for f in check(case, task) if f.status == "fail"]
        after = [f for f in check(copy, task) if f.status == "fail"]
        same = any(f.where == finding.where and f.value == finding.value for f in after)
        tried = Tried(what, len(after) < len(before) and not same, copy.layout)
        if tried.works:
            break
    return tried


def _mends(case: Case, task: Task, finding: Finding) -> Iterator[tuple[str, Case]]:
    """The one mend of a failure, or one after another of several."""
    if (choice := CHOICES.get(task.rule.check)) is not None:
        yield from choice(case, task, finding)
    elif (mend := MENDS.get(task.rule.check)) is not None and (done := mend(case, task, finding)) is not None:
        yield done


def with_mend(finding: Finding, tried: Tried | None) -> Finding:
    """Returns a finding that says what would mend it."""
    if tried is None:
        return finding
    result = text("check.mended" if tried.works else "check.not_mended")
    return replace(finding, mend=text("check.mend", what=tried.what, result=result))
