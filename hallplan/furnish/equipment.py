"""What stands in the public zones: kiosks, machines, desks, boards, security and the information desk."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from shapely.geometry import LineString, Polygon

from hallplan.furnish.bench import BACK, FRONT, Bench, contact_m, limit
from hallplan.furnish.ground import Run, View, spread
from hallplan.furnish.packing import (
    ASIDE_M,
    Kit,
    Part,
    Spacing,
    along_back,
    around,
    at_walls_first,
    centred,
    facing_out,
    in_line,
    in_rows,
    put_kit,
    single,
    table,
    table_at_wall,
)
from hallplan.furnish.passing import is_one_piece
from hallplan.furnish.service_strip import place_before_strip
from hallplan.furnish.walls import Enclosure
from hallplan.geometry.polygons import moved
from hallplan.model.site import OpeningRole

_FAMILIES = (("kiosk", "kiosk_low"), ("queue_machine", "queue_machine_low"), ("form_desk", "form_desk_low"))
"""Things and their low twins stand in one row, the low one at its end."""
WIDTHS = 4
"""So many widths are tried for information desks, from what their zone is wide to the least."""


def place_machines(bench: Bench, walls: Enclosure) -> None:
    """Places kiosks, queue machines and form desks, each family in rows with its low unit.

    Machines of a 24-hour area stand before a room from which staff service them, where one has room.
    """
    is_24h = bench.zone.type == "self_24h"
    for family in _FAMILIES:
        asked = {kind: bench.asked(kind) for kind in family}
        kinds = [kind for kind in reversed(family) for _ in range(asked[kind])]
        kits = [single(bench, kind) for kind in kinds]
        gap, most = limit(f"{family[0]}.gap_m"), limit(f"{family[0]}.most_gap_m")
        spacing = Spacing(gap, most, limit("kiosk.row_way_m"))
        if is_24h and kits and place_before_strip(bench, walls, kits, Spacing(gap, most)):
            continue
        _report(bench, asked, _in_best_rows(bench, kits, spacing) if kits else [])


def _in_best_rows(bench: Bench, kits: list[Kit], spacing: Spacing) -> list[Kit]:
    """Places machines in one row against an edge, if all stand there, else in rows from that side, the public front first, from which
    fewest are left; returns those left."""
    start, turns = bench.mark(), (0.0, 90.0, 270.0)
    for turned in turns:
        if not along_back(bench, bench.view(turned), kits, spacing):
            return []
        bench.undo(start)
    left = dict[float, int]()
    for turned in turns:
        left[turned] = len(_rows_from(bench, turned, kits, spacing))
        bench.undo(start)
        if not left[turned]:
            break
    return _rows_from(bench, min(left, key=lambda turned: left[turned]), kits, spacing)


def _rows_from(bench: Bench, turned: float, kits: list[Kit], spacing: Spacing) -> list[Kit]:
    """Places machines in rows seen from a side, those left along the edges; returns those left then."""
    left = in_rows(bench, bench.view(turned), kits, spacing)
    return around(bench, left, Spacing(min(spacing.gap, limit("general.beside_m"))))


def place_along_edges(bench: Bench, done: tuple[str, ...] = ()) -> None:
    """Places the other things the programme asks for (kinds not in `done`) with their backs to the zone's edges."""
    known = {kind for family in _FAMILIES for kind in family} | _ELSEWHERE | set(done)
    asked = {
        h.kind: bench.asked(h.kind) for h in bench.zone.holdings if h.kind not in known and h.kind in bench.hall.kinds
    }
    # the deepest first, which fit in the fewest places
    for kind, count in sorted(asked.items(), key=lambda one: -bench.size(one[0])[1]):
        sights = bench.hall.sights.get(bench.placed.floor, ()) if _is_tall(bench, kind) else ()
        start, left = bench.mark(), _along_edges(bench, kind, count, sights)
        if left and sights:  # better in the way of a look than nowhere
            bench.undo(start)
            left = _along_edges(bench, kind, count, ())
        _report(bench, {kind: count}, left)


def _along_edges(bench: Bench, kind: str, count: int, off: Sequence[Polygon]) -> list[Kit]:
    """Places things of a kind off some strips; returns those left."""
    gap = limit("general.beside_m")
    for strip in off:
        bench.ground.take(strip, soft=True)
    left = [single(bench, kind)] * count
    if kind == "locker":
        left = in_line(bench, bench.view(), left, limit("counter.standing_visitor_m"))
    left = at_walls_first(bench, left, Spacing(gap, gap), (0.0, 90.0, 270.0, 180.0))
    return facing_out(bench, left)


def _is_tall(bench: Bench, kind: str) -> bool:
    return bench.hall.kinds[kind].height_m > limit("info_desk.seen_over_m")


_ELSEWHERE = {
    "chair", "wheelchair_place", "counter", "counter_low", "counter_standing", "call_screen", "gate", "xray",
    "info_desk", "desk", "meeting_table", "play_table", "visitor_chair", "staff_chair", "shelf", "rack",
}  # fmt: skip


def _report(bench: Bench, asked: dict[str, int], left: list[Kit]) -> None:
    for kind, count in asked.items():
        missing = sum(kit.parts[0].kind == kind for kit in left)
        bench.hall.lacks(bench.zone.id, kind, count, count - missing)


def place_info_desk(bench: Bench) -> None:
    """Places information desks that face the entrance, side by side, staff behind, with a way round both ends of each."""
    count = bench.asked("info_desk") or int(bench.zone.type == "guide")
    if not count:
        return
    view, way = _towards_entrance(bench, limit("info_desk.approach_m")), limit("counter.passage_least_m")
    width, depth = bench.size("info_desk")
    least = min(width, limit("info_desk.least_m"))
    widest = max(min(width, (view.width - (count + 1) * way) / count), least)
    deep = depth + limit("info_desk.staff_m")
    # a zone that is no rectangle may be less wide where the desks stand: a shorter one has a way round its ends there, if any does
    narrower = np.linspace(widest, least, WIDTHS).round(2).tolist()
    lines = [
        (width, y, _desk_places(view, (y, y + deep), width, count, ends))
        for width, ends in ((widest, 0.0), *((width, way) for width in narrower[1:]), (least, 0.0))
        for y in _down(view.depth - deep, 0.1, 0.2)
    ]
    width, y, places = max(lines, key=lambda line: len(line[2]))
    for x in places:
        _put_info_desk(bench, view, (x, y), (width, depth))
    bench.hall.lacks(bench.zone.id, "info_desk", count, len(places))
    _keep_in_sight(bench)


def _desk_places(view: View, band: Run, width: float, count: int, ends: float) -> list[float]:
    """Left ends of up to `count` desks in a band of a view, a way between two that stand side by side; ends: free beside them, m."""
    way, places = limit("counter.passage_least_m"), list[float]()
    for start, end in view.runs(band[0], min(view.depth, band[1]), shortest=width + 2 * ends):
        places += spread((start + ends, end - ends), width, count - len(places), gap=way, most_gap=2 * way)
    return places


def _put_info_desk(bench: Bench, view: View, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Places a desk with its staff behind and keeps the approach to it free."""
    (x, y), (width, depth) = corner, size
    bench.put(view, "info_desk", (x + width / 2, y + depth / 2), FRONT, size=size)
    chairs = max(1, int(width // 1.6))
    step, seat = width / chairs, bench.size("staff_chair")[1]
    for i in range(chairs):
        bench.put(view, "staff_chair", (x + (i + 0.5) * step, y + depth + 0.25 + seat / 2))
    back = min(view.depth, y + depth + limit("info_desk.staff_m"))
    view.take((x, max(0.0, y - 0.9), x + width, back), soft=True)
    middle, half = x + width / 2, limit("info_desk.approach_m") / 2
    view.take((middle - half, 0.0, middle + half, y), soft=True)


def _keep_in_sight(bench: Bench) -> None:
    """Notes the strips along which those who come in look at the desks of a zone."""
    sights = bench.hall.sights.setdefault(bench.placed.floor, [])
    desks = [piece for piece in bench.hall.furniture if piece.kind == "info_desk" and piece.zone == bench.zone.id]
    for door in bench.floor.with_role(OpeningRole.MAIN):
        eye = moved(door.at, door.inward_deg, limit("info_desk.eye_inside_m"))
        sights += [LineString([eye, desk.at]).buffer(limit("info_desk.sight_m") / 2) for desk in desks]


def _down(start: float, end: float, step: float) -> list[float]:
    """Distances from a third of the free depth towards both ends, nearest first."""
    if start < end:
        return [max(0.0, start)]
    spots = [end + k * step for k in range(int((start - end) / step) + 1)] + [start]
    return sorted(spots, key=lambda y: (abs(y - (start + end) / 2), y))


def _towards_entrance(bench: Bench, open_m: float = 0.0) -> View:
    """The zone from the side nearest the way in; where some have this much public way along them, from one of these that is nearly as near and
    open far along: who looks out past the corner of what stands before it is seen by nobody."""
    doors = bench.floor.with_role(OpeningRole.MAIN)
    if not doors:
        return bench.view()
    here = bench.placed.area.centroid
    door = min(doors, key=lambda d: (math.dist(d.at, (here.x, here.y)), d.id))
    towards = math.degrees(math.atan2(door.at[1] - here.y, door.at[0] - here.x))
    ways = bench.hall.public_ways(bench.placed.floor)
    turns = (0.0, 90.0, 180.0, 270.0)
    near = {t: 1.0 + math.cos(math.radians(bench.front_deg + t - towards)) for t in turns}
    views = {t: bench.view(t) for t in turns} if open_m else {}
    along = {t: contact_m(view, ways, limit("counter.near_m")) for t, view in views.items()}
    shares = {t: min(1.0, along[t] / view.width) for t, view in views.items() if along[t] >= open_m}
    return bench.view(max(shares or turns, key=lambda t: round(near[t] * shares.get(t, 1.0), 6)))


def place_security(bench: Bench) -> None:
    """Places the gates and the X-ray machine in one line across the way from the door, a free passage beside it."""
    gates, xrays = bench.asked("gate"), bench.asked("xray")
    if not gates + xrays:
        return
    view = _towards_entrance(bench)  # its front is the side of the door, visitors walk away from it
    for along in (True, False):
        line = _security_line(bench, gates, xrays, along)
        if _try_security(bench, view, line):
            return
    placed = {"gate": 0, "xray": 0}
    for kind, count in (("gate", gates), ("xray", xrays)):
        for _ in range(count):
            placed[kind] += _try_security(
                bench, view, _security_line(bench, int(kind == "gate"), int(kind == "xray"), False)
            )
        bench.hall.lacks(bench.zone.id, kind, count, placed[kind])


def _security_line(bench: Bench, gates: int, xrays: int, is_along: bool) -> Kit:
    """Machines side by side; an X-ray machine stands along the walk when `is_along`."""
    gap = limit("security.gap_m")
    long, wide = bench.size("xray")
    width, deep = (wide, long) if is_along else (long, wide)
    gate_w, gate_d = bench.size("gate")
    depth = max(deep if xrays else 0.0, gate_d)
    parts, x = [], 0.0
    for _ in range(xrays):
        parts.append(Part("xray", x + width / 2, depth / 2, 0.0 if is_along else FRONT))
        x += width + gap
    for _ in range(gates):
        parts.append(Part("gate", x + gate_w / 2, depth / 2, FRONT))
        x += gate_w + gap
    return Kit(x - gap, depth, limit("security.clear_m"), tuple(parts))


def _try_security(bench: Bench, view: View, line: Kit) -> bool:
    door = min(bench.floor.with_role(OpeningRole.MAIN), key=lambda d: bench.placed.area.distance(d.line), default=None)
    goal = view.spot(*door.at)[0] if door else view.width / 2
    inside, places = limit("security.inside_m"), _down(view.depth - line.depth, 0.0, 0.1)[::-1]
    for y in (*(y for y in places if y >= inside), *(y for y in places if y < inside)):
        best = None
        for a, b in view.runs(y, y + line.depth, shortest=line.width):
            x = min(max(goal - line.width / 2, a), b - line.width)
            if view.width - line.width >= limit("security.passage_m") and (
                best is None or abs(x - goal) < abs(best - goal)
            ):
                best = x
        if best is not None:
            put_kit(bench, view, line, best, y)
            return True
    return False


def place_advice(bench: Bench) -> None:
    """Places desks where staff and visitors sit face to face (value-added services)."""
    width, depth = bench.size("desk")
    chair, seat = limit("desk.chair_m"), bench.size("visitor_chair")[1]
    parts = (
        Part("desk", width / 2, chair + depth / 2),
        Part("staff_chair", width / 2, chair + depth + 0.15 + bench.size("staff_chair")[1] / 2),
        Part("visitor_chair", width / 2 - 0.35, chair - 0.15 - seat / 2, BACK),
        Part("visitor_chair", width / 2 + 0.35, chair - 0.15 - seat / 2, BACK),
    )
    kit = Kit(width, depth + 2 * chair, 0.0, parts)
    asked = bench.asked("desk")
    count = asked or max(1, int(bench.placed.area_m2 // limit("desk.advice_m2")))
    left = in_rows(
        bench, bench.view(), [kit] * count, Spacing(limit("desk.beside_m"), 1.2, limit("general.way_least_m"))
    )
    bench.hall.lacks(bench.zone.id, "desk", asked or 1, count - len(left))


def place_boards(bench: Bench) -> None:
    """Places display boards with their backs to the edges of an open-government zone."""
    asked = bench.asked("display_board")
    count = 0 if asked else max(1, int(bench.placed.area_m2 // limit("board.per_m2")))
    kits = [single(bench, "display_board", limit("general.way_m"))] * count
    around(bench, kits, Spacing(0.2, 0.6))


def place_usual(bench: Bench, kinds: tuple[str, ...]) -> None:
    """Places one of each kind at a wall, else along the back edge or the sides, unless the programme counts them itself; notes
    what has no room."""
    kits = [single(bench, kind) for kind in kinds if not bench.asked(kind)]
    for kit in kits:
        left = at_walls_first(bench, [kit], Spacing(from_corner=True), (0.0, 90.0, 270.0))
        _report(bench, {kit.parts[0].kind: 1}, left)


def place_child(bench: Bench) -> None:
    """Places low tables for children, with chairs for those who mind them along the edge."""
    asked = bench.asked("play_table")
    count = asked or max(1, int(bench.placed.area_m2 // limit("child.per_m2")))
    kits = [single(bench, "play_table")] * count
    left = in_rows(bench, bench.view(), kits, Spacing(0.8, 1.6, 0.4))
    left = around(bench, left, Spacing(), (90.0, 270.0, 180.0))
    bench.hall.lacks(bench.zone.id, "play_table", count, count - len(left))
    around(bench, [single(bench, "low_shelf")], Spacing())
    seats = [single(bench, "chair", 0.5)] * (0 if bench.asked("chair") else int(limit("child.chairs")))
    around(bench, seats, Spacing(), (90.0, 270.0, 0.0))


def place_meeting(bench: Bench) -> None:
    """Places meeting tables with chairs, one in a small room."""
    count = max(1, bench.asked("meeting_table"))
    chairs = max(4, min(8, bench.asked("visitor_chair") // count or 6))
    views = sorted((bench.view(), bench.view(90.0)), key=lambda view: -view.width)
    share = 0.5 if bench.zone.is_enclosed and bench.zone.type == "meeting" else 0.3
    kits = (table(bench, "meeting_table", chairs), table_at_wall(bench, "meeting_table", 3))
    amid, beside = ([partial(centred, bench, one, kit, share) for one in views] for kit in kits)
    aside = [partial(centred, bench, one, kits[0], 0.0, (ASIDE_M,)) for one in views]
    if count == 1 and _placed_whole(bench, [*amid, *aside, *beside]):
        return
    left = in_rows(bench, views[0], [kits[0]] * count, Spacing(0.9, 1.2))
    bench.hall.lacks(bench.zone.id, "meeting_table", count, count - len(left))


def _placed_whole(bench: Bench, ways: Sequence[Callable[[], bool]]) -> bool:
    """Whether one of some ways to place something finds room; the first that leaves the room in one piece, else the first at all."""
    mark = bench.mark()
    for place in ways:
        if place() and is_one_piece(bench):
            return True
        bench.undo(mark)
    return any(place() for place in ways)
