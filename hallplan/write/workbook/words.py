"""Words that several sheets use."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.windows import WindowPlan
from hallplan.terms import text
from hallplan.units import MINUTES_PER_HOUR, clock


def t(name: str, /, **values: object) -> str:
    """Returns a text of this workbook."""
    return text(f"workbook.{name}", **values)


def slot_hours(plan: WindowPlan) -> float:
    """Returns the length of a slot in hours."""
    steps = [b - a for a, b in zip(plan.half_hours, plan.half_hours[1:], strict=False)]
    return min(steps, default=30) / MINUTES_PER_HOUR


def hours_text(hours: Sequence[tuple[int, int]]) -> str:
    """Returns opening hours as 09:00–12:00、13:00–17:00."""
    return t("comma").join(f"{clock(start)}–{clock(end)}" for start, end in hours)
