"""The tables of the page as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from hallplan.model.findings import Finding
from hallplan.model.plan import Alternative, Plan
from hallplan.model.windows import WindowChange, plate_runs
from hallplan.terms import text, word
from hallplan.units import clock

LEVELS = ("mandatory", "recommended", "own")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; numbers are set to the right."""

    name: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells; `tone` colours the first, `style` the whole."""

    cells: tuple[str, ...]
    tone: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def make_table(group: str, columns: str, rows: Iterable[Row]) -> Table:
    """Returns a table whose headings are texts `page.<group>_<column>`; a column ending in # holds numbers."""
    names = columns.split()
    heads = tuple(Column(text(f"page.{group}_{name.rstrip('#')}"), name.endswith("#")) for name in names)
    return Table(heads, tuple(rows))


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure."""

    name: str
    value: str


def cards(plan: Plan) -> list[Card]:
    """Returns the key figures of the best alternative."""
    best = plan.alternatives[0]
    used = sum(zone.area_m2 for zone in best.layout.zones)
    failed = sum(finding.status == "fail" for finding in best.findings)
    figures = {
        "zones": str(len(best.layout.zones)),
        "windows": str(plan.windows.windows_total),
        "seats": str(len(best.layout.of_kind("chair", "wheelchair_place"))),
        "area": f"{used:,.0f} / {plan.site.free_area_m2:,.0f} m²",
        "visitors": f"{plan.windows.visitors_per_day:,.0f}",
        "wait": f"{max((kind.mean_wait_min for kind in plan.windows.types), default=0.0):.1f} min",
        "share": f"{min((kind.share_within_target for kind in plan.windows.types), default=1.0):.0%}",
        "findings": f"{failed}",
    }
    return [Card(text(f"page.card_{key}"), value) for key, value in figures.items()]


def window_table(plan: Plan) -> Table:
    """Returns one row a window type, promised figures beside the simulated ones."""
    rows = [
        Row(
            (
                kind.name,
                str(len(kind.items)),
                f"{kind.minutes:.1f}",
                str(kind.windows),
                f"{kind.mean_wait_min:.1f}",
                f"{kind.share_within_target:.1%}",
                f"{kind.simulated.share_within_target.value:.1%}",
                f"{kind.p99_wait_min:.0f}",
                f"{kind.utilisation:.0%}",
                str(kind.waiting_p95),
                kind.basis,
            )
        )
        for kind in plan.windows.types
    ]
    return make_table("windows", "type items# minutes# count# wait# share# simulated# p99# use# waiting# basis", rows)


def windows_note(plan: Plan) -> str:
    """Returns the sentence above the window table."""
    result = plan.windows
    return text(
        "page.windows_note",
        share=f"{result.target_share:.0%}",
        wait=f"{result.target_wait_min:g}",
        hours=f"{result.window_hours:.1f}",
        bound=f"{result.window_hours_bound:.1f}",
        gap=f"{result.gap:.1%}",
    )


def opening_grid(plan: Plan) -> dict[str, object]:
    """Returns windows open by type and half-hour, coloured by share of the type's windows."""
    rows = []
    for kind in plan.windows.types:
        cells = []
        for count in kind.open:
            light = 97 - round(45 * count / max(1, kind.windows))
            cells.append({"value": count, "colour": f"hsl(206 70% {light}%)"})
        rows.append({"name": kind.name, "cells": cells})
    return {"starts": [clock(start) for start in plan.windows.half_hours], "rows": rows}


def change_table(plan: Plan) -> Table:
    """Returns what becomes of each of today's windows; new ones of one kind in one row."""
    rows = []
    for (existing, fate, reason, _), group in groupby(plan.windows.changes, _like):
        changes = list(group)
        into = "、".join(plate_runs([change.into for change in changes])) if not existing else changes[0].into
        rows.append(Row((existing, fate, into, reason)))
    return make_table("changes", "existing fate into reason", rows)


def _like(change: WindowChange) -> tuple[str, str, str, str]:
    """What changes of one row have in common: today's windows have a row each, new ones one a letter of their plates."""
    return change.existing, change.fate, change.reason, change.into if change.existing else change.into[:1]


def changes_note(plan: Plan) -> str:
    """Returns today's windows against the plan's in a sentence."""
    today, planned = len(plan.demand.existing), plan.windows.windows_total
    key = "page.changes_note" if planned <= today else "page.changes_note_more"
    return text(key, today=today, planned=planned, saved=abs(today - planned))


def principle_table(plan: Plan) -> Table:
    """Returns the four principles of chapter 4 with indicators, today (where known) against the plan."""
    best = plan.alternatives[0]
    used = sum(zone.area_m2 for zone in best.layout.zones)
    seats = len(best.layout.of_kind("chair", "wheelchair_place"))
    windows = max(1, plan.windows.windows_total)
    today = len(plan.demand.existing)
    general = sum(kind.windows for kind in plan.windows.types if kind.zone == "window_general")
    load = _mean(kind.utilisation for kind in plan.windows.types)
    admitted = len(plan.demand.admitted) / max(1, len(plan.demand.items))
    online = sum(item.cases * item.online_share for item in plan.demand.items)
    cases = sum(item.cases for item in plan.demand.items) or 1.0
    readable = _mean(reading.readable_share for reading in best.signs.readings)
    rows = [
        ("layout", "fill", "–", f"{used / max(1.0, plan.site.free_area_m2):.0%}"),
        ("layout", "area_per_window", "–", f"{used / windows:.1f} m²"),
        ("layout", "readable", "–", f"{readable:.0%}"),
        ("demand", "share", "–", f"{min((k.share_within_target for k in plan.windows.types), default=1.0):.0%}"),
        ("demand", "visitors_per_window", _per(plan, today), f"{plan.windows.visitors_per_day / windows:.1f}"),
        ("demand", "seats_per_window", "–", f"{seats / windows:.1f}"),
        ("resource", "windows", str(today) if today else "–", str(plan.windows.windows_total)),
        ("resource", "general_share", "–", f"{general / windows:.0%}"),
        ("resource", "use", "–", f"{load:.0%}"),
        ("digital", "online", "–", f"{online / cases:.0%}"),
        ("digital", "kiosks", "–", str(plan.windows.kiosks)),
        ("digital", "admitted", "–", f"{admitted:.0%}"),
    ]
    named = [Row((text(f"page.principle_{p}"), text(f"page.indicator_{i}"), now, then)) for p, i, now, then in rows]
    return make_table("principles", "principle indicator today# plan#", named)


def _per(plan: Plan, today: int) -> str:
    return f"{plan.windows.visitors_per_day / today:.1f}" if today else "–"


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def alternative_table(plan: Plan) -> Table:
    """Returns each alternative's score by part, and how far a better one could still go."""
    parts = list(dict.fromkeys(part.id for a in plan.alternatives for part in a.layout.parts))
    heads = (
        Column(text("page.alternatives_id")),
        *(Column(word("part", part), True) for part in parts),
        *(Column(text(f"page.alternatives_{key}"), True) for key in ("score", "bound", "failed")),
    )
    return Table(heads, tuple(_alternative_row(alternative, parts) for alternative in plan.alternatives))


def _alternative_row(alternative: Alternative, parts: Sequence[str]) -> Row:
    layout = alternative.layout
    values = {part.id: part for part in layout.parts}
    shown = [f"{values[p].value:,.1f} → {values[p].cost:.2f}" if p in values else "–" for p in parts]
    bound = text("page.no_bound") if layout.bound is None else f"{layout.bound:.2f}"
    failed = sum(finding.status == "fail" for finding in alternative.findings)
    return Row((f"{layout.id} {layout.name}", *shown, f"{layout.score:.2f}", bound, str(failed)))


def route_table(plan: Plan) -> Table:
    """Returns each route with its length and how well signs serve it."""
    best = plan.alternatives[0]
    readings = {reading.route: reading for reading in best.signs.readings}
    rows = []
    for route in best.routes.routes:
        reading = readings.get(route.id)
        blind = max((end - start for start, end in reading.blind), default=0.0) if reading else 0.0
        rows.append(
            Row(
                (
                    route.name,
                    word("network", route.network),
                    f"{route.per_day:,.0f}",
                    f"{route.length_m:.1f}",
                    f"{reading.readable_share:.0%}" if reading else "–",
                    f"{blind:.1f}" if reading else "–",
                    f"{reading.served} / {reading.decisions}" if reading else "–",
                )
            )
        )
    return make_table("routes", "kind network people# length# readable# blind# decisions#", rows)


def finding_table(plan: Plan, *, is_failed: bool) -> Table:
    """Returns the failed findings, or all others, mandatory rules first."""
    findings = [f for f in plan.alternatives[0].findings if (f.status == "fail") == is_failed]
    findings.sort(key=lambda f: (f.status != "undecided", LEVELS.index(f.level)))
    return make_table("findings", "status level message value# limit# clause", [_finding_row(f) for f in findings])


def _finding_row(finding: Finding) -> Row:
    unit = f" {finding.unit}" if finding.unit else ""
    clause = f"{finding.clause} [{finding.confidence}]" if finding.confidence else finding.clause
    cells = (
        word("status", finding.status),
        word("level", finding.level),
        finding.message,
        _value(finding.value, unit),
        _value(finding.limit, unit),
        clause,
    )
    return Row(cells, tone=finding.status)


def _value(value: float | str | bool | None, unit: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return text("page.yes") if value else text("page.no")
    return f"{value:,.2f}{unit}" if isinstance(value, float) else f"{value}{unit}"


def findings_note(plan: Plan) -> str:
    """Returns how many rules passed, failed and could not be decided."""
    findings = plan.alternatives[0].findings
    counts = {status: sum(f.status == status for f in findings) for status in ("pass", "fail", "undecided")}
    return text("page.findings_note", passed=counts["pass"], failed=counts["fail"], undecided=counts["undecided"])


def assumption_table(plan: Plan) -> Table:
    """Returns every value that nobody gave, marked as estimated."""
    found = (*plan.demand.assumptions, *plan.windows.assumptions, *plan.programme.assumptions)
    rows = [Row((text("page.estimated"), a.what, a.value, a.basis, a.where), tone="mark") for a in found]
    return make_table("assumptions", "mark what value basis where", rows)


def reading_table(plan: Plan) -> Table:
    """Returns what was inferred from the drawing and what the stages warn of."""
    evidence = [Row((text("page.reading_unit"), line)) for line in plan.site.unit_evidence]
    guesses = [
        Row((text("page.reading_guess", sure=f"{g.confidence:.0%}"), f"{g.what}　{g.setting}"))
        for g in plan.site.guesses
    ]
    warned = (*plan.site.warnings, *plan.demand.warnings, *plan.windows.warnings, *plan.programme.warnings)
    warnings = [Row((text("page.reading_warning"), line)) for line in warned]
    return make_table("reading", "kind what", [*evidence, *guesses, *warnings])


def settings_table(plan: Plan) -> Table:
    """Returns the settings in force and their sources."""
    rows = [Row((key, value, text(f"cli.source_{source}"))) for key, value, source in plan.settings]
    return make_table("settings", "key value source", rows)
