"""Furnishing one layout: walls and doors first, then counters, equipment and rooms, then seats and call screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.furnish import amiss, equipment, rooms
from hallplan.furnish.access import place_access
from hallplan.furnish.bench import EMPTY, Bench, Hall, contact_m, limit, listed, new_hall
from hallplan.furnish.counters import place_counters
from hallplan.furnish.doors import DoorWays, openings_clear
from hallplan.furnish.ground import Block, Ground
from hallplan.furnish.manned import n_among_visitors
from hallplan.furnish.passing import Passage, is_one_piece
from hallplan.furnish.paving import place_paving
from hallplan.furnish.reaching import is_come_to, way_in
from hallplan.furnish.screens import place_screens
from hallplan.furnish.seating import seat
from hallplan.furnish.walls import Enclosure, enclose, is_given
from hallplan.geometry.polygons import polygons_of
from hallplan.model.layout import Layout, NewDoor, PlacedZone, Shortfall
from hallplan.model.programme import Programme
from hallplan.model.reviews import as_reviewed
from hallplan.model.site import Floor, ObstacleKind, Site
from hallplan.model.space import in_front, standing_walls
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings

_Begun = tuple[tuple[NewDoor, ...], tuple[Shortfall, ...]]
_Part = Callable[[Bench], None]
_BY_TYPE: dict[str, tuple[_Part, ...]] = {
    "guide": (equipment.place_info_desk,),
    "value_added": (equipment.place_advice,),
    "disclosure": (equipment.place_boards,),
    "convenience": (lambda b: equipment.place_usual(b, ("copier", "water", "charging", "aed")),),
    "child": (equipment.place_child,),
    "meeting": (equipment.place_meeting,),
    "nursing": (rooms.place_nursing,),
    "toilet": (rooms.place_toilet,),
    "staff_support": (rooms.place_staff_room,),
    "records": (rooms.place_shelves,),
    "equipment_rooms": (rooms.place_racks,),
    "media": (rooms.place_media,),
}
"""What a type of zone always has."""
_BY_KIND: dict[str, _Part] = {
    "gate": equipment.place_security,
    "xray": equipment.place_security,
    "info_desk": equipment.place_info_desk,
    "desk": rooms.place_office,
    "meeting_table": equipment.place_meeting,
    "play_table": equipment.place_child,
    "shelf": rooms.place_shelves,
    "rack": rooms.place_racks,
}
"""What a holding needs in whatever zone it is, as small halls join zones."""
_OWN = {
    "nursing": ("care_table", "basin", "sofa"),
    "toilet": ("toilet_accessible", "toilet_cubicle", "basin"),
    "staff_support": ("staff_locker",),
}
"""Further kinds that a zone type's own part places, so that they are not placed again along the edges."""


def furnish(site: Site, programme: Programme, windows: WindowPlan, layout: Layout, settings: Settings) -> Layout:
    """Returns the layout with furniture, partitions, doors, walls to take down, and what did not fit.

    Everything lies inside its zone, off columns, with the clear widths of data/furnish.toml; counts that a zone cannot
    hold come back as shortfalls. Lengths in metres in the plan frame. Source: domain.md 3 and 4.
    """
    programme = as_reviewed(programme, dict(layout.reviews))
    bare, made = new_hall(site, programme, windows, layout, settings), list[_Draft]()

    def lacks(one: _Draft) -> tuple[int, ...]:
        return *_spoilt(bare, one.layout), amiss.lacking(one.layout)

    ways = DoorWays()
    found = _joined(bare, made, ways)
    if amiss.is_marred(found.layout, programme):
        other = _joined(bare, made, replace(ways, is_behind=False))
        if lacks(other) < lacks(found):
            found, ways = other, replace(ways, is_behind=False)
    # a door near those who come may take a table its place, or a shelf of the room beside
    for reach in (amiss.cramped, amiss.around_cramped):
        rooms = reach(found.layout, programme)
        if rooms:
            found = min(found, _joined(bare, made, replace(ways, central=rooms)), key=lacks)
    return found.layout


@dataclass(slots=True)
class _Draft:
    """A layout that is being furnished: walls, doors of rooms and counters stand from the first, all else from `finish` on.

    begun: the doors and what lacked at first, which tell drafts of one layout apart; a finished one has doors behind machines too.
    joins: whether rooms got doors that only join parts of the staff's ground.
    """

    hall: Hall
    walls: dict[str, Enclosure]
    benches: list[Bench]
    begun: _Begun
    joins: bool
    is_finished: bool = False

    @property
    def walled(self) -> Layout:
        """The layout with the partitions and doors that its floors have so far."""
        return _walled(self.hall.layout, list(self.walls.values()))

    @property
    def layout(self) -> Layout:
        """The layout with all that it has so far."""
        return replace(self.walled, furniture=self.hall.number(), shortfalls=tuple(self.hall.shortfalls))

    def finish(self) -> None:
        """Places what comes after the counters."""
        # others keep its desk in sight, and off where its visitors stand
        for bench in sorted(self.benches, key=lambda bench: bench.zone.type != "guide"):
            _keep_before_desks(bench)
            _equip_from_best_side(bench, self.walls[bench.placed.floor])
        walled = self.walled  # rooms behind machines have come
        seated = [bench for bench in self.benches if bench.zone.type != "child"]
        seat(seated, walled)
        place_screens(self.hall, seated, walled)
        place_paving(self.hall, walled)
        place_access(self.hall, walled)
        self.is_finished = True


def _joined(bare: Hall, made: list[_Draft], ways: DoorWays) -> _Draft:
    """The layout furnished with doors that join parts of the staff's ground, without these where they spoil counters.

    bare: the hall with nothing in it yet.  made: its drafts so far, to which new ones are added.  ways: what doors may do else.
    """

    def spoilt(one: _Draft) -> tuple[int, ...]:
        return _spoilt(bare, one.layout)

    first = _draft(bare, made, ways)
    if not first.joins or not any(amiss.spoilt(first.layout, bare.programme)):
        _finish(first)
    if not first.joins or not any(amiss.spoilt(first.layout, bare.programme)):
        return first
    # a further door behind counters may take a window its place: then none behind these, else none at all
    spared = frozenset(amiss.spoilt_zones(first.layout, bare.programme))
    others = (replace(ways, is_joining=is_joining, spared=spared) for is_joining in (True, False))
    drafts = first, *(_draft(bare, made, other) for other in others)
    # as a rule the counters tell which is better, and the others need not be finished: what is spoilt only grows
    while not (best := min(drafts, key=spoilt)).is_finished:
        _finish(best)
    return best


def _spoilt(bare: Hall, layout: Layout) -> tuple[int, ...]:
    """What doors spoil, the worst first: counters without a place and doors before others, staff who then walk among visitors, counters
    turned."""
    *worst, turned = amiss.spoilt(layout, bare.programme)
    return *worst, n_among_visitors(bare.site, bare.programme, layout), turned


def _finish(draft: _Draft) -> None:
    if not draft.is_finished:
        draft.finish()


def _draft(bare: Hall, made: list[_Draft], ways: DoorWays) -> _Draft:
    """The layout with walls, doors and counters; the draft made before where that has the same doors."""
    floors = bare.site.floors
    bare.shortfalls.clear()
    # of the bare hall, for which places for doors are kept
    walls = {floor.id: enclose(bare, floor, ways) for floor in floors}
    begun = tuple(door for wall in walls.values() for door in wall.doors), tuple(bare.shortfalls)
    joins = any(wall.joins for wall in walls.values())
    same = next((draft for draft in made if (draft.begun, draft.joins) == (begun, joins)), None)
    if same is not None:
        return same
    hall = replace(bare, furniture=[], shortfalls=list(bare.shortfalls), free={}, sights={})
    walled = _walled(hall.layout, list(walls.values()))
    given = {floor.id: _given(hall, floor, walls[floor.id], walled) for floor in floors}
    benches = [
        _bench(hall, placed, walls[placed.floor], given[placed.floor])
        for placed in hall.layout.zones
        if not is_given(placed)
    ]
    for floor in floors:
        hall.free[floor.id] = _free(hall, floor)
    for bench in benches:
        place_counters(bench)
    made.append(_Draft(hall, walls, benches, begun, joins))
    return made[-1]


def _keep_before_desks(bench: Bench) -> None:
    """Keeps floor of an open zone free on which visitors stand before the desks of others."""
    if bench.zone.is_enclosed:
        return
    kinds, deep = listed("before_desks.kinds"), limit("before_desks.deep_m")
    for piece in bench.hall.furniture:
        if piece.kind in kinds and piece.floor == bench.placed.floor and piece.zone != bench.zone.id:
            before = in_front(piece, deep)
            if before.intersects(bench.placed.area):
                bench.ground.take(before, soft=True)


def _equip_from_best_side(bench: Bench, walls: Enclosure) -> None:
    """Equips a zone as seen from its front; a room from the side from which no way of staff out through it is blocked, then none of its
    floor cut off, then least left out. Where each side blocks it floor is kept for the way."""
    if bench.zone.side == "public" and not bench.zone.is_enclosed:
        _equip_within_reach(bench, walls)
        return
    if bench.zone.side == "both" or not bench.zone.is_enclosed:
        _equip(bench, walls)
        return
    plain = [(bench.front_deg + turned, EMPTY) for turned in (0.0, 90.0, 270.0, 180.0)]
    passage = Passage.of(bench, walls.doors) if bench.zone.side == "staff" else None
    kept = [(front, lane) for lane in (passage.lanes() if passage else ()) for front, _ in plain]
    mark, told, is_whole = bench.mark(), len(bench.hall.shortfalls), is_one_piece(bench)
    seen = list(bench.hall.sights.get(bench.floor.id, ()))
    tried: list[tuple[bool, bool, int]] = []
    for front, lane in (*plain, *kept):
        if len(tried) == len(plain) and not all(is_blocked for is_blocked, *_ in tried):
            break
        built = len(walls.partitions)
        _equip_past(bench, walls, front, lane)
        lacks = sum(short.asked - short.placed for short in bench.hall.shortfalls[told:])
        tried.append((passage is not None and not passage.is_open(), is_whole and not is_one_piece(bench), lacks))
        # a room behind machines stays where it was built
        if tried[-1] == (False, False, 0) or len(walls.partitions) > built:
            return
        bench.undo(mark)
        bench.hall.sights[bench.floor.id] = list(seen)
        del bench.hall.shortfalls[told:]
    _equip_past(bench, walls, *(*plain, *kept)[tried.index(min(tried))])


def _equip_within_reach(bench: Bench, walls: Enclosure) -> None:
    """Equips an open zone as seen from its front, or from another side where visitors come to all of it from there alone.

    Where they do from none floor is kept for their way in.
    """
    front, mark, told, built = bench.front_deg, bench.mark(), len(bench.hall.shortfalls), len(walls.partitions)
    sides, seen = (
        [front + turned for turned in (0.0, 180.0, 90.0, 270.0)],
        list(bench.hall.sights.get(bench.floor.id, ())),
    )
    for lane in (EMPTY, way_in(bench)):
        for side in sides:
            _equip_past(bench, walls, side, lane)
            # a room behind machines stays where it was built
            if is_come_to(bench) or len(walls.partitions) > built:
                return
            bench.undo(mark)
            bench.hall.sights[bench.floor.id] = list(seen)
            del bench.hall.shortfalls[told:]
    _equip_past(bench, walls, front, EMPTY)


def _equip_past(bench: Bench, walls: Enclosure, front_deg: float, lane: BaseGeometry) -> None:
    """Equips a zone as seen from a side, off a lane."""
    bench.front_deg = front_deg
    for part in polygons_of(lane):
        bench.ground.take(part, soft=True)
    _equip(bench, walls)


def _equip(bench: Bench, walls: Enclosure) -> None:
    """Large things that need their place first, then machines in rows, then what stands along edges."""
    asked = [_BY_KIND[h.kind] for h in bench.zone.holdings if h.count and h.kind in _BY_KIND]
    if bench.zone.type == "staff_support":  # its own part sets the table as well
        parts = [rooms.place_staff_room, *(part for part in asked if part is not equipment.place_meeting)]
    elif bench.asked("meeting_table") and bench.zone.type == "value_added":
        parts = asked
    else:
        parts = [*_BY_TYPE.get(bench.zone.type, ()), *asked]
    for place in dict.fromkeys(parts):
        place(bench)
    equipment.place_machines(bench, walls)
    equipment.place_along_edges(bench, _OWN.get(bench.zone.type, ()))


def _walled(layout: Layout, order: Sequence[Enclosure]) -> Layout:
    """The layout with the partitions and doors that its floors have so far."""
    return replace(
        layout,
        partitions=tuple(p for wall in order for p in wall.partitions),
        doors=tuple(d for wall in order for d in wall.doors),
        demolished=tuple(line for wall in order for line in wall.demolished),
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """What cannot be built on, on one floor: walls and columns with their gap, and floor that must stay free.

    walls: what things can stand against: walls, partitions and columns.
    """

    walls: BaseGeometry
    solid: tuple[Polygon, ...]
    clear: tuple[Polygon, ...]


def _given(hall: Hall, floor: Floor, walls: Enclosure, walled: Layout) -> _Given:
    gap = limit("general.column_m")
    solid = [o.area for o in floor.obstacles if o.is_fixed or o.kind == ObstacleKind.COLUMN] + walls.kept
    solid += [p.line.buffer(p.thickness_m / 2, cap_style="square") for p in walls.partitions]
    zones = [z.area for z in hall.layout.zones if z.floor == floor.id]
    ways = [way.area.buffer(-1e-3) for way in hall.layout.aisles if way.floor == floor.id]
    clear = [*walls.clear, *floor.keep_clear, *ways, *openings_clear(floor, zones, walls.demolished)]
    built = [floor.outline.difference(floor.usable), *(o.area for o in floor.obstacles if o.is_fixed), *walls.kept]
    return _Given(
        shapely.union_all([*built, standing_walls(floor, walled)]),
        tuple(shape.buffer(gap, join_style="mitre") for shape in solid),
        tuple(shape for shape in clear if not shape.is_empty),
    )


def _bench(hall: Hall, placed: PlacedZone, walls: Enclosure, given: _Given) -> Bench:
    """A zone with what cannot be built on: columns, walls, ways, and floor before doors."""
    floor = hall.site.floor(placed.floor)
    blocks = [Block(shape) for shape in given.solid if shape.intersects(placed.area)]
    blocks += [Block(shape, is_soft=True) for shape in given.clear if shape.intersects(placed.area)]
    ground = Ground(placed.area, blocks)
    front = _front(hall, placed, ground, walls, limit("partition.wall_m") / 2)
    return Bench(hall, hall.programme.zone(placed.zone), placed, floor, ground, front, given.walls)


def _front(hall: Hall, placed: PlacedZone, ground: Ground, walls: Enclosure, half: float) -> float:
    """The side in front: the public front, else that of the room's door, else the one along most way."""
    if placed.front_deg is not None:
        return placed.front_deg
    door = next((door for door in walls.doors if door.zone == placed.zone), None)
    if door is not None:
        return door.facing_deg
    ways = hall.public_ways(placed.floor)
    return max((270.0, 0.0, 90.0, 180.0), key=lambda turn: contact_m(ground.view(turn), ways, 0.6 + half))


def _free(hall: Hall, floor: Floor) -> shapely.Geometry:
    """Walkable floor outside zones."""
    taken = [z.area for z in hall.layout.zones if z.floor == floor.id]
    taken += [o.area for o in floor.obstacles if o.is_fixed or o.kind == ObstacleKind.COLUMN]
    return floor.usable.difference(shapely.union_all(taken))
