"""Rectangles of a layout as columns of a linear programme, and the rows that hold them together."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from hallplan.lp import INFINITY, WarmLP
from hallplan.model.programme import CounterForm
from hallplan.place import kernels as k
from hallplan.place.lined import usable_forms
from hallplan.place.spec import Spec
from hallplan.place.state import State
from hallplan.place.ways import Ways

Term = tuple[int, float]
"""A column and what is added to it; column -1: the number alone."""
Box = tuple[Term, Term, Term, Term]
ROUND_M = 0.05
EPS = 1e-6


@dataclass(eq=False)
class Model:
    """Columns and rows gathered before they are given to the solver."""

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    firm: set[int] = field(default_factory=set)

    def column(self, low: float = 0.0, high: float = INFINITY, cost: float = 0.0) -> int:
        """Adds a column and returns its number."""
        self.costs.append(cost)
        self.lower.append(low)
        self.upper.append(high)
        return len(self.costs) - 1

    def row(
        self,
        terms: Sequence[tuple[Term, float]],
        low: float = -INFINITY,
        high: float = INFINITY,
        *,
        is_firm: bool = False,
    ) -> None:
        """Adds low <= sum of factor × (column + offset) <= high; a firm row is not eased for the layout at hand."""
        total: dict[int, float] = {}
        const = 0.0
        for (column, offset), factor in terms:
            const += offset * factor
            if column >= 0:
                total[column] = total.get(column, 0.0) + factor
        total = {column: factor for column, factor in total.items() if abs(factor) > EPS}
        if not total:
            return
        if is_firm:
            self.firm.add(len(self.starts))
        self.starts.append(len(self.columns))
        self.columns += total
        self.factors += total.values()
        self.low.append(low - const if math.isfinite(low) else -INFINITY)
        self.high.append(high - const if math.isfinite(high) else INFINITY)

    def apart(self, a: Term, b: Term, least: float, *, is_firm: bool = False) -> None:
        """Requires b - a >= least."""
        self.row([(b, 1.0), (a, -1.0)], low=least, is_firm=is_firm)

    def at_least(self, a: Term, value: float) -> None:
        """Requires a >= value, as a bound."""
        if a[0] >= 0:
            self.lower[a[0]] = max(self.lower[a[0]], value - a[1])

    def at_most(self, a: Term, value: float) -> None:
        """Requires a <= value, as a bound."""
        if a[0] >= 0:
            self.upper[a[0]] = min(self.upper[a[0]], value - a[1])

    def within(self, box: Box, bounds: tuple[float, float, float, float]) -> None:
        """Keeps a box inside fixed bounds."""
        for term, value in zip(box[:2], bounds[:2], strict=True):
            self.at_least(term, value)
        for term, value in zip(box[2:], bounds[2:], strict=True):
            self.at_most(term, value)

    def covers(self, box: Box, bounds: tuple[float, float, float, float]) -> None:
        """Keeps a fixed rectangle inside a box."""
        for term, value in zip(box[:2], bounds[:2], strict=True):
            self.at_most(term, value)
        for term, value in zip(box[2:], bounds[2:], strict=True):
            self.at_least(term, value)

    def settle(self, start: dict[int, float]) -> None:
        """Eases the bounds, and the rows over these columns alone, that the given values break: they hold as they are."""
        for column, value in start.items():
            self.lower[column] = min(self.lower[column], value)
            self.upper[column] = max(self.upper[column], value)
        for n, (a, b) in enumerate(itertools.pairwise([*self.starts, len(self.columns)])):
            columns = self.columns[a:b]
            if n not in self.firm and all(column in start for column in columns):
                value = sum(start[c] * f for c, f in zip(columns, self.factors[a:b], strict=True))
                self.low[n], self.high[n] = min(self.low[n], value), max(self.high[n], value)

    def solver(self) -> WarmLP:
        """Returns the programme in HiGHS."""
        lp = WarmLP(self.costs, self.lower, self.upper)
        lp.add_rows(self.starts, self.columns, self.factors, self.low, self.high)
        return lp


def shifted(term: Term, by: float) -> Term:
    """Returns a term moved."""
    return term[0], term[1] + by


def fixed_box(rect: tuple[float, float, float, float]) -> Box:
    x0, y0, x1, y1 = rect
    return (-1, x0), (-1, y0), (-1, x1), (-1, y1)


def strip_of(box: Box, side: int, depth: float) -> Box:
    """Returns the strip outside one side of a box."""
    x0, y0, x1, y1 = box
    if side == k.EAST:
        return x1, y0, shifted(x1, depth), y1
    if side == k.WEST:
        return shifted(x0, -depth), y0, x0, y1
    if side == k.NORTH:
        return x0, y1, x1, shifted(y1, depth)
    return x0, shifted(y0, -depth), x1, y0


def band_of(box: Box, side: int, depth: float) -> Box:
    """Returns the strip inside one side of a box."""
    x0, y0, x1, y1 = box
    if side == k.EAST:
        return shifted(x1, -depth), y0, x1, y1
    if side == k.WEST:
        return x0, y0, shifted(x0, depth), y1
    if side == k.NORTH:
        return x0, shifted(y1, -depth), x1, y1
    return x0, y0, x1, shifted(y0, depth)


def chosen_form(state: State, z: int) -> CounterForm | None:
    """Returns the form of counters that a zone's rectangle holds, the one that fills it best; of those whose fronts visitors can come to
    if there are any."""
    x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
    along, behind = (x1 - x0, y1 - y0) if state.front[z] in (k.NORTH, k.SOUTH) else (y1 - y0, x1 - x0)
    forms = state.task.specs[z].zone.forms
    fits = [form for form in forms if form.front_m <= along + EPS and form.depth_m <= behind + EPS]
    if len(fits) > 1:
        usable = usable_forms(state, z)
        fits = [form for form in fits if form in usable] or fits
    return max(fits, key=form_rank, default=None)


def form_rank(form: CounterForm) -> tuple[bool, float]:
    """Returns what forms of counters are chosen by: islands last, then by the floor that they fill."""
    return form.name != "island", form.front_m * form.depth_m


@dataclass(eq=False)
class Relations:
    """The programme of one layout. boxes: by zone, of numbers where it is fixed; lacks, extras: by zone, columns of
    m² under and over the target. now: the layout's own sides in m."""

    state: State
    ways: Ways
    model: Model
    boxes: list[Box]
    runs: list[Box]
    lacks: dict[int, int]
    extras: dict[int, int]
    slack: float

    def start(self) -> dict[int, float]:
        """Returns the layout's own value of each side's column."""
        values: dict[int, float] = {}
        grids = self.state.task.grids
        places = [self.now(z) for z in range(len(self.boxes))]
        places += [grids[run.floor].rect(run.rect) for run in self.ways.runs]
        for box, place in zip([*self.boxes, *self.runs], places, strict=True):
            values.update({column: value for (column, _), value in zip(box, place, strict=True) if column >= 0})
        return values

    def now(self, z: int) -> tuple[float, float, float, float]:
        """Returns where zone z lies before the solve."""
        return self.state.task.grids[self.state.floor[z]].rect(self.state.rects[z])

    @property
    def movable(self) -> list[Spec]:
        """Zones that neither the drawing nor a lock settles."""
        return [spec for spec in self.state.task.specs if not spec.is_settled]


def shared(a: Sequence[float], b: Sequence[float], axis: int) -> float:
    return min(a[axis + 2], b[axis + 2]) - max(a[axis], b[axis])


def sides_apart(a: Sequence[float], b: Sequence[float]) -> tuple[int, float]:
    """The side of a on which b lies by the widest gap, and the gap."""
    gaps = (b[0] - a[2], b[1] - a[3], a[0] - b[2], a[1] - b[3])
    side = max(range(4), key=lambda n: gaps[n])
    return side, gaps[side]


def keep_apart(model: Model, a: Box, b: Box, side: int, least: float = 0.0) -> None:
    """Requires b to lie beyond one side of a."""
    if side in (k.EAST, k.NORTH):
        model.apart(a[(side + 2) % 4], b[side], least)
    else:
        model.apart(b[side], a[(side + 2) % 4], least)


def keep_overlap(model: Model, a: Box, b: Box, axis: int, least: float, *, is_firm: bool = False) -> None:
    """Requires two boxes to share a stretch along an axis."""
    model.apart(a[axis], b[axis + 2], least, is_firm=is_firm)
    model.apart(b[axis], a[axis + 2], least, is_firm=is_firm)


def keep_meeting(model: Model, a: Box, b: Box, side: int, share: float, *, is_firm: bool = False) -> None:
    """Requires b to lie against one side of a over a length."""
    edge = (side + 2) % 4
    model.row([(a[edge], 1.0), (b[side], -1.0)], 0.0, 0.0)
    keep_overlap(model, a, b, 1 - side % 2, share, is_firm=is_firm)
