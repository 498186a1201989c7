"""Enclosed rooms: offices with desks in rows, shelves, racks, lockers, nursing room and toilets."""

from __future__ import annotations

from collections.abc import Callable

from hallplan.furnish.bench import BACK, FRONT, Bench, limit
from hallplan.furnish.equipment import place_meeting
from hallplan.furnish.ground import View
from hallplan.furnish.packing import Kit, Part, Spacing, along_back, around, centred, in_rows, single, table

_Plan = Callable[[], list[Kit]]


def place_office(bench: Bench) -> None:
    """Places desks, paired face to face where the room is deep enough, and cabinets; the arrangement that holds most."""
    asked = bench.asked("desk")
    if not asked:
        return
    start = bench.mark()
    pair, alone = _pair(bench), _alone(bench)
    way = limit("desk.back_to_back_m") - 2 * limit("desk.chair_m")
    paired = Spacing(0.0, 0.0, max(0.2, way), limit("desk.end_way_m"), int(limit("desk.row_most")))
    rows = Spacing(0.0, 0.4, limit("general.way_least_m"), limit("desk.end_way_m"))
    best: tuple[int, int] = (-1, 0)
    plans: list[Callable[[], int]] = [
        lambda: _desks(bench, bench.view(), pair, alone, asked, paired),
        lambda: _desks(bench, bench.view(90.0), pair, alone, asked, paired),
        lambda: _desks(bench, bench.view(), alone, alone, asked, rows),
        lambda: _desks(bench, bench.view(90.0), alone, alone, asked, rows),
    ]
    for number, plan in enumerate(plans):
        placed = plan()
        bench.undo(start)
        if placed > best[0]:
            best = placed, number
    plans[best[1]]()
    bench.hall.lacks(bench.zone.id, "desk", asked, best[0])
    _cabinets(bench, bench.asked("cabinet") or best[0] // int(limit("desk.cabinet_every")), bench.asked("cabinet"))


def _pair(bench: Bench) -> Kit:
    width, depth = bench.size("desk")
    chair, seat = limit("desk.chair_m"), bench.size("staff_chair")[1]
    parts = (
        Part("staff_chair", width / 2, chair - 0.1 - seat / 2, BACK),
        Part("desk", width / 2, chair + depth / 2, FRONT),
        Part("desk", width / 2, chair + 1.5 * depth, BACK),
        Part("staff_chair", width / 2, chair + 2 * depth + 0.1 + seat / 2, FRONT),
    )
    return Kit(width, 2 * (depth + chair), 0.0, parts, 2)


def _alone(bench: Bench) -> Kit:
    width, depth = bench.size("desk")
    chair, seat = limit("desk.chair_m"), bench.size("staff_chair")[1]
    parts = (Part("staff_chair", width / 2, chair - 0.1 - seat / 2, BACK), Part("desk", width / 2, chair + depth / 2))
    return Kit(width, depth + chair, 0.0, parts)


def _desks(bench: Bench, view: View, kit: Kit, alone: Kit, asked: int, spacing: Spacing) -> int:
    """Places whole sets, then single desks for an odd one out, and returns how many desks stand."""
    whole = [kit] * (asked // kit.count)
    placed = (len(whole) - len(in_rows(bench, view, whole, spacing))) * kit.count
    rest = [alone] * (asked - placed) if kit.count > 1 else []
    return placed + len(rest) - len(in_rows(bench, view, rest, spacing)) if rest else placed


def _cabinets(bench: Bench, count: int, asked: int) -> None:
    kits = [single(bench, "cabinet")] * count
    left = around(bench, kits, Spacing(), (90.0, 270.0, 0.0, 180.0))
    bench.hall.lacks(bench.zone.id, "cabinet", asked, count - len(left))


def place_shelves(bench: Bench) -> None:
    """Places double rows of shelves with ways between, as many as the room holds or the programme asks."""
    asked = bench.asked("shelf")
    width, depth = bench.size("shelf")
    aisle = limit("shelf.aisle_m")
    parts = (Part("shelf", width / 2, depth / 2, FRONT), Part("shelf", width / 2, 1.5 * depth, BACK))
    double = Kit(width, 2 * depth, aisle, parts, 2)
    start, best = bench.mark(), (-1, 0.0)
    most = max(1, int(bench.placed.area_m2 // limit("shelf.per_m2")))
    wanted = -(-(asked or most) // 2)
    spacing = Spacing(0.0, 0.0, 0.0, limit("shelf.end_way_m"), from_corner=True)
    for turned in (0.0, 90.0):
        placed = wanted - len(in_rows(bench, bench.view(turned), [double] * wanted, spacing))
        bench.undo(start)
        best = max(best, (placed, turned), key=lambda found: found[0])
    view = bench.view(best[1])
    in_rows(bench, view, [double] * wanted, spacing)
    view.take((view.width - limit("shelf.end_way_m"), 0.0, view.width, view.depth), soft=True)
    missing = max(0, asked - 2 * best[0])
    left = around(bench, [single(bench, "shelf", aisle)] * missing, Spacing(), (0.0, 90.0, 270.0, 180.0))
    bench.hall.lacks(bench.zone.id, "shelf", asked or 2, (asked or 2 * best[0]) - len(left))


def place_racks(bench: Bench) -> None:
    """Places a row of racks, and a monitoring desk with its chair."""
    asked = bench.asked("rack")
    count = asked or max(1, min(8, int(bench.placed.area_m2 // limit("rack.per_m2"))))
    left = in_rows(
        bench, bench.view(), [single(bench, "rack")] * count, Spacing(0.0, 0.0, 0.0, limit("shelf.end_way_m"))
    )
    bench.hall.lacks(bench.zone.id, "rack", count, count - len(left))
    width, depth = bench.size("monitor_desk")
    chair, seat = limit("desk.chair_m"), bench.size("staff_chair")[1]
    parts = (
        Part("monitor_desk", width / 2, chair + depth / 2),
        Part("staff_chair", width / 2, chair - 0.1 - seat / 2, BACK),
    )
    around(bench, [Kit(width, depth + chair, 0.0, parts)], Spacing(), (90.0, 270.0, 180.0, 0.0))


def place_staff_room(bench: Bench) -> None:
    """Places staff lockers, a sofa and a meeting table."""
    asked = bench.asked("staff_locker")
    count = asked or max(2, int(bench.placed.area_m2 // limit("staff_room.locker_m2")))
    if bench.placed.area_m2 >= limit("staff_room.table_m2") and not bench.asked("meeting_table"):
        view = bench.view()
        centred(bench, view if view.width >= view.depth else bench.view(90.0), table(bench, "meeting_table", 6), 0.3)
    elif bench.asked("meeting_table"):
        place_meeting(bench)
    left = around(bench, [single(bench, "staff_locker")] * count, Spacing(), (90.0, 270.0, 0.0))
    bench.hall.lacks(bench.zone.id, "staff_locker", asked, count - len(left))
    if not bench.asked("sofa"):
        around(bench, [single(bench, "sofa")], Spacing(), (0.0, 270.0, 90.0))


def place_nursing(bench: Bench) -> None:
    """Places sofa, baby care table and wash basin, what takes most room first."""
    for kind in ("sofa", "care_table", "basin"):
        kit = single(bench, kind)
        left = around(bench, [kit], Spacing(from_corner=True), (0.0, 90.0, 270.0, 180.0))
        bench.hall.lacks(bench.zone.id, kind, 1, 1 - len(left))


def place_toilet(bench: Bench) -> None:
    """Places an accessible cubicle, cubicles along the back and basins by the front."""
    accessible = bench.asked("toilet_accessible") or 1
    left_m2 = bench.placed.area_m2 - accessible * limit("toilet.accessible_m2")
    cubicles = bench.asked("toilet_cubicle") or max(1, int(left_m2 // limit("toilet.cubicle_m2")))
    basins = bench.asked("basin") or max(1, cubicles // 2)
    for kind, count, turns in (
        ("toilet_accessible", accessible, (0.0, 90.0, 270.0)),
        ("toilet_cubicle", cubicles, (0.0, 90.0, 270.0)),
        ("basin", basins, (270.0, 90.0, 180.0, 0.0)),
    ):
        left = around(bench, [single(bench, kind)] * count, Spacing(from_corner=True), turns)
        bench.hall.lacks(bench.zone.id, kind, count, count - len(left))


def place_media(bench: Bench) -> None:
    """Places an interview table with chairs."""
    along_back(bench, bench.view(), [single(bench, "display_board")], Spacing(from_corner=True))
    centred(bench, bench.view(), table(bench, "meeting_table", 4))
