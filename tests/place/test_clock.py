"""A cap in seconds, and a stop, are heeded in all that a search does, told by what is asked and done, not by how long it takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from hallplan.model.layout import Layout, StoppedBy
from hallplan.parallel import is_told, side_by_side
from hallplan.place import bays, candidates, place_zones, reasons, starts
from hallplan.place import place as stage
from hallplan.place.easing import Easing
from hallplan.place.search import Clock, Start
from hallplan.place.spec import Spec
from hallplan.place.starts import Starts
from hallplan.place.state import State
from hallplan.place.task import Task, make_task
from hallplan.place.weights import Work, budget, score_weights
from hallplan.settings import Placement, Settings
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme
from tests.place.test_place import _township

HOUR_S = 3600.0


@dataclass(eq=False)
class Asked:
    """Says "time" from the moment that it is told to; counts how often it was asked since."""

    is_over: bool = False
    after: int = 0

    def __call__(self) -> StoppedBy | None:
        self.after += self.is_over
        return "time" if self.is_over else None


def test_compiling_does_not_count_for_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour that goes by while loops are compiled leaves the search all of its half hour."""
    late, now = [0.0], time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + late[0])
    monkeypatch.setattr(stage, "warm", lambda *_: late.__setitem__(0, HOUR_S))
    site, programme = _township()
    wish = Placement(effort="quick", alternatives=1, seconds=HOUR_S / 2)
    layout = place_zones(site, programme, Settings(place=wish), jobs=1)[0]
    assert late == [HOUR_S]
    assert layout.stopped_by == "effort"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stop_while_layouts_are_mended_ends_the_mending(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds that nobody waits for: in one process too, where tasks run one after the other."""
    asked, mended = Asked(), candidates._mended

    def mend(one: candidates.Candidate, seed: tuple[int, int], rounds: int, end: float) -> list[candidates.Bare]:
        asked.is_over = True
        return mended(one, seed, 10**9 if rounds else 0, end)

    held = stage.held

    def holding(*args, **kwargs):  # type: ignore[no-untyped-def]
        asked.is_over = jobs > 1  # in processes of their own the tasks cannot tell it
        return held(*args, **kwargs)

    monkeypatch.setattr(candidates, "_mended", mend)
    monkeypatch.setattr(stage, "held", holding)
    site, programme = _township()
    wish = Placement(effort="quick", alternatives=1)
    layouts = place_zones(site, programme, Settings(place=wish), stop=asked, jobs=jobs)
    assert layouts
    assert layouts[0].prices == ()
    assert layouts[0].stopped_by == "time"


def test_once_told_to_stop_a_search_begins_nothing_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """From then on it is asked a few times only, and neither layouts are made exact nor wishes priced."""
    asked, chosen, polished = Asked(), stage._found, list[float]()

    def found(*args):  # type: ignore[no-untyped-def]
        out = chosen(*args)
        asked.is_over = True
        return out

    polish = stage.polish

    def exact(state, parts, end):  # type: ignore[no-untyped-def]
        polished.append(end)
        return polish(state, parts, end)

    monkeypatch.setattr(stage, "_found", found)
    monkeypatch.setattr(stage, "polish", exact)
    site, programme = _township()
    wish = Placement(effort="quick", alternatives=2, together=[["guide", "wait"]])
    layouts = place_zones(site, programme, Settings(place=wish), stop=asked, jobs=1)
    assert layouts
    assert polished == []
    assert [layout.prices for layout in layouts] == [()] * len(layouts)
    assert asked.after <= 12


def test_once_told_to_stop_no_more_zones_are_tried_alone_and_no_more_aisles_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Told while the second zone is tried, the third is not, and no search by force or along aisles begins."""
    asked, tried, fits = Asked(), list[str](), reasons.fits_alone

    def fits_alone(task: Task, spec: Spec) -> bool:
        tried.append(spec.zone.id)
        asked.is_over = len(tried) == 2
        return fits(task, spec)

    monkeypatch.setattr(reasons, "fits_alone", fits_alone)
    site, programme = _township()
    task = make_task(site, programme, score_weights(Settings()), [], [])
    easing = Easing(Starts(task, budget("quick"), 0, Clock(asked), 1))
    assert not easing.may_fit()
    assert len(tried) == 2
    assert easing.tried == []
    assert bays.run_start(task, (0, 0), budget("quick").bays, Clock(asked)) == []


def test_reasons_are_looked_for_only_until_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told while the second zone is tried alone, the third is not, and what was found until then is said."""
    asked, tried = Asked(), list[str]()

    def fits_alone(_: Task, spec: Spec) -> bool:
        tried.append(spec.zone.id)
        asked.is_over = len(tried) == 2
        return False

    monkeypatch.setattr(reasons, "fits_alone", fits_alone)
    site, programme = _township()
    task = make_task(site, programme, score_weights(Settings()), [], [])
    error = reasons.no_layout(task, [], Clock(asked))
    assert len(tried) == 2
    assert [fault.where for fault in error.faults if fault.where in tried] == tried


def test_a_search_that_time_ended_says_without_which_zones_the_others_fit() -> None:
    """A hall of 12 × 8 m, two of three zones of 32 m² and more in it: what the partial plan lacks is named, and it draws the rest."""
    wanted = programme(make_zone("entrance-1", 8), *(make_zone(f"wait-{n}", 38) for n in (1, 2, 3)))
    task = make_task(hall(12, 8), wanted, score_weights(Settings()), [], [])
    asked = Asked()
    found = Starts(task, budget("quick"), 0, Clock(asked), 1).ruined(range(1))
    clock = Clock(asked, stopped="time")
    asked.is_over = True
    error = reasons.no_layout(task, found, clock)
    assert isinstance(error, reasons.NoLayoutError)
    said = [fault.found for fault in error.faults if "去掉以下功能区" in fault.found]
    assert len(said) == 1
    assert all((zone.id in said[0]) == any(zone is one for one in error.left_out) for zone in wanted.zones)
    assert error.partial is not None
    drawn = {room.id for floor in error.partial.floors for room in floor.locked}
    assert drawn == {zone.id for zone in wanted.zones} - {zone.id for zone in error.left_out}


def test_tasks_one_after_the_other_are_told_to_stop_and_a_clock_keeps_its_reason() -> None:
    asked = Asked()
    clock = Clock(asked)

    def task() -> tuple[bool, bool, StoppedBy | None]:
        before = is_told()
        asked.is_over = True
        return before, is_told(), clock.check()

    assert side_by_side([task], 1, clock.check) == [(False, True, "time")]
    assert not is_told()


def test_without_somebody_to_ask_nobody_is_told() -> None:
    tasks: list[Callable[[], bool]] = [is_told]
    assert side_by_side(tasks, 1) == [False]


def test_a_large_floor_searched_with_fewer_rounds_for_its_few_seconds_says_so() -> None:
    """Also where it ends before them; with seconds enough for all rounds it is what it is without."""
    site, wanted = hall(80, 60), programme(make_zone("wait-1", 40), make_zone("form-1", 20))

    def placed(seconds: float | None) -> Layout:
        wish = Placement(effort="quick", alternatives=1, seconds=seconds)
        return place_zones(site, wanted, Settings(place=wish), jobs=1)[0]

    search = Starts(_large_hall(), budget("quick"), 0, Clock(lambda: None), 1)
    search.staged(1)
    few, many, none = placed(0.4 * search.whole_s), placed(HOUR_S), placed(None)
    assert (few.stopped_by, many.stopped_by, none.stopped_by) == ("time", "effort", "effort")
    assert (many.score, many.zones) == (none.score, none.zones)


@pytest.mark.parametrize(("seconds", "drafts"), [(0.001, 4), (HOUR_S, 6)])
def test_where_the_first_drafts_take_most_of_the_seconds_no_others_are_begun(
    seconds: float, drafts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the first five starts four float first, of eight six."""
    asked, begun, drafted = Asked(), list[int](), starts.drafted

    def counted(state: State, seed: int, stop: Callable[[], object]) -> State:
        begun.append(seed)
        return drafted(state, seed, stop)

    monkeypatch.setattr(starts, "drafted", counted)
    work = replace(budget("quick"), stages=((8, 3), (2, 3)), focus=())
    Starts(_large_hall(), work, 0, Clock(asked, seconds=seconds), 1).staged(1)
    assert len(begun) == drafts


@pytest.mark.parametrize("round_s", [0.0006, 0.001])
def test_the_last_stages_share_what_is_left_of_few_seconds(round_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a round takes each stage comes to its end before the time is over, the last that begins hot is longer than the one before
    and than the cool one after, little is left."""
    late, made = [0.0], list[int]()

    def gone_on(state: State, _: tuple[int, ...], work: Work, clock: Clock) -> Start:
        late[0] += work.rounds * round_s
        made.append(work.rounds)
        assert clock.check() is None
        return Start([(float(len(made)), state)])

    task, work, drafted = _large_hall(), budget("normal"), starts.drafted
    rounds = sum(stage[0] * stage[1] for stage in (*work.stages[1:], *work.focus))
    times = starts.OF_DRAFTS + sum(int(grid.inside.sum()) for grid in task.grids) / starts.CELLS_OF_DRAFTS

    def floated(*args: Any) -> Any:
        late[0] += rounds * round_s / times / 4  # four of the first five starts float
        return drafted(*args)

    monkeypatch.setattr(time, "monotonic", lambda: late[0])
    monkeypatch.setattr(starts, "apart", gone_on)
    monkeypatch.setattr(starts, "drafted", floated)
    clock = Clock.of(lambda: None, 0.0, 10.0)
    one = Starts(task, work, 0, clock, 1)
    one.staged(1)
    assert one.whole_s == pytest.approx(rounds * round_s)
    assert made[-5] < made[-3] > made[-1]
    assert 0.0 <= clock.left() < 0.2


def _large_hall() -> Task:
    wanted = programme(make_zone("wait-1", 40), make_zone("form-1", 20))
    return make_task(hall(80, 60), wanted, score_weights(Settings()), [], [])
