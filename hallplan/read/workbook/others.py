"""The smaller sheets: 联办关系, 现有窗口 and 参数."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from hallplan.model.demand import ExistingWindow, Item, Relation
from hallplan.read.workbook.arrivals import hours_text
from hallplan.read.workbook.cells import (
    BadCell,
    Cell,
    is_blank,
    parse_count,
    parse_hours,
    parse_number,
    parse_share,
    plain,
)
from hallplan.read.workbook.header import Column, Header, fold_name
from hallplan.read.workbook.report import Report
from hallplan.read.workbook.table import Table
from hallplan.settings import Settings, known_keys
from hallplan.terms import read_data, text

MAX_UNKNOWN = 10


def read_relations(table: Table, items: Iterable[Item], report: Report) -> tuple[Relation, ...]:
    """Returns pairs of item codes; a pair with an item that 事项清单 lacks is left out with a warning."""
    codes = {item.code: item.code for item in items} | {item.name: item.code for item in items}
    relations, unknown = [], 0
    for i in table.rows("item_a", "item_b"):
        pair = [(name, table.text(i, name)) for name in ("item_a", "item_b")]
        strangers = [(name, said) for name, said in pair if said not in codes]
        times = table.read(i, "times", parse_count)
        for name, said in strangers:
            unknown += 1
            if unknown <= MAX_UNKNOWN:
                near = difflib.get_close_matches(said, codes, n=1, cutoff=0.6)
                hint = text("read_workbook.did_you_mean", near=near[0]) if near else ""
                report.warn(table.place(i, name), text("read_workbook.unknown_item", item=said, hint=hint))
        if not strangers and pair[0][1] != pair[1][1]:
            relations.append(Relation(codes[pair[0][1]], codes[pair[1][1]], 0.0 if times is None else times))
    if unknown > MAX_UNKNOWN:
        report.warn(report.place(table.sheet.name), text("read_workbook.more_unknown", count=unknown - MAX_UNKNOWN))
    return tuple(relations)


def read_existing(table: Table, settings: Settings) -> tuple[ExistingWindow, ...]:
    """Returns today's windows; hours that are not given are the hall's."""
    usual = parse_hours(settings.service.open) or ()
    windows: list[ExistingWindow] = []
    seen: dict[str, str] = {}
    for i in table.rows("id", "kind" if table.has("kind") else "id"):
        number = table.text(i, "id")
        if number in seen:
            found = text("read_workbook.code_twice", code=number, first=seen[number])
            expected = text("read_workbook.expect_unique")
            table.report.fault(table.place(i, "id"), found, expected, text("read_workbook.code_remedy"))
        seen.setdefault(number, table.address(i, "id"))
        hours = table.read(i, "hours", _hours)
        windows.append(
            ExistingWindow(
                number,
                table.text(i, "kind"),
                table.text(i, "department"),
                tuple(part for part in re.split(r"[、,;\n]\s*", table.text(i, "items")) if part),
                usual if hours is None else hours,
                table.read(i, "area", parse_number),
            )
        )
    return tuple(windows)


def read_parameters(table: Table, report: Report) -> tuple[tuple[str, str], ...]:
    """Returns dotted keys of hallplan.toml with their raw text, in the order of the sheet; unknown names are warnings."""
    if not {"name", "value"} <= set(table.columns):
        table.header = _bare_header()
    found: dict[str, str] = {}
    for i in range(table.header.first, len(table.sheet.rows)):
        name, value = table.text(i, "name"), table.text(i, "value")
        if not name or is_blank(value) or name.startswith("【"):
            continue
        key = parameter_key(name)
        if key is None:
            _tell_unknown(table, i, name, report)
        elif _is_usable(table, i, key):
            found[key] = _raw(table.cell(i, "value"))
    return tuple(found.items())


def parameter_value(key: str, raw: str) -> Any:
    """Returns the value that the raw text of a parameter means for hallplan.toml; raises BadCell."""
    entry = read_data("workbook.toml")["parameters"].get(key, {"kind": "text"})
    return _value(entry, raw)


@cache
def parameter_key(name: str) -> str | None:
    """Returns the dotted key that a Chinese or dotted name means, or None."""
    if name.strip() in known_keys():
        return name.strip()
    wanted = fold_name(name)
    for key, entry in read_data("workbook.toml")["parameters"].items():
        if wanted in {fold_name(known) for known in (*entry["names"], key.partition(".")[2])}:
            return str(key)
    return None


def _value(entry: dict[str, Any], raw: str) -> Any:
    kind = entry["kind"]
    if kind == "share":
        return parse_share(_number_or_text(raw))
    if kind == "number":
        return parse_number(_number_or_text(raw))
    if kind == "whole":
        number = parse_number(_number_or_text(raw))
        if not number.is_integer():
            raise BadCell(text("read_workbook.expect_whole"))
        return int(number)
    if kind == "hours":
        return hours_text(_hours(raw))
    if kind == "choice":
        return _choice(entry["choices"], raw)
    return raw


def _choice(choices: dict[str, str], raw: str) -> str:
    said = fold_name(raw)
    for word, value in choices.items():
        if said in (fold_name(word), value):
            return value
    raise BadCell(text("read_workbook.expect_choice", choices="、".join(choices)))


def _hours(cell: Cell) -> tuple[tuple[int, int], ...]:
    hours = parse_hours(cell)
    if hours is None:
        raise BadCell(text("read_workbook.expect_hours"), text("read_workbook.hours_remedy"))
    return hours


def _number_or_text(raw: str) -> Cell:
    try:
        return float(raw)
    except ValueError:
        return raw


def _raw(cell: Cell) -> str:
    return plain(cell) if not isinstance(cell, float) or cell.is_integer() else repr(cell)


def _is_usable(table: Table, i: int, key: str) -> bool:
    faults = len(table.report.faults)
    table.read(i, "value", lambda cell: parameter_value(key, _raw(cell)))
    return len(table.report.faults) == faults and not table.is_unvalued(i, "value")


def _bare_header() -> Header:
    """A sheet without a header: names in the first column, values in the second."""
    return Header({"name": Column(0, "参数", "text"), "value": Column(1, "值", "text")}, 0, ())


def _tell_unknown(table: Table, i: int, name: str, report: Report) -> None:
    known = {word: key for key, entry in read_data("workbook.toml")["parameters"].items() for word in entry["names"]}
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = text("read_workbook.did_you_mean", near=near[0]) if near else ""
    report.warn(table.place(i, "name"), text("read_workbook.unknown_parameter", name=name, hint=hint))
