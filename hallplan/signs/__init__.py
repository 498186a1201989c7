"""Legibility, catchments, coverage and placement of signs."""

from hallplan.signs.assess import rate_signs
from hallplan.signs.existing import existing_signs
from hallplan.signs.planning import plan_signs
from hallplan.signs.report import signs_report

__all__ = ["existing_signs", "plan_signs", "rate_signs", "signs_report"]
