"""What is wrong in a queue log, counted, with what becomes of it in sizing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hallplan.model.log import FIRST_REASON, Marks, QueueLog
from hallplan.model.logged import LogFault
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR, SECONDS_PER_DAY, SECONDS_PER_MINUTE


def list_faults(log: QueueLog) -> tuple[LogFault, ...]:
    """Returns every kind of fault that the log has: how many rows, and by which rule they are left out or mended."""
    return tuple(
        LogFault(kind, count, text(f"logs.fault_{rule}", count=count, **values))
        for kind, count, rule, values in _found(log)
        if count
    )


def usable_service(log: QueueLog) -> Marks:
    """(n,) whether a ticket was served and its minutes may be measured: above zero and not hours long."""
    longest = float(read_data("logs.toml")["fit"]["most_service_h"]) * MINUTES_PER_HOUR * SECONDS_PER_MINUTE
    return np.asarray(log.served & (log.service_s > 0) & (log.service_s <= longest))


def _found(log: QueueLog) -> Iterator[tuple[str, int, str, dict[str, object]]]:
    """Kind, rows, rule and its values; a kind's rule is the same for every log."""
    yield "duplicates", log.repeats, "duplicates", {}
    for n, reason in enumerate(log.reasons):
        yield "excluded", int((log.state == FIRST_REASON + n).sum()), "excluded", {"reason": _said(reason)}
    served, hours = log.served, float(read_data("logs.toml")["fit"]["most_service_h"])
    with np.errstate(invalid="ignore"):
        yield "called_before_taken", int((log.counted & (log.wait_s < 0)).sum()), "called_before_taken", {}
        yield "negative_service", int((served & (log.service_s < 0)).sum()), "no_service", {}
        yield "zero_service", int((served & (log.service_s == 0)).sum()), "no_service", {}
        too_long = served & (log.service_s > hours * MINUTES_PER_HOUR * SECONDS_PER_MINUTE)
        yield "long_service", int(too_long.sum()), "long_service", {"hours": hours}
        over = served & (log.started_s + log.service_s >= SECONDS_PER_DAY)
        yield "finished_next_day", int(over.sum()), "finished_next_day", {"hours": hours}
    yield "clock_jumps", _jumps(log), "clock_jumps", {}
    reused = sum(note.count for note in log.notes if note.kind == "reused_tickets")
    yield "reused_tickets", reused, "reused_tickets", {}
    yield from _missing(log)


def _said(reason: str) -> str:
    """A reason for leaving rows out in the user's language: no time, or a column and what it says."""
    what, _, value = reason.partition(" ")
    return text("logs.no_time") if reason == "no time" else f"{text(f'logs.column_{what}')} {value}"


def _jumps(log: QueueLog) -> int:
    """How often the clock goes back between neighbours of one day, in a log that is otherwise in order of time."""
    rules = read_data("logs.toml")["fit"]
    same = log.day[1:] == log.day[:-1]
    back = same & (log.taken_s[1:] < log.taken_s[:-1] - float(rules["jump_s"]))
    return int(back.sum()) if back.sum() <= float(rules["most_jumps_share"]) * max(int(same.sum()), 1) else 0


def _missing(log: QueueLog) -> Iterator[tuple[str, int, str, dict[str, object]]]:
    """Cells that tell nothing, by column, of the rows that should tell it."""
    served, n = log.served, max(log.n, 1)
    columns = {
        "wait": np.isnan(log.wait_s) & served,
        "service": np.isnan(log.service_s) & served,
        **{
            name: np.array([not value for value in words.names], np.bool_)[words.codes]
            for name, words in (("window", log.window), ("item", log.item), ("staff", log.staff))
            if any(words.names)
        },
    }
    for name, rows in columns.items():
        count = int((rows & (served if name != "item" else log.counted)).sum())
        yield f"missing_{name}", count, "missing", {"column": text(f"logs.column_{name}"), "share": count / n}
