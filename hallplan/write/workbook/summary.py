"""Cover, indicators and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hallplan.model.catalogue import furniture_types
from hallplan.model.findings import Finding
from hallplan.model.layout import Layout
from hallplan.model.plan import Plan
from hallplan.terms import word
from hallplan.write.workbook.book import AMBER, DARK, GREEN, RED, SOFT, Cell, Column, Formula, Sheet, Table
from hallplan.write.workbook.words import t

STATUSES = ("fail", "undecided", "pass")
LEVELS = ("mandatory", "recommended", "own")


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables of other sheets that the indicators refer to."""

    areas: Table
    windows: Table
    listed: Table
    openings: Table
    items: Table
    furniture: Table
    findings: Table


def add_cover(sheet: Sheet, plan: Plan, sheets: list[Sheet]) -> None:
    """Writes 封面: title, date, the main figures in words, and links to every sheet."""
    book, work = sheet.book, sheet.work
    work.hide_gridlines(2)
    work.set_tab_color(DARK)
    work.set_paper(9)
    work.set_landscape()
    work.fit_to_pages(1, 1)
    work.set_column(0, 0, 4)
    work.set_column(1, 1, 30)
    work.set_column(2, 2, 84)
    band = book.format(bg_color=DARK, font_color="#FFFFFF")
    for row, height in enumerate((14, 44, 26, 14)):
        work.set_row(row, height)
        for column in range(3):
            work.write_blank(row, column, None, band)
    work.write_string(1, 1, plan.title, book.format(bg_color=DARK, font_color="#FFFFFF", bold=True, font_size=26))
    work.write_string(2, 1, t("cover_subtitle"), book.format(bg_color=DARK, font_color="#D6E4F0", font_size=14))
    row = 5
    for name, words in _facts(plan):
        work.write_string(row, 1, name, book.format(font_color=SOFT, bottom=1, bottom_color="#C9D3DF"))
        work.write_string(row, 2, words, book.format(bottom=1, bottom_color="#C9D3DF", text_wrap=True))
        row += 1
    row += 1
    work.write_string(row, 1, t("contents"), book.format(bold=True, font_size=13, font_color=DARK))
    link = book.format(font_color="#1F6FB2", underline=1)
    for n, other in enumerate(sheets, 1):
        work.write_url(row + n, 1, f"internal:'{other.name}'!A1", link, string=f"{n}. {other.name}")
        work.write_string(row + n, 2, t(f"note_{other.key}"), book.format(font_color=SOFT))
    work.write_string(row + len(sheets) + 2, 1, t("cover_note"), book.format(font_size=9, font_color=SOFT))


def _facts(plan: Plan) -> list[tuple[str, str]]:
    windows, layout = plan.windows, plan.alternatives[0].layout if plan.alternatives else None
    parts = t("comma").join(f"{kind.name} {kind.windows}" for kind in windows.types)
    area, people = f"{plan.programme.free_m2:,.0f}", f"{windows.visitors_per_day:,.0f}"
    items = len(plan.demand.admitted)
    hall = t("cover_hall_is", floors=len(plan.site.floors), area=area, items=items, visitors=people)
    if not plan.site.floors:
        hall = t("cover_demand_is", items=items, visitors=people)
    target = t("cover_target_is", share=f"{windows.target_share:.0%}", minutes=f"{windows.target_wait_min:g}")
    facts = [
        ("cover_date", plan.created),
        ("cover_hall", hall),
        ("cover_windows", t("cover_windows_are", n=windows.windows_total, parts=parts)),
        ("cover_target", target),
    ]
    if layout:
        facts.append(("cover_layout", _layout_words(plan, layout)))
    facts.append(("cover_files", t("comma").join(source.name for source in plan.sources)))
    facts.append(("cover_made_by", plan.generator))
    return [(t(name), words) for name, words in facts]


def _layout_words(plan: Plan, layout: Layout) -> str:
    return t(
        "cover_layout_is",
        name=layout.name,
        n=len(plan.alternatives),
        zones=len(layout.zones),
        seats=len(layout.of_kind("chair")),
        wheels=len(layout.of_kind("wheelchair_place")),
    )


def add_indicators(sheet: Sheet, plan: Plan, tables: Tables) -> None:
    """Writes 关键指标: figures that follow the other sheets, beside what is known of real halls."""
    columns = [
        Column(t("c_number"), 7, "int"),
        Column(t("c_indicator"), 36),
        Column(t("c_value"), 14, "two"),
        Column(t("c_unit"), 12, "flag"),
        Column(t("c_reference"), 30, "wrap"),
        Column(t("c_formula"), 64, "wrap"),
    ]
    sheet.open(n_columns=len(columns))
    rows = _indicator_rows(plan, tables, sheet.row + 2)
    sheet.table(columns, [[n, *row[:1], row[1], *row[2:]] for n, row in enumerate(rows, 1)], is_main=True)
    for r, row in enumerate(rows):
        if row[2] == "%":
            cell = row[1]
            sheet.write(4 + r, 2, cell, sheet.cell_format("share", bg_color="#F5F8FC" if r % 2 else "#FFFFFF"))
        elif row[2] in {t("unit_windows"), t("unit_seats"), t("unit_pieces"), t("unit_items"), t("unit_people_day")}:
            sheet.write(4 + r, 2, row[1], sheet.cell_format("int", bg_color="#F5F8FC" if r % 2 else "#FFFFFF"))
    if plan.programme.prices:
        sheet.heading(t("prices"))
        sheet.lines(plan.programme.prices, width=len(columns))


def _indicator_rows(plan: Plan, tables: Tables, first: int) -> list[list[Cell]]:
    """Rows of name, value, unit, reference, meaning; `first` is the row on the sheet (from 1) of the first."""
    windows, programme = plan.windows, plan.programme
    layout = plan.alternatives[0].layout if plan.alternatives else None
    placed = sum(round(zone.area_m2, 2) for zone in layout.zones) if layout else 0.0
    seats = len(layout.of_kind("chair")) if layout else 0
    kiosks = len(layout.of_kind("kiosk", "kiosk_low")) if layout else 0
    total, free = windows.windows_total, round(programme.free_m2, 2)
    per_day = sum(round(window.visitors_per_day, 2) for window in windows.windows)
    hours, bound = round(windows.window_hours, 2), round(windows.window_hours_bound, 2)
    waits = [round(kind.mean_wait_min, 2) for kind in windows.types] or [0.0]
    shares = [round(kind.share_within_target, 4) for kind in windows.types] or [1.0]
    fails = [
        sum(f.status == "fail" and f.level == level for f in plan.alternatives[0].findings) if plan.alternatives else 0
        for level in ("mandatory", "recommended")
    ]
    furniture = {"chair": tables.furniture, "kiosk": tables.furniture}
    at = {name: f"C{first + n}" for n, name in enumerate(("free", "placed", "fill", "windows"))}
    return [
        [t("i_free"), free, "m²", "", t("m_free")],
        [t("i_placed"), Formula(tables.areas.sum(6), placed) if tables.areas.total else placed, "m²", "", t("m_placed")],
        [t("i_fill"), Formula(f"IF({at['free']}=0,0,({at['placed']}+{programme.circulation_m2:g})/{at['free']})", (placed + programme.circulation_m2) / free if free else 0.0), "%", "", t("m_fill")],
        [t("i_windows"), Formula(tables.windows.sum(6), total) if tables.windows.total else total, t("unit_windows"), "", t("m_windows")],
        [t("i_m2_window"), Formula(f"IF({at['windows']}=0,0,{at['free']}/{at['windows']})", free / total if total else 0.0), "m²", t("r_m2_window"), t("m_m2_window")],
        [t("i_visitors"), round(windows.visitors_per_day, 1), t("unit_people_day"), "", t("m_visitors")],
        [t("i_per_window"), Formula(f"IF({at['windows']}=0,0,{tables.listed.sum(6)}/{at['windows']})", per_day / total if total else 0.0) if tables.listed.total else 0.0, t("unit_people_day_window"), t("r_per_window"), t("m_per_window")],
        [t("i_hours"), hours, t("unit_hours"), "", t("m_hours")],
        [t("i_bound"), bound, t("unit_hours"), "", t("m_bound")],
        [t("i_gap"), Formula(f"IF(C{first + 8}=0,0,C{first + 7}/C{first + 8}-1)", hours / bound - 1 if bound else 0.0), "%", "", t("m_gap")],
        [t("i_wait"), Formula(f"MAX({tables.windows.column(9)})", max(waits)), t("unit_minutes"), "", t("m_wait")],
        [t("i_share"), Formula(f"MIN({tables.windows.column(10)})", min(shares)), "%", t("r_share", share=f"{windows.target_share:.0%}", minutes=f"{windows.target_wait_min:g}"), t("m_share")],
        [t("i_seats"), _count(furniture["chair"], ("chair",), seats), t("unit_seats"), "", t("m_seats")],
        [t("i_seats_window"), Formula(f"IF({at['windows']}=0,0,C{first + 12}/{at['windows']})", seats / total if total else 0.0), t("unit_seats_window"), t("r_seats_window"), t("m_seats_window")],
        [t("i_kiosks"), _count(furniture["kiosk"], ("kiosk", "kiosk_low"), kiosks), t("unit_pieces"), "", t("m_kiosks")],
        [t("i_items"), len(plan.demand.admitted), t("unit_items"), "", t("m_items")],
        [t("i_admission"), len(plan.demand.admitted) / len(plan.demand.items) if plan.demand.items else 0.0, "%", t("r_admission"), t("m_admission")],
        [t("i_mandatory"), _findings(tables.findings, "mandatory", fails[0]), t("unit_items"), "0", t("m_findings")],
        [t("i_recommended"), _findings(tables.findings, "recommended", fails[1]), t("unit_items"), "", t("m_findings")],
    ]  # fmt: skip


def _count(table: Table, kinds: tuple[str, ...], value: int) -> Cell:
    names, counts = table.column(1), table.column(6)
    terms = [f'SUMIF({names},"{furniture_types()[kind].name}",{counts})' for kind in kinds]
    return Formula("+".join(terms), value)


def _findings(table: Table, level: str, value: int) -> Cell:
    return Formula(
        f'COUNTIFS({table.column(2)},"{word("level", level)}",{table.column(3)},"{word("status", "fail")}")', value
    )


def add_findings(sheet: Sheet, plan: Plan) -> Table:
    """Writes 核查结果: failures first, each with clause, place, value and limit; then how many by level."""
    columns = [
        Column(t("c_rule"), 26), Column(t("c_clause"), 24, "wrap"), Column(t("c_level"), 9, "flag"), Column(t("c_status"), 10, "flag"),
        Column(t("c_place"), 28, "wrap"), Column(t("c_found"), 12, "text"), Column(t("c_limit"), 12, "text"), Column(t("c_unit"), 8, "flag"),
        Column(t("c_message"), 70, "wrap"), Column(t("c_trust"), 8, "flag"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    found = plan.alternatives[0].findings if plan.alternatives else ()
    findings = sorted(found, key=lambda f: (STATUSES.index(f.status), LEVELS.index(f.level), f.rule))
    zones = {zone.id: zone.name for zone in plan.programme.zones}
    rows = [_finding_row(finding, plan, zones) for finding in findings]
    table = sheet.table(columns, rows, has_filter=True, is_main=True)
    cells = table.column(3, is_outside=False).replace("$", "")
    for status, colour in zip(STATUSES, (RED, AMBER, GREEN), strict=True):
        fill, words = sheet.book.format(bg_color=colour), f'"{word("status", status)}"'
        sheet.work.conditional_format(cells, {"type": "cell", "criteria": "==", "value": words, "format": fill})
    _by_level(sheet, findings, table)
    sheet.lines([t("trust_note")], width=len(columns))
    return table


def _by_level(sheet: Sheet, findings: Sequence[Finding], table: Table) -> None:
    sheet.heading(t("findings_sum"))
    level_cells, status_cells = (table.column(n, is_outside=False) for n in (2, 3))
    rows: list[list[Cell]] = []
    for n, level in enumerate(LEVELS, sheet.row + 2):
        counts: list[Cell] = []
        for status in STATUSES:
            count = sum(f.level == level and f.status == status for f in findings)
            words = f'COUNTIFS({level_cells},$A{n},{status_cells},"{word("status", status)}")'
            counts.append(Formula(words, count))
        rows.append([word("level", level), *counts])
    columns = [Column(word("status", status), 9, "int") for status in STATUSES]
    sheet.table([Column(t("c_level"), 26), *columns], rows, sums=(1, 2, 3))


def _finding_row(finding: Finding, plan: Plan, zones: dict[str, str]) -> list[Cell]:
    place = finding.where
    floor = next((floor.title for floor in plan.site.floors if floor.id == place.floor), place.floor)
    where = [part for part in (floor, zones.get(place.zone, place.zone), place.cell) if part]
    if place.at and any(f.id == place.floor for f in plan.site.floors):
        x, y = plan.site.floor(place.floor).frame.point_to_drawing_m(place.at)
        where.append(f"({x:.1f}, {y:.1f})")
    return [
        finding.rule, finding.clause, word("level", finding.level), word("status", finding.status), " ".join(where),
        _shown(finding.value), _shown(finding.limit), finding.unit or "", finding.message, finding.confidence,
    ]  # fmt: skip


def _shown(value: float | str | bool | None) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    return f"{value:.4g}" if isinstance(value, float) else str(value)
