"""The compiled event loop of a hall: visitors go through lines to windows of several groups.

A line is one queue, first come first served among its own.  A window that becomes free takes, of the lines it may serve
and that are long enough for it, the one of lowest rank, then the one whose first visitor has waited longest.  A visitor
who joins goes to the first group of the line's choice with a free window.  A closing window finishes with its visitor.

What belongs together lies in one record, for the loop lives on few and near loads; unsigned places spare it a test for
negative ones at every load.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hallplan.queueing.draws import EXPONENTIAL, LOGNORMAL, State, exponential, from_table, lognormal
from hallplan.queueing.fast import bits_of, fast, lowest_bit, woven
from hallplan.queueing.kernels import Floats, Ints, Records

NONE = 0xFFFFFFFF
"""No visitor, line or group."""
SERVED, NEVER_CALLED = -1, -2
"""`left` of visitors who did not give up."""
IDLE = 0x7FFFFFFFFFFFFFFF
ABREAST = 32
"""Service ends are kept in a multiple of so many: the widest machines compare them at once."""
WORD = 64
"""Windows whose freedom one word holds."""

Service = np.dtype([("line", "u4"), ("kind", "u4"), ("first", "f8"), ("second", "f8"), ("patience", "f8")])
"""A step of a class: its line (NONE after the last step), kind and figures of its time, mean patience (inf: stays)."""
Choice = np.dtype([("group", "u4"), ("least", "u4")])
"""A group that serves a line, and the least number waiting for that."""
Serves = np.dtype([("line", "u4"), ("least", "u4"), ("rank", "u4")])
"""A line that a group serves, the least number waiting for that and its turn."""
Visitor = np.dtype(
    [("cls", "u2"), ("step", "u2"), ("row", "u4"), ("next", "u4"), ("left", "i4"), ("since", "f8"), ("until", "f8")]
)
"""Class, step under way and its row of Service, who stands behind, step given up, and when they joined the line and their
patience ends."""
Step = np.dtype([("joined", "f8"), ("started", "f8"), ("ended", "f8"), ("window", "i8")])
"""When a visitor joined the line of a step, was called and left, and at which window (-1: none)."""
Turn = np.dtype([("at", "f8"), ("visitor", "i8")])
"""When a visitor joins the line of a step."""
Line = np.dtype([("head", "u4"), ("tail", "u4"), ("waiting", "u4"), ("most", "u4")])
"""First and last visitor of a line, how many wait and the most that did."""
Group = np.dtype([("open", "u4"), ("busy", "u4"), ("base", "u4"), ("word", "u4"), ("closed", "f8")])
"""Windows open and busy; the first window and the first word of free ones; when it closed to newcomers while it still
serves those who wait, or inf."""


class Plan(NamedTuple):
    """What stays the same from day to day.

    service: (classes × width,) of Service, width: steps + 1.  table: as `from_table` asks, by the same rows.
    choice: (lines × groups + 1,) of Choice and serves: (groups × lines + 1,) of Serves, each list ended by NONE.
    open: (groups, slots).  base, words: (groups + 1,) first window and first word of each group.
    group_of: (windows,).  mask: the last bits that hold a window.
    """

    service: Records
    table: Floats
    choice: Records
    serves: Records
    open: Ints
    base: Ints
    words: Ints
    group_of: Ints
    mask: int


class Visitors(NamedTuple):
    """One row a visitor in order of arrival: who (n,) of Visitor, at (n,) arrival, steps (n, steps) of Step."""

    who: Records
    at: Floats
    steps: Records


class Hall(NamedTuple):
    """State of the running hall.

    line, group: of Line and Group.  free: (words,) a bit for each window.  by: (windows,) visitor served.
    end: (windows or more,) end of service as a number that has the window in its last bits, IDLE where there is none:
    looking through all of them takes less time than keeping order.  soonest: (1,) the least of them.
    turns: (visitors,) of Turn and starts: (visitors + 2 a line,) of calls, for a hall gone through step by step.
    """

    line: Records
    group: Records
    free: Ints
    by: Ints
    end: Ints
    soonest: Ints
    turns: Records
    starts: Floats


@fast
def reset(plan: Plan, hall: Hall) -> None:
    for line in range(hall.line.shape[0]):
        hall.line[line].waiting, hall.line[line].most = 0, 0
    for g in range(hall.group.shape[0]):
        group = hall.group[g]
        group.open, group.busy, group.base, group.word = plan.open[g, 0], 0, plan.base[g], plan.words[g]
        group.closed = np.inf
    for word in range(hall.free.shape[0]):
        hall.free[word] = np.uint64(0xFFFFFFFFFFFFFFFF)
    for window in range(hall.end.shape[0]):
        hall.end[window] = IDLE
    hall.soonest[0] = IDLE


@woven
def find_soonest(hall: Hall) -> None:
    """Sets which service ends first."""
    soonest = IDLE
    for window in range(np.uint64(hall.end.shape[0])):
        soonest = min(soonest, hall.end[window])
    hall.soonest[0] = soonest


@woven
def take_window(hall: Hall, g: int) -> int:
    """Returns the first free window of group g, which is free no more."""
    word: int = hall.group[g].word
    window: int = hall.group[g].base
    while hall.free[word] == np.uint64(0):
        word, window = word + 1, window + WORD
    bits = hall.free[word]
    hall.free[word] = bits & (bits - np.uint64(1))
    window += lowest_bit(bits)
    return window


@woven
def give_window(hall: Hall, g: int, window: int) -> None:
    place = np.uint64(window - hall.group[g].base)
    word = hall.group[g].word + (place >> np.uint64(6))
    hall.free[word] |= np.uint64(1) << (place & np.uint64(63))


@woven
def draw_minutes(plan: Plan, state: State, row: int) -> float:
    """Returns a service time of this row."""
    service = plan.service[row]
    if service.kind == LOGNORMAL:
        minutes = lognormal(state, service.first, service.second)
    elif service.kind == EXPONENTIAL:
        minutes = exponential(state, service.first)
    else:
        minutes = from_table(state, service.kind, service.first, plan.table, row)
    return minutes


@woven
def begin(plan: Plan, people: Visitors, hall: Hall, state: State, v: int, g: int, now: float) -> None:
    """Visitor v begins at the first free window of group g."""
    window = take_window(hall, g)
    who = people.who[v]
    minutes = draw_minutes(plan, state, who.row)
    hall.group[g].busy += 1
    step = people.steps[v, who.step]
    step.started, step.ended, step.window = now, now + minutes, window
    end = bits_of(now + minutes) & ~plan.mask | window
    hall.by[window], hall.end[window] = v, end
    hall.soonest[0] = min(hall.soonest[0], end)


@woven
def pop_head(people: Visitors, hall: Hall, line: int) -> int:
    v: int = hall.line[line].head
    hall.line[line].head = people.who[v].next
    hall.line[line].waiting -= 1
    return v


@fast
def give_up(people: Visitors, v: int) -> None:
    step, at = people.who[v].step, people.who[v].until
    people.who[v].left = step
    people.steps[v, step].started, people.steps[v, step].ended = at, at


@woven
def drop_gone(people: Visitors, hall: Hall, line: int, now: float) -> None:
    """Takes those at the head of the line out who gave up before `now`."""
    while hall.line[line].waiting > 0 and people.who[hall.line[line].head].until < now:
        give_up(people, pop_head(people, hall, line))


@woven
def join(plan: Plan, people: Visitors, hall: Hall, state: State, v: int, now: float) -> None:
    """Visitor v joins the line of their step; a free window takes its first visitor at once."""
    who = people.who[v]
    service = plan.service[who.row]
    line, width = service.line, hall.group.shape[0] + 1
    who.since, people.steps[v, who.step].joined = now, now
    who.until = now + exponential(state, service.patience) if service.patience < np.inf else np.inf
    waiting = hall.line[line].waiting + 1
    i = line * width
    g = plan.choice[i].group
    while g != NONE:
        group = hall.group[g]
        if group.busy < group.open and now < group.closed and waiting >= plan.choice[i].least:
            break
        i += 1
        g = plan.choice[i].group
    if waiting == 1 and g != NONE:
        begin(plan, people, hall, state, v, g, now)
        return
    if waiting == 1:
        hall.line[line].head = v
    else:
        people.who[hall.line[line].tail].next = v
    hall.line[line].tail, hall.line[line].waiting = v, waiting
    if g != NONE:
        drop_gone(people, hall, line, now)
        begin(plan, people, hall, state, pop_head(people, hall, line), g, now)
    elif waiting > hall.line[line].most:
        hall.line[line].most = waiting


@woven
def next_line(plan: Plan, people: Visitors, hall: Hall, g: int, now: float) -> int:
    """Returns the line that a free window of group g takes from; NONE when nobody waits for it."""
    best, rank, since, i = NONE, NONE, 0.0, g * (hall.line.shape[0] + 1)
    line = plan.serves[i].line
    while line != NONE:
        if hall.line[line].waiting > 0:
            drop_gone(people, hall, line, now)
        if hall.line[line].waiting > 0 and hall.line[line].waiting >= plan.serves[i].least:
            turn, joined = plan.serves[i].rank, people.who[hall.line[line].head].since
            if joined <= hall.group[g].closed and (turn < rank or (turn == rank and joined < since)):
                best, rank, since = line, turn, joined
        i += 1
        line = plan.serves[i].line
    return best


@woven
def fill(plan: Plan, people: Visitors, hall: Hall, state: State, g: int, now: float) -> None:
    """Free windows of group g take whom they may."""
    while hall.group[g].busy < hall.group[g].open:
        line = next_line(plan, people, hall, g, now)
        if line == NONE:
            if hall.group[g].closed < np.inf:
                hall.group[g].open, hall.group[g].closed = 0, np.inf
            return
        begin(plan, people, hall, state, pop_head(people, hall, line), g, now)


@fast
def change_slot(plan: Plan, people: Visitors, hall: Hall, state: State, k: int, now: float, clears: bool) -> None:
    """Opens and closes windows for slot k; where all close, with `clears`, once those waiting are served."""
    for g in range(plan.open.shape[0]):
        group = hall.group[g]
        if clears and plan.open[g, k] == 0 and group.open > 0:
            group.closed = min(group.closed, now)
        else:
            group.open, group.closed = plan.open[g, k], np.inf
    for g in range(plan.open.shape[0]):
        fill(plan, people, hall, state, g, now)


@fast
def run_hall(plan: Plan, people: Visitors, hall: Hall, state: State, n: int, slot: float, clears: bool) -> float:
    """Runs one day of n visitors; the last slot's windows stay until the hall is empty. Returns when it is."""
    reset(plan, hall)
    n_slots, k, came, now = plan.open.shape[1], 0, 0, 0.0
    boundary = slot if n_slots > 1 else np.inf
    width = people.steps.shape[1] + 1
    while True:
        arrival = people.at[came] if came < n else np.inf
        end = hall.soonest[0]
        if end < bits_of(boundary) & ~plan.mask and end <= bits_of(arrival) | plan.mask:
            window = end & plan.mask
            v, g = hall.by[window], plan.group_of[window]
            hall.end[window] = IDLE
            who = people.who[v]
            now = people.steps[v, who.step].ended
            give_window(hall, g, window)
            hall.group[g].busy -= 1
            who.step += 1
            who.row += 1
            if plan.service[who.row].line != NONE:
                join(plan, people, hall, state, v, now)
            fill(plan, people, hall, state, g, now)
            find_soonest(hall)
        elif arrival < boundary:
            now = arrival
            who = people.who[came]
            who.step, who.row, who.left = 0, who.cls * width, SERVED
            join(plan, people, hall, state, came, now)
            came += 1
        elif boundary < np.inf:
            k += 1
            change_slot(plan, people, hall, state, k, boundary, clears)
            boundary = (k + 1) * slot if k + 1 < n_slots else np.inf
        else:
            return now
