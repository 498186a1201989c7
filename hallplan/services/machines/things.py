"""Queue machines, desks, printers, screens, lockers and facilities: counts by queueing with faults or by what drives them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hallplan.model.access import accessible_bays
from hallplan.model.demand import Demand
from hallplan.model.service_inputs import Machine
from hallplan.model.services import Need
from hallplan.model.windows import WindowPlan
from hallplan.queueing.unreliable import fewest_machines
from hallplan.settings import Settings
from hallplan.terms import clause_text, in_turn, language, read_data, text
from hallplan.units import MINUTES_PER_HOUR


def drivers(demand: Demand, windows: WindowPlan, kiosks: int, kiosk_kinds: int, floors: int) -> dict[str, float]:
    """Returns the counts that things are sized from: people a day, at the peak hour, waiting; windows; kiosks."""
    slots = [sum(slot) for slot in zip(*(kind.arrivals for kind in windows.types), strict=True)] or [0.0]
    at_window = sum(slots) * demand.arrivals.slot_min / MINUTES_PER_HOUR
    everyone = max(windows.visitors_per_day, at_window)
    lockers = sum(item.counter_cases for item in demand.admitted if "柜" in item.collect)
    step = min((b - a for a, b in zip(windows.half_hours, windows.half_hours[1:], strict=False)), default=30)
    pickups = [k for k in windows.types if k.zone == "pickup"]
    collected = sum(sum(k.arrivals) for k in pickups) * step / MINUTES_PER_HOUR
    return {
        "visitors": everyone,
        "peak_hour": max(slots) * (everyone / at_window if at_window else 1.0),
        "waiting": float(sum(kind.waiting_p95 for kind in windows.types)),
        "windows": float(windows.windows_total),
        "low_units": float(sum(kind.low_units for kind in windows.types)),
        "pickups": collected + lockers / demand.working_days,
        "kiosks": float(kiosks),
        "kiosk_kinds": float(kiosk_kinds),
        "floors": float(floors),
        "one": 1.0,
    }


def size_things(known: Mapping[str, float], machines: Sequence[Machine], settings: Settings) -> tuple[Need, ...]:
    """Returns the other machines of data/equipment.toml for these drivers."""
    level = settings.project.level
    entries = read_data("equipment.toml")["things"].items()
    return tuple(_need(id, e, known, machines) for id, e in entries if level in e.get("levels", (level,)))


def size_facilities(known: Mapping[str, float], machines: Sequence[Machine], spaces: int | None) -> tuple[Need, ...]:
    """Returns accessible, public and convenience facilities, each with the clause that asks for it.

    spaces: parking bays of the hall, None where nobody says.
    """
    entries = read_data("equipment.toml")["facilities"].items()
    return tuple(
        _bays(id, entry, spaces, machines) if entry["driver"] == "parking" else _need(id, entry, known, machines)
        for id, entry in entries
    )


def _bays(id: str, entry: Mapping[str, Any], spaces: int | None, machines: Sequence[Machine]) -> Need:
    """Accessible parking: by the number of bays, one at least while that is not known."""
    key = "bays_unknown" if spaces is None else "bays" if spaces else "bays_none"
    basis = text(f"services.{key}", spaces=spaces or 0)
    need = 1 if spaces is None else accessible_bays(spaces)
    have = count_known(machines, entry["words"])
    return Need(
        type=id, name=entry[language()], need=need, have=have, basis=in_turn((clause_text(entry["clause"]), basis)), zone=entry["zone"]
    )  # fmt: skip


def count_known(machines: Sequence[Machine], words: Sequence[str]) -> int:
    """Returns how many of today's machines are of a kind that one of the words names."""
    return sum(any(word in machine.kind for word in words) for machine in machines)


def _need(id: str, entry: Mapping[str, Any], known: Mapping[str, float], machines: Sequence[Machine]) -> Need:
    count, basis, wait, share = _by_queue(entry, known) if "queue" in entry else _by_driver(entry, known)
    return Need(
        type=id,
        name=entry[language()],
        need=count,
        have=count_known(machines, entry["words"]),
        basis=in_turn(part for part in (clause_text(entry.get("clause", "")), basis) if part),
        zone=entry["zone"],
        furniture=entry.get("furniture", ""),
        low=min(1, count) if entry.get("low") else 0,
        wait_min=wait,
        share_within=share,
        price=float(entry.get("price", 0.0)),
        area_m2=float(entry.get("m2", 0.0)),
    )


def _by_driver(entry: Mapping[str, Any], known: Mapping[str, float]) -> tuple[int, str, float, float]:
    value = known[entry["driver"]]
    round_off = math.floor if entry.get("whole") else math.ceil
    count = min(entry.get("most", 999), max(entry["least"], round_off(value / entry["every"] - 1e-9)))
    if entry["every"] == 1:
        words = text("services.by_each", driver=text(f"services.driver_{entry['driver']}"), value=f"{value:.0f}")
        return int(count), words, 0.0, 1.0
    words = text(
        "services.by_driver", driver=text(f"services.driver_{entry['driver']}"), value=f"{value:.0f}",
        every=f"{entry['every']:g}",
    )  # fmt: skip
    return int(count), words, 0.0, 1.0


def _by_queue(entry: Mapping[str, Any], known: Mapping[str, float]) -> tuple[int, str, float, float]:
    ask = entry["queue"]
    rate = known["peak_hour"] * ask["share"]
    queue = fewest_machines(
        rate, ask["minutes"], share=ask["share_within"], wait_min=ask["wait_min"],
        faults_per_hour=ask["faults_per_hour"], repair_min=ask["repair_min"],
    )  # fmt: skip
    if queue is None or rate <= 0:
        return int(rate > 0), text("services.by_queue_none"), 0.0, 1.0
    places = entry.get("places", 1)
    wait, share = round(queue.mean_wait_min, 3), round(queue.share_within(ask["wait_min"]), 4)
    words = text(
        "services.by_queue", rate=f"{rate:.0f}", minutes=f"{ask['minutes']:g}", share=f"{share:.1%}",
        wait=f"{ask['wait_min']:g}", alive=f"{queue.availability:.1%}", places=queue.machines,
    )  # fmt: skip
    return math.ceil(queue.machines / places), words, wait, share
