"""A finished hall as a drawing of any office shows it: zones, furniture and windows, nothing planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hallplan.model.layout import Furniture, NewDoor, PlacedZone
from hallplan.model.site import Guess, Site


@dataclass(frozen=True, slots=True)
class StandingZone:
    """A zone with the name written in it; serves: types of zones that words in it name and nothing outlines."""

    placed: PlacedZone
    name: str
    serves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingHall:
    """What stands in a hall.

    doors: of the drawing, in the walls of zones that are rooms.  uncounted: counters too long for one window without numbers.
    missing: why checks (by name, or rules by id) cannot be decided from the drawing.
    """

    site: Site
    zones: tuple[StandingZone, ...]
    furniture: tuple[Furniture, ...]
    doors: tuple[NewDoor, ...] = ()
    uncounted: int = 0
    guesses: tuple[Guess, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def windows(self) -> tuple[Furniture, ...]:
        """The counters that are service windows."""
        return tuple(piece for piece in self.furniture if piece.window)


Missing = Mapping[str, str]
"""Names of checks, or ids of rules, with the reason why a drawing does not decide them."""
