"""Sheets of the demand: which windows take an item, and what the figures rest on."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.demand import Item
from hallplan.model.plan import Plan
from hallplan.model.windows import plate_runs
from hallplan.terms import read_data
from hallplan.write.workbook.book import A3, Cell, Column, Formula, Sheet, Table
from hallplan.write.workbook.words import t


def add_items(sheet: Sheet, plan: Plan) -> Table:
    """Writes 事项归窗表: each item with its visits, its window type and the numbers of the windows."""
    columns = [
        Column(t("c_code"), 22), Column(t("c_item"), 38, "wrap"), Column(t("c_department"), 20, "wrap"), Column(t("c_theme"), 12), Column(t("c_item_type"), 11),
        Column(t("c_cases"), 10, "int"), Column(t("c_online"), 8, "share"), Column(t("c_kiosk"), 8, "share"), Column(t("c_visits"), 8, "two"),
        Column(t("c_consults"), 9, "int"), Column(t("c_visits_year"), 11, "int"), Column(t("c_visitors"), 10, "one"),
        Column(t("c_minutes"), 8, "one"), Column(t("c_type"), 20), Column(t("c_window"), 22, "wrap"), Column(t("c_assumed"), 24, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns), paper=A3)
    kinds = {code: kind for kind in reversed(plan.windows.types) for code in kind.items}
    plates: dict[str, list[str]] = {}
    for window in plan.windows.windows:
        plates.setdefault(window.type, []).append(window.id)
    runs = {kind: t("comma").join(plate_runs(ids)) for kind, ids in plates.items()}
    rows: list[list[Cell]] = []
    for item in plan.demand.items:
        kind = kinds.get(item.code)
        n = sheet.row + 2 + len(rows)
        where = [kind.name, runs.get(kind.id, "")] if kind else [_elsewhere(item), ""]
        rows.append(_item_row(item, n, plan.demand.working_days, where))
    return sheet.table(columns, rows, sums=(5, 9, 10, 11), has_filter=True, is_main=True)


def work_by_type(plan: Plan) -> dict[str, float]:
    """Returns for each type's name what its items on 事项归窗表 add up to: visitors a day times one plus minutes.

    A change of any volume or time there changes this sum, which 窗口设置方案 watches.
    """
    kinds = {code: kind.name for kind in reversed(plan.windows.types) for code in kind.items}
    sums = dict.fromkeys((kind.name for kind in plan.windows.types), 0.0)
    for item in plan.demand.items:
        if item.code in kinds:
            per_day = _year(item) / plan.demand.working_days
            sums[kinds[item.code]] += per_day * (1.0 + round(item.minutes.accept, 2))
    return sums


def _year(item: Item) -> float:
    """Visits a year from the figures as the sheet shows them."""
    cases, online, kiosk = round(item.cases, 2), round(item.online_share, 4), round(item.kiosk_share, 4)
    return cases * max(0.0, 1 - online - kiosk) * round(item.visits_per_case, 3) + round(item.consults, 2)


def _item_row(item: Item, n: int, days: float, where: list[str]) -> list[Cell]:
    cases, online, kiosk = round(item.cases, 2), round(item.online_share, 4), round(item.kiosk_share, 4)
    visits, consults = round(item.visits_per_case, 3), round(item.consults, 2)
    year = _year(item)
    assumed = t("comma").join(_field(name) for name in item.assumed)
    return [
        item.code, item.name, item.department, item.theme, item.item_type, cases, online, kiosk, visits, consults,
        Formula(f"F{n}*MAX(0,1-G{n}-H{n})*I{n}+J{n}", year), Formula(f"K{n}/{days:g}", year / days),
        round(item.minutes.accept, 2), *where, t("assumed", what=assumed) if assumed else "",
    ]  # fmt: skip


def _field(name: str) -> str:
    known = read_data("messages/workbook.toml")
    return t(f"field_{name}") if f"field_{name}" in known else name


def _elsewhere(item: Item) -> str:
    return t("no_window") if item.is_admitted else t("not_admitted", reason=item.reason_out)


def add_assumptions(sheet: Sheet, plan: Plan) -> None:
    """Writes 假设与来源: every assumed value with its reason, warnings, changed settings, and the files."""
    assumptions = [*plan.demand.assumptions, *plan.windows.assumptions, *plan.programme.assumptions]
    unique = dict.fromkeys((_marked(a.what), a.value, a.basis, a.where) for a in assumptions)
    names = ("c_assumption", "c_value", "c_basis", "c_where_to_set")
    widths = (44, 26, 60, 32)
    sheet.open(n_columns=5)
    _numbered(sheet, names, widths, list(unique), is_main=True)
    said = (plan.notes, plan.site.warnings, plan.demand.warnings, plan.windows.warnings, plan.programme.warnings)
    guesses = [(guess.what, f"{guess.confidence:.0%}", guess.setting) for guess in plan.site.guesses]
    changed = [entry for entry in plan.settings if entry[2] != "default"]
    sources = [(source.name, t("input_file"), source.sha256) for source in plan.sources]
    _further(
        sheet, "warnings", ("c_warning",), [(warning,) for warning in dict.fromkeys(w for part in said for w in part)]
    )
    _further(sheet, "guesses", ("c_guess", "c_confidence", "c_setting"), guesses)
    _further(sheet, "settings", ("c_setting", "c_value", "c_source"), changed)
    _further(sheet, "sources", ("c_file", "c_standing", "c_sha"), sources)
    sheet.lines([t("sources_note")], width=5)


def _further(sheet: Sheet, heading: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A further table under its heading, left out when it is empty."""
    if rows:
        sheet.heading(t(heading))
        _numbered(sheet, names, (44, 26, 60), rows)


def _numbered(
    sheet: Sheet, names: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], *, is_main: bool = False
) -> None:
    columns = [Column(t(name), width, "wrap") for name, width in zip(names, widths, strict=False)]
    numbered: list[list[Cell]] = [[n, *row] for n, row in enumerate(rows, 1)]
    sheet.table([Column(t("c_number"), 7, "int"), *columns], numbered, is_main=is_main)


def _marked(what: str) -> str:
    return what if "【估】" in what or "assumed" in what else t("marked", what=what)
