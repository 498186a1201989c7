"""Names on faces that have room for them: what is up already is read on as much of the ways as it can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from hallplan.signs.blind import Window
from hallplan.signs.task import Task
from hallplan.signs.walkers import ARROW, Masks
from hallplan.terms import read_data

Name = tuple[str, int]
"""A goal and the code of the arrow to it."""


class Filler:
    """Adds names to the faces of signs while they make a longer stretch of way readable."""

    def __init__(self, task: Task, told_before: Sequence[Masks]) -> None:
        self.task, self.told = task, [told.copy() for told in told_before]
        self.data = read_data("signs.toml")["place"]
        people = np.zeros(len(task.walkers.stretches))
        for route in task.walkers.routes:
            for s in task.walkers.of_route[route.id]:
                people[s] += 1.0
        self.people = people
        self.rooms: Mapping[int, int] = {}
        self._gains: dict[int, list[tuple[Name, float]]] = {}

    def fill(self, faces: Sequence[tuple[int, dict[str, str]]], rooms: Mapping[int, int]) -> None:
        """Adds to what each face says (goal: arrow), at most as many names as fit, the most useful first.

        rooms: names at most on faces that are read in a short time.
        """
        self.rooms = rooms
        self._gains.clear()
        for f, says in faces:
            for goal, arrow in says.items():
                self._tell(f, goal, ARROW.index(arrow))
        watching = self._watching(f for f, _ in faces)
        while best := self._best(faces):
            f, goal, code, says = best
            says[goal] = ARROW[code]
            for s in self._tell(f, goal, code):
                for other in watching[s]:
                    self._gains.pop(other, None)

    def end(self, faces: Sequence[tuple[int, dict[str, str]]], windows: Sequence[Window]) -> None:
        """Adds names to faces that have room while they end windows of blind way, each time the one that ends most."""
        ended = self.task.ended(windows)
        left = {window for f, _ in faces for ends in ended.get(f, {}).values() for window in ends}
        while left:
            best = max(self._ending(faces, ended, left), key=lambda found: found[0], default=None)
            if best is None:
                break
            _, f, (goal, code), says = best
            says[goal] = ARROW[code]
            left -= ended[f][goal, code]
            self._tell(f, goal, code)

    def _ending(
        self, faces: Sequence[tuple[int, dict[str, str]]], ended: Mapping[int, Mapping[Name, set[int]]], left: set[int]
    ) -> Iterator[tuple[int, int, Name, dict[str, str]]]:
        """How many windows each name ends that a face has room for, with face, name and what the face says."""
        for f, says in faces:
            if len(says) < self.rooms.get(f, self.data["most_names"]):
                for name, ends in sorted(ended.get(f, {}).items()):
                    count = len(ends & left)
                    if count and name[0] not in says and not self.task.misleads(f, *name):
                        yield count, f, name, says

    def _tell(self, f: int, goal: str, code: int) -> list[int]:
        """Has a face say a goal, and returns the stretches to whose walkers it does."""
        mine = self._stretches(f, goal, code)
        for s in mine:
            self.told[s] |= self.task.sights.told_by(f, s)
        return mine

    def _stretches(self, f: int, goal: str, code: int) -> list[int]:
        telling = self.task.sights.telling.get(f, [])
        return [s for s, its_code in telling if its_code == code and self.task.walkers.stretches[s].goal == goal]

    def _watching(self, faces: Iterable[int]) -> dict[int, list[int]]:
        """Which faces could tell the walkers of each stretch."""
        found: dict[int, list[int]] = {}
        for f in faces:
            for s, _ in self.task.sights.telling.get(f, []):
                found.setdefault(s, []).append(f)
        return found

    def _best(self, faces: Sequence[tuple[int, dict[str, str]]]) -> tuple[int, str, int, dict[str, str]] | None:
        """The name that makes most way readable, when that is worth a line."""
        found: tuple[float, int, str, int, dict[str, str]] | None = None
        for f, says in faces:
            if len(says) >= self.rooms.get(f, self.data["most_names"]):
                continue
            if f not in self._gains:
                self._gains[f] = self._worth(f)
            for (goal, code), gain in self._gains[f]:
                if goal not in says and (found is None or gain > found[0] + 1e-9):
                    found = gain, f, goal, code, says
        return found[1:] if found else None

    def _worth(self, f: int) -> list[tuple[Name, float]]:
        """The metres of way, each route counted, that further names on a face would make readable, where that is enough."""
        gains: dict[Name, float] = {}
        for s, code in self.task.sights.telling.get(f, []):
            stretch = self.task.walkers.stretches[s]
            fresh = self.task.sights.told_by(f, s) & ~self.told[s] & ~stretch.arrived
            key = stretch.goal, code
            gains[key] = gains.get(key, 0.0) + float(fresh.sum()) * stretch.step_m * float(self.people[s])
        return [
            (key, gain)
            for key, gain in sorted(gains.items())
            if gain >= self.data["worth_m"] and not self.task.misleads(f, *key)
        ]
