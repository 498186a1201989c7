"""The thin wall to PuLP and HiGHS: build, solve within a budget of work, read prices, name what cannot hold together.

Both classes run HiGHS on one thread with a seed and stop on iterations or nodes, never on a clock, so the same
programme gives the same answer. Ids are the caller's own; PuLP sees ascii names and the labels stay here for messages.
"""

from hallplan.lp.limits import INFINITY, Limits, Status
from hallplan.lp.linear import Conflict, LinearProgramme, Solution
from hallplan.lp.warm import WarmLP

__all__ = ["INFINITY", "Conflict", "Limits", "LinearProgramme", "Solution", "Status", "WarmLP"]
