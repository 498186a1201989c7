"""Layouts made exact: areas to the mark, sides on lines, gaps closed, by linear programmes over relations that hold."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hallplan.model.layout import ScorePart
from hallplan.place.bounds import LEAST_SLACK_M, allowed
from hallplan.place.fill import grown_rects
from hallplan.place.grid import make_grid
from hallplan.place.lined import lacking_by, windows_lacking
from hallplan.place.lines import lattice
from hallplan.place.necks import neck_ends, with_necks, with_necks_of
from hallplan.place.relations import relate
from hallplan.place.rows import ROUND_M, chosen_form
from hallplan.place.score import FINE_MODULE_M, RectM, on_own_lines, score_parts
from hallplan.place.shortcuts import keep_shortcuts
from hallplan.place.solving import solve
from hallplan.place.spec import Spec
from hallplan.place.state import State, reached
from hallplan.place.ways import Ways, trace_ways
from hallplan.place.worth import broken_by
from hallplan.units import round_m

ROUNDS = 2
STEPS = ((ROUND_M, ROUND_M / 2), (1e-4, 0.0))
"""Coordinates are multiples of the first, with so much kept over area limits for rounding."""
MOST_SPARE_M = 3.0
"""Walks out that turn out longer than this above their limit are not mended by asking for as much less."""
MORE_SPARE_M = 0.1
"""Asked for on top of what a walk out is above its limit: it begins elsewhere once zones have moved."""
PART_WAY = (0.8, 0.5)
"""Shares of the way to coordinates at which a layout is looked at that is not sound at the end of it."""
LINE_TOL_M = 1e-3
"""How far a side may be from the line it is looked at on; areas may be off by as much along their sides."""


Solved = tuple[list[RectM], list[RectM]]
"""Rectangles of zones and of runs of ways, m."""


@dataclass(frozen=True, eq=False)
class Polished:
    """A layout after polish with its score; `is_better` False: the one given, since nothing sound was better."""

    state: State
    score: float
    parts: tuple[ScorePart, ...]
    is_better: bool


def polish(state: State, parts: tuple[ScorePart, ...], end: float = math.inf) -> Polished:
    """Returns a sound layout of the same relations with a score no worse than that given.

    end: on the clock of time.monotonic(), s; no programme is begun after it.
    """
    best = Polished(state, sum(part.cost for part in parts), parts, False)
    for _ in range(ROUNDS):
        found = _improve(best, end)
        if found is None:
            break
        best = found
    return best if time.monotonic() > end else _filled(best)


def _filled(best: Polished) -> Polished:
    """The layout with lost floor given to the zones beside it, unless that is unsound or costs more."""
    rects = grown_rects(best.state)
    if rects is None:
        return best
    ways = trace_ways(best.state)
    runs = [best.state.task.grids[run.floor].rect(run.rect) for run in ways.runs]
    found = looked_at(best.state, rects, runs, ways, 1e-4)
    return best if found is None or _worth(found) > _worth(best) or _loses_windows(found, best) else found


def _worth(one: Polished) -> tuple[bool, float]:
    """What layouts are ranked by: whether one breaks what must hold, then its score and what that counts as."""
    broken = broken_by(one.parts)
    return broken > 0.0, one.score + broken


def _loses_windows(one: Polished, than: Polished) -> bool:
    """Whether a layout has less room for windows between columns."""
    return windows_lacking(one.state) > windows_lacking(than.state)


def _improve(best: Polished, end: float) -> Polished | None:
    """The first sound layout of a better score: with the longest ways out kept, else without; None when it is too late.

    Rows for more ways leave less to choose: now and then nothing sound is left, and a walk out does not get too long without them.
    """
    for is_out_kept in (True, False) if not best.is_better else (True,):
        ways = trace_ways(best.state)
        if time.monotonic() > end or not ways.is_whole:
            return None
        keep_shortcuts(ways, best.state, is_out_kept=is_out_kept)
        found = _moved(best, ways, end)
        if found is not None:
            return found
    return None


def _moved(best: Polished, ways: Ways, end: float) -> Polished | None:
    """The first better layout that keeps some ways: coordinates on 5 cm, else on 0.1 mm, else with what these break asked for, or part of
    the way there."""
    state, ends = best.state, list[Solved]()
    found = None
    for step, slack in STEPS:
        solved = solve(relate(state, ways, slack)) if time.monotonic() < end else None
        found = None if solved is None else looked_at(state, *solved, ways, step)
        if found is not None and _is_better(found, best):
            return found
        ends = ends if solved is None else [solved]
    ask = Ask() if found is None else Ask().after(found, best)
    while ask.is_more and time.monotonic() < end:
        solved = solve(relate(state, ways, STEPS[-1][1], spare_m=ask.spare_m, held=ask.held))
        found = None if solved is None else looked_at(state, *solved, ways, STEPS[-1][0])
        if found is not None and _is_better(found, best):
            return found
        ends = ends if solved is None else [ends[0], solved]
        ask = Ask() if found is None else ask.after(found, best)
    return next(
        (one for one in (_part_way(best, ways, solved, end) for solved in reversed(ends)) if one is not None), None
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """What coordinates are asked for on top of their relations, since those before broke it.

    spare_m: metres that walks out stay below their limit, None where nothing is asked of them.  held: zones whose counters stay where
    they are among the columns.  is_more: whether this is more than was asked before.
    """

    spare_m: float | None = None
    held: frozenset[int] = frozenset()
    is_more: bool = False

    def after(self, found: Polished, best: Polished) -> Ask:
        """Returns what is asked for next, after a layout that was found so."""
        over, held, spare_m = _over_m(found), self.held | _losing(found, best), self.spare_m
        if over > 0.0:
            spare_m = 0.0 if spare_m is None else spare_m + over + MORE_SPARE_M
        is_too_far = spare_m is not None and spare_m > MOST_SPARE_M
        return Ask(spare_m, held, not is_too_far and (spare_m, held) != (self.spare_m, self.held))


def _losing(found: Polished, than: Polished) -> frozenset[int]:
    """The zones whose counters have less room between columns than in another layout."""
    before = lacking_by(than.state)
    return frozenset(z for z, many in lacking_by(found.state).items() if many > before.get(z, 0))


def _over_m(found: Polished) -> float:
    """How far the longest walk out is above its limit, m, where that breaks what must hold."""
    parts = [part for part in found.parts if part.id == "escape_over_m"]
    return parts[0].value if broken_by(parts) > 0.0 else 0.0


def _part_way(best: Polished, ways: Ways, solved: Solved, end: float) -> Polished | None:
    """The first better layout on the way to coordinates that are not sound or break what must hold; None when there is none or it is too late.

    What linear rows ask holds all along the way: what breaks at its end is a walk or a clearance that no row says exactly.
    """
    state = best.state
    now = [state.task.grids[floor].rect(rect) for floor, rect in zip(state.floor, state.rects, strict=True)]
    drawn = [state.task.grids[run.floor].rect(run.rect) for run in ways.runs]
    for share in PART_WAY:
        if time.monotonic() > end:
            return None
        rects, runs = (_between(*pair, share) for pair in zip((now, drawn), solved, strict=True))
        found = looked_at(state, rects, runs, ways, STEPS[-1][0])
        if found is not None and _is_better(found, best):
            return found
    return None


def _between(now: Sequence[RectM], then: Sequence[RectM], share: float) -> list[RectM]:
    sides = np.array(now) + share * (np.array(then) - np.array(now))
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in sides.tolist()]


def _is_better(found: Polished, than: Polished) -> bool:
    return _worth(found) < _worth(than) and not _loses_windows(found, than)


def looked_at(state: State, rects: Sequence[RectM], runs: Sequence[RectM], ways: Ways, step: float) -> Polished | None:
    """Returns the layout with these rectangles, rounded, and its score; None when it is not sound.

    A way between things that lie on no line of the grid is not seen there, or staff are seen to go round by visitors' ways: then the
    ways' own sides are lines too.
    """
    begins = [lattice(grid.floor, step) if step > LEAST_SLACK_M else (0.0, 0.0) for grid in state.task.grids]
    rounded = [
        rect if spec.is_settled else _rounded(rect, step, begins[state.floor[spec.index]])
        for rect, spec in zip(rects, state.task.specs, strict=True)
    ]
    found = _seen(on_own_lines(state.task, rounded, state.floor, state.front), rounded, state)
    if found is not None and not broken_by(found.parts):
        return found
    drawn = [_rounded(rect, step, begins[run.floor]) for rect, run in zip(runs, ways.runs, strict=True)]
    lined = _seen(_on_way_lines(state, rounded, drawn, ways), rounded, state)
    return min((one for one in (found, lined) if one is not None), key=_worth, default=None)


def _seen(drawn: State, rects: Sequence[RectM], before: State) -> Polished | None:
    """A layout with its score as it is seen on the lines of its grids; None when it is not sound."""
    trial = _opened(drawn)
    if not is_sound(trial, rects, before):
        return None
    parts = score_parts(trial)
    return Polished(trial, sum(part.cost for part in parts), parts, True)


def _opened(trial: State) -> State:
    """The state without passages of the building that its zones close: on lines of its own they may lie otherwise than the search kept
    them free.
    """
    grids = tuple(grid.open_among(cells > 0) for grid, cells in zip(trial.task.grids, trial.occupied, strict=True))
    return replace(trial, task=replace(trial.task, grids=grids))


def _on_way_lines(state: State, rects: Sequence[RectM], runs: Sequence[RectM], ways: Ways) -> State:
    """The state with these rectangles on grids that have lines along their sides and those of the ways, and the necks these go through."""
    task = state.task
    grids = []
    for n, grid in enumerate(task.grids):
        lines = [rects[s.index] for s in task.specs if state.floor[s.index] == n and s.has_lines]
        for rect, run in zip(runs, ways.runs, strict=True):
            if run.floor == n:
                lines += [rect, _ends(rect, run.width_m)]
        used = with_necks(grid, [(width, a, b) for floor, width, _, a, b in ways.necks if floor == n])
        lines += [used.rect(end) for end in neck_ends(used)]
        new = make_grid(grid.floor, FINE_MODULE_M, lines, grid.room_reach_m, grid.near_m, keeps_walls=True)
        grids.append(replace(with_necks_of(new, used), asked=grid.goals))
    found = State.empty(replace(task, grids=tuple(grids)))
    for spec in task.specs:
        z, floor = spec.index, state.floor[spec.index]
        if spec.zone.fixed_area is not None:
            found.put_fixed(z, floor, spec.zone.fixed_area)
            continue
        xs, ys = grids[floor].xs, grids[floor].ys
        x0, y0, x1, y1 = rects[z]
        i0, i1 = (int(np.argmin(np.abs(xs - value))) for value in (x0, x1))
        j0, j1 = (int(np.argmin(np.abs(ys - value))) for value in (y0, y1))
        found.put(z, floor, (i0, j0, i1, j1), state.front[z])
    return found


def _ends(rect: RectM, width: float) -> RectM:
    """Where the windows at the ends of a run begin and end."""
    x0, y0, x1, y1 = rect
    return round_m(x0 + width), round_m(y0 + width), round_m(x1 - width), round_m(y1 - width)


def _rounded(rect: RectM, step: float, begin: tuple[float, float]) -> RectM:
    """Sides on multiples of a step from where these begin; differences that are multiples of it stay as they are, or wider."""
    x0, y0, x1, y1 = (
        round_m(at + math.floor((value - at) / step + 0.5 + 1e-6) * step)
        for value, at in zip(rect, begin * 2, strict=True)
    )
    return x0, y0, x1, y1


def is_sound(trial: State, rects: Sequence[RectM], before: State) -> bool:
    """Whether a layout keeps all that must hold, looked at on its own lines."""
    return fault(trial, rects, before) == ""


def fault(trial: State, rects: Sequence[RectM], before: State) -> str:
    """Returns the first thing that a polished layout breaks; "" when it breaks nothing."""
    for spec in trial.task.specs:
        z = spec.index
        if spec.zone.fixed_area is not None:
            continue
        grid, zone = trial.task.grids[trial.floor[z]], spec.zone
        i0, j0, i1, j1 = trial.rects[z]
        if max(abs(a - b) for a, b in zip(grid.rect(trial.rects[z]), rects[z], strict=True)) > LINE_TOL_M:
            return f"{zone.id}: off its lines"
        if not (trial.occupied[trial.floor[z]][i0:i1, j0:j1] == z + 1).all():
            return f"{zone.id}: overlapped"
        if not _is_free(trial, spec, is_moved=True) and _is_free(before, spec):
            return f"{zone.id}: not on free floor"
        net = trial.net_area(z)
        short, long = sorted((rects[z][2] - rects[z][0], rects[z][3] - rects[z][1]))
        off = LINE_TOL_M * (short + long)
        if not zone.min_m2 - off <= net <= max(zone.max_m2, before.net_area(z)) + off:
            return f"{zone.id}: {net:.3f} m²"
        least, most = _proportions(before, spec)
        if short < least - 1e-6 or long > most * short + 1e-6:
            return f"{zone.id}: {short:.3f} × {long:.3f} m"
        if (form := chosen_form(before, z)) is not None and chosen_form(trial, z) is None:
            return f"{zone.id}: no room for {form.name}"
        strip = trial.front_strip(z)
        if strip is not None and _is_blocked(trial, z, strip):
            return f"{zone.id}: front blocked"
    for floor in range(len(trial.task.grids)):
        if reached(trial, floor) is None:
            return f"floor {floor}: cut off"
    return ""


def _proportions(before: State, spec: Spec) -> tuple[float, float]:
    """Least side and greatest aspect of a zone, no stricter than what it had before."""
    x0, y0, x1, y1 = before.task.grids[before.floor[spec.index]].rect(before.rects[spec.index])
    short, long = sorted((x1 - x0, y1 - y0))
    return min(spec.zone.min_side_m, short), max(spec.max_aspect, long / short)


def _is_free(state: State, spec: Spec, *, is_moved: bool = False) -> bool:
    """Whether a zone keeps to the free floor, seen on the lines of the state."""
    i0, j0, i1, j1 = state.rects[spec.index]
    return bool(allowed(state, spec, is_moved=is_moved)[i0:i1, j0:j1].all())


def _is_blocked(state: State, z: int, strip: tuple[int, int, int, int]) -> bool:
    i0, j0, i1, j1 = strip
    owners = state.occupied[state.floor[z]][i0:i1, j0:j1]
    passable = [spec.index + 1 for spec in state.task.specs if spec.is_passable]
    return bool(((owners > 0) & ~np.isin(owners, passable)).any())
