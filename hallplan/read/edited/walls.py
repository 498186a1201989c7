"""New partitions, their doors and what is to be demolished, as a drawing shows them, against the plan."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPoint, Polygon

from hallplan.model.edit import Change
from hallplan.model.layout import Layout, NewDoor, Partition
from hallplan.model.space import partition_pieces
from hallplan.read.edited.fitting import Motion, corners, motion
from hallplan.read.edited.ground import SAME_M, Placed

Floats = NDArray[np.float64]
_RIGID_M = 2 * SAME_M


def read_partitions(items: Sequence[Placed], layout: Layout) -> tuple[list[Partition], list[Change]]:
    """Returns the partitions drawn: as planned, moved as a whole, or along the middle of the body that is drawn."""
    drawn: dict[str, list[Placed]] = defaultdict(list)
    for item in items:
        if item.mark.kind.startswith("partition-") and len(item.points) > 2:
            drawn[item.mark.id].append(item)
    planned: dict[str, list[Floats]] = defaultdict(list)
    for floor in sorted({wall.floor for wall in layout.partitions}):
        for wall, piece in partition_pieces(layout, floor):
            planned[wall.id].append(corners(shapely.get_coordinates(piece.exterior)[:-1]))
    if not drawn:
        return list(layout.partitions), []
    walls, changes = [], []
    for wall in layout.partitions:
        if not planned[wall.id]:
            walls.append(wall)
        elif wall.id not in drawn:
            changes.append(Change("partition", wall.id, "removed"))
        else:
            read, change = _wall(wall, planned[wall.id], drawn[wall.id])
            walls.append(read)
            changes += [change] if change else []
    return walls, changes


def _wall(wall: Partition, planned: list[Floats], drawn: list[Placed]) -> tuple[Partition, Change | None]:
    before, after = np.vstack(planned), np.vstack([corners(item.points) for item in drawn])
    floor = drawn[0].floor
    if floor == wall.floor and before.shape == after.shape and np.abs(before - after).max() <= SAME_M:
        return wall, None
    fit = motion(before, after)
    if fit is not None and fit.error_m <= _RIGID_M:
        line = fit.shape(wall.line)
        if floor == wall.floor and line.hausdorff_distance(wall.line) <= SAME_M:
            return wall, None
        return replace(wall, line=line, floor=floor), Change("partition", wall.id, "moved", *_travel(fit, before))
    line = _middle_line(after, wall.thickness_m)
    if floor == wall.floor and line.hausdorff_distance(wall.line) <= SAME_M:
        return wall, None
    by = line.centroid.distance(wall.line.centroid)
    return replace(wall, line=line, floor=floor), Change("partition", wall.id, "reshaped", round(by, 4))


def _travel(fit: Motion, points: Floats) -> tuple[float, float]:
    x, y = points.mean(axis=0).tolist()
    return round(math.dist(fit.point((x, y)), (x, y)), 4), round(fit.turn_deg, 3)


def _middle_line(points: Floats, thickness_m: float) -> LineString:
    """Returns the middle of a straight body, half its thickness short of both ends, as partitions are drawn."""
    box = MultiPoint(points).minimum_rotated_rectangle
    if not isinstance(box, Polygon):
        return LineString(points[:2])
    corners = shapely.get_coordinates(box.exterior)[:4]
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    first = 0 if sides[0] <= sides[1] else 1
    a = (corners[first] + corners[first + 1]) / 2
    b = (corners[(first + 2) % 4] + corners[(first + 3) % 4]) / 2
    along = (b - a) / max(float(np.hypot(*(b - a))), 1e-9) * min(thickness_m / 2, float(np.hypot(*(b - a))) / 3)
    return LineString([(a + along).tolist(), (b - along).tolist()])


def read_doors(
    items: Sequence[Placed], planned: Sequence[NewDoor], motions: Mapping[str, Motion]
) -> tuple[list[NewDoor], list[Change]]:
    """Returns the doors drawn; where no door kept its mark, each goes with its zone."""
    drawn: dict[str, list[Placed]] = defaultdict(list)
    for item in items:
        if item.mark.kind == "door" and item.mark.id:
            drawn[item.mark.id].append(item)
    doors, changes = [], []
    for door in planned:
        if drawn and door.id not in drawn:
            changes.append(Change("door", door.id, "removed"))
            continue
        read = _door(door, drawn[door.id]) if drawn else _carried(door, motions.get(door.zone))
        turn = math.remainder(read.facing_deg - door.facing_deg, 360.0)
        by = math.dist(read.at, door.at)
        if by > 2 * SAME_M or abs(turn) > 0.05 or read.floor != door.floor or abs(read.width_m - door.width_m) > 0.002:
            changes.append(Change("door", door.id, "moved", round(by, 4), round(turn, 3)))
            doors.append(read)
        else:
            doors.append(door)
    return doors, changes


def _carried(door: NewDoor, how: Motion | None) -> NewDoor:
    return replace(door, at=how.point(door.at), facing_deg=how.direction(door.facing_deg)) if how else door


def _door(door: NewDoor, marks: list[Placed]) -> NewDoor:
    """Returns a door from its leaves and swings: a swing's centre is its hinge, its other end the far jamb or the middle."""
    arcs = [item for item in marks if item.at is not None and len(item.points) == 3]
    leaves = [item.points for item in marks if item.at is None and len(item.points) == 2]
    if not arcs or not leaves:
        return _slid(door, marks)
    hinges = [np.array(arc.at) for arc in arcs]
    ends = np.vstack([arc.points[[0, 2]] for arc in arcs])
    tips = [leaf[np.hypot(*(leaf - hinges[0]).T).argmax()] for leaf in leaves] if len(hinges) == 1 else []
    if len(hinges) == 1:
        far = ends[np.hypot(*(ends - tips[0]).T).argmax()]
        jambs, open_to = (hinges[0], far), tips[0] - hinges[0]
    else:
        near = [min(leaves, key=lambda leaf, h=hinge: float(np.hypot(*(leaf - h).T).min())) for hinge in hinges[:2]]  # type: ignore[misc]
        open_to = sum((leaf[np.hypot(*(leaf - h).T).argmax()] - h for leaf, h in zip(near, hinges, strict=False)), np.zeros(2))  # fmt: skip
        jambs = (hinges[0], hinges[1])
    at = (jambs[0] + jambs[1]) / 2
    facing = math.degrees(math.atan2(-open_to[1], -open_to[0])) % 360.0
    width = float(np.hypot(*(jambs[1] - jambs[0])))
    return replace(door, floor=marks[0].floor, at=(float(at[0]), float(at[1])), facing_deg=round(facing, 4), width_m=round(width, 4))  # fmt: skip


def _slid(door: NewDoor, marks: list[Placed]) -> NewDoor:
    """A sliding door is drawn shut: its leaves run along the wall."""
    points = np.vstack([item.points for item in marks])
    at = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - at)
    normal = math.degrees(math.atan2(axes[1][1], axes[1][0]))
    sides = (normal, normal + 180.0)
    facing = min(sides, key=lambda side: abs(math.remainder(side - door.facing_deg, 360.0))) % 360.0
    return replace(door, floor=marks[0].floor, at=(float(at[0]), float(at[1])), facing_deg=round(facing, 4))


def read_demolished(items: Sequence[Placed], planned: Sequence[LineString]) -> tuple[list[LineString], list[Change]]:
    """Returns the lines of walls to be taken out as drawn; without any drawn, none."""
    drawn = [LineString(item.points) for item in items if item.mark.kind == "demolish" and len(item.points) > 1]
    kept = [line for line in planned if any(line.hausdorff_distance(other) <= SAME_M for other in drawn)]
    new = [line for line in drawn if all(line.hausdorff_distance(other) > SAME_M for other in planned)]
    changes = [Change("demolished", str(n), "removed") for n, line in enumerate(planned, 1) if line not in kept]
    changes += [Change("demolished", str(len(planned) + n), "added") for n, _ in enumerate(new, 1)]
    return [*kept, *new], changes
