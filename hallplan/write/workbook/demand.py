"""Sheets of the demand: which windows take an item, and what the figures rest on."""

from __future__ import annotations

from hallplan.model.demand import Item
from hallplan.model.plan import Plan
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
    rows: list[list[Cell]] = []
    for item in plan.demand.items:
        kind = kinds.get(item.code)
        n = sheet.row + 2 + len(rows)
        where = [kind.name, numbers(plates.get(kind.id, []))] if kind else [_elsewhere(item), ""]
        rows.append(_item_row(item, n, plan.demand.working_days, where))
    return sheet.table(columns, rows, sums=(5, 9, 10, 11), has_filter=True, is_main=True)


def _item_row(item: Item, n: int, days: float, where: list[str]) -> list[Cell]:
    cases, online, kiosk = round(item.cases, 2), round(item.online_share, 4), round(item.kiosk_share, 4)
    visits, consults = round(item.visits_per_case, 3), round(item.consults, 2)
    year = cases * max(0.0, 1 - online - kiosk) * visits + consults
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


def numbers(ids: list[str]) -> str:
    """Returns window numbers with runs shortened: A01–A09、B02."""
    runs: list[list[str]] = []
    for id in ids:
        if runs and _follows(runs[-1][-1], id):
            runs[-1].append(id)
        else:
            runs.append([id])
    return t("comma").join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _follows(before: str, after: str) -> bool:
    return (
        before[:1] == after[:1]
        and before[1:].isdigit()
        and after[1:].isdigit()
        and int(after[1:]) == int(before[1:]) + 1
    )


def add_assumptions(sheet: Sheet, plan: Plan) -> None:
    """Writes 假设与来源: every assumed value with its reason, warnings, changed settings, and the files."""
    columns = [
        Column(t("c_number"), 7, "int"),
        Column(t("c_assumption"), 44, "wrap"),
        Column(t("c_value"), 26, "wrap"),
        Column(t("c_basis"), 60, "wrap"),
        Column(t("c_where_to_set"), 32, "wrap"),
    ]
    sheet.open(n_columns=len(columns))
    assumptions = [*plan.demand.assumptions, *plan.windows.assumptions, *plan.programme.assumptions]
    unique = list(dict.fromkeys((a.what, a.value, a.basis, a.where) for a in assumptions))
    sheet.table(
        columns,
        [[n, _marked(what), value, basis, where] for n, (what, value, basis, where) in enumerate(unique, 1)],
        is_main=True,
    )
    warnings = list(
        dict.fromkeys([*plan.site.warnings, *plan.demand.warnings, *plan.windows.warnings, *plan.programme.warnings])
    )
    if warnings:
        sheet.heading(t("warnings"))
        sheet.table(
            [columns[0], Column(t("c_warning"), 44, "wrap")], [[n, warning] for n, warning in enumerate(warnings, 1)]
        )
    if plan.site.guesses:
        sheet.heading(t("guesses"))
        rows: list[list[Cell]] = [
            [n, guess.what, f"{guess.confidence:.0%}", None, guess.setting]
            for n, guess in enumerate(plan.site.guesses, 1)
        ]
        sheet.table(
            [columns[0], Column(t("c_guess"), 44, "wrap"), Column(t("c_confidence"), 26), Column("", 60), columns[4]],
            rows,
        )
    changed = [(key, value, source) for key, value, source in plan.settings if source != "default"]
    if changed:
        sheet.heading(t("settings"))
        sheet.table(
            [columns[0], Column(t("c_setting"), 44), Column(t("c_value"), 26, "wrap"), Column(t("c_source"), 60)],
            [[n, *entry] for n, entry in enumerate(changed, 1)],
        )
    sheet.heading(t("sources"))
    sheet.table(
        [columns[0], Column(t("c_file"), 44, "wrap"), Column(t("c_standing"), 26), Column("SHA-256", 60, "wrap")],
        [[n, source.name, t("input_file"), source.sha256] for n, source in enumerate(plan.sources, 1)],
    )
    sheet.lines([t("sources_note")], width=5)


def _marked(what: str) -> str:
    return what if "【估】" in what or "assumed" in what else t("marked", what=what)
