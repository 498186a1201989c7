"""Signs one after the other, the most useful first: what the optimum is compared with, and its stand-in."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hallplan.signs.question import Answer, Question


def greedy(question: Question, *, is_hung: bool = False) -> Answer:
    """Returns signs chosen one after the other, each time the one that meets most needs still open.

    is_hung: they are to go up, so that none is chosen too near to another or dearer than what is left of the budget; what the
    fewest are only compared with may be.
    """
    open_needs = question.wanted()
    by_sign: dict[int, list[int]] = {}
    for o, option in enumerate(question.options):
        by_sign.setdefault(option.sign, []).append(o)
    left = math.inf if question.budget is None else question.budget
    if is_hung:
        by_sign = {sign: mine for sign, mine in by_sign.items() if question.cost(sign) <= left}
    chosen: list[int] = []
    signs: list[int] = []
    while open_needs and by_sign and len(signs) < (question.budget or len(by_sign) + len(signs) + 1):
        best = max(
            by_sign,
            key=lambda sign: (len(_met(_filled(question, by_sign[sign], open_needs), question, open_needs)), -sign),
        )
        held = _filled(question, by_sign.pop(best), open_needs)
        met = _met(held, question, open_needs)
        if not met:
            break
        if is_hung:
            left -= question.cost(best)
            by_sign = {sign: mine for sign, mine in by_sign.items() if _may_follow(question, best, sign, left)}
        chosen += held
        signs.append(best)
        for need in met:
            open_needs[need] -= 1
            if not open_needs[need]:
                del open_needs[need]
    return Answer(tuple(sorted(chosen)), tuple(sorted(signs)), 0.0, False, tuple(sorted(open_needs)))


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
