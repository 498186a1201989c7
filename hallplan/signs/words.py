"""Texts on signs in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Layout, PlacedZone
from hallplan.terms import read_data, speaking, text

ARROWS = {"ahead": "↑", "left": "←", "right": "→", "back": "↓"}


def both(key: str, **values: object) -> tuple[str, str]:
    """Returns a text of the messages in Chinese and in English."""
    with speaking("zh"):
        chinese = text(key, **values)
    with speaking("en"):
        return chinese, text(key, **values)


def zone_words(zone: PlacedZone, names: Mapping[str, str], layout: Layout) -> tuple[str, str]:
    """Returns what a zone is called on its sign, with its window numbers where it has counters."""
    kind = zone_types()[zone.type]
    chinese = names.get(zone.zone, kind.zh)
    windows = sorted({piece.window for piece in layout.furniture if piece.zone == zone.zone and piece.window})
    if len(windows) < 2:
        return chinese, kind.en
    ends = {"first": windows[0], "last": windows[-1]}
    if ends["first"] in chinese:
        return chinese, both("signs.windows", name=kind.en, **ends)[1]
    return both("signs.windows", name=chinese, **ends)[0], both("signs.windows", name=kind.en, **ends)[1]


def goal_words(goal: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Returns what a goal is called on a direction sign: a zone, or the way out."""
    if goal.startswith("door:"):
        return both("signs.way_out")
    return brief(names.get(goal, goal)), zone_types()[goal.rsplit("-", 1)[0]].en


def with_floor(words: tuple[str, str], level: int) -> tuple[str, str]:
    """Returns what a goal on another floor is called: 2F 增值服务区; a name that tells its floor already stays."""
    chinese, english = words
    label = f"{level}F" if level > 0 else f"B{-level or 1}"
    told = chinese.startswith((label, f"{level}层", f"{level}楼"))
    return (chinese if told else f"{label} {chinese}"), f"{label} {english}"


def brief(name: str) -> str:
    """Returns a name with a list in brackets at its end cut to what a panel holds: 专业窗口区（婚姻登记、税务等）."""
    most = int(read_data("signs.toml")["place"]["most_letters"])
    head, bracket, listed = name.rstrip("）").partition("（")
    parts = listed.split("、")
    if len(name) <= most or not bracket or len(parts) < 3:
        return name
    kept = 2
    while kept < len(parts) and len(f"{head}（{'、'.join(parts[: kept + 1])}等）") <= most:
        kept += 1
    return f"{head}（{'、'.join(parts[:kept])}等）"
