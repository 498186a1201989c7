"""Why no layout was found: too little area, a zone that fits nowhere by itself, zones that do not fit together, a cut search."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from shapely.geometry import box

from hallplan.errors import Fault, HallplanError, InfeasibleError, Interrupted
from hallplan.model.programme import Zone
from hallplan.model.site import Room, Site
from hallplan.place import spots
from hallplan.place.conflicts import fewest
from hallplan.place.ejecting import Ejection
from hallplan.place.grid import Grid
from hallplan.place.necks import KEEP_FREE
from hallplan.place.proofs import excess, fits_nowhere
from hallplan.place.putting import BLOCKS
from hallplan.place.question import question
from hallplan.place.search import Clock, Start, put_fixed
from hallplan.place.spec import Spec
from hallplan.place.starts import fullest
from hallplan.place.state import State
from hallplan.place.task import Task
from hallplan.place.weights import WEIGHTS
from hallplan.terms import listed, text
from hallplan.units import Unit


class NoLayoutError(InfeasibleError):
    """No layout was found.

    partial: the floors with what the best try placed, as locked rooms; None when nothing was.
    left_out: the zones that it did not place.
    """

    partial: Site | None = None
    left_out: tuple[Zone, ...] = ()

    def showing(self, site: Site | None, left_out: tuple[Zone, ...]) -> NoLayoutError:
        """Returns this error with the floors as far as they were filled, and what is not there."""
        self.partial, self.left_out = site, left_out
        return self


CROWD_STEPS = 200
"""Counters put in by force before it is said that they do not stand on the floor together."""
TIGHT, WORKABLE = 0.85, 0.8
"""Least areas above TIGHT of the free area are too much; WORKABLE of it is what the remedy asks for."""


def no_layout(task: Task, starts: Sequence[Start], clock: Clock) -> HallplanError:
    """Returns the error that says why none of the starts found a complete layout, with what would help.

    Interrupted when the search was stopped by hand; a search cut short has not shown that zones do not fit together.
    """
    if clock.stopped == "interrupt":
        return Interrupted.at(text("place.where"), text("place.no_layout_yet"))
    free = float(sum((grid.inside * np.outer(np.diff(grid.xs), np.diff(grid.ys))).sum() for grid in task.grids))
    if free <= 0:
        return NoLayoutError(Fault(text("place.where"), text("place.no_floor")))
    need = least_m2(task)
    nowhere = list(_fitting_nowhere(task, clock))
    many = list(_too_many(task))
    faults = [*_too_little(need, free), *nowhere, _accounted(task, need), *many]
    crowded = [] if nowhere or many else list(_crowded(task, starts, clock))
    faults += crowded
    if not nowhere and not many and not crowded and need <= account(task).room:
        faults += _conflicting(task, starts, clock)
    if clock.stopped == "time":
        found = text("place.no_layout_in_time", seconds=clock.seconds or 0.0)
        faults.append(Fault(text("place.where"), found, "", text("place.remedy_time")))
        faults += _all_but(task, starts)
        return NoLayoutError(*faults).showing(*_partial(task, starts))
    left_out = [] if nowhere else list(_left_out(task, starts))
    if len(faults) == 1 and not left_out:
        found, remedy = text("place.no_joint_place", need=need, free=free), _less_area(need, free)
        left_out.append(Fault(text("place.where"), found, text("place.expected_place"), remedy))
    faults += left_out
    return NoLayoutError(*faults).showing(*_partial(task, starts))


def _partial(task: Task, starts: Sequence[Start]) -> tuple[Site | None, tuple[Zone, ...]]:
    """The floors with the zones that the fullest state placed, and those it did not; None and nothing when there is none."""
    state = fullest(starts)
    if state is None:
        return None, ()
    floors = []
    for n, grid in enumerate(state.task.grids):
        here = [spec for spec in task.specs if state.floor[spec.index] == n]
        zones = (
            Room(spec.zone.id, spec.zone.name, spec.zone.fixed_area or box(*grid.rect(state.rects[spec.index])))
            for spec in here
        )
        floors.append(replace(grid.floor, rooms=(), locked=tuple(zones)))
    return Site("", "", "", Unit.M, tuple(floors)), tuple(task.specs[z].zone for z in state.unplaced)


def _too_little(need: float, free: float) -> Iterator[Fault]:
    if need > TIGHT * free:
        found = text("place.too_little_area", need=need, free=free)
        yield Fault(text("place.where"), found, text("place.expected_area"), _less_area(need, free))


@dataclass(frozen=True, slots=True)
class Account:
    """What a floor can hold at most, in m²: free area, what nobody can come to, what doors and fronts keep clear at least."""

    free: float
    cut_off: float
    clear: float

    @property
    def room(self) -> float:
        """What is left for zones."""
        return self.free - self.cut_off - self.clear


def account(task: Task) -> Account:
    """Returns what the floors of a task can hold at most.

    No zone lies before a door or where nobody can come to, nor on the way before a counter front, which two fronts that face each other
    may share; the ways may lie before doors, so that only the larger of the two counts.
    """
    free = cut_off = doors = 0.0
    for grid in task.grids:
        areas = np.outer(np.diff(grid.xs), np.diff(grid.ys))
        free += float(areas[grid.inside].sum())
        cut_off += float(areas[grid.inside & ~grid.reachable].sum())
        doors += float(areas[grid.reachable & (grid.keep == KEEP_FREE)].sum())
    zones = [spec.zone for spec in task.specs if spec.zone.forms and spec.zone.fixed_area is None]
    fronts = sum(min(form.front_m for form in zone.forms) * zone.front_way_m for zone in zones) / 2
    return Account(free, cut_off, max(doors, fronts))


def least_m2(task: Task) -> float:
    """Returns the least areas of all zones that are to be placed, together."""
    return sum(spec.zone.min_m2 for spec in task.specs if spec.zone.fixed_area is None)


def is_beyond(task: Task) -> bool:
    """Whether it is proven that not all fits: by the account of the floors, or as there are more zones of a kind than the rooms hold."""
    return least_m2(task) > account(task).room or excess(task) is not None


def _accounted(task: Task, need: float) -> Fault:
    """The account of the floor beside the least areas: what proves that they do not fit, or says that nothing does."""
    sums = account(task)
    verdict = text("place.proven" if need > sums.room else "place.unproven", left=sums.room - need)
    words = {"free": sums.free, "cut": sums.cut_off, "clear": sums.clear, "room": sums.room, "need": need}
    return Fault(text("place.where"), text("place.account", **words, verdict=verdict))


def _less_area(need: float, free: float) -> str:
    short = max(0.05 * need, need - WORKABLE * free)
    return text("place.remedy_area", short=short, scale=max(0.1, (need - short) / need) if need > 0 else 1.0)


def _fitting_nowhere(task: Task, clock: Clock) -> Iterator[Fault]:
    """Zones that have no place on the bare floor, of those tried in time."""
    for spec in task.specs:
        if clock.check_end():
            return
        if spec.zone.fixed_area is None and not fits_alone(task, spec):
            yield _fault(spec, "place.nowhere" if fits_nowhere(task, spec) else "place.alone")


def _left_out(task: Task, starts: Sequence[Start]) -> Iterator[Fault]:
    """Zones that the best start found no place for beside the others."""
    best = fullest(starts)
    for z in best.unplaced if best is not None else []:
        yield _fault(task.specs[z], "place.beside")


def _all_but(task: Task, starts: Sequence[Start]) -> Iterator[Fault]:
    """What must be left out at most for the others to fit: the best start has these placed and joined."""
    best = fullest(starts)
    if best is None or not best.unplaced:
        return
    n = sum(spec.zone.fixed_area is None for spec in task.specs)
    left = [task.specs[z].zone for z in best.unplaced]
    less = text("place.all_but_eased", less=1.0 - WEIGHTS.least_share, way=WEIGHTS.second_way_m)
    words = {
        "n": n,
        "most": n - len(left),
        "area": sum(zone.min_m2 for zone in left),
        "names": listed(zone.id for zone in left),
        "eased": "" if least_m2(best.task) >= least_m2(task) else less,
    }
    found = text("place.all_but", **words)
    yield Fault(text("place.where"), found, text("place.expected_place"), text("place.remedy_all_but"))


def _fault(spec: Spec, word: str) -> Fault:
    key = "remedy_place" if spec.lock is None else "remedy_locked"
    remedy = text(f"place.{key}", type=spec.zone.type, id=spec.zone.id)
    return Fault(spec.zone.id, text(word, found=_lacking(spec)), text("place.expected_place"), remedy)


def _too_many(task: Task) -> Iterator[Fault]:
    """Counters, or zones of a size, of which there are certainly more than the rooms hold."""
    more = excess(task)
    if more is not None:
        kind = text("place.long", front=more.front_m) if more.front_m else text("place.large", area=more.area_m2)
        found = text("place.too_many", kind=kind, n=more.n, most=more.most)
        yield Fault(text("place.where"), found, text("place.expected_place"), text("place.remedy_crowded"))


def is_hopeless(task: Task, clock: Clock) -> bool:
    """Whether some zone fits nowhere even by itself, so that asking less of the others does not help; of those tried in time."""
    return any(not fits_alone(task, spec) for spec in task.specs if spec.zone.fixed_area is None and not clock.check())


def _crowded(task: Task, starts: Sequence[Start], clock: Clock) -> Iterator[Fault]:
    """What of the counters, or of the zones as large as those left out, finds no place when nothing else lies on the floor.

    Such a reason does not hang on the order in which zones were placed.
    """
    movable = [spec for spec in task.specs if spec.zone.fixed_area is None]
    counters = [spec.index for spec in movable if spec.zone.forms]
    best = fullest(starts)
    size = min((task.specs[z].zone.min_m2 for z in (best.unplaced if best is not None else ())), default=math.inf)
    large = [spec.index for spec in movable if spec.zone.min_m2 >= size]
    for zones, kind in ((counters, text("place.counters")), (large, text("place.large", area=size))):
        left = _left_alone(task, zones, clock, best) if zones else []
        if left:
            names = ", ".join(task.specs[z].zone.id for z in left)
            words = {"kind": kind, "n": len(zones), "most": len(zones) - len(left), "left": names}
            found = text("place.crowded", **words)
            yield Fault(text("place.where"), found, text("place.expected_place"), text("place.remedy_crowded"))
            return


def _conflicting(task: Task, starts: Sequence[Start], clock: Clock) -> Iterator[Fault]:
    """The fewest zones that an ejection search does not place together though all others are taken out."""
    best = fullest(starts)
    out = best.unplaced if best is not None else []
    movable = [spec for spec in task.specs if spec.zone.fixed_area is None]
    ranked = [s.index for s in sorted(movable, key=lambda s: (bool(s.opens), s.index in out, s.zone.min_m2, s.zone.id))]

    def is_left(zones: Sequence[int]) -> bool | None:
        left = _left_alone(task, zones, clock, best)
        return None if clock.check_end() else bool(left)

    found = fewest(ranked, is_left)
    if found is None:
        return
    zones = [task.specs[z].zone for z in sorted(found.zones)]
    words = {"n": len(zones), "names": listed(zone.id for zone in zones), "need": sum(zone.min_m2 for zone in zones)}
    said = text("place.conflict", **words, least=text("place.conflict_least") if found.is_least else "")
    yield Fault(text("place.where"), said, text("place.expected_place"), text("place.remedy_conflict"))


def is_crowded(task: Task, clock: Clock) -> bool:
    """Whether an ejection search of the counters alone leaves some of them out, so that more of the same is no use."""
    return bool(_left_alone(task, [s.index for s in task.specs if s.zone.forms and s.zone.fixed_area is None], clock))


def _left_alone(task: Task, zones: Sequence[int], clock: Clock, begun: State | None = None) -> list[int]:
    """Which of some zones an ejection search of them alone leaves out; none when it had no time to say.

    begun: a state whose places it begins with; all other zones but those at doors are taken out.
    """
    state = State.empty(task)
    put_fixed(state)
    first = [spec.index for spec in task.specs if spec.opens and spec.index not in zones]
    if begun is not None and all(one.inside.shape == other.inside.shape for one, other in _grids(begun.task, task)):
        for z in [*first, *zones]:
            if begun.is_placed(z) and not state.is_placed(z):
                state.put(z, begun.floor[z], begun.rects[z], begun.front[z])
    out = [z for z in [*first, *zones] if not state.is_placed(z)]
    search = Ejection(state, np.random.default_rng(0), out)
    left = [z for z in search.run(CROWD_STEPS, clock.check_end).unplaced if z in zones]
    return [] if clock.check_end() else left


def _grids(one: Task, other: Task) -> Iterator[tuple[Grid, Grid]]:
    return zip(one.grids, other.grids, strict=True)


def fits_alone(task: Task, spec: Spec) -> bool:
    """Whether a zone, at some size and turn, has a place on a floor with nothing but what is fixed on it.

    A place that is too large only as sides go on to the next line of the grid is one: it is cut back later.
    """
    bare, spec = State.empty(task), _rounded_up(task, spec)
    put_fixed(bare)
    return any(
        np.isfinite(spots.scan(*question(bare, spec, floor, spec.shapes, 0.0), BLOCKS, 1)[:, 0]).any()
        for floor in spec.floors
    )


def _rounded_up(task: Task, spec: Spec) -> Spec:
    """A zone that may be as large as its sizes become by lines of the grid."""
    lines = [lines for floor in spec.floors for lines in (task.grids[floor].xs, task.grids[floor].ys)]
    pitch = max(float(np.diff(one).max()) for one in lines)
    most = float((spec.shapes[:, :2] + pitch).prod(axis=1).max())
    return replace(spec, zone=replace(spec.zone, max_m2=max(spec.zone.max_m2, most)))


def _lacking(spec: Spec) -> str:
    zone = spec.zone
    if zone.forms:
        form = min(zone.forms, key=lambda form: form.front_m * form.depth_m)
        return text("place.no_counter_place", zone=zone.name, front=form.front_m, depth=form.depth_m)
    return text("place.no_place", zone=zone.name, area=zone.min_m2, side=zone.min_side_m)
