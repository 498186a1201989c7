"""What to do when a day differs from the plan."""

from __future__ import annotations

from hallplan.windows.adjust.plan import plan_adjusting

__all__ = ["plan_adjusting"]
