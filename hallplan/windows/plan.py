"""Window types, their numbers by half-hour and the positions, from demand."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hallplan.model.demand import Assumption, Demand, Item
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR, clock
from hallplan.windows.changes import compare_windows
from hallplan.windows.joining import Joined, join_small
from hallplan.windows.kinds import window_kinds
from hallplan.windows.kiosks import size_kiosks
from hallplan.windows.limits import fit_seats, limit_warnings, limits_of
from hallplan.windows.overflow import with_overflow
from hallplan.windows.peaks import peak_warnings
from hallplan.windows.plates import make_windows
from hallplan.windows.sizing import Load, Sized, Target, size_type
from hallplan.windows.slots import SLOT_MIN, Slots, booked_share, half_hours
from hallplan.windows.streams import Grouping, Stream, group_items

HOURS_PER_SLOT = SLOT_MIN / MINUTES_PER_HOUR


def plan_windows(demand: Demand, settings: Settings) -> WindowPlan:
    """Returns the window types of a hall, how many exist and are open by half-hour, each position, and the kiosks.

    Raises DemandError when no item is admitted, or a volume, time or arrival figure is impossible.
    Source: domain.md 2 and 4; the queueing model of design.md 7.
    """
    slots = half_hours(demand.arrivals, settings)
    open_minutes = float(SLOT_MIN * len(slots.starts))
    grouping = group_items(demand, settings, open_minutes)
    streams, joined = _set_up(grouping, demand, settings, open_minutes)
    target = Target.of(settings)
    sized = [
        size_type(
            _load(stream, slots), slots, target,
            seed=1 + 10 * n + 1000 * settings.place.seed, is_flat=stream.kind.id == "complaint",
        )
        for n, stream in enumerate(streams)
    ]  # fmt: skip
    sized = fit_seats(streams, [_load(stream, slots) for stream in streams], sized, slots, settings)
    limits = limits_of(streams, sized, settings)
    types = tuple(_type(stream, size, joined, slots, settings) for stream, size in zip(streams, sized, strict=True))
    draft = WindowPlan(
        types, (), slots.starts, target.share, target.wait_min, 0.0, 0.0, 0.0, 0.0, 0, limits=limits,
        bookings=demand.arrivals.booked, booked_share=booked_share(demand.arrivals, slots.starts),
    )  # fmt: skip
    types = with_overflow(draft, settings) if settings.service.overflow else types
    windows = tuple(
        window
        for kind, stream in zip(types, streams, strict=True)
        for window in make_windows(kind, stream.kind.plate, stream.items, slots)
    )
    kiosks = size_kiosks(demand, slots, settings)
    bound = HOURS_PER_SLOT * sum(_bound(kind, size, types) for kind, size in zip(types, sized, strict=True))
    return WindowPlan(
        types=types,
        windows=windows,
        half_hours=slots.starts,
        target_share=target.share,
        target_wait_min=target.wait_min,
        window_hours=HOURS_PER_SLOT * sum(sum(kind.open) for kind in types),
        window_hours_bound=bound,
        visitors_per_day=demand.visitors_per_day + kiosks.users_per_day,
        kiosk_users_per_day=kiosks.users_per_day,
        kiosks=kiosks.count,
        kiosk_basis=kiosks.basis,
        changes=compare_windows(demand, types, windows),
        assumptions=(*demand.assumptions, *_assumptions(grouping, joined, streams, bound, settings)),
        warnings=(
            *slots.warnings,
            *_warnings(demand, streams, sized, slots, settings),
            *peak_warnings(types, slots, target),
            *limit_warnings(limits),
        ),
        limits=limits,
        bookings=draft.bookings,
        booked_share=draft.booked_share,
    )


def _bound(kind: WindowType, size: Sized, types: Sequence[WindowType]) -> float:
    """Slot-windows that a type takes at least; of one that shares windows with another no more is known than its work."""
    if kind.overflow or any(kind.id in other.overflow for other in types):
        return math.fsum(kind.arrivals) * kind.minutes / MINUTES_PER_HOUR
    return size.bound


def _set_up(
    grouping: Grouping, demand: Demand, settings: Settings, open_minutes: float
) -> tuple[list[Stream], tuple[Joined, ...]]:
    """The streams that get windows: those with visits or items, those that policy asks for, and unresolved matters."""
    data = read_data("windows.toml")["complaint"]
    kinds = window_kinds()
    streams = [stream for stream in grouping.streams if stream.kind.id != "pickup"]
    pickup = [stream for stream in grouping.streams if stream.kind.id == "pickup"]
    if not any(stream.kind.id == "one_matter" for stream in streams):
        streams.append(Stream(kinds["one_matter"]))
    complaint = Stream(kinds["complaint"])
    complaint.add(data["share_of_visitors"] * demand.visitors_per_day, data["minutes"], data["minutes"], 0.0)
    level = settings.project.level
    wanted, joined = join_small([*streams, *pickup], complaint, level, open_minutes)
    return [s for s in wanted if s.per_day > 0 or s.kind.policy_minimum(level) > 0 or _is_asked(s)], joined


def _is_asked(stream: Stream) -> bool:
    """A specialist window that the workbook asks for exists whatever its volume."""
    return stream.kind.zone == "window_special" and bool(stream.items)


def _load(stream: Stream, slots: Slots) -> Load:
    per_hour = tuple(stream.per_day * share / HOURS_PER_SLOT for share in slots.shares)
    return Load(per_hour, stream.minutes, stream.cv)


def _type(stream: Stream, size: Sized, joined: Sequence[Joined], slots: Slots, settings: Settings) -> WindowType:
    load = _load(stream, slots)
    policy = stream.kind.policy_minimum(settings.project.level)
    reserve = settings.service.reserve_windows
    n_windows = max(max(size.open), policy, 1) + reserve
    return WindowType(
        id=stream.kind.id,
        name=stream.kind.name,
        kind=stream.kind.zone.removeprefix("window_"),
        zone=stream.kind.zone,
        items=tuple(item.code for item in stream.items),
        arrivals=load.per_hour,
        minutes=load.minutes,
        cv=load.cv,
        windows=n_windows,
        open=size.open,
        mean_wait_min=size.mean_wait_min,
        share_within_target=size.share_within,
        p99_wait_min=size.p99_wait_min,
        utilisation=size.utilisation,
        waiting_p95=math.ceil(size.waiting_p95 * (1.0 + stream.companions_per_visit)),
        pitch_m=stream.kind.pitch_m,
        simulated=size.simulated,
        sub_type=stream.kind.sub_type,
        reviewers=_reviewers(stream, settings),
        low_units=math.ceil(n_windows / settings.service.windows_per_line),
        basis="".join(
            [_basis(size, load, policy, reserve), *(f"；{row.why}" for row in joined if row.host == stream.kind.id)]
        ),
        duties=tuple(stream.duties),
    )


def _reviewers(stream: Stream, settings: Settings) -> int:
    """Back-office seats that a day's 审批 minutes need."""
    minutes = float(read_data("windows.toml")["rules"]["staff_minutes_per_day"]) * settings.service.max_utilisation
    return math.ceil(stream.review_min / minutes - 1e-9)


def _basis(size: Sized, load: Load, policy: int, reserve: int) -> str:
    if not any(load.per_hour):
        return text("windows.basis_policy", policy=max(policy, 1))
    added = text("windows.basis_added", count=size.added) if size.added else ""
    return text(
        "windows.basis",
        open=max(size.open), policy=policy, reserve=reserve, cv=load.cv, factor=load.factor, added=added,
    )  # fmt: skip


def _assumptions(
    grouping: Grouping, joined: Sequence[Joined], streams: list[Stream], bound: float, settings: Settings
) -> tuple[Assumption, ...]:
    data = read_data("windows.toml")
    practice = text("windows.practice")
    rules, complaint = data["rules"], data["complaint"]
    minimum = "、".join(
        f"{s.kind.name} {s.kind.policy_minimum(settings.project.level)}"
        for s in streams
        if s.kind.policy_minimum(settings.project.level)
    )
    rows = [
        ("assume_pool", text("windows.assume_minutes_value", minutes=data["kiosk"]["minutes"])),
        (
            "assume_complaint",
            text("windows.assume_complaint_value", share=complaint["share_of_visitors"], minutes=complaint["minutes"]),
        ),
        ("assume_spread", f"{rules['repeat_cv']:g}"),
        ("assume_pickup", text("windows.assume_pickup_value")),
        ("assume_lunch", text("windows.assume_lunch_value")),
        (
            "assume_review",
            text(
                "windows.assume_review_value",
                minutes=rules["staff_minutes_per_day"],
                busy=settings.service.max_utilisation,
            ),
        ),
        ("assume_minimum", minimum),
    ]
    entries = [Assumption(text(f"windows.{key}"), value, practice) for key, value in rows]
    shown = Assumption(
        text("windows.assume_bound"), text("windows.assume_bound_value", hours=bound), text("windows.bound_basis")
    )
    return (*entries, *_merged(grouping, joined), shown)


def _merged(grouping: Grouping, joined: Sequence[Joined]) -> list[Assumption]:
    """What has no window of its own, and why."""
    what, basis = text("windows.merge_what"), text("windows.merge_basis")
    merged = [
        Assumption(what, text("windows.merged", name=_kind_name(home), load=load), basis)
        for home, load in grouping.merged
    ]
    return merged + [Assumption(text("windows.joined_what"), row.why, text("windows.joined_basis")) for row in joined]


def _kind_name(home: str) -> str:
    kind = window_kinds().get(home)
    return kind.name if kind else text("windows.other_name", name=home)


def _warnings(demand: Demand, streams: list[Stream], sized: list[Sized], slots: Slots, settings: Settings) -> list[str]:
    limit = float(read_data("windows.toml")["rules"]["long_case_min"])
    used = [item for item in demand.admitted if item.counter_cases > 0]
    zero = [item.name for item in used if item.minutes.accept == 0]
    long = [item.name for item in used if item.minutes.accept > limit]
    warnings = []
    if demand.visitors_per_day <= 0:
        warnings.append(text("windows.zero_volume"))
    if zero:
        warnings.append(text("windows.zero_minutes", count=len(zero), names=_some(zero)))
    if long:
        warnings.append(text("windows.long_minutes", count=len(long), limit=limit, names=_some(long)))
    warnings += _unmarked(used, settings)
    for stream, size in zip(streams, sized, strict=True):
        warnings += [
            text(
                "windows.simulated_misses",
                name=stream.kind.name, clock=clock(slots.starts[k]), wait=settings.service.wait_min, share=share,
            )
            for k, share in size.late_slots
        ]  # fmt: skip
    return warnings


def _unmarked(items: Sequence[Item], settings: Settings) -> list[str]:
    """Items that usually have specialist windows, in a workbook that marks none of their kind."""
    rules, found = read_data("windows.toml")["unmarked"], []
    if settings.service.service_mode != "综窗" or settings.project.level not in rules["levels"]:
        return []
    for id in rules["kinds"]:
        kind = window_kinds()[id]
        like = [
            item for item in items if any(word in f"{item.department}{item.theme}{item.name}" for word in kind.words)
        ]
        if like and not any(item.special for item in like):
            names = _some([item.name for item in like], most=3)
            found.append(text("windows.unmarked", count=len(like), names=names, kind=kind.name))
    return found


def _some(names: list[str], most: int = 5) -> str:
    return "、".join(names[:most]) + ("……" if len(names) > most else "")
