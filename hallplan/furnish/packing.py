"""Rows of equal sets (a kiosk; a desk with its chair) along an edge or across a zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hallplan.furnish.bench import BACK, FRONT, Bench, limit
from hallplan.furnish.ground import TOUCH_M, Run, View, common, spread

ASIDE_M = 0.1
"""How near to the edges of a zone a set may stand where there is no room for a way round it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of a set: its centre from the set's left front corner, and the way it faces."""

    kind: str
    x: float
    y: float
    facing: float = FRONT
    label: str = ""


@dataclass(frozen=True, slots=True)
class Kit:
    """Things that stand together on width × depth, with `clear` metres kept free before them; holds `count`."""

    width: float
    depth: float
    clear: float
    parts: tuple[Part, ...]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Spacing:
    """Metres between neighbours (at least, at most), between rows, and kept at one end of rows to walk round.

    from_corner: rows begin at the end of a run and not in its middle, which leaves small rooms more free edge.
    is_walled: only where a wall or partition stands behind.
    """

    gap: float = 0.0
    most_gap: float = 0.0
    way: float = 0.0
    end_way: float = 0.0
    most_in_row: int = 99
    from_corner: bool = False
    is_walled: bool = False


def single(bench: Bench, kind: str, clear: float | None = None) -> Kit:
    """Returns the set of one thing that faces the front."""
    width, depth = bench.size(kind)
    room = bench.hall.kinds[kind].clear_front_m if clear is None else clear
    return Kit(width, depth, room, (Part(kind, width / 2, depth / 2),))


def put_kit(bench: Bench, view: View, kit: Kit, x: float, y: float) -> None:
    """Places a set with its left front corner at (x, y) of a view and keeps the room before it free."""
    for part in kit.parts:
        bench.put(view, part.kind, (x + part.x, y + part.y), part.facing, label=part.label)
    front = max(0.0, y - kit.clear)
    view.take((x, front, x + kit.width, y + kit.depth), soft=True)


def along_back(bench: Bench, view: View, kits: list[Kit], spacing: Spacing) -> list[Kit]:
    """Places sets along the back edge of a view, as many as fit, and returns those left."""
    if not kits:
        return []
    return _row(bench, view, kits, view.back() - max(kit.depth for kit in kits), spacing)


def around(bench: Bench, kits: list[Kit], spacing: Spacing, turns: tuple[float, ...] = (0.0, 90.0, 270.0)) -> list[Kit]:
    """Places sets with their backs to the edges, the one opposite the front first, and returns those left."""
    for turned in turns:
        kits = along_back(bench, bench.view(turned), kits, spacing)
    return kits


def at_walls_first(bench: Bench, kits: list[Kit], spacing: Spacing, turns: tuple[float, ...]) -> list[Kit]:
    """Places sets with their backs to walls and partitions, those left to open edges, and returns those left then."""
    left = around(bench, kits, replace(spacing, is_walled=True), turns)
    return around(bench, left, spacing, turns)


def in_rows(bench: Bench, view: View, kits: list[Kit], spacing: Spacing) -> list[Kit]:
    """Places sets in even rows from the back edge to the front, and returns those left.

    Before each row there is the room that its own sets need, not that of the neediest of all.
    """
    if not kits:
        return []
    rows = _row_places(view, kits, spacing)
    for k, (y, held) in enumerate(rows):
        here = min(held, -(-len(kits) // (len(rows) - k)))
        left = _row(bench, view, kits[:here], y, spacing)
        kits = [*left, *kits[here:]]
    return kits


def _row_places(view: View, kits: list[Kit], spacing: Spacing) -> list[tuple[float, int]]:
    """Where rows lie from the back to the front and how many sets each holds, no more rows than all sets need."""
    depth, back = max(kit.depth for kit in kits), view.back()
    rows, done, y = list[tuple[float, int]](), 0, back - depth
    while done < len(kits):
        left = kits[done:]
        held = _holds(view, left, y, spacing)
        rows.append((y, held))
        done += held
        clear = max(kit.clear for kit in left[: max(1, held)])
        ahead = max((kit.clear for kit in kits[done:]), default=0.0)
        y -= depth + clear + spacing.way
        if y + 1e-6 < ahead:
            break
    return rows


def _strip(view: View, kit: Kit, y: float, spacing: Spacing) -> list[Run]:
    """Free runs for a row of sets at y with the room before it."""
    if y < -1e-6:
        return []
    front = max(0.0, y - kit.clear)
    runs = view.runs(max(0.0, y), min(view.depth, y + kit.depth), shortest=kit.width)
    if y - front > 0.05:
        runs = common(runs, view.runs(front, y, soft=False))
    if spacing.end_way and runs:
        last = view.width - spacing.end_way
        runs = [(a, min(b, last)) for a, b in runs if min(b, last) - a >= kit.width - 1e-6]
    return runs


def _holds(view: View, kits: list[Kit], y: float, spacing: Spacing) -> int:
    kit = max(kits, key=lambda k: (k.width, k.clear))
    return sum(
        len(spread(run, kit.width, min(len(kits), spacing.most_in_row), gap=spacing.gap))
        for run in _strip(view, kit, y, spacing)
    )


def _row(bench: Bench, view: View, kits: list[Kit], y: float, spacing: Spacing) -> list[Kit]:
    """Places sets in one row at y, shared out over its free runs by their room, and returns those left."""
    if not kits:
        return []
    biggest = max(kits, key=lambda k: (k.width, k.clear))
    runs = _strip(view, biggest, y, spacing)
    if spacing.is_walled:
        runs = [run for run in common(runs, bench.walled(view)) if run[1] - run[0] >= biggest.width - TOUCH_M]
    room = [len(spread(run, biggest.width, spacing.most_in_row, gap=spacing.gap)) for run in runs]
    for i, run in enumerate(runs):
        here = min(room[i], -(-len(kits) * room[i] // max(1, sum(room[i:]))))
        xs = spread(run, biggest.width, here, gap=spacing.gap, most_gap=spacing.most_gap)
        shift = run[0] - xs[0] if spacing.from_corner and xs else 0.0
        for x, kit in zip((x + shift for x in xs), kits, strict=False):
            put_kit(bench, view, kit, x + (biggest.width - kit.width) / 2, y + biggest.depth - kit.depth)
        kits = kits[len(xs) :]
    return kits


def in_line(bench: Bench, view: View, kits: list[Kit], y: float, spacing: Spacing | None = None) -> list[Kit]:
    """Places sets in one row whose front edge is at y of a view, and returns those left."""
    return _row(bench, view, kits, y, spacing or Spacing())


def facing_out(bench: Bench, kits: list[Kit]) -> list[Kit]:
    """Places sets along the inside of edges that people can walk beyond, facing out, and returns those left."""
    free = bench.hall.free[bench.placed.floor]
    for turned in (0.0, 90.0, 270.0, 180.0):
        view = bench.view(turned)
        for kit in list(kits):
            for a, b in view.runs(0.0, min(kit.depth, view.depth), shortest=kit.width):
                x = (a + b - kit.width) / 2
                before = view.plan_rect((x, -kit.clear, x + kit.width, 0.0))
                if before.difference(free).area < 0.02 * before.area and kits:
                    put_kit(bench, view, kit, x, 0.0)
                    kits = kits[1:]
                    break
    return kits


def table(bench: Bench, kind: str, seats: int, chair: str = "visitor_chair") -> Kit:
    """Returns a table with chairs on both long sides, `seats` in all."""
    width, depth = bench.size(kind)
    seat = bench.size(chair)[1]
    side, gap = seat + 0.1, -(-seats // 2)
    step = width / gap
    parts = [Part(kind, width / 2, side + depth / 2)]
    parts += [Part(chair, (i + 0.5) * step, seat / 2, BACK) for i in range(gap)]
    parts += [Part(chair, (i + 0.5) * step, 2 * side + depth - seat / 2, FRONT) for i in range(seats - gap)]
    return Kit(width, 2 * side + depth, limit("general.way_least_m"), tuple(parts))


def table_at_wall(bench: Bench, kind: str, seats: int, chair: str = "visitor_chair") -> Kit:
    """Returns a table with chairs on one long side, for a room too narrow for two."""
    width, depth = bench.size(kind)
    seat = bench.size(chair)[1]
    parts = [Part(kind, width / 2, seat + 0.1 + depth / 2)]
    parts += [Part(chair, (i + 0.5) * width / seats, seat / 2, BACK) for i in range(seats)]
    return Kit(width, seat + 0.1 + depth, limit("general.way_least_m"), tuple(parts))


def centred(bench: Bench, view: View, kit: Kit, share: float = 0.5, margins: Sequence[float] = ()) -> bool:
    """Places a set as near to the middle (`share` of the width) as fits with a way round it; returns whether it does.

    margins: what is kept free around it, m; a way, half of one, then hardly anything.
    """
    way = limit("general.way_least_m")
    for margin in margins or (way, way / 2, ASIDE_M):
        spots = [
            (abs(x + kit.width / 2 - view.width * share) + abs(y + kit.depth / 2 - view.depth / 2), x, y)
            for x in _steps(margin, view.width - kit.width - margin)
            for y in _steps(margin, view.depth - kit.depth - margin)
        ]
        for _, x, y in sorted(spots):
            if view.fits((x, y, x + kit.width, y + kit.depth)):
                put_kit(bench, view, kit, x, y)
                return True
    return False


def _steps(start: float, end: float) -> list[float]:
    if end < start - 1e-6:
        return []
    count = max(1, int((end - start) / 0.3))
    return [start + (end - start) * i / count for i in range(count + 1)]
