"""One floor of an alternative in model space."""

from __future__ import annotations

import math
from collections import defaultdict

from ezdxf.entities.dxfgfx import DXFGraphic
from shapely.geometry import LineString

from hallplan.model.layout import Furniture, NewDoor
from hallplan.model.plan import Alternative
from hallplan.model.signs import Sign, sign_numbers
from hallplan.model.site import Floor
from hallplan.model.space import partition_pieces
from hallplan.scene.building import new_door_shapes
from hallplan.scene.dims import dimensions
from hallplan.scene.primitives import Arc, Scene, Stroke, Words
from hallplan.scene.reserve import reserve_areas
from hallplan.scene.routes import flows, network_routes, route_width_mm
from hallplan.scene.sight import heat_areas
from hallplan.scene.style import drawing_data, styles, text_mm
from hallplan.scene.things import service_points
from hallplan.scene.walk import blind_lines
from hallplan.scene.zones import area_text, zone_family
from hallplan.terms import text as told
from hallplan.write.dxf.blocks import Blocks, furniture_layer
from hallplan.write.dxf.pen import Pen

_TINT_TRANSPARENCY = 0.35
_HEAT_INDEX = (11, 61, 71, 81, 91)
_NUMBERED = ("counter", "counter_low", "counter_standing")


class FloorDrawing:
    """Draws everything an alternative puts on one floor; `tints` are the entities that must lie at the bottom."""

    def __init__(self, pen: Pen, blocks: Blocks, floor: Floor, alternative: Alternative, scene: Scene) -> None:
        self.pen, self.blocks, self.floor, self.scene = pen, blocks, floor, scene
        self.alternative, self.layout = alternative, alternative.layout
        self.tints: list[DXFGraphic] = []

    def draw(self) -> None:
        """Draws zones, ways, furniture, partitions, signs, points, demolition and dimensions."""
        self._zones()
        self._labels()
        self._reserves()
        self._routes()
        self._furniture()
        self._points()
        self._partitions()
        self._demolition()
        self._signs()
        self._sight()
        self._dimensions()

    def _mark(self, entity: DXFGraphic, kind: str, id: str) -> DXFGraphic:
        return self.pen.mark(entity, kind, id, self.floor.id)

    def _zones(self) -> None:
        pale = drawing_data()["dxf"]["pale"]
        for zone in self.layout.zones:
            if zone.floor != self.floor.id:
                continue
            style = f"zone_{zone_family(zone)}"
            tint = self.pen.hatch("zone", zone.area, pale[style], styles()[style].fill, _TINT_TRANSPARENCY)
            self.tints.append(self._mark(tint, "tint", zone.zone))
            self._mark(self.pen.ring("zone", zone.area.exterior.coords), "zone", zone.zone)
            for hole in zone.area.interiors:
                self._mark(self.pen.ring("zone", hole.coords), "zone-hole", zone.zone)

    def _labels(self) -> None:
        """Names and areas where the furniture plan found room for them, one MTEXT a zone."""
        lines: dict[str, list[Words]] = defaultdict(list)
        for shape in self.scene.layer("labels"):
            if isinstance(shape, Words) and shape.owner:
                lines[shape.owner].append(shape)
            elif isinstance(shape, Stroke) and shape.style == "leader":
                self._mark(self.pen.line("zone", LineString(shape.points)), "leader", "")
        for owner, words in sorted(lines.items()):
            at = sum(w.at[0] for w in words) / len(words), sum(w.at[1] for w in words) / len(words)
            text = self.pen.paragraph("zone", [(w.text, w.height_m) for w in words], at, words[0].angle_deg)
            self._mark(text, "label", owner)

    def _reserves(self) -> None:
        """Outlines of the floor in reserve with name and area, apart from the zones' layer: nothing lies there."""
        height = text_mm("area") * self.scene.metres_per_mm
        for n, area in enumerate(reserve_areas(self.floor, self.alternative), 1):
            self._mark(self.pen.ring("dimension", area.exterior.coords), "reserve", f"R{n}")
            at = area.representative_point()
            lines = [(told("scene.reserve_n", n=n), height), (area_text(area.area), height)]
            self._mark(self.pen.paragraph("dimension", lines, (at.x, at.y)), "reserve-label", f"R{n}")

    def _furniture(self) -> None:
        for item in self.layout.furniture:
            if item.floor == self.floor.id:
                self._piece(item, furniture_layer(item))

    def _piece(self, item: Furniture, layer: str) -> None:
        insert = self.pen.insert(layer, self.blocks.of_furniture(item), item.at, item.facing_deg - 90.0)
        height = 2.0 * self.scene.metres_per_mm
        self.pen.attribute(insert, "ID", item.id, item.at, height, hidden=True)
        self.pen.attribute(insert, "TYPE", item.kind, item.at, height, hidden=True)
        if item.window:
            size = min(height, 0.5 * item.size_m[1], 1.1 * item.size_m[0] / max(len(item.window), 1))
            hidden = item.kind not in _NUMBERED
            self.pen.attribute(
                insert, "WINDOW", item.window, item.at, size, angle_deg=item.facing_deg - 90.0, hidden=hidden
            )
        self._mark(insert, "furniture", item.id)

    def _points(self) -> None:
        here = tuple(item for item in self.layout.furniture if item.floor == self.floor.id)
        for n, (kind, owner, at) in enumerate(service_points(here), 1):
            insert = self.pen.insert("point", self.blocks.of_point(kind), at, -self.floor.frame.rotation_deg)
            height = self.scene.metres_per_mm
            self.pen.attribute(insert, "ID", owner, at, height, hidden=True)
            self.pen.attribute(insert, "TYPE", kind, at, height, hidden=True)
            self._mark(insert, "point", f"{kind}-{n}")

    def _routes(self) -> None:
        for network in ("public", "staff", "access", "egress"):
            pieces = flows(network_routes(self.alternative.routes, network), self.floor.id)
            most = max((people for _, people in pieces), default=0.0)
            for n, (line, people) in enumerate(pieces, 1):
                width = route_width_mm(people, most) * self.scene.metres_per_mm if network == "public" else 0.0
                entity = self.pen.line(f"route_{network}", line, width)
                if network == "public":
                    if self.pen.knows_color:
                        entity.transparency = 0.6
                    self.tints.append(entity)
                self._mark(entity, f"route-{network}", f"{network}-{n}")

    def _partitions(self) -> None:
        look: dict[str, dict[str, object]] = {
            "shutter": {"linetype": self.pen.names.linetypes["HP_DASH"], "color": 1},
            "glass": {"color": 4},
        }
        for wall, piece in partition_pieces(self.layout, self.floor.id):
            ring = self.pen.ring("partition", piece.exterior.coords, **look.get(wall.kind, {}))
            self._mark(ring, f"partition-{wall.kind}", wall.id)
        for door in self.layout.doors:
            if door.floor == self.floor.id:
                self._door(door)

    def _door(self, door: NewDoor) -> None:
        for shape in new_door_shapes(door):
            if isinstance(shape, Stroke):
                self._mark(self.pen.line("partition", LineString(shape.points)), "door", door.id)
            elif isinstance(shape, Arc):
                ends = self.pen.turn(shape.start_deg), self.pen.turn(shape.end_deg)
                attributes = {"layer": self.pen.names.layers["partition"]}
                radius = shape.radius_m * self.pen.k
                arc = self.pen.layout.add_arc(self.pen.at(shape.at), radius, *ends, dxfattribs=attributes)
                self._mark(arc, "door", door.id)

    def _demolition(self) -> None:
        near = self.floor.outline.buffer(0.5)
        for n, line in enumerate((line for line in self.layout.demolished if near.intersects(line)), 1):
            self._mark(self.pen.line("demolish", line, 0.1), "demolish", str(n))

    def _signs(self) -> None:
        numbers = sign_numbers(self.alternative.signs)
        for sign in self.alternative.signs.signs:
            if sign.floor == self.floor.id:
                self._sign(sign, numbers[sign.id])

    def _sight(self) -> None:
        """Stretches of way without a next sign in reach, and from where how many are read."""
        for n, line in enumerate(blind_lines(self.alternative, self.floor.id), 1):
            self._mark(self.pen.line("sign_blind", line, 0.15), "sign-blind", str(n))
        for count, areas in heat_areas(self.alternative, self.floor):
            style = styles()[f"heat_{count}"]
            for n, area in enumerate((area for area in areas if area.area > 0.05), 1):
                tint = self.pen.hatch("sign_heat", area, _HEAT_INDEX[count], style.fill, _TINT_TRANSPARENCY)
                self.tints.append(self._mark(tint, "sign-heat", f"{count}-{n}"))

    def _sign(self, sign: Sign, number: str) -> None:
        insert = self.pen.insert("sign", self.blocks.of_sign(), sign.at, sign.facing_deg - 90.0)
        height = 1.8 * self.scene.metres_per_mm
        self.pen.attribute(
            insert, "NO", number, sign.at, min(height, 5.2 * self.scene.metres_per_mm / max(len(number), 1))
        )
        hidden = {
            "TEXT": sign.text_zh,
            "TEXT_EN": sign.text_en,
            "BACK": sign.back_zh,
            "BACK_EN": sign.back_en,
            "CHAR_MM": f"{sign.char_mm:g}",
            "MOUNT": sign.mount,
        }
        for tag, words in hidden.items():
            self.pen.attribute(insert, tag, words, sign.at, height, hidden=True)
        self._mark(insert, "sign", sign.id)
        for area in (sign.catchment, sign.back_catchment):
            for part in area.geoms if area is not None else ():
                for ring in (part.exterior, *part.interiors):
                    self._mark(self.pen.ring("sign_vca", ring.coords), "catchment", sign.id)

    def _dimensions(self) -> None:
        for n, dim in enumerate(dimensions(self.floor, self.layout, "zones", self.scene.metres_per_mm), 1):
            angle = 0.0 if dim.along == "x" else 90.0
            attributes = {"layer": self.pen.names.layers["dimension"]}
            near = dim.level - math.copysign(3.0 * self.scene.metres_per_mm, dim.level - dim.foot)
            override = self.pen.layout.add_linear_dim(
                base=self.pen.at(dim.point(dim.start, dim.level)),
                p1=self.pen.at(dim.point(dim.start, near)),
                p2=self.pen.at(dim.point(dim.end, near)),
                angle=angle + self.floor.frame.rotation_deg,
                dimstyle=self.pen.names.dimension,
                dxfattribs=attributes,
            )
            override.render()
            self._mark(override.dimension, "dimension", str(n))
