"""What follows from a window plan: staff, balance, rules for the day, what it saves."""

from __future__ import annotations

from dataclasses import replace

from hallplan.model.demand import Demand
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.windows.staff import plan_staff


def complete_plan(plan: WindowPlan, demand: Demand, settings: Settings, *, month: str) -> WindowPlan:
    """Returns the plan with shifts, duties and the roster of `month` (YYYY-MM).

    Raises SettingsError when the hall is open on no day of that month.
    """
    staffing = plan_staff(plan, demand, settings, month=month)
    return replace(plan, staffing=staffing, warnings=(*plan.warnings, *staffing.warnings))
