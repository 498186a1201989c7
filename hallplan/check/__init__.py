"""Rules as data against a plan."""

from hallplan.check.engine import check_plan
from hallplan.check.report import check_report

__all__ = ["check_plan", "check_report"]
