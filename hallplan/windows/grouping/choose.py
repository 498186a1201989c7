"""The cheapest sharing of windows, by an integer programme over groups of themes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from hallplan.errors import InfeasibleError
from hallplan.lp import LinearProgramme
from hallplan.model.demand import Demand, Item
from hallplan.model.grouping import TypeChoice, TypeGroup
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.windows.grouping.costs import Costs, Theme, themes_of
from hallplan.windows.grouping.moves import item_moves, theme_moves
from hallplan.windows.slots import Slots

SMALL_GROUP = 4


def choose_types(demand: Demand, items: Sequence[Item], slots: Slots, settings: Settings) -> TypeChoice:
    """Returns which themes of `items` (those that no rule puts anywhere) should share windows.

    Each column is a group of themes with its cost; each theme is in exactly one group taken.  Raises InfeasibleError
    when a theme alone has more items than a type may have.  Source: set partitioning, solved by HiGHS.
    """
    themes, costs = themes_of(items, demand), Costs.of(demand, slots, settings)
    used = settings.service.service_mode == "优化"
    if not themes:
        return TypeChoice((), 0.0, 0.0, 0, True, 0.0, 0.0, used, ())
    is_all = len(themes) <= read_data("windows.toml")["grouping"]["subsets_up_to"]
    columns = [costs.group(group) for group in _groups(themes, is_all=is_all)]
    taken, bound = _solve(themes, columns)
    alone = [costs.group([theme]) for theme in themes]
    return TypeChoice(
        groups=tuple(taken),
        cost=math.fsum(group.cost for group in taken),
        bound=bound,
        weighed=len(columns),
        is_all=is_all,
        together=costs.group(themes).cost,
        apart=math.fsum(group.cost for group in alone),
        used=used,
        moves=theme_moves(themes, taken, costs),
        item_moves=item_moves(themes, taken, costs),
    )


def _groups(themes: Sequence[Theme], *, is_all: bool) -> Iterator[Sequence[Theme]]:
    """Groups that may share windows: all of them, or single ones, small ones and all but small ones."""
    most = read_data("windows.toml")["grouping"]["most_items"]
    free = [theme for theme in themes if not theme.is_apart]
    yield from ([theme] for theme in themes)
    sizes = range(2, len(free) + 1)
    for size in sizes:
        if is_all or size <= SMALL_GROUP or size >= len(free) - SMALL_GROUP:
            for group in combinations(free, size):
                if sum(len(theme.items) for theme in group) <= most:
                    yield group


def _solve(themes: Sequence[Theme], columns: Sequence[TypeGroup]) -> tuple[list[TypeGroup], float]:
    programme = LinearProgramme("types")
    most = read_data("windows.toml")["grouping"]["most_items"]
    rows: dict[str, dict[str, float]] = {theme.name: {} for theme in themes}
    for n, group in enumerate(columns):
        programme.add_variable(f"group_{n}", high=1.0, cost=group.cost, is_whole=True, label="、".join(group.themes))
        for name in group.themes:
            rows[name][f"group_{n}"] = 1.0
    for n, (name, terms) in enumerate(rows.items()):
        programme.add_row(f"theme_{n}", terms, low=1.0, high=1.0, label=name)
    solution = programme.solve()
    if not solution.values:
        raise InfeasibleError.at(text("windows.types_sheet"), text("windows.no_grouping", most=most))
    taken = [group for n, group in enumerate(columns) if solution.values[f"group_{n}"] > 0.5]
    return sorted(taken, key=lambda group: (-group.window_hours, group.themes)), solution.bound
