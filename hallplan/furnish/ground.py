"""The free floor of one zone, cut into strips and runs: where a row of things can stand.

A `Ground` keeps what is taken; a `View` looks at it with one side in front, so that a row along any side is the
same code: x runs along the front from the visitor's left to right, y from the front edge inwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from shapely.affinity import affine_transform
from shapely.geometry import Polygon, box

from hallplan.geometry.clipping import clipped
from hallplan.units import round_m

TOUCH_M = 1e-4
"""Things nearer than this touch but do not overlap: coordinates are rounded to 0.1 mm."""

Run = tuple[float, float]
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Block:
    """Taken floor: a thing (hard), or room to stand and walk (soft), which may overlap other soft blocks."""

    shape: Polygon
    is_soft: bool = False


@dataclass(frozen=True, slots=True)
class _Local:
    x0: float
    y0: float
    x1: float
    y1: float
    shape: Polygon | None
    is_soft: bool


class Ground:
    """The area of one zone and what is taken of it, in the plan frame."""

    def __init__(self, area: Polygon, blocks: Iterable[Block] = ()) -> None:
        self.area = area
        self.blocks = [block for block in blocks if not block.shape.is_empty and _near(area, block.shape)]
        self._views: dict[float, View] = {}

    def view(self, front_deg: float) -> View:
        """Returns the zone seen with the side whose outward normal is `front_deg` in front."""
        key = round(front_deg % 360.0, 6)
        if key not in self._views:
            self._views[key] = View(self, key)
        return self._views[key]

    def take(self, shape: Polygon, *, soft: bool = False) -> None:
        """Marks a shape of the plan frame as taken."""
        self.blocks.append(Block(shape, soft))

    def mark(self) -> int:
        """Returns a mark to which `undo` can go back."""
        return len(self.blocks)

    def undo(self, mark: int) -> None:
        """Gives back what was taken after `mark`."""
        del self.blocks[mark:]
        for view in self._views.values():
            view.forget(mark)


class View:
    """A ground with one side in front; `width` along that side, `depth` away from it, in metres."""

    def __init__(self, ground: Ground, front_deg: float) -> None:
        self.ground = ground
        self.front_deg = front_deg
        turn = math.radians(front_deg + 90.0)
        self._cos, self._sin = _snap(math.cos(turn)), _snap(math.sin(turn))
        turned = affine_transform(ground.area, [self._cos, self._sin, -self._sin, self._cos, 0.0, 0.0])
        self._x, self._y, right, back = turned.bounds
        self.width, self.depth = float(right - self._x), float(back - self._y)
        self.area = self.local(ground.area)
        outside = shapely.get_parts(box(0.0, 0.0, self.width, self.depth).difference(self.area))
        self._outside = [_localise(part, False) for part in outside if part.area > 1e-9]
        self._taken: list[_Local] = []

    def local(self, shape: Polygon) -> Polygon:
        """Returns a shape of the plan frame in this view."""
        matrix = [self._cos, self._sin, -self._sin, self._cos, -self._x, -self._y]
        return affine_transform(shape, matrix)

    def plan(self, x: float, y: float) -> tuple[float, float]:
        """Returns a point of this view in the plan frame, to 0.1 mm."""
        x, y = x + self._x, y + self._y
        return round_m(self._cos * x - self._sin * y), round_m(self._sin * x + self._cos * y)

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Returns a point of the plan frame in this view."""
        return self._cos * x + self._sin * y - self._x, -self._sin * x + self._cos * y - self._y

    def plan_rect(self, rect: Rect) -> Polygon:
        """Returns a rectangle (x0, y0, x1, y1) of this view as a polygon of the plan frame."""
        x0, y0, x1, y1 = rect
        return Polygon([self.plan(x0, y0), self.plan(x1, y0), self.plan(x1, y1), self.plan(x0, y1)])

    def turn(self, local_deg: float) -> float:
        """Returns a direction of this view (270 looks out of the front) in the plan frame, in [0, 360)."""
        return round((local_deg + self.front_deg + 90.0) % 360.0, 6) % 360.0

    def runs(self, y0: float, y1: float, *, soft: bool = True, taken: bool = True, shortest: float = 0.0) -> list[Run]:
        """Returns the stretches of x, in order, whose whole strip from y0 to y1 is free.

        soft: whether room to walk counts as taken.  taken: False looks at the zone's shape alone.
        shortest: leave out shorter stretches (m).
        """
        if y0 < -TOUCH_M or y1 > self.depth + TOUCH_M:
            return []
        gaps: list[Run] = []
        for block in self._blocks(soft) if taken else self._outside:
            if block.y1 > y0 + TOUCH_M and block.y0 < y1 - TOUCH_M:
                gaps += _extent(block, y0 + TOUCH_M, y1 - TOUCH_M)
        return [run for run in _complement(gaps, self.width) if run[1] - run[0] >= max(shortest, TOUCH_M)]

    def back(self) -> float:
        """Returns where the floor ends at the back: before a wall along the back edge, else at the edge itself."""
        for step in range(6):
            y = self.depth - 0.05 * step
            if sum(b - a for a, b in self.runs(y - 0.05, y, soft=False)) >= self.width / 2:
                return y
        return self.depth

    def fits(self, rect: Rect, *, soft: bool = True) -> bool:
        """Returns whether a rectangle of this view lies in the zone on free floor."""
        x0, y0, x1, y1 = rect[0] + TOUCH_M, rect[1] + TOUCH_M, rect[2] - TOUCH_M, rect[3] - TOUCH_M
        if x0 < 0 or y0 < 0 or x1 > self.width or y1 > self.depth:
            return False
        return not any(_overlap(block, (x0, y0, x1, y1)) for block in self._blocks(soft))

    def is_clear(self, rect: Rect) -> bool:
        """Returns whether no thing stands on a rectangle, which may reach beyond the zone."""
        inner = rect[0] + TOUCH_M, rect[1] + TOUCH_M, rect[2] - TOUCH_M, rect[3] - TOUCH_M
        return not any(_overlap(block, inner) for block in [*self._blocks(False)][len(self._outside) :])

    def take(self, rect: Rect, *, soft: bool = False) -> None:
        """Marks a rectangle of this view as taken."""
        self.ground.take(self.plan_rect(rect), soft=soft)

    def forget(self, mark: int) -> None:
        """Drops what was learnt of blocks after `mark`."""
        del self._taken[mark:]

    def _blocks(self, soft: bool) -> Iterable[_Local]:
        for block in self.ground.blocks[len(self._taken) :]:
            self._taken.append(_localise(self.local(block.shape), block.is_soft))
        yield from self._outside
        for local in self._taken:
            if soft or not local.is_soft:
                yield local


def common(first: list[Run], second: list[Run]) -> list[Run]:
    """Returns the stretches that lie in both lists."""
    both = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return [(a, b) for a, b in both if b - a > TOUCH_M]


def merged(runs: list[Run], width: float) -> list[Run]:
    """Returns overlapping stretches as one, in order, within 0 to `width`."""
    return _complement(_complement(runs, width), width)


def spread(run: Run, size: float, count: int, *, gap: float = 0.0, most_gap: float = 0.0) -> list[float]:
    """Returns the left ends of up to `count` things of `size` in a run, centred, `gap` to `most_gap` apart."""
    length = run[1] - run[0]
    number = min(count, int((length + gap + TOUCH_M) // (size + gap)))
    if number <= 0:
        return []
    spare = length - number * size
    step = size + (min(max(gap, spare / (number + 1)), max(gap, most_gap)) if number > 1 else gap)
    start = run[0] + (length - (number - 1) * step - size) / 2
    return [start + i * step for i in range(number)]


def _localise(shape: Polygon, soft: bool) -> _Local:
    x0, y0, x1, y1 = shape.bounds
    is_box = shape.area > (x1 - x0) * (y1 - y0) - 1e-7
    return _Local(x0, y0, x1, y1, None if is_box else shape, soft)


def _extent(block: _Local, y0: float, y1: float) -> list[Run]:
    if block.shape is None:
        return [(block.x0, block.x1)]
    cut = clipped(block.shape, (block.x0 - 1.0, y0, block.x1 + 1.0, y1))
    return [(part.bounds[0], part.bounds[2]) for part in shapely.get_parts(cut) if not part.is_empty]


def _overlap(block: _Local, rect: Rect) -> bool:
    x0, y0, x1, y1 = rect
    if not (block.x1 > x0 and block.x0 < x1 and block.y1 > y0 and block.y0 < y1):
        return False
    return block.shape is None or bool(block.shape.intersects(box(x0, y0, x1, y1)))


def _complement(gaps: list[Run], width: float) -> list[Run]:
    free, at = [], 0.0
    for start, end in sorted(gaps):
        if start > at + 1e-9:
            free.append((at, min(start, width)))
        at = max(at, end)
        if at >= width - 1e-9:
            return free
    return [*free, (at, width)]


def _near(area: Polygon, shape: Polygon) -> bool:
    a, b = area.bounds, shape.bounds
    return bool(a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3])


def _snap(value: float) -> float:
    return float(round(value)) if abs(value - round(value)) < 1e-9 else value
