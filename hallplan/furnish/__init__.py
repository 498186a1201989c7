"""Furnishing: counters, seats, equipment, partitions and doors in the zones of a layout."""

from hallplan.furnish.run import furnish

__all__ = ["furnish"]
