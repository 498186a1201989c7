"""What a check looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import polygons_of
from hallplan.model.demand import Demand
from hallplan.model.findings import Finding, Place, Rule, Status, Value
from hallplan.model.flow import Leg, Routes
from hallplan.model.layout import Furniture, Layout, PlacedZone
from hallplan.model.programme import Programme, Zone
from hallplan.model.shapes import Point as Spot
from hallplan.model.signs import SignPlan
from hallplan.model.site import Floor, ObstacleKind, Opening, Site
from hallplan.model.space import for_ways, ground, staff_only
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.terms import read_data, text, word
from hallplan.units import round_m

Extent = Literal["public", "free", "clear"]
"""clear: free ground when chairs at desks and counters are pushed in; public: what of it visitors may enter;
free: ground with every chair drawn out."""
WIDTH_TOL_M = 0.02
WIDTH_STEP_M = 0.01
LEAST_WIDTH_M = 0.4
CORES = (ObstacleKind.STAIR, ObstacleKind.LIFT)
DOOR_REACH_M = 0.6
WALL_MOST_M = 0.5
"""No wall between a room of the drawing and its door is thicker."""
LOBBY_M = 2.5
"""Drawn lifts are cars: their doors stand this far before them at most."""


@dataclass(frozen=True, slots=True)
class Task:
    """A rule to decide: the rule, its own options, why it may be undecidable, why its limit was changed, its pack."""

    rule: Rule
    options: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    changed: str = ""
    pack: str = ""

    @property
    def limit(self) -> float:
        """The limit as a number; NaN when there is none."""
        return float(self.rule.limit) if isinstance(self.rule.limit, int | float) else float("nan")

    def passed(self, key: str, value: Value, where: Place | None = None, **words: object) -> Finding:
        """Returns the finding that the rule holds."""
        return self._finding("pass", key, value, where, words)

    def failed(self, key: str, value: Value, where: Place | None = None, **words: object) -> Finding:
        """Returns the finding that the rule does not hold: what, where, how much, what would mend it."""
        return self._finding("fail", key, value, where, words)

    def undecided(self, key: str, value: Value = None, where: Place | None = None, **words: object) -> Finding:
        """Returns the finding that the plan does not tell."""
        return self._finding("undecided", key, value, where, words)

    def _finding(
        self, status: Status, key: str, value: Value, where: Place | None, words: Mapping[str, object]
    ) -> Finding:
        value = round_m(value) if isinstance(value, float) else value
        shown = {
            "value": _shown(value),
            "limit": _shown(words.get("limit", self.rule.limit)),
            "unit": self.rule.unit or "",
        }
        found = text(f"check.{key}", **{**shown, **{k: w for k, w in words.items() if k != "limit"}})
        message = text("check.message", rule=self.rule.text, found=found) + self.changed
        limit = words.get("limit", self.rule.limit)
        rule = self.rule
        return Finding(
            rule.id, rule.clause, rule.level, status, where or Place(), value, limit, rule.unit, message, rule.confidence  # type: ignore[arg-type]
        )  # fmt: skip


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") if value == round(value, 2) else f"{value:.2f}"
    return "–" if value is None else str(value)


@dataclass(frozen=True)
class Case:
    """A plan under check, with what several checks need, made once; stands: a finished hall, not planned here."""

    site: Site
    demand: Demand
    windows: WindowPlan
    programme: Programme
    layout: Layout
    routes: Routes
    signs: SignPlan
    settings: Settings
    stands: bool = False
    _parts: dict[tuple[str, Extent, int], list[Polygon]] = field(default_factory=dict)
    _grounds: dict[tuple[str, Extent], BaseGeometry] = field(default_factory=dict)
    _insides: dict[str, BaseGeometry] = field(default_factory=dict)

    @cached_property
    def zones(self) -> dict[str, PlacedZone]:
        """Placed zones by id."""
        return {zone.zone: zone for zone in self.layout.zones}

    @cached_property
    def wanted(self) -> dict[str, Zone]:
        """Zones of the programme by id."""
        return {zone.id: zone for zone in self.programme.zones}

    def name(self, stop: str) -> str:
        """Returns what a zone, door or link is called in a message."""
        if stop in self.wanted:
            names = [zone.name for zone in self.programme.zones]
            name = self.wanted[stop].name
            return name if names.count(name) == 1 else f"{name} {stop.rsplit('-', 1)[-1]}"
        kind, _, id = stop.partition(":")
        if kind == "door":
            return word("role", id)
        return text(f"check.{kind}_named", id=id) if kind in ("exit", "link") else stop or text("check.hall")

    def zone_place(self, zone_id: str, at: Spot | None = None) -> Place:
        """Returns the place of a finding in a zone."""
        zone = self.zones.get(zone_id)
        if zone is None:
            return Place(zone=zone_id)
        middle = zone.area.representative_point()
        return Place(zone.floor, zone_id, at or (round_m(middle.x), round_m(middle.y)))

    def floors_used(self) -> list[Floor]:
        """Returns the floors that have zones."""
        used = {zone.floor for zone in self.layout.zones}
        return [floor for floor in self.site.floors if floor.id in used]

    def pieces(self, *kinds: str) -> list[Furniture]:
        """Returns furniture of kinds, by id."""
        return sorted(self.layout.of_kind(*kinds), key=lambda piece: piece.id)

    def ground(self, floor: str, extent: Extent) -> BaseGeometry:
        """Returns the free ground of a floor."""
        key = floor, extent
        if key not in self._grounds:
            shape = self.site.floor(floor)
            if extent == "clear":
                self._grounds[key] = ground(shape, self.layout, ignore=read_data("space.toml")["movable"])
            else:
                # a chair stands at its desk, it does not narrow the way beside it
                is_public = extent == "public"
                free = self.ground(floor, "clear") if is_public else ground(shape, self.layout)
                self._grounds[key] = free.difference(staff_only(shape, self.layout)) if is_public else free
        return self._grounds[key]

    def parts(self, floor: str, extent: Extent, width_m: float) -> list[Polygon]:
        """Returns the connected parts of the ground on which one of `width_m` can stand, as places of the middle."""
        key = floor, extent, round(width_m * 1000)
        if key not in self._parts:
            reach = max(0.0, width_m - WIDTH_TOL_M) / 2
            shape = for_ways(self.ground(floor, extent), self.site.floor(floor), self.layout, width_m)
            self._parts[key] = polygons_of(shapely.buffer(shape, -reach, quad_segs=2))
        return self._parts[key]

    def stop_shape(self, leg: Leg, stop: str, end: int) -> BaseGeometry:
        """Returns what a leg's stop is on the floor: the doors or the ground of its zone, or the end of its line."""
        zone = self.zones.get(stop)
        if zone is None or zone.floor != leg.floor:
            return (
                self._way_in(leg.floor, Point(leg.line.coords[end]))
                if stop.startswith("link:")
                else Point(leg.line.coords[end])
            )
        doors = [Point(door.at) for door in self.layout.doors if door.zone == stop]
        if not doors and zone.is_fixed:
            doors = self._drawn_doors(leg.floor, zone.area)
        if doors:
            return MultiPoint(doors)
        if stop not in self._insides:
            inside = zone.area.intersection(self.ground(leg.floor, "free"))
            self._insides[stop] = inside if inside.area > 0 else zone.area
        return self._insides[stop]

    def _way_in(self, floor_id: str, at: Point) -> BaseGeometry:
        """The doors of the stair or lift around a point; its edge where none are drawn."""
        cores = [
            o.area for o in self.site.floor(floor_id).obstacles if o.kind in CORES and o.area.distance(at) < WALL_MOST_M
        ]
        if not cores:
            return at
        core = min(cores, key=lambda area: area.distance(at))
        doors = self._drawn_doors(floor_id, core) or self._drawn_doors(floor_id, core, LOBBY_M)
        return MultiPoint(doors) if doors else core.boundary

    def _drawn_doors(self, floor_id: str, room: BaseGeometry, reach_m: float = WALL_MOST_M) -> list[Point]:
        """The inner doors of the drawing in the walls around a room."""
        drawn = [door for door in self.site.floor(floor_id).openings if not door.is_exterior]
        return [Point(door.at) for door in drawn if room.distance(door.line) < reach_m]

    def joins(self, leg: Leg, extent: Extent, width_m: float) -> bool:
        """Whether one of `width_m` can walk from the edge of a leg's first zone or door to the edge of its last."""
        shapes = [self.stop_shape(leg, leg.start, 0), self.stop_shape(leg, leg.end, -1)]
        # no wall is as thin as the tolerance, so nobody reaches a zone through one; doors stand back in thick walls
        reach = [width_m / 2 + (WIDTH_TOL_M if shape.area else DOOR_REACH_M) for shape in shapes]
        parts = self.parts(leg.floor, extent, width_m)
        return any(all(part.distance(s) <= r for s, r in zip(shapes, reach, strict=True)) for part in parts)

    def narrowest(self, leg: Leg, extent: Extent, passes_m: float, limit: float) -> Spot:
        """Returns where a leg's way is narrowest: between the parts that its ends lie in just above that width."""
        parts = self.parts(leg.floor, extent, min(limit, passes_m + 2 * WIDTH_STEP_M))
        ends = [self.stop_shape(leg, leg.start, 0), self.stop_shape(leg, leg.end, -1)]
        if not parts:
            middle = leg.line.interpolate(0.5, normalized=True)
            return round_m(middle.x), round_m(middle.y)
        one, two = (min(parts, key=lambda part, end=end: part.distance(end)) for end in ends)  # type: ignore[misc]
        gap = shapely.shortest_line(one if one is not two else ends[0], two if one is not two else one)
        middle = gap.interpolate(0.5, normalized=True)
        return round_m(middle.x), round_m(middle.y)

    def widest(self, can: Callable[[float], bool], limit: float) -> float:
        """Returns the widest width below a limit that fails, to 1 cm, for which `can` says yes; 0 below 0.4 m."""
        low, high = LEAST_WIDTH_M, limit
        if not can(low):
            return 0.0
        while high - low > WIDTH_STEP_M:
            middle = (low + high) / 2
            low, high = (middle, high) if can(middle) else (low, middle)
        return round(low, 2)

    def exits(self, floor: Floor, *, staff: bool = False) -> list[Opening]:
        """Returns doors of a floor that lead outside."""
        roles = read_data("flow.toml")["egress"]["staff_roles" if staff else "roles"]
        return [door for door in floor.openings if door.is_exterior and door.role.value in roles]

    def people(self, floor: str) -> int:
        """Returns how many are on a floor at the worst moment: waiting and served visitors, kiosk users, staff.

        Zones of a floor take part by their window types, kiosks and desks; the whole hall's people stand on its floors.
        """
        on_floor = {zone.zone for zone in self.layout.zones if zone.floor == floor}
        count = 0.0
        for kind in self.windows.types:
            homes = [zone.id for zone in self.programme.zones if kind.id in zone.window_types]
            share = sum(home in on_floor for home in homes) / len(homes) if homes else 1.0 / len(self.floors_used())
            # each open window: its visitor and its clerk
            count += share * (kind.waiting_p95 + 2 * max(kind.open, default=kind.windows) + kind.reviewers)
        kiosks = [piece for piece in self.pieces("kiosk", "kiosk_low") if piece.floor == floor]
        return round(count + len(kiosks))


def fresh(case: Case, **changes: object) -> Case:
    """Returns a copy of a case with parts changed and nothing remembered."""
    return replace(case, **changes, _parts={}, _grounds={}, _insides={})  # type: ignore[arg-type]
