"""Zones whose place is given: toilets and plant rooms of the drawing, and zones that the user locks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import shapely
from shapely.geometry import Point, Polygon, box

from hallplan.errors import Fault, SettingsError
from hallplan.model.catalogue import zone_types
from hallplan.model.site import Floor, ObstacleKind, OpeningRole, Site
from hallplan.programme.draft import PLANT, Draft
from hallplan.settings import Settings
from hallplan.terms import read_data, text

SHARED_M2, APPROACH_M, ON_FLOOR = 0.05, 0.6, 0.5
"""Locked areas may share less than this; so far inside a door there must be free floor; share of a locked area that zones may lie on."""
OWN_DOORS = {OpeningRole.MAIN: "entrance", OpeningRole.H24: "self_24h"}
"""The type of zone that lies at a door of a role."""
OF_DRAWING = {ObstacleKind.TOILET: "toilet", ObstacleKind.PLANT: "equipment_rooms"}


def drawn_zones(site: Site) -> list[Draft]:
    """Returns the toilets and plant rooms that the drawing has; they take none of the free area."""
    return [
        _drawn(OF_DRAWING[obstacle.kind], obstacle.name, floor.id, obstacle.area)
        for floor in site.floors
        for obstacle in floor.obstacles
        if obstacle.kind in OF_DRAWING and not obstacle.area.is_empty
    ]


def _drawn(kind: str, name: str, floor: str, area: Polygon) -> Draft:
    return Draft(
        type=kind,
        name=name or zone_types()[kind].name,
        min_m2=area.area,
        target_m2=area.area,
        max_m2=area.area,
        basis=text("programme.drawn_basis"),
        floor=floor,
        fixed_area=area,
        is_charged=False,
        needs=(),
        role=PLANT if kind == "equipment_rooms" and not _is_for_machines(name) else "",
    )


def _is_for_machines(name: str) -> bool:
    """Whether a drawn plant room is the computer or control room that a hall needs, not power or pumps."""
    return any(word in name for word in read_data("programme.toml")["plant"]["machine_words"])


def locks(site: Site, settings: Settings) -> dict[str, tuple[str, Polygon]]:
    """Returns locked areas by zone id (or type or name as the user wrote it): floor and area in its plan frame.

    Raises SettingsError when a lock lies on no floor, on another lock or before a door to the outside.
    """
    found = {room.name or room.id: (floor.id, room.area) for floor in site.floors for room in floor.locked}
    faults = []
    for id, corners in sorted(settings.place.locked.items()):
        if len(corners) != 4:
            faults.append(Fault(f"[place.locked] {id}", str(corners), "[x0, y0, x1, y1]"))
            continue
        placed = on_floor(site, box(*corners))
        if placed is None:
            faults.append(Fault(f"[place.locked] {id}", str(corners), text("programme.lock_inside", spans=site.spans)))
        else:
            found[id] = placed
    faults += [*_clashes(found), *_before_doors(site, found)]
    if faults:
        raise SettingsError.of(faults)
    return found


def _clashes(found: dict[str, tuple[str, Polygon]]) -> Iterator[Fault]:
    """Locked areas that lie on one another."""
    for (one, (floor, area)), (other, (there, over)) in combinations(sorted(found.items()), 2):
        m2 = area.intersection(over).area if floor == there else 0.0
        if m2 > SHARED_M2:
            yield Fault(
                f"[place.locked] {one}, {other}", text("programme.lock_overlap", area=f"{m2:.1f}"),
                text("programme.lock_apart"), text("programme.lock_move"),
            )  # fmt: skip


def _before_doors(site: Site, found: dict[str, tuple[str, Polygon]]) -> Iterator[Fault]:
    """Locked areas with a door to the outside in them that is not their own."""
    for name, (floor, area) in sorted(found.items()):
        for door in site.floor(floor).openings:
            if not door.is_exterior or _may_stand_at(name, door.role):
                continue
            turn = math.radians(door.inward_deg)
            inside = Point(door.at[0] + APPROACH_M * math.cos(turn), door.at[1] + APPROACH_M * math.sin(turn))
            if area.contains(inside):
                yield Fault(
                    f"[place.locked] {name}", text("programme.lock_on_door", door=door.id),
                    text("programme.lock_door_free"), text("programme.lock_move"),
                )  # fmt: skip


def _may_stand_at(name: str, role: OpeningRole) -> bool:
    """Whether a zone, named as the user did, may lie inside a door of a role: its own, or the staff's for staff zones."""
    kinds = [kind for kind in zone_types().values() if name.rsplit("-", 1)[0] in (kind.id, kind.name)]
    if role in (OpeningRole.STAFF, OpeningRole.GOODS):
        return any(kind.side == "staff" for kind in kinds)
    return any(kind.id == OWN_DOORS.get(role) for kind in kinds)


def on_floor(site: Site, drawn: Polygon) -> tuple[str, Polygon] | None:
    """Returns the floor that an area in drawing units lies on for the most part, and the area in its plan frame."""
    for floor in site.floors:
        area = floor.frame.to_plan(drawn)
        if isinstance(area, Polygon) and floor.outline.intersection(area).area > 0.5 * area.area:
            return floor.id, area
    return None


def lock(drafts: list[Draft], locked: dict[str, tuple[str, Polygon]], site: Site) -> list[Draft]:
    """Returns the drafts with locked ones fixed where the user put them; a lock of a type not there adds a zone.

    Raises SettingsError when a lock names no zone.
    """
    drafts, faults = list(drafts), []
    for name, (floor, drawn) in sorted(locked.items()):
        index = _named(drafts, name)
        if index is None:
            kind = zone_types().get(name.rsplit("-", 1)[0])
            if kind is None:
                faults.append(
                    Fault(f"[place.locked] {name}", text("programme.lock_unknown"), ", ".join(d.id for d in drafts))
                )
                continue
            drafts.append(Draft(kind.id, kind.name, 0, 0, 0, "", id=_free_id(drafts, kind.id)))
            index = len(drafts) - 1
        others = [one.fixed_area for one in drafts if one.floor == floor and one.fixed_area is not None]
        area = _on_floor(site.floor(floor), drawn, others)
        m2 = site.floor(floor).net_m2(area)
        drafts[index] = replace(
            drafts[index],
            min_m2=m2,
            target_m2=m2,
            max_m2=m2,
            floor=floor,
            fixed_area=area,
            basis=text("programme.lock_basis"),
        )
    if faults:
        raise SettingsError.of(faults)
    return drafts


def _on_floor(floor: Floor, drawn: Polygon, others: list[Polygon]) -> Polygon:
    """A locked area as far as zones may lie there, up to walls and to others locked before; as drawn where that is not most of it."""
    part = floor.free_part(drawn.difference(shapely.union_all(others)))
    return part if part.area >= ON_FLOOR * drawn.area else drawn


def _named(drafts: list[Draft], name: str) -> int | None:
    for matches in (lambda d: d.id == name, lambda d: d.name == name, lambda d: name in (d.type, d.kind.zh, d.kind.en)):
        for n, draft in enumerate(drafts):
            if matches(draft) and draft.fixed_area is None:
                return n
    return None


def _free_id(drafts: list[Draft], kind: str) -> str:
    taken = {draft.id for draft in drafts}
    return next(f"{kind}-{n}" for n in range(1, len(drafts) + 2) if f"{kind}-{n}" not in taken)
