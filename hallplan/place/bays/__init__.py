"""Layouts as bays: straight aisles first, then zones in rows along them, by annealing in compiled code."""

from hallplan.place.bays.search import Draft, run_start, state_of

__all__ = ["Draft", "run_start", "state_of"]
