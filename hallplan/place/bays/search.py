"""Starts of the bay search: aisles drawn at random, rows filled by annealing, the best aisles gone on with."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from hallplan.place import spots
from hallplan.place.bays.annealing import anneal
from hallplan.place.bays.hall import Hall, make_hall
from hallplan.place.bays.laying import DEPTHS_M, Genes, Laid, Lists, holding_rows, lay_all
from hallplan.place.bays.network import draw_network
from hallplan.place.kernels import Ints
from hallplan.place.question import question
from hallplan.place.search import Clock, put_fixed
from hallplan.place.state import State
from hallplan.place.task import Task
from hallplan.place.weights import BayBudget

BLOCKS = 3
NEARLY_BEST = 6
HOT, COLD = 20.0, 1.5
WARM, COLDEST = 6.0, 0.5
PIECES = 5
HOPELESS, FIRST_DRAWN = 0.25, 2
"""When the first drafts drawn, or all of them, leave out more than this share of the zones, the floor is no hall but rooms."""
MOST_DRAWN = 4
"""Times the drafts asked for that aisles are drawn: some leave no row that holds the longest counters."""
LONG_CELLS = 20
USUAL_ZONES = 32
"""Programmes of more zones get fewer moves, since each takes longer."""
STREAM = 7
"""Sets the random numbers of these starts apart from those of others with the same seed."""


@dataclass(eq=False)
class Draft:
    """Aisles with the rows along them and the best filling found so far."""

    state: State
    hall: Hall
    lists: Lists
    genes: Genes
    cost: float


def run_start(task: Task, seed: tuple[int, int], work: BayBudget, clock: Clock) -> list[Draft]:
    """Returns the best drafts of one start, cheapest first: many aisles tried briefly, then fewer and fewer at length."""
    rng = np.random.default_rng((*seed, STREAM))
    share = min(1.0, USUAL_ZONES / len(task.specs))
    stages = [(many, max(PIECES, round(share * moves))) for many, moves in work.stages]
    found = _drawn(task, rng, *stages[0], clock)
    for many, moves in stages[1:]:
        if all(_lacks(draft) > HOPELESS * len(task.specs) for draft in found):
            break
        best = sorted(found, key=lambda draft: draft.cost)[:many]
        found = [_further(draft, rng, moves, clock) for draft in best]
    return sorted(found, key=lambda draft: draft.cost)


def _lacks(draft: Draft) -> int:
    """How many zones a draft leaves out."""
    laid = empty_laid(draft.hall)
    lay_all(draft.hall, draft.genes, laid)
    return int((laid.floor < 0).sum())


def _drawn(task: Task, rng: np.random.Generator, many: int, moves: int, clock: Clock) -> list[Draft]:
    """As many drafts as asked for, each filled in a number of moves, where aisles are found that hold all zones."""
    found: list[Draft] = []
    for _ in range(MOST_DRAWN * many):
        if clock.check():
            break
        draft = _first(task, rng, moves)
        if draft is not None:
            found.append(draft)
        is_vain = len(found) == FIRST_DRAWN and all(_lacks(one) > HOPELESS * len(task.specs) for one in found)
        if len(found) == many or is_vain:
            break
    return found


def _first(task: Task, rng: np.random.Generator, moves: int) -> Draft | None:
    """Aisles drawn and filled; None where some zone may lie along none of them."""
    state = _begun(task, rng)
    networks = tuple(draw_network(state, floor, rng) for floor in range(len(task.grids)))
    hall = make_hall(state, networks)
    lists = allowed_rows(hall)
    if not len(hall.rows) or (lists.counts[hall.traits[:, 3] == 0] == 0).any():
        return None
    genes = _random_genes(hall, lists, rng)
    return _annealed(Draft(state, hall, lists, genes, 0.0), rng, moves, HOT, COLD)


def _further(draft: Draft, rng: np.random.Generator, moves: int, clock: Clock) -> Draft:
    """The draft after more moves, in pieces that cool from one to the next."""
    heats = np.geomspace(WARM, COLDEST, PIECES + 1)
    for hot, cold in itertools.pairwise(heats.tolist()):
        if clock.check():
            break
        draft = _annealed(draft, rng, moves // PIECES, hot, cold)
    return draft


def _begun(task: Task, rng: np.random.Generator) -> State:
    """The state with fixed zones and, each at one of its best places, those bound to doors."""
    state = State.empty(task)
    put_fixed(state)
    for spec in task.specs:
        if not spec.opens or state.is_placed(spec.index):
            continue
        rows = []
        for floor in spec.floors:
            asked = question(state, spec, floor, spec.shapes, 0.0)
            found = spots.scan(*asked, BLOCKS, int(rng.integers(1 << 30)))
            rows += [(row[0], floor, *row[1:]) for row in found.tolist() if np.isfinite(row[0])]
        if rows:
            rows.sort()
            row = rows[int(rng.integers(min(NEARLY_BEST, len(rows))))]
            i0, j0, i1, j1, s = (int(value) for value in row[2:])
            state.put(spec.index, row[1], (i0, j0, i1, j1), int(spec.shapes[s, 2]))
    return state


def allowed_rows(hall: Hall) -> Lists:
    """Returns the rows that hold each zone by themselves, long rows more than once, and what goes with zones and rows."""
    n = hall.traits.shape[0]
    free = np.array([z for z in range(n) if hall.traits[z, 3] == 0], np.int32)
    order = Genes(free, _zeros(n), _zeros(n), _zeros(n), _zeros(n), _zeros(len(hall.rows)), _zeros(len(hall.rows)))
    fits = holding_rows(hall, order, empty_laid(hall))
    own: list[list[int]] = [[] for _ in range(n)]
    for z in free.tolist():
        for q in np.flatnonzero(fits[z]).tolist():
            f, _, _, _, low, high, is_rear, width = hall.rows[q].tolist()
            if hall.floors[z, f] and (hall.traits[z, 0] == 2 or not (is_rear or width < hall.limits[z, 5] - 1)):
                own[z] += [q] * (2 if high - low > LONG_CELLS else 1)
    return Lists(*_padded(own), *_padded(_company(hall)), _pairs(hall))


def _padded(lists: list[list[int]]) -> tuple[Ints, Ints]:
    table = np.full((len(lists), max(1, max(map(len, lists), default=1))), -1, np.int32)
    for n, values in enumerate(lists):
        table[n, : len(values)] = values
    return table, np.array([len(values) for values in lists], np.int32)


def _company(hall: Hall) -> list[list[int]]:
    """Zones that each zone wishes to be near or exchanges visitors with."""
    sets: list[set[int]] = [set() for _ in range(hall.traits.shape[0])]
    for table in (hall.flows, hall.wishes):
        for a, b, weight in table[:, :3].tolist():
            if a >= 0 and b >= 0 and weight > 0 and not hall.traits[int(a), 3] and not hall.traits[int(b), 3]:
                sets[int(a)].add(int(b))
                sets[int(b)].add(int(a))
    return [sorted(others) for others in sets]


def _pairs(hall: Hall) -> Ints:
    """For each row the other one on the same side of the same aisle: the one behind, or before."""
    key = [tuple(row[[0, 1, 2, 3, 4, 5]].tolist()) for row in hall.rows]
    pairs = np.full(len(key), -1, np.int32)
    for q, one in enumerate(key):
        same = [p for p, other in enumerate(key) if other == one and p != q]
        pairs[q] = same[0] if same else -1
    return pairs


def _random_genes(hall: Hall, lists: Lists, rng: np.random.Generator) -> Genes:
    n, n_rows = hall.traits.shape[0], hall.rows.shape[0]
    free = [z for z in range(n) if hall.traits[z, 3] == 0]
    rank = {z: (-int(hall.traits[z, 4] > 0), -hall.limits[z, 1] * rng.uniform(0.5, 1.5)) for z in free}
    order = np.array(sorted(free, key=lambda z: rank[z]), np.int32)
    row = np.zeros(n, np.int32)
    for z in free:
        row[z] = lists.rows[z, int(rng.integers(lists.counts[z]))]
    gap, small, form = _zeros(n), _zeros(n), _zeros(n)
    depth = np.array(rng.integers(2, DEPTHS_M.size, n_rows), np.int32)
    return Genes(order, row, gap, small, form, depth, _zeros(n_rows))


def _zeros(n: int) -> Ints:
    return np.zeros(n, np.int32)


def empty_laid(hall: Hall) -> Laid:
    """Returns room for what a filling lays."""
    n = hall.traits.shape[0]
    cells, rect, cursor = np.zeros((n, 4), np.int32), np.zeros((n, 4)), _zeros(len(hall.rows))
    return Laid(hall.base.copy(), _zeros(n), _zeros(n), _zeros(n), cells, rect, cursor)


def _annealed(draft: Draft, rng: np.random.Generator, moves: int, hot: float, cold: float) -> Draft:
    best = Genes(*(values.copy() for values in draft.genes))
    work = Genes(*(values.copy() for values in draft.genes))
    laid, seed = empty_laid(draft.hall), int(rng.integers(1 << 31))
    cost = anneal(draft.hall, work, best, laid, draft.lists, moves, hot, cold, seed)
    return Draft(draft.state, draft.hall, draft.lists, best, float(cost))


def state_of(draft: Draft) -> State:
    """Returns the state that a draft's best filling lays; zones without a place stay out."""
    laid = empty_laid(draft.hall)
    lay_all(draft.hall, draft.genes, laid)
    state = draft.state.copy()
    for z in draft.genes.order.tolist():
        if laid.floor[z] < 0:
            continue
        i0, j0, i1, j1 = (int(value) for value in laid.cells[z])
        front = int(laid.front[z]) if draft.hall.traits[z, 1] else -1
        state.put(z, int(laid.floor[z]), (i0, j0, i1, j1), front)
    return state
