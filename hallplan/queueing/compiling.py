"""A hall model as the arrays that the compiled loops work on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.errors import DemandError, Fault
from hallplan.queueing.checks import require, require_count
from hallplan.queueing.days import Coming
from hallplan.queueing.draws import CONSTANT, EXPONENTIAL, LOGNORMAL, TABLE
from hallplan.queueing.hall import TABLE_POINTS, HallModel, Service
from hallplan.queueing.kernels import Floats, Ints, Records
from hallplan.queueing.loop import ABREAST, NONE, WORD, Choice, Group, Hall, Line, Plan, Serves, Turn, Visitor, Visitors
from hallplan.queueing.loop import Service as ServiceRow
from hallplan.queueing.loop import Step as StepRow
from hallplan.terms import text
from hallplan.units import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Compiled:
    """A model as arrays; room: more visitors than a day ever has.  steps: the most a class has.

    is_straight: its lines keep to themselves, so that days can be gone through step by step.
    """

    model: HallModel
    plan: Plan
    coming: Coming
    limits: Floats
    room: int
    steps: int
    is_straight: bool


def compile_hall(model: HallModel) -> Compiled:
    """Returns the arrays of a model; raises DemandError with everything in it that cannot be."""
    _check(model)
    lines = {line.id: n for n, line in enumerate(model.lines)}
    groups = {group.id: n for n, group in enumerate(model.groups)}
    opened = np.array([group.open for group in model.groups], dtype=np.int64)
    rows, table = _services(model, lines)
    base, words, group_of = _places(np.maximum(opened.max(axis=1), 1))
    mask = (1 << int(base[-1]).bit_length()) - 1
    plan = Plan(rows, table, *_access(model, groups, lines), opened, base, words, group_of, mask)
    mean = model.visitors_per_day
    room = int(mean + 14.0 * math.sqrt(mean) + 60.0)
    limits = np.array([line.wait_min for line in model.lines], dtype=np.float64)
    return Compiled(
        model, plan, _coming(model), limits, room, max(len(cls.steps) for cls in model.classes), is_straight(model)
    )


def is_straight(model: HallModel) -> bool:
    """Whether everybody is patient and each line has windows of its own, and its one place among the steps of all classes."""
    groups = {group.id for group in model.groups}
    used = [[access for access in line.access if access.group in groups] for line in model.lines]
    steps = {(step.line, n) for cls in model.classes for n, step in enumerate(cls.steps)}
    return (
        all(len(access) == 1 and access[0].from_waiting <= 1 for access in used)
        and len({access[0].group for access in used}) == len(used)
        and len(steps) == len({line for line, _ in steps})
        and all(cls.patience_min == math.inf for cls in model.classes)
    )


def blank_hall(compiled: Compiled) -> Hall:
    """Returns arrays for the state of a hall."""
    n_windows, n_groups = int(compiled.plan.base[-1]), len(compiled.model.groups)
    return Hall(
        np.zeros(len(compiled.model.lines), Line), np.zeros(n_groups, Group),
        np.zeros(int(compiled.plan.words[-1]), np.uint64), np.zeros(n_windows, np.uint32), np.zeros(-(-n_windows // ABREAST) * ABREAST, np.int64), np.zeros(1, np.int64), np.zeros(compiled.room, Turn),
        np.zeros(compiled.room + 2 * len(compiled.model.lines)),
    )  # fmt: skip


def blank_visitors(compiled: Compiled, n: int) -> Visitors:
    """Returns arrays for n visitors."""
    steps = np.zeros((n, compiled.steps), StepRow)
    for name in ("joined", "started", "ended"):
        steps[name] = np.nan
    steps["window"] = -1
    return Visitors(np.zeros(n, Visitor), np.zeros(n), steps)


def _check(model: HallModel) -> None:
    lines, groups = [line.id for line in model.lines], [group.id for group in model.groups]
    faults = [
        Fault(cls.id, text("queueing.no_line", line=step.line), ", ".join(lines))
        for cls in model.classes
        for step in cls.steps
        if step.line not in lines
    ]
    for line in model.lines:
        known = [access for access in line.access if access.group in groups]
        if not known:
            faults.append(Fault(line.id, text("queueing.no_group"), ", ".join(groups), text("queueing.name_group")))
    faults += [
        Fault(name, text("queueing.twice")) for names in (lines, groups) for name in set(names) if names.count(name) > 1
    ]
    n_slots = {len(group.open) for group in model.groups} | {len(cls.per_hour) for cls in model.classes}
    if len(n_slots) != 1 or 0 in n_slots or not model.classes:
        faults.append(Fault(text("queueing.windows"), text("queueing.slots_differ", slots=sorted(n_slots))))
    if faults:
        raise DemandError.of(faults)
    require("slot", model.slot_minutes, above_zero=True)
    for group in model.groups:
        for count in group.open:
            require_count("windows", count, 0)


def _places(windows: Ints) -> tuple[Ints, Ints, Ints]:
    """First window and first word of each group, and the group of each window."""
    base, words = (np.concatenate([[0], np.cumsum(n)]).astype(np.int64) for n in (windows, -(-windows // WORD)))
    return base, words, np.repeat(np.arange(windows.size), windows)


def _access(model: HallModel, groups: dict[str, int], lines: dict[str, int]) -> tuple[Records, Records]:
    choice, serves = np.zeros((len(lines), len(groups) + 1), Choice), np.zeros((len(groups), len(lines) + 1), Serves)
    choice["group"], serves["line"] = NONE, NONE
    ranks = sorted({access.rank for line in model.lines for access in line.access})
    for n, line in enumerate(model.lines):
        for place, access in enumerate(a for a in line.access if a.group in groups):
            g, least = groups[access.group], require_count("windows", access.from_waiting)
            choice[n, place] = g, least
            serves[g, int((serves["line"][g] != NONE).sum())] = n, least, ranks.index(access.rank)
    return choice.ravel(), serves.ravel()


def _services(model: HallModel, lines: dict[str, int]) -> tuple[Records, Floats]:
    n, width = len(model.classes), max(len(cls.steps) for cls in model.classes) + 1
    has_table = any(step.service.quantiles for cls in model.classes for step in cls.steps)
    rows, table = np.zeros((n, width), ServiceRow), np.zeros((n, width, TABLE_POINTS if has_table else 1))
    rows["line"] = NONE
    for c, cls in enumerate(model.classes):
        for s, step in enumerate(cls.steps):
            rows[c, s] = lines[step.line], *_times(step.service), require_patience(cls.patience_min)
            if step.service.quantiles:
                table[c, s] = _even(step.service.quantiles)
    return rows.ravel(), table.reshape(n * width, -1)


def require_patience(minutes: float) -> float:
    """Returns a mean patience; infinite for those who stay."""
    return minutes if minutes == math.inf else require("patience", minutes, above_zero=True)


def _times(service: Service) -> tuple[int, float, float]:
    mean = require("minutes", service.mean)
    if service.quantiles:
        return TABLE, 0.0, 0.0
    if service.cv is None:
        return EXPONENTIAL, mean, 0.0
    cv = require("cv", service.cv)
    if cv == 0 or mean == 0:
        return CONSTANT, mean, 0.0
    variance = math.log1p(cv * cv)
    return LOGNORMAL, math.log(mean) - variance / 2.0, math.sqrt(variance)


def _even(quantiles: Sequence[float]) -> Floats:
    points = np.array([require("minutes", value) for value in quantiles])
    places = np.linspace(0.0, 1.0, TABLE_POINTS)
    even: Floats = np.interp(places, np.linspace(0.0, 1.0, points.size), np.sort(points))
    return even


def _coming(model: HallModel) -> Coming:
    classes = model.classes
    rates = np.array([[require("arrivals", rate) for rate in cls.per_hour] for cls in classes]) / MINUTES_PER_HOUR
    booked = [(float(c), require("wait", at)) for c, cls in enumerate(classes) for at in cls.booked]
    return Coming(
        np.ascontiguousarray(np.cumsum(rates, axis=0).T),
        np.array([require("arrivals", cls.at_door) for cls in classes]),
        np.array(sorted(booked, key=lambda pair: pair[1]), dtype=np.float64).reshape(-1, 2),
        np.array([require("arrivals", cls.no_show) for cls in classes]),
        np.array([require("arrivals", cls.punctuality_min) for cls in classes]),
    )
