"""Self-service terminals by queueing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hallplan.model.demand import Demand
from hallplan.queueing import transient
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.slots import SLOT_MIN, Slots


@dataclass(frozen=True, slots=True)
class Kiosks:
    """Terminals needed, people who use them on a planning day, and why so many."""

    count: int
    users_per_day: float
    basis: str


def size_kiosks(demand: Demand, slots: Slots, settings: Settings) -> Kiosks:
    """Returns the fewest terminals, all on all day, that keep their own target in every half-hour."""
    data = read_data("windows.toml")["kiosk"]
    users = sum(item.kiosk_cases for item in demand.admitted) / demand.working_days * demand.arrivals.peak_day
    rates = [users * share * MINUTES_PER_HOUR / SLOT_MIN for share in slots.shares]
    need = max((_fewest(rates[a:b], data) for a, b in slots.sessions), default=0) if users > 0 else 0
    least = data["minimum"][settings.project.level]
    basis = text(
        "windows.kiosk_basis",
        users=users, minutes=data["minutes"], share=data["share"], wait=data["wait_min"], need=need, least=least,
    )  # fmt: skip
    return Kiosks(max(need, least), users, basis)


def _fewest(rates: list[float], data: dict[str, float]) -> int:
    count = max(1, math.floor(max(rates) * data["minutes"] / MINUTES_PER_HOUR * 0.7))
    while True:
        day = transient(rates, data["minutes"], [count] * len(rates), wait_min=data["wait_min"], slot_minutes=SLOT_MIN)
        if all(r <= 0 or share >= data["share"] for r, share in zip(rates, day.share_within, strict=True)):
            return count
        count += 1
