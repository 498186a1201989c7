"""Check on tactile paving: from a main entrance in one piece to a desk or machine, with nothing standing on it."""

from __future__ import annotations

from collections.abc import Iterator

import shapely

from hallplan.check.case import Case, Task
from hallplan.model.findings import Finding, Place
from hallplan.model.layout import Furniture
from hallplan.model.site import OpeningRole
from hallplan.model.space import footprint
from hallplan.terms import read_data

KINDS = ("tactile", "tactile_stop")
TOUCH_M2 = 0.01


def tactile_paving(case: Case, task: Task) -> Iterator[Finding]:
    """Strips and stops of a floor make one piece that begins at a main entrance and that nothing stands on."""
    laid = case.pieces(*KINDS)
    if not laid:
        yield task.undecided("unseen", why=task.why)
    for floor in case.floors_used():
        here = [piece for piece in laid if piece.floor == floor.id]
        if not here:
            continue
        wrong = [*_blocked(case, task, here), *_broken(task, here)]
        doors = [door.line for door in floor.with_role(OpeningRole.MAIN)]
        away = shapely.distance(shapely.union_all(doors), shapely.union_all([footprint(p) for p in here]))
        if doors and away > task.options["from_door_m"]:
            wrong.append(task.failed("tactile_far", float(away), _at(here[0])))
        yield from wrong
        if not wrong:
            length = sum(max(piece.size_m) for piece in here)
            yield task.passed("tactile", length, Place(floor.id), count=len(here))


def _blocked(case: Case, task: Task, here: list[Furniture]) -> Iterator[Finding]:
    through = {*read_data("space.toml")["walked_over"], *KINDS}
    paving = shapely.union_all([footprint(piece) for piece in here])
    for piece in case.layout.furniture:
        if piece.floor == here[0].floor and piece.kind not in through:
            area = footprint(piece).intersection(paving).area
            if area > TOUCH_M2:
                yield task.failed("tactile_blocked", float(area), _at(piece), one=piece.id)


def _broken(task: Task, here: list[Furniture]) -> Iterator[Finding]:
    joined = shapely.union_all([footprint(piece).buffer(task.options["joint_m"] / 2) for piece in here])
    parts = len(shapely.get_parts(joined))
    if parts > 1:
        yield task.failed("tactile_broken", parts, _at(here[0]))


def _at(piece: Furniture) -> Place:
    return Place(piece.floor, piece.zone, piece.at)


CHECKS = {"tactile_paving": tactile_paving}
