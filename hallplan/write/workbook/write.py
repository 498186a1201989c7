"""The sheets in their order."""

from __future__ import annotations

from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from hallplan.errors import OutputError
from hallplan.model.plan import Plan
from hallplan.terms import text
from hallplan.write.workbook.adjusting import add_adjusting
from hallplan.write.workbook.basis import add_basis
from hallplan.write.workbook.book import Book, Sheet
from hallplan.write.workbook.changes import add_changes
from hallplan.write.workbook.chapters import CHAPTER_SHEETS, chapter_sheets
from hallplan.write.workbook.demand import add_assumptions, add_items
from hallplan.write.workbook.openings import add_busy, add_openings
from hallplan.write.workbook.roster import add_duties, add_roster
from hallplan.write.workbook.skills import add_skills
from hallplan.write.workbook.summary import Tables, add_cover, add_findings, add_indicators
from hallplan.write.workbook.types import add_scenarios, add_types
from hallplan.write.workbook.windows import add_window_list, add_windows
from hallplan.write.workbook.zones import add_alternatives, add_areas, add_furniture, add_signs

SHEETS = {
    "cover": "#1F4E79", "indicators": "#1F4E79", "areas": "#548235", "windows": "#2E75B6", "list": "#2E75B6", "items": "#2E75B6",
    "openings": "#2E75B6", "duties": "#2E75B6", "roster": "#2E75B6", "skills": "#2E75B6", "busy": "#2E75B6", "adjusting": "#2E75B6", "changes": "#2E75B6", "scenarios": "#2E75B6", "types": "#2E75B6", "furniture": "#548235", "signs": "#548235", "findings": "#C55A11",
    "alternatives": "#C55A11", **dict.fromkeys(CHAPTER_SHEETS, "#8064A2"), "basis": "#7F7F7F", "assumptions": "#7F7F7F",
}  # fmt: skip
"""Sheets by key with the colour of their tab: summary, hall, windows, checks, basis."""

HALL_SHEETS = ("indicators", "areas", "furniture", "signs", "findings", "alternatives")
"""Sheets that only a plan with a layout has; `windows` alone writes the others."""


def write_plan_workbook(plan: Plan, path: Path) -> None:
    """Writes plan.xlsx in the current language, the same bytes for the same plan.

    Raises OutputError when the file cannot be written.
    """
    book = Book(path, plan.title, plan.created, plan.generator)
    staffing = plan.windows.staffing
    lacking: dict[str, object] = {
        "changes": plan.demand.existing,
        "scenarios": plan.windows.scenarios,
        "types": plan.windows.choice,
        "adjusting": plan.windows.adjusting,
        **dict.fromkeys(("roster", "duties"), staffing),
        "skills": staffing and staffing.review,
    }
    keys = [key for key in SHEETS if lacking.get(key, True)]
    keys = [key for key in keys if plan.alternatives or key not in HALL_SHEETS]
    there = chapter_sheets(plan.services)
    keys = [key for key in keys if key not in CHAPTER_SHEETS or key in there]
    sheets = {key: book.sheet(key, SHEETS[key]) for key in keys}
    _fill(sheets, plan)
    try:
        book.close()
    except FileCreateError as error:
        raise OutputError.at(path.name, text("folder.cannot_write", reason=str(error))) from error


def _fill(sheets: dict[str, Sheet], plan: Plan) -> None:
    items = add_items(sheets["items"], plan)
    windows = add_windows(sheets["windows"], plan, items)
    listed = add_window_list(sheets["list"], plan)
    opened, come = add_openings(sheets["openings"], plan)
    add_busy(sheets["busy"], plan, opened, come)
    if "roster" in sheets:
        add_roster(sheets["roster"], plan, add_duties(sheets["duties"], plan))
    if "skills" in sheets:
        add_skills(sheets["skills"], plan)
    if "adjusting" in sheets:
        add_adjusting(sheets["adjusting"], plan)
    if "changes" in sheets:
        add_changes(sheets["changes"], plan)
    if "scenarios" in sheets:
        add_scenarios(sheets["scenarios"], plan.windows)
    if "types" in sheets:
        add_types(sheets["types"], plan.windows)
    add_basis(sheets["basis"])
    add_assumptions(sheets["assumptions"], plan)
    if plan.alternatives:
        areas = add_areas(sheets["areas"], plan)
        furniture = add_furniture(sheets["furniture"], plan, plan.alternatives[0].layout)
        add_signs(sheets["signs"], plan)
        findings = add_findings(sheets["findings"], plan)
        add_alternatives(sheets["alternatives"], plan)
        add_indicators(sheets["indicators"], plan, Tables(areas, windows, listed, opened, items, furniture, findings))
    for key, fill in chapter_sheets(plan.services).items():
        fill(sheets[key])
    add_cover(sheets["cover"], plan, [sheet for key, sheet in sheets.items() if key != "cover"])
