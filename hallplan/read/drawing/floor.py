"""One floor in its plan frame: outline, walls, usable ground, obstacles, doors, rooms, marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, Guess, Obstacle, ObstacleKind, Opening, OpeningRole, Room
from hallplan.read.drawing.floor_drawing import FloorDrawing
from hallplan.read.drawing.linework import union
from hallplan.read.drawing.outline import Boundary, as_lines, biggest
from hallplan.read.drawing.roles import RoleMarks, assign_roles, invent_entrances, invented, make_openings, marks_from
from hallplan.read.drawing.rooms import Named, find_rooms, label_rooms, lone_areas, name_labels, uncertain_rooms
from hallplan.read.drawing.spaces import find_links, find_obstacles
from hallplan.read.drawing.vocabulary import first_match, sizes
from hallplan.read.drawing.walls import Walls, build_walls, open_up, pair_lines, pieces, with_doorways
from hallplan.settings import Settings
from hallplan.terms import aliases, text

_LEAST_PART_M2 = 3.0
_WALL_TO_COLUMN_M = 0.25
_MARK_ENTRANCE = ("HP-入口", "HP-ENTRANCE")
_MARK_LOCK = ("HP-锁定", "HP-LOCK")
_MARK_KEEP = ("HP-禁止", "HP-KEEPOUT")


def read_floor(part: FloorDrawing, boundary: Boundary, settings: Settings) -> tuple[Floor, list[Guess], list[str]]:
    """Returns the floor, what was guessed about it, and warnings."""
    outline = boundary.outline
    labels = part.labels_within(3.0)
    names = name_labels(labels, part.kinds)
    every_column = part.columns
    shell = _shell(part, outline, every_column, settings)
    roofs = _roofs(part, shell.faces, outline, every_column, names) if not boundary.is_given else []
    warnings = []
    if roofs:
        outline = without_roofs(outline, roofs)
        shell = _shell(part, outline, every_column, settings)
        warnings.append(text("read_drawing.roofs", area=f"{sum(roof.area for roof in roofs):.0f}"))
    joined, thin, columns = shell.joined, shell.skin, shell.columns
    rooms = label_rooms(shell.faces, names, lone_areas(labels), part.area_rings())
    openings, guesses = _openings(part, replace(boundary, outline=outline), rooms, settings)
    walls = with_doorways(shell.walls, (opening for opening in openings if not opening.is_exterior))
    flights = [f for f in part.flights if outline.contains(f.centroid)]
    blocking = find_obstacles(part.work, part.kinds, rooms, part.folds, outline, flights, names, openings)
    solid = union([walls.outer, walls.fixed, joined, thin, *(o.area for o in blocking)])
    usable = _usable(outline, solid)
    guesses += uncertain_rooms([room for room, _ in rooms], names, part.frame)
    obstacles = (*_column_obstacles(columns), *blocking, *_wall_obstacles(walls))
    warnings += _unreached(usable, openings, part.frame)
    floor = Floor(
        part.id, _floor_name(part), part.level, part.frame, outline, usable, obstacles, tuple(openings),
        _glazing(part, outline), _named_rooms(rooms), find_links(blocking), _keep_clear(part, outline, settings),
        _locked(part, outline), walls.count,
    )  # fmt: skip
    return floor, guesses, warnings


def is_building(floor: Floor, part: FloorDrawing) -> bool:
    """Returns whether a plan has floor to use, and something that a building has and other drawings do not.

    That is a layer named for walls, windows, columns or doors, a door, names of rooms, or an outer wall of two lines.
    """
    rules = sizes("building")
    named = part.kinds.named(part.work, "wall", "structure", "window", "column", "outline", "door", "room")
    is_named = int(named[part.lines].sum()) >= rules["named_lines"]
    share = floor.usable.area / floor.outline.area
    if floor.usable.area < rules["least_m2"] or (not is_named and share < rules["share"]):
        return False
    if is_named or part.doors or sum(bool(room.name) for room in floor.rooms) >= rules["named_rooms"]:
        return True
    slab, _ = pair_lines(part.walls, part.is_structural)
    rim = floor.outline.exterior
    outer = slab.shapes[shapely.dwithin(slab.shapes, rim, 0.1)]
    doubled = shapely.intersection(rim, shapely.buffer(union(outer), 0.05)) if len(outer) else LineString()
    return bool(doubled.length > rules["faced"] * rim.length)


@dataclass(frozen=True, slots=True)
class _Shell:
    """Walls, the columns in and beside them, the outline's skin, and the faces between."""

    walls: Walls
    columns: list[Polygon]
    joined: BaseGeometry
    skin: BaseGeometry
    faces: list[Polygon]


def _shell(part: FloorDrawing, outline: Polygon, every_column: Sequence[Polygon], settings: Settings) -> _Shell:
    kept = [*_kept_places(part, settings), *_as_it_is(part, outline, settings)]
    walls, _ = build_walls(part.walls, part.is_structural, outline, settings.drawing, kept)
    reach = outline.buffer(1.5)
    columns = [column for column in every_column if reach.contains(column.centroid)]
    skin = shapely.buffer(outline.exterior, sizes("walls")["single_m"] / 2, join_style="mitre")
    joined = _columns_in_walls(columns, union([walls.outer, walls.fixed]))
    touching = _columns_in_walls(columns, walls.every)
    faces = find_rooms(outline, walls, union([skin, touching]), part.doors)
    return _Shell(walls, columns, joined, skin, faces)


def _roofs(
    part: FloorDrawing, faces: Sequence[Polygon], outline: Polygon, columns: Sequence[Polygon], names: Sequence[Named]
) -> list[Polygon]:
    """Returns outer faces that are roofs of a lower floor: no name, no column, no window outside, where others have them."""
    rules = sizes("roofs")
    windows = part.work.segments[part.kinds.mask(part.work.segment_layer, "window")]
    if len(names) < rules["names"] or len(columns) < rules["columns"] or not len(windows):
        return []
    glass = union(shapely.linestrings(windows.reshape(-1, 2, 2)))
    named = shapely.points([name.at for name in names])
    found = []
    for face in faces:
        expected = face.area / outline.area * len(columns)
        if face.area < rules["least_m2"] or expected < rules["expected_columns"] or shapely.contains(face, named).any():
            continue
        edge = shapely.intersection(outline.exterior, shapely.buffer(face, 0.7, join_style="mitre"))
        if edge.length <= rules["edge"] * face.length:
            continue
        if shapely.intersection(glass, shapely.buffer(edge, 0.5, cap_style="flat")).length >= 0.1 * edge.length:
            continue
        others = union([other for other in faces if other is not face])
        own = shapely.buffer(edge, 0.6, cap_style="flat").difference(shapely.buffer(others, 1.2))
        feet = union([column for column in columns if column.distance(others) > 0.7])
        if not own.intersects(feet) and face.intersection(feet).area < 0.05:
            found.append(face)
    rim = union([outline.exterior, *found])
    return [*found, *(fold for fold in part.folds if found and fold.distance(rim) < rules["parapet_m"])]


def without_roofs(outline: Polygon, roofs: Sequence[Polygon]) -> Polygon:
    """Returns the outline less roofs and the parapets around them."""
    rest = shapely.difference(outline, shapely.buffer(union(list(roofs)), 0.1, join_style="mitre"))
    half = sizes("roofs")["parapet_m"] / 2
    opened = shapely.buffer(shapely.buffer(rest, -half, join_style="mitre"), half, join_style="mitre", mitre_limit=2.0)
    return Polygon(biggest(shapely.buffer(opened, 0.1, join_style="mitre").intersection(outline)).exterior)


def _floor_name(part: FloorDrawing) -> str:
    return part.title or text("read_drawing.floor_name", level=part.level)


def _columns_in_walls(columns: Sequence[Polygon], solid: BaseGeometry) -> BaseGeometry:
    """Returns the columns that a wall runs into: they close the wall there."""
    near = [column for column in columns if column.distance(solid) < _WALL_TO_COLUMN_M]
    return union(near) if near else Polygon()


def _usable(outline: Polygon, solid: BaseGeometry) -> MultiPolygon:
    opened = open_up(shapely.difference(outline, solid), 0.2)
    return MultiPolygon([part for part in opened.geoms if part.area >= _LEAST_PART_M2])


def _column_obstacles(columns: Sequence[Polygon]) -> list[Obstacle]:
    return [Obstacle(f"column-{n}", ObstacleKind.COLUMN, column) for n, column in enumerate(columns, 1)]


def _wall_obstacles(walls: Walls) -> list[Obstacle]:
    fixed = [Obstacle(f"wall-{n}", ObstacleKind.WALL, p) for n, p in enumerate(pieces(walls.fixed), 1)]
    light = [Obstacle(f"partition-{n}", ObstacleKind.WALL, p, False) for n, p in enumerate(pieces(walls.partitions), 1)]
    return [*fixed, *light]


def _named_rooms(rooms: Sequence[tuple[Room, str]]) -> tuple[Room, ...]:
    return tuple(room for room, _ in rooms if room.name or room.area.area > 1.5)


def _openings(
    part: FloorDrawing, boundary: Boundary, rooms: Sequence[tuple[Room, str]], settings: Settings
) -> tuple[list[Opening], list[Guess]]:
    outline = boundary.outline
    openings = make_openings([d for d in part.doors if outline.distance(Point(d.at)) < 1.0], outline)
    told = [*marks_from(settings.entrances.model_dump(), part.frame), *_entrance_marks(part)]
    told = [(role, place) for role, place in told if outline.distance(Point(place)) < 5.0]
    marks = RoleMarks(tuple(told), part.labels_within(6.0))
    openings, guesses = assign_roles(openings, marks, frame=part.frame, floor_level=part.level, rooms=rooms)
    if part.level <= 1 and not any(o.role == OpeningRole.MAIN for o in openings):
        areas = [Polygon(r.points) for r in part.work.rings if first_match("entrances", r.layer) == "main"]
        gaps = [(gap.at, gap.width_m) for gap in boundary.gaps]
        named = [room for room, _ in rooms]
        made = invent_entrances(outline, named, gaps, [a for a in areas if a.intersects(outline)], told)
        guesses += [invented(o, part.frame) for o in made if o.confidence < 1.0]
        openings += made
    return openings, guesses


def _entrance_marks(part: FloorDrawing) -> list[tuple[str, tuple[float, float]]]:
    found = []
    for (x, y, _), layer in zip(part.work.circles.tolist(), part.work.circle_layer.tolist(), strict=True):
        role = _marked_role(part.work.layers[layer])
        if role:
            found.append((role, (x, y)))
    for ring in part.work.rings:
        role = _marked_role(ring.layer)
        if role:
            found.append((role, tuple(ring.points.mean(axis=0).tolist())))
    return found


@lru_cache(maxsize=4096)
def _marked_role(layer: str) -> str:
    """Returns the role that an entrance mark's layer names, "" for other layers."""
    if not layer.upper().startswith(_MARK_ENTRANCE):
        return ""
    said = layer.split("-", 2)[2] if layer.count("-") >= 2 else ""
    for role in OpeningRole:
        if said.casefold() in {role.value, *(alias.casefold() for alias in aliases("role", role.value))}:
            return role.value
    return OpeningRole.MAIN.value


def _glazing(part: FloorDrawing, outline: Polygon) -> tuple[LineString, ...]:
    """Returns the stretches of the outline with window lines along it."""
    mask = np.zeros(len(part.work.segments), dtype=bool)
    mask[part.lines] = True
    mask &= part.kinds.mask(part.work.segment_layer, "window") & (part.work.lengths > 0.25)
    picked = shapely.get_parts(as_lines(part.work.segments[mask]))
    picked = picked[shapely.dwithin(picked, outline.exterior, 0.5)]
    if not len(picked):
        return ()
    band = union(shapely.buffer(picked, 0.45, cap_style="flat"))
    along = shapely.line_merge(shapely.intersection(outline.exterior, band))
    lines = [line for line in shapely.get_parts(shapely.simplify(along, 0.05)) if line.length > 0.5]
    return tuple(sorted(lines, key=lambda line: tuple(round(v, 3) for v in line.bounds)))


def _marked(part: FloorDrawing, prefixes: tuple[str, ...], outline: Polygon) -> list[Polygon]:
    rings = [shapely.make_valid(Polygon(r.points)) for r in part.work.rings if r.layer.upper().startswith(prefixes)]
    return [biggest(ring) for ring in rings if ring.intersects(outline)]


def _keep_clear(part: FloorDrawing, outline: Polygon, settings: Settings) -> tuple[Polygon, ...]:
    """What no zone may lie on: regions marked or set as kept free, and those that stay as they are."""
    told = _regions(part, settings.place.keep_out, outline)
    return (*_marked(part, _MARK_KEEP, outline), *told, *_as_it_is(part, outline, settings))


def _as_it_is(part: FloorDrawing, outline: Polygon, settings: Settings) -> list[Polygon]:
    """Regions that stay as they are: set, or marked by a lock without a name."""
    unnamed = [area for area, name in _locks(part, outline) if not name]
    return [*unnamed, *_regions(part, settings.place.keep_as_is, outline)]


def _regions(part: FloorDrawing, corners: Sequence[Sequence[float]], outline: Polygon) -> list[Polygon]:
    """Regions given in drawing units, in the plan frame of the floor they lie on."""
    shapes = [part.frame.to_plan(box(*four)) for four in corners]
    return [shape for shape in shapes if isinstance(shape, Polygon) and shape.intersects(outline)]


def _kept_places(part: FloorDrawing, settings: Settings) -> list[Point]:
    shapes = [part.frame.to_plan(Point(*place)) for place in settings.drawing.keep_walls]
    return [shape for shape in shapes if isinstance(shape, Point)]


def _locked(part: FloorDrawing, outline: Polygon) -> tuple[Room, ...]:
    named = [(area, name) for area, name in _locks(part, outline) if name]
    return tuple(Room(f"L{n}", name, area) for n, (area, name) in enumerate(named, 1))


def _locks(part: FloorDrawing, outline: Polygon) -> Iterator[tuple[Polygon, str]]:
    """Areas marked as locked, each with the name written in it or none."""
    for area in _marked(part, _MARK_LOCK, outline):
        names = [
            t.words for t in part.work.labels if t.layer.upper().startswith(_MARK_LOCK) and area.contains(Point(t.at))
        ]
        yield area, names[0].strip() if names else ""


def _unreached(usable: MultiPolygon, openings: Sequence[Opening], frame: Frame) -> list[str]:
    """Returns a warning for each part of the usable ground that no entrance, door or partition leads to."""
    doors = [shapely.buffer(o.line, 0.6) for o in openings]
    joined = shapely.get_parts(union([*(part.buffer(0.05) for part in usable.geoms), *doors]))
    starts = [Point(o.at) for o in openings if o.is_exterior or o.role != OpeningRole.ROOM]
    lost = [part for part in joined if part.area > 6.0 and not any(part.distance(p) < 1.0 for p in starts)]
    if not starts:
        return []
    out = []
    for part in lost[:10]:
        x, y = frame.point_to_drawing_m((part.representative_point().x, part.representative_point().y))
        out.append(text("read_drawing.unreached", area=f"{part.area:.1f}", x=f"{x:.2f}", y=f"{y:.2f}"))
    return out
