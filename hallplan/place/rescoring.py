"""The score of a layout that was edited by hand: that of the search, with what the edit changed in each of its parts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hallplan.model.layout import Layout, PlacedZone, ScorePart
from hallplan.model.programme import Programme
from hallplan.model.reviews import as_reviewed
from hallplan.model.site import Site
from hallplan.place.fitting import fitted_task
from hallplan.place.score import RectM, on_own_lines, score_parts
from hallplan.place.spec import Spec
from hallplan.place.state import reached
from hallplan.place.task import Task
from hallplan.settings import Settings
from hallplan.units import round_m


def rescored(site: Site, programme: Programme, planned: Layout, edited: Layout, settings: Settings) -> Layout | None:
    """Returns an edited layout with its score, None when it has none: a zone is gone, or nobody can walk through it.

    Both layouts, areas in plan frames, are weighed in the same way, zones as the rectangles around them and their areas as
    they are; each part of the planned score changes by the difference, so an edit that changes nothing keeps its score.
    """
    task = fitted_task(site, as_reviewed(programme, dict(planned.reviews)), settings)
    before, after = _values(task, planned), _values(task, edited)
    if before is None or after is None or (before.is_joined and not after.is_joined):
        return None
    parts = tuple(_changed(part, after.of(part.id) - before.of(part.id)) for part in planned.parts)
    change = sum(part.cost - old.cost for part, old in zip(parts, planned.parts, strict=True))
    return replace(edited, parts=parts, score=round(planned.score + change, 6))


def _changed(part: ScorePart, by: float) -> ScorePart:
    if by == 0.0:
        return part
    value = part.value + by
    return ScorePart(part.id, round(value, 4), part.weight, round(value * part.weight, 6))


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The value of each part of a score by its id, and whether every zone and exit can be walked to."""

    values: dict[str, float]
    is_joined: bool

    def of(self, id: str) -> float:
        return self.values.get(id, 0.0)


def _values(task: Task, layout: Layout) -> _Weighed | None:
    """Returns what a layout is worth, None where a zone is missing."""
    zones = {zone.zone: zone for zone in layout.zones}
    numbers = {grid.floor.id: n for n, grid in enumerate(task.grids)}
    mine = [zones.get(spec.zone.id) for spec in task.specs]
    found = [zone for zone in mine if zone is not None and zone.floor in numbers]
    if len(found) < len(task.specs):
        return None
    floors = [numbers[zone.floor] for zone in found]
    fronts = [_front(spec, zone) for spec, zone in zip(task.specs, found, strict=True)]
    state = on_own_lines(task, [_rect(zone) for zone in found], floors, fronts)
    is_joined = all(reached(state, floor) is not None for floor in range(len(task.grids)))
    values = {part.id: part.value for part in score_parts(state)}
    movable = [zone for zone, spec in zip(found, task.specs, strict=True) if spec.zone.fixed_area is None]
    values["area_deviation_m2"] = sum(abs(zone.area_m2 - zone.target_m2) for zone in movable)
    return _Weighed(values, is_joined) if all(math.isfinite(value) for value in values.values()) else None


def _rect(zone: PlacedZone) -> RectM:
    x0, y0, x1, y1 = (round_m(value) for value in zone.area.bounds)
    return x0, y0, x1, y1


def _front(spec: Spec, zone: PlacedZone) -> int:
    return round(zone.front_deg / 90.0) % 4 if spec.has_front and zone.front_deg is not None else -1
