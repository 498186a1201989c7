"""The cover as an integer programme: signs, modes of their faces, names on them, needs that are missed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hallplan.lp import INFINITY, Limits, WarmLP
from hallplan.signs.modes import Mode, face_modes
from hallplan.signs.question import Question
from hallplan.signs.reducing import leading_needs
from hallplan.signs.spacing import too_near

if TYPE_CHECKING:
    from hallplan.signs.tightening import Cut

Row = dict[int, float]
Values = NDArray[np.float64]
TOL = 1e-6
IDLE = 0.05


class Programme:
    """Columns: a sign up or not, a mode of a face in use, a name in a mode, a need met (with a budget) or missed (without).

    Without a budget a missed need is dearer than all signs together, so that the fewest are missed first; one that asks for
    several signs misses each by itself, so that it gets at least those that can be had. A plain cover misses none and has no
    columns for that.
    is_compact: names for which a mode has room anyway have no columns of their own; the bound stays the same.
    is_led: needs that others bring with them have no rows, which is right only where an answer misses none.
    """

    def __init__(self, question: Question, limits: Limits, *, is_compact: bool = False, is_led: bool = True) -> None:
        self.question, self.n_signs = question, question.n_signs
        wanted = question.wanted()
        is_led = is_led and question.budget is None
        lead = leading_needs(question.options, wanted) if is_led else set(wanted)
        self.wanted = {need: count for need, count in wanted.items() if need in lead}
        self.prices = np.array([question.cost(sign) for sign in range(self.n_signs)], dtype=np.float64)
        self.dear = float(self.prices.sum() + 1.0)
        self.step = float(math.gcd(*(question.cost(sign) for sign in range(self.n_signs)))) if self.n_signs else 1.0
        self.says: dict[int, int] = {}
        self._implied: dict[int, list[int]] = {}
        self._is_compact = is_compact
        self._rows: list[tuple[Row, float, float]] = []
        self.count = self.n_signs
        self._holders: dict[int, Row] = {need: {} for need in self.wanted}
        for modes in face_modes(question.options, lead, question.most_names):
            self._add_face(modes)
        self.first_need, self._groups = self.count, too_near(question)
        self.can_miss = not self.is_plain
        self.count += len(self.wanted) if self.can_miss else 0
        self._further = self._further_columns() if self.can_miss and question.budget is None else {}
        self.costs = self._costs()
        self.lp = WarmLP(self.costs, np.zeros(self.count), np.ones(self.count), limits=limits)
        self._add_needs()
        self._rows += [(dict.fromkeys(group, 1.0), -INFINITY, 1.0) for group in self._groups]
        if question.budget is not None:
            self._rows.append((dict(enumerate(self.prices.tolist())), -INFINITY, float(question.budget)))
        self._rows.append(
            (dict(zip(np.flatnonzero(self.costs).tolist(), self._paid(), strict=True)), -INFINITY, INFINITY)
        )
        self._hand_over()

    def _further_columns(self) -> dict[int, range]:
        """Columns for the second and third sign that a need misses."""
        found = {}
        for need, count in self.wanted.items():
            found[need] = range(self.count, self.count + count - 1)
            self.count += count - 1
        return found

    def _costs(self) -> Values:
        costs = np.zeros(self.count)
        if self.question.budget is None:
            costs[: self.n_signs], costs[self.first_need :] = self.prices, self.dear
        else:
            costs[: self.n_signs] = 1e-4 * self.prices / max(1.0, float(self.prices.max(initial=1.0)))
            costs[list(self.says)] = 1e-5
            costs[self.first_need :] = [-max(self.question.weights[need], 1e-3) for need in self.wanted]
        return costs

    def _paid(self) -> list[float]:
        return [float(cost) for cost in self.costs if cost]

    def _add_face(self, modes: Sequence[Mode]) -> None:
        """The modes of a face exclude each other; each has room for so many names and one way to each goal."""
        owners = [mode.sign for mode in modes]
        if len(modes) > 1:
            owners = list(range(self.count, self.count + len(modes)))
            self.count += len(modes)
            self._rows.append(({**dict.fromkeys(owners, 1.0), modes[0].sign: -1.0}, -INFINITY, 0.0))
        for owner, mode in zip(owners, modes, strict=True):
            first = self.count
            if self._is_compact and mode.room >= len(mode.goals):
                self._implied.setdefault(owner, []).extend(held[0] for held in mode.goals.values() if len(held) == 1)
            for held in mode.goals.values():
                if held[0] in self._implied.get(owner, ()):
                    continue
                columns = range(self.count, self.count + len(held))
                self.says.update(zip(columns, held, strict=True))
                self.count += len(held)
                self._rows.append(({**dict.fromkeys(columns, 1.0), owner: -1.0}, -INFINITY, 0.0))
            if mode.room < len(mode.goals):
                row = dict.fromkeys(range(first, self.count), 1.0)
                self._rows.append(({**row, owner: -float(mode.room)}, -INFINITY, 0.0))

    def _add_needs(self) -> None:
        implied = [(owner, option) for owner, options in self._implied.items() for option in options]
        for column, option in [*self.says.items(), *implied]:
            for need in self.question.options[option].needs & self.wanted.keys():
                self._holders[need][column] = 1.0
        for z, (need, row) in enumerate(self._holders.items(), self.first_need):
            low, factor = (0.0, -1.0) if self.question.budget is not None else (float(self.wanted[need]), 1.0)
            missing = dict.fromkeys((z, *self._further.get(need, ())), factor) if self.can_miss else {}
            self._rows.append(({**row, **missing}, low, INFINITY))

    def _hand_over(self) -> None:
        rows = self._rows
        starts = np.cumsum([0, *(len(row) for row, _, _ in rows)])[:-1]
        columns = [column for row, _, _ in rows for column in row]
        factors = [factor for row, _, _ in rows for factor in row.values()]
        self.lp.add_rows(starts, columns, factors, [low for _, low, _ in rows], [high for _, _, high in rows])

    @property
    def meets(self) -> NDArray[np.bool_]:
        """Which columns meet each need wanted, those of needs that are missed left out, (needs, first_need)."""
        found = np.zeros((len(self.wanted), self.first_need), dtype=np.bool_)
        for n, row in enumerate(self._holders.values()):
            found[n, list(row)] = True
        return found

    @property
    def is_plain(self) -> bool:
        """Whether an answer is any set of signs that meets each need once, the fewer the better."""
        once = all(count == 1 for count in self.wanted.values())
        is_level = self.question.budget is None and len(set(self.prices.tolist())) == 1
        return once and is_level and self.first_need == self.n_signs and not self._groups

    def require_whole(self) -> None:
        """Makes all columns whole numbers."""
        self.lp.require_whole(np.arange(self.count))

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """Adds rows that every answer keeps; a need that is missed is not asked for."""
        missed = [cut.needs if self.can_miss else cut.needs[:0] for cut in cuts]
        columns = [np.concatenate([cut.columns, self.first_need + z]) for cut, z in zip(cuts, missed, strict=True)]
        factors = [np.concatenate([cut.factors, np.ones(len(z))]) for cut, z in zip(cuts, missed, strict=True)]
        starts = np.cumsum([0, *(len(held) for held in columns)])[:-1]
        least = np.full(len(cuts), 1.0 - TOL)
        self.lp.add_rows(starts, np.concatenate(columns), np.concatenate(factors), least, np.full(len(cuts), INFINITY))

    def drop_idle_cuts(self) -> None:
        """Takes added rows away that the last solve did not come near to."""
        first = len(self._rows)
        idle = first + np.flatnonzero(self.lp.row_values[first:] > 1.0 + IDLE)
        if len(idle):
            self.lp.delete_rows(idle)

    def whole(self, bound: float) -> float:
        """Returns a bound on the objective, rounded up to what an answer can cost."""
        return math.ceil(bound / self.step - TOL) * self.step if math.isfinite(bound) else bound

    def require_less_than(self, objective: float) -> None:
        """Allows only answers that are better than one with this objective by a step at least; infinity: any."""
        high = objective - self.step + TOL if math.isfinite(objective) else INFINITY
        self.lp.set_row_bounds([len(self._rows) - 1], [-INFINITY], [high])

    def allow(self, columns: NDArray[np.bool_]) -> None:
        """Leaves only some columns in use, (count,)."""
        self.lp.set_bounds(np.arange(self.count), np.zeros(self.count), columns.astype(np.float64))

    def options(self, values: Values) -> list[int]:
        """Returns the options that values of the columns put up."""
        said = {option for column, option in self.says.items() if values[column] > 0.5}
        return sorted(said.union(*(options for owner, options in self._implied.items() if values[owner] > 0.5)))

    def missed(self, options: Sequence[int]) -> tuple[int, ...]:
        """Returns the needs asked for that no option of some meets."""
        met = set().union(*(self.question.options[o].needs for o in options)) if options else set()
        return tuple(need for need in self.wanted if need not in met)
