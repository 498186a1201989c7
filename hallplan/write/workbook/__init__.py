"""plan.xlsx: the plan as a workbook that recalculates, with every formula's value stored."""

from hallplan.write.workbook.write import write_plan_workbook

__all__ = ["write_plan_workbook"]
