"""Shifts, duties, rosters by person and stand-by."""

from __future__ import annotations

from hallplan.windows.staff.plan import plan_staff

__all__ = ["plan_staff"]
