"""Days of a hall drawn, run and counted, compiled."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np

from hallplan.queueing.draws import State, exponential, normal, poisson_count, start_stream, uniform
from hallplan.queueing.fast import fast
from hallplan.queueing.kernels import Floats, Ints
from hallplan.queueing.loop import NEVER_CALLED, NONE, SERVED, Hall, Plan, Visitors, give_up, run_hall
from hallplan.queueing.straight import run_straight

BIN_MIN = 0.25
"""Width of the bins in which waits are counted, minutes; bin 0 is no wait, bin n waits above (n - 1) of it."""


class Coming(NamedTuple):
    """How visitors come.

    up_to: (slots, classes) walk-ins a minute of the first classes, all in the last.  door: (classes,) mean number at the door when the hall opens.
    booked: (bookings, 2) class and time of each appointment; missed, late: (classes,) share who do not come, spread of
    their punctuality in minutes.
    """

    up_to: Floats
    door: Floats
    booked: Floats
    missed: Floats
    late: Floats


CALLED, WITHIN, WAIT, GONE, NEVER = 0, 1, 2, 3, 4
"""Columns of a tally: who was called, and within the target; the sum of waits; who gave up or was never called."""


class Tally(NamedTuple):
    """Sums of days.

    counts: (days, lines, slots, 5) of those who joined a line in a slot.  bins: (lines, bins) of waits.
    busy: (days, groups, slots) minutes.  most: (days, lines) longest line.  closing: (days,) when the hall was empty.
    """

    counts: Floats
    bins: Ints
    busy: Floats
    most: Ints
    closing: Floats


@fast
def draw_walk_ins(coming: Coming, people: Visitors, state: State, slot: float, n: int) -> int:
    """Adds visitors who come without appointment, in order of time, and returns how many there are then."""
    n_slots, n_classes, room = coming.up_to.shape[0], coming.up_to.shape[1], people.at.shape[0]
    for c in range(n_classes):
        for _ in range(poisson_count(state, coming.door[c]) if coming.door[c] > 0.0 else 0):
            if n < room:
                people.who[n].cls, people.at[n] = c, 0.0
                n += 1
    shuffle_classes(people, state, n)
    for k in range(n_slots):
        total = coming.up_to[k, n_classes - 1]
        if total <= 0.0:
            continue
        now = k * slot + exponential(state, 1.0 / total)
        while now < (k + 1) * slot and n < room:
            mark, c = uniform(state) * total, 0
            for other in range(np.uint64(n_classes - 1)):
                c += mark >= coming.up_to[k, other]
            people.who[n].cls, people.at[n] = c, now
            n += 1
            now += exponential(state, 1.0 / total)
    return n


@fast
def shuffle_classes(people: Visitors, state: State, n: int) -> None:
    """Those at the door stand in any order."""
    for i in range(n - 1, 0, -1):
        j = int(uniform(state) * (i + 1))
        people.who[i].cls, people.who[j].cls = people.who[j].cls, people.who[i].cls


@fast
def add_booked(coming: Coming, people: Visitors, state: State, n: int) -> int:
    """Adds those with an appointment who come, each in its place, and returns how many visitors there are then."""
    for b in range(coming.booked.shape[0]):
        c = int(coming.booked[b, 0])
        if uniform(state) < coming.missed[c] or n >= people.at.shape[0]:
            continue
        at = max(coming.booked[b, 1] + coming.late[c] * normal(state), 0.0)
        place = n
        while place > 0 and people.at[place - 1] > at:
            people.at[place], people.who[place].cls = people.at[place - 1], people.who[place - 1].cls
            place -= 1
        people.at[place], people.who[place].cls = at, c
        n += 1
    return n


@fast
def draw_day(coming: Coming, people: Visitors, state: State, slot: float) -> int:
    n = draw_walk_ins(coming, people, state, slot, 0)
    return add_booked(coming, people, state, n) if coming.booked.shape[0] > 0 else n


@fast
def settle(people: Visitors, hall: Hall) -> None:
    """Those who still wait when the hall is empty gave up, or were never called (left -2)."""
    for n in range(hall.line.shape[0]):
        line = hall.line[n]
        while line.waiting > 0:
            v = line.head
            who = people.who[v]
            line.head = who.next
            line.waiting -= 1
            if who.until < np.inf:
                give_up(people, v)
            else:
                who.left, people.steps[v, who.step].started = NEVER_CALLED, np.nan


@fast
def count_day(
    plan: Plan,
    people: Visitors,
    hall: Hall,
    tally: Tally,
    day: int,
    n: int,
    slot: float,
    limits: Floats,
) -> None:
    """Adds a day's visitors to the sums; `limits` is the target wait of each line."""
    n_slots, n_bins, width = plan.open.shape[1], tally.bins.shape[1], people.steps.shape[1] + 1
    for v in range(n):
        who = people.who[v]
        for step in range(who.step + 1):
            line = plan.service[who.cls * width + step].line
            if line == NONE:
                break
            at = people.steps[v, step]
            joined, started = at.joined, at.started
            k = min(int(joined / slot), n_slots - 1)
            if who.left != SERVED and step == who.step:
                tally.counts[day, line, k, GONE if who.left >= 0 else NEVER] += 1.0
                break
            wait = started - joined
            tally.counts[day, line, k, CALLED] += 1.0
            tally.counts[day, line, k, WAIT] += wait
            tally.counts[day, line, k, WITHIN] += 1.0 if wait <= limits[line] else 0.0
            tally.bins[line, min(ceil(wait / BIN_MIN), n_bins - 1)] += 1
            add_busy(tally, day, plan.group_of[at.window], started, at.ended, slot)
    for line in range(hall.line.shape[0]):
        tally.most[day, line] = hall.line[line].most


@fast
def add_busy(tally: Tally, day: int, group: int, start: float, end: float, slot: float) -> None:
    """Spreads a service over the slots it takes place in; what lasts beyond the last slot is overtime and not counted."""
    last = tally.busy.shape[2] - 1
    k = min(int(start / slot), last)
    end = min(end, (last + 1) * slot)
    now = min(end, (k + 1) * slot)
    tally.busy[day, group, k] += max(now - start, 0.0)
    k = min(k + 1, last)
    following = min(end, (k + 1) * slot)
    tally.busy[day, group, k] += following - now
    while following < end:
        k += 1
        now, following = following, min(end, (k + 1) * slot)
        tally.busy[day, group, k] += following - now


@fast
def run_day(
    plan: Plan,
    people: Visitors,
    hall: Hall,
    state: State,
    n: int,
    slot: float,
    clears: bool,
    is_straight: bool,
    is_recorded: bool,
) -> float:
    """Runs a day of n visitors and returns when the hall is empty; is_recorded: at which window each was counts too."""
    if is_straight and n <= hall.turns.shape[0]:
        return run_straight(plan, people, hall, state, n, slot, clears, is_recorded)
    closing = run_hall(plan, people, hall, state, n, slot, clears)
    settle(people, hall)
    return closing


@fast
def run_days(
    plan: Plan, coming: Coming, people: Visitors, hall: Hall, tally: Tally, limits: Floats, state: State,
    slot: float, seed: int, first: int, days: int, clears: bool, is_straight: bool,
) -> None:  # fmt: skip
    """Draws, runs and counts `days` days; each has a stream of its own, so that they may be split anyhow."""
    for day in range(days):
        start_stream(state, seed, first + day)
        n = draw_day(coming, people, state, slot)
        tally.closing[day] = run_day(plan, people, hall, state, n, slot, clears, is_straight, False)
        count_day(plan, people, hall, tally, day, n, slot, limits)


@fast
def record_days(
    plan: Plan, coming: Coming, people: Visitors, hall: Hall, state: State, starts: Ints,
    slot: float, seed: int, days: int, clears: bool, is_straight: bool,
) -> int:  # fmt: skip
    """Keeps every visitor of `days` days, one day after the other; starts: (days + 1,) where each begins.

    Returns the number of days kept; fewer when `people` is full.
    """
    starts[0] = 0
    for day in range(days):
        a = starts[day]
        rest = Visitors(people.who[a:], people.at[a:], people.steps[a:])
        start_stream(state, seed, day)
        n = draw_day(coming, rest, state, slot)
        if n >= rest.at.shape[0]:
            return day
        run_day(plan, rest, hall, state, n, slot, clears, is_straight, True)
        starts[day + 1] = a + n
    return days
