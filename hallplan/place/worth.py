"""What a state is worth to a search that knows the score: the score itself, what is cheap to know of it first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from hallplan.model.layout import ScorePart
from hallplan.place.bits import Bits
from hallplan.place.board import (
    DAYLIGHT,
    DAYLIT,
    FIXED,
    FLOOR,
    FRONT,
    LINKS,
    LONG,
    P_APART,
    P_AREA,
    P_COMPACT,
    P_DAYLIGHT,
    P_LEFTOVER,
    P_WALLS,
    P_WINDOW,
    TARGET,
    WALLS,
    Board,
    Lay,
    board_of,
    lay_of,
)  # fmt: skip
from hallplan.place.errands import errands_between_floors
from hallplan.place.exits import exit_shortage
from hallplan.place.hidden import hidden
from hallplan.place.joined import Rect
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints, woven
from hallplan.place.lined import free, lacking
from hallplan.place.looks import LOST, OVER, SHARED, WALKED, Look, Seen, Told
from hallplan.place.putting import in_metres, net_area, rect_of
from hallplan.place.shared import shared_m
from hallplan.place.spots import edge, wrong_side
from hallplan.place.state import State, total_cost
from hallplan.place.stops import SHARED_WAY_M
from hallplan.place.task import Pairs, Task
from hallplan.place.walked import escape_over, lost_m2, walks
from hallplan.place.weights import WEIGHTS

MUST_BE_NIL = {
    "escape_over_m": (0.05, 10.0),
    "staff_crossing_m": (0.5, 5.0),
    "exit_width_short_m": (0.01, 20.0),
    "unkept_pairs": (0.5, 20.0),
}
"""Parts of the score that are no matter of taste: what is let pass, and what a metre more counts as on top.

Layouts that keep to it all rank before those that do not.
"""
OTHER_FLOOR_M = 30.0
"""What a wish to be near counts as when its zones lie on two floors."""


CAUTIOUS = 0.95
"""Walks are guessed at this much of their straight ways times their detours in the layout that was let in last."""


@dataclass(eq=False)
class Worth:
    """What whole states are worth, none looked at further than it must be to know that it is above a limit.

    unmix: what a metre of public way that staff use costs on top, and a metre of the walk out above its limit; with 0 they
    cost what the score says: a search that begins with more than that finds fewer ways round.
    detours: walks over their straight ways in the state that was let in last, none before.  is_far: whether its walks out are too long.
    told: the state that was let in last, and what was told of its floors.
    crossing: zones of the last state looked at to the end whose staff come onto visitors' ways.  lacking: by zone how many windows find no
    place in the last state that cost no more than was asked.  broken: what it breaks that must hold, as `broken_cost`.  known: a state, a look at it and what that told.
    """

    unmix: float = 0.0
    detours: Floats | None = None
    is_far: bool = False
    told: tuple[State, Told] | None = None
    crossing: tuple[int, ...] = ()
    lacking: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    broken: float = 0.0
    known: tuple[State, Look, Seen] | None = None

    def __call__(self, state: State, most: float = math.inf) -> float:
        """Returns the score of a state and what it breaks that must hold; infinite above `most`, or when
        it will be by all signs.

        A state that lacks zones costs what the search itself says, far more than any whole one. Of walls, those within zones alone count: the
        rest takes longest.
        """
        if state.unplaced:
            return total_cost(state) if most > WEIGHTS.unplaced * state.task.scale / 2 else math.inf
        board, task = board_of(state.task), state.task
        lay = lay_of(state, board)
        look, seen = self._seen(state, board, lay, most)
        if not math.isfinite(seen.walked + seen.shared):
            return math.inf
        ways_out = {"escape_over_m": seen.over, "exit_width_short_m": exit_shortage(state)}
        crossed = {"staff_crossing_m": seen.shared}
        self.crossing = tuple(np.flatnonzero(look.now.crossing).tolist())
        self.broken = broken_cost(ways_out | crossed)
        near = seen.near + (task.weights.escape + self.unmix) * sum(ways_out.values())
        near += broken_cost(ways_out) if self.unmix else 0.0
        found = near + seen.walked + seen.errands + (task.weights.staff_crossing + self.unmix) * seen.shared
        found += broken_cost(crossed) if self.unmix else 0.0
        if found < most:
            self.lacking, more = lacking_beside_staff(board, lay, look.now.stood)
            found += task.window * more
        if found < most:
            self.detours, self.is_far, self.told = look.ways, seen.over > 0.0, (state, look.now)
        return found

    def _seen(self, state: State, board: Board, lay: Lay, most: float) -> tuple[Look, Seen]:
        if self.known is not None and self.known[0] is state:
            return self.known[1:]
        look = self.look(state.task)
        return look, Seen(*sight(board, lay, state.task.pairs, most, look))

    def look(self, task: Task, origin: State | None = None) -> Look:
        """Returns what a look at a state of a task is told.  origin: the state that it comes of, if any."""
        prices = {"escape_over_m": task.weights.escape, "staff_crossing_m": task.weights.staff_crossing}
        passed = ((price, *MUST_BE_NIL[id]) for id, price in prices.items())
        tolls = [(price + self.unmix, least, more if self.unmix else 0.0) for price, least, more in passed]
        board = board_of(task)
        spans, none = board.spans, np.zeros(len(task.pairs.flows))
        detours = none if self.detours is None else self.detours
        floors, links = len(task.grids), int(spans[0, LINKS, 1] - spans[0, LINKS, 0])
        now = Told.blank(floors, none.size, links, len(task.specs), board.bits.shape[2:])
        is_known = self.told is not None and self.told[0] is origin
        before = self.told[1] if self.told is not None and is_known else now
        is_same = np.zeros(floors, np.bool_)
        return Look(np.array(tolls), detours, self.is_far, is_known, before, is_same, none.copy(), now)


@njit(cache=True, nogil=True)
def crossings(b: Board, s: Lay, look: Look) -> tuple[float, float]:
    """Returns metres of staff ways that are public ways too, infinite where anybody is cut off, and what staff's walks cost; fills in
    which zones' staff come onto visitors' ways.  look: one that `walks` has filled in."""
    told, total, errands = look.now, 0.0, errands_between_floors(b, s)
    told.crossing[:] = False
    for f in range(b.planes.shape[0]):
        if look.is_same[f]:
            told.floors[f, SHARED:], told.stood[f] = look.before.floors[f, SHARED:], look.before.stood[f]
            told.crossing[:] |= look.before.crossing & (s.zones[:, FLOOR] == f)
        else:
            told.floors[f, SHARED], told.floors[f, WALKED] = shared_m(
                b, s, f, told.gone[f], told.crossing, told.stood[f]
            )
        total += told.floors[f, SHARED]
        errands += told.floors[f, WALKED]
    return total, errands


@njit(cache=True, nogil=True)
def _lost(b: Board, s: Lay, look: Look) -> float:
    """The free area in m² too narrow for any way and given to nobody."""
    total = 0.0
    for f in range(b.planes.shape[0]):
        look.now.floors[f, LOST] = look.before.floors[f, LOST] if look.is_same[f] else lost_m2(b, s, f)
        total += look.now.floors[f, LOST]
    return total


@njit(cache=True, nogil=True)
def _over(b: Board, s: Lay, look: Look) -> float:
    """By how many metres the longest walk out of any floor is above the limit."""
    worst = 0.0
    for f in range(b.planes.shape[0]):
        look.now.floors[f, OVER] = look.before.floors[f, OVER] if look.is_same[f] else escape_over(b, s, f)
        worst = max(worst, look.now.floors[f, OVER])
    return worst


@njit(cache=True, nogil=True)
def lacking_beside_staff(b: Board, s: Lay, stood: Bits) -> tuple[Ints, int]:
    """Returns by zone how many windows find no place, (n,), and how many of all `at_sight` does not count: at sides that visitors
    may not stand at.  stood: as in `Told`."""
    lacks = lacking(b, s, stood)
    return lacks, lacks.sum() - lacking(b, s, free(b, s)).sum()


@njit(cache=True, nogil=True)
def sight(b: Board, s: Lay, pairs: Pairs, most: float, look: Look) -> tuple[float, float, float, float, float]:
    """Returns what is `Seen` of a state, no further than it must be to know that it costs `most` or more, or will by all signs."""
    near, least = at_sight(b, s, pairs)
    if near + least >= most:
        return near, np.inf, 0.0, 0.0, 0.0
    near += b.price[P_LEFTOVER] * _lost(b, s, look)
    over = _over(b, s, look) if look.is_far else 0.0
    left = most - near - _toll(look.tolls, 0, over)
    walked = walks(b, s, left, CAUTIOUS, look) if least < left else np.inf
    if walked < np.inf and not look.is_far:
        over = _over(b, s, look)
        left -= _toll(look.tolls, 0, over)
    if not walked < left:
        return near, np.inf, over, 0.0, 0.0
    shared, errands = crossings(b, s, look)
    return near, walked if walked + errands + _toll(look.tolls, 1, shared) < left else np.inf, over, shared, errands


@woven
def _toll(tolls: Floats, k: int, metres: float) -> float:
    """What metres of what must be nil cost, row k of `Look.tolls`."""
    return float(tolls[k, 0] * metres + (tolls[k, 2] * metres if metres > tolls[k, 1] else 0.0))


@njit(cache=True, nogil=True)
def at_sight(b: Board, s: Lay, pairs: Pairs) -> tuple[float, float]:
    """Returns what needs no walks to be known: wishes, what is out of sight, areas, daylight, how far zones are from square, walls taken
    down, windows lacking; the least that walks cost."""
    at = np.empty((s.zones.shape[0], 4))
    area = dark = walls = long = 0.0
    for z in range(s.zones.shape[0]):
        f, (i0, j0, i1, j1) = s.zones[z, FLOOR], rect_of(s, z)
        at[z, 0], at[z, 1], at[z, 2], at[z, 3] = in_metres(b, s, z)
        if b.zone[z, FIXED] == 0:
            area += abs(net_area(b, f, (i0, j0, i1, j1)) - b.size[z, TARGET])
            walls += _walls_within(b, f, (i0, j0, i1, j1))
            long += _out_of_square(at[z]) if b.zone[z, LONG] == 0 else 0.0
        if b.zone[z, DAYLIT] == 1:
            dark += b.planes[f, DAYLIGHT][i0:i1, j0:j1].min()
    floors, fronts = s.zones[:, FLOOR].copy(), s.zones[:, FRONT].copy()
    near, least, _ = nearness(at, floors, fronts, pairs, b.price[P_APART])
    near += b.price[P_AREA] * area + b.price[P_DAYLIGHT] * dark + b.price[P_WALLS] * walls + b.price[P_COMPACT] * long
    return near + hidden(b, s) + b.price[P_WINDOW] * lacking(b, s, free(b, s)).sum(), least


@woven
def _out_of_square(at: Floats) -> float:
    """By how many metres the outline of a rectangle is longer than that of a square of its area."""
    width, depth = at[2] - at[0], at[3] - at[1]
    return float(2.0 * (width + depth) - 4.0 * np.sqrt(width * depth))


@njit(cache=True, nogil=True)
def _walls_within(b: Board, f: int, r: Rect) -> float:
    """About how many metres of removable wall come down for a zone: those in cells a cell and more inside it."""
    i0, j0, i1, j1 = r[0] + 1, r[1] + 1, r[2] - 1, r[3] - 1
    if i1 <= i0 or j1 <= j0:
        return 0.0
    t = b.sums[f, WALLS]
    return float(t[i1, j1] - t[i0, j1] - t[i1, j0] + t[i0, j0])


def broken_cost(values: Mapping[str, float]) -> float:
    """Returns what parts of the score, by id, count on top where they are above what is let pass."""
    over = ((value, *MUST_BE_NIL[id]) for id, value in values.items() if id in MUST_BE_NIL)
    return sum(price * value for value, passed, price in over if value > passed)


def broken_by(parts: Iterable[ScorePart]) -> float:
    """Returns the same of a score's parts: 0 where all holds that must."""
    return broken_cost({part.id: part.value for part in parts})


def places(state: State) -> tuple[Floats, Ints, Ints]:
    """Returns the rectangles in m, floors and fronts of all zones."""
    rects = [state.task.grids[floor].rect(rect) for floor, rect in zip(state.floor, state.rects, strict=True)]
    return np.array(rects), np.array(state.floor, np.int32), np.array(state.front, np.int32)


@woven
def wish_cost(at: Floats, floors: Ints, fronts: Ints, wishes: Floats, m: int, apart_m: float) -> float:
    """Returns what wish m, a row of `Pairs.wishes`, costs zones in rectangles of m on floors with fronts."""
    a, b, price = int(wishes[m, 0]), int(wishes[m, 1]), wishes[m, 2]
    if floors[a] != floors[b]:
        return float(max(0.0, price) * OTHER_FLOOR_M)
    meets_a, meets_b = int(wishes[m, 3]), int(wishes[m, 4])
    mine, its = (at[a, 0], at[a, 1], at[a, 2], at[a, 3]), (at[b, 0], at[b, 1], at[b, 2], at[b, 3])
    one, other = _meeting(mine, fronts[a], meets_a), _meeting(its, fronts[b], meets_b)
    gap = max(0.0, other[0] - one[2], one[0] - other[2]) + max(0.0, other[1] - one[3], one[1] - other[3])
    if price <= 0:
        return float(-price * max(0.0, apart_m - gap))
    gap += wrong_side(mine, its, fronts[a], meets_a)
    return float(price * (gap + wrong_side(its, mine, fronts[b], meets_b)))


@njit(cache=True, nogil=True)
def nearness(at: Floats, floors: Ints, fronts: Ints, pairs: Pairs, apart_m: float) -> tuple[float, float, float]:
    """Returns what wishes cost, a lower bound on what walking costs and what straight ways would.

    The bound: straight gaps, less a way that two zones share. Straight ways: rectilinear, from access point to access point.
    """
    near = 0.0
    for m in range(pairs.wishes.shape[0]):
        near += wish_cost(at, floors, fronts, pairs.wishes, m, apart_m)
    walked = straight = 0.0
    for m in range(pairs.flows.shape[0]):
        floor, one = _stop(at, floors, pairs.doors, int(pairs.flows[m, 0]))
        there, other = _stop(at, floors, pairs.doors, int(pairs.flows[m, 1]))
        if floor == there:
            ax, ay = access_of(one, fronts, pairs.ways, int(pairs.flows[m, 0]))
            bx, by = access_of(other, fronts, pairs.ways, int(pairs.flows[m, 1]))
            straight += pairs.flows[m, 2] * (abs(ax - bx) + abs(ay - by))
            dx, dy = max(0.0, other[0] - one[2], one[0] - other[2]), max(0.0, other[1] - one[3], one[1] - other[3])
            walked += pairs.flows[m, 2] * max(0.0, np.sqrt(dx * dx + dy * dy) - SHARED_WAY_M)
    return near, walked, straight


@woven
def access_of(rect: tuple[float, float, float, float], fronts: Ints, ways: Floats, stop: int) -> tuple[float, float]:
    """Returns where people come to a stop, roughly: half a way before the middle of its counters, else its middle."""
    x, y = (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2
    front = fronts[stop] if stop >= 0 else -1
    if front == EAST:
        return rect[2] + ways[stop] / 2, y
    if front == WEST:
        return rect[0] - ways[stop] / 2, y
    if front == NORTH:
        return x, rect[3] + ways[stop] / 2
    if front == SOUTH:
        return x, rect[1] - ways[stop] / 2
    return x, y


@woven
def _meeting(rect: tuple[float, float, float, float], front: int, meets: int) -> tuple[float, float, float, float]:
    """The side of a zone that another is to be near: its front, its back, or all of it."""
    side = -1
    if meets > 0 and front >= 0:
        side = front if meets == 1 else (front + 2) % 4
    return edge(rect[0], rect[1], rect[2], rect[3], side)


@njit(cache=True, nogil=True)
def _stop(at: Floats, floors: Ints, doors: Floats, stop: int) -> tuple[int, tuple[float, float, float, float]]:
    """The floor and the rectangle of a zone, or of a door as a point."""
    if stop >= 0:
        return int(floors[stop]), (at[stop, 0], at[stop, 1], at[stop, 2], at[stop, 3])
    d = -1 - stop
    return int(doors[d, 0]), (doors[d, 1], doors[d, 2], doors[d, 1], doors[d, 2])
