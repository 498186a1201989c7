"""Counters in lines along the edges that face the public: straight, L, U or island, whichever holds the windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.behind import fronts_by_form, staff_floor
from hallplan.furnish.bench import BACK, Bench, Hall, contact_m, limit, listed
from hallplan.furnish.ground import TOUCH_M, Ground, Run, View, common, merged
from hallplan.geometry.polygons import polygons_of
from hallplan.model.layout import PlacedZone
from hallplan.model.windows import ServiceWindow, WindowType


@dataclass(frozen=True, slots=True)
class Unit:
    """One counter position: its window and type, and how much of the line it takes (m)."""

    window: ServiceWindow
    type: WindowType
    pitch: float

    @property
    def is_standing(self) -> bool:
        """Whether visitors stand at it."""
        return self.type.kind in listed("counter.standing")


@dataclass(frozen=True, slots=True)
class Bands:
    """Depths of a line from the front edge inwards (m): visitor, counter, staff seat, staff way, cabinet."""

    visitor: float
    counter: float
    seat: float
    way: float
    cabinet: float
    is_only: bool
    setback: float = 0.0
    is_loose: bool = False

    @property
    def staff_at(self) -> float:
        """Back edge of the counter, where the staff seat begins."""
        return self.visitor + self.counter

    @property
    def seat_end(self) -> float:
        """Back of the staff seats."""
        return self.staff_at + self.seat


def place_counters(bench: Bench) -> None:
    """Places the zone's counters with chairs and cabinets in the first form that holds them all, else the fullest."""
    units = _units(bench)
    if not units:
        return
    start = bench.mark()
    tight = [replace(unit, pitch=max(unit.type.pitch_m, bench.size(_kind(unit, False))[0])) for unit in units]
    backs = _setbacks() if any(not block.is_soft for block in bench.ground.blocks) else [0.0]
    tries = [
        _Try(form, tuple(row), back, is_loose)
        for form in _forms(bench)
        for row in (units, tight)
        for is_loose in ((False, True) if len(form) == 1 and len(backs) > 1 else (False,))
        for back in (backs if len(form) == 1 else [0.0])
    ]
    best, most = tries[0], -1
    for one in tries:
        placed = _lay_out(bench, one, is_trial=True)
        bench.undo(start)
        if placed > most:
            best, most = one, placed
        if placed == len(units):
            break
    _lay_out(bench, best, is_trial=False)
    bench.hall.lacks(bench.zone.id, "counter", len(units), most, "counters_too_long")


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to lay out the units: the fronts to line, turned from the public front, and the setback (m).

    is_loose: a column may stand between two staff chairs.
    """

    turns: tuple[float, ...]
    units: tuple[Unit, ...]
    setback: float
    is_loose: bool


def _setbacks() -> list[float]:
    """How far a line may stand back from the front edge (m), so that a column stands beside visitors and not in it."""
    return [k * limit("counter.setback_step_m") for k in range(int(limit("counter.setbacks")) + 1)]


def _units(bench: Bench) -> list[Unit]:
    types = {kind.id: kind for kind in bench.hall.windows.types}
    wanted = {window.id: window for window in bench.hall.windows.windows}
    ids = bench.zone.windows or tuple(w.id for w in wanted.values() if w.type in bench.zone.window_types)
    units = []
    for window in (wanted[id] for id in ids if id in wanted):
        kind = types[window.type]
        unit = Unit(window, kind, kind.pitch_m)
        pitch = max(kind.pitch_m, bench.size(_kind(unit, False))[0])
        units.append(replace(unit, pitch=pitch + limit("counter.low_extra_m") * window.is_low))
    return units


def _kind(unit: Unit, is_low: bool) -> str:
    if is_low:
        return "counter_low"
    return "counter_standing" if unit.is_standing else "counter"


def _forms(bench: Bench) -> list[tuple[float, ...]]:
    """Fronts to line, by form, the layout's own form first, sides with a public way before others."""
    turns = fronts_by_form(bench.hall, bench.placed, bench.front_deg)
    sides = turns["u"]
    names = dict.fromkeys((bench.placed.form or "straight", "straight", "l", "u", "island"))
    forms = [(0.0, *turns[name]) for name in names if name in turns]
    return [*forms, (sides[0],), (sides[1],)]


def _lay_out(bench: Bench, one: _Try, *, is_trial: bool) -> int:
    """Returns how many units find a place; a trial of a single front counts them without placing anything."""
    left = list(one.units)
    count_only = is_trial and len(one.turns) == 1
    for number, turned in enumerate(one.turns):
        view = bench.view(turned)
        bands = _bands(bench, view.back() - one.setback, left, len(one.turns))
        if bands is None:
            continue
        for level in _levels(view):
            if left:
                left = _line_level(
                    bench,
                    view,
                    replace(bands, setback=one.setback, is_loose=one.is_loose),
                    level,
                    left,
                    (turned == 0.0, number == 0, count_only),
                )
    return len(one.units) - len(left)


def _bands(bench: Bench, depth: float, units: list[Unit], fronts: int) -> Bands | None:
    """The line's depths, squeezed to the zone's: cabinet, way, seat and visitor's seat give in this order."""
    if not units:
        return None
    standing = all(unit.is_standing for unit in units)
    counter = max(bench.size(_kind(unit, unit.window.is_low))[1] for unit in units)
    cabinet = bench.size("cabinet")[1]
    visitor = limit("counter.standing_visitor_m" if standing else "counter.visitor_m")
    seat = limit("counter.standing_seat_m" if standing else "counter.seat_m")
    least, way = limit("counter.seat_least_m"), limit("counter.way_m")
    if fronts > 1:  # staff of two lines share the floor between them
        return Bands(visitor, counter, least, way, 0.0, False)
    no_way = 0.0 if standing or len(units) <= limit("counter.few_windows") else way
    tight = limit("counter.visitor_least_m")
    for v, w, c in (
        (visitor, way, cabinet),
        (visitor, way, 0.0),
        (visitor, no_way, cabinet),
        (visitor, no_way, 0.0),
        (tight, no_way, 0.0),
    ):
        room = depth - v - counter - w - c
        if room >= least - 1e-6:
            return Bands(v, counter, min(seat, room), w, c, True)
    return None


def _levels(view: View) -> list[float]:
    """Distances from the front at which the zone has an edge: the front of an L lies at two of them."""
    levels = {round(y, 4) for _, y in view.area.exterior.coords if y < view.depth - 1.0}
    return sorted(levels)


def _line_level(
    bench: Bench, view: View, bands: Bands, level: float, units: list[Unit], how: tuple[bool, bool, bool]
) -> list[Unit]:
    """Lines one edge with as many of the units as fit, and returns those left; further lines need no own passage.

    how: whether it is the public front, whether it is the first line, and whether to count only.
    """
    is_front, is_first, count_only = how
    front = level + bands.setback
    runs = view.runs(front, front + (bands.staff_at + limit("general.column_m") if bands.is_loose else bands.seat_end))
    if level > 0.05:  # only where the public stands outside the zone
        runs = common(runs, _between(view.runs(level - 0.05, level, soft=False), view.width))
    if not is_front:  # the public front is given; other edges count only where visitors can stand before them
        runs = common(runs, _public_runs(bench, view))
    lines = []
    needs_passage = is_first and not _staff_reach(bench, view, len(units))
    for run in runs:
        count, passage = _capacity(bench, run, units, needs_passage) if units else (0, 0.0)
        line = _fitted(bench, view, bands, front, _Line(run, passage, tuple(units[:count])))
        if line.units:
            lines.append(line)
            units = units[len(line.units) :]
    if count_only:
        return units
    low = _low(tuple(unit for line in lines for unit in line.units))
    for line in lines:
        _line(bench, view, bands, front, line, low)
    return units


def _public_runs(bench: Bench, view: View) -> list[Run]:
    """Stretches of the front edge with public floor before them."""
    reach = limit("counter.public_m")
    strip = view.plan_rect((0.0, -reach, view.width, -0.05))
    staff = shapely.union_all(bench.hall.staff_ways(bench.placed.floor))
    closed = strip.difference(bench.hall.free[bench.placed.floor].difference(staff))
    parts = [view.local(part).bounds for part in shapely.get_parts(closed) if part.area > 0.01]
    return _between(merged([(x0, x1) for x0, _, x1, _ in parts], view.width), view.width)


def _between(runs: list[Run], width: float) -> list[Run]:
    edges = [0.0, *(x for run in runs for x in run), width]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _length(bench: Bench, units: list[Unit]) -> float:
    chunks = -(-len(units) // bench.hall.settings.service.windows_per_line)
    return sum(unit.pitch for unit in units) + (chunks - 1) * limit("counter.break_m")


def _capacity(bench: Bench, run: Run, units: list[Unit], needs_passage: bool) -> tuple[int, float]:
    """How many of the units a run holds and the staff passage left at its end."""
    room = run[1] - run[0]
    wanted = (limit("counter.passage_m"), limit("counter.passage_least_m"), 0.0)
    steps = wanted[:2] if needs_passage else wanted
    best = (0, 0.0)
    for passage in steps:
        fitting = (n for n in range(len(units), best[0], -1) if _length(bench, units[:n]) <= room - passage + 1e-6)
        best = max(best, (next(fitting, 0), passage), key=lambda found: found[0])
    return best


def _staff_reach(bench: Bench, view: View, windows: int) -> bool:
    """Whether staff come to the line from behind or from a side: from floor of theirs, to one or two windows also from open floor, or from
    behind other counters to which they come without passing here."""
    hall, floor = bench.hall, bench.placed.floor
    sides = {zone.id: zone.side for zone in hall.programme.zones}
    here = [placed for placed in hall.layout.zones if placed.floor == floor and placed.zone != bench.zone.id]
    own = [*hall.staff_ways(floor), *(placed.area for placed in here if sides.get(placed.zone) == "staff")]
    nearest = [*own, hall.free[floor]] if windows <= limit("counter.few_windows") else own
    if _touches(bench.ground, view.front_deg, nearest):
        return True
    others = [placed for placed in here if sides.get(placed.zone) == "both" and placed.front_deg is not None]
    near = limit("counter.near_m")
    beside = {
        p.zone for p in others if p.area.distance(bench.placed.area) <= near and _opens_to(bench, view.front_deg, p)
    }
    behind = [back for placed, back in _manned(hall, others, own) if placed.zone in beside] if beside else []
    return _touches(bench.ground, view.front_deg, behind)


def _manned(
    hall: Hall, zones: Sequence[PlacedZone], own: Sequence[BaseGeometry]
) -> list[tuple[PlacedZone, BaseGeometry]]:
    """Those of some counter zones that staff come to from floor of their own or from behind one another, with the floor behind each."""
    found, left = list[tuple[PlacedZone, BaseGeometry]](), list(zones)
    reached = list(own)
    while new := [placed for placed in left if _touches(Ground(placed.area), placed.front_deg or 0.0, reached)]:
        found += [(placed, staff_floor(hall, placed)) for placed in new]
        reached = [floor for _, floor in found]
        left = [placed for placed in left if placed not in new]
    return found


def _touches(ground: Ground, front_deg: float, shapes: Sequence[BaseGeometry]) -> bool:
    """Whether one of some shapes lies along the back or a side of a zone over the width of a passage."""
    near, least = limit("counter.near_m"), limit("counter.passage_least_m")
    close = [shape for shape in shapes if ground.area.distance(shape) <= near]
    return any(contact_m(ground.view(front_deg + turned), close, near) >= least for turned in (180.0, 90.0, -90.0))


def _opens_to(bench: Bench, front_deg: float, other: PlacedZone) -> bool:
    """Whether staff pass from behind a line of a zone, which looks some way, to the counters of another: these stand across, or back to
    back with one or two windows in either. No cabinets stand between them then."""
    turned = (other.front_deg or 0.0) - front_deg
    many = min(len(bench.hall.programme.zone(other.zone).windows), len(bench.zone.windows))
    return abs(turned % 180.0 - 90.0) < 1.0 or (
        abs(turned % 360.0 - 180.0) < 1.0 and many <= limit("counter.few_windows")
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """Units in one run, in order, with the staff passage at the run's end."""

    run: Run
    passage: float
    units: tuple[Unit, ...]
    start: float = 0.0


def _fitted(bench: Bench, view: View, bands: Bands, level: float, line: _Line) -> _Line:
    """The line with its first counter's place: in the middle of its run, or where columns leave room for every chair."""
    for count in range(len(line.units), 0, -1):
        units = line.units[:count]
        spare = max(0.0, line.run[1] - line.run[0] - line.passage - _length(bench, list(units)))
        middle = 0.0 if bench.asked("locker") else spare / 2  # lockers stand beside the counters
        shifts = [middle, *(k * 0.1 for k in range(int(spare / 0.1) + 1))] if bands.is_loose else [middle]
        for shift in shifts:
            one = replace(line, units=units, start=line.run[0] + shift)
            if not bands.is_loose or all(
                _staff_shift(bench, view, x, level + bands.staff_at, unit) is not None
                for unit, x in _centres(bench, one)
            ):
                return one
    return replace(line, units=())


def _centres(bench: Bench, line: _Line) -> list[tuple[Unit, float]]:
    """Each unit of a line with the middle of its counter."""
    x, centres = line.start, []
    for chunk in _chunks(line.units, bench.hall.settings.service.windows_per_line):
        for unit in chunk:
            centres.append((unit, x + unit.pitch / 2))
            x += unit.pitch
        x += limit("counter.break_m")
    return centres


def _staff_shift(bench: Bench, view: View, x: float, y: float, unit: Unit) -> float | None:
    """How far a staff chair stands aside of its counter's middle, None when a column or a door leaves it no room."""
    width, depth = bench.size("staff_chair")
    y += limit("counter.chair_gap_m")
    for step in range(4):
        for shift in (0.15 * step, -0.15 * step):
            rect = (x + shift - width / 2, y, x + shift + width / 2, y + depth)
            if abs(shift) <= (unit.pitch - width) / 2 and view.fits(rect):
                return shift
    return None


def _line(bench: Bench, view: View, bands: Bands, level: float, line: _Line, low: set[str]) -> None:
    centres = _centres(bench, line)
    for unit, x in centres:
        _unit(bench, view, bands, (x, level), unit, unit.window.id in low)
    first, last = line.start, centres[-1][1] + centres[-1][0].pitch / 2
    end = min(line.run[1], last + line.passage)
    view.take((first, level - bands.setback, last, level + bands.visitor), soft=True)
    if end > last:
        view.take((last, level, end, min(view.depth, level + bands.seat_end)), soft=True)
    behind = min(view.depth, level + bands.seat_end + (bands.way if bands.is_only else 0.0))
    start, stop = (first, end) if line.units[0].is_standing else line.run
    view.take((start, level + bands.staff_at, stop, behind), soft=True)
    if bands.cabinet:
        _cabinets(bench, view, line, behind)


def _chunks(units: tuple[Unit, ...], most: int) -> list[tuple[Unit, ...]]:
    """Even parts of a line, none longer than `most`."""
    number = -(-len(units) // most)
    edges = [round(i * len(units) / number) for i in range(number + 1)]
    return [units[a:b] for a, b in pairwise(edges)]


def _low(chunk: tuple[Unit, ...]) -> set[str]:
    """Windows of one line that get a low counter: those planned so, and at least one of each type (GB 55019 3.6.1)."""
    low = {unit.window.id for unit in chunk if unit.window.is_low}
    for kind in dict.fromkeys(unit.type.id for unit in chunk):
        members = [unit.window.id for unit in chunk if unit.type.id == kind]
        if not low.intersection(members):
            low.add(members[-1])
    return low


def _unit(bench: Bench, view: View, bands: Bands, at: tuple[float, float], unit: Unit, is_low: bool) -> None:
    """One counter with its plate, call light, staff chair and visitor chairs."""
    x, level = at
    kind = _kind(unit, is_low)
    width = min(max(bench.size(kind)[0], unit.pitch - limit("counter.joint_m")), unit.pitch)
    id, group = unit.window.id, unit.type.id
    middle = level + bands.visitor + bands.counter / 2
    bench.put(view, kind, (x, middle), size=(width, bench.size(kind)[1]), label=id, window=id, group=group)
    staff = level + bands.staff_at
    light = bench.size("window_light")[1]
    bench.put(view, "window_light", (x, staff + light / 2 + 0.02), is_hung=True, label=id, window=id, group=group)
    chair = bench.size("staff_chair")[1]
    aside = _staff_shift(bench, view, x, staff, unit) or 0.0
    bench.put(
        view, "staff_chair", (x + aside, staff + limit("counter.chair_gap_m") + chair / 2), window=id, group=group
    )
    if unit.is_standing and not is_low:
        return
    y = level + bands.visitor - limit("counter.chair_gap_m") - bench.size("visitor_chair")[1] / 2
    for shift in _chairs(unit, is_low):
        bench.put(view, "visitor_chair", (x + shift, y), BACK, window=id, group=group)


def _chairs(unit: Unit, is_low: bool) -> tuple[float, ...]:
    if is_low:
        return (limit("counter.low_chair_shift_m"),)
    if unit.pitch >= limit("counter.two_visitors_from_m"):
        half = limit("counter.two_visitors_apart_m") / 2
        return (-half, half)
    return (0.0,)


def _cabinets(bench: Bench, view: View, line: _Line, behind: float) -> None:
    """Cabinets against the back edge, with a passage left wherever a way of the staff comes to it, in every run where none does, so that staff
    reach the line from behind; none where another line ends at it: staff come from one to the other there."""
    width, depth = bench.size("cabinet")
    back_edge = view.back()
    front = back_edge - depth
    if front < behind - 1e-6:
        return
    passages = _passages(bench, view)
    runs = common(common(view.runs(front, back_edge), [line.run]), _off_other_lines(bench, view))
    runs = common(runs, _between(merged(passages, view.width), view.width))
    back = bench.ground.view(view.front_deg + 180)
    has_door = len(view.runs(front, back_edge)) > len(view.runs(front, back_edge, soft=False))
    is_open = has_door or bool(passages)
    open_m = 0.0 if is_open or contact_m(back, [bench.floor.usable], 0.3) < 1 else limit("counter.passage_m")
    left = len(line.units)
    for a, b in runs:
        count = min(left, int((b - a - open_m + 1e-6) // width))
        for i in range(count):
            bench.put(view, "cabinet", (a + (i + 0.5) * width, back_edge - depth / 2))
        left -= count


def _passages(bench: Bench, view: View) -> list[Run]:
    """Where staff step from ways of theirs onto the floor behind a line: on each way that comes to its back edge, wide enough to walk, one
    stretch at that end of the way which is nearer to an end of the edge."""
    wide, least = limit("counter.passage_m"), limit("counter.passage_least_m")
    back = view.back()
    beyond = view.plan_rect((0.0, back, view.width, back + limit("counter.near_m")))
    half = least / 2 - TOUCH_M
    near = shapely.union_all(bench.hall.staff_ways(bench.placed.floor)).intersection(beyond.buffer(2 * wide))
    walked = near.buffer(-half, join_style="mitre").buffer(half, join_style="mitre")
    found = []
    for part in polygons_of(walked.intersection(beyond)):
        x0, _, x1, _ = view.local(part).bounds
        if x1 - x0 >= least:
            stretch = min(wide, x1 - x0)
            found.append((x0, x0 + stretch) if x0 < view.width - x1 else (x1 - stretch, x1))
    return found


def _off_other_lines(bench: Bench, view: View) -> list[Run]:
    """Stretches of the back edge at which no line ends that staff pass to (`_opens_to`)."""
    beyond = view.plan_rect((0.0, view.depth, view.width, view.depth + limit("general.column_m")))
    ends = [
        view.local(part).bounds
        for placed in bench.hall.layout.zones
        if placed.floor == bench.placed.floor and placed.front_deg is not None and placed.zone != bench.zone.id
        if bench.hall.programme.zone(placed.zone).windows and _opens_to(bench, view.front_deg, placed)
        for part in shapely.get_parts(beyond.intersection(placed.area))
        if part.area > 1e-3
    ]
    return _between(merged([(x0, x1) for x0, _, x1, _ in ends], view.width), view.width)
