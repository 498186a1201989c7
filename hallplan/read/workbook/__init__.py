"""Reads demand workbooks."""

from hallplan.read.workbook.demand import parameter_values, read_demand

__all__ = ["parameter_values", "read_demand"]
