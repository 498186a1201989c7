"""Whether asking less of a programme can help: found out once, with little work, before much is spent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallplan.errors import InfeasibleError
from hallplan.place import NoLayoutError, place_zones
from hallplan.place.easing import Easing, is_placed
from hallplan.place.fitting import loosened
from hallplan.place.reasons import account, is_beyond, least_m2
from hallplan.place.search import Clock
from hallplan.place.starts import Starts
from hallplan.place.task import Task, make_task
from hallplan.place.weights import budget, score_weights
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme
from tests.place.test_place import ONE, _township


def _task(*areas: float) -> Task:
    """Zones of these least areas in a hall of 150 m²."""
    zones = [replace(make_zone(f"wait-{n}", m2), min_m2=m2, max_m2=1.05 * m2) for n, m2 in enumerate(areas, 1)]
    return loosened(make_task(hall(15, 10), programme(*zones), score_weights(Settings()), [], []))


def _search(task: Task, jobs: int = 1) -> Starts:
    return Starts(task, budget("quick"), 0, Clock(lambda: None), jobs)


def _states(easing: Easing) -> list[object]:
    return [(cost, state.rects, state.front) for start in easing.tried for cost, state in start.best]


def test_a_programme_with_room_to_spare_may_fit_well() -> None:
    site, wanted = _township()
    easing = Easing(_search(loosened(make_task(site, wanted, score_weights(Settings()), [], []))))
    assert easing.may_fit()
    assert easing.may_fit_well()


def test_what_is_proven_not_to_fit_even_when_asked_for_less_is_not_searched() -> None:
    """Four zones of 45 m²: 85 % of them are 153 m²."""
    easing = Easing(_search(_task(45, 45, 45, 45)))
    assert is_beyond(easing.tasks[-1])
    assert not easing.may_fit()
    assert easing.tried == []


def test_what_does_not_fit_with_its_ways_is_given_up_after_a_few_starts() -> None:
    """Four zones of 39 m²: 85 % of them leave 17 m² for ways on paper."""
    easing = Easing(_search(_task(39, 39, 39, 39)))
    assert not easing.may_fit()
    probe = budget("quick").probe
    assert probe.starts <= len(easing.tried) <= probe.starts + probe.goes_on
    assert not is_placed(easing.tried)


def test_a_floor_too_full_for_the_first_drafts_gets_few_starts_and_a_roomy_one_all() -> None:
    work = replace(budget("quick"), stages=((12, 1),), focus=(), steps=2)
    full = replace(_search(_task(39, 39, 39, 39)), budget=work).staged(1, lambda: False)
    roomy = replace(_search(_task(10, 10, 10, 10)), budget=work).staged(1, lambda: False)
    assert len(full) < 12 == len(roomy)
    assert not is_placed(full)
    assert is_placed(roomy)


def test_two_processes_find_what_one_does() -> None:
    one, two = (Easing(_search(_task(30, 30, 30), jobs)) for jobs in (1, 2))
    assert one.may_fit() == two.may_fit()
    assert _states(one) == _states(two)


def test_least_areas_below_the_account_are_not_beyond_it() -> None:
    task = _task(30, 30)
    assert least_m2(task) == pytest.approx(60.0)
    assert is_beyond(task) == (account(task).room < 60.0)


def test_a_refusal_names_the_zones_of_the_fullest_layout_and_those_it_lacks() -> None:
    zones = [replace(make_zone(f"wait-{n}", 39), min_m2=39, max_m2=41) for n in range(1, 5)]
    with pytest.raises(InfeasibleError) as raised:
        place_zones(hall(15, 10), programme(*zones), ONE)
    error = raised.value
    assert isinstance(error, NoLayoutError)
    assert error.partial is not None
    drawn = {room.id for room in error.partial.floors[0].locked}
    left = {zone.id for zone in error.left_out}
    assert left
    assert drawn | left == {zone.id for zone in zones}
    assert not drawn & left
