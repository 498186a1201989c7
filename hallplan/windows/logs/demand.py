"""A workbook's demand with what a queue log measured: when people come, how many, and how long they take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.demand import ArrivalProfile, Assumption, Demand, Item
from hallplan.model.logged import Forecast, LogDemand, LogFault, LogSummary, LogType
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.logs.fit import SLOT_MIN

FEW_DAYS = 2


def demand_with_log(
    demand: Demand, fit: LogDemand, source: str, *, faults: Sequence[LogFault] = (), forecast: Forecast | None = None
) -> Demand:
    """Returns the demand with the log's arrival profile, and with its volumes and minutes for the items it names.

    A business type of the log is an item's name, code, theme or department.  Its visits a day are shared among those
    items as in the workbook; tickets that name no business are shared among the types that came in the same half-hour.  The
    minutes of 受理 become the mean measured, their spread the one measured.  The busiest weekday becomes the planning day, raised by as much as the forecast lies above what was seen.  What the log names and the workbook does not is a warning.
    """
    tickets, fit = sum(kind.tickets for kind in fit.types), _without_blank(fit)
    homes = {kind.name: [item for item in demand.admitted if _is_of(item, kind.name)] for kind in fit.types}
    taken: dict[str, Item] = {}
    for kind in fit.types:
        for item in _measured(kind, [i for i in homes[kind.name] if i.code not in taken], demand):
            taken[item.code] = item
    profile = _profile(fit, demand.arrivals, forecast)
    unknown = [kind.name for kind in fit.types if not homes[kind.name]]
    lost = text("logs.unknown_types", names="、".join(unknown), count=len(unknown)) if unknown else ""
    return replace(
        demand,
        items=tuple(taken.get(item.code, item) for item in demand.items),
        arrivals=profile,
        assumptions=(
            *demand.assumptions,
            *(_told(kind, source) for kind in fit.types if homes[kind.name]),
            *(Assumption(text("logs.fault_what"), fault.rule, text("logs.from", source=source)) for fault in faults),
            *([_foretold(forecast)] if forecast else []),
        ),
        warnings=(*demand.warnings, *([lost] if lost else [])),
        logged=LogSummary(source, tickets, fit.days, tuple(faults), fit.seasons, fit.trend, forecast),
    )


def _without_blank(fit: LogDemand) -> LogDemand:
    """The log's types without the one that has no name, whose arrivals go to the others in proportion, by half-hour."""
    named, blank = [kind for kind in fit.types if kind.name], next((kind for kind in fit.types if not kind.name), None)
    whole = math.fsum(math.fsum(kind.arrivals) for kind in named)
    if blank is None or whole <= 0:
        return fit
    sums = [math.fsum(rates) for rates in zip(*(kind.arrivals for kind in named), strict=True)]

    def share(kind: LogType, k: int) -> float:
        return kind.arrivals[k] / sums[k] if sums[k] > 0 else math.fsum(kind.arrivals) / whole

    types = [
        replace(kind, arrivals=tuple(rate + blank.arrivals[k] * share(kind, k) for k, rate in enumerate(kind.arrivals)))
        for kind in named
    ]
    return replace(fit, types=tuple(types))


def _is_of(item: Item, name: str) -> bool:
    return bool(name) and name in (item.name, item.code, item.theme, item.department)


def _measured(kind: LogType, items: list[Item], demand: Demand) -> list[Item]:
    """The items with as many visits as the log has, and the minutes measured where it has enough of them."""
    planned = math.fsum(item.visits_per_year for item in items) / demand.working_days
    came = math.fsum(kind.arrivals) * SLOT_MIN / MINUTES_PER_HOUR
    factor = came / planned if planned > 0 else 1.0
    enough = kind.service.count >= read_data("logs.toml")["fit"]["least_services"]
    mean = kind.service.mean_min
    return [
        replace(
            item,
            cases=item.cases * factor,
            consults=item.consults * factor,
            minutes=replace(item.minutes, accept=mean, std=mean * kind.service.cv) if enough else item.minutes,
            assumed=tuple(name for name in item.assumed if name not in ("minutes", "std")) if enough else item.assumed,
        )
        for item in items
    ]


def _foretold(forecast: Forecast) -> Assumption:
    busiest = max(forecast.days, key=lambda day: (day.visitors, day.date))
    value = text(
        "logs.forecast_value", first=forecast.days[0].date, last=forecast.days[-1].date, mean=_mean(forecast),
        busiest=busiest.date, most=busiest.visitors, low=busiest.low, high=busiest.high,
        probability=forecast.probability, tried=forecast.tried, inside=forecast.inside, error=forecast.error,
    )  # fmt: skip
    return Assumption(text("logs.forecast_what"), value, text("logs.forecast_basis"))


def _mean(forecast: Forecast) -> float:
    return math.fsum(day.visitors for day in forecast.days) / len(forecast.days)


def _profile(fit: LogDemand, before: ArrivalProfile, forecast: Forecast | None) -> ArrivalProfile:
    """Shares by half-hour; half-hours in which next to nobody comes, such as lunch, are closed."""
    sums = [math.fsum(kind.arrivals[k] for kind in fit.types) for k in range(len(fit.half_hours))]
    total = math.fsum(sums)
    least = float(read_data("logs.toml")["fit"]["least_slot_share"]) * total
    kept = [(start, value / total) for start, value in zip(fit.half_hours, sums, strict=True) if value > least]
    whole = math.fsum(share for _, share in kept)
    growth = _mean(forecast) / forecast.mean_seen if forecast and forecast.days else 1.0
    weekdays = [s.factor for s in fit.seasons if s.what.startswith("weekday") and s.days >= FEW_DAYS]
    return ArrivalProfile(
        tuple(start for start, _ in kept), tuple(share / whole for _, share in kept), SLOT_MIN,
        max([before.peak_day, *weekdays]) * max(growth, 1.0),
    )  # fmt: skip


def _told(kind: LogType, source: str) -> Assumption:
    service = kind.service
    value = text(
        "logs.measured", tickets=kind.tickets, mean=service.mean_min, cv=service.cv, outliers=service.outliers,
        longest=service.longest_min, zero=service.zero, left=kind.left + kind.left_at_once,
    )  # fmt: skip
    return Assumption(text("logs.type", name=kind.name), value, text("logs.from", source=source))
