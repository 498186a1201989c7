"""What direction signs of a floor could say to whom: the question that the cover answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hallplan.model.shapes import Point
from hallplan.signs.blind import Window
from hallplan.signs.candidates import Place
from hallplan.signs.faces import faces_of
from hallplan.signs.greedy import greedy
from hallplan.signs.purse import Purse
from hallplan.signs.question import Question
from hallplan.signs.reducing import Option
from hallplan.signs.sights import Sights
from hallplan.signs.view import View
from hallplan.signs.walkers import ARROW, Masks, Walkers
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
        self._is_wanting = np.isin(np.arange(len(walkers.needs)), list(wanting))
        self.data = read_data("signs.toml")["place"]
        self.n_kept = 0
        self.faces = faces_of([place.sign() for place in places])
        self.sights = Sights(walkers, self.faces, view.fields, is_open=True)
        # whoever has little time reads only a sign with few names: by how many names it may have, whom each face serves
        self._ways = self._ways_on()
        self._met = {room: self.sights.met(room) for room in (self.data["most_names"], *self.data["fewer_names"])}

    def drafted(self, purse: Purse, redundancy: int, met_before: Sequence[int], windows: Sequence[Window]) -> Drafted:
        """Returns the question of the needs at decision points and of some windows."""
        drafts = self._short_list(self._honest(self._drafts(windows)))
        question = Question(
            [draft.option for draft in drafts],
            len(self.places),
            [*(need.route.per_day for need in self.walkers.needs), *(window.per_day for window in windows)],
            redundancy,
            [*met_before, *([redundancy - 1] * len(windows))],
            self.data["most_names"],
            purse.left,
            [place.at for place in self.places],
            self.data["spacing_m"],
            [purse.price(place.mount) for place in self.places] if purse.is_money else (),
        )
        return Drafted(tuple(drafts), question)

    def one_each(self, drafted: Drafted) -> int:
        """Returns how many signs there would be if each decision point got its own, chosen greedily."""
        needs, count = self.walkers.needs, 0
        by_decision: dict[str, set[int]] = {}
        for n in sorted(self.wanting):
            by_decision.setdefault(needs[n].decision.id, set()).add(n)
        for mine in by_decision.values():
            options = [
                replace(o, needs=o.needs & mine) for o in drafted.question.options if not mine.isdisjoint(o.needs)
            ]
            count += len(greedy(replace(drafted.question, options=options)).signs)
        return count

    def misleads(self, face: int, goal: str, code: int) -> bool:
        """Whether a face that said a goal with an arrow would point someone who must choose there the wrong way."""
        return bool(self._ways.get((face, goal), set()) - {code})

    def _ways_on(self) -> dict[tuple[int, str], set[int]]:
        """By face and goal the arrows that those need who must choose before it and read it."""
        needs, sights = self.walkers.needs, self.sights
        stretch = np.array([need.stretch for need in needs], dtype=np.int64)
        rows = np.array([need.row for need in needs], dtype=np.int64)
        along = np.array([need.at * self.walkers.stretches[need.stretch].step_m for need in needs])
        found: dict[tuple[int, str], set[int]] = {}
        # stretch by stretch: faces by needs all at once are too many in a hall of hundreds of zones
        for s in np.unique(stretch).tolist():
            mine, telling = np.flatnonzero(stretch == s), np.flatnonzero(sights.tells[:, s])
            is_read = sights.reads[np.ix_(telling, rows[mine])] & (along[mine] <= sights.until_m[telling, s, None])
            goals = sorted({needs[n].goal for n in mine.tolist()})
            for goal in goals:
                here = [needs[n].goal == goal for n in mine.tolist()]
                for f in telling[is_read[:, here].any(axis=1)].tolist():
                    found.setdefault((f, goal), set()).add(int(sights.codes[f, s]))
        return found

    def _honest(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Those that mislead nobody; for needs that only others meet, those others."""
        wrong = [self.misleads(d.option.face, d.option.goal, ARROW.index(d.arrow)) for d in drafts]
        met = {
            need for draft, is_wrong in zip(drafts, wrong, strict=True) if not is_wrong for need in draft.option.needs
        }
        found = []
        for draft, is_wrong in zip(drafts, wrong, strict=True):
            option = replace(draft.option, needs=draft.option.needs - met) if is_wrong else draft.option
            if option.needs:
                found.append(replace(draft, option=option))
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
        kept = {sign for held in holders.values() for sign in held[: self.data["per_need"]]}
        self.n_kept = len(kept)
        return [draft for draft in drafts if draft.option.sign in kept]

    def _drafts(self, windows: Sequence[Window]) -> list[Draft]:
        """What each face could say."""
        ended = self._ended(windows)
        found = []
        for f in range(len(self.faces)):
            found += self._on_face(f, ended)
        return found

    def _on_face(self, f: int, ended: Mapping[int, Mapping[int, Sequence[int]]]) -> list[Draft]:
        found: list[Draft] = []
        said: dict[tuple[str, int], set[int]] = {}
        for room, met in self._met.items():
            groups: dict[tuple[str, int], set[int]] = {}
            if room == self.data["most_names"]:
                for s, windows in ended.get(f, {}).items():
                    key = self.walkers.stretches[s].goal, int(self.sights.codes[f, s])
                    groups.setdefault(key, set()).update(windows)
            for n in np.flatnonzero(met[f] & self._is_wanting).tolist():
                need = self.walkers.needs[n]
                groups.setdefault((need.goal, int(self.sights.codes[f, need.stretch])), set()).add(n)
            for key, needs in sorted(groups.items()):
                had = said.get(key, set())
                if needs - had:
                    said[key] = needs | had
                    fewer = None if room == self.data["most_names"] else room
                    option = Option(self.faces[f].sign, f, key[0], frozenset(said[key]), fewer)
                    found.append(Draft(ARROW[key[1]], option))
        return found

    def _ended(self, windows: Sequence[Window]) -> dict[int, dict[int, list[int]]]:
        """The windows that each face ends by being read on each stretch, by face and stretch, as numbers of needs."""
        first = len(self.walkers.needs)
        found: dict[int, dict[int, list[int]]] = {}
        by_stretch: dict[int, list[tuple[int, Masks]]] = {}
        for w, window in enumerate(windows):
            for s, rows in window.rows:
                by_stretch.setdefault(s, []).append((first + w, rows))
        for s, held in by_stretch.items():
            reach = self.sights.told(s).astype(np.float32) @ np.array([rows for _, rows in held], dtype=np.float32).T
            for f in np.flatnonzero(reach.any(axis=1)).tolist():
                found.setdefault(f, {})[s] = [held[n][0] for n in np.flatnonzero(reach[f]).tolist()]
        return found


def eyes_of(walkers: Walkers, needs: Sequence[int]) -> list[tuple[Point, float]]:
    """Returns from where and looking where (to 45°) someone with one of some needs must choose."""
    rows = {walkers.needs[n].row for n in needs}
    found = {
        ((float(walkers.xy[row, 0]), float(walkers.xy[row, 1])), round(float(walkers.heading[row]) / 45.0) * 45.0)
        for row in rows
    }
    return sorted(found)
