"""Each counter position with its plate, department and hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from hallplan.model.demand import Item
from hallplan.model.windows import ServiceWindow, WindowType
from hallplan.terms import text
from hallplan.windows.slots import SLOT_MIN, Slots


def make_windows(kind: WindowType, plate: str, items: Sequence[Item], slots: Slots) -> tuple[ServiceWindow, ...]:
    """Returns the positions of a type, those open longest first; reserve ones have no hours."""
    department = _department(items)
    visits = [rate * SLOT_MIN / 60.0 for rate in kind.arrivals]
    windows = []
    for n in range(1, kind.windows + 1):
        is_open = tuple(count >= n for count in kind.open)
        share = sum(v / count for v, count, flag in zip(visits, kind.open, is_open, strict=True) if flag)
        windows.append(
            ServiceWindow(
                f"{plate}{n:02d}", _name(kind, n), kind.id, department, len(kind.items), round(share, 1),
                slots.hours(is_open), is_low=n <= kind.low_units,
            )
        )  # fmt: skip
    return tuple(windows)


def _name(kind: WindowType, n: int) -> str:
    """The first window, open longest, is where unresolved matters are taken when they have no window of their own."""
    if n == 1 and "complaint" in kind.duties:
        return text("windows.with_complaint", name=kind.name)
    return kind.name


def _department(items: Sequence[Item]) -> str:
    """The department of a type's items; of several, the one with most visits and how many others."""
    visits: defaultdict[str, float] = defaultdict(float)
    for item in items:
        if item.department:
            visits[item.department] += item.visits_per_year
    if not visits:
        return text("windows.shared_department")
    first = min(visits, key=lambda name: (-visits[name], name))
    if len(visits) == 1:
        return first
    return text("windows.several_departments", first=first, count=len(visits), others=len(visits) - 1)
