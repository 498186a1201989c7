"""Which layouts of a search go on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hallplan.model.layout import ScorePart
from hallplan.place import candidates, choosing
from hallplan.place.alternatives import SMALL_MOVE, differ
from hallplan.place.candidates import Candidate, score_of
from hallplan.place.choosing import chosen, different, runners_up
from hallplan.place.score import score_parts
from hallplan.place.search import Clock, Start, empty_state, mend, never
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.trim import on_lines
from hallplan.place.weights import Work, score_weights
from hallplan.place.worth import broken_by
from hallplan.settings import Settings
from tests.place.test_place import _township


@cache
def starts() -> tuple[Start, ...]:
    """Returns what six starts find on a small station."""
    task = make_task(*_township(), score_weights(Settings()), [], [])
    return tuple(mend(empty_state(task, n), (n,), Work(15, 200), Clock(never)) for n in range(6))


def test_the_best_of_each_kind_go_on() -> None:
    found = chosen(starts(), 3, (1, never))
    assert 1 <= len(found) <= 3
    assert [one.rank for one in found] == sorted(one.rank for one in found)
    assert all(differ(one.found, other.found) for one, other in itertools.combinations(found, 2))
    cheapest = min(
        (cost, n) for n, start in enumerate(starts()) for cost, state in start.best[:1] if not state.unplaced
    )
    assert found[0].rank <= Candidate.of(starts()[cheapest[1]].best[0][1]).rank


def test_it_is_the_same_in_two_processes() -> None:
    one, two = chosen(starts(), 3, (1, never)), chosen(starts(), 3, (2, never))
    assert [candidate.rank for candidate in one] == [candidate.rank for candidate in two]
    assert all(a.found is b.found for a, b in zip(one, two, strict=True))


def test_when_time_is_up_no_spare_kinds_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[State] = []

    def counted(state: State):  # type: ignore[no-untyped-def]
        looked.append(state)
        return score_of(state)

    monkeypatch.setattr(candidates, "score_of", counted)
    monkeypatch.setattr(choosing, "NEAR", 1e9)
    chosen(starts(), 1, (1, never))
    at_leisure = len(looked)
    looked.clear()
    (late,) = chosen(starts(), 1, (1, lambda: "time"))
    assert len(looked) < at_leisure
    assert not late.found.unplaced


def test_without_a_complete_layout_nothing_goes_on() -> None:
    assert chosen([Start()], 3, (2, never)) == []


def test_what_breaks_no_more_than_it_was_found_with_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every layout's walks out are too long, other lines do not make them shorter."""
    state = min(starts(), key=lambda start: start.best[0][0]).best[0][1]
    near = replace(state.task, weights=replace(state.task.weights, escape_m=1.0))
    state = replace(state, task=near)
    drawn: list[State] = []

    def counted(found: State) -> Iterator[State]:
        for one in on_lines(found):
            drawn.append(one)
            yield one

    monkeypatch.setattr(candidates, "on_lines", counted)
    broken = broken_by(score_of(state)[2])
    assert 0.0 < broken <= candidates.AS_FOUND * broken_by(score_parts(state))
    assert len(drawn) == 1


def test_a_layout_scored_before_is_not_scored_again(monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = chosen(starts(), 1, (1, never))
    monkeypatch.setattr(candidates, "score_of", lambda _: pytest.fail("scored twice"))
    assert candidates.known_score(one.found.copy(), [one]) is one.scored


def test_past_its_end_only_what_is_asked_for_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[State] = []

    def broken(state: State):  # type: ignore[no-untyped-def]
        looked.append(state)
        score, exact, parts = score_of(state)
        return score, exact, (*parts, ScorePart("escape_over_m", 9.0, 5.0, 45.0))

    monkeypatch.setattr(candidates, "score_of", broken)
    chosen(starts(), 1, (1, lambda: "time"))
    in_time = len(looked)
    looked.clear()
    assert chosen(starts(), 1, (1, lambda: "time"), end=0.0)
    assert len(looked) == 1 < in_time


def test_runners_up_are_the_next_best_and_none_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "NEAR_BEST", 4.0)
    best = min((one for start in starts() for one in start.best if not one[1].unplaced), key=lambda one: one[0])
    found = runners_up(starts(), [best[1]], 3)
    costs = {id(state): cost for start in starts() for cost, state in start.best}
    assert 0 < len(found) <= 3
    assert all(best[0] <= costs[id(state)] <= 4.0 * best[0] for state in found)
    assert all(differ(one, other, choosing.SAME_MOVE) for one, other in itertools.combinations([best[1], *found], 2))
    is_other = [
        all(differ(state, other, SMALL_MOVE) for other in (best[1], *found[:n])) for n, state in enumerate(found)
    ]
    assert is_other == sorted(is_other, reverse=True)  # those that differ go first
    assert runners_up(starts(), [best[1]], 0) == []


def test_those_that_differ_in_kind_go_before_those_that_do_not() -> None:
    """A layout given twice is taken once as long as there are others."""
    states = [one.found for one in chosen(starts(), 3, (1, never))]
    twice = [states[0], states[0], *states[1:]]
    many = len(states)
    assert different(twice, range(len(twice)), many, many) == [0, *range(2, len(twice))]
    assert different(twice, [1, 0, *range(2, len(twice))], 1, 1) == [1]
    assert different(twice, range(len(twice)), many + 1, many) == [
        0,
        *range(2, len(twice)),
    ]  # no second one to have a spare
    assert len(different(twice, range(len(twice)), len(twice), len(twice))) == len(twice)
