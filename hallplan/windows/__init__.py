"""Window types, their numbers by half-hour, every counter position, and who staffs them."""

from __future__ import annotations

from hallplan.windows.adjust.seen import see_today
from hallplan.windows.adjust.today import advise_today
from hallplan.windows.complete import complete_plan
from hallplan.windows.plan import plan_windows
from hallplan.windows.report import windows_report
from hallplan.windows.running_report import today_report
from hallplan.windows.scenarios import compare_scenarios
from hallplan.windows.withdraw import withdraw_windows

__all__ = [
    "advise_today",
    "compare_scenarios",
    "complete_plan",
    "plan_windows",
    "see_today",
    "today_report",
    "windows_report",
    "withdraw_windows",
]
