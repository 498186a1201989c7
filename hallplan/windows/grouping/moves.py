"""What changes when one theme, or one item, goes to other windows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.demand import Item
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
    fewer, alone = _without(source, next(item for item in source.items if item.code == code))
    more = replace(
        goal, items=(*goal.items, *alone.items), minutes=goal.minutes + alone.minutes, visits=goal.visits + alone.visits
    )
    after = [costs.group([theme]) for theme in (fewer, more) if theme.items]
    before = [costs.group([source]), costs.group([goal])]
    return _difference(alone.items[0].name, source.name, target, before, after)


def item_moves(themes: Sequence[Theme], groups: Sequence[TypeGroup], costs: Costs) -> tuple[Move, ...]:
    """Returns for the items with most work what it changes to take each from its windows to those of another group, or to
    windows of its own, whichever costs least; the dearest to keep where it is first."""
    known = {theme.name: theme for theme in themes}
    members = [[known[name] for name in group.themes] for group in groups]
    rows = [(_work(item), item, theme, group) for group in members for theme in group for item in theme.items]
    rows.sort(key=lambda row: (-row[0], row[1].code))
    found = []
    for _, item, theme, group in rows[: read_data("windows.toml")["grouping"]["most_moves"]]:
        fewer, alone = _without(theme, item)
        left = [other if other is not theme else fewer for other in group]
        left = [other for other in left if other.items]
        others = [other for other in members if other is not group and _may_share(alone, other)]
        targets = [*others, []] if left else others
        moves = [_placed(alone, theme.name, group, left, target, costs) for target in targets]
        if moves:
            found.append(min(moves, key=lambda move: (move.cost, move.target)))
    return tuple(sorted(found, key=lambda move: (move.cost, move.what)))


def _placed(
    alone: Theme, home: str, group: Sequence[Theme], left: Sequence[Theme], target: Sequence[Theme], costs: Costs
) -> Move:
    before = [costs.group(one) for one in (group, target) if one]
    after = [costs.group(one) for one in (left, [*target, alone]) if one]
    name = "、".join(other.name for other in target) or text("windows.own_windows")
    return _difference(alone.items[0].name, home, name, before, after)


def _work(item: Item) -> float:
    return item.counter_cases * item.minutes.accept + item.consults * item.minutes.consult


def _without(theme: Theme, item: Item) -> tuple[Theme, Theme]:
    """A theme less one of its items, and that item as a theme of its own under the same name."""
    share = item.visits_per_year / max(math.fsum(i.visits_per_year for i in theme.items), 1e-9)
    part = _work(item) / max(math.fsum(_work(i) for i in theme.items), 1e-9)
    left = tuple(other for other in theme.items if other is not item)
    alone = replace(theme, items=(item,), minutes=theme.minutes * part, visits=theme.visits * share)
    fewer = replace(theme, items=left, minutes=theme.minutes * (1.0 - part), visits=theme.visits * (1.0 - share))
    return fewer, alone


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
