"""What changes when one theme, or one item, goes to other windows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.grouping import Move, TypeGroup
from hallplan.terms import read_data, text
from hallplan.windows.grouping.costs import Costs, Theme


def theme_moves(themes: Sequence[Theme], groups: Sequence[TypeGroup], costs: Costs) -> tuple[Move, ...]:
    """Returns the moves of one theme to another group or to windows of its own, those that cost least first."""
    known = {theme.name: theme for theme in themes}
    members = [[known[name] for name in group.themes] for group in groups]
    moves = []
    for source in members:
        for theme in source:
            others = [group for group in members if group is not source and _may_share(theme, group)]
            targets = [*others, []] if len(source) > 1 else others
            moves += [_moved(theme, source, target, costs) for target in targets]
    moves.sort(key=lambda move: (move.cost, move.what, move.target))
    return tuple(moves[: read_data("windows.toml")["grouping"]["most_moves"]])


def move_item(themes: Sequence[Theme], code: str, target: str, costs: Costs) -> Move:
    """Returns what changes when one item goes from its theme's windows to those of another theme (both by themselves).

    Raises KeyError when no theme has the item, or none has that name.
    """
    source = next((theme for theme in themes if any(item.code == code for item in theme.items)), None)
    goal = next((theme for theme in themes if theme.name == target), None)
    if source is None or goal is None:
        raise KeyError(code if source is None else target)
    item = next(item for item in source.items if item.code == code)
    share = item.visits_per_year / max(math.fsum(i.visits_per_year for i in source.items), 1e-9)
    work = item.counter_cases * item.minutes.accept + item.consults * item.minutes.consult
    total = math.fsum(i.counter_cases * i.minutes.accept + i.consults * i.minutes.consult for i in source.items)
    minutes, visits = source.minutes * work / max(total, 1e-9), source.visits * share
    left = tuple(other for other in source.items if other is not item)
    fewer = replace(source, items=left, minutes=source.minutes - minutes, visits=source.visits - visits)
    more = replace(goal, items=(*goal.items, item), minutes=goal.minutes + minutes, visits=goal.visits + visits)
    after = [costs.group([theme]) for theme in (fewer, more) if theme.items]
    return _difference(item.name, source.name, target, [costs.group([source]), costs.group([goal])], after)


def _may_share(theme: Theme, group: Sequence[Theme]) -> bool:
    rules = read_data("windows.toml")["grouping"]
    n_items = len(theme.items) + sum(len(other.items) for other in group)
    return not theme.is_apart and not any(other.is_apart for other in group) and n_items <= rules["most_items"]


def _moved(theme: Theme, source: Sequence[Theme], target: Sequence[Theme], costs: Costs) -> Move:
    left = [other for other in source if other is not theme]
    before = [costs.group(group) for group in (source, target) if group]
    after = [costs.group(group) for group in (left, [*target, theme]) if group]
    name = "、".join(other.name for other in target) or text("windows.own_windows")
    return _difference(theme.name, "、".join(other.name for other in source), name, before, after)


def _difference(what: str, source: str, target: str, before: Sequence[TypeGroup], after: Sequence[TypeGroup]) -> Move:
    def change(part: str) -> float:
        return math.fsum(getattr(g, part) for g in after) - math.fsum(getattr(g, part) for g in before)

    return Move(what, source, target, change("window_hours"), change("breadth_hours"), change("spared_hours"))
