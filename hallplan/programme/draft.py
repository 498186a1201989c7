"""A zone while the programme is being made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry import Polygon

from hallplan.model.catalogue import ZoneType, zone_types
from hallplan.model.programme import CounterForm, Holding, Need, Region
from hallplan.terms import text

SPECIAL_ROOM = "special_room"
PLANT = "plant"


@dataclass(frozen=True, slots=True)
class Draft:
    """A zone with its wishes, before areas are shared out.

    group: number of the window group it belongs to, 0 for none.  part: which of several of its type in the group.
    visitors: people a day who go there for a window.  people: who wait there at the 95th percentile.
    role: special_room for a room that a specialist window must have; plant for power and pumps of the drawing; else empty.
    reviewers: desks in a back office that the cases of its windows ask for.
    joined, serves: names and types of zones that a small hall has put into this one.
    """

    type: str
    name: str
    min_m2: float
    target_m2: float
    max_m2: float
    basis: str
    group: int = 0
    id: str = ""
    role: str = ""
    forms: tuple[CounterForm, ...] = ()
    holdings: tuple[Holding, ...] = ()
    window_types: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    visitors: float = 0.0
    people: float = 0.0
    reviewers: float = 0.0
    min_side_m: float = 0.0
    max_aspect: float = 0.0
    floor: str = ""
    fixed_area: Polygon | None = None
    is_charged: bool = True
    needs: tuple[Need, ...] | None = None
    joined: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()

    def is_called(self, name: str) -> bool:
        """Whether the user may mean this zone by a name: its id, type or name, or a type whose work is done in it."""
        return name in (self.id, self.type, self.name, self.full_name, self.kind.zh, self.kind.en, *self.serves)

    @property
    def kind(self) -> ZoneType:
        """Its type in the catalogue."""
        return zone_types()[self.type]

    @property
    def full_name(self) -> str:
        """Its name with those of the zones joined to it."""
        if not self.joined:
            return self.name
        return text("programme.joined", host=self.name, guests=text("programme.comma").join(self.joined))

    @property
    def all_needs(self) -> tuple[Need, ...]:
        """What it must touch or see: its own needs if set, else those of its type."""
        return self.kind.needs if self.needs is None else self.needs

    def count(self, *kinds: str) -> int:
        """Returns how many pieces of these kinds of furniture it holds."""
        return sum(holding.count for holding in self.holdings if holding.kind in kinds)


def add_holdings(parts: Iterable[Holding]) -> tuple[Holding, ...]:
    """Returns the holdings with those of one kind and group added up, in the order they come."""
    counts: dict[tuple[str, str], int] = {}
    for part in parts:
        counts[part.kind, part.group] = counts.get((part.kind, part.group), 0) + part.count
    return tuple(Holding(kind, count, group) for (kind, group), count in counts.items() if count > 0)
