"""Waiting seats in rows that face the counters of their group, and wheelchair places at row ends."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import Point as Spot
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.bench import EMPTY, FRONT, Bench, footprint, limit
from hallplan.furnish.ground import TOUCH_M, Rect, View
from hallplan.furnish.rows import RowRule, plan_blocks, row_rule
from hallplan.furnish.screens import screen_line_m
from hallplan.model.layout import Furniture, Layout
from hallplan.model.programme import Holding
from hallplan.model.space import ground, staff_only
from hallplan.terms import read_data

ACROSS = -0.1
"""Cosine of the angle between the way one sits and the way to the counters: less is with one's back to them."""
Slot = tuple[float, float]
"""Left front corner of a seat in the view that looks towards the counters."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Seat places, row by row from the front; `y` of each row and the blocks across."""

    slots: list[list[Slot]]


def seat(benches: Sequence[Bench], walls: Layout) -> None:
    """Places waiting chairs and wheelchair places zone by zone; what does not fit is noted as a shortfall.

    Where the seats of one zone cut off wheelchair places of another, that is seated after it.
    walls: the layout with its partitions and doors.
    """
    if not benches:
        return
    hall = benches[0].hall
    told, marks = len(hall.shortfalls), [bench.mark() for bench in benches]

    def place(ones: Iterable[Bench]) -> tuple[tuple[int, int], dict[str, int]]:
        """Seats zones in an order; returns how many wheelchair places and chairs lack, and what `_cut_off` does."""
        for bench, mark in zip(benches, marks, strict=True):
            bench.undo(mark)
        del hall.shortfalls[told:]
        for bench in ones:
            _place_seats(bench, walls)
        cut, lacks = _cut_off(benches, walls), Counter[str]()
        for short in hall.shortfalls[told:]:
            lacks[short.kind] += short.asked - short.placed
        return (sum(cut.values()) + lacks["wheelchair_place"], lacks["chair"]), cut

    lacking, cut = place(benches)
    if cut and len(benches) > 1 and place(sorted(benches, key=lambda bench: bench.zone.id in cut))[0] >= lacking:
        place(benches)


def _cut_off(benches: Sequence[Bench], walls: Layout) -> dict[str, int]:
    """How many wheelchair places of each zone one does not come to, all seats standing."""
    beside, found = limit("wait.wheelchair_way_m") / 2 + limit("wait.wheelchair_off_m"), dict[str, int]()
    joined: dict[str, BaseGeometry] = {}
    for bench in benches:
        here = [p for p in bench.hall.furniture if p.zone == bench.zone.id and p.kind == "wheelchair_place"]
        if here and bench.floor.id not in joined:
            joined[bench.floor.id] = _greatest(_wheelchair_ways(bench, walls))
        many = sum(joined[bench.floor.id].distance(footprint(piece)) > beside for piece in here)
        if many:
            found[bench.zone.id] = many
    return found


def _place_seats(bench: Bench, walls: Layout) -> None:
    """Places the seats of one zone."""
    chairs = [h for h in bench.zone.holdings if h.kind == "chair" and h.count > 0]
    wheels = [h for h in bench.zone.holdings if h.kind == "wheelchair_place" and h.count > 0]
    if not chairs and not wheels:
        return
    _keep_from_counters(bench)
    rule = row_rule(bench.size("chair")[0])
    places = sum(h.count for h in wheels)
    need = sum(h.count for h in chairs) + 2 * places
    bench.ways = _wheelchair_ways(bench, walls) if places else EMPTY
    views = _facing(bench, chairs or wheels)
    view, rows = _best_rows(bench, views, rule, need, places)
    rows = _less(rows, need)
    _wheelchairs(bench, view, rows, rule, wheels)
    left = _chairs(bench, view, rows, chairs)
    if sum(left):
        left = _chairs_beside(bench, (view, rows), views, rule, (chairs, left))
    for holding, missing in zip(chairs, left, strict=True):
        bench.hall.lacks(bench.zone.id, "chair", holding.count, holding.count - missing, "rows_full")
    _keep_ways(view, rows, bench.size("chair")[1])


def _best_rows(bench: Bench, views: list[View], rule: RowRule, need: int, places: int) -> tuple[View, Rows]:
    """The first view whose rows hold all, else the one whose rows hold most."""
    best, most = (views[0], Rows([])), (-1, -1, -1)
    for view in views:
        rows, held = _rows(bench, view, rule, need, places)
        if held > most:
            best, most = (view, rows), held
        if held == (places, places, need):
            break
    return best


def group_fronts(bench: Bench, group: str) -> list[Furniture]:
    """Returns the counters that a waiting group watches: its own, else all on the floor."""
    counters = [
        f for f in bench.hall.furniture if f.kind.startswith("counter") and f.floor == bench.placed.floor and f.window
    ]
    return [f for f in counters if f.group == group] or counters


def _facing(bench: Bench, holdings: list[Holding]) -> list[View]:
    """The views towards the nearest counter of the largest group: straight at it, then across."""
    biggest = max(holdings, key=lambda h: h.count)
    counters = group_fronts(bench, biggest.group)
    if not counters:
        return [bench.view()]
    here = bench.placed.area
    near = min(counters, key=lambda f: (round(here.distance(Spot(f.at)), 3), f.window))
    nearest = [f for f in counters if here.distance(Spot(f.at)) < here.distance(Spot(near.at)) + 2.0]
    line = box(*_bounds([f.at for f in nearest]))
    goal, start = _closest(line, here.centroid), here.centroid
    towards = math.degrees(math.atan2(goal.y - start.y, goal.x - start.x))
    ahead = {t: math.cos(math.radians(bench.front_deg + t - towards)) for t in (0.0, 90.0, 180.0, 270.0)}
    turns = sorted((t for t in ahead if ahead[t] > ACROSS), key=lambda t: -round(ahead[t], 6))
    first, *others = [bench.view(turn) for turn in turns]
    # a screen can hang over open floor before the rows, far enough to be read from the first
    return [first, *(view for view in others if _is_open_ahead(bench, view, limit("screen.nearest_m")))]


def _is_shut(bench: Bench, view: View) -> bool:
    """Whether nobody can walk before the zone: whoever sits in the first row needs room for legs within it."""
    return not _is_open_ahead(bench, view, limit("wait.beyond_m"))


def _is_open_ahead(bench: Bench, view: View, far: float) -> bool:
    """Whether the floor before a zone is open so far, m."""
    strip = view.plan_rect((0.0, -far, view.width, 0.0))
    free = bench.hall.free[bench.placed.floor]
    return bool(strip.intersection(free).area >= limit("wait.open_share") * strip.area)


def _bounds(points: list[tuple[float, float]]) -> Rect:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs) - 0.01, min(ys) - 0.01, max(xs) + 0.01, max(ys) + 0.01


def _closest(shape: BaseGeometry, spot: Spot) -> Spot:
    x0, y0, x1, y1 = shape.bounds
    return Spot(min(max(spot.x, x0), x1), min(max(spot.y, y0), y1))


def _keep_from_counters(bench: Bench) -> None:
    """Keeps the first row 3 m from the counters' edges, on the side where visitors stand."""
    far = limit("wait.from_counter_m")
    for piece in bench.hall.furniture:
        if piece.kind.startswith("counter") and piece.floor == bench.placed.floor:
            half = max(piece.size_m) / 2
            shape = Spot(piece.at).buffer(half + far)
            if shape.intersects(bench.placed.area):
                near = footprint(piece).buffer(far, quad_segs=4)
                bench.ground.take(near.intersection(_before(piece, half + far)), soft=True)


def _before(piece: Furniture, reach: float) -> Polygon:
    """The floor on the public side of a counter, to both sides and ahead by `reach` metres."""
    turn, off = math.radians(piece.facing_deg), (piece.size_m[1] + reach) / 2
    at = piece.at[0] + math.cos(turn) * off, piece.at[1] + math.sin(turn) * off
    return footprint(replace(piece, at=at, size_m=(2 * reach, reach)))


def _rows(bench: Bench, view: View, rule: RowRule, need: int, places: int) -> tuple[Rows, tuple[int, int, int]]:
    """The fewest rows that hold `need` seats and the wheelchair places, else those that hold most, wheelchairs first.

    Returns them with how many wheelchair places that one reaches, wheelchair places, and seats they hold.
    """
    best, most_held = Rows([]), (0, 0, 0)
    for ys in _row_places(bench, view):
        for most in (-(-need // len(ys)), None):
            rows = _fill(bench, view, rule, ys, most)
            held = *_held(bench, view, rule, rows, places), min(need, _count(rows))
            if held > most_held:
                best, most_held = rows, held
            if held == (places, places, need):
                return rows, held
    return best, most_held


def _held(bench: Bench, view: View, rule: RowRule, rows: Rows, places: int) -> tuple[int, int]:
    """How many wheelchair places, of `places` asked for, one reaches at the ends of these rows, and how many stand there."""
    left = Rows([list(row) for row in rows.slots])
    reached = held = 0
    while held < places and (end := _wheelchair_end(bench, view, left, rule)) is not None:
        end.row[:] = [seat for seat in end.row if seat not in end.seats]
        held += 1
        reached += end.is_reached
    return reached, held


def _row_places(bench: Bench, view: View) -> Iterator[list[float]]:
    """Where the fronts of rows may lie, few rows before many: from the first row not cut short, else from the front edge.

    Where something stands right before the zone, from where a screen at its front can be read, else from where there is room for legs.
    """
    depth, edge, least = bench.size("chair")[1], limit("wait.edge_m"), limit("wait.row_pitch_m")
    wheelchair = bench.size("wheelchair_place")[1] - depth  # what one juts out beyond the row
    starts = dict.fromkeys((_first_row(view, depth), edge, edge + wheelchair))
    if _is_shut(bench, view):
        legs, read = least - depth, screen_line_m(bench.size("call_screen")[1]) + limit("screen.nearest_m") - depth / 2
        starts = dict.fromkeys((read, *(max(legs, start) for start in starts)))
    rooms = {start: view.depth - edge - depth - start + TOUCH_M for start in starts}
    for count in range(1, int(max(0.0, *rooms.values()) // least) + 2):
        for start, room in rooms.items():
            if room >= (count - 1) * least:
                widest = max(least, min(limit("wait.row_pitch_most_m"), room / (count - 1))) if count > 1 else least
                for pitch in dict.fromkeys((widest, least)):
                    yield [start + k * pitch for k in range(count)]


def _count(rows: Rows) -> int:
    return sum(len(row) for row in rows.slots)


def _first_row(view: View, depth: float) -> float:
    """The nearest place for a row that is not cut short by the distance to the counters."""
    edge = limit("wait.edge_m")
    lengths = []
    for k in range(int(max(0.0, min(3.5, view.depth - depth - edge)) / 0.05) + 1):
        y = edge + k * 0.05
        lengths.append((sum(b - a for a, b in view.runs(y, y + depth)), y))
    longest = max((length for length, _ in lengths), default=0.0)
    return next((y for length, y in lengths if length >= 0.9 * longest), edge)


def _fill(bench: Bench, view: View, rule: RowRule, ys: list[float], most: int | None) -> Rows:
    """Seats in rows at `ys`; aisles run straight through, so the blocks come from the widest row."""
    depth = bench.size("chair")[1]
    spans = [max(view.runs(y, y + depth, taken=False), key=lambda r: r[1] - r[0], default=(0.0, 0.0)) for y in ys]
    widest = max(spans, key=lambda r: r[1] - r[0])
    middle = (ys[0] + ys[-1] + depth) / 2
    is_open = _is_open(bench, view, widest[0], middle, -1.0), _is_open(bench, view, widest[1], middle, 1.0)
    blocks = plan_blocks(widest, is_open, rule, most)
    return Rows([list(_row(bench, view, rule, y, blocks)) for y in ys])


def _is_open(bench: Bench, view: View, x: float, y: float, sign: float) -> bool:
    """Whether people can walk beyond an end of the rows, outside the zone."""
    beyond = limit("wait.beyond_m")
    half = view.depth / 4
    strip = view.plan_rect((min(x, x + sign * beyond), y - half, max(x, x + sign * beyond), y + half))
    free = bench.hall.free[bench.placed.floor]
    return bool(strip.intersection(free).area >= limit("wait.open_share") * strip.area)


def _row(bench: Bench, view: View, rule: RowRule, y: float, blocks: list[tuple[float, int]]) -> Iterator[Slot]:
    depth = bench.size("chair")[1]
    for left, count in blocks:
        xs = [left + i * rule.seat for i in range(count)]
        group: list[float] = []
        for x in [*xs, math.inf]:
            if x < math.inf and view.fits((x, y, x + rule.seat, y + depth)):
                group.append(x)
                continue
            yield from ((seat, y) for seat in _reachable(bench, view, rule, y, group))
            group = []


def _reachable(bench: Bench, view: View, rule: RowRule, y: float, group: list[float]) -> list[float]:
    """The seats of one unbroken group that its aisles allow: columns and slanted edges may close an end."""
    while group:
        left = _is_way(bench, view, group[0], y, -1.0)
        right = _is_way(bench, view, group[-1] + rule.seat, y, 1.0)
        most = (0, rule.one_aisle, rule.two_aisles)[left + right]
        if most:
            return group[:most] if left else group[-most:]
        group = group[:-2] if len(group) > 2 else []  # two seats less leave an aisle
    return []


def _is_way(bench: Bench, view: View, x: float, y: float, sign: float, reach: float | None = None) -> bool:
    reach = limit("wait.aisle_least_m") if reach is None else reach
    rect = (min(x, x + sign * reach), y, max(x, x + sign * reach), y + bench.size("chair")[1])
    if not view.is_clear(rect):
        return False
    outside = view.plan_rect(rect).difference(bench.placed.area)
    free = bench.hall.free[bench.placed.floor]
    return outside.area < 1e-3 or bool(outside.difference(free).area < 0.1 * outside.area)


def _wheelchairs(bench: Bench, view: View, rows: Rows, rule: RowRule, wheels: list[Holding]) -> None:
    """Wheelchair places at row ends, standing back from the aisle, each instead of two chairs."""
    for holding in wheels:
        placed = 0
        while placed < holding.count and _wheelchair(bench, view, rows, rule, holding.group):
            placed += 1
        bench.hall.lacks(bench.zone.id, "wheelchair_place", holding.count, placed, "no_wheelchair_end")


def _wheelchair(bench: Bench, view: View, rows: Rows, rule: RowRule, group: str) -> bool:
    end = _wheelchair_end(bench, view, rows, rule)
    if end is None:
        return False
    width, length = bench.size("wheelchair_place")
    bench.put(view, "wheelchair_place", (end.at[0] + width / 2, end.at[1] + length / 2), group=group)
    end.row[:] = [seat for seat in end.row if seat not in end.seats]
    return True


@dataclass(frozen=True, slots=True)
class _End:
    """The two chairs at the end of a row that give way to a wheelchair place, whose left front corner is `at`.

    is_reached: whether the way beside it is joined to where visitors come from.
    """

    row: list[Slot]
    seats: list[Slot]
    at: Slot
    is_reached: bool


def _wheelchair_end(bench: Bench, view: View, rows: Rows, rule: RowRule) -> _End | None:
    """The first end that one reaches in a wheelchair, else the first with room beside it."""
    ends = list(_wheelchair_ends(bench, view, rows, rule))
    if not ends:
        return None
    joined = _joined(bench, view, rows, rule)
    near = limit("wait.wheelchair_off_m")
    reached = next((end for end, beside in ends if joined.distance(beside) <= near), None)
    return replace(reached, is_reached=True) if reached else ends[0][0]


def _wheelchair_ways(bench: Bench, walls: Layout) -> BaseGeometry:
    """Where the middle of a wheelchair's way can lie on the visitors' ground, as all stands that is placed."""
    layout = replace(walls, furniture=tuple(bench.hall.furniture))
    movable = read_data("space.toml")["movable"]
    free = ground(bench.floor, layout, ignore=movable).difference(staff_only(bench.floor, layout))
    return shapely.buffer(free, TOUCH_M - limit("wait.wheelchair_way_m") / 2, quad_segs=2)


def _joined(bench: Bench, view: View, rows: Rows, rule: RowRule) -> BaseGeometry:
    """The greatest part of those ways that these rows leave: from there visitors come."""
    depth, reach = bench.size("chair")[1], limit("wait.wheelchair_way_m") / 2 - TOUCH_M
    blocks = [
        view.plan_rect((row[a][0], row[a][1], row[b][0] + rule.seat, row[b][1] + depth))
        for row in rows.slots
        for a, b in (_groups(row, rule) if row else ())
    ]
    left = bench.ways.difference(shapely.buffer(shapely.union_all(blocks), reach, quad_segs=2))
    return _greatest(left)


def _greatest(ways: BaseGeometry) -> BaseGeometry:
    """The greatest part of some ways."""
    return max(shapely.get_parts(ways), key=lambda part: part.area, default=EMPTY)


def _wheelchair_ends(bench: Bench, view: View, rows: Rows, rule: RowRule) -> Iterator[tuple[_End, Spot]]:
    """Ends of rows with room for a place and a way beside it, and the middle of that way."""
    way = limit("wait.wheelchair_way_m")
    width, length = bench.size("wheelchair_place")
    depth = bench.size("chair")[1]
    for row, is_front, needs_both in _end_rows(rows):
        for seats, sign, far in _ends(row, rule):
            y = seats[0][1] + depth - length if is_front else seats[0][1]
            edge = seats[-1][0] + rule.seat if sign > 0 else seats[0][0]
            inner = seats[0][0] if sign > 0 else edge + len(seats) * rule.seat
            x = inner if sign > 0 else inner - width
            reached = _is_way(bench, view, edge, seats[0][1], sign, way)
            if needs_both:
                reached = reached and _is_way(bench, view, far, seats[0][1], -sign)
            if reached and view.fits((x, y, x + width, y + length)):
                beside = Spot(view.plan(edge + sign * way / 2, seats[0][1] + depth / 2))
                yield _End(row, seats, (x, y), is_reached=False), beside


def _ends(row: list[Slot], rule: RowRule) -> Iterator[tuple[list[Slot], float, float]]:
    """The two chairs at each end of each unbroken group, the side on which the aisle is, and where the group's far end is."""
    for first, last in reversed(_groups(row, rule)):
        if last > first:
            yield row[last - 1 : last + 1], 1.0, row[first][0]
            yield row[first : first + 2], -1.0, row[last][0] + rule.seat


def _end_rows(rows: Rows) -> Iterator[tuple[list[Slot], bool, bool]]:
    """Rows for a place that is deeper than a chair: (row, it reaches forward, the group must have its other end open).

    Behind the last row and before the first it narrows no way; elsewhere the row is entered from its other end.
    """
    full = [row for row in rows.slots if row]
    if full:
        yield full[-1], False, False
        yield full[0], True, False
    for row in reversed(full):
        yield row, True, True


def _groups(row: list[Slot], rule: RowRule) -> list[tuple[int, int]]:
    """First and last index of each unbroken group of a row."""
    groups, start = [], 0
    for i in range(1, len(row) + 1):
        if i == len(row) or row[i][0] - row[i - 1][0] > rule.seat + 0.01:
            groups.append((start, i - 1))
            start = i
    return groups


def _chairs(bench: Bench, view: View, rows: Rows, chairs: list[Holding], many: list[int] | None = None) -> list[int]:
    """Places chairs of each group, `many` of each or all, from the front, and returns how many of each are left."""
    width, depth = bench.size("chair")
    free = [(x, y) for row in rows.slots for x, y in row if view.fits((x, y, x + width, y + depth))]
    at, left = 0, list[int]()
    for holding, count in zip(chairs, many or [holding.count for holding in chairs], strict=True):
        seats = free[at : at + count]
        at += len(seats)
        left.append(count - len(seats))
        for x, y in seats:
            bench.put(view, "chair", (x + width / 2, y + depth / 2), FRONT, group=holding.group)
    return left


def _chairs_beside(
    bench: Bench, first: tuple[View, Rows], views: list[View], rule: RowRule, wanted: tuple[list[Holding], list[int]]
) -> list[int]:
    """Places the chairs that the rows of a zone left over in rows of their own where its shape leaves room beside those, whose aisles stay
    free: in the other arm of an L, behind a column. Returns how many of each group are left.
    """
    start, (chairs, left) = bench.mark(), wanted
    _keep_aisles(bench, *first, rule)
    view, rows = _best_rows(bench, views, rule, sum(left), 0)
    found = _chairs(bench, view, _less(rows, sum(left)), chairs, left)
    if sum(found) < sum(left):
        _keep_ways(view, rows, bench.size("chair")[1])
        return found
    bench.undo(start)
    return left


def _keep_aisles(bench: Bench, view: View, rows: Rows, rule: RowRule) -> None:
    """Keeps free what one walks on to the chairs of some rows: before each and at both ends."""
    depth, way = bench.size("chair")[1], limit("wait.aisle_least_m")
    before = limit("wait.row_pitch_m") - depth
    for row in rows.slots:
        for first, last in _groups(row, rule) if row else ():
            (x, y), right = row[first], row[last][0] + rule.seat
            view.take((x - way, max(0.0, y - before), right + way, y + depth), soft=True)


def _keep_ways(view: View, rows: Rows, depth: float) -> None:
    """Keeps the floor before and between some rows free of what comes later."""
    seats = [slot for row in rows.slots for slot in row]
    if seats:
        view.take((0.0, 0.0, view.width, min(view.depth, max(y for _, y in seats) + depth)), soft=True)


def _less(rows: Rows, need: int) -> Rows:
    """Leaves out rows and, in the last one, the seats far from its middle that are too many."""
    kept: list[list[Slot]] = []
    for row in rows.slots:
        left = need - sum(len(other) for other in kept)
        if left > 0 and row:
            middle = (row[0][0] + row[-1][0]) / 2
            near = sorted(row, key=lambda slot: (round(abs(slot[0] - middle), 3), slot[0]))[:left]
            kept.append([slot for slot in row if slot in near])
    return Rows(kept)
