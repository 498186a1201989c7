"""People to duties at the least cost, one each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hallplan.lp import INFINITY, WarmLP

Floats = NDArray[np.float64]


def assign(costs: Floats, allowed: NDArray[np.bool_], *, missing_price: float) -> dict[int, int]:
    """Returns person → duty, as many duties taken as can be and then at the least cost.

    costs, allowed: (n_people, n_duties).  missing_price: of a duty that nobody takes, above any sum of costs.
    The polytope of assignments has whole corners, so the linear programme's answer is whole.  Source: Birkhoff (1946).
    """
    n_people, n_duties = costs.shape
    pairs = np.argwhere(allowed)
    n_columns = len(pairs) + n_duties
    prices = np.concatenate([costs[pairs[:, 0], pairs[:, 1]], np.full(n_duties, missing_price)])
    lp = WarmLP(prices, np.zeros(n_columns), np.full(n_columns, INFINITY))
    order = np.argsort(pairs[:, 0], kind="stable")
    starts = np.searchsorted(pairs[order, 0], np.arange(n_people))
    lp.add_rows(starts, order, np.ones(len(pairs)), np.full(n_people, -INFINITY), np.ones(n_people))
    duty_of = np.concatenate([pairs[:, 1], np.arange(n_duties)])
    order = np.argsort(duty_of, kind="stable")
    starts = np.searchsorted(duty_of[order], np.arange(n_duties))
    lp.add_rows(starts, order, np.ones(n_columns), np.ones(n_duties), np.ones(n_duties))
    lp.solve()
    chosen = np.flatnonzero(lp.values[: len(pairs)] > 0.5)
    return {int(p): int(n) for p, n in pairs[chosen]}
