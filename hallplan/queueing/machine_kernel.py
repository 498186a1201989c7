"""The compiled event loop of machines that break."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.queueing.kernels import Floats

FOREVER = 1e300


@njit(cache=True)
def run_machines(arrivals: Floats, work: Floats, machines: int, fail: float, repair: float, seed: int) -> Floats:
    """Returns how long each person waits until a machine first serves them, in the order of arrival (min).

    A machine fails and is repaired by its own clock, busy or not. A person whose machine fails keeps what is done and
    goes on with the next free machine before all who wait. arrivals: rising times; work: minutes of each.
    """
    np.random.seed(seed)
    n = arrivals.size
    waits = np.full(n, -1.0)
    left = work.copy()
    on = np.full(machines, -1)
    runs = np.ones(machines, dtype=np.bool_)
    change = np.empty(machines)
    for m in range(machines):
        change[m] = np.random.exponential(1.0 / fail) if fail > 0 else FOREVER
    back = np.empty(machines + 1, dtype=np.int64)
    n_back, first, came, done = 0, 0, 0, 0
    now = 0.0
    while done < n:
        next_come = arrivals[came] if came < n else FOREVER
        at, kind, who = next_come, 0, -1
        for m in range(machines):
            if change[m] < at:
                at, kind, who = change[m], 1, m
            if on[m] >= 0 and runs[m] and now + left[on[m]] < at:
                at, kind, who = now + left[on[m]], 2, m
        for m in range(machines):
            if on[m] >= 0 and runs[m]:
                left[on[m]] -= at - now
        now = at
        if kind == 0:
            came += 1
        elif kind == 2:
            on[who] = -1
            done += 1
        elif runs[who]:
            runs[who] = False
            change[who] = now + np.random.exponential(1.0 / repair)
            if on[who] >= 0:
                back[n_back] = on[who]
                n_back += 1
                on[who] = -1
        else:
            runs[who] = True
            change[who] = now + np.random.exponential(1.0 / fail)
        for m in range(machines):
            if runs[m] and on[m] < 0:
                if n_back > 0:
                    earliest = 0
                    for b in range(1, n_back):
                        if back[b] < back[earliest]:
                            earliest = b
                    on[m] = back[earliest]
                    n_back -= 1
                    back[earliest] = back[n_back]
                elif first < came:
                    on[m] = first
                    waits[first] = now - arrivals[first]
                    first += 1
    return waits
