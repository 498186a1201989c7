"""Demand from queue logs: what they say, a simulation of the same days, a plan of some days tried on others."""

from hallplan.windows.logs.fit import fit_log
from hallplan.windows.logs.replay import replay_log
from hallplan.windows.logs.trial import try_plan

__all__ = ["fit_log", "replay_log", "try_plan"]
