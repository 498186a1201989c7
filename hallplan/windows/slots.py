"""The day in half-hours: sessions between gaps, and the share of visitors who come in each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hallplan.errors import DemandError
from hallplan.model.demand import ArrivalProfile
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.units import clock

SLOT_MIN = 30


@dataclass(frozen=True, slots=True)
class Slots:
    """Half-hours of the day: starts (minutes after midnight), shares of visitors (sum 1), sessions as index ranges."""

    starts: tuple[int, ...]
    shares: tuple[float, ...]
    sessions: tuple[tuple[int, int], ...]
    warnings: tuple[str, ...] = ()

    def hours(self, is_open: tuple[bool, ...]) -> tuple[tuple[int, int], ...]:
        """Returns the spans of time in which `is_open` holds, neighbours joined."""
        spans: list[tuple[int, int]] = []
        for start, flag in zip(self.starts, is_open, strict=True):
            if flag and spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], start + SLOT_MIN)
            elif flag:
                spans.append((start, start + SLOT_MIN))
        return tuple(spans)


def half_hours(profile: ArrivalProfile, settings: Settings) -> Slots:
    """Returns the profile in half-hours of its own sessions; raises DemandError when its slots or shares are impossible."""
    _check(profile)
    total = math.fsum(profile.shares)
    warnings = [] if abs(total - 1.0) < 0.005 else [text("windows.shares_sum", total=total)]
    starts: list[int] = []
    shares: list[float] = []
    sessions: list[tuple[int, int]] = []
    for begin, end in _sessions(profile):
        first = len(starts)
        for start in range(begin, end, SLOT_MIN):
            starts.append(start)
            shares.append(_came(profile, start, start + SLOT_MIN) / total)
        sessions.append((first, len(starts)))
    slots = Slots(tuple(starts), tuple(shares), tuple(sessions))
    warnings += _outside(slots, settings.service.open)
    return Slots(slots.starts, slots.shares, slots.sessions, tuple(warnings))


def booked_share(profile: ArrivalProfile, starts: Sequence[int]) -> tuple[float, ...]:
    """Returns the share of those who come in each half-hour that have an appointment; empty where nobody has."""
    if profile.booked is None:
        return ()
    rows = tuple(zip(profile.starts, profile.shares, profile.booked.came, strict=True))
    return tuple(
        next((came / share for at, share, came in reversed(rows) if at <= start and share > 0), 0.0) for start in starts
    )


def _check(profile: ArrivalProfile) -> None:
    gaps = [b - a for a, b in zip(profile.starts, profile.starts[1:], strict=False)]
    is_good = (
        0 < len(profile.starts) == len(profile.shares)
        and profile.slot_min > 0
        and all(gap >= profile.slot_min for gap in gaps)
        and all(math.isfinite(share) and share >= 0 for share in profile.shares)
        and math.fsum(profile.shares) > 0
        and math.isfinite(profile.peak_day)
        and profile.peak_day > 0
    )
    if not is_good:
        shown = ", ".join(
            f"{clock(start)} {share:g}" for start, share in zip(profile.starts, profile.shares, strict=False)
        )
        raise DemandError.at(
            text("windows.profile"),
            text("windows.bad_profile", found=shown or "–"),
            text("windows.profile_expected"),
            text("windows.profile_remedy"),
        )


def _sessions(profile: ArrivalProfile) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start in profile.starts:
        end = start + profile.slot_min
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _came(profile: ArrivalProfile, start: int, end: int) -> float:
    """Share of arrivals between two times, even within each of the profile's slots."""
    parts = (
        share * max(0, min(end, begin + profile.slot_min) - max(start, begin)) / profile.slot_min
        for begin, share in zip(profile.starts, profile.shares, strict=True)
    )
    return math.fsum(parts)


def _outside(slots: Slots, hours: str) -> list[str]:
    spans = _spans(hours)
    outside = [
        k
        for k, start in enumerate(slots.starts)
        if slots.shares[k] > 0 and not any(a <= start and start + SLOT_MIN <= b for a, b in spans)
    ]
    if not spans or not outside:
        return []
    share = math.fsum(slots.shares[k] for k in outside)
    shown = ", ".join(clock(slots.starts[k]) for k in outside)
    return [text("windows.outside_hours", share=share, hours=hours, slots=shown)]


def _spans(hours: str) -> list[tuple[int, int]]:
    """Spans of "09:00-12:00,13:00-17:00"; none when it is written otherwise (the readers judge it)."""
    spans = []
    for part in hours.replace("，", ",").replace("；", ",").replace(";", ",").replace("：", ":").split(","):
        ends = [_minutes(value) for value in part.replace("–", "-").replace("—", "-").replace("~", "-").split("-")]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            spans.append((ends[0], ends[1]))
    return spans


def _minutes(value: str) -> int | None:
    hour, _, minute = value.strip().partition(":")
    return int(hour) * 60 + int(minute or 0) if hour.isdigit() and (minute or "0").isdigit() else None
