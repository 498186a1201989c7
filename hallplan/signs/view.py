"""What stands in the way of reading on each floor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from hallplan.geometry.polygons import Floats
from hallplan.geometry.visibility import SightField
from hallplan.model.layout import Layout
from hallplan.model.site import Site
from hallplan.model.space import Relief, sight_relief
from hallplan.signs.legibility import Seen, is_unobstructed, within_reach


class View:
    """Relief and sight field of each floor, made when first asked for."""

    def __init__(self, site: Site, layout: Layout) -> None:
        self.site, self.layout = site, layout
        self.relief = cache(self._relief)
        self.field = cache(self._field)

    @property
    def fields(self) -> Mapping[str, SightField]:
        """Sight fields by floor."""
        return {floor.id: self.field(floor.id) for floor in self.site.floors}

    def _relief(self, floor: str) -> list[Relief]:
        return sight_relief(self.site.floor(floor), self.layout)

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
