"""What follows from a window plan: staff, balance, rules for the day, what it saves."""

from __future__ import annotations

from dataclasses import replace

from hallplan.model.demand import Demand
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.windows.adjust import plan_adjusting
from hallplan.windows.balance import balance_windows, find_pools
from hallplan.windows.grouping import choose_types, policy_windows
from hallplan.windows.proof import missed, prove_plan
from hallplan.windows.savings import compare_today
from hallplan.windows.slots import half_hours
from hallplan.windows.space import require_room
from hallplan.windows.splitting import advise_splits
from hallplan.windows.staff import plan_staff
from hallplan.windows.streams import free_items


def complete_plan(plan: WindowPlan, demand: Demand, settings: Settings, *, month: str) -> WindowPlan:
    """Returns the plan with shifts, duties and the roster of `month` (YYYY-MM), 忙闲, rules for the day, and savings.

    Raises SettingsError when the hall is open on no day of that month, InfeasibleError when it has more windows than fit.
    """
    require_room(plan, settings)
    proof = prove_plan(plan, seed=1 + settings.place.seed)
    staffing = plan_staff(plan, demand, settings, month=month)
    pools = find_pools(demand, plan, settings) if demand.existing else ()
    balance = balance_windows(plan, pools, settings)
    splits = advise_splits(plan, demand, settings)
    return replace(
        plan,
        staffing=staffing,
        balance=replace(balance, advice=(*balance.advice, *splits)),
        adjusting=plan_adjusting(plan),
        choice=choose_types(demand, free_items(demand, settings), half_hours(demand.arrivals, settings), settings),
        policy=policy_windows(plan.types, plan.windows),
        proof=proof,
        savings=compare_today(plan, demand, staffing, pools),
        warnings=(*plan.warnings, *missed(proof), *staffing.warnings),
    )
