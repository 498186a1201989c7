"""Further kinds of layouts: each goes on and stays of its own, so that a second alternative is no leftover of the search for the first."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

from hallplan.place.alternatives import differ
from hallplan.place.search import Clock, Start, never
from hallplan.place.starts import Starts
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import Work, budget, score_weights
from hallplan.settings import Settings
from tests.place.test_place import _township

MANY = 4


@cache
def found(rounds: int, jobs: int = 1) -> tuple[Start, ...]:
    """Returns the starts of a short search of a small station, each further kind going on for so many rounds."""
    task = make_task(*_township(), score_weights(Settings()), [], [])
    work = replace(budget("quick"), stages=((6, 10), (4, 10)), others=Work(rounds, cooled=0.3))
    return tuple(Starts(task, work, 1, Clock(never), jobs).staged(MANY))


def kinds(starts: tuple[Start, ...]) -> list[tuple[float, State]]:
    """Returns the best complete state of each kind, with its cost."""
    out: list[tuple[float, State]] = []
    for cost, state in sorted((one for start in starts for one in start.best), key=lambda one: one[0]):
        if not state.unplaced and all(differ(state, other) for _, other in out):
            out.append((cost, state))
    return out[:MANY]


def test_further_kinds_get_better_and_stay_of_their_own() -> None:
    before, after = kinds(found(0)), kinds(found(150))
    assert len(before) == len(after) == MANY
    assert sum(cost for cost, _ in after) < sum(cost for cost, _ in before)
    assert all(differ(one, other) for (_, one), (_, other) in itertools.combinations(after, 2))
    assert after[0][0] <= before[0][0]


def test_they_are_the_same_in_two_processes() -> None:
    one, two = ([[cost for cost, _ in start.best] for start in found(150, jobs)] for jobs in (1, 2))
    assert one == two


def test_nothing_follows_where_no_further_kind_is_asked_for() -> None:
    site, programme = _township()
    # with ways of 1.2 m to the waiting area this seed's last stage ends with the best of all
    zones = tuple(
        replace(zone, front_way_m=min(zone.front_way_m, 1.2)) if zone.type == "wait" else zone
        for zone in programme.zones
    )
    task = make_task(site, replace(programme, zones=zones), score_weights(Settings()), [], [])
    work = replace(budget("quick"), stages=((2, 5), (2, 5)), others=Work(150, cooled=0.3))
    plain = replace(work, others=Work(0))
    alone, without = (Starts(task, one, 1, Clock(never), 1).staged(1) for one in (work, plain))
    assert len(alone) == len(without)
