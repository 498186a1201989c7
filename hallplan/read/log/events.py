"""A log with a row for each event (取号, 叫号, 结束…) of a ticket, as a table with a row for each ticket."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from hallplan.read.log.headings import heading_key, roles, tells_tickets
from hallplan.read.log.tables import Table, decode, head_rows
from hallplan.settings import Settings
from hallplan.terms import read_data

STAGES = ("taken", "called", "started", "finished")
KEPT = ("window", "item", "staff", "hall", "rating")
Ticket = dict[str, str]


def as_tickets(table: Table, settings: Settings) -> tuple[Table, int]:
    """Returns a table of events as one of tickets, and how many events it had; any other table as it is, and 0.

    A ticket number that is taken again is another ticket.  The first call and start count, and the last end.
    """
    found = next((n for n, row in enumerate(table.head) if {"time", "event", "ticket"} <= set(_columns(row))), None)
    if found is None or settings.log.columns or tells_tickets(table.head[found]):
        return table, 0
    columns = _columns(table.head[found])
    content = table.content if table.content is not None else table.path.read_bytes()
    rows = list(csv.reader(io.StringIO(decode(content), newline=""), delimiter=table.delimiter))[found + 1 :]
    events = [{name: row[at].strip() for name, at in columns.items() if at < len(row)} for row in rows]
    known = [event for event in events if event.get("ticket") and _stage(event.get("event", ""))]
    if not known:
        return table, 0
    return _written(table, _tickets(known if _is_forward(known) else known[::-1])), len(known)


@cache
def _names() -> Mapping[str, str]:
    """What each heading is: time and event, and the roles that tickets have too."""
    data = read_data("log.toml")["events"]
    names = {heading_key(name): part for part in ("time", "event") for name in data[part]}
    for role in ("ticket", *KEPT):
        entry = roles()[role]
        names |= {heading_key(name): role for name in (entry["zh"], entry["en"], *entry["aliases"])}
    return names


def _columns(row: Sequence[str]) -> dict[str, int]:
    return {_names()[key]: at for at, name in reversed(list(enumerate(row))) if (key := heading_key(name)) in _names()}


@cache
def _stage(said: str) -> str:
    """The stage that an event is; its own word for one that ends a ticket unserved, "" for any other."""
    data, key = read_data("log.toml"), said.strip().lower()
    for stage in STAGES:
        if key in data["events"][stage]:
            return stage
    return said if key in data["words"]["abandoned"] else ""


def _is_forward(events: Iterable[Mapping[str, str]]) -> bool:
    """Whether stages of a ticket follow one another more often than not, as they stand in the file; some list the latest first."""
    seen: dict[str, int] = {}
    forward = 0
    for event in events:
        stage, ticket = _stage(event["event"]), event["ticket"]
        rank = STAGES.index(stage) if stage in STAGES else len(STAGES)
        forward += (rank > seen[ticket]) - (rank < seen[ticket]) if ticket in seen else 0
        seen[ticket] = rank
    return forward >= 0


def _tickets(events: Iterable[Mapping[str, str]]) -> list[Ticket]:
    tickets: list[Ticket] = []
    current: dict[str, Ticket] = {}
    for event in events:
        stage, ticket = _stage(event["event"]), event["ticket"]
        if ticket not in current or (stage == "taken" and "taken" in current[ticket]):
            current[ticket] = {"ticket": ticket}
            tickets.append(current[ticket])
        one = current[ticket]
        if stage in STAGES:
            if stage == "finished" or stage not in one:
                one[stage] = event.get("time", "")
        else:
            one["outcome"] = stage
        one |= {name: said for name in KEPT if (said := event.get(name, ""))}
    return tickets


def _written(table: Table, tickets: Sequence[Ticket]) -> Table:
    columns = ("ticket", *STAGES, "outcome", *KEPT)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([roles()[role]["zh"] for role in columns])
    writer.writerows([one.get(role, "") for role in columns] for one in tickets)
    content = out.getvalue().encode()
    head, ends = head_rows(content, ",")
    return replace(table, head=head, ends=ends, delimiter=",", content=content)
