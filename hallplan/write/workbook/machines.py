"""Sheets of chapter 8: machines and facilities, the cover, today's machines by their logs, the 24-hour area."""

from __future__ import annotations

from collections.abc import Callable

from hallplan.model.catalogue import zone_types
from hallplan.model.services import EquipmentPlan, Need
from hallplan.terms import listed, text, word
from hallplan.write.workbook.book import A3, AMBER, GREEN, RED, Cell, Column, Formula, Sheet
from hallplan.write.workbook.words import t


def add_equipment(sheet: Sheet, plan: EquipmentPlan) -> None:
    """Writes 设备配置: needed against there and drawn, with live shortages and money, choices, 24-hour area, cover."""
    columns = [
        Column(t("c_machine"), 28, "wrap"), Column(t("c_zone"), 18), Column(t("c_need"), 9, "int"), Column(t("c_have"), 9, "int"), Column(t("c_short"), 9, "int"),
        Column(t("c_price"), 11, "int"), Column(t("c_money"), 12, "int"), Column(t("c_area_each"), 10, "one"), Column(t("c_area"), 10, "one"),
        Column(t("c_mean_wait"), 10, "two"), Column(t("c_within"), 10, "share"), Column(t("c_basis"), 52, "wrap"),
    ]  # fmt: skip
    is_drawn = any(need.status for need in (*plan.needs, *plan.facilities))
    more = [Column(t("c_drawn"), 7, "int"), Column(t("c_places"), 24, "wrap"), Column(t("c_status"), 10), Column(t("c_missing_why"), 36, "wrap")]  # fmt: skip
    shown = [*columns, *more] if is_drawn else columns
    sheet.open(n_columns=len(shown), paper=A3)
    groups = (("machines", plan.needs), ("facilities", plan.facilities))
    for name, needs in groups:
        sheet.heading(t(name))
        first = sheet.row + 2
        rows = [_need_row(need, first + n)[: len(shown)] for n, need in enumerate(needs)]
        tones = {"pass": GREEN, "fail": RED, "undecided": AMBER}
        looks = {(n, 14): tones[need.status] for n, need in enumerate(needs) if need.status}
        sheet.table(shown, rows, sums=(2, 3, 4, 6, 8), looks=looks)
    sheet.heading(t("choices"))
    rows = [
        [c.name, "", sum(n for _, n in c.counts), None, None, None, c.price, None, c.area_m2, None, c.gap, listed(f"{k} {n}" for k, n in c.counts)]
        for c in plan.choices
    ]  # fmt: skip
    columns[10] = Column(t("c_proven_gap"), 10, "share")
    sheet.table(columns, rows)
    sheet.heading(t("night"))
    sheet.lines([plan.night.basis], width=8)
    marks = {True: t("yes"), False: t("no"), None: t("undecided")}
    sheet.table([Column(t("c_what"), 28, "wrap"), Column(t("c_status"), 18)], [[text(f"services.rule_{id}"), marks[kept]] for id, kept in plan.night.rules])  # fmt: skip
    sheet.heading(t("covers"))
    kinds = {need.type: need.name for need in plan.needs}
    sheet.table([Column(t("c_item"), 28, "wrap"), Column(t("c_type"), 18, "wrap"), Column(t("c_load"), 9, "two")], [[c.name, kinds.get(c.type, c.type), c.load] for c in plan.covers])  # fmt: skip


def _need_row(need: Need, row: int) -> list[Cell]:
    zone = zone_types()[need.zone].name if need.zone in zone_types() else need.zone
    return [
        need.name, zone, need.need, need.have, Formula(f"MAX(0,C{row}-D{row})", need.lacking), need.price,
        Formula(f"E{row}*F{row}", need.lacking * need.price), need.area_m2, Formula(f"C{row}*H{row}", need.need * need.area_m2),
        need.wait_min or None, need.share_within if need.wait_min else None, need.basis, need.placed, need.places,
        word("status", need.status) if need.status else "", need.missing,
    ]  # fmt: skip


def add_use(sheet: Sheet, plan: EquipmentPlan) -> None:
    """Writes 设备使用与去留: what each machine's log says and what to do with it; flaws of the lists."""
    columns = [
        Column(t("c_id"), 12), Column(t("c_machine"), 20, "wrap"), Column(t("c_place"), 18, "wrap"), Column(t("c_sessions"), 9, "int"), Column(t("c_per_hour"), 10, "two"),
        Column(t("c_idle"), 9, "share"), Column(t("c_up"), 9, "share"), Column(t("c_faults"), 12, "one"), Column(t("c_service_days"), 12, "one"),
        Column(t("c_advice"), 20, "wrap"), Column(t("c_reason"), 60, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns), paper=A3)
    rows: list[list[Cell]] = [
        [
            u.id, u.kind, u.place, u.sessions, u.sessions_per_hour, u.idle_share, u.availability, u.faults_per_1000,
            u.next_service_days or None, text(f"services.advice_{u.advice}", to=u.to), u.why,
        ]
        for u in plan.use
    ]  # fmt: skip
    tones = {"keep": GREEN, "move": AMBER, "merge": AMBER, "list": AMBER, "withdraw": RED, "replace": RED}
    looks = {(n, 9): tones[u.advice] for n, u in enumerate(plan.use) if u.advice in tones}
    sheet.table(columns, rows, sums=(3,), has_filter=True, is_main=True, looks=looks)
    if plan.flaws:
        sheet.heading(t("admission_flaws"))
        sheet.lines([flaw.message for flaw in plan.flaws], width=len(columns))


EQUIPMENT_SHEETS: dict[str, Callable[[Sheet, EquipmentPlan], None]] = {"equipment": add_equipment, "use": add_use}
