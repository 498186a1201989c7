"""Why these types: the cheapest grouping, moves, windows of policy, promises beside simulation; and scenarios."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.grouping import Move, TypeChoice
from hallplan.model.windows import WindowPlan
from hallplan.terms import text
from hallplan.write.workbook.book import GREEN, RED, Cell, Column, Formula, Sheet, column_name
from hallplan.write.workbook.words import t

WINDOWS = 2
"""Column of the windows that a scenario needs."""


def add_types(sheet: Sheet, windows: WindowPlan) -> None:
    """Writes 归窗论证."""
    sheet.open(n_columns=7)
    if windows.choice and windows.choice.groups:
        _groups(sheet, windows.choice)
    sheet.heading(t("types_policy"))
    columns = [
        Column(t("c_type"), 34), Column(t("c_types_where"), 14), Column(t("c_own"), 12), Column(t("c_saved_hours"), 13, "one"),
        Column(t("c_rule_text"), 13),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [row.name, row.where, t("own_yes" if row.is_own else "own_no"), row.hours_saved, row.rule]
        for row in windows.policy
    ]
    sheet.table(columns, rows)
    if windows.proof:
        _proof(sheet, windows)
    sheet.work.freeze_panes(3, 1)
    sheet.work.repeat_rows(0, 1)


def _groups(sheet: Sheet, choice: TypeChoice) -> None:
    sheet.heading(t("types_groups"))
    columns = [
        Column(t("c_themes"), 34, "wrap"), Column(t("c_n_items"), 14, "int"), Column(t("c_peak_windows"), 12, "int"),
        Column(t("c_hours_windows"), 13, "one"), Column(t("c_hours_breadth"), 13, "two"), Column(t("c_hours_spared"), 12, "two"),
        Column(t("c_hours_all"), 12, "two"),
    ]  # fmt: skip
    first = sheet.row + 2
    rows: list[list[Cell]] = [
        [
            "、".join(group.themes), len(group.items), group.peak_windows, group.window_hours, group.breadth_hours,
            group.spared_hours, Formula(f"D{first + n}+E{first + n}-F{first + n}", group.cost),
        ]
        for n, group in enumerate(choice.groups)
    ]  # fmt: skip
    sheet.table(columns, rows, sums=(1, 3, 4, 5, 6))
    values = {"cost": choice.cost, "bound": choice.bound, "together": choice.together, "apart": choice.apart}
    notes = [text("workbook.types_compare", **values)] + ([] if choice.used else [t("types_not_used")])
    sheet.lines(notes, width=7)
    _moves(sheet, "types_moves", "c_themes", choice.moves)
    _moves(sheet, "types_item_moves", "c_item", choice.item_moves)


def _moves(sheet: Sheet, heading: str, what: str, moves: Sequence[Move]) -> None:
    if not moves:
        return
    sheet.heading(t(heading))
    columns = [
        Column(t(what), 34, "wrap"), Column(t("c_types_from"), 32, "wrap"), Column(t("c_types_to"), 32, "wrap"),
        Column(t("c_hours_windows"), 13, "one"), Column(t("c_hours_breadth"), 13, "two"), Column(t("c_hours_spared"), 12, "two"),
        Column(t("c_hours_all"), 12, "two"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [m.what, m.source, m.target, m.window_hours, m.breadth_hours, m.spared_hours, m.cost] for m in moves
    ]
    sheet.table(columns, rows)


def _proof(sheet: Sheet, windows: WindowPlan) -> None:
    sheet.heading(t("types_proof"))
    columns = [
        Column(t("c_type"), 34), Column(t("c_figure"), 14, "wrap"), Column(t("c_promised"), 12, "two"),
        Column(t("c_sim_value"), 13, "two"), Column(t("c_sim_low"), 13, "two"), Column(t("c_sim_high"), 12, "two"),
        Column(t("c_kept"), 12, "flag"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            row.name, text(f"windows.figure_{row.figure}"), row.promised, row.simulated.value, *row.simulated.ci95,
            t("kept_yes" if row.is_kept else "kept_no"),
        ]
        for row in windows.proof
    ]  # fmt: skip
    looks = {(n, 6): GREEN if row.is_kept else RED for n, row in enumerate(windows.proof)}
    sheet.table(columns, rows, looks=looks)


def add_scenarios(sheet: Sheet, windows: WindowPlan) -> None:
    """Writes 情景对比; the change of windows against the plan is a live formula."""
    columns = [
        Column(t("c_scenario"), 36, "wrap"), Column(t("c_scenario_visitors"), 12, "int"), Column(t("c_scenario_windows"), 11, "int"),
        Column(t("c_scenario_more"), 11, "int"), Column(t("c_scenario_hours"), 12, "one"), Column(t("c_scenario_wait"), 12, "one"),
        Column(t("c_scenario_share"), 11, "share"), Column(t("c_scenario_plan"), 14, "share"), Column(t("c_scenario_worst"), 22, "wrap"),
        Column(t("c_scenario_worst_share"), 12, "share"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    first, base = sheet.row + 2, windows.scenarios[0].windows_total
    letter = column_name(WINDOWS)
    rows: list[list[Cell]] = [
        [
            row.what, row.visitors_per_day, row.windows_total,
            Formula(f"{letter}{first + n}-{letter}${first}", row.windows_total - base), row.window_hours, row.mean_wait_min,
            row.share_within, row.plan_share, row.worst, row.worst_share,
        ]
        for n, row in enumerate(windows.scenarios)
    ]  # fmt: skip
    short = windows.target_share
    looks = {(n, 7): GREEN if row.plan_share >= short else RED for n, row in enumerate(windows.scenarios)}
    sheet.table(columns, rows, is_main=True, looks=looks)
