"""The page: one self-contained file that says what was planned, and why."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from hallplan.model.plan import Plan
from hallplan.scene import SheetKind, build_scene, sheets_of
from hallplan.settings import Settings
from hallplan.terms import language, text
from hallplan.write.fonts import subset_font
from hallplan.write.page import tables
from hallplan.write.page.chapters import chapter_sections
from hallplan.write.page.reasons import zone_table
from hallplan.write.page.running import running_section, windows_section
from hallplan.write.page.standing import standing_parts
from hallplan.write.page.walk import walk_data
from hallplan.write.svg import svg_text
from hallplan.write.templates import environment, template_folder

SECTIONS = (
    "drawings",
    "zones",
    "windows",
    "changes",
    "principles",
    "alternatives",
    "routes",
    "findings",
    "assumptions",
)
SHEETS = (SheetKind.FURNITURE, SheetKind.ZONING, SheetKind.FLOW, SheetKind.SIGNS, SheetKind.SIGHT)


def write_page(plan: Plan, path: Path, settings: Settings) -> None:
    """Writes the report of a plan's best alternative, comparing all, as one HTML file without outside references."""
    del settings
    _render("report.html.j2", _context(plan), path)


def write_chapter_page(plan: Plan, path: Path, chapter: str) -> None:
    """Writes one of chapters 7 to 9 (items, equip, systems) as one HTML file without outside references."""
    sections = [section for section in chapter_sections(plan) if section.id == chapter]
    _render("chapters.html.j2", {"plan": plan, "lang": _lang(), "sections": sections}, path)


def write_windows_page(plan: Plan, path: Path) -> None:
    """Writes window types, openings, proof, shifts, roster, rules for the day and scenarios as one HTML file."""
    running = running_section(plan)
    sections = [windows_section(plan), *([running] if running else [])]
    _render("chapters.html.j2", {"plan": plan, "lang": _lang(), "sections": sections}, path)


def _render(name: str, context: dict[str, Any], path: Path) -> None:
    template = environment().get_template(name)
    draft = template.render(**context, font_data="", font_format="woff")
    font = base64.b64encode(subset_font(set(draft))).decode("ascii")
    path.write_text(template.render(**context, font_data=font, font_format="ttf"), "utf-8", newline="\n")


def _lang() -> str:
    return "zh-CN" if language() == "zh" else "en"


def _context(plan: Plan) -> dict[str, Any]:
    best = plan.alternatives[0]
    changes = tables.change_table(plan)
    running = running_section(plan)
    chapters = [*([running] if running else []), *chapter_sections(plan)]
    sections = [id for id in SECTIONS if id != "changes" or changes.rows]
    sections[-1:] = [*(section.id for section in chapters), sections[-1]]
    context: dict[str, Any] = {
        "plan": plan,
        "best": best,
        "lang": _lang(),
        "chapters": chapters,
        "sections": sections,
        "cards": tables.cards(plan),
        "drawings": _drawings(plan),
        "zones": zone_table(plan),
        "prices": plan.programme.prices,
        "windows": tables.window_table(plan),
        "windows_note": tables.windows_note(plan),
        "openings": tables.opening_grid(plan),
        "changes": changes,
        "changes_note": tables.changes_note(plan),
        "principles": tables.principle_table(plan),
        "alternatives": tables.alternative_table(plan),
        "routes": tables.route_table(plan),
        "walk": _walk(plan),
        "failed": tables.finding_table(plan, is_failed=True),
        "rest": tables.finding_table(plan, is_failed=False),
        "findings_note": tables.findings_note(plan),
        "assumptions": tables.assumption_table(plan),
        "reading": tables.reading_table(plan),
        "settings": tables.settings_table(plan),
        "zones_note": text("page.zones_note"),
        "kind": text("page.title"),
        "subtitle": text("page.subtitle", date=plan.created, drawing=plan.site.source, workbook=plan.demand.source),
    }
    return context | (standing_parts(plan, context) if plan.stands else {})


def _walk(plan: Plan) -> dict[str, Any]:
    """The walks, drawn over the furniture plans that the page shows."""
    shown = enumerate(_shown(plan))
    script = (template_folder() / "walk.js").read_text("utf-8")
    return walk_data(plan, {floor: f"s{n}" for n, (floor, sheet) in shown if sheet is SheetKind.FURNITURE}, script)


def _shown(plan: Plan) -> list[tuple[str, SheetKind]]:
    """The sheets of the best alternative in the order of the page."""
    used = {zone.floor for zone in plan.alternatives[0].layout.zones}
    floors = [floor.id for floor in plan.site.floors if floor.id in used]
    return [(floor, sheet) for floor in floors for sheet in SHEETS if sheet in sheets_of(plan, 1, floor)]


def _drawings(plan: Plan) -> list[dict[str, str]]:
    """The sheets of the best alternative, floor by floor, as SVG that leaves its font to the page."""
    drawings: list[dict[str, str]] = []
    shown = _shown(plan)
    floors = {floor for floor, _ in shown}
    for floor, sheet in shown:
        scene = build_scene(plan, 1, floor, sheet)
        name = text(f"page.sheet_{sheet.value}")
        name = f"{plan.site.floor(floor).title} {name}" if len(floors) > 1 else name
        drawings.append({"name": name, "svg": svg_text(scene, embed_font=False, id_prefix=f"s{len(drawings)}")})
    return drawings
