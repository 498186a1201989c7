"""What a look at a state is told and what it tells, floor by floor: the next one asks again only where zones have moved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hallplan.place.bits import Bits
from hallplan.place.kernels import Bools, Floats

LOST, OVER, SHARED, WALKED = range(4)
"""Columns of `Told.floors`."""


class Told(NamedTuple):
    """What a look tells of each floor of a state, and of each walk.

    floors: (F, 4) of free area LOST, m², metres by which the longest walk out is OVER its limit, metres of staff ways that are public ways
    too as SHARED, what staff's walks cost as WALKED.  walks: (k) mean way of each flow, m.  ends: (k, 2, links) where its stops lie on two floors, the way from either to
    each stair or lift, m.  crossing: (n) zones whose staff come onto visitors' ways.  stood: (F, nx, words) cells that visitors may
    stand on, off the ways of staff.  gone: (F, nx, words) anchors that visitors pass on their walks between stops.
    """

    floors: Floats
    walks: Floats
    ends: Floats
    crossing: Bools
    stood: Bits
    gone: Bits

    @classmethod
    def blank(cls, floors: int, flows: int, links: int, zones: int, cells: tuple[int, ...]) -> Told:
        """Returns room for what a look tells; cells: columns of a floor, and words of bits of each."""
        ends, stood = np.zeros((flows, 2, links)), np.zeros((floors, *cells), np.uint64)
        return cls(np.zeros((floors, 4)), np.zeros(flows), ends, np.zeros(zones, np.bool_), stood, np.zeros_like(stood))


class Look(NamedTuple):
    """What a look at a state is told, and what it fills in.

    tolls: (2, 3) of metres of the walk out above its limit and of staff ways that are public ways too: the price of one, what is let pass,
    what each costs on top where there are more.  detours: (k) by flow, walk over straight way in the layout that was let in last, 0 where
    none is known.  is_far: whether walks out are looked at before walks, of which they take a quarter of the time.
    before: what was told of the state that this one comes of, where is_known.  is_same: (F) floors on which all lies as it did there.
    ways: (k) filled with what each walk is over its straight way.  now: filled with what is told of this one.
    """

    tolls: Floats
    detours: Floats
    is_far: bool
    is_known: bool
    before: Told
    is_same: Bools
    ways: Floats
    now: Told


class Seen(NamedTuple):
    """What a look tells: what a state costs but for walks, staff and ways out; what walks cost, infinite where the state costs too much;
    metres by which the longest walk out is above its limit; metres of staff ways that are public ways too; what staff's walks cost."""

    near: float
    walked: float
    over: float
    shared: float
    errands: float
