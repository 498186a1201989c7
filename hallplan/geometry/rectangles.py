"""The largest upright rectangle of free cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Cells = tuple[int, int, int, int]


def largest_rectangle(free: NDArray[np.bool_], least: int) -> Cells | None:
    """Returns the rectangle [i0, j0, i1, j1) of most free cells, both sides of `least` or more; None where there is none.

    free: (nx, ny).  Of several as large the one found first, by i1, then j1.
    Source: the largest rectangle under a histogram, row by row.
    """
    best: Cells | None = None
    most = 0
    heights = np.zeros(free.shape[1], np.int64)
    for i, row in enumerate(free):
        heights = np.where(row, heights + 1, 0)
        if int(heights.max(initial=0)) < least:
            continue
        for j0, j1, height in _spans([*heights.tolist(), 0]):
            size = height * (j1 - j0)
            if size > most and height >= least and j1 - j0 >= least:
                best, most = (i + 1 - height, j0, i + 1, j1), size
    return best


def _spans(heights: list[int]) -> list[tuple[int, int, int]]:
    """All widest rectangles under a histogram that ends with 0: from, to, height."""
    spans: list[tuple[int, int, int]] = []
    stack: list[tuple[int, int]] = []
    for j, height in enumerate(heights):
        start = j
        while stack and stack[-1][1] >= height:
            start, before = stack.pop()
            spans.append((start, j, before))
        stack.append((start, height))
    return spans
