"""Sheets of the hall: areas, what stands where, signs, and the alternatives side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hallplan.model.catalogue import furniture_types, zone_types
from hallplan.model.layout import Layout, Shortfall
from hallplan.model.plan import Plan
from hallplan.model.programme import Programme, Zone
from hallplan.model.reviews import as_reviewed, reviews_of
from hallplan.model.signs import Sign
from hallplan.model.windows import plate_runs
from hallplan.terms import read_data, word
from hallplan.units import MM_PER_M
from hallplan.write.workbook.book import A3, AMBER, Cell, Column, Formula, Sheet, Table, value_of
from hallplan.write.workbook.words import t


def add_areas(sheet: Sheet, plan: Plan) -> Table:
    """Writes 功能区面积分配表: programme against the first layout, shares, limits and where each area comes from."""
    columns = [
        Column(t("c_id"), 18), Column(t("c_zone"), 30, "wrap"), Column(t("c_family"), 12), Column(t("c_side"), 8, "flag"),
        Column(t("c_floor"), 8, "flag"), Column(t("c_target"), 10, "one"), Column(t("c_placed"), 10, "one"),
        Column(t("c_difference"), 9, "one"), Column(t("c_deviation"), 9, "share"), Column(t("c_share"), 9, "share"),
        Column(t("c_least"), 9, "one"), Column(t("c_most"), 9, "one"), Column(t("c_holds"), 34, "wrap"), Column(t("c_basis"), 46, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns), paper=A3)
    reviews = dict(plan.alternatives[0].layout.reviews) if plan.alternatives else {}
    programme = as_reviewed(plan.programme, reviews)
    zones = programme.zones
    floors = {floor.id: floor.title for floor in plan.site.floors}
    placed = {zone.zone: zone for zone in plan.alternatives[0].layout.zones} if plan.alternatives else {}
    total_row = sheet.row + 2 + len(zones)
    total = sum(round(placed[zone.id].area_m2, 2) for zone in zones if zone.id in placed)
    rows: list[list[Cell]] = []
    for zone in zones:
        n = sheet.row + 2 + len(rows)
        area = round(placed[zone.id].area_m2, 2) if zone.id in placed else None
        floor = placed[zone.id].floor if zone.id in placed else (zone.fixed_floor or next(iter(zone.floors), ""))
        rows.append(_area_row(zone, _reviews(zone, programme), area, floors.get(floor, floor), n, total_row, total))
    table = sheet.table(columns, rows, sums=(5, 6, 7, 9, 10, 11), has_filter=True, is_main=True)
    wrong = {
        "type": "cell",
        "criteria": "not between",
        "minimum": -0.1,
        "maximum": 0.1,
        "format": sheet.book.format(bg_color=AMBER),
    }
    sheet.work.conditional_format(table.column(8, is_outside=False).replace("$", ""), wrong)
    _families(sheet, plan, zones, rows, table)
    return table


def _area_row(
    zone: Zone, reviews: str, area: float | None, floor: str, n: int, total_row: int, total: float
) -> list[Cell]:
    target = round(zone.target_m2, 2)
    difference = (area or 0.0) - target
    return [
        zone.id, zone.name, t(f"family_{zone_types()[zone.type].family}"), t(f"side_{zone.side}"), floor, target, area,
        Formula(f"G{n}-F{n}", difference), Formula(f"IF(F{n}=0,0,H{n}/F{n})", difference / target if target else 0.0),
        Formula(f"IF(G${total_row}=0,0,G{n}/G${total_row})", (area or 0.0) / total if total else 0.0),
        round(zone.min_m2, 2), round(zone.max_m2, 2), t("comma").join(filter(None, (held(zone), reviews))), zone.basis,
    ]  # fmt: skip


def held(zone: Zone) -> str:
    """Returns what a zone holds in words: windows, then furniture by kind."""
    counts: dict[str, int] = {}
    for part in zone.holdings:
        counts[part.kind] = counts.get(part.kind, 0) + part.count
    parts = [f"{_kind_name(kind)}×{n}" for kind, n in counts.items()]
    if zone.windows:
        parts.insert(0, t("windows_held", n=len(zone.windows), plates=t("comma").join(plate_runs(zone.windows))))
    return t("comma").join(parts)


def _reviews(office: Zone, programme: Programme) -> str:
    """Whose cases are reviewed in a back office, in words; "" where there are none."""
    counters = [zone.windows for zone in programme.zones if reviews_of(programme).get(zone.id) == office.id]
    plates = t("comma").join(plate for windows in counters for plate in plate_runs(windows))
    return t("reviewed_here", plates=plates) if plates else ""


def _families(sheet: Sheet, plan: Plan, zones: Sequence[Zone], rows: Sequence[Sequence[Cell]], table: Table) -> None:
    """Areas by kind of zone with a chart, then how the free area is used."""
    sheet.heading(t("by_family"))
    families = list(dict.fromkeys(zone_types()[zone.type].family for zone in zones))
    names, areas = table.column(2, is_outside=False), table.column(6, is_outside=False)
    by_family: list[list[Cell]] = []
    total = sum(value_of(row[6]) for row in rows)
    head = sheet.row
    for family in families:
        n, name = head + 2 + len(by_family), t(f"family_{family}")
        area = sum(value_of(row[6]) for row in rows if row[2] == name)
        by_family.append(
            [
                name,
                Formula(f"SUMIF({names},A{n},{areas})", area),
                Formula(f"IF(SUM({areas})=0,0,B{n}/SUM({areas}))", area / total if total else 0.0),
            ]
        )
    small = sheet.table(
        [Column(t("c_family"), 18), Column(t("c_placed"), 10, "one"), Column(t("c_share"), 9, "share")],
        by_family,
        sums=(1, 2),
    )
    chart = sheet.book.chart("doughnut")
    colours = ["#9DC3E6", "#F8CBAD", "#A9D18E", "#FFD966", "#C5A5CF", "#B4C7E7", "#BFBFBF", "#8FAADC", "#E2A9A9"]
    chart.add_series(
        {
            "name": t("by_family"),
            "categories": small.chart(0),
            "values": small.chart(1),
            "points": [{"fill": {"color": c}} for c in colours[: len(families)]],
            "data_labels": {"percentage": True, "leader_lines": True},
        }
    )
    chart.set_title({"name": t("by_family"), "name_font": {"size": 12}})
    chart.set_legend({"position": "right"})
    chart.set_size({"width": 560, "height": 300})
    sheet.work.insert_chart(head, 5, chart, {"x_offset": 10})
    _use(sheet, plan, table)
    sheet.row = max(sheet.row, head + 17)


def _use(sheet: Sheet, plan: Plan, table: Table) -> None:
    programme = plan.programme
    fixed = round(sum(zone.target_m2 for zone in programme.zones if zone.fixed_area is not None and not zone.needs), 2)
    target = sum(round(zone.target_m2, 2) for zone in programme.zones)
    sheet.heading(t("use_of_area"))
    r = sheet.row + 2
    free, ways = round(programme.free_m2, 2), round(programme.circulation_m2, 2)
    whole = table.sum(5).split("!")[-1]
    rows: list[list[Cell]] = [
        [t("use_free"), free],
        [t("use_zones"), Formula(f"{whole}-{fixed:g}", target - fixed)],
        [t("use_ways"), ways],
        [t("use_reserve"), Formula(f"B{r}-B{r + 1}-B{r + 2}", free - (target - fixed) - ways)],
    ]
    sheet.table([Column(t("c_what"), 18), Column(t("c_m2"), 10, "one")], rows)


def add_furniture(sheet: Sheet, plan: Plan, layout: Layout) -> Table:
    """Writes 家具设备表: every kind with its size, how many, and where they stand; then what did not fit."""
    columns = [
        Column(t("c_number"), 7, "int"), Column(t("c_name"), 20), Column(t("c_layer"), 12, "flag"), Column(t("c_width_mm"), 9, "int"),
        Column(t("c_depth_mm"), 9, "int"), Column(t("c_height_mm"), 9, "int"), Column(t("c_count"), 9, "int"), Column(t("c_where"), 80, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    names = {zone.id: zone.name for zone in plan.programme.zones}
    table = sheet.table(columns, _furniture_rows(layout, names), sums=(6,), has_filter=True, is_main=True)
    if layout.shortfalls:
        sheet.heading(t("shortfalls"))
        rows = [_shortfall_row(n, short, names) for n, short in enumerate(layout.shortfalls, 1)]
        heads = [Column(t("c_number"), 7, "int"), Column(t("c_zone"), 20), Column(t("c_kind"), 12), Column(t("c_asked"), 9, "int"),
                 Column(t("c_fitted"), 9, "int"), Column(t("c_missing"), 9, "int"), Column("", 9), Column(t("c_reason"), 80, "wrap")]  # fmt: skip
        sheet.table(heads, rows)
    return table


def _furniture_rows(layout: Layout, names: Mapping[str, str]) -> list[list[Cell]]:
    counts: dict[tuple[str, float, float, float], dict[str, int]] = {}
    for piece in layout.furniture:
        places = counts.setdefault((piece.kind, *piece.size_m, piece.height_m), {})
        places[piece.zone] = places.get(piece.zone, 0) + 1
    types, order = furniture_types(), list(furniture_types())
    rows: list[list[Cell]] = []
    for key in sorted(counts, key=lambda k: (order.index(k[0]) if k[0] in order else len(order), k)):
        where = t("comma").join(f"{names.get(zone, zone)}×{n}" for zone, n in sorted(counts[key].items()))
        layer = t(f"layer_{types[key[0]].layer}") if key[0] in types else ""
        sizes = [round(length * MM_PER_M) for length in key[1:]]
        rows.append([len(rows) + 1, _kind_name(key[0]), layer, *sizes, sum(counts[key].values()), where])
    return rows


def _kind_name(kind: str) -> str:
    types = furniture_types()
    return types[kind].name if kind in types else kind


def _shortfall_row(n: int, short: Shortfall, names: Mapping[str, str]) -> list[Cell]:
    missing = short.asked - short.placed
    return [
        n,
        names.get(short.zone, short.zone),
        _kind_name(short.kind),
        short.asked,
        short.placed,
        missing,
        None,
        short.reason,
    ]


def add_signs(sheet: Sheet, plan: Plan) -> None:
    """Writes 标识表: each sign with text, place in the drawing's metres, size and height."""
    columns = [
        Column(t("c_sign"), 8), Column(t("c_kind"), 12), Column(t("c_floor"), 8, "flag"), Column(t("c_text_zh"), 34, "wrap"),
        Column(t("c_text_en"), 34, "wrap"), Column(t("c_back"), 34, "wrap"), Column(t("c_char_mm"), 8, "int"), Column(t("c_mount"), 9, "flag"), Column(t("c_height_m"), 9, "two"),
        Column(t("c_width_m"), 9, "two"), Column(t("c_double"), 8, "flag"), Column(t("c_existing_sign"), 8, "flag"),
        Column("X (m)", 11, "two"), Column("Y (m)", 11, "two"), Column(t("c_facing"), 9, "int"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns), paper=A3)
    rows: list[list[Cell]] = []
    for sign in plan.alternatives[0].signs.signs if plan.alternatives else ():
        frame = plan.site.floor(sign.floor).frame
        x, y = frame.point_to_drawing_m(sign.at)
        rows.append(
            [
                sign.id, _sign_kind(sign.kind), plan.site.floor(sign.floor).title, sign.text_zh, sign.text_en, _back(sign), round(sign.char_mm), t(f"mount_{sign.mount}"),
                round(sign.height_m, 3), round(sign.width_m, 3), t("yes") if sign.is_double else "", t("yes") if sign.is_existing else "",
                round(x, 3), round(y, 3), round((sign.facing_deg + frame.rotation_deg) % 360),
            ]
        )  # fmt: skip
    sheet.table(columns, rows, has_filter=True, is_main=True)


def _back(sign: Sign) -> str:
    """What the back says: nothing, the same as the front, or its own text in both languages."""
    if not sign.is_double:
        return ""
    return f"{sign.back_zh}\n{sign.back_en}" if sign.back_names else t("same_as_front")


def _sign_kind(kind: str) -> str:
    return t(f"kind_{kind}") if f"kind_{kind}" in read_data("messages/workbook.toml") else kind


def add_alternatives(sheet: Sheet, plan: Plan) -> None:
    """Writes 方案对比: score by part, areas by zone, and what each layout holds, one column a layout."""
    layouts = [alternative.layout for alternative in plan.alternatives]
    heads = [Column(t("alternative", n=n, name=layout.name), 22, "two") for n, layout in enumerate(layouts, 1)]
    sheet.open(n_columns=1 + len(heads))
    parts = list(dict.fromkeys(part.id for layout in layouts for part in layout.parts))
    costs = [[_part_name(id), *(_part(layout, id, "cost") for layout in layouts)] for id in parts]
    sheet.heading(t("scores"))
    table = sheet.table([Column(t("c_part"), 30), *heads], costs, sums=range(1, 1 + len(layouts)), is_main=True)
    _score_chart(sheet, table, len(parts), len(layouts))
    sheet.heading(t("raw_values"))
    sheet.table(
        [Column(t("c_part"), 30), *heads],
        [[_part_name(id), *(_part(layout, id, "value") for layout in layouts)] for id in parts],
    )
    sheet.heading(t("facts"))
    sheet.table([Column(t("c_what"), 30), *(Column(h.title, h.width, "int") for h in heads)], _facts(plan, layouts))
    sheet.heading(t("areas_by_alternative"))
    rows: list[list[Cell]] = []
    for zone in plan.programme.zones:
        areas = ({placed.zone: placed.area_m2 for placed in layout.zones}.get(zone.id) for layout in layouts)
        rows.append([zone.name, *(round(area, 2) if area is not None else None for area in areas)])
    sheet.table(
        [Column(t("c_zone"), 30), *(Column(h.title, h.width, "one") for h in heads)],
        rows,
        sums=range(1, 1 + len(layouts)),
    )


def _score_chart(sheet: Sheet, table: Table, n_parts: int, n_layouts: int) -> None:
    if not n_parts or not n_layouts:
        return
    chart = sheet.book.chart("bar", "stacked")
    for row in range(table.first, table.first + n_parts):
        heads = [sheet.name, table.first - 1, 1, table.first - 1, n_layouts]
        values = [sheet.name, row, 1, row, n_layouts]
        chart.add_series({"name": [sheet.name, row, 0], "categories": heads, "values": values, "gap": 60})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#E3E8EE"}}})
    chart.set_title({"name": t("scores"), "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 260 + 160 * n_layouts, "height": 240})
    sheet.work.insert_chart(sheet.row, 0, chart, {"x_offset": 4})
    sheet.row += 13


def _part_name(id: str) -> str:
    return word("part", id) if id in read_data("terms.toml").get("part", {}) else id


def _part(layout: Layout, id: str, which: str) -> Cell:
    return next((round(float(getattr(part, which)), 3) for part in layout.parts if part.id == id), None)


def _facts(plan: Plan, layouts: Sequence[Layout]) -> list[list[Cell]]:
    seats = [len(layout.of_kind("chair")) for layout in layouts]
    counters = [
        len({piece.window for piece in layout.furniture if piece.window and piece.kind.startswith("counter")})
        for layout in layouts
    ]
    fails = [sum(f.status == "fail" for f in alternative.findings) for alternative in plan.alternatives]
    walls = [round(sum(line.length for line in layout.demolished)) for layout in layouts]
    gaps = [None if layout.gap is None else round(100 * layout.gap) for layout in layouts]
    return [
        [t("fact_counters"), *counters], [t("fact_seats"), *seats], [t("fact_demolished"), *walls],
        [t("fact_fails"), *fails], [t("fact_shortfalls"), *(len(layout.shortfalls) for layout in layouts)], [t("fact_gap"), *gaps],
    ]  # fmt: skip
