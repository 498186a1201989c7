"""Window types, their numbers by half-hour, and every counter position."""

from __future__ import annotations

from hallplan.windows.plan import plan_windows
from hallplan.windows.report import windows_report

__all__ = ["plan_windows", "windows_report"]
