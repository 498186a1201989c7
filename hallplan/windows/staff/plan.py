"""Staff for a window plan: shifts, duties of a day, a month's roster, stand-by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from hallplan.errors import SettingsError
from hallplan.model.demand import Demand
from hallplan.model.staff import Duty, Roster, StaffGroup, StaffPlan
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.windows.staff.day import plan_day
from hallplan.windows.staff.month import month_calendar, roster_month
from hallplan.windows.staff.people import find_candidates
from hallplan.windows.staff.shifts import offer_shifts
from hallplan.windows.staff.standby import plan_stand_by


def plan_staff(plan: WindowPlan, demand: Demand, settings: Settings, *, month: str) -> StaffPlan:
    """Returns shifts at the fewest staff-hours that keep the opening schedule, a roster for `month` (YYYY-MM) and stand-by.

    People are those of 人员, or generated posts where the workbook has no such sheet.
    Raises SettingsError when the hall is open on no day of the month or a date of the settings is none.
    """
    _check(month, settings)
    offer = offer_shifts(plan.half_hours, settings)
    day = plan_day(plan, offer)
    found = find_candidates(demand, plan.types, day.groups, day.duties, settings)
    roster = roster_month(month, day.duties, found.people, settings)
    warnings = (*found.warnings, *_short(roster, day.groups, day.duties))
    return StaffPlan(day.shifts, day.groups, day.duties, roster, plan_stand_by(plan, day.groups, roster), warnings)


def _check(month: str, settings: Settings) -> None:
    try:
        is_open = any(month_calendar(month, settings).is_open)
    except ValueError as error:
        raise SettingsError.at("staff.month", month, "YYYY-MM") from error
    if not is_open:
        expected = text("windows.open_days_expected")
        raise SettingsError.at("staff.weekdays", str(settings.staff.weekdays), expected)


def _short(roster: Roster, groups: Sequence[StaffGroup], duties: Sequence[Duty]) -> list[str]:
    """One line for each group that lacks people, with how many more would do."""
    home = {duty.id: duty.group for duty in duties}
    by_day: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for short in roster.shortfalls:
        by_day[home[short.duty]][short.date] += 1
    return [
        text(
            "windows.roster_short",
            month=roster.month, count=sum(by_day[group.id].values()), days=len(by_day[group.id]),
            people=max(by_day[group.id].values()), names=group.name,
        )
        for group in groups
        if group.id in by_day
    ]  # fmt: skip
