"""Appointments: their share, slot grid and quotas, and what they make of the arrivals of a day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hallplan.model.demand import ArrivalProfile, Bookings
from hallplan.settings import Settings
from hallplan.terms import read_data

HALVINGS = 60


@dataclass(frozen=True, slots=True)
class AppointmentRules:
    """How appointments are given out and kept.

    share: of visitors who book.  slot_min: minutes between the times offered.  no_show: share of those booked who do not
    come.  early_min, spread_min: how long before their time the others come, mean and standard deviation.
    fills: quotas go to the times at which fewest come without; otherwise every time has the same.
    """

    share: float
    slot_min: int = 30
    no_show: float = 0.0
    early_min: float = 0.0
    spread_min: float = 0.0
    fills: bool = False

    @classmethod
    def of(cls, settings: Settings, share: float | None = None, slot_min: int | None = None) -> AppointmentRules:
        """Returns the rules of the settings, with another share or slot grid where given."""
        wish, data = settings.services, read_data("windows.toml")["appointment"]
        return cls(
            wish.appointment_share if share is None else share, slot_min or wish.appointment_slot_min,
            wish.appointment_no_show, float(data["early_min"]), float(data["spread_min"]), wish.appointment_fill,
        )  # fmt: skip


def with_bookings(profile: ArrivalProfile, rules: AppointmentRules) -> ArrivalProfile:
    """Returns the profile when some visitors book: those who come without keep its shape, the others come about their times.

    The planning day is smaller by those who do not come.  Shares sum to 1.  Earlier appointments of the profile are replaced.
    """
    profile = _without(profile)
    total = math.fsum(profile.shares)
    if not profile.starts or total <= 0 or rules.share <= 0:
        return profile
    walk = [(1.0 - rules.share) * value / total for value in profile.shares]
    times, lengths = _grid(profile, rules.slot_min)
    parts = _quotas(profile, walk, times, lengths, rules)
    came = [(1.0 - rules.no_show) * rules.share * value for value in _spread(profile, times, parts, rules)]
    everyone = math.fsum(walk) + math.fsum(came)
    bookings = Bookings(
        rules.share, rules.slot_min, rules.no_show, rules.early_min, rules.spread_min, tuple(times), tuple(parts),
        tuple(round(value / everyone, 9) for value in came),
    )  # fmt: skip
    shares = tuple(round((w + b) / everyone, 9) for w, b in zip(walk, came, strict=True))
    return replace(profile, shares=shares, peak_day=profile.peak_day * everyone, booked=bookings)


def _without(profile: ArrivalProfile) -> ArrivalProfile:
    """The profile as it would be if nobody booked."""
    booked = profile.booked
    if booked is None or booked.share >= 1.0:
        return profile
    walk = [max(share - came, 0.0) for share, came in zip(profile.shares, booked.came, strict=True)]
    total = math.fsum(walk)
    peak = profile.peak_day / (1.0 - booked.share * booked.no_show)
    return replace(profile, shares=tuple(value / total for value in walk), peak_day=peak, booked=None)


def _grid(profile: ArrivalProfile, step: int) -> tuple[list[int], list[float]]:
    """Times offered, from each session's start, and the minutes each stands for."""
    times: list[int] = []
    lengths: list[float] = []
    begin = profile.starts[0]
    for k, start in enumerate(profile.starts):
        end = start + profile.slot_min
        if k + 1 == len(profile.starts) or profile.starts[k + 1] != end:
            for at in range(begin, end, step):
                times.append(at)
                lengths.append(float(min(step, end - at)))
            begin = profile.starts[min(k + 1, len(profile.starts) - 1)]
    return times, lengths


def _quotas(
    profile: ArrivalProfile,
    walk: Sequence[float],
    times: Sequence[int],
    lengths: Sequence[float],
    rules: AppointmentRules,
) -> list[float]:
    """Share of all bookings at each time, in whole parts of 1e-9."""
    whole = math.fsum(lengths)
    if not rules.fills:
        return [round(length / whole, 9) for length in lengths]
    there = [
        math.fsum(
            part * max(0.0, min(start + profile.slot_min, at + length) - max(start, at)) / profile.slot_min
            for start, part in zip(profile.starts, walk, strict=True)
        )
        for at, length in zip(times, lengths, strict=True)
    ]
    low, high = 0.0, 2.0 * (rules.share + max(a / b for a, b in zip(there, lengths, strict=True)))
    for _ in range(HALVINGS):
        level = (low + high) / 2.0
        filled = math.fsum(max(level * length - part, 0.0) for length, part in zip(lengths, there, strict=True))
        low, high = (level, high) if filled < rules.share else (low, level)
    rows = [max(low * length - part, 0.0) for length, part in zip(lengths, there, strict=True)]
    return [round(row / math.fsum(rows), 9) for row in rows]


def _spread(
    profile: ArrivalProfile, times: Sequence[int], parts: Sequence[float], rules: AppointmentRules
) -> list[float]:
    """Share of those booked who come in each slot; who comes while the hall is shut waits for the next slot."""
    ends = [start + profile.slot_min for start in profile.starts]

    def before(at: float, time: int) -> float:
        if rules.spread_min <= 0:
            return float(time - rules.early_min < at)
        return 0.5 * math.erfc((time - rules.early_min - at) / rules.spread_min / math.sqrt(2.0))

    shares = []
    for k, end in enumerate(ends):
        low = -math.inf if k == 0 else float(ends[k - 1])
        high = math.inf if k == len(ends) - 1 else float(end)
        shares.append(
            math.fsum(
                part
                * ((1.0 if high == math.inf else before(high, time)) - (0.0 if low == -math.inf else before(low, time)))
                for time, part in zip(times, parts, strict=True)
            )
        )
    return shares
