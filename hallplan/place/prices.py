"""What each wish of the user costs all others: the search goes on from the best layout, equally long with it and without."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from hallplan.model.layout import WishPrice
from hallplan.model.programme import Zone
from hallplan.parallel import side_by_side
from hallplan.place.candidates import Hands
from hallplan.place.search import Clock, never, put_fixed
from hallplan.place.state import State
from hallplan.place.task import Task, named, released
from hallplan.place.unmixing import apart
from hallplan.place.weights import WEIGHTS, Work
from hallplan.place.worth import Worth
from hallplan.settings import Placement
from hallplan.terms import text

Told = tuple[str, Task]
"""A wish in words, and the task without it."""


def wish_prices(state: State, wish: Placement, rounds: int, hands: Hands, end: float) -> tuple[WishPrice, ...]:
    """Returns the price of each pair, region and lock that the user told, dearest first; nothing where none was.

    state: the best layout as the search found it.  rounds: of each search.  The price is what a layout found without the wish
    costs less than one found with it, in rounds as many from the same layout, the wish itself not counted: an estimate, at
    least 0.
    """
    told = list(_told(state.task, wish))
    if not told:
        return ()
    runs = [partial(_price, state, task, (wish.seed, n), rounds, end) for n, (_, task) in enumerate(told)]
    prices = [WishPrice(words, points) for (words, _), points in zip(told, side_by_side(runs, *hands), strict=True)]
    return tuple(sorted(prices, key=lambda one: (-one.points, one.wish)))


def _told(task: Task, wish: Placement) -> Iterator[Told]:
    for key, pairs in (("together", wish.together), ("apart", wish.apart)):
        for pair in pairs:
            gone = {frozenset(one) for one in named(task.programme, pair)}
            kept = {both: weight for both, weight in task.wishes.items() if frozenset(both) not in gone}
            if len(kept) < len(task.wishes):
                yield text(f"place.wish_{key}", a=pair[0], b=pair[1]), replace(task, wishes=kept)
    for spec in task.specs:
        zone = spec.zone
        if zone.regions and zone.fixed_area is None:
            yield text("place.wish_regions", a=zone.name), _with(task, spec.index, replace(zone, regions=()))
        elif zone.fixed_area is not None and {zone.id, zone.type, zone.name} & wish.locked.keys():
            yield text("place.wish_lock", a=zone.name), _with(task, spec.index, replace(zone, fixed_area=None))


def _with(task: Task, z: int, zone: Zone) -> Task:
    specs = tuple(released(spec, zone, task.grids) if spec.index == z else spec for spec in task.specs)
    return replace(task, specs=specs)


def _price(state: State, task: Task, seed: tuple[int, int], rounds: int, end: float) -> float:
    """How much less all else costs in a layout found without a wish than in one found with it."""
    clock, work = Clock(never, end), Work(rounds)
    with_it, without = apart(state, seed, work, clock).best[0][1], apart(_as(task, state), seed, work, clock).best[0]
    if with_it.unplaced or without[1].unplaced:
        return 0.0
    judge = Worth(WEIGHTS.unmix)
    is_same = all(a.zone.fixed_area is b.zone.fixed_area for a, b in zip(task.specs, state.task.specs, strict=True))
    cost = judge(_as(task, with_it) if is_same else with_it)
    return round(max(0.0, cost - without[0]), 2) if math.isfinite(cost) else 0.0


def _as(task: Task, state: State) -> State:
    """The places of a state for another task on the same grids; a zone set free has none yet."""
    found = State.empty(task)
    put_fixed(found)
    for old, new in zip(state.task.specs, task.specs, strict=True):
        z = new.index
        if new.zone.fixed_area is None and old.zone.fixed_area is None and state.is_placed(z):
            found.put(z, state.floor[z], state.rects[z], state.front[z])
    return found
