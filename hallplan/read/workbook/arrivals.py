"""How a day's visitors spread over the day: 分时到厅人流, a people counter's sheet, or a shape from practice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import pairwise
from typing import Final

from hallplan.model.demand import ArrivalProfile, Assumption
from hallplan.read.workbook.cells import (
    BadCell,
    is_blank,
    is_percent_column,
    parse_clock,
    parse_count,
    parse_hours,
    parse_share,
    parse_span,
    plain,
)
from hallplan.read.workbook.report import Report
from hallplan.read.workbook.table import Table
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_DAY, clock

Span = tuple[int, int]
SHARE_TOL: Final = 0.02
"""Shares of a day that differ from 1 by more than this are worth a warning."""


def read_profile(table: Table, settings: Settings, report: Report) -> ArrivalProfile | None:
    """Returns the profile of 分时到厅人流 (shares or counts, by weekday or not), or None for a blank sheet or after a fault."""
    name = next((n for n in ("share", "count") if not all(map(is_blank, table.column_cells(n)))), "share")
    if not table.has(name):
        return None
    is_percent = name == "share" and is_percent_column(table.column_cells("share"))
    parse = parse_count if name == "count" else partial(parse_share, is_percent=is_percent)
    starts: list[tuple[int, int | None, float, str]] = []
    for i in table.rows("slot", name):
        span = parse_span(table.cell(i, "slot"))
        weight = table.read(i, name, parse)
        if span is None:
            table.fault(i, "slot", BadCell(text("read_workbook.expect_slot"), text("read_workbook.slot_remedy")))
        elif weight is not None:
            starts.append((*span, weight, plain(table.cell(i, "weekday"))))
    weights: dict[Span, float] = defaultdict(float)
    days: Counter[str] = Counter()
    for start, end, weight, day in starts:
        weights[(start, end or _next_start(start, [entry[0] for entry in starts], settings))] += weight
        days[day] += weight  # type: ignore[assignment]
    if name == "share":
        _check_sum(table, days, report)
    else:
        _tell_peak(table, days, settings, report)
    return _profile(weights, settings, table, report)


def read_counts(table: Table, settings: Settings, report: Report) -> ArrivalProfile | None:
    """Returns the profile of people counted in at the doors (时间, 出入口, 进, 出), or None after a fault."""
    counted: dict[int, float] = defaultdict(float)
    for i in table.rows("time", "in"):
        at = parse_clock(table.cell(i, "time"))
        span = parse_span(table.cell(i, "time")) if at is None else (at, None)
        people = table.read(i, "in", parse_count)
        if span is None:
            table.fault(i, "time", BadCell(text("read_workbook.expect_slot"), text("read_workbook.slot_remedy")))
        elif people:
            counted[span[0]] += people
    times = sorted(counted)
    gaps = [b - a for a, b in pairwise(times)]
    step = Counter(gaps).most_common(1)[0][0] if gaps else settings.service.slot_min
    if step < settings.service.slot_min:
        binned: dict[int, float] = defaultdict(float)
        for at, people in counted.items():
            binned[at // settings.service.slot_min * settings.service.slot_min] += people
        counted, step = binned, settings.service.slot_min
    weights = {(at, min(at + step, MINUTES_PER_DAY)): people for at, people in counted.items()}
    return _profile(weights, settings, table, report)


def default_profile(settings: Settings, report: Report) -> ArrivalProfile:
    """Returns the double hump of data/workbook.toml over the opening hours, marked as assumed.

    Raises nothing: opening hours that cannot be read become a fault of the settings.
    """
    hours = parse_hours(settings.service.open)
    slot = settings.service.slot_min
    if not hours:
        report.fault(
            "hallplan.toml, service.open",
            text("read_workbook.found", header="service.open", value=settings.service.open),
            text("read_workbook.expect_hours"),
        )
        return ArrivalProfile((), (), slot, settings.service.peak_day, is_assumed=True)
    shapes = read_data("workbook.toml")["profile"]
    weights: dict[Span, float] = {}
    for start, end in hours:
        curve = shapes["morning"] if start < 12 * 60 else shapes["afternoon"]
        for at in range(start, end, slot):
            stop = min(at + slot, end)
            gone = ((at + stop) / 2 - start) / (end - start)
            weights[(at, stop)] = _on_curve(curve, gone) * (stop - at)
    report.assumptions.append(
        Assumption(
            text("read_workbook.assumed_profile"),
            text("read_workbook.value_profile", open=settings.service.open),
            text("read_workbook.practice"),
            read_data("workbook.toml")["sheets"]["arrivals"]["zh"],
        )
    )
    return _shared(_resampled(weights, slot), settings, is_assumed=True)


def _profile(weights: Mapping[Span, float], settings: Settings, table: Table, report: Report) -> ArrivalProfile | None:
    slots = _resampled(weights, settings.service.slot_min)
    if not slots:
        if weights and not report.faults:
            report.fault(
                report.place(table.sheet.name),
                text("read_workbook.no_arrivals"),
                "",
                text("read_workbook.no_arrivals_remedy"),
            )
        return None
    return _shared(slots, settings, is_assumed=False)


def _shared(slots: Mapping[int, float], settings: Settings, *, is_assumed: bool) -> ArrivalProfile:
    total = sum(slots.values())
    starts = tuple(sorted(slots))
    shares = tuple(round(slots[start] / total, 9) for start in starts)
    return ArrivalProfile(starts, shares, settings.service.slot_min, settings.service.peak_day, is_assumed)


def _resampled(weights: Mapping[Span, float], slot_min: int) -> dict[int, float]:
    """Weights by slot of `slot_min`, each weight spread evenly over its span; slots start where a run of spans starts.

    Spans without weight are closed time (lunch), not slots.
    """
    spans = {span: weight for span, weight in weights.items() if weight > 0}
    slots: dict[int, float] = defaultdict(float)
    for run_start, run_end in _runs(spans):
        for start in range(run_start, run_end, slot_min):
            stop = min(start + slot_min, run_end)
            for (a, b), weight in spans.items():
                overlap = min(b, stop) - max(a, start)
                if overlap > 0 and b > a:
                    slots[start] += weight * overlap / (b - a)
    return dict(slots)


def _runs(spans: Iterable[Span]) -> list[Span]:
    runs: list[Span] = []
    for start, end in sorted(spans):
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs


def _next_start(start: int, starts: Iterable[int], settings: Settings) -> int:
    """The end of a slot that names only its start: the usual distance of the column, cut at the next start."""
    known = sorted(set(starts))
    gaps = [b - a for a, b in pairwise(known)]
    usual = Counter(gaps).most_common(1)[0][0] if gaps else settings.service.slot_min
    later = [at for at in known if at > start]
    return min(start + usual, later[0] if later else MINUTES_PER_DAY)


def _on_curve(points: list[list[float]], at: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(points):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return points[-1][1]


def _check_sum(table: Table, days: Mapping[str, float], report: Report) -> None:
    """Shares add to 1 over the day, for each weekday, or over the whole week."""
    total = sum(days.values())
    each = all(abs(value - 1) <= SHARE_TOL for value in days.values())
    if days and not each and abs(total - 1) > SHARE_TOL:
        shown = ", ".join(f"{day} {value:.1%}".strip() for day, value in days.items())
        report.warn(report.place(table.sheet.name), text("read_workbook.shares_sum", total=shown))


def _tell_peak(table: Table, days: Mapping[str, float], settings: Settings, report: Report) -> None:
    """With counts by weekday the busiest day is known; whether to plan for it is the user's choice."""
    if len(days) < 2:
        return
    busiest = max(sorted(days), key=lambda day: days[day])
    ratio = days[busiest] * len(days) / sum(days.values()) if sum(days.values()) else 1.0
    if ratio > settings.service.peak_day + 0.05:
        report.warn(report.place(table.sheet.name), text("read_workbook.peak_day", day=busiest, ratio=f"{ratio:.2f}"))


def hours_text(hours: Iterable[Span]) -> str:
    """Returns spans as settings.service.open has them: 09:00-12:00,13:00-17:00."""
    return ",".join(f"{clock(start)}-{clock(end)}" for start, end in hours)
