"""Warnings on a type's peak and target, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.windows import WindowType
from hallplan.terms import read_data, text
from hallplan.units import clock
from hallplan.windows.sizing import Target
from hallplan.windows.slots import Slots


def peak_warnings(types: Sequence[WindowType], slots: Slots, target: Target) -> list[str]:
    """Returns what a manager should know: a short peak that most windows exist for, a target that is missed."""
    return [line for kind in types for line in _of_type(kind, slots, target)]


def _of_type(kind: WindowType, slots: Slots, target: Target) -> list[str]:
    warnings = []
    rules = read_data("windows.toml")["peak"]
    most = max(kind.open)
    busy = [k for k, count in enumerate(kind.open) if count > rules["others_share"] * most]
    others = max((count for k, count in enumerate(kind.open) if k not in busy), default=most)
    if others < most >= rules["least_windows"] and len(busy) <= rules["most_slots_share"] * len(kind.open):
        shown = "、".join(clock(slots.starts[k]) for k in busy)
        warnings.append(
            text("windows.short_peak", name=kind.name, most=most, slots=shown, others=others, saved=most - others)
        )
    seen = kind.simulated.share_within_target.value
    if seen < target.share - read_data("windows.toml")["simulation"]["share_tol"]:
        values = {"share": seen, "wait": target.wait_min, "target": target.share}
        warnings.append(text("windows.target_missed", name=kind.name, **values))
    return warnings
