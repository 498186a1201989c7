"""岗位与能力: who can sit where with live counts, single points, entry and exit, training gaps."""

from __future__ import annotations

from hallplan.model.plan import Plan
from hallplan.model.staff import StaffPlan, StaffReview
from hallplan.write.workbook.book import A3, Cell, Column, Formula, Sheet, Table, column_name
from hallplan.write.workbook.words import t

CAN = "●"
FIRST_TYPE = 3
"""Column of the first window type."""


def add_skills(sheet: Sheet, plan: Plan) -> None:
    """Writes the matrix of people by window types, its sums, and what the review found."""
    staff = plan.windows.staffing
    if staff is None or staff.review is None:
        raise ValueError("the plan has no review of its staff")
    kinds = plan.windows.types
    sheet.open(n_columns=FIRST_TYPE + len(kinds), paper=A3)
    table = _matrix(sheet, plan, staff)
    _sums(sheet, staff, staff.review, table)
    names = {kind.id: kind.name for kind in kinds}
    _lists(sheet, staff.review, names)
    sheet.lines(staff.review.words, width=FIRST_TYPE + 4)


def _matrix(sheet: Sheet, plan: Plan, staff: StaffPlan) -> Table:
    kinds = plan.windows.types
    natures = {member.id: member.nature for member in plan.demand.staff}
    columns = [
        Column(t("c_staff_number"), 18), Column(t("c_post"), 34), Column(t("c_nature"), 12),
        *(Column(kind.name, 12, "flag") for kind in kinds),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [p.id, p.post, natures.get(p.id, ""), *(CAN if kind.id in p.types else "" for kind in kinds)]
        for p in staff.roster.people
    ]
    table = sheet.table(columns, rows, is_main=True)
    look = {"type": "cell", "criteria": "==", "value": f'"{CAN}"', "format": sheet.book.format(bg_color="#D9EAD3")}
    sheet.work.conditional_format(table.first, FIRST_TYPE, table.last, FIRST_TYPE + len(kinds) - 1, look)
    return table


def _sums(sheet: Sheet, staff: StaffPlan, review: StaffReview, table: Table) -> None:
    """Able, wanted and missing below the matrix; what is missing turns red."""
    sheet.row = table.last + 1
    look = {"bold": True, "bg_color": "#E6EDF5"}
    able = [sum(cover.type in person.types for person in staff.roster.people) for cover in review.types]
    for offset, key in enumerate(("skills_able", "skills_wanted", "skills_missing", "skills_items")):
        row = sheet.row + offset
        for column in range(FIRST_TYPE):
            sheet.write(row, column, t(key) if column == 0 else None, sheet.cell_format("text", **look))
        for n, cover in enumerate(review.types):
            at = column_name(FIRST_TYPE + n)
            cells: list[Cell] = [
                Formula(f'COUNTIF({at}{table.first + 1}:{at}{table.last + 1},"{CAN}")', able[n]),
                cover.wanted,
                Formula(f"MAX(0,{at}{sheet.row + 2}-{at}{sheet.row + 1})", max(cover.wanted - able[n], 0)),
                cover.items,
            ]
            sheet.write(row, FIRST_TYPE + n, cells[offset], sheet.cell_format("int", **look))
    red = {"type": "cell", "criteria": ">", "value": 0, "format": sheet.book.format(bg_color="#F4B6B0")}
    line = sheet.row + 2
    sheet.work.conditional_format(line, FIRST_TYPE, line, FIRST_TYPE + len(review.types) - 1, red)
    sheet.row += 5


def _lists(sheet: Sheet, review: StaffReview, names: dict[str, str]) -> None:
    comma = t("comma")
    singles: list[list[Cell]] = [
        [names[p.type], comma.join(p.items), p.person or t("nobody")] for p in review.single_points
    ]
    training: list[list[Cell]] = [[names.get(g.type, ""), g.words, comma.join(g.people)] for g in review.training]
    changes: list[list[Cell]] = [
        [c.date, comma.join(names[id] for id in c.short), f"{c.id} {t(f'change_{c.kind}')}"] for c in review.changes
    ]
    for heading, titles, rows in (
        ("skills_single", ("c_type", "c_what_items", "c_person"), singles),
        ("skills_training", ("c_type", "c_what", "c_whom"), training),
        ("skills_changes", ("c_date", "c_short_types", "c_kind_change"), changes),
    ):
        if rows:
            sheet.heading(t(heading))
            widths = (18, 24, 12)
            sheet.table([Column(t(title), width, "wrap") for title, width in zip(titles, widths, strict=True)], rows)
