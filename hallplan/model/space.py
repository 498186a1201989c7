"""Where people can walk and look on a floor with a layout on it; shapes in the plan frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.kept import kept
from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Furniture, Layout, NewDoor, Partition, PlacedZone
from hallplan.model.site import Floor, ObstacleKind, Opening
from hallplan.terms import read_data

_SAME_WAY_DEG = 5.0
_INSIDE_M, _INSIDE_SHARE = (0.3, 0.6), 0.8
"""How far from the middle of a door's wall the floor begins, and ends, that is just inside; how much of it an area takes in that it leads into."""
_FAR_M = 200.0
_SLACK_M = 0.04
"""So much wider than a way is the ground through a door, which a way of exactly that width would lead through on a line alone."""
_KEPT = 16
"""How many grounds are kept of each kind: those of two layouts on some floors, as many stages ask for the same again."""


def footprint(piece: Furniture) -> Polygon:
    """Returns the ground that a piece of furniture covers."""
    return box_at(piece.at, piece.size_m[0], piece.size_m[1], piece.facing_deg)


def box_at(at: tuple[float, float], along: float, across: float, facing_deg: float) -> Polygon:
    """Returns the rectangle centred at `at`, `along` wide across its facing direction and `across` deep."""
    fx, fy = math.cos(math.radians(facing_deg)), math.sin(math.radians(facing_deg))
    corners = [(1, 1), (1, -1), (-1, -1), (-1, 1)]
    half, deep = along / 2, across / 2
    return Polygon([(at[0] + f * deep * fx - s * half * fy, at[1] + f * deep * fy + s * half * fx) for f, s in corners])


def in_front(piece: Furniture, depth_m: float, spread_m: float = 0.0) -> Polygon:
    """Returns the rectangle before a piece's user side, `spread_m` wider than it in all."""
    reach = piece.size_m[1] / 2 + depth_m / 2
    turn = math.radians(piece.facing_deg)
    at = piece.at[0] + math.cos(turn) * reach, piece.at[1] + math.sin(turn) * reach
    return box_at(at, piece.size_m[0] + spread_m, depth_m, piece.facing_deg)


def opens_into(door: Opening, area: Polygon) -> bool:
    """Returns whether a door to the outside leads into an area: the floor just inside is the area's over nearly all of its width, so that
    nobody who comes in stands beside it.
    """
    turn, (near, deep) = math.radians(door.inward_deg), _INSIDE_M
    middle = (near + deep) / 2
    at = door.at[0] + middle * math.cos(turn), door.at[1] + middle * math.sin(turn)
    inside = box_at(at, door.width_m, deep - near, door.inward_deg)
    return bool(area.intersection(inside).area > _INSIDE_SHARE * inside.area)


def on_floor(layout: Layout, floor: Floor) -> list[PlacedZone]:
    """Returns the zones on a floor."""
    return [zone for zone in layout.zones if zone.floor == floor.id]


def partition_pieces(layout: Layout, floor_id: str) -> list[tuple[Partition, Polygon]]:
    """Returns the body of each new partition on a floor as it is drawn, doors cut out, piece by piece."""
    doors = [door for door in layout.doors if door.floor == floor_id]
    gaps = shapely.union_all([_door_gap(door) for door in doors])
    pieces = []
    for wall in layout.partitions:
        if wall.floor == floor_id:
            body = wall.line.buffer(wall.thickness_m / 2, cap_style="square", join_style="mitre").difference(gaps)
            parts = [part for part in shapely.get_parts(body) if isinstance(part, Polygon) and part.area > 1e-4]
            pieces += [(wall, part) for part in sorted(parts, key=lambda p: (-round(p.area, 4), p.bounds))]
    return pieces


def _door_gap(door: NewDoor) -> Polygon:
    return box_at(door.at, door.width_m, 0.6, door.facing_deg)


def standing_walls(floor: Floor, layout: Layout, *, glass: bool = True) -> BaseGeometry:
    """Returns partitions that stand: the drawing's less what is demolished, and the plan's own, doors and shutters open."""
    return _own(_walls(floor, layout.demolished, layout.partitions, layout.doors, glass))


def _own(shape: BaseGeometry) -> BaseGeometry:
    """A shape of the asker's own: whoever prepares one that is kept would change it for all."""
    return shapely.from_wkb(shapely.to_wkb(shape))


@kept(_KEPT)
def _walls(
    floor: Floor,
    demolished: Sequence[LineString],
    partitions: Sequence[Partition],
    doors: Sequence[NewDoor],
    glass: bool,
) -> BaseGeometry:
    sizes = read_data("space.toml")
    new = [
        shapely.buffer(wall.line, wall.thickness_m / 2, cap_style="flat")
        for wall in partitions
        if wall.floor == floor.id and wall.kind != "shutter" and (glass or wall.kind != "glass")
    ]
    gaps = [box_at(d.at, d.width_m, sizes["door_depth_m"], d.facing_deg) for d in doors if d.floor == floor.id]
    own = shapely.union_all(new).difference(shapely.union_all(gaps))
    return shapely.union_all([_old_walls(floor, demolished), own])


@kept(_KEPT)
def _old_walls(floor: Floor, demolished: Sequence[LineString]) -> BaseGeometry:
    """Walls of the drawing that can go, less those that do, and less its doors."""
    depth = read_data("space.toml")["door_depth_m"]
    doors = shapely.buffer([o.line for o in floor.openings], depth / 2, cap_style="flat")
    return shapely.union_all(partitions_left(floor, demolished)).difference(shapely.union_all(doors))


def partitions_left(floor: Floor, demolished: Sequence[LineString]) -> list[Polygon]:
    """Returns what demolished lines leave of the removable walls of a drawing; crumbs of a wall that is taken down go with it."""
    sizes = read_data("space.toml")
    gone = shapely.union_all(shapely.buffer(list(demolished), sizes["demolish_reach_m"], cap_style="flat"))
    left: list[Polygon] = []
    for wall in floor.of_kind(ObstacleKind.WALL):
        if wall.is_fixed:
            continue
        least = sizes["crumb_m2"] if wall.area.intersects(gone) else 0.0
        parts = shapely.get_parts(wall.area.difference(gone))
        left += [part for part in parts if isinstance(part, Polygon) and part.area >= least]
    return left


def standing_doors(floor: Floor, demolished: Sequence[LineString]) -> tuple[Opening, ...]:
    """Returns the doors of the drawing whose wall still stands; those of a partition taken out go with it."""
    near, walls = read_data("space.toml")["jamb_reach_m"], floor.of_kind(ObstacleKind.WALL)
    loose, fixed = (shapely.union_all([o.area for o in walls if o.is_fixed == which]) for which in (False, True))
    standing = shapely.union_all(partitions_left(floor, demolished))

    def stands(opening: Opening) -> bool:
        if opening.is_exterior or loose.distance(opening.line) >= near or standing.distance(opening.line) < near:
            return True
        return all(fixed.distance(Point(end)) < near for end in opening.line.boundary.geoms)

    return tuple(opening for opening in floor.openings if stands(opening))


def ground(floor: Floor, layout: Layout, *, ignore: Iterable[str] = ()) -> BaseGeometry:
    """Returns the ground that is free of walls, columns and furniture; `ignore` names kinds of furniture left out."""
    skipped = frozenset({*read_data("space.toml")["passable"], *ignore})
    return _own(_ground(floor, layout.demolished, layout.partitions, layout.doors, layout.furniture, skipped))


@kept(_KEPT)
def _ground(
    floor: Floor,
    demolished: Sequence[LineString],
    partitions: Sequence[Partition],
    doors: Sequence[NewDoor],
    furniture: Sequence[Furniture],
    skipped: frozenset[str],
) -> BaseGeometry:
    pieces = [footprint(f) for f in furniture if f.floor == floor.id and f.kind not in skipped]
    columns = [column.area for column in floor.of_kind(ObstacleKind.COLUMN)]
    walls = _walls(floor, demolished, partitions, doors, True)
    return floor.usable.difference(shapely.union_all([*pieces, *columns, walls]))


def for_ways(shape: BaseGeometry, floor: Floor, layout: Layout, width_m: float) -> BaseGeometry:
    """Returns ground on which ways of a width are looked for: at each door of the building that one walks through on `shape` the wall beside
    the door is as good as open.

    How wide a door is to be says another clause (GB 55019-2021 2.5.4: 0.90 m, 0.80 m in a building that stands; GB 55037-2022 7.1.4: 0.80 m
    on ways out) than how wide a way is (2.2.2: 1.20 m). Furniture and new partitions before a door narrow the way as anywhere, and so do
    walls that stand farther from the door's line than a wall is thick, as in a lobby.
    """
    sizes = read_data("space.toml")
    doors = [door for door in _doorways(floor, layout.demolished) if door.width_m < width_m + sizes["leaf_m"]]
    doors = [door for door in doors if shape.covers(LineString(floor.beside(door)))]
    if not doors:
        return shape
    boxes = [box_at(door.at, width_m + _SLACK_M, 2 * sizes["wall_most_m"], door.inward_deg) for door in doors]
    fixed = [wall.area for wall in floor.of_kind(ObstacleKind.WALL) if wall.is_fixed]
    walls = shapely.union_all([*fixed, *partitions_left(floor, layout.demolished)])
    return shape.union(shapely.union_all(boxes).intersection(walls))


@kept(_KEPT)
def _doorways(floor: Floor, demolished: Sequence[LineString]) -> tuple[Opening, ...]:
    """The doors of the drawing that one may go through, in walls that stand, with floor to walk on before and behind."""
    least = read_data("space.toml")["doorway_m"]
    doors = (door for door in standing_doors(floor, demolished) if door.width_m >= least - 1e-6)
    return tuple(door for door in doors if floor.joins_floor(door))


def public_part(zone: PlacedZone, layout: Layout) -> BaseGeometry:
    """Returns the part of a zone that visitors may enter: before the counters where both sides meet."""
    side = zone_types()[zone.type].side
    if side != "both":
        return zone.area if side == "public" else Polygon()
    sizes = read_data("space.toml")
    fronts = [
        in_front(piece, sizes["front_depth_m"], sizes["front_spread_m"])
        for piece in layout.furniture
        if piece.zone == zone.zone and piece.kind in sizes["fronted"]
    ]
    if fronts:
        ahead = [] if zone.form else [_ahead(zone, layout)]
        return shapely.union_all([*fronts, *ahead]).intersection(zone.area)
    if zone.front_deg is None:
        # of a hall that stands, where nothing tells the sides apart
        return Polygon() if zone.form else zone.area
    turn = math.radians(zone.front_deg)
    strip = sizes["strip_m"]
    return zone.area.difference(translate(zone.area, -math.cos(turn) * strip, -math.sin(turn) * strip))


def _ahead(zone: PlacedZone, layout: Layout) -> BaseGeometry:
    """Returns the ground ahead of the line of a zone's counters, as wide as the zone, where all of them look one way.

    For halls that stand: their zones are drawn around the counters, not made to their measure.
    """
    counters = [piece for piece in layout.furniture if piece.zone == zone.zone and piece.window]
    ways = {round(piece.facing_deg / _SAME_WAY_DEG) for piece in counters}
    if not counters or len(ways) > 1:
        return Polygon()
    turn = math.radians(counters[0].facing_deg)
    edge = min(p.at[0] * math.cos(turn) + p.at[1] * math.sin(turn) + p.size_m[1] / 2 for p in counters)
    reach = _FAR_M / 2
    x, y = zone.area.centroid.coords[0]
    off = edge + reach - (x * math.cos(turn) + y * math.sin(turn))
    return box_at((x + off * math.cos(turn), y + off * math.sin(turn)), _FAR_M, _FAR_M, counters[0].facing_deg)


def staff_only(floor: Floor, layout: Layout) -> BaseGeometry:
    """Returns where visitors may not go: staff zones, behind the counters, staff aisles."""
    staff, public = _aisles(floor, layout, "staff"), _aisles(floor, layout, "public")
    # nothing stands between two ways side by side: a passer's elbow may be over the line
    brushed = public.buffer(read_data("space.toml")["overhang_m"], join_style="mitre")
    return shapely.union_all([staff_zones(floor, layout), staff.difference(brushed)])


def staff_zones(floor: Floor, layout: Layout) -> BaseGeometry:
    """Returns the zones that are for staff, and what of others lies behind the counters: where visitors come in no danger either."""
    return shapely.union_all([zone.area.difference(public_part(zone, layout)) for zone in on_floor(layout, floor)])


def public_only(floor: Floor, layout: Layout) -> BaseGeometry:
    """Returns where staff ways do not lead: public zones, before the counters, public aisles."""
    return shapely.union_all([*_public_parts(floor, layout), _aisles(floor, layout, "public")])


def off_the_ways(floor: Floor, layout: Layout, through: Iterable[str]) -> BaseGeometry:
    """Returns the public zones that only those who want something there enter; `through` are types people pass through."""
    types = zone_types()
    inner = [z.area for z in on_floor(layout, floor) if types[z.type].side == "public" and z.type not in set(through)]
    return shapely.union_all(inner)


def _public_parts(floor: Floor, layout: Layout) -> list[BaseGeometry]:
    return [public_part(zone, layout) for zone in on_floor(layout, floor)]


def _aisles(floor: Floor, layout: Layout, network: str) -> BaseGeometry:
    found = [aisle.area for aisle in layout.aisles if aisle.floor == floor.id and aisle.network == network]
    return shapely.union_all(found)


def sight_blockers(floor: Floor, layout: Layout, eye_m: float) -> BaseGeometry:
    """Returns what hides at eye height: walls, columns, opaque partitions, furniture as tall as the eye or taller."""
    clear = read_data("space.toml")["see_through"]
    tall = [
        footprint(piece)
        for piece in layout.furniture
        if piece.floor == floor.id and piece.height_m >= eye_m and piece.kind not in clear
    ]
    columns = [column.area for column in floor.of_kind(ObstacleKind.COLUMN)]
    walls = _walls(floor, layout.demolished, layout.partitions, layout.doors, False)
    return shapely.union_all([_solid(floor), *columns, *tall, walls])


@kept(_KEPT)
def _solid(floor: Floor) -> BaseGeometry:
    """What is built in the outline, and no hole in the floor."""
    voids = [void.area for void in floor.of_kind(ObstacleKind.VOID)]
    return floor.outline.difference(shapely.union_all([floor.usable, *voids]))


Relief = tuple[BaseGeometry, float, float]
"""What hides: its ground, lower and upper edge in m above the floor."""


def sight_relief(floor: Floor, layout: Layout) -> list[Relief]:
    """Returns what hides with its heights: walls, columns and opaque partitions whole, furniture from the floor to its top
    or, when it hangs, below its top as far as data/space.toml says. Glass and walk-through frames hide nothing.
    """
    sizes = read_data("space.toml")
    by_height: dict[tuple[float, float], list[Polygon]] = {}
    for piece in layout.furniture:
        if piece.floor == floor.id and piece.height_m > 0 and piece.kind not in sizes["sightless"]:
            depth = sizes["hung_m"].get(piece.kind, piece.height_m)
            by_height.setdefault((piece.height_m - depth, piece.height_m), []).append(footprint(piece))
    whole = sight_blockers(floor, layout, math.inf)
    return [(whole, -math.inf, math.inf), *((shapely.union_all(by_height[key]), *key) for key in sorted(by_height))]
