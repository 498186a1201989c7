"""The sheet 事项清单: each row an item, what is missing filled from practice and marked 【估】."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from hallplan.model.demand import Assumption, CaseType, Item, ItemMinutes
from hallplan.read.workbook.cells import (
    BadCell,
    Cell,
    is_blank,
    is_mixed_column,
    is_percent_column,
    parse_count,
    parse_minutes,
    parse_number,
    parse_share,
    parse_yes_no,
    plain,
    squeezed,
    words,
)
from hallplan.read.workbook.report import Report
from hallplan.read.workbook.table import Table
from hallplan.settings import Settings
from hallplan.terms import read_data, text

MONTHS = 12
TEXTS = ("department", "theme", "item_type", "level", "subject", "collect")
STEPS = ("consult", "accept", "review", "deliver")
_DASHES = frozenset("-—/–")


@dataclass(slots=True)
class _Sheet:
    """The table with what is known of its columns, and the tally of values that nobody gave."""

    table: Table
    settings: Settings
    percent: dict[str, bool]
    codes: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    assumed: Counter[str] = field(default_factory=Counter)
    count: int = 0


def read_items(table: Table, settings: Settings, report: Report) -> tuple[Item, ...]:
    """Returns the items of the sheet; faults, warnings and assumptions go to `report`."""
    percent = {name: is_percent_column(table.column_cells(name)) for name in ("online", "kiosk") if table.has(name)}
    sheet = _Sheet(table, settings, percent)
    for name in percent:
        if is_mixed_column(table.column_cells(name)):
            message = text("read_workbook.mixed_shares", header=table.columns[name].header)
            report.warn(report.place(table.sheet.name), message)
    volume = next(name for name in ("cases", "cases_month", "cases_day") if table.has(name))
    items = tuple(_read_item(sheet, i) for i in table.rows("name", volume))
    if not items and not report.faults:
        report.fault(
            report.place(table.sheet.name), text("read_workbook.no_items"), "", text("read_workbook.use_template")
        )
    for name, count in sheet.assumed.items():
        report.assumptions.append(_assumption(sheet, name, count))
    if table.skipped_examples:
        report.warn(report.place(table.sheet.name), text("read_workbook.examples", count=table.skipped_examples))
    return items


def _read_item(sheet: _Sheet, i: int) -> Item:
    table = sheet.table
    name = _name(table, i)
    is_admitted = _yes_no(table, i, "admitted", True)
    cases = _cases(sheet, i, is_admitted)
    gaps: list[str] = []
    case_type = _case_type(table, i, gaps)
    online, kiosk = _shares(sheet, i)
    texts = {field: table.text(i, field) for field in TEXTS}
    item = Item(
        code=_code(sheet, i, name, gaps),
        name=name,
        cases=cases,
        consults=_or_default(
            table.read(i, "consults", partial(parse_count, scale=_scale(table, "consults"))), 0.0, "consults", gaps
        ),
        minutes=_minutes(table, i, case_type, gaps),
        online_share=online,
        kiosk_share=kiosk,
        visits_per_case=_or_default(
            table.read(i, "visits", parse_number),
            float(read_data("minutes.toml")["visits"]["per_case"]),
            "visits_per_case",
            gaps,
        ),
        case_type=case_type,
        companions=table.read(i, "companions", parse_number) or 0.0,
        special=_special(table, i, name),
        one_matter=_one_matter(table, i),
        is_admitted=is_admitted,
        reason_out=table.text(i, "reason"),
        assumed=tuple(gaps),
        source=f"{table.sheet.name}!{table.address(i, 'name')}",
        **texts,
    )
    sheet.assumed.update(gaps)
    return item


def _name(table: Table, i: int) -> str:
    name = table.text(i, "name")
    if not name:
        table.report.fault(
            table.place(i, "name"),
            text("read_workbook.no_name"),
            text("read_workbook.expect_name"),
            text("read_workbook.fill_or_delete"),
        )
    return name


def _or_default(value: float | None, default: float, name: str, gaps: list[str]) -> float:
    if value is None:
        gaps.append(name)
        return default
    return value


def _cases(sheet: _Sheet, i: int, is_admitted: bool) -> float:
    """Cases a year, from a column by the year, the month or the day."""
    table = sheet.table
    factors = {"cases": 1.0, "cases_month": float(MONTHS), "cases_day": sheet.settings.service.working_days}
    given = [name for name in factors if table.has(name)]
    faults = len(table.report.faults)
    for name in given:
        value = table.read(i, name, partial(parse_count, scale=_scale(table, name)))
        if value is not None:
            return value * factors[name]
    if len(table.report.faults) > faults or not is_admitted:
        return 0.0
    if plain(table.cell(i, given[0])) in _DASHES:
        table.report.warn(table.place(i, given[0]), text("read_workbook.dash_is_0"))
        return 0.0
    header = table.columns[given[0]].header
    table.report.fault(
        table.place(i, given[0]),
        text("read_workbook.blank", header=header),
        text("read_workbook.expect_count"),
        text("read_workbook.fill_volume"),
    )
    return 0.0


def _code(sheet: _Sheet, i: int, name: str, gaps: list[str]) -> str:
    """The code, or a running one; the same code twice is a fault, the same name without codes a warning."""
    table = sheet.table
    sheet.count += 1
    code = table.text(i, "code")
    if code and not is_blank(code):
        if code in sheet.codes:
            table.report.fault(
                table.place(i, "code"),
                text("read_workbook.code_twice", code=code, first=sheet.codes[code]),
                text("read_workbook.expect_unique"),
                text("read_workbook.code_remedy"),
            )
        sheet.codes.setdefault(code, table.address(i, "code"))
        return code
    gaps.append("code")
    if name in sheet.names:
        table.report.warn(table.place(i, "name"), text("read_workbook.name_twice", name=name, first=sheet.names[name]))
    sheet.names.setdefault(name, table.address(i, "name"))
    return f"N{sheet.count:04d}"


def _case_type(table: Table, i: int, gaps: list[str]) -> CaseType:
    said = squeezed(table.cell(i, "case_type"))
    if said and any(word in said for word in words("instant")):
        return "instant"
    if said and any(word in said for word in words("promised")):
        return "promised"
    gaps.append("case_type")
    return "promised" if "许可" in table.text(i, "item_type") else "instant"


def _minutes(table: Table, i: int, case_type: CaseType, gaps: list[str]) -> ItemMinutes:
    """Minutes by step. The plain 窗口平均办理时长 is what a window needs to accept a case."""
    practice = read_data("minutes.toml")
    given = {step: _read_minutes(table, i, step) for step in STEPS}
    whole = _read_minutes(table, i, "minutes")
    if not given["accept"] and whole is not None:
        given["accept"] = whole
    steps = {step: practice[case_type][step] if value is None else value for step, value in given.items()}
    gaps += [f"minutes.{step}" for step, value in given.items() if value is None]
    std = _read_minutes(table, i, "std")
    if std is None:
        gaps.append("minutes.std")
        std = steps["accept"] * practice["spread"]["cv"]
    return ItemMinutes(std=round(std, 4), **steps)


def _read_minutes(table: Table, i: int, name: str) -> float | None:
    value = table.read(i, name, partial(parse_minutes, scale=_scale(table, name)))
    if value is not None and value > read_data("workbook.toml")["limits"]["max_minutes"] and name != "review":
        table.report.warn(
            table.place(i, name), text("read_workbook.long", header=table.columns[name].header, value=f"{value:g}")
        )
    return value


def _shares(sheet: _Sheet, i: int) -> tuple[float, float]:
    """网办率 and 自助率; together more than the whole is a fault."""
    table = sheet.table
    found = {}
    for name in ("online", "kiosk"):
        # A header that says (%) makes every bare number a percentage, 0.5 too.
        has_sign = table.has(name) and table.columns[name].scale < 1
        parse = _percent if has_sign else partial(parse_share, is_percent=sheet.percent.get(name, False))
        found[name] = table.read(i, name, parse) or 0.0
    if found["online"] + found["kiosk"] > 1 + 1e-9:
        total = found["online"] + found["kiosk"]
        table.report.fault(
            table.place(i, "kiosk"),
            text("read_workbook.shares_over", total=f"{total:.0%}"),
            text("read_workbook.expect_share"),
            text("read_workbook.shares_remedy"),
        )
    return found["online"], found["kiosk"]


def _percent(cell: Cell) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 1 < cell <= 100:
        return cell / 100
    return parse_share(cell, is_percent=True)


def _yes_no(table: Table, i: int, name: str, default: bool) -> bool:
    cell = table.cell(i, name)
    if cell is None or cell == "":
        return default
    found = parse_yes_no(cell)
    if found is None:
        table.fault(i, name, BadCell(text("read_workbook.expect_yes_no"), text("read_workbook.yes_no_remedy")))
    return default if found is None else found


def _special(table: Table, i: int, name: str) -> str:
    """The kind of specialist window: as written, or after a plain 是 by theme, department and name."""
    cell = table.cell(i, "special")
    said = plain(cell)
    found = parse_yes_no(cell) if said else False
    if found is False:
        return ""
    kinds: dict[str, list[str]] = read_data("workbook.toml")["special"]
    clues = [said] if found is None else [table.text(i, "theme"), table.text(i, "department"), name]
    for clue in clues:
        for kind, marks in kinds.items():
            if any(mark in clue for mark in marks):
                return kind
    return said if found is None else clues[0] or clues[1] or name


def _one_matter(table: Table, i: int) -> str:
    said = table.text(i, "one_matter")
    found = parse_yes_no(said) if said else False
    return "" if found is False or is_blank(said) else "一件事" if found else said


def _scale(table: Table, name: str) -> float:
    return table.columns[name].scale if table.has(name) else 1.0


def _assumption(sheet: _Sheet, name: str, count: int) -> Assumption:
    practice = read_data("minutes.toml")
    step = name.removeprefix("minutes.")
    values = {
        "code": text("read_workbook.value_running"),
        "case_type": text("read_workbook.value_by_type"),
        "consults": "0",
        "visits_per_case": f"{practice['visits']['per_case']:g}",
        "minutes.std": text("read_workbook.value_cv", cv=practice["spread"]["cv"]),
    }
    value = values.get(name) or " / ".join(
        f"{text('read_workbook.' + kind)} {practice[kind][step]:g}" for kind in ("instant", "promised")
    )
    what = text("read_workbook.assumed", field=text(f"read_workbook.field_{step}"), count=count)
    return Assumption(what, value, text("read_workbook.practice"), sheet.table.sheet.name)
