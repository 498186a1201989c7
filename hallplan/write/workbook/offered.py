"""Sheets of chapter 7: admission, matches to confirm, missing items, measures, bundles and services, guides."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hallplan.model.catalogue import zone_types
from hallplan.model.services import ItemsPlan, Ratio
from hallplan.write.page.chapters import bundle_note
from hallplan.write.workbook.book import A3, AMBER, GREEN, RED, Cell, Column, Formula, Sheet, Table
from hallplan.write.workbook.words import t


def add_admission(sheet: Sheet, plan: ItemsPlan) -> None:
    """Writes 事项进驻: ratios overall, by department, level and type as live formulas, flaws, and the window effects."""
    sheet.open(n_columns=8)
    columns = [Column(t("c_group"), 34, "wrap"), Column(t("c_inside"), 12, "int"), Column(t("c_in_catalogue"), 12, "int"), Column(t("c_ratio"), 12, "share")]  # fmt: skip
    overall = [("admission_all", (plan.overall,)), ("admission_department", plan.by_department)]
    for name, ratios in [*overall, ("admission_level", plan.by_level), ("admission_type", plan.by_type)]:
        sheet.heading(t(name))
        first = sheet.row + 2
        rows = [_ratio_row(ratio, first + n, name) for n, ratio in enumerate(ratios)]
        sheet.table(columns, rows)
    if plan.effects:
        _effects(sheet, plan)
    _listed(sheet, "admission_flaws", [flaw.message for flaw in plan.flaws])
    _listed(sheet, "admission_beyond", plan.beyond)
    if plan.notice:
        sheet.lines([plan.notice], width=4)


def _ratio_row(ratio: Ratio, row: int, name: str) -> list[Cell]:
    group = t(f"level_{ratio.group}") if name == "admission_level" and ratio.group in _LEVELS else ratio.group
    share = Formula(f"IF(C{row}=0,0,B{row}/C{row})", ratio.share)
    return [group or t("admission_all"), ratio.admitted, ratio.total, share]


_LEVELS = ("national", "province", "city", "county", "township", "village")


def _effects(sheet: Sheet, plan: ItemsPlan) -> None:
    sheet.heading(t("effects"))
    first = sheet.row + 2
    columns = [
        Column(t("c_what"), 34, "wrap"), Column(t("c_windows_before"), 12, "int"), Column(t("c_windows_after"), 12, "int"),
        Column(t("c_difference"), 12, "int"), Column(t("c_seats_before"), 12, "int"), Column(t("c_seats_after"), 12, "int"),
        Column(t("c_difference"), 12, "int"), Column(t("c_area_change"), 12, "one"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            effect.name, effect.windows_before, effect.windows_after,
            Formula(f"C{first + n}-B{first + n}", effect.windows_after - effect.windows_before),
            effect.seats_before, effect.seats_after,
            Formula(f"F{first + n}-E{first + n}", effect.seats_after - effect.seats_before), effect.area_m2,
        ]
        for n, effect in enumerate(plan.effects)
    ]  # fmt: skip
    sheet.table(columns, rows)


def _listed(sheet: Sheet, heading: str, lines: Sequence[str]) -> None:
    if lines:
        sheet.heading(t(heading))
        sheet.table([Column(t("c_what"), 34, "wrap")], [[line] for line in lines])


def add_questions(sheet: Sheet, plan: ItemsPlan) -> None:
    """Writes 事项对照待确认: each unsure match with its candidates and a column to say yes or no, and all matches made."""
    columns = [
        Column(t("c_list_item"), 40, "wrap"), Column(t("c_catalogue_item"), 40, "wrap"), Column(t("c_same"), 12, "flag"),
        Column(t("c_confidence"), 10, "share"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    asked: list[list[Cell]] = [
        [entry.name, candidate, "", confidence]
        for entry in plan.unsure
        for candidate, confidence in zip(entry.candidates, entry.confidences, strict=True)
    ]
    sheet.table(columns, asked)
    sheet.heading(t("matches_made"))
    made: list[list[Cell]] = [[m.name, m.catalogue_item, t(f"how_{m.how}"), m.confidence] for m in plan.matched]
    columns[2] = Column(t("c_how"), 12, "flag")
    sheet.table(columns, made, has_filter=True)


def add_missing(sheet: Sheet, plan: ItemsPlan) -> None:
    """Writes 未进驻事项: what is not in the hall, why, and what bringing it in costs; best use of floor first."""
    columns = [
        Column(t("c_rank"), 7, "int"), Column(t("c_item"), 40, "wrap"), Column(t("c_code"), 20), Column(t("c_department"), 18, "wrap"), Column(t("c_reason"), 22, "wrap"),
        Column(t("c_visitors"), 11, "two"), Column(t("c_minutes"), 9, "one"), Column(t("c_windows_fraction"), 11, "two"),
        Column(t("c_seats_fraction"), 11, "two"), Column(t("c_area"), 11, "two"), Column(t("c_visitors_per_m2"), 13, "two"),
        Column(t("c_assumed"), 10, "flag"), Column(t("c_may_be"), 24, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns), paper=A3)
    rows: list[list[Cell]] = []
    for n, item in enumerate(plan.missing):
        row = sheet.row + 2 + n
        rate = Formula(f"IF(J{row}=0,0,F{row}/J{row})", item.visitors_per_m2)
        reason = item.reason or t("no_reason")
        rows.append([
            n + 1, item.name, item.key, item.department, reason, item.visitors_per_day, item.minutes, item.windows, item.seats,
            item.area_m2, rate, t("estimated") if item.is_assumed else "", item.may_be,
        ])  # fmt: skip
    sheet.table(columns, rows, sums=(5, 7, 8, 9), has_filter=True, is_main=True)


def add_measures(sheet: Sheet, plan: ItemsPlan) -> None:
    """Writes 服务措施与一件事: measures with place and staff, bundles with windows and savings, public and value-added services."""
    sheet.open(n_columns=8, paper=A3)
    sheet.heading(t("measures"))
    columns = [Column(t("c_measure"), 26, "wrap"), Column(t("c_provided"), 10, "flag"), Column(t("c_zone"), 18), Column(t("c_staff"), 8, "int"), Column(t("c_basis"), 60, "wrap"), Column(t("c_lacking"), 30, "wrap")]  # fmt: skip
    rows: list[list[Cell]] = [
        [m.name, _yes(bool(m.is_provided)), _zone(m.zone), m.staff or None, m.basis, t("comma").join(m.lacking)]
        for m in plan.measures
    ]
    _table_with_flags(sheet, columns, rows)
    sheet.heading(t("bundles"))
    sheet.lines([bundle_note(plan.bundle_lists)], width=8)
    columns = [
        Column(t("c_bundle"), 26, "wrap"), Column(t("c_covered"), 10, "flag"), Column(t("c_year"), 18), Column(t("c_missing_parts"), 18, "wrap"), Column(t("c_items"), 60, "wrap"),
        Column(t("c_window"), 30, "wrap"), Column(t("c_visits_saved"), 12, "int"), Column(t("c_documents_saved"), 12, "int"), Column(t("c_source"), 30, "wrap"),
    ]  # fmt: skip
    rows = [
        [
            b.name, _yes(b.is_covered), b.year, t("comma").join(b.missing), t("comma").join(b.items), t("comma").join(b.windows),
            b.visits_saved, b.documents_saved, b.source,
        ]
        for b in plan.bundles
    ]  # fmt: skip
    _table_with_flags(sheet, columns, rows, sums=(6, 7))
    for name, offers in (("public_services", plan.public_services), ("value_added", plan.value_added)):
        sheet.heading(t(name))
        columns = [Column(t("c_service"), 26), Column(t("c_provided"), 10, "flag"), Column(t("c_zone"), 18), Column(t("c_windows_fraction"), 12, "two"), Column(t("c_items"), 60, "wrap")]  # fmt: skip
        rows = [[o.name, _yes(o.is_provided), _zone(o.zone), o.windows, t("comma").join(o.items[:8])] for o in offers]
        _table_with_flags(sheet, columns, rows)


def add_guides(sheet: Sheet, plan: ItemsPlan) -> None:
    """Writes 办事指南缺项: the fields of GB/T 36114 that each item's guide lacks, counted live."""
    columns = [Column(t("c_code"), 22), Column(t("c_item"), 42, "wrap"), Column(t("c_count"), 9, "int"), Column(t("c_lacking"), 90, "wrap")]  # fmt: skip
    sheet.open(n_columns=len(columns), paper=A3)
    mark = t("comma")
    rows: list[list[Cell]] = []
    for n, gap in enumerate(plan.guide_missing):
        cell = f"D{sheet.row + 2 + n}"
        count = Formula(f'LEN({cell})-LEN(SUBSTITUTE({cell},"{mark}",""))+1', len(gap.fields))
        rows.append([gap.item, gap.name, count, mark.join(gap.fields)])
    sheet.table(columns, rows, sums=(2,), has_filter=True, is_main=True)


def _table_with_flags(
    sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], sums: Sequence[int] = ()
) -> Table:
    looks = {(n, 1): GREEN if row[1] == t("yes") else RED if row[1] == t("no") else AMBER for n, row in enumerate(rows)}
    return sheet.table(columns, rows, sums=sums, looks=looks)


def _yes(is_so: bool) -> str:
    return t("yes") if is_so else t("no")


def _zone(zone: str) -> str:
    return zone_types()[zone].name if zone in zone_types() else zone


ITEM_SHEETS: dict[str, Callable[[Sheet, ItemsPlan], None]] = {
    "admission": add_admission, "questions": add_questions, "missing": add_missing, "measures": add_measures, "guides": add_guides,
}  # fmt: skip
