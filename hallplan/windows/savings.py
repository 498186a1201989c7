"""What the plan saves against today: windows, people, m², machines, waiting."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.demand import Demand
from hallplan.model.running import Saving
from hallplan.model.staff import StaffPlan
from hallplan.model.windows import WindowPlan
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.balance import HOURS_PER_SLOT, Pool


def compare_today(plan: WindowPlan, demand: Demand, staff: StaffPlan, pools: Sequence[Pool]) -> tuple[Saving, ...]:
    """Returns one row each for windows, window-hours, people, area, machines and waiting; none without windows today.

    People today are those of 人员 who stand at windows, else one for each window that opens. Areas that 现有窗口 lacks and those of
    the plan are windows at the mean of those it tells. Waits today follow from the same visitors at today's windows by the exact model; they are
    worked out, not measured.
    """
    if not demand.existing:
        return ()
    data = read_data("windows.toml")["equipment"]
    now, then = len(demand.existing), plan.windows_total
    told = [window.area_m2 for window in demand.existing if window.area_m2]
    usual = sum(told) / len(told) if told else float(data["m2_per_window"])
    area = sum(window.area_m2 or usual for window in demand.existing)
    hours = sum(end - start for window in demand.existing for start, end in window.hours) / MINUTES_PER_HOUR
    rows = [
        ("windows", "unit_windows", now, then, "basis_counted"),
        ("hours", "unit_hours", hours, plan.window_hours, "basis_hours"),
        ("people", "unit_people", _people_today(demand), len(staff.duties), "basis_people"),
        ("area", "unit_m2", area, usual * then, "basis_area"),
        ("machines", "unit_machines", data["per_window"] * now, data["per_window"] * then, "basis_machines"),
        ("waiting", "unit_wait_hours", *_waiting(plan, pools), "basis_waiting"),
    ]
    return tuple(
        Saving(f"saving_{what}", text(f"windows.{unit}"), float(before), float(after), text(f"windows.{basis}"))
        for what, unit, before, after, basis in rows
    )


def _people_today(demand: Demand) -> int:
    at_windows = [member for member in demand.staff if member.types]
    return len(at_windows) or sum(bool(window.hours) for window in demand.existing)


def _waiting(plan: WindowPlan, pools: Sequence[Pool]) -> tuple[float, float]:
    """Hours that all visitors of a day wait, today and by the plan."""
    today = sum(pool.visitors * pool.served.mean_wait_min for pool in pools) / MINUTES_PER_HOUR
    planned = sum(sum(kind.arrivals) * HOURS_PER_SLOT * kind.mean_wait_min for kind in plan.types) / MINUTES_PER_HOUR
    return today, planned
