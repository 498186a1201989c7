"""Names on faces that have room for them: what is up already is read on as much of the ways as it can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hallplan.signs.task import Task
from hallplan.signs.walkers import ARROW, Masks
from hallplan.terms import read_data


class Filler:
    """Adds names to the faces of signs while they make a longer stretch of way readable."""

    def __init__(self, task: Task, told_before: Sequence[Masks]) -> None:
        self.task, self.told = task, [told.copy() for told in told_before]
        self.data = read_data("signs.toml")["place"]
        self.reads = [task.sights.told(s) for s in range(len(task.walkers.stretches))]
        people = np.zeros(len(task.walkers.stretches))
        for route in task.walkers.routes:
            for s in task.walkers.of_route[route.id]:
                people[s] += 1.0
        self.people = people
        self.rooms: Mapping[int, int] = {}

    def fill(self, faces: Sequence[tuple[int, dict[str, str]]], rooms: Mapping[int, int]) -> None:
        """Adds to what each face says (goal: arrow), at most as many names as fit, the most useful first.

        rooms: names at most on faces that are read in a short time.
        """
        self.rooms = rooms
        for f, says in faces:
            for goal, arrow in says.items():
                for s in self._stretches(f, goal, ARROW.index(arrow)):
                    self.told[s] |= self.reads[s][f]
        while best := self._best(faces):
            f, goal, code, says = best
            says[goal] = ARROW[code]
            for s in self._stretches(f, goal, code):
                self.told[s] |= self.reads[s][f]

    def _stretches(self, f: int, goal: str, code: int) -> list[int]:
        on = np.flatnonzero(self.task.sights.tells[f] & (self.task.sights.codes[f] == code)).tolist()
        return [s for s in on if self.task.walkers.stretches[s].goal == goal]

    def _best(self, faces: Sequence[tuple[int, dict[str, str]]]) -> tuple[int, str, int, dict[str, str]] | None:
        """The name that makes most way readable, when that is worth a line."""
        found: tuple[float, int, str, int, dict[str, str]] | None = None
        for f, says in faces:
            if len(says) >= self.rooms.get(f, self.data["most_names"]):
                continue
            for (goal, code), gain in sorted(self._gains(f).items()):
                if self.task.misleads(f, goal, code):
                    continue
                if goal not in says and gain >= self.data["worth_m"] and (found is None or gain > found[0] + 1e-9):
                    found = gain, f, goal, code, says
        return found[1:] if found else None

    def _gains(self, f: int) -> dict[tuple[str, int], float]:
        """Metres of way, each route counted, that each further name on a face would make readable."""
        gains: dict[tuple[str, int], float] = {}
        for s in np.flatnonzero(self.task.sights.tells[f]).tolist():
            stretch = self.task.walkers.stretches[s]
            fresh = self.reads[s][f] & ~self.told[s] & ~stretch.arrived
            key = stretch.goal, int(self.task.sights.codes[f, s])
            gains[key] = gains.get(key, 0.0) + float(fresh.sum()) * stretch.step_m * float(self.people[s])
        return gains
