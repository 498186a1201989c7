"""The demand workbook of `hallplan init`: headers with notes, drop-downs, number checks, one example, or filled with data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hallplan.errors import OutputError
from hallplan.model.demand import ArrivalProfile, ExistingWindow, Item, Relation
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import clock

LAST_ROW: Final = 5000
"""Checks and drop-downs reach to this row."""
LIST_SHEET: Final = "选项"
CREATED: Final = dt.datetime(2025, 1, 1)
"""A fixed date of creation, so that the same content gives the same bytes."""

LINE_HEIGHT: Final = 18
CHARACTERS_PER_LINE: Final = 45
"""Chinese characters that a line of the sheets 填写说明 and 说明 holds."""
WIDE_SHEET: Final = 150
"""A sheet wider than this many characters is printed on A3, two pages across."""

Value = str | float | None


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """What a filled workbook holds; `parameters` are names of the sheet 参数 with values, `notes` lines of a sheet 说明.

    sheets: rows of further sheets by name, in the order of their columns.
    """

    items: tuple[Item, ...] = ()
    arrivals: ArrivalProfile | None = None
    relations: tuple[Relation, ...] = ()
    existing: tuple[ExistingWindow, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    sheets: Mapping[str, Sequence[Sequence[Value]]] = field(default_factory=dict)


def write_template(path: Path, items: Sequence[Item] = (), content: TemplateContent | None = None) -> None:
    """Writes the demand workbook, blank but for one example row, or filled with `items` or all of `content`.

    Values that an item only assumes are left blank. Raises OutputError when the file cannot be written.
    """
    content = content or TemplateContent(tuple(items))
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    workbook.set_properties({"title": read_data("template.toml")["guide"]["title"], "created": CREATED})
    _Writer(workbook).write(content)
    try:
        workbook.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError.at(
            str(path), text("folder.cannot_write", reason=reason), remedy=text("folder.elsewhere")
        ) from error


class _Writer:
    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self.book = workbook
        self.data = read_data("template.toml")
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        head = {**base, "bold": True, "text_wrap": True, "align": "center", "border": 1, "bg_color": "#DCE6F1"}
        self.head = workbook.add_format(head)
        self.must = workbook.add_format({**head, "font_color": "#C00000", "bg_color": "#FDE9D9"})
        self.example = workbook.add_format({**base, "italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2"})
        self.example_share = workbook.add_format(
            {**base, "italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2", "num_format": "0%"}
        )
        self.plain = workbook.add_format(base)
        self.formats = {
            "share": workbook.add_format({**base, "num_format": "0.0%"}),
            "count": workbook.add_format({**base, "num_format": "#,##0"}),
            "must_count": workbook.add_format({**base, "num_format": "#,##0"}),
            "date": workbook.add_format({**base, "num_format": "yyyy-mm-dd"}),
        }
        self.title = workbook.add_format({**base, "bold": True, "font_size": 14})
        self.wrap = workbook.add_format({**base, "text_wrap": True, "valign": "top"})

    def write(self, content: TemplateContent) -> None:
        """Writes every sheet; the list of choices comes last and hidden."""
        guide = self.data["guide"]
        self._lines("填写说明", guide["title"], guide["lines"])
        if content.notes:
            self._lines("说明", content.notes[0], content.notes[1:])
        is_filled = bool(content.items)
        rows: dict[str, list[list[Value]]] = {
            "事项清单": [_item_row(item) for item in content.items],
            "分时到厅人流": _arrival_rows(content.arrivals),
            "联办关系": [[r.item_a, r.item_b, r.times] for r in content.relations],
            "现有窗口": [_window_row(window) for window in content.existing],
            **{name: [list(row) for row in listed] for name, listed in content.sheets.items()},
        }
        for name, columns in self.data["columns"].items():
            self._table(name, columns, rows.get(name, []), with_example=not is_filled)
            if name == "现有窗口":
                self._parameters(content.parameters)
        self._lists()
        items = self.book.get_worksheet_by_name("事项清单")
        items.activate()

    def _lines(self, name: str, title: str, lines: Sequence[str]) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 90)
        sheet.write_string(0, 0, title, self.title)
        for row, line in enumerate(lines, start=2):
            sheet.set_row(row, LINE_HEIGHT * (1 + len(line) // CHARACTERS_PER_LINE))
            sheet.write_string(row, 0, line, self.wrap)
        sheet.hide_gridlines(2)
        _page(sheet, landscape=False)

    def _table(self, name: str, columns: list[list[Any]], rows: list[list[Value]], *, with_example: bool) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.set_row(0, 32)
        for index, (header, width, kind, note) in enumerate(columns):
            sheet.write_string(0, index, header, self.must if kind.startswith("must") else self.head)
            if note:
                sheet.write_comment(0, index, note, {"x_scale": 1.6, "y_scale": 0.7, "font_name": "宋体"})
            sheet.set_column(index, index, width, self.formats.get(kind, self.plain))
            self._check(sheet, index, kind)
        example = self.data["examples"].get(name) if with_example else None
        if example:
            self._row(sheet, 1, example, [self.example_share if c[2] == "share" else self.example for c in columns])
        first = 2 if example else 1
        for offset, row in enumerate(rows):
            self._row(sheet, first + offset, row, [self.formats.get(column[2], self.plain) for column in columns])
        sheet.freeze_panes(1, 2 if name == "事项清单" else 0)
        sheet.autofilter(0, 0, max(first + len(rows) - 1, 1), len(columns) - 1)
        sheet.repeat_rows(0)
        is_wide = sum(column[1] for column in columns) > WIDE_SHEET
        _page(sheet, landscape=True, is_wide=is_wide)
        if is_wide:
            sheet.repeat_columns(0, 1)

    def _row(self, sheet: Worksheet, row: int, values: Sequence[Value], formats: Sequence[Format]) -> None:
        for column, (value, style) in enumerate(zip(values, formats, strict=False)):
            if value is None or value == "":
                sheet.write_blank(row, column, None, style)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, style)
            else:
                sheet.write_number(row, column, value, style)

    def _check(self, sheet: Worksheet, column: int, kind: str) -> None:
        """The drop-down or number check of a column. A list is a hint where other words are read too."""
        rule: dict[str, Any]
        if kind in ("must_count", "count", "minutes", "number"):
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": text("template.not_negative")}
        elif kind == "share":
            rule = {
                "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, "error_message": text("template.share"),
            }  # fmt: skip
        elif kind == "yes_no":
            rule = {"validate": "list", "source": ["是", "否"], "error_message": text("template.yes_no")}
        elif kind in self.data["lists"]:
            rule = {
                "validate": "list",
                "source": self._list_range(kind),
                "error_type": "warning",
                "error_message": text("template.other_word"),
            }
        else:
            return
        sheet.data_validation(1, column, LAST_ROW, column, {"error_title": text("template.error_title"), **rule})

    def _list_range(self, kind: str) -> str:
        column = chr(ord("A") + list(self.data["lists"]).index(kind))
        return f"={LIST_SHEET}!${column}$2:${column}${len(self.data['lists'][kind]) + 1}"

    def _lists(self) -> None:
        sheet = self.book.add_worksheet(LIST_SHEET)
        for column, (name, words) in enumerate(self.data["lists"].items()):
            sheet.write_column(0, column, [name, *words], self.plain)
        sheet.hide()

    def _parameters(self, values: Sequence[tuple[str, str]]) -> None:
        sheet = self.book.add_worksheet("参数")
        for column, (header, width) in enumerate(
            (("参数", 22), ("值", 30), ("说明", 60), ("hallplan.toml 中的键", 28))
        ):
            sheet.write_string(0, column, header, self.head)
            sheet.set_column(column, column, width, self.plain)
        given = dict(values)
        for row, (name, key, description, default) in enumerate(_known_parameters(), start=1):
            note = f"{description}（{text('template.default', value=default)}）"
            self._row(
                sheet, row, [name, given.get(name, ""), note, key], [self.plain, self.plain, self.wrap, self.plain]
            )
        sheet.freeze_panes(1, 0)
        _page(sheet, landscape=True)


def _known_parameters() -> list[tuple[str, str, str, str]]:
    """Name, key, description and default of every parameter that the sheet 参数 may set."""
    settings, rows = Settings(), []
    for key, entry in read_data("workbook.toml")["parameters"].items():
        section, _, name = key.partition(".")
        group = getattr(settings, section)
        field = type(group).model_fields[name]
        rows.append(
            (entry["names"][0], key, field.description or "", str(getattr(group, name)) or text("template.blank"))
        )
    return rows


def _item_row(item: Item) -> list[Value]:
    minutes = item.minutes
    row: dict[str, Value] = {
        "code": item.code, "name": item.name, "department": item.department, "theme": item.theme, "item_type": item.item_type,
        "level": item.level, "cases": item.cases, "minutes": None, "minutes.std": minutes.std, "minutes.consult": minutes.consult,
        "minutes.accept": minutes.accept, "minutes.review": minutes.review, "minutes.deliver": minutes.deliver,
        "consults": item.consults, "visits_per_case": item.visits_per_case, "subject": item.subject,
        "case_type": "即办件" if item.case_type == "instant" else "承诺件", "online": item.online_share, "kiosk": item.kiosk_share,
        "collect": item.collect, "companions": item.companions, "special": item.special or "否", "one_matter": item.one_matter,
        "admitted": "是" if item.is_admitted else "否", "reason": item.reason_out,
    }  # fmt: skip
    return [None if name in item.assumed else value for name, value in row.items()]


def _arrival_rows(profile: ArrivalProfile | None) -> list[list[Value]]:
    if profile is None:
        return []
    slots = zip(profile.starts, profile.shares, strict=True)
    return [["", f"{clock(start)}-{clock(start + profile.slot_min)}", share, None] for start, share in slots]


def _window_row(window: ExistingWindow) -> list[Value]:
    hours = ",".join(f"{clock(a)}-{clock(b)}" for a, b in window.hours)
    return [window.id, window.kind, window.department, "、".join(window.items), hours, window.area_m2]


def _page(sheet: Worksheet, *, landscape: bool, is_wide: bool = False) -> None:
    """A4 one page across, or A3 two pages across, with page numbers."""
    sheet.set_paper(8 if is_wide else 9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(2 if is_wide else 1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")
