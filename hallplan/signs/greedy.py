"""Signs one after the other, the most useful first: what the optimum is compared with, and its stand-in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from hallplan.signs.question import Answer, Question


def greedy(question: Question, *, is_hung: bool = False) -> Answer:
    """Returns signs chosen one after the other, each time the one that meets most needs still open.

    is_hung: they are to go up, so that none is chosen too near to another or dearer than what is left of the budget; what the
    fewest are only compared with may be.
    """
    choice = _Choice(question)
    left = math.inf if question.budget is None else question.budget
    if is_hung:
        choice.keep(sign for sign in choice.by_sign if question.cost(sign) <= left)
    chosen: list[int] = []
    signs: list[int] = []
    most = question.budget or len(choice.by_sign)
    while choice.open_needs and choice.by_sign and len(signs) < most:
        best = choice.best()
        held = choice.take(best)
        if not held:
            break
        if is_hung:
            left -= question.cost(best)
            choice.keep(sign for sign in choice.by_sign if _may_follow(question, best, sign, left))
        chosen += held
        signs.append(best)
    return Answer(tuple(sorted(chosen)), tuple(sorted(signs)), 0.0, False, tuple(sorted(choice.open_needs)))


class _Choice:
    """Signs that could still go up, and what they would meet of the needs that are open.

    open_needs: how many signs each still asks for.  by_sign: the options of each sign.
    """

    def __init__(self, question: Question) -> None:
        self.question, self.open_needs = question, question.wanted()
        self.by_sign: dict[int, list[int]] = {}
        self._holders: dict[int, set[int]] = {}
        self._worth: dict[int, int] = {}
        for o, option in enumerate(question.options):
            self.by_sign.setdefault(option.sign, []).append(o)
            for need in option.needs:
                self._holders.setdefault(need, set()).add(option.sign)

    def keep(self, signs: Iterable[int]) -> None:
        """Leaves only some signs to choose from."""
        self.by_sign = {sign: self.by_sign[sign] for sign in list(signs)}

    def best(self) -> int:
        """Returns the sign that meets most open needs, of equal ones the first."""
        for sign in self.by_sign.keys() - self._worth.keys():
            self._worth[sign] = len(
                _met(_filled(self.question, self.by_sign[sign], self.open_needs), self.question, self.open_needs)
            )
        return max(self.by_sign, key=lambda sign: (self._worth[sign], -sign))

    def take(self, sign: int) -> list[int]:
        """Puts a sign up and returns the options that it says; none where it meets nothing."""
        held = _filled(self.question, self.by_sign.pop(sign), self.open_needs)
        for need in _met(held, self.question, self.open_needs):
            self.open_needs[need] -= 1
            if not self.open_needs[need]:
                del self.open_needs[need]
                for other in self._holders[need]:
                    self._worth.pop(other, None)
        return held


def _may_follow(question: Question, chosen: int, sign: int, left: float) -> bool:
    """Whether a sign may go up beside one that was chosen, with so much of the budget left."""
    is_apart = (
        not question.spots or math.dist(question.spots[chosen], question.spots[sign]) >= question.spacing_m - 1e-9
    )
    return is_apart and question.cost(sign) <= left


def _filled(question: Question, options: Sequence[int], open_needs: dict[int, int]) -> list[int]:
    """What the faces of one sign say best: a goal once a face, the most useful names first."""
    held: list[int] = []
    taken: dict[int, set[str]] = {}
    rooms: dict[int, int] = {}
    worth = {o: len(question.options[o].needs & open_needs.keys()) for o in options}
    for o in sorted(options, key=lambda o: (-worth[o], o)):
        option = question.options[o]
        names = taken.setdefault(option.face, set())
        rooms[option.face] = min(rooms.get(option.face, question.most_names), option.room or question.most_names)
        if worth[o] and option.goal not in names and len(names) < rooms[option.face]:
            names.add(option.goal)
            held.append(o)
    return held


def _met(options: Sequence[int], question: Question, open_needs: dict[int, int]) -> set[int]:
    return {need for o in options for need in question.options[o].needs if need in open_needs}
