"""What one drawing unit is, by evidence in the geometry before the header."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from hallplan.read.drawing.doors import swings
from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Linework
from hallplan.read.drawing.symbols import rectangle_sides
from hallplan.read.drawing.vocabulary import pattern, sizes, span
from hallplan.terms import text
from hallplan.units import INSUNITS, METRES_PER, Unit

Floats = NDArray[np.float64]


class Sentence(Protocol):
    """Says a piece of evidence for a size of the unit in metres."""

    def __call__(self, metres: float, /) -> str: ...


Vote = tuple[str, float, dict[Unit, float], Sentence]
"""A piece of evidence: name, weight, share of it that agrees with each unit, and how to say it."""

_NUMBER = re.compile(r"^\D{0,2}(\d+(?:\.\d+)?)\s*(mm|cm|m)?$", re.IGNORECASE)

_BARE = re.compile(r"^\d{1,3}(?:\.\d+)?$")


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """The unit, the sentences that support it, and what contradicts it.

    contradiction: the evidence under which no unit makes sense, "" in all but hopeless drawings.
    """

    unit: Unit
    evidence: tuple[str, ...]
    warnings: tuple[str, ...]
    confidence: float
    contradiction: str = ""


def find_unit(work: Linework, kinds: LayerKinds, header: int | None, chosen: Unit | None) -> UnitFinding:
    """Returns the drawing's unit. `header` is $INSUNITS; `chosen`, the user's setting, wins."""
    stated = INSUNITS.get(header or 0)
    votes = _votes(work, kinds)
    scores = {unit: sum(weight * share[unit] for _, weight, share, _ in votes) for unit in Unit}
    for unit in Unit:
        scores[unit] += sizes("units")["header_weight"] * (unit == stated)
    unit = chosen or max(Unit, key=lambda u: (round(scores[u], 6), u == stated))
    evidence = [sentence(METRES_PER[unit]) for _, _, share, sentence in votes if share[unit] >= 0.3]
    warnings = [
        text("read_drawing.unit_against", evidence=sentence(METRES_PER[unit]), unit=unit)
        for _, weight, share, sentence in votes
        if weight >= 2.0 and share[unit] < 0.1
    ]
    if chosen:
        evidence.insert(0, text("read_drawing.unit_chosen", unit=chosen))
    if stated and stated != unit:
        warnings.append(text("read_drawing.unit_header_wrong", header=stated, unit=unit))
    elif stated:
        evidence.append(text("read_drawing.unit_header", unit=stated))
    total = sum(max(score, 0.0) for score in scores.values()) or 1.0
    rival = max((u for u in Unit if u != unit), key=lambda u: scores[u])
    if (
        not chosen
        and scores[unit] / total < sizes("units")["sure"]
        and scores[rival] > sizes("units")["rival"] * scores[unit]
    ):
        warnings.append(text("read_drawing.unit_rival", unit=unit, rival=rival))
    against = "" if chosen else _hopeless(votes)
    return UnitFinding(unit, tuple(evidence), tuple(warnings), 1.0 if chosen else scores[unit] / total, against)


def _hopeless(votes: list[Vote]) -> str:
    """Returns the evidence of walls that no unit makes walls, where nothing but the overall size speaks for any unit."""
    walls = next((vote for vote in votes if vote[0] == "wall"), None)
    if walls is None or max(walls[2].values()) >= 0.1:
        return ""
    speaks = any(weight >= 1.5 and max(share.values()) >= 0.3 for name, weight, share, _ in votes if name != "extent")
    return "" if speaks else walls[3](1.0)


def _votes(work: Linework, kinds: LayerKinds) -> list[Vote]:
    found = (
        _doors(work, kinds),
        _treads(work, kinds),
        _thickness(work, kinds),
        _columns(work, kinds),
        _cars(work, kinds),
        _areas(work),
        _scale_bar(work),
        _extent(work, kinds),
    )
    return [*(vote for vote in found if vote is not None), *_dimensions(work)]


def _vote(name: str, weight: float, sizes_found: Floats, limits: tuple[float, float], key: str) -> Vote:
    share = {
        unit: float(
            np.mean((sizes_found * METRES_PER[unit] >= limits[0]) & (sizes_found * METRES_PER[unit] <= limits[1]))
        )
        for unit in Unit
    }
    middle = float(np.median(sizes_found))

    def sentence(metres: float) -> str:
        return text(
            f"read_drawing.{key}", count=len(sizes_found), drawn=f"{middle:.4g}", metres=f"{middle * metres:.3g}"
        )

    return name, weight, share, sentence


def _doors(work: Linework, kinds: LayerKinds) -> Vote | None:
    """Quarter arcs: swings with their leaf speak loudest, arcs alone may be anything round."""
    sweep = work.arcs[:, 4] - work.arcs[:, 3]
    is_quarter = (sweep > 75.0) & (sweep < 100.0) & ~kinds.mask(work.arc_layer, "ignore", "hidden", "toilet")
    on_doors = is_quarter & kinds.mask(work.arc_layer, "door")
    picked = on_doors if on_doors.sum() >= 3 else is_quarter
    if not picked.any():
        return None
    swung = _swung(work, picked)
    weight = 3.0 if swung.sum() >= 3 else 1.5 if swung.any() else 1.0
    radii = work.arcs[swung if swung.any() else picked, 2]
    return _vote(
        "door", weight + 0.5 * (len(radii) >= 8) * (weight >= 3.0), radii, span("doors", "typical_leaf_m"), "unit_doors"
    )


def _swung(work: Linework, picked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Returns which of the picked arcs have a leaf, found as if the middle one were a door of common width."""
    scale = float(np.mean(span("doors", "typical_leaf_m"))) / float(np.median(work.arcs[picked, 2]))
    arcs = work.arcs.copy()
    arcs[:, :3] *= scale
    return picked & swings(replace(work, segments=work.segments * scale, arcs=arcs), span("doors", "sweep_deg")[0])


def _treads(work: Linework, kinds: LayerKinds) -> Vote | None:
    """The spacing of parallel lines on stair layers, where most of them are the same apart."""
    gaps = _nearest_parallel(work.segments[kinds.mask(work.segment_layer, "stair") & ~work.is_curve])
    if len(gaps) < sizes("units")["treads"]:
        return None
    even = gaps[np.abs(gaps / np.median(gaps) - 1.0) < sizes("units")["tread_within"]]
    if len(even) < sizes("units")["tread_share"] * len(gaps):
        return None
    return _vote("tread", 2.0, even, span("units", "tread_m"), "unit_treads")


def _thickness(work: Linework, kinds: LayerKinds) -> Vote | None:
    mask = kinds.mask(work.segment_layer, "wall", "structure") & ~work.is_curve
    is_named = bool(mask.sum() >= 8)
    if not is_named:
        mask = kinds.mask(work.segment_layer, "wall", "structure", "other", "room") & ~work.is_curve
    lengths = work.lengths
    mask &= lengths > np.percentile(lengths[mask], 40) if mask.any() else mask
    gaps = _nearest_parallel(work.segments[mask])
    most = (
        sizes("units")["wall_share"] * float(np.ptp(work.segments[mask].reshape(-1, 2), axis=0).max())
        if mask.any()
        else 0.0
    )
    thin = gaps[gaps <= most]
    if len(thin) < 6 or len(thin) < 0.2 * len(gaps):
        return None
    return _vote("wall" if is_named else "lines", 2.0, thin, span("walls", "typical_m"), "unit_walls")


def _nearest_parallel(segments: Floats, most: int = 1500) -> Floats:
    """Returns the distance from each of a sample of segments to the nearest parallel line beside it."""
    if len(segments) < 2:
        return np.zeros(0)
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    sample = segments[np.argsort(-lengths, kind="stable")[:most]]
    direction = (sample[:, 2:] - sample[:, :2]) / np.hypot(*(sample[:, 2:] - sample[:, :2]).T)[:, None]
    middle = (sample[:, 2:] + sample[:, :2]) / 2
    half = np.hypot(*(sample[:, 2:] - sample[:, :2]).T) / 2
    best = np.full(len(sample), np.inf)
    for start in range(0, len(sample), 250):
        d, m = direction[start : start + 250], middle[start : start + 250]
        parallel = np.abs(d[:, :1] * direction[:, 1] - d[:, 1:] * direction[:, 0]) < 0.02
        shift = middle[None, :, :] - m[:, None, :]
        across = np.abs(d[:, :1] * shift[..., 1] - d[:, 1:] * shift[..., 0])
        along = np.abs(d[:, :1] * shift[..., 0] + d[:, 1:] * shift[..., 1])
        beside = (
            parallel & (along < 0.5 * (half[start : start + 250, None] + half[None, :])) & (across > 1e-3 * half.max())
        )
        best[start : start + 250] = np.where(beside, across, np.inf).min(axis=1)
    return np.asarray(best[np.isfinite(best)])


def _columns(work: Linework, kinds: LayerKinds) -> Vote | None:
    boxes = [np.ptp(ring.points, axis=0).max() for ring in work.rings if kinds.kind(ring.layer) == "column"]
    boxes += [2 * r for r in work.circles[kinds.mask(work.circle_layer, "column"), 2].tolist()]
    boxes += work.lengths[kinds.mask(work.segment_layer, "column")].tolist()
    if len(boxes) < 4:
        return None
    return _vote("column", 1.5, np.asarray(boxes, dtype=float), (0.2, 1.3), "unit_columns")


def _cars(work: Linework, kinds: LayerKinds) -> Vote | None:
    """The shorter sides of closed lines on lift layers; a lift car is no wider than a few people."""
    rings = [Polygon(ring.points) for ring in work.rings if kinds.kind(ring.layer) == "lift" and len(ring.points) > 2]
    sides = [rectangle_sides(ring)[0] for ring in rings if ring.area > 0.0]
    if len(sides) < 2:
        return None
    return _vote("lift", 1.5, np.asarray(sides, dtype=float), span("crosses", "lift_m"), "unit_lifts")


def _areas(work: Linework) -> Vote | None:
    """Labels in m² against the smallest closed polyline around them."""
    rings = [ring for ring in work.rings if not ring.is_hatch and len(ring.points) > 3]
    labels = [(label.at, match) for label in work.labels if (match := pattern("text", "area").search(label.words))]
    if not rings or not labels:
        return None
    shapes = shapely.make_valid(shapely.polygons([shapely.linearrings(ring.points) for ring in rings]))
    areas = shapely.area(shapes)
    tree = shapely.STRtree(shapes)
    inside = tree.query(shapely.points([at for at, _ in labels]), predicate="within")
    ratios = [float(labels[i][1].group(1).replace(",", ".")) / areas[j] for i, j in inside.T if areas[j] > 0]
    if len(ratios) < 3:
        return None
    share = {}
    for unit in Unit:
        k = METRES_PER[unit] ** 2
        near = {
            i for (i, j), ratio in zip(inside.T, ratios, strict=False) if abs(math.log(max(ratio, 1e-300) / k)) < 0.15
        }
        share[unit] = len(near) / len(labels)
    if max(share.values()) < 0.2:
        return None
    count = round(max(share.values()) * len(labels))
    return "area", 4.0, share, lambda _metres: text("read_drawing.unit_areas", count=count)


def _scale_bar(work: Linework) -> Vote | None:
    """Numbers in a row at distances in proportion to them, in metres: 0, 1, 2, 5 under a scale bar."""
    found = [(label, float(label.words)) for label in work.labels if _BARE.match(label.words)]
    rows: dict[tuple[int, float], list[tuple[float, float]]] = {}
    for label, value in found:
        for axis in (0, 1):
            rows.setdefault((axis, round(label.at[1 - axis], 6)), []).append((label.at[axis], value))
    for row in rows.values():
        step = _units_a_metre(sorted(row))
        share = {unit: float(abs(math.log(step * METRES_PER[unit])) < 0.06) if step else 0.0 for unit in Unit}
        if any(share.values()):
            return "scale", 3.0, share, _said_scale(len(row), step)
    return None


def _said_scale(count: int, step: float) -> Sentence:
    return lambda _metres: text("read_drawing.unit_scale", count=count, drawn=f"{step:.4g}")


def _units_a_metre(row: list[tuple[float, float]]) -> float:
    """Returns how far apart numbers (place, value) that differ by one stand, 0.0 when they are no scale."""
    values = [value for _, value in row]
    if len(row) < 3 or values != sorted(set(values)) or values[0] != 0.0:
        return 0.0
    steps = [(place - row[0][0]) / value for place, value in row[1:]]
    return float(np.median(steps)) if max(steps) < 1.1 * min(steps) else 0.0


def _extent(work: Linework, kinds: LayerKinds) -> Vote | None:
    mask = kinds.mask(work.segment_layer, "wall", "structure", "window", "column", "door")
    if mask.sum() < 8:
        mask = ~kinds.mask(work.segment_layer, "ignore", "hidden")
    if not mask.any():
        return None
    points = work.segments[mask].reshape(-1, 2)
    low, high = np.percentile(points, [1, 99], axis=0)
    reach = float((high - low).max())
    low_m, high_m = span("units", "extent_m")
    share = {unit: _plausible(reach * METRES_PER[unit], low_m, high_m) for unit in Unit}
    return "extent", 2.0, share, lambda metres: text("read_drawing.unit_extent", metres=f"{reach * metres:.1f}")


def _plausible(value: float, low: float, high: float) -> float:
    """Returns 1 well inside the range, falling off outside: a hall of 30 m is likelier than one of 300 m.

    Beyond the range some likelihood is left: several plans side by side make a long sheet.
    """
    if value < low:
        return 0.0
    if value > high:
        return 0.25 if value <= 2.5 * high else 0.0
    return 1.0 if 10.0 <= value <= 180.0 else 0.5


def _dimensions(work: Linework) -> list[Vote]:
    written = [(d.measured, m) for d in work.dimensions if (m := _NUMBER.match(d.written.replace("<>", "").strip()))]
    votes: list[Vote] = []
    if len(written) >= 3:
        ratio = np.array([_written_metres(match) / measured for measured, match in written if measured > 0])
        share = {u: float(np.mean(np.abs(np.log(np.maximum(ratio, 1e-12) / METRES_PER[u])) < 0.08)) for u in Unit}
        votes.append(("dimension", 3.0, share, lambda _metres: text("read_drawing.unit_dimensions", count=len(ratio))))
    measured = np.array([d.measured for d in work.dimensions if d.measured > 0])
    if len(measured) >= 6:
        votes.append(_vote("measured", 1.0, measured, (0.25, 130.0), "unit_measured"))
    return votes


def _written_metres(match: re.Match[str]) -> float:
    value, suffix = float(match.group(1)), (match.group(2) or "").lower()
    if suffix:
        return value * METRES_PER[Unit(suffix)]
    return value * (0.001 if value >= 100 else 1.0)
