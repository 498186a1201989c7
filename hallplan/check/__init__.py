"""Rules as data against a plan."""

from hallplan.check.engine import check_and_mend, check_plan
from hallplan.check.night import night_rules
from hallplan.check.packs import rule_texts
from hallplan.check.report import check_report
from hallplan.check.standing import missing_in

__all__ = ["check_and_mend", "check_plan", "check_report", "missing_in", "night_rules", "rule_texts"]
