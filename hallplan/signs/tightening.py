"""Rows that cut the answer of a relaxed cover off: what small patches of needs ask for when signs are whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hallplan.signs.patches import Values, lifted, patch_cut

Numbers = NDArray[np.int64]
Meets = NDArray[np.bool_]

PATCH_COLUMNS = (24,)
"""Columns of a patch at most, small patches first."""
PATCH_NEEDS = 60
BRANCHES, STEPS = 20_000, 400
FREE = 1e-9
OFTEN = 1
"""Patches of a round that a need lies in at most before it starts no further one."""
LONGEST_REST = 3
"""Rounds in which a patch is left alone at most."""
NEAR = 1.6
"""Needs that are met so often at most in the relaxation belong to patches."""
CUTS_OFF = 0.99
"""A row is worth adding when the relaxation reaches no more than so much of its right-hand side."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A row factors · columns >= 1 that every whole answer keeps which meets some needs."""

    needs: Numbers
    columns: Numbers
    factors: Values


@njit(cache=True)
def _grown(
    met_by: Meets, sizes: Numbers, slack: Values, start: int, most_columns: int, most_needs: int
) -> tuple[Meets, Meets]:
    """The needs and columns of a patch about a need: each step the need that brings the fewest new columns.

    met_by: (columns, needs).  sizes: columns of each need; slack: how much more than once each is met, (needs,).
    """
    n_columns, n_needs = met_by.shape
    shared = np.zeros(n_needs, dtype=np.int64)
    is_in, has = np.zeros(n_needs, dtype=np.bool_), np.zeros(n_columns, dtype=np.bool_)
    best, room, left = start, most_columns, most_needs
    while best >= 0 and left > 0:
        is_in[best] = True
        left -= 1
        for j in range(n_columns):
            if met_by[j, best] and not has[j]:
                has[j] = True
                room -= 1
                for need in range(n_needs):
                    shared[need] += met_by[j, need]
        best, worth = -1, np.inf
        for need in range(n_needs):
            fresh = sizes[need] - shared[need]
            if shared[need] and fresh <= room and not is_in[need]:
                score = -1.0 if fresh == 0 else 1e3 + fresh - 0.3 * shared[need] + 0.5 * slack[need]
                if score < worth:
                    best, worth = need, score
    return is_in, has


def _leading(meets: Meets) -> Numbers:
    """Needs whose columns hold those of no other; of equal ones the first."""
    held = meets.astype(np.float32)
    sizes = held.sum(axis=1)
    holds = held @ held.T >= sizes[None, :] - 0.5
    number = np.arange(len(sizes))
    is_later = (sizes[:, None] > sizes[None, :]) | ((sizes[:, None] == sizes[None, :]) & (number[:, None] > number))
    return np.flatnonzero(~(holds & is_later).any(axis=1))


def _masks(meets: Meets) -> NDArray[np.uint64]:
    """Which of a few needs each column meets, as bits; meets (needs, columns)."""
    bits = np.uint64(1) << np.arange(len(meets), dtype=np.uint64)
    return np.asarray((meets.T * bits[None, :]).sum(axis=1, dtype=np.uint64))


class Tightener:
    """Finds cuts for a cover in which each need asks for one column at least.

    meets: (needs, columns).
    """

    def __init__(self, meets: Meets) -> None:
        self.order = np.argsort(meets.sum(axis=1), kind="stable")
        self.meets = meets[self.order]
        self._round = 0
        self._fails: dict[tuple[int, int], int] = {}
        self._rests: dict[tuple[int, int], int] = {}

    def cuts(self, values: Values) -> list[Cut]:
        """Returns rows that values of the columns break, (columns,); no two of the same needs and columns.

        A patch that gave none is tried again some rounds later, the later the more often it gave none.
        """
        self._round += 1
        found: dict[bytes, Cut] = {}
        for place, needs, columns in self._patches(values):
            reached, factors = patch_cut(
                _masks(self.meets[np.ix_(needs, columns)]), values[columns], len(needs), CUTS_OFF, BRANCHES, STEPS
            )
            if reached > CUTS_OFF:
                self._fails[place] = min(self._fails.get(place, 0) + 1, LONGEST_REST)
                self._rests[place] = self._round + self._fails[place]
                continue
            self._fails[place] = 0
            paid = factors > FREE
            needs = needs[~self.meets[np.ix_(needs, columns[~paid])].any(axis=1)]
            key = needs.tobytes() + columns[paid].tobytes()
            if key not in found and (cut := self._lifted(needs, columns[paid], factors[paid])) is not None:
                found[key] = cut
        return list(found.values())

    def _patches(self, values: Values) -> Iterator[tuple[tuple[int, int], Numbers, Numbers]]:
        """Patches about needs that do not rest, with the need and the size they come from."""
        used = np.flatnonzero(values > 1e-6)
        tight = np.flatnonzero(self.meets @ values <= NEAR)
        tight = tight[_leading(self.meets[np.ix_(tight, used)])]
        near = self.meets[np.ix_(tight, used)]
        met_by, sizes, slack = np.ascontiguousarray(near.T), near.sum(axis=1), near @ values[used] - 1.0
        seen: set[bytes] = set()
        often = np.zeros(len(tight), dtype=np.int64)
        for most in PATCH_COLUMNS:
            for start in np.flatnonzero(sizes > 1).tolist():
                place = int(tight[start]), most
                if self._rests.get(place, 0) > self._round or often[start] >= OFTEN:
                    continue
                needs, columns = _grown(met_by, sizes, slack, start, most, PATCH_NEEDS)
                key = needs.tobytes()
                if key not in seen and needs.sum() > 2:
                    seen.add(key)
                    often += needs
                    yield place, tight[needs], used[columns]

    def _lifted(self, needs: Numbers, columns: Numbers, factors: Values) -> Cut | None:
        """The row with factors for all columns that meet its needs; None when that takes too long to find out."""
        here = self.meets[needs]
        others = np.setdiff1d(np.flatnonzero(here.any(axis=0)), columns)
        order = np.argsort(-here[:, others].sum(axis=0), kind="stable")
        masks = _masks(here[:, columns]), _masks(here[:, others])
        is_found, more = lifted(masks[0], factors, masks[1], order, len(needs), BRANCHES)
        if not is_found:
            return None
        every, values = np.concatenate([columns, others]), np.concatenate([factors, more])
        keep = np.flatnonzero(values > FREE)
        keep = keep[np.argsort(every[keep])]
        return Cut(self.order[needs], every[keep], values[keep])
