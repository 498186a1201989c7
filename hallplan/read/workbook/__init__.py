"""Reads demand workbooks."""

from hallplan.read.workbook.demand import parameter_values, read_demand
from hallplan.read.workbook.services import read_catalogue, read_service_inputs

__all__ = ["parameter_values", "read_catalogue", "read_demand", "read_service_inputs"]
