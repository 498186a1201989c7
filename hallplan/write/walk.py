"""The strip of a walk: plan views along a route with what is read from each place, as one SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from hallplan.model.flow import Route
from hallplan.model.plan import Alternative, Plan
from hallplan.scene import build_scene
from hallplan.scene.primitives import Scene, SheetKind
from hallplan.scene.walk import Moment, moments, walked_route
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.write.fonts import FAMILY, embedded_font, text_width
from hallplan.write.svg import scene_characters, svg_text

EVERY_M = 8.0
VIEW_M = 11.0
PANEL_MM = 92.0
GAP_MM = 6.0
PER_ROW = 5
HEAD_MM = 12.0
CAPTION_MM = 14.0
KEYS = {"view": "#1f66b0", "telling": "#0b7a55", "other": "#8d97a1", "none": "#d7261e"}
"""Colours of the field of view, of signs that tell the way and others, and of words where none does."""


def write_walk(plan: Plan, number: int, kind: str, folder: Path, settings: Settings) -> Path:
    """Writes walk-KIND.svg: a view every few metres; raises InputError when there is no such kind."""
    del settings
    alternative = plan.alternative(number)
    route = walked_route(alternative, kind)
    path = folder / f"walk-{route.kind}.svg"
    path.write_text(walk_svg(plan, number, route), "utf-8", newline="\n")
    return path


def walk_svg(plan: Plan, number: int, route: Route) -> str:
    """Returns the strip of a route as SVG text."""
    alternative = plan.alternative(number)
    shown = list(moments(alternative, route, EVERY_M))
    scenes = {floor: build_scene(plan, number, floor, SheetKind.FURNITURE) for floor in {m.floor for m in shown}}
    names = _names(plan)
    panels = [_panel(n, moment, scenes[moment.floor], alternative, names) for n, moment in enumerate(shown)]
    rows = math.ceil(len(shown) / PER_ROW)
    width = PER_ROW * (PANEL_MM + GAP_MM) + GAP_MM
    height = rows * (PANEL_MM + CAPTION_MM + GAP_MM) + HEAD_MM + GAP_MM
    title = text("scene.walk_title", name=route.name, length=f"{route.length_m:.0f}")
    legend = _legend(title)
    letters = title + legend + "".join(panels) + "".join(scene_characters(scene) for scene in scenes.values())
    defs = "".join(
        f'<symbol id="plan-{floor}" overflow="visible">{_inner(scene, floor)}</symbol>'
        for floor, scene in sorted(scenes.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:g}mm" '
        f'height="{height:g}mm" viewBox="0 0 {width:g} {height:g}" font-family="{FAMILY}, sans-serif">'
        f"<title>{escape(title)}</title><style>{embedded_font(letters)}</style><defs>{defs}</defs>"
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>'
        f'<text x="{GAP_MM}" y="{HEAD_MM - 3:g}" font-size="6" fill="#1d2935">{escape(title)}</text>{legend}{"".join(panels)}</svg>\n'
    )


def _legend(title: str) -> str:
    """What the colours of the panels mean, behind the title."""
    x, y, parts = GAP_MM + text_width(title, 6.0) + 10.0, HEAD_MM - 5.0, []
    for key, colour in KEYS.items():
        words = text(f"scene.walk_key_{key}")
        if key == "view":
            parts.append(f'<path d="M{x:g} {y:g}l8 -4.2v8.4z" fill="{colour}" opacity="0.25"/>')
        else:
            dash = "" if key == "none" else ' stroke-dasharray="2 1"'
            parts.append(f'<path d="M{x:g} {y:g}h8" stroke="{colour}" stroke-width="0.8"{dash}/>')
        parts.append(f'<text x="{x + 10:g}" y="{y + 1.5:g}" font-size="4" fill="#1d2935">{escape(words)}</text>')
        x += 16.0 + text_width(words, 4.0)
    return "".join(parts)


def _inner(scene: Scene, floor: str) -> str:
    drawn = svg_text(scene, embed_font=False, id_prefix=f"w{floor}", leave_out=frozenset({"head", "legend", "north"}))
    return drawn[drawn.index("</title>") + len("</title>") : drawn.rindex("</svg>")]


def _names(plan: Plan) -> dict[str, str]:
    return {zone.id: zone.name for zone in plan.programme.zones}


def goal_name(goal: str, names: dict[str, str]) -> str:
    """Returns what a goal is called: a zone's name, or the way out."""
    return text("signs.way_out") if goal.startswith("door:") else names.get(goal, goal)


def to_paper(scene: Scene, at: Sequence[float]) -> tuple[float, float]:
    """Returns a place in mm of a scene's SVG, y downwards."""
    k = 1000.0 / scene.scale
    return round((at[0] - scene.bounds[0]) * k, 2), round((scene.bounds[3] - at[1]) * k, 2)


def _panel(n: int, moment: Moment, scene: Scene, alternative: Alternative, names: dict[str, str]) -> str:
    left = GAP_MM + (n % PER_ROW) * (PANEL_MM + GAP_MM)
    top = HEAD_MM + (n // PER_ROW) * (PANEL_MM + CAPTION_MM + GAP_MM)
    k = 1000.0 / scene.scale
    x, y = to_paper(scene, moment.at)
    ahead = VIEW_M * 0.4 * k
    turn = math.radians(moment.heading_deg)
    cx, cy, half = x + math.cos(turn) * ahead, y - math.sin(turn) * ahead, VIEW_M * k
    box = f"{cx - half:.2f} {cy - half:.2f} {2 * half:.2f} {2 * half:.2f}"
    label = text("scene.walk_moment", along=f"{moment.along_m:.0f}", goal=goal_name(moment.goal, names))
    is_told = bool(moment.telling) or moment.is_there
    captions = _captions([label] if is_told else [label, text("scene.walk_none")], left, top + PANEL_MM)
    signs = "".join(
        _line(sign, scene, (x, y), sign.id in moment.telling)
        for sign in alternative.signs.signs
        if sign.id in moment.read
    )
    return (
        f'<svg x="{left:g}" y="{top:g}" width="{PANEL_MM:g}" height="{PANEL_MM:g}" viewBox="{box}">'
        f'<use xlink:href="#plan-{moment.floor}"/>{signs}{_walker(x, y, moment.heading_deg)}</svg>'
        f'<rect x="{left:g}" y="{top:g}" width="{PANEL_MM:g}" height="{PANEL_MM:g}" fill="none" stroke="#b9c2cb" stroke-width="0.3"/>'
        f"{captions}"
    )


def _captions(lines: Sequence[str], left: float, top: float) -> str:
    """Lines under a panel, as wide as it at most; two where no next sign is read, in red."""
    colour = "#1d2935" if len(lines) == 1 else "#d7261e"
    sizes = [min(4.4, 4.4 * PANEL_MM / max(text_width(line, 4.4), 1e-9)) for line in lines]
    return "".join(
        f'<text x="{left:g}" y="{top + 6 + 5 * n:g}" font-size="{size:.2f}" fill="{colour}">{escape(line)}</text>'
        for n, (line, size) in enumerate(zip(lines, sizes, strict=True))
    )


def _line(sign: Any, scene: Scene, eye: tuple[float, float], is_telling: bool) -> str:
    x, y = to_paper(scene, sign.at)
    colour = "#0b7a55" if is_telling else "#8d97a1"
    words = (
        f'<text x="{x:g}" y="{y - 3.5:g}" font-size="3.2" text-anchor="middle" fill="{colour}">{escape(sign.id)}</text>'
    )
    return (
        f'<line x1="{eye[0]:g}" y1="{eye[1]:g}" x2="{x:g}" y2="{y:g}" stroke="{colour}" stroke-width="0.5" stroke-dasharray="2 1"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="1.8" fill="{colour}"/>{words}'
    )


def _walker(x: float, y: float, heading: float) -> str:
    return (
        f'<g transform="translate({x:g} {y:g}) rotate({-heading:.1f})"><path d="M0 0L22 -38.1A44 44 0 0 1 22 38.1Z" '
        'fill="#1f66b0" opacity="0.10"/><path d="M5 0L-3 -3L-1.5 0L-3 3Z" fill="#d7261e" stroke="#ffffff" stroke-width="0.4"/></g>'
    )
