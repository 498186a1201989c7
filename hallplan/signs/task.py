"""What direction signs of a floor could say to whom: the question that the cover answers."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hallplan.model.shapes import Point
from hallplan.signs.blind import Window
from hallplan.signs.candidates import Place
from hallplan.signs.faces import faces_of
from hallplan.signs.greedy import greedy
from hallplan.signs.purse import Purse
from hallplan.signs.question import Question
from hallplan.signs.reducing import Option
from hallplan.signs.sights import Sights, needed_seconds
from hallplan.signs.view import View
from hallplan.signs.walkers import ARROW, Masks, Numbers, Walkers
from hallplan.terms import read_data


@dataclass(frozen=True, slots=True)
class Draft:
    """A name that a face could carry, with its arrow."""

    arrow: str
    option: Option


@dataclass(frozen=True, slots=True)
class Drafted:
    """A question about the places tried and what they could say, in the order of its options."""

    drafts: tuple[Draft, ...]
    question: Question

    @property
    def coverable(self) -> set[int]:
        """Needs that some place can meet."""
        return {need for option in self.question.options for need in option.needs}


class Task:
    """The places tried on one floor before those who are not told their way yet.

    Windows of blind way are needs as well, numbered after those at decision points.
    """

    def __init__(self, view: View, walkers: Walkers, places: Sequence[Place], wanting: Sequence[int]) -> None:
        self.walkers, self.places, self.wanting = walkers, places, set(wanting)
        self.data = read_data("signs.toml")["place"]
        self.n_kept = 0
        self.faces = faces_of([place.sign() for place in places])
        self.sights = Sights(walkers, self.faces, view.fields, is_open=True)
        # whoever has little time reads only a sign with few names
        self.rooms = sorted({self.data["most_names"], *self.data["fewer_names"]}, reverse=True)
        self._goals = {goal: n for n, goal in enumerate(sorted({stretch.goal for stretch in walkers.stretches}))}
        self._choosing = [walkers.needs[alike[0]] for alike in walkers.alike.values()]
        self._ways, self._served = self._ways_on(), self._served_by_face()

    @property
    def untold(self) -> set[int]:
        """Needs at decision points that no place tried can meet; where there is no time to read a single name, none can."""
        told = set(self._served.rows[self._served.rooms > 0].tolist())
        return {
            n for row, alike in self.walkers.alike.items() if row not in told for n in self.wanting.intersection(alike)
        }

    def drafted(self, purse: Purse, redundancy: int, met_before: Sequence[int], windows: Sequence[Window]) -> Drafted:
        """Returns the question of the needs at decision points and of some windows."""
        drafts = self._short_list(self._honest(self._drafts(range(len(self.faces)), self.wanting, windows)))
        self.n_kept = len({draft.option.sign for draft in drafts})
        return self._asked(drafts, purse, redundancy, met_before, windows)

    def drafted_beside(
        self, up: Collection[int], purse: Purse, redundancy: int, met: Sequence[int], windows: Sequence[Window]
    ) -> Drafted:
        """Returns the question of needs that are met too seldom and of some windows, for signs beside those that are up."""
        spots = np.array([place.at for place in self.places])
        is_free = np.ones(len(spots), dtype=np.bool_)
        for sign in up:
            is_free &= np.hypot(*(spots - spots[sign]).T) >= self.data["spacing_m"] - 1e-9
        faces = [f for f, face in enumerate(self.faces) if is_free[face.sign]]
        wanting = {n for n in self.wanting if met[n] < redundancy}
        drafts = self._short_list(self._honest(self._drafts(faces, wanting, windows)))
        return self._asked(drafts, purse, redundancy, met, windows)

    def _asked(
        self, drafts: Sequence[Draft], purse: Purse, redundancy: int, met: Sequence[int], windows: Sequence[Window]
    ) -> Drafted:
        question = Question(
            [draft.option for draft in drafts],
            len(self.places),
            [*(need.route.per_day for need in self.walkers.needs), *(window.per_day for window in windows)],
            redundancy,
            [*met, *([redundancy - 1] * len(windows))],
            self.data["most_names"],
            purse.left,
            [place.at for place in self.places],
            self.data["spacing_m"],
            [purse.price(place.mount) for place in self.places] if purse.is_money else (),
        )
        return Drafted(tuple(drafts), question)

    def one_each(self, drafted: Drafted) -> int:
        """Returns how many signs there would be if each decision point got its own, chosen greedily."""
        options, count = drafted.question.options, 0
        holders: dict[int, list[int]] = {}
        for o, option in enumerate(options):
            for n in option.needs:
                holders.setdefault(n, []).append(o)
        by_decision: dict[str, set[int]] = {}
        for n in sorted(self.wanting):
            by_decision.setdefault(self.walkers.needs[n].decision.id, set()).add(n)
        for mine in by_decision.values():
            here = sorted({o for n in mine for o in holders.get(n, ())})
            own = [replace(options[o], needs=options[o].needs & mine) for o in here]
            count += len(greedy(replace(drafted.question, options=own)).signs)
        return count

    def misleads(self, face: int, goal: str, code: int) -> bool:
        """Whether a face that said a goal with an arrow would point someone who must choose there the wrong way."""
        return bool(int(self._ways[face, self._goals[goal]]) & ~(1 << code))

    def _ways_on(self) -> NDArray[np.uint8]:
        """By face and goal the arrows, as bits, that those need who must choose before it and read it."""
        ways = np.zeros((len(self.faces), len(self._goals)), dtype=np.uint8)
        for need in self._choosing:
            own = self.sights.before[need.stretch]
            along = need.at * self.walkers.stretches[need.stretch].step_m
            is_read = own.tells & own.holds(int(self.walkers.column[need.row]), along)
            ways[own.faces[is_read], self._goals[need.goal]] |= (1 << own.codes[is_read]).astype(np.uint8)
        return ways

    def _served_by_face(self) -> _Served:
        """Whom each face could serve that is not told the way yet, in how short a time, and with which arrow."""
        none = np.empty(0, dtype=np.int32)
        parts = [(none, none, none.astype(np.int8), none.astype(np.int8))]
        limits = np.array(sorted(needed_seconds(room) for room in self.rooms))
        choosing = [need for need in self._choosing if not self.wanting.isdisjoint(self.walkers.alike[need.row])]
        for need, faces, seconds in self.sights.times(choosing):
            own = self.sights.before[need.stretch]
            held = np.searchsorted(limits, seconds, "right").astype(np.int8)
            codes = own.codes[np.searchsorted(own.faces, faces)]
            parts.append((faces.astype(np.int32), np.full(len(faces), need.row, dtype=np.int32), held, codes))
        faces, rows, held, codes = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        order = np.argsort(faces, kind="stable")
        starts = np.searchsorted(faces[order], np.arange(len(self.faces) + 1))
        return _Served(starts, rows[order], held[order], codes[order])

    def _honest(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Those that mislead nobody; for needs that only others meet, those others."""
        wrong = [self.misleads(d.option.face, d.option.goal, ARROW.index(d.arrow)) for d in drafts]
        met = {
            need for draft, is_wrong in zip(drafts, wrong, strict=True) if not is_wrong for need in draft.option.needs
        }
        found = []
        for draft, is_wrong in zip(drafts, wrong, strict=True):
            if not is_wrong:
                found.append(draft)
            elif left := draft.option.needs - met:
                found.append(replace(draft, option=replace(draft.option, needs=left)))
        return found

    def _short_list(self, drafts: Sequence[Draft]) -> list[Draft]:
        """What could be said at the places kept: for each need those that meet most needs, a few of them."""
        masks: dict[int, set[int]] = {}
        for draft in drafts:
            masks.setdefault(draft.option.sign, set()).update(draft.option.needs)
        holders: dict[int, list[int]] = {}
        for sign in sorted(masks, key=lambda sign: (-len(masks[sign]), sign)):
            for need in masks[sign]:
                holders.setdefault(need, []).append(sign)
        kept = {sign for held in holders.values() for sign in self._few(held)}
        return [draft for draft in drafts if draft.option.sign in kept]

    def _few(self, held: Sequence[int]) -> list[int]:
        """The first few of some places, with others among them, where there are any, that may stay when a sign goes up at the first."""
        few, at = list(held[: self.data["per_need"]]), self.places[held[0]].at
        if all(math.dist(self.places[sign].at, at) < self.data["spacing_m"] for sign in few):
            few += [sign for sign in held if math.dist(self.places[sign].at, at) >= self.data["spacing_m"]][
                : self.data["per_need_apart"]
            ]
        return few

    def _drafts(self, faces: Iterable[int], wanting: AbstractSet[int], windows: Sequence[Window]) -> list[Draft]:
        """What each of some faces could say to needs that are wanting and to end windows."""
        ended = self.ended(windows)
        by_row = {row: [n for n in alike if n in wanting] for row, alike in self.walkers.alike.items()}
        found = []
        for f in faces:
            found += self._on_face(f, by_row, ended.get(f, {}))
        return found

    def _on_face(
        self, f: int, wanting: Mapping[int, Sequence[int]], ended: Mapping[tuple[str, int], set[int]]
    ) -> list[Draft]:
        found: list[Draft] = []
        said: dict[tuple[str, int], set[int]] = {}
        for n, room in enumerate(self.rooms):
            groups = {key: set(windows) for key, windows in ended.items()} if not n else {}
            for row, code in self._served.on(f, len(self.rooms) - n):
                alike = wanting.get(row)
                if alike:
                    groups.setdefault((self.walkers.needs[alike[0]].goal, code), set()).update(alike)
            for key, needs in sorted(groups.items()):
                had = said.get(key, set())
                if needs - had:
                    said[key] = needs | had
                    fewer = None if room == self.data["most_names"] else room
                    option = Option(self.faces[f].sign, f, key[0], frozenset(said[key]), fewer)
                    found.append(Draft(ARROW[key[1]], option))
        return found

    def ended(self, windows: Sequence[Window]) -> dict[int, dict[tuple[str, int], set[int]]]:
        """Returns the windows that each face ends by being read, by face, goal and arrow, as numbers of needs."""
        first = len(self.walkers.needs)
        found: dict[int, dict[tuple[str, int], set[int]]] = {}
        by_stretch: dict[int, list[tuple[int, Masks]]] = {}
        for w, window in enumerate(windows):
            for s, rows in window.rows:
                by_stretch.setdefault(s, []).append((first + w, rows))
        for s, held in by_stretch.items():
            own, goal = self.sights.before[s], self.walkers.stretches[s].goal
            rows = np.array([rows for _, rows in held], dtype=np.float32)
            reach = self.sights.told(s).astype(np.float32) @ rows.T
            for n in np.flatnonzero(reach.any(axis=1)).tolist():
                groups = found.setdefault(int(own.faces[n]), {})
                ends = [held[w][0] for w in np.flatnonzero(reach[n]).tolist()]
                groups.setdefault((goal, int(own.codes[n])), set()).update(ends)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Served:
    """Eyes that must choose by face: those of face f are from starts[f] to starts[f + 1].

    rows: the eyes.  rooms: for how many of the rooms that faces may have they have the time, least rooms first.
    """

    starts: Numbers
    rows: NDArray[np.int32]
    rooms: NDArray[np.int8]
    codes: NDArray[np.int8]

    def on(self, face: int, rooms: int) -> list[tuple[int, int]]:
        """Returns the eyes that have time for so many of the rooms, each with its arrow."""
        mine = slice(self.starts[face], self.starts[face + 1])
        is_met = self.rooms[mine] >= rooms
        return list(zip(self.rows[mine][is_met].tolist(), self.codes[mine][is_met].tolist(), strict=True))


def eyes_of(walkers: Walkers, needs: Sequence[int]) -> list[tuple[Point, float]]:
    """Returns from where and looking where (to 45°) someone with one of some needs must choose."""
    rows = {walkers.needs[n].row for n in needs}
    found = {
        ((float(walkers.xy[row, 0]), float(walkers.xy[row, 1])), round(float(walkers.heading[row]) / 45.0) * 45.0)
        for row in rows
    }
    return sorted(found)
