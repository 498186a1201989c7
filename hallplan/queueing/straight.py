"""The compiled day of a hall whose lines keep to themselves: step by step in place of event by event.

Where each line has windows of its own, nobody gives up and every line belongs to one step of the way, what happens at a line
follows from who joins it and when.  Visitors are called in the order in which they join, so that each starts when they have
joined, the one before has started and fewer windows are busy than are open.  This is the hall of `loop` by the recursion of
Kiefer and Wolfowitz (1955), with windows that open and close; choosing the next event took more than half of a day's time.
"""

from __future__ import annotations

import numpy as np

from hallplan.queueing.draws import State
from hallplan.queueing.fast import bits_of, fast, float_of, woven
from hallplan.queueing.loop import IDLE, NEVER_CALLED, NONE, SERVED, Hall, Plan, Visitors, draw_minutes


@fast
def take_turns(people: Visitors, hall: Hall, n: int) -> None:
    """Everybody comes to their first step, nobody waits and no window is busy."""
    for v in range(n):
        hall.turns[v].at, hall.turns[v].visitor = people.at[v], v
        people.who[v].left = SERVED
    for line in range(hall.line.shape[0]):
        hall.line[line].most = 0
    for window in range(hall.end.shape[0]):
        hall.end[window] = 0


@woven
def open_for(plan: Plan, g: int, k: int, joined: float, slot: float, clears: bool) -> int:
    """Windows of group g in slot k for one who joined then; where all close, with `clears`, those before are still served."""
    n: int = plan.open[g, k]
    before = k
    if n == 0 and clears:
        while before > 0 and plan.open[g, before] == 0:
            before -= 1
        if joined < (before + 1) * slot:
            n = plan.open[g, before]
    return n


@woven
def idlest(hall: Hall, a: int, b: int) -> int:
    """Returns which of windows a to b has been free for longest or is free first."""
    window, soonest = a, hall.end[a]
    for place in range(np.uint64(a) + np.uint64(1), np.uint64(b)):
        end = hall.end[place]
        window = np.int64(place) if end < soonest else window  # type: ignore[assignment]
        soonest = min(soonest, end)
    return window


@woven
def first_free(hall: Hall, a: int, now: float) -> int:
    """Returns the first of the windows from a on that is free by `now`."""
    window, mark = a, bits_of(now)
    while hall.end[window] > mark:
        window += 1
    return window


@fast
def slow_start(plan: Plan, hall: Hall, g: int, joined: float, now: float, slot: float, clears: bool) -> float:
    """Returns when one who joined the line of group g and is next from `now` on starts; inf: never."""
    a, b, last = np.uint64(plan.base[g]), np.uint64(plan.base[g + 1]), plan.open.shape[1] - 1
    k = int(now / slot) if now < last * slot else last
    while now < np.inf:
        mark, busy, soonest = bits_of(now), 0, IDLE
        for place in range(a, b):
            end = hall.end[place]
            busy += end > mark
            soonest = min(soonest, end if end > mark else IDLE)
        if busy < open_for(plan, g, k, joined, slot, clears):
            return now
        after = (k + 1) * slot if k < last else np.inf
        now = float_of(soonest) if busy > 0 else np.inf
        if after <= now:
            now, k = after, k + 1
    return np.inf


@woven
def called_by(hall: Hall, line: int, now: float) -> int:
    """Returns the place in `starts` of the first of a line who is called after `now`; the lines' ends are infinite.

    On average one more is called from one joining to the next, at random: counting three without asking is faster.
    """
    head: int = hall.line[line].head
    for _ in range(3):
        head += hall.starts[head] <= now
    while hall.starts[head] <= now:
        head += 1
    return head


@fast
def part_lines(plan: Plan, people: Visitors, hall: Hall, step: int, n: int) -> None:
    """Gives each line as many places of `starts` as visitors of this step, after a 0 and before an infinite one."""
    width = people.steps.shape[1] + 1
    for line in range(hall.line.shape[0]):
        hall.line[line].waiting = 0
    for i in range(np.uint64(n)):
        hall.line[plan.service[people.who[hall.turns[i].visitor].cls * width + step].line].waiting += 1
    for place in range(np.uint64(hall.starts.shape[0])):
        hall.starts[place] = np.inf
    first = 0
    for line in range(hall.line.shape[0]):
        if hall.line[line].waiting > 0:
            hall.starts[first] = 0.0
            hall.line[line].head, hall.line[line].tail = first + 1, first + 1
            first += hall.line[line].waiting + 2


@woven
def queue_up(hall: Hall, v: int, at: float, n: int) -> None:
    """Visitor v comes to their next step at `at`, as one of n + 1 so far."""
    place = n
    while place > 0 and hall.turns[place - 1].at > at:
        hall.turns[place].at, hall.turns[place].visitor = hall.turns[place - 1].at, hall.turns[place - 1].visitor
        place -= 1
    hall.turns[place].at, hall.turns[place].visitor = at, v


@fast
def take_step(
    plan: Plan,
    people: Visitors,
    hall: Hall,
    state: State,
    step: int,
    n: int,
    slot: float,
    clears: bool,
    is_recorded: bool,
) -> int:
    """Takes the n visitors of a step through it, in the order of `hall.turns`, and returns how many have a next one.

    Which of the free windows of a group one goes to changes nothing but the record of it.
    """
    width, on, last = people.steps.shape[1] + 1, 0, plan.open.shape[1] - 1
    for i in range(np.uint64(n)):
        v, joined = hall.turns[i].visitor, hall.turns[i].at
        who = people.who[v]
        row = who.cls * width + step
        line = plan.service[row].line
        g = plan.choice[line * (hall.group.shape[0] + 1)].group
        a, b, tail = plan.base[g], plan.base[g + 1], hall.line[line].tail
        earliest = max(joined, hall.starts[tail - 1])
        window = idlest(hall, a, b)
        start = max(earliest, float_of(hall.end[window]))
        k = int(start / slot) if start < last * slot else last
        if plan.open[g, k] < b - a:
            start = slow_start(plan, hall, g, joined, earliest, slot, clears)
        hall.starts[tail] = start
        hall.line[line].tail = tail + 1
        hall.line[line].head = called_by(hall, line, joined)
        hall.line[line].most = max(hall.line[line].most, hall.line[line].tail - hall.line[line].head)
        at = people.steps[v, step]
        at.joined, at.started, who.step = joined, start, step
        if start < np.inf:
            if is_recorded:
                window = first_free(hall, a, start)
            end = start + draw_minutes(plan, state, row)
            at.ended, at.window, who.step = end, window, step + 1
            hall.end[window] = bits_of(end)
            if plan.service[row + 1].line != NONE:
                queue_up(hall, v, end, on)
                on += 1
        else:
            who.left, at.started = NEVER_CALLED, np.nan
    return on


@fast
def run_straight(
    plan: Plan, people: Visitors, hall: Hall, state: State, n: int, slot: float, clears: bool, is_recorded: bool
) -> float:
    """Runs one day of n visitors as `run_hall` does. Returns when the hall is empty.

    is_recorded: visitors go to the first free window, as there; otherwise to any one of the group.
    """
    take_turns(people, hall, n)
    there = n
    for step in range(people.steps.shape[1]):
        part_lines(plan, people, hall, step, there)
        there = take_step(plan, people, hall, state, step, there, slot, clears, is_recorded)
    empty = people.at[n - 1] if n > 0 else 0.0
    for window in range(hall.end.shape[0]):
        empty = max(empty, float_of(hall.end[window]))
    return empty
