"""Stretches of a route without a sign in reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.geometry.polygons import Floats
from hallplan.model.flow import Route
from hallplan.signs.walkers import Masks, Walkers
from hallplan.units import round_m


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A piece of a route as long as may be blind: rows are its samples by stretch; one of them must be read."""

    per_day: float
    rows: tuple[tuple[int, Masks], ...]

    @property
    def key(self) -> tuple[tuple[int, bytes], ...]:
        """The same for windows of the same samples."""
        return tuple((s, rows.tobytes()) for s, rows in self.rows)


def blind_stretches(along: Floats, is_read: Masks) -> tuple[tuple[float, float], ...]:
    """Returns the stretches between samples without a sign, as (from, to) in metres along the route."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], is_read, [True]]).astype(np.int8)))
    found = []
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        begin, end = float(along[first]), float(along[min(after, len(along) - 1)])
        if end - begin > 1e-6:
            found.append((round_m(begin), round_m(end)))
    return tuple(found)


def blind_windows(walkers: Walkers, told: Sequence[Masks], limit_m: float, floor: str) -> list[Window]:
    """Returns the windows of routes on a floor that are blind over `limit_m` and start one sample after the other.

    told: by stretch, samples at which a sign is read already.  When a sample of each is read, no stretch is blind longer.
    """
    found: dict[tuple[tuple[int, bytes], ...], Window] = {}
    for route in walkers.routes:
        for window in _of_route(walkers, route, told, limit_m, floor):
            found.setdefault(window.key, window)
    return list(found.values())


def _of_route(walkers: Walkers, route: Route, told: Sequence[Masks], limit_m: float, floor: str) -> list[Window]:
    along, is_read, owner, local = joined(walkers, route, told)
    found = []
    for begin, end in blind_stretches(along, is_read):
        if end - begin <= limit_m:
            continue
        inside = np.flatnonzero((along >= begin - 1e-6) & (along <= end + 1e-6) & ~is_read)
        for n, first in enumerate(inside):
            part = inside[n:][along[inside[n:]] <= along[first] + limit_m - walkers.stretches[owner[first]].step_m]
            if end - along[first] < limit_m - 1e-6 and n:
                break
            here = {s: part[owner[part] == s] for s in dict.fromkeys(owner[part].tolist())}
            rows = tuple(
                (s, np.isin(np.arange(walkers.stretches[s].count), local[held]))
                for s, held in here.items()
                if walkers.stretches[s].leg.floor == floor
            )
            if rows:
                found.append(Window(route.per_day, rows))
    return found


def joined(walkers: Walkers, route: Route, told: Sequence[Masks]) -> tuple[Floats, Masks, np.ndarray, np.ndarray]:
    """Returns a route's samples: metres along it, whether a sign is read or the goal reached, stretch, number there."""
    along, seen, owner, local, begin = [], [], [], [], 0.0
    for s in walkers.of_route[route.id]:
        stretch = walkers.stretches[s]
        along.append(begin + np.arange(stretch.count) * stretch.step_m)
        seen.append(told[s] | stretch.arrived)
        owner.append(np.full(stretch.count, s))
        local.append(np.arange(stretch.count))
        begin += stretch.leg.length_m
    return np.concatenate(along), np.concatenate(seen), np.concatenate(owner), np.concatenate(local)
