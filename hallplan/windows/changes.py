"""What becomes of today's windows (整合前后对比)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from hallplan.model.demand import Demand, ExistingWindow
from hallplan.model.windows import ServiceWindow, WindowChange, WindowType
from hallplan.terms import text
from hallplan.windows.kinds import any_kind


def compare_windows(
    demand: Demand, types: Sequence[WindowType], windows: Sequence[ServiceWindow]
) -> tuple[WindowChange, ...]:
    """Returns one row for each of today's windows, in the sheet's order, then one for each new position."""
    if not demand.existing:
        return ()
    homes = {window.id: _home(window, demand, types) for window in demand.existing}
    own = {window.id: _own_type(window, types) for window in demand.existing}
    rows: dict[str, WindowChange] = {}
    new: list[WindowChange] = []
    for kind in types:
        plates = [window.id for window in windows if window.type == kind.id]
        here = [window for window in demand.existing if homes[window.id] == kind.id]
        here.sort(key=lambda window: own[window.id] != kind.id)
        for place, window in enumerate(here):
            is_same = own[window.id] == kind.id
            rows[window.id] = _row(window, kind, plates, place, len(here), is_same=is_same)
        new += [
            WindowChange("", text("windows.fate_new"), plate, text("windows.reason_new"))
            for plate in plates[len(here) :]
        ]
    gone = WindowChange("", text("windows.fate_withdrawn"), "", text("windows.reason_withdrawn"))
    known = [
        rows.get(window.id, WindowChange(window.id, gone.fate, gone.into, gone.reason)) for window in demand.existing
    ]
    return (*known, *new)


def _row(
    window: ExistingWindow, kind: WindowType, plates: Sequence[str], place: int, have: int, *, is_same: bool
) -> WindowChange:
    if place >= len(plates):
        reason = text("windows.reason_merged", name=kind.name, need=len(plates), have=have)
        return WindowChange(window.id, text("windows.fate_merged"), kind.name, reason)
    if is_same:
        return WindowChange(
            window.id, text("windows.fate_kept"), plates[place], text("windows.reason_kept", name=kind.name)
        )
    reason = text("windows.reason_retyped", old=window.department or window.kind or window.id, name=kind.name)
    return WindowChange(window.id, text("windows.fate_retyped"), plates[place], reason)


def _own_type(window: ExistingWindow, types: Sequence[WindowType]) -> str:
    """The type of the plan that today's window already is, by its own name; "" for a department's window."""
    kind = any_kind(window.kind)
    ids = {known.id for known in types}
    if kind and kind.id in ids:
        return kind.id
    if kind:
        return ""
    found = any_kind(window.department)
    return found.id if found and found.id in ids and found.zone == "window_special" else ""


def _home(window: ExistingWindow, demand: Demand, types: Sequence[WindowType]) -> str:
    """The type that its items go to: by its list of items, else by its own name, else by its department's items."""
    by_item = {item: kind.id for kind in reversed(types) if kind.zone != "pickup" for item in kind.items}
    codes = _codes(demand)
    listed = Counter(by_item[codes[name]] for name in window.items if codes.get(name) in by_item)
    if listed:
        return _most(listed)
    own = _own_type(window, types)
    if own:
        return own
    visits: dict[str, float] = defaultdict(float)
    for item in demand.admitted:
        if item.department and item.department == window.department and item.code in by_item:
            visits[by_item[item.code]] += max(item.visits_per_year, 1e-9)
    if visits:
        return _most(visits)
    kind = any_kind(window.kind, window.department)
    return "general" if kind and kind.zone == "window_special" else ""


def _codes(demand: Demand) -> dict[str, str]:
    return {key: item.code for item in demand.admitted for key in (item.name, item.code)}


def _most(counts: Mapping[str, float]) -> str:
    return min(counts, key=lambda key: (-counts[key], key))
