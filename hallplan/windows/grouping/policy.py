"""The windows that policy asks for, each with its rule and where the plan has it."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.grouping import PolicyWindow
from hallplan.model.windows import ServiceWindow, WindowType
from hallplan.terms import language, read_data
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.slots import SLOT_MIN


def policy_windows(types: Sequence[WindowType], windows: Sequence[ServiceWindow]) -> tuple[PolicyWindow, ...]:
    """Returns one row for each window that policy asks for: the first type that hosts it, its first window's number.

    Where another type hosts it, the hours saved are those of one window open all day.
    """
    by_id = {kind.id: kind for kind in types}
    rows = []
    for id, entry in read_data("windows.toml")["policy"].items():
        host = next((by_id[name] for name in entry["hosts"] if name in by_id), None)
        if host is None:
            continue
        plates = [window.id for window in windows if window.type == host.id]
        is_own = host.id == entry["hosts"][0]
        saved = 0.0 if is_own else len(host.open) * SLOT_MIN / MINUTES_PER_HOUR
        name = entry["zh"] if language() == "zh" else entry["en"]
        rows.append(PolicyWindow(id, name, entry["rule"], plates[0] if plates else host.name, is_own, saved))
    return tuple(rows)
