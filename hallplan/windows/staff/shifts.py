"""Shifts that the hall's half-hours and the contracts allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from hallplan.model.staff import Shift
from hallplan.settings import Settings
from hallplan.terms import language, read_data, text
from hallplan.units import MINUTES_PER_HOUR, clock
from hallplan.windows.slots import SLOT_MIN
from hallplan.windows.staff.cover import Patterns

SLOTS_PER_HOUR = MINUTES_PER_HOUR / SLOT_MIN


@dataclass(frozen=True, slots=True)
class Offer:
    """Shifts to choose from with their patterns, in the same order."""

    shifts: tuple[Shift, ...]
    patterns: Patterns


def offer_shifts(starts: Sequence[int], settings: Settings) -> Offer:
    """Returns every shift over the half-hours that start at `starts` (minutes after midnight).

    A stretch at the window is never longer than the rules allow; a closure of the hall at noon is the meal break, and
    where there is none the break lies in the rules' time. Half-hours that no shift of hours of their own covers, in a short day
    or a short stretch of it, have shifts as long as the stretch.
    """
    rules = read_data("staff.toml")["rules"]
    found: dict[tuple[int, ...], str] = {}
    for name in settings.staff.contracts:
        for slots in _worked(starts, read_data("staff.toml")["contracts"][name], rules):
            found.setdefault(slots, name)
    for slots in _uncovered(starts, found, settings.staff.contracts):
        found[slots] = next((name for name in settings.staff.contracts if name != "tide"), settings.staff.contracts[0])
    order: list[str] = [*settings.staff.contracts]
    keys = sorted(found, key=lambda slots: (order.index(found[slots]), slots))
    at_window = np.zeros((len(keys), len(starts)), dtype=np.int64)
    for row, slots in enumerate(keys):
        at_window[row, list(slots)] = 1
    shifts = _named([(found[slots], slots) for slots in keys], starts)
    hours = np.array([shift.hours for shift in shifts])
    lent = np.array([shift.contract == "tide" for shift in shifts])
    share = float(rules["tide_share"]) if not lent.all() else 1.0
    return Offer(shifts, Patterns(at_window, hours, lent, share))


def _uncovered(
    starts: Sequence[int], found: Mapping[tuple[int, ...], str], contracts: Sequence[str]
) -> Iterator[tuple[int, ...]]:
    """Stretches, cut to what one may stand, with half-hours in no shift, or in none but lent people's where others work too."""
    own = [name for name in contracts if name != "tide"] or list(contracts)
    covered = {slot for slots, name in found.items() if name in own for slot in slots}
    most = round(read_data("staff.toml")["rules"]["longest_stretch_h"] * SLOTS_PER_HOUR)
    for begin, end in _stretches(range(len(starts)), starts):
        run = [k for k, start in enumerate(starts) if begin <= start < end]
        for first in range(0, len(run), most):
            part = tuple(run[first : first + most])
            if not covered.issuperset(part):
                yield part


def _worked(starts: Sequence[int], contract: dict[str, Any], rules: dict[str, Any]) -> Iterator[tuple[int, ...]]:
    """Runs of half-hours of one contract, with a meal break where one is due."""
    most, least = (round(contract[key] * SLOTS_PER_HOUR) for key in ("most_h", "least_h"))
    least = min(least, len(starts))
    for first in range(len(starts)):
        for last in range(first + least - 1, len(starts)):
            run = tuple(range(first, last + 1))
            for slots in (run, *_with_break(run, starts, rules)):
                stretches = _stretches(slots, starts)
                if (
                    least <= len(slots) <= most
                    and len(stretches) <= contract["stretches"]
                    and all(end - begin <= rules["longest_stretch_h"] * MINUTES_PER_HOUR for begin, end in stretches)
                ):
                    yield slots


def _with_break(run: tuple[int, ...], starts: Sequence[int], rules: dict[str, Any]) -> Iterator[tuple[int, ...]]:
    """The run less a meal break, for every time it may be taken; none when the hall closes within the run."""
    if len(_stretches(run, starts)) > 1:
        return
    length, shortest = (round(rules[key] * SLOTS_PER_HOUR) for key in ("break_h", "shortest_stretch_h"))
    for at in range(shortest, len(run) - length - shortest + 1):
        if rules["break_from"] <= starts[run[at]] <= rules["break_to"]:
            yield (*run[:at], *run[at + length :])


def _stretches(slots: Sequence[int], starts: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Spans of time on end, in minutes after midnight."""
    if not slots:
        return ()
    cuts = [n for n, (a, b) in enumerate(pairwise(slots), 1) if starts[b] != starts[a] + SLOT_MIN]
    edges = [0, *cuts, len(slots)]
    return tuple((starts[slots[a]], starts[slots[b - 1]] + SLOT_MIN) for a, b in pairwise(edges))


def _named(chosen: Sequence[tuple[str, tuple[int, ...]]], starts: Sequence[int]) -> tuple[Shift, ...]:
    shifts, counts = [], dict.fromkeys((name for name, _ in chosen), 0)
    for name, slots in chosen:
        contract = read_data("staff.toml")["contracts"][name]
        counts[name] += 1
        spans = _stretches(slots, starts)
        title = contract["zh"] if language() == "zh" else contract["en"]
        shown = text("windows.and").join(f"{clock(a)}–{clock(b)}" for a, b in spans)
        hours = len(slots) / SLOTS_PER_HOUR
        shifts.append(Shift(f"{contract['letter']}{counts[name]}", f"{title} {shown}", name, spans, hours))
    return tuple(shifts)
