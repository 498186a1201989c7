"""What to change in the running hall, each with its effect computed by replaying the last week."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from hallplan.model.log import LogNote, QueueLog
from hallplan.model.monitor import Figures, HallAdvice, HeldOut, Load, Outcome, Recommendation, WeekPlan
from hallplan.operate.bench import (
    DAYS_A_WEEK,
    DayOfPeople,
    Intervals,
    as_logged,
    effect_of,
    of_counts,
    outcome,
    outcome_of_parts,
    people_of,
)
from hallplan.operate.figures import measure
from hallplan.operate.queues import Known, known_queues, parts_as_logged, parts_of_plan, split_queues
from hallplan.operate.retype import retypes, some_names
from hallplan.operate.week import WEEKS_BACK, busiest_week, hold_out, next_week, recent_days, split_halls
from hallplan.terms import read_data, text, word
from hallplan.units import clock, iso_day, weekday

SLOT_MIN = 30


def advise(log: QueueLog) -> tuple[HallAdvice, ...]:
    """Returns what each hall of a log should change, the hall with most tickets first.

    Nothing is advised without a replay behind it; a hall with more people a week than any has is not replayed, and of
    very many halls only the largest are.
    """
    halls = [(name, one) for name, one in split_halls(log) if one.days.size and one.served.any()]
    fit = [(name, one) for name, one in halls if not _is_too_large(one)]
    return tuple(_advise_hall(name, one) for name, one in fit[: read_data("operate.toml")["advice"]["most_halls"]])


def _advise_hall(name: str, log: QueueLog) -> HallAdvice:
    """What one hall should change, by its last weeks."""
    log = log.pick(log.day > log.days[-1] - DAYS_A_WEEK * (WEEKS_BACK + 1))
    figures = measure(log)
    held_out, (plan, firm) = hold_out(log), next_week(log)
    days = log.days.tolist()[-DAYS_A_WEEK:]
    week, known = people_of(log, days), known_queues(log, days)
    found: list[Recommendation] = []
    if sum(len(day.openings) for day in week):
        queues = split_queues(log, known, days)
        late = max(range(len(queues)), key=lambda n: outcome("", queues[n], as_logged).p90_wait_s)
        found = [*_week(plan, held_out, partial(_made_from, log)), *_slots(queues[late], _place(log, known, late))]
        found += _idle(log, figures, queues)
        found += [*retypes(log, week), *(_leaving(figures, week) if known.is_one else ())]
    most = read_data("operate.toml")["advice"]["most"]
    items = tuple(replace(item, hall=name) for item in found[:most])
    return HallAdvice(name, items, held_out, plan, firm, _tomorrow(plan, int(log.days[-1])))


def _place(log: QueueLog, known: Known, number: int) -> str:
    """Which queue advice is about, where the hall has several: its commonest items."""
    return "" if known.is_one else text("operate.in_queue", items=some_names(log.item.names, known.items[number]))


def _tomorrow(plan: WeekPlan | None, last: int) -> int | None:
    """The first day after the last on which a plan opens windows."""
    days = range(last + 1, last + 1 + DAYS_A_WEEK)
    return next((day for day in days if plan and any(plan.open[weekday(day)])), None)


def with_replay_note(log: QueueLog) -> QueueLog:
    """Returns the log with notes on halls that are not replayed, so that no advice is not taken for all being well."""
    halls = split_halls(log)
    known = read_data("operate.toml")
    large = [(name, one) for name, one in halls if _is_too_large(one)]
    notes = []
    if large:
        name, one = large[0]
        words = text("operate.too_large", people=busiest_week(one), most=known["week"]["most_people"], hall=name or "–")
        notes.append(LogNote("no_replay", busiest_week(one), words))
    left = len(halls) - len(large) - known["advice"]["most_halls"]
    if left > 0:
        words = text("operate.many_halls", most=known["advice"]["most_halls"], left=left)
        notes.append(LogNote("halls_not_advised", left, words))
    return replace(log, notes=(*log.notes, *notes)) if notes else log


def _is_too_large(log: QueueLog) -> bool:
    """Whether a week of the log has more people than any hall has."""
    return bool(log.n) and busiest_week(log) > read_data("operate.toml")["week"]["most_people"]


def _week(
    plan: WeekPlan | None, held_out: HeldOut | None, made_from: Callable[[], Sequence[Sequence[DayOfPeople]]]
) -> Iterator[Recommendation]:
    """Next week's openings as a whole, when the proof speaks for them.  made_from: the queues they were made from."""
    if plan is None:
        return
    by_name = {outcome.name: outcome for outcome in held_out.outcomes} if held_out else {}
    before, after = (by_name["actual"], by_name["plan"]) if by_name else _own_week(plan, made_from())
    if (after.p90_wait_s, after.hours) >= (before.p90_wait_s, before.hours):
        return
    proof = text("operate.proved", week=iso_day(held_out.first_day)) if held_out else text("operate.own_week")
    what = text(
        "operate.week", hours=f"{plan.hours:.0f}", waiting=plan.tide_waiting, stay=f"{plan.tide_stay_s / 60:.0f}",
        most=plan.tide_most, calls=after.tide_calls, tide=f"{after.tide_hours:.0f}",
    )  # fmt: skip
    queues = text("operate.by_queue", count=len(plan.types)) if plan.types else ""
    yield Recommendation(what + queues, proof, effect_of(before, after))


def _made_from(log: QueueLog) -> list[tuple[DayOfPeople, ...]]:
    """The days, by queue, that the plan for the week after a log is made from."""
    days = recent_days(log, int(log.days[-1]) + 1)
    return split_queues(log, known_queues(log, days), days)


def _own_week(plan: WeekPlan, queues: Sequence[Sequence[DayOfPeople]]) -> tuple[Outcome, Outcome]:
    """The actual openings and the plan on the days that it was made from."""
    actual, planned = parts_as_logged(queues), parts_of_plan(plan, queues)
    return outcome_of_parts("actual", actual), outcome_of_parts("plan", planned)


def _slots(week: Sequence[DayOfPeople], place: str) -> Iterator[Recommendation]:
    """The half-hour that needs one more most, and a swap that pays for it from the one that needs it least."""
    before = outcome("actual", week, _rounded)
    ratio = {
        (weekday(day.day), k): (work - n_open) / math.sqrt(max(work, 1.0))
        for day in week
        for k, (work, n_open) in enumerate(zip(day.load.tolist(), day.slots_open().tolist(), strict=True))
        if n_open > 0
    }
    if not ratio:
        return
    need = max(ratio, key=lambda key: (ratio[key], key))
    spare = min((key for key in ratio if key != need), key=lambda key: (ratio[key], key), default=None)
    more = outcome("", week, _changed({need: 1}))
    if more.p90_wait_s < before.p90_wait_s or more.served > before.served:
        yield Recommendation(
            place + text("operate.open_more", slot=_slot_name(need)),
            text("operate.load_above"),
            effect_of(before, more),
        )
    if spare is None:
        return
    swap = outcome("", week, _changed({need: 1, spare: -1}))
    if (swap.p90_wait_s, -swap.served) < (before.p90_wait_s, -before.served):
        what = text("operate.swap", slot=_slot_name(need), spare=_slot_name(spare))
        yield Recommendation(place + what, text("operate.uneven"), effect_of(before, swap))


def _slot_name(key: tuple[int, int]) -> str:
    return f"{word('weekday', str(key[0]))} {clock(key[1] * SLOT_MIN)}–{clock(key[1] * SLOT_MIN + SLOT_MIN)}"


def _rounded(day: DayOfPeople) -> Intervals:
    return of_counts(day.slots_open())


def _changed(changes: dict[tuple[int, int], int]) -> Any:
    """Openings as they were, to whole half-hours, with some changed."""

    def openings(day: DayOfPeople) -> Intervals:
        counts = day.slots_open()
        for (on, slot), more in changes.items():
            if on == weekday(day.day):
                counts[slot] = max(0, counts[slot] + more)
        return of_counts(counts)

    return openings


def _idle(log: QueueLog, figures: Figures, queues: Sequence[Sequence[DayOfPeople]]) -> Iterator[Recommendation]:
    """Windows that are hardly used: what if the idlest one were merged into the others."""
    limits = read_data("operate.toml")["advice"]
    idle = [load for load in figures.windows if load.open_s > 0 and load.utilisation <= limits["idle"]]
    if len(figures.windows) < 2 or not idle:
        return
    worst: Load = min(idle, key=lambda load: (load.utilisation, load.id))
    code = log.window.code(worst.id)
    week = next((queue for queue in queues if any(o[0] == code for day in queue for o in day.openings)), ())
    before = outcome("actual", week, as_logged)
    after = outcome("", week, lambda day: [opening for opening in day.openings if opening[0] != code])
    if after.hours >= before.hours:
        return
    why = text("operate.hardly_used", share=f"{worst.utilisation:.0%}", count=len(idle))
    yield Recommendation(text("operate.merge", window=worst.id), why, effect_of(before, after))


def _leaving(figures: Figures, week: Sequence[DayOfPeople]) -> Iterator[Recommendation]:
    """Many leave unserved: one more window wherever windows were busier than they should be."""
    limits = read_data("operate.toml")["advice"]
    came = figures.served + figures.abandoned
    if not came or figures.abandoned / came < limits["abandoned"]:
        return
    before = outcome("actual", week, _rounded)

    def openings(day: DayOfPeople) -> Intervals:
        counts = day.slots_open()
        return of_counts(counts + ((day.load > limits["busy"] * counts) & (counts > 0)))

    after = outcome("", week, openings)
    if after.hours > before.hours:
        why = text("operate.many_leave", share=f"{figures.abandoned / came:.0%}")
        yield Recommendation(text("operate.relieve"), why, effect_of(before, after))
