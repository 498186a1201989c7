"""A small county hall drawn with ezdxf as an architect would: double walls, doors with swings, columns, rooms, texts."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf

from hallplan.units import INSUNITS, METRES_PER, Unit

WIDTH_M, DEPTH_M = 30.0, 18.0
OUTER, INNER = 0.24, 0.12
ZH = {"wall": "墙", "door": "门", "window": "窗", "column": "柱", "stair": "楼梯", "text": "文字", "dim": "标注"}
EN = {"wall": "A-WALL", "door": "A-DOOR", "window": "A-GLAZ", "column": "S-COLS", "stair": "A-STAIR", "text": "A-ANNO", "dim": "DIMS"}  # fmt: skip
Move = Callable[[float, float], tuple[float, float]]
_CODES = {unit: code for code, unit in INSUNITS.items()}


class Pen:
    """Draws in metres; `move` places every point, `layers` names the layers."""

    def __init__(self, space: Any, move: Move, layers: dict[str, str]) -> None:
        self.space, self.move, self.layers = space, move, layers

    def line(self, kind: str, a: tuple[float, float], b: tuple[float, float]) -> None:
        self.space.add_line(self.move(*a), self.move(*b), dxfattribs={"layer": self.layers[kind]})

    def ring(self, kind: str, points: list[tuple[float, float]], layer: str = "") -> None:
        moved = [self.move(*point) for point in points]
        self.space.add_lwpolyline(moved, close=True, dxfattribs={"layer": layer or self.layers[kind]})

    def wall(
        self,
        a: tuple[float, float],
        b: tuple[float, float],
        thick: float,
        openings: tuple[tuple[float, float], ...] = (),
    ) -> None:
        """A straight wall along x or y with its reference line on the left, with openings (from, to) along it."""
        length = math.dist(a, b)
        ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
        cuts = [0.0, *(v for o in sorted(openings) for v in o), length]
        for start, end in zip(cuts[::2], cuts[1::2], strict=True):
            p, q = (a[0] + ux * start, a[1] + uy * start), (a[0] + ux * end, a[1] + uy * end)
            n = (-uy * thick, ux * thick)
            self.line("wall", p, q)
            self.line("wall", (p[0] + n[0], p[1] + n[1]), (q[0] + n[0], q[1] + n[1]))
            self.line("wall", p, (p[0] + n[0], p[1] + n[1]))
            self.line("wall", q, (q[0] + n[0], q[1] + n[1]))

    def leaf(self, hinge: tuple[float, float], jamb: tuple[float, float], side: float) -> None:
        """A door leaf open at right angles, with its swing; side +1 opens to the left of hinge to jamb."""
        dx, dy = jamb[0] - hinge[0], jamb[1] - hinge[1]
        tip = (hinge[0] - side * dy, hinge[1] + side * dx)
        self.line("door", hinge, tip)
        points = []
        for step in range(7):
            angle = side * math.pi / 2 * step / 6
            x = hinge[0] + dx * math.cos(angle) - dy * math.sin(angle)
            y = hinge[1] + dx * math.sin(angle) + dy * math.cos(angle)
            points.append(self.move(x, y))
        start, end = points[0], points[-1]
        (ax, ay), (bx, by), (cx, cy) = start, points[3], end
        if (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0:
            start, end = end, start
        arc = ezdxf.math.ConstructionArc.from_3p(start, end, points[3])
        arc.add_to_layout(self.space, dxfattribs={"layer": self.layers["door"]})

    def text(self, words: str, at: tuple[float, float], height: float = 0.4) -> None:
        x, y = self.move(*at)
        scale = math.dist(self.move(0, 0), self.move(1, 0))
        entity = self.space.add_text(words, height=height * scale, dxfattribs={"layer": self.layers["text"]})
        entity.set_placement((x, y), align=ezdxf.enums.TextEntityAlignment.MIDDLE_CENTER)


def placed(
    unit: Unit, turn_deg: float = 0.0, origin_m: tuple[float, float] = (0.0, 0.0), *, mirrored: bool = False
) -> Move:
    """Returns the map from hall metres to drawing units."""
    k, angle = 1.0 / METRES_PER[unit], math.radians(turn_deg)

    def move(x: float, y: float) -> tuple[float, float]:
        x = WIDTH_M - x if mirrored else x
        return (
            (x * math.cos(angle) - y * math.sin(angle) + origin_m[0]) * k,
            (x * math.sin(angle) + y * math.cos(angle) + origin_m[1]) * k,
        )

    return move


def draw_hall(pen: Pen, title: str = "一层平面图") -> None:
    """A hall with a double main door, a back door, a stair, toilets, an office behind a thin wall and six columns."""
    w, d = WIDTH_M, DEPTH_M
    pen.wall((0, 0), (w, 0), OUTER, ((4.0, 7.0), (13.8, 15.6), (20.0, 23.0)))
    pen.wall((w, 0), (w, d), OUTER)
    pen.wall((w, d), (0, d), OUTER, ((4.0, 5.0), (12.0, 15.0)))
    pen.wall((0, d), (0, 0), OUTER)
    for x0, x1, y in ((4.0, 7.0, 0.0), (20.0, 23.0, 0.0), (15.0, 18.0, d - OUTER)):
        for step in range(4):
            pen.line("window", (x0, y + OUTER * step / 3), (x1, y + OUTER * step / 3))
    pen.leaf((13.8, 0.12), (14.7, 0.12), 1.0)
    pen.leaf((15.6, 0.12), (14.7, 0.12), -1.0)
    pen.leaf((25.0, d - 0.12), (26.0, d - 0.12), -1.0)
    for x in (8.0, 15.0, 22.0):
        for y in (6.0, 12.0):
            pen.ring("column", [(x - 0.3, y - 0.3), (x + 0.3, y - 0.3), (x + 0.3, y + 0.3), (x - 0.3, y + 0.3)])
    _rooms(pen)
    pen.text(title, (w / 2, -3.0), 0.8)


def _rooms(pen: Pen) -> None:
    d = DEPTH_M
    pen.wall((5.0, 12.0), (5.0, d - OUTER), OUTER, ((1.0, 1.9),))
    pen.wall((OUTER, 12.0), (5.0, 12.0), OUTER)
    pen.leaf((4.88, 13.0), (4.88, 13.9), 1.0)
    pen.text("卫生间", (2.5, 15.5))
    pen.wall((OUTER, 6.0), (4.0, 6.0), OUTER)
    pen.wall((4.0, OUTER), (4.0, 6.0), OUTER, ((4.2, 5.4),))
    for step in range(11):
        pen.line("stair", (0.5 + 0.28 * step, 1.0), (0.5 + 0.28 * step, 2.6))
    pen.text("楼梯间", (2.0, 4.0))
    pen.wall((24.0, 4.0), (30.0 - OUTER, 4.0), INNER, ((2.0, 2.9),))
    pen.wall((24.0, OUTER), (24.0, 4.0), INNER)
    pen.leaf((26.0, 4.06), (26.9, 4.06), 1.0)
    pen.text("办公室", (27.0, 2.0))


def save_hall(path: Path, unit: Unit = Unit.MM, *, header: int | None = None, layers: dict[str, str] = ZH, version: str = "R2010", encoding: str = "", **place: Any) -> Path:  # fmt: skip
    """Writes the hall in a unit; `header` is $INSUNITS, the true one unless given."""
    document = ezdxf.new(version)
    document.header["$INSUNITS"] = _CODES[unit] if header is None else header
    document.encoding = encoding or document.encoding
    draw_hall(Pen(document.modelspace(), placed(unit, **place), layers))
    document.saveas(path)
    return path
