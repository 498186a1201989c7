"""Which groups of lines on a sheet are plans of floors, what they are called and in which order they stand."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from hallplan.read.drawing.linework import Floats, Label
from hallplan.read.drawing.outline import clusters, turn_of
from hallplan.read.drawing.vocabulary import matches, pattern, sizes

_DIGITS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)}

_SCALE = re.compile(r"[\s(（]*(?:(?:比例|scale)\s*[:：]?\s*)?1\s*[:：/]\s*[0-9]+\s*[)）]?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One plan on the sheet: its lines (indices), box in metres, title and level (None when no title tells)."""

    lines: NDArray[np.int64]
    box: tuple[float, float, float, float]
    title: str
    level: int | None


def find_sheets(segments: Floats, labels: Sequence[Label], rings: Sequence[Polygon] = ()) -> list[Sheet]:
    """Returns the plans among groups of building lines (n, 4) in metres, in floor order.

    rings: closed lines on area layers; what one of them holds together is one plan.
    """
    rules = sizes("outline")
    squared, level_labels = _squared(segments, labels)
    groups = _held_together(clusters(squared, rules["apart_m"]), segments, rings)
    groups = _without_nested(groups, squared)
    boxes = [_box(squared[group]) for group in groups]
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in boxes]
    sheets = []
    for group, box, area in zip(groups, boxes, areas, strict=True):
        if len(group) < 4 or area < max(rules["least_m2"], rules["plan_share"] * max(areas)):
            continue
        title = _title(box, level_labels)
        if title and matches("titles", "not_plan", title) and not matches("titles", "plan", title):
            continue
        sheets.append(Sheet(group, _box(segments[group]), title, level_of(title)))
    sheets.sort(key=lambda s: (s.level is None, s.level or 0, round(s.box[0]), -round(s.box[3])))
    upper = max((sheet.level for sheet in sheets if sheet.level is not None), default=1) + 1
    return [replace(s, level=upper) if s.level is None and matches("levels", "typical", s.title) else s for s in sheets]


def _held_together(
    groups: Sequence[NDArray[np.int64]], segments: Floats, rings: Sequence[Polygon]
) -> list[NDArray[np.int64]]:
    """Returns the groups with those joined that one closed line holds and fills about as far as it reaches."""
    rules, out = sizes("outline"), list(groups)
    middles = shapely.points((segments[:, :2] + segments[:, 2:]) / 2)
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    for ring in rings:
        around = shapely.buffer(ring, 0.2)
        shapely.prepare(around)
        held = lengths * shapely.contains(around, middles)
        inside = [n for n, g in enumerate(out) if held[g].sum() >= rules["ring_cover"] * lengths[g].sum()]
        hulls = (shapely.convex_hull(shapely.multipoints(segments[out[n]].reshape(-1, 2))) for n in inside)
        if len(inside) > 1 and ring.area < rules["ring_most"] * sum(hull.area for hull in hulls):
            joined = np.sort(np.concatenate([out[n] for n in inside]))
            out = [joined, *(group for n, group in enumerate(out) if n not in inside)]
    return out


def _without_nested(groups: Sequence[NDArray[np.int64]], segments: Floats) -> list[NDArray[np.int64]]:
    """Returns the groups with those that lie within the box of another joined to it: inner walls are no plan of their own."""
    boxes = [shapely.box(*_box(segments[group])) for group in groups]
    out: dict[int, list[NDArray[np.int64]]] = {}
    order = sorted(range(len(groups)), key=lambda n: -boxes[n].area)
    for n in order:
        host = next((m for m in out if boxes[m].buffer(0.5).covers(boxes[n])), n)
        out.setdefault(host, []).append(groups[n])
    return [np.sort(np.concatenate(parts)) for parts in out.values()]


def _squared(segments: Floats, labels: Sequence[Label]) -> tuple[Floats, list[Label]]:
    """Returns lines and texts in the axes of the building, from its corner, so that where it lies does not matter."""
    if not len(segments):
        return segments, list(labels)
    turn = math.radians(turn_of(segments))
    x, y = math.cos(turn), math.sin(turn)
    axes = np.array([[x, -y], [y, x]])
    points = segments.reshape(-1, 2) @ axes
    corner = points.min(axis=0)
    places = np.array([label.at for label in labels]).reshape(-1, 2) @ axes - corner
    moved = [replace(label, at=(px, py)) for label, (px, py) in zip(labels, places.tolist(), strict=True)]
    return np.asarray(points - corner).reshape(-1, 4), moved


def _box(segments: Floats) -> tuple[float, float, float, float]:
    points = segments.reshape(-1, 2)
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return x0, y0, x1, y1


def _title(box: tuple[float, float, float, float], labels: Sequence[Label]) -> str:
    """Returns the drawing title nearest below or above a plan."""
    x0, y0, x1, y1 = box
    reach = max(0.5 * max(x1 - x0, y1 - y0), sizes("titles")["reach_m"])
    found = []
    for label in labels:
        words = _SCALE.sub("", label.words.splitlines()[0]).strip(" \u3000-\u2013\u2014")
        told = _without_notes(words)
        if not (matches("titles", "plan", told) or matches("titles", "not_plan", told) or level_of(told) is not None):
            continue
        x, y = label.at
        off = max(x0 - x, x - x1, 0.0) + max(y0 - y, y - y1, 0.0)
        is_inside = off == 0.0
        if off < reach and not (is_inside and not matches("titles", "plan", words)):
            found.append((not matches("titles", "plan", words), round(off, 2), -label.height, words))
    return min(found)[3] if found else ""


def _without_notes(words: str) -> str:
    """Returns a text without what it notes by the way, "" where it is a note itself: "roof below", "see detail 3"."""
    if matches("titles", "note", words):
        return ""
    told = pattern("titles", "bracketed").sub(
        lambda found: "" if matches("titles", "refers", found[0]) else found[0], words
    )
    refers = pattern("titles", "refers").search(told)
    return told[: refers.start()] if refers else told


def level_of(title: str) -> int | None:
    """Returns the storey that a title names, 1 for the ground floor, None when it names none."""
    if not title:
        return None
    if matches("levels", "ground", title):
        return 1
    for name in ("basement", "zh", "code"):
        found = pattern("levels", name).search(title)
        if found:
            value = _number(next(group for group in found.groups() if group))
            return -value if name == "basement" else value
    for name, level in sizes("levels")["words"].items():
        if re.search(rf"\b{name}\b\s+(floor|level)", title, re.IGNORECASE):
            return int(level)
    return None


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    if "十" in words:
        tens, ones = words.split("十", 1)
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return _DIGITS.get(words[0], 1)
