"""A lower bound on the cost of any layout, valid and loose."""

from __future__ import annotations

import math

import numpy as np

from hallplan.place.rectangles.problem import Floats, Problem


def lower_bound(problem: Problem) -> float:
    """Returns a cost that no layout of the problem is below.

    Each weight is halved between the stars of its two zones; a star costs at least the larger of two sums:
    - over its pairs, the least distance that two zones of their areas and widths can have: two rectangles apart lie side
      by side or one above the other, so their centres are half the sum of the least widths, or of the least depths, apart;
    - over some of its zones, what it costs to pour their areas round the centre without overlap, densest weight first,
      less how far a zone reaches from its own centre on average; the others count as pairs.
    Where zones have to lie beside each other in rings, or at the floor's edge, is not counted. Source: ours.
    """
    apart = _least_apart(problem)
    total = 0.0
    for zone in range(problem.n):
        mine = np.flatnonzero((problem.pairs == zone).any(axis=1))
        if len(mine):
            others = problem.pairs[mine].sum(axis=1) - zone
            total += _star(problem, zone, others, problem.weights[mine] / 2, apart[mine])
    return total


def _least_apart(problem: Problem) -> Floats:
    """Least distance of the centres of each pair, (m,)."""
    i, j = problem.pairs[:, 0], problem.pairs[:, 1]
    least = np.stack([problem.low, problem.areas / problem.high])
    return np.asarray(((least[:, i] + least[:, j]) / 2).min(axis=0))


def _star(problem: Problem, zone: int, others: Floats, weights: Floats, apart: Floats) -> float:
    """The larger sum for one star, over all numbers of zones poured, those of greatest gain first."""
    order = np.argsort(-weights / problem.areas[others], kind="stable")
    others, weights, apart = others[order], weights[order], apart[order]
    paired = weights * apart
    best, kept = float(paired.sum()), np.ones(len(others), dtype=bool)
    while kept.any():
        poured = np.zeros(len(others))
        poured[kept] = weights[kept] * _poured(problem, zone, others[kept])
        best = max(best, float(np.where(kept, poured, paired).sum()))
        kept[np.argmin(np.where(kept, poured - paired, np.inf))] = False
    return best


def _poured(problem: Problem, zone: int, others: Floats) -> Floats:
    """Mean distance of each area when poured in this order round the zone's inmost disc, less the zone's own reach."""
    areas, low, high = problem.areas[others], problem.low[others], problem.high[others]
    heights_low, heights_high = areas / high, areas / low
    inner = min(problem.low[zone], problem.areas[zone] / problem.high[zone]) / 2
    if problem.metric == "euclidean":
        ball, whole = math.pi, 2 * math.pi / 3
        spread = np.maximum(np.hypot(low, heights_high), np.hypot(high, heights_low)) / math.sqrt(12)
    else:
        ball, whole = 2.0, 4 / 3
        spread = np.maximum(low + heights_high, high + heights_low) / 4
    filled = ball * inner**2 + np.concatenate([[0.0], np.cumsum(areas)])
    moments = whole * (filled / ball) ** 1.5
    return np.asarray(np.diff(moments) / areas - spread)
