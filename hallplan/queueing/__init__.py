"""Exact formulas, transients, staffing levels and the compiled event loop; knows no halls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallplan.late import names_of

if TYPE_CHECKING:
    from hallplan.queueing.delays import DelayPlan, delay_levels
    from hallplan.queueing.goals import Goals, first_missed, meet_goals
    from hallplan.queueing.hall import (
        Access,
        Estimate,
        Group,
        HallDays,
        HallModel,
        Line,
        LineDays,
        Service,
        Step,
        VisitorClass,
    )
    from hallplan.queueing.labels import Staffing
    from hallplan.queueing.simulation import PoolDays, simulate_pool
    from hallplan.queueing.staffing import find_staffing, staffing_levels
    from hallplan.queueing.steady import (
        ImpatientQueue,
        Queue,
        Wait,
        allen_cunneen,
        erlang_a,
        erlang_b,
        halfin_whitt,
        mdc,
        mg1,
        mgc,
        mmc,
    )
    from hallplan.queueing.transients import Transient, WaitTail, transient, wait_quantile, wait_tail
    from hallplan.queueing.visits import Records, record_hall, simulate_hall
else:
    __getattr__ = names_of(
        __name__,
        {
            "delays": "DelayPlan delay_levels",
            "goals": "Goals first_missed meet_goals",
            "hall": "Access Estimate Group HallDays HallModel Line LineDays Service Step VisitorClass",
            "labels": "Staffing",
            "simulation": "PoolDays simulate_pool",
            "staffing": "find_staffing staffing_levels",
            "steady": "ImpatientQueue Queue Wait allen_cunneen erlang_a erlang_b halfin_whitt mdc mg1 mgc mmc",
            "transients": "Transient WaitTail transient wait_quantile wait_tail",
            "visits": "Records record_hall simulate_hall",
        },
    )

__all__ = [
    "Access",
    "DelayPlan",
    "Estimate",
    "Goals",
    "Group",
    "HallDays",
    "HallModel",
    "ImpatientQueue",
    "Line",
    "LineDays",
    "PoolDays",
    "Queue",
    "Records",
    "Service",
    "Staffing",
    "Step",
    "Transient",
    "VisitorClass",
    "Wait",
    "WaitTail",
    "allen_cunneen",
    "delay_levels",
    "erlang_a",
    "erlang_b",
    "find_staffing",
    "first_missed",
    "halfin_whitt",
    "mdc",
    "meet_goals",
    "mg1",
    "mgc",
    "mmc",
    "record_hall",
    "simulate_hall",
    "simulate_pool",
    "staffing_levels",
    "transient",
    "wait_quantile",
    "wait_tail",
]
