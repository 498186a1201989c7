"""Reads demand workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallplan.late import names_of

if TYPE_CHECKING:
    from hallplan.read.workbook.demand import parameter_values, read_demand
    from hallplan.read.workbook.services import read_catalogue, read_service_inputs
else:
    __getattr__ = names_of(
        __name__,
        {
            "demand": "parameter_values read_demand",
            "services": "read_catalogue read_service_inputs",
        },
    )

__all__ = ["parameter_values", "read_catalogue", "read_demand", "read_service_inputs"]
