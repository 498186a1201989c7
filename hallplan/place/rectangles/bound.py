"""A lower bound on the cost of any layout, valid and loose."""

from __future__ import annotations

import numpy as np

from hallplan.place.rectangles.problem import Problem


def lower_bound(problem: Problem) -> float:
    """Returns the sum over pairs of weight × the least distance that two zones of their areas and widths can have.

    Two rectangles that do not overlap are side by side or one above the other, so their centres are at least half the
    sum of their least widths, or of their least depths, apart. What the other zones take up is not counted.
    """
    least = np.stack([problem.low, problem.areas / problem.high])
    i, j = problem.pairs[:, 0], problem.pairs[:, 1]
    return float(problem.weights @ ((least[:, i] + least[:, j]) / 2).min(axis=0)) if len(i) else 0.0
