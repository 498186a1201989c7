"""The figures of a log as `monitor --json` prints them."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.log import LogNote
from hallplan.model.monitor import Figures, HeldOut, Recommendation
from hallplan.units import clock, iso_day

DIGITS = 6


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def monitor_report(
    figures: Figures, notes: Sequence[LogNote], advice: Sequence[Recommendation], held_out: HeldOut | None = None
) -> dict[str, object]:
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
        "windows": [
            {
                "id": load.id, "tickets": load.tickets, "busy_s": _rounded(load.busy_s),
                "utilisation": _rounded(load.utilisation), "open_s": _rounded(load.open_s),
                "mean_service_s": _rounded(load.mean_service_s),
            }
            for load in figures.windows
        ],
        "items": [
            {"id": load.id, "tickets": load.tickets, "mean_service_s": _rounded(load.mean_service_s)}
            for load in figures.items
        ],
        "half_hours": [
            {
                "start": clock(slot.start_min), "arrivals": slot.arrivals, "mean_wait_s": _rounded(slot.mean_wait_s),
                "served": slot.served, "abandoned": slot.abandoned, "p90_wait_s": _rounded(slot.p90_wait_s),
                "windows_open": _rounded(slot.windows_open),
            }
            for slot in figures.half_hours
        ],
        "by_day": [
            {
                "day": iso_day(day.day), "tickets": day.tickets, "served": day.served, "abandoned": day.abandoned,
                "mean_wait_s": _rounded(day.mean_wait_s), "p90_wait_s": _rounded(day.p90_wait_s),
                "window_hours": _rounded(day.window_hours),
            }
            for day in figures.by_day
        ],
        "recommendations": [{"what": r.what, "why": r.why, "effect": r.effect} for r in advice],
        "held_out": None if held_out is None else held_out_report(held_out),
        "notes": [{"kind": note.kind, "count": note.count, "text": note.text} for note in notes],
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
            }
            for outcome in held_out.outcomes
        ],
    }  # fmt: skip
