"""Window-hours and time: our staffing against Erlang C slot by slot at equal service.

Each baseline is the way pyworkforce does it (stationary Erlang C in each half-hour, fewest positions that promise the
target), written plainly. Since it misses the target after peaks, "equal service" raises its promised share until the
exact transient keeps the target in every half-hour. Seconds are of processor time. Where Erlang C happens to keep the
target at its first promise it is the faster way and ours the slower (`times_as_fast` below 1): ours also proves how few
windows would do. Prints JSON.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence

from hallplan.queueing import find_staffing, transient

SHARE, WAIT_MIN, MINUTES = 0.8, 5.0, 6.0
DAYS = {
    "two_peaks": (60, 130, 190, 180, 120, 90, 60, 45, 60, 100, 120, 130, 110, 100, 90, 70, 50, 40),
    "morning": (120, 150, 140, 120, 100, 80, 60, 50, 45, 40, 35, 30),
    "small": (10, 18, 24, 22, 16, 12, 8, 6, 10, 14, 16, 12, 8, 6),
}


def erlang_c(load: float, windows: int) -> float:
    blocking = 1.0
    for k in range(1, windows + 1):
        blocking = load * blocking / (k + load * blocking)
    return windows * blocking / (windows - load * (1 - blocking))


def erlang_positions(rate: float, share: float) -> int:
    load = rate * MINUTES / 60
    windows = math.floor(load) + 1
    while 1 - erlang_c(load, windows) * math.exp(-(windows - load) * WAIT_MIN / MINUTES) < share:
        windows += 1
    return windows


def kept(rates: Sequence[float], plan: Sequence[int]) -> float:
    return min(transient(rates, MINUTES, plan, wait_min=WAIT_MIN).share_within)


def equal_service(rates: Sequence[float]) -> tuple[list[int], float, float]:
    """Returns the baseline's plan that keeps the target, the share it had to promise, and seconds."""
    start = time.process_time()
    share = SHARE
    while True:
        plan = [erlang_positions(rate, share) for rate in rates]
        if kept(rates, plan) >= SHARE - 1e-9:
            return plan, share, time.process_time() - start
        share += 0.005 if share < 0.99 else (1 - share) / 4


def compare(rates: Sequence[float]) -> dict[str, object]:
    start = time.process_time()
    ours = find_staffing(rates, MINUTES, share=SHARE, wait_min=WAIT_MIN)
    seconds = time.process_time() - start
    plain = [erlang_positions(rate, SHARE) for rate in rates]
    equal, promised, equal_seconds = equal_service(rates)
    return {
        "slot_windows": sum(ours.windows),
        "bound": ours.bound,
        "is_proven": ours.is_proven,
        "least_share": round(kept(rates, ours.windows), 4),
        "seconds": round(seconds, 3),
        "erlang_c": {"slot_windows": sum(plain), "least_share": round(kept(rates, plain), 4)},
        "erlang_c_at_equal_service": {
            "slot_windows": sum(equal),
            "promised_share": round(promised, 4),
            "seconds": round(equal_seconds, 3),
        },
        "times_as_fast": round(equal_seconds / seconds, 2),
        "saved": round(1 - sum(ours.windows) / sum(equal), 4),
    }


def main() -> None:
    find_staffing([10.0, 20.0], MINUTES, share=SHARE, wait_min=WAIT_MIN)
    transient([10.0], MINUTES, [2], wait_min=WAIT_MIN)
    print(json.dumps({name: compare(rates) for name, rates in DAYS.items()}, indent=1))


if __name__ == "__main__":
    main()
