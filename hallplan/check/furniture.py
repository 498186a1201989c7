"""Checks on furniture: low units, turning space, screens, wheelchair places, toilets."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry import Point, Polygon
from shapely.strtree import STRtree

from hallplan.check.case import Case, Task
from hallplan.geometry.visibility import SightField
from hallplan.model.catalogue import furniture_types
from hallplan.model.findings import Finding, Place
from hallplan.model.layout import Furniture
from hallplan.model.site import Floor, ObstacleKind
from hallplan.model.space import footprint, in_front, sight_blockers
from hallplan.terms import read_data, word

LOW_OF = {
    "counter": "counter_low",
    "kiosk": "kiosk_low",
    "queue_machine": "queue_machine_low",
    "form_desk": "form_desk_low",
}
DESKS = ("counter", "form_desk")
MACHINES = ("kiosk", "queue_machine")
LOW = tuple(LOW_OF.values())
LOW_MOST_M = 0.85
"""An information desk no higher than this serves as its own low unit. Source: GB 55019 3.6.4."""
SEATED_EYE_M = 1.2
ACCESSIBLE = ("无障碍", "残疾", "accessible", "disabled", "wheelchair")
TOILETS = ("卫生间", "厕所", "洗手间", "盥洗", "toilet", "wc", "restroom")


def low_desks(case: Case, task: Task) -> Iterator[Finding]:
    """Every zone with counters or form desks, and every information desk, has a low unit."""
    yield from _low_units(case, task, DESKS)
    for desk in case.pieces("info_desk"):
        if desk.height_m > LOW_MOST_M:
            yield task.failed("desk_high", desk.height_m, _at(desk), zone=case.name(desk.zone))


def low_machines(case: Case, task: Task) -> Iterator[Finding]:
    """Every zone with machines has a low one of each kind."""
    yield from _low_units(case, task, MACHINES)


def _low_units(case: Case, task: Task, kinds: tuple[str, ...]) -> Iterator[Finding]:
    groups: dict[tuple[str, str], int] = {}
    for kind in kinds:
        for piece in case.pieces(kind, LOW_OF[kind]):
            groups[(piece.zone, kind)] = groups.get((piece.zone, kind), 0) + (piece.kind == LOW_OF[kind])
    missed = [key for key, count in sorted(groups.items()) if count < task.limit]
    for zone, kind in missed:
        words = {"zone": case.name(zone), "kind": kind_name(kind), "low": kind_name(LOW_OF[kind])}
        yield task.failed("no_low", groups[(zone, kind)], case.zone_place(zone), **words)
    if groups and not missed:
        yield task.passed("low", min(groups.values()), count=len(groups))
    if not groups:
        yield task.undecided("no_such_furniture")


def kind_name(kind: str) -> str:
    """Returns what a kind of furniture is called."""
    types = furniture_types()
    return types[kind].name if kind in types else kind


def turning_space(case: Case, task: Task) -> Iterator[Finding]:
    """A circle of the limit's diameter fits on free ground before every low unit."""
    low = case.pieces(*LOW)
    without = [piece for piece in low if not _has_room(case, piece, task.limit)]
    for piece in without:
        size = case.widest(lambda width, piece=piece: _has_room(case, piece, width), task.limit)  # type: ignore[misc]
        yield task.failed("no_turning", size, _at(piece), zone=case.name(piece.zone), kind=kind_name(piece.kind))
    if low and not without:
        yield task.passed("turning", task.limit, count=len(low))
    if not low:
        yield task.undecided("no_such_furniture")


def _has_room(case: Case, piece: Furniture, diameter: float) -> bool:
    """Whether a circle fits whose middle lies before the piece, no farther off than its own diameter."""
    strip = in_front(piece, diameter, 0.3)
    free = case.ground(piece.floor, "clear").intersection(strip.buffer(diameter))
    return bool(free.buffer(-(diameter / 2 - 0.01)).intersects(strip))


def low_height(case: Case, task: Task) -> Iterator[Finding]:
    """Low desks are within the heights."""
    low = case.pieces("counter_low", "form_desk_low")
    wrong = [p for p in low if not task.options["lowest"] - 1e-6 <= p.height_m <= task.limit + 1e-6]
    for piece in wrong:
        yield task.failed("height", piece.height_m, _at(piece), zone=case.name(piece.zone), kind=kind_name(piece.kind))
    if low and not wrong:
        yield task.passed("heights", max(piece.height_m for piece in low), count=len(low))
    if not low:
        yield task.undecided("no_such_furniture")


def wheelchair_places(case: Case, task: Task) -> Iterator[Finding]:
    """Wheelchair places stand clear of public aisles."""
    aisles = [aisle for aisle in case.layout.aisles if aisle.network == "public"]
    places = case.pieces("wheelchair_place")
    wrong = [
        place for place in places
        if any(a.floor == place.floor and a.area.intersection(footprint(place)).area > 0.05 for a in aisles)
    ]  # fmt: skip
    for place in wrong:
        yield task.failed("in_aisle", False, _at(place), zone=case.name(place.zone))
    if places and not wrong:
        yield task.passed("off_aisles", True, count=len(places))
    if not places:
        yield task.undecided("no_such_furniture")


def low_signed(case: Case, task: Task) -> Iterator[Finding]:
    """Each low counter carries an accessibility sign."""
    signs = [sign for sign in case.signs.signs if sign.kind == "access"]
    low = case.pieces("counter_low")
    bare = [
        p
        for p in low
        if not any(s.floor == p.floor and shapely.Point(s.at).distance(footprint(p)) < 1.0 for s in signs)
    ]
    for piece in bare:
        yield task.failed("unsigned", False, _at(piece), zone=case.name(piece.zone))
    if low and not bare:
        yield task.passed("signed", True, count=len(low))
    if not low:
        yield task.undecided("no_such_furniture")


def call_screens(case: Case, task: Task) -> Iterator[Finding]:
    """Every waiting zone has a call screen on its floor."""
    screens = case.pieces("call_screen")
    waits = [zone for zone in case.layout.zones if zone.type == "wait"]
    without = [z for z in waits if not any(s.floor == z.floor for s in screens)]
    if not screens:
        yield task.undecided("no_such_furniture") if not case.layout.furniture else task.failed("no_screen", 0)
        return
    for zone in without:
        yield task.failed("no_screen", 0, case.zone_place(zone.zone))
    if not without:
        yield task.passed("screens", len(screens))


def seats_see_screen(case: Case, task: Task) -> Iterator[Finding]:
    """Every chair has a call screen of its group (or of any) within the limit and in sight from a seated eye."""
    waits = {zone.zone for zone in case.layout.zones if zone.type == "wait"}
    chairs = [piece for piece in case.pieces("chair", "wheelchair_place") if piece.zone in waits]
    if not chairs:
        yield task.undecided("no_such_furniture")
        return
    blind: dict[str, list[Furniture]] = {}
    for floor in case.floors_used():
        field = SightField([sight_blockers(floor, case.layout, SEATED_EYE_M + 0.01)])
        for chair in (chair for chair in chairs if chair.floor == floor.id):
            if not _sees(case, chair, task.limit, field):
                blind.setdefault(chair.zone, []).append(chair)
    for zone, seats in sorted(blind.items()):
        yield task.failed("seats_blind", len(seats), _at(seats[0]), zone=case.name(zone))
    if not blind:
        yield task.passed("seats_see", len(chairs), limit=task.rule.limit)


def _sees(case: Case, chair: Furniture, reach_m: float, field: SightField) -> bool:
    screens = [s for s in case.pieces("call_screen") if s.floor == chair.floor]
    mine = [s for s in screens if chair.group and chair.group in s.group.split()] or screens
    near = [s.at for s in mine if shapely.Point(s.at).distance(shapely.Point(chair.at)) <= reach_m]
    return bool(near) and bool(field.clear([list(chair.at)], [list(at) for at in near]).any())


def toilets(case: Case, task: Task) -> Iterator[Finding]:
    """Each floor with visitors has an accessible toilet, as far as the drawing tells."""
    for floor in case.floors_used():
        names = _toilet_names(case, floor)
        where = Place(floor.id)
        if not names:
            yield task.undecided("toilets_unknown", None, where, floor=floor.title)
        elif any(mark in name.lower() for name in names for mark in ACCESSIBLE):
            yield task.passed("toilet", len(names), where, floor=floor.title)
        else:
            yield task.undecided("toilet_inside", len(names), where, floor=floor.title)


def _toilet_names(case: Case, floor: Floor) -> list[str]:
    names = [o.name or word("obstacle", "toilet") for o in floor.of_kind(ObstacleKind.TOILET)]
    names += [room.name for room in floor.rooms if any(mark in room.name.lower() for mark in TOILETS)]
    names += [case.name(z.zone) for z in case.layout.zones if z.floor == floor.id and z.type == "toilet"]
    return names


def furniture_overlap(case: Case, task: Task) -> Iterator[Finding]:
    """No two pieces of furniture overlap, and none stands in a column."""
    found, marked = 0, {*read_data("space.toml")["marked"]}
    for floor in case.floors_used():
        pieces = sorted((p for p in case.layout.furniture if p.floor == floor.id), key=lambda p: p.id)
        shapes = [footprint(piece) for piece in pieces]
        columns = shapely.union_all([column.area for column in floor.of_kind(ObstacleKind.COLUMN)])
        first, second = STRtree(shapes).query(shapes, predicate="intersects") if shapes else ([], [])
        for i, j in zip(first, second, strict=True):
            walked = {pieces[i].kind, pieces[j].kind} & marked  # paving has its own check
            if i < j and not walked and shapes[i].intersection(shapes[j]).area > task.limit:
                found += 1
                words = {"one": pieces[i].id, "two": pieces[j].id}
                yield task.failed("overlaps", shapes[i].intersection(shapes[j]).area, _at(pieces[i]), **words)
        for piece, shape in zip(pieces, shapes, strict=True):
            within = _rounded(piece, shape).intersection(columns).area
            if within > task.limit:
                found += 1
                yield task.failed("in_column", within, _at(piece), one=piece.id)
    if not found:
        yield task.passed("no_overlap", len(case.layout.furniture), limit=task.rule.limit)


def _rounded(piece: Furniture, shape: Polygon) -> Polygon:
    """What a piece covers of the floor: its circle where it is one."""
    return Point(piece.at).buffer(piece.size_m[0] / 2) if piece.kind in read_data("space.toml")["round"] else shape


def _at(piece: Furniture) -> Place:
    return Place(piece.floor, piece.zone, piece.at)


CHECKS = {
    "low_desks": low_desks, "low_machines": low_machines, "turning_space": turning_space, "low_height": low_height,
    "wheelchair_places": wheelchair_places, "low_signed": low_signed, "call_screens": call_screens,
    "seats_see_screen": seats_see_screen, "toilets": toilets, "furniture_overlap": furniture_overlap,
}  # fmt: skip
