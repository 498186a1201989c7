"""A plan made cheaper: one window more in a slot, for which several others may be one fewer."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hallplan.queueing.ask import Ask, Passed
from hallplan.queueing.smooth import pass_plan

PASSES = 1500
"""Slots that may be worked through for one day."""
NEAR = 6
"""Slots before and after the raised one in which a window may be spared: a queue kept short there helps no longer."""
RAISES = (1, 2)


class Trim:
    """Works on one plan that keeps the target in every slot; `now` is the cheapest one found."""

    def __init__(self, ask: Ask, windows: Sequence[int]) -> None:
        self.ask = ask
        self.now = tuple(windows)
        self.passes = int(PASSES * ask.room)
        self.kept = pass_plan(ask, self.now, [], 0)

    def run(self) -> tuple[int, ...]:
        """Returns a plan that costs no more and keeps the target too."""
        improved = self.kept is not None
        while improved and self.passes > 0:
            improved = self._spare_some()
            for slot in range(self.ask.n_slots):
                for more in RAISES:
                    improved = self._raise(slot, more) or improved
        return self.now

    def _spare_some(self) -> bool:
        found, kept = self._spared(self.now, self.kept or [], range(self.ask.n_slots))
        return self._take(found, kept)

    def _raise(self, slot: int, more: int) -> bool:
        """Opens `more` windows in a slot and spares what can then be spared near it."""
        if self.passes <= 0:
            return False
        trial = (*self.now[:slot], self.now[slot] + more, *self.now[slot + 1 :])
        kept = self._pass(trial, self.kept or [], slot)
        if kept is None:
            return False
        near = [k for k in range(max(slot - NEAR, 0), min(slot + NEAR + 1, self.ask.n_slots)) if k != slot]
        return self._take(*self._spared(trial, kept, sorted(near, key=lambda k: (abs(k - slot), k))))

    def _take(self, plan: tuple[int, ...], kept: list[Passed]) -> bool:
        if sum(plan) >= sum(self.now):
            return False
        self.now, self.kept = plan, kept
        return True

    def _spared(
        self, plan: tuple[int, ...], kept: list[Passed], slots: Sequence[int]
    ) -> tuple[tuple[int, ...], list[Passed]]:
        for k in slots:
            while plan[k] > self.ask.least[k] and self.passes > 0:
                trial = (*plan[:k], plan[k] - 1, *plan[k + 1 :])
                found = self._pass(trial, kept, k)
                if found is None:
                    break
                plan, kept = trial, found
        return plan, kept

    def _pass(self, plan: tuple[int, ...], kept: Sequence[Passed], first: int) -> list[Passed] | None:
        found = pass_plan(self.ask, plan, kept, first)
        reach = math.ceil(self.ask.day.wait / self.ask.day.slot)
        self.passes -= self.ask.n_slots - first if found is not None else reach + 1
        return found


def trim_plan(ask: Ask, windows: Sequence[int]) -> tuple[int, ...]:
    """Returns a plan that keeps the target with no more slot-windows than the given one, which must keep it."""
    return Trim(ask, windows).run()
