"""How `hallplan monitor` shows its figures to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallplan.cli.talk import console
from hallplan.terms import text
from hallplan.units import clock

if TYPE_CHECKING:
    from hallplan.model.monitor import Board, Figures, HeldOut


def print_figures(figures: Figures, board: Board) -> None:
    """Prints the figures as a person reads them."""
    out = console()
    out.print(
        text(
            "cli.monitor_sum", tickets=figures.tickets, served=figures.served, abandoned=figures.abandoned,
            days=len(figures.days), mean=_minutes(figures.mean_wait_s), p50=_minutes(figures.p50_wait_s),
            p90=_minutes(figures.p90_wait_s), service=_minutes(figures.mean_service_s),
        )
    )  # fmt: skip
    for reason, count in figures.excluded:
        out.print(text("cli.monitor_excluded", reason=reason, count=count), markup=False)
    _print_tables(figures)
    for hall in board.halls:
        if hall.held_out:
            _print_held_out(hall.held_out, hall.hall)
    for number, item in enumerate(board.advice, 1):
        place = text("cli.monitor_in_hall", hall=item.hall) if item.hall else ""
        out.print(f"{number}. {place}{item.what} {item.why} {item.effect}", markup=False)


def _minutes(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds / 60:.1f}"


def _print_tables(figures: Figures) -> None:
    from rich.table import Table

    slots, windows = Table(title=text("cli.monitor_half_hours")), Table(title=text("cli.monitor_windows"))
    for key in ("slot", "arrivals", "wait", "p90", "open"):
        slots.add_column(text(f"cli.monitor_{key}"), justify="right")
    days = max(1, len(figures.days))
    for slot in figures.half_hours:
        slots.add_row(
            clock(slot.start_min), f"{slot.arrivals / days:.1f}", _minutes(slot.mean_wait_s), _minutes(slot.p90_wait_s),
            f"{slot.windows_open:.1f}",
        )  # fmt: skip
    for key in ("window", "served", "service", "use"):
        windows.add_column(text(f"cli.monitor_{key}"), justify="left" if key == "window" else "right")
    for load in figures.windows:
        windows.add_row(load.id, str(load.tickets), _minutes(load.mean_service_s), f"{load.utilisation:.0%}")
    console().print(slots, windows)


def _print_held_out(held_out: HeldOut, hall: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from hallplan.units import iso_day

    place = text("cli.monitor_in_hall", hall=hall) if hall else ""
    table = Table(title=Text(place + text("cli.monitor_held_out", week=iso_day(held_out.first_day))))
    for key in ("openings", "hours", "p90", "wait", "served"):
        table.add_column(text(f"cli.monitor_{key}"), justify="left" if key == "openings" else "right")
    for outcome in held_out.outcomes:
        table.add_row(
            text(f"operate.outcome_{outcome.name}"), f"{outcome.hours:.1f}", f"{outcome.p90_wait_s / 60:.2f}",
            f"{outcome.mean_wait_s / 60:.2f}", str(outcome.served),
        )  # fmt: skip
    console().print(table)
