"""Layouts as candidates: what ranks one before another, and how those that break what must hold are mended."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

from hallplan.model.layout import ScorePart, StoppedBy
from hallplan.parallel import side_by_side
from hallplan.place.alternatives import LEAST_MOVE, SMALL_MOVE, differ
from hallplan.place.asked import keeps_ways
from hallplan.place.bands import shut_off
from hallplan.place.closing import closed, opened
from hallplan.place.lined import windows_lacking
from hallplan.place.regaining import as_programmed, regained, straightened
from hallplan.place.reviewing import reviewed
from hallplan.place.room_doors import doorless
from hallplan.place.score import score_parts
from hallplan.place.search import Clock, never
from hallplan.place.starts import Bare, bare, clothed, is_joined
from hallplan.place.state import State
from hallplan.place.trim import is_trimmed, on_lines
from hallplan.place.unmixing import another, apart, unmixed
from hallplan.place.weights import Work
from hallplan.place.worth import broken_by

AREA_TOL = 1e-3
BEHIND = 1e9
"""What a layout that breaks what must hold counts as on top, and half of what one with less than the least areas or ways does."""
HARDEST, NEARLY = 2, 1.1
"""Where no layout that is nearly as good as the best keeps what must hold, two at least are gone on with at length."""
AGAIN, COOLED, FEWER = 2, 0.3, 10
"""Where staff cross elsewhere once visitors are led round, that is done anew so often; the share of the cooling that lies behind when
rounds begin then; where they cannot be led round there are so many times fewer."""
FURTHER = 4
"""Where alternatives are missing, others are looked for in this many times the rounds of mending."""
AS_FOUND = 1.02
"""A layout that breaks no more than this many times as much as on the lines it was found on breaks nothing for its own lines."""
TRIED = 2
"""Of the layouts that keep staff apart best, this many are weighed by the score."""
Scored = tuple[float, State, tuple[ScorePart, ...]]
Rank = tuple[bool, bool, float]
Hands = tuple[int, Callable[[], StoppedBy | None]]
"""Processes that work side by side, and what is asked whether they are to stop."""


class Mending(NamedTuple):
    """The work of mending: rounds of each layout, and of those in which visitors are led round staff's ways, until `end` on the clock of
    time.monotonic(), s."""

    seed: int
    rounds: int
    closing: int
    end: float


@dataclass(frozen=True, eq=False)
class Candidate:
    """A layout as the search found it, with its score on lines of its own, and what it is ordered by among others."""

    found: State
    scored: Scored
    rank: Rank

    @classmethod
    def of(cls, found: State) -> Candidate:
        """Returns the candidate that a state of the search is, its cases dealt to the offices that suit it."""
        found = reviewed(found)
        scored = score_of(found)
        return cls(found, scored, rank_of(*scored))

    def is_of(self, state: State) -> bool:
        """Returns whether a state has all zones where the search found them in this one."""
        mine, its = ((one.rects, one.floor, one.front) for one in (self.found, state))
        return mine == its


def is_short(state: State) -> bool:
    """Whether a zone has less than the programme's least area, or a narrower way: such a layout ranks behind all that keep these."""
    return _lacks_area(state) or not keeps_ways(state)


def _lacks_area(state: State) -> bool:
    zones = state.task.programme.zones
    return any(
        state.net_area(spec.index) < zones[spec.index].min_m2 * (1 - AREA_TOL)
        for spec in state.task.specs
        if not spec.is_settled and state.is_placed(spec.index)
    )


def rank_of(score: float, state: State, parts: tuple[ScorePart, ...]) -> Rank:
    """Returns whether a layout lacks least areas or widths of ways, staff's ways through the seats of others among them, whether it breaks
    what must hold, then its score with what that counts as, and so do windows without a place in their line and rooms without one for a door."""
    broken, lacking, through_seats = broken_by(parts), windows_lacking(state) + len(doorless(state)), shut_off(state)
    return (
        is_short(state) or bool(through_seats),
        broken > 0.0,
        score + broken + state.task.window * (lacking + len(through_seats)),
    )


def score_of(state: State) -> Scored:
    """The state with its score: on lines of its own and cut back to greatest areas if ways allow, else on those it was found on.

    What breaks more on lines of its own than on those it was found on is looked at on these too: where they are far apart, ways of staff
    and of visitors that lie beside one another share cells.
    """
    whole: list[State] = []
    trimmed: list[Scored] = []
    as_found = cache(lambda: AS_FOUND * broken_by(score_parts(state)))
    for one in on_lines(state):
        if not is_joined(one):
            continue
        whole.append(one)
        if is_trimmed(one):
            trimmed.append(_scored(one))
            broken = broken_by(trimmed[-1][2])
            if not broken or broken <= as_found():
                break
    found = min(trimmed, key=lambda scored: broken_by(scored[2])) if trimmed else _scored((*whole, state)[0])
    if not _lacks_area(found[1]):
        return found[0], as_programmed(found[1]), found[2]
    exact = regained(found[1])
    return found if exact is None else _scored(exact)


def known_score(state: State, known: Sequence[Candidate]) -> Scored:
    """Returns what `score_of` says of a state, without asking again where it is one of some candidates."""
    return next((one.scored for one in known if one.is_of(state)), None) or score_of(reviewed(state))


def _scored(state: State) -> Scored:
    parts = score_parts(state)
    return sum(part.cost for part in parts), state, parts


def straight(scored: Scored) -> Scored:
    """Returns a layout with its staff's ways as wide as they should be, where lines alone made them so, unless that breaks something
    else or leaves less room for windows between columns.
    """
    state = straightened(scored[1])
    if state is None:
        return scored
    parts = score_parts(state)
    found = sum(part.cost for part in parts), state, parts
    is_dearer = rank_of(*found) > rank_of(*scored)
    breaks = broken_by(parts) > broken_by(scored[2]) or windows_lacking(state) > windows_lacking(scored[1])
    return scored if breaks and is_dearer else found


def _mended(candidate: Candidate, seed: tuple[int, int], rounds: int, end: float) -> list[Bare]:
    """The layout with staff kept off visitors' ways as far as that was found, as long as there is time, and a second one that breaks
    nothing; with their ranks as costs."""
    best = [candidate]
    if rounds and time.monotonic() < end:
        found = unmixed(candidate.found, seed, rounds, Clock(never, end)).best
        others = [Candidate.of(state) for _, state in found[:TRIED] if not state.unplaced]
        best = sorted([candidate, *others], key=lambda one: one.rank)
        further = (one for _, one in found[TRIED:] if not one.unplaced and differ(one, best[0].found, SMALL_MOVE))
        second = next(
            (one for one in itertools.chain(best[1:], map(Candidate.of, further)) if not any(one.rank[:2])), None
        )
        best = [best[0]] if second is None else [best[0], second]
    return bare([(_cost_of(one.rank), one.found) for one in best])


def _cost_of(rank: Rank) -> float:
    """A number that orders layouts as their ranks do."""
    return rank[2] + (BEHIND * rank[1] + 2 * BEHIND * rank[0])


Mended = Sequence[Sequence[tuple[float, State]]]
"""By layout, what mending made of it, each with its rank as cost, best first."""


def _pick(mended: Mended, many: int) -> list[State]:
    """The best layouts, of different kinds where there are enough; those that break what must hold only where none keeps it."""
    pool = _ranked(mended)
    if pool[0][0] < BEHIND:
        pool = [(cost, state) for cost, state in pool if not math.floor(cost / BEHIND) % 2]
    return _added([], pool, many)


def _filled(picked: Sequence[State], mended: Mended, many: int) -> list[State]:
    """The layouts picked and, where they are fewer than asked for, the best that break what must hold: to compare with, last."""
    return _added(picked, _ranked(mended), many)


def _ranked(mended: Mended) -> list[tuple[float, State]]:
    pool = [(cost, n, m, state) for m, own in enumerate(mended) for n, (cost, state) in enumerate(own)]
    return [(cost, state) for cost, *_, state in sorted(pool, key=lambda entry: entry[:3])]


def _added(picked: Sequence[State], pool: Sequence[tuple[float, State]], many: int) -> list[State]:
    """Some layouts, and those of a pool that differ from them and each other: first in kind, then at all."""
    out = list(picked)
    for least_move in (LEAST_MOVE, SMALL_MOVE):
        for _, state in pool:
            if len(out) < many and all(differ(state, other, least_move) for other in out):
                out.append(state)
    return out


def held(chosen: Sequence[Candidate], many: tuple[int, int], work: Mending, hands: Hands) -> list[State]:
    """Returns the best layouts that keep what must hold, of different kinds; where these are fewer than asked for, the best of all
    follow them.

    chosen: what the search found; others are looked for from those that keep what must hold where these are too few.
    many: layouts asked for, and spare ones.  hands: processes, and what is asked whether to stop.
    """
    (asked, spare), (seed, rounds, closing, end), (_, stop) = many, work, hands
    mending = [partial(_mended, one, (seed, n), rounds, end) for n, one in enumerate(chosen)]
    mended = [clothed(one.found.task, rows) for one, rows in zip(chosen, side_by_side(mending, *hands), strict=True)]
    picked = _pick(mended, asked + spare)
    hard = _hard([own[:1] for own in mended], asked) if closing and not stop() else []
    if hard:
        runs = [partial(_led_round, state, (seed, n), closing, end) for n, state in enumerate(hard)]
        mended = [*mended, *side_by_side(runs, *hands)]
        picked = _pick(mended, asked + spare)
    missing = asked - len(picked)
    if missing <= 0 or not rounds or stop():
        return _filled(picked, mended, asked)
    starts = [picked[n % len(picked)] for n in range(missing + 1)]
    others = [partial(_another, state, picked, (seed, n), rounds, end) for n, state in enumerate(starts)]
    more = zip(starts, side_by_side(others, *hands), strict=True)
    mended = [*mended, *(clothed(state.task, rows) for state, rows in more)]
    return _filled(_pick(mended, asked + spare), mended, asked)


def _hard(mended: Mended, asked: int) -> list[State]:
    """Layouts to go on with at length, of those that break what must hold: as many as are missing of those asked for, and two at least where
    none that keeps it is nearly as good. Those in which visitors can be led round go first, then the best."""
    found = _ranked(mended)
    kept, broken = ([one for one in found if (one[0] >= BEHIND) == is_broken] for is_broken in (False, True))
    is_near = kept and broken and kept[0][0] <= NEARLY * (broken[0][0] - BEHIND)
    many = max(asked - len(kept), 0 if is_near else HARDEST)
    ranked = sorted(broken, key=lambda one: closed(opened(one[1])) is None) if many else []
    return [state for _, state in ranked[:many]]


def _led_round(state: State, seed: tuple[int, int], rounds: int, end: float) -> list[tuple[float, State]]:
    """What rounds make of a layout in which staff cross visitors' ways once these are led round, with its rank as cost; where they cannot
    be, what some rounds make of it as it is."""
    best: Candidate | None = None
    for n in range(AGAIN):
        shut = closed(opened(state))
        if (n and shut is None) or time.monotonic() > end:
            break
        work = Work(rounds // FEWER) if shut is None else Work(rounds, cooled=COOLED)
        found = apart(shut or state, (*seed, AGAIN, n), work, Clock(never, end)).best
        ranked = [Candidate.of(one) for _, one in found[:TRIED] if not one.unplaced]
        best = min((one for one in (best, *ranked) if one is not None), key=lambda one: one.rank, default=None)
        if not ranked or (best is not None and not any(best.rank[:2])):
            break
        state = min(ranked, key=lambda one: one.rank).found
    return [] if best is None else [(_cost_of(best.rank), best.found)]


def _another(state: State, picked: list[State], seed: tuple[int, int], rounds: int, end: float) -> list[Bare]:
    """The best layout found from one that keeps what must hold that does so too and is of another kind, or, every other time, at
    least another one, with its rank as cost."""
    least_move = SMALL_MOVE if seed[1] % 2 else LEAST_MOVE
    work, clock = Work(FURTHER * rounds), Clock(never, end)
    found = another(state, picked, least_move, (*seed, FURTHER), work, clock).best
    whole = (one for _, one in found if not one.unplaced and all(differ(one, other, least_move) for other in picked))
    ranked = sorted(map(Candidate.of, itertools.islice(whole, TRIED)), key=lambda one: one.rank)
    return bare([(_cost_of(one.rank), one.found) for one in ranked[:1]])
