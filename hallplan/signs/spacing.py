"""Signs that hang too near to each other to be both put up."""

from __future__ import annotations

import numpy as np

from hallplan.signs.question import Question


def too_near(question: Question) -> list[list[int]]:
    """Returns groups of signs of which at most one may go up: all largest sets of signs that are too near to each other.

    Source: C. Bron, J. Kerbosch, "Algorithm 457", CACM 16 (1973), with the pivot of most neighbours.
    """
    if not question.spots or not question.spacing_m:
        return []
    spots = np.asarray(question.spots, dtype=np.float64)
    gaps = np.hypot(*(spots[:, None, :] - spots[None, :, :]).transpose(2, 0, 1))
    near = gaps < question.spacing_m - 1e-9
    np.fill_diagonal(near, False)
    about = [set(np.flatnonzero(row).tolist()) for row in near]
    found: list[list[int]] = []
    _grow([], set(range(len(spots))), set(), about, found)
    return sorted(group for group in found if len(group) > 1)


def _grow(group: list[int], could: set[int], done: set[int], about: list[set[int]], found: list[list[int]]) -> None:
    if not could and not done:
        found.append(sorted(group))
        return
    pivot = max(sorted(could | done), key=lambda sign: len(about[sign] & could))
    for sign in sorted(could - about[pivot]):
        _grow([*group, sign], could & about[sign], done & about[sign], about, found)
        could, done = could - {sign}, done | {sign}
