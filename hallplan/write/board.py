"""The page of a running hall: one file that reads on a phone and on a wall, without a server."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from hallplan.model.monitor import Board, Figures, HallAdvice, HeldOut, Indicator, TypeOpenings, WeekPlan
from hallplan.terms import characters_of, language, read_data, text, word
from hallplan.units import SECONDS_PER_HOUR, clock, iso_day, weekday
from hallplan.write.charts import Series, combined
from hallplan.write.fonts import subset_font
from hallplan.write.templates import environment

BLUE, AMBER, TEAL = "#9cc3e6", "#c25b00", "#0b6e63"
MOST_DAYS = 60
SLOT_MIN = 30
HEAT_STEPS = 6
MOST_NAMES = 3
FONT_PLACE = "=font=data="
"""Stands for the font until the page is made: no base64 text holds an equals sign within."""


def write_board(board: Board, path: Path) -> None:
    """Writes the page of a running hall as one HTML file without outside references."""
    template = environment().get_template("monitor.html.j2")
    draft = template.render(**_context(board), font_data=FONT_PLACE)
    # with the characters of all that could be said, the font is cut once and not anew for every day's page
    characters = set(draft) | characters_of("board", "operate", "log") | set(map(chr, range(0x20, 0x7F)))
    font = base64.b64encode(subset_font(characters, "woff")).decode("ascii")
    path.write_text(draft.replace(FONT_PLACE, font, 1), "utf-8", newline="\n")


def _context(board: Board) -> dict[str, Any]:
    return {
        "board": board,
        "lang": "zh-CN" if language() == "zh" else "en",
        "periods": [_period(key, figures) for key, figures in board.periods],
        "halls": [_hall(hall) for hall in board.halls],
        "groups": _groups(board.indicators),
        "principles": _principles(board.indicators),
        "trends": [(t.name, _shown(t.now, t.unit), _shown(t.before, t.unit), _change(t.now, t.before)) for t in board.trends],
        "anomalies": [(iso_day(a.day), a.what, f"{a.value:.0f}", f"{a.usual:.0f}", f"{a.score:+.1f}") for a in board.anomalies],
        "crowd": _crowd(board),
        "causes": [
            (c.name, c.count, f"{c.share:.0%}", text("operate.comma").join(f"{window} {n}" for window, n in c.windows) or "–", c.example)
            for c in board.causes
        ],
        "peers": [
            (p.hall, f"{p.visitors_per_day:.0f}", _minutes(p.mean_wait_s), _minutes(p.p90_wait_s), _percent(p.left), _percent(p.busy), p.windows)
            for p in board.peers
        ],
    }  # fmt: skip


def _crowd(board: Board) -> str:
    """What people counters and log say together."""
    crowd = board.crowd
    if crowd is None:
        return ""
    ratio = "–" if crowd.people_per_ticket is None else f"{crowd.people_per_ticket:.2f}"
    head = text("board.crowd_sum", days=crowd.days, ratio=ratio, most=crowd.most_people)
    if crowd.trigger_people is None:
        return head + text("board.crowd_calm", wait=f"{crowd.target_wait_min:g}")
    return head + text("board.crowd_trigger", people=crowd.trigger_people, wait=f"{crowd.target_wait_min:g}")


def _minutes(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds / 60:.1f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if unit == "%" else f"{value:,.1f} {unit}".strip()


def _change(now: float, before: float) -> str:
    return "–" if before == 0 else f"{now / before - 1:+.0%}"


def _period(key: str, figures: Figures) -> dict[str, Any]:
    came = figures.served + figures.abandoned
    busy = sum(load.busy_s for load in figures.windows)
    days = figures.days
    span = "" if not days else iso_day(days[0]) if len(days) == 1 else f"{iso_day(days[0])} – {iso_day(days[-1])}"
    return {
        "key": key,
        "name": text(f"board.period_{key}"),
        "span": span,
        "cards": [
            (text("board.came"), f"{came:,}"),
            (text("board.mean_wait"), _minutes(figures.mean_wait_s)),
            (text("board.p90_wait"), _minutes(figures.p90_wait_s)),
            (text("board.left"), _percent(figures.abandoned / came if came else None)),
            (text("board.service"), _minutes(figures.mean_service_s)),
            (text("board.busy"), _percent(busy / SECONDS_PER_HOUR / figures.window_hours if figures.window_hours else None)),
        ],
        "day_chart": _day_chart(figures),
        "trend_chart": _trend_chart(figures) if len(days) > 1 else Markup(""),
        "windows": _windows(figures),
    }  # fmt: skip


def _day_chart(figures: Figures) -> Markup:
    days = max(1, len(figures.days))
    slots = figures.half_hours
    return combined(
        [clock(slot.start_min) for slot in slots],
        Series(text("board.arrivals"), [slot.arrivals / days for slot in slots], BLUE),
        [
            Series(text("board.wait_min"), _in_minutes([slot.mean_wait_s for slot in slots]), AMBER, is_line=True),
            Series(text("board.open"), [slot.windows_open for slot in slots], TEAL, is_line=True),
        ],
    )


def _in_minutes(seconds: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else value / 60 for value in seconds]


def _trend_chart(figures: Figures) -> Markup:
    days = figures.by_day[-MOST_DAYS:]
    return combined(
        [iso_day(day.day)[5:] for day in days],
        Series(text("board.came_day"), [float(day.served + day.abandoned) for day in days], BLUE, digits=0),
        [Series(text("board.p90_min"), _in_minutes([day.p90_wait_s for day in days]), AMBER, is_line=True)],
    )


def _windows(figures: Figures) -> list[tuple[str, int, str, float]]:
    """Windows from the busiest to the idlest: name, served, share, share in per cent."""
    loads = sorted(figures.windows, key=lambda load: (-load.utilisation, load.id))
    return [(load.id, load.tickets, _percent(load.utilisation), round(100 * load.utilisation, 1)) for load in loads]


def _hall(hall: HallAdvice) -> dict[str, Any]:
    """One hall's openings: tomorrow, next week, firm ones instead, and the proof."""
    return {
        "name": hall.hall,
        "tomorrow": _tomorrow(hall),
        "week": _week(hall.plan),
        "types": [_type(kind) for kind in hall.plan.types] if hall.plan else [],
        "firm": _week(hall.firm),
        "outcomes": _outcomes(hall.held_out),
    }


def _tomorrow(hall: HallAdvice) -> str:
    """The openings of the next day, as long as the number stays."""
    if hall.plan is None or hall.tomorrow is None:
        return ""
    day = weekday(hall.tomorrow)
    runs = [text("board.run", start=clock(a), end=clock(b), count=n) for a, b, n in hall.plan.runs(day)]
    return text(
        "board.tomorrow",
        day=iso_day(hall.tomorrow),
        weekday=word("weekday", str(day)),
        runs=text("operate.comma").join(runs),
    )


def _week(plan: WeekPlan | None) -> dict[str, Any] | None:
    """The opening plan as a table of weekdays by half-hour, blank half-hours at the ends left out."""
    if plan is None:
        return None
    used = [k for k in range(len(plan.open[0])) if any(day[k] for day in plan.open)]
    if not used:
        return None
    most = max(max(day) for day in plan.open)
    span = range(used[0], used[-1] + 1)
    rows = [
        (word("weekday", str(n)), [(day[k], -(-day[k] * HEAT_STEPS // most)) for k in span], f"{sum(day) / 2:g}")
        for n, day in enumerate(plan.open)
    ]
    return {
        "heads": [clock(k * SLOT_MIN) for k in span],
        "rows": rows,
        "hours": f"{plan.hours:g}",
        "tide": text("board.tide", waiting=plan.tide_waiting, stay=f"{plan.tide_stay_s / 60:.0f}", most=plan.tide_most),
    }


def _type(kind: TypeOpenings) -> dict[str, Any]:
    """The openings of one queue of a hall that has several."""
    items, windows = (text("operate.comma").join(names[:MOST_NAMES]) for names in (kind.items, kind.windows))
    many = "…" if len(kind.items) > MOST_NAMES else ""
    name = text("board.queue", items=items + many, windows=len(kind.windows), hours=f"{kind.plan.hours:g}")
    return {"name": name, "windows": windows, "week": _week(kind.plan)}


def _outcomes(held_out: HeldOut | None) -> list[tuple[str, str, str, str, str]]:
    if held_out is None:
        return []
    return [
        (text(f"operate.outcome_{o.name}"), f"{o.hours:.1f}", f"{o.p90_wait_s / 60:.2f}", f"{o.mean_wait_s / 60:.2f}", f"{o.served:,}")
        for o in held_out.outcomes
    ]  # fmt: skip


def _row(indicator: Indicator) -> tuple[str, ...]:
    status, word_of = indicator.status, word("status", indicator.status)
    if indicator.value is not None and indicator.target is None:
        status, word_of = "", "–"
    elif indicator.value is None:
        word_of = indicator.why
    return (
        indicator.name, _shown(indicator.value, indicator.unit), _shown(indicator.planned, indicator.unit),
        _shown(indicator.target, indicator.unit), status, word_of, f"{indicator.formula} · {indicator.source}",
    )  # fmt: skip


def _groups(indicators: Sequence[Indicator]) -> list[tuple[str, list[tuple[str, ...]]]]:
    names = read_data("indicators.toml")["groups"]
    return [(names[group][language()], [_row(i) for i in indicators if i.group == group]) for group in names]


def _principles(indicators: Sequence[Indicator]) -> list[tuple[str, list[tuple[str, ...]]]]:
    by_id = {indicator.id: indicator for indicator in indicators}
    entries = read_data("indicators.toml")["principles"].values()
    return [(entry[language()], [_row(by_id[id]) for id in entry["indicators"]]) for entry in entries]
