"""Window types, their numbers by half-hour, every counter position, and who staffs them."""

from __future__ import annotations

from hallplan.windows.complete import complete_plan
from hallplan.windows.plan import plan_windows
from hallplan.windows.report import windows_report

__all__ = ["complete_plan", "plan_windows", "windows_report"]
