"""Overflow: visitors of one type whom free windows of another serve too, and the windows that this spares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hallplan.errors import Fault, SettingsError
from hallplan.model.windows import Interval, Simulated, WindowPlan, WindowType
from hallplan.queueing import HallDays, LineDays, simulate_hall
from hallplan.settings import FILE_NAME, Settings
from hallplan.terms import read_data, text
from hallplan.windows.kinds import window_kinds
from hallplan.windows.limits import target_of
from hallplan.windows.proof import hall_model, use_of


def with_overflow(plan: WindowPlan, settings: Settings) -> tuple[WindowType, ...]:
    """Returns the types of a plan with the overflow that the settings ask for, pair after pair.

    A pair [A, B]: from n waiting of A on a free window of B takes one of them when none of its own waits.  n and the
    windows spared of both are those that keep what every half-hour of both has in simulation now, or else its target.
    Raises SettingsError when a pair names no type of the plan.  Source: simulation; no formula covers the pair.
    """
    pairs = _pairs(plan, settings)
    for one, other in pairs:
        joined = _joined(plan, one, other, settings)
        plan = replace(plan, types=tuple(joined.get(kind.id, kind) for kind in plan.types))
    return plan.types


def _pairs(plan: WindowPlan, settings: Settings) -> list[tuple[str, str]]:
    known = [kind.id for kind in plan.types]
    faults = [
        Fault(f"{FILE_NAME}, service.overflow", "、".join(pair), text("windows.overflow_expected"), "、".join(known))
        for pair in settings.service.overflow
        if len(pair) != 2 or pair[0] == pair[1] or any(id not in known for id in pair)
    ]
    if faults:
        raise SettingsError.of(faults)
    return [(pair[0], pair[1]) for pair in settings.service.overflow]


def _joined(plan: WindowPlan, one: str, other: str, settings: Settings) -> dict[str, WindowType]:
    """The two types with the overflow that spares most window-hours; none when it spares nothing."""
    before = {kind.id: kind for kind in plan.types if kind.id in (one, other)}
    if any(not any(kind.arrivals) or kind.minutes <= 0 for kind in before.values()):
        return {}
    tries = [
        _Tried(plan, before, one, other, n, settings) for n in read_data("windows.toml")["overflow"]["from_waiting"]
    ]
    best = min(tries, key=lambda tried: (tried.slots, -tried.from_waiting))
    return best.types() if best.slots < sum(sum(kind.open) for kind in before.values()) else {}


class _Tried:
    """Two types with overflow from so many waiting on; windows spared as long as both are served as before or as asked."""

    def __init__(
        self,
        plan: WindowPlan,
        kinds: dict[str, WindowType],
        one: str,
        other: str,
        from_waiting: int,
        settings: Settings,
    ) -> None:
        self._plan, self._settings, self._rules = plan, settings, read_data("windows.toml")["overflow"]
        self.from_waiting = from_waiting
        self._one, self._other = one, other
        linked = replace(kinds[one], overflow=(*kinds[one].overflow, other), overflow_from=from_waiting)
        self.kinds = {one: linked, other: kinds[other]}
        self._least = self._asked(kinds)
        self._spare()

    @property
    def slots(self) -> int:
        """Windows open, over all half-hours."""
        return sum(sum(kind.open) for kind in self.kinds.values())

    def _days(self, kinds: Sequence[WindowType], seed: int) -> HallDays:
        return simulate_hall(hall_model(list(kinds), self._plan), days=int(self._rules["days"]), seed=seed)

    def _asked(self, kinds: dict[str, WindowType]) -> dict[str, list[float]]:
        """What each line must keep: its targets, or what it has without overflow where that is less."""
        days, slack = self._days(list(kinds.values()), int(self._rules["seed"])), float(self._rules["slack"])
        asked = {}
        for line in days.lines:
            target = target_of(self._plan, kinds[line.id])
            most = [target.share] * len(line.slot_share), [-target.mean_wait_min] * len(line.slot_share)
            ends = [-target.p99_wait_min, -target.queue]
            asked[line.id] = [min(a, b) - slack for a, b in zip([*most[0], *most[1], *ends], _met(line), strict=True)]
        return asked

    def _spare(self) -> None:
        rows = [(id, k) for id, kind in self.kinds.items() for k in range(len(kind.open))]
        for id, k in sorted(rows, key=lambda row: (-self.kinds[row[0]].open[row[1]], row)):
            opened = self.kinds[id].open
            if opened[k] <= 1:
                continue
            fewer = replace(self.kinds[id], open=(*opened[:k], opened[k] - 1, *opened[k + 1 :]))
            trial = {**self.kinds, id: fewer}
            if self._keeps(self._days(list(trial.values()), int(self._rules["seed"]))):
                self.kinds = trial

    def _keeps(self, days: HallDays) -> bool:
        return all(
            met >= least for line in days.lines for met, least in zip(_met(line), self._least[line.id], strict=True)
        )

    def types(self) -> dict[str, WindowType]:
        """The two types with the figures of other simulated days."""
        days = self._days(list(self.kinds.values()), int(self._rules["seed"]) + 1)
        return {kind.id: self._figures(kind, days, n) for n, kind in enumerate(self.kinds.values())}

    def _figures(self, kind: WindowType, days: HallDays, n: int) -> WindowType:
        line, model = days.lines[n], hall_model(list(self.kinds.values()), self._plan)
        wait, share = line.mean_wait_min, line.share_within
        catalogue, policy = window_kinds(), 0
        if kind.id in catalogue:
            policy = catalogue[kind.id].policy_minimum(self._settings.project.level)
        values: dict[str, Any] = {
            "one": self._name(self._one),
            "other": self._name(self._other),
            "count": self.from_waiting,
        }
        return replace(
            kind,
            windows=max(*kind.open, policy, 1) + self._settings.service.reserve_windows,
            mean_wait_min=wait.value, share_within_target=share.value, p99_wait_min=line.quantiles[3],
            utilisation=use_of(days.busy[n], model.groups[n].open),
            simulated=Simulated(Interval(wait.value, wait.ci95), Interval(share.value, share.ci95), days.days),
            basis=f"{kind.basis}；{text('windows.overflow_basis', **values)}",
        )  # fmt: skip

    def _name(self, id: str) -> str:
        return self.kinds[id].name


def _met(line: LineDays) -> list[float]:
    """By half-hour the share within the target and less the mean wait; less the 99th percentile and the longest queue."""
    return [*line.slot_share, *(-wait for wait in line.slot_wait_min), -line.quantiles[3], -float(line.longest)]
