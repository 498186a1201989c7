"""Which back office reviews the cases of which counters, dealt anew for a layout: each counter's staff go to the office that they come to
with least among visitors, as far as its desks go."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import shapely

from hallplan.lp import WarmLP
from hallplan.model.reviews import DESK, HEAVIEST, OFFICE, as_reviewed, reviews_of
from hallplan.place import kernels as k
from hallplan.place.anchors import Way
from hallplan.place.kernels import Bools, Floats
from hallplan.place.networks import from_offices, way_back
from hallplan.place.state import State, reached, staff_goal, wish_cost
from hallplan.place.task import Task, errands_of
from hallplan.place.walking import Walks, nearest_inside
from hallplan.terms import read_data

NODES = 200
"""Of branch and bound; most deals of some fifteen counters among four offices are found at the root."""
SLACK = 1e-4
"""Of a desk: loads are written with six digits."""
Deal = tuple[tuple[int, int], ...]
"""Counters, each with its office."""


def reviewed(state: State) -> State:
    """Returns a complete layout with its cases dealt to the offices in which they cost least, or the layout itself where that is so.

    What counts is what staff walk, what of that lies on visitors' ways, as dear as while layouts are mended, and the wish to lie near.
    An office has as many desks as its area holds halfway between the least and the wanted area for each, within shares of what the programme
    gives it (data/place.toml).  Counters that the user wants by an office stay with it.
    """
    task = state.task
    offices = [spec.index for spec in task.specs if spec.zone.type == OFFICE and _desks(task, spec.index)]
    now = deal_of(task)
    if state.unplaced or len(offices) < 2 or not now:
        return state
    costs = _costs(state, offices, now)
    if costs is None:
        return state
    deal = _cheapest(state, offices, now, costs)
    return state if deal in ((), now) else replace(state.copy(), task=_dealt(task, deal))


def undealt(task: Task) -> Task:
    """Returns the task without what other deals change and a bound must not count: the wishes of counters and their offices."""
    moved = {frozenset(pair) for pair in deal_of(task)}
    kept = {pair: w for pair, w in task.wishes.items() if frozenset(pair) not in moved or not 0.0 < w <= HEAVIEST}
    many = sum(spec.zone.type == OFFICE for spec in task.specs) > 1
    return replace(task, wishes=kept) if many else task


def redealt(before: Task, after: Task) -> tuple[tuple[str, str], ...]:
    """Returns by id the counter zones whose cases go to another office in one task than in the other, each with its office there."""
    zones = after.programme.zones
    moved = sorted(set(deal_of(after)) - set(deal_of(before)))
    return tuple((zones[counter].id, zones[office].id) for counter, office in moved)


def deal_of(task: Task) -> Deal:
    """Returns which office the cases of which counter zone go to, as numbers."""
    index = {zone.id: n for n, zone in enumerate(task.programme.zones)}
    return tuple(sorted((index[counter], index[office]) for counter, office in reviews_of(task.programme).items()))


@lru_cache(maxsize=64)
def _dealt(task: Task, deal: Deal) -> Task:
    """The task with other offices for its counters."""
    zones, old = task.programme.zones, dict(deal_of(task))
    programme = as_reviewed(task.programme, {zones[counter].id: zones[office].id for counter, office in deal})
    wishes = dict(task.wishes)
    told = {frozenset(pair) for pair, weight in wishes.items() if abs(weight) > HEAVIEST}
    for counter, office in deal:
        for pair in ((counter, old[counter]), (old[counter], counter)):
            if office != old[counter] and 0.0 < wishes.get(pair, 0.0) <= HEAVIEST:
                weight = wishes.pop(pair)
                if frozenset((counter, office)) not in told:
                    wishes[counter, office] = weight
    return replace(task, programme=programme, wishes=wishes, errands=errands_of(programme, task.grids))


def _desks(task: Task, office: int) -> int:
    # the specs keep what the programme gave, however cases are dealt
    return sum(holding.count for holding in task.specs[office].zone.holdings if holding.kind == DESK)


def _costs(state: State, offices: list[int], now: Deal) -> Floats | None:
    """What each counter (row) costs with each office (column), as the score counts it; None where something is cut off."""
    weights, walks = state.task.weights, Walks.of(state)
    floors = sorted({state.floor[z] for z in (*(counter for counter, _ in now), *offices)})
    asked = {floor: _FloorWays.of(state, floor, offices, walks) for floor in floors}
    found = {floor: ways for floor, ways in asked.items() if ways is not None}
    if len(found) < len(asked):
        return None
    doors = {office: _metres_in(state, found[state.floor[office]], office) for office in offices}
    costs = np.zeros((len(now), len(offices)))
    for row, (counter, current) in enumerate(now):
        ways = found[state.floor[counter]]
        wish = sum(
            w for pair, w in state.task.wishes.items() if set(pair) == {counter, current} and 0.0 < w <= HEAVIEST
        )
        people = state.task.errands.get((current, counter), 0.0)
        for column, office in enumerate(offices):
            metres, shared = ways.between(state, office, counter)
            costs[row, column] = (
                weights.staff * people * (doors[office] + metres)
                + (weights.staff_crossing + state.task.unmix) * shared
                + weights.adjacency * wish_cost(state, counter, office, wish)
            )
    return costs


def _metres_in(state: State, ways: _FloorWays, office: int) -> float:
    """How far staff walk from where they come in on an office's floor."""
    goal = staff_goal(state, state.task.specs[office])
    at = nearest_inside(ways.door, ways.way, goal)
    return 0.0 if at is None else float(k.length_m(ways.door, ways.way.portals, ways.way.at_x, ways.way.at_y, *at))


class _FloorWays:
    """The ways of staff on one floor: from where they come in and from each office on it, and what of it is visitors'."""

    def __init__(self, way: Way, door: Floats, offices: dict[int, Floats], public: Bools, let_in: Bools) -> None:
        self.way, self.door, self.offices, self.public, self.let_in = way, door, offices, public, let_in

    @classmethod
    def of(cls, state: State, floor: int, offices: list[int], walks: Walks) -> _FloorWays | None:
        """Returns the ways of a floor, None where something is cut off."""
        reach = reached(state, floor, streams=walks.streams(floor))
        if reach is None:
            return None
        grid = state.task.grids[floor]
        let_in = state.public_cells(floor) & (state.occupied[floor] != 0)
        public = reach.public_ways | (state.kept[floor] > 0) | let_in
        here = [office for office in offices if state.floor[office] == floor]
        return cls(grid.ways[min(grid.ways)], reach.staff, from_offices(state, floor, public, here), public, let_in)

    def between(self, state: State, office: int, counter: int) -> tuple[float, float]:
        """Returns the metres from an office to a counter, and how many of them are visitors' ways too."""
        floor, goal = state.floor[counter], staff_goal(state, state.task.specs[counter])
        grid, dist = state.task.grids[floor], self.offices.get(office, self.door)
        at = nearest_inside(dist, self.way, goal)
        if at is None:
            gap = shapely.box(*grid.rect(state.rects[office])).distance(shapely.box(*grid.rect(goal)))
            return gap, gap + self.way.width_m
        mask = way_back(self.way, dist, goal) & ((state.occupied[floor] == 0) | self.let_in) & self.public
        metres = k.length_m(dist, self.way.portals, self.way.at_x, self.way.at_y, *at)
        return metres + state.task.change_m(state.floor[office], floor), float(
            grid.cell_m2[mask].sum()
        ) / self.way.width_m


def _cheapest(state: State, offices: list[int], now: Deal, costs: Floats) -> Deal:
    """The deal of least cost in which no office has more cases than desks, nor far fewer; empty where there is none."""
    n, m = costs.shape
    may = [_free_for(state, *pair, offices) for pair in now]
    is_free = [office in free for free in may for office in offices]
    lp = WarmLP(costs.ravel(), np.zeros(n * m), np.array(is_free, np.float64))
    lp.add_rows(np.arange(n) * m, np.arange(n * m), np.ones(n * m), np.ones(n), np.ones(n))
    loads = [state.task.specs[counter].zone.reviewers for counter, _ in now]
    fewest, most = _desk_bounds(state, offices)
    nearby = np.array(
        [sum(load for load, free in zip(loads, may, strict=True) if office in free) for office in offices]
    )
    by_office = np.arange(n * m).reshape(n, m).T.ravel()
    lp.add_rows(np.arange(m) * n, by_office, np.tile(loads, m), np.minimum(fewest, nearby), most + SLACK)
    lp.require_whole(np.arange(n * m))
    lp.solve(nodes=NODES)
    if not lp.has_values:
        return ()
    chosen = np.asarray(lp.values).reshape(n, m).argmax(axis=1)
    return tuple((counter, offices[o]) for (counter, _), o in zip(now, chosen, strict=True))


def _desk_bounds(state: State, offices: list[int]) -> tuple[Floats, Floats]:
    """Of the cases that each office may have, in desks: the fewest and the most."""
    shares, zones = read_data("place.toml")["reviews"], state.task.programme.zones
    desks = np.array([_desks(state.task, office) for office in offices], np.float64)
    # the area at which an office surely holds its desks is halfway between the least and the wanted one
    roomy = np.array([(zones[office].min_m2 + zones[office].target_m2) / 2 for office in offices])
    by_area = np.floor(desks * np.array([state.net_area(office) for office in offices]) / roomy)
    # loads make up whole desks, so that the programme's own deal has up to one less
    return shares["least"] * desks - 1.0, np.maximum(desks, np.minimum(shares["most"] * desks, by_area))


def _free_for(state: State, counter: int, current: int, offices: list[int]) -> list[int]:
    """The offices in which a counter may have its cases reviewed: those by which the user wants it; else those on its floor, and the one
    that it has; none from which the user wants it apart."""
    told = {
        z: weight
        for pair, weight in state.task.wishes.items()
        if abs(weight) > HEAVIEST and counter in pair
        for z in pair
    }
    wanted = [office for office in offices if told.get(office, 0.0) > 0.0]
    here = [office for office in offices if state.floor[office] == state.floor[counter] or office == current]
    return [office for office in wanted or here if told.get(office, 0.0) >= 0.0 or office == current]
