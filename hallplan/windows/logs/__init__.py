"""Demand from queue logs: what they say, a simulation of the same days, a plan of some days tried on others."""

from hallplan.windows.logs.demand import demand_with_log
from hallplan.windows.logs.faults import list_faults
from hallplan.windows.logs.fit import fit_log
from hallplan.windows.logs.forecast import forecast_log
from hallplan.windows.logs.replay import replay_log
from hallplan.windows.logs.trial import try_plan

__all__ = ["demand_with_log", "fit_log", "forecast_log", "list_faults", "replay_log", "try_plan"]
