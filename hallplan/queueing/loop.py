"""The compiled event loop of a hall: visitors go through lines to windows of several groups.

A line is one queue, first come first served among its own.  A window that becomes free takes, of the lines it may serve
and that are long enough for it, the one of lowest rank, then the one whose first visitor has waited longest.  A visitor
who joins goes to the first group of the line's choice with a free window.  A closing window finishes with its visitor.

What belongs together lies in one array, a row each, for the loop lives on few and near loads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hallplan.queueing.draws import State, exponential, service_time
from hallplan.queueing.fast import fast, woven
from hallplan.queueing.kernels import Floats, Ints

CLASS, STEP, LEFT, NEXT = 0, 1, 2, 3
"""Columns of a visitor's whole numbers: class, step under way, step at which they gave up (-1 none, -2 never called), and
who stands behind them."""
JOINED, STARTED, ENDED, WINDOW = 0, 1, 2, 3
"""Columns of a visitor's step: when it joined the line, was called and left, and at which window."""
HEAD, TAIL, WAITING, MOST = 0, 1, 2, 3
"""Columns of a line: first and last visitor, how many wait and the most that did."""
OPEN, BUSY, BASE = 0, 1, 2
"""Columns of a group: windows open and busy, and its first window."""


class Plan(NamedTuple):
    """What stays the same from day to day.

    route: (classes, steps) line of each step, -1 after the last.  kind: (classes × steps,) of service time; times, table:
    its figures, as `service_time` asks.  patience: (classes,) mean minutes, inf for those who stay.  choice: (lines, groups + 1, 2) group and least number waiting, in the order in which
    one who joins looks for a window, then -1.  serves: (groups, lines + 1, 3) line, least number waiting and rank, then -1.
    open: (groups, slots).  base: (groups + 1,) first window of each group.
    """

    route: Ints
    kind: Ints
    times: Floats
    table: Floats
    patience: Floats
    choice: Ints
    serves: Ints
    open: Ints
    base: Ints


class Visitors(NamedTuple):
    """One row a visitor in order of arrival.

    who: (n, 4) class, step, left, next.  at: (n,) arrival.  steps: (n, steps, 4).  until: (n,) when patience ends.
    """

    who: Ints
    at: Floats
    steps: Floats
    until: Floats


class Hall(NamedTuple):
    """State of the running hall.

    line: (lines, 4).  group: (groups, 3).  by: (windows,) visitor served, -1 when free.  end, server: service ends under
    way, the earliest last.  closed: (groups,) when it closed to newcomers while it still serves those who wait, or inf.
    n: (1,) services under way.
    """

    line: Ints
    group: Ints
    by: Ints
    end: Floats
    server: Ints
    closed: Floats
    n: Ints


@fast
def reset(plan: Plan, hall: Hall) -> None:
    for line in range(hall.line.shape[0]):
        hall.line[line, WAITING], hall.line[line, MOST] = 0, 0
    for g in range(hall.group.shape[0]):
        hall.group[g, OPEN], hall.group[g, BUSY], hall.group[g, BASE] = plan.open[g, 0], 0, plan.base[g]
        hall.closed[g] = np.inf
    for window in range(hall.by.shape[0]):
        hall.by[window] = -1
    hall.n[0] = 0


@woven
def push_end(hall: Hall, time: float, window: int) -> None:
    """Adds a service end; the earliest stands last.  A sorted list beats a heap up to some hundred windows."""
    place = hall.n[0]
    hall.n[0] = place + 1
    while place > 0 and hall.end[place - 1] < time:
        hall.end[place], hall.server[place] = hall.end[place - 1], hall.server[place - 1]
        place -= 1
    hall.end[place], hall.server[place] = time, window


@woven
def begin(plan: Plan, people: Visitors, hall: Hall, state: State, v: int, g: int, now: float) -> None:
    """Visitor v begins at the first free window of group g."""
    window = hall.group[g, BASE]
    while hall.by[window] >= 0:
        window += 1
    c, step = people.who[v, CLASS], people.who[v, STEP]
    row = c * plan.route.shape[1] + step
    minutes = service_time(state, plan.kind[row], plan.times, plan.table, row)
    hall.by[window] = v
    hall.group[g, BUSY] += 1
    people.steps[v, step, STARTED], people.steps[v, step, ENDED] = now, now + minutes
    people.steps[v, step, WINDOW] = window
    push_end(hall, now + minutes, window)


@woven
def pop_head(people: Visitors, hall: Hall, line: int) -> int:
    v: int = hall.line[line, HEAD]
    hall.line[line, HEAD] = people.who[v, NEXT]
    hall.line[line, WAITING] -= 1
    return v


@fast
def give_up(people: Visitors, v: int) -> None:
    step, at = people.who[v, STEP], people.until[v]
    people.who[v, LEFT], people.steps[v, step, STARTED], people.steps[v, step, ENDED] = step, at, at


@woven
def drop_gone(people: Visitors, hall: Hall, line: int, now: float) -> None:
    """Takes those at the head of the line out who gave up before `now`."""
    while hall.line[line, WAITING] > 0 and people.until[hall.line[line, HEAD]] < now:
        give_up(people, pop_head(people, hall, line))


@woven
def join(plan: Plan, people: Visitors, hall: Hall, state: State, v: int, now: float) -> None:
    """Visitor v joins the line of their step; a free window takes its first visitor at once."""
    c, step = people.who[v, CLASS], people.who[v, STEP]
    line, patience = plan.route[c, step], plan.patience[c]
    people.steps[v, step, JOINED], people.steps[v, step, STARTED] = now, np.nan
    people.until[v] = now + exponential(state, patience) if patience < np.inf else np.inf
    waiting = hall.line[line, WAITING] + 1
    i, g = 0, plan.choice[line, 0, 0]
    while g >= 0:
        if hall.group[g, BUSY] < hall.group[g, OPEN] and now < hall.closed[g] and waiting >= plan.choice[line, i, 1]:
            break
        i += 1
        g = plan.choice[line, i, 0]
    if waiting == 1 and g >= 0:
        begin(plan, people, hall, state, v, g, now)
        return
    if waiting == 1:
        hall.line[line, HEAD] = v
    else:
        people.who[hall.line[line, TAIL], NEXT] = v
    hall.line[line, TAIL], hall.line[line, WAITING] = v, waiting
    if g >= 0:
        drop_gone(people, hall, line, now)
        begin(plan, people, hall, state, pop_head(people, hall, line), g, now)
    elif waiting > hall.line[line, MOST]:
        hall.line[line, MOST] = waiting


@woven
def next_line(plan: Plan, people: Visitors, hall: Hall, g: int, now: float) -> int:
    """Returns the line that a free window of group g takes from; -1 when none waits for it."""
    best, rank, since, i = -1, 0, 0.0, 0
    line = plan.serves[g, 0, 0]
    while line >= 0:
        if hall.line[line, WAITING] > 0:
            drop_gone(people, hall, line, now)
        if hall.line[line, WAITING] > 0 and hall.line[line, WAITING] >= plan.serves[g, i, 1]:
            v, turn = hall.line[line, HEAD], plan.serves[g, i, 2]
            joined = people.steps[v, people.who[v, STEP], JOINED]
            if joined <= hall.closed[g] and (best < 0 or turn < rank or (turn == rank and joined < since)):
                best, rank, since = line, turn, joined
        i += 1
        line = plan.serves[g, i, 0]
    return best


@woven
def fill(plan: Plan, people: Visitors, hall: Hall, state: State, g: int, now: float) -> None:
    """Free windows of group g take whom they may."""
    while hall.group[g, BUSY] < hall.group[g, OPEN]:
        line = next_line(plan, people, hall, g, now)
        if line < 0:
            if hall.closed[g] < np.inf:
                hall.group[g, OPEN], hall.closed[g] = 0, np.inf
            return
        begin(plan, people, hall, state, pop_head(people, hall, line), g, now)


@fast
def change_slot(plan: Plan, people: Visitors, hall: Hall, state: State, k: int, now: float, clears: bool) -> None:
    """Opens and closes windows for slot k; where all close, with `clears`, once those waiting are served."""
    for g in range(plan.open.shape[0]):
        if clears and plan.open[g, k] == 0 and hall.group[g, OPEN] > 0:
            hall.closed[g] = min(hall.closed[g], now)
        else:
            hall.group[g, OPEN], hall.closed[g] = plan.open[g, k], np.inf
    for g in range(plan.open.shape[0]):
        fill(plan, people, hall, state, g, now)


@fast
def run_hall(
    plan: Plan, people: Visitors, hall: Hall, state: State, group_of: Ints, n: int, slot: float, clears: bool
) -> float:
    """Runs one day of n visitors; the last slot's windows stay until the hall is empty. Returns when it is."""
    reset(plan, hall)
    n_slots, steps, k, came, now = plan.open.shape[1], plan.route.shape[1], 0, 0, 0.0
    boundary = slot if n_slots > 1 else np.inf
    while True:
        arrival = people.at[came] if came < n else np.inf
        end = hall.end[hall.n[0] - 1] if hall.n[0] > 0 else np.inf
        if end < boundary and end <= arrival:
            now = end
            hall.n[0] -= 1
            window = hall.server[hall.n[0]]
            g, v = group_of[window], hall.by[window]
            hall.by[window] = -1
            hall.group[g, BUSY] -= 1
            step = people.who[v, STEP] + 1
            people.who[v, STEP] = step
            if step < steps and plan.route[people.who[v, CLASS], step] >= 0:
                join(plan, people, hall, state, v, now)
            fill(plan, people, hall, state, g, now)
        elif arrival < boundary:
            now = arrival
            people.who[came, STEP], people.who[came, LEFT] = 0, -1
            join(plan, people, hall, state, came, now)
            came += 1
        elif boundary < np.inf:
            k += 1
            change_slot(plan, people, hall, state, k, boundary, clears)
            boundary = (k + 1) * slot if k + 1 < n_slots else np.inf
        else:
            return now
