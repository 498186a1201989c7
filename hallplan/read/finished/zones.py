"""Labels, closed lines, rooms and furniture -> the zones of a finished hall."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import polygons_of
from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Furniture, PlacedZone
from hallplan.model.site import Floor, ObstacleKind
from hallplan.model.space import footprint, in_front
from hallplan.model.standing import StandingZone
from hallplan.read.drawing.rooms import stated_area
from hallplan.read.finished.drawn import Drawn, Words
from hallplan.read.finished.words import is_thing, size, zone_in, zone_name
from hallplan.terms import read_data
from hallplan.units import round_m

FIXED = ("toilet", "equipment_rooms")
"""Rooms that the building has; the site knows them as obstacles."""
_STATED = 0.1
_APART_M2 = 0.5
_COUNTERS = ("counter", "counter_low", "counter_standing", "info_desk", "form_desk", "form_desk_low")


@dataclass(frozen=True, slots=True)
class Label:
    """A text that names a zone."""

    kind: str
    name: str
    floor: str
    at: Point
    stated_m2: float


@dataclass(frozen=True, slots=True)
class ZonesFound:
    """Zones by how they were found: a line or a room around the label, or by furniture near it; names that nothing places."""

    zones: tuple[StandingZone, ...]
    by_furniture: tuple[str, ...]
    placeless: tuple[str, ...]


def read_zones(drawn: Drawn, furniture: Sequence[Furniture], floors: Sequence[Floor]) -> ZonesFound:
    """Returns the zones that labels of a drawing name, each where a closed line, a room or its furniture shows it to be."""
    labels = _labels(drawn.words)
    found: list[tuple[Label, Polygon, str]] = []
    left: list[Label] = []
    for floor in floors:
        mine = [label for label in labels if label.floor == floor.id]
        rings = _rings(drawn, floor)
        placed, rest = _in_rings(mine, rings)
        inside, rest = _in_rooms(rest, mine, floor)
        found += [(label, area, "line") for label, area in placed] + [(label, area, "room") for label, area in inside]
        taken = shapely.union_all([area for _, area in [*placed, *inside]])
        near, rest = _by_furniture(rest, furniture, floor, taken)
        found += [(label, area, "furniture") for label, area in near]
        left += rest
    zones = _numbered(found, floors)
    by_furniture = tuple(zone.name for zone, (*_, how) in zip(zones, found, strict=True) if how == "furniture")
    served, placeless = _served(zones, left)
    return ZonesFound(served, by_furniture, placeless)


def _labels(words: Sequence[Words]) -> list[Label]:
    """The texts that name zones; the name of a thing (咨询台) names its zone where no other text does, once a floor."""
    named: list[Label] = []
    things: list[Label] = []
    for word in words:
        kind = zone_in(word.text)
        if kind and kind != "toilet":
            label = Label(kind, zone_name(word.text), word.floor, Point(word.at), stated_area(word.text))
            (things if is_thing(label.name) else named).append(label)
    for label in things:
        if all((other.kind, other.floor) != (label.kind, label.floor) for other in named):
            named.append(label)
    return named


def _rings(drawn: Drawn, floor: Floor) -> list[Polygon]:
    most = size("ring_share") * floor.outline.area
    near = floor.outline.buffer(size("edge_m"))
    rings = [shape.area for shape in drawn.shapes if shape.floor == floor.id and not shape.name]
    return [ring for ring in rings if size("ring_m2") <= ring.area <= most and near.contains(ring)]


def _in_rings(labels: Sequence[Label], rings: Sequence[Polygon]) -> tuple[list[tuple[Label, Polygon]], list[Label]]:
    """Each label with the smallest closed line around it, one that has the written area before others; one label a line."""
    wishes = []
    for n, label in enumerate(labels):
        for m, ring in enumerate(rings):
            if ring.contains(label.at):
                agrees = label.stated_m2 and abs(ring.area - label.stated_m2) <= _STATED * label.stated_m2
                wishes.append((not agrees, round(ring.area, 3), n, m))
    placed: dict[int, int] = {}
    for _, _, n, m in sorted(wishes):
        if n not in placed and m not in placed.values():
            placed[n] = m
    found = [(labels[n], rings[m]) for n, m in sorted(placed.items())]
    return found, [label for n, label in enumerate(labels) if n not in placed]


def _in_rooms(
    labels: Sequence[Label], every: Sequence[Label], floor: Floor
) -> tuple[list[tuple[Label, Polygon]], list[Label]]:
    """Each label with the room around it, where it is the only one in there."""
    found, rest = [], []
    rooms = [room.area for room in floor.rooms]
    for label in labels:
        host = next((room for room in rooms if room.contains(label.at)), None)
        if host is not None and sum(host.contains(other.at) for other in every) == 1:
            found.append((label, host))
        elif label.kind not in FIXED:
            rest.append(label)
    return found, rest


def _by_furniture(
    labels: Sequence[Label], furniture: Sequence[Furniture], floor: Floor, taken: BaseGeometry
) -> tuple[list[tuple[Label, Polygon]], list[Label]]:
    """Labels in the open hall with the ground of the furniture that belongs to their kind and stands nearest to them."""
    belongs = read_data("finished.toml")["belongs"]
    here = [p for p in furniture if p.floor == floor.id and not taken.contains(Point(p.at))]
    own: dict[int, list[Furniture]] = defaultdict(list)
    for piece in here:
        fitting = [n for n, label in enumerate(labels) if piece.kind in belongs.get(label.kind, ())]
        best = min(fitting, key=lambda n: (round(labels[n].at.distance(Point(piece.at)), 3), n), default=None)
        if best is not None and labels[best].at.distance(Point(piece.at)) <= size("reach_m") * 2:
            own[best].append(piece)
    found, rest = [], []
    for n, label in enumerate(labels):
        area = _ground_of(_cluster(label, own.get(n, [])), floor).difference(taken)
        parts = [part for part in polygons_of(area) if part.area > size("ring_m2")]
        if parts:
            part = Polygon(parts[0].exterior)
            found.append((label, part))
            taken = taken.union(part)
        else:
            rest.append(label)
    return found, rest


def _cluster(label: Label, pieces: Sequence[Furniture]) -> list[Furniture]:
    """The pieces that one reaches from the label, or from another piece, within a few metres."""
    left = sorted(pieces, key=lambda piece: label.at.distance(Point(piece.at)))
    kept: list[Furniture] = []
    while left:
        reached = label.at if not kept else shapely.MultiPoint([piece.at for piece in kept])
        near = [
            piece
            for piece in left
            if reached.distance(Point(piece.at)) <= (size("reach_m") if not kept else size("reach_m") / 2)
        ]
        if not near:
            break
        kept += near
        left = [piece for piece in left if piece not in near]
    return kept


def _ground_of(pieces: Sequence[Furniture], floor: Floor) -> BaseGeometry:
    """The ground around pieces, with that before (and behind counters), within the floor."""
    if not pieces:
        return Polygon()
    grounds: list[BaseGeometry] = [footprint(piece) for piece in pieces]
    for piece in pieces:
        if piece.kind in _COUNTERS or piece.kind.startswith(("kiosk", "queue_machine")):
            grounds.append(in_front(piece, size("before_m")))
        if piece.kind.startswith("counter"):
            back = replace(piece, facing_deg=(piece.facing_deg + 180.0) % 360.0)
            grounds.append(in_front(back, size("after_m")))
    joined = shapely.union_all(grounds)
    is_level = shapely.minimum_rotated_rectangle(joined)
    bounds = shapely.box(*joined.bounds)
    around = bounds if bounds.area <= 1.3 * is_level.area else joined.convex_hull
    if around.area > 2.0 * joined.buffer(0.7).area:
        around = joined.buffer(0.7, join_style="mitre").buffer(-0.7, join_style="mitre")
    walls = [o.area for o in floor.obstacles if o.kind is ObstacleKind.WALL]
    return around.intersection(floor.usable).difference(shapely.union_all(walls))


def _numbered(found: Sequence[tuple[Label, Polygon, str]], floors: Sequence[Floor]) -> list[StandingZone]:
    counts: Counter[str] = Counter()
    by_id = {floor.id: floor for floor in floors}
    zones = []
    for label, area, how in found:
        counts[label.kind] += 1
        floor = by_id[label.floor]
        area = area if how == "room" else _off_walls(area, floor)
        columns = shapely.union_all([column.area for column in floor.of_kind(ObstacleKind.COLUMN)])
        net = round_m(area.area - area.intersection(columns).area)
        id = f"{label.kind}-{counts[label.kind]}"
        placed = PlacedZone(id, label.kind, floor.id, area, net, net, is_fixed=how == "room")
        zones.append(StandingZone(placed, label.name or zone_types()[label.kind].name))
    return zones


def _off_walls(area: Polygon, floor: Floor) -> Polygon:
    """A zone whose line runs on walls, as far as it lies on the floor; one that lies deeper in them is left as drawn."""
    over = area.difference(floor.usable)
    if over.buffer(-size("edge_m") / 2).area > 1e-6:
        return area
    parts = polygons_of(area.intersection(floor.usable))
    return Polygon(parts[0].exterior) if parts else area


def _served(zones: Sequence[StandingZone], left: Sequence[Label]) -> tuple[tuple[StandingZone, ...], tuple[str, ...]]:
    """Gives kinds that only words name to the zone that the words stand in; returns the names of those that stand in none."""
    more: Mapping[str, list[str]] = defaultdict(list)
    placeless = []
    for label in left:
        hosts = [
            zone for zone in zones if zone.placed.floor == label.floor and zone.placed.area.distance(label.at) < 0.01
        ]
        if hosts and hosts[0].placed.type != label.kind:
            more[hosts[0].placed.zone].append(label.kind)
        elif not hosts:
            placeless.append(label.name)
    served = tuple(replace(zone, serves=tuple(dict.fromkeys(more.get(zone.placed.zone, ())))) for zone in zones)
    return served, tuple(placeless)
