"""Small halls: queues too small for a window of their own are handled at others' (集约化)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hallplan.terms import read_data, text
from hallplan.windows.kinds import WindowKind, window_kinds
from hallplan.windows.streams import Stream


@dataclass(frozen=True, slots=True)
class Joined:
    """A kind of window that has no counters of its own, the id of that which does its work, and why, in a sentence."""

    name: str
    host: str
    why: str


def join_small(
    streams: Sequence[Stream], complaint: Stream, level: str, open_minutes: float
) -> tuple[list[Stream], tuple[Joined, ...]]:
    """Returns the streams that have windows of their own, general first, and those that others take over.

    streams: of the items, with pickup.  open_minutes: of a day, which one window has.
    """
    rules = read_data("windows.toml")["rules"]
    limit = float(rules["own_below_windows"]) * open_minutes
    general = next(stream for stream in streams if stream.kind.id == "general")
    kept, joined = _share_special([s for s in streams if s.kind.id != "pickup"], limit, open_minutes)
    if any(item.one_matter for item in general.items) and level not in rules["one_matter_levels"]:
        general.duties.append("one_matter")
        joined.append(_below_level("one_matter"))
    for pickup in (stream for stream in streams if stream.kind.id == "pickup"):
        if 0 < pickup.load_min < limit:
            general.take(pickup)
            general.duties.append("pickup")
            values = {"name": pickup.kind.name, "load": pickup.load_min / open_minutes, "host": general.kind.name}
            joined.append(Joined(pickup.kind.name, "general", text("windows.joined_small", **values)))
        else:
            kept.append(pickup)
    if level in rules["complaint_levels"]:
        return [*kept, complaint], tuple(joined)
    general.take(complaint)
    general.duties.append("complaint")
    return kept, (*joined, _below_level("complaint"))


def _below_level(kind_id: str) -> Joined:
    kinds = window_kinds()
    name, host = kinds[kind_id].name, kinds["general"].name
    return Joined(name, "general", text("windows.joined_level", name=name, host=host))


def _share_special(streams: Sequence[Stream], limit: float, open_minutes: float) -> tuple[list[Stream], list[Joined]]:
    """Tiny specialist queues, the smallest first, share the counters of a related kind that is there."""
    kept: list[Stream] = list(streams)
    joined: list[Joined] = []
    while True:
        pairs = [(s, host) for s in kept if _is_tiny(s, limit) for host in [_host(s, kept)] if host is not None]
        if not pairs:
            return kept, joined
        guest, host = min(pairs, key=lambda pair: (pair[0].load_min, pair[0].kind.id))
        values: dict[str, Any] = {"name": guest.kind.name, "load": guest.load_min / open_minutes}
        joined.append(
            Joined(guest.kind.name, host.kind.id, text("windows.joined_shared", **values, host=host.kind.name))
        )
        host.kind = _shared_kind(host.kind, guest.kind)
        host.take(guest)
        host.items.extend(guest.items)
        kept.remove(guest)


def _is_tiny(stream: Stream, limit: float) -> bool:
    return bool(stream.kind.related) and stream.load_min < limit


def _host(stream: Stream, streams: Sequence[Stream]) -> Stream | None:
    there = {other.kind.id: other for other in streams if other is not stream}
    return next((there[name] for name in stream.kind.related if name in there), None)


def _shared_kind(host: WindowKind, guest: WindowKind) -> WindowKind:
    values = {"host_type": host.sub_type, "guest_type": guest.sub_type, "host": host.name, "guest": guest.name}
    name = text("windows.shared_name", **values)
    sub_type = f"{host.sub_type}、{guest.sub_type}"
    return replace(host, zh=name, en=name, sub_type=sub_type, pitch_m=max(host.pitch_m, guest.pitch_m))
