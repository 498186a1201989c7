"""A task and its states as arrays, for compiled code: floors padded to one size, zones and doors as rows."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from hallplan.place.bits import Bits, packed
from hallplan.place.building import points_out
from hallplan.place.groups import grouped_shapes
from hallplan.place.kernels import Bools, Compiled, Floats, Ints
from hallplan.place.lines import column_bounds
from hallplan.place.question import barred_cells, wanted_cells
from hallplan.place.spec import meeting
from hallplan.place.state import State
from hallplan.place.task import Task
from hallplan.place.weights import WEIGHTS
from hallplan.terms import read_data

PADDING_M = 1.0e5
"""Lines beyond the end of a smaller floor lie so far apart; nothing there is usable."""
INSIDE, WALK, DOORS, REACHABLE = range(4)
USED, KEPT = range(2)
DAYLIGHT, PUBLIC_PULL, STAFF_PULL, CELL_M2, ONES = range(5)
(
    PUBLIC,
    STAFF,
    GOALS,
    OUT,
    STAFF_OUT,
    COLUMNS,
    PASSAGES,
    SHARED,
    LEVEL,
    FLOWS,
    ALL_DOORS,
    LINKS,
    SIGHTS,
    ERRANDS,
    NECKS,
) = range(15)
(FIXED, IS_PUBLIC, PASSABLE, IS_STAFF, NEEDS_STAFF, HAS_FRONT, ENCLOSED, LONG, DAYLIT, WAY, PARTNER, WAIT, WINDOWS,
 NEAR_FROM, NEAR_TO, FORM_FROM, FORM_TO, PLACE_FROM, PLACE_TO, GROUPS) = range(20)  # fmt: skip
LEAST, TARGET, MOST, SIDE, ASPECT, OWN_ASPECT, WAY_M, FRONT_WAY = range(8)
(P_AREA, P_DAYLIGHT, P_WALKING, P_ADJACENCY, P_LEFTOVER, P_CROSSING, P_ESCAPE, P_ESCAPE_M, P_CONTACT, P_ALIGNMENT, P_BAND,
 P_PULL, P_WINDOW, P_APART, P_WALLS, P_COMPACT, LINE, BEFORE, WIDTHS) = (*range(17), 19, 20)  # fmt: skip
FLOOR, FRONT = 4, 5
LEAD = 2
COLUMN, WALLS = 0, 1
SIDE_FRONTS = {"straight": 0, "l": 1, "u": 2}
"""Sides of a zone, by the form of its counters, at which some of these stand beside those at its front."""


_INNER: dict[str, Any] = {"cache": True, "nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def inner(function: Compiled) -> Compiled:
    """Compiles what only compiled code may call: a call from elsewhere crashes the process.

    Unpacking a board for each such function would take a third of the time of compiling.
    """
    compiled: Compiled = njit(**_INNER)(function)
    return compiled


def lean(function: Compiled) -> Compiled:
    """Compiles what only compiled code may call, as `inner`, without counts of who holds an array: a board has fourteen, counted at each
    call. Such a function may neither make arrays nor return one, nor call one that returns one.
    """
    options = {**_INNER, "_nrt": False}
    compiled: Compiled = njit(**options)(function)
    return compiled


class Board(NamedTuple):
    """A task as arrays; F floors, W widths of ways (the narrow one first), n zones, m as the larger of nx and ny.

    lines: (F, 2, m + 1) grid lines along x and y, m.  reach, at: (F, W, 2, m) end and centre of windows along x and y.
    bits: (F, 4, nx, words) INSIDE, … as columns of bits.  planes: (F, 5, nx, ny) DAYLIGHT, …, a toll of one as ONES.
    sums: (F, 2, nx + 1, ny + 1) counting tables of column area as COLUMN, m², and of removable walls as WALLS, m.  wanted: (t, nx + 1, ny + 1) those of cells zones must cover.
    barred: (k, nx, ny) cells that zones with regions may not lie on.  open: (o, nx, words) cells that zones may cover where nothing else
    lies, as columns of bits.
    rows: (q, 10) tables one below the other, by `spans`, (F, 15 + W - 1, 2), and by zone: public doors (x, y, by width
    the number of the door they are joined to), others (x, y), goals (x, y, how near, walked to daily), columns,
    passages and necks (anchors) of a floor; in the spans of floor 0 also flows (two stops, price), doors of stops (floor, x, y), links
    (two floors, place on either), what is to be in sight (wish, viewer, its floor, x, y, zone, price) and walks of staff (stop, zone, price). By zone: whom it goes with (stop, people, wish, sides of this and that zone that meet), forms of its
    counters (front, depth, fronts on sides), places (floor, table of wanted cells, how many, mask of barred cells or -1,
    that of open ones) and, by group, shapes as in `Ask`.
    SHARED says whether staff come in where visitors do.  zone: (n, 27) and size: (n, 8), as named above.  price: (22,) P_AREA, …, as LINE
    depth of counters with their people, m, steps a line may stand back and their length, m, as BEFORE the public floor before a line on
    a side, m, as WIDTHS those of ways, m.
    """

    lines: Floats
    reach: Ints
    at: Floats
    bits: Bits
    planes: Floats
    sums: Floats
    wanted: Ints
    barred: Bools
    open: Bits
    rows: Floats
    spans: Ints
    zone: Ints
    size: Floats
    price: Floats


class Lay(NamedTuple):
    """A state as arrays: zones: (n, 6) rectangle, FLOOR, FRONT; grids: (2, F, nx, ny) zone + 1 on a cell, and who keeps it free;
    bits: (F, 2, nx, words) whether there is any of either, USED and KEPT, as columns of bits."""

    zones: Ints
    grids: np.ndarray
    bits: Bits


@dataclass
class Table:
    """Rows of many tables, one below the other."""

    blocks: list[Floats] = field(default_factory=list)
    end: int = 0

    def add(self, rows: Iterable[Sequence[float]]) -> tuple[int, int]:
        """Adds rows of up to ten numbers; returns where they begin and end."""
        block = [(*(float(value) for value in row), *([0.0] * (10 - len(row)))) for row in rows]
        begin, self.end = self.end, self.end + len(block)
        self.blocks.append(np.array(block, np.float64).reshape(-1, 10))
        return begin, self.end


@lru_cache(maxsize=16)
def board_of(task: Task, *, is_scored: bool = True) -> Board:
    """Returns a task as arrays, made once.  is_scored: layouts are weighed by it or searched for; else it tells ways and counters alone, and
    is without walls, daylight and pulls, which take longest to be known."""
    grids, table = task.grids, Table()
    nx, ny = (max(grid.inside.shape[axis] for grid in grids) for axis in (0, 1))
    most = max(nx, ny)
    spans = _floor_spans(task, table)
    wanted, barred, opened, places = _wanted(task, nx, ny)
    zone = [(*row, *table.add(_near(task, z)), *table.add(_forms(task, z)), *table.add(places[z]), *_groups(task, z, table))
            for z, row in enumerate(_zone_rows(task))]  # fmt: skip
    ways = [list(grid.ways.values()) for grid in grids]
    ones, bare = np.ones((nx, ny)), np.zeros((nx + 1, ny + 1))
    planes = [[g.daylight, g.public_pull, g.staff_pull] if is_scored else [np.zeros_like(g.cell_m2)] * 3 for g in grids]
    return Board(
        np.array([[_lines(grid.xs, most), _lines(grid.ys, most)] for grid in grids]),
        np.array([[[_padded(way.reach_x, most, -1), _padded(way.reach_y, most, -1)] for way in row] for row in ways], np.int32),
        np.array([[[_padded(way.at_x, most, np.inf), _padded(way.at_y, most, np.inf)] for way in row] for row in ways]),
        np.array([[packed(_cells(one, nx, ny)) for one in (g.inside, g.walk, g.room_doors, g.reachable)] for g in grids]),
        np.array([[*(_cells(one, nx, ny) for one in (*row, g.cell_m2)), ones] for row, g in zip(planes, grids, strict=True)]),
        np.array([[_summed(one, nx, ny) for one in (g.column_table, g.wall_table if is_scored else bare)] for g in grids]),
        wanted,
        barred,
        opened,
        np.concatenate(table.blocks),
        spans,
        np.array(zone, np.int32),
        _sizes(task),
        _prices(task),
    )  # fmt: skip


def lay_of(state: State, board: Board) -> Lay:
    """Returns a copy of a state as arrays."""
    grids = np.zeros((2, len(state.occupied), *board.planes.shape[2:]), np.int16)
    for f, (cells, free) in enumerate(zip(state.occupied, state.kept, strict=True)):
        grids[0, f, : cells.shape[0], : cells.shape[1]] = cells
        grids[1, f, : cells.shape[0], : cells.shape[1]] = free
    n = len(state.floor)
    zones = np.empty((n, 6), np.int32)
    zones[:, :4] = np.array(state.rects).reshape(n, 4)
    zones[:, FLOOR], zones[:, FRONT] = state.floor, state.front
    return Lay(zones, grids, np.ascontiguousarray(packed(grids).swapaxes(0, 1)))


def _cells(cells: np.ndarray, nx: int, ny: int) -> np.ndarray:
    return np.pad(cells, ((0, nx - cells.shape[0]), (0, ny - cells.shape[1])))


def _summed(table: Floats, nx: int, ny: int) -> Floats:
    return np.pad(table, ((0, nx + 1 - table.shape[0]), (0, ny + 1 - table.shape[1])), mode="edge")


def _padded(values: np.ndarray, size: int, fill: float) -> np.ndarray:
    return np.concatenate([values, np.full(size - values.size, fill, values.dtype)])


def _lines(lines: Floats, cells: int) -> Floats:
    more = cells + 1 - lines.size
    return np.concatenate([lines, lines[-1] + PADDING_M * np.arange(1, more + 1)])


def _floor_spans(task: Task, table: Table) -> Ints:
    """Adds the tables of the floors, and those of the whole task to floor 0; returns where they are."""
    gap = read_data("furnish.toml")["general"]["column_m"]
    spans = []
    for f, grid in enumerate(task.grids):
        near, far = grid.passages
        goals = [(*at, reach, float(is_daily)) for at, reach, is_daily in grid.goals]
        leads = zip(*(grid.leads[width] for width in grid.ways), strict=True)
        kinds = (
            [(*at, *firsts) for at, firsts in zip(grid.public_seeds, leads, strict=True)],
            grid.staff_seeds,
            goals,
            points_out(grid, is_staff=False),
            points_out(grid, is_staff=True),
            column_bounds(grid.floor, gap),
            np.hstack([near, far]),
        )
        row = [table.add(kind) for kind in kinds]
        row += [(int(grid.staff_seeds == grid.public_seeds), 0), (grid.floor.level, 0)]
        row += [
            table.add(one if f == 0 else ())
            for one in (_flows(task), task.pairs.doors, links_of(task), _sights(task), _errands(task))
        ]
        spans.append([*row, *(table.add(way.portals) for way in grid.ways.values())])
    return np.array(spans, np.int32)


def _wanted(task: Task, nx: int, ny: int) -> tuple[Ints, Bools, Bits, list[list[tuple[float, ...]]]]:
    """Counting tables of the cells that zones must cover, each once, masks of those that regions bar, masks of those they may cover, each
    once, and by zone the floors it may lie on."""
    tables: list[np.ndarray] = []
    masks: list[np.ndarray] = []
    opened: list[np.ndarray] = []
    known: dict[bytes, int] = {}
    met: dict[bytes, int] = {}
    places: list[list[tuple[float, ...]]] = []
    for spec in task.specs:
        rows: list[tuple[float, ...]] = []
        for floor in spec.floors:
            cells, least = wanted_cells(spec, task.grids[floor])
            cells = np.asarray(_cells(cells, nx, ny), np.int32)
            table = np.pad(cells.cumsum(0).cumsum(1), ((1, 0), (1, 0))).astype(np.int32)
            number = known.setdefault(table.tobytes(), len(tables))
            if number == len(tables):
                tables.append(table)
            mask = -1
            if spec.regions:
                mask = len(masks)
                masks.append(_cells(task.grids[floor].barred(spec.regions), nx, ny))
            free = packed(_cells(~barred_cells(spec, task.grids[floor]), nx, ny))
            free_number = met.setdefault(free.tobytes(), len(opened))
            if free_number == len(opened):
                opened.append(free)
            rows.append((float(floor), float(number), least, float(mask), float(free_number)))
        places.append(rows)
    return np.array(tables), np.array(masks, np.bool_).reshape(-1, nx, ny), np.array(opened), places


def _zone_rows(task: Task) -> list[tuple[int, ...]]:
    widths = list(task.grids[0].ways)
    return [
        (spec.zone.fixed_area is not None, spec.is_public, spec.is_passable, spec.is_staff, spec.needs_staff, spec.has_front,
         spec.zone.is_enclosed, bool(spec.zone.forms), spec.zone.wants_daylight,
         widths.index(spec.way_m) if spec.way_m in widths else -1,
         task.partners.get(spec.index, -1), task.waits.get(spec.index, -1), len(spec.zone.windows))
        for spec in task.specs
    ]  # fmt: skip


def _sizes(task: Task) -> Floats:
    return np.array([
        (spec.zone.min_m2, spec.zone.target_m2, spec.zone.max_m2, spec.zone.min_side_m, spec.max_aspect, spec.zone.max_aspect,
         spec.way_m, spec.zone.front_way_m)
        for spec in task.specs
    ], np.float64)  # fmt: skip


def _forms(task: Task, z: int) -> list[tuple[float, float, int]]:
    forms = task.specs[z].zone.forms
    return [(form.front_m, form.depth_m, SIDE_FRONTS[form.name]) for form in forms if form.name in SIDE_FRONTS]


def _near(task: Task, z: int) -> list[tuple[float, ...]]:
    specs = task.specs
    return [
        (
            float(other),
            people,
            wish,
            *((meeting(specs[z], specs[other]), meeting(specs[other], specs[z])) if other >= 0 else (0, 0)),
        )
        for other, people, wish in task.near[z]
    ]


def _groups(task: Task, z: int, table: Table) -> list[int]:
    """Adds the shapes of a zone with its office and its waiting area, with the latter, with the former, alone; where they are."""
    office = task.specs[task.partners[z]] if z in task.partners else None
    wait = task.specs[task.waits[z]] if z in task.waits else None
    groups = ((office, wait), (None, wait), (office, None), (None, None))
    return [end for group in groups for end in table.add(grouped_shapes(task.specs[z], *group))]


def _flows(task: Task) -> list[tuple[float, ...]]:
    """Who walks from where to where, as (stop, stop, price): each from the end whose front is not long, those from one stop together
    and the dearest first, so that most is known of a state's walks after few floods."""
    rows: list[tuple[float, ...]] = []
    for one, other, price in task.pairs.flows.tolist():
        is_turned = _is_long(task, int(one)) and not _is_long(task, int(other))
        rows.append((other, one, price) if is_turned else (one, other, price))
    of: dict[float, float] = defaultdict(float)
    for one, _, price in rows:
        of[one] += price
    return sorted(rows, key=lambda row: (-of[row[0]], row[0], -row[2], row[1]))


def _is_long(task: Task, stop: int) -> bool:
    return stop >= 0 and bool(task.specs[stop].zone.forms)


def links_of(task: Task) -> list[tuple[float, ...]]:
    """Returns stairs and lifts that two floors have: both floors, the place on either."""
    rows: list[tuple[float, ...]] = []
    for (a, one), (b, other) in itertools.permutations(enumerate(task.grids), 2):
        there = {link.id: link.at for link in other.floor.visitors_links}
        links = sorted(one.floor.visitors_links, key=lambda link: link.id)
        rows += [(float(a), float(b), *link.at, *there[link.id]) for link in links if link.id in there]
    return rows


def _sights(task: Task) -> list[tuple[float, ...]]:
    """What is to be in sight: a row for each zone that would do, those of one wish one below the other."""
    return [
        (float(n), float(sight.viewer), *sight.at, float(zone), task.weights.sight * sight.weight)
        for n, sight in enumerate(task.sights)
        for zone in sight.seen
    ]


def _errands(task: Task) -> list[tuple[float, ...]]:
    return [(float(a), float(b), task.weights.staff * people) for (a, b), people in task.errands.items()]


def line_m() -> float:
    """Returns how deep a line of counters is with those who sit on both sides of it, m."""
    sizes = read_data("furnish.toml")["counter"]
    return float(sizes["visitor_m"] + sizes["seat_least_m"] + read_data("furniture.toml")["counter"]["depth_m"])


def _prices(task: Task) -> Floats:
    own, sizes = task.weights, read_data("furnish.toml")["counter"]
    return np.array([
        own.area, own.daylight, own.walking, own.adjacency, own.leftover, own.staff_crossing, own.escape, own.escape_m,
        WEIGHTS.contact, WEIGHTS.alignment, WEIGHTS.column_band, WEIGHTS.pull, task.window, WEIGHTS.apart_m, own.walls, own.compact,
        line_m(), sizes["setbacks"], sizes["setback_step_m"], sizes["public_m"], *task.grids[0].ways,
    ], np.float64)  # fmt: skip
