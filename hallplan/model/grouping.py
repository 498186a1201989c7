"""Which items share a window, what other choices would cost, and the windows that policy asks for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypeGroup:
    """Themes that share windows: their items, windows at the peak, open window-hours a day and the cost in the choice.

    cost: window-hours a day, with what breadth costs in training and systems, less the visits spared by doing related
    items at once.
    """

    themes: tuple[str, ...]
    items: tuple[str, ...]
    peak_windows: int
    window_hours: float
    breadth_hours: float
    spared_hours: float

    @property
    def cost(self) -> float:
        """Window-hours a day, all told."""
        return self.window_hours + self.breadth_hours - self.spared_hours


@dataclass(frozen=True, slots=True)
class Move:
    """A theme or an item moved to other windows, and by how much the day then costs more (window-hours; parts sum to it)."""

    what: str
    source: str
    target: str
    window_hours: float
    breadth_hours: float
    spared_hours: float

    @property
    def cost(self) -> float:
        """Window-hours a day that the move adds, all told."""
        return self.window_hours + self.breadth_hours - self.spared_hours


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """The cheapest sharing of windows among the groupings weighed, beside the two extremes.

    bound: no grouping weighed costs less.  weighed: groups among which was chosen.  is_all: every group there is.
    together, apart: cost of one group of all, and of each theme by itself.  used: whether the plan follows the choice.
    moves: of one theme, the cheapest.  item_moves: of the items with most work, each to where it costs least.
    """

    groups: tuple[TypeGroup, ...]
    cost: float
    bound: float
    weighed: int
    is_all: bool
    together: float
    apart: float
    used: bool
    moves: tuple[Move, ...]
    item_moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyWindow:
    """A window that policy asks for: the rule, where the plan has it, and whether it is one of its own.

    hours_saved: window-hours a day that sharing saves against a window of its own; 0 where it has one.
    """

    id: str
    name: str
    rule: str
    where: str
    is_own: bool
    hours_saved: float
