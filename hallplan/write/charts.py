"""Small charts as SVG: they scale, print, and say their figures when pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 720.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 44.0, 14.0, 34.0
MOST_LABELS = 12
TICKS = 4


@dataclass(frozen=True, slots=True)
class Series:
    """Values over the same labels, None where there is none; drawn as bars or as a line on its own axis."""

    name: str
    values: Sequence[float | None]
    colour: str
    is_line: bool = False
    digits: int = 1


def combined(labels: Sequence[str], bars: Series, lines: Sequence[Series]) -> Markup:
    """Returns bars with lines over them; lines share the right axis. Each label is one column that tells all values."""
    step = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    left, right = _top([bars]), _top(lines)
    parts = [*_axis(left, LEFT - 6, "end"), *(_axis(right, WIDTH - RIGHT + 6, "start") if lines else [])]
    for k, value in enumerate(bars.values):
        if value:
            height = _height(value, left)
            x = LEFT + k * step + step * 0.14
            parts.append(f'<rect x="{x:.1f}" y="{HEIGHT - BOTTOM - height:.1f}" width="{step * 0.72:.1f}" height="{height:.1f}" fill="{bars.colour}"/>')  # fmt: skip
    parts += [_line(series, right, step) for series in lines]
    parts += _labels(labels, step)
    parts += [_column(k, label, step, [bars, *lines]) for k, label in enumerate(labels)]
    return _svg(parts, [bars, *lines])


def _top(series: Sequence[Series]) -> float:
    """A round number that no value exceeds."""
    most = max((value for one in series for value in one.values if value is not None), default=0.0)
    if most <= 0:
        return 1.0
    size = 1.0
    while size * 10 <= most:
        size *= 10
    while size > most:
        size /= 10
    return next(size * factor for factor in (1, 2, 4, 5, 8, 10, 20) if size * factor >= most)


def _height(value: float, top: float) -> float:
    return max(0.0, value) / top * (HEIGHT - TOP - BOTTOM)


def _axis(top: float, x: float, anchor: str) -> list[str]:
    found = []
    for tick in range(TICKS + 1):
        value = top * tick / TICKS
        y = HEIGHT - BOTTOM - _height(value, top)
        if anchor == "end":
            found.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        found.append(f'<text x="{x}" y="{y + 4:.1f}" text-anchor="{anchor}">{value:g}</text>')
    return found


def _line(series: Series, top: float, step: float) -> str:
    """A line with a gap wherever there is no value."""
    runs: list[list[str]] = [[]]
    for k, value in enumerate(series.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{LEFT + (k + 0.5) * step:.1f},{HEIGHT - BOTTOM - _height(value, top):.1f}")
    return "".join(
        f'<polyline points="{" ".join(run)}" fill="none" stroke="{series.colour}" stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/>'
        for run in runs
        if run
    )


def _labels(labels: Sequence[str], step: float) -> list[str]:
    every = -(-len(labels) // MOST_LABELS) or 1
    found = []
    for k, label in enumerate(labels):
        if k % every == 0:
            # two of three give way on a phone
            kind = ' class="alternate"' if k // every % 3 else ""
            at = f'x="{LEFT + (k + 0.5) * step:.1f}" y="{HEIGHT - BOTTOM + 22}"'
            found.append(f'<text {at} text-anchor="middle"{kind}>{escape(label)}</text>')
    return found


def _column(k: int, label: str, step: float, series: Sequence[Series]) -> str:
    said = "\n".join(
        f"{one.name} {'–' if one.values[k] is None else format(one.values[k], f'.{one.digits}f')}" for one in series
    )
    return f'<rect class="hit" x="{LEFT + k * step:.1f}" y="{TOP}" width="{step:.1f}" height="{HEIGHT - TOP - BOTTOM}"><title>{escape(label)}\n{escape(said)}</title></rect>'


def _svg(parts: Sequence[str], series: Sequence[Series]) -> Markup:
    legend = "".join(
        f'<span><i style="background:{one.colour}" class="{"line" if one.is_line else "bar"}"></i>{escape(one.name)}</span>'
        for one in series
    )
    return Markup(
        f'<p class="legend">{legend}</p><svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img">{"".join(parts)}</svg>'
    )
