"""动态调整: a table that staff can follow, and how its rules did beside the fixed plan."""

from __future__ import annotations

from hallplan.model.plan import Plan
from hallplan.model.running import Adjusting, Trigger
from hallplan.units import clock
from hallplan.write.workbook.book import A3, Cell, Column, Formula, Sheet
from hallplan.write.workbook.words import t


def add_adjusting(sheet: Sheet, plan: Plan) -> None:
    """Writes 动态调整: for each type and half-hour when to open and close, then the trial."""
    rules = plan.windows.adjusting
    if rules is None:
        raise ValueError("the plan has no rules for the day")
    names = {kind.id: kind.name for kind in plan.windows.types}
    columns = [
        Column(t("c_type"), 24), Column(t("c_slot"), 10, "flag"), Column(t("c_open_plan"), 9, "int"), Column(t("c_step"), 8, "int"),
        Column(t("c_open_at"), 12, "int"), Column(t("c_open_again_at"), 12, "int"), Column(t("c_close_at"), 12, "int"),
        Column(t("c_helpers"), 30, "wrap"), Column(t("c_if_full"), 40, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns) + 3, paper=A3)
    look, delay = f"{rules.look_every_min:g}", f"{rules.delay_min:g}"
    sheet.lines([t("adjusting_rule", look=look, delay=delay)], width=len(columns))
    sheet.table(columns, [_row(row, names) for row in rules.triggers], has_filter=True, is_main=True)
    sheet.heading(t("adjusting_tried"))
    _tried(sheet, rules, names)
    sheet.lines([t("adjusting_how", look=look, delay=delay)], width=len(columns))


def _row(row: Trigger, names: dict[str, str]) -> list[Cell]:
    levels = {count: (close, more) for count, close, more in row.levels}
    close, more = levels.get(row.windows, (0, 0))
    again = levels.get(row.windows + row.step, (0, 0))[1]
    helpers = t("comma").join(names[id] for id in row.helpers)
    full = "" if more else t("adjusting_full_borrow") if helpers else t("adjusting_full")
    return [
        names[row.type], clock(row.start), row.windows, row.step, more or None, again or None, close or None, helpers, full,
    ]  # fmt: skip


def _tried(sheet: Sheet, rules: Adjusting, names: dict[str, str]) -> None:
    columns = [
        Column(t("c_type"), 24), Column(t("c_days_kind"), 10, "wrap"), Column(t("c_share_fixed"), 9, "share"),
        Column(t("c_share_rules"), 9, "share"), Column(t("c_gain"), 12, "share"), Column(t("c_wait_fixed"), 12, "one"),
        Column(t("c_wait_rules"), 12, "one"), Column(t("c_share_ci"), 30), Column(t("c_wait_ci"), 30),
        Column(t("c_hours_fixed"), 10, "one"), Column(t("c_hours_rules"), 10, "one"), Column(t("c_worst"), 18),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for n, row in enumerate(rules.tried, sheet.row + 2):
        fixed, better = round(row.fixed_share.value, 4), round(row.rules_share.value, 4)
        low, high = row.rules_share.ci95
        wait_low, wait_high = row.rules_wait_min.ci95
        rows.append(
            [
                names[row.type], t(row.days), fixed, better, Formula(f"D{n}-C{n}", better - fixed),
                round(row.fixed_wait_min.value, 2), round(row.rules_wait_min.value, 2), f"{low:.1%}–{high:.1%}",
                f"{wait_low:.1f}–{wait_high:.1f}", round(row.fixed_hours, 2), round(row.rules_hours, 2),
                f"{row.worst_fixed:.0%} → {row.worst_rules:.0%}",
            ]
        )  # fmt: skip
    sheet.table(columns, rows)
