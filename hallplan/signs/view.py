"""What stands in the way of reading on each floor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import shapely

from hallplan.geometry.polygons import Floats, polygons_of
from hallplan.geometry.visibility import SightField
from hallplan.model.layout import Layout
from hallplan.model.shapes import Point
from hallplan.model.site import Site
from hallplan.model.space import Relief, sight_relief
from hallplan.signs.legibility import Seen, is_unobstructed, within_reach


class View:
    """Relief and sight field of each floor, made when first asked for."""

    def __init__(self, site: Site, layout: Layout) -> None:
        self.site, self.layout = site, layout
        self.relief = cache(self._relief)
        self._things = cache(self._parts)
        self.field = cache(self._field)

    @property
    def fields(self) -> Mapping[str, SightField]:
        """Sight fields by floor."""
        return {floor.id: self.field(floor.id) for floor in self.site.floors}

    def _relief(self, floor: str) -> list[Relief]:
        return sight_relief(self.site.floor(floor), self.layout)

    def near(self, floor: str, at: Point, reach_m: float) -> list[Relief]:
        """Returns what may hide a place from within a distance, one entry for each thing."""
        things, tree = self._things(floor)
        x, y = at
        return [things[n] for n in sorted(tree.query(shapely.box(x - reach_m, y - reach_m, x + reach_m, y + reach_m)))]

    def _parts(self, floor: str) -> tuple[list[Relief], shapely.STRtree]:
        things = [(part, low, high) for shape, low, high in self.relief(floor) for part in polygons_of(shape)]
        return things, shapely.STRtree([part for part, _, _ in things])

    def _field(self, floor: str) -> SightField:
        relief = self.relief(floor)
        return SightField([shape for shape, _, _ in relief], [(low, high) for _, low, high in relief])

    def is_clear(self, face: Seen, eye: Floats, eye_m: float, floor: str = "") -> bool:
        """Whether nothing stands between an eye (1, 2) and a face on the same floor."""
        floor = floor or getattr(face, "floor", "")
        return bool(is_unobstructed(face, eye, eye_m, self.field(floor))[0])

    def is_legible(self, face: Seen, eye: Floats, eye_m: float) -> bool:
        """Whether an eye (1, 2) lies in the catchment of a face, whatever stands between."""
        return bool(within_reach(face, eye, eye_m)[0])
