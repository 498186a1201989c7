"""Compiled: what zones that float cost where they are.

Arrays are handed on one by one: looking them up in a tuple takes longer than what is done with them.
"""

from __future__ import annotations

import math

import numpy as np

from hallplan.place.board import inner
from hallplan.place.ground import (
    APART_M,
    BEGIN,
    DAYLIT,
    DETOUR,
    END,
    ESCAPE_M,
    FLOW_FROM,
    FLOW_TO,
    IS_STAFF,
    MOVABLE,
    P_DAYLIGHT,
    P_ESCAPE,
    P_WANTED,
    RECT,
    STRIP,
    WISH_FROM,
    WISH_TO,
    Span,
    line_at,
    nearest_line,
    span,
    spread,
)  # fmt: skip
from hallplan.place.kernels import NORTH, SOUTH, Floats, Ints, woven
from hallplan.place.spots import edge
from hallplan.place.task import FLOOR_CHANGE_M, UNLINKED_M
from hallplan.place.worth import wish_cost

SAMPLES = 3
"""Places along long counters that walks are measured to."""
DIAGONAL = math.sqrt(2.0) - 1.0


@woven
def _covered(lines: Floats, many: Ints, near: Ints, frame: Floats, tables: Floats, k: int, f: int, r: Span) -> float:
    """Returns what a counting table has between the lines nearest to a rectangle, and its area beyond the floor's bounds, m²."""
    i0, i1 = nearest_line(lines, many, near, f, 0, r[0]), nearest_line(lines, many, near, f, 0, r[2])
    j0, j1 = nearest_line(lines, many, near, f, 1, r[1]), nearest_line(lines, many, near, f, 1, r[3])
    width = min(r[2], frame[f, 0] + frame[f, 2]) - max(r[0], frame[f, 0])
    depth = min(r[3], frame[f, 1] + frame[f, 3]) - max(r[1], frame[f, 1])
    beyond = (r[2] - r[0]) * (r[3] - r[1]) - max(0.0, width) * max(0.0, depth)
    return float(tables[k, i1, j1] - tables[k, i0, j1] - tables[k, i1, j0] + tables[k, i0, j0] + beyond)


@woven
def _overlap(a: Span, b: Span) -> float:
    """Returns the area in m² that two rectangles share."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    if width <= 0.0:
        return 0.0
    return float(width * max(0.0, min(a[3], b[3]) - max(a[1], b[1])))


@inner
def crowding(at: Floats, floors: Ints, sides: Ints, zones: Ints, gap: float, z: int, but: int) -> float:
    """Returns the m² of a zone and of the way before it that lie on other zones or on their ways, one zone left out.

    Zones are counted with half a gap around them: room for the ways between.
    """
    mine, strip, floor, has_way, out = span(at, z, RECT), span(at, z, STRIP), floors[z], sides[z] >= 0, 0.0
    roomy = (mine[0] - 2 * gap, mine[1] - 2 * gap, mine[2] + 2 * gap, mine[3] + 2 * gap)
    for other in range(zones.shape[0]):
        is_mine = other == z or other == but  # compiled code does not know `in`
        if is_mine or floors[other] != floor or zones[other, MOVABLE] == 0:
            continue
        its = span(at, other, RECT)
        out += _overlap(roomy, its)
        if has_way:
            out += _overlap(strip, its)
        if sides[other] >= 0:
            out += _overlap(mine, span(at, other, STRIP))
    return out


@inner
def off_floor(at: Floats, floors: Ints, sides: Ints, lines: Floats, many: Ints, near: Ints, frame: Floats, lost: Floats, unwalkable: Floats,
               ways: Floats, masks: Ints, z: int) -> float:  # fmt: skip
    """Returns the m² of a zone, and of the way before it, that lie where they may not, whatever else there is."""
    floor = floors[z]
    out = _covered(lines, many, near, frame, lost, masks[z, floor], floor, span(at, z, RECT))
    out += _covered(lines, many, near, frame, ways, floor, floor, span(at, z, RECT))
    if sides[z] >= 0:
        out += _covered(lines, many, near, frame, unwalkable, floor, floor, span(at, z, STRIP))
    return out


@woven
def _way(dx: float, dy: float) -> float:
    """Returns the way in m that turns by eighths."""
    return max(dx, dy) + DIAGONAL * min(dx, dy)


@woven
def _apart(a: Span, b: Span) -> float:
    return _way(max(0.0, b[0] - a[2], a[0] - b[2]), max(0.0, b[1] - a[3], a[1] - b[3]))


@inner
def _walk(
    at: Floats, floors: Ints, fronts: Ints, links: Floats, levels: Ints, one: int, other: int, is_long: bool
) -> float:
    """Returns the way in m from one zone or door to another as if nothing lay between, by stairs or lifts where floors differ."""
    begin, end = span(at, one, BEGIN), span(at, other, END)
    f, there = floors[one], floors[other]
    if f != there:
        best = np.inf
        for q in range(links.shape[0]):
            if links[q, 0] == f and links[q, 1] == there:
                way = _apart(begin, (links[q, 2], links[q, 3], links[q, 2], links[q, 3]))
                best = min(best, way + _apart(end, (links[q, 4], links[q, 5], links[q, 4], links[q, 5])))
        return float((best if best < np.inf else UNLINKED_M) + FLOOR_CHANGE_M * max(1, abs(levels[f] - levels[there])))
    if not is_long or fronts[other] < 0:
        return _apart(begin, end)
    total = 0.0
    for n in range(SAMPLES):
        share = (n + 0.5) / SAMPLES
        if fronts[other] == NORTH or fronts[other] == SOUTH:
            x, y = end[0] + share * (end[2] - end[0]), (end[1] + end[3]) / 2
        else:
            x, y = (end[0] + end[2]) / 2, end[1] + share * (end[3] - end[1])
        total += _apart(begin, (x, y, x, y))
    return total / SAMPLES


@inner
def company(at: Floats, floors: Ints, fronts: Ints, zones: Ints, rows: Ints, wishes: Floats, flows: Floats, links: Floats,
             levels: Ints, price: Floats, z: int, but: int) -> float:  # fmt: skip
    """Returns what a zone's wishes and walks cost, those to one other zone left out."""
    total = 0.0
    for q in range(zones[z, WISH_FROM], zones[z, WISH_TO]):
        m = rows[q]
        if but < 0 or (int(wishes[m, 0]) != but and int(wishes[m, 1]) != but):
            total += wish_cost(at, floors, fronts, wishes, m, price[APART_M])
    walks = 0.0
    for q in range(zones[z, FLOW_FROM], zones[z, FLOW_TO]):
        m = rows[q]
        one, other = int(flows[m, 0]), int(flows[m, 1])
        if but < 0 or (one != but and other != but):
            walks += flows[m, 2] * _walk(at, floors, fronts, links, levels, one, other, flows[m, 3] > 0.0)
    return float(total + price[DETOUR] * walks)


@inner
def place(at: Floats, floors: Ints, chosen: Ints, lines: Floats, many: Ints, near: Ints, shapes: Floats, out: Floats, dark: Floats,
           wanted: Floats, goals: Ints, zones: Ints, price: Floats, z: int) -> float:  # fmt: skip
    """Returns what a zone's own place costs: the run to a way out, the way to daylight and to the door or wall it is to lie at."""
    floor, total, best, r = floors[z], shapes[chosen[z], 4], np.inf, span(at, z, RECT)
    width, depth = r[2] - r[0], r[3] - r[1]
    for q in range(out.shape[0]):
        if int(out[q, 0]) == floor and (out[q, 3] == 0.0 or zones[z, IS_STAFF] == 1):
            best = min(best, _apart(r, (out[q, 1], out[q, 2], out[q, 1], out[q, 2])))
    if best < np.inf:
        total += price[P_ESCAPE] * max(
            0.0, price[DETOUR] * best + math.sqrt(width * width + depth * depth) - price[ESCAPE_M]
        )
    i = min(line_at(lines, many, near, floor, 0, (r[0] + r[2]) / 2), dark.shape[1] - 1)
    j = min(line_at(lines, many, near, floor, 1, (r[1] + r[3]) / 2), dark.shape[2] - 1)
    half = min(width, depth) / 2
    if zones[z, DAYLIT] == 1:
        total += price[P_DAYLIGHT] * max(0.0, dark[floor, i, j] - half)
    if goals[z, floor] >= 0:
        total += price[P_WANTED] * max(0.0, wanted[goals[z, floor], i, j] - half)
    return float(total)


@woven
def back_of(at: Floats, fronts: Ints, zones: Ints, z: int) -> Span:
    """Where staff come to a zone: all of their own, else the line behind the counters."""
    side = -1 if zones[z, IS_STAFF] == 1 or fronts[z] < 0 else (fronts[z] + 2) % 4
    return edge(at[z, 0], at[z, 1], at[z, 2], at[z, 3], side)


@woven
def _straight(a: Span, b: Span) -> float:
    return max(0.0, b[0] - a[2], a[0] - b[2]) + max(0.0, b[1] - a[3], a[1] - b[3])


@inner
def staff_gaps(at: Floats, floors: Ints, fronts: Ints, zones: Ints, doors: Floats, way: float, staffed: Ints, near: Floats,
                back: Floats) -> float:  # fmt: skip
    """Returns the metres that staff cross beyond their own zones, by the shortest tree from their doors (Prim, 1957)."""
    k, total = staffed.size, 0.0
    for m in range(k):
        spread(back, m, 0, back_of(at, fronts, zones, staffed[m]))
        near[m] = np.inf
        for q in range(doors.shape[0]):
            if int(doors[q, 0]) == floors[staffed[m]]:
                near[m] = min(
                    near[m], _straight(span(back, m, 0), (doors[q, 1], doors[q, 2], doors[q, 1], doors[q, 2]))
                )
    for _ in range(k):
        best = int(np.argmin(near))
        if near[best] == np.inf:
            break
        total += max(0.0, near[best] - way)
        near[best] = np.inf
        floor, here = floors[staffed[best]], span(back, best, 0)
        for m in range(k):
            if near[m] < np.inf and floors[staffed[m]] == floor:
                near[m] = min(near[m], _straight(here, span(back, m, 0)))
    return total
