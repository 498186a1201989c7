"""Changes that would make a hall fit: the smallest of each kind, tried before it is named."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path

import pytest

from hallplan.errors import Fault, InfeasibleError
from hallplan.model.layout import StoppedBy
from hallplan.model.programme import CounterForm, Zone
from hallplan.pipeline import relaxing
from hallplan.pipeline.run import Inputs, Run
from hallplan.place import NoLayoutError
from hallplan.read.project import find_project
from hallplan.settings import Settings
from hallplan.terms import speaking
from tests.builders import make_demand, make_site, make_windows, make_zone

PLAIN = Settings()
SAMPLE = Path(__file__).parents[2] / "samples/township"


class Searches:
    """Stands for the quick search: a layout is there when `fits` says so; keeps the settings it was asked about."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fits: object) -> None:
        self.asked: list[Settings] = []
        self.fits = fits
        monkeypatch.setattr(relaxing, "size_zones", lambda *_: None)
        monkeypatch.setattr(relaxing, "has_layout", self)

    def __call__(self, _: object, __: object, settings: Settings, **___: object) -> bool:
        self.asked.append(settings)
        return bool(self.fits(settings))  # type: ignore[operator]


def told(settings: Settings = PLAIN, left: tuple[Zone, ...] = (), run: Run | None = None, end: float = math.inf) -> list[str]:  # fmt: skip
    """What is said to do, in English."""
    error = NoLayoutError(Fault("placement", "full")).showing(None, left)
    inputs = Inputs(find_project(SAMPLE), settings, {}, make_demand())
    known = (make_site(), make_demand(), make_windows())
    with speaking("en"):
        found = relaxing.with_relaxations(error, inputs, known, settings, run or Run(), end)
    assert isinstance(found, NoLayoutError)
    assert found.left_out == left
    return [fault.found for fault in found.faults[1:]]


def test_nothing_smaller_is_tried_where_the_greatest_change_does_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = Searches(monkeypatch, lambda _: False)
    (said,) = told()
    assert [settings.zones.scale for settings in searches.asked] == [0.7, 1.0]
    assert "[zones] scale = 0.7, [drawing] remove_infill = true; none" in said


def test_the_smallest_change_that_does_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Searches(monkeypatch, lambda settings: settings.zones.scale <= 0.8)
    assert [said.split(":")[0] for said in told()] == ["[zones] scale = 0.8"]


def test_a_zone_without_a_place_that_a_hall_can_do_without_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = Searches(monkeypatch, lambda settings: "media" in settings.zones.skip)
    said = told(left=(make_zone("media-1", 12), make_zone("wait-1", 30)))
    assert said[0].startswith('[zones] skip = ["media"]: then')
    assert not any("wait" in settings.zones.skip for settings in searches.asked)


def test_a_line_of_counters_without_a_place_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    Searches(monkeypatch, lambda settings: settings.service.windows_per_line == 3)
    forms = (CounterForm("straight", 8.0, 3.9),)
    line = replace(make_zone("window_general-1", 30, forms=forms), windows=("A01", "A02", "A03", "A04", "A05"))
    assert told(left=(line,))[0].startswith("[service] windows_per_line = 3: then")


def test_what_the_user_fixed_is_dropped_one_by_one_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = Searches(monkeypatch, lambda settings: not settings.place.within)
    wish = Settings().place.model_copy(update={"within": {"wait": [0, 0, 1, 1]}, "avoid": {"guide": [0, 0, 1, 1]}})
    monkeypatch.setattr(relaxing, "read_site", lambda *_: make_site())
    assert told(Settings().model_copy(update={"place": wish}))[0].startswith("without [place.within] wait")
    assert searches.asked[0].place.within == {}


def test_nothing_is_tried_once_the_time_is_over_or_the_run_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = Searches(monkeypatch, lambda _: True)
    assert told(end=time.monotonic() - 1.0) == []
    assert told(run=Run(stop=lambda: "interrupt")) == []
    assert searches.asked == []


def test_a_trial_that_was_cut_short_does_not_count_as_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[StoppedBy] = []
    searches = Searches(monkeypatch, lambda _: stopped.append("interrupt") if searches.asked[1:] else False)
    (said,) = told(run=Run(stop=lambda: stopped[0] if stopped else None))
    assert "scale = 0.7; none" in said


def test_a_refusal_of_the_programme_keeps_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    Searches(monkeypatch, lambda _: False)
    error = InfeasibleError(Fault("areas", "too small"))
    inputs = Inputs(find_project(SAMPLE), Settings(), {}, make_demand())
    found = relaxing.with_relaxations(error, inputs, (make_site(), make_demand(), make_windows()), Settings(), Run())
    assert type(found) is InfeasibleError
    assert len(found.faults) == 2
