"""The fewest zones found that do not lie on a floor together though all others are taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

RUNS = 8
"""Searches made for the fewest at most, after that of all zones."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Zones, as numbers, that a search could not place together. is_least: without any one of them it could place the rest."""

    zones: tuple[int, ...]
    is_least: bool


def fewest(ranked: Sequence[int], is_left: Callable[[Sequence[int]], bool | None]) -> Conflict | None:
    """Returns the fewest zones that do not lie together; None when all do, or nothing was found out.

    ranked: all zones, those first that are to be spared first.  is_left: whether a search of some zones alone leaves any out; None when
    it was cut short.
    Halves of what may be spared are tried first, then halves of these.
    """
    if not is_left(ranked):
        return None
    kept, runs, size, needed = list(ranked), 0, max(1, len(ranked) // 2), set[int]()
    while size >= 1 and runs < RUNS:
        spared = [z for z in kept if z not in needed][:size]
        if not spared:
            break
        runs += 1
        found = is_left([z for z in kept if z not in spared])
        if found is None:
            break
        if found:
            kept = [z for z in kept if z not in spared]
        elif len(spared) == 1:
            needed.add(spared[0])
        size = max(1, min(size, len(kept) // 2) if found else size // 2)
    is_least = needed == set(kept)
    return Conflict(tuple(kept), is_least) if is_least or len(kept) < len(ranked) else None
