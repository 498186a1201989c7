"""What each wish of the user costs all others: the search goes on from the best layout, equally long with it and without."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from hallplan.model.catalogue import zone_types
from hallplan.model.layout import WishPrice
from hallplan.model.site import OpeningRole, Site
from hallplan.parallel import side_by_side
from hallplan.place.candidates import Hands
from hallplan.place.fitting import locked, loosened, unlocked
from hallplan.place.score import on_own_lines
from hallplan.place.search import Clock, put_fixed
from hallplan.place.sightlines import NOBODY, Sight
from hallplan.place.spec import Spec
from hallplan.place.state import State
from hallplan.place.task import Task, make_task, named
from hallplan.place.unmixing import apart
from hallplan.place.weights import Work
from hallplan.place.worth import Worth
from hallplan.settings import Placement
from hallplan.terms import text, word

Told = tuple[str, Task]
"""A wish in words, and the task without it."""
Scored = tuple[float, State]
GIVEN = 6
"""So many wishes of the data are priced."""


def wish_prices(
    state: State, wish: Placement, rounds: int, hands: Hands, end: float, without: Mapping[str, Site] | None = None
) -> tuple[WishPrice, ...]:
    """Returns the price of each pair, region and lock that the user told, dearest first; nothing where none was. At effort
    `best` also of the GIVEN heaviest wishes of the data, of each pair of types together, and of each kind of what is to be in sight.

    state: the best layout as the search found it.  rounds: of each search.  without: sites as they were without something that the
    user keeps, by the wish in words.  The price is what a layout found without the wish costs less than one found with it, in
    rounds as many from the same layout with the same draws, the wish itself not counted: an estimate, at least 0.
    """
    told = list(_told(state.task, wish))
    if wish.effort == "best":
        told += [*_given(state.task, wish), *_views(state.task)]
    drawn = dict(without or {})
    if not told and not drawn:
        return ()
    starts = [_as(task, state) for task in (state.task, *(task for _, task in told))]
    starts += [
        _on(task, state) for task in (state.task, *(_redrawn(state.task, wish, site) for site in drawn.values()))
    ]
    clock, work = Clock(hands[1], end), Work(rounds)
    runs = [partial(_searched, one, wish.seed, work, clock) for one in starts[: None if drawn else -1]]
    found = side_by_side(runs, *hands)
    if hands[1]() or time.monotonic() > end:
        return ()  # some had fewer rounds than others: no price can be told
    (_, with_it), others, redrawn = found[0], found[1 : len(told) + 1], found[len(told) + 1 :]
    prices = [WishPrice(words, _price(with_it, one)) for (words, _), one in zip(told, others, strict=True)]
    prices += [WishPrice(words, _saved(redrawn[0], one)) for words, one in zip(drawn, redrawn[1:], strict=True)]
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
        if zone.regions and not spec.is_settled:
            yield text("place.wish_regions", a=zone.name), _anywhere(task, spec)
        elif spec.is_settled and {zone.id, zone.type, zone.name} & wish.locked.keys():
            yield text("place.wish_lock", a=zone.name), unlocked(task, spec.index)


def _anywhere(task: Task, spec: Spec) -> Task:
    free = replace(spec, zone=replace(spec.zone, regions=()))
    return replace(task, specs=tuple(free if one is spec else one for one in task.specs))


def _given(task: Task, wish: Placement) -> Iterator[Told]:
    """The heaviest wishes of the data that the user did not tell, those of a pair of types as one."""
    told = {frozenset(one) for pair in (*wish.together, *wish.apart) for one in named(task.programme, pair)}
    groups: dict[tuple[str, str], dict[tuple[int, int], float]] = {}
    for (a, b), weight in task.wishes.items():
        if frozenset((a, b)) not in told:
            one, other = sorted((task.specs[a].zone.type, task.specs[b].zone.type))
            groups.setdefault((one, other), {})[a, b] = weight
    heaviest = sorted(groups.items(), key=lambda entry: (-sum(map(abs, entry[1].values())), entry[0]))
    for types, pairs in heaviest[:GIVEN]:
        kept = {both: weight for both, weight in task.wishes.items() if both not in pairs}
        one, other = (zone_types()[kind].name for kind in types)
        key = "together" if sum(pairs.values()) > 0 else "apart"
        yield text(f"place.wish_{key}", a=one, b=other), replace(task, wishes=kept)


def _views(task: Task) -> Iterator[Told]:
    """What is to be in sight, that of one kind of viewer as one."""
    kinds: dict[tuple[str, str], list[Sight]] = {}
    for sight in task.sights:
        viewer, seen = (task.specs[zone].zone.type if zone != NOBODY else "" for zone in (sight.viewer, sight.seen[0]))
        kinds.setdefault((viewer, seen), []).append(sight)
    for (viewer, seen), gone in kinds.items():
        name = zone_types()[viewer].name if viewer else word("role", str(OpeningRole.MAIN))
        kept = tuple(sight for sight in task.sights if sight not in gone)
        yield text("place.wish_sight", a=zone_types()[seen].name, b=name), replace(task, sights=kept)


def _redrawn(task: Task, wish: Placement, site: Site) -> Task:
    """The task on a site that is drawn otherwise."""
    return loosened(locked(make_task(site, task.programme, task.weights, wish.together, wish.apart)))


def _on(task: Task, state: State) -> State:
    """The places of a state for a task on other grids, on which they have lines."""
    rects = [state.task.grids[floor].rect(rect) for floor, rect in zip(state.floor, state.rects, strict=True)]
    found = on_own_lines(task, rects, state.floor, state.front, keeps_lines=True)
    return replace(found, task=replace(found.task, specs=task.specs))


def _searched(state: State, seed: int, work: Work, clock: Clock) -> Scored:
    """The best layout found from a state, with what it costs there."""
    return apart(state, (seed, 0), work, clock).best[0]


def _saved(with_it: Scored, without: Scored) -> float:
    """How much less a layout found on another site costs, all told."""
    if with_it[1].unplaced or without[1].unplaced or not math.isfinite(with_it[0]):
        return 0.0
    return round(max(0.0, with_it[0] - without[0]), 2)


def _price(with_it: State, without: Scored) -> float:
    """How much less all else costs in a layout found without a wish than in one found with it."""
    cost, other = without
    if with_it.unplaced or other.unplaced:
        return 0.0
    task = other.task
    is_same = all(a.is_settled == b.is_settled for a, b in zip(task.specs, with_it.task.specs, strict=True))
    whole = Worth(task.unmix)(_as(task, with_it) if is_same else with_it)
    return round(max(0.0, whole - cost), 2) if math.isfinite(whole) else 0.0


def _as(task: Task, state: State) -> State:
    """The places of a state for another task on the same grids; one that was an obstacle and is set free has none yet."""
    found = State.empty(task)
    put_fixed(found)
    for old, new in zip(state.task.specs, task.specs, strict=True):
        z = new.index
        if new.zone.fixed_area is None and old.zone.fixed_area is None and state.is_placed(z):
            found.put(z, state.floor[z], state.rects[z], state.front[z])
    return found
