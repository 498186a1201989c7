"""The figures of a log as `monitor --json` prints them."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.log import LogNote
from hallplan.model.monitor import Board, Figures, HalfHour, HallAdvice, HeldOut, Load, WeekPlan
from hallplan.units import clock, iso_day, weekday

DIGITS = 6


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def monitor_report(figures: Figures, notes: Sequence[LogNote], board: Board | None = None) -> dict[str, object]:
    """Returns the result of `hallplan monitor` by the contract of design section 7; means of nobody are 0."""
    return {
        "rows": figures.rows,
        "repeats": figures.repeats,
        "tickets": figures.tickets,
        "served": figures.served,
        "abandoned": figures.abandoned,
        "excluded": [{"reason": reason, "count": count} for reason, count in figures.excluded],
        "days": len(figures.days),
        "mean_wait_s": _rounded(figures.mean_wait_s) or 0.0,
        "p50_wait_s": _rounded(figures.p50_wait_s) or 0.0,
        "p90_wait_s": _rounded(figures.p90_wait_s) or 0.0,
        "mean_service_s": _rounded(figures.mean_service_s) or 0.0,
        "window_hours": _rounded(figures.window_hours),
        "windows": [_load_report(load) for load in figures.windows],
        "items": [_load_report(load) for load in figures.items],
        "half_hours": [_slot_report(slot) for slot in figures.half_hours],
        "by_day": [
            {
                "day": iso_day(day.day), "tickets": day.tickets, "served": day.served, "abandoned": day.abandoned,
                "mean_wait_s": _rounded(day.mean_wait_s), "p90_wait_s": _rounded(day.p90_wait_s),
                "window_hours": _rounded(day.window_hours),
            }
            for day in figures.by_day
        ],
        **board_report(board),
        "notes": [{"kind": note.kind, "count": note.count, "text": note.text} for note in notes],
    }  # fmt: skip


def _load_report(load: Load) -> dict[str, object]:
    return {
        "id": load.id, "tickets": load.tickets, "busy_s": _rounded(load.busy_s),
        "utilisation": _rounded(load.utilisation), "open_s": _rounded(load.open_s),
        "mean_service_s": _rounded(load.mean_service_s),
    }  # fmt: skip


def _slot_report(slot: HalfHour) -> dict[str, object]:
    return {
        "start": clock(slot.start_min), "arrivals": slot.arrivals, "mean_wait_s": _rounded(slot.mean_wait_s),
        "served": slot.served, "abandoned": slot.abandoned, "p90_wait_s": _rounded(slot.p90_wait_s),
        "windows_open": _rounded(slot.windows_open),
    }  # fmt: skip


def board_report(board: Board | None) -> dict[str, object]:
    """Returns advice, the plan for next week, indicators, trends, unusual days and halls side by side."""
    if board is None:
        return {"recommendations": []}
    first = hall_report(board.halls[0]) if board.halls else {"held_out": None, "next_week": None, "tomorrow": None}
    halls = [{"hall": hall.hall, **hall_report(hall)} for hall in board.halls] if len(board.peers) > 1 else []
    return {
        "recommendations": [
            {"what": r.what, "why": r.why, "effect": r.effect, **({"hall": r.hall} if r.hall else {})} for r in board.advice
        ],
        **first,
        "halls": halls,
        "indicators": [
            {
                "id": i.id, "group": i.group, "name": i.name, "formula": i.formula, "unit": i.unit,
                "value": _rounded(i.value), "planned": _rounded(i.planned), "target": i.target, "better": i.better,
                "status": i.status, "source": i.source, "why": i.why,
            }
            for i in board.indicators
        ],
        "trends": [{"what": t.name, "unit": t.unit, "now": _rounded(t.now), "before": _rounded(t.before)} for t in board.trends],
        "anomalies": [
            {"day": iso_day(a.day), "what": a.what, "value": _rounded(a.value), "usual": a.usual, "z": round(a.score, 2)}
            for a in board.anomalies
        ],
        "crowd": None if board.crowd is None else {
            "days": board.crowd.days, "people_per_ticket": _rounded(board.crowd.people_per_ticket),
            "trigger_people": board.crowd.trigger_people, "most_people": board.crowd.most_people,
        },
        "causes": [
            {"id": c.id, "name": c.name, "count": c.count, "share": _rounded(c.share), "windows": dict(c.windows), "example": c.example}
            for c in board.causes
        ],
        "peers": [
            {
                "hall": p.hall, "days": p.days, "visitors_per_day": _rounded(p.visitors_per_day),
                "mean_wait_s": _rounded(p.mean_wait_s), "p90_wait_s": _rounded(p.p90_wait_s), "left": _rounded(p.left),
                "busy": _rounded(p.busy), "windows": p.windows,
            }
            for p in board.peers
        ],
    }  # fmt: skip


def hall_report(hall: HallAdvice) -> dict[str, object]:
    """Returns the openings for next week and tomorrow of one hall, and their proof."""
    plan, day = hall.plan, hall.tomorrow
    return {
        "held_out": None if hall.held_out is None else held_out_report(hall.held_out),
        "next_week": None if plan is None else {
            **_week_report(plan),
            "types": [{"items": k.items, "windows": k.windows, **_week_report(k.plan)} for k in plan.types],
            "firm": None if hall.firm is None else {
                "open": hall.firm.open, "window_hours": hall.firm.hours,
                "types": [{"items": k.items, "open": k.plan.open, "window_hours": k.plan.hours} for k in hall.firm.types],
            },
        },
        "tomorrow": None if plan is None or day is None else {
            "day": iso_day(day),
            "open": [
                {"start": clock(start), "end": clock(end), "windows": count}
                for start, end, count in plan.runs(weekday(day))
            ],
        },
    }  # fmt: skip


def _week_report(plan: WeekPlan) -> dict[str, object]:
    return {
        "open": plan.open, "window_hours": plan.hours,
        "tide": {
            "waiting": plan.tide_waiting, "most": plan.tide_most, "lag_s": round(plan.tide_lag_s, 1),
            "stay_s": round(plan.tide_stay_s, 1),
        },
    }  # fmt: skip


def held_out_report(held_out: HeldOut) -> dict[str, object]:
    """Returns what the plan for a held-out week and other openings gave."""
    return {
        "week": iso_day(held_out.first_day),
        "days": held_out.n_days,
        "outcomes": [
            {
                "openings": outcome.name, "window_hours": round(outcome.hours, 2), "served": outcome.served,
                "p90_wait_s": round(outcome.p90_wait_s, 2), "mean_wait_s": round(outcome.mean_wait_s, 2),
                "tide_hours": round(outcome.tide_hours, 2), "tide_calls": outcome.tide_calls,
            }
            for outcome in held_out.outcomes
        ],
    }  # fmt: skip
