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
from hallplan.queueing.kernels import Floats, Ints
from hallplan.queueing.loop import Hall, Plan, Visitors
from hallplan.terms import text
from hallplan.units import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Compiled:
    """A model as arrays; room: more visitors than a day ever has.  group_of: the group of each window."""

    model: HallModel
    plan: Plan
    coming: Coming
    limits: Floats
    group_of: Ints
    room: int


def compile_hall(model: HallModel) -> Compiled:
    """Returns the arrays of a model; raises DemandError with everything in it that cannot be."""
    _check(model)
    lines = {line.id: n for n, line in enumerate(model.lines)}
    groups = {group.id: n for n, group in enumerate(model.groups)}
    opened = np.array([group.open for group in model.groups], dtype=np.int64)
    base = np.concatenate([[0], np.cumsum(np.maximum(opened.max(axis=1), 1))]).astype(np.int64)
    plan = Plan(*_services(model, lines), *_access(model, groups, lines), opened, base)
    mean = model.visitors_per_day
    room = int(mean + 14.0 * math.sqrt(mean) + 60.0)
    limits = np.array([line.wait_min for line in model.lines], dtype=np.float64)
    return Compiled(model, plan, _coming(model), limits, np.repeat(np.arange(len(groups)), np.diff(base)), room)


def blank_hall(compiled: Compiled) -> Hall:
    """Returns arrays for the state of a hall."""
    n_windows, whole = int(compiled.plan.base[-1]), np.int64
    n_groups = len(compiled.model.groups)
    return Hall(
        np.zeros((len(compiled.model.lines), 4), whole), np.zeros((n_groups, 3), whole), np.zeros(n_windows, whole),
        np.zeros(n_windows + 1), np.zeros(n_windows + 1, whole), np.zeros(n_groups), np.zeros(1, whole),
    )  # fmt: skip


def blank_visitors(compiled: Compiled, n: int) -> Visitors:
    """Returns arrays for n visitors."""
    steps = compiled.plan.route.shape[1]
    return Visitors(np.zeros((n, 4), np.int64), np.zeros(n), np.full((n, steps, 4), np.nan), np.zeros(n))


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


def _access(model: HallModel, groups: dict[str, int], lines: dict[str, int]) -> tuple[Ints, Ints]:
    choice = np.full((len(lines), len(groups) + 1, 2), -1, dtype=np.int64)
    serves = np.full((len(groups), len(lines) + 1, 3), -1, dtype=np.int64)
    for n, line in enumerate(model.lines):
        for place, access in enumerate(a for a in line.access if a.group in groups):
            g, least = groups[access.group], require_count("windows", access.from_waiting)
            choice[n, place] = g, least
            serves[g, int((serves[g, :, 0] >= 0).sum())] = n, least, access.rank
    return choice, serves


def _services(model: HallModel, lines: dict[str, int]) -> tuple[Ints, Ints, Floats, Floats, Floats]:
    n, steps = len(model.classes), max(len(cls.steps) for cls in model.classes)
    has_table = any(step.service.quantiles for cls in model.classes for step in cls.steps)
    route, kind = np.full((n, steps), -1, np.int64), np.zeros((n, steps), np.int64)
    times = np.zeros((n, steps, 2))
    table = np.zeros((n, steps, TABLE_POINTS if has_table else 1))
    for c, cls in enumerate(model.classes):
        for s, step in enumerate(cls.steps):
            route[c, s] = lines[step.line]
            kind[c, s], *times[c, s] = _times(step.service)
            if step.service.quantiles:
                table[c, s] = _even(step.service.quantiles)
    patience = np.array([require_patience(cls.patience_min) for cls in model.classes], dtype=np.float64)
    return route, kind.ravel(), times.reshape(-1, 2), table.reshape(n * steps, -1), patience


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
        np.ascontiguousarray(rates, dtype=np.float64),
        np.array([require("arrivals", cls.at_door) for cls in classes]),
        np.array(sorted(booked, key=lambda pair: pair[1]), dtype=np.float64).reshape(-1, 2),
        np.array([require("arrivals", cls.no_show) for cls in classes]),
        np.array([require("arrivals", cls.punctuality_min) for cls in classes]),
    )
